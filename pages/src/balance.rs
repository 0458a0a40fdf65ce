//! Where an association stands, as somebody says it who is on neither side.

use ledger::Minutes;

use crate::frame::Frame;

/// What a decision changes for an association.
#[derive(Debug)]
pub(crate) struct Change {
    /// Its name.
    pub(crate) name: String,
    /// Where it stands now.
    pub(crate) before: String,
    /// Where it would stand.
    pub(crate) after: String,
}

impl Change {
    /// From one balance to another.
    pub(crate) fn new(frame: &Frame, name: String, before: Minutes, after: Minutes) -> Self {
        Self { name, before: of(frame, before), after: of(frame, after) }
    }
}

/// A balance in words: "a donné 12 h 30 de plus que reçu".
pub(crate) fn of(frame: &Frame, balance: Minutes) -> String {
    if balance.is_zero() {
        return frame.t("balance-even");
    }
    let key = if balance.is_positive() { "balance-given" } else { "balance-received" };
    frame.say(key, &[("hours", unsigned(frame, balance).into())])
}

/// A duration without a sign, where the sentence says which way.
pub(crate) fn unsigned(frame: &Frame, minutes: Minutes) -> String {
    frame.hours(Minutes::new(minutes.get().saturating_abs()))
}
