//! What the log can prove.

use std::ops::Range;

use crate::{
    Store, StoreError,
    error::impossible,
    read::{network::read_head, tiles},
};
use ledger::{ActNumber, Digest, NetworkId, log};

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
    pub async fn inclusion_proof(&self, network: NetworkId, act: ActNumber) -> Result<LogProof, StoreError> {
        let index = u64::try_from(act.0).unwrap_or(u64::MAX);
        self.proof(network, index, |size| (index < size).then(|| log::inclusion_path(index, size))).await
    }

    /// Proves that the log of that many acts is the beginning of the log as it is now; check it with
    /// [`log::extends`].
    ///
    /// # Errors
    /// When the database does not answer, or the log is shorter.
    pub async fn consistency_proof(&self, network: NetworkId, old_size: u64) -> Result<LogProof, StoreError> {
        self.proof(network, old_size, |size| (old_size <= size).then(|| log::consistency_path(old_size, size))).await
    }

    async fn proof(
        &self,
        network: NetworkId,
        asked: u64,
        path: impl Fn(u64) -> Option<Vec<Range<u64>>>,
    ) -> Result<LogProof, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let (head, root) = read_head(&mut tx, network).await?;
        let size = head.log_size();
        let path = path(size).ok_or_else(|| impossible("act", asked, format!("the log has {size} acts")))?;
        let hashes = tiles::hashes(&mut tx, network, &path).await?;
        Ok(LogProof { size, root, hashes })
    }
}
