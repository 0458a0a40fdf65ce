//! The bytes that the log seals for each act: canonical JSON (RFC 8785) with nothing personal in it.
//!
//! A person, a remark, a reference that was brought in appear only as HMAC-SHA-256 under a key of their own, kept
//! beside the data: erase both, and the commitment says nothing. Fields stand in alphabetical order and numbers are
//! integers, so that serialising is canonicalising; tests hold this against a canonicaliser by others, and golden
//! files hold the bytes for ever.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    Digest, Identifier, PersonNumber,
    account::Book,
    act::{Act, Contributed, Text},
    association::NewAssociation,
    clock::SecretKey,
    command::{Capacity, Command, Principal},
    evidence::Evidence,
    log,
    policy::{Limits, Policy},
    recognition::Recognition,
    year::YearClosing,
};

/// The version of the leaf's form.
pub const VERSION: u8 = 1;

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
    /// Who gave the time.
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
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
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
    /// A commitment to the person that the act is about.
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
    pub root: HexDigest,
    pub size: u64,
}

/// A competence that was recognised; whose, stands in the leaf's commitment to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Recognition`")]
#[serde(deny_unknown_fields)]
pub struct RecognitionPart<'a> {
    pub association: i64,
    pub exchange: i64,
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
    #[serde(deserialize_with = "day")]
    pub date: NaiveDate,
    pub minutes: i64,
    #[serde(borrow)]
    pub nature: Cow<'a, str>,
    pub person: HexDigest,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill: Option<i64>,
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
    pub digest: HexDigest,
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
    let number = |digits: &[u8]| {
        let add = |sum: i32, digit: &u8| digit.is_ascii_digit().then(|| sum * 10 + i32::from(digit - b'0'));
        digits.iter().try_fold(0, add)
    };
    let two = |tens: u8, ones: u8| u32::try_from(number(&[tens, ones])?).ok();
    let year = <&[u8; 4]>::try_from(year).ok().and_then(|year| number(year))?;
    NaiveDate::from_ymd_opt(year, two(*month_tens, *month_ones)?, two(*day_tens, *day_ones)?)
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = <&'de str>::deserialize(deserializer)?;
    day_from(text).ok_or_else(|| serde::de::Error::custom(format_args!("not a day such as 2026-11-22: {text}")))
}

fn maybe_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    day(deserializer).map(Some)
}

/// A commitment: HMAC-SHA-256 of `field ‖ 0x00 ‖ text` under its key.
pub fn commitment(key: SecretKey, field: &str, text: &str) -> Digest {
    // A key of any length is fine for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key.0) else { return Digest([0; 32]) };
    for part in [field.as_bytes(), &[0], text.as_bytes()] {
        mac.update(part);
    }
    Digest(mac.finalize().into_bytes().into())
}

/// The commitment to a person.
pub fn person_commitment(key: SecretKey, person: PersonNumber) -> Digest {
    commitment(key, "person", &person.to_string())
}

impl<'a> Leaf<'a> {
    /// The leaf of an act.
    #[expect(clippy::too_many_lines, reason = "a field a line")]
    pub fn of(act: &'a Act, network: Uuid) -> Self {
        let outcome = &act.outcome;
        let command = &act.command;
        let reference = outcome.reference.as_ref();
        Self {
            alignment: alignment(act).map(Box::new),
            at: act.at.timestamp_micros(),
            booked: outcome.booked,
            by: by(act),
            closing: outcome.closing.as_ref().map(ClosingPart::from).map(Box::new),
            contributions: outcome.contributions.iter().map(ContributionPart::from).collect(),
            evidence: evidence(command),
            exchange: exchange(act),
            file: match command {
                Command::ReceiveFile { digest, lines, .. } => {
                    Some(FilePart { digest: HexDigest(*digest), lines: *lines })
                }
                _ => None,
            },
            group: act.group.map(|(first, last)| (first.0, last.0)),
            key: key(command).map(Box::new),
            kind: act.kind().as_str().into(),
            limits: match command {
                Command::SetLimits { limits, .. } => limits.map(LimitsPart::from),
                _ => None,
            },
            limits_met: outcome.limits_met.iter().map(|account| account.number()).collect(),
            lost_log: match command {
                Command::ReopenLog { lost } => Some(Box::new(LostLogPart {
                    origin: lost.origin.as_str().into(),
                    root: HexDigest(lost.root),
                    size: lost.size,
                })),
                _ => None,
            },
            mandate: mandate(command),
            member: member(act).map(Box::new),
            network,
            network_founded: match command {
                Command::FoundNetwork { name, time_zone, .. } => {
                    Some(Box::new(FoundedPart { name: name.as_str().into(), time_zone: time_zone.name().into() }))
                }
                _ => None,
            },
            number: act.number.0,
            overridden: outcome.overridden.iter().map(|account| account.number()).collect(),
            person: outcome.person.map(|(person, key)| HexDigest(person_commitment(key, person))),
            policy: match command {
                Command::AdoptPolicy { policy, .. } => Some(Box::new(PolicyPart::from(policy))),
                _ => None,
            },
            postings: postings(act),
            recognition: outcome.recognition.as_ref().map(RecognitionPart::from).map(Box::new),
            reference: reference.filter(|given| given.key.is_none()).map(|given| given.text.as_str().into()),
            reference_commitment: reference
                .and_then(|brought_in| Some(HexDigest(commitment(brought_in.key?, "reference", &brought_in.text)))),
            role: match command {
                Command::GrantRole { role, .. } | Command::RevokeRole { role, .. } => Some(RolePart {
                    association: role.association().map(|association| association.0),
                    role: role.as_str().into(),
                }),
                _ => None,
            },
            skill: match command {
                Command::AddSkill { name } => Some(name.as_str().into()),
                _ => None,
            },
            statements: statements(command).map(Box::new),
            target: match command {
                Command::Reverse { target, .. } => Some(target.0),
                _ => None,
            },
            texts: outcome.texts.iter().map(|text| (text.field.as_str().into(), text_commitment(text))).collect(),
            transfer: match command {
                Command::Transfer { reason, .. } => Some(reason.as_str().into()),
                _ => None,
            },
            v: VERSION,
        }
    }

    /// The canonical bytes.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a leaf back. Only the canonical form is accepted by whoever compares hashes.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

fn alignment(act: &Act) -> Option<AlignmentPart<'_>> {
    let Command::AlignSkill { framework, alignment, .. } = &act.command else { return None };
    let said = alignment.as_ref();
    Some(AlignmentPart {
        code: said.map(|entry| entry.code.as_str().into()),
        framework: framework.as_str().into(),
        name: said.map(|entry| entry.name.as_str().into()),
        skill: act.outcome.skill?.0,
        url: said.map(|entry| entry.url.as_str().into()),
        version: said.map(|entry| entry.version.as_str().into()),
    })
}

fn by(act: &Act) -> Cow<'static, str> {
    match (act.by.principal, act.by.capacity) {
        (Principal::Operator, Capacity::Coordinator) => "operator".into(),
        (Principal::Person(_), Capacity::Coordinator) => "coordinator".into(),
        (_, Capacity::Mediator) => "mediator".into(),
        (_, Capacity::Oneself) => "oneself".into(),
        (_, Capacity::Association(association)) => format!("association:{association}").into(),
    }
}

fn key(command: &Command) -> Option<KeyPart<'_>> {
    match command {
        Command::AdoptKey { purpose, key, domain } => Some(KeyPart {
            domain: domain.as_deref().map(Cow::Borrowed),
            key: key.multibase().into(),
            purpose: purpose.as_str().into(),
        }),
        _ => None,
    }
}

fn statements(command: &Command) -> Option<StatementsPart> {
    match command {
        Command::IssueStatements { year, statements } => {
            let leaves: Vec<_> = statements.iter().map(|statement| log::leaf_hash(&statement.bytes)).collect();
            Some(StatementsPart {
                count: leaves.len() as u64,
                first: statements.first().map(|statement| statement.sequence).unwrap_or_default(),
                root: HexDigest(log::root_of(&leaves)),
                year: year.0,
            })
        }
        _ => None,
    }
}

fn evidence(command: &Command) -> Option<EvidencePart<'static>> {
    match command {
        Command::Record { evidence: Evidence { kind, line, .. }, .. }
        | Command::Confirm { evidence: Evidence { kind, line, .. }, .. } => {
            Some(EvidencePart { kind: kind.as_str().into(), line: *line })
        }
        _ => None,
    }
}

fn exchange(act: &Act) -> Option<ExchangePart<'static>> {
    let exchange = act.outcome.exchange?;
    Some(ExchangePart {
        date: exchange.terms.service_date,
        giver: exchange.terms.giver.0,
        minutes: exchange.terms.minutes.get(),
        number: exchange.number.0,
        proposed_by: exchange.spoken_by.as_str().into(),
        receiver: exchange.terms.receiver.0,
        replaces: exchange.replaces.map(|replaced| replaced.0),
        skill: exchange.terms.skill.map(|skill| skill.0),
        state: exchange.state.as_str().into(),
    })
}

fn mandate(command: &Command) -> Option<MandatePart> {
    let Command::SetMandate { partner, mandate, .. } = command else { return None };
    Some(MandatePart {
        minutes: mandate.map(|mandate| mandate.minutes_most.get()),
        partner: partner.0,
        until: mandate.map(|mandate| mandate.until),
    })
}

fn member(act: &Act) -> Option<MemberPart<'_>> {
    let some = |number: i64| MemberPart { number, ..MemberPart::default() };
    match &act.command {
        Command::AddAssociation(new) => Some(new_member(act.number.0, new)),
        Command::RenameAssociation { association, name, since } => {
            Some(MemberPart { name: Some(name.as_str().into()), since: Some(*since), ..some(association.0) })
        }
        Command::IdentifyAssociation { association, identifier } => {
            Some(MemberPart { identifiers: vec![identifier_parts(identifier)], ..some(association.0) })
        }
        Command::SetMembership { association, state, .. } => {
            Some(MemberPart { state: Some(state.as_str().into()), ..some(association.0) })
        }
        Command::Leave { association, into, .. } => {
            Some(MemberPart { state: Some("left".into()), into: into.map(|into| into.0), ..some(association.0) })
        }
        Command::Enrol { association, .. }
        | Command::SetLimits { association, .. }
        | Command::SetMandate { association, .. }
        | Command::GiveOwnHours { association, .. } => Some(some(association.0)),
        _ => None,
    }
}

fn identifier_parts(identifier: &Identifier) -> (Cow<'static, str>, Cow<'static, str>) {
    (identifier.kind().as_str().into(), identifier.value().into())
}

fn new_member(number: i64, new: &NewAssociation) -> MemberPart<'_> {
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

fn postings(act: &Act) -> Vec<PostingPart<'static>> {
    let in_exchange = act.outcome.postings.iter().filter(|posting| posting.movement.account.book() == Book::Exchange);
    in_exchange
        .map(|posting| PostingPart {
            account: posting.movement.account.number(),
            balance: posting.after.balance.get(),
            kind: posting.movement.kind.as_str().into(),
            minutes: posting.movement.minutes.get(),
            sequence: posting.after.sequence,
        })
        .collect()
}

fn text_commitment(text: &Text) -> HexDigest {
    HexDigest(commitment(text.key, text.field.as_str(), &text.text))
}

impl From<&YearClosing> for ClosingPart {
    fn from(closing: &YearClosing) -> Self {
        let YearClosing { year, accounts, root, proposed, contested, held } = *closing;
        Self { accounts, contested, held, proposed, root: HexDigest(root), year: year.0 }
    }
}

impl From<&Contributed> for ContributionPart<'_> {
    fn from(contributed: &Contributed) -> Self {
        Self {
            association: contributed.association.0,
            date: contributed.service_date,
            minutes: contributed.minutes.get(),
            nature: contributed.nature.as_str().into(),
            person: HexDigest(person_commitment(contributed.key, contributed.person)),
            skill: contributed.skill.map(|skill| skill.0),
        }
    }
}

impl From<&Recognition> for RecognitionPart<'_> {
    fn from(recognition: &Recognition) -> Self {
        let Recognition { number, person: _, association, exchange, skill, level, state } = *recognition;
        Self {
            association: association.0,
            exchange: exchange.0,
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
            hard_ceiling: limits.hard_ceiling.map(crate::Minutes::get),
            hard_floor: limits.hard_floor.map(crate::Minutes::get),
            soft_ceiling: limits.soft_ceiling.map(crate::Minutes::get),
            soft_floor: limits.soft_floor.map(crate::Minutes::get),
        }
    }
}

impl From<LimitsPart> for Limits {
    fn from(part: LimitsPart) -> Self {
        Self {
            hard_ceiling: part.hard_ceiling.map(crate::Minutes::new),
            hard_floor: part.hard_floor.map(crate::Minutes::new),
            soft_ceiling: part.soft_ceiling.map(crate::Minutes::new),
            soft_floor: part.soft_floor.map(crate::Minutes::new),
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
