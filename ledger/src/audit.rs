//! Rebuilds everything from the acts and says where the database disagrees.
//!
//! The acts' leaves are read in order and replayed into what every other table should hold; then each row is held
//! against that. Nothing here shares code with the deciding function: an audit that trusted it would prove little.

mod said;
mod shown;
mod named;

mod findings;
mod member;
mod rows;

mod exchanges;
mod people;
mod postings;
mod statements;

mod expected;

mod replay;

pub use exchanges::ExpectedExchanges;
pub use expected::Expected;
pub use findings::{Check, CheckResult, Disagreement, Findings};
pub use member::Member;
pub use postings::ExpectedPostings;
pub use replay::Replay;
pub use rows::{ActRow, BesideAct, ContributionRow, ExchangeRow, PostingRow, ReferenceRow, TextRow};
pub use said::{Column, Said};
pub use shown::Shown;
