//! Exchanges that both sides agreed on, or, when asked, that are left to be confirmed.

use std::collections::HashMap;

use ledger::{
    Digest, Language, Minutes,
    brought_in::BroughtIn,
    command::{Command, NewExchange},
    content::digest_of_all,
    evidence::{Evidence, EvidenceKind},
    exchange::Side,
    name,
};

use store::StoreError;

use super::{
    alike::{References, reference_key},
    conflict::exchange_of,
    plan::{Asked, Occurrences, Plan},
    question::row_of,
};
use crate::table::Row;

/// How a line comes in.
const RECORDED: &str = "record";
const PROPOSED: &str = "proposal";

/// A line per exchange.
pub(super) async fn read(plan: &mut Plan<'_>) -> Result<(), StoreError> {
    let known = References::of(plan, "reference").await?;
    let mut occurrences = Occurrences::default();
    let mut references: HashMap<String, u64> = HashMap::new();
    for row in &plan.table.rows {
        let parsed = exchange(plan, row).and_then(|exchange| Ok((exchange, evidence(plan, row)?)));
        let parsed = parsed
            .and_then(|(exchange, evidence)| Ok((with_known_reference(exchange, &known, plan.language())?, evidence)));
        let (exchange, evidence) = match parsed {
            Ok(parsed) => parsed,
            Err(problem) => {
                plan.problem(row.line, problem);
                continue;
            }
        };
        if !plan.is_meant(row.line, exchange.service_date) {
            continue;
        }
        let content = content(plan, row, &exchange);
        let said = |how| content.iter().map(String::as_str).chain([how]).collect::<Vec<_>>();
        let reference = exchange.reference.clone();
        let asked = match &reference {
            Some(reference) => {
                if let Some(line) = references.insert(reference_key(reference), row.line) {
                    plan.problem(row.line, twice(plan.language(), reference, line));
                    continue;
                }
                BroughtIn::ReferencedExchange(reference)
            }
            // A line that was proposed is the same line when it comes as one that both sides agreed on.
            None => BroughtIn::Exchange(occurrences.line(exchange.service_date, &said(RECORDED))),
        };
        let (how, command) = if plan.options.as_proposals {
            (PROPOSED, Command::Propose { side: Side::Giver, exchange, evidence: None })
        } else {
            (RECORDED, Command::Record { exchange, evidence })
        };
        plan.ask(row.line, &asked, &said(how), command);
    }
    Ok(())
}

/// The digest that a line would have if it had come in first to be confirmed.
pub(super) fn digest_as_proposal(plan: &Plan<'_>, asked: &Asked) -> Option<Digest> {
    let exchange = exchange_of(&asked.request.command)?;
    let content = content(plan, row_of(plan.table, asked.line)?, exchange);
    Some(digest_of_all(&content.iter().map(String::as_str).chain([PROPOSED]).collect::<Vec<_>>()))
}

/// The exchange under the reference that the ledger has for it: `e-1` is no other than `E-1`.
fn with_known_reference(exchange: NewExchange, known: &References, language: Language) -> Result<NewExchange, String> {
    let Some(written) = exchange.reference.as_deref() else { return Ok(exchange) };
    match known.get(written) {
        Ok(None) => Ok(exchange),
        Ok(Some((spelling, _))) => Ok(NewExchange { reference: Some(spelling.to_owned()), ..exchange }),
        Err(several) => Err(several_references(written, &several, language)),
    }
}

/// Says that a reference may be any of several.
pub(super) fn several_references(written: &str, several: &[&str], language: Language) -> String {
    let listed = several.join(", ");
    language.pick(
        format!("la référence « {written} » peut être l'une de celles-ci : {listed} ; écrivez-la comme elle"),
        format!("the reference “{written}” may be any of these: {listed}; write it like the one you mean"),
    )
}

fn exchange(plan: &mut Plan<'_>, row: &Row) -> Result<NewExchange, String> {
    let service_date = plan.date(row, "date")?;
    let giver = plan.association(row, "giver")?;
    let receiver = plan.association(row, "receiver")?;
    if giver == receiver {
        let name = plan.network.name_of(giver);
        return Err(plan.language().pick(
            format!("qui aide et qui est aidé sont la même association, « {name} »"),
            format!("the one that helps and the one that is helped are the same, “{name}”"),
        ));
    }
    let minutes = minutes(plan, row)?;
    Ok(NewExchange {
        giver,
        receiver,
        minutes,
        service_date,
        skill: plan.skill(row),
        reference: plan.filled(row, "reference").map(str::to_owned),
        memo: plan.filled(row, "memo").map(str::to_owned),
        contributions: Vec::new(),
        replaces: None,
    })
}

/// Person-minutes: the duration, times the number of persons where a column of its own gives that.
fn minutes(plan: &Plan<'_>, row: &Row) -> Result<Minutes, String> {
    let (people_within, minutes) = plan.minutes(row, "duration")?;
    let Some(people) = plan.filled(row, "people") else { return Ok(minutes) };
    let language = plan.language();
    let count: u32 = people.parse().ok().filter(|count| *count > 0).ok_or_else(|| {
        language.pick(
            format!("nombre de personnes illisible : « {people} » ; un nombre entier conviendrait"),
            format!("unreadable number of persons: “{people}”; a whole number would fit"),
        )
    })?;
    match people_within {
        Some(within) if within == count => Ok(minutes),
        Some(within) => Err(language.pick(
            format!("la durée parle de {within} personnes, la colonne de {count}"),
            format!("the duration speaks of {within} persons, the column of {count}"),
        )),
        None => minutes.of_people(count).map_err(|error| error.in_words(language)),
    }
}

fn evidence(plan: &Plan<'_>, row: &Row) -> Result<Evidence, String> {
    let slip = plan.filled(row, "slip").map(str::to_owned);
    let kind = match plan.filled(row, "evidence") {
        None if slip.is_some() => EvidenceKind::PaperSlip,
        None => EvidenceKind::File,
        Some(word) => evidence_kind(word).ok_or_else(|| {
            plan.language().pick(
                format!("preuve inconnue : « {word} » ; fiche, e-mail, les deux, mandat ou coordination conviendrait"),
                format!("unknown evidence: “{word}”; slip, e-mail, both, mandate or coordinator would fit"),
            )
        })?,
    };
    Ok(Evidence { kind, reference: slip, line: Some(row.line) })
}

fn evidence_kind(word: &str) -> Option<EvidenceKind> {
    let folded = name::fold(word);
    let has = |words: &[&str]| words.iter().any(|known| folded.split(' ').any(|part| part == *known));
    if has(&["fiche", "bordereau", "papier", "bon", "slip", "paper"]) {
        Some(EvidenceKind::PaperSlip)
    } else if has(&["mail", "email", "courriel", "mel"]) {
        Some(EvidenceKind::EmailLink)
    } else if has(&["deux", "both"]) {
        Some(EvidenceKind::BothSides)
    } else if has(&["mandat", "mandate"]) {
        Some(EvidenceKind::Mandate)
    } else if has(&["coordination", "coordinateur", "coordinatrice", "coordinator", "reseau"]) {
        Some(EvidenceKind::Coordinator)
    } else if has(&["fichier", "tableur", "file"]) {
        Some(EvidenceKind::File)
    } else {
        None
    }
}

/// What the line says, whatever the spelling: the same exchange written otherwise is the same.
fn content(plan: &Plan<'_>, row: &Row, exchange: &NewExchange) -> [String; 7] {
    [
        exchange.service_date.to_string(),
        exchange.giver.to_string(),
        exchange.receiver.to_string(),
        exchange.minutes.get().to_string(),
        name::fold(plan.cell(row, "skill")),
        exchange.memo.clone().unwrap_or_default(),
        name::fold(plan.cell(row, "slip")),
    ]
}

fn twice(language: Language, reference: &str, line: u64) -> String {
    language.pick(
        format!("la référence « {reference} » est déjà à la ligne {line}"),
        format!("the reference “{reference}” stands on line {line} already"),
    )
}
