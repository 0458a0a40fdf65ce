//! `statement report`: two pages for elected officials on what the network was worth in a year.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Arg, ArgMatches, Command};
use ledger::{
    AssociationNumber, Language, SkillNumber,
    clock::{Clock as _, SystemClock},
    integrity::{self, Cryptosuite},
    key::{KeyPurpose, instant_text},
    statement::{CONTEXT_URL, CREDENTIALS_CONTEXT, Figures},
    year::Year,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use crate::{
    arguments,
    failure::Failure,
    file,
    keys::keyring,
    session::{Session, text},
};

/// Figures about fewer persons would tell who they are.
const PERSONS_LEAST: u64 = 5;
/// So many lines fit on two pages.
const LINES_MOST: usize = 12;

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about =
        t("Le bilan du réseau pour les élus, en deux pages", "The network's year for elected officials, in two pages");
    let example = t(
        "coudemain releve bilan --year 2025 --out bilan.pdf",
        "coudemain statement report --year 2025 --out report.pdf",
    );
    arguments::ledger_verb("report", "bilan", about, example, language)
        .arg(arguments::keys(language))
        .arg(arguments::year(language).required(true))
        .arg(Arg::new("out").long("out").required(true).value_name(t("FICHIER", "FILE")).help(t(
            "Le PDF à écrire ; le document signé prend le même nom en .json",
            "The PDF to write; the signed document takes the same name with .json",
        )))
        .arg(
            Arg::new("rate")
                .long("rate")
                .visible_alias("taux")
                .value_name("€/H")
                .help(t("Le taux horaire, si le réseau veut des euros", "The hourly rate, if the network wants euros")),
        )
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let rate = args.get_one::<String>("rate").map(|rate| hourly_rate(rate)).transpose()?;
    let out = Path::new(text(args, "out"));
    let mut years = Vec::new();
    let mut last = Totals::default();
    for number in year.0 - 2..=year.0 {
        last = totals(&session, Year(number)).await?;
        let mut line = json!({
            "year": number, "givenMinutes": last.minutes, "exchanges": last.exchanges,
            "associations": last.associations, "volunteers": told(last.volunteers),
        });
        if let Some(rate) = rate {
            line["valueEuros"] = euros(last.minutes, rate).to_string().into();
        }
        years.push(line);
    }
    let subject = json!({
        "name": session.network.name,
        "year": year.0,
        "isClosed": session.store.closing_act(session.network_id, year).await?.is_some(),
        "years": years,
        "skills": largest(&last.skills, |name, minutes| json!({ "name": name, "minutes": minutes })),
        "flows": largest(&last.flows, |(from, to), minutes| json!({ "from": from, "to": to, "minutes": minutes })),
        "natures": last.natures,
        "rateEuros": rate.map(|rate| rate.to_string()),
    });
    let signed = sign(args, &session, subject).await?;
    let mut bytes = serde_json::to_vec_pretty(&signed).map_err(std::io::Error::from)?;
    bytes.push(b'\n');
    file::write(&out.with_extension("json"), &bytes)?;
    crate::pdf::network_report(&out.with_extension("pdf"), &bytes, language)?;
    say_line!(
        "{}",
        language.pick(
            format!(
                "Bilan {year} du réseau dans « {} », avec son document signé (.json).",
                out.with_extension("pdf").display()
            ),
            format!(
                "The network's report {year} in “{}”, with its signed document (.json).",
                out.with_extension("pdf").display()
            ),
        )
    );
    Ok(true)
}

/// What the network did in one year.
#[derive(Default)]
struct Totals {
    minutes: i64,
    exchanges: u64,
    associations: usize,
    volunteers: u64,
    skills: BTreeMap<String, i64>,
    flows: BTreeMap<(String, String), i64>,
    natures: Vec<Value>,
}

async fn totals(session: &Session, year: Year) -> Result<Totals, Failure> {
    let books = session.store.year_books(session.network_id, year).await?;
    let names = |number: AssociationNumber| session.name_of(number);
    let skills = |number: SkillNumber| session.skill_name(number);
    let mut totals = Totals::default();
    for association in session.registry.associations() {
        let books = books.of(association.number, &names, &skills);
        let figures = Figures::new(session.network.uuid, association, year, &books);
        let exchanges: u64 = figures.known_by.iter().map(|count| count.exchanges).sum();
        totals.minutes += figures.given_minutes;
        totals.exchanges += exchanges;
        totals.associations += usize::from(exchanges > 0);
        for part in figures.skills {
            let name = part.name.unwrap_or_else(|| session.language.pick("Coup de main", "A helping hand").to_owned());
            *totals.skills.entry(name).or_default() += part.given_minutes;
        }
        for part in figures.partners.into_iter().filter(|part| part.given_minutes > 0) {
            totals.flows.insert((figures.name.clone(), part.name), part.given_minutes);
        }
    }
    // Each exchange stands in the books of both sides.
    totals.exchanges /= 2;
    let (volunteers, natures) = session.store.volunteers(session.network_id, year).await?;
    totals.volunteers = volunteers;
    totals.natures = natures
        .into_iter()
        .map(|(nature, persons, minutes)| {
            let is_told = persons >= PERSONS_LEAST;
            json!({ "nature": nature.as_str(), "persons": told(persons), "minutes": is_told.then_some(minutes) })
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

fn hourly_rate(written: &str) -> Result<Decimal, Failure> {
    let rate: Option<Decimal> = written.replace(',', ".").parse().ok();
    rate.filter(|rate| *rate > Decimal::ZERO && *rate < Decimal::from(1_000)).ok_or_else(|| {
        Failure::said(
            format!("--rate : « {written} » n'est pas un taux horaire ; 12,02 conviendrait"),
            format!("--rate: “{written}” is no hourly rate; 12.02 would fit"),
        )
    })
}

/// Minutes × rate / 60, rounded once, half away from zero.
fn euros(minutes: i64, rate: Decimal) -> Decimal {
    let exact = Decimal::from(minutes) * rate / Decimal::from(60);
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

async fn sign(args: &ArgMatches, session: &Session, subject: Value) -> Result<Value, Failure> {
    let in_use = session.store.key_in_use(session.network_id, KeyPurpose::Credential).await?;
    let key = keyring(args, session).load(KeyPurpose::Credential, in_use.key)?;
    let (issuer, at) = (in_use.issuer(), SystemClock.now());
    let mut document = json!({
        "@context": [CREDENTIALS_CONTEXT, CONTEXT_URL],
        "type": ["VerifiableCredential", "NetworkReport"],
        "name": format!("Bilan {} : {}", subject["year"], session.network.name),
        "issuer": { "id": issuer.did, "name": session.network.name },
        "validFrom": instant_text(at),
        "credentialSubject": subject,
    });
    integrity::sign(&mut document, &[Cryptosuite::EddsaJcs2022], &key, &issuer, at)
        .map_err(|problem| Failure::said(problem.in_words(Language::French), problem.in_words(Language::English)))?;
    Ok(document)
}
