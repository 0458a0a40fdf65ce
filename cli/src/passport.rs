//! `passport`: what was recognised in a volunteer, for them to take away.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Arg, ArgMatches, Command};
use ledger::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, Language, PersonNumber, SkillNumber,
    badge::{Badge, HoursProof, baked_svg},
    clock::{Clock as _, Secrets as _, SystemClock},
    command::{self, By, Capacity, Key, Principal, Request},
    integrity::{self, Cryptosuite},
    key::{Issuer, KeyPurpose, PrivateKey, instant_text},
    log as sealed,
    recognition::{Level, RecognitionState},
    skill::SkillRef,
    statement::{CONTEXT_URL, CREDENTIALS_CONTEXT},
    status_list,
};
use serde_json::{Value, json};
use store::{BadgeRow, HoursLine, RecognitionLine, SystemSecrets, network_uuid};

use crate::{
    args,
    failure::Failure,
    file,
    keys::{keyring, keys_arg},
    report::{Align, Table, count, print_json},
    session::{Session, text, wants_json},
};

/// No badge carries more lines of hours; the earliest are left out.
const LINES_MOST: usize = 40;

pub(crate) fn args(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let inner = |name: &'static str, alias: &'static str, about: &'static str, example: &'static str| {
        args::verb(name, alias, about, example, language)
    };
    let said = |name: &'static str, alias: &'static str, help: &'static str| {
        Arg::new(name).long(name).visible_alias(alias).required(true).value_name(t("TEXTE", "TEXT")).help(help)
    };
    let number = || {
        args::required("recognition", "N", t("Le numéro de la reconnaissance", "The recognition's number"))
            .value_parser(clap::value_parser!(i64))
    };
    Command::new("passport")
        .visible_alias("passeport")
        .about(t("Le passeport d'engagement des bénévoles", "The volunteers' passports"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            inner("recognise", "reconnaitre", t("L'association aidée reconnaît une compétence d'un bénévole", "The association that was helped recognises a volunteer's competence"), "coudemain passport recognise 2025-00002 --person V0014 --level independent --context \"…\" --activities \"…\"")
                .arg(args::required("exchange", t("RÉFÉRENCE", "REFERENCE"), t("L'échange où elle s'est vue", "The exchange that it was seen in")))
                .arg(person_arg(language))
                .arg(Arg::new("skill").long("skill").visible_alias("competence").value_name(t("COMPÉTENCE", "SKILL")).help(t("Sinon celle de l'échange", "Else the exchange's")))
                .arg(Arg::new("level").long("level").visible_alias("niveau").required(true).value_name("supported|independent|reference").value_parser(clap::builder::PossibleValuesParser::new(["supported", "independent", "reference"])).help(t("Avec appui, en autonomie, ou référent", "With support, on their own, or others can turn to them")))
                .arg(said("context", "contexte", t("Dans quel cadre (ni santé, ni religion, ni opinion)", "In which setting (no health, religion or opinion)")))
                .arg(said("activities", "activites", t("Ce qui a été fait", "What was done"))),
            inner("accept", "accepter", t("Le bénévole accepte une reconnaissance", "The volunteer accepts a recognition"), "coudemain passport accept 4041 --as V0014").arg(number())
                .arg(Arg::new("guardian").long("guardian").visible_alias("tuteur").value_name(t("NOM", "NAME")).help(t("Le parent ou tuteur qui donne son accord, pour un mineur", "The parent or guardian who consents, for a minor"))),
            inner("withdraw", "retirer", t("Retire ou refuse une reconnaissance ; le badge est révoqué", "Takes a recognition back or declines it; the badge is revoked"), "coudemain passport withdraw 4041 --reason \"…\"")
                .arg(number())
                .arg(said("reason", "motif", t("Pourquoi", "Why"))),
            inner("list", "lister", t("Ce qui a été reconnu", "What was recognised"), "coudemain passport list --person V0014")
                .arg(person_arg(language).required(false))
                .arg(args::format(language)),
            inner("issue", "emettre", t("Écrit le passeport et les badges d'un bénévole", "Writes a volunteer's passport and badges"), "coudemain passport issue --person V0014 --out passeport")
                .arg(person_arg(language))
                .arg(keys_arg(language))
                .arg(Arg::new("out").long("out").required(true).value_name(t("DOSSIER", "FOLDER")).help(t("Le dossier où les écrire", "The folder to write them to")))
                .arg(Arg::new("no-pdf").long("no-pdf").visible_alias("sans-pdf").action(clap::ArgAction::SetTrue).help(t("Sans la version à lire", "Without the one to read"))),
            inner("status", "revocations", t("Signe la liste de ce qui est révoqué, à publier", "Signs the list of what is revoked, to publish"), "coudemain passport status --out status.json")
                .arg(keys_arg(language))
                .arg(Arg::new("out").long("out").required(true).value_name(t("FICHIER", "FILE")).help(t("Le fichier à écrire", "The file to write"))),
        ])
}

pub(crate) fn person_arg(language: Language) -> Arg {
    Arg::new("person")
        .long("person")
        .visible_alias("personne")
        .required(true)
        .value_name("CODE")
        .help(language.pick("Le code de la personne", "The person's code"))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    match args.subcommand() {
        Some(("recognise", verb)) => recognise(verb, language).await,
        Some(("accept", verb)) => accept(verb, language).await,
        Some(("withdraw", verb)) => withdraw(verb, language).await,
        Some(("list", verb)) => list(verb, language).await,
        Some(("issue", verb)) => issue(verb, language).await,
        Some(("status", verb)) => status(verb, language).await,
        _ => Ok(true),
    }
}

/// The person of that code.
pub(crate) fn person(session: &Session, code: &str) -> Result<PersonNumber, Failure> {
    let found = session.registry.person_with_code(code).map(|person| person.number);
    found.ok_or_else(|| Failure::said(format!("personne inconnue : « {code} »"), format!("unknown person: “{code}”")))
}

/// Hands a request in under a key that a repeat bears too.
async fn submit(session: &Session, key: String, by: By, command: command::Command) -> Result<ActNumber, Failure> {
    let writer = session.writer();
    let request = Request {
        digest: sealed::leaf_hash(format!("{command:?}").as_bytes()),
        key: Key { scope: "operator".to_owned(), key },
        by,
        seen: None,
        command,
    };
    let receipt = writer.submit(session.network_id, request).await.map_err(|error| session.said(error));
    writer.stop().await;
    Ok(receipt?.act)
}

/// Whoever is named by `--as` speaks for an association or for themselves; the operator writes down what they said.
fn speaking_for(session: &Session, capacity: Capacity) -> By {
    match session.by.principal {
        Principal::Operator => session.by,
        principal @ Principal::Person(_) => By { principal, capacity },
    }
}

async fn recognise(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let reference = text(args, "exchange");
    let found = session.store.exchanges_of_references(session.network_id, std::iter::once(reference)).await?;
    let exchange = found.get(reference).copied().ok_or_else(|| {
        Failure::said(format!("échange inconnu : « {reference} »"), format!("unknown exchange: “{reference}”"))
    })?;
    let code = text(args, "person");
    let person = person(&session, code)?;
    let level = Level::try_from(text(args, "level")).unwrap_or(Level::Independent);
    let receiver = receiver(&session, exchange).await?;
    let by = speaking_for(&session, Capacity::Association(receiver));
    let skill = args.get_one::<String>("skill").map(|name| SkillRef::Name(name.clone()));
    let key = format!("recognise:{exchange}:{person}:{}", args.get_one::<String>("skill").map_or("", String::as_str));
    let command = command::Command::Recognise {
        exchange,
        person,
        skill,
        level,
        context: text(args, "context").to_owned(),
        activities: text(args, "activities").to_owned(),
    };
    let act = submit(&session, key, by, command).await?;
    say_line!(
        "{}",
        language.pick(
            format!("Reconnaissance n° {act} enregistrée. Au bénévole de l'accepter : coudemain passeport accepter {act} --as {code}"),
            format!("Recognition {act} recorded. It is for the volunteer to accept it: coudemain passport accept {act} --as {code}"),
        )
    );
    Ok(true)
}

async fn receiver(session: &Session, exchange: ExchangeNumber) -> Result<AssociationNumber, Failure> {
    let exchanges = session.store.exchanges(session.network_id, false).await?;
    let found = exchanges.into_iter().find(|line| line.exchange == exchange.0);
    Ok(AssociationNumber(found.map(|line| line.receiver).unwrap_or_default()))
}

async fn accept(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let number = args.get_one::<i64>("recognition").copied().unwrap_or_default();
    let by = speaking_for(&session, Capacity::Oneself);
    let guardian = args.get_one::<String>("guardian").cloned();
    let command = command::Command::AcceptRecognition { recognition: ActNumber(number), guardian };
    submit(&session, format!("accept:{number}"), by, command).await?;
    say_line!(
        "{}",
        language.pick(format!("Reconnaissance n° {number} acceptée."), format!("Recognition {number} accepted."))
    );
    Ok(true)
}

async fn withdraw(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let number = args.get_one::<i64>("recognition").copied().unwrap_or_default();
    let lines = session.store.recognitions(session.network_id, None).await?;
    let found = lines.iter().map(|line| line.recognition).find(|found| found.number.0 == number);
    let is_own = found.is_some_and(|found| session.by.principal == Principal::Person(found.person));
    let capacity = match found {
        Some(found) if !is_own => Capacity::Association(found.association),
        _ => Capacity::Oneself,
    };
    let command = command::Command::WithdrawRecognition {
        recognition: ActNumber(number),
        reason: text(args, "reason").to_owned(),
    };
    submit(&session, format!("withdraw:{number}"), speaking_for(&session, capacity), command).await?;
    say_line!(
        "{}",
        language.pick(
            format!("Reconnaissance n° {number} retirée. Publiez la liste à jour : coudemain passeport revocations --out status.json"),
            format!("Recognition {number} withdrawn. Publish the new list: coudemain passport status --out status.json"),
        )
    );
    Ok(true)
}

async fn list(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = args.get_one::<String>("person").map(|code| person(&session, code)).transpose()?;
    let lines = session.store.recognitions(session.network_id, wanted).await?;
    if wants_json(args) {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| {
                let recognition = &line.recognition;
                json!({
                    "number": recognition.number.0, "person": recognition.person.0,
                    "association": session.name_of(recognition.association),
                    "skill": skill_name(&session, recognition.skill), "level": recognition.level.as_str(),
                    "state": recognition.state.as_str(), "context": line.context, "activities": line.activities,
                })
            })
            .collect();
        print_json(&json!(lines))?;
        return Ok(true);
    }
    let mut table = Table::new(&[
        ("N°", Align::Right),
        (language.pick("Personne", "Person"), Align::Left),
        (language.pick("Compétence", "Skill"), Align::Left),
        (language.pick("Niveau", "Level"), Align::Left),
        (language.pick("Reconnue par", "Recognised by"), Align::Left),
        (language.pick("État", "State"), Align::Left),
    ]);
    for RecognitionLine { recognition, .. } in &lines {
        let code = session.store.identity(session.network_id, recognition.person).await?;
        table.row(vec![
            recognition.number.to_string(),
            code.map_or_else(|| format!("n° {}", recognition.person), |identity| identity.code),
            skill_name(&session, recognition.skill),
            recognition.level.in_words(language).to_owned(),
            session.name_of(recognition.association),
            recognition.state.in_words(language).to_owned(),
        ]);
    }
    say_line!("{table}");
    Ok(true)
}

pub(crate) fn skill_name(session: &Session, skill: SkillNumber) -> String {
    let found = session.registry.skills().iter().find(|found| found.number == skill);
    found.map_or_else(|| format!("n° {skill}"), |skill| skill.name.clone())
}

/// What signs credentials.
struct Signer {
    key: PrivateKey,
    issuer: Issuer,
}

impl Signer {
    async fn new(args: &ArgMatches, session: &Session) -> Result<Self, Failure> {
        let in_use = session.store.key_in_use(session.network_id, KeyPurpose::Credential).await?;
        let key = keyring(args, session).load(KeyPurpose::Credential, in_use.key)?;
        Ok(Self { key, issuer: in_use.issuer() })
    }

    fn sign(&self, document: &mut Value, suites: &[Cryptosuite], at: DateTime<Utc>) -> Result<(), Failure> {
        integrity::sign(document, suites, &self.key, &self.issuer, at)
            .map_err(|problem| Failure::said(problem.in_words(Language::French), problem.in_words(Language::English)))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn unwritable(error: serde_json::Error) -> Failure {
    Failure::said(format!("le badge ne s'écrit pas : {error}"), format!("the badge cannot be written: {error}"))
}

async fn issue(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let person = person(&session, text(args, "person"))?;
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
    let (association, skill) = (session.name_of(recognition.association), skill_name(session, recognition.skill));
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
        let skill = line.skill.map_or_else(String::new, |skill| skill_name(session, skill));
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
    let skill = skill_name(session, line.recognition.skill);
    let association = session.name_of(line.recognition.association);
    let name = format!("badge-{}", badge.recognition);
    file::write(&out.join(format!("{name}.json")), &badge.bytes)?;
    let signed = String::from_utf8_lossy(&badge.bytes);
    let svg = baked_svg(&signed, &skill, &association, &session.network.name);
    file::write(&out.join(format!("{name}.svg")), svg.as_bytes())
}

async fn write_status(session: &Session, signer: &Signer, path: &Path) -> Result<(), Failure> {
    let list = session.store.status_list(session.network_id).await?;
    let at = SystemClock.now();
    let mut document = status_list::credential(&list, session.network.uuid, &session.network.name, &signer.issuer, at);
    signer.sign(&mut document, &[Cryptosuite::EddsaJcs2022], at)?;
    file::write(path, &serde_json::to_vec_pretty(&document).map_err(unwritable)?)
}

async fn status(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let signer = Signer::new(args, &session).await?;
    let out = text(args, "out");
    write_status(&session, &signer, Path::new(out)).await?;
    say_line!(
        "{}",
        language.pick(
            format!("Liste signée dans « {out} » : publiez-la, elle ne dit que ce qui vaut à cette date."),
            format!("List signed in “{out}”: publish it, it says only what holds at this date."),
        )
    );
    Ok(true)
}
