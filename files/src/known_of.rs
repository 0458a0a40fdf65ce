//! Everything that a network knows of somebody, to be handed to them (article 15 of the GDPR).

use chrono::{DateTime, Utc};
use ledger::{
    PersonNumber,
    key::instant_text,
    person::{Identity, Person, Role},
};
use serde_json::{Value, json};
use store::{AccessEvent, AccessToken, HoursLine, RecognitionLine};

use crate::{error::FileError, network::OpenNetwork};

/// So much of what became of somebody's ways in is told, the newest.
const EVENTS_MOST: u32 = 10_000;

/// The document.
pub async fn known_of(open: &OpenNetwork, person: PersonNumber) -> Result<Vec<u8>, FileError> {
    let (store, network) = (&open.store, open.network_id);
    let identity = store.identity(network, person).await?;
    let hours = store.hours_of(network, person).await?;
    let recognitions = store.recognitions(network, Some(person)).await?;
    let badges = store.badges_of(network, person).await?;
    let events = store.access_events(network, person, EVENTS_MOST).await?;
    let tokens = store.tokens_of(network, person).await?;
    let cards = store.cards(network, open.clock.now()).await?;
    let letters = store.mail_setting(network, person).await?;
    let bounce = store.bounce(network, person).await?;
    let known = open.registry.person(person);
    let document = json!({
        "network": open.network.name,
        "person": person.0,
        "identity": identity.as_ref().map(show_identity),
        "signs_in_with": store.address_of(network, person).await?,
        "associations": known.map(|known| belongs(open, known)),
        "roles": known.map(|known| roles(open, known)),
        "hours": hours.iter().map(|line| show_hours(open, line)).collect::<Vec<_>>(),
        "recognitions": recognitions.iter().map(|line| show_recognition(open, line)).collect::<Vec<_>>(),
        "badges": badges.iter().filter_map(|badge| serde_json::from_slice::<Value>(&badge.bytes).ok()).collect::<Vec<_>>(),
        "ways_in": tokens.iter().map(show_token).collect::<Vec<_>>(),
        "cards": cards.iter().filter(|card| card.person == person).map(|card| json!({
            "made_at": instant_text(card.created_at), "expires_at": instant_text(card.expires_at),
            "used_at": card.used_at.map(instant_text), "ended_at": card.ended_at.map(instant_text),
        })).collect::<Vec<_>>(),
        "access_events": events.iter().map(show_event).collect::<Vec<_>>(),
        "letters": {
            "language": letters.language.as_str(),
            "digest": letters.digest.as_str(),
            "digest_day": letters.digest.day(),
            "address_takes_none": bounce.map(|bounce| json!({
                "since": instant_text(bounce.at), "reason": bounce.reason,
            })),
        },
    });
    let mut text = serde_json::to_vec_pretty(&document).map_err(|error| {
        FileError::said(format!("le fichier ne s'écrit pas : {error}"), format!("the file cannot be written: {error}"))
    })?;
    text.push(b'\n');
    Ok(text)
}

fn show_identity(identity: &Identity) -> Value {
    json!({
        "code": identity.code, "first_name": identity.first_name, "last_name": identity.last_name,
        "email": identity.email, "adult_on": identity.adult_on,
    })
}

fn belongs(open: &OpenNetwork, known: &Person) -> Vec<String> {
    known.associations.iter().map(|association| open.name_of(*association)).collect()
}

fn roles(open: &OpenNetwork, known: &Person) -> Vec<Value> {
    let show = |role: &Role| json!({ "role": role.as_str(), "association": role.association().map(|association| open.name_of(association)) });
    known.roles.iter().map(show).collect()
}

fn show_hours(open: &OpenNetwork, line: &HoursLine) -> Value {
    json!({
        "act": line.act.0, "date": line.service_date.to_string(), "minutes": line.minutes.get(),
        "nature": line.nature.as_str(), "association": open.name_of(line.association),
        "helped": line.helped.map(|helped| open.name_of(helped)), "exchange": line.reference,
        "skill": line.skill.map(|skill| open.skill_name(skill)),
    })
}

fn show_recognition(open: &OpenNetwork, line: &RecognitionLine) -> Value {
    json!({
        "number": line.recognition.number.0, "association": open.name_of(line.recognition.association),
        "skill": open.skill_name(line.recognition.skill), "level": line.recognition.level.as_str(),
        "state": line.recognition.state.as_str(), "context": line.context, "activities": line.activities,
    })
}

/// A session or a token, without what would open it.
fn show_token(token: &AccessToken) -> Value {
    let maybe = |at: Option<DateTime<Utc>>| at.map(instant_text);
    json!({
        "kind": if token.is_session { "session" } else { "token" }, "label": token.label,
        "made_at": instant_text(token.created_at), "last_used_at": maybe(token.last_used_at),
        "expires_at": maybe(token.expires_at), "ended_at": maybe(token.revoked_at),
    })
}

fn show_event(event: &AccessEvent) -> Value {
    json!({ "at": instant_text(event.at), "kind": event.change.as_str() })
}
