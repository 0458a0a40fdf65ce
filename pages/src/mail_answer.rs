//! Answering from a mail, without signing in: a link is for one exchange and one person, and for nothing else. Opening it
//! changes nothing, since scanners of mail open every link.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ledger::{
    evidence::Witness,
    exchange::{ExchangeState, Side},
};
use service::{
    App,
    mailer::action_link::{self, Errand, Followed},
    problem::{Problem, Refusal},
};

use crate::{
    answer::{Answer, page, page_with, see},
    exchange::{Told, field_of, take_step},
    exchanges::Step,
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
};

#[derive(Template)]
#[template(path = "mail_answer.html")]
struct Link {
    frame: Frame,
    misfits: Misfits,
    told: Told,
    /// For whom the answer is given.
    own: String,
    /// What stands above: what is asked, or what became of it.
    title: String,
    is_asked: bool,
    is_disowned: bool,
    opened: Option<Step>,
    minutes: String,
    service_date: String,
    last_day: String,
    reason: String,
}

impl Link {
    /// Whether the form of a step is opened.
    fn opens(&self, step: &str) -> bool {
        self.opened.is_some() && self.opened == Step::read(step)
    }
}

#[derive(Template)]
#[template(path = "mail_answer_ended.html")]
struct Ended {
    frame: Frame,
}

/// What the link is for; the page that says that it is for nothing any more.
async fn follow(app: &App, asking: &Asking, secret: &str) -> Result<Result<Followed, Ended>, Problem> {
    let known = asking.place.network(app).await?;
    let found = action_link::find(app, secret).await?.filter(|followed| followed.caller.known.id == known.id);
    Ok(match found {
        Some(followed) => Ok(followed),
        None => Err(Ended { frame: Frame::for_anybody(app, asking).await? }),
    })
}

fn lay(
    app: &App,
    frame: Frame,
    secret: &str,
    followed: &Followed,
    (filled, misfits, opened): (&Filled, Misfits, Option<Step>),
) -> Link {
    let Followed { caller, association, view, errand, is_open } = followed;
    let mut told = Told::new(app, caller, &frame, *association, view);
    told.address = frame.to(&format!("/r/{secret}"));
    let is_asked = *is_open && *errand == Errand::Answer && view.exchange.state == ExchangeState::Proposed;
    let is_disowned = *is_open && *errand == Errand::Disown;
    let partner = [("partner", told.partner.as_str().into())];
    let title = match (is_asked, is_disowned) {
        (true, _) => told.sentence.clone(),
        (_, true) => frame.t("link-disown-title"),
        (false, false) if view.exchange.terms.side_of(*association) == Some(Side::Giver) => {
            frame.say("exchange-title-given", &partner)
        }
        (false, false) => frame.say("exchange-title-received", &partner),
    };
    let minutes = filled.said("minutes").map_or_else(|| told.hours.clone(), str::to_owned);
    let date = filled.said("service_date");
    Link {
        own: caller.name_of(*association),
        title,
        is_asked,
        is_disowned,
        opened,
        minutes,
        service_date: date.map_or_else(|| view.exchange.terms.service_date.to_string(), str::to_owned),
        last_day: frame.today.to_string(),
        reason: filled.get("reason").to_owned(),
        told,
        misfits,
        frame,
    }
}

/// The page.
pub(crate) async fn show(State(app): State<App>, Path(secret): Path<String>, asking: Asking) -> Answer {
    let followed = match follow(&app, &asking, &secret).await? {
        Ok(followed) => followed,
        Err(ended) => return page_with(StatusCode::NOT_FOUND, &ended),
    };
    let frame = Frame::for_anybody(&app, &asking).await?;
    let opened = asking.parameter("answer").and_then(|word| Step::read(&word));
    page(&lay(&app, frame, &secret, &followed, (&Filled::default(), Misfits::default(), opened)))
}

/// The answer.
pub(crate) async fn take(
    State(app): State<App>,
    Path((secret, step)): Path<(String, String)>,
    asking: Asking,
    filled: Filled,
) -> Answer {
    let step = Step::read(&step).filter(|step| [Step::Yes, Step::Almost, Step::No, Step::Correct].contains(step));
    let step = step.ok_or_else(Problem::not_found)?;
    let asked = filled.asked()?;
    let followed = match follow(&app, &asking, &secret).await? {
        Ok(followed) => followed,
        Err(ended) => return page_with(StatusCode::NOT_FOUND, &ended),
    };
    let frame = Frame::for_anybody(&app, &asking).await?;
    let address = |said: &str| frame.to(&format!("/r/{secret}?said={said}"));
    // Each link does what it was made for, and nothing else.
    let is_for_that = (followed.errand == Errand::Disown) == (step == Step::Correct);
    if !is_for_that {
        return Err(Problem::not_found());
    }
    let Followed { caller, view, .. } = &followed;
    let mut misfits = Misfits::default();
    let command = step.command(view.exchange.number, &filled, (caller, &frame), Witness::Link, &mut misfits);
    let Some(command) = command else {
        let link = lay(&app, frame, &secret, &followed, (&filled, misfits, Some(step)));
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &link);
    };
    let written = take_step(&app, caller, (&asked, &filled), view, command).await;
    match written {
        Ok(_) => see(&address(step.said())),
        // What they saw is no longer so: what there is now comes first.
        Err(problem) if matches!(problem.refusal(), Refusal::ChangedMeanwhile) => see(&address("said-changed")),
        Err(problem) => {
            misfits.add(field_of(&problem), sentence_of(&frame, &problem));
            page_with(problem.status(), &lay(&app, frame, &secret, &followed, (&filled, misfits, Some(step))))
        }
    }
}
