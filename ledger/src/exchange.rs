//! An exchange and its life: proposed, answered by the other side, posted; perhaps contested, held, corrected.
//!
//! Each step consumes the exchange and returns the next one, or says in which state it is and why that forbids
//! the step. Who may take a step, and whether the limits let it post, is decided in `decide`.

use chrono::NaiveDate;

use crate::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, SkillNumber,
    account::{Account, Movements, PostingKind},
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

    /// Whether its postings stand in the accounts.
    pub const fn is_posted(self) -> bool {
        matches!(self, Self::Confirmed | Self::CorrectionRequested)
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
}
