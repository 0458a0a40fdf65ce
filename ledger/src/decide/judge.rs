//! One request before the state: what every check reads from, and the checks that most decisions share.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    answer::{LimitsMet, Refusal},
    limits,
};
use crate::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, PersonNumber, Rejection, SkillNumber,
    account::{Movements, Posting},
    act::{Text, TextField},
    association::{Association, MembershipState},
    clock::{SecretKey, Secrets},
    command::{Capacity, Command, Principal, Request, Seen},
    loaded::NotLoaded,
    person::{Person, Role},
    printable::unreadable_in,
    skill::SkillRef,
    state::{KnownExchange, State},
    year::{self, Year},
};

/// No amount of an exchange, a transfer or a contribution is larger: about 19 years.
const MINUTES_MOST: i64 = 10_000_000;
/// No free text has more characters.
pub(super) const TEXT_MOST: usize = 2_000;
/// No name, code or reference has more characters.
pub(super) const NAME_MOST: usize = 200;

/// When limits are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitMode {
    /// After each act.
    EachAct,
    /// Once, for the group's net.
    WholeGroup,
}

/// One request before the state: every check reads from here.
pub(super) struct Judge<'a, 'o> {
    pub(super) state: &'a State,
    pub(super) request: &'a Request,
    mode: LimitMode,
    /// When the act is recorded: never before the one before it.
    pub(super) at: DateTime<Utc>,
    pub(super) today: NaiveDate,
    secrets: &'a mut (dyn Secrets + 'o),
}

impl<'a, 'o> Judge<'a, 'o> {
    pub(super) fn new(
        state: &'a State,
        request: &'a Request,
        mode: LimitMode,
        now: DateTime<Utc>,
        secrets: &'a mut (dyn Secrets + 'o),
    ) -> Result<Self, NotLoaded> {
        let at = now.max(state.head.last_at);
        let today = match (&state.network, &request.command) {
            // The network that is being founded says itself where its days begin.
            (None, Command::FoundNetwork { time_zone, .. }) => now.with_timezone(time_zone).date_naive(),
            // Only the instants of acts never go back: a clock that was ahead once does not rule the days after it.
            _ => state.today(now)?,
        };
        Ok(Self { state, request, mode, at, today, secrets })
    }

    /// The number that the act will bear.
    pub(super) fn number(&self) -> ActNumber {
        self.state.head.next
    }

    /// The ids by which it is asked still name what they named.
    pub(super) fn check_generation(&self) -> Result<(), Rejection> {
        let present = self.state.registry.generations().present().generation;
        let is_present = self.request.generation.is_none_or(|generation| generation == present);
        if is_present { Ok(()) } else { Err(Rejection::LogWasReopened) }
    }

    /// What the asker has seen is still so.
    pub(super) fn check_seen(&self) -> Result<(), Refusal> {
        let Some(seen) = &self.request.seen else { return Ok(()) };
        let is_so = match seen {
            Seen::Exchange(seen) => {
                let known = self.state.exchange(seen.number)?;
                known.is_some_and(|known| known.exchange == **seen)
            }
            Seen::Member(member) => self.state.registry.association(member.number) == Some(member),
            Seen::Policy(policy) => self.state.registry.policy() == &**policy,
        };
        if is_so { Ok(()) } else { Err(Rejection::ChangedMeanwhile.into()) }
    }

    /// The principal is known and holds a role that lets them act in this capacity.
    pub(super) fn check_capacity(&self) -> Result<(), Rejection> {
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

    pub(super) fn check_coordinator(&self) -> Result<(), Rejection> {
        match self.request.by.capacity {
            Capacity::Coordinator => Ok(()),
            Capacity::Association(_) | Capacity::Mediator | Capacity::Oneself => Err(Rejection::OnlyForTheCoordinator),
        }
    }

    pub(super) fn association(&self, number: AssociationNumber) -> Result<&'a Association, Rejection> {
        self.state.registry.association(number).ok_or(Rejection::UnknownAssociation(number))
    }

    /// The member is known and in one of these states.
    pub(super) fn association_in(
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

    /// A date of service: not in the future, and not of so long ago that it is a slip. Nobody notes help of 1925 but by
    /// one, and every year since would have to be closed first.
    pub(super) fn check_date(&self, date: NaiveDate) -> Result<(), Rejection> {
        if date > self.today {
            return Err(Rejection::DateIsInTheFuture { date, today: self.today });
        }
        let oldest = if self.request.long_ago { year::OLDEST_DAY } else { year::oldest_plausible(self.today) };
        if date < oldest { Err(Rejection::DateIsTooOld { date, oldest }) } else { Ok(()) }
    }

    /// The booking date: the service date if its year is open, else today. Where today's year is closed, which takes a
    /// clock that was ahead, it is the first day that is open.
    pub(super) fn booking(&self, service_date: NaiveDate) -> NaiveDate {
        if !self.state.is_closed(Year::of(service_date)) {
            return service_date;
        }
        let first_open = self.state.head.closed_through.and_then(|closed| closed.next().days()).map(|(first, _)| first);
        self.today.max(first_open.unwrap_or(self.today))
    }

    /// A free text that has to be there, with a key for its commitment.
    pub(super) fn text(&mut self, field: TextField, text: &str) -> Result<Text, Rejection> {
        check_text(field.as_str(), text, TEXT_MOST)?;
        Ok(Text { field, text: text.trim().to_owned(), key: self.secrets.key() })
    }

    pub(super) fn key(&mut self) -> SecretKey {
        self.secrets.key()
    }

    /// Numbers movements in their accounts.
    pub(super) fn postings(&self, movements: &Movements) -> Result<Vec<Posting>, Refusal> {
        let mut postings: Vec<Posting> = Vec::new();
        for movement in movements.iter() {
            let account = movement.account;
            let same = postings.iter().rev().find(|posting| posting.movement.account == account);
            let before = match same {
                Some(posting) => posting.after,
                None => self.state.account(account)?,
            };
            let after = before.after(movement).ok_or(Rejection::BalanceOutOfRange(account))?;
            postings.push(Posting { movement: *movement, after });
        }
        Ok(postings)
    }

    /// The limits past which postings take accounts. For a group this is asked once, of its net, and so not here.
    pub(super) fn limits_met(&self, postings: &[Posting]) -> Result<LimitsMet, NotLoaded> {
        match self.mode {
            LimitMode::EachAct => limits::of_postings(self.state, postings),
            LimitMode::WholeGroup => Ok(LimitsMet::default()),
        }
    }

    pub(super) fn exchange(&self, number: ExchangeNumber) -> Result<&'a KnownExchange, Refusal> {
        Ok(self.state.exchange(number)?.ok_or(Rejection::UnknownExchange(number))?)
    }

    pub(super) fn person(&self, number: PersonNumber) -> Result<&'a Person, Rejection> {
        self.state.registry.person(number).ok_or(Rejection::UnknownPerson(number))
    }

    /// The skill's number; no skill at all is fine too.
    pub(super) fn skill(&self, skill: Option<&SkillRef>) -> Result<Option<SkillNumber>, Rejection> {
        skill.map(|skill| self.known_skill(skill)).transpose()
    }

    pub(super) fn known_skill(&self, skill: &SkillRef) -> Result<SkillNumber, Rejection> {
        skill.find(self.state.registry.skills()).ok_or_else(|| match skill {
            SkillRef::Number(number) => Rejection::UnknownSkill(number.to_string()),
            SkillRef::Name(name) => Rejection::UnknownSkill(name.clone()),
        })
    }
}

/// An amount of help or of a transfer: more than zero, and not absurd.
pub(super) fn check_minutes(minutes: Minutes) -> Result<(), Rejection> {
    if (1..=MINUTES_MOST).contains(&minutes.get()) { Ok(()) } else { Err(Rejection::MinutesOutOfRange(minutes)) }
}

/// A text that has to say something, within bounds, and that every printer and parser takes as it stands.
pub(super) fn check_text(field: &'static str, text: &str, most: usize) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::TextIsMissing(field));
    }
    if text.chars().count() > most {
        return Err(Rejection::TextIsTooLong(field, most));
    }
    unreadable_in(text).map_or(Ok(()), |found| Err(Rejection::TextHasControlCharacters(field, found)))
}
