//! Signing in: with an address or a paper card; and signing out.

mod card;
mod mail;

pub(crate) mod again;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, header},
};
use service::{
    App,
    problem::Problem,
    sign_in::{demo, device::Device, session},
    source::Source,
};

pub(crate) use self::{
    card::{card, card_of_square, use_card},
    mail::{follow_link, look_at_mail, type_code, use_link},
};
use crate::{
    answer::{Answer, again as shown_again, page, see, see_with},
    door,
    form::{Filled, Misfits},
    frame::{Asking, Frame},
    welcome::within,
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    misfits: Misfits,
    /// What was typed.
    email: String,
    /// Where to go once signed in.
    back: String,
    sends_mail: bool,
}

impl SignIn {
    async fn with(app: &App, asking: &Asking, filled: &Filled, misfits: Misfits) -> Result<Self, Problem> {
        Ok(Self {
            frame: Frame::for_anybody(app, asking).await?,
            misfits,
            email: filled.get("email").to_owned(),
            back: back(asking, filled),
            sends_mail: app.postman.is_set(),
        })
    }
}

/// Where somebody wants to go once they are signed in: they were led here from there.
fn back(asking: &Asking, filled: &Filled) -> String {
    let said = filled.said("back").map(str::to_owned).or_else(|| asking.parameter("back"));
    within(&said.unwrap_or_default()).to_owned()
}

/// The same as the query of an address, where it is not the first one.
fn back_query(back: &str) -> String {
    let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    if back == "%2F" { String::new() } else { format!("?back={back}") }
}

/// The device from which somebody asks.
fn device(headers: &HeaderMap) -> Device {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Device::of(said.unwrap_or_default())
}

/// Leads whoever is in to where they wanted to go.
fn enter(asking: &Asking, session: &session::Session, back: &str) -> Answer {
    let address = format!("{}{}", asking.place.prefix(), within(back));
    see_with(&address, &door::opening(&asking.place, &session.secret.text))
}

/// The page. In a network that the demo made one is whoever one wants to be, which its first page asks.
pub(crate) async fn show(State(app): State<App>, asking: Asking) -> Answer {
    let known = asking.place.network(&app).await?;
    if !demo::personas(&app, &known).await?.is_empty() {
        return see(&format!("{}/", asking.place.prefix()));
    }
    page(&SignIn::with(&app, &asking, &Filled::default(), Misfits::default()).await?)
}

/// Asks for a mail. Whether the address is known is told nobody.
pub(crate) async fn ask(
    State(app): State<App>,
    asking: Asking,
    source: Source,
    headers: HeaderMap,
    filled: Filled,
) -> Answer {
    if !app.postman.is_set() {
        return see(&format!("{}/sign-in", asking.place.prefix()));
    }
    let back = back(&asking, &filled);
    match mail::ask(&app, &asking, source, &headers, (filled.get("email"), &back)).await? {
        Some(cookie) => see_with(&format!("{}/sign-in/mail{}", asking.place.prefix(), back_query(&back)), &cookie),
        None => {
            let mut misfits = Misfits::default();
            misfits.add("email", crate::words::words(asking.language).say("sign-in-no-address", &[]));
            shown_again(&SignIn::with(&app, &asking, &filled, misfits).await?)
        }
    }
}

/// Ends the session, whether it still held or not.
pub(crate) async fn leave(State(app): State<App>, asking: Asking, headers: HeaderMap) -> Answer {
    if let Some(secret) = door::session(&headers, &asking.place)
        && let Some(access) = app.tokens.find(&app.store, &secret).await?
    {
        session::sign_out(&app, &access).await?;
    }
    let address = format!("{}/sign-in?said=said-signed-out", asking.place.prefix());
    see_with(&address, &door::closing(&asking.place))
}
