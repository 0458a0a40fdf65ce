//! Two pages for elected officials on what the network was worth in a year: the figures, signed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ledger::{
    AssociationNumber, SkillNumber,
    integrity::Cryptosuite,
    key::instant_text,
    statement::{CONTEXT_URL, CREDENTIALS_CONTEXT, Figures},
    year::Year,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};
use store::NatureSum;

use crate::{error::FileError, network::OpenNetwork, signer::Signer};

/// Figures about fewer persons would tell who they are.
const PERSONS_LEAST: u64 = 5;
/// So many lines fit on two pages.
const LINES_MOST: usize = 12;

/// The signed report of a year and the two before it; with a rate, in euros too.
pub async fn signed(
    open: &OpenNetwork,
    signer: &Signer,
    year: Year,
    rate: Option<Decimal>,
    at: DateTime<Utc>,
) -> Result<Vec<u8>, FileError> {
    let subject = subject(open, year, rate).await?;
    let mut document = json!({
        "@context": [CREDENTIALS_CONTEXT, CONTEXT_URL],
        "type": ["VerifiableCredential", "NetworkReport"],
        "name": format!("Bilan {year} : {}", open.network.name),
        "issuer": { "id": signer.issuer.did, "name": open.network.name },
        "validFrom": instant_text(at),
        "credentialSubject": subject,
    });
    signer.sign(&mut document, &[Cryptosuite::EddsaJcs2022], at)?;
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(std::io::Error::from)?;
    bytes.push(b'\n');
    Ok(bytes)
}

async fn subject(open: &OpenNetwork, year: Year, rate: Option<Decimal>) -> Result<Value, FileError> {
    let mut years = Vec::new();
    let mut last = Totals::default();
    for number in year.0 - 2..=year.0 {
        last = totals(open, Year(number)).await?;
        let mut line = json!({
            "year": number, "givenMinutes": last.minutes, "exchanges": last.exchanges,
            "associations": last.associations, "volunteers": told(last.volunteers),
        });
        if let Some(rate) = rate {
            line["valueEuros"] = euros(last.minutes, rate).to_string().into();
        }
        years.push(line);
    }
    Ok(json!({
        "name": open.network.name,
        "year": year.0,
        "isClosed": open.store.closing_act(open.network_id, year).await?.is_some(),
        "years": years,
        "skills": largest(&last.skills, |name, minutes| json!({ "name": name, "minutes": minutes })),
        "flows": largest(&last.flows, |Flow { from, to }, minutes| json!({ "from": from, "to": to, "minutes": minutes })),
        "natures": last.natures,
        "rateEuros": rate.map(|rate| rate.to_string()),
    }))
}

/// Help that went from one association to another.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Flow {
    from: String,
    to: String,
}

/// What the network did in one year.
#[derive(Debug, Default)]
struct Totals {
    minutes: i64,
    exchanges: u64,
    associations: usize,
    volunteers: u64,
    skills: BTreeMap<String, i64>,
    flows: BTreeMap<Flow, i64>,
    natures: Vec<Value>,
}

async fn totals(open: &OpenNetwork, year: Year) -> Result<Totals, FileError> {
    let books = open.store.year_books(open.network_id, year).await?;
    let names = |number: AssociationNumber| open.name_of(number);
    let skills = |number: SkillNumber| open.skill_name(number);
    let mut totals = Totals::default();
    for association in open.registry.associations() {
        let books = books.of(association.number, &names, &skills);
        let figures = Figures::new(open.network.uuid, association, year, &books).ok_or(FileError::TooManyHours)?;
        let exchanges: u64 = figures.known_by.iter().map(|count| count.exchanges).sum();
        totals.minutes += figures.given_minutes;
        totals.exchanges += exchanges;
        totals.associations += usize::from(exchanges > 0);
        for part in figures.skills {
            let name = part.name.unwrap_or_else(|| open.language.pick("Coup de main", "A helping hand").to_owned());
            *totals.skills.entry(name).or_default() += part.given_minutes;
        }
        for part in figures.partners.into_iter().filter(|part| part.given_minutes > 0) {
            totals.flows.insert(Flow { from: figures.name.clone(), to: part.name }, part.given_minutes);
        }
    }
    // Each exchange stands in the books of both sides.
    totals.exchanges /= 2;
    let volunteers = open.store.volunteers(open.network_id, year).await?;
    totals.volunteers = volunteers.persons;
    let mut natures: Vec<_> = volunteers.by_nature.into_iter().collect();
    natures.sort_unstable_by_key(|(nature, _)| nature.as_str());
    totals.natures = natures
        .into_iter()
        .map(|(nature, NatureSum { persons, minutes })| {
            let is_told = persons >= PERSONS_LEAST;
            json!({ "nature": nature.as_str(), "persons": told(persons), "minutes": is_told.then_some(minutes.get()) })
        })
        .collect();
    Ok(totals)
}

/// A number of persons, unless it is so small that it would tell who they are.
fn told(persons: u64) -> Value {
    if persons == 0 || persons >= PERSONS_LEAST { persons.into() } else { Value::Null }
}

/// The largest lines, first.
fn largest<K: Ord>(sums: &BTreeMap<K, i64>, show: impl Fn(&K, i64) -> Value) -> Vec<Value> {
    let mut lines: Vec<(&K, i64)> = sums.iter().map(|(name, minutes)| (name, *minutes)).collect();
    lines.sort_by_key(|(_, minutes)| -minutes);
    lines
        .into_iter()
        .filter(|(_, minutes)| *minutes > 0)
        .take(LINES_MOST)
        .map(|(name, minutes)| show(name, minutes))
        .collect()
}

/// Minutes × rate / 60, rounded once, half away from zero.
fn euros(minutes: i64, rate: Decimal) -> Decimal {
    let exact = Decimal::from(minutes) * rate / Decimal::from(60);
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}
