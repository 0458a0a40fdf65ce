//! Exchanges of an association: the list with its filters, one of them, and what can be done about it.

mod step;

mod one;

mod list;

mod answering;

pub(crate) use answering::{answer_all, show_waiting};
pub(crate) use list::show as list;
pub(crate) use one::{show as one, take as step};
pub(crate) use step::Step;
