//! What associations recognise in oneself: to accept or decline, to take away as a badge, and to give back.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{ActNumber, badge::baked_svg, command::Command, recognition::RecognitionState};
use service::{App, caller::Caller, problem::Problem, recognitions};
use store::{Page, RecognitionLine};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, page_with, see, to_keep},
    form::{Filled, sentence_of},
    frame::{Asking, Frame},
    recognition::{Making, Reader, Told},
};

/// So many are shown.
const SHOWN: u32 = 30;

/// What was sent about one of them and did not fit.
#[derive(Debug)]
struct Refused {
    name: Uuid,
    sentence: String,
    guardian: String,
    reason: String,
}

/// One of them, with its forms.
#[derive(Debug)]
struct One {
    told: Told,
    refused: Option<Refused>,
}

impl One {
    /// What was filled in as who consents.
    fn guardian(&self) -> &str {
        self.refused.as_ref().map_or("", |refused| &refused.guardian)
    }

    /// What was filled in as the reason.
    fn reason(&self) -> &str {
        self.refused.as_ref().map_or("", |refused| &refused.reason)
    }
}

#[derive(Template)]
#[template(path = "own_recognitions.html")]
struct Recognitions {
    frame: Frame,
    offered: Vec<One>,
    others: Vec<One>,
    /// Until when a parent or guardian has to consent.
    minor_until: Option<String>,
    older: Option<String>,
    note: Option<String>,
}

async fn lay(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    mut refused: Option<Refused>,
) -> Result<Recognitions, Problem> {
    let frame = Frame::around(app, caller, asking).await?;
    let before = asking.parameter("before").and_then(|name| name.parse().ok());
    let before = before.and_then(|name| caller.ids().number(name).ok()).map(ActNumber);
    let filter = recognitions::seen(caller, None, Page { before, most: SHOWN + 1 })?;
    let mut lines = app.store.recognition_page(caller.known.id, filter).await?;
    let is_more = lines.len() > SHOWN as usize;
    lines.truncate(SHOWN as usize);
    let older = lines
        .last()
        .filter(|_| is_more)
        .map(|line| frame.to(&format!("/me/recognitions?before={}", caller.name(line.recognition.number.0))));
    let making = Making::of(app, caller).await?;
    let is_waited_for =
        |line: &RecognitionLine| line.recognition.state != RecognitionState::Withdrawn && !line.has_badge;
    let note = making.note(&frame).filter(|_| lines.iter().any(is_waited_for));
    let one = |line: &RecognitionLine| {
        let told = Told::new(caller, &frame, line, (Reader::Volunteer, making));
        One { refused: refused.take_if(|refused| refused.name == told.name), told }
    };
    let all: Vec<One> = lines.iter().map(one).collect();
    let (offered, others) = all.into_iter().partition(|one| one.told.may_be_accepted);
    let minor_until = recognitions::guardian_until(caller, frame.today).map(|day| frame.date(day));
    Ok(Recognitions { offered, others, minor_until, older, note, frame })
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    page(&lay(&app, &caller, &asking, None).await?)
}

/// Accepts, declines, or gives back what was accepted.
pub(crate) async fn answer(
    State(app): State<App>,
    caller: Caller,
    Path((name, step)): Path<(Uuid, String)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let asked = filled.asked()?;
    let recognition = recognitions::find(&app, &caller, name).await?.recognition;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let written = match step.as_str() {
        "accept" => {
            let guardian = filled.said("guardian").map(str::to_owned);
            recognitions::accept(&app, &caller, &asked, &recognition, guardian).await
        }
        // Nobody has to say why they do not want it.
        "decline" | "withdraw" => {
            let reason = filled.said("reason").map_or_else(|| frame.t("recognition-no-reason"), str::to_owned);
            let command = Command::WithdrawRecognition { recognition: recognition.number, reason };
            app.write(&caller, &asked, command).await
        }
        _ => return Err(Problem::not_found()),
    };
    let said = match step.as_str() {
        "accept" => "said-recognition-accepted",
        "decline" => "said-recognition-declined",
        _ => "said-recognition-given-back",
    };
    match written {
        Ok(_) => see(&frame.to(&format!("/me/recognitions?said={said}"))),
        Err(problem) => {
            let refused = Refused {
                name,
                sentence: sentence_of(&frame, &problem),
                guardian: filled.get("guardian").to_owned(),
                reason: filled.get("reason").to_owned(),
            };
            let is_ours = problem.status().is_server_error();
            let status = if is_ours { problem.status() } else { StatusCode::UNPROCESSABLE_ENTITY };
            page_with(status, &lay(&app, &caller, &asking, Some(refused)).await?)
        }
    }
}

/// The badge that was made of one: the signed document, or a picture that holds it.
pub(crate) async fn badge(State(app): State<App>, caller: Caller, Path((name, form)): Path<(Uuid, String)>) -> Answer {
    let recognition = recognitions::find(&app, &caller, name).await?.recognition;
    let badge = app.store.badge(caller.known.id, recognition.number).await?;
    // What was given back or taken back is revoked: it is not handed out again.
    let badge = badge.filter(|_| recognition.state == RecognitionState::Accepted).ok_or_else(Problem::not_found)?;
    match form.as_str() {
        "badge.json" => to_keep(badge.bytes, "application/json", "badge.json"),
        "badge.svg" => to_keep(baked_svg(&String::from_utf8_lossy(&badge.bytes)), "image/svg+xml", "badge.svg"),
        _ => Err(Problem::not_found()),
    }
}
