//! What waits for whom.

use axum::extract::State;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use service::{
    App,
    caller::Caller,
    waiting::{self, Waits, Whom},
};
use uuid::Uuid;

use crate::answer::{Answer, json};

/// What waits for whom.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WaitingList {
    /// Associations first, then the network, then persons.
    items: Vec<WaitingPart>,
}

/// That something waits for somebody.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WaitingPart {
    /// For whom: `association`, `coordinator`, `mediator` or `person`.
    whom: &'static str,
    /// The association.
    association: Option<Uuid>,
    association_name: Option<String>,
    /// The person.
    person: Option<Uuid>,
    /// `answer` what the other side proposed, answer a request for `correction`, `release` what a hard limit holds,
    /// `settle` what is contested, accept a `recognition`.
    to_do: &'static str,
    /// How often.
    count: u64,
    /// Since when the oldest waits; absent for recognitions.
    since: Option<DateTime<Utc>>,
    /// Whether that is longer than the network's rules want.
    is_overdue: bool,
}

pub(crate) async fn read(State(app): State<App>, caller: Caller) -> Answer {
    let show = |Waits { whom, to_do, count, since, is_overdue }: Waits| {
        let (word, association, person) = match whom {
            Whom::Association(own) => ("association", Some(own), None),
            Whom::Coordinator => ("coordinator", None, None),
            Whom::Mediator => ("mediator", None, None),
            Whom::Person(person) => ("person", None, Some(person)),
        };
        WaitingPart {
            whom: word,
            association: association.map(|association| caller.name(association.0)),
            association_name: association.map(|association| caller.name_of(association)),
            person: person.map(|person| caller.name(person.0)),
            to_do: to_do.as_str(),
            count,
            since,
            is_overdue,
        }
    };
    Ok(json(200, &WaitingList { items: waiting::read(&app, &caller).await?.into_iter().map(show).collect() }))
}
