//! Reading a workbook apart: a process of our own, with hard limits, whose end harms nobody.
//!
//! The program starts itself anew. The process that was started limits itself (`confine`), starts over so that nothing was
//! reserved before the limits held, reads the workbook from its standard input and tells the cells, or why there are
//! none, on its standard output. However it ends, whoever asked gets a sentence.

use std::ffi::OsString;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::{
    error::CellsError,
    limits::{MOST_MEMORY, MOST_SECONDS, MOST_TOLD},
    sheet::Sheet,
    workbook,
};

/// Starts what reads workbooks.
#[derive(Debug, Clone)]
pub struct WorkbookReader {
    /// The program.
    pub program: PathBuf,
    /// The word at which it calls [`confine`], and then [`read_apart`].
    pub word: OsString,
}

/// What the process tells.
#[derive(Serialize, Deserialize)]
enum Told {
    Sheets(Vec<Sheet>),
    Swollen,
    Locked,
    Damaged(String),
}

impl WorkbookReader {
    /// Where there is none: only texts are read.
    pub fn none() -> Self {
        Self { program: PathBuf::new(), word: OsString::new() }
    }

    /// The sheets of a workbook.
    pub fn read(&self, bytes: &[u8]) -> Result<Vec<Sheet>, CellsError> {
        /// Whoever else waits has to: two at once would take twice the memory.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

        let mut process = self.start().map_err(|error| CellsError::NoReader(error.to_string()))?;
        let told = talk(&mut process, bytes);
        if !matches!(&told, Ok(told) if told.len() as u64 <= MOST_TOLD) {
            // It may have more to say than anybody wants to hear.
            drop(process.kill());
        }
        let status = process.wait().map_err(|error| CellsError::NoReader(error.to_string()))?;
        let told = told.map_err(|error| CellsError::Damaged(error.to_string()))?;
        if told.len() as u64 > MOST_TOLD {
            return Err(CellsError::Swollen);
        }
        if !status.success() {
            return Err(end(status));
        }
        match serde_json::from_slice(&told).map_err(|error| CellsError::Damaged(error.to_string()))? {
            Told::Sheets(sheets) => Ok(sheets),
            Told::Swollen => Err(CellsError::Swollen),
            Told::Locked => Err(CellsError::Locked),
            Told::Damaged(why) => Err(CellsError::Damaged(why)),
        }
    }

    fn start(&self) -> io::Result<Child> {
        // It needs nothing of what surrounds us: neither secrets nor what to say.
        Command::new(&self.program)
            .arg(&self.word)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }
}

/// Hands a process the workbook, and hears it out.
fn talk(process: &mut Child, bytes: &[u8]) -> io::Result<Vec<u8>> {
    if let Some(mut input) = process.stdin.take() {
        match input.write_all(bytes) {
            // It ended before it had read everything: how it ended tells more.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
    }
    let mut told = Vec::new();
    if let Some(output) = process.stdout.take() {
        output.take(MOST_TOLD + 1).read_to_end(&mut told)?;
    }
    Ok(told)
}

/// What it means that the process ended so.
fn end(status: ExitStatus) -> CellsError {
    use std::os::unix::process::ExitStatusExt as _;
    let Some(signal) = status.signal() else {
        // A reader that gave up.
        return CellsError::Damaged("panic".to_owned());
    };
    if signal == Signal::XCPU.as_raw() {
        CellsError::Endless
    } else {
        // Memory that is not to be had ends in one of several ways.
        CellsError::Swollen
    }
}

/// Limits this process, for good: its memory, its time, and that it leaves no image of itself behind.
///
/// What was reserved already stays: start over afterwards.
pub fn confine() -> io::Result<()> {
    for (resource, most) in [(Resource::Data, MOST_MEMORY), (Resource::Cpu, MOST_SECONDS), (Resource::Core, 0)] {
        // Whoever started us may have set a lower one.
        let most = getrlimit(resource).maximum.map_or(most, |highest| highest.min(most));
        // At the hard limit on time a process is killed without a word of why.
        let current = if resource == Resource::Cpu { most.saturating_sub(1) } else { most };
        setrlimit(resource, Rlimit { current: Some(current), maximum: Some(most) })?;
    }
    Ok(())
}

/// Reads a workbook, and tells what came of it.
pub fn read_apart(mut input: impl Read, output: impl Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let told = match workbook::sheets(bytes) {
        Ok(sheets) => Told::Sheets(sheets),
        Err(CellsError::Swollen) => Told::Swollen,
        Err(CellsError::Locked) => Told::Locked,
        Err(CellsError::Damaged(why)) => Told::Damaged(why),
        Err(
            error @ (CellsError::Table(_)
            | CellsError::TooLarge { .. }
            | CellsError::Endless
            | CellsError::NoReader(_)
            | CellsError::Empty),
        ) => Told::Damaged(error.in_words(ledger::Language::English)),
    };
    let mut output = BufWriter::new(output);
    serde_json::to_writer(&mut output, &told)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn however_the_process_ends_there_is_a_reason() {
        let killed_by = |signal: Signal| end(ExitStatus::from_raw(signal.as_raw()));
        assert_eq!(killed_by(Signal::XCPU), CellsError::Endless);
        for signal in [Signal::ABORT, Signal::SEGV, Signal::KILL] {
            assert_eq!(killed_by(signal), CellsError::Swollen);
        }
        const GAVE_UP: i32 = 101 << 8;
        assert_eq!(end(ExitStatus::from_raw(GAVE_UP)), CellsError::Damaged("panic".to_owned()));
    }

    #[test]
    fn a_program_that_is_not_there_is_no_fault_of_the_workbook() {
        let reader = WorkbookReader { program: "/nowhere/at/all".into(), word: "read".into() };
        assert!(matches!(reader.read(b"PK"), Err(CellsError::NoReader(_))));
    }

    #[test]
    fn what_talks_without_end_is_not_listened_to() {
        let reader = WorkbookReader { program: "yes".into(), word: "no".into() };
        assert!(matches!(reader.read(b"PK"), Err(CellsError::NoReader(_) | CellsError::Swollen)));
    }
}
