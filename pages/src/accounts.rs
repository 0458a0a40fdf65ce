//! An association's hours for its annual accounts, for forms, and for the citizen-engagement account.
//!
//! Nothing is added up here: what the hours come to is told by the code that the command has (`files::export::valuation`).

mod period;
mod wish;

mod valued;
mod figures;
mod engagement;

pub(crate) use engagement::{file as engagement_file, show as engagement};
pub(crate) use figures::show as figures;
pub(crate) use valued::{file, show};
