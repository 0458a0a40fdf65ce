//! What an association recognises in those who helped it: said from an exchange, listed, and taken back.

mod give;
mod list;
mod one;

pub(crate) use give::{send as give, show as ask};
pub(crate) use list::show as list;
pub(crate) use one::{show as one, withdraw};
