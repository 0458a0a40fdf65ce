//! The annual statements that the network signed for an association: the list, each of them on the screen, and the signed
//! document to take away.

mod standing;

mod list;
mod one;

pub(crate) use list::{file, show as list};
pub(crate) use one::show as one;
