//! Documents to read, beside the ones that are signed. Only here the typesetter is used.

use std::path::PathBuf;

use ledger::{Language, verify::Reprint};

#[cfg(feature = "pdf")]
use crate::failure::Failure;

/// What became of documents to read.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Which could not be made, and why.
    failed: Vec<(PathBuf, String)>,
    /// In which a mark stands in the place of characters that cannot be printed.
    marked: Vec<(PathBuf, String)>,
}

impl Outcome {
    /// Adds what became of others.
    pub(crate) fn add(&mut self, other: Self) {
        self.failed.extend(other.failed);
        self.marked.extend(other.marked);
    }

    /// Names what is not as it should be; tells whether all were made.
    pub(crate) fn say(&self, language: Language) -> bool {
        for (path, letters) in &self.marked {
            let path = path.display();
            warn_line!(
                "{}",
                language.pick(
                    format!("{path} : □ y remplace ce qui ne s'imprime pas ({letters}) ; le document signé est entier"),
                    format!(
                        "{path}: □ stands there for what cannot be printed ({letters}); the signed document is whole"
                    ),
                )
            );
        }
        for (path, why) in &self.failed {
            warn_line!("{}{} {why}", path.display(), language.pick(" :", ":"));
        }
        if !self.failed.is_empty() {
            warn_line!(
                "{}",
                language.pick(
                    "Les documents signés sont tous là. La même commande, relancée, ne fait que ce qui manque.",
                    "The signed documents are all there. The same command, run again, makes only what is missing.",
                )
            );
        }
        self.failed.is_empty()
    }
}

/// Prints statements beside their signed documents, on every core. One that cannot be printed does not hold up the others.
#[cfg(feature = "pdf")]
pub(crate) fn statements(files: &[(PathBuf, &[u8])], language: Language) -> Outcome {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(cores).max(1);
    let print = |files: &[(PathBuf, &[u8])]| {
        let mut outcome = Outcome::default();
        for (path, bytes) in files {
            outcome.note(path.with_extension("pdf"), print::statement(bytes, language), language);
        }
        outcome
    };
    let mut outcome = Outcome::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = files.chunks(share).map(|files| scope.spawn(|| print(files))).collect();
        for thread in threads {
            outcome.add(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    outcome
}

#[cfg(feature = "pdf")]
impl Outcome {
    /// Writes what was printed, and notes what became of it.
    fn note(&mut self, path: PathBuf, printed: Result<print::Printed, print::PrintError>, language: Language) {
        let written = printed.map_err(|error| unprintable(&error)).and_then(|printed| {
            files::out::write(&path, &printed.pdf)?;
            Ok(printed.replaced)
        });
        match written {
            Ok(replaced) if replaced.is_empty() => {}
            Ok(replaced) => {
                let letters: Vec<_> = replaced.iter().map(|letter| format!("U+{:04X}", u32::from(*letter))).collect();
                self.marked.push((path, letters.join(" ")));
            }
            Err(failure) => self.failed.push((path, failure.in_words(language))),
        }
    }
}

#[cfg(feature = "pdf")]
fn unprintable(error: &print::PrintError) -> Failure {
    Failure::said(format!("mise en page impossible : {error}"), format!("cannot be set: {error}"))
}

/// Prints a passport.
#[cfg(feature = "pdf")]
pub(crate) fn passport(path: PathBuf, bytes: &[u8], language: Language) -> Outcome {
    let mut outcome = Outcome::default();
    outcome.note(path, print::passport(bytes, language), language);
    outcome
}

/// Prints the network's year.
#[cfg(feature = "pdf")]
pub(crate) fn network_report(path: PathBuf, bytes: &[u8], language: Language) -> Outcome {
    let mut outcome = Outcome::default();
    outcome.note(path, print::network_report(bytes, language), language);
    outcome
}

/// Prints a signed document again, in each language, and holds a PDF against that.
#[cfg(feature = "pdf")]
pub(crate) fn reprints(signed: &[u8], pdf: &[u8]) -> Reprint {
    let prints = |language| {
        let printed = print::passport(signed, language).or_else(|_| print::statement(signed, language));
        printed.or_else(|_| print::network_report(signed, language)).is_ok_and(|printed| printed.pdf == pdf)
    };
    if [Language::French, Language::English].into_iter().any(prints) { Reprint::Same } else { Reprint::Another }
}

#[cfg(not(feature = "pdf"))]
pub(crate) fn reprints(_signed: &[u8], _pdf: &[u8]) -> Reprint {
    Reprint::NotTried
}

#[cfg(not(feature = "pdf"))]
pub(crate) fn statements(_files: &[(PathBuf, &[u8])], _language: Language) -> Outcome {
    Outcome::default()
}

#[cfg(not(feature = "pdf"))]
pub(crate) fn passport(_path: PathBuf, _bytes: &[u8], _language: Language) -> Outcome {
    Outcome::default()
}

#[cfg(not(feature = "pdf"))]
pub(crate) fn network_report(_path: PathBuf, _bytes: &[u8], _language: Language) -> Outcome {
    Outcome::default()
}
