//! Why what was asked for a file could not be done.

use std::io;
use std::path::{Path, PathBuf};

use ledger::{Language, Rejection, keyring::KeyringError, lines::LinesError, trouble};
use store::{SealError, StoreError, WriteError};

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
    /// More hours than a number holds.
    TooManyHours,
    /// What the ledger's rules refuse.
    Rejected {
        /// Which rule.
        rejection: Rejection,
        /// What it says, with the names of whom it is about, in French.
        french: String,
        /// The same in English.
        english: String,
    },
    /// A file of an association's lines that cannot be read.
    Lines {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: LinesError,
    },
    /// The database.
    Store(StoreError),
    /// The writer; where a rule was in the way, [`FileError::Rejected`] has the names.
    Write(WriteError),
    /// A head of the log that was not signed.
    Seal(SealError),
    /// A key that cannot be used.
    Keyring(KeyringError),
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

    /// Something that knows both languages.
    pub fn in_both(words: impl Fn(Language) -> String) -> Self {
        Self::said(words(Language::French), words(Language::English))
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
            Self::TooManyHours => language
                .pick("ces heures dépassent ce qu'un nombre peut contenir", "these hours are more than a number holds")
                .to_owned(),
            Self::Said { french, english } | Self::Rejected { french, english, .. } => {
                language.pick(french, english).clone()
            }
            Self::Lines { path, error } => {
                let (name, why) = (path.display(), error.in_words(language));
                language.pick(format!("{name} : {why}"), format!("{name}: {why}"))
            }
            Self::Store(error) => error.in_words(language),
            Self::Seal(error) => error.in_words(language),
            Self::Keyring(error) => error.in_words(language),
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

impl From<SealError> for FileError {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

impl From<KeyringError> for FileError {
    fn from(error: KeyringError) -> Self {
        Self::Keyring(error)
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}
