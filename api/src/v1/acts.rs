//! Acts: what the ledger accepted and sealed.

use std::collections::BTreeMap;

use axum::{extract::State, http::Uri};
use chrono::{DateTime, NaiveDate, Utc};
use ledger::{
    ActNumber,
    act::ActKind,
    command::{Command, Principal},
    leaf::{parts_beside_seal, sealed_text},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{App, acting::Sight, acts, caller::Caller};
use store::{Page, SealedAct, StoreError};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, page, receipt, rows_for},
    cursor,
    extract::{Keyed, Path, Query},
    parts::{AtMost, PageSize, Reason, Word},
};

/// An act: something that the ledger accepted and sealed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Act")]
pub(crate) struct ActView {
    id: Uuid,
    /// How often the log had been lost before, for an older backup that the network went back to.
    generation: u16,
    /// Its place in the log: 0, 1, 2…
    number: i64,
    kind: Word<ActKind>,
    at: DateTime<Utc>,
    /// In whose name: `operator`, `coordinator`, `mediator`, or an association's name.
    by: String,
    /// Who: `operator`, or a person's name; told to the coordinator and to auditors.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    /// The exchange that it is about.
    exchange: Option<Uuid>,
    /// The exchange or act that what it posted belongs to.
    cause: Uuid,
    /// The day under which its postings count.
    booked: Option<NaiveDate>,
    /// What it posted between associations.
    postings: Vec<PostingView>,
    /// Reasons, decisions and remarks that are not erased, by field.
    texts: BTreeMap<String, String>,
    /// The sealed text, whose hash stands in the log: SHA-256 of a zero byte and these bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf: Option<String>,
    /// Where the act is about persons, what the sealed text has the hashes of: the act, and each person's line. Absent
    /// where the sealed text says it all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<String>,
}

/// A change of one account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Posting")]
pub(crate) struct PostingView {
    /// An association, `fund`, or `opening`.
    account: String,
    kind: String,
    minutes: i64,
    /// The balance after it.
    balance: i64,
    /// Its place in the account.
    sequence: i64,
}

/// What an act's row says to the caller; with its sealed text where it is asked for alone.
fn show(
    caller: &Caller,
    act: &SealedAct,
    texts: BTreeMap<String, String>,
    is_whole: bool,
) -> Result<ActView, StoreError> {
    let leaf = act.leaf()?;
    let account = |number: i64| match number {
        0 => "fund".to_owned(),
        1.. => caller.name(number).to_string(),
        _ => "opening".to_owned(),
    };
    let by = match leaf.by.strip_prefix("association:").and_then(|number| number.parse().ok()) {
        Some(number) => caller.name(number).to_string(),
        None => leaf.by.to_string(),
    };
    let who = match act.principal {
        Principal::Person(person) => caller.name(person.0).to_string(),
        Principal::Operator => "operator".to_owned(),
    };
    let exchange = leaf.exchange.as_ref().map(|part| part.number);
    let sealed = is_whole.then(|| sealed_text(&act.text).to_owned());
    let parts = if is_whole { parts_beside_seal(&act.text).map(str::to_owned).collect() } else { Vec::new() };
    Ok(ActView {
        id: caller.name(act.number.0),
        generation: caller.ids().generation(act.number).losses(),
        number: act.number.0,
        kind: Word(act.kind),
        at: act.recorded_at,
        by,
        who: (caller.sight() == Sight::All).then_some(who),
        exchange: exchange.map(|number| caller.name(number)),
        cause: caller.name(leaf.target.or(exchange).unwrap_or(act.number.0)),
        booked: leaf.booked,
        postings: leaf
            .postings
            .iter()
            .map(|posting| PostingView {
                account: account(posting.account),
                kind: posting.kind.to_string(),
                minutes: posting.minutes,
                balance: posting.balance,
                sequence: posting.sequence,
            })
            .collect(),
        texts,
        leaf: sealed,
        parts,
    })
}

/// Which acts to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListActs {
    /// Only acts that posted something.
    posting: Option<bool>,
    /// The `next` of the page before.
    cursor: Option<AtMost<64>>,
    /// How many items at most.
    limit: Option<PageSize>,
}

pub(crate) async fn list(State(app): State<App>, caller: Caller, uri: Uri, Query(query): Query<ListActs>) -> Answer {
    let mut before = cursor::act(&caller, query.cursor.as_deref())?;
    let most = rows_for(query.limit);
    let mut rows: Vec<SealedAct> = Vec::new();
    while rows.len() < most as usize {
        let found = app.store.acts_before(caller.known.id, Page { before, most }).await?;
        let Some(last) = found.last() else { break };
        before = Some(last.number);
        for row in found {
            if query.posting != Some(true) || !row.leaf()?.postings.is_empty() {
                rows.push(row);
            }
        }
    }
    rows.truncate(most as usize);
    let cursor = |act: &SealedAct| caller.name(act.number.0).to_string();
    page(&uri, rows, query.limit, cursor, |row| Ok(show(&caller, &row, BTreeMap::new(), false)?))
}

pub(crate) async fn one(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>) -> Answer {
    let row = acts::find(&app, &caller, name).await?;
    let texts = app.store.texts_of(caller.known.id, row.number).await?;
    let texts = texts.into_iter().map(|(field, text)| (field.to_string(), text)).collect();
    Ok(json(200, &show(&caller, &row, texts, true)?))
}

pub(crate) async fn reverse(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body: Reason { reason } }: Keyed<Reason>,
) -> Answer {
    let target = ActNumber(caller.found(name)?);
    let made = app.write(&caller, &asked, Command::Reverse { target, reason }).await?;
    Ok(receipt(200, &caller, &made))
}
