//! The file of an SQLite database, which others may delete, move or replace while it is open.
//!
//! SQLite does not notice: it goes on in what has no name any more, and says that it is kept. So whoever reads or writes
//! looks first whether the file still stands there, and whoever has committed looks again before anybody is told. The
//! same holds for the write-ahead log beside it, in which what was committed last stands alone.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::StoreError;

/// So much room, in bytes, is more than nearly every batch needs.
const ROOM: usize = 1024 * 1024;

/// The file that was opened.
#[derive(Debug)]
pub(crate) struct DatabaseFile {
    path: PathBuf,
    /// Where it is when links are followed: there SQLite keeps what belongs to it.
    real: PathBuf,
    identity: Identity,
    /// That of the write-ahead log which the connection that writes has open.
    log: Mutex<Option<Identity>>,
    /// What was committed last stands in a log that nobody finds: nothing is read or written any more.
    is_lost: AtomicBool,
    /// A transaction did not end with a commit: before the connection is used again, it is tried whether it can write.
    is_in_doubt: AtomicBool,
}

/// What tells a file from another one of the same name. As long as the file is open nothing else gets its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    number: u64,
}

impl DatabaseFile {
    /// The file that stands there now.
    pub(crate) fn at(path: &str) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        Ok(Self {
            real: fs::canonicalize(&path)?,
            identity: Identity::of(&path)?,
            path,
            log: Mutex::new(None),
            is_lost: AtomicBool::new(false),
            is_in_doubt: AtomicBool::new(false),
        })
    }

    /// A connection that writes was opened, and with it perhaps a new write-ahead log.
    pub(crate) fn was_opened(&self) {
        *self.log.lock().unwrap_or_else(PoisonError::into_inner) = Identity::of(&self.log_path()).ok();
    }

    /// Whether the file still stands where it was opened.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.is_lost() {
            return Err(StoreError::FileIsAnother(shown(&self.log_path())));
        }
        if Identity::of(&self.path).ok() != Some(self.identity) {
            return Err(StoreError::FileIsAnother(shown(&self.path)));
        }
        Ok(())
    }

    /// Whether what was just committed will be found by whoever opens the file next.
    pub(crate) fn confirm(&self) -> Result<(), StoreError> {
        let log = *self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.is_some() && log != Identity::of(&self.log_path()).ok() {
            self.is_lost.store(true, Ordering::Relaxed);
        }
        self.check()
    }

    /// Whether the write-ahead log was taken away: only an open connection has what stands in it.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    /// A transaction did not end with a commit.
    pub(crate) fn doubt(&self) {
        self.is_in_doubt.store(true, Ordering::Release);
    }

    /// Whether a transaction did not end with a commit since this was last asked.
    pub(crate) fn was_in_doubt(&self) -> bool {
        self.is_in_doubt.swap(false, Ordering::AcqRel)
    }

    /// Tries whether there is room beside the file, by taking it for a moment.
    pub(crate) fn try_room(&self) -> io::Result<()> {
        let folder = self.real.parent().unwrap_or(Path::new("."));
        tempfile::tempfile_in(folder)?.write_all(&vec![0; ROOM])
    }

    fn log_path(&self) -> PathBuf {
        beside(&self.real, "-wal")
    }
}

/// What SQLite keeps beside a database, under its name with this ending.
pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    PathBuf::from(name)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl Identity {
    fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|metadata| Self::from(&metadata))
    }
}

#[cfg(unix)]
impl From<&Metadata> for Identity {
    fn from(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: metadata.dev(), number: metadata.ino() }
    }
}

/// Elsewhere a file that is open cannot be deleted or replaced.
#[cfg(not(unix))]
impl From<&Metadata> for Identity {
    fn from(_metadata: &Metadata) -> Self {
        Self { device: 0, number: 0 }
    }
}
