//! What a statement is made of: the credential's subject, and what ties it to the log.

use serde::{Deserialize, Serialize};

/// A statement's figures: the credential's subject. Minutes everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Figures {
    /// The association, by its number in the network.
    pub id: String,
    /// Its name when the statement was made.
    pub name: String,
    /// Its registrations.
    pub identifiers: Vec<IdentifierPart>,
    /// The year.
    pub year: i32,
    /// The statement's number: year and place in it. A provisional one has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The statement whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Superseded>,
    /// The balance before the year's first day.
    pub opening_minutes: i64,
    /// Help given.
    pub given_minutes: i64,
    /// Help received.
    pub received_minutes: i64,
    /// Reversals, with their sign.
    pub correction_minutes: i64,
    /// Gifts, dues, grants, balances brought in…, with their sign.
    pub other_minutes: i64,
    /// The balance after the year's last day: opening + given − received + corrections + other.
    pub closing_minutes: i64,
    /// What the corrections and the rest are made of, by kind of posting.
    pub movements: Vec<KindPart>,
    /// Twelve months.
    pub months: Vec<MonthPart>,
    /// By the association on the other side.
    pub partners: Vec<PartnerPart>,
    /// By skill.
    pub skills: Vec<SkillPart>,
    /// What the association's own volunteers gave, by nature.
    pub volunteers: Vec<NaturePart>,
    /// How the network knows of the exchanges.
    pub known_by: Vec<CountPart>,
    /// What waits for somebody, and is not counted.
    pub not_counted: Vec<CountPart>,
    /// The annex that lists the lines, by its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annex: Option<AnnexPart>,
}

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Identifier`")]
#[serde(deny_unknown_fields)]
pub struct IdentifierPart {
    pub kind: String,
    pub value: String,
}

/// A statement whose place another one took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Superseded {
    /// Its number.
    pub number: String,
    /// SHA-256 of its signed bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Minutes of one kind of posting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `PostingKind`")]
#[serde(deny_unknown_fields)]
pub struct KindPart {
    pub kind: String,
    pub minutes: i64,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MonthPart {
    /// From 1.
    pub month: u8,
    /// Help given.
    pub given_minutes: i64,
    /// Help received.
    pub received_minutes: i64,
}

/// What went between this association and another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Figures`")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartnerPart {
    pub association: i64,
    pub name: String,
    pub given_minutes: i64,
    pub received_minutes: i64,
    pub correction_minutes: i64,
}

/// What was given and received with one skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "as in `Figures`")]
pub struct SkillPart {
    /// Absent for a hand that needs no particular skill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub given_minutes: i64,
    pub received_minutes: i64,
    pub correction_minutes: i64,
}

/// Volunteers' minutes of one nature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Nature`")]
#[serde(deny_unknown_fields)]
pub struct NaturePart {
    pub nature: String,
    pub minutes: i64,
}

/// Exchanges of one kind or in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "counts")]
#[serde(deny_unknown_fields)]
pub struct CountPart {
    pub kind: String,
    pub exchanges: u64,
    pub minutes: i64,
}

/// The annex: the same bytes as `export lines` gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnexPart {
    /// How many bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// What ties the figures to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Binding {
    /// The leaf of the act that closed the year.
    pub closing_leaf: String,
    /// That leaf's place in the log, as a C2SP tlog-proof, with the signed head.
    pub closing_proof: String,
    /// The key that signs the log's heads.
    pub log_key: String,
    /// The association's account in book exchange, under the root that the leaf commits to; absent when nothing ever
    /// moved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountProof>,
    /// Its account in book engagement, when anything moved there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engaged: Option<AccountProof>,
    /// The head that was signed before, which the new one is shown to extend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousHead>,
}

/// The place of one account's year under the root of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountProof {
    /// The account's totals, as they were hashed.
    pub leaf: String,
    /// Its place among the accounts.
    pub index: u64,
    /// How many accounts there are.
    pub count: u64,
    /// The hashes up to the root, in base64.
    pub path: Vec<String>,
}

/// A head that was signed before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousHead {
    /// The signed note.
    pub checkpoint: String,
    /// The hashes that show that the later head extends it, in base64.
    pub consistency: Vec<String>,
}
