//! Somebody who followed an association's link without an e-mail address waits for the coordinator to add them.

use askama::Template;
use axum::extract::{Path, State};
use service::{
    App,
    caller::Caller,
    problem::Problem,
    sign_in::{application::full_name, sign_up},
};
use store::SignUp;
use uuid::Uuid;

use crate::{
    answer::{Answer, page, see},
    form::Filled,
    frame::{Asking, Frame},
    reach::{Link, reach_of},
    step_form::StepForm,
};

#[derive(Template)]
#[template(path = "waiting.html")]
struct Waiting {
    frame: Frame,
    name: String,
    about: String,
    reach: Vec<Link>,
    forms: Vec<StepForm>,
}

async fn find(app: &App, caller: &Caller, name: Uuid) -> Result<Option<SignUp>, Problem> {
    Ok(app.store.waiting_sign_up(caller.known.id, name).await?)
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking, Path(name): Path<Uuid>) -> Answer {
    let waiting = find(&app, &caller, name).await?.ok_or_else(Problem::not_found)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let address = |step: &str| frame.under(&format!("/sign-ups/{name}/{step}"));
    let forms = vec![
        StepForm::new(&frame, "add", address("add"), ["waiting-add-title", "waiting-add-then", "waiting-add"]).opened(),
        StepForm::new(&frame, "drop", address("drop"), ["waiting-drop-title", "waiting-drop-then", "waiting-drop"]),
    ];
    let since = frame.date(caller.known.network.day_of(waiting.asked_at));
    let about = [("association", caller.name_of(waiting.asked.association).into()), ("day", since.into())];
    page(&Waiting {
        name: full_name(&waiting.asked.asker),
        about: frame.say("waiting-about", &about),
        reach: reach_of(&frame, &waiting.asked.asker),
        forms,
        frame,
    })
}

/// Adds them: their card is next.
pub(crate) async fn add(
    State(app): State<App>,
    mut caller: Caller,
    asking: Asking,
    Path(name): Path<Uuid>,
    filled: Filled,
) -> Answer {
    filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let Some(waiting) = find(&app, &caller, name).await? else { return see(&frame.under("?said=said-waiting-before")) };
    let person = sign_up::add(&app, &caller, &waiting).await?;
    caller.registry = caller.known.refreshed(&app.store).await?;
    see(&frame.under(&format!("/persons/{}?said=said-waiting-added", caller.name(person.0))))
}

/// Lets it rest: what they wrote is forgotten.
pub(crate) async fn drop(
    State(app): State<App>,
    caller: Caller,
    asking: Asking,
    Path(name): Path<Uuid>,
    filled: Filled,
) -> Answer {
    filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let found = find(&app, &caller, name).await?;
    if found.is_none() || !app.store.end_sign_up(caller.known.id, name, None, app.now()).await? {
        return see(&frame.under("?said=said-waiting-before"));
    }
    see(&frame.under("?said=said-waiting-dropped"))
}
