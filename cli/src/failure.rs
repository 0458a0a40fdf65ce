//! Why a verb could not run.

use files::error::FileError;
use ledger::{Language, keyring::KeyringError, trouble};
use store::{SealError, StoreError, WriteError};

use crate::remedy;

/// Why a verb could not run: exit code 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Said in both languages where it arose.
    Said { french: String, english: String },
    /// The database.
    Store(StoreError),
    /// The writer; names are not known here.
    Write(WriteError),
    /// A file or the terminal.
    File(std::io::Error),
    /// All was said already; what is left is this exit code.
    Ended(u8),
}

impl Failure {
    /// A failure said in both languages.
    pub(crate) fn said(french: impl Into<String>, english: impl Into<String>) -> Self {
        Self::Said { french: french.into(), english: english.into() }
    }

    /// What the system says of a file.
    pub(crate) fn of_file(name: impl std::fmt::Display, error: &std::io::Error) -> Self {
        let why = |language| trouble::in_words(error, language);
        Self::said(format!("« {name} » : {}", why(Language::French)), format!("“{name}”: {}", why(Language::English)))
    }

    /// The failure in a sentence.
    pub(crate) fn in_words(&self, language: Language) -> String {
        match self {
            Self::Said { french, english } => language.pick(french, english).clone(),
            Self::Store(error) => remedy::of_store(error, language),
            Self::Write(error) => remedy::of_write(error, language, &|number| number.to_string()),
            Self::Ended(_) => String::new(),
            Self::File(error) => {
                let why = trouble::in_words(error, language);
                language.pick(format!("fichier : {why}"), format!("file: {why}"))
            }
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Store(error) => Self::Store(error),
            FileError::Write(error) => Self::Write(error),
            FileError::System(error) => Self::File(error),
            FileError::Seal(error) => error.into(),
            FileError::Keyring(error) => error.into(),
            FileError::Rejected { rejection, french, english } => Self::said(
                french + &remedy::for_rejection(&rejection, Language::French),
                english + &remedy::for_rejection(&rejection, Language::English),
            ),
            FileError::Lines { path, error } => {
                let error = FileError::about(&path, |language| remedy::of_lines(&error, language));
                Self::said(error.in_words(Language::French), error.in_words(Language::English))
            }
            error @ (FileError::IsTaken(_)
            | FileError::NoFolder(_)
            | FileError::About { .. }
            | FileError::TooManyHours
            | FileError::Said { .. }) => {
                Self::said(error.in_words(Language::French), error.in_words(Language::English))
            }
        }
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        Self::said(remedy::of_seal(&error, Language::French), remedy::of_seal(&error, Language::English))
    }
}

impl From<KeyringError> for Failure {
    fn from(error: KeyringError) -> Self {
        Self::said(remedy::of_keyring(&error, Language::French), remedy::of_keyring(&error, Language::English))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}
