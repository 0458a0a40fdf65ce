//! The annual statement to read: one to three pages, fit to be shown at a general assembly.

use ledger::{
    Digest, Language, integrity, json,
    key::{Issuer, PublicKey},
    statement::{CountPart, Figures, PartnerPart, SkillPart},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    code,
    setter::{PrintError, Printed, Sheet},
    words,
};

const TEMPLATE: &str = include_str!("../templates/statement.typ");

/// Prints a signed statement; its bytes are attached as they are.
///
/// # Errors
/// When the document is no statement, or cannot be set.
pub fn statement(signed: &[u8], language: Language) -> Result<Printed, PrintError> {
    let document = json::parse(signed).map_err(|error| PrintError::Unreadable(error.to_string()))?;
    let figures: Figures = serde_json::from_value(document["credentialSubject"].clone())
        .map_err(|error| PrintError::Unreadable(error.to_string()))?;
    let created = document["proof"]["created"].as_str();
    let at = integrity::instant(created).ok_or_else(|| PrintError::Unreadable("no instant".to_owned()))?;
    let signature = Signature::of(&document, signed);
    let seal = code::svg(&signature.address).unwrap_or_default();
    let ident = format!("{} {}", figures.id, signature.digest);
    let view = view(&document, &figures, &signature, at, language);
    Sheet { template: TEMPLATE, view, images: vec![("seal.svg", seal)], attached: signed, at, ident }.set()
}

/// What is said of the signature.
pub(crate) struct Signature {
    pub(crate) did: String,
    pub(crate) fingerprint: String,
    pub(crate) digest: String,
    /// What the code leads to: the network's page for checking where it has one, otherwise the document's own name.
    pub(crate) address: String,
}

impl Signature {
    pub(crate) fn of(document: &Value, signed: &[u8]) -> Self {
        let proof = match &document["proof"] {
            Value::Array(proofs) => proofs.first().cloned().unwrap_or_default(),
            one => one.clone(),
        };
        let method = proof["verificationMethod"].as_str().unwrap_or_default();
        let fingerprint = Issuer::from_method(method).map(|issuer| PublicKey::fingerprint(issuer.key));
        let did = document["issuer"]["id"].as_str().unwrap_or_default().to_owned();
        let digest = Digest(Sha256::digest(signed).into()).to_hex();
        let address = match did.strip_prefix("did:web:") {
            Some(domain) => format!("https://{domain}/verify#sha256={digest}"),
            None => {
                let id = document["id"].as_str().or_else(|| document["credentialSubject"]["id"].as_str());
                format!("{}?sha256={digest}", id.unwrap_or_default())
            }
        };
        Self { did, fingerprint: fingerprint.unwrap_or_default(), digest, address }
    }

    pub(crate) fn view(&self, at: chrono::DateTime<chrono::Utc>, language: Language) -> Value {
        let day = language.pick(at.format("%d/%m/%Y"), at.format("%Y-%m-%d")).to_string();
        json!({
            "did": self.did,
            "fingerprint": self.fingerprint,
            "digest": grouped(&self.digest),
            "day": day,
        })
    }
}

/// Hexadecimal digits in groups of eight, so that they can be compared by eye.
fn grouped(digits: &str) -> String {
    let groups = digits.as_bytes().chunks(8).filter_map(|group| std::str::from_utf8(group).ok());
    groups.collect::<Vec<_>>().join(" ")
}

fn view(
    document: &Value,
    figures: &Figures,
    signature: &Signature,
    at: chrono::DateTime<chrono::Utc>,
    language: Language,
) -> Value {
    let show = |minutes: i64| words::minutes(minutes, language);
    let identifiers = figures.identifiers.iter();
    let identifiers =
        identifiers.map(|identifier| format!("{} {}", words::identifier(&identifier.kind, language), identifier.value));
    let is_provisional = figures.number.is_none();
    let mut lines = vec![
        json!([language.pick("Solde d'ouverture", "Opening balance"), show(figures.opening_minutes), ""]),
        json!([language.pick("Heures données", "Hours given"), words::signed(figures.given_minutes, language), ""]),
        json!([
            language.pick("Heures reçues", "Hours received"),
            words::signed(-figures.received_minutes, language),
            ""
        ]),
    ];
    lines.extend(
        figures
            .movements
            .iter()
            .map(|part| json!([words::kind(&part.kind, language), words::signed(part.minutes, language), ""])),
    );
    lines.push(json!([language.pick("Solde de clôture", "Closing balance"), show(figures.closing_minutes), "total"]));
    json!({
        "lang": language.as_str(),
        "network": document["issuer"]["name"].as_str().unwrap_or_default(),
        "provisional": is_provisional,
        "title": title(figures, is_provisional, language),
        "year": figures.year.to_string(),
        "number": figures.number.clone().unwrap_or_default(),
        "supersedes": figures.supersedes.as_ref().map(|before| language.pick(
            format!("Remplace le relevé n° {}", before.number),
            format!("Supersedes statement {}", before.number),
        )).unwrap_or_default(),
        "association": figures.name,
        "subject_title": figures.name,
        "short_title": shortened(&figures.name, 60),
        "identifiers": identifiers.collect::<Vec<_>>().join(" · "),
        "tiles": [
            [language.pick("données", "given"), show(figures.given_minutes)],
            [language.pick("reçues", "received"), show(figures.received_minutes)],
            [language.pick("solde au 31 décembre", "balance on 31 December"), show(figures.closing_minutes)],
        ],
        "lines": lines,
        "chart": chart(figures, language),
        "partners": figures.partners.iter().map(|part| partner(part, figures.partners.len(), language)).collect::<Vec<_>>(),
        "skills": figures.skills.iter().map(|part| skill(part, language)).collect::<Vec<_>>(),
        "volunteers": figures.volunteers.iter()
            .map(|part| json!([words::nature(&part.nature, language), show(part.minutes)])).collect::<Vec<_>>(),
        "known_by": counts(&figures.known_by, &ledger::words::known_by, language),
        "not_counted": counts(&figures.not_counted, &words::waiting, language),
        "seal_alt": signature.address,
        "signature": signature.view(at, language),
        "words": sentences(is_provisional, language),
    })
}

fn title(figures: &Figures, is_provisional: bool, language: Language) -> String {
    let year = figures.year;
    if is_provisional {
        language.pick(format!("Relevé provisoire {year}"), format!("Provisional statement {year}"))
    } else {
        language.pick(format!("Relevé annuel {year}"), format!("Annual statement {year}"))
    }
}

/// Two bars a month, as tall as they are long compared with the longest.
fn chart(figures: &Figures, language: Language) -> Value {
    let most = figures.months.iter().flat_map(|month| [month.given_minutes, month.received_minutes]).max();
    let most = most.unwrap_or_default().max(1);
    // In thousandths: a bar needs no more.
    let tall = |minutes: i64| (minutes.max(0) * 1_000 / most).to_string();
    let months = figures.months.iter().zip(words::months(language));
    let bars: Vec<_> =
        months.map(|(month, name)| json!([name, tall(month.given_minutes), tall(month.received_minutes)])).collect();
    let said = figures.months.iter().zip(words::months(language)).map(|(month, name)| {
        format!(
            "{name} {} / {}",
            words::minutes(month.given_minutes, language),
            words::minutes(month.received_minutes, language)
        )
    });
    json!({
        "bars": bars,
        "most": words::minutes(if most == 1 { 0 } else { most }, language),
        "alt": said.collect::<Vec<_>>().join(", "),
    })
}

/// In a long list each partner has one line; the whole name stands in the signed document.
fn partner(part: &PartnerPart, among: usize, language: Language) -> Value {
    let dash = |minutes| words::or_dash(minutes, language);
    let name = if among > 30 { shortened(&part.name, 42) } else { part.name.clone() };
    json!([name, dash(part.given_minutes), dash(part.received_minutes), correction(part.correction_minutes, language)])
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn skill(part: &SkillPart, language: Language) -> Value {
    let name = part.name.clone().unwrap_or_else(|| language.pick("Coup de main", "A helping hand").to_owned());
    let dash = |minutes| words::or_dash(minutes, language);
    json!([name, dash(part.given_minutes), dash(part.received_minutes), correction(part.correction_minutes, language)])
}

fn correction(minutes: i64, language: Language) -> String {
    if minutes == 0 { String::new() } else { words::signed(minutes, language) }
}

fn counts(parts: &[CountPart], word: &dyn Fn(&str, Language) -> String, language: Language) -> Vec<Value> {
    let line = |part: &CountPart| {
        json!([part.exchanges.to_string(), word(&part.kind, language), words::minutes(part.minutes, language)])
    };
    parts.iter().map(line).collect()
}

fn sentences(is_provisional: bool, language: Language) -> Value {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    json!({
        "summary": t("L'année en bref", "The year in short"),
        "months": t("Mois par mois", "Month by month"),
        "given": t("données", "given"),
        "received": t("reçues", "received"),
        "partners": t("Avec qui", "With whom"),
        "partner": t("Association", "Association"),
        "skills": t("Pour quoi", "With what skill"),
        "skill": t("Compétence", "Skill"),
        "given_column": t("Donné", "Given"),
        "received_column": t("Reçu", "Received"),
        "correction_column": t("Annul.", "Corr."),
        "amount": t("Durée", "Duration"),
        "line": t("Mouvement", "Movement"),
        "volunteers": t("Le temps des bénévoles", "Volunteers' time"),
        "nature": t("Nature", "Nature"),
        "volunteers_note": t(
            "Temps noté pour les personnes de l'association, toutes activités du registre confondues. Valorisation comptable : à valider avec votre expert-comptable.",
            "Time noted for the association's own people, in all activities of the ledger. Valuation in the accounts: to be confirmed by your accountant.",
        ),
        "known_by": t("D'où viennent ces chiffres", "Where these figures come from"),
        "not_counted": t("En attente, non compté", "Waiting, not counted"),
        "exchanges": t("échanges", "exchanges"),
        "none": t("Aucun échange cette année.", "No exchange this year."),
        "signed": t("Signé par", "Signed by"),
        "on": t("le", "on"),
        "key": t("Empreinte de la clé", "Fingerprint of the key"),
        "digest": t("Empreinte du document (SHA-256)", "Digest of the document (SHA-256)"),
        "attached": t("Le document signé est joint à ce PDF (signed.json). C'est lui qui fait foi.", "The signed document is attached to this PDF (signed.json). It is the original."),
        "verify": t("Comment vérifier", "How to check"),
        "verify_steps": t(
            "Avec le programme libre Coudemain, sans connexion : « coudemain verifier ce-fichier.pdf ». Ou extrayez la pièce jointe et donnez-la à n'importe quel vérificateur de Verifiable Credentials (eddsa-jcs-2022). Comparez l'empreinte de la clé à celle que le réseau publie.",
            "With the free program Coudemain, offline: “coudemain verify this-file.pdf”. Or take the attachment out and give it to any verifier of Verifiable Credentials (eddsa-jcs-2022). Compare the key's fingerprint with the one that the network publishes.",
        ),
        "page": t("page", "page"),
        "banner": if is_provisional { t("PROVISOIRE : l'exercice n'est pas clos. Dites à la coordination ce qui ne va pas.", "PROVISIONAL: the year is not closed. Tell the coordinator what is wrong.") } else { "" },
    })
}
