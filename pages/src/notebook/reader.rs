//! For whom a notebook is compared.

use service::{caller::Caller, notebook::Reader, problem::Problem};

use super::remedy;
use crate::{frame::Frame, home::own};

/// Whoever reads this page, for the association in whose name they act.
pub(super) fn reader(caller: &Caller, frame: &Frame) -> Result<Reader, Problem> {
    Ok(Reader { own: own(caller)?, language: frame.language(), remedies: remedy::on_the_page })
}
