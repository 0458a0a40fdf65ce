//! What is particular to a badge: whether it was revoked, and the hours behind it. And status lists themselves.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    histories::{hold_against_others, hours_proofs},
    log,
    report::{Fact, Headline, Kind, Report, Verdict, name_in_line},
    signed,
    svg::Image,
    trust::Trust,
};
use crate::{
    Language, Minutes,
    badge::{HOURS_GENRE, HoursProof, baked_svg},
    checkpoint::Checkpoint,
    integrity::{Cryptosuite, instant, proofs_of},
    key::instant_text,
    note::{Note, VerifierKey},
    status_list::StatusList,
};

pub(super) fn verify(report: &mut Report, document: &Value, trust: &Trust, now: DateTime<Utc>) {
    report.facts = facts(document);
    status(report, document, trust, now);
    both_proofs(report, document);
    hours(report, document);
    heads(report, document, trust);
}

/// The heads that the hours hang from: by a key of the network's log, and of the one history that is known of it.
fn heads(report: &mut Report, document: &Value, trust: &Trust) {
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
            report.heads.push(note.clone());
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
        if report.kind == Kind::StatusList {
            status_list(&mut report, &list);
        }
        report.kind == Kind::StatusList && report.holds()
    });
    // A list speaks of its own issuer's badges alone, under whichever key or name.
    let same_issuer =
        signed::issuer_of(published) == signed::issuer_of(document) || trust.are_of_one(document, published);
    let subject = &published["credentialSubject"];
    let is_of_revocations = subject["statusPurpose"] == "revocation" && subject["type"] == "BitstringStatusList";
    let revoked = subject["encodedList"].as_str().and_then(StatusList::decoded).and_then(|list| list.is_revoked(place));
    let made = instant(published["validFrom"].as_str());
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
