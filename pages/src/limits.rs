//! Limits as people read them, and the decisions behind them.

use chrono::{DateTime, Utc};
use ledger::{
    Minutes,
    policy::{Limits, Passed},
};
use service::{caller::Caller, morning::HardLimit, rules::Behind};

use crate::{
    balance::unsigned,
    form::{Filled, Misfits, as_sentence},
    frame::Frame,
    step_form::{Kind, StepForm},
};

/// The fields of a form with limits, and the words for each. Floors are told without their sign: so much more received
/// than given.
const FIELDS: [(&str, &str); 4] = [
    ("soft_floor", "limit-field-soft-floor"),
    ("hard_floor", "limit-field-hard-floor"),
    ("soft_ceiling", "limit-field-soft-ceiling"),
    ("hard_ceiling", "limit-field-hard-ceiling"),
];

/// A form with fields for limits, as they are.
pub(crate) fn with_fields(mut form: StepForm, frame: &Frame, limits: Limits) -> StepForm {
    let Limits { soft_floor, hard_floor, soft_ceiling, hard_ceiling } = limits;
    let negated = |limit: Option<Minutes>| limit.and_then(Minutes::checked_neg);
    let values = [negated(soft_floor), negated(hard_floor), soft_ceiling, hard_ceiling];
    for ((name, key), value) in FIELDS.into_iter().zip(values) {
        let value = value.map(|minutes| frame.hours(minutes)).unwrap_or_default();
        form = form.field(Kind::Line, name, frame.t(key), &value);
    }
    form.hint(frame.t("limit-fields-hint"))
}

/// The limits that a form says; an empty field is none. What does not fit is said at its field.
pub(crate) fn read(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Limits> {
    let mut read = |name: &str| match filled.said(name).map(Minutes::parse) {
        None => None,
        Some(Ok(minutes)) => Some(minutes),
        Some(Err(error)) => {
            misfits.add(name, as_sentence(&error.in_words(frame.language())));
            None
        }
    };
    let [soft_floor, hard_floor, soft_ceiling, hard_ceiling] = FIELDS.map(|(name, _)| read(name));
    let negated = |limit: Option<Minutes>| limit.and_then(Minutes::checked_neg);
    let limits =
        Limits { soft_floor: negated(soft_floor), hard_floor: negated(hard_floor), soft_ceiling, hard_ceiling };
    misfits.is_empty().then_some(limits)
}

/// Limits as sentences; one where there is none.
pub(crate) fn in_words(frame: &Frame, limits: Limits) -> String {
    let Limits { soft_floor, hard_floor, soft_ceiling, hard_ceiling } = limits;
    let told = [
        ("limit-soft-floor", soft_floor),
        ("limit-hard-floor", hard_floor),
        ("limit-soft-ceiling", soft_ceiling),
        ("limit-hard-ceiling", hard_ceiling),
    ];
    let sentences: Vec<_> = told
        .into_iter()
        .filter_map(|(key, limit)| Some(frame.say(key, &[("hours", unsigned(frame, limit?).into())])))
        .collect();
    if sentences.is_empty() { frame.t("limit-none") } else { sentences.join(" ") }
}

/// A hard limit that holds an exchange, and the decision behind it.
pub(crate) fn passed(frame: &Frame, caller: &Caller, limit: &HardLimit) -> String {
    let (key, minutes) = match limit.passed {
        Passed::Floor(floor) => ("limit-floor-of", floor),
        Passed::Ceiling(ceiling) => ("limit-ceiling-of", ceiling),
    };
    let told = [("name", caller.name_of(limit.association).into()), ("limit", unsigned(frame, minutes).into())];
    let sentences = [Some(frame.say(key, &told)), behind(frame, caller, &limit.behind)];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The decision behind a limit, as a sentence; nothing where nobody has decided it.
pub(crate) fn behind(frame: &Frame, caller: &Caller, behind: &Behind) -> Option<String> {
    let date = |at: DateTime<Utc>| frame.date(caller.known.network.day_of(at));
    let since = behind.since.map(date)?;
    Some(match &behind.decision {
        Some(decision) => frame.say("limit-decided", &[("decision", decision.as_str().into()), ("date", since.into())]),
        None => frame.say("limit-since", &[("date", since.into())]),
    })
}
