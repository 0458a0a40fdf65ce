//! What the log can prove under a signed head.

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    read::{
        heads::{HeadProof, signed_heads},
        network::read_head,
        tiles,
    },
    reading::RowOf,
};
use ledger::{
    ActNumber, Digest, NetworkId,
    checkpoint::InclusionProof,
    log::{self, TilePlace},
};

impl Store {
    /// The hashes of a tile, as far as the last signed head goes.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn signed_tile(&self, network: NetworkId, place: TilePlace) -> Result<Vec<Digest>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let size = signed_heads(&mut tx, network, 1).await?.first().map_or(0, |last| last.head.size);
        let mut hashes = tiles::load(&mut tx, network, &[place]).await?.remove(&place).unwrap_or_default();
        hashes.truncate(log::width_in(size, place));
        Ok(hashes)
    }

    /// Proves that an act stands under a signed head.
    ///
    /// # Errors
    /// When the database does not answer, or the head is older than the act.
    #[boxed]
    pub async fn inclusion_under(
        &self,
        network: NetworkId,
        act: ActNumber,
        signed: &HeadProof,
    ) -> Result<InclusionProof, StoreError> {
        let index = index_of(act)?;
        let size = signed.head.size;
        if index >= size {
            return Err(RowOf("log_checkpoint", size).wrong("size", format_args!("act {act} is not under it")));
        }
        let mut tx = self.db().begin_read().await?;
        let hashes = tiles::hashes(&mut tx, network, &log::inclusion_path(index, size)).await?;
        Ok(InclusionProof { index, hashes, checkpoint: signed.note.clone() })
    }

    /// Proves that one head extends another.
    ///
    /// # Errors
    /// When the database does not answer, or the log is shorter.
    #[boxed]
    pub async fn consistency_between(&self, network: NetworkId, old: u64, new: u64) -> Result<Vec<Digest>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let size = read_head(&mut tx, network).await?.0.log_size();
        if old > new || new > size {
            return Err(RowOf("act", old.max(new)).wrong("number", format_args!("the log has {size} acts")));
        }
        tiles::hashes(&mut tx, network, &log::consistency_path(old, new)).await
    }
}

/// The place of an act in the log.
fn index_of(act: ActNumber) -> Result<u64, StoreError> {
    u64::try_from(act.0).map_err(|_| RowOf("act", act).wrong("number", "no act has a number below 0"))
}
