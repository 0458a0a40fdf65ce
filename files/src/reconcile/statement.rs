//! A statement that a member received, against the ledger: every figure of it, the digest of its lines, and whether
//! this network signed it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::Datelike;
use ledger::{
    AssociationNumber, Digest, Language, Minutes,
    account::PostingKind,
    lines::AssociationLines,
    verify::{Conclusion, Report, Trust, Verdict, verify},
    year::Year,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::SealError;

use crate::{
    error::FileError,
    network::{OpenNetwork, find_association},
    text::{Align, Table},
};

/// A figure, as the statement tells it and as the ledger does; in minutes.
#[derive(Debug)]
pub struct Figure {
    /// What it counts.
    pub name: String,
    /// What the statement says.
    pub stated: i64,
    /// What the ledger says.
    pub known: i64,
}

impl Figure {
    /// Whether the two say the same.
    pub fn agrees(&self) -> bool {
        self.stated == self.known
    }
}

/// So many figures, the first ones, are those of the whole year.
const WHOLE: usize = 6;

/// What a comparison comes to.
#[derive(Debug)]
pub struct Comparison {
    association: String,
    year: i32,
    figures: Vec<Figure>,
    /// Whether the lines have the digest that the statement carries, if it carries one.
    is_annex_right: Option<bool>,
    /// Whether this network signed it as it is.
    signature: Report,
}

impl Comparison {
    /// Whether every figure agrees, and this network signed it so.
    pub fn is_clean(&self) -> bool {
        self.figures.iter().all(Figure::agrees) && self.is_annex_right != Some(false) && self.is_signed()
    }

    /// Whose statement it is.
    pub fn association(&self) -> &str {
        &self.association
    }

    /// Of which year.
    pub const fn year(&self) -> i32 {
        self.year
    }

    /// The year's own figures always; those of months and partners only where they differ.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        let is_shown = |(place, figure): &(usize, &Figure)| *place < WHOLE || !figure.agrees();
        self.figures.iter().enumerate().filter(is_shown).map(|(_, figure)| figure)
    }

    /// Whether this network signed it as it is.
    pub fn is_signed(&self) -> bool {
        self.signature.conclusion() == Conclusion::Trusted
    }

    /// What is to be said of its lines, whose digest it may carry, and of its signature; what speaks against it with `false`.
    pub fn sentences(&self, language: Language) -> Vec<(bool, String)> {
        let mut told = Vec::new();
        match self.is_annex_right {
            None => {}
            Some(true) => told.push((
                true,
                language.pick(
                    "Les lignes ont l'empreinte que le relevé annonce.",
                    "The lines have the digest that the statement carries.",
                ),
            )),
            Some(false) => told.push((
                false,
                language.pick(
                    "Les lignes n'ont pas l'empreinte que le relevé annonce.",
                    "The lines do not have the digest that the statement carries.",
                ),
            )),
        }
        match self.signature.conclusion() {
            Conclusion::Trusted => {
                told.push((true, language.pick("Ce réseau l'a signé tel quel.", "This network signed it as it is.")));
            }
            Conclusion::Stranger => told.push((
                false,
                language.pick("Ce n'est pas ce réseau qui l'a signé.", "It was not this network that signed it."),
            )),
            Conclusion::Fails => {}
        }
        let told = told.into_iter().map(|(is_good, sentence)| (is_good, sentence.to_owned()));
        let fault = |fault: &str| (false, language.pick(format!("Signature : {fault}"), format!("Signature: {fault}")));
        told.chain(self.faults(language).into_iter().map(fault)).collect()
    }

    /// As text.
    pub fn text(&self, language: Language) -> String {
        as_table(self, language)
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        as_json(self)
    }

    /// What speaks against the signature.
    fn faults(&self, language: Language) -> Vec<&str> {
        let faults = self.signature.checks.iter().filter(|check| check.verdict == Verdict::Fails);
        faults.map(|check| check.in_words(language)).collect()
    }
}

/// Compares a statement with the ledger, and its signature with this network's keys. Where `own` is said, one of somebody
/// else's is refused: what the ledger says of others is not for everybody.
pub async fn compare(
    open: &OpenNetwork,
    bytes: &[u8],
    path: &Path,
    own: Option<AssociationNumber>,
) -> Result<Comparison, FileError> {
    let signature = verify(bytes, &own_keys(open).await?, open.clock.now());
    let subject = subject(bytes, &signature);
    let subject = subject.ok_or_else(|| FileError::about(path, |language| no_statement(language).to_owned()))?;
    let name = subject["name"].as_str().unwrap_or_default();
    let identifiers = subject["identifiers"].as_array().into_iter().flatten();
    let mut known_as = identifiers.filter_map(|identifier| identifier["value"].as_str()).chain([name]);
    let association = known_as
        .find_map(|wanted| find_association(&open.registry, wanted))
        .ok_or_else(|| FileError::about(path, |language| open.unknown_association(name, language)))?;
    if own.is_some_and(|own| own != association.number) {
        return Err(FileError::about(path, |language| somebody_elses(association.name(), language)));
    }
    let year = subject["year"].as_i64().and_then(|year| i32::try_from(year).ok()).unwrap_or_default();
    let lines = open.store.association_lines(open.network_id, association.number, Year(year)).await?;
    let (Some(bytes), Some(closing)) = (lines.to_bytes(), lines.closing()) else {
        return Err(FileError::TooManyHours);
    };
    let digest = Digest(Sha256::digest(bytes).into()).to_hex();
    let annex = subject["annex"]["sha256"].as_str();
    Ok(Comparison {
        association: association.name().to_owned(),
        year,
        figures: figures(&subject, &lines, closing, open),
        is_annex_right: annex.map(|annex| annex.eq_ignore_ascii_case(&digest)),
        signature,
    })
}

/// The keys with which the network signs and ever signed, under each name that it had.
async fn own_keys(open: &OpenNetwork) -> Result<Trust, FileError> {
    let (store, network) = (&open.store, open.network_id);
    let announced = store.announced_keys(network).await?;
    let domains: BTreeSet<String> = announced.into_iter().filter_map(|key| key.domain).collect();
    let mut documents = Vec::new();
    for domain in domains {
        documents.extend(store.public_keys_of_domain(network, &domain).await?);
    }
    match store.public_keys(network).await {
        Ok(document) => documents.push(document),
        // Whoever has signed nothing has not signed this either.
        Err(SealError::NoKey(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut trust = Trust::default();
    for document in documents {
        // They are our own: nothing in them can be unreadable.
        let _ = trust.add(&document.to_string());
    }
    Ok(trust)
}

/// The figures of a statement: the subject of its credential, from the file or from what its PDF contains. One that is
/// not signed has figures too.
fn subject(bytes: &[u8], signature: &Report) -> Option<Value> {
    let unsigned = || serde_json::from_slice(bytes).ok();
    let statement: Value = signature.document.clone().or_else(unsigned)?;
    let subject = statement.get("credentialSubject")?;
    let is_statement =
        ["year", "givenMinutes", "receivedMinutes", "closingMinutes"].iter().all(|name| subject[*name].is_i64());
    is_statement.then(|| subject.clone())
}

fn no_statement(language: Language) -> &'static str {
    language.pick("ce n'est pas un relevé annuel de Coudemain", "this is no yearly statement of Coudemain")
}

fn somebody_elses(name: &str, language: Language) -> String {
    language.pick(
        format!("c'est le relevé de {name} ; le vôtre conviendrait"),
        format!("this is the statement of {name}; your own would fit"),
    )
}

fn figures(subject: &Value, lines: &AssociationLines, closing: Minutes, open: &OpenNetwork) -> Vec<Figure> {
    let sum = |is_so: &dyn Fn(PostingKind) -> bool| {
        lines.lines.iter().filter(|line| is_so(line.kind)).map(|line| line.minutes.get()).sum::<i64>()
    };
    let is_other = |kind| !matches!(kind, PostingKind::Given | PostingKind::Received | PostingKind::Correction);
    let language = open.language;
    let many = |kind: PostingKind| kind.in_words_of_several(language);
    let whole = [
        ("openingMinutes", language.pick("solde au 1er janvier", "opening balance"), lines.opening.get()),
        ("givenMinutes", many(PostingKind::Given), sum(&|kind| kind == PostingKind::Given)),
        ("receivedMinutes", many(PostingKind::Received), -sum(&|kind| kind == PostingKind::Received)),
        ("correctionMinutes", many(PostingKind::Correction), sum(&|kind| kind == PostingKind::Correction)),
        ("otherMinutes", language.pick("autres", "other"), sum(&is_other)),
        ("closingMinutes", language.pick("solde au 31 décembre", "closing balance"), closing.get()),
    ];
    let stated = |value: &Value| value.as_i64().unwrap_or_default();
    let mut figures: Vec<_> = whole
        .into_iter()
        .map(|(field, name, known)| Figure { name: name.to_owned(), stated: stated(&subject[field]), known })
        .collect();
    figures.extend(parts(subject, lines, open));
    figures
}

/// By month and by partner: where the year agrees these do too, unless somebody moved hours between them.
fn parts(subject: &Value, lines: &AssociationLines, open: &OpenNetwork) -> Vec<Figure> {
    let (registry, language) = (&open.registry, open.language);
    // A partner may have been renamed since.
    let present = |name: &str| registry.association_named(name).map_or(name, |found| found.name()).to_owned();
    let stated = |value: &Value| value.as_i64().unwrap_or_default();
    let mut parts: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for line in &lines.lines {
        let place = match line.kind {
            PostingKind::Given => 2,
            PostingKind::Received => 3,
            _ => continue,
        };
        let minutes = line.minutes.get().abs();
        parts.entry(month_name(line.booked.month().into(), lines.year, language)).or_default()[place] += minutes;
        if let Some(partner) = &line.partner {
            parts.entry(present(partner)).or_default()[place] += minutes;
        }
    }
    let listed = |field: &str| subject[field].as_array().cloned().unwrap_or_default();
    let months =
        listed("months").into_iter().map(|part| (month_name(stated(&part["month"]), lines.year, language), part));
    let partners =
        listed("partners").into_iter().map(|part| (present(part["name"].as_str().unwrap_or_default()), part));
    for (name, part) in months.chain(partners) {
        let sides = parts.entry(name).or_default();
        sides[0] += stated(&part["givenMinutes"]);
        sides[1] += stated(&part["receivedMinutes"]);
    }
    let (given_word, received_word) =
        (PostingKind::Given.in_words_of_several(language), PostingKind::Received.in_words_of_several(language));
    let both = |(name, [given, received, known_given, known_received]): (String, [i64; 4])| {
        [
            Figure { name: format!("{name}, {given_word}"), stated: given, known: known_given },
            Figure { name: format!("{name}, {received_word}"), stated: received, known: known_received },
        ]
    };
    parts.into_iter().flat_map(both).collect()
}

fn month_name(month: i64, year: Year, language: Language) -> String {
    language.pick(format!("{month:02}/{year}"), format!("{year}-{month:02}"))
}

fn as_table(compared: &Comparison, language: Language) -> String {
    let Comparison { association, year, .. } = compared;
    let mut shown = language.pick(
        format!("{association}, {year} : relevé comparé au registre\n\n"),
        format!("{association}, {year}: statement compared with the ledger\n\n"),
    );
    let mut table = Table::new(&[
        ("", Align::Left),
        ("", Align::Left),
        (language.pick("Relevé", "Statement"), Align::Right),
        (language.pick("Registre", "Ledger"), Align::Right),
    ]);
    for figure in compared.figures() {
        let shown = |minutes: i64| Minutes::new(minutes).display(language).to_string();
        let sign = if figure.agrees() { "=" } else { "≠" };
        table.row(vec![sign.to_owned(), figure.name.clone(), shown(figure.stated), shown(figure.known)]);
    }
    shown.push_str(&table.to_string());
    shown.push('\n');
    for (is_good, sentence) in compared.sentences(language) {
        shown.push_str(&format!("{}{sentence}\n", if is_good { "" } else { "≠ " }));
    }
    shown
}

fn as_json(compared: &Comparison) -> Value {
    let figures: Vec<_> = compared
        .figures
        .iter()
        .map(|figure| {
            json!({
                "figure": figure.name,
                "statement_minutes": figure.stated,
                "ledger_minutes": figure.known,
                "agrees": figure.agrees(),
            })
        })
        .collect();
    json!({
        "association": compared.association,
        "year": compared.year,
        "figures": figures,
        "annex_agrees": compared.is_annex_right,
        "signature_holds": compared.is_signed(),
        "signature_faults": compared.faults(Language::English),
        "agrees": compared.is_clean(),
    })
}
