//! The ledger's rules once more, as plainly as they can be said: no database, no batch, no double entry, only maps.
//!
//! It shares nothing with the deciding function. What it accepts, the ledger must accept, with the same number; what it
//! refuses, the ledger must refuse; and both must end with the same balances.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use ledger::command::{By, Capacity, Command, NewExchange, Principal, Request};
use ledger::contribution::{Contribution, Nature};
use ledger::exchange::Side;
use ledger::policy::{Limits, Policy};
use ledger::transfer::TransferReason;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is an act of that number.
    Accepted(i64),
    /// It is an act of that number, and the exchange waits because of a hard limit.
    Held(i64),
    /// It was an act of that number already.
    Repeated(i64),
    Refused,
}

/// The account of the fund, and the one that balances are brought in from.
const FUND: i64 = 0;
const OPENING: i64 = -1;

#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) giver: i64,
    pub(crate) receiver: i64,
    pub(crate) minutes: i64,
    pub(crate) date: NaiveDate,
    pub(crate) state: &'static str,
    pub(crate) spoken_by: Side,
    pub(crate) speaker: Principal,
    /// Minutes told of who did it, in all.
    told: i64,
}

/// Something else that can be reversed: who went down, who went up, and what was told of which exchange.
#[derive(Debug, Clone)]
struct Posted {
    moved: Option<(i64, i64, i64)>,
    told: Option<(i64, i64)>,
    reversed: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) today: NaiveDate,
    pub(crate) next: i64,
    pub(crate) balances: BTreeMap<i64, i64>,
    pub(crate) exchanges: BTreeMap<i64, Exchange>,
    /// Associations of each person, who may act for all of them.
    pub(crate) persons: BTreeMap<i64, Vec<i64>>,
    pub(crate) associations: Vec<i64>,
    suspended: BTreeSet<i64>,
    posted: BTreeMap<i64, Posted>,
    keys: BTreeMap<String, (String, i64)>,
    references: BTreeSet<String>,
    limits: BTreeMap<i64, Limits>,
    policy: Policy,
    booked: BTreeSet<i32>,
    closed: Option<i32>,
    /// Net movements of the group that is under way.
    group: Option<BTreeMap<i64, i64>>,
}

impl Model {
    /// A network that has just been founded.
    pub(crate) fn new(today: NaiveDate) -> Self {
        Self { today, next: 1, ..Self::default() }
    }

    pub(crate) fn submit(&mut self, request: &Request) -> Verdict {
        let asked = format!("{:?} {:?}", request.by, request.command);
        if let Some((before, act)) = self.keys.get(&format!("{:?}", request.key)) {
            return if *before == asked { Verdict::Repeated(*act) } else { Verdict::Refused };
        }
        let number = self.next;
        let Some(verdict) = self.may_act(request.by).then(|| self.carry_out(request, number)).flatten() else {
            return Verdict::Refused;
        };
        self.next += 1;
        self.keys.insert(format!("{:?}", request.key), (asked, number));
        verdict
    }

    /// All or nothing, with limits on the net of it all.
    pub(crate) fn submit_group(&mut self, requests: &[Request], overrides: bool) -> Option<Vec<Verdict>> {
        let closes = |request: &Request| matches!(request.command, Command::CloseYear { .. });
        if requests.len() > 1 && requests.iter().any(closes) {
            return None;
        }
        let mut after = Self { group: Some(BTreeMap::new()), ..self.clone() };
        let verdicts: Vec<Verdict> = requests.iter().map(|request| after.submit(request)).collect();
        let net = after.group.take().unwrap_or_default();
        let is_past = |(account, net): (&i64, &i64)| {
            let balance = after.balance(*account);
            after.is_past(*account, balance - net, balance)
        };
        if verdicts.contains(&Verdict::Refused) || (net.iter().any(is_past) && !overrides) {
            return None;
        }
        *self = after;
        Some(verdicts)
    }

    fn balance(&self, account: i64) -> i64 {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    fn may_act(&self, by: By) -> bool {
        match (by.principal, by.capacity) {
            (Principal::Operator, Capacity::Association(_)) => false,
            (Principal::Operator, _) => true,
            (Principal::Person(person), Capacity::Association(own)) => {
                self.persons.get(&person.0).is_some_and(|all| all.contains(&own.0))
            }
            (Principal::Person(_), _) => false,
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm a command")]
    fn carry_out(&mut self, request: &Request, number: i64) -> Option<Verdict> {
        let by = request.by;
        let accepted = Some(Verdict::Accepted(number));
        let coordinates = by.capacity == Capacity::Coordinator;
        match &request.command {
            Command::Propose { side, exchange: new, evidence } => {
                let speaker = if *side == Side::Giver { new.giver } else { new.receiver };
                match by.capacity {
                    Capacity::Association(_) if evidence.is_some() => return None,
                    Capacity::Association(own) if own == speaker && !self.suspended.contains(&own.0) => {}
                    Capacity::Coordinator => {}
                    _ => return None,
                }
                self.enter(number, new, *side, by.principal)?;
                accepted
            }
            Command::Record { exchange: new, .. } => {
                coordinates.then_some(())?;
                self.enter(number, new, Side::Giver, by.principal)?;
                Some(self.agree(number, number, false))
            }
            Command::Confirm { exchange, reason, .. } => {
                let at = self.exchange(exchange.0, &["proposed"])?;
                let stands_in = coordinates && reason.is_some() && !spoke(&at, by.principal);
                (stands_in || answers(&at, by)).then(|| self.agree(exchange.0, number, false))
            }
            Command::Amend { exchange, minutes, service_date } => {
                let at = self.exchange(exchange.0, &["proposed"])?;
                let changes = (at.minutes, at.date) != (minutes.get(), *service_date);
                let fits = self.fits(minutes.get()) && self.is_past_day(*service_date);
                (answers(&at, by) && changes && fits).then_some(())?;
                let exchange = self.exchanges.get_mut(&exchange.0)?;
                exchange.minutes = minutes.get();
                exchange.date = *service_date;
                exchange.spoken_by = exchange.spoken_by.other();
                exchange.speaker = by.principal;
                accepted
            }
            Command::Contest { exchange, .. } => {
                let at = self.exchange(exchange.0, &["proposed"])?;
                answers(&at, by).then(|| self.set(exchange.0, "contested", number))
            }
            Command::Withdraw { exchange } => {
                let at = self.exchange(exchange.0, &["proposed", "contested"])?;
                (side(&at, by) == Some(at.spoken_by)).then(|| self.set(exchange.0, "withdrawn", number))
            }
            Command::Dismiss { exchange, .. } => {
                let at = self.exchange(exchange.0, &["proposed", "contested", "held"])?;
                let needed = if at.state == "contested" { Capacity::Mediator } else { Capacity::Coordinator };
                (by.capacity == needed).then(|| self.set(exchange.0, "dismissed", number))
            }
            Command::Settle { exchange, minutes, .. } => {
                self.exchange(exchange.0, &["contested"])?;
                (by.capacity == Capacity::Mediator && self.fits(minutes.get())).then_some(())?;
                self.exchanges.get_mut(&exchange.0)?.minutes = minutes.get();
                Some(self.agree(exchange.0, number, false))
            }
            Command::Release { exchange, .. } => {
                self.exchange(exchange.0, &["held"])?;
                coordinates.then(|| self.agree(exchange.0, number, true))
            }
            Command::RequestCorrection { exchange, .. } => {
                let at = self.exchange(exchange.0, &["confirmed"])?;
                let side = side(&at, by)?;
                let exchange_now = self.exchanges.get_mut(&exchange.0)?;
                (exchange_now.spoken_by, exchange_now.speaker) = (side, by.principal);
                Some(self.set(exchange.0, "correction_requested", number))
            }
            Command::Keep { exchange, .. } => {
                let at = self.exchange(exchange.0, &["correction_requested"])?;
                (coordinates || answers(&at, by)).then(|| self.set(exchange.0, "confirmed", number))
            }
            Command::Reverse { target, .. } => self.reverse(target.0, by).then_some(Verdict::Accepted(number)),
            Command::TellContributions { exchange, contributions } => {
                let at = self.exchange(exchange.0, &["confirmed", "correction_requested"])?;
                let told = self.sum_of(at.giver, contributions)?;
                let acts_for = coordinates || side(&at, by) == Some(Side::Giver);
                (acts_for && !contributions.is_empty() && at.told + told <= at.minutes).then_some(())?;
                self.exchanges.get_mut(&exchange.0)?.told += told;
                self.posted.insert(number, Posted { moved: None, told: Some((exchange.0, told)), reversed: false });
                self.book(at.date);
                accepted
            }
            Command::GiveOwnHours { association, service_date, contribution, .. } => {
                let acts_for = coordinates || by.capacity == Capacity::Association(*association);
                let is_theirs = self.is_theirs(association.0, contribution);
                (acts_for && is_theirs && self.is_past_day(*service_date)).then_some(())?;
                self.posted.insert(number, Posted { moved: None, told: None, reversed: false });
                self.book(*service_date);
                accepted
            }
            Command::Transfer { from, to, minutes, reason, decision } => {
                let own = from.is_some_and(|from| by.capacity == Capacity::Association(from));
                let fits = match reason {
                    TransferReason::Gift => from.is_some(),
                    TransferReason::Dues => from.is_some() && to.is_none(),
                    TransferReason::Grant => from.is_none() && to.is_some() && decision.is_some(),
                    _ => false,
                };
                ((coordinates || own) && from != to && fits && (1..=10_000_000).contains(&minutes.get()))
                    .then_some(())?;
                let accounts = [from, to].map(|side| side.map_or(FUND, |association| association.0));
                self.pass_on(number, accounts, minutes.get(), self.today)?;
                accepted
            }
            Command::BringInBalance { association, minutes, date } => {
                let is_open = self.closed.is_none_or(|closed| date.year() > closed);
                (coordinates && minutes.get() != 0 && self.is_past_day(*date) && is_open).then_some(())?;
                self.pass_on(number, [OPENING, association.0], minutes.get(), *date)?;
                accepted
            }
            Command::SetLimits { association, limits, .. } => {
                coordinates.then_some(())?;
                match limits {
                    Some(limits) => self.limits.insert(association.0, *limits),
                    None => self.limits.remove(&association.0),
                };
                accepted
            }
            Command::AdoptPolicy { policy, .. } => {
                coordinates.then_some(())?;
                self.policy = *policy;
                accepted
            }
            Command::SetMembership { association, state, .. } => {
                coordinates.then_some(())?;
                let changes = match state.as_str() {
                    "suspended" => self.suspended.insert(association.0),
                    _ => self.suspended.remove(&association.0),
                };
                changes.then_some(Verdict::Accepted(number))
            }
            Command::DescribeAssociation { .. } | Command::CorrectPerson { .. } => {
                coordinates.then_some(Verdict::Accepted(number))
            }
            Command::CloseYear { year } => {
                let is_closed = self.closed.is_some_and(|closed| year.0 <= closed);
                let open = self.booked.iter().filter(|booked| self.closed.is_none_or(|closed| **booked > closed));
                let in_order = open.min().is_none_or(|open| *open >= year.0);
                (coordinates && !is_closed && in_order && year.0 < self.today.year()).then_some(())?;
                self.closed = Some(year.0);
                accepted
            }
            _ => None,
        }
    }

    fn enter(&mut self, number: i64, new: &NewExchange, spoken_by: Side, speaker: Principal) -> Option<()> {
        let told = self.sum_of(new.giver.0, &new.contributions)?;
        let replaces = new.replaces.is_none_or(|replaced| self.exchange(replaced.0, &["reversed"]).is_some());
        let is_free = new.reference.as_ref().is_none_or(|reference| !self.references.contains(reference));
        let fits = self.fits(new.minutes.get()) && self.is_past_day(new.service_date) && told <= new.minutes.get();
        (new.giver != new.receiver && fits && replaces && is_free).then_some(())?;
        self.references.extend(new.reference.clone());
        let (giver, receiver) = (new.giver.0, new.receiver.0);
        let (minutes, date) = (new.minutes.get(), new.service_date);
        let exchange = Exchange { giver, receiver, minutes, date, state: "proposed", spoken_by, speaker, told };
        self.exchanges.insert(number, exchange);
        Some(())
    }

    /// Both agree: the exchange is posted, or held when a hard limit stands against it.
    fn agree(&mut self, exchange: i64, number: i64, regardless: bool) -> Verdict {
        let Some(Exchange { giver, receiver, minutes, date, told, .. }) = self.exchanges.get(&exchange).cloned() else {
            return Verdict::Refused;
        };
        if !self.post(receiver, giver, minutes, regardless) {
            self.set(exchange, "held", number);
            return Verdict::Held(number);
        }
        self.book(date);
        if let Some(exchange) = self.exchanges.get_mut(&exchange) {
            exchange.told = if told <= minutes { told } else { 0 };
        }
        self.set(exchange, "confirmed", number)
    }

    fn reverse(&mut self, target: i64, by: By) -> bool {
        let coordinates = by.capacity == Capacity::Coordinator;
        if let Some(at) = self.exchanges.get(&target).cloned() {
            let may = coordinates || (at.state == "correction_requested" && answers(&at, by));
            if !may || !matches!(at.state, "confirmed" | "correction_requested") {
                return false;
            }
            self.set(target, "reversed", 0);
            self.move_freely(at.giver, at.receiver, at.minutes);
            return true;
        }
        let Some(posted) = self.posted.get(&target).filter(|posted| coordinates && !posted.reversed).cloned() else {
            return false;
        };
        if let Some((exchange, minutes)) = posted.told {
            let Some(exchange) = self.exchanges.get_mut(&exchange).filter(|exchange| exchange.state != "reversed")
            else {
                return false;
            };
            exchange.told -= minutes;
        }
        if let Some((from, to, minutes)) = posted.moved {
            self.move_freely(to, from, minutes);
        }
        self.posted.insert(target, Posted { reversed: true, ..posted });
        true
    }

    fn pass_on(&mut self, number: i64, [from, to]: [i64; 2], minutes: i64, booked: NaiveDate) -> Option<()> {
        self.post(from, to, minutes, false).then_some(())?;
        self.posted.insert(number, Posted { moved: Some((from, to, minutes)), told: None, reversed: false });
        self.book(booked);
        Some(())
    }

    /// Moves minutes unless a hard limit forbids it; a group is judged once, at its end.
    fn post(&mut self, from: i64, to: i64, minutes: i64, regardless: bool) -> bool {
        let moves = [(from, -minutes), (to, minutes)];
        let past = |(account, by): (i64, i64)| self.is_past(account, self.balance(account), self.balance(account) + by);
        if self.group.is_none() && !regardless && moves.into_iter().any(past) {
            return false;
        }
        for (account, by) in moves {
            if let Some(net) = &mut self.group {
                *net.entry(account).or_default() += by;
            }
        }
        self.move_freely(from, to, minutes);
        true
    }

    fn move_freely(&mut self, from: i64, to: i64, minutes: i64) {
        *self.balances.entry(from).or_default() -= minutes;
        *self.balances.entry(to).or_default() += minutes;
    }

    fn is_past(&self, account: i64, before: i64, after: i64) -> bool {
        let limits = match account {
            OPENING => return false,
            FUND => return after < before && after < 0,
            _ => self.limits.get(&account).unwrap_or(&self.policy.limits),
        };
        let floor = limits.hard_floor.is_some_and(|floor| after < before && after < floor.get());
        floor || limits.hard_ceiling.is_some_and(|ceiling| after > before && after > ceiling.get())
    }

    fn exchange(&self, number: i64, states: &[&str]) -> Option<Exchange> {
        self.exchanges.get(&number).filter(|exchange| states.contains(&exchange.state)).cloned()
    }

    fn set(&mut self, exchange: i64, state: &'static str, number: i64) -> Verdict {
        if let Some(exchange) = self.exchanges.get_mut(&exchange) {
            exchange.state = state;
        }
        Verdict::Accepted(number)
    }

    fn fits(&self, minutes: i64) -> bool {
        (1..=10_000_000).contains(&minutes) && minutes % i64::from(self.policy.step_minutes) == 0
    }

    fn is_past_day(&self, date: NaiveDate) -> bool {
        date <= self.today && date.year() > 1900
    }

    fn is_theirs(&self, association: i64, contribution: &Contribution) -> bool {
        let belongs = self.persons.get(&contribution.person.0).is_some_and(|all| all.contains(&association));
        belongs && contribution.minutes.get() > 0
    }

    /// The minutes of contributions to an exchange; `None` when one of them cannot be.
    fn sum_of(&self, giver: i64, contributions: &[Contribution]) -> Option<i64> {
        let fits = |one: &Contribution| self.is_theirs(giver, one) && one.nature != Nature::Governance;
        contributions.iter().all(fits).then(|| contributions.iter().map(|one| one.minutes.get()).sum())
    }

    /// The year of the first posting is the first that can be closed.
    fn book(&mut self, date: NaiveDate) {
        let is_closed = self.closed.is_some_and(|closed| date.year() <= closed);
        let year = if is_closed { self.today.year() } else { date.year() };
        self.booked.insert(year);
    }
}

fn side(exchange: &Exchange, by: By) -> Option<Side> {
    match by.capacity {
        Capacity::Association(own) if own.0 == exchange.giver => Some(Side::Giver),
        Capacity::Association(own) if own.0 == exchange.receiver => Some(Side::Receiver),
        _ => None,
    }
}

fn spoke(exchange: &Exchange, principal: Principal) -> bool {
    exchange.speaker == principal && principal != Principal::Operator
}

/// It is the other side that answers, by somebody else than the one who spoke.
fn answers(exchange: &Exchange, by: By) -> bool {
    side(exchange, by) == Some(exchange.spoken_by.other()) && !spoke(exchange, by.principal)
}
