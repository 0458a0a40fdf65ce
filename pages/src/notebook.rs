//! An association's notebook against the ledger: laid on the page, looked over, and settled card by card.
//!
//! Nothing here finds anything: what the lines come to is told by the code that the command has (`files::reconcile`).

mod remedy;
mod reader;

mod piles;
mod letter;
mod cards;

mod lay;
mod result;
mod statement;
mod look;
mod step;

pub(crate) use lay::{lay, show};
pub(crate) use look::{correct, look};
pub(crate) use result::{report, result};
pub(crate) use statement::{again as choose_statement, check as check_statement};
pub(crate) use step::step;
