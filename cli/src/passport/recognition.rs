//! `passport recognise`, `accept`, `withdraw`, `list`: what an association saw in somebody who helped it.

use clap::{Arg, ArgMatches, builder::PossibleValuesParser, value_parser};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Language,
    command::{By, Capacity, Command, Principal, Request},
    content,
    occasion::Occasion,
    recognition::Level,
    skill::SkillRef,
};
use serde_json::json;
use store::RecognitionLine;

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, print_json},
    session::{Session, text, wants_json},
};

pub(super) fn recognise_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "L'association aidée reconnaît une compétence d'un bénévole",
        "The association that was helped recognises a volunteer's competence",
    );
    let example =
        "coudemain passport recognise 2025-00002 --person V0014 --level independent --context \"…\" --activities \"…\"";
    let exchange = t("L'échange où elle s'est vue", "The exchange that it was seen in");
    arguments::ledger_verb("recognise", "reconnaitre", about, example, language)
        .arg(arguments::required("exchange", t("RÉFÉRENCE", "REFERENCE"), exchange))
        .arg(arguments::person(language))
        .arg(
            Arg::new("skill")
                .long("skill")
                .visible_alias("competence")
                .value_name(t("COMPÉTENCE", "SKILL"))
                .help(t("Sinon celle de l'échange", "Else the exchange's")),
        )
        .arg(
            Arg::new("level")
                .long("level")
                .visible_alias("niveau")
                .required(true)
                .value_name("supported|independent|reference")
                .value_parser(PossibleValuesParser::new(["supported", "independent", "reference"]))
                .help(t(
                    "Avec appui, en autonomie, ou référent",
                    "With support, on their own, or others can turn to them",
                )),
        )
        .arg(said("context", "contexte", language).help(t(
            "Dans quel cadre (ni santé, ni religion, ni opinion)",
            "In which setting (no health, religion or opinion)",
        )))
        .arg(said("activities", "activites", language).help(t("Ce qui a été fait", "What was done")))
}

pub(super) async fn recognise(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let reference = text(args, "exchange");
    let exchange = session.exchange(reference).await?.exchange.number;
    let code = text(args, "person");
    let person = session.person(code)?;
    let level = Level::try_from(text(args, "level")).unwrap_or(Level::Independent);
    let receiver = receiver(&session, exchange).await?;
    let by = speaking_for(&session, Capacity::Association(receiver));
    let skill = args.get_one::<String>("skill").map(|name| SkillRef::Name(name.clone()));
    let (context, activities) = (text(args, "context"), text(args, "activities"));
    let digest = content::recognition(exchange, person, skill.as_ref(), level, [context, activities]);
    let asked_for = args.get_one::<String>("skill").map_or("", String::as_str);
    let command = Command::Recognise {
        exchange,
        person,
        skill,
        level,
        context: context.to_owned(),
        activities: activities.to_owned(),
    };
    let occasion = Occasion::Recognition { exchange, person, skill: asked_for };
    let act = submit(&session, occasion.request_about(digest, by, command)).await?;
    say_line!(
        "{}",
        language.pick(
            format!("Reconnaissance n° {act} enregistrée. Au bénévole de l'accepter : coudemain passeport accepter {act} --as {code}"),
            format!("Recognition {act} recorded. It is for the volunteer to accept it: coudemain passport accept {act} --as {code}"),
        )
    );
    Ok(true)
}

pub(super) fn accept_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Le bénévole accepte une reconnaissance", "The volunteer accepts a recognition");
    arguments::ledger_verb("accept", "accepter", about, "coudemain passport accept 4041 --as V0014", language)
        .arg(number(language))
        .arg(Arg::new("guardian").long("guardian").visible_alias("tuteur").value_name(t("NOM", "NAME")).help(t(
            "Le parent ou tuteur qui donne son accord, pour un mineur",
            "The parent or guardian who consents, for a minor",
        )))
}

pub(super) async fn accept(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let number = args.get_one::<i64>("recognition").copied().unwrap_or_default();
    let by = speaking_for(&session, Capacity::Oneself);
    let guardian = args.get_one::<String>("guardian").cloned();
    let recognition = ActNumber(number);
    let digest = content::acceptance(recognition, guardian.as_deref());
    let command = Command::AcceptRecognition { recognition, guardian };
    submit(&session, Occasion::Acceptance(recognition).request_about(digest, by, command)).await?;
    say_line!(
        "{}",
        language.pick(format!("Reconnaissance n° {number} acceptée."), format!("Recognition {number} accepted."))
    );
    Ok(true)
}

pub(super) fn withdraw_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Retire ou refuse une reconnaissance ; le badge est révoqué",
        "Takes a recognition back or declines it; the badge is revoked",
    );
    arguments::ledger_verb("withdraw", "retirer", about, "coudemain passport withdraw 4041 --reason \"…\"", language)
        .arg(number(language))
        .arg(said("reason", "motif", language).help(t("Pourquoi", "Why")))
}

pub(super) async fn withdraw(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let number = args.get_one::<i64>("recognition").copied().unwrap_or_default();
    let lines = session.store.recognitions(session.network_id, None).await?;
    let found = lines.iter().map(|line| line.recognition).find(|found| found.number.0 == number);
    let is_own = found.is_some_and(|found| session.by.principal == Principal::Person(found.person));
    let capacity = match found {
        Some(found) if !is_own => Capacity::Association(found.association),
        _ => Capacity::Oneself,
    };
    let (recognition, reason) = (ActNumber(number), text(args, "reason"));
    let digest = content::withdrawal(recognition, reason);
    let command = Command::WithdrawRecognition { recognition, reason: reason.to_owned() };
    let by = speaking_for(&session, capacity);
    submit(&session, Occasion::Withdrawal(recognition).request_about(digest, by, command)).await?;
    say_line!(
        "{}",
        language.pick(
            format!("Reconnaissance n° {number} retirée. Publiez la liste à jour : coudemain passeport revocations --out status.json"),
            format!("Recognition {number} withdrawn. Publish the new list: coudemain passport status --out status.json"),
        )
    );
    Ok(true)
}

pub(super) fn list_arguments(language: Language) -> clap::Command {
    let about = language.pick("Ce qui a été reconnu", "What was recognised");
    arguments::ledger_verb("list", "lister", about, "coudemain passport list --person V0014", language)
        .arg(arguments::person(language).required(false))
        .arg(arguments::format(language))
}

pub(super) async fn list(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = args.get_one::<String>("person").map(|code| session.person(code)).transpose()?;
    let lines = session.store.recognitions(session.network_id, wanted).await?;
    if wants_json(args) {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| {
                let recognition = &line.recognition;
                json!({
                    "number": recognition.number.0, "person": recognition.person.0,
                    "association": session.name_of(recognition.association),
                    "skill": session.skill_name(recognition.skill), "level": recognition.level.as_str(),
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
            session.skill_name(recognition.skill),
            recognition.level.in_words(language).to_owned(),
            session.name_of(recognition.association),
            recognition.state.in_words(language).to_owned(),
        ]);
    }
    say_line!("{table}");
    Ok(true)
}

/// Which recognition.
fn number(language: Language) -> Arg {
    let help = language.pick("Le numéro de la reconnaissance", "The recognition's number");
    arguments::required("recognition", "N", help).value_parser(value_parser!(i64))
}

/// Something to say in one's own words.
fn said(name: &'static str, alias: &'static str, language: Language) -> Arg {
    Arg::new(name).long(name).visible_alias(alias).required(true).value_name(language.pick("TEXTE", "TEXT"))
}

async fn receiver(session: &Session, exchange: ExchangeNumber) -> Result<AssociationNumber, Failure> {
    let found = session.store.exchange(session.network_id, exchange).await?;
    let unknown = || Failure::said(format!("pas d'échange n° {exchange}"), format!("no exchange {exchange}"));
    Ok(found.ok_or_else(unknown)?.exchange.terms.receiver)
}

/// Whoever is named by `--as` speaks for an association or for themselves; the operator writes down what they said.
fn speaking_for(session: &Session, capacity: Capacity) -> By {
    match session.by.principal {
        Principal::Operator => session.by,
        principal @ Principal::Person(_) => By { principal, capacity },
    }
}

/// Hands a request in under a key that a repeat bears too.
async fn submit(session: &Session, request: Request) -> Result<ActNumber, Failure> {
    let writer = session.writer();
    let receipt = writer.submit(session.network_id, request).await.map_err(|error| session.said(error));
    writer.stop().await;
    Ok(receipt?.act)
}
