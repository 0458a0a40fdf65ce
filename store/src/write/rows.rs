//! The rows that a batch of acts becomes: each table is written once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use crate::{
    StoreError,
    bulk::{BatchChange, Deletion, Known, Rows, TableRows, row},
    db::Tx,
    principal::principal_text,
    reading::RowOf,
    schema::{self, ColumnType::Text},
    write::{members, memory::Warm, sealing},
};
use ledger::{
    Digest, ExchangeNumber, NetworkId,
    account::Posting,
    act::{Act, ActKind, Reference, TextField},
    command::Command,
    exchange::Exchange,
    leaf::{self, Leaf},
    registry::Registry,
    state::{Head, State},
};

/// A leaf's text and its hash.
struct SealedLeaf {
    text: String,
    hash: Digest,
}

/// What acts become in the tables that grow with them, the log and the head. `warm` is as these acts leave it, but for the
/// log, which they are appended to here.
pub(crate) fn of_batch(network: NetworkId, acts: &[&Act], warm: &mut Warm) -> Result<BatchChange, StoreError> {
    let Warm { state, edge } = warm;
    let known = state.network.as_ref();
    let uuid =
        known.ok_or_else(|| RowOf("network", network).wrong("network_id", "acts of a network not founded"))?.uuid;
    let leaf_of = |act: &&Act| {
        let text = Leaf::of(act, uuid)?.into_text()?;
        let hash = leaf::hash_of(&text);
        edge.append(hash);
        Ok(SealedLeaf { text, hash })
    };
    let leaves: Vec<SealedLeaf> = acts.iter().map(leaf_of).collect::<Result<_, StoreError>>()?;
    let mut tiles = TableRows::new(&schema::LOG_TILE, network, Known::Changes(&["hashes"]));
    for ((level, index), hashes) in edge.take_changed() {
        let hashes: Vec<[u8; 32]> = hashes.into_iter().map(|hash| hash.0).collect();
        let tile = stored("log_tile", "tile", network, index)?;
        tiles.push(row![network.0, i64::from(level), tile, hashes.into_flattened()]);
    }
    let mut tables = of(network, acts, leaves)?;
    tables.push(tiles);
    tables.push(reference_counters(network, state));
    let head = head_row(network, &state.head, edge.root());
    let deletion = forgotten(network, acts);
    Ok(BatchChange { head, tables, deletion, keys: keys_of_callers(acts) })
}

/// The keys that callers chose for these acts: nothing that is no act may have one of them.
fn keys_of_callers(acts: &[&Act]) -> Rows {
    let keys = acts.iter().map(|act| &act.key).filter(|key| key.is_of_caller());
    Rows::new(&[Text, Text], keys.map(|key| row![key.scope.as_str(), key.key.as_str()]).collect())
}

/// Writes everything that acts change; `change` is what [`of_batch`] made of them. `registry` is as it is after the last of
/// them.
pub(crate) async fn write(
    change: BatchChange,
    tx: &mut Tx,
    network: NetworkId,
    acts: &[&Act],
    registry: &Registry,
) -> Result<(), StoreError> {
    change.write(tx).await?;
    if acts.iter().any(|act| act.kind().changes_registry()) {
        members::write(tx, network, acts, registry).await?;
    }
    sealing::write(tx, network, acts).await
}

/// A count as a column holds it.
fn stored(table: &'static str, column: &'static str, key: impl Display, count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(|_| RowOf(table, key).wrong(column, format_args!("{count}, which no column holds")))
}

/// The rows that acts become in the tables that grow with them. `leaves` are the acts' texts, with their hashes.
fn of(network: NetworkId, acts: &[&Act], leaves: Vec<SealedLeaf>) -> Result<Vec<TableRows>, StoreError> {
    let mut tables = Vec::new();
    tables.extend(of_acts(network, acts, leaves)?);
    tables.push(of_postings(network, acts));
    tables.extend(of_exchanges(network, acts));
    tables.push(of_steps(network, acts));
    tables.extend(of_engagement(network, acts));
    tables.push(of_texts(network, acts));
    Ok(tables)
}

/// Who gave the time of an exchange is kept aside only until the exchange is answered.
fn forgotten(network: NetworkId, acts: &[&Act]) -> Deletion {
    Deletion::new(("proposed_contribution", "exchange"), network, answered(acts))
}

fn answered(acts: &[&Act]) -> impl Iterator<Item = i64> {
    acts.iter().filter_map(|act| {
        let exchange = act.outcome.exchange.filter(|exchange| act.number.0 != exchange.number.0)?;
        (!exchange.state.is_open()).then_some(exchange.number.0)
    })
}

fn head_row(network: NetworkId, head: &Head, root: Digest) -> TableRows {
    let changes = &[
        "next_act",
        "last_at",
        "registry_act",
        "reference_year",
        "reference_last",
        "first_year",
        "closed_through",
        "root",
    ];
    let mut row = TableRows::new(&schema::HEAD, network, Known::Changes(changes));
    row.push(row![
        network.0,
        head.next.0,
        head.last_at.timestamp_micros(),
        head.registry_act.0,
        head.reference.0,
        head.reference.1,
        head.first_year.map(|year| year.0),
        head.closed_through.map(|year| year.0),
        root.0.to_vec(),
    ]);
    row
}

/// What memory knows of other years than the one that the head goes on with: it was looked up since a batch of late had
/// to do with them, which is seldom.
fn reference_counters(network: NetworkId, state: &State) -> TableRows {
    let mut rows = TableRows::new(&schema::REFERENCE_COUNTER, network, Known::Changes(&["last"]));
    for (year, last) in state.reference_counters.iter().filter(|(_, last)| **last > 0) {
        rows.push(row![network.0, *year, *last]);
    }
    rows
}

fn of_acts(network: NetworkId, acts: &[&Act], leaves: Vec<SealedLeaf>) -> Result<[TableRows; 3], StoreError> {
    let mut rows = TableRows::new(&schema::ACT, network, Known::Never);
    let mut reversals = TableRows::new(&schema::REVERSAL, network, Known::Never);
    let mut closings = TableRows::new(&schema::YEAR_CLOSING, network, Known::Never);
    for (act, SealedLeaf { text, hash }) in acts.iter().zip(leaves) {
        rows.push(row![
            network.0,
            act.number.0,
            act.kind().as_str(),
            act.at.timestamp_micros(),
            principal_text(act.by.principal),
            act.key.scope.as_str(),
            act.key.key.as_str(),
            act.digest.0.to_vec(),
            text,
            hash.0.to_vec(),
        ]);
        if let Command::Reverse { target, .. } = &act.command {
            reversals.push(row![network.0, target.0, act.number.0]);
        }
        if let Some(closing) = &act.outcome.closing {
            let count = |column, count| stored("year_closing", column, closing.year, count);
            closings.push(row![
                network.0,
                closing.year.0,
                act.number.0,
                count("accounts", closing.accounts)?,
                closing.root.0.to_vec(),
                count("proposed", closing.proposed)?,
                count("contested", closing.contested)?,
                count("held", closing.held)?,
            ]);
        }
    }
    Ok([rows, reversals, closings])
}

fn of_postings(network: NetworkId, acts: &[&Act]) -> TableRows {
    let mut rows = TableRows::new(&schema::POSTING, network, Known::Never);
    for act in acts {
        let Some(booked) = act.outcome.booked else { continue };
        for Posting { movement, after } in &act.outcome.postings {
            rows.push(row![
                network.0,
                movement.account.book().as_str(),
                movement.account.number(),
                after.sequence,
                act.number.0,
                act.cause().0,
                movement.kind.as_str(),
                movement.minutes.get(),
                after.balance.get(),
                booked,
                after.given.get(),
                after.received.get(),
            ]);
        }
    }
    rows
}

fn of_exchanges(network: NetworkId, acts: &[&Act]) -> [TableRows; 3] {
    let mut last: BTreeMap<ExchangeNumber, (Exchange, Option<&str>)> = BTreeMap::new();
    let mut brought_in = TableRows::new(&schema::EXCHANGE_REFERENCE, network, Known::Never);
    for act in acts {
        let Some(exchange) = act.outcome.exchange else { continue };
        let (now, given_reference) = last.entry(exchange.number).or_insert((exchange, None));
        *now = exchange;
        match &act.outcome.reference {
            Some(Reference { text, key: Some(key) }) => {
                brought_in.push(row![network.0, exchange.number.0, text.as_str(), key.0.to_vec()]);
            }
            Some(Reference { text, key: None }) => *given_reference = Some(text),
            None => {}
        }
    }
    let changes = &["minutes", "service_date", "state", "spoken_by", "spoken_in", "posted_in"];
    let first = acts.first().map_or(0, |act| act.number.0);
    let mut new = TableRows::new(&schema::EXCHANGE, network, Known::Never);
    let mut known = TableRows::new(&schema::EXCHANGE, network, Known::Changes(changes));
    for (exchange, given_reference) in last.into_values() {
        // What was proposed in this batch cannot be there yet; not to look for it is cheaper.
        let rows = if exchange.number.0 >= first { &mut new } else { &mut known };
        rows.push(row![
            network.0,
            exchange.number.0,
            exchange.terms.giver.0,
            exchange.terms.receiver.0,
            exchange.terms.minutes.get(),
            exchange.terms.service_date,
            exchange.terms.skill.map(|skill| skill.0),
            exchange.state.as_str(),
            exchange.spoken_by.as_str(),
            exchange.spoken_in.0,
            exchange.posted_in.map(|act| act.0),
            exchange.replaces.map(|replaced| replaced.0),
            given_reference,
        ]);
    }
    [new, known, brought_in]
}

/// The steps in an exchange's life that its own row does not name: that one names the act that brought it in and the one
/// that posted it, which is all that most exchanges have. Who gave the time is no step.
fn of_steps(network: NetworkId, acts: &[&Act]) -> TableRows {
    let mut rows = TableRows::new(&schema::EXCHANGE_STEP, network, Known::Never);
    for act in acts {
        let Some(exchange) = act.outcome.exchange else { continue };
        let is_step = act.kind() != ActKind::ContributionsTold && act.cause().0 == exchange.number.0;
        if is_step && exchange.number.0 != act.number.0 && exchange.posted_in != Some(act.number) {
            rows.push(row![network.0, exchange.number.0, act.number.0]);
        }
    }
    rows
}

fn of_engagement(network: NetworkId, acts: &[&Act]) -> [TableRows; 3] {
    let mut posted = TableRows::new(&schema::CONTRIBUTION, network, Known::Never);
    let mut keys = TableRows::new(&schema::PERSON_KEY, network, Known::Never);
    let mut waiting = TableRows::new(&schema::PROPOSED_CONTRIBUTION, network, Known::Never);
    let answered: BTreeSet<_> = answered(acts).collect();
    for act in acts {
        if let Some((person, key)) = act.outcome.person {
            keys.push(row![network.0, act.number.0, 0_i64, person.0, key.0.to_vec()]);
        }
        let is_posted = act.outcome.booked.is_some();
        for (line, contributed) in (0_i64..).zip(&act.outcome.contributions) {
            let person = contributed.person.0;
            let association = contributed.association.0;
            let exchange = contributed.exchange.map(|exchange| exchange.0);
            let minutes = contributed.minutes.get();
            let nature = contributed.nature.as_str();
            let skill = contributed.skill.map(|skill| skill.0);
            let key = contributed.key.0.to_vec();
            let date = contributed.service_date;
            if is_posted {
                posted.push(row![
                    network.0,
                    act.number.0,
                    line,
                    person,
                    association,
                    exchange,
                    minutes,
                    nature,
                    skill,
                    date
                ]);
                keys.push(row![network.0, act.number.0, line, person, key]);
            } else if exchange.is_none_or(|exchange| !answered.contains(&exchange)) {
                waiting.push(row![network.0, exchange, line, person, association, minutes, nature, skill, date, key]);
            }
        }
    }
    [posted, keys, waiting]
}

fn of_texts(network: NetworkId, acts: &[&Act]) -> TableRows {
    let mut rows = TableRows::new(&schema::ACT_TEXT, network, Known::Never);
    for act in acts {
        for text in &act.outcome.texts {
            // Who a person is stands in a table of its own; here stays only the key of the commitment to it.
            let shown = if text.field == TextField::Identity { "" } else { &text.text };
            rows.push(row![network.0, act.number.0, text.field.as_str(), shown, text.key.0.to_vec()]);
        }
    }
    rows
}
