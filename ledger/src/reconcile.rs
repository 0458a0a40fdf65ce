//! An association's own notebook against the ledger, line by line.
//!
//! Three questions, in this order: whose name is this (`names`), how far is this line from that exchange
//! (`cost`), and which lines belong to which exchanges when all are looked at together (`matching`). Nothing here
//! reads a file or a database: lines come in as values, findings go out as values, and `words` says them.
//!
//! What agrees in everything is paired first. The rest is paired one to one at the least total cost, so that no line
//! takes an exchange that another line needs more. The result does not depend on the order of the lines.

mod accounts;
mod notebook;

mod names;

mod findings;

mod assignment;
mod cost;

mod matching;

mod sums;

mod compare;
mod words;
#[cfg(test)]
mod tests;

pub use accounts::{Accounts, Known, Standing};
pub use compare::reconcile;
pub use findings::{Finding, LineFinding, Reconciliation};
pub use names::{Certainty, ResolvedName, Resolver};
pub use notebook::{LineDate, Notebook, NotebookLine, Options, WrittenName};
pub use words::{Wording, date_in_words};
