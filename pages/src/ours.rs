//! One's own association: how to reach it, who speaks for it, who belongs to it, what it lets others confirm, and the
//! hours that its people gave it.

mod own_hours;

mod people;

mod contact;

use askama::Template;
use axum::extract::State;
use ledger::{
    AssociationNumber, PersonNumber,
    association::Contact,
    person::{Identity, Person, Role},
};
use service::{App, caller::Caller, problem::Problem};

pub(crate) use contact::{edit as edit_contact, save as save_contact};
pub(crate) use own_hours::{add as add_hours, show as hours};
pub(crate) use people::{give as give_role, show as person};

use crate::{
    answer::{Answer, page},
    frame::{Asking, Frame, full_name},
    home::own,
};

/// Somebody of ours.
#[derive(Debug)]
pub(crate) struct Ours {
    /// Their page.
    pub(crate) address: String,
    /// Their name.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) roles: String,
}

#[derive(Template)]
#[template(path = "us.html")]
struct Us {
    frame: Frame,
    name: String,
    contact: Contact,
    is_in_charge: bool,
    speakers: Vec<Ours>,
    others: Vec<Ours>,
    /// What is let to be confirmed, in words.
    mandates: Vec<String>,
}

/// Whether the caller says who belongs to their association.
pub(crate) fn is_in_charge(caller: &Caller, own: AssociationNumber) -> bool {
    let person = caller.person().and_then(|person| caller.registry.person(person));
    person.is_some_and(|person| person.roles.contains(&Role::Administrator(own)))
}

/// What somebody does for an association, in words.
pub(crate) fn roles_in_words(frame: &Frame, person: &Person, own: AssociationNumber) -> String {
    let mut words: Vec<String> = Vec::new();
    for role in &person.roles {
        match role {
            Role::Administrator(of) if *of == own => words.push(frame.t("us-administrator")),
            Role::Delegate(of) if *of == own => words.push(frame.t("us-delegate")),
            // What they are elsewhere concerns others.
            Role::Administrator(_) | Role::Delegate(_) | Role::Coordinator | Role::Mediator | Role::Auditor => {}
        }
    }
    words.join(", ")
}

/// The people of an association, by name.
pub(crate) async fn people(
    app: &App,
    caller: &Caller,
    own: AssociationNumber,
) -> Result<Vec<(Person, Identity)>, Problem> {
    let persons: Vec<&Person> = caller.registry.persons().filter(|person| person.concerns(own)).collect();
    let numbers: Vec<PersonNumber> = persons.iter().map(|person| person.number).collect();
    let named = app.store.identities_of(caller.known.id, &numbers).await?;
    let mut people: Vec<(Person, Identity)> = Vec::new();
    for (number, identity) in named {
        people.extend(persons.iter().find(|person| person.number == number).map(|&person| (person.clone(), identity)));
    }
    people.sort_by_cached_key(|(_, identity)| ledger::name::fold(&full_name(identity)));
    Ok(people)
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let contact = app.store.contact(caller.known.id, own).await?.unwrap_or_default();
    let listed = |(person, identity): &(Person, Identity)| Ours {
        address: frame.under(&format!("/us/people/{}", caller.name(person.number.0))),
        name: full_name(identity),
        roles: roles_in_words(&frame, person, own),
    };
    let all: Vec<Ours> = people(&app, &caller, own).await?.iter().map(listed).collect();
    let (speakers, others) = all.into_iter().partition(|ours| !ours.roles.is_empty());
    page(&Us {
        name: caller.name_of(own),
        contact,
        is_in_charge: is_in_charge(&caller, own),
        speakers,
        others,
        mandates: mandates(&frame, &caller, own),
        frame,
    })
}

/// Who may confirm in whose stead, as sentences.
fn mandates(frame: &Frame, caller: &Caller, own: AssociationNumber) -> Vec<String> {
    let mut sentences = Vec::new();
    for member in caller.registry.associations() {
        for (partner, mandate) in &member.mandates {
            let (key, other) = match (member.number == own, *partner == own) {
                (true, _) => ("us-mandate-given", *partner),
                (_, true) => ("us-mandate-held", member.number),
                (false, false) => continue,
            };
            let with = [
                ("partner", caller.name_of(other).into()),
                ("hours", frame.hours(mandate.minutes_most).into()),
                ("day", frame.date(mandate.until).into()),
            ];
            sentences.push(frame.say(key, &with));
        }
    }
    sentences
}
