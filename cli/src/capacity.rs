//! In whose name somebody acts who is named with `--as`: it follows from their roles and from what the command is about,
//! or is said with `--for`. Whether they may is the ledger's to decide.

use clap::{Arg, ArgMatches};
use ledger::{
    AssociationNumber, Language, PersonNumber,
    command::{By, Capacity, Principal},
    name::fold,
    person::Role,
};

use crate::{failure::Failure, session::Session};

/// Who may take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum May {
    /// Whoever speaks for one of the associations that it is about.
    Side,
    /// The network's coordinator.
    Coordinator,
    /// A mediator.
    Mediator,
}

/// For whom.
pub(crate) fn argument(language: Language) -> Arg {
    Arg::new("for").long("for").visible_alias("pour").value_name(language.pick("QUI", "WHOM")).help(language.pick(
        "Au nom de qui, quand la personne de --as a plusieurs rôles : une association, coordination ou mediation",
        "In whose name, where the person of --as has several roles: an association, coordinator or mediator",
    ))
}

/// In whose name the command acts, about these associations, where these may.
pub(crate) fn acting(
    session: &Session,
    args: &ArgMatches,
    about: &[AssociationNumber],
    may: &[May],
) -> Result<By, Failure> {
    let principal = session.by.principal;
    let said = args.get_one::<String>("for").map(|said| read(session, said)).transpose()?;
    let capacity = match (principal, said) {
        (Principal::Operator, Some(said)) => said,
        (Principal::Person(person), Some(said)) if holds(session, person, said) => said,
        (Principal::Person(_), Some(_)) => {
            return Err(Failure::said(
                "cette personne n'a pas le rôle que dit --for",
                "this person does not hold the role that --for says",
            ));
        }
        (Principal::Operator, None) => of_operator(may)?,
        (Principal::Person(person), None) => of_person(session, person, about, may)?,
    };
    Ok(By { principal, capacity })
}

/// Reads what `--for` says.
fn read(session: &Session, said: &str) -> Result<Capacity, Failure> {
    Ok(match fold(said).as_str() {
        "coordination" | "coordinator" | "coordinateur" | "coordinatrice" => Capacity::Coordinator,
        "mediation" | "mediator" | "mediateur" | "mediatrice" => Capacity::Mediator,
        _ => Capacity::Association(session.association(said)?.number),
    })
}

/// What is no act the ledger does not decide: it is looked for here.
fn holds(session: &Session, person: PersonNumber, capacity: Capacity) -> bool {
    let roles = session.registry.person(person).map(|person| person.roles.as_slice()).unwrap_or_default();
    match capacity {
        Capacity::Association(own) => roles.iter().any(|role| role.association() == Some(own)),
        Capacity::Coordinator => roles.contains(&Role::Coordinator),
        Capacity::Mediator => roles.contains(&Role::Mediator),
        Capacity::Oneself => true,
    }
}

fn of_operator(may: &[May]) -> Result<Capacity, Failure> {
    if may.contains(&May::Coordinator) {
        Ok(Capacity::Coordinator)
    } else if may.contains(&May::Mediator) {
        Ok(Capacity::Mediator)
    } else {
        Err(Failure::said(
            "seule une association peut répondre cela ; --as CODE dit qui parle pour elle",
            "only an association can answer that; --as CODE says who speaks for it",
        ))
    }
}

fn of_person(
    session: &Session,
    person: PersonNumber,
    about: &[AssociationNumber],
    may: &[May],
) -> Result<Capacity, Failure> {
    let roles = session.registry.person(person).map(|person| person.roles.as_slice()).unwrap_or_default();
    let mut found: Vec<Capacity> = roles.iter().filter_map(|role| of_role(*role, about, may)).collect();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::said(
            format!("cette personne n'a pas de rôle qui le permette ; {}", who_may(may, Language::French)),
            format!("this person holds no role that allows it; {}", who_may(may, Language::English)),
        )),
        several => {
            let named = |language| {
                let named = several.iter().map(|capacity| shown(session, *capacity, language));
                named.collect::<Vec<_>>().join(language.pick(" ou ", " or "))
            };
            Err(Failure::said(
                format!("plusieurs rôles le permettent : dites lequel avec --for {}", named(Language::French)),
                format!("several roles allow it: say which with --for {}", named(Language::English)),
            ))
        }
    }
}

/// The name that a role lets somebody act in, where it is one of those who may.
fn of_role(role: Role, about: &[AssociationNumber], may: &[May]) -> Option<Capacity> {
    match role {
        Role::Delegate(own) | Role::Administrator(own) => {
            (may.contains(&May::Side) && about.contains(&own)).then_some(Capacity::Association(own))
        }
        Role::Coordinator => may.contains(&May::Coordinator).then_some(Capacity::Coordinator),
        Role::Mediator => may.contains(&May::Mediator).then_some(Capacity::Mediator),
        Role::Auditor => None,
    }
}

fn who_may(may: &[May], language: Language) -> String {
    let word = |may: &May| match may {
        May::Side => {
            language.pick("qui parle pour l'une des associations", "whoever speaks for one of the associations")
        }
        May::Coordinator => language.pick("la coordination", "the coordinator"),
        May::Mediator => language.pick("la médiation", "a mediator"),
    };
    let may: Vec<_> = may.iter().map(word).collect();
    language.pick(format!("le peut : {}", may.join(" ou ")), format!("who may: {}", may.join(" or ")))
}

fn shown(session: &Session, capacity: Capacity, language: Language) -> String {
    match capacity {
        Capacity::Association(own) => format!("\"{}\"", session.name_of(own)),
        Capacity::Coordinator => language.pick("coordination", "coordinator").to_owned(),
        Capacity::Mediator => language.pick("mediation", "mediator").to_owned(),
        Capacity::Oneself => language.pick("soi-même", "oneself").to_owned(),
    }
}
