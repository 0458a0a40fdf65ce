//! Statements, passports and reports as PDF: PDF/A-3a and PDF/UA-1, with the signed document attached.
//!
//! The signed JSON is the original; what is printed here is read from it and from nothing else. Typst, used as a
//! library, sets the templates in `templates/`; fonts are embedded, nothing is fetched, and the same document gives the
//! same bytes each time. The crate stands alone because the typesetter takes minutes to compile.

mod words;
mod code;
mod setter;
mod statement;
mod passport;
mod network;
#[cfg(test)]
mod tests;

pub use network::network_report;
pub use passport::passport;
pub use setter::{PrintError, Printed};
pub use statement::statement;
