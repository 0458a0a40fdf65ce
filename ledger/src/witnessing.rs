//! What a network keeps as a witness of others' logs, and which witnesses it asks itself.
//!
//! Beside the keys, and not in the database: whoever restores an older one must not sign an older head of another's log.

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Digest,
    checkpoint::Checkpoint,
    key::PrivateKey,
    keyring::{
        Keyring, KeyringError, WITNESS_KEY, WITNESS_LOCK, WITNESSES, is_readable_by_others, private_file, read_if_there,
    },
    note::{Algorithm, Note, NoteSignature, VerifierKey},
    quorum::Quorum,
    witness::{Refused, Submission},
};

/// The keys of the logs that are watched, a line each.
const WATCHED: &str = "witnessed.txt";

/// A network as a witness.
#[derive(Debug)]
pub struct OwnWitness {
    /// The key that checks its cosignatures, with its name.
    pub verifier: VerifierKey,
    key: PrivateKey,
}

impl Keyring {
    /// Which witnesses the network asks about its own heads.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn asked_witnesses(&self) -> Result<Option<Quorum>, KeyringError> {
        let path = self.folder().join(WITNESSES);
        let Some(text) = read_if_there(&path)? else { return Ok(None) };
        Quorum::parse(&text).map(Some).map_err(|_| KeyringError::Damaged(path))
    }

    /// Has these witnesses asked from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn ask_witnesses(&self, policy: &str) -> Result<(), KeyringError> {
        self.write(&self.folder().join(WITNESSES), policy.as_bytes())
    }

    /// The keys of the logs whose heads the network cosigns.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn watched_logs(&self) -> Result<Vec<VerifierKey>, KeyringError> {
        let path = self.folder().join(WATCHED);
        let text = read_if_there(&path)?.unwrap_or_default();
        text.lines().map(|line| VerifierKey::parse(line).ok_or_else(|| KeyringError::Damaged(path.clone()))).collect()
    }

    /// Has the heads of these logs cosigned from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn watch_logs(&self, logs: &[VerifierKey]) -> Result<(), KeyringError> {
        let text = logs.iter().fold(String::new(), |text, log| text + &log.to_string() + "\n");
        self.write(&self.folder().join(WATCHED), text.as_bytes())
    }

    /// The key with which the network cosigns; `None` where it is no witness.
    ///
    /// # Errors
    /// When the key is damaged or can be read by others.
    pub fn own_witness(&self, network: Uuid) -> Result<Option<OwnWitness>, KeyringError> {
        let path = self.folder().join(WITNESS_KEY);
        let Some(pem) = read_if_there(&path)? else { return Ok(None) };
        if fs::metadata(&path).is_ok_and(|metadata| is_readable_by_others(&metadata)) {
            return Err(KeyringError::ReadableByOthers(path));
        }
        let key = PrivateKey::from_pem(&pem).ok_or(KeyringError::Damaged(path))?;
        let name = format!("coudemain/{network}/witness");
        Ok(Some(OwnWitness {
            verifier: VerifierKey { name, algorithm: Algorithm::Cosignature, key: key.public() },
            key,
        }))
    }

    /// Makes the network a witness, with that key.
    ///
    /// # Errors
    /// When it is one already, or the file cannot be written.
    pub fn become_witness(&self, key: &PrivateKey) -> Result<(), KeyringError> {
        let path = self.folder().join(WITNESS_KEY);
        if path.exists() {
            return Err(KeyringError::Exists(path));
        }
        let pem = key.to_pem().ok_or_else(|| KeyringError::Damaged(path.clone()))?;
        self.write(&path, pem.as_bytes())
    }

    /// The head of a log that was cosigned last, by the hash of the log's name in hexadecimal digits.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn last_cosigned(&self, origin_hash: &str) -> Result<Option<Note>, KeyringError> {
        let path = self.cosigned_path(origin_hash);
        let Some(text) = read_if_there(&path)? else { return Ok(None) };
        Note::parse(&text).map(Some).ok_or(KeyringError::Damaged(path))
    }

    /// Cosigns a head if it goes on from the last one of its log, and keeps it before anybody gets the signature. Whoever
    /// else on this machine judges one meanwhile waits.
    ///
    /// # Errors
    /// When the folder cannot be read or written. What is refused is no error.
    pub fn cosign(
        &self,
        witness: &OwnWitness,
        submission: &Submission,
        now: DateTime<Utc>,
    ) -> Result<Result<NoteSignature, Refused>, KeyringError> {
        let lock = self.folder().join(WITNESS_LOCK);
        let locked = match fs::File::open(&lock) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                private_file(&lock).or_else(|_| fs::File::open(&lock))
            }
            opened => opened,
        };
        let held = locked.and_then(|file| file.lock().map(|()| file));
        let _held = held.map_err(|error| KeyringError::File(lock, error))?;
        let watched = self.watched_logs()?;
        let hash = origin_hash(&submission.head.origin);
        let last = match self.last_cosigned(&hash)? {
            None => None,
            Some(note) => {
                let damaged = || KeyringError::Damaged(self.cosigned_path(&hash));
                Some(Checkpoint::parse(&note.text).ok_or_else(damaged)?)
            }
        };
        if let Err(refused) = submission.judge(&watched, last.as_ref()) {
            return Ok(Err(refused));
        }
        let mut note = submission.note.clone();
        note.signatures
            .retain(|signature| watched.iter().any(|log| log.name == signature.name && log.id() == signature.id));
        let at = u64::try_from(now.timestamp()).unwrap_or_default();
        let note = note.cosigned(&witness.verifier.name, &witness.key, at);
        self.write(&self.cosigned_path(&hash), note.to_string().as_bytes())?;
        let damaged = KeyringError::Damaged(self.cosigned_path(&hash));
        note.signatures.into_iter().next_back().map(Ok).ok_or(damaged)
    }

    fn cosigned_path(&self, origin_hash: &str) -> PathBuf {
        self.folder().join(format!("witnessed-{origin_hash}.note"))
    }
}

/// The hash of a log's name, in small hexadecimal digits: under it a witness shows what it signed.
pub fn origin_hash(origin: &str) -> String {
    Digest(Sha256::digest(origin).into()).to_hex()
}
