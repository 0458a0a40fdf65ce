//! Paper cards: twelve letters with which a person without mail signs in once.

use axum::extract::State;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use service::{App, caller::Caller, persons, sign_in::card};
use uuid::Uuid;

use crate::{
    answer::{Answer, again, json as json_answer, nothing},
    extract::{Keyed, Nothing, Path},
};

/// A card.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Card")]
pub(crate) struct CardView {
    id: Uuid,
    /// For whom.
    person: Uuid,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// When it was used.
    used_at: Option<DateTime<Utc>>,
    /// When it was taken back, or replaced by another.
    ended_at: Option<DateTime<Utc>>,
}

/// The cards that have not run out.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Cards {
    /// Oldest first.
    items: Vec<CardView>,
}

pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Answer {
    let show = |card: store::Card| CardView {
        id: card.card,
        person: caller.name(card.person.0),
        created_at: card.created_at,
        expires_at: card.expires_at,
        used_at: card.used_at,
        ended_at: card.ended_at,
    };
    let cards = card::list(&app, &caller).await?;
    Ok(json_answer(200, &Cards { items: cards.into_iter().map(show).collect() }))
}

/// A card that is to be put on paper. Of a person's cards the last one alone works.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PrintedCard {
    person: Uuid,
    expires_at: Option<DateTime<Utc>>,
    /// Its letters, in groups; shown once, and absent when the same request is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    letters: Option<String>,
}

pub(crate) async fn print(
    State(app): State<App>,
    mut caller: Caller,
    Path(name): Path<Uuid>,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    let person = persons::find(&app.store, &mut caller, name).await?;
    let printed = card::print(&app, &caller, &asked, std::slice::from_ref(&person)).await?;
    let printed = printed.and_then(|mut printed| printed.pop());
    let expires_at = printed.as_ref().map(|printed| printed.expires_at);
    Ok(json_answer(201, &PrintedCard { person: name, expires_at, letters: printed.map(|printed| printed.letters) }))
}

pub(crate) async fn end(
    State(app): State<App>,
    caller: Caller,
    Path(card): Path<Uuid>,
    Keyed { asked, .. }: Keyed<Nothing>,
) -> Answer {
    if let Some(earlier) = app.earlier(&caller, &asked).await? {
        return Ok(again(earlier));
    }
    card::take_back(&app, &caller, &asked, card).await?;
    Ok(nothing())
}
