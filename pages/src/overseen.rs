//! Exchanges as the coordinator and mediators read them, who are on neither side: all of them with filters, one with what
//! was said, and what can be decided about it.

mod told;

mod step;

mod one;

mod list;

pub(crate) use list::{contested, show as list};
pub(crate) use one::{show as one, take as step};
