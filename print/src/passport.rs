//! A volunteer's passport to read: hours by skill and nature, and what was recognised.

use ledger::{Language, integrity, json};
use serde_json::{Value, json};

use crate::{
    code,
    setter::{PrintError, Printed, Sheet},
    statement::Signature,
    words,
};

const TEMPLATE: &str = include_str!("../templates/passport.typ");

/// Prints a passport; its signed documents are attached as they are.
///
/// # Errors
/// When the document is no passport, or cannot be set.
pub fn passport(bundle: &[u8], language: Language) -> Result<Printed, PrintError> {
    let unreadable = |problem: &str| PrintError::Unreadable(problem.to_owned());
    let document = json::parse(bundle).map_err(|error| PrintError::Unreadable(error.to_string()))?;
    let credentials = document["coudemainPassport"].as_array().ok_or_else(|| unreadable("no passport"))?;
    let (record, badges) = credentials.split_first().ok_or_else(|| unreadable("an empty passport"))?;
    let at = integrity::instant(record["proof"]["created"].as_str()).ok_or_else(|| unreadable("no instant"))?;
    let signature = Signature::of(record, bundle);
    let seal = code::svg(&signature.address).unwrap_or_default();
    let subject = &record["credentialSubject"];
    let name = subject["name"].as_str().unwrap_or_default();
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let view = json!({
        "lang": t("fr", "en"),
        "network": record["issuer"]["name"].as_str().unwrap_or_default(),
        "title": t("Passeport d'engagement", "Volunteer's passport"),
        "number": "",
        "association": name,
        "subject_title": name,
        "short_title": name,
        "period": period(subject, language),
        "hours": hours(subject, language),
        "badges": badges.iter().map(|badge| recognition(badge, language)).collect::<Vec<_>>(),
        "seal_alt": signature.address,
        "signature": signature.view(at, language),
        "words": {
            "hours": t("Heures données", "Hours given"),
            "skill": t("Compétence et nature", "Skill and nature"),
            "association": t("Pour", "For"),
            "amount": t("Durée", "Duration"),
            "recognised": t("Compétences reconnues", "Recognised competences"),
            "none": t("Aucune compétence reconnue pour l'instant.", "No competence was recognised yet."),
            "by": t("Reconnue par", "Recognised by"),
            "signed": t("Signé par", "Signed by"),
            "on": t("le", "on"),
            "key": t("Empreinte de la clé", "Fingerprint of the key"),
            "digest": t("Empreinte du document (SHA-256)", "Digest of the document (SHA-256)"),
            "attached": t("Les documents signés sont joints à ce PDF (signed.json).", "The signed documents are attached to this PDF (signed.json)."),
            "verify": t("Comment vérifier", "How to check"),
            "verify_steps": t(
                "Avec le programme libre Coudemain, sans connexion : « coudemain verifier ce-fichier.pdf ». Chaque compétence est aussi un Open Badge 3.0 à partager seul.",
                "With the free program Coudemain, offline: “coudemain verify this-file.pdf”. Each competence is an Open Badge 3.0 to share alone, too.",
            ),
            "page": t("page", "page"),
        },
    });
    let ident = format!("passport {}", signature.digest);
    Sheet { template: TEMPLATE, view, images: vec![("seal.svg", seal)], attached: bundle, at, ident }.set()
}

fn period(subject: &Value, language: Language) -> String {
    match (subject["from"].as_str(), subject["to"].as_str()) {
        (Some(from), Some(to)) => language.pick(format!("du {from} au {to}"), format!("{from} to {to}")),
        _ => String::new(),
    }
}

fn hours(subject: &Value, language: Language) -> Vec<Value> {
    let lines = subject["hours"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |line: &Value| {
        let nature = words::nature(line["nature"].as_str().unwrap_or_default(), language);
        let what = match line["skill"].as_str() {
            Some(skill) => format!("{skill} · {nature}"),
            None => nature,
        };
        let association = line["association"].as_str().unwrap_or_default();
        json!([what, association, words::minutes(line["minutes"].as_i64().unwrap_or_default(), language)])
    };
    lines.iter().map(line).collect()
}

fn recognition(badge: &Value, language: Language) -> Value {
    let subject = &badge["credentialSubject"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let day = integrity::instant(badge["validFrom"].as_str());
    let day = day.map(|at| language.pick(at.format("%d/%m/%Y"), at.format("%Y-%m-%d")).to_string());
    json!({
        "skill": text(&subject["achievement"]["description"]),
        "association": text(&subject["achievement"]["creator"]["name"]),
        "said": text(&subject["narrative"]),
        "criteria": text(&subject["achievement"]["criteria"]["narrative"]),
        "day": day.unwrap_or_default(),
        "id": text(&badge["id"]),
    })
}
