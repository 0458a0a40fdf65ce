//! For whom a notebook is compared, and where they are led when it leaves something open.

use service::{
    caller::Caller,
    notebook::{NotCompared, Reader},
    problem::Problem,
};

use super::remedy;
use crate::{
    answer::{Answer, see},
    frame::Frame,
    home::own,
};

/// Whoever reads this page, for the association in whose name they act.
pub(super) fn reader(caller: &Caller, frame: &Frame) -> Result<Reader, Problem> {
    Ok(Reader { own: own(caller)?, language: frame.language(), remedies: remedy::on_the_page })
}

/// To the page on which what the notebook leaves open is asked.
pub(super) fn to_what_is_open(frame: &Frame, left: NotCompared) -> Answer {
    left.open()?;
    see(&frame.under("/notebook/reading"))
}
