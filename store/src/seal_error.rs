//! Why a head of the log was not signed, and how people are told.

use crate::StoreError;
use ledger::{Language, checkpoint::Checkpoint, key::KeyPurpose, keyring::KeyringError};

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
    /// Heads were signed, and the last one is no longer kept beside the keys: nobody knows whether this database is an
    /// older one.
    KeptHeadIsGone {
        /// The last head that the database knows of.
        signed: Checkpoint,
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
            Self::KeptHeadIsGone { signed } => language.pick(
                format!("refusé : le dernier point signé n'est plus gardé près des clés ; cette base en connaît un de {} actes, et un plus récent a pu être publié", signed.size),
                format!("refused: the last signed head is no longer kept beside the keys; this database knows of one of {} acts, and a later one may have been published", signed.size),
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
