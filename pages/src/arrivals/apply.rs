//! An association asks to join the network.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use ledger::{Identifier, IdentifierKind};
use service::{
    App,
    problem::Problem,
    sign_in::application::{self, Heard},
    source::Source,
};
use store::NewApplication;

use super::asker::{self, NAME_MOST};
use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, as_sentence, line, memo_misfit},
    frame::{Asking, Frame},
    step_form::{Kind, Sent, StepForm},
};

/// No remark has more characters.
const REMARK_MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "apply.html")]
struct Apply {
    frame: Frame,
    misfits: Misfits,
    form: StepForm,
}

#[derive(Template)]
#[template(path = "applied.html")]
struct Applied {
    frame: Frame,
}

impl Apply {
    async fn lay(app: &App, asking: &Asking, sent: Option<Sent<'_>>) -> Result<Self, Problem> {
        let frame = Frame::for_anybody(app, asking).await?;
        let keys = ["apply-title", "apply-then", "apply-send"];
        let form = StepForm::new(&frame, "apply", frame.to("/join"), keys)
            .field(Kind::Line, "name", frame.t("apply-name"), &"")
            .field(Kind::Line, "rna", frame.t("apply-rna"), &"")
            .hint(frame.t("apply-rna-hint"))
            .field(Kind::Line, "commune", frame.t("apply-commune"), &"");
        let email_hint = if app.postman.is_set() { "apply-email-hint" } else { "apply-email-hint-no-mail" };
        let form = asker::fields(form, &frame, email_hint)
            .field(Kind::Sentences, "remark", frame.t("apply-remark"), &"")
            .hint(frame.t("apply-remark-hint"))
            .sent(sent);
        Ok(Self { misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(), form, frame })
    }
}

/// The form.
pub(crate) async fn show(State(app): State<App>, asking: Asking) -> Answer {
    page(&Apply::lay(&app, &asking, None).await?)
}

/// What happens now.
pub(crate) async fn sent(State(app): State<App>, asking: Asking) -> Answer {
    page(&Applied { frame: Frame::for_anybody(&app, &asking).await? })
}

/// Keeps what was asked.
pub(crate) async fn send(State(app): State<App>, asking: Asking, source: Source, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let known = asking.place.network(&app).await?;
    let frame = Frame::for_anybody(&app, &asking).await?;
    let mut misfits = Misfits::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(new) = read(&app, &filled, &frame, &mut misfits) {
        match application::ask(&app, source, &known, &asked, new).await? {
            Heard::Taken => return see(&frame.to("/join/sent")),
            Heard::TooMany => {
                misfits.add("form", frame.t("arrivals-too-many"));
                status = StatusCode::SERVICE_UNAVAILABLE;
            }
        }
    }
    let sent = Sent { word: "apply", filled: &filled, misfits: &misfits };
    page_with(status, &Apply::lay(&app, &asking, Some(sent)).await?)
}

fn read(app: &App, filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<NewApplication> {
    let name = line(frame, filled, ("name", NAME_MOST), misfits);
    if filled.said("name").is_none() {
        misfits.add("name", frame.t("roster-name-missing"));
    }
    let rna = filled.said("rna").map(|rna| Identifier::from_parts(IdentifierKind::Rna, rna)).transpose();
    if let Err(error) = &rna {
        misfits.add("rna", as_sentence(&error.in_words(frame.language())));
    }
    let commune = line(frame, filled, ("commune", NAME_MOST), misfits);
    let remark = filled.said("remark");
    if let Some(sentence) = remark.and_then(|remark| memo_misfit(frame, remark, REMARK_MOST)) {
        misfits.add("remark", sentence);
    }
    let asker = asker::read(filled, frame, misfits);
    misfits.is_empty().then_some(())?;
    Some(NewApplication {
        application: app.new_name(),
        name: name?,
        rna: rna.ok()?.map(|rna| rna.value()),
        commune,
        asker: asker?,
        remark: remark.map(str::to_owned),
    })
}
