//! Years: open until closed, closed in order and for good, with a commitment to every account's totals.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike, Months, NaiveDate};

use crate::{
    Digest, Minutes,
    account::{Account, PostingKind},
    log,
};

/// A calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(pub i32);

impl Year {
    /// The year of a date.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.year())
    }

    /// The next year.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Its first and its last day; `None` beyond the calendar.
    pub fn days(self) -> Option<(NaiveDate, NaiveDate)> {
        Some((NaiveDate::from_ymd_opt(self.0, 1, 1)?, NaiveDate::from_ymd_opt(self.0, 12, 31)?))
    }
}

impl std::fmt::Display for Year {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// No date of the ledger is older.
pub const OLDEST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1901, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The oldest day that somebody means who writes down help today: ten years back. What is older may be meant as well,
/// and is asked about.
pub fn oldest_plausible(today: NaiveDate) -> NaiveDate {
    const YEARS: Months = Months::new(10 * 12);
    today.checked_sub_months(YEARS).map_or(OLDEST_DAY, |oldest| oldest.max(OLDEST_DAY))
}

/// The month of a date as it is stored: 30 May 2025 lies in 202505.
pub fn month_of(date: NaiveDate) -> i32 {
    date.year().saturating_mul(100).saturating_add(date.month().cast_signed())
}

/// One account over one year: what the year's statement is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountYear {
    /// The account.
    pub account: Account,
    /// Its balance before the year's first day.
    pub opening: Minutes,
    /// What moved it, by kind; kinds that did not occur are absent.
    pub totals: BTreeMap<PostingKind, Minutes>,
}

impl AccountYear {
    /// The balance after the year's last day; `None` if it leaves the range of [`Minutes`].
    pub fn closing(&self) -> Option<Minutes> {
        self.totals.values().try_fold(self.opening, |sum, minutes| sum.checked_add(*minutes))
    }

    /// The hash of [`leaf`](Self::leaf) in the year's Merkle tree; `None` where there is none.
    pub fn leaf_hash(&self) -> Option<Digest> {
        self.leaf().map(|leaf| log::leaf_hash(leaf.as_bytes()))
    }

    /// The bytes that the year's Merkle tree hashes for this account: RFC 8785 JSON, integers only. `None` when the
    /// closing balance leaves the range of [`Minutes`]: no other one is committed to in its place.
    pub fn leaf(&self) -> Option<String> {
        let closing = self.closing()?.get();
        let mut leaf = format!("{{\"account\":{},\"book\":\"{}\"", self.account.number(), self.account.book());
        let _ = write!(leaf, ",\"closing\":{closing}");
        let _ = write!(leaf, ",\"opening\":{},\"totals\":{{", self.opening.get());
        let mut totals: Vec<_> = self.totals.iter().map(|(kind, minutes)| (kind.as_str(), minutes.get())).collect();
        totals.sort_unstable();
        for (index, (kind, minutes)) in totals.iter().enumerate() {
            let _ = write!(leaf, "{}\"{kind}\":{minutes}", if index == 0 { "" } else { "," });
        }
        leaf.push_str("},\"v\":1}");
        Some(leaf)
    }
}

/// What closing a year commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearClosing {
    /// The year.
    pub year: Year,
    /// How many accounts the root covers.
    pub accounts: u64,
    /// The RFC 6962 root over the accounts' leaves, sorted by account. A person's record is not among them: beside
    /// so small a number a hash hides nothing.
    pub root: Digest,
    /// How many exchanges of the year, and of years without a booking that close with it, were waiting for an answer,
    /// and so are not counted.
    pub proposed: u64,
    /// How many were contested.
    pub contested: u64,
    /// How many were held.
    pub held: u64,
}

/// A year that is to be closed, with all that has to be known for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearToClose {
    /// What closing it commits to.
    pub closing: YearClosing,
    /// The first year before it that is open and has something booked. Years without a booking close with the next.
    pub open_before: Option<Year>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AssociationNumber;

    #[test]
    fn the_leaf_of_an_account_year_is_fixed() {
        let year = AccountYear {
            account: Account::Association(AssociationNumber(7)),
            opening: Minutes::new(-60),
            totals: [(PostingKind::Given, Minutes::new(300)), (PostingKind::Correction, Minutes::new(-30))].into(),
        };
        insta::assert_snapshot!(year.leaf().unwrap(), @r#"{"account":7,"book":"exchange","closing":210,"opening":-60,"totals":{"correction":-30,"given":300},"v":1}"#);
        let full = AccountYear { opening: Minutes::new(i64::MAX), ..year };
        assert_eq!((full.leaf(), full.leaf_hash()), (None, None));
        assert_eq!(month_of(NaiveDate::from_ymd_opt(2025, 12, 30).unwrap()), 202_512);
    }
}
