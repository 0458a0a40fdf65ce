//! Rows of the tables, as an audit is fed with them.

use chrono::NaiveDate;

use crate::{Digest, account::Book};

/// A row of table `posting`, without its network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct PostingRow<'a> {
    pub book: Book,
    pub account: i64,
    pub sequence: i64,
    pub act: i64,
    pub cause: i64,
    pub kind: &'a str,
    pub minutes: i64,
    pub balance: i64,
    pub booked: NaiveDate,
    pub given: i64,
    pub received: i64,
}

/// A row of table `exchange`, without its network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct ExchangeRow<'a> {
    pub exchange: i64,
    pub giver: i64,
    pub receiver: i64,
    pub minutes: i64,
    pub service_date: NaiveDate,
    pub skill: Option<i64>,
    pub state: &'a str,
    pub spoken_by: &'a str,
    pub spoken_in: i64,
    pub posted_in: Option<i64>,
    pub replaces: Option<i64>,
    /// Empty where there is none.
    pub given_reference: &'a str,
}

/// A row of table `contribution`, with the key of its commitment if that is still kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct ContributionRow<'a> {
    pub act: i64,
    pub line: i64,
    pub person: i64,
    pub association: i64,
    pub exchange: Option<i64>,
    pub minutes: i64,
    pub nature: &'a str,
    pub skill: Option<i64>,
    pub service_date: NaiveDate,
    pub key: Option<[u8; 32]>,
}

/// A row of table `act`, without its network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's columns")]
pub struct ActRow<'a> {
    pub number: i64,
    pub kind: &'a str,
    pub recorded_at: i64,
    pub leaf: &'a str,
    pub leaf_hash: Digest,
}

/// A text that is still there, with what its commitment must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRow<'a> {
    /// The act that it belongs to.
    pub act: i64,
    /// Which of the act's texts.
    pub field: &'a str,
    /// The commitment to the text under the key that is kept beside it; `None` when what was committed to is erased.
    pub commitment: Option<Digest>,
}

/// A reference that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRow {
    /// The act that created the exchange.
    pub exchange: i64,
    /// The commitment to it; `None` where the key is missing.
    pub commitment: Option<Digest>,
}

/// What other tables keep of one act.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BesideAct<'a> {
    /// Who gave the time.
    pub contributions: &'a [ContributionRow<'a>],
    /// Its texts.
    pub texts: &'a [TextRow<'a>],
    /// The exchange's reference, at most one.
    pub references: &'a [ReferenceRow],
}
