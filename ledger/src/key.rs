//! Ed25519 keys, the names under which outsiders know them, and the document that lists them.
//!
//! A `did:key` is the key itself in another spelling. A `did:web` is a domain that lists its keys at a known address;
//! the fragment of our verification methods is the key too, so that a signature can be checked without a network
//! connection, while whether the domain owns that key is for the list to say.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use ed25519_dalek::{
    Signature, Signer as _, SigningKey, VerifyingKey,
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes, spki::der::pem::LineEnding},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::text_enum::text_enum;

text_enum! {
    /// What a key signs. Each purpose has keys of its own.
    pub enum KeyPurpose {
        /// Statements, badges, status lists.
        Credential => "credential",
        /// Heads of the log.
        Checkpoint => "checkpoint",
    }
}

/// A key that signs. It never leaves the machine but in an encrypted backup.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public())
    }
}

impl PrivateKey {
    /// The key that grows from 32 random bytes.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// Reads PKCS#8 PEM (RFC 8410), with or without the public half; `None` for anything else.
    pub fn from_pem(pem: &str) -> Option<Self> {
        SigningKey::from_pkcs8_pem(pem).ok().map(Self)
    }

    /// PKCS#8 PEM (RFC 8410), in the form that every tool reads; `None` never happens for a key that exists.
    pub fn to_pem(&self) -> Option<String> {
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        bytes.to_pkcs8_pem(LineEnding::LF).ok().map(|pem| pem.to_string())
    }

    /// The half that outsiders may know.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a message: pure Ed25519.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// A key that checks signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

/// The multicodec of an Ed25519 public key.
const MULTICODEC: [u8; 2] = [0xed, 0x01];

impl PublicKey {
    /// Takes 32 bytes that are a point of the curve.
    pub fn from_bytes(bytes: [u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak()).map(|_| Self(bytes))
    }

    /// The 32 bytes.
    pub const fn bytes(self) -> [u8; 32] {
        self.0
    }

    /// Whether the signature is this key's over the message. Malleable signatures are refused.
    pub fn verifies(self, message: &[u8], signature: &[u8; 64]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.0) else { return false };
        key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }

    /// The key as a Multikey: `z6Mk…`.
    pub fn multibase(self) -> String {
        let bytes: Vec<u8> = MULTICODEC.into_iter().chain(self.0).collect();
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// Reads a Multikey.
    pub fn from_multibase(text: &str) -> Option<Self> {
        let bytes = bs58::decode(text.strip_prefix('z')?).into_vec().ok()?;
        Self::from_bytes(bytes.strip_prefix(&MULTICODEC)?.try_into().ok()?)
    }

    /// Something short to compare by eye: sixteen hexadecimal digits of the key's SHA-256.
    pub fn fingerprint(self) -> String {
        let hex = crate::Digest(Sha256::digest(self.0).into()).to_hex();
        let groups = hex.as_bytes().chunks(4).take(4).filter_map(|group| std::str::from_utf8(group).ok());
        groups.collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.multibase())
    }
}

/// Who signs: the name that outsiders know the signer by, and the key among theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// `did:key:z6Mk…` or `did:web:reseau.example`.
    pub did: String,
    /// The key.
    pub key: PublicKey,
}

impl Issuer {
    /// A signer known by a domain where there is one, otherwise by the key itself.
    pub fn new(key: PublicKey, domain: Option<&str>) -> Self {
        let did = match domain {
            Some(domain) => format!("did:web:{domain}"),
            None => format!("did:key:{key}"),
        };
        Self { did, key }
    }

    /// The name of the key among the signer's: what a proof says as its `verificationMethod`.
    pub fn method(&self) -> String {
        format!("{}#{}", self.did, self.key)
    }

    /// Reads a verification method of ours, or any `did:key`: the key stands in it.
    pub fn from_method(method: &str) -> Option<Self> {
        let (did, fragment) = method.split_once('#')?;
        let key = PublicKey::from_multibase(fragment)?;
        let is_sound = match did.strip_prefix("did:key:") {
            Some(own) => own == fragment,
            None => did.strip_prefix("did:web:").is_some_and(|domain| !domain.is_empty()),
        };
        is_sound.then(|| Self { did: did.to_owned(), key })
    }
}

/// Whether a network may be known by this domain: letters, digits, dots and hyphens, at least one dot.
pub fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

/// A key that a network announced, with the days it was in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedKey {
    /// What it signs.
    pub purpose: KeyPurpose,
    /// The key.
    pub key: PublicKey,
    /// The domain that the network was known by under this key.
    pub domain: Option<String>,
    /// The act that announced it.
    pub act: crate::ActNumber,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when; `None` while it is in use.
    pub until: Option<DateTime<Utc>>,
}

impl AnnouncedKey {
    /// The name that its signatures bear.
    pub fn issuer(&self) -> Issuer {
        Issuer::new(self.key, self.domain.as_deref())
    }
}

/// An instant as credentials write it: to the second, in UTC.
pub fn instant_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The document that lists a network's keys for credentials, retired ones with their end: what `did:web` serves, and
/// what an outsider pins.
pub fn did_document(keys: &[AnnouncedKey]) -> Option<Value> {
    let of_credentials = || keys.iter().filter(|key| key.purpose == KeyPurpose::Credential);
    let did = of_credentials().next_back()?.issuer().did;
    let methods: Vec<Value> = of_credentials()
        .map(|key| {
            let issuer = key.issuer();
            let mut method = json!({
                "id": issuer.method(),
                "type": "Multikey",
                "controller": issuer.did,
                "publicKeyMultibase": key.key.multibase(),
            });
            if let Some(until) = key.until {
                method["expires"] = instant_text(until).into();
            }
            method
        })
        .collect();
    let names: Vec<Value> = methods.iter().map(|method| method["id"].clone()).collect();
    Some(json!({
        // A strict reader passes over no term that it does not know.
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            { "logKeys": "https://w3id.org/coudemain/statement/v1#logKeys" },
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": names,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_w3cs_test_key_is_read_as_they_write_it() {
        let key = PublicKey::from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").unwrap();
        assert_eq!(key.multibase(), "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
        let issuer = Issuer::new(key, None);
        assert_eq!(Issuer::from_method(&issuer.method()), Some(issuer));
    }

    #[test]
    fn a_private_key_survives_its_file() {
        let key = PrivateKey::from_seed([7; 32]);
        let pem = key.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{pem}");
        assert_eq!(PrivateKey::from_pem(&pem).unwrap().public(), key.public());
        assert!(PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\n").is_none());
        assert!(!format!("{key:?}").contains(&pem[30..60]));
    }

    #[test]
    fn a_method_that_names_another_key_is_refused() {
        let (one, other) = (PrivateKey::from_seed([1; 32]).public(), PrivateKey::from_seed([2; 32]).public());
        assert_eq!(Issuer::from_method(&format!("did:key:{one}#{other}")), None);
        assert_eq!(Issuer::from_method(&format!("did:web:#{other}")), None);
        assert!(Issuer::from_method(&format!("did:web:reseau.example#{other}")).is_some());
        assert_eq!(Issuer::from_method("did:key:zzz#zzz"), None);
        // The point at infinity would verify anything.
        let mut weak = [0; 32];
        weak[0] = 1;
        assert_eq!(PublicKey::from_bytes(weak), None);
    }

    #[test]
    fn domains_are_names_of_hosts() {
        for good in ["reseau.example", "a-b.c.example"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in ["localhost", "https://x.example", "x.example/path", "-a.example", "A.example", "x..example", ""] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}
