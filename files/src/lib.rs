//! What people bring and take as files: tables, dates, notebooks, imports, exports, reports of reconciliation.
//!
//! Everything here returns values, and errors that know both languages; how far long work has got is told to whoever
//! asked. The command line and pages add arguments, a terminal's or a browser's manners, and nothing else.
//!
//! Later lines of this list import earlier ones.

pub mod text;
pub mod advance;
pub mod remedy;

pub mod date;
pub mod column;
pub mod table;
pub mod cells;
pub mod notebook;

pub mod error;
pub mod out;
pub mod network;
pub mod limits;

pub mod import;
pub mod export;
pub mod reconcile;

pub mod signer;
pub mod network_report;
pub mod passport;
pub mod known_of;
pub mod statements;
pub mod mirror;

pub mod random;
pub mod invented;
