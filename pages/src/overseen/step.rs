//! What the coordinator or a mediator may decide about an exchange, as their forms say it.

use ledger::{ActNumber, ExchangeNumber, Minutes, command::Command, exchange::ExchangeState};
use service::acting::Acting;

use crate::{
    evidence,
    form::{Filled, Misfits, as_sentence},
    frame::Frame,
};

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// What a limit holds is posted.
    Release,
    /// A side that does not answer has agreed, as the coordinator knows.
    Confirm,
    /// It is as a mediator finds.
    Settle,
    /// A request for correction is answered with no.
    Keep,
    /// What was posted is negated.
    Reverse,
    /// It is closed without posting.
    Dismiss,
}

/// What a decision does to the balances of both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moves {
    /// It counts from then on.
    Posts,
    /// It counts no more.
    TakesBack,
    /// Nothing changes.
    Nothing,
}

impl Step {
    pub(super) const ALL: [(Self, &'static str); 6] = [
        (Self::Release, "release"),
        (Self::Confirm, "confirm"),
        (Self::Settle, "settle"),
        (Self::Keep, "keep"),
        (Self::Reverse, "reverse"),
        (Self::Dismiss, "dismiss"),
    ];

    /// As it stands in an address.
    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(step, _)| *step)
    }

    /// Whether somebody who acts so may decide that now.
    pub(super) fn is_open_to(self, acting: Acting, state: ExchangeState) -> bool {
        match (acting, self, state) {
            (Acting::Coordinator, Self::Release, ExchangeState::Held)
            | (Acting::Coordinator, Self::Confirm, ExchangeState::Proposed)
            | (Acting::Coordinator, Self::Dismiss, ExchangeState::Proposed | ExchangeState::Held)
            | (Acting::Coordinator, Self::Keep, ExchangeState::CorrectionRequested)
            | (Acting::Coordinator, Self::Reverse, ExchangeState::Confirmed | ExchangeState::CorrectionRequested)
            | (Acting::Mediator, Self::Settle | Self::Dismiss, ExchangeState::Contested) => true,
            (
                Acting::Coordinator | Acting::Mediator | Acting::Auditor | Acting::Association(_) | Acting::Oneself,
                Self::Release | Self::Confirm | Self::Settle | Self::Keep | Self::Reverse | Self::Dismiss,
                _,
            ) => false,
        }
    }

    /// What it does to the balances.
    pub(super) fn moves(self) -> Moves {
        match self {
            Self::Release | Self::Confirm | Self::Settle => Moves::Posts,
            Self::Reverse => Moves::TakesBack,
            Self::Keep | Self::Dismiss => Moves::Nothing,
        }
    }

    /// The keys of what its form says: its title, what happens then, its button, and what is said once it was taken.
    pub(super) fn said(self) -> [&'static str; 4] {
        match self {
            Self::Release => ["oversee-release-title", "oversee-release-then", "oversee-release", "said-released"],
            Self::Confirm => ["oversee-confirm-title", "oversee-confirm-then", "oversee-confirm", "said-confirmed"],
            Self::Settle => ["oversee-settle-title", "oversee-settle-then", "oversee-settle", "said-settled"],
            Self::Keep => ["oversee-keep-title", "oversee-keep-then", "oversee-keep", "said-kept"],
            Self::Reverse => ["oversee-reverse-title", "oversee-reverse-then", "oversee-reverse", "said-reversed"],
            Self::Dismiss => ["oversee-dismiss-title", "oversee-dismiss-then", "oversee-dismiss", "said-dismissed"],
        }
    }

    /// What the ledger is asked, as the form says it; what does not fit is said at its field.
    pub(super) fn command(
        self,
        exchange: ExchangeNumber,
        filled: &Filled,
        frame: &Frame,
        misfits: &mut Misfits,
    ) -> Option<Command> {
        let reason = filled.said("reason").map(str::to_owned);
        if reason.is_none() {
            misfits.add("reason", frame.t("step-reason-missing"));
        }
        Some(match self {
            Self::Release => Command::Release { exchange, reason: reason? },
            Self::Keep => Command::Keep { exchange, reason: reason? },
            Self::Reverse => Command::Reverse { target: ActNumber(exchange.0), reason: reason? },
            Self::Dismiss => Command::Dismiss { exchange, reason: reason? },
            Self::Confirm => {
                let evidence = evidence::read(filled, frame, misfits);
                Command::Confirm { exchange, evidence: evidence?, reason: Some(reason?) }
            }
            Self::Settle => {
                let minutes = Minutes::parse(filled.get("minutes"));
                if let Err(error) = &minutes {
                    misfits.add("minutes", as_sentence(&error.in_words(frame.language())));
                }
                Command::Settle { exchange, minutes: minutes.ok()?, reason: reason? }
            }
        })
    }
}
