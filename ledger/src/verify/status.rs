//! Whether a credential was taken back, as far as a list at hand says so. And such lists themselves.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    report::{Headline, Kind, Report, Verdict},
    signed,
    trust::Trust,
};
use crate::{
    integrity::instant,
    key::instant_text,
    status_list::{StatusList, place_of},
};

/// Whether a credential was revoked, as far as a list at hand says so.
pub(super) fn verify(report: &mut Report, document: &Value, trust: &Trust, now: DateTime<Utc>) {
    let entry = &document["credentialStatus"];
    if entry.is_null() {
        return;
    }
    let place = place_of(document);
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
        // That a later one may exist is said of every statement.
        if report.kind == Kind::Statement {
            return report.say(
                Verdict::Holds,
                "status",
                "la liste de révocation du réseau, donnée avec lui, dirait s'il a été repris depuis",
                "the network's status list, given with it, would tell whether it was taken back since",
            );
        }
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

/// What a list says of a credential, if it may speak of it.
fn told_by_list(
    report: &mut Report,
    document: &Value,
    (bytes, published, place): (&[u8], &Value, u32),
    (trust, now): (&Trust, DateTime<Utc>),
) {
    // A credential of another kind is no list, however well it is signed.
    let is_sound = signed::parse(bytes).is_ok_and(|list| {
        let mut report = signed::verify(&list, trust, now);
        if report.kind == Kind::StatusList {
            list_itself(&mut report, &list);
        }
        report.kind == Kind::StatusList && report.holds()
    });
    // A list speaks of what its own issuer signed alone, under whichever key or name.
    let same_issuer =
        signed::issuer_of(published) == signed::issuer_of(document) || trust.are_of_one(document, published);
    let subject = &published["credentialSubject"];
    let is_of_revocations = subject["statusPurpose"] == "revocation" && subject["type"] == "BitstringStatusList";
    let revoked = subject["encodedList"].as_str().and_then(StatusList::decoded).and_then(|list| list.is_revoked(place));
    let made = instant(published["validFrom"].as_str());
    let until = instant(published["validUntil"].as_str());
    let is_older = instant(document["validFrom"].as_str()).is_some_and(|badge| made.is_none_or(|list| list < badge));
    let at = made.map(instant_text).unwrap_or_default();
    match revoked.filter(|_| is_sound && same_issuer && is_of_revocations) {
        Some(true) => report.say_headline(
            Verdict::Fails,
            Headline::Revoked,
            "status",
            format!("révoqué, selon la liste du {at}"),
            format!("revoked, says the list of {at}"),
        ),
        Some(false) if is_older => report.say(
            Verdict::Unknown,
            "status",
            "révocation non vérifiée : la liste donnée est plus ancienne que ce document, ou sans date",
            "revocation not checked: the given list is older than this document, or has no date",
        ),
        Some(false) if until.is_some_and(|until| until < now) => report.say(
            Verdict::Unknown,
            "status",
            format!("révocation non vérifiée : la liste donnée, du {at}, n'est plus à jour ; demandez au réseau celle d'aujourd'hui"),
            format!("revocation not checked: the given list, of {at}, is out of date; ask the network for today's"),
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

/// Checks a status list on its own.
pub(super) fn list_itself(report: &mut Report, document: &Value) {
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
