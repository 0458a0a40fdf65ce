//! The tiles of the log's hashes, and the sealed acts under them (C2SP tlog-tiles): as far as the last signed head goes.

use axum::{
    extract::State,
    http::{HeaderValue, Uri, header},
    response::Response,
};
use ledger::{
    ActNumber, NetworkId,
    leaf::sealed_text,
    log::width_in,
    tile::{Shelf, TileAddress, bundle},
};
use service::{App, caller::Caller, problem::Problem};
use uuid::Uuid;

use crate::answer::{Answer, text};

/// A tile of hashes, for anybody.
pub(crate) async fn hashes(State(app): State<App>, uri: Uri) -> Answer {
    let (network, TileAddress { shelf, index, width }) = asked(&uri)?;
    let Shelf::Hashes(level) = shelf else { return Err(Problem::not_found()) };
    let hashes = app.store.signed_tile(super::log::known(&app, network).await?, (level, index)).await?;
    let hashes = hashes.get(..width).ok_or_else(Problem::not_found)?;
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
    Ok(unchanging(bytes, "public, max-age=31536000, immutable"))
}

/// The sealed acts under a tile, for those who may see all of them.
pub(crate) async fn entries(State(app): State<App>, caller: Caller, uri: Uri) -> Answer {
    let (network, TileAddress { shelf: _, index, width }) = asked(&uri)?;
    let id = super::log::known(&app, network).await?;
    if id != caller.known.id || width_in(signed_size(&app, id).await?, (0, index)) < width {
        return Err(Problem::not_found());
    }
    let first = i64::try_from(index.saturating_mul(256)).map_err(|_| Problem::not_found())?;
    let acts = app.store.acts_from(id, ActNumber(first), u32::try_from(width).unwrap_or(u32::MAX)).await?;
    let entries = acts.iter().map(|act| sealed_text(&act.text).as_bytes());
    let bytes = bundle(entries).filter(|_| acts.len() == width).ok_or_else(Problem::not_found)?;
    Ok(unchanging(bytes, "private, max-age=31536000, immutable"))
}

async fn signed_size(app: &App, network: NetworkId) -> Result<u64, Problem> {
    let last = app.store.signed_heads(network, 1).await?.into_iter().next();
    Ok(last.map_or(0, |last| last.head.size))
}

/// Which network's tile an address means: it has one spelling, so that whoever keeps answers keeps each once.
fn asked(uri: &Uri) -> Result<(Uuid, TileAddress), Problem> {
    let named = uri.path().strip_prefix("/v1/networks/").and_then(|rest| rest.split_once("/log/tile/"));
    let (network, tile) = named.ok_or_else(Problem::not_found)?;
    let known = Uuid::try_parse(network).ok().filter(|known| known.to_string() == network);
    known.zip(TileAddress::parse(tile)).ok_or_else(Problem::not_found)
}

/// What was once served never changes.
fn unchanging(bytes: Vec<u8>, kept: &'static str) -> Response {
    let mut response = text(200, "application/octet-stream", bytes);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}
