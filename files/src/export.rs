//! The ledger in the words of other tools. An association's own lines of a year are `store`'s to write.

pub mod exchanges;
pub mod history;
pub mod hledger;
pub mod lines;
pub mod valuation;
