//! An association's own notebook against the ledger, line by line.
//!
//! The ledger's side comes from the database, or from the association's own file of the year ([`against`]). A notebook
//! is read and compared ([`mod@compare`]) into one [`report`], which is given in any [`form`]; what it asks for can be
//! proposed to the other side ([`propose`]). Two notebooks show three [`sides`], and a yearly [`statement`] is compared
//! figure by figure.
//!
//! Later lines of this list import earlier ones.

pub mod against;
pub mod habits;

pub mod compare;

pub mod questions;
pub mod report;

pub mod words;

pub mod csv;
pub mod json;
pub mod page;
pub mod terminal;

pub mod form;

pub mod folder;
pub mod propose;
pub mod sides;

pub mod statement;
