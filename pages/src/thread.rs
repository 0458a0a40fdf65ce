//! What was said about an exchange, as its two sides and whoever settles it read it.

use ledger::{
    act::ActKind,
    command::Capacity,
    exchange::{Side, Terms},
};
use service::{App, caller::Caller, problem::Problem};
use store::{ExchangeView, ThreadLine};

use crate::frame::Frame;

/// Something that somebody said.
#[derive(Debug)]
pub(crate) struct Said {
    /// Who, and what: "Chorale de Janzé a noté 10 h".
    pub(crate) sentence: String,
    /// When.
    pub(crate) day: String,
    /// In their own words.
    pub(crate) words: Option<String>,
}

/// The thread of an exchange, oldest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn thread(
    app: &App,
    caller: &Caller,
    frame: &Frame,
    view: &ExchangeView,
) -> Result<Vec<Said>, Problem> {
    let lines = app.store.thread(caller.known.id, view.exchange.number).await?;
    Ok(lines.iter().filter_map(|line| said(caller, frame, &view.exchange.terms, line)).collect())
}

fn said(caller: &Caller, frame: &Frame, terms: &Terms, line: &ThreadLine) -> Option<Said> {
    let who = match (line.side, line.capacity) {
        (Some(Side::Giver), _) => caller.name_of(terms.giver),
        (Some(Side::Receiver), _) => caller.name_of(terms.receiver),
        (None, Capacity::Mediator) => frame.t("thread-mediation"),
        (None, Capacity::Coordinator | Capacity::Association(_) | Capacity::Oneself) => frame.t("thread-coordination"),
    };
    let mut with = vec![("who", who.into())];
    let key = match line.kind {
        ActKind::ExchangeProposed | ActKind::ExchangeRecorded => "thread-proposed",
        ActKind::ExchangeAmended => "thread-amended",
        ActKind::ExchangeConfirmed => "thread-confirmed",
        ActKind::ExchangeContested => "thread-contested",
        ActKind::ExchangeWithdrawn => "thread-withdrawn",
        ActKind::ExchangeDismissed => "thread-dismissed",
        ActKind::ExchangeSettled => "thread-settled",
        ActKind::ExchangeReleased => "thread-released",
        ActKind::CorrectionRequested => "thread-correction",
        ActKind::CorrectionRefused => "thread-kept",
        ActKind::Reversed => "thread-reversed",
        // Who did it is the giver's own affair; other acts say nothing about an exchange.
        _ => return None,
    };
    if matches!(key, "thread-proposed" | "thread-amended" | "thread-settled") {
        with.push(("hours", frame.hours(line.minutes.unwrap_or(terms.minutes)).into()));
        with.push(("day", frame.date(line.service_date.unwrap_or(terms.service_date)).into()));
    }
    Some(Said {
        sentence: frame.say(key, &with),
        day: frame.date(caller.known.network.day_of(line.recorded_at)),
        words: line.reason.clone().or_else(|| line.memo.clone()),
    })
}
