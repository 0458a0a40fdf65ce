//! What all ways in have in common: where somebody asks, and where they go once they are in.

use axum::http::{HeaderMap, header};
use service::sign_in::{device::Device, session::Session};

use crate::{
    answer::{Answer, see_with},
    door,
    form::Filled,
    frame::Asking,
    welcome::within,
};

/// Where somebody wants to go once they are signed in: they were led here from there.
pub(crate) fn back(asking: &Asking, filled: &Filled) -> String {
    let said = filled.said("back").map(str::to_owned).or_else(|| asking.parameter("back"));
    within(&said.unwrap_or_default()).to_owned()
}

/// The same as the query of an address, where it is not the first one.
pub(crate) fn back_query(back: &str) -> String {
    let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    if back == "%2F" { String::new() } else { format!("?back={back}") }
}

/// The device from which somebody asks.
pub(crate) fn device(headers: &HeaderMap) -> Device {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Device::of(said.unwrap_or_default())
}

/// Leads whoever is in to where they wanted to go.
pub(crate) fn enter(asking: &Asking, session: &Session, back: &str) -> Answer {
    let address = format!("{}{}", asking.place.prefix(), within(back));
    see_with(&address, &door::opening(&asking.place, &session.secret.text))
}
