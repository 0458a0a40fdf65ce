//! The sealed log: its head, proofs and tiles. Nothing in it is personal, and all of it is public.

use axum::extract::State;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ledger::{
    ActNumber, Digest, NetworkId,
    store::{LogProof, SealError},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    answer::{Answer, json},
    app::App,
    extract::{Path, Query},
    problem::Problem,
};

/// Where the log has got to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LogHead {
    /// The network.
    network: Uuid,
    /// How many acts the log holds.
    size: u64,
    /// Its RFC 6962 root, in base64.
    root: String,
}

/// A proof about the log as it is now (RFC 6962, 2.1).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Proof {
    /// How many acts the log holds.
    size: u64,
    /// Its root, in base64.
    root: String,
    /// The proof's hashes, in base64, in the order of RFC 6962.
    hashes: Vec<String>,
}

/// A tile: up to 256 hashes of one level.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Tile {
    /// 0 for the leaves, 1 for the roots of full tiles of leaves, and so on.
    level: u8,
    /// Its place in that level.
    index: u64,
    /// Its hashes, in base64; 256 when it is full.
    hashes: Vec<String>,
}

fn show(hash: &Digest) -> String {
    STANDARD.encode(hash.0)
}

async fn known(app: &App, network: Uuid) -> Result<NetworkId, Problem> {
    let all = app.directory.all(&app.store).await?;
    all.iter().find(|known| known.network.uuid == network).map(|known| known.id).ok_or_else(Problem::not_found)
}

pub(crate) async fn head(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let id = known(&app, network).await?;
    let (head, root) = app.store.head(id).await?;
    let size = u64::try_from(head.next.0).unwrap_or_default();
    Ok(json(200, &LogHead { network, size, root: show(&root) }))
}

/// Which act, by its number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichAct {
    /// The act's number: its index in the log.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64))]
    number: i64,
}

pub(crate) async fn inclusion(
    State(app): State<App>,
    Path(network): Path<Uuid>,
    Query(query): Query<WhichAct>,
) -> Answer {
    let id = known(&app, network).await?;
    let (head, _) = app.store.head(id).await?;
    if !(0..head.next.0).contains(&query.number) {
        return Err(Problem::not_found().at("number"));
    }
    Ok(proof(&app.store.inclusion_proof(id, ActNumber(query.number)).await?))
}

/// Since which size.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichSize {
    /// How many acts the earlier log held.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64))]
    from: i64,
}

pub(crate) async fn consistency(
    State(app): State<App>,
    Path(network): Path<Uuid>,
    Query(query): Query<WhichSize>,
) -> Answer {
    let id = known(&app, network).await?;
    let (head, _) = app.store.head(id).await?;
    match u64::try_from(query.from) {
        Ok(from) if query.from <= head.next.0 => Ok(proof(&app.store.consistency_proof(id, from).await?)),
        _ => Err(Problem::not_found().at("from")),
    }
}

fn proof(proof: &LogProof) -> axum::response::Response {
    let hashes = proof.hashes.iter().map(show).collect();
    json(200, &Proof { size: proof.size, root: show(&proof.root), hashes })
}

/// A signed head of the log.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SignedHead {
    /// How many acts it covers.
    size: u64,
    /// The note, as C2SP tlog-checkpoint has it, with the signatures of the log and of witnesses.
    note: String,
    /// The key that signs the log's heads, as C2SP signed-note writes it.
    key: String,
}

pub(crate) async fn checkpoint(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let id = known(&app, network).await?;
    let last = app.store.signed_heads(id, 1).await?.into_iter().next().ok_or_else(Problem::not_found)?;
    let key = app.store.log_key(id).await.map_err(sealed)?;
    Ok(json(200, &SignedHead { size: last.head.size, note: last.note.to_string(), key: key.to_string() }))
}

/// The network's public keys: the document of its `did:web`, or of its `did:key`, with the log's key.
pub(crate) async fn keys(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let id = known(&app, network).await?;
    Ok(json(200, &app.store.public_keys(id).await.map_err(sealed)?))
}

/// A network without keys has nothing to show.
fn sealed(error: SealError) -> Problem {
    match error {
        SealError::Store(error) => error.into(),
        _ => Problem::not_found(),
    }
}

pub(crate) async fn tile(State(app): State<App>, Path((network, level, index)): Path<(Uuid, u8, u64)>) -> Answer {
    let id = known(&app, network).await?;
    if i64::try_from(index).is_err() {
        return Err(Problem::not_found());
    }
    let hashes = app.store.log_tile(id, (level, index)).await?.ok_or_else(Problem::not_found)?;
    Ok(json(200, &Tile { level, index, hashes: hashes.iter().map(show).collect() }))
}
