//! What was revoked: W3C Bitstring Status List 1.0.
//!
//! Every credential that can be revoked has a place of its own in a long row of bits, drawn at random, so that the
//! list tells nothing of when or to whom credentials were issued.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    integrity::{self, Cryptosuite, ProofProblem},
    key::{Issuer, PrivateKey, instant_text},
    statement::CREDENTIALS_CONTEXT,
};

/// How many places a list has: the least that the standard allows, 16 KiB.
pub const PLACES: u32 = 131_072;

/// The same in bytes.
const BYTES: usize = 131_072 / 8;

/// No list that is read is longer once unpacked.
const BYTES_MOST: u64 = 16 << 20;

/// A row of bits; the leftmost of the first byte is place 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList(Vec<u8>);

impl Default for StatusList {
    fn default() -> Self {
        Self(vec![0; BYTES])
    }
}

impl StatusList {
    /// Sets the bit at a place; a place beyond the end is passed over.
    pub fn revoke(&mut self, place: u32) {
        if let Some(byte) = usize::try_from(place / 8).ok().and_then(|byte| self.0.get_mut(byte)) {
            *byte |= bit(place);
        }
    }

    /// Whether the bit is set; `None` beyond the end.
    pub fn is_revoked(&self, place: u32) -> Option<bool> {
        let byte = self.0.get(usize::try_from(place / 8).ok()?)?;
        Some(byte & bit(place) != 0)
    }

    /// The list in its one encoding: gzip, then multibase base64url.
    pub fn encoded(&self) -> String {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        // Writing into memory does not fail.
        let _ = packed.write_all(&self.0);
        format!("u{}", URL_SAFE_NO_PAD.encode(packed.finish().unwrap_or_default()))
    }

    /// Reads an encoded list; `None` when it is damaged or shorter than the standard allows.
    pub fn decoded(text: &str) -> Option<Self> {
        let packed = URL_SAFE_NO_PAD.decode(text.strip_prefix('u')?).ok()?;
        let mut bits = Vec::new();
        GzDecoder::new(packed.as_slice()).take(BYTES_MOST).read_to_end(&mut bits).ok()?;
        (bits.len() >= BYTES).then_some(Self(bits))
    }
}

/// A place in its byte: the leftmost bit comes first.
const fn bit(place: u32) -> u8 {
    0x80_u8.wrapping_shr(place % 8)
}

/// A list holds for so long: whoever checks later asks for a new one.
pub const HOLDS_FOR: TimeDelta = TimeDelta::days(30);

/// What a credential says of its place in the list.
pub fn entry(place: u32, network: Uuid, issuer: &Issuer) -> Value {
    let list = address(network, issuer.did.strip_prefix("did:web:"));
    json!({
        "id": format!("{list}#{place}"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": place.to_string(),
        "statusListCredential": list,
    })
}

/// The place that a credential says it has; `None` where it says none, or none that could be.
pub fn place_of(document: &Value) -> Option<u32> {
    let text = document["credentialStatus"]["statusListIndex"].as_str()?;
    text.parse().ok().filter(|place: &u32| place.to_string() == text)
}

/// The address of a network's list: on its domain if it has one.
pub fn address(network: Uuid, domain: Option<&str>) -> String {
    match domain {
        Some(domain) => format!("https://{domain}/credentials/status/1"),
        None => format!("urn:coudemain:{network}:status:1"),
    }
}

/// The unsigned credential that publishes a list.
pub fn credential(list: &StatusList, network: Uuid, name: &str, issuer: &Issuer, at: DateTime<Utc>) -> Value {
    let address = address(network, issuer.did.strip_prefix("did:web:"));
    json!({
        "@context": [CREDENTIALS_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": { "id": issuer.did, "name": name },
        "validFrom": instant_text(at),
        "validUntil": instant_text(at.checked_add_signed(HOLDS_FOR).unwrap_or(at)),
        "credentialSubject": {
            "id": format!("{address}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": list.encoded(),
        },
    })
}

/// The same, signed.
///
/// # Errors
/// When it has no form that can be signed, which no list is.
pub fn signed(
    list: &StatusList,
    network: Uuid,
    name: &str,
    (key, issuer): (&PrivateKey, &Issuer),
    at: DateTime<Utc>,
) -> Result<Vec<u8>, ProofProblem> {
    let mut document = credential(list, network, name, issuer, at);
    integrity::sign(&mut document, &[Cryptosuite::EddsaJcs2022], key, issuer, at)?;
    Ok(format!("{document:#}\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leftmost_bit_is_place_0() {
        let mut list = StatusList::default();
        list.revoke(0);
        list.revoke(9);
        list.revoke(PLACES - 1);
        assert_eq!(list.0[..2], [0b1000_0000, 0b0100_0000]);
        assert_eq!(list.0.last(), Some(&1));
        assert_eq!(list.is_revoked(9), Some(true));
        assert_eq!(list.is_revoked(8), Some(false));
        assert_eq!(list.is_revoked(PLACES), None);
        assert_eq!(StatusList::decoded(&list.encoded()), Some(list));
        assert_eq!(StatusList::decoded("u"), None);
        assert_eq!(StatusList::decoded("zabc"), None);
    }

    /// The empty list of the standard's own example (section 2.2 of Bitstring Status List 1.0), written by others.
    #[test]
    fn a_list_that_others_packed_is_read() {
        let theirs = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
        assert_eq!(StatusList::decoded(theirs), Some(StatusList::default()));
    }
}
