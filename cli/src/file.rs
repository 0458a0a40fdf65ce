//! Files that people get, and what is said when one cannot be read or written.

use std::path::Path;

use files::{error::FileError, out};
use ledger::Language;

pub(crate) use files::trouble::in_words;

use crate::failure::Failure;

/// Writes beside the file first, so that a name never holds half a document. An older file is replaced.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    Ok(out::write(path, bytes)?)
}

/// Refuses a name for a new file that is taken, or in a folder that is not there, before any work is done.
pub(crate) fn is_free(path: &Path) -> Result<(), Failure> {
    Ok(out::is_free(path)?)
}

/// Says that a file of that name is there already.
pub(crate) fn is_taken(path: &Path) -> Failure {
    FileError::IsTaken(path.to_owned()).into()
}

/// What is wrong with a file, its name first.
pub(crate) fn about(path: &Path, words: impl Fn(Language) -> String) -> Failure {
    FileError::about(path, words).into()
}
