//! Pieces that several resources are made of.

use std::{borrow::Cow, ops::Deref};

use ledger::{
    IdentifierKind, Minutes,
    account::PostingKind,
    act::ActKind,
    association::{AssociationKind, MembershipState},
    contribution::Nature,
    evidence::EvidenceKind,
    exchange::{ExchangeState, Side},
    policy::Limits,
    recognition::{Level, RecognitionState},
    skill::Framework,
    transfer::TransferReason,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::reading::Bound;

/// A word of one of the ledger's closed lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<T>(pub(crate) T);

/// A closed list of words.
pub(crate) trait Words: Copy + for<'a> TryFrom<&'a str, Error = ledger::UnknownWord> + 'static {
    const NAME: &'static str;
    fn all() -> Vec<&'static str>;
    fn text(self) -> &'static str;
}

macro_rules! words {
    ($($type:ty => $name:literal,)+) => {$(
        impl Words for $type {
            const NAME: &'static str = $name;
            fn all() -> Vec<&'static str> { Self::ALL.iter().map(|word| word.as_str()).collect() }
            fn text(self) -> &'static str { self.as_str() }
        }
    )+};
}

words! {
    ActKind => "ActKind",
    AssociationKind => "AssociationKind",
    EvidenceKind => "EvidenceKind",
    ExchangeState => "ExchangeState",
    Framework => "Framework",
    IdentifierKind => "IdentifierKind",
    Level => "Level",
    MembershipState => "MembershipState",
    Nature => "Nature",
    PostingKind => "PostingKind",
    RecognitionState => "RecognitionState",
    Side => "Side",
    TransferReason => "TransferReason",
}

impl<T: Words> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.text())
    }
}

impl<'de, T: Words> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        T::try_from(&text).map(Self).map_err(|error| de::Error::unknown_variant(&error.found, error.expected))
    }
}

impl<T: Words> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": T::all() })
    }
}

/// How far a balance may go, in minutes; `null` for no limit. A soft limit warns, a hard one holds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Limits")]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsPart {
    /// Below it, a movement downwards is warned of.
    #[serde(default)]
    #[schemars(range(min = -1_000_000_000, max = 1_000_000_000))]
    pub(crate) soft_floor: Option<i64>,
    /// Below it, an exchange is held and a transfer refused.
    #[serde(default)]
    #[schemars(range(min = -1_000_000_000, max = 1_000_000_000))]
    pub(crate) hard_floor: Option<i64>,
    /// Above it, a movement upwards is warned of.
    #[serde(default)]
    #[schemars(range(min = -1_000_000_000, max = 1_000_000_000))]
    pub(crate) soft_ceiling: Option<i64>,
    /// Above it, an exchange is held and a transfer refused.
    #[serde(default)]
    #[schemars(range(min = -1_000_000_000, max = 1_000_000_000))]
    pub(crate) hard_ceiling: Option<i64>,
}

impl From<Limits> for LimitsPart {
    fn from(limits: Limits) -> Self {
        let minutes = |limit: Option<Minutes>| limit.map(Minutes::get);
        Self {
            soft_floor: minutes(limits.soft_floor),
            hard_floor: minutes(limits.hard_floor),
            soft_ceiling: minutes(limits.soft_ceiling),
            hard_ceiling: minutes(limits.hard_ceiling),
        }
    }
}

impl From<LimitsPart> for Limits {
    fn from(part: LimitsPart) -> Self {
        Self {
            soft_floor: part.soft_floor.map(Minutes::new),
            hard_floor: part.hard_floor.map(Minutes::new),
            soft_ceiling: part.soft_ceiling.map(Minutes::new),
            hard_ceiling: part.hard_ceiling.map(Minutes::new),
        }
    }
}

/// Why something is done.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// Why, in words. Kept where it can be erased.
    #[schemars(length(min = 1, max = 2000))]
    pub(crate) reason: String,
}

/// Where a page begins and how long it is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// The `next` of the page before.
    pub(crate) cursor: Option<AtMost<64>>,
    /// How many items at most.
    pub(crate) limit: Option<PageSize>,
}

/// How many items of a list a caller wants: 1 to 200.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize(u32);

impl PageSize {
    const MOST: u32 = 200;

    pub(crate) const fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for PageSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let size = u32::deserialize(deserializer)?;
        if (1..=Self::MOST).contains(&size) {
            return Ok(Self(size));
        }
        let fits = Bound::Between(1, Self::MOST.into());
        Err(de::Error::invalid_value(de::Unexpected::Unsigned(size.into()), &fits))
    }
}

impl JsonSchema for PageSize {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "PageSize".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": Self::MOST })
    }
}

/// A text of a query, of so many characters at most.
#[derive(Debug, Clone)]
pub(crate) struct AtMost<const MOST: usize>(String);

impl<'de, const MOST: usize> Deserialize<'de> for AtMost<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.chars().count();
        if length <= MOST {
            return Ok(Self(text));
        }
        Err(de::Error::invalid_length(length, &Bound::CharactersAtMost(MOST)))
    }
}

impl<const MOST: usize> Deref for AtMost<MOST> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> JsonSchema for AtMost<MOST> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "maxLength": MOST })
    }
}

/// A short digest of what a version says: its tag.
pub(crate) fn tag_of(version: &str) -> String {
    ledger::log::leaf_hash(version.as_bytes()).to_hex().chars().take(20).collect()
}
