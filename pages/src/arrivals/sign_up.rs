//! Somebody follows an association's link, says who they are, and proves their address with a letter.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use service::{
    App,
    problem::Problem,
    sign_in::{
        coming::Entered,
        joining::link_that_works,
        sign_up::{self, Outcome, Wanting},
    },
    source::Source,
};
use store::Joining;

use super::asker;
use crate::{
    answer::{Answer, page, page_with, see},
    entering::{back_query, device, enter},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
    people::{Someone, chosen, named},
    step_form::{Kind, Sent, StepForm, day},
};

/// What the form sends for somebody who is new, where others have the address.
const NEW: &str = "new";

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUp {
    frame: Frame,
    misfits: Misfits,
    association: String,
    /// Where whoever signs in already says yes.
    known_already: String,
    form: StepForm,
}

#[derive(Template)]
#[template(path = "sign_up_spent.html")]
pub(super) struct Spent {
    pub(super) frame: Frame,
}

#[derive(Template)]
#[template(path = "sign_up_sent.html")]
struct SentUp {
    frame: Frame,
    has_letter: bool,
}

#[derive(Template)]
#[template(path = "sign_up_letter.html")]
struct Letter {
    frame: Frame,
    action: String,
    association: String,
    name: String,
    email: String,
    persons: Vec<Someone>,
}

/// The association of a link.
pub(super) async fn association_of(app: &App, asking: &Asking, joining: &Joining) -> Result<String, Problem> {
    let known = asking.place.network(app).await?;
    let registry = known.registry(&app.store).await?;
    Ok(registry.association(joining.association).map(|member| member.name().to_owned()).unwrap_or_default())
}

/// The page of a link that does not work.
pub(super) fn spent(frame: Frame) -> Answer {
    page_with(StatusCode::GONE, &Spent { frame })
}

impl SignUp {
    async fn lay(
        app: &App,
        asking: &Asking,
        (secret, joining): (&str, &Joining),
        sent: Option<Sent<'_>>,
    ) -> Result<Self, Problem> {
        let frame = Frame::for_anybody(app, asking).await?;
        let (then, email_hint) = if app.postman.is_set() {
            ("sign-up-then", "sign-up-email-hint")
        } else {
            ("sign-up-then-no-mail", "sign-up-email-hint-no-mail")
        };
        let keys = ["sign-up-title", then, "sign-up-send"];
        let form = StepForm::new(&frame, "sign-up", frame.to(&format!("/sign-up/{secret}")), keys);
        let form = asker::fields(form, &frame, email_hint)
            .field(Kind::Day, "adult_on", frame.t("sign-up-adult-on"), &"")
            .hint(frame.t("sign-up-adult-on-hint"))
            .sent(sent);
        Ok(Self {
            misfits: sent.map(|sent| sent.misfits.clone()).unwrap_or_default(),
            association: association_of(app, asking, joining).await?,
            known_already: frame.to(&format!("/sign-in{}", back_query(&format!("/me/join/{secret}")))),
            form,
            frame,
        })
    }
}

/// The form.
pub(crate) async fn show(State(app): State<App>, asking: Asking, Path(secret): Path<String>) -> Answer {
    let known = asking.place.network(&app).await?;
    match link_that_works(&app, &known, &secret).await? {
        Some(joining) => page(&SignUp::lay(&app, &asking, (&secret, &joining), None).await?),
        None => spent(Frame::for_anybody(&app, &asking).await?),
    }
}

/// Keeps what was asked, and has the letter sent.
pub(crate) async fn send(
    State(app): State<App>,
    asking: Asking,
    source: Source,
    Path(secret): Path<String>,
    filled: Filled,
) -> Answer {
    let asked = filled.asked()?;
    let known = asking.place.network(&app).await?;
    let frame = Frame::for_anybody(&app, &asking).await?;
    let Some(joining) = link_that_works(&app, &known, &secret).await? else { return spent(frame) };
    let mut misfits = Misfits::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(wanting) = read(&filled, &frame, &mut misfits) {
        match sign_up::ask(&app, source, &known, &asked, (&joining, wanting)).await? {
            Outcome::LookAtMail => return see(&frame.to("/sign-up/sent/letter")),
            Outcome::Waits => return see(&frame.to("/sign-up/sent/waits")),
            Outcome::TooMany => {
                misfits.add("form", frame.t("arrivals-too-many"));
                status = StatusCode::SERVICE_UNAVAILABLE;
            }
        }
    }
    let sent = Sent { word: "sign-up", filled: &filled, misfits: &misfits };
    page_with(status, &SignUp::lay(&app, &asking, (&secret, &joining), Some(sent)).await?)
}

fn read(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Wanting> {
    let asker = asker::read(filled, frame, misfits);
    let adult_on = filled.said("adult_on").and_then(|_| day("adult_on", filled, frame, misfits));
    misfits.is_empty().then_some(())?;
    // Whoever has come of age needs nobody's consent, and nothing of their age is kept.
    Some(Wanting { asker: asker?, adult_on: adult_on.filter(|day| *day > frame.today) })
}

/// What happens now.
pub(crate) async fn sent(State(app): State<App>, asking: Asking, Path(how): Path<String>) -> Answer {
    page(&SentUp { frame: Frame::for_anybody(&app, &asking).await?, has_letter: how == "letter" })
}

/// The page of a letter. Opening it does nothing: programs that look after mail open every link.
pub(crate) async fn follow(State(app): State<App>, asking: Asking, Path(secret): Path<String>) -> Answer {
    let known = asking.place.network(&app).await?;
    let frame = Frame::for_anybody(&app, &asking).await?;
    let Some((sign_up, persons)) = sign_up::of_letter(&app, &known, &secret).await? else { return spent(frame) };
    let registry = known.registry(&app.store).await?;
    let association = registry.association(sign_up.asked.association);
    let asker = &sign_up.asked.asker;
    page(&Letter {
        action: format!("/sign-up/letter/{secret}"),
        association: association.map(|member| member.name().to_owned()).unwrap_or_default(),
        name: service::sign_in::application::full_name(asker),
        email: asker.email.clone().unwrap_or_default(),
        persons: named(&app, &known, &persons).await?,
        frame,
    })
}

/// Lets them in.
pub(crate) async fn confirm(
    State(app): State<App>,
    asking: Asking,
    headers: HeaderMap,
    Path(secret): Path<String>,
    filled: Filled,
) -> Answer {
    let known = asking.place.network(&app).await?;
    let registry = known.registry(&app.store).await?;
    let person = match filled.get("person") {
        NEW => None,
        value => match chosen(&known, &registry, value) {
            Some(person) => Some(person),
            None => return follow(State(app), asking, Path(secret)).await,
        },
    };
    match sign_up::enter(&app, &known, &secret, person, device(&headers)).await? {
        Entered::In(session) => enter(&asking, &session, "/me?said=said-signed-up"),
        Entered::Again | Entered::Who(_) | Entered::DoesNotWork => spent(Frame::for_anybody(&app, &asking).await?),
    }
}
