//! An exchange as one of its sides reads it: what, with whom, how long, and what comes next.

use ledger::{
    AssociationNumber,
    command::{Command, Seen},
    exchange::{Awaited, ExchangeState, Side},
};
use service::{
    App,
    asked::{Asked, SeenTags},
    caller::Caller,
    problem::Problem,
    writing::Tagged,
};
use store::{ExchangeView, Receipt};

use crate::{form::Filled, frame::Frame};

/// An exchange as an association reads it.
#[derive(Debug)]
pub(crate) struct Told {
    /// Its address.
    pub(crate) address: String,
    /// The other side's name.
    pub(crate) partner: String,
    /// "donné 3 h".
    pub(crate) amount: String,
    /// What the other side says: "Fanfare de Vitré dit vous avoir aidés".
    pub(crate) sentence: String,
    /// Whether it was help given.
    pub(crate) is_given: bool,
    /// Whether one side asks to correct what is counted.
    pub(crate) is_correction: bool,
    /// "10 h".
    pub(crate) hours: String,
    /// "samedi 21 novembre".
    pub(crate) day: String,
    /// "14 novembre".
    pub(crate) date: String,
    /// "soutien scolaire", or that it took no particular skill.
    pub(crate) skill: String,
    /// The remark.
    pub(crate) memo: Option<String>,
    /// Where it stands: "confirmé", "attend leur réponse depuis 23 jours".
    pub(crate) state: String,
    /// What people call it.
    pub(crate) reference: Option<String>,
    /// Whether the reader's side has to answer.
    pub(crate) waits_for_us: bool,
    /// What it was as it was read, for the answer to be about that alone.
    pub(crate) seen: String,
    /// What an answer to it is told by.
    pub(crate) once: String,
}

impl Told {
    /// As `own`, one of its sides, reads it.
    pub(crate) fn new(app: &App, caller: &Caller, frame: &Frame, own: AssociationNumber, view: &ExchangeView) -> Self {
        let exchange = &view.exchange;
        let terms = exchange.terms;
        let is_given = terms.giver == own;
        let partner = caller.name_of(if is_given { terms.receiver } else { terms.giver });
        let hours = frame.hours(terms.minutes);
        let side = if is_given { Side::Giver } else { Side::Receiver };
        let amount = if is_given { "exchange-given" } else { "exchange-received" };
        let sentence = match (exchange.state, is_given) {
            (ExchangeState::CorrectionRequested, _) => "exchange-correction-said",
            (_, true) => "exchange-said-given",
            (_, false) => "exchange-said-received",
        };
        let skill = terms.skill.and_then(|skill| caller.registry.skills().iter().find(|known| known.number == skill));
        Self {
            address: frame.under(&format!("/exchanges/{}", caller.name(exchange.number.0))),
            amount: frame.say(amount, &[("hours", hours.as_str().into())]),
            sentence: frame.say(sentence, &[("partner", partner.as_str().into())]),
            is_given,
            is_correction: exchange.state == ExchangeState::CorrectionRequested,
            hours,
            day: frame.day(terms.service_date),
            date: frame.date(terms.service_date),
            skill: skill.map_or_else(|| frame.t("exchange-any-skill"), |skill| skill.name.clone()),
            memo: view.memo.clone(),
            state: state(app, frame, view, side),
            reference: view.reference.clone(),
            waits_for_us: exchange.waits_for() == Some(side.into()),
            seen: seen(view),
            once: app.new_name().to_string(),
            partner,
        }
    }
}

/// The version of an exchange that a page shows: the act that spoke last, and the state.
pub(crate) fn seen(view: &ExchangeView) -> String {
    format!("{} {}", view.exchange.spoken_in.0, view.exchange.state)
}

/// Takes a step about an exchange, if it is still as the form was shown it.
///
/// # Errors
/// When it changed meanwhile, the ledger refuses, or nothing is known to be written.
pub(crate) async fn take_step(
    app: &App,
    caller: &Caller,
    (asked, filled): (&Asked, &Filled),
    view: &ExchangeView,
    command: Command,
) -> Result<Receipt, Problem> {
    let tags = SeenTags::OneOf(vec![filled.get("seen").to_owned()]);
    let now = async { Ok(Tagged { tag: seen(view), version: Seen::Exchange(Box::new(view.exchange)) }) };
    let seen = app.seen(caller, asked, &tags, now).await?;
    app.write_having_seen(caller, asked, command, seen).await
}

/// The field of a side's form that a problem is about.
pub(crate) fn field_of(problem: &Problem) -> &'static str {
    match problem.field().unwrap_or_default() {
        "minutes" => "minutes",
        "service_date" | "date" => "service_date",
        "reason" => "reason",
        _ => "form",
    }
}

/// Where it stands, as a side reads it.
fn state(app: &App, frame: &Frame, view: &ExchangeView, side: Side) -> String {
    let exchange = &view.exchange;
    let days = (app.now() - view.spoken_at).num_days();
    match (exchange.state, exchange.waits_for()) {
        (ExchangeState::Proposed, Some(Awaited::Giver | Awaited::Receiver)) => {
            let key = if exchange.spoken_by == side { "exchange-waits-for-them" } else { "exchange-waits-for-us" };
            frame.say(key, &[("days", days.into())])
        }
        (ExchangeState::CorrectionRequested, _) if exchange.spoken_by == side => frame.t("exchange-correction-asked"),
        (ExchangeState::CorrectionRequested, _) => frame.t("exchange-correction-wanted"),
        (ExchangeState::Proposed, _) => frame.say("exchange-waits-for-them", &[("days", days.into())]),
        (ExchangeState::Contested, _) => frame.t("exchange-contested"),
        (ExchangeState::Held, _) => frame.t("exchange-held"),
        (ExchangeState::Confirmed, _) => frame.t("exchange-confirmed"),
        (ExchangeState::Reversed, _) => frame.t("exchange-reversed"),
        (ExchangeState::Withdrawn, _) => frame.t("exchange-withdrawn"),
        (ExchangeState::Dismissed, _) => frame.t("exchange-dismissed"),
    }
}
