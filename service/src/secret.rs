//! What is handed out once and kept as a digest: tokens and the secrets of invitations.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ledger::{Digest, NetworkId, log};

/// A new secret.
pub struct Secret {
    /// What is handed out: it names its network, so that it can be looked up there alone.
    pub text: String,
    /// What is kept of it.
    pub digest: Digest,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl Secret {
    /// Of that network, from 32 random bytes.
    pub fn new(network: NetworkId, random: [u8; 32]) -> Self {
        let text = format!("cdm_{network}_{}", URL_SAFE_NO_PAD.encode(random));
        let digest = digest(&text);
        Self { text, digest }
    }
}

/// What is kept of a secret.
pub fn digest(text: &str) -> Digest {
    log::leaf_hash(text.as_bytes())
}

/// The network that a secret names.
pub fn network_of(text: &str) -> Option<NetworkId> {
    let (network, _) = text.strip_prefix("cdm_")?.split_once('_')?;
    network.parse().ok().map(NetworkId)
}
