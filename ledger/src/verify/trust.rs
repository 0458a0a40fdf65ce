//! Whom the one who checks believes, and what else they have at hand.

use std::sync::Arc;

use serde_json::Value;

use super::svg::signed_in;
use crate::{
    Digest,
    checkpoint::consistency_in,
    integrity::{instant, proofs_of},
    key::{Issuer, PublicKey},
    note::{Algorithm, Note, VerifierKey},
    quorum::Quorum,
    successor::{Successor, named_by},
};
use chrono::{DateTime, Utc};

/// Whom the one who checks believes, and what else they have at hand.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Issuers, by DID.
    dids: Vec<String>,
    /// Keys that a pinned document lists.
    listed: Vec<Listed>,
    /// Keys of logs and witnesses.
    pub(super) log_keys: Vec<VerifierKey>,
    /// Whose document names which of them, and so whose keys follow each other where one of them says so.
    log_owners: Vec<(VerifierKey, String)>,
    /// The heads that documents hand out, at which keys changed.
    changes: Vec<Note>,
    /// Documents that may speak of the one that is checked: status lists, earlier statements, checkpoints.
    pub(super) others: Vec<Arc<Other>>,
    /// Heads of logs that are remembered from an earlier time.
    pub(super) pinned: Vec<Note>,
    /// Which witnesses have to have seen a head.
    pub(super) quorum: Option<Quorum>,
}

/// A file that may speak of another one, read once.
#[derive(Debug)]
pub(super) struct Other {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// What it is as JSON.
    pub(super) document: Option<Value>,
    /// What it is as a signed note.
    pub(super) note: Option<Note>,
    /// The hashes of the proof of consistency that it is.
    pub(super) consistency: Option<Vec<Digest>>,
}

/// The member of a document of keys that holds the heads at which keys changed.
const KEY_CHANGES: &str = "keyChanges";
/// No more heads are looked through for keys that followed others.
const CHANGES_MOST: usize = 256;

/// The heads at which keys changed, in a document of keys.
fn changes_in(document: &Value) -> impl Iterator<Item = Note> {
    let changes = document[KEY_CHANGES].as_array().map(Vec::as_slice).unwrap_or_default();
    changes.iter().filter_map(|change| Note::parse(change.as_str()?))
}

#[derive(Debug, Clone)]
struct Listed {
    did: String,
    /// Whose document lists it.
    subject: String,
    /// Whose it is, whatever they were called: the subject of the document that vouches for it.
    owner: String,
    method: String,
    key: PublicKey,
    until: Option<DateTime<Utc>>,
}

/// What is known of the key that a proof names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its owner is trusted.
    Trusted,
    /// It was retired before the proof was made.
    Retired,
    /// Its owner's pinned document does not list it.
    NotListed,
    /// A domain that is trusted, whose document of keys is not at hand: anybody can name a key after it.
    Unpinned,
    /// Nobody was named as trusted, or not this one.
    Stranger,
}

impl Trust {
    /// Takes over `did:…`, a key of a log (`name+hash+key`), or the text of a DID document. `None` for anything else.
    pub fn add(&mut self, text: &str) -> Option<()> {
        let text = text.trim();
        if text.starts_with("did:") && !text.contains(char::is_whitespace) {
            self.dids.push(text.split('#').next().unwrap_or(text).to_owned());
            return Some(());
        }
        if let Some(key) = VerifierKey::parse(text) {
            self.log_keys.push(key);
            return Some(());
        }
        if let Ok(document) = crate::json::parse(text.as_bytes()) {
            return self.add_document(&document);
        }
        // Several of these, a line each.
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let lines: Vec<_> = lines.collect();
        if lines.len() < 2 {
            return None;
        }
        lines.into_iter().try_for_each(|line| self.add(line))
    }

    fn add_document(&mut self, document: &Value) -> Option<()> {
        let did = document["id"].as_str().filter(|did| did.starts_with("did:"))?;
        let asserting = document["assertionMethod"].as_array()?;
        for method in document["verificationMethod"].as_array()? {
            let id = method["id"].as_str()?;
            if !asserting.iter().any(|name| name.as_str() == Some(id)) {
                continue;
            }
            let key = PublicKey::from_multibase(method["publicKeyMultibase"].as_str()?)?;
            // A document speaks of its own keys: under its own name, or under the name that the key itself is, as a network
            // bore it before. Nobody speaks for another domain.
            let (owner, fragment) = id.split_once('#')?;
            let is_own =
                owner == did || (owner.starts_with("did:key:") && owner.strip_prefix("did:key:") == Some(fragment));
            let is_its_own_name = !owner.starts_with("did:key:") || fragment == key.multibase();
            if !is_own || !is_its_own_name || method["controller"].as_str().is_some_and(|named| named != owner) {
                continue;
            }
            // Whichever ended it first.
            let ends = [&method["expires"], &method["revoked"]];
            let until = ends.into_iter().filter_map(|end| instant(end.as_str())).min();
            self.listed.push(Listed {
                did: owner.to_owned(),
                subject: did.to_owned(),
                owner: did.to_owned(),
                method: id.to_owned(),
                key,
                until,
            });
        }
        if let Some(log) = document["logKeys"].as_array() {
            for key in log.iter().filter_map(|key| VerifierKey::parse(key.as_str()?)) {
                self.log_owners.push((key.clone(), did.to_owned()));
                self.log_keys.push(key);
            }
        }
        self.changes.extend(changes_in(document));
        self.dids.push(did.to_owned());
        Some(())
    }

    /// Whether all keys of a document of keys are believed already.
    pub(super) fn has_keys_of(&self, document: &Value) -> bool {
        let mut said = Self::default();
        let is_named = |did: &String| self.dids.contains(did) || self.listed.iter().any(|known| known.did == *did);
        if said.add_document(document).is_none() || !said.dids.iter().all(is_named) {
            return false;
        }
        let is_listed = |one: &Listed| {
            let is_itself = one.did.starts_with("did:key:") && self.dids.contains(&one.did);
            is_itself || self.listed.iter().any(|known| known.method == one.method && known.key == one.key)
        };
        // Whoever named a key and no log has nothing to hold the log's keys against.
        let is_known = |log: &VerifierKey| self.log_keys.is_empty() || self.log_keys.contains(log);
        said.listed.iter().all(is_listed) && said.log_keys.iter().all(is_known)
    }

    /// The keys of logs and witnesses that are believed.
    pub fn log_keys(&self) -> &[VerifierKey] {
        &self.log_keys
    }

    /// Believes a head only if the witnesses of that policy have seen it.
    pub fn demand(&mut self, quorum: Quorum) {
        let keys = quorum.logs.iter().chain(quorum.witnesses.iter().map(|witness| &witness.key));
        self.log_keys.extend(keys.cloned());
        self.quorum = Some(quorum);
    }

    /// A file that may speak of the one that is checked; of a PDF or an image, what is signed in it.
    pub fn with_other(&mut self, bytes: Vec<u8>) {
        let bytes = signed_in(&bytes).unwrap_or(bytes);
        let document = crate::json::parse(&bytes).ok();
        let note = std::str::from_utf8(&bytes).ok().and_then(Note::parse);
        let consistency = consistency_in(&bytes, document.as_ref());
        self.others.push(Arc::new(Other { bytes, document, note, consistency }));
    }

    /// Believes the keys of which keys that are believed say that they followed them, in any of the files at hand: a head by
    /// itself, or those that a document of keys holds. To be called once all is added.
    pub fn follow_successors(&mut self) {
        let mut notes = self.changes.clone();
        for other in &self.others {
            notes.extend(other.note.clone());
            notes.extend(other.document.iter().flat_map(changes_in));
        }
        notes.truncate(CHANGES_MOST);
        // Each key that is new may name the next one.
        let mut next: usize = 0;
        while let Some(key) = self.log_keys.get(next).cloned() {
            next = next.saturating_add(1);
            let owners = self.log_owners.iter().filter(|(owned, _)| *owned == key);
            let owners: Vec<String> = owners.map(|(_, owner)| owner.clone()).collect();
            for successor in notes.iter().flat_map(|note| named_by(&key, note)) {
                self.follow(&successor, &owners);
            }
        }
    }

    /// Of a key that stands by itself nobody said whose it is, and so it names no issuer.
    fn follow(&mut self, successor: &Successor, owners: &[String]) {
        match successor {
            Successor::Log(key) => {
                if !self.log_keys.contains(key) {
                    self.log_keys.push(key.clone());
                    self.log_owners.extend(owners.iter().map(|owner| (key.clone(), owner.clone())));
                }
            }
            Successor::Issuer(issuer) => {
                let method = issuer.method();
                for owner in owners {
                    if !self.listed.iter().any(|listed| listed.method == method && listed.owner == *owner) {
                        let (did, owner, method) = (issuer.did.clone(), owner.clone(), method.clone());
                        self.listed.push(Listed {
                            subject: did.clone(),
                            did,
                            owner,
                            method,
                            key: issuer.key,
                            until: None,
                        });
                    }
                }
            }
        }
    }

    /// Whether two documents were signed with keys of one and the same, whatever they were called then. Whoever has a
    /// document of keys under the first one's own name is spoken for by it alone.
    pub(super) fn are_of_one(&self, one: &Value, other: &Value) -> bool {
        let (of_one, of_other) = (self.owners(one), self.owners(other));
        let is_its_own = of_one.iter().any(|(did, owner)| did == owner);
        let mut may_speak = of_one.iter().filter(|(did, owner)| !is_its_own || did == owner);
        may_speak.any(|(_, owner)| of_other.iter().any(|(_, theirs)| theirs == owner))
    }

    /// Under which name a document's key is listed, and whose it is.
    fn owners(&self, document: &Value) -> Vec<(&str, &str)> {
        let method = proofs_of(document).iter().find_map(|proof| proof["verificationMethod"].as_str());
        let listed = self.listed.iter().filter(|listed| Some(listed.method.as_str()) == method);
        listed.map(|listed| (listed.did.as_str(), listed.owner.as_str())).collect()
    }

    /// A signed head that is remembered from an earlier time.
    pub fn with_pinned(&mut self, head: Note) {
        self.pinned.push(head);
    }

    /// The key that a proof names: the one that a pinned document lists, otherwise the one in the name itself.
    pub(super) fn key_of(&self, method: &str) -> Option<PublicKey> {
        let listed = self.listed.iter().find(|listed| listed.method == method).map(|listed| listed.key);
        listed.or_else(|| Issuer::from_method(method).map(|issuer| issuer.key))
    }

    /// By what name whoever holds a key is trusted.
    pub(super) fn pinned_name<'a>(&'a self, method: &'a str) -> &'a str {
        let listed = self.listed.iter().find(|listed| listed.method == method);
        let own = method.split('#').next().unwrap_or(method);
        listed.map_or(own, |listed| listed.subject.as_str())
    }

    /// Whether a document at hand says which keys sign the log of whoever holds this key.
    pub(super) fn knows_log_of(&self, method: &str) -> bool {
        let is_log = |key: &VerifierKey| key.algorithm == Algorithm::Ed25519;
        self.listed.iter().any(|listed| listed.method == method) && self.log_keys.iter().any(is_log)
    }

    /// What is known of a key that made a proof at that instant.
    pub(super) fn standing(&self, method: &str, made: DateTime<Utc>) -> Standing {
        let did = method.split('#').next().unwrap_or(method);
        if let Some(listed) = self.listed.iter().find(|listed| listed.method == method) {
            let is_retired = listed.until.is_some_and(|until| until < made);
            return if is_retired { Standing::Retired } else { Standing::Trusted };
        }
        if self.listed.iter().any(|listed| listed.did == did) {
            return Standing::NotListed;
        }
        if !self.dids.iter().any(|trusted| trusted == did) {
            return Standing::Stranger;
        }
        // A did:key is its own list; the keys of a domain have to be pinned.
        if did.starts_with("did:key:") { Standing::Trusted } else { Standing::Unpinned }
    }
}
