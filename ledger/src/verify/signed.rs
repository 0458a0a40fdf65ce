//! What all credentials have in common: a form, signatures, an issuer, dates.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    report::{Headline, Kind, Report, Stranger, Verdict, name_in_line},
    trust::{Standing, Trust},
};
use crate::{
    Language,
    integrity::{self, CLOCK_TOLERANCE, ProofProblem, Verified, instant},
    json,
    key::instant_text,
    rdf::{self, Terms},
};

/// The check that a document fails which was built to keep its reader busy.
pub(super) const ENTANGLED: &str = "entangled";

/// Reads a JSON document.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Box<Report>> {
    json::parse(bytes).map_err(|error| {
        Box::new(Report::unreadable(
            format!("JSON illisible ou tronqué : {error}"),
            format!("unreadable or shortened JSON: {error}"),
        ))
    })
}

/// Checks what all credentials have in common.
pub(super) fn verify(document: &Value, trust: &Trust, now: DateTime<Utc>) -> Report {
    let mut report = Report::new(kind_of(document));
    report.title = name_in_line(document["name"].as_str().unwrap_or_default());
    terms(&mut report, document);
    let verified = signature(&mut report, document, trust, now);
    if let Some(verified) = &verified {
        issuer(&mut report, document, verified, trust);
    }
    dates(&mut report, document, now);
    report
}

/// Who says that they issued it.
pub(super) fn issuer_of(document: &Value) -> &str {
    document["issuer"].as_str().or_else(|| document["issuer"]["id"].as_str()).unwrap_or_default()
}

/// Every name in it is one that its contexts know: another one would be read by whoever reads the JSON, and be no part of
/// what is signed as RDF, or the other way round.
fn terms(report: &mut Report, document: &Value) {
    match rdf::terms_of(document) {
        Terms::Known => {}
        Terms::Unknown(unknown) => {
            let unknown = name_in_line(&unknown);
            report.say(
                Verdict::Fails,
                "terms",
                format!(
                    "« {unknown} » n'est pas un terme de ce document : ses @context ne le connaissent pas sous ce nom"
                ),
                format!("“{unknown}” is no term of this document: its @context does not know it by that name"),
            );
        }
        Terms::Elsewhere => report.say(
            Verdict::Unknown,
            "terms",
            "ce document définit lui-même ses termes, ou les prend d'un @context inconnu de ce programme : un autre \
             programme peut y lire autre chose",
            "this document defines terms itself, or takes them from an @context that this program does not know: another \
             program may read something else in it",
        ),
    }
}

fn kind_of(document: &Value) -> Kind {
    let is = |wanted: &str| rdf::one_or_several(&document["type"]).iter().any(|found| found == wanted);
    if is("AnnualStatement") {
        Kind::Statement
    } else if is("ProvisionalStatement") {
        Kind::ProvisionalStatement
    } else if is("OpenBadgeCredential") || is("AchievementCredential") {
        Kind::Badge
    } else if is("BitstringStatusListCredential") {
        Kind::StatusList
    } else {
        Kind::Credential
    }
}

/// Every proof has to hold: one that does not would leave the reader to choose.
fn signature(report: &mut Report, document: &Value, trust: &Trust, now: DateTime<Utc>) -> Option<Verified> {
    let verdicts = match integrity::verify(document, now, &|method| trust.key_of(method)) {
        Ok(verdicts) => verdicts,
        Err(problem) => {
            let (french, english) = (problem.in_words(Language::French), problem.in_words(Language::English));
            report.say(Verdict::Fails, "signature", french, english);
            return None;
        }
    };
    let mut first: Option<Verified> = None;
    for verdict in verdicts {
        match verdict {
            Ok(verified) => {
                let (suite, at) = (verified.suite, instant_text(verified.created));
                report.say(
                    Verdict::Holds,
                    "signature",
                    format!("signé le {at} ({suite}), et rien n'a changé depuis"),
                    format!("signed at {at} ({suite}), and nothing has changed since"),
                );
                if first.as_ref().is_some_and(|first| first.method != verified.method) {
                    report.say(
                        Verdict::Fails,
                        "signature",
                        "les signatures sont de clés différentes",
                        "the proofs are by different keys",
                    );
                }
                first.get_or_insert(verified);
            }
            Err(problem) => {
                let (french, english) = (problem.in_words(Language::French), problem.in_words(Language::English));
                let name = if problem == ProofProblem::TooEntangled { ENTANGLED } else { "signature" };
                report.say(Verdict::Fails, name, french, english);
            }
        }
    }
    first
}

fn issuer(report: &mut Report, document: &Value, verified: &Verified, trust: &Trust) {
    let did = issuer_of(document);
    let name = name_in_line(document["issuer"]["name"].as_str().unwrap_or(did));
    let pinned = trust.pinned_name(&verified.method);
    let owner = verified.method.split('#').next().unwrap_or_default();
    if did != owner {
        report.say(
            Verdict::Fails,
            "issuer",
            format!("émis au nom de « {did} », mais signé par une clé de « {owner} »"),
            format!("issued in the name of “{did}”, but signed by a key of “{owner}”"),
        );
        return;
    }
    let fingerprint = verified.key.fingerprint();
    match trust.standing(&verified.method, verified.created) {
        Standing::Trusted => report.say(
            Verdict::Holds,
            "issuer",
            format!(
                "signé par la clé {fingerprint}, à laquelle vous faites confiance ({pinned}) ; elle se nomme « {name} »"
            ),
            format!("signed by the key {fingerprint}, which you trust ({pinned}); it calls itself “{name}”"),
        ),
        Standing::Retired => report.say(
            Verdict::Fails,
            "issuer",
            format!("cette clé de « {name} » était déjà retirée le jour de la signature"),
            format!("this key of “{name}” was retired before the signature"),
        ),
        Standing::NotListed => report.say(
            Verdict::Fails,
            "issuer",
            format!("cette clé n'est pas parmi celles que « {did} » a publiées"),
            format!("this key is not among those that “{did}” published"),
        ),
        Standing::Unpinned => report.say_stranger(
            Stranger::Domain(did.to_owned()),
            "issuer",
            format!("la clé {fingerprint} se dit de « {did} », mais n'importe qui peut nommer une clé ainsi"),
            format!("the key {fingerprint} says it is of “{did}”, but anybody can name a key so"),
        ),
        Standing::Stranger => report.say_stranger(
            if did.starts_with("did:key:") { Stranger::Key(did.to_owned()) } else { Stranger::Domain(did.to_owned()) },
            "issuer",
            format!("la clé {fingerprint} dit être « {name} » ; vous n'avez pas dit si vous lui faites confiance"),
            format!("the key {fingerprint} says it is “{name}”; you have not said that you trust it"),
        ),
    }
}

fn dates(report: &mut Report, document: &Value, now: DateTime<Utc>) {
    let at = |name: &str| document.get(name).map(|value| instant(value.as_str()));
    let unreadable = |report: &mut Report| {
        report.say(Verdict::Fails, "dates", "une date est illisible", "a date is unreadable");
    };
    match at("validFrom") {
        Some(None) => return unreadable(report),
        Some(Some(from)) if from.signed_duration_since(now) > CLOCK_TOLERANCE => {
            let from = instant_text(from);
            report.say(
                Verdict::Fails,
                "dates",
                format!("ne vaut qu'à partir du {from}"),
                format!("holds only from {from} on"),
            );
        }
        _ => {}
    }
    match at("validUntil") {
        Some(None) => unreadable(report),
        Some(Some(until)) if until < now => {
            let until = instant_text(until);
            let (french, english) = (format!("a expiré le {until}"), format!("expired at {until}"));
            // What was revoked stays so: of an old list only what it does not say is unknown.
            let verdict = if report.kind == Kind::StatusList { Verdict::Unknown } else { Verdict::Fails };
            report.say_headline(verdict, Headline::Expired, "dates", french, english);
        }
        Some(Some(until)) => {
            let until = instant_text(until);
            report.say(Verdict::Holds, "dates", format!("vaut jusqu'au {until}"), format!("holds until {until}"));
        }
        None => {}
    }
}
