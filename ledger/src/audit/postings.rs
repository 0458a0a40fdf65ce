//! What the acts say that table `posting` should hold.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    findings::{Check, Disagreement, Findings},
    rows::PostingRow,
    said::{Column, Members, Said},
};
use crate::{
    Language,
    account::{Book, PostingKind},
};

/// The postings of some accounts as the acts have them. Rows come in the order of accounts, books and sequence numbers.
#[derive(Debug)]
pub struct ExpectedPostings {
    findings: Findings,
    members: Arc<Members>,
    /// In that order.
    accounts: Vec<(i64, Book, ExpectedAccount)>,
    /// Which account's postings are being looked at.
    current: usize,
}

/// An account as the acts have it.
#[derive(Debug, Default)]
pub(super) struct ExpectedAccount {
    pub(super) postings: Vec<ExpectedPosting>,
    /// Wide enough that no sum of what somebody may have written leaves it.
    pub(super) balance: i128,
    /// How many of the postings have been looked at, and the balance, the minutes given and those received after them.
    seen: usize,
    running: i128,
    given: i128,
    received: i128,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ExpectedPosting {
    pub(super) act: i64,
    pub(super) cause: i64,
    pub(super) minutes: i64,
    pub(super) booked: NaiveDate,
    pub(super) kind: PostingKind,
}

impl ExpectedPostings {
    pub(super) fn new(
        accounts: impl IntoIterator<Item = ((Book, i64), ExpectedAccount)>,
        members: Arc<Members>,
    ) -> Self {
        let accounts = accounts.into_iter().map(|((book, number), account)| (number, book, account));
        let mut accounts: Vec<_> = accounts.collect();
        accounts.sort_unstable_by_key(|(number, book, _)| (*number, book.as_str()));
        Self { findings: Findings::default(), members, accounts, current: 0 }
    }

    /// The account up to which there is half of the postings, and of so many other rows that come after them.
    pub fn middle(&self, others: usize) -> Option<(i64, Book)> {
        let all: usize = self.accounts.iter().map(|(.., account)| account.postings.len()).sum();
        let half = all.saturating_add(others).div_ceil(2);
        let mut passed = 0_usize;
        let first = self.accounts.iter().take_while(|(.., account)| {
            let before = passed;
            passed = before.saturating_add(account.postings.len());
            before < half
        });
        first.last().map(|(number, book, _)| (*number, *book))
    }

    /// Two parts, to be looked at side by side: the accounts up to this one, and those after it.
    pub fn split_after(mut self, (number, book): (i64, Book)) -> (Self, Self) {
        let after = self.accounts.partition_point(|(it, its, _)| (*it, its.as_str()) <= (number, book.as_str()));
        let accounts = self.accounts.split_off(after);
        let members = Arc::clone(&self.members);
        (self, Self { findings: Findings::default(), members, accounts, current: 0 })
    }

    /// Account, book and sequence number of every so manieth posting.
    pub fn ends(&self, every: usize) -> Vec<(i64, Book, i64)> {
        let mut ends = Vec::new();
        let mut passed = 0_usize;
        for (number, book, account) in &self.accounts {
            let Some(past_last) = passed.checked_rem(every) else { return ends };
            let next = every.saturating_sub(past_last);
            let of_this = (next..=account.postings.len()).step_by(every);
            ends.extend(of_this.map(|sequence| (*number, *book, i64::try_from(sequence).unwrap_or(i64::MAX))));
            passed = passed.saturating_add(account.postings.len());
        }
        ends
    }

    /// Holds a posting against the acts.
    pub fn posting(&mut self, row: &PostingRow<'_>) {
        self.findings.checked(Check::Postings, 1);
        let place = |sequence: i64| format!("posting {} {} n° {sequence}", row.book, row.account);
        self.pass_accounts(|account| account < (row.account, row.book.as_str()));
        let account = self.accounts.get_mut(self.current);
        let account = account.filter(|(number, book, _)| (*number, *book) == (row.account, row.book));
        let index = usize::try_from(row.sequence.saturating_sub(1)).unwrap_or(usize::MAX);
        let expected = account.and_then(|(.., account)| Some((account.postings.get(index).copied()?, account)));
        let Some((expected, account)) = expected else {
            let row_of = whose(&self.members, place(row.sequence), (row.book, row.account));
            let told = Disagreement::new(row_of, Some(moved(row.minutes, row.act)), None);
            self.findings.disagrees(Check::Postings, Disagreement { exchange: Some(row.cause), ..told });
            return;
        };
        account.look_through(index, &mut self.findings, (row.book, row.account), &self.members);
        account.pass(&expected);
        let (running, totals) = (account.running, (account.given, account.received));
        let found = (row.act, row.cause, row.kind, row.minutes, row.booked);
        let wanted = (expected.act, expected.cause, expected.kind.as_str(), expected.minutes, expected.booked);
        if found != wanted {
            let columns = [
                (Column::Act, Said::from(found.0.to_string()), Said::from(wanted.0.to_string())),
                (Column::Cause, Said::from(found.1.to_string()), Said::from(wanted.1.to_string())),
                (Column::Kind, kind(found.2), kind(wanted.2)),
                (Column::Minutes, Said::minutes(found.3), Said::minutes(wanted.3)),
                (Column::Booked, Said::from(found.4.to_string()), Said::from(wanted.4.to_string())),
            ];
            let place = whose(&self.members, place(row.sequence), (row.book, row.account));
            self.findings.expect_columns(Check::Postings, &place, Some(wanted.1), &columns);
        }
        self.findings.checked(Check::Totals, 1);
        let after = [
            (Check::Balances, "balance", ("solde", "balance"), i128::from(row.balance), running),
            (Check::Totals, "given", ("heures données", "hours given"), row.given.into(), totals.0),
            (Check::Totals, "received", ("heures reçues", "hours received"), row.received.into(), totals.1),
        ];
        for (check, name, (french, english), found, expected) in after {
            if found != expected {
                let of_row = format!("{name} {} {} n° {}", row.book, row.account, row.sequence);
                let place = whose(&self.members, of_row, (row.book, row.account));
                let place = place.and(&format!(", {french}"), &format!(", {english}"));
                let told = Disagreement::new(place, Some(amount(found)), Some(amount(expected)));
                self.findings.disagrees(check, Disagreement { exchange: Some(wanted.1), ..told });
            }
        }
    }

    /// Names what was missing, and ends the looking.
    pub fn finish(mut self) -> Findings {
        self.pass_accounts(|_| true);
        self.findings
    }

    /// Goes on to the first account of which this does not hold, and names the postings that should have come by then.
    fn pass_accounts(&mut self, is_over: impl Fn((i64, &str)) -> bool) {
        while let Some((number, book, account)) = self.accounts.get_mut(self.current) {
            if !is_over((*number, book.as_str())) {
                return;
            }
            account.look_through(account.postings.len(), &mut self.findings, (*book, *number), &self.members);
            self.current = self.current.saturating_add(1);
        }
    }
}

impl ExpectedAccount {
    /// Goes on to the next posting.
    fn pass(&mut self, expected: &ExpectedPosting) {
        self.seen = self.seen.saturating_add(1);
        let minutes = i128::from(expected.minutes);
        self.running = self.running.saturating_add(minutes);
        match expected.kind {
            PostingKind::Given => self.given = self.given.saturating_add(minutes),
            PostingKind::Received => self.received = self.received.saturating_sub(minutes),
            PostingKind::GiftIn
            | PostingKind::GiftOut
            | PostingKind::DuesIn
            | PostingKind::DuesOut
            | PostingKind::GrantIn
            | PostingKind::GrantOut
            | PostingKind::Opening
            | PostingKind::Correction
            | PostingKind::Departure
            | PostingKind::Merger
            | PostingKind::Operational
            | PostingKind::Governance
            | PostingKind::Supervision
            | PostingKind::Employee
            | PostingKind::SkillsSponsorship
            | PostingKind::CivicService => {}
        }
    }

    /// Names the postings before `end` that should have come by now.
    fn look_through(&mut self, end: usize, findings: &mut Findings, account: (Book, i64), members: &Members) {
        while self.seen < end {
            let expected = self.postings[self.seen];
            self.pass(&expected);
            let row = whose(members, format!("posting {} {} n° {}", account.0, account.1, self.seen), account);
            let told = Disagreement::new(row, None, Some(moved(expected.minutes, expected.act)));
            findings.disagrees(Check::Postings, Disagreement { exchange: Some(expected.cause), ..told });
        }
    }
}

/// A row of an account, with whose the account is.
fn whose(members: &Members, row: String, (book, account): (Book, i64)) -> Said {
    let name = members.account(book, account);
    let in_brackets = |language| format!(" ({})", name.in_words(language));
    Said::from(row).and(&in_brackets(Language::French), &in_brackets(Language::English))
}

/// Minutes as people read them; what no account can hold is shown as it is.
fn amount(minutes: i128) -> Said {
    i64::try_from(minutes).map_or_else(|_| Said::from(minutes.to_string()), Said::minutes)
}

/// What a posting moved, and by which act.
fn moved(minutes: i64, act: i64) -> Said {
    Said::minutes(minutes).and(&format!(", acte {act}"), &format!(", act {act}"))
}

/// Why an account moved, in words where the text is one that this program knows.
fn kind(text: &str) -> Said {
    let known = PostingKind::try_from(text);
    known.map_or_else(
        |_| Said::from(text.to_owned()),
        |kind| Said::new(kind.in_words(Language::French), kind.in_words(Language::English)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(postings: &[(i64, Book, usize)]) -> ExpectedPostings {
        let one = |act: usize| ExpectedPosting {
            act: i64::try_from(act).unwrap(),
            cause: 1,
            minutes: 60,
            booked: NaiveDate::MIN,
            kind: PostingKind::Given,
        };
        let account = |count: usize| ExpectedAccount { postings: (1..=count).map(one).collect(), ..Default::default() };
        let accounts = postings.iter().map(|(number, book, count)| ((*book, *number), account(*count)));
        ExpectedPostings::new(accounts, Arc::default())
    }

    #[test]
    fn pages_end_at_every_so_manieth_posting() {
        use Book::{Engagement, Exchange};
        let expected = accounts(&[(2, Exchange, 3), (1, Exchange, 5), (1, Engagement, 1), (3, Exchange, 0)]);
        assert_eq!(expected.ends(2), [(1, Exchange, 1), (1, Exchange, 3), (1, Exchange, 5), (2, Exchange, 2)]);
        assert_eq!(expected.ends(100), []);
        assert_eq!(accounts(&[]).ends(2), []);
    }

    #[test]
    fn accounts_are_split_where_half_of_the_rows_have_passed() {
        let middle = |postings: &[(i64, usize)], others: usize| {
            let postings: Vec<_> = postings.iter().map(|(number, count)| (*number, Book::Exchange, *count)).collect();
            let all = accounts(&postings);
            let middle = all.middle(others)?;
            let (first, second) = all.split_after(middle);
            assert_eq!(first.accounts.last().map(|(number, ..)| *number), Some(middle.0));
            assert_eq!(first.accounts.len() + second.accounts.len(), postings.len());
            Some(middle.0)
        };
        let even = [(1, 4), (2, 4), (3, 4), (4, 4)];
        assert_eq!(middle(&even, 0), Some(2));
        assert_eq!(middle(&even, 8), Some(3));
        assert_eq!(middle(&even, 100), Some(4));
        assert_eq!(middle(&[(1, 9), (2, 3)], 0), Some(1));
        assert_eq!(middle(&[(1, 1)], 0), Some(1));
        assert_eq!(middle(&[], 0), None);
    }
}
