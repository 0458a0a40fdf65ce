//! Pages, as people have them: over HTTP without a screen, and in a real browser.

pub(crate) mod browser;
mod cable;
mod chromium;
mod coordinator;
mod harness;
pub(crate) mod looking;
pub(crate) mod mailbox;
mod page;
mod sign_in;
pub(crate) mod tab;
pub(crate) mod village;

mod every_page;
mod looks;
mod answering;
mod arrivals;
mod mishaps;
mod given_back;
mod days;
mod personas;
mod recognising;
mod notebook;
mod notebook_findings;
mod notebook_kept;
mod given_statement;
mod accounts;
mod statements;
mod demo;
mod offline;
mod outage;
mod one_file;
