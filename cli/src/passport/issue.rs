//! `passport issue`: a volunteer's passport, with a badge for each recognition that they accepted.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command};
use ledger::{
    ActNumber, Digest, Language, PersonNumber,
    badge::{Badge, HoursProof, baked_svg},
    clock::{Clock as _, Secrets as _, SystemClock},
    integrity::Cryptosuite,
    key::instant_text,
    recognition::RecognitionState,
    statement::{CONTEXT_URL, CREDENTIALS_CONTEXT},
};
use serde_json::{Value, json};
use store::{BadgeRow, HoursLine, RecognitionLine, SystemSecrets, network_uuid};

use super::{
    signer::{Signer, unwritable},
    status::write_status,
};
use crate::{
    arguments,
    failure::Failure,
    file,
    report::count,
    session::{Session, text},
};

/// No badge carries more lines of hours; the earliest are left out.
const LINES_MOST: usize = 40;

pub(super) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Écrit le passeport et les badges d'un bénévole", "Writes a volunteer's passport and badges");
    let example = "coudemain passport issue --person V0014 --out passeport";
    arguments::ledger_verb("issue", "emettre", about, example, language)
        .arg(arguments::person(language))
        .arg(arguments::keys(language))
        .arg(
            Arg::new("out")
                .long("out")
                .required(true)
                .value_name(t("DOSSIER", "FOLDER"))
                .help(t("Le dossier où les écrire", "The folder to write them to")),
        )
        .arg(
            Arg::new("no-pdf")
                .long("no-pdf")
                .visible_alias("sans-pdf")
                .action(ArgAction::SetTrue)
                .help(t("Sans la version à lire", "Without the one to read")),
        )
}

pub(super) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let person = session.person(text(args, "person"))?;
    let signer = Signer::new(args, &session).await?;
    let out = PathBuf::from(text(args, "out"));
    let identity = session.store.identity(session.network_id, person).await?;
    let name = identity.map(|identity| {
        let names = [identity.first_name, identity.last_name].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if names.is_empty() { identity.code } else { names }
    });
    let name = name.unwrap_or_default();
    let hours = session.store.hours_of(session.network_id, person).await?;
    let lines = session.store.recognitions(session.network_id, Some(person)).await?;
    let accepted = lines.iter().filter(|line| line.recognition.state == RecognitionState::Accepted);
    let mut made: HashMap<ActNumber, BadgeRow> = session
        .store
        .badges_of(session.network_id, person)
        .await?
        .into_iter()
        .map(|badge| (badge.recognition, badge))
        .collect();
    fs::create_dir_all(&out)?;
    let mut credentials = vec![record(&session, &signer, &name, &hours)?];
    for line in accepted {
        let badge = match made.remove(&line.recognition.number) {
            Some(badge) => badge,
            None => make(args, &session, &signer, (person, &name), line, &hours).await?,
        };
        write_badge(&session, &out, line, &badge)?;
        credentials.push(serde_json::from_slice(&badge.bytes).map_err(unwritable)?);
    }
    let badges = credentials.len() - 1;
    let passport = json!({ "coudemainPassport": credentials });
    let bytes = serde_json::to_vec_pretty(&passport).map_err(unwritable)?;
    file::write(&out.join("passport.json"), &bytes)?;
    if !args.get_flag("no-pdf") {
        crate::pdf::passport(&out.join("passport.pdf"), &bytes, language)?;
    }
    write_status(&session, &signer, &out.join("status.json")).await?;
    say_line!(
        "{}",
        language.pick(
            format!(
                "{} dans « {} », avec le passeport et la liste de révocation.",
                count(badges, language, ("badge", "badges"), ("", "")),
                out.display()
            ),
            format!(
                "{} in “{}”, with the passport and the status list.",
                count(badges, language, ("", ""), ("badge", "badges")),
                out.display()
            ),
        )
    );
    Ok(true)
}

/// A badge that was not made yet: signed, then kept, so that the same one is handed out again.
async fn make(
    args: &ArgMatches,
    session: &Session,
    signer: &Signer,
    (person, name): (PersonNumber, &str),
    line: &RecognitionLine,
    hours: &[HoursLine],
) -> Result<BadgeRow, Failure> {
    let recognition = &line.recognition;
    let at = SystemClock.now();
    let mut secrets = SystemSecrets::new();
    let proofs = hours_proofs(args, session, line, hours).await?;
    let status = session.store.draw_status(session.network_id, at, &mut secrets).await?;
    let (association, skill) = (session.name_of(recognition.association), session.skill_name(recognition.skill));
    let known = session.registry.skills().iter().find(|known| known.number == recognition.skill);
    let alignments = known.map(|known| known.alignments.clone()).unwrap_or_default();
    let badge = Badge {
        id: network_uuid(at, &mut secrets),
        subject: ledger_random_uuid(&mut secrets),
        network: session.network.uuid,
        network_name: &session.network.name,
        issuer: &signer.issuer,
        at,
        person_name: name,
        association: (recognition.association, &association),
        skill: (recognition.skill, &skill),
        alignments: &alignments,
        level: recognition.level,
        context: line.context.as_deref().unwrap_or_default(),
        activities: line.activities.as_deref().unwrap_or_default(),
        hours: &proofs,
        status,
    };
    let mut document = badge.credential().map_err(unwritable)?;
    signer.sign(&mut document, &[Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022], at)?;
    let bytes = serde_json::to_vec_pretty(&document).map_err(unwritable)?;
    let row = BadgeRow { recognition: recognition.number, id: badge.id, status, bytes };
    session.store.keep_badge(session.network_id, person, &row, at).await?;
    Ok(row)
}

/// A name that says nothing of when or for whom it was drawn (RFC 9562, version 4).
fn ledger_random_uuid(secrets: &mut SystemSecrets) -> uuid::Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&secrets.key().0[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// The lines that say that this person helped this association with this skill, and were not taken back.
async fn hours_proofs(
    args: &ArgMatches,
    session: &Session,
    line: &RecognitionLine,
    hours: &[HoursLine],
) -> Result<Vec<HoursProof>, Failure> {
    let recognition = &line.recognition;
    let is_about =
        |hours: &&HoursLine| hours.helped == Some(recognition.association) && hours.skill == Some(recognition.skill);
    let mut taken_back: Vec<i64> =
        hours.iter().filter(is_about).map(|hours| hours.minutes.get()).filter(|minutes| *minutes < 0).collect();
    let mut standing: Vec<&HoursLine> = Vec::new();
    for hours in hours.iter().filter(is_about).filter(|hours| hours.minutes.is_positive()) {
        match taken_back.iter().position(|minutes| -minutes == hours.minutes.get()) {
            Some(place) => drop(taken_back.swap_remove(place)),
            None => standing.push(hours),
        }
    }
    let newest = standing.len().saturating_sub(LINES_MOST);
    let signed = crate::log::sign(args, session).await?;
    let log_key = session.store.log_key(session.network_id).await?.to_string();
    let mut proofs = Vec::new();
    for hours in standing.drain(newest..) {
        let Some(key) = hours.key else { continue };
        let proof = session.store.inclusion_under(session.network_id, hours.act, &signed).await?;
        proofs.push(HoursProof {
            leaf: hours.leaf.clone(),
            line: hours.line,
            person: recognition.person.0,
            key: Digest(key.0).to_hex(),
            proof: proof.to_text(),
            log_key: log_key.clone(),
        });
    }
    Ok(proofs)
}

/// Hours by skill, nature and association, signed: the part of a passport that is no recognition.
fn record(session: &Session, signer: &Signer, name: &str, hours: &[HoursLine]) -> Result<Value, Failure> {
    let mut sums: BTreeMap<(String, &str, String), i64> = BTreeMap::new();
    for line in hours {
        let skill = line.skill.map_or_else(String::new, |skill| session.skill_name(skill));
        let association = session.name_of(line.association);
        *sums.entry((skill, line.nature.as_str(), association)).or_default() += line.minutes.get();
    }
    let lines: Vec<_> = sums
        .into_iter()
        .filter(|(_, minutes)| *minutes != 0)
        .map(|((skill, nature, association), minutes)| {
            let mut line = json!({ "nature": nature, "association": association, "minutes": minutes });
            if !skill.is_empty() {
                line["skill"] = skill.into();
            }
            line
        })
        .collect();
    let at = SystemClock.now();
    let dates = || hours.iter().map(|line| line.service_date);
    let mut document = json!({
        "@context": [CREDENTIALS_CONTEXT, CONTEXT_URL],
        "type": ["VerifiableCredential", "VolunteerRecord"],
        "name": format!("Heures de bénévolat : {name}"),
        "issuer": { "id": signer.issuer.did, "name": session.network.name },
        "validFrom": instant_text(at),
        "credentialSubject": {
            "id": format!("urn:uuid:{}", ledger_random_uuid(&mut SystemSecrets::new())),
            "name": name,
            "from": dates().min().map(|date| date.to_string()),
            "to": dates().max().map(|date| date.to_string()),
            "hours": lines,
        },
    });
    signer.sign(&mut document, &[Cryptosuite::EddsaJcs2022], at)?;
    Ok(document)
}

fn write_badge(session: &Session, out: &Path, line: &RecognitionLine, badge: &BadgeRow) -> Result<(), Failure> {
    let skill = session.skill_name(line.recognition.skill);
    let association = session.name_of(line.recognition.association);
    let name = format!("badge-{}", badge.recognition);
    file::write(&out.join(format!("{name}.json")), &badge.bytes)?;
    let signed = String::from_utf8_lossy(&badge.bytes);
    let svg = baked_svg(&signed, &skill, &association, &session.network.name);
    file::write(&out.join(format!("{name}.svg")), svg.as_bytes())
}
