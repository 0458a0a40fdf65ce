//! HMAC-SHA-256 under a secret key: what is kept of something that only whoever has the key may recognise.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{ActNumber, Digest, clock::SecretKey};

/// HMAC-SHA-256 of several parts, one after the other.
pub(crate) fn keyed(key: SecretKey, parts: &[&[u8]]) -> Digest {
    // HMAC fills a key up with zeros to the block of its hash (RFC 2104, section 2). A whole block is taken as it is, so
    // that there is no length to refuse and nothing to be kept in place of what was asked for.
    let mut block = [0; 64];
    block[..32].copy_from_slice(&key.0);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    Digest(mac.finalize().into_bytes().into())
}

/// The secrets of a network, kept with what can be erased. Keys and digests that acts keep for ever are made with them:
/// without them they say nothing of what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkSecrets {
    /// Hides the keys of what nobody chose a key for, where no person is named in it: see [`crate::brought_in`].
    pub lines: SecretKey,
    /// The first act whose key is hidden as it was written; those before it, once they are, too, are none.
    pub lines_since: ActNumber,
    /// Hides what requests said.
    pub requests: RequestSecret,
}

/// What hides the digests of requests: another one after each erasure, so that nothing is left to compare with of what
/// somebody who was erased asked, or of what was asked about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestSecret {
    /// The first act whose request it hides.
    pub since: ActNumber,
    /// The secret.
    pub key: SecretKey,
}

/// Whether a request is the one that an act was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// It is.
    Same,
    /// It asks for something else.
    Another,
    /// Nobody can tell any more: somebody was erased since.
    Forgotten,
}

impl NetworkSecrets {
    /// For simulations: secrets that everybody knows.
    pub const KNOWN: Self = Self {
        lines: SecretKey([0; 32]),
        lines_since: ActNumber(0),
        requests: RequestSecret { since: ActNumber(0), key: SecretKey([0; 32]) },
    };
}

impl RequestSecret {
    /// What an act keeps of the digest of its request.
    pub fn hidden(&self, digest: Digest) -> Digest {
        keyed(self.key, &[b"request\0", &digest.0])
    }

    /// Whether what an act kept is of a request with that digest.
    pub fn recognise(&self, kept: Digest, act: ActNumber, digest: Digest) -> Recognised {
        let is_hidden_by_this = act >= self.since;
        if !is_hidden_by_this {
            return Recognised::Forgotten;
        }
        if kept == self.hidden(digest) { Recognised::Same } else { Recognised::Another }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_recognised_until_somebody_is_erased() {
        let (asked, other) = (Digest([1; 32]), Digest([2; 32]));
        let before = RequestSecret { since: ActNumber(5), key: SecretKey([7; 32]) };
        let after = RequestSecret { since: ActNumber(9), key: SecretKey([8; 32]) };
        let kept = before.hidden(asked);
        assert_ne!(kept, asked);
        assert_ne!(kept, after.hidden(asked));
        let act = ActNumber(6);
        assert_eq!(before.recognise(kept, act, asked), Recognised::Same);
        assert_eq!(before.recognise(kept, act, other), Recognised::Another);
        assert_eq!(after.recognise(kept, act, asked), Recognised::Forgotten);
    }
}
