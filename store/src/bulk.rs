//! Many rows in one statement, on both databases.
//!
//! A statement per row costs ten times one for all. PostgreSQL takes arrays and unnests them: rows to write come as one
//! array of the table's own row type, which costs it a tenth of what one array a column does. SQLite takes a list of
//! `VALUES` of one of a few lengths, so that its prepared statements are few, in which the rows that are left over stay
//! unbound, are NULL, and are left out. Either way the rows stand in the statement as a table `r`, and the rest of the
//! SQL is the same.

mod rows;
mod sqlite;
mod postgres;
mod journey;

pub(crate) use journey::Alone;
pub(crate) use rows::{BatchChange, Deletion, Known, Rows, TableRows, Value, row};
