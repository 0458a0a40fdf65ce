//! How the coordinator knows what they write down for somebody: a call, or a signed slip.

use ledger::evidence::{Evidence, EvidenceKind};

use crate::{
    form::{Choice, Filled, Misfits},
    frame::Frame,
};

/// A reference has so many characters at most; the day comes on top.
const REFERENCE_MOST: usize = 120;

/// The ways of knowing, for a form to offer; a call unless another was chosen.
pub(crate) fn choices(frame: &Frame, filled: &Filled) -> Vec<Choice> {
    let chosen = filled.said("evidence").unwrap_or("telephone");
    [("telephone", "evidence-telephone"), ("paper", "evidence-paper")]
        .map(|(value, key)| Choice { is_chosen: value == chosen, value: value.to_owned(), label: frame.t(key) })
        .into()
}

/// What the form says of it. Who called, or the slip's number, has to be said: somebody may ask.
pub(crate) fn read(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Evidence> {
    let Some(said) = filled.said("evidence_reference").filter(|said| said.chars().count() <= REFERENCE_MOST) else {
        let is_long = filled.said("evidence_reference").is_some();
        let key = if is_long { "evidence-too-long" } else { "evidence-missing" };
        misfits.add("evidence_reference", frame.t(key));
        return None;
    };
    Some(of_call_or_slip(filled.is("evidence", "paper"), said, frame))
}

/// A slip of that number, or a call by somebody of that name, today.
pub(crate) fn of_call_or_slip(is_paper: bool, said: &str, frame: &Frame) -> Evidence {
    let (kind, key) = if is_paper {
        (EvidenceKind::PaperSlip, "evidence-paper-said")
    } else {
        (EvidenceKind::Coordinator, "evidence-telephone-said")
    };
    let told = frame.say(key, &[("said", said.into()), ("date", frame.today.to_string().into())]);
    Evidence { kind, reference: Some(told), line: None }
}
