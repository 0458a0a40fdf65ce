//! Whom somebody may hand a way in: whoever hands one out could take it themselves, so that it reaches no further than
//! their own rights do.

use ledger::{
    AssociationNumber,
    command::Principal,
    person::{Person, Role},
    registry::Registry,
};
use store::{HandedOutFor, StoreError};

use crate::{
    acting::Sight,
    app::App,
    caller::Caller,
    directory::Known,
    problem::{Problem, Refusal},
};

/// Whom somebody may hand a way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anybody of the network.
    Network,
    /// Whoever belongs to this association and to nothing else, and does not sign in yet.
    Association(AssociationNumber),
}

impl Reach {
    /// As far as the name reaches in which the caller acts.
    ///
    /// # Errors
    /// When it reaches nobody.
    pub(super) fn of_caller(caller: &Caller) -> Result<Self, Problem> {
        match caller.sight() {
            Sight::All => Ok(Self::Network),
            Sight::Of(own) => Ok(Self::Association(own)),
            Sight::None => Err(Problem::new(Refusal::BelongsToOthers)),
        }
    }

    /// How far they reach now who handed something out, the widest first where it matters: any that takes the person in
    /// will do.
    pub(super) fn of_principal(principal: Principal, registry: &Registry) -> Vec<Self> {
        let person = match principal {
            Principal::Operator => return vec![Self::Network],
            Principal::Person(person) => registry.person(person),
        };
        let reach = |role: &Role| match *role {
            Role::Coordinator => Some(Self::Network),
            Role::Administrator(own) => Some(Self::Association(own)),
            Role::Delegate(_) | Role::Mediator | Role::Auditor => None,
        };
        person.into_iter().flat_map(|person| &person.roles).filter_map(reach).collect()
    }

    /// Whether it takes that person in.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn takes_in(self, person: &Person, signs_in: bool) -> Result<(), Problem> {
        match self {
            Self::Association(own) if !belongs_to_it_alone(person, own) => Err(Problem::new(Refusal::BelongsToOthers)),
            Self::Association(_) if signs_in => Err(Problem::new(Refusal::SignsInAlready)),
            Self::Network | Self::Association(_) => Ok(()),
        }
    }

    /// As it is kept with what was handed out.
    pub(super) fn handed_out_for(self) -> HandedOutFor {
        match self {
            Self::Network => HandedOutFor::Network,
            Self::Association(own) => HandedOutFor::Association(own),
        }
    }
}

fn belongs_to_it_alone(person: &Person, own: AssociationNumber) -> bool {
    let roles = person.roles.iter().map(|role| role.association());
    person.concerns(own) && person.associations.iter().copied().map(Some).chain(roles).all(|about| about == Some(own))
}

/// Whether a person signs in by themselves: with a password, or because they once did with an address of theirs or a card
/// of the network. An association hands them nothing more: with it, it could look on as them.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn signs_in(app: &App, known: &Known, person: &Person) -> Result<bool, StoreError> {
    Ok(app.store.address_of(known.id, person.number).await?.is_some()
        || app.store.has_signed_in(known.id, person.number).await?)
}
