//! Where somebody is signed in, and what became of their ways in.

use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use service::{
    App,
    caller::Caller,
    problem::Problem,
    sign_in::session::{self, Held},
};
use store::{AccessChange, AccessEvent};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, see},
    frame::{Asking, Frame},
};

/// So much of what became of their access is told.
const EVENTS_MOST: u32 = 10;

#[derive(Template)]
#[template(path = "devices.html")]
struct Devices {
    held: Vec<Line>,
    events: Vec<String>,
    frame: Frame,
}

/// A device.
struct Line {
    name: String,
    told: String,
    is_this: bool,
    /// The address that ends it.
    end: String,
    /// What the button does, for those who hear it alone.
    end_words: String,
}

impl Line {
    fn new(held: &Held, frame: &Frame, day: &impl Fn(DateTime<Utc>) -> String) -> Self {
        let name = match (held.device.browser, held.device.system) {
            (Some(browser), Some(system)) => {
                frame.say("devices-name", &[("browser", browser.into()), ("system", system.into())])
            }
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => frame.t("devices-unknown"),
        };
        let opened = if held.is_with_card { "devices-opened-with-card" } else { "devices-opened" };
        let mut told = frame.say(opened, &[("day", day(held.opened_at).into())]);
        if let Some(used_at) = held.used_at {
            told = format!("{told} {}", frame.say("devices-used", &[("day", day(used_at).into())]));
        }
        let end_words = frame.say("devices-end-this", &[("name", name.as_str().into())]);
        Self { name, told, is_this: held.is_this, end: format!("/me/devices/{}/end", held.session), end_words }
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let day = |at: DateTime<Utc>| frame.date(caller.known.network.day_of(at));
    let held = session::held(&app, &caller).await?;
    let held = held.iter().map(|held| Line::new(held, &frame, &day)).collect();
    let events = match caller.person() {
        Some(person) => app.store.access_events(caller.known.id, person, EVENTS_MOST).await?,
        None => Vec::new(),
    };
    let told = |event: &AccessEvent| frame.say(event_word(event.change), &[("day", day(event.at).into())]);
    let events = events.iter().map(told).collect();
    page(&Devices { held, events, frame })
}

fn event_word(change: AccessChange) -> &'static str {
    match change {
        AccessChange::PasswordSet => "event-password-set",
        AccessChange::NetworkRoleGiven => "event-network-role-given",
        AccessChange::OtherRoleGiven => "event-other-role-given",
        AccessChange::RoleTakenBack => "event-role-taken-back",
        AccessChange::CardUsed => "event-card-used",
        AccessChange::EmailChanged => "event-email-changed",
    }
}

/// Ends one.
pub(crate) async fn end(State(app): State<App>, caller: Caller, asking: Asking, Path(session): Path<String>) -> Answer {
    let session: Uuid = session.parse().map_err(|_| Problem::not_found())?;
    session::end(&app, &caller, session).await?;
    see(&format!("{}/me/devices?said=said-session-ended", asking.place.prefix()))
}

/// Ends all but this one.
pub(crate) async fn end_others(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    session::end_others(&app, &caller).await?;
    see(&format!("{}/me/devices?said=said-sessions-ended", asking.place.prefix()))
}
