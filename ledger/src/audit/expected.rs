//! What the acts say that the other tables should hold, and what of it has been found.

use std::collections::BTreeMap;
use std::fmt::Display;

use chrono::NaiveDate;

use super::{Check, ExchangeRow, Findings, Member, PostingRow};
use crate::{
    Digest, SkillNumber,
    account::{Book, PostingKind},
    exchange::{ExchangeState, Side},
    log::{TILE_WIDTH, TilePlace},
    policy::Policy,
    skill::Skill,
    state::reference_of,
};

/// What the acts say that the other tables should hold. Each row is held against it, then [`Expected::finish`] names
/// what was missing. Postings come in the order of their accounts and sequence numbers, exchanges in that of theirs.
#[derive(Debug)]
pub struct Expected {
    pub(super) findings: Findings,
    pub(super) act_count: i64,
    pub(super) root: Digest,
    pub(super) tiles: BTreeMap<TilePlace, Vec<Digest>>,
    pub(super) accounts: BTreeMap<(Book, i64), ExpectedAccount>,
    /// By number.
    pub(super) exchanges: Vec<ExpectedExchange>,
    /// How many of the exchanges have been looked at.
    pub(super) exchanges_seen: usize,
    /// Of each closed year, the act that closed it and what it committed to.
    pub(super) closings: BTreeMap<i32, (i64, Digest)>,
    /// By what they negate.
    pub(super) reversals: BTreeMap<i64, i64>,
    pub(super) members: BTreeMap<i64, Member>,
    pub(super) skills: BTreeMap<SkillNumber, Skill>,
    pub(super) policy: Option<Policy>,
    pub(super) first_year: Option<i32>,
}

/// An account as the acts have it.
#[derive(Debug, Default)]
pub(super) struct ExpectedAccount {
    pub(super) postings: Vec<ExpectedPosting>,
    pub(super) balance: i64,
    pub(super) totals: BTreeMap<(i32, PostingKind), i64>,
    /// How many of the postings have been looked at, and the balance, the minutes given and those received after them.
    pub(super) seen: usize,
    pub(super) running: i64,
    pub(super) given: i64,
    pub(super) received: i64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ExpectedPosting {
    pub(super) act: i64,
    pub(super) cause: i64,
    pub(super) minutes: i64,
    pub(super) booked: NaiveDate,
    pub(super) kind: PostingKind,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ExpectedExchange {
    pub(super) number: i64,
    pub(super) giver: i64,
    pub(super) receiver: i64,
    pub(super) minutes: i64,
    pub(super) date: NaiveDate,
    pub(super) skill: Option<i64>,
    pub(super) state: ExchangeState,
    pub(super) spoken_by: Side,
    pub(super) spoken_in: i64,
    pub(super) posted_in: Option<i64>,
    pub(super) replaces: Option<i64>,
    /// The year and the number of the reference that the ledger gave.
    pub(super) given_reference: Option<(i32, i64)>,
}

impl Expected {
    /// How many exchanges the acts know.
    pub fn exchange_count(&self) -> u64 {
        self.exchanges.len() as u64
    }

    /// How many acts there are.
    pub const fn act_count(&self) -> i64 {
        self.act_count
    }

    /// The root of the log over the acts' leaves.
    pub const fn root(&self) -> Digest {
        self.root
    }

    /// Holds a posting against the acts.
    pub fn posting(&mut self, row: &PostingRow<'_>) {
        self.findings.checked(Check::Postings, 1);
        let place = |sequence: i64| format!("posting {} {} n° {sequence}", row.book, row.account);
        let account = self.accounts.entry((row.book, row.account)).or_default();
        let index = usize::try_from(row.sequence - 1).unwrap_or(usize::MAX);
        let Some(expected) = account.postings.get(index).copied() else {
            let found = format!("{} min, acte {}", row.minutes, row.act);
            self.findings.problem(Check::Postings, place(row.sequence), Some(found), None);
            return;
        };
        account.look_through(index, &mut self.findings, (row.book, row.account));
        account.pass(&expected);
        let (running, totals) = (account.running, (account.given, account.received));
        let found = (row.act, row.cause, row.kind, row.minutes, row.booked);
        let wanted = (expected.act, expected.cause, expected.kind.as_str(), expected.minutes, expected.booked);
        if found != wanted {
            let columns = [
                ("act", found.0.to_string(), wanted.0.to_string()),
                ("cause", found.1.to_string(), wanted.1.to_string()),
                ("kind", found.2.to_owned(), wanted.2.to_owned()),
                ("minutes", found.3.to_string(), wanted.3.to_string()),
                ("booked", found.4.to_string(), wanted.4.to_string()),
            ];
            self.findings.expect_columns(Check::Postings, &place(row.sequence), &columns);
        }
        let place = || format!("balance {} {} n° {}", row.book, row.account, row.sequence);
        self.findings.expect(Check::Balances, &place, &row.balance, &running);
        self.findings.checked(Check::Totals, 1);
        let place = || format!("given, received {} {} n° {}", row.book, row.account, row.sequence);
        self.findings.expect(Check::Totals, &place, &(row.given, row.received), &totals);
    }

    /// Holds an exchange's row against the acts.
    pub fn exchange(&mut self, row: &ExchangeRow<'_>) {
        self.findings.checked(Check::Exchanges, 1);
        self.miss_exchanges(|number| number < row.exchange);
        let place = || format!("exchange {}", row.exchange);
        let expected = self.exchanges.get(self.exchanges_seen).filter(|expected| expected.number == row.exchange);
        let Some(expected) = expected else {
            self.findings.problem(Check::Exchanges, place(), Some(row.state.to_owned()), None);
            return;
        };
        self.exchanges_seen += 1;
        let reference = expected.given_reference.map(|(year, number)| reference_of(year, number)).unwrap_or_default();
        let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let is_same = row.giver == expected.giver
            && row.receiver == expected.receiver
            && row.minutes == expected.minutes
            && row.service_date == expected.date
            && row.skill == expected.skill
            && row.state == expected.state.as_str()
            && row.spoken_by == expected.spoken_by.as_str()
            && row.spoken_in == expected.spoken_in
            && row.posted_in == expected.posted_in
            && row.replaces == expected.replaces
            && row.given_reference == reference;
        if !is_same {
            let columns = [
                ("giver", row.giver.to_string(), expected.giver.to_string()),
                ("receiver", row.receiver.to_string(), expected.receiver.to_string()),
                ("minutes", row.minutes.to_string(), expected.minutes.to_string()),
                ("service_date", row.service_date.to_string(), expected.date.to_string()),
                ("skill", number(row.skill), number(expected.skill)),
                ("state", row.state.to_owned(), expected.state.to_string()),
                ("spoken_by", row.spoken_by.to_owned(), expected.spoken_by.to_string()),
                ("spoken_in", row.spoken_in.to_string(), expected.spoken_in.to_string()),
                ("posted_in", number(row.posted_in), number(expected.posted_in)),
                ("replaces", number(row.replaces), number(expected.replaces)),
                ("given_reference", row.given_reference.to_owned(), reference),
            ];
            self.findings.expect_columns(Check::Exchanges, &place(), &columns);
        }
    }

    /// Names the exchanges that should have come by now.
    fn miss_exchanges(&mut self, should_have_come: impl Fn(i64) -> bool) {
        while let Some(missing) = self.exchanges.get(self.exchanges_seen).filter(|next| should_have_come(next.number)) {
            let row = format!("exchange {}", missing.number);
            self.findings.problem(Check::Exchanges, row, None, Some(missing.state.to_string()));
            self.exchanges_seen += 1;
        }
    }

    /// Holds a year's closing against the acts.
    pub fn closing(&mut self, year: i32, act: i64, root: Digest) {
        self.findings.checked(Check::Years, 1);
        let expected = self.closings.remove(&year);
        self.findings.expect(Check::Years, &|| format!("year_closing {year}"), &Some((act, root)), &expected);
    }

    /// Holds a reversal's row against the acts.
    pub fn reversal(&mut self, target: i64, act: i64) {
        let expected = self.reversals.remove(&target);
        self.findings.expect(Check::Exchanges, &|| format!("reversal {target}"), &Some(act), &expected);
    }

    /// Holds a member's row against the acts.
    pub fn member(&mut self, number: i64, found: &Member) {
        self.findings.checked(Check::Registry, 1);
        let expected = self.members.remove(&number);
        self.findings.expect(Check::Registry, &|| format!("association {number}"), &Some(found), &expected.as_ref());
    }

    /// Holds a skill's row against the acts.
    pub fn skill(&mut self, found: &Skill) {
        self.findings.checked(Check::Registry, 1);
        let place = || format!("skill {}", found.number);
        let expected = self.skills.remove(&found.number);
        let name = expected.as_ref().map(|skill| &skill.name);
        self.findings.expect(Check::Registry, &place, &Some(&found.name), &name);
        let alignments = expected.as_ref().map(|skill| &skill.alignments);
        self.findings.expect(Check::Registry, &place, &Some(&found.alignments), &alignments);
    }

    /// Holds the rules in force against the acts.
    pub fn policy(&mut self, found: Option<Policy>) {
        self.findings.checked(Check::Registry, 1);
        self.findings.expect(Check::Registry, &|| "policy".to_owned(), &found, &self.policy);
    }

    /// Holds a tile of the log against the acts' leaves, hash by hash.
    pub fn tile(&mut self, place: TilePlace, hashes: &[Digest]) {
        let (level, index) = place;
        let expected = self.tiles.remove(&place).unwrap_or_default();
        for position in 0..hashes.len().max(expected.len()) {
            let (found, wanted) = (hashes.get(position), expected.get(position));
            if found != wanted {
                let leaf = index * TILE_WIDTH as u64 + position as u64;
                let row = match level {
                    0 => format!("log_tile 0 {index}, act {leaf}"),
                    _ => format!("log_tile {level} {index}, hash {position}"),
                };
                self.findings.problem(Check::Log, row, found.map(ToString::to_string), wanted.map(ToString::to_string));
            }
        }
        self.findings.checked(Check::Log, if level == 0 { hashes.len() as u64 } else { 0 });
    }

    /// Holds the head against the acts. Comes before the closings are.
    pub fn head(&mut self, next_act: i64, root: Digest, first_year: Option<i32>, closed_through: Option<i32>) {
        self.findings.expect(Check::Acts, &|| "head, next_act".to_owned(), &next_act, &self.act_count);
        self.findings.expect(Check::Log, &|| "head, root".to_owned(), &root, &self.root);
        self.findings.expect(Check::Years, &|| "head, first_year".to_owned(), &first_year, &self.first_year);
        let expected = self.closings.keys().max().copied();
        self.findings.expect(Check::Years, &|| "head, closed_through".to_owned(), &closed_through, &expected);
    }

    /// Names what should be there and was not seen, and ends the audit.
    pub fn finish(mut self) -> Findings {
        self.miss_exchanges(|_| true);
        let mut findings = self.findings;
        let mut sums = BTreeMap::from([(Book::Exchange, 0), (Book::Engagement, 0)]);
        for ((book, number), mut account) in self.accounts {
            account.look_through(account.postings.len(), &mut findings, (book, number));
            findings.checked(Check::Balances, 1);
            *sums.entry(book).or_default() += account.balance;
        }
        for (target, act) in &self.reversals {
            missing(&mut findings, Check::Exchanges, format!("reversal {target}"), act);
        }
        for (year, (act, _)) in &self.closings {
            missing(&mut findings, Check::Years, format!("year_closing {year}"), act);
        }
        for (number, member) in &self.members {
            missing(&mut findings, Check::Registry, format!("association {number}"), &member.name);
        }
        for (number, skill) in &self.skills {
            missing(&mut findings, Check::Registry, format!("skill {number}"), &skill.name);
        }
        for (level, index) in self.tiles.into_keys() {
            missing(&mut findings, Check::Log, format!("log_tile {level} {index}"), &"a tile");
        }
        for (book, sum) in sums {
            findings.expect(Check::Balances, &|| format!("balance {book}, sum"), &sum, &0);
        }
        findings
    }
}

impl ExpectedAccount {
    /// Goes on to the next posting.
    fn pass(&mut self, expected: &ExpectedPosting) {
        self.seen += 1;
        self.running += expected.minutes;
        match expected.kind {
            PostingKind::Given => self.given += expected.minutes,
            PostingKind::Received => self.received -= expected.minutes,
            _ => {}
        }
    }

    /// Names the postings before `end` that should have come by now.
    fn look_through(&mut self, end: usize, findings: &mut Findings, (book, number): (Book, i64)) {
        while self.seen < end {
            let expected @ ExpectedPosting { act, minutes, .. } = self.postings[self.seen];
            self.pass(&expected);
            let row = format!("posting {book} {number} n° {}", self.seen);
            findings.problem(Check::Postings, row, None, Some(format!("{minutes} min, acte {act}")));
        }
    }
}

fn missing(findings: &mut Findings, check: Check, row: String, expected: &dyn Display) {
    findings.problem(check, row, None, Some(expected.to_string()));
}
