//! The sealed log: its head and proofs. Nothing in it is personal, and all of it is public, as far as the last signed head
//! goes: what came after it is told by nothing here.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ledger::{ActNumber, Digest, NetworkId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{App, directory::Known, problem::Problem};
use store::{HeadProof, NetworkKey, SealError};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, text},
    extract::{Path, Query},
};

/// The last signed head of the log.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LogHead {
    /// The network.
    network: Uuid,
    /// How many acts the log holds.
    size: u64,
    /// Its RFC 6962 root, in base64.
    root: String,
}

/// A proof that leads to the last signed head (RFC 6962, 2.1).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Proof {
    /// How many acts the log holds.
    size: u64,
    /// Its root, in base64.
    root: String,
    /// The proof's hashes, in base64, in the order of RFC 6962.
    hashes: Vec<String>,
}

fn show(hash: &Digest) -> String {
    STANDARD.encode(hash.0)
}

pub(super) async fn known(app: &App, network: Uuid) -> Result<NetworkId, Problem> {
    let known = app.directory.find(&app.store, &NetworkKey::Uuid(network)).await?;
    known.map(|known| known.id).ok_or_else(Problem::not_found)
}

/// The last signed head. A log that nobody has signed shows nothing.
async fn signed(app: &App, network: NetworkId) -> Result<HeadProof, Problem> {
    app.store.signed_heads(network, 1).await?.into_iter().next().ok_or_else(Problem::not_found)
}

pub(crate) async fn head(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let HeadProof { head, note: _ } = signed(&app, known(&app, network).await?).await?;
    Ok(json(200, &LogHead { network, size: head.size, root: show(&head.root) }))
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
    let signed = signed(&app, id).await?;
    if u64::try_from(query.number).is_ok_and(|number| number < signed.head.size) {
        let proof = app.store.inclusion_under(id, ActNumber(query.number), &signed).await?;
        return Ok(show_proof(&signed, &proof.hashes));
    }
    Err(Problem::not_found().at("number"))
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
    let signed = signed(&app, id).await?;
    match u64::try_from(query.from) {
        Ok(from) if from <= signed.head.size => {
            Ok(show_proof(&signed, &app.store.consistency_between(id, from, signed.head.size).await?))
        }
        _ => Err(Problem::not_found().at("from")),
    }
}

fn show_proof(signed: &HeadProof, hashes: &[Digest]) -> axum::response::Response {
    let HeadProof { head, note: _ } = signed;
    json(200, &Proof { size: head.size, root: show(&head.root), hashes: hashes.iter().map(show).collect() })
}

/// The last signed head: a note as C2SP tlog-checkpoint has it, with the signatures of the log and of witnesses.
/// Nobody is to keep it: the next one may be signed at any moment.
pub(crate) async fn checkpoint(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let HeadProof { head: _, note } = signed(&app, known(&app, network).await?).await?;
    let mut response = text(200, "text/plain; charset=utf-8", note.to_string());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// The network's public keys: the document of its `did:web`, or of its `did:key`, with the log's key.
pub(crate) async fn keys(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let id = known(&app, network).await?;
    Ok(json(200, &app.store.public_keys(id).await.map_err(sealed)?))
}

/// The keys of the network that is known by the domain under which it was asked for (did:web), or was before no network had
/// it any more.
pub(crate) async fn keys_of_domain(State(app): State<App>, headers: HeaderMap) -> Answer {
    let host = host_of(&headers);
    let document = match of_domain(&app, &host).await? {
        (known, Had::Now) => app.store.public_keys(known.id).await.map(Some),
        (known, Had::Before) => app.store.public_keys_of_domain(known.id, &host).await,
    };
    Ok(json(200, &document.map_err(sealed)?.ok_or_else(Problem::not_found)?))
}

/// The signed list of what the network took back, as it is now: badges, and statements.
pub(crate) async fn status_list(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let known = app.directory.find(&app.store, &NetworkKey::Uuid(network)).await?.ok_or_else(Problem::not_found)?;
    listed(&app, (&known, None)).await
}

/// The same of the network that is known by the domain under which it was asked for, or was before: the address that its
/// credentials bear.
pub(crate) async fn status_list_of_domain(State(app): State<App>, headers: HeaderMap) -> Answer {
    let host = host_of(&headers);
    let (known, had) = of_domain(&app, &host).await?;
    listed(&app, (&known, (had == Had::Before).then_some(host.as_str()))).await
}

/// Whoever keeps it for some minutes learns of nothing late.
async fn listed(app: &App, whose: (&Known, Option<&str>)) -> Answer {
    let list = app.status_lists.signed(&app.store, &app.config, whose, app.now()).await?;
    let list = list.ok_or_else(Problem::not_found)?;
    let mut response = text(200, "application/vc", list);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(response)
}

/// The name under which it was asked for.
fn host_of(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    host.rsplit_once(':').map_or(host, |(host, _port)| host).to_ascii_lowercase()
}

/// When a network had a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Had {
    Now,
    /// And no network has it now.
    Before,
}

async fn of_domain(app: &App, host: &str) -> Result<(Arc<Known>, Had), Problem> {
    if let Some(known) = app.directory.find(&app.store, &NetworkKey::Domain(host.to_owned())).await? {
        return Ok((known, Had::Now));
    }
    let former = app.former_domains.find(&app.store, host).await?.ok_or_else(Problem::not_found)?;
    let known = app.directory.network(&app.store, former).await?.ok_or_else(Problem::not_found)?;
    Ok((known, Had::Before))
}

/// A network without keys has nothing to show.
fn sealed(error: SealError) -> Problem {
    match error {
        SealError::Store(error) => error.into(),
        _ => Problem::not_found(),
    }
}
