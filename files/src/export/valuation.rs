//! What the annual accounts need: volunteer hours, valued or not, with their entries and the wording of the annex; the
//! figures that forms for subsidies ask for, and those for the citizen-engagement account.

pub mod rates;
mod accounts;
mod parts;
mod annex;
mod paheko;
pub mod workbook;

pub use accounts::{Accounts, Basis, Whose};
