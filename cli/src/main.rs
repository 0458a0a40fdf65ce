//! The `coudemain` command: a network's ledger from files, in a terminal.

// A closed pipe and a full disk make these macros panic: `screen` has others.
#![deny(clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
mod screen;

mod args;
mod audit;
mod backup;
mod balance;
mod bench;
mod close;
mod demo;
mod export;
mod failure;
mod file;
mod history;
mod import;
mod init;
mod input;
mod keys;
mod log;
mod network_report;
mod notebook;
mod passport;
mod pdf;
mod person;
mod reconcile;
mod remedy;
mod report;
mod serve;
mod session;
mod statement;
mod vault;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::ArgMatches;
use failure::Failure;
use ledger::Language;

/// Requests come and go by the thousand, each with a few small texts: this allocator is made for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Found something wrong.
const FOUND_WRONG: u8 = 1;
/// Could not run.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    let language = args::language(&words);
    screen::end(verdict(&words, language), language)
}

fn verdict(words: &[OsString], language: Language) -> ExitCode {
    let matches = match args::command(language).try_get_matches_from(words) {
        Ok(matches) => matches,
        Err(error) => return args::explain(&error, words, language),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(async {
            let result = run(&matches, language).await;
            session::close_stores().await;
            result
        }),
        Err(error) => Err(Failure::from(error)),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FOUND_WRONG),
        Err(Failure::File(error)) if screen::is_told_at_the_end(&error) => ExitCode::SUCCESS,
        Err(failure) => {
            warn_line!("{}", failure.in_words(language));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Runs the verb; `false` when it ran and found something wrong.
async fn run(matches: &ArgMatches, language: Language) -> Result<bool, Failure> {
    match matches.subcommand() {
        Some(("demo", verb)) => demo::run(verb, language).await,
        Some(("init", verb)) => init::run(verb, language).await,
        Some(("import", verb)) => import::run(verb, language).await,
        Some(("balance", verb)) => balance::run(verb, language).await,
        Some(("history", verb)) => history::run(verb, language).await,
        Some(("close", verb)) => close::run(verb, language).await,
        Some(("audit", verb)) => audit::run(verb, language).await,
        Some(("export", verb)) => export::run(verb, language).await,
        Some(("backup", verb)) => backup::run(verb, language).await,
        Some(("restore", verb)) => backup::restore(verb, language).await,
        Some(("reconcile", verb)) => reconcile::run(verb, language).await,
        Some(("serve", verb)) => serve::serve(verb, language).await,
        Some(("token", verb)) => serve::token(verb, language).await,
        Some(("bench", verb)) => bench::run(verb, language).await,
        Some(("key", verb)) => keys::run(verb, language).await,
        Some(("log", verb)) => log::run(verb, language).await,
        Some(("statement", verb)) => statement::run(verb, language).await,
        Some(("passport", verb)) => passport::run(verb, language).await,
        Some(("person", verb)) => person::run(verb, language).await,
        Some(("verify", verb)) => verify::run(verb, language),
        _ => Ok(true),
    }
}
