//! Signatures inside JSON documents: W3C Data Integrity, cryptosuites `eddsa-jcs-2022` and `eddsa-rdfc-2022`.
//!
//! What is signed is 64 bytes: SHA-256 of the canonical proof options, then SHA-256 of the canonical document without
//! its proofs. Several proofs over the same document stand side by side as a set.

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    Language, json,
    key::{Issuer, PrivateKey, PublicKey, instant_text},
    rdf::{self, RdfError},
    text_enum::text_enum,
};

text_enum! {
    /// How a document is put into the one form that is hashed.
    pub enum Cryptosuite {
        /// As canonical JSON.
        EddsaJcs2022 => "eddsa-jcs-2022",
        /// As canonical RDF.
        EddsaRdfc2022 => "eddsa-rdfc-2022",
    }
}

/// A clock may be this far ahead of ours before a proof counts as made in the future.
pub(crate) const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// For each proof the whole document is put into its canonical form.
const PROOFS_MOST: usize = 8;

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofProblem {
    /// The document bears no proof.
    NoProof,
    /// It bears so many, of which each would have to be looked at.
    TooManyProofs(usize),
    /// The proof is not a Data Integrity proof.
    NotADataIntegrityProof,
    /// A cryptosuite that this program does not know.
    UnknownCryptosuite(String),
    /// The proof was made for another purpose than to vouch for the document.
    WrongPurpose(String),
    /// The proof says no readable instant.
    UnreadableInstant,
    /// The proof was made in the future.
    MadeInTheFuture(String),
    /// The proof has expired.
    Expired(String),
    /// The document's contexts are not those that the proof was made over.
    ContextDiffers,
    /// The key that the proof names is unknown.
    UnknownKey(String),
    /// The signature cannot be read.
    UnreadableSignature,
    /// The signature is not that key's over this document.
    WrongSignature,
    /// The proof hangs from another one, which this program does not follow.
    Chained,
    /// The document has no canonical form.
    NotCanonical(String),
    /// The document was built to keep its reader busy.
    TooEntangled,
}

impl ProofProblem {
    /// The problem in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        let t = |french: &str, english: &str| language.pick(french, english).to_owned();
        match self {
            Self::NoProof => t("le document ne porte aucune signature", "the document bears no proof"),
            Self::TooManyProofs(count) => language.pick(
                format!("le document porte {count} signatures ; pas plus de {PROOFS_MOST} conviendraient"),
                format!("the document bears {count} proofs; no more than {PROOFS_MOST} would fit"),
            ),
            Self::NotADataIntegrityProof => {
                t("la signature n'est pas du type « DataIntegrityProof »", "the proof is no “DataIntegrityProof”")
            }
            Self::UnknownCryptosuite(found) => language.pick(
                format!("procédé de signature inconnu : « {found} » ; eddsa-jcs-2022 ou eddsa-rdfc-2022 conviendrait"),
                format!("unknown cryptosuite: “{found}”; eddsa-jcs-2022 or eddsa-rdfc-2022 would fit"),
            ),
            Self::WrongPurpose(found) => language.pick(
                format!("la signature a été faite pour « {found} », pas pour « assertionMethod »"),
                format!("the proof was made for “{found}”, not for “assertionMethod”"),
            ),
            Self::UnreadableInstant => {
                t("la date de la signature est illisible", "the instant of the proof is unreadable")
            }
            Self::MadeInTheFuture(at) => language.pick(
                format!("la signature est datée du futur : {at}"),
                format!("the proof is dated in the future: {at}"),
            ),
            Self::Expired(at) => {
                language.pick(format!("la signature a expiré : {at}"), format!("the proof expired: {at}"))
            }
            Self::ContextDiffers => t(
                "« @context » n'est pas celui sur lequel la signature a été faite",
                "“@context” is not the one that the proof was made over",
            ),
            Self::UnknownKey(method) => {
                language.pick(format!("clé inconnue : « {method} »"), format!("unknown key: “{method}”"))
            }
            Self::UnreadableSignature => t("la signature est illisible", "the signature is unreadable"),
            Self::WrongSignature => t(
                "la signature ne correspond pas : le document a été modifié, ou une autre clé l'a signé",
                "the signature does not fit: the document was changed, or another key signed it",
            ),
            Self::Chained => {
                t("une signature en chaîne, non prise en charge", "a chained proof, which is not supported")
            }
            Self::TooEntangled => t(
                "le document est trop enchevêtré pour être mis en forme canonique : aucun réseau n'en signe de tel",
                "the document is too entangled for a canonical form: no network signs such a one",
            ),
            Self::NotCanonical(problem) => language.pick(
                format!("le document ne peut pas être mis en forme canonique : {problem}"),
                format!("the document has no canonical form: {problem}"),
            ),
        }
    }
}

/// A proof that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How the document was hashed.
    pub suite: Cryptosuite,
    /// The name of the key.
    pub method: String,
    /// The key.
    pub key: PublicKey,
    /// When the proof says it was made.
    pub created: DateTime<Utc>,
}

/// Adds a proof by each of these suites to a document that has none; several become a set, in this order.
///
/// # Errors
/// [`ProofProblem::NotCanonical`] when the document cannot be put into a canonical form.
pub fn sign(
    document: &mut Value,
    suites: &[Cryptosuite],
    key: &PrivateKey,
    issuer: &Issuer,
    created: DateTime<Utc>,
) -> Result<(), ProofProblem> {
    let mut proofs = Vec::with_capacity(suites.len());
    for suite in suites {
        let mut proof = json!({
            "type": "DataIntegrityProof",
            "cryptosuite": suite.as_str(),
            "created": instant_text(created),
            "verificationMethod": issuer.method(),
            "proofPurpose": "assertionMethod",
        });
        if *suite == Cryptosuite::EddsaJcs2022 {
            // One verifier in use insists on it, and every other accepts it.
            proof["@context"] = document["@context"].clone();
        }
        let hash = hash_data(*suite, document, &proof)?;
        proof["proofValue"] = format!("z{}", bs58::encode(key.sign(&hash)).into_string()).into();
        proofs.push(proof);
    }
    document["proof"] = if proofs.len() == 1 { proofs.remove(0) } else { Value::Array(proofs) };
    Ok(())
}

/// What each proof of a document comes to, in their order. `key_of` finds the key that a proof names.
///
/// # Errors
/// [`ProofProblem::NoProof`] when there is none, [`ProofProblem::TooManyProofs`]; every other problem stands at its proof.
pub fn verify(
    document: &Value,
    now: DateTime<Utc>,
    key_of: &dyn Fn(&str) -> Option<PublicKey>,
) -> Result<Vec<Result<Verified, ProofProblem>>, ProofProblem> {
    let proofs = proofs_of(document);
    if proofs.is_empty() {
        return Err(ProofProblem::NoProof);
    }
    if proofs.len() > PROOFS_MOST {
        return Err(ProofProblem::TooManyProofs(proofs.len()));
    }
    let mut unsecured = document.clone();
    if let Some(object) = unsecured.as_object_mut() {
        object.remove("proof");
    }
    let mut verdicts: Vec<Result<Verified, ProofProblem>> = Vec::with_capacity(proofs.len());
    for proof in proofs {
        // What was too entangled for one proof is so for the next one: it is not tried again.
        let entangled = verdicts.iter().find(|verdict| **verdict == Err(ProofProblem::TooEntangled)).cloned();
        verdicts.push(entangled.unwrap_or_else(|| verify_one(&unsecured, proof, now, key_of)));
    }
    Ok(verdicts)
}

/// The proofs that a document bears.
pub(crate) fn proofs_of(document: &Value) -> &[Value] {
    rdf::one_or_several(&document["proof"])
}

fn verify_one(
    unsecured: &Value,
    proof: &Value,
    now: DateTime<Utc>,
    key_of: &dyn Fn(&str) -> Option<PublicKey>,
) -> Result<Verified, ProofProblem> {
    let text = |name: &str| proof.get(name).and_then(Value::as_str);
    let suite = check_options(proof, now)?;
    let created = instant(text("created")).ok_or(ProofProblem::UnreadableInstant)?;
    let method = text("verificationMethod").unwrap_or_default();
    let key = key_of(method).ok_or_else(|| ProofProblem::UnknownKey(method.to_owned()))?;
    let signature = text("proofValue")
        .and_then(|value| value.strip_prefix('z'))
        .and_then(|value| bs58::decode(value).into_vec().ok())
        .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
        .ok_or(ProofProblem::UnreadableSignature)?;
    let mut options = proof.clone();
    if let Some(options) = options.as_object_mut() {
        options.remove("proofValue");
    }
    let mut document = unsecured.clone();
    if let (Cryptosuite::EddsaJcs2022, Some(signed)) = (suite, proof.get("@context")) {
        if !begins_with(&document["@context"], signed) {
            return Err(ProofProblem::ContextDiffers);
        }
        document["@context"] = signed.clone();
    }
    let hash = hash_data(suite, &document, &options)?;
    if key.verifies(&hash, &signature) {
        Ok(Verified { suite, method: method.to_owned(), key, created })
    } else {
        Err(ProofProblem::WrongSignature)
    }
}

/// Everything that the options say before the key and the signature are looked at.
fn check_options(proof: &Value, now: DateTime<Utc>) -> Result<Cryptosuite, ProofProblem> {
    let text = |name: &str| proof.get(name).and_then(Value::as_str);
    if text("type") != Some("DataIntegrityProof") {
        return Err(ProofProblem::NotADataIntegrityProof);
    }
    let suite = text("cryptosuite").unwrap_or_default();
    let suite = Cryptosuite::try_from(suite).map_err(|_| ProofProblem::UnknownCryptosuite(suite.to_owned()))?;
    match text("proofPurpose") {
        Some("assertionMethod") => {}
        other => return Err(ProofProblem::WrongPurpose(other.unwrap_or_default().to_owned())),
    }
    if proof.get("previousProof").is_some() {
        return Err(ProofProblem::Chained);
    }
    let created = instant(text("created")).ok_or(ProofProblem::UnreadableInstant)?;
    if created.signed_duration_since(now) > CLOCK_TOLERANCE {
        return Err(ProofProblem::MadeInTheFuture(instant_text(created)));
    }
    if proof.get("expires").is_some() {
        let expires = instant(text("expires")).ok_or(ProofProblem::UnreadableInstant)?;
        if expires < now {
            return Err(ProofProblem::Expired(instant_text(expires)));
        }
    }
    Ok(suite)
}

/// Reads an instant as credentials write it.
pub fn instant(text: Option<&str>) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text?).ok().map(|at| at.with_timezone(&Utc))
}

/// Whether a document's contexts begin with those that were signed.
fn begins_with(document: &Value, signed: &Value) -> bool {
    match (document, signed) {
        (Value::Array(document), Value::Array(signed)) => document.starts_with(signed),
        (Value::Array(document), one) => document.first() == Some(one),
        (one, other) => one == other,
    }
}

/// The 64 bytes that are signed: the hash of the options, then the hash of the document.
fn hash_data(suite: Cryptosuite, document: &Value, options: &Value) -> Result<[u8; 64], ProofProblem> {
    let mut hash = [0; 64];
    let (first, second) = hash.split_at_mut(32);
    first.copy_from_slice(&Sha256::digest(canonical(suite, options, document)?));
    second.copy_from_slice(&Sha256::digest(canonical(suite, document, document)?));
    Ok(hash)
}

fn canonical(suite: Cryptosuite, value: &Value, document: &Value) -> Result<Vec<u8>, ProofProblem> {
    match suite {
        Cryptosuite::EddsaJcs2022 => {
            json::canonical(value).map_err(|error| ProofProblem::NotCanonical(error.to_string()))
        }
        Cryptosuite::EddsaRdfc2022 => {
            // The options are read with the document's contexts.
            let mut value = value.as_object().cloned().unwrap_or_else(Map::new);
            value.insert("@context".to_owned(), document["@context"].clone());
            let lines = rdf::canonical_nquads(&Value::Object(value)).map_err(|error| match error {
                RdfError::UnknownContext(problem) | RdfError::Unreadable(problem) => {
                    ProofProblem::NotCanonical(problem)
                }
                RdfError::TooEntangled => ProofProblem::TooEntangled,
            })?;
            Ok(lines.into_bytes())
        }
    }
}
