//! The screen: what a verb says, and what becomes of it where nobody reads it or it cannot be written.
//!
//! What it says may have been written by others: names, texts, files. A terminal obeys some characters instead of showing
//! them; all that is said for people passes here, and shows them by their numbers (`\u{1b}`). Documents go to a file or to
//! another program byte by byte, as they are.
//!
//! `print!` panics when a pipe is closed or a disk is full. Here the first trouble is kept and told once, at the very
//! end, so that a verb does all its work even where nobody sees what it says.

use std::fmt;
use std::io::{self, BufRead as _, ErrorKind, IsTerminal as _, Write};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use ledger::{Language, printable::shown, trouble};

/// Asks something on a terminal; elsewhere nobody answers.
pub(crate) fn ask(question: &str) -> io::Result<Option<String>> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    warn(format_args!("{question}\n"));
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(Some(line.trim().to_owned()))
}

/// The exit code of a verb that could not run.
pub(crate) const COULD_NOT_RUN: u8 = 2;

/// The first thing that went wrong on standard output.
static TROUBLE: Mutex<Option<io::Error>> = Mutex::new(None);

/// Writes to standard output, as `print!` does.
macro_rules! say {
    ($($text:tt)*) => { $crate::screen::write(format_args!($($text)*)) };
}

/// Writes a line to standard output, as `println!` does.
macro_rules! say_line {
    () => { $crate::screen::write(format_args!("\n")) };
    ($($text:tt)*) => { $crate::screen::write(format_args!("{}\n", format_args!($($text)*))) };
}

/// Writes a line to standard error, as `eprintln!` does.
macro_rules! warn_line {
    ($($text:tt)*) => { $crate::screen::warn(format_args!("{}\n", format_args!($($text)*))) };
}

/// Standard output, for whoever writes much. An error is kept for [`end`], and told to the caller so that it may stop.
#[derive(Debug)]
pub(crate) struct Screen;

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !io::stdout().is_terminal() {
            return kept(|| io::stdout().lock().write(bytes));
        }
        let whole = whole_characters(bytes);
        kept(|| io::stdout().lock().write_all(shown(&String::from_utf8_lossy(whole)).as_bytes()))?;
        Ok(whole.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        kept(|| io::stdout().lock().flush())
    }
}

/// A character that is not complete waits for its rest, where something comes before it.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

fn kept<T>(write: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let mut trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(trouble) = &*trouble {
        return Err(trouble.kind().into());
    }
    write().inspect_err(|error| {
        if error.kind() != ErrorKind::Interrupted {
            *trouble = Some(io::Error::new(error.kind(), error.to_string()));
        }
    })
}

/// Says something; [`end`] tells what went wrong.
pub(crate) fn write(text: fmt::Arguments<'_>) {
    let text = shown(&text.to_string());
    let _ = kept(|| io::stdout().lock().write_all(text.as_bytes()));
}

/// Hands a document out: to a file or another program as it is. [`end`] tells what went wrong.
pub(crate) fn hand_out(document: &[u8]) {
    let _ = Screen.write_all(document);
}

/// Says something of our own making, which may steer the terminal: nothing in it is anybody else's.
pub(crate) fn steer(text: &[u8]) -> io::Result<()> {
    kept(|| io::stdout().lock().write_all(text))
}

/// Says on standard error how far something is, in the place of what was said before.
pub(crate) fn warn_over(text: &str) {
    let _ = write!(io::stderr().lock(), "\r{}", shown(text));
}

/// Shows what was said so far, before a question is answered or a long work begins.
pub(crate) fn flush() {
    let _ = Screen.flush();
}

/// Says something on standard error. Where that cannot be written either, nobody is left to be told.
pub(crate) fn warn(text: fmt::Arguments<'_>) {
    let _ = io::stderr().lock().write_all(shown(&text.to_string()).as_bytes());
}

/// How the program ends: as the verb did, unless what it said could not be written. A closed pipe is no fault: whoever
/// reads only the first lines, as `head` does, has what they wanted.
pub(crate) fn end(code: ExitCode, language: Language) -> ExitCode {
    flush();
    let trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*trouble {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => {
            let why = trouble::in_words(error, language);
            warn_line!(
                "{}",
                language.pick(
                    format!("ce qui est à montrer n'a pas pu être écrit : {why}"),
                    format!("what is to be shown could not be written: {why}"),
                )
            );
            ExitCode::from(COULD_NOT_RUN)
        }
        _ => code,
    }
}

/// Whether an error only says that standard output failed, which [`end`] tells.
pub(crate) fn is_told_at_the_end(error: &io::Error) -> bool {
    TROUBLE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .as_ref()
        .is_some_and(|trouble| trouble.kind() == error.kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_comes_in_two_parts_is_not_torn() {
        for (bytes, whole) in [
            (&b"abc"[..], 3),
            ("aé".as_bytes(), 3),
            (&"aé".as_bytes()[..2], 1),
            (&"🎉".as_bytes()[..2], 2),
            (&b"a\xffb"[..], 3),
            (b"", 0),
        ] {
            assert_eq!(whole_characters(bytes).len(), whole, "{bytes:?}");
        }
    }
}
