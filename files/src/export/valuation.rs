//! What the annual accounts need: volunteer hours, valued or not, and the figures for the citizen-engagement account.

pub mod rates;
mod accounts;
pub mod workbook;

pub use accounts::{Accounts, Basis};
