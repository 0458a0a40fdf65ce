//! Who the caller is, and what they may do.

use axum::extract::State;
use ledger::command::Principal;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    answer::{Answer, json},
    app::App,
    who::Caller,
};

/// Who the caller is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Me {
    /// The network that the token opens.
    network: Uuid,
    network_name: String,
    /// The person; absent for the operator.
    person: Option<Uuid>,
    /// What the token is good for.
    scopes: Vec<&'static str>,
    /// The roles that the person holds.
    roles: Vec<HeldRole>,
    /// In whose name this request was made; the header `Coudemain-Acting-For` chooses another.
    acting_for: String,
}

/// A role of a person.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HeldRole {
    /// `delegate`, `administrator`, `coordinator`, `mediator` or `auditor`.
    pub(crate) role: &'static str,
    /// The association that it is about; absent for a role of the network.
    pub(crate) association: Option<Uuid>,
}

pub(crate) fn roles_of(caller: &Caller, person: &ledger::person::Person) -> Vec<HeldRole> {
    let show = |role: &ledger::person::Role| HeldRole {
        role: role.as_str(),
        association: role.association().map(|association| caller.name(association.0)),
    };
    person.roles.iter().map(show).collect()
}

pub(crate) async fn me(State(_): State<App>, caller: Caller) -> Answer {
    let person = match caller.access.principal {
        Principal::Operator => None,
        Principal::Person(person) => Some(person),
    };
    let roles = person.and_then(|person| caller.registry.person(person)).map(|person| roles_of(&caller, person));
    Ok(json(
        200,
        &Me {
            network: caller.known.network.uuid,
            network_name: caller.known.network.name.clone(),
            person: person.map(|person| caller.name(person.0)),
            scopes: caller.access.scopes.iter().map(|scope| scope.as_str()).collect(),
            roles: roles.unwrap_or_default(),
            acting_for: caller.acting.shown(&caller.known),
        },
    ))
}
