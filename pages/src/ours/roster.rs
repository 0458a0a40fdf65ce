//! Who belongs to an association, and what each of them does for it.

use ledger::{
    AssociationNumber, PersonNumber,
    person::{Identity, Person, Role},
};
use service::{App, caller::Caller, problem::Problem};

use crate::frame::{Frame, full_name};

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
