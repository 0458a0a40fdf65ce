//! Where a statement stands, in words.

use ledger::{Minutes, statement::Figures, words::capitalised};
use service::statements::{Handed, Standing};

use crate::{frame::Frame, home::Stand};

/// Where the association stood at the end of the year.
pub(super) fn stood(frame: &Frame, figures: &Figures) -> String {
    let [closing, given, received] =
        [figures.closing_minutes, figures.given_minutes, figures.received_minutes].map(Minutes::new);
    let stand = Stand::new(frame, closing, given, received);
    frame.say("statements-stood", &[("stand", stand.sentence.into())])
}

/// What whoever holds a statement should know, where it is not in force.
pub(super) fn standing(frame: &Frame, handed: &Handed) -> Option<String> {
    match &handed.standing {
        Standing::InForce => None,
        Standing::Replaced(by) => Some(frame.say("statements-replaced", &[("number", by.as_str().into())])),
        Standing::TakenBack => Some(frame.t("statements-taken-back")),
    }
    .map(|sentence| capitalised(&sentence))
}
