//! The network's year for elected officials: two pages.

use ledger::{Language, integrity, json};
use serde_json::{Value, json};

use crate::{
    code,
    setter::{PrintError, Printed, Sheet},
    statement::Signature,
    words,
};

const TEMPLATE: &str = include_str!("../templates/network.typ");

/// Prints a network's signed report.
///
/// # Errors
/// When the document is no such report, or cannot be set.
pub fn network_report(signed: &[u8], language: Language) -> Result<Printed, PrintError> {
    let document = json::parse(signed).map_err(|error| PrintError::Unreadable(error.to_string()))?;
    let at = integrity::instant(document["proof"]["created"].as_str());
    let at = at.ok_or_else(|| PrintError::Unreadable("no instant".to_owned()))?;
    let signature = Signature::of(&document, signed);
    let seal = code::svg(&signature.address).unwrap_or_default();
    let subject = &document["credentialSubject"];
    let year = subject["year"].as_i64().unwrap_or_default();
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let name = subject["name"].as_str().unwrap_or_default();
    let years = subject["years"].as_array().map(Vec::as_slice).unwrap_or_default();
    let last = years.last().cloned().unwrap_or_default();
    let view = json!({
        "lang": t("fr", "en"),
        "network": name,
        "title": language.pick(format!("Bilan {year}"), format!("The year {year}")),
        "number": "",
        "subject_title": name,
        "short_title": name,
        "tiles": [
            [t("d'entraide", "of mutual help"), minutes(&last["givenMinutes"], language)],
            [t("associations et groupes actifs", "active members"), count(&last["associations"], language)],
            [t("échanges confirmés", "confirmed exchanges"), count(&last["exchanges"], language)],
        ],
        "years": compared(years, language),
        "years_header": std::iter::once(String::new()).chain(years.iter().map(|year| year["year"].to_string())).collect::<Vec<_>>(),
        "skills": named(&subject["skills"], language),
        "flows": flows(&subject["flows"], language),
        "natures": natures(&subject["natures"], language),
        "rate": subject["rateEuros"].as_str().map(|rate| language.pick(
            format!("Valorisation à {rate} € l'heure, à titre indicatif ; à valider avec votre expert-comptable."),
            format!("Valued at {rate} € an hour, as an indication; to be confirmed by your accountant."),
        )).unwrap_or_default(),
        "seal_alt": signature.address,
        "signature": signature.view(at, language),
        "words": {
            "banner": if subject["isClosed"].as_bool() == Some(true) { "" } else { t("PROVISOIRE : l'exercice n'est pas clos.", "PROVISIONAL: the year is not closed.") },
            "years": t("Trois années côte à côte", "Three years side by side"),
            "skills": t("Pour quoi on s'entraide", "What help is about"),
            "flows": t("Qui aide qui : les plus grands flux", "Who helps whom: the largest flows"),
            "natures": t("Les bénévoles", "The volunteers"),
            "natures_note": t("Les groupes de moins de cinq personnes ne sont pas détaillés.", "Groups of fewer than five persons are not shown."),
            "skill": t("Compétence", "Skill"),
            "amount": t("Durée", "Duration"),
            "from": t("A aidé", "Helped"),
            "to": t("A été aidé", "Was helped"),
            "nature": t("Nature", "Nature"),
            "persons": t("Personnes", "Persons"),
            "signed": t("Signé par", "Signed by"),
            "on": t("le", "on"),
            "key": t("Empreinte de la clé", "Fingerprint of the key"),
            "digest": t("Empreinte du document (SHA-256)", "Digest of the document (SHA-256)"),
            "attached": t("Le document signé est joint à ce PDF (signed.json).", "The signed document is attached to this PDF (signed.json)."),
            "verify": t("Comment vérifier", "How to check"),
            "verify_steps": t("« coudemain verifier ce-fichier.pdf », sans connexion.", "“coudemain verify this-file.pdf”, offline."),
            "page": t("page", "page"),
        },
    });
    let ident = format!("network {year} {}", signature.digest);
    Sheet { template: TEMPLATE, view, images: vec![("seal.svg", seal)], attached: signed, at, ident }.set()
}

fn minutes(value: &Value, language: Language) -> String {
    value.as_i64().map_or_else(|| "< 5".to_owned(), |minutes| words::minutes(minutes, language))
}

/// A count; what is hidden is shown as fewer than five.
fn count(value: &Value, language: Language) -> String {
    let Some(number) = value.as_u64() else { return "< 5".to_owned() };
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(language.pick("\u{a0}", ","))
}

fn compared(years: &[Value], language: Language) -> Vec<Value> {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let line = |label: &str, show: &dyn Fn(&Value) -> String| {
        Value::Array(std::iter::once(label.into()).chain(years.iter().map(|year| show(year).into())).collect())
    };
    let mut lines = vec![
        line(t("Heures d'entraide", "Hours of help"), &|year| minutes(&year["givenMinutes"], language)),
        line(t("Échanges confirmés", "Confirmed exchanges"), &|year| count(&year["exchanges"], language)),
        line(t("Membres actifs", "Active members"), &|year| count(&year["associations"], language)),
        line(t("Personnes engagées", "Persons engaged"), &|year| count(&year["volunteers"], language)),
    ];
    if years.iter().any(|year| year.get("valueEuros").is_some()) {
        lines.push(line(t("Valeur indicative", "Indicative value"), &|year| {
            format!("{} €", year["valueEuros"].as_str().unwrap_or_default().replace('.', language.pick(",", ".")))
        }));
    }
    lines
}

fn named(lines: &Value, language: Language) -> Vec<Value> {
    let lines = lines.as_array().map(Vec::as_slice).unwrap_or_default();
    lines.iter().map(|line| json!([line["name"], minutes(&line["minutes"], language)])).collect()
}

fn flows(lines: &Value, language: Language) -> Vec<Value> {
    let lines = lines.as_array().map(Vec::as_slice).unwrap_or_default();
    lines.iter().map(|line| json!([line["from"], line["to"], minutes(&line["minutes"], language)])).collect()
}

fn natures(lines: &Value, language: Language) -> Vec<Value> {
    let lines = lines.as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |line: &Value| {
        let nature = words::nature(line["nature"].as_str().unwrap_or_default(), language);
        json!([nature, count(&line["persons"], language), minutes(&line["minutes"], language)])
    };
    lines.iter().map(line).collect()
}
