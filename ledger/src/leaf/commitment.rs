//! Commitments to what is personal: they say nothing without the key that stands beside the data.

use crate::{Digest, PersonNumber, act::Text, clock::SecretKey, keyed::keyed};

/// A commitment: HMAC-SHA-256 of `field ‖ 0x00 ‖ text` under its key.
pub fn commitment(key: SecretKey, field: &str, text: &str) -> Digest {
    keyed(key, &[field.as_bytes(), &[0], text.as_bytes()])
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
