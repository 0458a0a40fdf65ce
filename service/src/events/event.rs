//! What is told of an act.

use chrono::SecondsFormat;
use serde_json::{Value, json};
use store::{SealedAct, StoreError};

use crate::{acting::Sight, acts, directory::Known};

/// What is told of an act; nothing where it does not concern the one who listens.
///
/// # Errors
/// When its row cannot be true: nothing that happened is left out without a word.
pub fn event(known: &Known, act: &SealedAct, listener: Sight) -> Result<Option<Value>, StoreError> {
    let leaf = act.leaf()?;
    let concerned = acts::concerned(&leaf);
    if !listener.takes_in_one_of(&concerned) {
        return Ok(None);
    }
    let mut data = json!({
        "network": known.network.uuid,
        "act": known.ids.name(act.number.0),
        "number": act.number.0,
        "associations": concerned.iter().map(|association| known.ids.name(association.0)).collect::<Vec<_>>(),
    });
    if let Some(exchange) = &leaf.exchange {
        data["exchange"] = json!(known.ids.name(exchange.number));
        data["state"] = json!(exchange.state);
    }
    Ok(Some(json!({
        "type": act.kind.as_str(),
        "timestamp": act.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": data,
    })))
}
