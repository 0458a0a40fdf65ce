//! What a leaf is made of: one part for each kind of thing that acts say.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::commitment::person_commitment;
use crate::{
    AssociationNumber, Digest, Identifier, Minutes,
    act::{ActKind, Contributed},
    association::NewAssociation,
    policy::{Limits, Policy},
    recognition::Recognition,
    year::YearClosing,
};

/// A key that was announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Command::AdoptKey`")]
#[serde(deny_unknown_fields)]
pub struct KeyPart<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    #[serde(borrow)]
    pub purpose: Cow<'a, str>,
}

/// The head of a log that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `LostHead`")]
#[serde(deny_unknown_fields)]
pub struct LostLogPart<'a> {
    #[serde(borrow)]
    pub origin: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<HexDigest>,
    pub size: u64,
}

/// A competence that was recognised; whose, stands in the leaf's commitment to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Recognition`")]
#[serde(deny_unknown_fields)]
pub struct RecognitionPart<'a> {
    pub association: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<i64>,
    #[serde(borrow)]
    pub level: Cow<'a, str>,
    /// The act that said it first.
    pub number: i64,
    pub skill: i64,
    #[serde(borrow)]
    pub state: Cow<'a, str>,
}

/// Statements that were handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementsPart {
    /// How many.
    pub count: u64,
    /// The place of the first among the year's.
    pub first: u32,
    /// The RFC 6962 root over their signed bytes.
    pub root: HexDigest,
    /// Of which year.
    pub year: i32,
}

/// What closing a year commits to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `YearClosing`")]
#[serde(deny_unknown_fields)]
pub struct ClosingPart {
    pub accounts: u64,
    pub contested: u64,
    pub held: u64,
    pub proposed: u64,
    pub root: HexDigest,
    pub year: i32,
}

/// One person's minutes, the person hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Contributed`")]
#[serde(deny_unknown_fields)]
pub struct ContributionPart<'a> {
    pub association: i64,
    /// The day under which the minutes count; absent as long as the exchange is not agreed.
    #[serde(default, deserialize_with = "maybe_day", skip_serializing_if = "Option::is_none")]
    pub booked: Option<NaiveDate>,
    #[serde(deserialize_with = "day")]
    pub date: NaiveDate,
    pub minutes: i64,
    #[serde(borrow)]
    pub nature: Cow<'a, str>,
    pub person: HexDigest,
    /// The association that was helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill: Option<i64>,
}

/// The line of the person whom an act is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AboutPart<'a> {
    /// A commitment to the person.
    pub person: HexDigest,
    /// A competence that was recognised in them.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub recognition: Option<Box<RecognitionPart<'a>>>,
    /// A role that they were given, or no longer have.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub role: Option<RolePart<'a>>,
}

/// How the network knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Evidence`")]
#[serde(deny_unknown_fields)]
pub struct EvidencePart<'a> {
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

/// An exchange after the act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Exchange`")]
#[serde(deny_unknown_fields)]
pub struct ExchangePart<'a> {
    #[serde(deserialize_with = "day")]
    pub date: NaiveDate,
    pub giver: i64,
    pub minutes: i64,
    pub number: i64,
    /// The side that spoke last: it proposed what the other one answers.
    #[serde(borrow)]
    pub proposed_by: Cow<'a, str>,
    pub receiver: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill: Option<i64>,
    #[serde(borrow)]
    pub state: Cow<'a, str>,
}

/// A file that was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Command::ReceiveFile`")]
#[serde(deny_unknown_fields)]
pub struct FilePart {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<HexDigest>,
    pub lines: u64,
}

/// Limits, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Limits`")]
#[serde(deny_unknown_fields)]
pub struct LimitsPart {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_ceiling: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_floor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft_ceiling: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft_floor: Option<i64>,
}

/// What a skill is in a public list; nothing any more where the list alone is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Alignment`")]
#[serde(deny_unknown_fields)]
pub struct AlignmentPart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'a, str>>,
    pub framework: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    pub skill: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Cow<'a, str>>,
}

/// What a partner may confirm; nothing any more where minutes and day are absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Mandate`")]
#[serde(deny_unknown_fields)]
pub struct MandatePart {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
    pub partner: i64,
    #[serde(default, deserialize_with = "maybe_day", skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A member, as far as the act says something of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Association`")]
#[serde(deny_unknown_fields)]
pub struct MemberPart<'a> {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The member that it merged with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into: Option<i64>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    pub number: i64,
    #[serde(default, deserialize_with = "maybe_day", skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub state: Option<Cow<'a, str>>,
}

/// The network as it was founded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Network`")]
#[serde(deny_unknown_fields)]
pub struct FoundedPart<'a> {
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub time_zone: Cow<'a, str>,
}

/// Rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Policy`")]
#[serde(deny_unknown_fields)]
pub struct PolicyPart {
    pub answer_within_days: u32,
    pub limits: LimitsPart,
    pub step_minutes: u32,
}

/// A posting in book exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Posting`")]
#[serde(deny_unknown_fields)]
pub struct PostingPart<'a> {
    pub account: i64,
    pub balance: i64,
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    pub minutes: i64,
    pub sequence: i64,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Role`")]
#[serde(deny_unknown_fields)]
pub struct RolePart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association: Option<i64>,
    #[serde(borrow)]
    pub role: Cow<'a, str>,
}

/// A SHA-256 value as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HexDigest(pub Digest);

impl Serialize for HexDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_hex())
    }
}

impl<'de> Deserialize<'de> for HexDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&'de str>::deserialize(deserializer)?;
        Digest::from_hex(text).map(Self).ok_or_else(|| serde::de::Error::custom("not 64 hexadecimal digits"))
    }
}

/// A day in the one form that it has in a leaf, `2026-11-22` (ISO 8601).
pub fn day_from(text: &str) -> Option<NaiveDate> {
    let [year @ .., b'-', month_tens, month_ones, b'-', day_tens, day_ones] = text.as_bytes() else { return None };
    // Four digits at most: no sum overflows. The last four bits of a digit are its value.
    let number = |digits: &[u8]| {
        let add = |sum: i32, digit: &u8| {
            digit.is_ascii_digit().then(|| sum.wrapping_mul(10).wrapping_add(i32::from(digit & 15)))
        };
        digits.iter().try_fold(0, add)
    };
    let two = |tens: u8, ones: u8| u32::try_from(number(&[tens, ones])?).ok();
    let year = <&[u8; 4]>::try_from(year).ok().and_then(|year| number(year))?;
    NaiveDate::from_ymd_opt(year, two(*month_tens, *month_ones)?, two(*day_tens, *day_ones)?)
}

pub(super) fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = <&'de str>::deserialize(deserializer)?;
    day_from(text).ok_or_else(|| serde::de::Error::custom(format_args!("not a day such as 2026-11-22: {text}")))
}

pub(super) fn maybe_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    day(deserializer).map(Some)
}

pub(super) fn identifier_parts(identifier: &Identifier) -> (Cow<'static, str>, Cow<'static, str>) {
    (identifier.kind().as_str().into(), identifier.value().into())
}

pub(super) fn new_member(number: i64, new: &NewAssociation) -> MemberPart<'_> {
    MemberPart {
        former_names: new.former_names.iter().map(|name| name.as_str().into()).collect(),
        identifiers: new.identifiers.iter().map(identifier_parts).collect(),
        into: None,
        kind: Some(new.kind.as_str().into()),
        name: Some(new.name.as_str().into()),
        number,
        since: new.member_since,
        state: Some(new.state.as_str().into()),
    }
}

impl From<&YearClosing> for ClosingPart {
    fn from(closing: &YearClosing) -> Self {
        let YearClosing { year, accounts, root, proposed, contested, held } = *closing;
        Self { accounts, contested, held, proposed, root: HexDigest(root), year: year.0 }
    }
}

/// What kind of act it is, by its stable word.
pub(super) fn act_kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<ActKind, D::Error> {
    let word = <&'de str>::deserialize(deserializer)?;
    ActKind::try_from(word).map_err(|_| serde::de::Error::custom(format_args!("“{word}” is no known kind of act")))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
pub(super) fn word<S: serde::Serializer>(kind: &ActKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}

impl ContributionPart<'static> {
    /// Somebody's minutes, as an act of version 2 tells them.
    pub(super) fn of(
        contributed: &Contributed,
        booked: Option<NaiveDate>,
        receiver: Option<AssociationNumber>,
    ) -> Self {
        Self {
            association: contributed.association.0,
            booked,
            date: contributed.service_date,
            minutes: contributed.minutes.get(),
            nature: contributed.nature.as_str().into(),
            person: HexDigest(person_commitment(contributed.key, contributed.person)),
            receiver: receiver.map(|receiver| receiver.0),
            skill: contributed.skill.map(|skill| skill.0),
        }
    }
}

impl From<&Recognition> for RecognitionPart<'_> {
    fn from(recognition: &Recognition) -> Self {
        let Recognition { number, person: _, association, exchange, skill, level, state } = *recognition;
        Self {
            association: association.0,
            exchange: exchange.map(|exchange| exchange.0),
            level: level.as_str().into(),
            number: number.0,
            skill: skill.0,
            state: state.as_str().into(),
        }
    }
}

impl From<Limits> for LimitsPart {
    fn from(limits: Limits) -> Self {
        Self {
            hard_ceiling: limits.hard_ceiling.map(Minutes::get),
            hard_floor: limits.hard_floor.map(Minutes::get),
            soft_ceiling: limits.soft_ceiling.map(Minutes::get),
            soft_floor: limits.soft_floor.map(Minutes::get),
        }
    }
}

impl From<LimitsPart> for Limits {
    fn from(part: LimitsPart) -> Self {
        Self {
            hard_ceiling: part.hard_ceiling.map(Minutes::new),
            hard_floor: part.hard_floor.map(Minutes::new),
            soft_ceiling: part.soft_ceiling.map(Minutes::new),
            soft_floor: part.soft_floor.map(Minutes::new),
        }
    }
}

impl From<&Policy> for PolicyPart {
    fn from(policy: &Policy) -> Self {
        Self {
            answer_within_days: policy.answer_within_days,
            limits: policy.limits.into(),
            step_minutes: policy.step_minutes,
        }
    }
}
