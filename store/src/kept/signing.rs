//! Signs heads of the log, and keeps what witnesses signed. A signed head is no act: it tells of all of them.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};

use crate::{
    SealError, Store, StoreError,
    db::{Tx, on_tx},
    read::{
        heads::{HeadProof, last_signed_of_all, of_this_log, signed_heads},
        keys::announced_keys,
        network::{lock_head, read_head, read_network},
        tiles,
    },
    reading::RowOf,
};
use ledger::{
    Digest, NetworkId,
    checkpoint::Checkpoint,
    generation::generation_of,
    key::{AnnouncedKey, KeyPurpose, PrivateKey},
    keyring::{Keyring, KeyringError},
    log,
    note::{Algorithm, Note, NoteVerdict, VerifierKey},
    successor::Successor,
};

impl Store {
    /// Signs the head of the log as it is now, unless the last signed head says the same.
    ///
    /// Nothing is signed that does not extend what was signed before, in the database and outside of it: a signature
    /// on two histories could never be taken back.
    ///
    /// # Errors
    /// When the key is missing, or the log would fork or fell behind.
    #[boxed]
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
        let signed = sign(&mut tx, network, (&verifier, &key, keyring), outside.map(|(head, _)| head), now).await?;
        // First outside: what only the database knew of would be missing there, as after a loss.
        keyring.keep_checkpoint(&signed.note)?;
        tx.commit().await?;
        Ok(signed)
    }

    /// Checks that the log goes on from what was signed last, in the database and outside of it: otherwise its head
    /// could not be signed.
    ///
    /// # Errors
    /// As [`sign_head`](Self::sign_head).
    #[boxed]
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
    #[boxed]
    pub async fn sign_when_due(
        &self,
        network: NetworkId,
        keyring: &Keyring,
        now: DateTime<Utc>,
    ) -> Result<Option<HeadProof>, SealError> {
        // Of most networks the key is elsewhere or nothing is due, which a look into the folder tells before the database.
        let is_due = keyring.folder().is_dir() && self.is_signing_due(network, now).await?;
        if !is_due || !self.can_sign(network, keyring).await? {
            return Ok(None);
        }
        self.sign_head(network, keyring, now).await.map(Some)
    }

    /// Whether the key that signs the log's heads is in the keyring.
    ///
    /// # Errors
    /// When the key is there and cannot be used, or the database does not answer.
    #[boxed]
    pub async fn can_sign(&self, network: NetworkId, keyring: &Keyring) -> Result<bool, SealError> {
        if !keyring.folder().is_dir() {
            return Ok(false);
        }
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
        let signed = stored_size(last.head.size)?;
        let (head, _) = read_head(&mut tx, network).await?;
        if head.next.0 <= signed {
            return Ok(false);
        }
        let sql = "SELECT (SELECT signed_at FROM log_checkpoint WHERE network_id = $1 \
                   ORDER BY generation DESC, size DESC LIMIT 1), \
                   (SELECT max(act) FROM year_closing WHERE network_id = $1)";
        let (signed_at, closed_in): (Option<i64>, Option<i64>) = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).fetch_one(connection).await?
        });
        let signed_at = RowOf("log_checkpoint", signed).maybe_instant("signed_at", signed_at)?;
        let zoned = read_network(&mut tx, network).await?;
        let is_of_today = |at| zoned.day_of(at) == zoned.day_of(now);
        Ok(!signed_at.is_some_and(is_of_today) || closed_in.is_some_and(|act| act >= signed))
    }

    /// Adds a witness's cosignature to a signed head of this log.
    ///
    /// # Errors
    /// [`SealError::NotACosignature`] when the note is no signed head of this log, or not of that witness.
    #[boxed]
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
        let generation = i64::from(generation_of(&head.origin));
        let size = stored_size(head.size)?;
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
    (verifier, key, keyring): (&VerifierKey, &PrivateKey, &Keyring),
    outside: Option<Checkpoint>,
    now: DateTime<Utc>,
) -> Result<HeadProof, SealError> {
    let (head, root) = lock_head(tx, network).await?;
    let size = head.log_size();
    let last = check_goes_on(tx, network, outside, size, root).await?;
    let is_same =
        |last: &HeadProof| last.head.size == size && matches!(last.note.verdict(verifier), NoteVerdict::Signed(_));
    if let Some(last) = last.filter(is_same) {
        return Ok(last);
    }
    let head = Checkpoint { origin: verifier.name.clone(), size, root };
    let note = match change(tx, network, verifier).await? {
        Some(change) => {
            let lines: String = change.in_use.iter().map(Successor::line).collect();
            let note = Note::new(head.to_text() + &lines).signed(&verifier.name, key);
            let before = keyring.load(KeyPurpose::Checkpoint, change.before.key);
            // Where it is lost, nobody can sign for it any more; where it is the same one, it has signed.
            match before {
                Ok(before) if change.before != *verifier => note.signed(&change.before.name, &before),
                Ok(_) | Err(_) => note,
            }
        }
        None => Note::new(head.to_text()).signed(&verifier.name, key),
    };
    let sql = "INSERT INTO log_checkpoint (network_id, generation, size, signed_at, note) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (network_id, generation, size) DO UPDATE SET signed_at = excluded.signed_at, note = excluded.note";
    let generation = i64::from(generation_of(&head.origin));
    let (stored_size, text) = (stored_size(size)?, note.to_string());
    on_tx!(tx, connection => {
        sqlx::query(sql).bind(network.0).bind(generation).bind(stored_size).bind(now.timestamp_micros()).bind(text)
            .execute(connection).await.map(|_| ()).map_err(StoreError::from)?;
    });
    Ok(HeadProof { head, note })
}

/// A change of keys, or of the log's name, since the last head was signed.
struct Change {
    /// What signed that one.
    before: VerifierKey,
    /// The keys that are in use now.
    in_use: Vec<Successor>,
}

/// What has changed since the last head was signed, in whichever log; nothing where it is the first one.
async fn change(tx: &mut Tx, network: NetworkId, verifier: &VerifierKey) -> Result<Option<Change>, StoreError> {
    let Some(last) = last_signed_of_all(tx, network).await? else { return Ok(None) };
    let keys = announced_keys(tx, network).await?;
    let size = stored_size(last.head.size)?;
    if last.head.origin == verifier.name && keys.iter().all(|key| key.act.0 < size) {
        return Ok(None);
    }
    let of_log = keys.iter().filter(|key| key.purpose == KeyPurpose::Checkpoint);
    let mut verifiers =
        of_log.map(|key| VerifierKey { name: last.head.origin.clone(), algorithm: Algorithm::Ed25519, key: key.key });
    // Where that one stood at a change itself, two have signed it.
    let before = verifiers.rfind(|key| last.note.verdict(key) == NoteVerdict::Signed(None));
    let issuer = keys.iter().rfind(|key| key.purpose == KeyPurpose::Credential).map(AnnouncedKey::issuer);
    let in_use = std::iter::once(Successor::Log(verifier.clone())).chain(issuer.map(Successor::Issuer)).collect();
    Ok(before.map(|before| Change { before, in_use }))
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
    if let (Some(last), None) = (&last, &outside) {
        return Err(SealError::KeptHeadIsGone { signed: last.head.clone() });
    }
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

/// The size of a log as a row has it.
fn stored_size(size: u64) -> Result<i64, StoreError> {
    i64::try_from(size).map_err(|_| RowOf("log_checkpoint", size).wrong("size", "out of range"))
}
