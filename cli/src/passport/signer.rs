//! What signs credentials.

use chrono::{DateTime, Utc};
use clap::ArgMatches;
use ledger::{
    Language,
    integrity::{self, Cryptosuite},
    key::{Issuer, KeyPurpose, PrivateKey},
};
use serde_json::Value;

use crate::{failure::Failure, keys::keyring, session::Session};

/// What signs credentials.
pub(super) struct Signer {
    key: PrivateKey,
    pub(super) issuer: Issuer,
}

impl Signer {
    pub(super) async fn new(args: &ArgMatches, session: &Session) -> Result<Self, Failure> {
        let in_use = session.store.key_in_use(session.network_id, KeyPurpose::Credential).await?;
        let key = keyring(args, session).load(KeyPurpose::Credential, in_use.key)?;
        Ok(Self { key, issuer: in_use.issuer() })
    }

    pub(super) fn sign(&self, document: &mut Value, suites: &[Cryptosuite], at: DateTime<Utc>) -> Result<(), Failure> {
        integrity::sign(document, suites, &self.key, &self.issuer, at)
            .map_err(|problem| Failure::said(problem.in_words(Language::French), problem.in_words(Language::English)))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
pub(super) fn unwritable(error: serde_json::Error) -> Failure {
    Failure::said(format!("le badge ne s'écrit pas : {error}"), format!("the badge cannot be written: {error}"))
}
