//! What was said about an exchange, for both sides to read.

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use ledger::{
    act::ActKind,
    command::{Capacity, Principal},
    evidence::EvidenceKind,
    exchange::{ExchangeState, Side},
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{App, acting::Sight, caller::Caller, exchanges};
use store::ThreadLine;
use uuid::Uuid;

use crate::{
    answer::{Answer, json},
    extract::Path,
    parts::Word,
};

/// What was said about an exchange.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Thread {
    /// Oldest first. Of more than a thousand steps, the first one, the one that posted it, and the last thousand others.
    items: Vec<Said>,
}

/// A step in the life of an exchange.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Said {
    /// The act.
    act: Uuid,
    kind: Word<ActKind>,
    at: DateTime<Utc>,
    /// In whose name: `operator`, `coordinator`, `mediator`, or an association's name.
    by: String,
    /// Who: `operator`, or a person's name; told to the coordinator and to auditors.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    /// The side that spoke; absent where the network did.
    side: Option<Word<Side>>,
    /// The exchange's state after it.
    state: Word<ExchangeState>,
    /// Person-minutes, where it says them: the first word, an amendment, and what was settled.
    minutes: Option<i64>,
    /// When help was given, where it says so: the first word, and an amendment.
    service_date: Option<NaiveDate>,
    /// How the network knows.
    evidence: Option<Word<EvidenceKind>>,
    /// The number of a slip, the date of a message; absent too once that is erased.
    evidence_reference: Option<String>,
    /// Why; absent too once that is erased.
    reason: Option<String>,
    /// The remark that the exchange came with; absent too once that is erased.
    memo: Option<String>,
}

pub(crate) async fn read(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>) -> Answer {
    let view = exchanges::find(&app, &caller, name).await?;
    let lines = app.store.thread(caller.known.id, view.exchange.number).await?;
    Ok(json(200, &Thread { items: lines.into_iter().map(|line| show(&caller, line)).collect() }))
}

fn show(caller: &Caller, line: ThreadLine) -> Said {
    let by = match (line.capacity, line.principal) {
        (Capacity::Association(own), _) => caller.name(own.0).to_string(),
        (Capacity::Coordinator, Principal::Operator) => "operator".to_owned(),
        (Capacity::Coordinator, Principal::Person(_)) => "coordinator".to_owned(),
        (Capacity::Mediator, _) => "mediator".to_owned(),
        (Capacity::Oneself, _) => "oneself".to_owned(),
    };
    let who = match line.principal {
        Principal::Person(person) => caller.name(person.0).to_string(),
        Principal::Operator => "operator".to_owned(),
    };
    Said {
        act: caller.name(line.act.0),
        kind: Word(line.kind),
        at: line.recorded_at,
        by,
        who: (caller.sight() == Sight::All).then_some(who),
        side: line.side.map(Word),
        state: Word(line.state),
        minutes: line.minutes.map(ledger::Minutes::get),
        service_date: line.service_date,
        evidence: line.evidence.map(Word),
        evidence_reference: line.evidence_reference,
        reason: line.reason,
        memo: line.memo,
    }
}
