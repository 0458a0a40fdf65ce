//! One recognition of an association's: what it says, and taking it back.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::command::Command;
use service::{App, caller::Caller, problem::Problem, recognitions};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
    recognition::{Making, Reader, Told},
    step_form::{Sent, StepForm, reason},
};

#[derive(Template)]
#[template(path = "recognition.html")]
struct One {
    frame: Frame,
    misfits: Misfits,
    name: String,
    told: Told,
    /// The exchange that it was seen in.
    exchange: Option<String>,
    forms: Vec<StepForm>,
    note: Option<String>,
}

async fn lay(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    name: Uuid,
    (filled, misfits): (&Filled, Misfits),
) -> Result<One, Problem> {
    let line = recognitions::find(app, caller, name).await?;
    let frame = Frame::around(app, caller, asking).await?;
    let person = line.recognition.person;
    let names = recognitions::names(app, caller, &[person]).await?;
    let making = Making::of(app, caller).await?;
    let told = Told::new(caller, &frame, &line, (Reader::Association, making));
    let keys = ["recognition-withdraw-title", "recognition-withdraw-then", "recognition-withdraw"];
    let address = frame.under(&format!("/us/recognitions/{name}/withdraw"));
    let sent = Sent { word: if misfits.is_empty() { "" } else { "withdraw" }, filled, misfits: &misfits };
    let form = StepForm::new(&frame, "withdraw", address, keys).reason(&frame).sent(Some(sent));
    Ok(One {
        name: names.get(&person).cloned().unwrap_or_else(|| frame.t("recognise-somebody")),
        exchange: line.recognition.exchange.map(|it| frame.under(&format!("/exchanges/{}", caller.name(it.0)))),
        forms: if told.may_be_withdrawn { vec![form] } else { Vec::new() },
        note: making.note(&frame).filter(|_| !told.has_badge && told.may_be_withdrawn),
        told,
        misfits,
        frame,
    })
}

/// The page.
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
) -> Answer {
    page(&lay(&app, &caller, &asking, name, (&Filled::default(), Misfits::default())).await?)
}

/// Takes it back, with a reason.
pub(crate) async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path((_, name)): Path<(String, Uuid)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let asked = filled.asked()?;
    let recognition = recognitions::find(&app, &caller, name).await?.recognition.number;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let Some(reason) = reason(&filled, &frame, &mut misfits) else {
        let again = lay(&app, &caller, &asking, name, (&filled, misfits)).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    match app.write(&caller, &asked, Command::WithdrawRecognition { recognition, reason }).await {
        Ok(_) => see(&frame.under(&format!("/us/recognitions/{name}?said=said-recognition-withdrawn"))),
        Err(problem) => {
            misfits.add("reason", sentence_of(&frame, &problem));
            page_with(problem.status(), &lay(&app, &caller, &asking, name, (&filled, misfits)).await?)
        }
    }
}
