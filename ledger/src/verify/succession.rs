//! Statements of one association that are given together: which one took which one's place, and whether one year begins
//! where the one before ended.
//!
//! A statement cannot know what came after it. Given alone it says how far it knows.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{
    report::{Conclusion, Headline, Report, Verdict, name_in_line},
    signed,
    trust::Trust,
};
use crate::{
    Digest,
    statement::{Figures, number_in},
};

/// Another statement of the association that may speak of the one that is checked.
struct Other<'a> {
    document: &'a Value,
    bytes: &'a [u8],
    year: i64,
    number: &'a str,
    /// Its place among the year's.
    sequence: u32,
}

pub(super) fn verify(
    report: &mut Report,
    (document, figures): (&Value, &Figures),
    (trust, now): (&Trust, DateTime<Utc>),
) {
    let Some(number) = figures.number.as_deref() else { return };
    let Some(own) = sequence_of(number, figures.year.into()) else {
        report.say(
            Verdict::Fails,
            "form",
            "le numéro du relevé n'est pas un numéro de son exercice",
            "the statement's number is none of its year",
        );
        return;
    };
    let others = others(report, (document, figures), (trust, now));
    let (mut of_year, before): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|other| other.year == i64::from(figures.year));
    of_year.sort_by_key(|other| other.sequence);
    if of_year.iter().any(|other| other.sequence == own && other.document != document) {
        let number = name_in_line(number);
        report.say(
            Verdict::Fails,
            "supersedes",
            format!("deux relevés différents portent le n° {number} ; l'un d'eux est faux"),
            format!("two different statements bear the number {number}; one of them is false"),
        );
    }
    predecessor(report, figures, own, &of_year);
    successor(report, number, own, &of_year);
    opening(report, figures, &before);
}

/// The other statements of this association, of its year and of the one before. Only what its own network signed, or
/// somebody who is trusted, may speak of it.
fn others<'a>(
    report: &mut Report,
    (document, figures): (&Value, &Figures),
    (trust, now): (&'a Trust, DateTime<Utc>),
) -> Vec<Other<'a>> {
    let mut others = Vec::new();
    for file in &trust.others {
        let Some(other) = file.document.as_ref().filter(|other| *other != document) else { continue };
        let subject = &other["credentialSubject"];
        let year = subject["year"].as_i64().unwrap_or_default();
        let years_before = i64::from(figures.year).saturating_sub(year);
        if subject["id"].as_str() != Some(figures.id.as_str()) || !matches!(years_before, 0 | 1) {
            continue;
        }
        let Some(number) = subject["number"].as_str() else { continue };
        let checked = signed::verify(other, trust, now);
        let is_by_the_same = signed::issuer_of(other) == signed::issuer_of(document);
        let may_speak = checked.holds() && (is_by_the_same || checked.conclusion() == Conclusion::Trusted);
        match sequence_of(number, year).filter(|_| may_speak) {
            Some(sequence) => others.push(Other { document: other, bytes: &file.bytes, year, number, sequence }),
            None => {
                let number = name_in_line(number);
                report.say(
                    Verdict::Unknown,
                    "supersedes",
                    format!(
                        "le relevé n° {number}, donné avec lui, n'est pas compté : son réseau ne l'a pas signé tel quel"
                    ),
                    format!("statement {number}, given with it, does not count: its network did not sign it as it is"),
                );
            }
        }
    }
    others
}

/// The place among the year's that a number tells: `2025-0007` is the seventh.
fn sequence_of(number: &str, year: i64) -> Option<u32> {
    number_in(number).filter(|(of_year, _)| i64::from(of_year.0) == year).map(|(_, sequence)| sequence)
}

/// The statement whose place this one takes.
fn predecessor(report: &mut Report, figures: &Figures, own: u32, of_year: &[Other<'_>]) {
    let Some(superseded) = &figures.supersedes else { return };
    let number = name_in_line(&superseded.number);
    if sequence_of(&superseded.number, figures.year.into()).is_none_or(|sequence| sequence >= own) {
        report.say(
            Verdict::Fails,
            "supersedes",
            format!("ce relevé dit remplacer le n° {number}, qui n'est pas plus ancien"),
            format!("this statement says that it supersedes {number}, which is no earlier one"),
        );
        return;
    }
    match of_year.iter().find(|other| other.number == superseded.number) {
        Some(other) => {
            let is_the_one = superseded.sha256 == Digest(Sha256::digest(other.bytes).into()).to_hex();
            report.judge(
                is_the_one,
                "supersedes",
                ("ce relevé remplace celui qui est donné avec lui", "this statement supersedes the other one given"),
                ("ce relevé en remplace un autre que celui qui est donné", "this statement supersedes another one"),
            );
        }
        None => report.say(
            Verdict::Holds,
            "supersedes",
            format!("ce relevé remplace le n° {number}"),
            format!("this statement supersedes {number}"),
        ),
    }
}

/// The statement that took this one's place, and the last of all that are known.
fn successor(report: &mut Report, number: &str, own: u32, of_year: &[Other<'_>]) {
    let later = || of_year.iter().filter(|other| other.sequence > own);
    let names_this =
        |other: &&Other<'_>| other.document["credentialSubject"]["supersedes"]["number"].as_str() == Some(number);
    let Some(last) = later().next_back() else {
        let number = name_in_line(number);
        report.say(
            Verdict::Holds,
            "freshness",
            format!("dernier relevé connu ici pour cet exercice : le n° {number} ; un plus récent peut exister"),
            format!("the last statement known here of that year is {number}; a later one may exist"),
        );
        return;
    };
    let last_number = name_in_line(last.number);
    let (french, english) = match later().find(names_this) {
        Some(next) => {
            let next = name_in_line(next.number);
            (format!("ce relevé a été remplacé par le n° {next}"), format!("this statement was superseded by {next}"))
        }
        None => (
            format!("ce relevé n'est plus le dernier de son exercice : le n° {last_number} est plus récent"),
            format!("this statement is no longer the last of its year: {last_number} is a later one"),
        ),
    };
    report.say_headline(
        Verdict::Fails,
        Headline::Superseded,
        "supersedes",
        format!("{french} ; le dernier connu ici est le n° {last_number}, un plus récent peut exister"),
        format!("{english}; the last one known here is {last_number}, a later one may exist"),
    );
}

/// The year opens where the last statement of the one before closed.
fn opening(report: &mut Report, figures: &Figures, before: &[Other<'_>]) {
    let Some(last) = before.iter().max_by_key(|other| other.sequence) else { return };
    report.judge(
        last.document["credentialSubject"]["closingMinutes"].as_i64() == Some(figures.opening_minutes),
        "opening",
        ("le solde d'ouverture est le solde de clôture de l'an passé", "it opens where last year's closed"),
        (
            "le solde d'ouverture n'est pas le solde de clôture de l'an passé",
            "it does not open where last year's closed",
        ),
    );
}
