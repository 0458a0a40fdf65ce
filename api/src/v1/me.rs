//! Who the caller is, what they may do, and what is theirs.

use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use ledger::{command::Principal, contribution::Nature, person::Role};
use schemars::JsonSchema;
use serde::Serialize;
use service::{
    App,
    caller::Caller,
    problem::{Problem, Refusal},
};
use store::{AccessEvent, HoursLine};
use uuid::Uuid;

use super::recognitions::{Recognition, show};
use crate::{
    answer::{Answer, json},
    parts::Word,
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
    role: &'static str,
    /// The association that it is about; absent for a role of the network.
    association: Option<Uuid>,
}

pub(crate) fn held_roles(caller: &Caller, roles: &[Role]) -> Vec<HeldRole> {
    let show = |role: &Role| HeldRole {
        role: role.as_str(),
        association: role.association().map(|association| caller.name(association.0)),
    };
    roles.iter().map(show).collect()
}

pub(crate) async fn me(caller: Caller) -> Answer {
    let person = caller.person();
    let roles = person.and_then(|person| caller.registry.person(person)).map(|person| person.roles.as_slice());
    Ok(json(
        200,
        &Me {
            network: caller.known.network.uuid,
            network_name: caller.known.network.name.clone(),
            person: person.map(|person| caller.name(person.0)),
            scopes: caller.access.scopes.iter().map(|scope| scope.as_str()).collect(),
            roles: held_roles(&caller, roles.unwrap_or_default()),
            acting_for: caller.acting.shown(caller.ids()),
        },
    ))
}

/// Hours that a person gave.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Hours {
    /// In the order in which they were posted. What was taken back stands with its opposite.
    items: Vec<HoursPart>,
}

/// Hours that a person gave, as one act posted them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HoursPart {
    /// The act.
    act: Uuid,
    /// The association for which they were given.
    association: Uuid,
    association_name: String,
    /// The exchange; absent for hours given to one's own association.
    exchange: Option<Uuid>,
    /// What people call it.
    reference: Option<String>,
    /// The association that was helped; absent for hours given to one's own.
    helped: Option<Uuid>,
    helped_name: Option<String>,
    /// Negative when taken back.
    minutes: i64,
    nature: Word<Nature>,
    skill: Option<Uuid>,
    service_date: NaiveDate,
}

pub(crate) async fn hours(State(app): State<App>, caller: Caller) -> Answer {
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let lines = app.store.hours_of(caller.known.id, person).await?;
    let show = |line: HoursLine| HoursPart {
        act: caller.name(line.act.0),
        association: caller.name(line.association.0),
        association_name: caller.name_of(line.association),
        exchange: line.exchange.map(|exchange| caller.name(exchange.0)),
        reference: line.reference,
        helped: line.helped.map(|helped| caller.name(helped.0)),
        helped_name: line.helped.map(|helped| caller.name_of(helped)),
        minutes: line.minutes.get(),
        nature: Word(line.nature),
        skill: line.skill.map(|skill| caller.name(skill.0)),
        service_date: line.service_date,
    };
    Ok(json(200, &Hours { items: lines.into_iter().map(show).collect() }))
}

/// Competences that associations recognise in a person.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Recognitions {
    /// In the order in which they were given.
    items: Vec<Recognition>,
}

pub(crate) async fn recognitions(State(app): State<App>, caller: Caller) -> Answer {
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let lines = app.store.recognitions(caller.known.id, Some(person)).await?;
    Ok(json(200, &Recognitions { items: lines.into_iter().map(|line| show(&caller, line)).collect() }))
}

/// So many of the newest are shown.
const ACCESS_EVENTS: u32 = 100;

/// What became of a person's ways in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AccessEvents {
    /// The newest first; a hundred at most.
    items: Vec<AccessEventPart>,
}

/// Something that became of a person's ways in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AccessEventPart {
    at: DateTime<Utc>,
    /// `password_set` and `network_role_given`: whatever was open before has ended; `other_role_given`: the password as
    /// well, since whoever had handed out the link could not give that role; `role_taken_back`: tokens that acted in it;
    /// `card_used`: nothing, a session was opened with a paper card.
    kind: &'static str,
    /// Who gave or took the role, or had handed out the link; absent for the operator.
    by: Option<Uuid>,
}

pub(crate) async fn access_events(State(app): State<App>, caller: Caller) -> Answer {
    let person = caller.person().ok_or_else(|| Problem::new(Refusal::RoleDoesNotAllow))?;
    let events = app.store.access_events(caller.known.id, person, ACCESS_EVENTS).await?;
    let show = |AccessEvent { at, change, by }: AccessEvent| AccessEventPart {
        at,
        kind: change.as_str(),
        by: match by {
            Principal::Operator => None,
            Principal::Person(person) => Some(caller.name(person.0)),
        },
    };
    Ok(json(200, &AccessEvents { items: events.into_iter().map(show).collect() }))
}
