//! `person list`, `grant` and `revoke`: who may act, and for whom.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches, builder::PossibleValuesParser};
use ledger::{
    AssociationNumber, Language, PersonNumber,
    command::{Command, Principal},
    person::{Identity, Role},
};
use serde_json::json;

use crate::{
    arguments,
    capacity::{self, May, acting},
    failure::Failure,
    report::{Align, Table, print_json},
    session::{Session, text, wants_json},
    typed,
};

pub(super) fn list_arguments(language: Language) -> clap::Command {
    let about = language.pick("Les personnes du réseau, et leurs rôles", "The network's persons, and their roles");
    arguments::ledger_verb("list", "lister", about, "coudemain person list", language)
        .arg(arguments::format(language))
        .arg(arguments::association(language))
}

pub(super) async fn list(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = args.get_one::<String>("association").map(|wanted| session.association(wanted)).transpose()?;
    let wanted = wanted.map(|found| found.number);
    check_sees(&session, wanted)?;
    let known: BTreeMap<PersonNumber, Identity> =
        session.store.identities(session.network_id).await?.into_iter().collect();
    let persons = session.registry.persons().filter(|person| wanted.is_none_or(|wanted| person.concerns(wanted)));
    let persons: Vec<_> = persons.filter_map(|person| Some((person, known.get(&person.number)?))).collect();
    if wants_json(args) {
        let persons = persons.iter().map(|(person, identity)| {
            let of = |associations: &[AssociationNumber]| {
                associations.iter().map(|number| session.name_of(*number)).collect::<Vec<_>>()
            };
            let roles = person.roles.iter().map(|role| {
                json!({ "role": role.as_str(), "association": role.association().map(|number| session.name_of(number)) })
            });
            json!({
                "code": identity.code, "first_name": identity.first_name, "last_name": identity.last_name,
                "email": identity.email, "associations": of(&person.associations),
                "roles": roles.collect::<Vec<_>>(),
            })
        });
        print_json(&persons.collect())?;
        return Ok(true);
    }
    let mut table = Table::new(&[
        ("Code", Align::Left),
        (language.pick("Nom", "Name"), Align::Left),
        (language.pick("Associations", "Associations"), Align::Left),
        (language.pick("Rôles", "Roles"), Align::Left),
    ]);
    for (person, identity) in persons {
        let name = [identity.first_name.clone(), identity.last_name.clone()].into_iter().flatten().collect::<Vec<_>>();
        let associations: Vec<_> = person.associations.iter().map(|number| session.name_of(*number)).collect();
        let roles: Vec<_> = person.roles.iter().map(|role| role_in_words(&session, *role)).collect();
        table.row(vec![identity.code.clone(), name.join(" "), associations.join(", "), roles.join(", ")]);
    }
    say!("{table}");
    Ok(true)
}

/// Names and addresses are for the network's own, and for whoever speaks for the association that is asked about.
fn check_sees(session: &Session, wanted: Option<AssociationNumber>) -> Result<(), Failure> {
    let Principal::Person(person) = session.by.principal else { return Ok(()) };
    let roles = session.registry.person(person).map(|person| person.roles.as_slice()).unwrap_or_default();
    let is_of_network = roles.iter().any(|role| matches!(role, Role::Coordinator | Role::Auditor));
    let speaks_for_it = wanted.is_some_and(|wanted| roles.iter().any(|role| role.association() == Some(wanted)));
    if is_of_network || speaks_for_it {
        return Ok(());
    }
    Err(Failure::said(
        "cette personne ne voit que les personnes de son association : --association dit laquelle",
        "this person sees their own association's persons alone: --association says which",
    ))
}

pub(super) fn grant_arguments(language: Language) -> clap::Command {
    let about = language.pick("Donne un rôle à une personne", "Gives a person a role");
    let example = language.pick(
        "coudemain personne nommer --person ALI --role delegate --association \"Chorale de Janzé\"",
        "coudemain person grant --person ALI --role delegate --association \"Village choir\"",
    );
    role_verb("grant", "nommer", about, example, language)
}

pub(super) fn revoke_arguments(language: Language) -> clap::Command {
    let about = language.pick("Retire un rôle à une personne", "Takes a role back from a person");
    let example = language.pick(
        "coudemain personne demettre --person ALI --role delegate --association \"Chorale de Janzé\"",
        "coudemain person revoke --person ALI --role delegate --association \"Village choir\"",
    );
    role_verb("revoke", "demettre", about, example, language)
}

fn role_verb(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(name, alias, about, example, language)
        .arg(arguments::person(language))
        .arg(
            Arg::new("role")
                .long("role")
                .required(true)
                .value_name(t("RÔLE", "ROLE"))
                .value_parser(PossibleValuesParser::new(["delegate", "administrator", "coordinator", "mediator", "auditor"]))
                .help(t(
                    "delegate (délégué) ou administrator (administrateur) d'une association ; coordinator, mediator, auditor",
                    "delegate or administrator of an association; coordinator, mediator, auditor",
                )),
        )
        .arg(arguments::association(language))
        .arg(capacity::argument(language))
}

pub(super) async fn grant(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let (person, role) = (session.person(text(args, "person"))?, role(&session, args)?);
    submit(&session, args, role, Command::GrantRole { person, role }).await?;
    let (code, words) = (text(args, "person"), role_in_words(&session, role));
    say_line!("{}", language.pick(format!("{code} est {words}."), format!("{code} is {words}.")));
    Ok(true)
}

pub(super) async fn revoke(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let (person, role) = (session.person(text(args, "person"))?, role(&session, args)?);
    submit(&session, args, role, Command::RevokeRole { person, role }).await?;
    let (code, words) = (text(args, "person"), role_in_words(&session, role));
    say_line!("{}", language.pick(format!("{code} n'est plus {words}."), format!("{code} is no longer {words}.")));
    Ok(true)
}

async fn submit(session: &Session, args: &ArgMatches, role: Role, command: Command) -> Result<(), Failure> {
    let about: Vec<_> = role.association().into_iter().collect();
    let by = acting(session, args, &about, &[May::Side, May::Coordinator])?;
    typed::submit(session, by, None, command).await?;
    Ok(())
}

/// The role that is named; an association's has to say which one's.
fn role(session: &Session, args: &ArgMatches) -> Result<Role, Failure> {
    let association = args.get_one::<String>("association").map(|wanted| session.association(wanted)).transpose()?;
    Role::from_parts(text(args, "role"), association.map(|found| found.number)).ok_or_else(|| {
        Failure::said(
            "delegate et administrator sont des rôles d'une association (--association dit laquelle), les autres du réseau",
            "delegate and administrator are roles of an association (--association says which), the others the network's",
        )
    })
}

/// “délégué (Chorale de Janzé)”.
fn role_in_words(session: &Session, role: Role) -> String {
    let word = role.in_words(session.language);
    role.association().map_or_else(|| word.to_owned(), |number| format!("{word} ({})", session.name_of(number)))
}
