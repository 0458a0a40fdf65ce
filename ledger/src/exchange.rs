//! An exchange and its life: proposed, answered by the other side, posted; perhaps contested, held, corrected.
//!
//! Each step consumes the exchange and returns the next one, or says in which state it is and why that forbids
//! the step. Who may take a step, and whether the limits let it post, is decided in `decide`.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, SkillNumber,
    account::{Account, Movements, PostingKind},
    policy::Policy,
    text_enum::text_enum,
};

text_enum! {
    /// One of an exchange's two associations.
    pub enum Side {
        /// The one that helped.
        Giver => "giver",
        /// The one that was helped.
        Receiver => "receiver",
    }
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Giver => Self::Receiver,
            Self::Receiver => Self::Giver,
        }
    }
}

text_enum! {
    /// Where an exchange stands.
    pub enum ExchangeState {
        /// One side has said so; the other has not answered yet.
        Proposed => "proposed",
        /// The other side disagrees; a mediator settles it.
        Contested => "contested",
        /// Both agree, a hard limit stands against it: the coordinator decides when to post it.
        Held => "held",
        /// Posted.
        Confirmed => "confirmed",
        /// Posted, and one side says that it is wrong.
        CorrectionRequested => "correction_requested",
        /// Posted, and negated by a reversal.
        Reversed => "reversed",
        /// Taken back by the side that proposed it.
        Withdrawn => "withdrawn",
        /// Closed without posting by the coordinator or a mediator.
        Dismissed => "dismissed",
    }
}

impl ExchangeState {
    /// Whether somebody still has to act: not posted, and not closed.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Contested | Self::Held)
    }

    /// Whether a mediator has to settle it.
    pub const fn waits_for_a_mediator(self) -> bool {
        matches!(self, Self::Contested)
    }

    /// Whether its postings stand in the accounts.
    pub const fn is_posted(self) -> bool {
        matches!(self, Self::Confirmed | Self::CorrectionRequested)
    }

    /// Whether it is help that somebody says was given, and nobody took back.
    pub const fn stands(self) -> bool {
        self.is_open() || self.is_posted()
    }
}

text_enum! {
    /// Who has to act for an exchange to go on.
    pub enum Awaited {
        /// The association that helped.
        Giver => "giver",
        /// The association that was helped.
        Receiver => "receiver",
        /// A mediator who belongs to neither side.
        Mediator => "mediator",
        /// The network's coordinator.
        Coordinator => "coordinator",
    }
}

impl From<Side> for Awaited {
    fn from(side: Side) -> Self {
        match side {
            Side::Giver => Self::Giver,
            Side::Receiver => Self::Receiver,
        }
    }
}

/// What the two sides agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The association that helped.
    pub giver: AssociationNumber,
    /// The association that was helped.
    pub receiver: AssociationNumber,
    /// Person-minutes: four people for two hours are 480.
    pub minutes: Minutes,
    /// When help was given.
    pub service_date: NaiveDate,
    /// Which skill; `None` is a hand that needs no particular one.
    pub skill: Option<SkillNumber>,
}

impl Terms {
    /// The side that an association is on, if it is on one.
    pub fn side_of(&self, association: AssociationNumber) -> Option<Side> {
        if association == self.giver {
            Some(Side::Giver)
        } else if association == self.receiver {
            Some(Side::Receiver)
        } else {
            None
        }
    }

    /// The association on a side.
    pub const fn association(&self, side: Side) -> AssociationNumber {
        match side {
            Side::Giver => self.giver,
            Side::Receiver => self.receiver,
        }
    }

    /// What confirming posts in book exchange.
    pub fn movements(&self) -> Option<Movements> {
        let given = (Account::Association(self.giver), PostingKind::Given);
        let received = (Account::Association(self.receiver), PostingKind::Received);
        Movements::pair(received, given, self.minutes)
    }
}

/// An exchange in one of its states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// The act that proposed or recorded it.
    pub number: ExchangeNumber,
    /// What it is about, as last proposed.
    pub terms: Terms,
    /// Where it stands.
    pub state: ExchangeState,
    /// The side that spoke last; the other one has to answer. After a request for correction, the side that asks.
    pub spoken_by: Side,
    /// The act in which that side spoke: who did so may not answer as well.
    pub spoken_in: ActNumber,
    /// The act that posted it, once one has.
    pub posted_in: Option<ActNumber>,
    /// The exchange that this one replaces.
    pub replaces: Option<ExchangeNumber>,
}

/// A step in the life of an exchange. An amendment, which changes the terms, is [`Exchange::amended`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The other side, or the coordinator with evidence, agrees.
    Confirm,
    /// The other side disagrees.
    Contest,
    /// The side that proposed takes it back.
    Withdraw,
    /// The coordinator closes what nobody answers, what is held, or a mediator what is contested.
    Dismiss,
    /// A mediator decides that it happened.
    Settle,
    /// The coordinator posts what was held.
    Release,
    /// A side says that what was posted is wrong.
    RequestCorrection,
    /// The request is answered with no.
    Keep,
    /// What was posted is negated.
    Reverse,
}

/// The exchange's state does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOpenToThat {
    /// Which exchange.
    pub exchange: ExchangeNumber,
    /// Its state.
    pub state: ExchangeState,
}

impl Exchange {
    /// Takes a step that leaves the terms as they are.
    ///
    /// # Errors
    /// When the state forbids the step.
    pub fn step(self, step: Step) -> Result<Self, NotOpenToThat> {
        use ExchangeState::{
            Confirmed, Contested, CorrectionRequested, Dismissed, Held, Proposed, Reversed, Withdrawn,
        };
        let next = match (step, self.state) {
            (Step::Confirm, Proposed)
            | (Step::Settle, Contested)
            | (Step::Release, Held)
            | (Step::Keep, CorrectionRequested) => Confirmed,
            (Step::Contest, Proposed) => Contested,
            (Step::Withdraw, Proposed | Contested) => Withdrawn,
            (Step::Dismiss, Proposed | Contested | Held) => Dismissed,
            (Step::RequestCorrection, Confirmed) => CorrectionRequested,
            (Step::Reverse, Confirmed | CorrectionRequested) => Reversed,
            (
                Step::Confirm
                | Step::Contest
                | Step::Withdraw
                | Step::Dismiss
                | Step::Settle
                | Step::Release
                | Step::RequestCorrection
                | Step::Keep
                | Step::Reverse,
                state,
            ) => return Err(NotOpenToThat { exchange: self.number, state }),
        };
        Ok(Self { state: next, ..self })
    }

    /// The other side answers with other minutes or another date: the proposal goes back to the first side.
    ///
    /// # Errors
    /// Unless it is proposed.
    pub fn amended(
        self,
        by: Side,
        act: ActNumber,
        minutes: Minutes,
        service_date: NaiveDate,
    ) -> Result<Self, NotOpenToThat> {
        if self.state != ExchangeState::Proposed {
            return Err(NotOpenToThat { exchange: self.number, state: self.state });
        }
        let terms = Terms { minutes, service_date, ..self.terms };
        Ok(Self { terms, spoken_by: by, spoken_in: act, ..self })
    }

    /// Who has to act, if anybody has. What was posted waits only while a correction is asked for.
    pub fn waits_for(&self) -> Option<Awaited> {
        match self.state {
            ExchangeState::Proposed | ExchangeState::CorrectionRequested => Some(self.spoken_by.other().into()),
            ExchangeState::Contested => Some(Awaited::Mediator),
            ExchangeState::Held => Some(Awaited::Coordinator),
            ExchangeState::Confirmed
            | ExchangeState::Reversed
            | ExchangeState::Withdrawn
            | ExchangeState::Dismissed => None,
        }
    }

    /// Whether it waits for an answer of that association.
    pub fn waits_for_association(&self, association: AssociationNumber) -> bool {
        match self.waits_for() {
            Some(Awaited::Giver) => self.terms.giver == association,
            Some(Awaited::Receiver) => self.terms.receiver == association,
            Some(Awaited::Mediator | Awaited::Coordinator) | None => false,
        }
    }

    /// Whether the side that has to answer a proposal has taken longer than the rules give it. `spoken_at` is when the
    /// other side spoke. Silence confirms nothing: it puts the proposal on the coordinator's list.
    pub fn is_overdue(&self, spoken_at: DateTime<Utc>, policy: &Policy, now: DateTime<Utc>) -> bool {
        match self.state {
            ExchangeState::Proposed => spoken_at < policy.overdue_before(now),
            ExchangeState::Contested
            | ExchangeState::Held
            | ExchangeState::Confirmed
            | ExchangeState::CorrectionRequested
            | ExchangeState::Reversed
            | ExchangeState::Withdrawn
            | ExchangeState::Dismissed => false,
        }
    }

    /// Whether it stands on the coordinator's list: it waits for the coordinator, or is overdue.
    pub fn is_for_the_coordinator(&self, spoken_at: DateTime<Utc>, policy: &Policy, now: DateTime<Utc>) -> bool {
        self.waits_for() == Some(Awaited::Coordinator) || self.is_overdue(spoken_at, policy, now)
    }

    /// The same exchange, agreed and waiting for the coordinator because a hard limit stands against it.
    #[must_use]
    pub fn held(self) -> Self {
        Self { state: ExchangeState::Held, ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn exchange(state: ExchangeState) -> Exchange {
        let terms = Terms {
            giver: AssociationNumber(1),
            receiver: AssociationNumber(2),
            minutes: Minutes::new(60),
            service_date: NaiveDate::from_ymd_opt(2025, 3, 1).unwrap(),
            skill: None,
        };
        let number = ExchangeNumber(9);
        Exchange {
            number,
            terms,
            state,
            spoken_by: Side::Giver,
            spoken_in: ActNumber(9),
            posted_in: None,
            replaces: None,
        }
    }

    #[test]
    fn every_step_from_every_state() {
        const STEPS: [Step; 9] = [
            Step::Confirm,
            Step::Contest,
            Step::Withdraw,
            Step::Dismiss,
            Step::Settle,
            Step::Release,
            Step::RequestCorrection,
            Step::Keep,
            Step::Reverse,
        ];
        let mut table = String::new();
        for state in ExchangeState::ALL {
            table.push_str(state.as_str());
            table.push(':');
            for step in STEPS {
                if let Ok(next) = exchange(*state).step(step) {
                    let _ = write!(table, " {step:?}→{}", next.state);
                }
            }
            table.push('\n');
        }
        insta::assert_snapshot!(table, @r"
        proposed: Confirm→confirmed Contest→contested Withdraw→withdrawn Dismiss→dismissed
        contested: Withdraw→withdrawn Dismiss→dismissed Settle→confirmed
        held: Dismiss→dismissed Release→confirmed
        confirmed: RequestCorrection→correction_requested Reverse→reversed
        correction_requested: Keep→confirmed Reverse→reversed
        reversed:
        withdrawn:
        dismissed:
        ");
    }

    #[test]
    fn who_has_to_act_in_every_state() {
        let mut table = String::new();
        for state in ExchangeState::ALL {
            let waits = |spoken_by| {
                let waits_for = Exchange { spoken_by, ..exchange(*state) }.waits_for();
                waits_for.map_or("nobody", Awaited::as_str)
            };
            let _ = writeln!(table, "{state}: {} / {}", waits(Side::Giver), waits(Side::Receiver));
        }
        insta::assert_snapshot!(table, @r"
        proposed: receiver / giver
        contested: mediator / mediator
        held: coordinator / coordinator
        confirmed: nobody / nobody
        correction_requested: receiver / giver
        reversed: nobody / nobody
        withdrawn: nobody / nobody
        dismissed: nobody / nobody
        ");
    }

    #[test]
    fn only_a_proposal_is_ever_overdue() {
        let policy = Policy { answer_within_days: 30, ..Policy::default() };
        let spoken_at: DateTime<Utc> = "2025-03-01T12:00:00Z".parse().unwrap();
        let on_time: DateTime<Utc> = "2025-03-31T12:00:00Z".parse().unwrap();
        let late = on_time + chrono::TimeDelta::microseconds(1);
        for state in ExchangeState::ALL {
            let is_overdue = |now| exchange(*state).is_overdue(spoken_at, &policy, now);
            assert_eq!([is_overdue(on_time), is_overdue(late)], [false, *state == ExchangeState::Proposed], "{state}");
            let is_listed = exchange(*state).is_for_the_coordinator(spoken_at, &policy, late);
            assert_eq!(is_listed, matches!(state, ExchangeState::Proposed | ExchangeState::Held), "{state}");
        }
        // No end of days: the answer is never late, and no date overflows.
        let patient = Policy { answer_within_days: u32::MAX, ..policy };
        assert!(!exchange(ExchangeState::Proposed).is_overdue(spoken_at, &patient, late));
    }
}
