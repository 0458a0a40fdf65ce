//! The keys that a network announced, and the document that outsiders pin.

use async_recursion::async_recursion as boxed;

use crate::{
    SealError, Store, StoreError,
    db::{Tx, select},
    read::heads::{heads_of_changes, log_name},
    reading::{RowOf, table_row},
};
use ledger::{
    ActNumber, NetworkId,
    generation::names_up_to,
    key::{AnnouncedKey, KeyPurpose, PublicKey, did_document, did_document_of_domain},
    note::{Algorithm, VerifierKey},
};

impl Store {
    /// The keys that the network announced, in the order in which it did.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn announced_keys(&self, network: NetworkId) -> Result<Vec<AnnouncedKey>, StoreError> {
        announced_keys(&mut self.db().begin_read().await?, network).await
    }

    /// The key that is in use for a purpose.
    ///
    /// # Errors
    /// As [`announced_keys`](Self::announced_keys), and when there is none.
    #[boxed]
    pub async fn key_in_use(&self, network: NetworkId, purpose: KeyPurpose) -> Result<AnnouncedKey, SealError> {
        let keys = self.announced_keys(network).await?;
        let found = keys.into_iter().find(|key| key.purpose == purpose && key.until.is_none());
        found.ok_or(SealError::NoKey(purpose))
    }

    /// The key that checks the heads of this log, with the log's name.
    ///
    /// # Errors
    /// As [`key_in_use`](Self::key_in_use).
    #[boxed]
    pub async fn log_key(&self, network: NetworkId) -> Result<VerifierKey, SealError> {
        let key = self.key_in_use(network, KeyPurpose::Checkpoint).await?.key;
        let name = log_name(&mut self.db().begin_read().await?, network).await?;
        Ok(VerifierKey { name, algorithm: Algorithm::Ed25519, key })
    }

    /// The document that outsiders pin: the keys of credentials, and those of the log, the one in use first. What was signed
    /// with former ones, or when the log had another name, can be checked as before.
    ///
    /// # Errors
    /// As [`key_in_use`](Self::key_in_use).
    #[boxed]
    pub async fn public_keys(&self, network: NetworkId) -> Result<serde_json::Value, SealError> {
        let keys = self.announced_keys(network).await?;
        let document = did_document(&keys).ok_or(SealError::NoKey(KeyPurpose::Credential))?;
        self.with_log_keys(network, &keys, document).await
    }

    /// The same under a domain that the network had; `None` where it never had it.
    ///
    /// # Errors
    /// As [`key_in_use`](Self::key_in_use).
    #[boxed]
    pub async fn public_keys_of_domain(
        &self,
        network: NetworkId,
        domain: &str,
    ) -> Result<Option<serde_json::Value>, SealError> {
        let keys = self.announced_keys(network).await?;
        match did_document_of_domain(&keys, domain) {
            Some(document) => self.with_log_keys(network, &keys, document).await.map(Some),
            None => Ok(None),
        }
    }

    async fn with_log_keys(
        &self,
        network: NetworkId,
        keys: &[AnnouncedKey],
        mut document: serde_json::Value,
    ) -> Result<serde_json::Value, SealError> {
        let in_use = self.log_key(network).await?;
        let of_log = keys.iter().rev().filter(|key| key.purpose == KeyPurpose::Checkpoint);
        let mut log_keys = vec![in_use.to_string()];
        for key in of_log {
            for name in names_up_to(&in_use.name) {
                let key = VerifierKey { name, algorithm: Algorithm::Ed25519, key: key.key }.to_string();
                if !log_keys.contains(&key) {
                    log_keys.push(key);
                }
            }
        }
        document["logKeys"] = log_keys.into();
        let changes = heads_of_changes(&mut self.db().begin_read().await?, network).await?;
        if !changes.is_empty() {
            document["keyChanges"] = changes.iter().map(ToString::to_string).collect();
        }
        Ok(document)
    }
}

table_row! {
    struct KeyRow {
        act: i64,
        purpose: String,
        key: Vec<u8>,
        domain: Option<String>,
        recorded_at: i64,
    }
}

impl KeyRow {
    fn read(self) -> Result<AnnouncedKey, StoreError> {
        let row = RowOf("network_key", self.act);
        let key = row.digest("key", &self.key)?;
        Ok(AnnouncedKey {
            purpose: row.word("purpose", &self.purpose)?,
            key: PublicKey::from_bytes(key.0).ok_or_else(|| row.wrong("key", "no public key"))?,
            domain: self.domain,
            act: ActNumber(self.act),
            since: RowOf("act", self.act).instant("recorded_at", self.recorded_at)?,
            until: None,
        })
    }
}

/// The keys that the network announced, in the order in which it did: each holds until the next one of its purpose.
pub(crate) async fn announced_keys(tx: &mut Tx, network: NetworkId) -> Result<Vec<AnnouncedKey>, StoreError> {
    let sql = "SELECT k.act, k.purpose, k.key, k.domain, a.recorded_at FROM network_key AS k \
               JOIN act AS a ON a.network_id = k.network_id AND a.number = k.act WHERE k.network_id = $1 ORDER BY k.act";
    let rows: Vec<KeyRow> = select(tx, network, sql).await?;
    let mut keys: Vec<AnnouncedKey> = Vec::with_capacity(rows.len());
    for row in rows {
        let key = row.read()?;
        let before = keys.iter_mut().rev().find(|before| before.purpose == key.purpose && before.until.is_none());
        if let Some(before) = before {
            before.until = Some(key.since);
        }
        keys.push(key);
    }
    Ok(keys)
}
