//! Competences that associations recognise in those who helped them.

use axum::{extract::State, http::Uri};
use chrono::{DateTime, Utc};
use ledger::{
    ExchangeNumber,
    command::Command,
    recognition::{Level, RecognitionState},
    skill::SkillRef,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{App, caller::Caller, exchanges, recognitions};
use store::{Page, RecognitionLine};
use uuid::Uuid;

use crate::{
    answer::{Answer, json, page, receipt, rows_for},
    cursor,
    extract::{Keyed, Path, Query},
    parts::{PageSize, Reason, Word},
};

/// A competence that an association recognises in a person.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Recognition {
    id: Uuid,
    /// Whose competence.
    person: Uuid,
    /// Who recognises it: the association that was helped.
    association: Uuid,
    association_name: String,
    /// The exchange that it was seen in, where it was seen in one.
    exchange: Option<Uuid>,
    skill: Uuid,
    /// How far it goes.
    level: Word<Level>,
    state: Word<RecognitionState>,
    /// When it was said.
    recognised_at: DateTime<Utc>,
    /// In which setting; absent where that was not said or is erased.
    context: Option<String>,
    /// What was done; absent where that was not said or is erased.
    activities: Option<String>,
    /// Whether a badge was made of it; once it was accepted, whoever has the network's key makes one.
    has_badge: bool,
}

pub(crate) fn show(caller: &Caller, line: RecognitionLine) -> Recognition {
    let RecognitionLine { recognition, at, context, activities, has_badge } = line;
    Recognition {
        id: caller.name(recognition.number.0),
        person: caller.name(recognition.person.0),
        association: caller.name(recognition.association.0),
        association_name: caller.name_of(recognition.association),
        exchange: recognition.exchange.map(|exchange| caller.name(exchange.0)),
        skill: caller.name(recognition.skill.0),
        level: Word(recognition.level),
        state: Word(recognition.state),
        recognised_at: at,
        context,
        activities,
        has_badge,
    }
}

/// Which recognitions to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListRecognitions {
    /// In this person.
    person: Option<Uuid>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// How many items at most.
    limit: Option<PageSize>,
}

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
    Query(query): Query<ListRecognitions>,
) -> Answer {
    let person = query.person.map(|name| caller.queried(name, "person")).transpose()?;
    let before = cursor::act(&caller, query.cursor.map(|cursor| cursor.to_string()).as_deref())?;
    let asked = Page { before, most: rows_for(query.limit) };
    let filter = recognitions::seen(&caller, person.map(ledger::PersonNumber), asked)?;
    let rows = app.store.recognition_page(caller.known.id, filter).await?;
    let name = |line: &RecognitionLine| caller.name(line.recognition.number.0).to_string();
    page(&uri, rows, query.limit, name, |line| Ok(show(&caller, line)))
}

pub(crate) async fn one(State(app): State<App>, caller: Caller, Path(name): Path<Uuid>) -> Answer {
    Ok(json(200, &show(&caller, recognitions::find(&app, &caller, name).await?)))
}

/// What an association recognises in somebody who helped it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRecognition {
    /// In whom: somebody who took part in the exchange.
    person: Uuid,
    /// Which competence; absent for the exchange's skill.
    skill: Option<Uuid>,
    level: Word<Level>,
    /// In which setting.
    #[schemars(length(min = 1, max = 2000))]
    context: String,
    /// What was done.
    #[schemars(length(min = 1, max = 2000))]
    activities: String,
}

pub(crate) async fn recognise(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body }: Keyed<NewRecognition>,
) -> Answer {
    let exchange: ExchangeNumber = exchanges::find(&app, &caller, name).await?.exchange.number;
    let person = caller.person_in(body.person, "person")?;
    let skill = body.skill.map(|skill| caller.skill_in(skill, "skill")).transpose()?.map(SkillRef::Number);
    let Word(level) = body.level;
    let command =
        Command::Recognise { exchange, person, skill, level, context: body.context, activities: body.activities };
    Ok(receipt(201, &caller, &app.write(&caller, &asked, command).await?))
}

/// The volunteer's yes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// Who consents for a minor: a parent or guardian, by name.
    #[schemars(length(min = 1, max = 200))]
    guardian: Option<String>,
}

pub(crate) async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body: Accept { guardian } }: Keyed<Accept>,
) -> Answer {
    let recognition = recognitions::find(&app, &caller, name).await?.recognition;
    Ok(receipt(200, &caller, &recognitions::accept(&app, &caller, &asked, &recognition, guardian).await?))
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, body: Reason { reason } }: Keyed<Reason>,
) -> Answer {
    let recognition = recognitions::find(&app, &caller, name).await?.recognition.number;
    let made = app.write(&caller, &asked, Command::WithdrawRecognition { recognition, reason }).await?;
    Ok(receipt(200, &caller, &made))
}
