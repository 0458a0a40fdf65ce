//! Somebody who signs in already follows an association's link: they say that they belong to it.

use askama::Template;
use axum::extract::{Path, State};
use service::{
    App,
    caller::Caller,
    problem::{Problem, Refusal},
    sign_in::joining::{link_that_works, use_link},
};

use super::sign_up::{association_of, spent};
use crate::{
    answer::{Answer, page, see},
    form::Filled,
    frame::{Asking, Frame},
};

#[derive(Template)]
#[template(path = "own_yes.html")]
struct OwnYes {
    frame: Frame,
    action: String,
    association: String,
    belongs: bool,
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking, Path(secret): Path<String>) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let Some(joining) = link_that_works(&app, &caller.known, &secret).await? else { return spent(frame) };
    let person = caller.person().and_then(|person| caller.registry.person(person));
    page(&OwnYes {
        action: format!("/me/join/{secret}"),
        association: association_of(&app, &asking, &joining).await?,
        belongs: person.is_some_and(|person| person.associations.contains(&joining.association)),
        frame,
    })
}

/// Says yes.
pub(crate) async fn say(
    State(app): State<App>,
    caller: Caller,
    asking: Asking,
    Path(secret): Path<String>,
    filled: Filled,
) -> Answer {
    match use_link(&app, &caller, &filled.asked()?, &secret).await {
        Ok(_) => see(&format!("{}/me?said=said-signed-up", asking.place.prefix())),
        Err(problem) => gone(&app, &caller, &asking, problem).await,
    }
}

/// A link that does not work has a page of its own.
async fn gone(app: &App, caller: &Caller, asking: &Asking, problem: Problem) -> Answer {
    if matches!(problem.refusal(), Refusal::JoiningDoesNotWork) {
        return spent(Frame::around(app, caller, asking).await?);
    }
    Err(problem)
}
