//! Files that people get: whole, or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use ledger::{Language, trouble};
use tempfile::NamedTempFile;

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

/// Writes a file that must not be there yet.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => FileError::IsTaken(path.to_owned()),
        _ => FileError::system(path, &error),
    })
}

/// A file that gets its name once it is whole, and never another file's.
#[derive(Debug)]
pub struct NewFile {
    unfinished: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl NewFile {
    /// Begins a file, beside the place where it will stand.
    pub fn begin(path: PathBuf) -> Result<Self, FileError> {
        is_free(&path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unfinished = NamedTempFile::new_in(folder).map_err(|error| unwritten(&path, &error))?;
        Ok(Self { unfinished: BufWriter::new(unfinished), path })
    }

    /// Says that all is written.
    pub fn finish(self) -> Result<(), FileError> {
        let Self { unfinished, path } = self;
        let file = unfinished.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(&path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(FileError::IsTaken(path)),
            Err(error) => Err(unwritten(&path, &error.error)),
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unfinished.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unfinished.flush()
    }
}

fn unwritten(path: &Path, error: &io::Error) -> FileError {
    let name = path.display();
    let why = |language| trouble::in_words(error, language);
    FileError::said(format!("« {name} » : {}", why(Language::French)), format!("“{name}”: {}", why(Language::English)))
}
