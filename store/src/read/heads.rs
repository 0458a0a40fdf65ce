//! Signed heads of the log, and what the log was when they were signed.

use std::cmp::Ordering;

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    read::{
        network::{read_head, read_network},
        tiles,
    },
    reading::{Pair, RowOf, table_row},
};
use ledger::{
    Digest, NetworkId,
    checkpoint::Checkpoint,
    generation::{generation_of, origin},
    log,
    note::Note,
};

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadProof {
    /// The head.
    pub head: Checkpoint,
    /// The note that it is signed in.
    pub note: Note,
}

/// What a signed head says of a network's log as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadStanding {
    /// The log begins with what it is about.
    GoesOn,
    /// More was signed than the log has.
    FellBehind,
    /// As much as was signed the log has, and other acts.
    Forked,
    /// It is of a log that was opened after this one.
    OfLater,
    /// It is of a log that was lost before this one was opened.
    OfEarlier,
    /// It is of another network's log.
    OfAnother,
}

impl Store {
    /// What a signed head says of the log as it is. Who signed it is another question.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn standing_of(&self, network: NetworkId, head: &Checkpoint) -> Result<HeadStanding, StoreError> {
        standing_of(&mut self.db().begin_read().await?, network, head).await
    }

    /// The last signed heads of the log as it goes on, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn signed_heads(&self, network: NetworkId, most: i64) -> Result<Vec<HeadProof>, StoreError> {
        signed_heads(&mut self.db().begin_read().await?, network, most).await
    }
}

/// What is kept outside of the database, unless it is a head of a log before the present one: a reopened log has named
/// what was lost. Where it is a head of a later one, the database is from before that was opened.
pub(crate) async fn of_this_log<'a>(
    tx: &mut Tx,
    network: NetworkId,
    outside: Option<&'a Checkpoint>,
) -> Result<Option<&'a Checkpoint>, StoreError> {
    let present = generation_of(&log_name(tx, network).await?);
    let uuid = read_network(tx, network).await?.uuid;
    let is_ours = |head: &&Checkpoint| {
        let generation = generation_of(&head.origin);
        generation >= present && head.origin == origin(uuid, generation)
    };
    Ok(outside.filter(is_ours))
}

/// What a signed head says of the log as it is.
pub(crate) async fn standing_of(
    tx: &mut Tx,
    network: NetworkId,
    head: &Checkpoint,
) -> Result<HeadStanding, StoreError> {
    let (uuid, name) = (read_network(tx, network).await?.uuid, log_name(tx, network).await?);
    let (present, theirs) = (generation_of(&name), generation_of(&head.origin));
    if head.origin != origin(uuid, theirs) {
        return Ok(HeadStanding::OfAnother);
    }
    Ok(match theirs.cmp(&present) {
        Ordering::Less => HeadStanding::OfEarlier,
        Ordering::Greater => HeadStanding::OfLater,
        Ordering::Equal if read_head(tx, network).await?.0.log_size() < head.size => HeadStanding::FellBehind,
        Ordering::Equal if root_at(tx, network, head.size).await? == Some(head.root) => HeadStanding::GoesOn,
        Ordering::Equal => HeadStanding::Forked,
    })
}

/// The name of the network's log: that of its UUID and generation.
pub(crate) async fn log_name(tx: &mut Tx, network: NetworkId) -> Result<String, StoreError> {
    let sql = "SELECT max(generation) FROM log_generation WHERE network_id = $1";
    // A network whose log was never lost has its first one.
    let reopened = select::<(Option<i64>,)>(tx, network, sql).await?.into_iter().find_map(|(generation,)| generation);
    let generation = reopened.map(|last| RowOf("log_generation", last).number("generation", last)).transpose()?;
    let uuid = read_network(tx, network).await?.uuid;
    Ok(origin(uuid, generation.unwrap_or(1)))
}

/// The root of the log as it was when it had so many acts; `None` where one of them is missing.
pub(crate) async fn root_at(tx: &mut Tx, network: NetworkId, size: u64) -> Result<Option<Digest>, StoreError> {
    if size == 0 {
        return Ok(Some(log::root_of(&[])));
    }
    let hashes = tiles::hashes_if_whole(tx, network, std::slice::from_ref(&(0..size))).await?;
    Ok(hashes.and_then(|hashes| hashes.first().copied()))
}

/// Every signed head, of the logs before as well.
pub(crate) async fn signed_heads_of_all(tx: &mut Tx, network: NetworkId) -> Result<Vec<HeadProof>, StoreError> {
    let sql = "SELECT generation, size, note FROM log_checkpoint WHERE network_id = $1 ORDER BY generation, size";
    select::<HeadRow>(tx, network, sql).await?.into_iter().map(HeadRow::read).collect()
}

/// The last head that was signed, in whichever of the network's logs.
pub(crate) async fn last_signed_of_all(tx: &mut Tx, network: NetworkId) -> Result<Option<HeadProof>, StoreError> {
    let sql = "SELECT generation, size, note FROM log_checkpoint WHERE network_id = $1 \
               ORDER BY generation DESC, size DESC LIMIT 1";
    select::<HeadRow>(tx, network, sql).await?.pop().map(HeadRow::read).transpose()
}

/// The heads that name the keys that followed others, in the order in which they did.
pub(crate) async fn heads_of_changes(tx: &mut Tx, network: NetworkId) -> Result<Vec<Note>, StoreError> {
    let sql = "SELECT generation, size, note FROM log_checkpoint WHERE network_id = $1 \
               AND note LIKE '%successor %' ORDER BY generation, size";
    let heads = select::<HeadRow>(tx, network, sql).await?.into_iter().map(|row| Ok(row.read()?.note));
    heads.collect()
}

/// The last signed heads of the log as it goes on, newest first.
pub(crate) async fn signed_heads(tx: &mut Tx, network: NetworkId, most: i64) -> Result<Vec<HeadProof>, StoreError> {
    let name = log_name(tx, network).await?;
    let sql = "SELECT generation, size, note FROM log_checkpoint WHERE network_id = $1 AND generation = $2 \
               ORDER BY size DESC LIMIT $3";
    let rows: Vec<HeadRow> = on_tx!(tx, connection => sqlx::query_as(sql)
        .bind(network.0)
        .bind(i64::from(generation_of(&name)))
        .bind(most)
        .fetch_all(connection)
        .await?);
    rows.into_iter().map(HeadRow::read).collect()
}

table_row! {
    struct HeadRow {
        generation: i64,
        size: i64,
        note: String,
    }
}

impl HeadRow {
    fn read(self) -> Result<HeadProof, StoreError> {
        let wrong = || RowOf("log_checkpoint", Pair(self.generation, self.size)).wrong("note", "no signed head");
        let note = Note::parse(&self.note).ok_or_else(wrong)?;
        let head = Checkpoint::parse(&note.text).ok_or_else(wrong)?;
        Ok(HeadProof { head, note })
    }
}
