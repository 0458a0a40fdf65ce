//! Who is told of acts: webhooks and streams.
//!
//! Both read the acts themselves, from a place that they remember: nothing is told that did not happen, and nothing
//! that happened is left out. What they tell holds names of things, never of people.

#[path = "events/client.rs"]
pub(crate) mod client;
#[path = "events/deliver.rs"]
pub(crate) mod deliver;
#[path = "events/stream.rs"]
pub(crate) mod stream;

use chrono::{DateTime, SecondsFormat};
use ledger::{AssociationNumber, leaf::Leaf};
use serde_json::{Value, json};
use store::ActRow;
use tokio::task::JoinHandle;

use crate::{app::App, directory::Known, v1::balances::concerned};

/// So many webhooks are told at once.
const DELIVERERS: usize = 2;

/// Starts what runs beside the requests.
pub(crate) fn start(app: &App) -> Vec<JoinHandle<()>> {
    (0..DELIVERERS).map(|_| tokio::spawn(deliver::run(app.clone()))).collect()
}

/// What is told of an act; nothing where it does not concern the one who listens.
pub(crate) fn event(known: &Known, row: &ActRow, listener: Option<AssociationNumber>) -> Option<Value> {
    let leaf = Leaf::parse(&row.leaf).ok()?;
    let concerned = concerned(&leaf);
    if listener.is_some_and(|listener| !concerned.contains(&listener)) {
        return None;
    }
    let mut data = json!({
        "network": known.network.uuid,
        "act": known.ids.name(row.number),
        "number": row.number,
        "associations": concerned.iter().map(|association| known.ids.name(association.0)).collect::<Vec<_>>(),
    });
    if let Some(exchange) = &leaf.exchange {
        data["exchange"] = json!(known.ids.name(exchange.number));
        data["state"] = json!(exchange.state);
    }
    let at = DateTime::from_timestamp_micros(row.recorded_at)?;
    Some(json!({
        "type": row.kind,
        "timestamp": at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": data,
    }))
}
