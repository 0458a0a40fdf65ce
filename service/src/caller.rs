//! Who calls, in whose name, and what they may name and see.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use ledger::{
    AssociationNumber, PersonNumber, SkillNumber,
    association::Association,
    command::{By, Capacity, Principal},
    person::Role,
    registry::Registry,
};
use store::Store;
use uuid::Uuid;

use crate::{
    acting::{Acting, Sight},
    directory::Known,
    id::Ids,
    misfit::{Fits, Found, Misfit},
    problem::{Problem, Refusal},
    rule::Part,
    token::Access,
};

/// Who calls, in whose name.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What their token opens.
    pub access: Arc<Access>,
    /// The name in which they act.
    pub acting: Acting,
    /// The network.
    pub known: Arc<Known>,
    /// Who takes part, a moment ago.
    pub registry: Arc<Registry>,
}

/// A part that somebody may play, with the name that they act in.
#[derive(Debug, Clone, Copy)]
pub struct Playable {
    /// The part.
    pub part: Part,
    /// The name.
    pub acting: Acting,
}

/// The parts that somebody may play. Whom the network does not know plays none.
pub fn parts_of(principal: Principal, registry: &Registry) -> Vec<Playable> {
    let playable = |part, acting| Playable { part, acting };
    let coordinator = playable(Part::Coordinator, Acting::Coordinator);
    let auditor = playable(Part::Auditor, Acting::Auditor);
    let mediator = playable(Part::Mediator, Acting::Mediator);
    let person = match principal {
        Principal::Operator => return vec![coordinator, auditor, mediator],
        Principal::Person(person) => registry.person(person),
    };
    let Some(person) = person else { return Vec::new() };
    let roles = person.roles.iter().map(|role| match *role {
        Role::Delegate(association) => playable(Part::Delegate, Acting::Association(association)),
        Role::Administrator(association) => playable(Part::Administrator, Acting::Association(association)),
        Role::Coordinator => coordinator,
        Role::Mediator => mediator,
        Role::Auditor => auditor,
    });
    roles.chain([playable(Part::Oneself, Acting::Oneself)]).collect()
}

impl Caller {
    /// Whether the caller may play a part in this name, and the token lets them.
    pub fn may_act_for(&self, acting: Acting) -> bool {
        let held = parts_of(self.access.principal, &self.registry).into_iter().any(|held| held.acting == acting);
        held && self.access.only_for.is_none_or(|only| only == acting)
    }

    /// The person who calls; `None` for the operator.
    pub fn person(&self) -> Option<PersonNumber> {
        match self.access.principal {
            Principal::Operator => None,
            Principal::Person(person) => Some(person),
        }
    }

    /// Who acts, as the ledger is told.
    ///
    /// # Errors
    /// When nobody writes into the ledger in this name.
    pub fn by(&self) -> Result<By, Problem> {
        let capacity = match self.acting {
            Acting::Coordinator => Capacity::Coordinator,
            Acting::Mediator => Capacity::Mediator,
            Acting::Association(association) => Capacity::Association(association),
            Acting::Oneself => Capacity::Oneself,
            Acting::Auditor => return Err(Problem::new(Refusal::RoleDoesNotAllow)),
        };
        Ok(By { principal: self.access.principal, capacity })
    }

    /// Whose idempotency keys the caller's are.
    pub fn key_scope(&self) -> String {
        ledger::occasion::scope_of_caller(self.access.principal)
    }

    /// How far the caller sees.
    pub fn sight(&self) -> Sight {
        self.acting.sight()
    }

    /// What concerns this association may be seen and done by the caller.
    ///
    /// # Errors
    /// When it belongs to others.
    pub fn check_concerns(&self, association: AssociationNumber) -> Result<(), Problem> {
        self.check_concerns_one_of(&[association])
    }

    /// What concerns these associations may be seen by the caller.
    ///
    /// # Errors
    /// When it belongs to others.
    pub fn check_concerns_one_of(&self, associations: &[AssociationNumber]) -> Result<(), Problem> {
        let is_seen = self.sight().takes_in_one_of(associations);
        if is_seen { Ok(()) } else { Err(Problem::new(Refusal::BelongsToOthers)) }
    }

    /// The member in an address, looked up anew before it is called unknown.
    ///
    /// # Errors
    /// When there is no such member, or the database does not answer.
    pub async fn member(&mut self, store: &Store, name: Uuid) -> Result<Association, Problem> {
        let number = AssociationNumber(self.found(name)?);
        if self.registry.association(number).is_none() {
            self.registry = self.known.refreshed(store).await?;
        }
        self.registry.association(number).cloned().ok_or_else(Problem::not_found)
    }

    /// The network's names.
    pub fn ids(&self) -> Ids<'_> {
        self.known.fingerprint.ids(self.registry.generations())
    }

    /// The number of what an address names; who asks for it finds out whether there is such a thing.
    ///
    /// # Errors
    /// When it is no name of this network, or of what was lost.
    pub fn found(&self, name: Uuid) -> Result<i64, Problem> {
        self.ids().number(name).map_err(|unnamed| Problem::of_unnamed(unnamed, Problem::not_found))
    }

    /// The number of what a field of the body names; the ledger says whether there is such a thing.
    ///
    /// # Errors
    /// When it is no name of this network, or of what was lost.
    pub fn number(&self, name: Uuid, field: &str) -> Result<i64, Problem> {
        let unknown = || Problem::new(Refusal::NameIsUnknown);
        self.ids().number(name).map_err(|unnamed| Problem::of_unnamed(unnamed, unknown).at(field))
    }

    /// The number of what a parameter of the query names.
    ///
    /// # Errors
    /// When it is no name of this network, or of what was lost.
    pub fn queried(&self, name: Uuid, field: &str) -> Result<i64, Problem> {
        let why = || Misfit::Value { found: Found::NothingOfThisNetwork, fits: Some(Fits::ListedName) };
        let unknown = || Problem::new(Refusal::QueryDoesNotFit(why()));
        self.ids().number(name).map_err(|unnamed| Problem::of_unnamed(unnamed, unknown).at(field))
    }

    /// The association that a field of the body names.
    ///
    /// # Errors
    /// As [`number`](Self::number).
    pub fn association_in(&self, name: Uuid, field: &str) -> Result<AssociationNumber, Problem> {
        self.number(name, field).map(AssociationNumber)
    }

    /// The person that a field of the body names.
    ///
    /// # Errors
    /// As [`number`](Self::number).
    pub fn person_in(&self, name: Uuid, field: &str) -> Result<PersonNumber, Problem> {
        self.number(name, field).map(PersonNumber)
    }

    /// The skill that a field of the body names.
    ///
    /// # Errors
    /// As [`number`](Self::number).
    pub fn skill_in(&self, name: Uuid, field: &str) -> Result<SkillNumber, Problem> {
        self.number(name, field).map(SkillNumber)
    }

    /// The name of what an act created.
    pub fn name(&self, number: i64) -> Uuid {
        self.ids().shown(number)
    }

    /// An association's name among people.
    pub fn name_of(&self, association: AssociationNumber) -> String {
        self.registry.association(association).map(|member| member.name().to_owned()).unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    /// The guard has let them in, and left them with the request.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new(Refusal::TokenIsMissing))
    }
}
