//! What signs the credentials that a network hands out.

use chrono::{DateTime, Utc};
use ledger::{
    integrity::{self, Cryptosuite},
    key::{Issuer, KeyPurpose, PrivateKey},
    keyring::Keyring,
    state::Network,
    status_list::{self, StatusList},
};
use serde_json::Value;

use crate::{error::FileError, network::OpenNetwork};

/// The network's key for credentials, and whose it is.
#[derive(Debug)]
pub struct Signer {
    key: PrivateKey,
    /// The network, as its documents name it.
    pub issuer: Issuer,
}

impl Signer {
    /// Takes the key in use from the keyring.
    pub async fn new(open: &OpenNetwork, keyring: &Keyring) -> Result<Self, FileError> {
        let in_use = open.store.key_in_use(open.network_id, KeyPurpose::Credential).await?;
        let key = keyring.load(KeyPurpose::Credential, in_use.key)?;
        Ok(Self { key, issuer: in_use.issuer() })
    }

    /// A key in use that was found otherwise, and whose it is.
    pub fn of(key: PrivateKey, issuer: Issuer) -> Self {
        Self { key, issuer }
    }

    /// The same key under a domain that the network had: the document of keys of that domain lists it.
    #[must_use]
    pub fn under(&self, domain: &str) -> Self {
        Self { key: self.key.clone(), issuer: Issuer::new(self.issuer.key, Some(domain)) }
    }

    /// The signed list of what is revoked.
    pub fn status_list(&self, list: &StatusList, network: &Network, at: DateTime<Utc>) -> Result<Vec<u8>, FileError> {
        status_list::signed(list, network.uuid, &network.name, (&self.key, &self.issuer), at)
            .map_err(|problem| FileError::in_both(|language| problem.in_words(language)))
    }

    /// Signs a document.
    pub fn sign(&self, document: &mut Value, suites: &[Cryptosuite], at: DateTime<Utc>) -> Result<(), FileError> {
        integrity::sign(document, suites, &self.key, &self.issuer, at)
            .map_err(|problem| FileError::in_both(|language| problem.in_words(language)))
    }
}
