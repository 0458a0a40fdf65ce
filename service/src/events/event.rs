//! What is told of an act.

use chrono::SecondsFormat;
use ledger::act::ActKind;
use serde_json::{Value, json};
use store::{SealedAct, StoreError};
use uuid::Uuid;

use crate::{acting::Sight, acts, id::Ids};

/// Whether an act of this kind is told to everybody, whatever they asked to be told of: whoever keeps what they were
/// told has to hear that some of it was lost.
pub fn is_told_to_all(kind: ActKind) -> bool {
    kind == ActKind::LogReopened
}

/// What is told of an act; nothing where it does not concern the one who listens.
///
/// # Errors
/// When its row cannot be true: nothing that happened is left out without a word.
pub fn event(network: Uuid, ids: Ids<'_>, act: &SealedAct, listener: Sight) -> Result<Option<Value>, StoreError> {
    let leaf = act.leaf()?;
    let concerned = acts::concerned(&leaf);
    if !listener.takes_in_one_of(&concerned) && !is_told_to_all(act.kind) {
        return Ok(None);
    }
    let name = |number: i64| ids.name(number).ok_or_else(|| act.wrong("it names what no act can have created"));
    let associations = concerned.iter().map(|association| name(association.0));
    let mut data = json!({
        "network": network,
        "act": name(act.number.0)?,
        "generation": ids.generation(act.number).losses(),
        "number": act.number.0,
        "associations": associations.collect::<Result<Vec<_>, _>>()?,
    });
    if let Some(exchange) = &leaf.exchange {
        data["exchange"] = json!(name(exchange.number)?);
        data["state"] = json!(exchange.state);
    }
    Ok(Some(json!({
        "type": act.kind.as_str(),
        "timestamp": act.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": data,
    })))
}
