//! What every face must agree on about persons: who may see whom, and what of them.

use files::known_of::known_of;
use ledger::{
    AssociationNumber, Language, PersonNumber,
    person::{Person, Role},
};
use store::Store;
use uuid::Uuid;

use crate::{
    acting::Sight,
    app::App,
    caller::Caller,
    opened,
    problem::{Problem, Refusal},
};

/// Whether the caller may see that person: their own association's people, and always themselves.
pub fn is_seen(caller: &Caller, person: &Person) -> bool {
    let is_themselves = caller.person() == Some(person.number);
    is_themselves
        || match caller.sight() {
            Sight::All => true,
            Sight::Of(own) => person.concerns(own),
            Sight::None => false,
        }
}

/// The person in an address, looked up anew before they are called unknown.
///
/// # Errors
/// When there is no such person, or the database does not answer.
pub async fn find(store: &Store, caller: &mut Caller, name: Uuid) -> Result<Person, Problem> {
    let number = PersonNumber(caller.found(name)?);
    if caller.registry.person(number).is_none() {
        caller.registry = caller.known.refreshed(store).await?;
    }
    caller.registry.person(number).cloned().ok_or_else(Problem::not_found)
}

/// The same, if the caller may see them.
///
/// # Errors
/// When there is no such person, they are others', or the database does not answer.
pub async fn find_seen(store: &Store, caller: &mut Caller, name: Uuid) -> Result<Person, Problem> {
    let person = find(store, caller, name).await?;
    if is_seen(caller, &person) { Ok(person) } else { Err(Problem::new(Refusal::BelongsToOthers)) }
}

/// Whether the caller may see that a person belongs to this association, or holds this role in it (`None`: in the
/// network). What a person is elsewhere concerns that association alone, and themselves.
fn sees(caller: &Caller, person: &Person, about: Option<AssociationNumber>) -> bool {
    match caller.sight() {
        Sight::All => true,
        Sight::Of(own) => about == Some(own),
        Sight::None => caller.person() == Some(person.number),
    }
}

/// The person's associations that the caller may see.
pub fn seen_associations(caller: &Caller, person: &Person) -> Vec<AssociationNumber> {
    person.associations.iter().copied().filter(|association| sees(caller, person, Some(*association))).collect()
}

/// The person's roles that the caller may see.
pub fn seen_roles(caller: &Caller, person: &Person) -> Vec<Role> {
    person.roles.iter().copied().filter(|role| sees(caller, person, role.association())).collect()
}

/// All that the network knows of the caller themselves, as a file in JSON.
///
/// # Errors
/// When they are no person, or the database does not answer.
pub async fn known_of_oneself(app: &App, caller: &Caller) -> Result<Vec<u8>, Problem> {
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let open = opened::network(app, caller, Language::French, |_, _| "").await?;
    known_of(&open, person).await.map_err(|error| opened::fault_of(&error))
}
