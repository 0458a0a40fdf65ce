//! The key with which a network signs what it hands out, where this service has it.

use ledger::{
    NetworkId,
    key::{AnnouncedKey, KeyPurpose, PrivateKey},
    keyring::{Keyring, KeyringError},
};
use store::{SealError, Store};

/// The key, and what was announced of it; `None` where the network has none, or it is not in the folder.
///
/// # Errors
/// When the database does not answer, or the key is there and cannot be used.
pub(crate) async fn credential_key(
    store: &Store,
    network: NetworkId,
    keyring: &Keyring,
) -> Result<Option<(AnnouncedKey, PrivateKey)>, SealError> {
    // Of most networks the key is elsewhere, which a look into the folder tells before the database.
    if !keyring.folder().is_dir() {
        return Ok(None);
    }
    let in_use = match store.key_in_use(network, KeyPurpose::Credential).await {
        Err(SealError::NoKey(_)) => return Ok(None),
        found => found?,
    };
    match keyring.load(KeyPurpose::Credential, in_use.key) {
        Err(KeyringError::Missing(_)) => Ok(None),
        loaded => Ok(Some((in_use, loaded?))),
    }
}
