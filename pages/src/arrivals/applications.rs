//! What associations have asked, and the coordinator's answer.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use chrono::{DateTime, Utc};
use ledger::{Identifier, IdentifierKind, name::fold};
use service::{
    App,
    caller::Caller,
    problem::Problem,
    sign_in::application::{self, Decided, Told, full_name},
};
use store::{Application, ApplicationState};
use uuid::Uuid;

use crate::{
    answer::{Answer, page, page_with, see},
    form::{Filled, Misfits, sentence_of},
    frame::{Asking, Frame},
    reach::{Link, reach_of},
    square::base,
    step_form::{Kind, Sent, StepForm, reason},
};

/// A request in the list.
#[derive(Debug)]
struct Row {
    address: String,
    name: String,
    about: String,
}

#[derive(Template)]
#[template(path = "applications.html")]
struct List {
    frame: Frame,
    waiting: Vec<Row>,
    refused: Vec<Row>,
    /// Where one asks, as it is told.
    asking: String,
}

/// All of them.
pub(crate) async fn list(State(app): State<App>, caller: Caller, asking: Asking, headers: HeaderMap) -> Answer {
    let frame = Frame::around(&app, &caller, &asking).await?;
    let all = app.store.applications(caller.known.id).await?;
    let row = |application: &Application| Row {
        address: frame.under(&format!("/applications/{}", application.asked.application)),
        name: application.asked.name.clone(),
        about: about(&caller, &frame, application),
    };
    let is_refused = |application: &&Application| matches!(application.state, ApplicationState::Refused { .. });
    let refused = all.iter().filter(is_refused).map(row).rev().collect();
    let waiting = all.iter().filter(|application| !is_refused(application)).map(row).collect();
    page(&List { waiting, refused, asking: format!("{}/join", base(&app, &asking, &headers)), frame })
}

/// Since when it waits, or what became of it.
fn about(caller: &Caller, frame: &Frame, application: &Application) -> String {
    let day = |at: DateTime<Utc>| frame.date(caller.known.network.day_of(at));
    match &application.state {
        ApplicationState::Waiting => frame.say("application-since", &[("day", day(application.asked_at).into())]),
        ApplicationState::Admitting => frame.t("application-admitting"),
        ApplicationState::Refused { reason, at, .. } => {
            frame.say("application-refused", &[("day", day(*at).into()), ("reason", reason.as_str().into())])
        }
    }
}

#[derive(Template)]
#[template(path = "application.html")]
struct One {
    frame: Frame,
    misfits: Misfits,
    name: String,
    about: String,
    /// What it said of itself, each with its name.
    facts: Vec<(String, String)>,
    reach: Vec<Link>,
    /// Members that it may be already.
    alike: Vec<Link>,
    forms: Vec<StepForm>,
}

async fn find(app: &App, caller: &Caller, name: Uuid) -> Result<Application, Problem> {
    app.store.application(caller.known.id, name).await?.ok_or_else(Problem::not_found)
}

async fn lay(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    application: &Application,
    sent: Option<Sent<'_>>,
) -> Result<One, Problem> {
    let frame = Frame::around(app, caller, asking).await?;
    let asked = &application.asked;
    let address = |step: &str| frame.under(&format!("/applications/{}/{step}", asked.application));
    let mut forms = Vec::new();
    if !matches!(application.state, ApplicationState::Refused { .. }) {
        let keys = ["application-admit-title", "application-admit-then", "application-admit"];
        forms.push(
            StepForm::new(&frame, "admit", address("admit"), keys)
                .field(Kind::Line, "name", frame.t("roster-name"), &asked.name)
                .opened()
                .sent(sent),
        );
    }
    if application.state == ApplicationState::Waiting {
        let then = if application::can_be_told(app, &asked.asker) {
            "application-refuse-then"
        } else {
            "application-refuse-then-tell"
        };
        let keys = ["application-refuse-title", then, "application-refuse"];
        forms.push(StepForm::new(&frame, "refuse", address("refuse"), keys).reason(&frame).sent(sent));
    }
    let facts = [
        ("apply-rna", asked.rna.clone().or_else(|| Some(frame.t("application-no-rna")))),
        ("apply-commune", asked.commune.clone()),
        ("application-who", Some(full_name(&asked.asker))),
        ("application-remark", asked.remark.clone()),
    ];
    let facts = facts.into_iter().filter_map(|(key, fact)| Some((frame.t(key), fact?)));
    Ok(One {
        misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(),
        name: asked.name.clone(),
        about: about(caller, &frame, application),
        facts: facts.collect(),
        reach: reach_of(&frame, &asked.asker),
        alike: alike(caller, &frame, application),
        forms,
        frame,
    })
}

/// Members that have its number, or nearly its name: perhaps it is in already.
fn alike(caller: &Caller, frame: &Frame, application: &Application) -> Vec<Link> {
    let asked = &application.asked;
    let name = fold(&asked.name);
    let rna = asked.rna.as_deref().and_then(|rna| Identifier::from_parts(IdentifierKind::Rna, rna).ok());
    let members = caller.registry.associations().filter(|member| {
        let theirs = fold(member.name());
        rna.as_ref().is_some_and(|rna| member.identifiers.contains(rna))
            || theirs.contains(&name)
            || name.contains(&theirs)
    });
    let link = |member: &ledger::association::Association| Link {
        address: frame.under(&format!("/members/{}", caller.name(member.number.0))),
        label: format!("{} ({})", member.name(), member.state.in_words(frame.language())),
    };
    members.map(link).collect()
}

/// One of them.
pub(crate) async fn one(State(app): State<App>, caller: Caller, asking: Asking, Path(name): Path<Uuid>) -> Answer {
    let application = find(&app, &caller, name).await?;
    page(&lay(&app, &caller, &asking, &application, None).await?)
}

/// Admits it.
pub(crate) async fn admit(
    State(app): State<App>,
    mut caller: Caller,
    asking: Asking,
    Path(name): Path<Uuid>,
    filled: Filled,
) -> Answer {
    filled.asked()?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    // Sent twice, it is gone: what has become of it stands among the members.
    let Some(application) = app.store.application(caller.known.id, name).await? else {
        return see(&frame.under("/members?said=said-application-before"));
    };
    let mut misfits = Misfits::default();
    let Some(wanted) = filled.said("name") else {
        misfits.add("name", frame.t("roster-name-missing"));
        return show_again(&app, &caller, &asking, &application, ("admit", &filled, &misfits)).await;
    };
    match application::admit(&app, &caller, &application, wanted).await {
        Ok(Decided::Admitted { association, told }) => {
            let said = match told {
                Told::ByLetter => "said-application-admitted",
                Told::NotYet => "said-application-admitted-tell",
            };
            caller.registry = caller.known.refreshed(&app.store).await?;
            see(&frame.under(&format!("/members/{}?said={said}", caller.name(association.0))))
        }
        Ok(Decided::Refused(_) | Decided::Before) => see(&frame.under("/applications?said=said-application-before")),
        Err(problem) if problem.status().is_client_error() => {
            misfits.add("name", sentence_of(&frame, &problem));
            show_again(&app, &caller, &asking, &application, ("admit", &filled, &misfits)).await
        }
        Err(problem) => Err(problem),
    }
}

/// Refuses it.
pub(crate) async fn refuse(
    State(app): State<App>,
    caller: Caller,
    asking: Asking,
    Path(name): Path<Uuid>,
    filled: Filled,
) -> Answer {
    filled.asked()?;
    let application = find(&app, &caller, name).await?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let mut misfits = Misfits::default();
    let Some(why) = reason(&filled, &frame, &mut misfits) else {
        return show_again(&app, &caller, &asking, &application, ("refuse", &filled, &misfits)).await;
    };
    let said = match application::refuse(&app, &caller, &application, &why).await? {
        Decided::Refused(Told::ByLetter) => "said-application-refused",
        Decided::Refused(Told::NotYet) => "said-application-refused-tell",
        Decided::Admitted { .. } | Decided::Before => "said-application-before",
    };
    see(&frame.under(&format!("/applications/{name}?said={said}")))
}

/// The page again, with what does not fit.
async fn show_again(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    application: &Application,
    (word, filled, misfits): (&str, &Filled, &Misfits),
) -> Answer {
    let sent = Sent { word, filled, misfits };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &lay(app, caller, asking, application, Some(sent)).await?)
}
