//! Tiles of the log, as proofs need them: what lies above the leaves is stored, what the leaves are stands with the acts.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::{
    StoreError,
    bulk::{Rows, row},
    db::Tx,
    reading::{Pair, RowOf},
    schema::ColumnType::Int,
};
use ledger::{
    Digest, NetworkId,
    log::{self, TILE_WIDTH, TilePlace},
};

/// Reads tiles. One of the leaves ends where an act is missing.
pub(crate) async fn load(
    tx: &mut Tx,
    network: NetworkId,
    places: &[TilePlace],
) -> Result<BTreeMap<TilePlace, Vec<Digest>>, StoreError> {
    let (leaves, above): (Vec<_>, Vec<_>) = places.iter().partition(|(level, _)| *level == 0);
    let mut tiles = above_the_leaves(tx, network, &above).await?;
    tiles.extend(of_the_leaves(tx, network, &leaves).await?);
    Ok(tiles)
}

/// The hashes of these ranges of leaves.
pub(crate) async fn hashes(tx: &mut Tx, network: NetworkId, path: &[Range<u64>]) -> Result<Vec<Digest>, StoreError> {
    hashes_if_whole(tx, network, path).await?.ok_or_else(|| missing(network))
}

/// The hashes of these ranges of leaves; `None` where the log lacks something of them.
pub(crate) async fn hashes_if_whole(
    tx: &mut Tx,
    network: NetworkId,
    path: &[Range<u64>],
) -> Result<Option<Vec<Digest>>, StoreError> {
    let places: Vec<_> = log::tiles_of(path).into_iter().collect();
    Ok(log::proof(path, &load(tx, network, &places).await?))
}

async fn above_the_leaves(
    tx: &mut Tx,
    network: NetworkId,
    places: &[TilePlace],
) -> Result<BTreeMap<TilePlace, Vec<Digest>>, StoreError> {
    let rows = places.iter().map(|(level, index)| row![i64::from(*level), number(*index)]);
    let sql = "SELECT t.level, t.tile, t.hashes FROM {rows} CROSS JOIN log_tile AS t \
               WHERE t.network_id = $1 AND t.level = r.c0 AND t.tile = r.c1";
    let found: Vec<(i64, i64, Vec<u8>)> = Rows::new(&[Int, Int], rows.collect()).select(tx, network.0, sql).await?;
    found.into_iter().map(|(level, tile, hashes)| Ok((place(level, tile)?, hashes_of(level, tile, &hashes)?))).collect()
}

async fn of_the_leaves(
    tx: &mut Tx,
    network: NetworkId,
    places: &[TilePlace],
) -> Result<BTreeMap<TilePlace, Vec<Digest>>, StoreError> {
    let width = u64::try_from(TILE_WIDTH).map_err(|_| missing(network))?;
    let rows = places.iter().map(|(_, index)| index.saturating_mul(width));
    let rows = rows.map(|first| row![number(first), number(first.saturating_add(width))]);
    let sql = "SELECT a.number, a.leaf_hash FROM {rows} CROSS JOIN act AS a \
               WHERE a.network_id = $1 AND a.number >= r.c0 AND a.number < r.c1 ORDER BY a.number";
    let found: Vec<(i64, Vec<u8>)> = Rows::new(&[Int, Int], rows.collect()).select(tx, network.0, sql).await?;
    let mut tiles: BTreeMap<TilePlace, Vec<Digest>> = BTreeMap::new();
    for (act, hash) in found {
        let row = RowOf("act", act);
        let (act, hash) = (row.number::<u64>("number", act)?, row.digest("leaf_hash", &hash)?);
        let tile = tiles.entry((0, act / width)).or_default();
        if u64::try_from(tile.len()) == Ok(act % width) {
            tile.push(hash);
        }
    }
    Ok(tiles)
}

/// A number as a row has it; past what rows can have there is no row.
fn number(index: u64) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// The place of a tile that was found.
pub(crate) fn place(level: i64, tile: i64) -> Result<TilePlace, StoreError> {
    let row = RowOf("log_tile", Pair(level, tile));
    Ok((row.number("level", level)?, row.number("tile", tile)?))
}

/// The hashes of a tile that was found.
pub(crate) fn hashes_of(level: i64, tile: i64, bytes: &[u8]) -> Result<Vec<Digest>, StoreError> {
    match bytes.as_chunks::<32>() {
        (hashes, []) => Ok(hashes.iter().map(|hash| Digest(*hash)).collect()),
        _ => Err(RowOf("log_tile", Pair(level, tile)).wrong("hashes", "no whole number of hashes")),
    }
}

/// A tile that is not there, or an act of it.
pub(crate) fn missing(network: NetworkId) -> StoreError {
    RowOf("log_tile", network).wrong("hashes", "a tile of the log, or an act of it, is missing")
}
