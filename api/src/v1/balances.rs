//! Where accounts stand, what moved them, and the acts behind it.

use std::collections::BTreeMap;

use axum::{extract::State, http::Uri};
use chrono::{DateTime, NaiveDate, Utc};
use ledger::{
    ActNumber, AssociationNumber, Minutes,
    account::{Account, PostingKind},
    act::ActKind,
    leaf::Leaf,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{ActRow, BalanceLine, Entry};
use uuid::Uuid;

use super::parts::{AtMost, PageQuery, PageSize, Reason, Word};
use crate::{
    answer::{Answer, json, page, receipt, rows_for},
    app::App,
    extract::{Keyed, Path, Query},
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
    who::Caller,
};

/// Where an account stands: given − received + other = balance, always.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Balance {
    /// The association; absent for the solidarity fund and for balances brought in.
    association: Option<Uuid>,
    /// `association`, `fund` or `opening`.
    account: &'static str,
    name: String,
    /// The day at whose end it stands so; absent for now.
    at: Option<NaiveDate>,
    /// The balance, in minutes; negative when the association owes hours.
    minutes: i64,
    /// Help given.
    given: i64,
    /// Help received.
    received: i64,
    /// Everything else: gifts, dues, grants, corrections, balances brought in.
    other: i64,
}

/// At which day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AtDay {
    /// At the end of that day, by booking date; now unless said.
    at: Option<NaiveDate>,
}

pub(crate) async fn one(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    Query(query): Query<AtDay>,
) -> Answer {
    let member = caller.member(&app, name).await?.number;
    caller.check_concerns(member)?;
    let account = Account::Association(member);
    let line = match query.at {
        None => {
            let head = app.standings.of(caller.known.id, account).await;
            BalanceLine::of(account, head.map_err(|error| Problem::of_store(&error))?)
        }
        Some(at) => {
            let lines = app.store.balances(caller.known.id, Some(at)).await?;
            lines.into_iter().find(|line| line.account == account).ok_or_else(Problem::not_found)?
        }
    };
    Ok(json(200, &show(&caller, &line, query.at)))
}

fn show(caller: &Caller, line: &BalanceLine, at: Option<NaiveDate>) -> Balance {
    let (association, account, name) = match line.account {
        Account::Association(number) => (Some(caller.name(number.0)), "association", caller.name_of(number)),
        Account::Fund => (None, "fund", "Fonds de solidarité".to_owned()),
        Account::Opening | Account::Engaged(_) | Account::Person(_) => (None, "opening", "Soldes repris".to_owned()),
    };
    Balance {
        association,
        account,
        name,
        at,
        minutes: line.balance.get(),
        given: line.given.get(),
        received: line.received.get(),
        other: line.other.get(),
    }
}

/// Where every account stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Balances {
    /// One line an account. They sum to zero.
    items: Vec<Balance>,
}

pub(crate) async fn all(State(app): State<App>, mut caller: Caller, Query(query): Query<AtDay>) -> Answer {
    caller.registry = caller.known.refreshed(&app.store).await?;
    let lines = app.store.balances(caller.known.id, query.at).await?;
    Ok(json(200, &Balances { items: lines.iter().map(|line| show(&caller, line, query.at)).collect() }))
}

/// A line of an account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Entry")]
pub(crate) struct EntryView {
    /// Its place in the account: 1, 2, 3…
    sequence: i64,
    /// The act that posted it.
    act: Uuid,
    /// The exchange or the act that it belongs to.
    cause: Uuid,
    kind: Word<PostingKind>,
    minutes: i64,
    /// The balance after it.
    balance: i64,
    /// The day it counts under.
    booked: NaiveDate,
    /// What people call the exchange.
    reference: Option<String>,
}

pub(crate) async fn entries(
    State(app): State<App>,
    mut caller: Caller,
    uri: Uri,
    Path(name): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Answer {
    let member = caller.member(&app, name).await?.number;
    caller.check_concerns(member)?;
    let before = query.cursor.as_deref().map(str::parse).transpose();
    let before = before.map_err(|_| unreadable_cursor())?;
    let account = Account::Association(member);
    let rows = app.store.entries(caller.known.id, account, before, rows_for(query.limit)).await?;
    let show = |entry: Entry| EntryView {
        sequence: entry.sequence,
        act: caller.name(entry.act.0),
        cause: caller.name(entry.cause.0),
        kind: Word(entry.kind),
        minutes: entry.minutes.get(),
        balance: entry.balance.get(),
        booked: entry.booked,
        reference: entry.reference,
    };
    Ok(page(&uri, rows, query.limit, |entry| entry.sequence.to_string(), show))
}

fn unreadable_cursor() -> Problem {
    let why = Misfit::Value { found: Found::NoCursor, fits: Some(Fits::Cursor) };
    Problem::new(Refusal::QueryDoesNotFit(why)).at("cursor")
}

/// The act that a page begins before.
pub(crate) fn act_cursor(caller: &Caller, cursor: Option<&str>) -> Result<Option<ActNumber>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let name = Uuid::try_parse(cursor).map_err(|_| unreadable_cursor())?;
    caller.known.ids.number(name).map(|number| Some(ActNumber(number))).ok_or_else(unreadable_cursor)
}

/// What moved an account in one month.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "as in the JSON")]
pub(crate) struct Month {
    /// The month: `2025-03`.
    month: String,
    /// Minutes by kind; what did not occur is absent.
    kinds: BTreeMap<String, i64>,
    /// Their sum.
    total: i64,
}

/// What moved an account, month by month.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Months {
    /// Oldest first; months in which nothing moved are absent.
    items: Vec<Month>,
}

pub(crate) async fn months(State(app): State<App>, mut caller: Caller, Path(name): Path<Uuid>) -> Answer {
    let member = caller.member(&app, name).await?.number;
    caller.check_concerns(member)?;
    let mut months: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
    for (month, kind, minutes) in app.store.months(caller.known.id, Account::Association(member)).await? {
        months.entry(month).or_default().insert(kind.to_string(), minutes.get());
    }
    let show = |(month, kinds): (i64, BTreeMap<String, i64>)| Month {
        month: format!("{:04}-{:02}", month / 100, month % 100),
        total: kinds.values().sum(),
        kinds,
    };
    Ok(json(200, &Months { items: months.into_iter().map(show).collect() }))
}

/// An act: something that the ledger accepted and sealed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Act")]
pub(crate) struct ActView {
    id: Uuid,
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

/// The associations that an act concerns.
pub(crate) fn concerned(leaf: &Leaf<'_>) -> Vec<AssociationNumber> {
    let mut numbers: Vec<i64> = leaf.postings.iter().map(|posting| posting.account).filter(|one| *one > 0).collect();
    if let Some(exchange) = &leaf.exchange {
        numbers.extend([exchange.giver, exchange.receiver]);
    }
    if let Some(member) = &leaf.member {
        numbers.push(member.number);
    }
    numbers.extend(leaf.contributions.iter().map(|contribution| contribution.association));
    numbers.extend(leaf.role.as_ref().and_then(|role| role.association));
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(AssociationNumber).collect()
}

fn show_act(caller: &Caller, row: &ActRow, texts: BTreeMap<String, String>, is_whole: bool) -> Option<ActView> {
    let leaf = Leaf::parse(&row.leaf).ok()?;
    let account = |number: i64| match number {
        0 => "fund".to_owned(),
        1.. => caller.name(number).to_string(),
        _ => "opening".to_owned(),
    };
    let by = match leaf.by.strip_prefix("association:").and_then(|number| number.parse().ok()) {
        Some(number) => caller.name(number).to_string(),
        None => leaf.by.to_string(),
    };
    let who = match row.principal.strip_prefix("person:").and_then(|number| number.parse().ok()) {
        Some(person) => caller.name(person).to_string(),
        None => row.principal.clone(),
    };
    let exchange = leaf.exchange.as_ref().map(|part| part.number);
    Some(ActView {
        id: caller.name(row.number),
        number: row.number,
        kind: Word(ActKind::try_from(row.kind.as_str()).ok()?),
        at: DateTime::from_timestamp_micros(row.recorded_at)?,
        by,
        who: caller.association().is_none().then_some(who),
        exchange: exchange.map(|number| caller.name(number)),
        cause: caller.name(leaf.target.or(exchange).unwrap_or(row.number)),
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
        leaf: is_whole.then(|| row.leaf.clone()),
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

pub(crate) async fn acts(State(app): State<App>, caller: Caller, uri: Uri, Query(query): Query<ListActs>) -> Answer {
    let mut before = act_cursor(&caller, query.cursor.as_deref())?;
    let most = rows_for(query.limit);
    let mut rows: Vec<ActRow> = Vec::new();
    while rows.len() < most as usize {
        let found = app.store.acts_before(caller.known.id, before, most).await?;
        let Some(last) = found.last() else { break };
        before = Some(ActNumber(last.number));
        rows.extend(found.into_iter().filter(|row| {
            query.posting != Some(true) || Leaf::parse(&row.leaf).is_ok_and(|leaf| !leaf.postings.is_empty())
        }));
    }
    rows.truncate(most as usize);
    let cursor = |row: &ActRow| caller.name(row.number).to_string();
    Ok(page(&uri, rows, query.limit, cursor, |row| show_act(&caller, &row, BTreeMap::new(), false)))
}

pub(crate) async fn act(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>) -> Answer {
    let number = caller.known.ids.number(name).map(ActNumber).ok_or_else(Problem::not_found)?;
    let row = app.store.acts_from(caller.known.id, number, 1).await?.pop();
    let row = row.filter(|row| row.number == number.0).ok_or_else(Problem::not_found)?;
    if let Some(own) = caller.association() {
        let leaf = Leaf::parse(&row.leaf).map_err(|_| Problem::new(Refusal::Fault))?;
        if !concerned(&leaf).contains(&own) {
            return Err(Problem::new(Refusal::BelongsToOthers));
        }
    }
    let texts = app.store.texts_of(caller.known.id, number).await?.into_iter().collect();
    let shown = show_act(&caller, &row, texts, true).ok_or_else(|| Problem::new(Refusal::Fault))?;
    Ok(json(200, &shown))
}

pub(crate) async fn reverse_act(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body: Reason { reason } }: Keyed<Reason>,
) -> Answer {
    let target = caller.known.ids.number(name).map(ActNumber).ok_or_else(Problem::not_found)?;
    let made = app.write(&caller, &asked, ledger::command::Command::Reverse { target, reason }).await?;
    Ok(receipt(200, &caller, &made))
}

/// A balance from before the ledger.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpeningBalance {
    /// The balance: negative when it owes hours.
    #[schemars(range(min = -10_000_000, max = 10_000_000))]
    minutes: i64,
    /// The day that it holds at.
    date: NaiveDate,
}

pub(crate) async fn bring_in(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body: OpeningBalance { minutes, date } }: Keyed<OpeningBalance>,
) -> Answer {
    let association = caller.member(&app, name).await?.number;
    let command = ledger::command::Command::BringInBalance { association, minutes: Minutes::new(minutes), date };
    let made = app.write(&caller, &asked, command).await?;
    Ok(receipt(201, &caller, &made))
}
