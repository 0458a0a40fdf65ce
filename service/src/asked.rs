//! What makes a request this one and no other: its key, its digest, and what its asker has seen.

use axum::http::{Method, Uri};
use ledger::{
    Digest,
    command::{Command, Key, Request},
    log,
};

use crate::{
    acting::Acting,
    caller::Caller,
    problem::{Problem, Refusal},
};

/// That a write is this one and no other.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The caller's key.
    pub key: String,
    /// A digest of what is asked, in whose name.
    pub digest: Digest,
    /// Whether a date of long ago is meant, and no slip.
    pub long_ago: bool,
}

impl Asked {
    /// The key as the ledger keeps it.
    pub fn key_of(&self, caller: &Caller) -> Key {
        Key { scope: caller.key_scope(), key: self.key.clone() }
    }

    /// A part of it, where a request becomes several: each has a key of its own.
    #[must_use]
    pub fn part(&self, index: usize) -> Self {
        Self { key: format!("{}-{index}", self.key), ..self.clone() }
    }

    /// The request that a call becomes.
    ///
    /// # Errors
    /// When nobody writes into the ledger in the caller's name.
    pub fn request(&self, caller: &Caller, command: Command) -> Result<Request, Problem> {
        Ok(Request {
            key: self.key_of(caller),
            digest: self.digest,
            by: caller.by()?,
            seen: None,
            generation: Some(caller.registry.generations().present().generation),
            long_ago: self.long_ago,
            command,
        })
    }
}

/// What is asked: the address, in whose name, and the body without its blanks.
pub fn digest(method: &Method, uri: &Uri, acting: Option<Acting>, body: &str) -> Digest {
    let acting = acting.map_or_else(String::new, Acting::stored);
    log::leaf_hash(format!("{method}\0{uri}\0{acting}\0{body}").as_bytes())
}

/// What the asker has seen of what they want changed, by the tags of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeenTags {
    /// They do not say.
    Unsaid,
    /// Whatever there is.
    Anything,
    /// One of these.
    OneOf(Vec<String>),
}

impl SeenTags {
    /// Whether the asker says what they have seen.
    pub fn are_said(&self) -> bool {
        match self {
            Self::Unsaid => false,
            Self::Anything | Self::OneOf(_) => true,
        }
    }

    /// The asker has seen the version of this tag, or does not mind.
    ///
    /// # Errors
    /// When they have seen another.
    pub fn check(&self, tag: &str) -> Result<(), Problem> {
        match self {
            Self::Unsaid | Self::Anything => Ok(()),
            Self::OneOf(tags) if tags.iter().any(|seen| seen == tag) => Ok(()),
            Self::OneOf(_) => Err(Problem::new(Refusal::ChangedMeanwhile).at("If-Match")),
        }
    }
}
