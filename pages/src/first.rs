//! The network's first coordinator says who they are, with the link that whoever set the network up has on their terminal.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use service::{
    App,
    problem::{Problem, Refusal},
    sign_in::{
        coming::Entered,
        first_coordinator::{self, WhoTheyAre},
    },
};

use crate::{
    answer::{Answer, again, page, page_with, see_with},
    door,
    entering::device,
    form::{Filled, Misfits},
    frame::{Asking, Frame},
};

#[derive(Template)]
#[template(path = "first.html")]
struct FirstSteps {
    frame: Frame,
    misfits: Misfits,
    works: bool,
    action: String,
    first_name: String,
    last_name: String,
    email: String,
}

impl FirstSteps {
    fn new(frame: Frame, secret: &str, filled: &Filled, misfits: Misfits) -> Self {
        Self {
            frame,
            misfits,
            works: true,
            action: format!("/first/{secret}"),
            first_name: filled.get("first_name").to_owned(),
            last_name: filled.get("last_name").to_owned(),
            email: filled.get("email").to_owned(),
        }
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, asking: Asking, Path(secret): Path<String>) -> Answer {
    let known = asking.place.network(&app).await?;
    let frame = Frame::for_anybody(&app, &asking).await?;
    if first_coordinator::works(&app, &known, &secret).await? {
        page(&FirstSteps::new(frame, &secret, &Filled::default(), Misfits::default()))
    } else {
        spent(frame)
    }
}

fn spent(frame: Frame) -> Answer {
    let first = FirstSteps::new(frame, "", &Filled::default(), Misfits::default());
    page_with(StatusCode::GONE, &FirstSteps { works: false, ..first })
}

/// Makes them coordinator, and lets them in.
pub(crate) async fn begin(
    State(app): State<App>,
    asking: Asking,
    Path(secret): Path<String>,
    headers: HeaderMap,
    filled: Filled,
) -> Answer {
    let known = asking.place.network(&app).await?;
    let who = WhoTheyAre {
        first_name: filled.get("first_name").to_owned(),
        last_name: filled.get("last_name").to_owned(),
        email: filled.get("email").to_owned(),
    };
    let frame = Frame::for_anybody(&app, &asking).await?;
    match first_coordinator::appoint(&app, &known, &secret, &who, device(&headers)).await {
        Ok(Entered::In(session)) => see_with(&frame.to("/c"), &door::opening(&asking.place, &session.secret.text)),
        Ok(Entered::Again | Entered::Who(_) | Entered::DoesNotWork) => spent(frame),
        Err(problem) => match misfits(&problem, &who, &frame) {
            Some(misfits) => again(&FirstSteps::new(frame, &secret, &filled, misfits)),
            None => Err(problem),
        },
    }
}

/// What of it does not fit, said at its field.
fn misfits(problem: &Problem, who: &WhoTheyAre, frame: &Frame) -> Option<Misfits> {
    if !matches!(problem.refusal(), Refusal::BodyDoesNotFit(_) | Refusal::Ledger { .. }) {
        return None;
    }
    let mut misfits = Misfits::default();
    for (field, value) in [("first_name", &who.first_name), ("last_name", &who.last_name)] {
        if value.is_empty() {
            misfits
                .add(field, frame.t(if field == "first_name" { "first-no-first-name" } else { "first-no-last-name" }));
        }
    }
    if misfits.is_empty() {
        match problem.field() {
            Some("email") | None => misfits.add("email", frame.t("sign-in-no-address")),
            Some(field) => misfits.add(field, problem.detail(frame.language())),
        }
    }
    Some(misfits)
}
