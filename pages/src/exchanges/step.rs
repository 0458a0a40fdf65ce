//! What one side may do about an exchange, as its forms say it.

use files::date;
use ledger::{
    ActNumber, ExchangeNumber, Minutes, PersonNumber,
    command::Command,
    contribution::{Contribution, Nature},
    evidence::{Evidence, Witness},
    exchange::{ExchangeState, Side},
};
use service::caller::Caller;
use store::ExchangeView;

use crate::{
    form::{Filled, Misfits, as_sentence},
    frame::Frame,
};

/// A step that a side takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It agrees.
    Yes,
    /// It would agree to other minutes or another day.
    Almost,
    /// It disagrees.
    No,
    /// It takes back what it said.
    Withdraw,
    /// It says that what was posted is wrong.
    Correct,
    /// It finds nothing wrong with it.
    Keep,
    /// It agrees that it was wrong.
    Reverse,
    /// It tells who did it.
    Who,
}

impl Step {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Yes, "yes"),
        (Self::Almost, "almost"),
        (Self::No, "no"),
        (Self::Withdraw, "withdraw"),
        (Self::Correct, "correct"),
        (Self::Keep, "keep"),
        (Self::Reverse, "reverse"),
        (Self::Who, "who"),
    ];

    /// As it stands in an address.
    pub(crate) fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(step, _)| *step)
    }

    /// What is said once it was taken.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::Yes => "said-yes",
            Self::Almost => "said-almost",
            Self::No => "said-no",
            Self::Withdraw => "said-withdrawn",
            Self::Correct => "said-correct",
            Self::Keep => "said-kept",
            Self::Reverse => "said-reversed",
            Self::Who => "said-who",
        }
    }

    /// Whether a side may take it about that exchange now.
    pub(crate) fn is_open_to(self, side: Side, view: &ExchangeView) -> bool {
        let exchange = &view.exchange;
        let is_asked = exchange.waits_for() == Some(side.into());
        let spoke = exchange.spoken_by == side;
        match (self, exchange.state) {
            (Self::Yes | Self::Almost | Self::No, ExchangeState::Proposed)
            | (Self::Keep | Self::Reverse, ExchangeState::CorrectionRequested) => is_asked,
            (Self::Withdraw, ExchangeState::Proposed | ExchangeState::Contested) => spoke,
            (Self::Correct, ExchangeState::Confirmed) => true,
            (Self::Who, ExchangeState::Confirmed) => side == Side::Giver,
            (
                Self::Yes
                | Self::Almost
                | Self::No
                | Self::Withdraw
                | Self::Correct
                | Self::Keep
                | Self::Reverse
                | Self::Who,
                _,
            ) => false,
        }
    }

    /// What the ledger is asked, as the form says it; what does not fit is said at its field.
    pub(crate) fn command(
        self,
        exchange: ExchangeNumber,
        filled: &Filled,
        (caller, frame): (&Caller, &Frame),
        witness: Witness,
        misfits: &mut Misfits,
    ) -> Option<Command> {
        let mut reason = || {
            let reason = filled.said("reason").map(str::to_owned);
            if reason.is_none() {
                misfits.add("reason", frame.t("step-reason-missing"));
            }
            reason
        };
        Some(match self {
            Self::Yes => {
                let evidence = Evidence { kind: witness.usual(), reference: None, line: None };
                Command::Confirm { exchange, evidence, reason: None }
            }
            Self::Withdraw => Command::Withdraw { exchange },
            Self::No => Command::Contest { exchange, reason: reason()? },
            Self::Correct => Command::RequestCorrection { exchange, reason: reason()? },
            Self::Keep => Command::Keep { exchange, reason: reason()? },
            Self::Reverse => Command::Reverse { target: ActNumber(exchange.0), reason: reason()? },
            Self::Almost => {
                let minutes = Minutes::parse(filled.get("minutes"));
                let date = date::parse(filled.get("service_date"));
                let language = frame.language();
                if let Err(error) = &minutes {
                    misfits.add("minutes", as_sentence(&error.in_words(language)));
                }
                if let Err(error) = &date {
                    misfits.add("service_date", as_sentence(&error.in_words(language)));
                }
                Command::Amend { exchange, minutes: minutes.ok()?, service_date: date.ok()? }
            }
            Self::Who => Command::TellContributions { exchange, contributions: who(filled, caller, frame, misfits)? },
        })
    }
}

/// Who did it, and how long each: a field a person, empty for those who did not.
fn who(filled: &Filled, caller: &Caller, frame: &Frame, misfits: &mut Misfits) -> Option<Vec<Contribution>> {
    let mut contributions = Vec::new();
    for (field, text) in filled.beginning_with("minutes-") {
        let name = field.trim_start_matches("minutes-").parse().ok();
        let Some(person) = name.and_then(|name| caller.ids().number(name).ok()).map(PersonNumber) else { continue };
        match Minutes::parse(text) {
            Ok(minutes) => contributions.push(Contribution { person, minutes, nature: Nature::Operational }),
            Err(error) => misfits.add(field, as_sentence(&error.in_words(frame.language()))),
        }
    }
    if contributions.is_empty() && misfits.is_empty() {
        misfits.add("who", frame.t("step-who-missing"));
    }
    misfits.is_empty().then_some(contributions)
}
