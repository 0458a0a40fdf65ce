//! Credentials: what they have in common, then what is particular to their kind.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{
    badge, log,
    report::{Kind, Report, Stranger, Verdict, name_in_line},
    signed, statement, status,
    trust::Trust,
    witnesses::undemanded,
};
use crate::{
    badge::{CREDENTIALS_MOST, RECORD},
    checkpoint::consistency_in,
    rdf,
};

/// The one member of a passport.
const PASSPORT: &str = "coudemainPassport";

/// Checks a JSON document.
pub(super) fn verify(bytes: &[u8], trust: &Trust, now: DateTime<Utc>) -> Report {
    let document = match signed::parse(bytes) {
        Ok(document) => document,
        Err(unreadable) => return *unreadable,
    };
    if let Some(members) = document.as_object().filter(|members| members.contains_key(PASSPORT)) {
        return passport(members, trust, now);
    }
    if let Some(hashes) = consistency_in(bytes, Some(&document)) {
        return log::consistency(&hashes, trust, now);
    }
    if let Some(report) = log::act(bytes, trust, now).or_else(|| keys(&document, trust)) {
        return report;
    }
    let mut report = signed::verify(&document, trust, now);
    match report.kind {
        Kind::Statement | Kind::ProvisionalStatement => statement::verify(&mut report, &document, trust, now),
        Kind::Badge => badge::verify(&mut report, &document, trust, now),
        Kind::StatusList => status::list_itself(&mut report, &document),
        Kind::Credential if is_record(&document) => status::verify(&mut report, &document, trust, now),
        Kind::Credential
        | Kind::Checkpoint
        | Kind::InclusionProof
        | Kind::ConsistencyProof
        | Kind::Passport
        | Kind::KeyDocument
        | Kind::Act
        | Kind::Unknown => {}
    }
    undemanded(&mut report, trust);
    report.document = Some(document);
    report
}

/// Whether it is a volunteer's hours, which can be taken back as badges can.
fn is_record(document: &Value) -> bool {
    rdf::one_or_several(&document["type"]).iter().any(|found| found == RECORD)
}

/// The document of a network's keys: it supplies keys, and no trust.
fn keys(document: &Value, trust: &Trust) -> Option<Report> {
    let did = document["id"].as_str().filter(|did| did.starts_with("did:"))?;
    document["verificationMethod"].as_array()?;
    if document.get("proof").is_some() {
        return None;
    }
    let mut report = Report::new(Kind::KeyDocument);
    report.title = name_in_line(did);
    if trust.has_keys_of(document) {
        report.say(
            Verdict::Holds,
            "keys",
            "des clés que vous avez dit tenir de lui-même",
            "keys that you said you have from themselves",
        );
    } else {
        report.say_stranger(
            Stranger::Nobody,
            "keys",
            "les clés que quelqu'un dit être les siennes : elles comptent si vous les tenez de lui-même",
            "the keys that somebody says are theirs: they count if you have them from themselves",
        );
    }
    Some(report)
}

/// A passport has credentials, and nothing beside them: whatever else stood there would pass unread.
fn passport(members: &Map<String, Value>, trust: &Trust, now: DateTime<Utc>) -> Report {
    let mut report = Report::new(Kind::Passport);
    let credentials = match members.get(PASSPORT) {
        Some(Value::Array(credentials)) if members.len() == 1 && !credentials.is_empty() => credentials,
        _ => {
            report.say(
                Verdict::Fails,
                "form",
                "ce n'est pas un passeport : il n'en porterait que les badges, un au moins",
                "this is no passport: one would hold badges alone, and one at least",
            );
            return report;
        }
    };
    if credentials.len() > CREDENTIALS_MOST {
        let count = credentials.len();
        report.say(
            Verdict::Fails,
            "form",
            format!("ce passeport porte {count} badges ; pas plus de {CREDENTIALS_MOST} conviendraient"),
            format!("this passport holds {count} badges; no more than {CREDENTIALS_MOST} would fit"),
        );
        return report;
    }
    for credential in credentials {
        let part = verify(credential.to_string().as_bytes(), trust, now);
        // Each would take as long as a document may: the first one is enough to refuse them all.
        let is_entangled = part.checks.iter().any(|check| check.name == signed::ENTANGLED);
        report.parts.push(part);
        if is_entangled {
            break;
        }
    }
    // Beside badges it has the hours as the volunteer's network records them, which is a credential of its own.
    let may_be_there = |part: &Report| match part.kind {
        Kind::Badge | Kind::Credential => true,
        Kind::Statement
        | Kind::ProvisionalStatement
        | Kind::StatusList
        | Kind::Checkpoint
        | Kind::InclusionProof
        | Kind::ConsistencyProof
        | Kind::Passport
        | Kind::KeyDocument
        | Kind::Act
        | Kind::Unknown => false,
    };
    if !report.parts.iter().all(may_be_there) {
        report.say(
            Verdict::Fails,
            "form",
            "ce passeport porte autre chose que des badges et des heures",
            "this passport holds something other than badges and hours",
        );
    }
    report
}
