//! What the log can prove: as it is now, and under a signed head.

use std::ops::Range;

use async_recursion::async_recursion as boxed;

use crate::{
    Store, StoreError,
    read::{heads::HeadProof, network::read_head, tiles},
    reading::RowOf,
};
use ledger::{ActNumber, Digest, NetworkId, checkpoint::InclusionProof, log};

/// A proof about the log as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// How many acts the log holds.
    pub size: u64,
    /// Its root.
    pub root: Digest,
    /// The proof's hashes, in the order of RFC 6962.
    pub hashes: Vec<Digest>,
}

impl Store {
    /// Proves that an act is in the log; check it with [`log::includes`].
    ///
    /// # Errors
    /// When the database does not answer, or has no such act.
    #[boxed]
    pub async fn inclusion_proof(&self, network: NetworkId, act: ActNumber) -> Result<LogProof, StoreError> {
        let index = index_of(act)?;
        self.proof(network, index, &|size| (index < size).then(|| log::inclusion_path(index, size))).await
    }

    /// Proves that the log of that many acts is the beginning of the log as it is now; check it with
    /// [`log::extends`].
    ///
    /// # Errors
    /// When the database does not answer, or the log is shorter.
    #[boxed]
    pub async fn consistency_proof(&self, network: NetworkId, old_size: u64) -> Result<LogProof, StoreError> {
        let path = |size| (old_size <= size).then(|| log::consistency_path(old_size, size));
        self.proof(network, old_size, &path).await
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
        let path = |size| (old <= new && new <= size).then(|| log::consistency_path(old, new));
        Ok(self.proof(network, new, &path).await?.hashes)
    }

    async fn proof(
        &self,
        network: NetworkId,
        asked: u64,
        path: &(dyn Fn(u64) -> Option<Vec<Range<u64>>> + Send + Sync),
    ) -> Result<LogProof, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let (head, root) = read_head(&mut tx, network).await?;
        let size = head.log_size();
        let too_short = || RowOf("act", asked).wrong("number", format_args!("the log has {size} acts"));
        let hashes = tiles::hashes(&mut tx, network, &path(size).ok_or_else(too_short)?).await?;
        Ok(LogProof { size, root, hashes })
    }
}

/// The place of an act in the log.
fn index_of(act: ActNumber) -> Result<u64, StoreError> {
    u64::try_from(act.0).map_err(|_| RowOf("act", act).wrong("number", "no act has a number below 0"))
}
