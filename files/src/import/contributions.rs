//! Who gave their time: in an exchange, or to their own association.

use std::collections::HashMap;

use ledger::{
    AssociationNumber, ExchangeNumber, PersonNumber,
    brought_in::BroughtIn,
    clock::SecretKey,
    command::Command,
    contribution::{Contribution, Nature},
    name,
    year::Year,
};
use store::{ExchangeLine, StoreError};

use super::{
    alike::{References, Successors},
    exchanges::several_references,
    members,
    plan::{Occurrences, Plan, show_date},
};
use crate::{remedy::Remedy, table::Row};

/// A line per person and exchange, or per person and day where no exchange is named.
pub(super) async fn read(plan: &mut Plan<'_>) -> Result<(), StoreError> {
    let exchanges = References::of(plan, "exchange").await?;
    let store = &plan.network.store;
    let network = plan.network.network_id;
    let mut recorded: HashMap<ExchangeNumber, ExchangeLine> = HashMap::new();
    let mut successors = Successors::default();
    if !exchanges.is_empty() {
        let lines = store.exchanges(network, false).await?;
        successors = Successors::among(&lines);
        recorded.extend(lines.into_iter().map(|line| (line.exchange, line)));
    }
    let secrets = store.line_secrets(network).await?;
    let closed = store.head(network).await?.0.closed_through;
    let mut occurrences = Occurrences::default();
    for row in &plan.table.rows {
        match contribution(plan, row, (&exchanges, &successors), &secrets, &mut occurrences) {
            Ok(Read { asked, content, command }) => {
                if let Command::TellContributions { exchange, .. } = &command
                    && let Some(exchange) = recorded.get(exchange)
                {
                    let year = Year::of(exchange.service_date);
                    if let Some(objection) = contradiction(plan, row, exchange) {
                        plan.objections.insert(row.line, objection);
                    } else if closed.is_some_and(|closed| year <= closed) {
                        plan.told_late.insert(row.line, year);
                    }
                }
                if let Command::GiveOwnHours { service_date, .. } = &command
                    && !plan.is_meant(row.line, *service_date)
                {
                    continue;
                }
                let content: Vec<&str> = content.iter().map(String::as_str).collect();
                plan.ask(row.line, &asked, &content, command);
            }
            Err(problem) => plan.problem(row.line, problem),
        }
    }
    Ok(())
}

/// Where a line says otherwise of its exchange than the ledger does.
fn contradiction(plan: &mut Plan<'_>, row: &Row, exchange: &ExchangeLine) -> Option<String> {
    let language = plan.language();
    let reference = plan.cell(row, "exchange");
    if plan.filled(row, "date").is_some()
        && let Ok(date) = plan.date(row, "date")
        && date != exchange.service_date
    {
        let [recorded, said] = [exchange.service_date, date].map(|date| show_date(date, language));
        return Some(language.pick(
            format!("l'échange « {reference} » est du {recorded}, la ligne dit {said} ; corrigez l'un ou l'autre, ou laissez la date vide"),
            format!("the exchange “{reference}” is of {recorded}, the line says {said}; mend one or the other, or leave the date empty"),
        ));
    }
    if plan.filled(row, "association").is_some()
        && let Ok(association) = plan.association(row, "association")
        && association != exchange.giver
    {
        let giver = plan.network.name_of(exchange.giver);
        let said = plan.network.name_of(association);
        return Some(language.pick(
            format!("dans l'échange « {reference} », « {giver} » a aidé, la ligne dit « {said} » ; corrigez l'un ou l'autre, ou laissez l'association vide"),
            format!("in the exchange “{reference}”, “{giver}” helped, the line says “{said}”; mend one or the other, or leave the association empty"),
        ));
    }
    None
}

/// What a line says.
struct Read {
    asked: BroughtIn<'static>,
    content: [String; 7],
    command: Command,
}

fn contribution(
    plan: &mut Plan<'_>,
    row: &Row,
    (exchanges, successors): (&References, &Successors),
    secrets: &HashMap<PersonNumber, SecretKey>,
    occurrences: &mut Occurrences,
) -> Result<Read, String> {
    let language = plan.language();
    let reference = plan.filled(row, "exchange").map(str::to_owned);
    let (_, minutes) = plan.minutes(row, "duration")?;
    let (code, person) = members::person(plan, row)?;
    let nature = nature(plan, row)?;
    let contribution = Contribution { person, minutes, nature };
    let date =
        if plan.filled(row, "date").is_some() || reference.is_none() { Some(plan.date(row, "date")?) } else { None };
    let association: Option<AssociationNumber> = match plan.filled(row, "association") {
        None if reference.is_some() => None,
        _ => Some(plan.association(row, "association")?),
    };
    let skill = plan.skill(row);
    let known = match &reference {
        Some(reference) => {
            exchanges.get(reference).map_err(|several| several_references(reference, &several, language))?
        }
        None => None,
    };
    // The same line in another spelling is the same.
    let reference = known.map(|(spelling, _)| spelling.to_owned()).or(reference);
    let content = [
        reference.clone().unwrap_or_default(),
        date.map(|date| date.to_string()).unwrap_or_default(),
        association.map(|association| association.to_string()).unwrap_or_default(),
        code.clone(),
        minutes.get().to_string(),
        nature.as_str().to_owned(),
        name::fold(plan.cell(row, "skill")),
    ];
    let texts: Vec<&str> = content.iter().map(String::as_str).collect();
    let line = occurrences.line(date.unwrap_or_default(), &texts);
    let of = *secrets.get(&person).ok_or_else(|| members::unknown_person(plan, &code))?;
    let asked = BroughtIn::Contribution { line, of };
    let command = match (reference, association) {
        (Some(reference), _) => {
            // What was taken back for another is told of that one.
            let exchange = known.map(|(_, exchange)| successors.last(exchange)).ok_or_else(|| {
                let remedy = plan.remedy(Remedy::ExchangesFirst);
                language.pick(
                    format!("échange inconnu : « {reference} » ; {remedy}"),
                    format!("unknown exchange: “{reference}”; {remedy}"),
                )
            })?;
            Command::TellContributions { exchange, contributions: vec![contribution] }
        }
        (None, Some(association)) => {
            let service_date = date.unwrap_or_default();
            Command::GiveOwnHours { association, service_date, skill, contribution }
        }
        (None, None) => {
            return Err(language
                .pick("il manque l'échange ou l'association", "the exchange or the association is missing")
                .to_owned());
        }
    };
    Ok(Read { asked, content, command })
}

fn nature(plan: &Plan<'_>, row: &Row) -> Result<Nature, String> {
    let Some(word) = plan.filled(row, "nature") else { return Ok(Nature::Operational) };
    let folded = name::fold(word);
    Nature::try_from(word.to_lowercase().as_str()).ok().or_else(|| french_nature(&folded)).ok_or_else(|| {
        let fits = "operational, governance, supervision, employee, skills_sponsorship, civic_service";
        plan.language().pick(
            format!("nature inconnue : « {word} » ; conviendrait : opérationnel, gouvernance, encadrement, salarié, mécénat, service civique"),
            format!("unknown nature: “{word}”; would fit: {fits}"),
        )
    })
}

fn french_nature(folded: &str) -> Option<Nature> {
    let begins = |stems: &[&str]| stems.iter().any(|stem| folded.starts_with(stem));
    if begins(&["operation", "terrain", "benevol"]) {
        Some(Nature::Operational)
    } else if folded == "ca" || begins(&["gouvern", "governance", "conseil", "bureau", "dirigeant"]) {
        Some(Nature::Governance)
    } else if begins(&["encadr", "supervis"]) {
        Some(Nature::Supervision)
    } else if begins(&["salari", "employ"]) {
        Some(Nature::Employee)
    } else if begins(&["mecenat", "skills"]) {
        Some(Nature::SkillsSponsorship)
    } else if begins(&["service civique", "civique", "civic"]) {
        Some(Nature::CivicService)
    } else {
        None
    }
}
