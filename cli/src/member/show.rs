//! `member list` and `member show`: who takes part, and what is known of them.

use clap::{Arg, ArgMatches, Command};
use ledger::{
    Language, Minutes,
    association::{Association, Contact, MembershipState},
    policy::Limits,
};
use serde_json::json;

use crate::{
    arguments,
    capacity::{May, acting},
    failure::Failure,
    report::{Align, Table, print_json},
    session::{Session, text, wants_json},
};

pub(super) fn list_arguments(language: Language) -> Command {
    let about = language.pick("Les adhérents du réseau", "The network's members");
    arguments::ledger_verb("list", "lister", about, "coudemain member list", language).arg(arguments::format(language))
}

pub(super) async fn list(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let mut members: Vec<&Association> = session.registry.associations().collect();
    members.sort_by_cached_key(|member| (member.state == MembershipState::Left, ledger::name::fold(member.name())));
    if wants_json(args) {
        let members = members.iter().map(|member| {
            json!({
                "name": member.name(), "kind": member.kind.as_str(), "state": member.state.as_str(),
                "former_names": member.former_names().collect::<Vec<_>>(),
            })
        });
        print_json(&members.collect())?;
        return Ok(true);
    }
    let mut table = Table::new(&[
        (language.pick("Adhérent", "Member"), Align::Left),
        (language.pick("Nature", "Kind"), Align::Left),
        (language.pick("État", "State"), Align::Left),
        (language.pick("Identifiants", "Identifiers"), Align::Left),
    ]);
    for member in members {
        let identifiers = member.identifiers.iter();
        let identifiers =
            identifiers.map(|identifier| format!("{} {}", identifier.kind().in_words(language), identifier.value()));
        table.row(vec![
            member.name().to_owned(),
            member.kind.in_words(language).to_owned(),
            member.state.in_words(language).to_owned(),
            identifiers.collect::<Vec<_>>().join(", "),
        ]);
    }
    say!("{table}");
    Ok(true)
}

/// Which member.
pub(super) fn member(language: Language) -> Arg {
    let help = language.pick("L'adhérent, par son nom ou son identifiant", "The member, by name or identifier");
    arguments::required("member", language.pick("ADHÉRENT", "MEMBER"), help)
}

pub(super) fn one_arguments(language: Language) -> Command {
    let about = language.pick("Ce que le réseau sait d'un adhérent", "What the network knows of a member");
    let example =
        language.pick("coudemain adherent montrer \"Chorale de Janzé\"", "coudemain member show \"Village choir\"");
    arguments::ledger_verb("show", "montrer", about, example, language)
        .arg(member(language))
        .arg(crate::capacity::argument(language))
}

pub(super) async fn one(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let member = session.association(text(args, "member"))?;
    let former: Vec<_> = member.former_names().collect();
    let mut table = Table::new(&[("", Align::Left), ("", Align::Left)]);
    let mut line = |french: &'static str, english: &'static str, value: String| {
        if !value.is_empty() {
            table.row(vec![language.pick(french, english).to_owned(), value]);
        }
    };
    line("Nature", "Kind", member.kind.in_words(language).to_owned());
    line("État", "State", member.state.in_words(language).to_owned());
    line("Anciens noms", "Former names", former.join(", "));
    for identifier in &member.identifiers {
        let name = identifier.kind().in_words(language);
        line(name, name, identifier.value());
    }
    let limits = session.registry.limits(member.number).unwrap_or_default();
    let of_its_own = member.limits.is_some();
    line(
        "Limites",
        "Limits",
        format!(
            "{} ({})",
            limits_in_words(limits, language),
            if of_its_own {
                language.pick("les siennes", "its own")
            } else {
                language.pick("celles du réseau", "the network's")
            }
        ),
    );
    // How to reach a member is for itself and for the coordinator.
    if acting(&session, args, &[member.number], &[May::Side, May::Coordinator]).is_ok() {
        let contact = session.store.contact(session.network_id, member.number).await?.unwrap_or_default();
        line("Contact", "Contact", contact_in_words(&contact, language));
    }
    say_line!("{}", member.name());
    say!("{}", table.to_string().trim_start_matches('\n'));
    Ok(true)
}

/// “Zoé Le Gall, zoe@example.org, 02 99 00 00 00, sur papier seulement”.
pub(super) fn contact_in_words(contact: &Contact, language: Language) -> String {
    let Contact { name, email, phone, paper_only } = contact;
    let on_paper = paper_only.then(|| language.pick("sur papier seulement", "on paper only").to_owned());
    let said = [name.clone(), email.clone(), phone.clone(), on_paper];
    said.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// “plancher souple −40 h, plafond dur 100 h”.
pub(crate) fn limits_in_words(limits: Limits, language: Language) -> String {
    let Limits { soft_floor, hard_floor, soft_ceiling, hard_ceiling } = limits;
    let of = |limit: Option<Minutes>, french: &'static str, english: &'static str| {
        limit.map(|limit| format!("{} {}", language.pick(french, english), limit.display(language)))
    };
    let said = [
        of(soft_floor, "plancher souple", "soft floor"),
        of(hard_floor, "plancher dur", "hard floor"),
        of(soft_ceiling, "plafond souple", "soft ceiling"),
        of(hard_ceiling, "plafond dur", "hard ceiling"),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    if said.is_empty() { language.pick("aucune limite", "no limit").to_owned() } else { said.join(", ") }
}
