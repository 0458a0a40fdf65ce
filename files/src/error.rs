//! Why what was asked for a file could not be done.

use std::io;
use std::path::{Path, PathBuf};

use ledger::Language;
use store::{StoreError, WriteError};

use crate::trouble;

/// Why what was asked for a file could not be done.
#[derive(Debug)]
pub enum FileError {
    /// A file of that name is there already.
    IsTaken(PathBuf),
    /// The folder of a file that is to be written is not there.
    NoFolder(PathBuf),
    /// What is wrong with a file, said in both languages where it arose.
    About {
        /// The file.
        path: PathBuf,
        /// A clause to put after its name, in French.
        french: String,
        /// The same in English.
        english: String,
    },
    /// Said in both languages where it arose.
    Said {
        /// In French.
        french: String,
        /// In English.
        english: String,
    },
    /// The database.
    Store(StoreError),
    /// The writer; where a rule was in the way, [`FileError::Said`] has the names.
    Write(WriteError),
    /// Where something is written to, or read from, that has no name here.
    System(io::Error),
}

impl FileError {
    /// What is wrong with a file, a clause that follows its name.
    pub fn about(path: &Path, words: impl Fn(Language) -> String) -> Self {
        Self::About { path: path.to_owned(), french: words(Language::French), english: words(Language::English) }
    }

    /// Something said in both languages.
    pub fn said(french: impl Into<String>, english: impl Into<String>) -> Self {
        Self::Said { french: french.into(), english: english.into() }
    }

    /// What the system says of a file.
    pub fn system(path: &Path, error: &io::Error) -> Self {
        Self::about(path, |language| trouble::in_words(error, language))
    }

    /// The error in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::IsTaken(path) => {
                let name = path.display();
                language.pick(
                    format!("« {name} » existe déjà ; choisissez un autre nom"),
                    format!("“{name}” exists already; choose another name"),
                )
            }
            Self::NoFolder(folder) => {
                let folder = folder.display();
                language.pick(
                    format!("pas de dossier « {folder} » ; créez-le, ou choisissez-en un autre"),
                    format!("no folder “{folder}”; make it, or choose another one"),
                )
            }
            Self::About { path, french, english } => {
                let name = path.display();
                language.pick(format!("{name} : {french}"), format!("{name}: {english}"))
            }
            Self::Said { french, english } => language.pick(french, english).clone(),
            Self::Store(error) => error.in_words(language),
            Self::Write(error) => error.in_words(language, &|number| number.to_string()),
            Self::System(error) => {
                let why = trouble::in_words(error, language);
                language.pick(format!("fichier : {why}"), format!("file: {why}"))
            }
        }
    }
}

impl From<StoreError> for FileError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<WriteError> for FileError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}
