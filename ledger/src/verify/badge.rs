//! What is particular to a badge: the hours behind it, and what is drawn around it.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    histories::{hold_against_others, hours_proofs},
    log,
    report::{Fact, Kind, Report, Verdict, name_in_line},
    status,
    svg::Image,
    trust::Trust,
    witnesses::{demanded, with_cosignatures},
};
use crate::{
    Language, Minutes,
    badge::{HOURS_GENRE, HoursProof, baked_svg},
    checkpoint::Checkpoint,
    integrity::{Cryptosuite, proofs_of},
    note::{Note, VerifierKey},
};

pub(super) fn verify(report: &mut Report, document: &Value, trust: &Trust, now: DateTime<Utc>) {
    report.facts = facts(document);
    status::verify(report, document, trust, now);
    both_proofs(report, document);
    hours(report, document);
    heads(report, document, (trust, now));
}

/// The heads that the hours hang from: by a key of the network's log, and of the one history that is known of it.
fn heads(report: &mut Report, document: &Value, (trust, now): (&Trust, DateTime<Utc>)) {
    let mut known: Vec<(Note, VerifierKey)> = Vec::new();
    for (proof, key) in hours_proofs(document).filter_map(|proof| proof.proof()) {
        let found = (proof.checkpoint, key);
        if !known.contains(&found) {
            known.push(found);
        }
    }
    let mut keys: Vec<&VerifierKey> = Vec::new();
    for (note, key) in &known {
        let is_first = !keys.contains(&key);
        keys.push(key);
        if is_first && !log::is_log_of_issuer(report, document, trust, key) {
            return;
        }
        if let Some(head) = Checkpoint::parse(&note.text) {
            let note = with_cosignatures(note, trust);
            demanded(report, &note, (trust, now));
            report.heads.push(note);
            hold_against_others(report, &head, trust, Some(key));
        }
    }
}

/// What its signed part says, for whoever holds a drawing or a printed page against it.
fn facts(document: &Value) -> Vec<(Fact, String)> {
    let subject = &document["credentialSubject"];
    let identities = subject["identifier"].as_array().map(Vec::as_slice).unwrap_or_default();
    let holder = identities.iter().find(|identity| identity["identityType"] == "name" && identity["hashed"] == false);
    let achievement = &subject["achievement"];
    let told = [
        (Fact::Holder, holder.and_then(|holder| holder["identityHash"].as_str())),
        (Fact::Competence, achievement["name"].as_str()),
        (Fact::Level, achievement["description"].as_str()),
        (Fact::RecognisedBy, achievement["creator"]["name"].as_str()),
        (Fact::Date, document["validFrom"].as_str()),
    ];
    told.into_iter().filter_map(|(fact, text)| Some((fact, name_in_line(text?)))).collect()
}

/// Holds the picture around a badge against what is signed. What is written in it has to stand in the badge; lines and
/// colours say nothing.
pub(super) fn drawn(report: &mut Report, svg: &str, image: &Image) {
    let Some(document) = report.document.clone().filter(|_| report.kind == Kind::Badge) else { return };
    let own = baked_svg(&image.credential);
    if own == svg {
        return report.say(
            Verdict::Holds,
            "drawing",
            "le dessin est celui que ce programme fait de ce badge, octet pour octet",
            "the drawing is the one that this program makes of this badge, byte for byte",
        );
    }
    let is_ours = document["credentialSubject"]["achievement"]["id"].as_str();
    if !is_ours.is_some_and(|id| id.starts_with("urn:coudemain:")) {
        return report.say(
            Verdict::Unknown,
            "drawing",
            "le dessin n'est pas signé : comparez ce qu'il montre avec ce qui est dit ici",
            "the drawing is not signed: hold what it shows against what is said here",
        );
    }
    let as_drawn = Image::read(&own).map(|own| own.writing).unwrap_or_default();
    let told: Vec<&str> = report.facts.iter().map(|(_, text)| text.as_str()).collect();
    let network = name_in_line(document["issuer"]["name"].as_str().unwrap_or_default());
    let is_told = |text: &&String| as_drawn.contains(text) || told.contains(&text.as_str()) || **text == network;
    match image.writing.iter().find(|text| !is_told(text)) {
        Some(other) => {
            let other = name_in_line(other);
            report.say(
                Verdict::Fails,
                "drawing",
                format!("le dessin dit « {other} », que le badge signé ne dit pas"),
                format!("the drawing says “{other}”, which the signed badge does not say"),
            );
        }
        None => report.say(
            Verdict::Unknown,
            "drawing",
            "le dessin n'est pas celui que le réseau fait de ce badge : comparez ce qu'il montre avec ce qui est dit ici",
            "the drawing is not the one that the network makes of this badge: hold what it shows against what is said here",
        ),
    }
}

/// A badge of ours bears a proof of each kind: one of them alone would leave parts of it to the reader's program.
fn both_proofs(report: &mut Report, document: &Value) {
    let evidence = document["evidence"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !evidence.iter().any(|evidence| evidence["genre"].as_str() == Some(HOURS_GENRE)) {
        return;
    }
    let proofs = proofs_of(document);
    let has = |suite: Cryptosuite| proofs.iter().any(|proof| proof["cryptosuite"].as_str() == Some(suite.as_str()));
    if !Cryptosuite::ALL.iter().all(|suite| has(*suite)) {
        report.say(
            Verdict::Fails,
            "signature",
            "il manque une des deux signatures qu'un badge de ce réseau porte",
            "one of the two proofs is missing that a badge of this network bears",
        );
    }
}

/// The hours behind a badge, each opened and followed into the log.
const OTHER_HOURS: (&str, &str) = (
    "les heures annoncées ne sont pas celles que le journal prouve",
    "the hours it tells are not those that the log proves",
);

fn hours(report: &mut Report, document: &Value) {
    let evidence = document["evidence"].as_array().map(Vec::as_slice).unwrap_or_default();
    let proofs: Vec<_> = evidence.iter().filter(|evidence| evidence["genre"].as_str() == Some(HOURS_GENRE)).collect();
    if proofs.is_empty() {
        return;
    }
    let proven = proofs.iter().map(|evidence| {
        let proof: HoursProof = serde_json::from_str(evidence["narrative"].as_str()?).ok()?;
        let minutes = proof.minutes()?.0;
        let (leaf, line) = proof.line();
        Some((leaf.to_owned(), line, minutes))
    });
    let Some(mut proven) = proven.collect::<Option<Vec<_>>>() else {
        report.say(
            Verdict::Fails,
            "hours",
            "une des preuves d'heures ne mène pas au journal",
            "one of the proofs of hours does not lead to the log",
        );
        return;
    };
    let count = proven.len();
    proven.sort();
    proven.dedup();
    // Less than an hour is told in words alone; what is told and no number cannot be what the log proves.
    let minutes = Minutes::sum(proven.iter().map(|(_, _, minutes)| *minutes));
    let credits = document["credentialSubject"].get("creditsEarned").map_or(Some(0), Value::as_i64);
    let (Some(minutes), true) = (minutes, proven.len() == count) else {
        report.say(Verdict::Fails, "hours", OTHER_HOURS.0, OTHER_HOURS.1);
        return;
    };
    if credits != Some(minutes.get() / 60) {
        report.say(Verdict::Fails, "hours", OTHER_HOURS.0, OTHER_HOURS.1);
        return;
    }
    let (french, english) = (minutes.display(Language::French), minutes.display(Language::English));
    report.say(
        Verdict::Holds,
        "hours",
        format!("{french} inscrites au journal, chaque ligne ouverte et suivie ({count})"),
        format!("{english} in the log, each line opened and followed ({count})"),
    );
}
