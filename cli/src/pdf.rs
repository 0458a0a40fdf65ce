//! Documents to read, beside the ones that are signed. Only here the typesetter is used.

use std::path::PathBuf;

use ledger::Language;

use crate::failure::Failure;

/// Prints statements beside their signed documents, on every core.
#[cfg(feature = "pdf")]
pub(crate) fn statements(files: &[(PathBuf, &[u8])], language: Language) -> Result<(), Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(cores).max(1);
    let print = |files: &[(PathBuf, &[u8])]| {
        files.iter().try_for_each(|(path, bytes)| {
            let pdf = print::statement(bytes, language).map_err(|error| unprintable(&error))?;
            Ok(files::out::write(&path.with_extension("pdf"), &pdf)?)
        })
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = files.chunks(share).map(|files| scope.spawn(|| print(files))).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(printed) => printed,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

#[cfg(feature = "pdf")]
fn unprintable(error: &print::PrintError) -> Failure {
    Failure::said(format!("mise en page impossible : {error}"), format!("cannot be set: {error}"))
}

#[cfg(not(feature = "pdf"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature this can fail")]
pub(crate) fn statements(_files: &[(PathBuf, &[u8])], _language: Language) -> Result<(), Failure> {
    Ok(())
}

/// Prints a passport.
#[cfg(feature = "pdf")]
pub(crate) fn passport(path: &std::path::Path, bytes: &[u8], language: Language) -> Result<(), Failure> {
    let pdf = print::passport(bytes, language).map_err(|error| unprintable(&error))?;
    Ok(files::out::write(path, &pdf)?)
}

#[cfg(not(feature = "pdf"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature this can fail")]
pub(crate) fn passport(_path: &std::path::Path, _bytes: &[u8], _language: Language) -> Result<(), Failure> {
    Ok(())
}

/// Prints the network's year.
#[cfg(feature = "pdf")]
pub(crate) fn network_report(path: &std::path::Path, bytes: &[u8], language: Language) -> Result<(), Failure> {
    let pdf = print::network_report(bytes, language).map_err(|error| unprintable(&error))?;
    Ok(files::out::write(path, &pdf)?)
}

#[cfg(not(feature = "pdf"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature this can fail")]
pub(crate) fn network_report(_path: &std::path::Path, _bytes: &[u8], _language: Language) -> Result<(), Failure> {
    Ok(())
}
