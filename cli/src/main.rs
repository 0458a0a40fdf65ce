//! The `coudemain` command: a network's ledger from files, in a terminal.

// A closed pipe and a full disk make these macros panic: `screen` has others.
#![deny(clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
mod screen;

mod arguments;
mod remedy;

mod failure;
mod report;
mod session;
mod verb;

mod capacity;
mod typed;
mod exchange;
mod todo;
mod member;
mod policy;
mod transfer;

mod keys;
mod pdf;
mod vault;
mod workbooks;

mod first_coordinator;

mod init;

mod import;

mod balance;
mod history;

mod export;
mod reconcile;

mod head;
mod verify;
mod log;
mod for_ever;
mod audit;

mod backup;
mod person;
mod came_back;
mod restore;

mod network_report;
mod statement;

mod close;
mod passport;

mod serve;
mod token;

mod demo;

mod bench;

mod licences;

mod verbs;

mod command_line;

use std::ffi::OsString;
use std::process::ExitCode;

use failure::Failure;
use ledger::Language;
use screen::COULD_NOT_RUN;
use verbs::VERBS;

/// Requests come and go by the thousand, each with a few small texts: this allocator is made for that. SQLite
/// has it by name (`.cargo/config.toml`), and everything else in C keeps the system's: where this one took its place, shims
/// that are loaded before the program (a clock shim, say) handed it what it had not allocated, and it crashed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Found something wrong.
const FOUND_WRONG: u8 = 1;

fn main() -> ExitCode {
    without_huge_pages();
    let words: Vec<_> = std::env::args_os().collect();
    if let Some(ended) = workbooks::run(&words) {
        return ended;
    }
    let language = arguments::language(&words);
    screen::end(verdict(&words, language), language)
}

/// Has the system give memory by its ordinary pages. By two megabytes at a time, where a few small texts keep each of them
/// from being given back, a service that is attacked takes twice as much, and nothing is faster. Where it is refused, all
/// goes on as before.
#[cfg(target_os = "linux")]
fn without_huge_pages() {
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

#[cfg(not(target_os = "linux"))]
fn without_huge_pages() {}

fn verdict(words: &[OsString], language: Language) -> ExitCode {
    let matches = match command_line::command(language).try_get_matches_from(words) {
        Ok(matches) => matches,
        Err(error) => return command_line::explain(&error, words, language),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(async {
            let result = verb::run(&VERBS, &matches, language).await;
            session::close_stores().await;
            result
        }),
        Err(error) => Err(Failure::from(error)),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FOUND_WRONG),
        Err(Failure::Ended(code)) => ExitCode::from(code),
        Err(Failure::File(error)) if screen::is_told_at_the_end(&error) => ExitCode::SUCCESS,
        Err(failure) => {
            warn_line!("{}", failure.in_words(language));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}
