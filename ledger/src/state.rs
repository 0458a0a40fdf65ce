//! What a decision needs to know, and how an accepted act changes it.
//!
//! A state is the part of a network that a batch of requests touches. The store fills it with what it reads, and keeps
//! what accounts and rules have become for the next batch; a simulator or an audit can fill it from nothing, since every
//! account and exchange begins empty.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::{
    ActNumber, Digest, ExchangeNumber, Minutes,
    account::{Account, AccountHead, Movements},
    act::{Act, Contributed},
    command::{Command, Key, Principal},
    exchange::{Exchange, ExchangeState},
    recognition::Recognition,
    registry::Registry,
    year::{Year, YearClosing},
};

/// The network's name outside of any database, and where its days begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its name outside of any database.
    pub uuid: Uuid,
    /// Its name among people.
    pub name: String,
    /// Its time zone.
    pub time_zone: Tz,
}

/// Where a network's acts have got to: one row, which each batch changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number that the next act bears; so many acts there are.
    pub next: ActNumber,
    /// When the last act was recorded.
    pub last_at: DateTime<Utc>,
    /// The last act that changed the registry.
    pub registry_act: ActNumber,
    /// The year whose references are being given, and the last number given in it.
    pub reference: (i32, i64),
    /// The first year with postings.
    pub first_year: Option<Year>,
    /// The last closed year; so are all before it.
    pub closed_through: Option<Year>,
}

impl Head {
    /// How many leaves the log has: one an act.
    pub fn log_size(&self) -> u64 {
        u64::try_from(self.next.0).unwrap_or_default()
    }
}

impl Default for Head {
    fn default() -> Self {
        Self {
            next: ActNumber(0),
            last_at: DateTime::UNIX_EPOCH,
            registry_act: ActNumber(0),
            reference: (0, 0),
            first_year: None,
            closed_through: None,
        }
    }
}

/// Something posted that can be reversed: a transfer, a balance brought in, hours. Exchanges are reversed as such.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reversible {
    /// What a reversal posts in book exchange.
    pub negation: Movements,
    /// What stands in book engagement.
    pub contributions: Vec<Contributed>,
    /// The day it was booked under.
    pub booked: NaiveDate,
    /// Whether it is reversed already.
    pub is_reversed: bool,
}

/// The part of a network that a batch of requests touches.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The network, once founded.
    pub network: Option<Network>,
    /// Where its acts have got to.
    pub head: Head,
    /// Members, persons, skills, rules.
    pub registry: Arc<Registry>,
    /// Accounts that have moved; the others are empty.
    pub accounts: HashMap<Account, AccountHead>,
    /// Exchanges.
    pub exchanges: HashMap<ExchangeNumber, Exchange>,
    /// Who spoke in the acts that wait for an answer.
    pub speakers: HashMap<ActNumber, Principal>,
    /// What was told of who did it: stands once the exchange is posted, waits before.
    pub contributions: HashMap<ExchangeNumber, Vec<Contributed>>,
    /// Transfers, balances and hours that may be reversed.
    pub reversible: HashMap<ActNumber, Reversible>,
    /// Keys in use, with the digest of their request and the act it became.
    pub keys: HashMap<Key, (Digest, ActNumber)>,
    /// References in use.
    pub references: HashSet<String>,
    /// What closing the year commits to, when a request asks for it.
    pub closing: Option<YearClosing>,
    /// Recognitions.
    pub recognitions: HashMap<ActNumber, Recognition>,
    /// Whether the association that asks to leave has exchanges waiting.
    pub has_open_exchanges: bool,
}

impl State {
    /// The current end of an account.
    pub fn account(&self, account: Account) -> AccountHead {
        self.accounts.get(&account).copied().unwrap_or_default()
    }

    /// Whether a year takes no more postings.
    pub fn is_closed(&self, year: Year) -> bool {
        self.head.closed_through.is_some_and(|last| year <= last)
    }

    /// Today in the network's time zone, at an instant.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        let zone = self.network.as_ref().map_or(Tz::UTC, |network| network.time_zone);
        now.with_timezone(&zone).date_naive()
    }

    /// Takes over what an accepted act changed.
    pub fn apply(&mut self, act: &Act) {
        let outcome = &act.outcome;
        self.head.next = ActNumber(act.number.0.saturating_add(1));
        self.head.last_at = act.at;
        self.keys.insert(act.key.clone(), (act.digest, act.number));
        if act.kind().changes_registry() {
            self.head.registry_act = act.number;
            Arc::make_mut(&mut self.registry).apply(act);
        }
        for posting in &outcome.postings {
            self.accounts.insert(posting.movement.account, posting.after);
        }
        if let (Some(booked), false) = (outcome.booked, outcome.postings.is_empty()) {
            let year = Year::of(booked);
            self.head.first_year = Some(self.head.first_year.map_or(year, |first| first.min(year)));
        }
        if let Some(exchange) = outcome.exchange {
            self.exchanges.insert(exchange.number, exchange);
            if exchange.spoken_in == act.number {
                self.speakers.insert(act.number, act.by.principal);
            }
        }
        if let Some(reference) = &outcome.reference {
            self.note_reference(&reference.text);
        }
        if let Some(recognition) = outcome.recognition {
            self.recognitions.insert(recognition.number, recognition);
        }
        self.apply_contributions(act);
        match &act.command {
            Command::FoundNetwork { uuid, name, time_zone } => {
                self.network = Some(Network { uuid: *uuid, name: name.clone(), time_zone: *time_zone });
            }
            Command::CloseYear { year } => self.head.closed_through = Some(*year),
            Command::Reverse { target, .. } => {
                if let Some(reversible) = self.reversible.get_mut(target) {
                    reversible.is_reversed = true;
                }
            }
            _ => {}
        }
    }

    fn apply_contributions(&mut self, act: &Act) {
        let Some(exchange) = act.outcome.exchange else { return };
        let told = self.contributions.entry(exchange.number).or_default();
        match (&act.command, exchange.state) {
            // What was told with the proposal either enters with the posting or, no longer fitting, is dropped.
            (Command::Confirm { .. } | Command::Settle { .. } | Command::Release { .. }, ExchangeState::Confirmed) => {
                told.clone_from(&act.outcome.contributions);
            }
            _ => told.extend(&act.outcome.contributions),
        }
    }

    /// Notes a reference as used; one that looks like the ledger's own moves its counter on.
    fn note_reference(&mut self, reference: &str) {
        if let Some((year, number)) = numbered_reference(reference)
            && year >= self.head.reference.0
        {
            let last = if year == self.head.reference.0 { self.head.reference.1 } else { 0 };
            self.head.reference = (year, last.max(number));
        }
        self.references.insert(reference.to_owned());
    }

    /// What was told of an exchange, summed.
    pub fn contributed(&self, exchange: ExchangeNumber) -> Option<Minutes> {
        let told = self.contributions.get(&exchange).map(Vec::as_slice).unwrap_or_default();
        Minutes::sum(told.iter().map(|contributed| contributed.minutes))
    }
}

/// A reference of the ledger's own form, `2026-000123`.
pub fn reference_of(year: i32, number: i64) -> String {
    format!("{year}-{number:06}")
}

/// Reads a reference of the ledger's own form, `2026-000123`: a year and at least six digits.
pub fn numbered_reference(reference: &str) -> Option<(i32, i64)> {
    let (year, number) = reference.split_once('-')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || number.len() < 6 || !is_number(year) || !is_number(number) {
        return None;
    }
    Some((year.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ledgers_own_references_are_numbered() {
        for (reference, expected) in [
            ("2026-000123", Some((2026, 123))),
            ("2026-1234567", Some((2026, 1_234_567))),
            ("2025-00001", None),
            ("fiche 12", None),
            ("2026-+00012", None),
        ] {
            assert_eq!(numbered_reference(reference), expected, "{reference}");
        }
    }
}
