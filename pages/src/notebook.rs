//! An association's notebook against the ledger: laid on the page, looked over, and settled card by card.
//!
//! Nothing here finds anything: what the lines come to is told by the code that the command has (`files::reconcile`).

mod remedy;

mod letter;
mod piles;
mod cards;

mod lay;
mod result;
mod look;
mod step;

pub(crate) use lay::{lay, show};
pub(crate) use look::{correct, look};
pub(crate) use result::{report, result};
pub(crate) use step::step;

use service::{caller::Caller, notebook::Reader, problem::Problem};

use crate::{frame::Frame, home::own};

/// For whom a notebook is compared.
fn reader(caller: &Caller, frame: &Frame) -> Result<Reader, Problem> {
    Ok(Reader { own: own(caller)?, language: frame.language(), remedies: remedy::on_the_page })
}
