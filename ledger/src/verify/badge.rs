//! What is particular to a badge: whether it was revoked, and the hours behind it. And status lists themselves.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    report::{Fact, Kind, Report, Verdict, name_in_line},
    signed,
    trust::Trust,
};
use crate::{
    Language, Minutes,
    badge::{HOURS_GENRE, HoursProof},
    integrity::{Cryptosuite, instant, proofs_of},
    key::instant_text,
    status_list::StatusList,
};

pub(super) fn verify(report: &mut Report, document: &Value, trust: &Trust, now: DateTime<Utc>) {
    report.facts = facts(document);
    status(report, document, trust, now);
    both_proofs(report, document);
    hours(report, document);
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

/// Whether the badge was revoked, as far as a list at hand says so.
fn status(report: &mut Report, document: &Value, trust: &Trust, now: DateTime<Utc>) {
    let entry = &document["credentialStatus"];
    if entry.is_null() {
        return;
    }
    let place = entry["statusListIndex"].as_str().and_then(|place| place.parse::<u32>().ok());
    let (Some(list), Some(place), Some("BitstringStatusListEntry"), Some("revocation")) =
        (entry["statusListCredential"].as_str(), place, entry["type"].as_str(), entry["statusPurpose"].as_str())
    else {
        report.say(
            Verdict::Fails,
            "status",
            "l'indication de révocation est illisible",
            "the revocation entry is unreadable",
        );
        return;
    };
    let lists = trust.others.iter().filter_map(|other| {
        let document = other.document.as_ref()?;
        (document["id"].as_str() == Some(list)).then_some((&other.bytes, document))
    });
    // The newest list at hand is the one that counts.
    let newest = lists.max_by_key(|(_, list)| instant(list["validFrom"].as_str()));
    let Some((bytes, published)) = newest else {
        report.say(
            Verdict::Unknown,
            "status",
            "révocation non vérifiée : donnez aussi la liste de révocation du réseau",
            "revocation not checked: give the network's status list, too",
        );
        return;
    };
    told_by_list(report, document, (bytes, published, place), (trust, now));
}

/// What a list says of a badge, if it may speak of it.
fn told_by_list(
    report: &mut Report,
    document: &Value,
    (bytes, published, place): (&[u8], &Value, u32),
    (trust, now): (&Trust, DateTime<Utc>),
) {
    // A credential of another kind is no list, however well it is signed.
    let is_sound = signed::parse(bytes).is_ok_and(|list| {
        let mut report = signed::verify(&list, trust, now);
        status_list(&mut report, &list);
        report.kind == Kind::StatusList && report.holds()
    });
    // A list speaks of its own issuer's badges alone.
    let same_issuer = signed::issuer_of(published) == signed::issuer_of(document);
    let subject = &published["credentialSubject"];
    let is_of_revocations = subject["statusPurpose"] == "revocation" && subject["type"] == "BitstringStatusList";
    let revoked = subject["encodedList"].as_str().and_then(StatusList::decoded).and_then(|list| list.is_revoked(place));
    let made = instant(published["validFrom"].as_str());
    let is_older = instant(document["validFrom"].as_str()).is_some_and(|badge| made.is_none_or(|list| list < badge));
    let at = made.map(instant_text).unwrap_or_default();
    match revoked.filter(|_| is_sound && same_issuer && is_of_revocations) {
        Some(true) => report.say(
            Verdict::Fails,
            "status",
            format!("révoqué, selon la liste du {at}"),
            format!("revoked, says the list of {at}"),
        ),
        Some(false) if is_older => report.say(
            Verdict::Unknown,
            "status",
            "révocation non vérifiée : la liste donnée est plus ancienne que le badge, ou sans date",
            "revocation not checked: the given list is older than the badge, or has no date",
        ),
        Some(false) => report.say(
            Verdict::Holds,
            "status",
            format!("non révoqué au {at}, date de la liste donnée"),
            format!("not revoked as of {at}, the date of the given list"),
        ),
        None => report.say(
            Verdict::Fails,
            "status",
            "la liste de révocation donnée n'est pas valable",
            "the given status list does not hold",
        ),
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

/// Checks a status list on its own.
pub(super) fn status_list(report: &mut Report, document: &Value) {
    debug_assert_eq!(report.kind, Kind::StatusList);
    let encoded = document["credentialSubject"]["encodedList"].as_str();
    report.judge(
        encoded.and_then(StatusList::decoded).is_some(),
        "list",
        ("la liste se lit", "the list can be read"),
        ("la liste est illisible ou trop courte", "the list is unreadable or too short"),
    );
    let at = instant(document["validFrom"].as_str()).map(instant_text).unwrap_or_default();
    report.say(
        Verdict::Holds,
        "freshness",
        format!("elle dit ce qui était révoqué le {at}, et rien de plus récent"),
        format!("it says what was revoked at {at}, and nothing later"),
    );
}
