//! Why something is not done, as a page: what was wrong, and what helps.

use askama::Template;
use axum::{
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use service::{problem::Refusal, route::Told};

use crate::{
    answer,
    form::{fields_of, sentence_of},
    frame::Frame,
};

/// A form that people fill in has fewer fields; one with more is not given back.
const FIELDS_MOST: usize = 2_000;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    title: String,
    sentence: String,
    helps: Vec<String>,
    /// Where to go on: an address and its words; nowhere else where what was filled in is sent from here.
    way: Option<(String, String)>,
    /// What was filled in, where it is given back.
    kept: Option<Kept>,
    /// The request's name, where whoever runs the service is to be told.
    request_id: Option<String>,
}

/// A form that was not taken, with all that was filled in and under the same key: it is sent once more from the page that
/// says so, and nothing is done twice.
struct Kept {
    /// Where it was sent, and is sent again.
    address: String,
    /// Names and values, in their order.
    fields: Vec<(String, String)>,
    /// Where to sign in first, beside this page: an address and its words.
    sign_in: Option<(String, String)>,
}

impl Kept {
    /// What is given back of what was sent: nothing where it would be refused again, or did not come from a page of ours.
    ///
    /// Who sends it again may be another than who filled it in, where two share a phone: the address names for whom they
    /// act, and the guard decides.
    fn of(frame: &Frame, told: &Told<'_>) -> Option<Self> {
        let sign_in = match told.problem.refusal() {
            Refusal::TokenIsMissing
            | Refusal::TokenDoesNotHold
            | Refusal::ActingForIsNotHeld
            | Refusal::RoleDoesNotAllow => Some("/sign-in"),
            Refusal::SignInAgain => Some("/me/again"),
            Refusal::TooManyRequests(_)
            | Refusal::NoRoom(_)
            | Refusal::Busy(_)
            | Refusal::Unavailable(_)
            | Refusal::TookTooLong
            | Refusal::ClockIsAhead(_)
            | Refusal::Fault => None,
            _ => return None,
        };
        let fields = fields_of(told.form?);
        (1..=FIELDS_MOST).contains(&fields.len()).then(|| Self {
            address: frame.to(told.address),
            fields,
            sign_in: sign_in.map(|page| (frame.to(page), frame.t("problem-kept-sign-in"))),
        })
    }
}

/// Tells a problem. Who is not signed in is led to where one signs in, and back.
pub(crate) fn tell(told: &Told<'_>) -> Response {
    let frame = Frame::bare(told.language, told.place, told.address);
    let problem = told.problem;
    let is_signed_out = matches!(problem.refusal(), Refusal::TokenIsMissing | Refusal::TokenDoesNotHold);
    let is_again = matches!(problem.refusal(), Refusal::SignInAgain);
    if told.method == Method::GET && (is_signed_out || is_again) {
        let back: String = form_urlencoded::byte_serialize(told.address.as_bytes()).collect();
        let page = if is_again { "/me/again" } else { "/sign-in" };
        if let Ok(response) = answer::see(&frame.to(&format!("{page}?back={back}"))) {
            return response;
        }
    }
    let kept = Kept::of(&frame, told);
    let page = ProblemPage {
        title: title(&frame, told),
        sentence: sentence(&frame, told),
        helps: if kept.is_some() { Vec::new() } else { helps(&frame, told) },
        way: kept.is_none().then(|| way(&frame, told, is_again)),
        kept,
        request_id: (problem.status().is_server_error()).then(|| told.request_id.to_owned()),
        frame,
    };
    let mut response = answer::page_with(problem.status(), &page)
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    if let Some(allow) = told.allow {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    if let Some(seconds) = problem.retry_after_seconds() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn title(frame: &Frame, told: &Told<'_>) -> String {
    if matches!(told.problem.refusal(), Refusal::SignInAgain) {
        return frame.t("again-title");
    }
    match told.problem.status() {
        StatusCode::NOT_FOUND => frame.t("problem-not-found"),
        StatusCode::UNAUTHORIZED => frame.t("problem-signed-out"),
        status if status.is_server_error() => frame.t("problem-later"),
        StatusCode::TOO_MANY_REQUESTS => frame.t("problem-too-fast"),
        _ => told.problem.title(told.language).to_owned(),
    }
}

fn sentence(frame: &Frame, told: &Told<'_>) -> String {
    match told.problem.refusal() {
        Refusal::NotFound => frame.t("problem-not-found-more"),
        Refusal::TokenIsMissing | Refusal::TokenDoesNotHold => frame.t("problem-signed-out-more"),
        Refusal::SignInAgain => frame.t("again-why"),
        Refusal::ActingForIsNotHeld | Refusal::RoleDoesNotAllow | Refusal::ScopeIsMissing(_) => {
            let part = match told.address.split('/').nth(1).map(|part| part.split('?').next().unwrap_or(part)) {
                Some("c") => "problem-role-coordinator",
                Some("m") => "problem-role-mediator",
                _ => "problem-role-association",
            };
            frame.t(part)
        }
        Refusal::ChangedMeanwhile => frame.t("problem-changed"),
        Refusal::Fault => frame.t("problem-fault"),
        Refusal::TooManyRequests(_) => frame.t("problem-too-fast-more"),
        Refusal::MethodNotAllowed => frame.t("problem-method"),
        Refusal::BodyIsTooLarge(_) => frame.t("problem-too-large"),
        _ => sentence_of(frame, told.problem),
    }
}

/// What can be done now.
fn helps(frame: &Frame, told: &Told<'_>) -> Vec<String> {
    match told.problem.refusal() {
        Refusal::TokenIsMissing | Refusal::TokenDoesNotHold => vec![frame.t("problem-signed-out-form")],
        Refusal::SignInAgain => vec![frame.t("problem-again-form")],
        _ => Vec::new(),
    }
}

fn way(frame: &Frame, told: &Told<'_>, is_again: bool) -> (String, String) {
    match told.problem.status() {
        StatusCode::UNAUTHORIZED => (frame.to("/sign-in"), frame.t("problem-way-sign-in")),
        StatusCode::FORBIDDEN if is_again => (frame.to("/me/again"), frame.t("problem-way-sign-in")),
        status if status.is_server_error() && told.method == Method::GET => {
            (frame.to(told.address), frame.t("problem-way-again"))
        }
        _ => (frame.to("/"), frame.t("problem-way-home")),
    }
}
