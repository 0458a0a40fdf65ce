//! Where accounts stand, and what moved them.

use std::collections::BTreeMap;

use axum::{extract::State, http::Uri};
use chrono::NaiveDate;
use ledger::{
    Minutes,
    account::{Account, PostingKind},
    command::Command,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{App, caller::Caller, problem::Problem};
use store::{BalanceLine, Entry, MonthSum, Page, Position};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, page, receipt, rows_for},
    cursor,
    extract::{Keyed, Query},
    member::{Member, OwnMember},
    parts::{PageQuery, Word},
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
    OwnMember(Member { caller, association }): OwnMember,
    Query(query): Query<AtDay>,
) -> Answer {
    let member = association.number;
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
    OwnMember(Member { caller, association }): OwnMember,
    uri: Uri,
    Query(query): Query<PageQuery>,
) -> Answer {
    let member = association.number;
    let before = query.cursor.as_deref().map(str::parse).transpose();
    let before = before.map_err(|_| cursor::unreadable())?;
    let account = Account::Association(member);
    let rows = app.store.entries(caller.known.id, account, Page { before, most: rows_for(query.limit) }).await?;
    let show = |entry: Entry| {
        Ok(EntryView {
            sequence: entry.sequence,
            act: caller.name(entry.act.0),
            cause: caller.name(entry.cause.0),
            kind: Word(entry.kind),
            minutes: entry.minutes.get(),
            balance: entry.balance.get(),
            booked: entry.booked,
            reference: entry.reference,
        })
    };
    page(&uri, rows, query.limit, |entry| entry.sequence.to_string(), show)
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

pub(crate) async fn months(State(app): State<App>, OwnMember(Member { caller, association }): OwnMember) -> Answer {
    let member = association.number;
    let mut months: BTreeMap<i32, BTreeMap<String, i64>> = BTreeMap::new();
    for MonthSum { month, kind, minutes } in app.store.months(caller.known.id, Account::Association(member)).await? {
        months.entry(month).or_default().insert(kind.to_string(), minutes.get());
    }
    let show = |(month, kinds): (i32, BTreeMap<String, i64>)| Month {
        month: format!("{:04}-{:02}", month / 100, month % 100),
        total: kinds.values().sum(),
        kinds,
    };
    Ok(json(200, &Months { items: months.into_iter().map(show).collect() }))
}

/// How a member stands with a partner, as far as it stands in the accounts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Position")]
pub(crate) struct PositionView {
    partner: Uuid,
    partner_name: String,
    /// Help given to the partner, in minutes.
    given: i64,
    /// Help received from them.
    received: i64,
}

/// How a member stands with each of its partners.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Positions {
    /// In the order in which the partners were admitted.
    items: Vec<PositionView>,
}

pub(crate) async fn positions(State(app): State<App>, OwnMember(Member { caller, association }): OwnMember) -> Answer {
    let positions = app.store.positions(caller.known.id, association.number).await?;
    let show = |position: &Position| PositionView {
        partner: caller.name(position.partner.0),
        partner_name: caller.name_of(position.partner),
        given: position.given.get(),
        received: position.received.get(),
    };
    Ok(json(200, &Positions { items: positions.iter().map(show).collect() }))
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
    Member { caller, association }: Member,
    Keyed { asked, body: OpeningBalance { minutes, date } }: Keyed<OpeningBalance>,
) -> Answer {
    let association = association.number;
    let command = Command::BringInBalance { association, minutes: Minutes::new(minutes), date };
    let made = app.write(&caller, &asked, command).await?;
    Ok(receipt(201, &caller, &made))
}
