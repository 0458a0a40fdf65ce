//! Signing in: with an address or a paper card; and signing out.

mod card;
mod mail;

pub(crate) mod again;

use askama::Template;
use axum::{extract::State, http::HeaderMap};
use service::{
    App,
    problem::Problem,
    sign_in::{demo, session},
    source::Source,
};

pub(crate) use self::{
    card::{card, card_of_square, use_card},
    mail::{follow_link, look_at_mail, type_code, use_link},
};
use crate::{
    answer::{Answer, again as shown_again, page, see, see_with},
    door,
    entering::{back, back_query},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
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
