//! Credentials: what they have in common, then what is particular to their kind.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    badge,
    report::{Kind, Report, Verdict},
    signed, statement,
    trust::Trust,
};

/// For each credential of a passport the lists at hand are looked through.
const CREDENTIALS_MOST: usize = 500;

/// Checks a JSON document.
pub(super) fn verify(bytes: &[u8], trust: &Trust, now: DateTime<Utc>) -> Report {
    let document = match signed::parse(bytes) {
        Ok(document) => document,
        Err(unreadable) => return unreadable,
    };
    if let Some(credentials) = document.get("coudemainPassport").and_then(Value::as_array) {
        return passport(credentials, trust, now);
    }
    let mut report = signed::verify(&document, trust, now);
    match report.kind {
        Kind::Statement | Kind::ProvisionalStatement => statement::verify(&mut report, &document, trust),
        Kind::Badge => badge::verify(&mut report, &document, trust, now),
        Kind::StatusList => badge::status_list(&mut report, &document),
        Kind::Credential | Kind::Checkpoint | Kind::InclusionProof | Kind::Passport | Kind::Unknown => {}
    }
    report.document = Some(document);
    report
}

fn passport(credentials: &[Value], trust: &Trust, now: DateTime<Utc>) -> Report {
    let mut report = Report::new(Kind::Passport);
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
    report.parts = credentials.iter().map(|credential| verify(credential.to_string().as_bytes(), trust, now)).collect();
    if report.parts.is_empty() {
        report.say(Verdict::Unknown, "form", "ce passeport est vide", "this passport is empty");
    }
    report
}
