//! Where a statement stands, in words.

use ledger::words::capitalised;
use service::statements::{Handed, Standing};

use crate::frame::Frame;

/// What whoever holds a statement should know, where it is not in force.
pub(super) fn standing(frame: &Frame, handed: &Handed) -> Option<String> {
    match &handed.standing {
        Standing::InForce => None,
        Standing::Replaced(by) => Some(frame.say("statements-replaced", &[("number", by.as_str().into())])),
        Standing::TakenBack => Some(frame.t("statements-taken-back")),
    }
    .map(|sentence| capitalised(&sentence))
}
