//! Commitments to what is personal: they say nothing without the key that stands beside the data.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Digest, PersonNumber, act::Text, clock::SecretKey};

/// A commitment: HMAC-SHA-256 of `field ‖ 0x00 ‖ text` under its key.
pub fn commitment(key: SecretKey, field: &str, text: &str) -> Digest {
    // HMAC fills a key up with zeros to the block of its hash (RFC 2104, section 2). A whole block is taken as it is, so
    // that there is no length to refuse and nothing to be sealed in place of a commitment.
    let mut block = [0; 64];
    block[..32].copy_from_slice(&key.0);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in [field.as_bytes(), &[0], text.as_bytes()] {
        mac.update(part);
    }
    Digest(mac.finalize().into_bytes().into())
}

/// The commitment to a person.
pub fn person_commitment(key: SecretKey, person: PersonNumber) -> Digest {
    commitment(key, "person", &person.to_string())
}

/// What hides an act from whoever is shown one of its persons' lines, made of the first line's key.
pub(super) fn act_salt(key: SecretKey) -> Digest {
    commitment(key, "act", "")
}

/// The commitment to a free text.
pub(super) fn text_commitment(text: &Text) -> Digest {
    commitment(text.key, text.field.as_str(), &text.text)
}
