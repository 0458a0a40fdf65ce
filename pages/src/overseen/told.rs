//! An exchange as somebody reads it who is on neither side.

use chrono::{DateTime, Utc};
use ledger::exchange::ExchangeState;
use service::{acting::Acting, caller::Caller};
use store::ExchangeView;

use crate::{exchange::seen, frame::Frame};

/// An exchange as somebody reads it who is on neither side.
#[derive(Debug)]
pub(super) struct Told {
    /// Its address.
    pub(super) address: String,
    /// "Chorale de Janzé a aidé Judo-club".
    pub(super) title: String,
    /// "10 h".
    pub(super) hours: String,
    /// "samedi 21 novembre".
    pub(super) day: String,
    /// "14 novembre".
    pub(super) date: String,
    /// "soutien scolaire", or that it took no particular skill.
    pub(super) skill: String,
    /// The remark.
    pub(super) memo: Option<String>,
    /// Where it stands.
    pub(super) state: String,
    /// What people call it.
    pub(super) reference: Option<String>,
    /// What it was as it was read.
    pub(super) seen: String,
}

impl Told {
    /// As it is read at that instant.
    pub(super) fn new(caller: &Caller, frame: &Frame, view: &ExchangeView, now: DateTime<Utc>) -> Self {
        let exchange = &view.exchange;
        let terms = exchange.terms;
        let sides =
            [("giver", caller.name_of(terms.giver).into()), ("receiver", caller.name_of(terms.receiver).into())];
        let skill = terms.skill.and_then(|skill| caller.registry.skills().iter().find(|known| known.number == skill));
        let folder = if caller.acting == Acting::Mediator { "" } else { "/exchanges" };
        Self {
            address: frame.under(&format!("{folder}/{}", caller.name(exchange.number.0))),
            title: frame.say("oversee-title", &sides),
            hours: frame.hours(terms.minutes),
            day: frame.day(terms.service_date),
            date: frame.date(terms.service_date),
            skill: skill.map_or_else(|| frame.t("exchange-any-skill"), |skill| skill.name.clone()),
            memo: view.memo.clone(),
            state: state(caller, frame, view, now),
            reference: view.reference.clone(),
            seen: seen(view),
        }
    }
}

fn state(caller: &Caller, frame: &Frame, view: &ExchangeView, now: DateTime<Utc>) -> String {
    let exchange = &view.exchange;
    let waited = |key: &str, side| {
        let days = (now - view.spoken_at).num_days().max(0);
        frame.say(key, &[("days", days.into()), ("name", caller.name_of(exchange.terms.association(side)).into())])
    };
    match exchange.state {
        ExchangeState::Proposed => waited("oversee-waits", exchange.spoken_by.other()),
        ExchangeState::CorrectionRequested => waited("oversee-correction", exchange.spoken_by),
        ExchangeState::Contested => frame.t("oversee-contested"),
        ExchangeState::Held => frame.t("oversee-held"),
        ExchangeState::Confirmed => frame.t("exchange-confirmed"),
        ExchangeState::Reversed => frame.t("exchange-reversed"),
        ExchangeState::Withdrawn => frame.t("exchange-withdrawn"),
        ExchangeState::Dismissed => frame.t("exchange-dismissed"),
    }
}
