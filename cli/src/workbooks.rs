//! The process that reads a workbook: this program once more, within hard limits. Nobody types its words.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use files::cells::{self, WorkbookReader};

use crate::screen::COULD_NOT_RUN;

/// Limits itself, and starts over.
const UNCONFINED: &str = "read-workbook";

/// Reads the workbook.
const CONFINED: &str = "read-workbook-confined";

/// Starts it.
pub(crate) fn reader() -> io::Result<WorkbookReader> {
    Ok(WorkbookReader { program: std::env::current_exe()?, word: UNCONFINED.into() })
}

/// What this process is to end with where it is the one that reads a workbook.
pub(crate) fn run(words: &[OsString]) -> Option<ExitCode> {
    let [_, word] = words else { return None };
    let result = match word.to_str()? {
        UNCONFINED => start_over(),
        CONFINED => cells::read_apart(io::stdin().lock(), io::stdout().lock()),
        _ => return None,
    };
    Some(result.map_or(ExitCode::from(COULD_NOT_RUN), |()| ExitCode::SUCCESS))
}

fn start_over() -> io::Result<()> {
    cells::confine()?;
    // Only comes back where it could not.
    Err(Command::new(std::env::current_exe()?).arg(CONFINED).exec())
}
