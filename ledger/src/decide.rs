//! Decides what becomes of a request: `(state, request) → act`, or why not.
//!
//! Everything is checked before anything changes. The checks form a ladder, climbed in the order of [`Rejection`]:
//! the key, who asks, what it is about, the limits. Past the last rung nothing can fail. Neither a database nor a
//! clock nor chance is asked: what they would say is an argument.

mod engagement;
mod exchanges;
mod members;
mod movements;
mod proofs;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    ActNumber, AssociationNumber, Minutes, Rejection,
    account::{Account, Movements, Posting},
    act::{Act, Outcome, Text, TextField},
    association::{Association, MembershipState},
    clock::{SecretKey, Secrets},
    command::{Capacity, Command, Principal, Request, Seen},
    person::{Person, Role},
    policy::{LimitVerdict, Limits},
    state::State,
    year::Year,
};

/// No amount of an exchange, a transfer or a contribution is larger: about 19 years.
const MINUTES_MOST: i64 = 10_000_000;
/// No free text has more characters.
const TEXT_MOST: usize = 2_000;
/// No name, code or reference has more characters.
const NAME_MOST: usize = 200;

/// What the world outside supplies to a decision.
pub struct Outside<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// Fresh keys for commitments.
    pub secrets: &'a mut dyn Secrets,
}

/// What becomes of an accepted request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is new: this act is to be written.
    New(Box<Act>),
    /// It was accepted before, as the act of that number.
    Repeated(ActNumber),
}

impl Decision {
    /// The act's number.
    pub fn number(&self) -> ActNumber {
        match self {
            Self::New(act) => act.number,
            Self::Repeated(number) => *number,
        }
    }
}

/// Decides one request and, if it is accepted, applies it to the state.
///
/// # Errors
/// The first rejection on the ladder; the state is then as before.
pub fn decide(state: &mut State, request: &Request, outside: &mut Outside<'_>) -> Result<Decision, Rejection> {
    Judge::new(state, request, LimitMode::EachAct, outside).decision().inspect(|decision| {
        if let Decision::New(act) = decision {
            state.apply(act);
        }
    })
}

/// Decides requests that stand or fall together. Limits are checked on the net of them all.
///
/// With `override_reason`, hard limits that the group passes are noted with that reason on its first act, instead
/// of rejecting it.
///
/// # Errors
/// The index of the first request that is rejected, and why; the state is then as before.
pub fn decide_group(
    state: &mut State,
    requests: &[Request],
    override_reason: Option<&str>,
    outside: &mut Outside<'_>,
) -> Result<Vec<Decision>, (usize, Rejection)> {
    if let Some(index) = requests.iter().position(|request| request.command.stands_alone()) {
        let [alone] = requests else { return Err((index, Rejection::StandsAlone)) };
        return decide(state, alone, outside).map(|decision| vec![decision]).map_err(|rejection| (0, rejection));
    }
    let before = state.clone();
    let mut decisions = Vec::with_capacity(requests.len());
    for (index, request) in requests.iter().enumerate() {
        match Judge::new(state, request, LimitMode::WholeGroup, outside).decision() {
            Ok(decision) => {
                if let Decision::New(act) = &decision {
                    state.apply(act);
                }
                decisions.push(decision);
            }
            Err(rejection) => {
                *state = before;
                return Err((index, rejection));
            }
        }
    }
    let (past_hard, past_soft) = movements::net_limits_met(state, &decisions);
    if let Err(rejection) = check_override(&past_hard, override_reason) {
        *state = before;
        return Err((0, rejection));
    }
    let span = before.head.next..state.head.next;
    seal_group(&mut decisions, span.start, ActNumber(span.end.0.saturating_sub(1)));
    if let Some(Decision::New(first)) = decisions.iter_mut().find(|decision| matches!(decision, Decision::New(_))) {
        if let (false, Some(reason)) = (past_hard.is_empty(), override_reason) {
            let key = outside.secrets.key();
            first.outcome.texts.push(Text { field: TextField::Override, text: reason.trim().to_owned(), key });
        }
        first.outcome.overridden = past_hard;
        first.outcome.limits_met = past_soft;
    }
    Ok(decisions)
}

/// What a group would meet, request by request: for showing before doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rehearsal {
    /// Requests that would be rejected, by index.
    pub rejections: Vec<(usize, Rejection)>,
    /// Accounts that the others would take past a hard limit.
    pub past_hard: Vec<Account>,
    /// Accounts that the others would take past a soft limit.
    pub past_soft: Vec<Account>,
}

/// Decides requests as a group would, leaving out the ones that are rejected. The state is consumed: nothing is done.
pub fn rehearse(mut state: State, requests: &[Request], outside: &mut Outside<'_>) -> Rehearsal {
    let mut rehearsal = Rehearsal::default();
    let mut decisions = Vec::with_capacity(requests.len());
    for (index, request) in requests.iter().enumerate() {
        match Judge::new(&state, request, LimitMode::WholeGroup, outside).decision() {
            Ok(decision) => {
                if let Decision::New(act) = &decision {
                    state.apply(act);
                }
                decisions.push(decision);
            }
            Err(rejection) => rehearsal.rejections.push((index, rejection)),
        }
    }
    (rehearsal.past_hard, rehearsal.past_soft) = movements::net_limits_met(&state, &decisions);
    rehearsal
}

/// Past a hard limit a group needs a reason.
fn check_override(past_hard: &[Account], reason: Option<&str>) -> Result<(), Rejection> {
    match reason {
        _ if past_hard.is_empty() => Ok(()),
        Some(reason) => check_text("reason", reason, TEXT_MOST),
        None => Err(Rejection::HardLimitIsPassed(past_hard.to_vec())),
    }
}

/// Tells each new act which acts it came with.
fn seal_group(decisions: &mut [Decision], first: ActNumber, last: ActNumber) {
    for decision in decisions {
        if let Decision::New(act) = decision {
            act.group = Some((first, last));
        }
    }
}

/// When limits are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LimitMode {
    /// After each act.
    EachAct,
    /// Once, for the group's net.
    WholeGroup,
}

/// One request before the state: every check reads from here.
struct Judge<'a, 'o> {
    state: &'a State,
    request: &'a Request,
    mode: LimitMode,
    at: DateTime<Utc>,
    today: NaiveDate,
    secrets: &'a mut (dyn Secrets + 'o),
}

impl<'a, 'o> Judge<'a, 'o> {
    fn new(state: &'a State, request: &'a Request, mode: LimitMode, outside: &'a mut Outside<'o>) -> Self {
        let at = outside.now.max(state.head.last_at);
        Self { state, request, mode, at, today: state.today(at), secrets: outside.secrets }
    }

    fn decision(mut self) -> Result<Decision, Rejection> {
        if let Some((digest, act)) = self.state.keys.get(&self.request.key) {
            return if *digest == self.request.digest {
                Ok(Decision::Repeated(*act))
            } else {
                Err(Rejection::KeyWasUsedForAnotherRequest { act: *act })
            };
        }
        self.check_capacity()?;
        self.check_seen()?;
        let outcome = self.outcome()?;
        Ok(Decision::New(Box::new(Act {
            number: self.number(),
            at: self.at,
            key: self.request.key.clone(),
            digest: self.request.digest,
            by: self.request.by,
            group: None,
            command: self.request.command.clone(),
            outcome,
        })))
    }

    fn outcome(&mut self) -> Result<Outcome, Rejection> {
        match &self.request.command {
            Command::FoundNetwork { name, .. } => self.found(name),
            Command::ReceiveFile { name, .. } => self.receive_file(name),
            Command::AddAssociation(new) => self.add_association(new),
            Command::RenameAssociation { association, name, .. } => self.rename_association(*association, name),
            Command::SetMembership { association, state, reason } => self.set_membership(*association, *state, reason),
            Command::Leave { association, into, reason } => self.leave(*association, *into, reason),
            Command::AddPerson(identity) => self.add_person(identity),
            Command::Enrol { person, association } => self.enrol(person, *association),
            Command::GrantRole { person, role } => self.grant_role(*person, *role),
            Command::RevokeRole { person, role } => self.revoke_role(*person, *role),
            Command::IdentifyAssociation { association, identifier } => {
                self.identify_association(*association, identifier)
            }
            Command::AddSkill { name } => self.add_skill(name),
            Command::AlignSkill { skill, framework, alignment } => {
                self.align_skill(skill, *framework, alignment.as_ref())
            }
            Command::AdoptPolicy { policy, decision } => self.adopt_policy(policy, decision),
            Command::SetLimits { association, limits, decision } => self.set_limits(*association, *limits, decision),
            Command::SetMandate { association, partner, mandate } => self.set_mandate(*association, *partner, *mandate),
            Command::Propose { side, exchange } => self.propose(*side, exchange),
            Command::Record { exchange, evidence } => self.record(exchange, evidence),
            Command::Confirm { exchange, evidence, reason } => self.confirm(*exchange, evidence, reason.as_deref()),
            Command::Amend { exchange, minutes, service_date } => self.amend(*exchange, *minutes, *service_date),
            Command::Contest { exchange, reason } => self.contest(*exchange, reason),
            Command::Withdraw { exchange } => self.withdraw(*exchange),
            Command::Dismiss { exchange, reason } => self.dismiss(*exchange, reason),
            Command::Settle { exchange, minutes, reason } => self.settle(*exchange, *minutes, reason),
            Command::Release { exchange, reason } => self.release(*exchange, reason),
            Command::RequestCorrection { exchange, reason } => self.request_correction(*exchange, reason),
            Command::Keep { exchange, reason } => self.keep(*exchange, reason),
            Command::Reverse { target, reason } => self.reverse(*target, reason),
            Command::TellContributions { exchange, contributions } => self.tell_contributions(*exchange, contributions),
            Command::GiveOwnHours { association, service_date, skill, contribution } => {
                self.give_own_hours(*association, *service_date, skill.as_ref(), contribution)
            }
            Command::Transfer { from, to, minutes, reason, decision } => {
                self.transfer(*from, *to, *minutes, *reason, decision.as_deref())
            }
            Command::BringInBalance { association, minutes, date } => {
                self.bring_in_balance(*association, *minutes, *date)
            }
            Command::CloseYear { year } => self.close_year(*year),
            Command::AdoptKey { domain, .. } => self.adopt_key(domain.as_deref()),
            Command::IssueStatements { year, statements } => self.issue_statements(*year, statements),
            Command::Recognise { exchange, person, skill, level, context, activities } => {
                self.recognise(*exchange, *person, skill.as_ref(), *level, context, activities)
            }
            Command::AcceptRecognition { recognition, guardian } => {
                self.accept_recognition(*recognition, guardian.as_deref())
            }
            Command::WithdrawRecognition { recognition, reason } => self.withdraw_recognition(*recognition, reason),
            Command::ErasePerson { person } => self.erase_person(*person),
            Command::ReopenLog { .. } => self.reopen_log(),
        }
    }

    /// The number that the act will bear.
    fn number(&self) -> ActNumber {
        self.state.head.next
    }

    /// What the asker has seen is still so.
    fn check_seen(&self) -> Result<(), Rejection> {
        let is_so = self.request.seen.as_ref().is_none_or(|seen| match seen {
            Seen::Exchange(exchange) => self.state.exchanges.get(&exchange.number) == Some(exchange),
            Seen::Member(member) => self.state.registry.association(member.number) == Some(member),
            Seen::Policy(policy) => self.state.registry.policy() == &**policy,
        });
        if is_so { Ok(()) } else { Err(Rejection::ChangedMeanwhile) }
    }

    /// The principal is known and holds a role that lets them act in this capacity.
    fn check_capacity(&self) -> Result<(), Rejection> {
        let holds = |person: &Person, role: Role| person.roles.contains(&role);
        let is_held = match (self.request.by.principal, self.request.by.capacity) {
            (Principal::Operator, Capacity::Coordinator | Capacity::Mediator) => true,
            // Whoever holds the database may pass on that an association objects, which posts nothing; answering in
            // its name stays closed.
            (Principal::Operator, Capacity::Association(_)) => {
                matches!(self.request.command, Command::RequestCorrection { .. })
            }
            (Principal::Operator, Capacity::Oneself) => false,
            (Principal::Person(number), capacity) => {
                let person = self.state.registry.person(number).ok_or(Rejection::UnknownPerson(number))?;
                match capacity {
                    Capacity::Association(association) => {
                        holds(person, Role::Delegate(association)) || holds(person, Role::Administrator(association))
                    }
                    Capacity::Coordinator => holds(person, Role::Coordinator),
                    Capacity::Mediator => holds(person, Role::Mediator),
                    Capacity::Oneself => true,
                }
            }
        };
        if is_held { Ok(()) } else { Err(Rejection::RoleIsNotHeld) }
    }

    fn check_coordinator(&self) -> Result<(), Rejection> {
        match self.request.by.capacity {
            Capacity::Coordinator => Ok(()),
            Capacity::Association(_) | Capacity::Mediator | Capacity::Oneself => Err(Rejection::OnlyForTheCoordinator),
        }
    }

    fn association(&self, number: AssociationNumber) -> Result<&'a Association, Rejection> {
        self.state.registry.association(number).ok_or(Rejection::UnknownAssociation(number))
    }

    /// The member is known and in one of these states.
    fn association_in(
        &self,
        number: AssociationNumber,
        states: &[MembershipState],
    ) -> Result<&'a Association, Rejection> {
        let association = self.association(number)?;
        if states.contains(&association.state) {
            Ok(association)
        } else {
            Err(Rejection::AssociationIs(number, association.state))
        }
    }

    /// A date of service: not in the future, not absurdly old.
    fn check_date(&self, date: NaiveDate) -> Result<(), Rejection> {
        if date > self.today {
            return Err(Rejection::DateIsInTheFuture { date, today: self.today });
        }
        if Year::of(date) <= Year(1900) { Err(Rejection::DateIsTooOld(date)) } else { Ok(()) }
    }

    /// The booking date: the service date if its year is open, else today.
    fn booking(&self, service_date: NaiveDate) -> NaiveDate {
        if self.state.is_closed(Year::of(service_date)) { self.today } else { service_date }
    }

    /// A free text that has to be there, with a key for its commitment.
    fn text(&mut self, field: TextField, text: &str) -> Result<Text, Rejection> {
        check_text(field.as_str(), text, TEXT_MOST)?;
        Ok(Text { field, text: text.trim().to_owned(), key: self.secrets.key() })
    }

    fn key(&mut self) -> SecretKey {
        self.secrets.key()
    }

    /// Numbers movements in their accounts.
    fn postings(&self, movements: &Movements) -> Result<Vec<Posting>, Rejection> {
        movements::post(self.state, movements)
    }

    fn limits(&self, account: Account) -> Limits {
        movements::limits_of(self.state, account)
    }

    /// The accounts that postings take past a hard limit, and those past a soft one. For a group this is asked once,
    /// of its net, and so not here.
    fn limits_met(&self, postings: &[Posting]) -> (Vec<Account>, Vec<Account>) {
        let (mut hard, mut soft) = (Vec::new(), Vec::new());
        if self.mode == LimitMode::EachAct {
            for posting in postings {
                let account = posting.movement.account;
                let before = self.state.account(account).balance;
                match self.limits(account).judge(before, posting.after.balance) {
                    LimitVerdict::Within => {}
                    LimitVerdict::PastSoft => soft.push(account),
                    LimitVerdict::PastHard => hard.push(account),
                }
            }
        }
        (hard, soft)
    }
}

/// An amount of help or of a transfer: more than zero, and not absurd.
fn check_minutes(minutes: Minutes) -> Result<(), Rejection> {
    if (1..=MINUTES_MOST).contains(&minutes.get()) { Ok(()) } else { Err(Rejection::MinutesOutOfRange(minutes)) }
}

/// A text that has to say something, within bounds, and that every printer and parser takes as it stands.
fn check_text(field: &'static str, text: &str, most: usize) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::TextIsMissing(field));
    }
    if text.chars().count() > most {
        return Err(Rejection::TextIsTooLong(field, most));
    }
    let is_refused = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(is_refused) { Err(Rejection::TextHasControlCharacters(field)) } else { Ok(()) }
}
