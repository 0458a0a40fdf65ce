//! A member as the acts have it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::policy::Limits;

/// A member as the acts have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in `Association`")]
pub struct Member {
    pub kind: String,
    pub state: String,
    pub name: String,
    pub limits: Option<Limits>,
    /// Kind and value; there may be several of a kind.
    pub identifiers: BTreeSet<(String, String)>,
    /// Minutes and last day, by partner.
    pub mandates: BTreeMap<i64, (i64, NaiveDate)>,
}
