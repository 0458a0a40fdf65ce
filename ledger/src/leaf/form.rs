//! What leaves are made of, in either version, and why a text is none.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::parts::{
    AlignmentPart, ClosingPart, ContributionPart, EvidencePart, ExchangePart, FilePart, FoundedPart, HexDigest,
    KeyPart, LimitsPart, LostLogPart, MandatePart, MemberPart, PolicyPart, PostingPart, RecognitionPart, RolePart,
    StatementsPart, act_kind, maybe_day, word,
};
use crate::{ActNumber, act::ActKind};

/// The version of the form in which leaves are sealed today.
pub const VERSION: u8 = 2;

/// An act as outsiders may see it. What few acts have stands in a box: leaves are made, read and moved by the million.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf<'a> {
    /// What a skill is in a public list of competences.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub alignment: Option<Box<AlignmentPart<'a>>>,
    /// When it was recorded, in µs since 1970 (UTC).
    pub at: i64,
    /// The day under which its postings count.
    #[serde(default, deserialize_with = "maybe_day", skip_serializing_if = "Option::is_none")]
    pub booked: Option<NaiveDate>,
    /// In whose name: `operator`, `coordinator`, `mediator`, `association:12`.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
    /// What closing a year commits to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<Box<ClosingPart>>,
    /// Who gave the time. In version 2 each is a person's line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributions: Vec<ContributionPart<'a>>,
    /// How the network knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidencePart<'a>>,
    /// The exchange after the act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangePart<'a>>,
    /// The file that opens the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FilePart>,
    /// First and last act of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<(i64, i64)>,
    /// A key that was announced.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub key: Option<Box<KeyPart<'a>>>,
    /// What kind of act it is.
    #[serde(deserialize_with = "act_kind", serialize_with = "word")]
    pub kind: ActKind,
    /// New limits of a member; absent when the policy's hold for it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsPart>,
    /// Accounts past a soft limit, or for a held exchange past a hard one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits_met: Vec<i64>,
    /// The head of a log that was lost.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub lost_log: Option<Box<LostLogPart<'a>>>,
    /// What a partner may confirm in the member's stead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate: Option<MandatePart>,
    /// The member that the act is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Box<MemberPart<'a>>>,
    /// The network's UUID.
    pub network: Uuid,
    /// The network as it was founded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_founded: Option<Box<FoundedPart<'a>>>,
    /// The act's number.
    pub number: i64,
    /// Accounts taken past a hard limit on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overridden: Vec<i64>,
    /// A commitment to the person that the act is about. In version 2 it stands in a person's line, as do the
    /// recognition and the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<HexDigest>,
    /// New rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Box<PolicyPart>>,
    /// What it posted in book exchange. Book engagement follows from the contributions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postings: Vec<PostingPart<'a>>,
    /// A competence that was recognised.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub recognition: Option<Box<RecognitionPart<'a>>>,
    /// The reference that the ledger gave.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Cow<'a, str>>,
    /// A commitment to the reference that was brought in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_commitment: Option<HexDigest>,
    /// A role given or taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RolePart<'a>>,
    /// Hides what the act says from whoever is shown a person's line and the act's digest beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<HexDigest>,
    /// A skill's name.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub skill: Option<Cow<'a, str>>,
    /// Statements that were handed out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Box<StatementsPart>>,
    /// What is reversed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<i64>,
    /// Commitments to free texts, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<Cow<'a, str>, HexDigest>,
    /// Why hours were passed on.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Cow<'a, str>>,
    /// The version of this form.
    pub v: u8,
}

/// Why an act cannot be sealed.
#[derive(Debug)]
pub enum Unsealable {
    /// It lacks what an act of its kind is made of.
    Lacks {
        /// Which act.
        act: ActNumber,
        /// What it lacks.
        what: &'static str,
    },
    /// Its leaf cannot be written.
    Json(serde_json::Error),
}

impl fmt::Display for Unsealable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks { act, what } => write!(f, "act {act} cannot be sealed: it has no {what}"),
            Self::Json(error) => write!(f, "a leaf cannot be written: {error}"),
        }
    }
}

impl std::error::Error for Unsealable {}

/// Why a text is no leaf.
#[derive(Debug)]
pub enum Unreadable {
    /// It is not JSON of a leaf's form, or names a part or a kind of act that is not known.
    Json(serde_json::Error),
    /// A later version, or none that ever was.
    Version(u8),
    /// A part that leaves of its version do not have, or not in that place.
    OutOfPlace {
        /// Which version.
        version: u8,
        /// The part.
        part: &'static str,
    },
    /// The text beside it is not what it sealed.
    NotSealed(&'static str),
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => error.fmt(f),
            Self::Version(version) => write!(f, "version {version} is not known: only 1 to {VERSION} are"),
            Self::OutOfPlace { version, part } => write!(f, "a leaf of version {version} has no “{part}” there"),
            Self::NotSealed(what) => write!(f, "{what} is not what was sealed"),
        }
    }
}

impl std::error::Error for Unreadable {}
