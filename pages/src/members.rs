//! Members as the coordinator keeps them: who there is and where they stand, one with what can be done about it, and a
//! new one.

mod step;

mod one;

mod list;

mod new;

pub(crate) use list::show as list;
pub(crate) use new::{add, show as new};
pub(crate) use one::{leave, set_limits, show as one, take as step};
