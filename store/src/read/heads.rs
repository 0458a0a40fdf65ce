//! Announced keys, signed heads of the log, and proofs that hang from them.

use chrono::{DateTime, Utc};

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    error::impossible,
    read::{
        network::{lock_head, read_head, read_network},
        tiles,
    },
};
use ledger::{
    ActNumber, Digest, Language, NetworkId,
    checkpoint::{Checkpoint, InclusionProof, origin},
    key::{AnnouncedKey, KeyPurpose, PrivateKey, PublicKey, did_document},
    keyring::{Keyring, KeyringError},
    log,
    note::{Algorithm, Note, NoteVerdict, VerifierKey},
};

/// Why a head was not signed.
#[derive(Debug)]
pub enum SealError {
    /// The database.
    Store(StoreError),
    /// The key, or what is kept beside it.
    Keyring(KeyringError),
    /// The network has not announced a key for that.
    NoKey(KeyPurpose),
    /// The last signed head is no beginning of the log as it is.
    WouldFork {
        /// The signed head.
        signed: Checkpoint,
    },
    /// The log is shorter than the last signed head: the database was restored from an older backup.
    FellBehind {
        /// The signed head.
        signed: Checkpoint,
        /// How many acts the log has.
        size: u64,
    },
    /// The clock shows an instant before the last signature.
    ClockWentBack {
        /// When the last head was signed.
        signed_at: DateTime<Utc>,
    },
    /// A cosignature that is not of the witness's key over a head of this log.
    NotACosignature,
}

impl From<StoreError> for SealError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<KeyringError> for SealError {
    fn from(error: KeyringError) -> Self {
        Self::Keyring(error)
    }
}

impl SealError {
    /// The error in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::Store(error) => error.in_words(language),
            Self::Keyring(error) => error.in_words(language),
            Self::NoKey(_) => language
                .pick(
                    "ce réseau n'a pas encore de clé",
                    "this network has no key yet",
                )
                .to_owned(),
            Self::WouldFork { signed } => language.pick(
                format!("refusé : le journal n'est pas la suite du dernier point signé ({} actes) ; quelque chose a été changé", signed.size),
                format!("refused: the log does not go on from the last signed head ({} acts); something was changed", signed.size),
            ),
            Self::FellBehind { signed, size } => language.pick(
                format!("refusé : le journal a {size} actes, le dernier point signé en avait {} ; cette base vient d'une sauvegarde plus ancienne", signed.size),
                format!("refused: the log has {size} acts, the last signed head had {}; this database comes from an older backup", signed.size),
            ),
            Self::ClockWentBack { signed_at } => language.pick(
                format!("refusé : l'horloge retarde ; le dernier point a été signé le {signed_at}"),
                format!("refused: the clock went back; the last head was signed at {signed_at}"),
            ),
            Self::NotACosignature => language
                .pick(
                    "ce n'est pas la signature de ce témoin sur un point signé de ce journal",
                    "this is not that witness's signature on a signed head of this log",
                )
                .to_owned(),
        }
    }
}

/// A signed head and the proof that hangs from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadProof {
    /// The head.
    pub head: Checkpoint,
    /// The note that it is signed in.
    pub note: Note,
}

impl Store {
    /// The keys that the network announced, in the order in which it did.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn announced_keys(&self, network: NetworkId) -> Result<Vec<AnnouncedKey>, StoreError> {
        announced_keys(&mut self.db().begin_read().await?, network).await
    }

    /// The key that is in use for a purpose.
    ///
    /// # Errors
    /// As [`announced_keys`](Self::announced_keys), and when there is none.
    pub async fn key_in_use(&self, network: NetworkId, purpose: KeyPurpose) -> Result<AnnouncedKey, SealError> {
        let keys = self.announced_keys(network).await?;
        let found = keys.into_iter().find(|key| key.purpose == purpose && key.until.is_none());
        found.ok_or(SealError::NoKey(purpose))
    }

    /// The key that checks the heads of this log, with the log's name.
    ///
    /// # Errors
    /// As [`key_in_use`](Self::key_in_use).
    pub async fn log_key(&self, network: NetworkId) -> Result<VerifierKey, SealError> {
        let key = self.key_in_use(network, KeyPurpose::Checkpoint).await?.key;
        let name = log_name(&mut self.db().begin_read().await?, network).await?;
        Ok(VerifierKey { name, algorithm: Algorithm::Ed25519, key })
    }

    /// The document that outsiders pin: the keys of credentials, and the one of the log.
    ///
    /// # Errors
    /// As [`key_in_use`](Self::key_in_use).
    pub async fn public_keys(&self, network: NetworkId) -> Result<serde_json::Value, SealError> {
        let keys = self.announced_keys(network).await?;
        let mut document = did_document(&keys).ok_or(SealError::NoKey(KeyPurpose::Credential))?;
        document["logKeys"] = serde_json::json!([self.log_key(network).await?.to_string()]);
        Ok(document)
    }

    /// Signs the head of the log as it is now, unless the last signed head says the same.
    ///
    /// Nothing is signed that does not extend what was signed before, in the database and outside of it: a signature
    /// on two histories could never be taken back.
    ///
    /// # Errors
    /// When the key is missing, the log would fork or fell behind, or the clock went back.
    pub async fn sign_head(
        &self,
        network: NetworkId,
        keyring: &Keyring,
        now: DateTime<Utc>,
    ) -> Result<HeadProof, SealError> {
        let verifier = self.log_key(network).await?;
        let key = keyring.load(KeyPurpose::Checkpoint, verifier.key)?;
        let outside = keyring.last_checkpoint()?;
        let mut tx = self.db().begin_write().await?;
        let signed = sign(&mut tx, network, &verifier, &key, outside.map(|(head, _)| head), now).await?;
        tx.commit().await?;
        keyring.keep_checkpoint(&signed.note)?;
        Ok(signed)
    }

    /// Checks that the log goes on from what was signed last, in the database and outside of it: otherwise its head
    /// could not be signed.
    ///
    /// # Errors
    /// As [`sign_head`](Self::sign_head).
    pub async fn check_goes_on(&self, network: NetworkId, keyring: &Keyring) -> Result<(), SealError> {
        let mut tx = self.db().begin_read().await?;
        let (head, root) = read_head(&mut tx, network).await?;
        let size = head.log_size();
        check_goes_on(&mut tx, network, keyring.last_checkpoint()?.map(|(head, _)| head), size, root).await.map(|_| ())
    }

    /// Signs the head of the log when that is due: on a new day if anything was posted since the last signature, and
    /// as soon as a year was closed. `None` where it is not due, or the key is not here.
    ///
    /// # Errors
    /// As [`sign_head`](Self::sign_head).
    pub async fn sign_when_due(
        &self,
        network: NetworkId,
        keyring: &Keyring,
        now: DateTime<Utc>,
    ) -> Result<Option<HeadProof>, SealError> {
        if !self.is_signing_due(network, now).await? || !self.can_sign(network, keyring).await? {
            return Ok(None);
        }
        self.sign_head(network, keyring, now).await.map(Some)
    }

    /// Whether the key that signs the log's heads is in the keyring.
    ///
    /// # Errors
    /// When the key is there and cannot be used, or the database does not answer.
    pub async fn can_sign(&self, network: NetworkId, keyring: &Keyring) -> Result<bool, SealError> {
        let key = match self.key_in_use(network, KeyPurpose::Checkpoint).await {
            Err(SealError::NoKey(_)) => return Ok(false),
            announced => announced?.key,
        };
        match keyring.load(KeyPurpose::Checkpoint, key) {
            Err(KeyringError::Missing(_)) => Ok(false),
            loaded => Ok(loaded.map(|_| true)?),
        }
    }

    async fn is_signing_due(&self, network: NetworkId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let Some(last) = signed_heads(&mut tx, network, 1).await?.into_iter().next() else { return Ok(true) };
        let signed = i64::try_from(last.head.size).unwrap_or(i64::MAX);
        let (head, _) = read_head(&mut tx, network).await?;
        if head.next.0 <= signed {
            return Ok(false);
        }
        let sql = "SELECT (SELECT max(signed_at) FROM log_checkpoint WHERE network_id = $1), \
                   (SELECT max(act) FROM year_closing WHERE network_id = $1)";
        let found: Vec<(Option<i64>, Option<i64>)> = select(&mut tx, network, sql).await?;
        let (signed_at, closed_in) = found.into_iter().next().unwrap_or_default();
        let zone = read_network(&mut tx, network).await?.time_zone;
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let signed_on = signed_at.and_then(DateTime::from_timestamp_micros).map(day);
        Ok(signed_on.is_none_or(|signed_on| signed_on < day(now)) || closed_in.is_some_and(|act| act >= signed))
    }

    /// The last signed heads of the log as it goes on, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn signed_heads(&self, network: NetworkId, most: i64) -> Result<Vec<HeadProof>, StoreError> {
        signed_heads(&mut self.db().begin_read().await?, network, most).await
    }

    /// Proves that an act stands under a signed head.
    ///
    /// # Errors
    /// When the database does not answer, or the head is older than the act.
    pub async fn inclusion_under(
        &self,
        network: NetworkId,
        act: ActNumber,
        signed: &HeadProof,
    ) -> Result<InclusionProof, StoreError> {
        let index = u64::try_from(act.0).unwrap_or(u64::MAX);
        let size = signed.head.size;
        if index >= size {
            return Err(impossible("log_checkpoint", size, format!("act {act} is not under it")));
        }
        let mut tx = self.db().begin_read().await?;
        let hashes = tiles::hashes(&mut tx, network, &log::inclusion_path(index, size)).await?;
        Ok(InclusionProof { index, hashes, checkpoint: signed.note.clone() })
    }

    /// Proves that one head extends another.
    ///
    /// # Errors
    /// When the database does not answer, or the log is shorter.
    pub async fn consistency_between(&self, network: NetworkId, old: u64, new: u64) -> Result<Vec<Digest>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let size = read_head(&mut tx, network).await?.0.log_size();
        if old > new || new > size {
            return Err(impossible("act", new, format!("the log has {size} acts")));
        }
        tiles::hashes(&mut tx, network, &log::consistency_path(old, new)).await
    }

    /// Adds a witness's cosignature to a signed head of this log.
    ///
    /// # Errors
    /// [`SealError::NotACosignature`] when the note is no signed head of this log, or not of that witness.
    pub async fn add_cosignature(
        &self,
        network: NetworkId,
        note: &Note,
        witness: &VerifierKey,
    ) -> Result<HeadProof, SealError> {
        let head = Checkpoint::parse(&note.text).ok_or(SealError::NotACosignature)?;
        if !matches!(note.verdict(witness), NoteVerdict::Signed(Some(_))) {
            return Err(SealError::NotACosignature);
        }
        let mut tx = self.db().begin_write().await?;
        lock_head(&mut tx, network).await?;
        let all = signed_heads(&mut tx, network, i64::MAX).await?;
        let ours = all.into_iter().find(|signed| signed.head == head).ok_or(SealError::NotACosignature)?;
        let is_theirs =
            |signature: &&ledger::note::NoteSignature| signature.name == witness.name && signature.id == witness.id();
        let mut cosigned = ours.note.clone();
        cosigned.signatures.retain(|signature| !is_theirs(&signature));
        cosigned.signatures.extend(note.signatures.iter().filter(is_theirs).cloned());
        let sql = "UPDATE log_checkpoint SET note = $4 WHERE network_id = $1 AND generation = $2 AND size = $3";
        let generation = i64::from(ledger::checkpoint::generation_of(&head.origin));
        let size = i64::try_from(head.size).unwrap_or(i64::MAX);
        let text = cosigned.to_string();
        on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(generation).bind(size).bind(text).execute(connection).await.map(|_| ())
                .map_err(StoreError::from)?;
        });
        tx.commit().await?;
        Ok(HeadProof { head, note: cosigned })
    }
}

async fn sign(
    tx: &mut Tx,
    network: NetworkId,
    verifier: &VerifierKey,
    key: &PrivateKey,
    outside: Option<Checkpoint>,
    now: DateTime<Utc>,
) -> Result<HeadProof, SealError> {
    let (head, root) = lock_head(tx, network).await?;
    let size = head.log_size();
    let last = check_goes_on(tx, network, outside, size, root).await?;
    let sql = "SELECT max(signed_at) FROM log_checkpoint WHERE network_id = $1";
    let newest: Vec<(Option<i64>,)> = select(tx, network, sql).await?;
    let newest = newest.first().and_then(|(at,)| *at).and_then(DateTime::from_timestamp_micros);
    if let Some(signed_at) = newest.filter(|signed_at| *signed_at > now) {
        return Err(SealError::ClockWentBack { signed_at });
    }
    let is_same =
        |last: &HeadProof| last.head.size == size && matches!(last.note.verdict(verifier), NoteVerdict::Signed(_));
    if let Some(last) = last.filter(is_same) {
        return Ok(last);
    }
    let head = Checkpoint { origin: verifier.name.clone(), size, root };
    let note = Note::new(head.to_text()).signed(&verifier.name, key);
    let sql = "INSERT INTO log_checkpoint (network_id, generation, size, signed_at, note) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (network_id, generation, size) DO UPDATE SET signed_at = excluded.signed_at, note = excluded.note";
    let generation = i64::from(ledger::checkpoint::generation_of(&head.origin));
    let (stored_size, text) = (i64::try_from(size).unwrap_or(i64::MAX), note.to_string());
    on_tx!(tx, connection => {
        sqlx::query(sql).bind(network.0).bind(generation).bind(stored_size).bind(now.timestamp_micros()).bind(text)
            .execute(connection).await.map(|_| ()).map_err(StoreError::from)?;
    });
    Ok(HeadProof { head, note })
}

/// Whether the log as it is goes on from the last signed head, and from the one that is kept outside of the database;
/// returns the former.
async fn check_goes_on(
    tx: &mut Tx,
    network: NetworkId,
    outside: Option<Checkpoint>,
    size: u64,
    root: Digest,
) -> Result<Option<HeadProof>, SealError> {
    let last = signed_heads(tx, network, 1).await?.into_iter().next();
    let outside = of_this_log(tx, network, outside.as_ref()).await?;
    for signed in last.iter().map(|last| &last.head).chain(outside) {
        check_extends(tx, network, signed, size, root).await?;
    }
    Ok(last)
}

/// Whether the log as it is goes on from a signed head.
async fn check_extends(
    tx: &mut Tx,
    network: NetworkId,
    signed: &Checkpoint,
    size: u64,
    root: Digest,
) -> Result<(), SealError> {
    if signed.size > size {
        return Err(SealError::FellBehind { signed: signed.clone(), size });
    }
    let hashes = tiles::hashes(tx, network, &log::consistency_path(signed.size, size)).await?;
    if log::extends((signed.size, signed.root), (size, root), &hashes) {
        Ok(())
    } else {
        Err(SealError::WouldFork { signed: signed.clone() })
    }
}

/// What is kept outside of the database, where it is a head of the log of the present name: a reopened log has named what
/// was lost.
pub(crate) async fn of_this_log<'a>(
    tx: &mut Tx,
    network: NetworkId,
    outside: Option<&'a Checkpoint>,
) -> Result<Option<&'a Checkpoint>, StoreError> {
    let name = log_name(tx, network).await?;
    Ok(outside.filter(|outside| outside.origin == name))
}

/// The name of the network's log: that of its UUID and generation.
pub(crate) async fn log_name(tx: &mut Tx, network: NetworkId) -> Result<String, StoreError> {
    let sql = "SELECT max(generation) FROM log_generation WHERE network_id = $1";
    let generation: Vec<(Option<i64>,)> = select(tx, network, sql).await?;
    let generation = generation.first().and_then(|(generation,)| *generation).unwrap_or(1);
    let uuid = read_network(tx, network).await?.uuid;
    Ok(origin(uuid, u32::try_from(generation).unwrap_or(1)))
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
    let sql = "SELECT size, note FROM log_checkpoint WHERE network_id = $1 ORDER BY generation, size";
    select::<(i64, String)>(tx, network, sql).await?.into_iter().map(head_from).collect()
}

pub(crate) async fn signed_heads(tx: &mut Tx, network: NetworkId, most: i64) -> Result<Vec<HeadProof>, StoreError> {
    let name = log_name(tx, network).await?;
    let generation = i64::from(ledger::checkpoint::generation_of(&name));
    let sql = "SELECT size, note FROM log_checkpoint WHERE network_id = $1 AND generation = $2 \
               ORDER BY size DESC LIMIT $3";
    let rows: Vec<(i64, String)> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(generation).bind(most).fetch_all(connection).await?
    });
    rows.into_iter().map(head_from).collect()
}

fn head_from((size, text): (i64, String)) -> Result<HeadProof, StoreError> {
    let wrong = || impossible("log_checkpoint", size, "no signed head".to_owned());
    let note = Note::parse(&text).ok_or_else(wrong)?;
    let head = Checkpoint::parse(&note.text).ok_or_else(wrong)?;
    Ok(HeadProof { head, note })
}

pub(crate) async fn announced_keys(tx: &mut Tx, network: NetworkId) -> Result<Vec<AnnouncedKey>, StoreError> {
    let sql = "SELECT k.act, k.purpose, k.key, k.domain, a.recorded_at FROM network_key AS k \
               JOIN act AS a ON a.network_id = k.network_id AND a.number = k.act WHERE k.network_id = $1 ORDER BY k.act";
    type Row = (i64, String, Vec<u8>, Option<String>, i64);
    let rows: Vec<Row> = select(tx, network, sql).await?;
    let mut keys: Vec<AnnouncedKey> = Vec::with_capacity(rows.len());
    for (act, purpose, key, domain, at) in rows {
        let wrong = |problem: &str| impossible("network_key", act, problem.to_owned());
        let purpose = KeyPurpose::try_from(purpose.as_str()).map_err(|error| wrong(&error.to_string()))?;
        let key = key.try_into().ok().and_then(PublicKey::from_bytes).ok_or_else(|| wrong("no key"))?;
        let since = DateTime::from_timestamp_micros(at).ok_or_else(|| wrong("an instant out of range"))?;
        let before = keys.iter_mut().rev().find(|before| before.purpose == purpose && before.until.is_none());
        if let Some(before) = before {
            before.until = Some(since);
        }
        keys.push(AnnouncedKey { purpose, key, domain, act: ActNumber(act), since, until: None });
    }
    Ok(keys)
}
