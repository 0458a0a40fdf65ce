//! What a network signs for one association and one year, as a W3C Verifiable Credential.
//!
//! The figures come from the year's totals and from the sealed acts. They are bound to the log: the leaf of the act
//! that closed the year commits to a Merkle root over every account's totals, and the statement carries its path to
//! that root, that leaf, and the leaf's path to a signed head. No person is named.

mod parts;

mod breakdown;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use breakdown::{Breakdown, Side};
pub use parts::{
    AccountProof, AnnexPart, Binding, CountPart, Figures, IdentifierPart, KindPart, MonthPart, NaturePart, PartnerPart,
    PreviousHead, SkillPart, Superseded,
};

use crate::{
    AssociationNumber, Digest, Language, Minutes,
    account::{Account, PostingKind},
    association::Association,
    checkpoint::InclusionProof,
    key::{Issuer, instant_text},
    log,
    year::{AccountYear, Year},
};

/// The address of the terms that statements use. Whoever publishes a version registers it at w3id.org first; what it
/// leads to is the text below, which may still change until then.
pub const CONTEXT_URL: &str = "https://w3id.org/coudemain/statement/v1";
/// The terms themselves: the text that [`CONTEXT_URL`] stands for.
pub const CONTEXT: &str = include_str!("../contexts/statement-v1.json");
/// The terms of every Verifiable Credential.
pub const CREDENTIALS_CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";

/// A digest as base64.
pub fn digest_text(digest: &Digest) -> String {
    STANDARD.encode(digest.0)
}

/// Reads digests from base64.
pub fn digests_from(texts: &[String]) -> Option<Vec<Digest>> {
    texts.iter().map(|text| STANDARD.decode(text).ok()?.try_into().ok().map(Digest)).collect()
}

impl AccountProof {
    /// The proof of the account at that index.
    pub fn of(years: &[AccountYear], leaves: &[Digest], index: usize) -> Option<Self> {
        let (place, count) = (u64::try_from(index).ok()?, u64::try_from(leaves.len()).ok()?);
        let path = log::inclusion_path(place, count);
        let path = path.iter().map(|range| {
            let (low, high) = (usize::try_from(range.start).ok()?, usize::try_from(range.end).ok()?);
            leaves.get(low..high).map(|leaves| digest_text(&log::root_of(leaves)))
        });
        Some(Self { leaf: years.get(index)?.leaf()?, index: place, count, path: path.collect::<Option<_>>()? })
    }

    /// Whether it leads to that root.
    pub fn leads_to(&self, root: Digest) -> bool {
        let leaf = log::leaf_hash(self.leaf.as_bytes());
        digests_from(&self.path).is_some_and(|path| log::includes(root, self.count, self.index, leaf, &path))
    }
}

/// The number of a statement as people read it: `2025-0007`.
pub fn number_text(year: Year, sequence: u32) -> String {
    format!("{year}-{sequence:04}")
}

/// Reads such a number in its one spelling: its year, and its place among the year's.
pub fn number_in(text: &str) -> Option<(Year, u32)> {
    let (year, sequence) = text.split_once('-')?;
    let (year, sequence) = (Year(year.parse().ok()?), sequence.parse().ok()?);
    (number_text(year, sequence) == text).then_some((year, sequence))
}

/// The name of an association outside of any database.
pub fn association_urn(network: Uuid, association: AssociationNumber) -> String {
    format!("urn:coudemain:{network}:association:{association}")
}

/// What of a statement's figures is to add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// The closing balance, from the opening one and all that moved it.
    Closing,
    /// Corrections and other movements, one by one.
    Movements,
    /// What was given and received, by month.
    Months,
    /// By partner.
    Partners,
    /// By skill.
    Skills,
}

impl Sum {
    /// The sum for people.
    pub const fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Closing, Language::French) => {
                "le solde de clôture n'est pas ce que donnent le solde d'ouverture et l'année"
            }
            (Self::Closing, Language::English) => {
                "the closing balance is not what the opening one and the year come to"
            }
            (Self::Movements, Language::French) => "les corrections et autres mouvements ne font pas leur total",
            (Self::Movements, Language::English) => "corrections and other movements do not come to their total",
            (Self::Months, Language::French) => "les mois ne font pas le total de l'année",
            (Self::Months, Language::English) => "the months do not come to the year's total",
            (Self::Partners, Language::French) => "les partenaires ne font pas le total de l'année",
            (Self::Partners, Language::English) => "the partners do not come to the year's total",
            (Self::Skills, Language::French) => "les compétences ne font pas le total de l'année",
            (Self::Skills, Language::English) => "the skills do not come to the year's total",
        }
    }
}

impl Figures {
    /// The figures of an association's year, not numbered yet; `None` when one leaves the range of 64 bits.
    pub fn new(network: Uuid, association: &Association, year: Year, books: &Books<'_>) -> Option<Self> {
        let total = |kind: PostingKind| books.exchange.and_then(|books| books.totals.get(&kind)).copied();
        // What never moved is zero; what cannot be told is no figure.
        let minutes = |kind: PostingKind| total(kind).map_or(0, Minutes::get);
        let opening = books.exchange.map_or(0, |books| books.opening.get());
        let closing = books.exchange.map_or(Some(Minutes::ZERO), AccountYear::closing)?.get();
        let (given, received) = (minutes(PostingKind::Given), minutes(PostingKind::Received).checked_neg()?);
        let correction = minutes(PostingKind::Correction);
        let kinds = books.exchange.into_iter().flat_map(|books| &books.totals);
        let movements = kinds
            .filter(|(kind, _)| !matches!(kind, PostingKind::Given | PostingKind::Received))
            .map(|(kind, minutes)| KindPart { kind: kind.as_str().to_owned(), minutes: minutes.get() });
        let volunteers = books.engaged.into_iter().flat_map(|books| &books.totals);
        // The account engaged is a debt towards the volunteers: what they gave stands there with the opposite sign.
        let volunteers = volunteers.map(|(nature, minutes)| {
            Some(NaturePart { nature: nature.as_str().to_owned(), minutes: minutes.checked_neg()?.get() })
        });
        let other = [opening.checked_neg()?, given.checked_neg()?, received, correction.checked_neg()?];
        let other = other.into_iter().try_fold(closing, i64::checked_add)?;
        let identifiers = association.identifiers.iter().map(|identifier| IdentifierPart {
            kind: identifier.kind().as_str().to_owned(),
            value: identifier.value(),
        });
        Some(Self {
            id: association_urn(network, association.number),
            name: association.name().to_owned(),
            identifiers: identifiers.collect(),
            year: year.0,
            number: None,
            supersedes: None,
            opening_minutes: opening,
            given_minutes: given,
            received_minutes: received,
            correction_minutes: correction,
            other_minutes: other,
            closing_minutes: closing,
            movements: movements.collect(),
            months: books.breakdown.months(),
            partners: books.breakdown.partners(books.name_of),
            skills: books.breakdown.skills(books.skill_name_of),
            volunteers: volunteers.collect::<Option<_>>()?,
            known_by: books.breakdown.known_by(),
            not_counted: books.breakdown.not_counted(),
            annex: None,
        })
    }

    /// Whether the figures add up: to the closing balance, and by month, partner and skill to the totals. The first
    /// that does not is named.
    pub fn first_disagreement(&self) -> Option<Sum> {
        let sum = |minutes: &mut dyn Iterator<Item = i64>| {
            let mut sum = Some(0_i64);
            for part in minutes {
                sum = sum.and_then(|sum| sum.checked_add(part));
            }
            sum
        };
        let own = [self.given_minutes, self.received_minutes];
        let by =
            |name: Sum, given: Option<i64>, received: Option<i64>| ([given, received] != own.map(Some)).then_some(name);
        let parts = [self.opening_minutes, self.given_minutes, self.correction_minutes, self.other_minutes];
        let closing = sum(&mut parts.into_iter()).and_then(|sum| sum.checked_sub(self.received_minutes));
        if closing != Some(self.closing_minutes) {
            return Some(Sum::Closing);
        }
        let moved = sum(&mut self.movements.iter().map(|part| part.minutes));
        if moved != self.correction_minutes.checked_add(self.other_minutes) {
            return Some(Sum::Movements);
        }
        by(
            Sum::Months,
            sum(&mut self.months.iter().map(|part| part.given_minutes)),
            sum(&mut self.months.iter().map(|part| part.received_minutes)),
        )
        .or_else(|| {
            by(
                Sum::Partners,
                sum(&mut self.partners.iter().map(|part| part.given_minutes)),
                sum(&mut self.partners.iter().map(|part| part.received_minutes)),
            )
        })
        .or_else(|| {
            by(
                Sum::Skills,
                sum(&mut self.skills.iter().map(|part| part.given_minutes)),
                sum(&mut self.skills.iter().map(|part| part.received_minutes)),
            )
        })
    }

    /// Whether an account's year, as the log committed to it, says the same as these figures.
    pub fn agrees_with(&self, account: &Value, engaged: Option<&Value>) -> bool {
        // A kind that did not occur is absent, and a total that is no number is nothing that could agree.
        let total = |kind: &str| account["totals"].get(kind).map_or(Some(0), Value::as_i64);
        let kinds = |of: &Value| of["totals"].as_object().map_or(0, serde_json::Map::len);
        let moves = |name: &str| usize::from(account["totals"].get(name).is_some());
        account["opening"].as_i64() == Some(self.opening_minutes)
            && account["closing"].as_i64() == Some(self.closing_minutes)
            && total("given") == Some(self.given_minutes)
            && total("received").is_some_and(|received| received.checked_neg() == Some(self.received_minutes))
            && total("correction") == Some(self.correction_minutes)
            && self.movements.iter().all(|part| account["totals"][&part.kind].as_i64() == Some(part.minutes))
            && kinds(account).checked_sub(self.movements.len()) == moves("given").checked_add(moves("received"))
            && match engaged {
                None => self.volunteers.is_empty(),
                Some(engaged) => {
                    kinds(engaged) == self.volunteers.len()
                        && self.volunteers.iter().all(|part| {
                            engaged["totals"][&part.nature].as_i64().and_then(i64::checked_neg) == Some(part.minutes)
                        })
                }
            }
    }
}

/// What a statement's figures are made of.
pub struct Books<'a> {
    /// The association's account in book exchange; `None` when it never moved.
    pub exchange: Option<&'a AccountYear>,
    /// Its account in book engagement; `None` when it never moved.
    pub engaged: Option<&'a AccountYear>,
    /// The same year by month, partner, skill and evidence.
    pub breakdown: &'a Breakdown,
    /// Tells an association's name.
    pub name_of: &'a dyn Fn(AssociationNumber) -> String,
    /// Tells a skill's name.
    pub skill_name_of: &'a dyn Fn(crate::SkillNumber) -> String,
}

/// What a credential says beside its figures.
#[derive(Debug, Clone)]
pub struct Heading<'a> {
    /// The network's UUID.
    pub network: Uuid,
    /// Its name.
    pub network_name: &'a str,
    /// Who signs.
    pub issuer: &'a Issuer,
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Where it is told whether it was taken back.
    pub status: Option<Value>,
}

/// The unsigned credential. Without a binding it is provisional: the year is not closed.
///
/// # Errors
/// When a figure cannot be written as JSON, which no figure does.
pub fn credential(
    heading: &Heading<'_>,
    figures: &Figures,
    binding: Option<&Binding>,
) -> Result<Value, serde_json::Error> {
    let kind = if binding.is_some() { "AnnualStatement" } else { "ProvisionalStatement" };
    let (year, name) = (figures.year, &figures.name);
    let title = match binding {
        Some(_) => format!("Relevé annuel {year} : {name}"),
        None => format!("Relevé provisoire {year} : {name}"),
    };
    let mut credential = json!({
        "@context": [CREDENTIALS_CONTEXT, CONTEXT_URL],
        "type": ["VerifiableCredential", kind],
        "name": title,
        "issuer": { "id": heading.issuer.did, "name": heading.network_name },
        "validFrom": instant_text(heading.at),
        "relatedResource": [{ "id": CONTEXT_URL, "digestSRI": context_digest() }],
        "credentialSubject": serde_json::to_value(figures)?,
    });
    if let Some(number) = &figures.number {
        credential["id"] = format!("urn:coudemain:{}:statement:{number}", heading.network).into();
    }
    if let Some(status) = &heading.status {
        credential["credentialStatus"] = status.clone();
    }
    if let Some(binding) = binding {
        credential["logBinding"] = serde_json::to_value(binding)?;
    }
    Ok(credential)
}

/// The digest of the terms, in the form of the Subresource Integrity standard.
pub fn context_digest() -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(CONTEXT)))
}

/// Puts the binding of one association together.
pub fn binding(
    years: &[AccountYear],
    leaves: &[Digest],
    association: AssociationNumber,
    closing_leaf: &str,
    closing_proof: &InclusionProof,
    log_key: &str,
    previous: Option<&PreviousHead>,
) -> Binding {
    let proof_of = |account: Account| {
        let place = years.binary_search_by_key(&account, |year| year.account).ok()?;
        AccountProof::of(years, leaves, place)
    };
    let account = proof_of(Account::Association(association));
    let engaged = proof_of(Account::Engaged(association));
    Binding {
        closing_leaf: closing_leaf.to_owned(),
        closing_proof: closing_proof.to_text(),
        log_key: log_key.to_owned(),
        account,
        engaged,
        previous: previous.cloned(),
    }
}
