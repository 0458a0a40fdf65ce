//! Files that people get, and what is said when one cannot be read or written.

use std::fs;
use std::path::Path;

use ledger::Language;

use crate::failure::Failure;

/// Writes beside the file first, so that a name never holds half a document. An older file is replaced.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".part");
    let written = fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, path));
    written.map_err(|error| {
        // What is half written helps nobody; the first error is the one to report.
        let _ = fs::remove_file(&aside);
        about(path, |_| error.to_string())
    })
}

/// What is wrong with a file, its name first.
pub(crate) fn about(path: &Path, words: impl Fn(Language) -> String) -> Failure {
    let name = path.display();
    Failure::said(format!("{name} : {}", words(Language::French)), format!("{name}: {}", words(Language::English)))
}
