//! The Coudemain ledger.

mod language;

pub use language::Language;
