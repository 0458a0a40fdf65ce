//! Files that people get: whole, or not at all.

use std::fs;
use std::path::Path;

use crate::error::FileError;

/// Writes beside the file first, so that a name never holds half a document. An older file is replaced.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), FileError> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".part");
    let written = fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, path));
    written.map_err(|error| {
        // What is half written helps nobody; the first error is the one to report.
        let _ = fs::remove_file(&aside);
        FileError::system(path, &error)
    })
}

/// Refuses a name for a new file that is taken, or in a folder that is not there, before any work is done.
pub fn is_free(path: &Path) -> Result<(), FileError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(FileError::IsTaken(path.to_owned()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) => Err(FileError::NoFolder(folder.to_owned())),
        None => Ok(()),
    }
}
