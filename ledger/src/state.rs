//! What a decision needs to know, and how an accepted act changes it.
//!
//! A state is the part of a network that a batch of requests touches. The store fills it with what it reads, and keeps
//! what accounts and rules have become for the next batch. What was not asked for is not taken for absent: see
//! [`Loaded`]. A simulator or an audit begins with [`State::whole`], where nothing has happened yet and every account
//! is therefore known to be empty.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber,
    account::{Account, AccountHead, Book, Movements, PostingKind},
    act::{Act, Contributed, Reference},
    command::{Command, Key, Principal},
    exchange::Exchange,
    keyed::NetworkSecrets,
    loaded::{Loaded, NotLoaded},
    recognition::Recognition,
    registry::Registry,
    year::{Year, YearToClose},
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

impl Network {
    /// Its day, at an instant.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }
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
    /// The year whose references are being given, and the last number given in it. Those of other years stand in
    /// [`State::reference_counters`].
    pub reference: (i32, i64),
    /// The first year with postings.
    pub first_year: Option<Year>,
    /// The last closed year; so are all before it.
    pub closed_through: Option<Year>,
}

impl Head {
    /// How many leaves the log has: one an act. A number that no act can have, below zero, is no empty log but one so
    /// large that nothing proves anything about it.
    pub const fn log_size(&self) -> u64 {
        self.next.0.cast_unsigned()
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

/// An exchange, and what a decision about it must know besides: one cannot be had without the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownExchange {
    /// The exchange.
    pub exchange: Exchange,
    /// Who spoke for the side that spoke last: whoever did so may not answer as well.
    pub speaker: Principal,
    /// What was told of who did it: stands once the exchange is posted, waits before.
    pub told: Vec<Contributed>,
}

/// Whether an association has exchanges waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenExchanges {
    /// Which one.
    pub association: AssociationNumber,
    /// Whether it has any.
    pub any: bool,
}

impl Reversible {
    /// What an act posted, when it is of a kind that is reversed by its own number.
    fn of(act: &Act) -> Option<Self> {
        let moved = act.outcome.postings.iter().map(|posting| posting.movement);
        let exchanged: Vec<_> = moved.filter(|movement| movement.account.book() == Book::Exchange).collect();
        let negation = match exchanged.as_slice() {
            [] => Movements::default(),
            [to, from] => {
                let kind = PostingKind::Correction;
                Movements::pair((to.account, kind), (from.account, kind), to.minutes)?
            }
            _ => return None,
        };
        let contributions = act.outcome.contributions.clone();
        Some(Self { negation, contributions, booked: act.outcome.booked?, is_reversed: false })
    }
}

/// The part of a network that a batch of requests touches.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The network, once founded.
    pub network: Option<Network>,
    /// Where its acts have got to.
    pub head: Head,
    /// Members, persons, skills, rules: always all of them.
    pub registry: Arc<Registry>,
    /// Where accounts stand. One that never moved is said to be empty, not left out.
    pub accounts: Loaded<Account, AccountHead>,
    /// Exchanges.
    pub exchanges: Loaded<ExchangeNumber, KnownExchange>,
    /// Transfers, balances and hours that may be reversed, by the act that posted them.
    pub reversible: Loaded<ActNumber, Reversible>,
    /// References in use.
    pub references: Loaded<String, ()>,
    /// The last numbers of other years than the one whose references are being given: a clock that is set back goes on
    /// where that year was left.
    pub reference_counters: Loaded<i32, i64>,
    /// Recognitions.
    pub recognitions: Loaded<ActNumber, Recognition>,
    /// Domains that other networks are known by.
    pub domains: Loaded<String, ()>,
    /// What closing a year commits to, when a request asks for it.
    pub closing: Option<YearToClose>,
    /// Whether the association that asks to leave has exchanges waiting.
    pub open_exchanges: Option<OpenExchanges>,
    /// The network's secrets, once it is founded.
    pub secrets: Option<NetworkSecrets>,
    /// Keys in use, with what is kept of the digest of their request, and the act it became. The one thing that need not be looked up:
    /// no database takes a key twice, and one that is found there has the batch decided again.
    pub keys: HashMap<Key, (Digest, ActNumber)>,
    /// Keys in use for what is no act.
    pub keys_beside: HashSet<Key>,
}

impl State {
    /// A network of which nothing has happened yet, and of which all that will is known.
    pub fn whole() -> Self {
        Self {
            accounts: Loaded::whole(),
            exchanges: Loaded::whole(),
            reversible: Loaded::whole(),
            references: Loaded::whole(),
            reference_counters: Loaded::whole(),
            recognitions: Loaded::whole(),
            secrets: Some(NetworkSecrets::KNOWN),
            domains: Loaded::whole(),
            ..Self::default()
        }
    }

    /// The current end of an account.
    ///
    /// # Errors
    /// [`NotLoaded::Account`] when nobody has looked where it stands.
    pub fn account(&self, account: Account) -> Result<AccountHead, NotLoaded> {
        let found = self.accounts.look_up(&account).ok_or(NotLoaded::Account(account))?;
        Ok(found.copied().unwrap_or_default())
    }

    /// The exchange of that number, if there is one.
    ///
    /// # Errors
    /// [`NotLoaded::Exchange`] when nobody has looked.
    pub fn exchange(&self, number: ExchangeNumber) -> Result<Option<&KnownExchange>, NotLoaded> {
        self.exchanges.look_up(&number).ok_or(NotLoaded::Exchange(number))
    }

    /// What that act posted and a reversal may negate, if it posted such.
    ///
    /// # Errors
    /// [`NotLoaded::Reversible`] when nobody has looked.
    pub fn reversible(&self, act: ActNumber) -> Result<Option<&Reversible>, NotLoaded> {
        self.reversible.look_up(&act).ok_or(NotLoaded::Reversible(act))
    }

    /// The recognition of that number, if there is one.
    ///
    /// # Errors
    /// [`NotLoaded::Recognition`] when nobody has looked.
    pub fn recognition(&self, number: ActNumber) -> Result<Option<&Recognition>, NotLoaded> {
        self.recognitions.look_up(&number).ok_or(NotLoaded::Recognition(number))
    }

    /// Whether an exchange bears that reference.
    ///
    /// # Errors
    /// [`NotLoaded::Reference`] when nobody has looked.
    pub fn is_referenced(&self, reference: &str) -> Result<bool, NotLoaded> {
        let found = self.references.look_up(reference);
        found.map(|found| found.is_some()).ok_or_else(|| NotLoaded::Reference(reference.to_owned()))
    }

    /// The last number that references of that year have got to; 0 before the first.
    ///
    /// # Errors
    /// [`NotLoaded::ReferenceCounter`] when nobody has looked.
    pub fn reference_counter(&self, year: i32) -> Result<i64, NotLoaded> {
        if year == self.head.reference.0 {
            return Ok(self.head.reference.1);
        }
        let found = self.reference_counters.look_up(&year).ok_or(NotLoaded::ReferenceCounter(year))?;
        Ok(found.copied().unwrap_or_default())
    }

    /// Whether another network is known by that domain.
    ///
    /// # Errors
    /// [`NotLoaded::Domain`] when nobody has looked.
    pub fn is_anothers_domain(&self, domain: &str) -> Result<bool, NotLoaded> {
        let found = self.domains.look_up(domain);
        found.map(|found| found.is_some()).ok_or_else(|| NotLoaded::Domain(domain.to_owned()))
    }

    /// What closing that year commits to, with all that came before.
    ///
    /// # Errors
    /// [`NotLoaded::YearClosing`] when nobody has summed it up, or of another year.
    pub fn closing(&self, year: Year) -> Result<YearToClose, NotLoaded> {
        self.closing.filter(|asked| asked.closing.year == year).ok_or(NotLoaded::YearClosing(year))
    }

    /// Whether an association has exchanges waiting.
    ///
    /// # Errors
    /// [`NotLoaded::OpenExchanges`] when nobody has looked, or for another association.
    pub fn has_open_exchanges(&self, association: AssociationNumber) -> Result<bool, NotLoaded> {
        let said = self.open_exchanges.filter(|said| said.association == association);
        said.map(|said| said.any).ok_or(NotLoaded::OpenExchanges(association))
    }

    /// Whether a year takes no more postings.
    pub fn is_closed(&self, year: Year) -> bool {
        self.head.closed_through.is_some_and(|last| year <= last)
    }

    /// Today in the network's time zone, at an instant.
    ///
    /// # Errors
    /// [`NotLoaded::Network`] when it is not known which network this is: an hour's difference can be another year.
    pub fn today(&self, now: DateTime<Utc>) -> Result<NaiveDate, NotLoaded> {
        let network = self.network.as_ref().ok_or(NotLoaded::Network)?;
        Ok(network.day_of(now))
    }

    /// Lets go of what acts from this one on brought in, for whoever decides more of them than memory holds: the exchanges,
    /// what may be reversed, and their keys. Where they are asked for after all, they are looked up.
    pub fn forget_since(&mut self, first: ActNumber) {
        self.exchanges.retain(|exchange| exchange.0 < first.0);
        self.reversible.retain(|act| *act < first);
        self.recognitions.retain(|act| *act < first);
        self.keys.retain(|_, (_, act)| *act < first);
    }

    /// Takes over what an accepted act changed.
    ///
    /// # Errors
    /// When the act is about something that the state does not hold. The state is then of no more use.
    pub fn apply(&mut self, act: &Act) -> Result<(), NotLoaded> {
        let outcome = &act.outcome;
        self.head.next = act.number.next();
        self.head.last_at = act.at;
        self.keys.insert(act.key.clone(), (act.digest, act.number));
        // Both spoke of all that came before this act, and so no longer hold.
        self.closing = None;
        self.open_exchanges = None;
        self.secrets = outcome.secrets.or(self.secrets);
        if act.kind().changes_registry() {
            self.head.registry_act = act.number;
            Arc::make_mut(&mut self.registry).apply(act)?;
        }
        for posting in &outcome.postings {
            self.accounts.insert(posting.movement.account, posting.after);
        }
        if let (Some(booked), false) = (outcome.booked, outcome.postings.is_empty()) {
            let year = Year::of(booked);
            self.head.first_year = Some(self.head.first_year.map_or(year, |first| first.min(year)));
        }
        if let Some(reference) = &outcome.reference {
            self.note_reference(reference)?;
        }
        if let Some(recognition) = outcome.recognition {
            self.recognitions.insert(recognition.number, recognition);
        }
        if let Some(exchange) = outcome.exchange {
            self.apply_exchange(exchange, act)?;
        }
        self.apply_command(act)
    }

    fn apply_exchange(&mut self, exchange: Exchange, act: &Act) -> Result<(), NotLoaded> {
        let told = &act.outcome.contributions;
        if exchange.number.0 == act.number.0 {
            let known = KnownExchange { exchange, speaker: act.by.principal, told: told.clone() };
            self.exchanges.insert(exchange.number, known);
            return Ok(());
        }
        let known = self.exchanges.get_mut(&exchange.number).ok_or(NotLoaded::Exchange(exchange.number))?;
        // What was told with the proposal either enters with the posting or, no longer fitting, is dropped.
        if exchange.posted_in == Some(act.number) {
            known.told.clone_from(told);
        } else {
            known.told.extend(told);
        }
        if exchange.spoken_in == act.number {
            known.speaker = act.by.principal;
        }
        known.exchange = exchange;
        Ok(())
    }

    fn apply_command(&mut self, act: &Act) -> Result<(), NotLoaded> {
        match &act.command {
            Command::FoundNetwork { uuid, name, time_zone } => {
                self.network = Some(Network { uuid: *uuid, name: name.clone(), time_zone: *time_zone });
            }
            Command::CloseYear { year } => self.head.closed_through = Some(*year),
            Command::Reverse { target, .. } => {
                // An exchange that is reversed says so itself.
                if act.outcome.exchange.is_none_or(|exchange| exchange.number.0 != target.0) {
                    self.reversible.get_mut(target).ok_or(NotLoaded::Reversible(*target))?.is_reversed = true;
                }
            }
            Command::Transfer { .. }
            | Command::BringInBalance { .. }
            | Command::GiveOwnHours { .. }
            | Command::TellContributions { .. } => {
                if let Some(posted) = Reversible::of(act) {
                    self.reversible.insert(act.number, posted);
                }
            }
            Command::ReceiveFile { .. }
            | Command::AddAssociation(_)
            | Command::RenameAssociation { .. }
            | Command::SetMembership { .. }
            | Command::Leave { .. }
            | Command::AddPerson(_)
            | Command::CorrectPerson { .. }
            | Command::Enrol { .. }
            | Command::GrantRole { .. }
            | Command::RevokeRole { .. }
            | Command::AddSkill { .. }
            | Command::AlignSkill { .. }
            | Command::IdentifyAssociation { .. }
            | Command::DescribeAssociation { .. }
            | Command::AdoptPolicy { .. }
            | Command::SetLimits { .. }
            | Command::SetMandate { .. }
            | Command::Propose { .. }
            | Command::Record { .. }
            | Command::Confirm { .. }
            | Command::Amend { .. }
            | Command::Contest { .. }
            | Command::Withdraw { .. }
            | Command::Dismiss { .. }
            | Command::Settle { .. }
            | Command::Release { .. }
            | Command::RequestCorrection { .. }
            | Command::Keep { .. }
            | Command::AdoptKey { .. }
            | Command::IssueStatements { .. }
            | Command::Recognise { .. }
            | Command::AcceptRecognition { .. }
            | Command::WithdrawRecognition { .. }
            | Command::ErasePerson { .. }
            | Command::ReopenLog { .. } => {}
        }
        Ok(())
    }

    /// Notes a reference as used; one that looks like the ledger's own moves the counter of its year on. The year of the
    /// last one that was given is the one that goes on.
    fn note_reference(&mut self, Reference { text, key }: &Reference) -> Result<(), NotLoaded> {
        if let Some((year, number)) = numbered_reference(text) {
            let last = self.reference_counter(year)?.max(number);
            let is_given = key.is_none();
            if is_given && year != self.head.reference.0 {
                let (before, last_before) = std::mem::replace(&mut self.head.reference, (year, last));
                self.reference_counters.insert(before, last_before);
            } else if year == self.head.reference.0 {
                self.head.reference.1 = last;
            } else {
                self.reference_counters.insert(year, last);
            }
        }
        self.references.insert(text.clone(), ());
        Ok(())
    }
}

/// No reference of the ledger's own form that is brought in has a larger number: those that are given after it are still
/// read aloud.
pub(crate) const BROUGHT_IN_MOST: i64 = 999_999;
/// No year has so many exchanges. Where a reference has a larger number, it was brought in before such were refused, or
/// given after one of those.
pub const REFERENCES_MOST: i64 = 999_999_999;

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
