//! The sealed log: its head, proofs and tiles. Nothing in it is personal, and all of it is public.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ledger::{ActNumber, Digest, NetworkId, log::TILE_WIDTH};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{App, problem::Problem};
use store::{LogProof, NetworkKey, SealError};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, text},
    extract::{Path, Query},
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

fn show(hash: &Digest) -> String {
    STANDARD.encode(hash.0)
}

async fn known(app: &App, network: Uuid) -> Result<NetworkId, Problem> {
    let known = app.directory.find(&app.store, &NetworkKey::Uuid(network)).await?;
    known.map(|known| known.id).ok_or_else(Problem::not_found)
}

pub(crate) async fn head(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let id = known(&app, network).await?;
    let (head, root) = app.store.head(id).await?;
    let size = head.log_size();
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

/// The last signed head: a note as C2SP tlog-checkpoint has it, with the signatures of the log and of witnesses.
pub(crate) async fn checkpoint(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let id = known(&app, network).await?;
    let last = app.store.signed_heads(id, 1).await?.into_iter().next().ok_or_else(Problem::not_found)?;
    Ok(text(200, "text/plain; charset=utf-8", last.note.to_string()))
}

/// The network's public keys: the document of its `did:web`, or of its `did:key`, with the log's key.
pub(crate) async fn keys(State(app): State<App>, Path(network): Path<Uuid>) -> Answer {
    let id = known(&app, network).await?;
    Ok(json(200, &app.store.public_keys(id).await.map_err(sealed)?))
}

/// The keys of the network that is known by the domain under which it was asked for (did:web), or was before no network had
/// it any more.
pub(crate) async fn keys_of_domain(State(app): State<App>, headers: HeaderMap) -> Answer {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _port)| host).to_ascii_lowercase();
    let document = match app.directory.find(&app.store, &NetworkKey::Domain(host.clone())).await? {
        Some(known) => app.store.public_keys(known.id).await.map(Some),
        None => app.store.public_keys_of_former_domain(&host).await,
    };
    Ok(json(200, &document.map_err(sealed)?.ok_or_else(Problem::not_found)?))
}

/// A network without keys has nothing to show.
fn sealed(error: SealError) -> Problem {
    match error {
        SealError::Store(error) => error.into(),
        _ => Problem::not_found(),
    }
}

pub(crate) async fn tile(State(app): State<App>, Path((network, level, end)): Path<(Uuid, u8, String)>) -> Answer {
    hashes(&app, network, level, &end).await
}

pub(crate) async fn tile_of_two(
    State(app): State<App>,
    Path((network, level, first, last)): Path<(Uuid, u8, String, String)>,
) -> Answer {
    hashes(&app, network, level, &format!("{first}/{last}")).await
}

pub(crate) async fn tile_of_three(
    State(app): State<App>,
    Path((network, level, first, second, last)): Path<(Uuid, u8, String, String, String)>,
) -> Answer {
    hashes(&app, network, level, &format!("{first}/{second}/{last}")).await
}

/// The hashes of a tile, one after the other. What was once served never changes.
async fn hashes(app: &App, network: Uuid, level: u8, end: &str) -> Answer {
    let (index, width) = index_and_width(end).ok_or_else(Problem::not_found)?;
    let id = known(app, network).await?;
    let hashes = app.store.log_tile(id, (level, index)).await?.unwrap_or_default();
    let hashes = hashes.get(..width).ok_or_else(Problem::not_found)?;
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
    let mut response = text(200, "application/octet-stream", bytes);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

/// What the end of a tile's address says (C2SP tlog-tiles): the index in groups of three digits, all but the last
/// behind an `x`, and for a tile that is not full `.p/` and how many hashes of it are wanted.
fn index_and_width(end: &str) -> Option<(u64, usize)> {
    let (index, width) = match end.split_once(".p/") {
        Some((index, width)) => (index, width.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width))?),
        None => (end, TILE_WIDTH),
    };
    let (before, last) = index.rsplit_once('/').map_or((None, index), |(before, last)| (Some(before), last));
    let before = before.into_iter().flat_map(|before| before.split('/')).map(|group| group.strip_prefix('x'));
    let groups: Option<Vec<&str>> = before.chain([Some(last)]).collect();
    let groups = groups?;
    let is_group = |group: &&str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    // One index has one address: no group of zeros before it.
    if !groups.iter().all(is_group) || (groups.len() > 1 && groups[0] == "000") {
        return None;
    }
    Some((groups.concat().parse().ok()?, width))
}

#[cfg(test)]
mod tests {
    use super::index_and_width;

    #[test]
    fn a_tile_has_one_address() {
        assert_eq!(index_and_width("067"), Some((67, 256)));
        assert_eq!(index_and_width("000.p/5"), Some((0, 5)));
        assert_eq!(index_and_width("x001/067"), Some((1_067, 256)));
        assert_eq!(index_and_width("x001/x234/067.p/255"), Some((1_234_067, 255)));
        for wrong in ["", "67", "x067", "x000/067", "001/067", "0067", "067.p/0", "067.p/256", "067.p/", "06a", "+67"] {
            assert_eq!(index_and_width(wrong), None, "{wrong}");
        }
    }
}
