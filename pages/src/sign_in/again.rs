//! Signing in again, as grave steps ask for: with the digits of a mail, a paper card, or a password where there is one.

use askama::Template;
use axum::{extract::State, http::HeaderMap};
use service::{
    App,
    caller::Caller,
    problem::{Problem, Refusal},
    sign_in::{
        by_mail, card,
        coming::{Coming, Entered},
        demo, session,
    },
    source::Source,
};

use super::mail;
use crate::{
    answer::{Answer, again, page, see, see_with},
    door::BROWSER,
    entering::{back, device, enter},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
};

/// Whether a mail shows who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByMail {
    /// They have no address, or the service sends no mail.
    No,
    /// One can be sent.
    Offered,
    /// One was sent, and its digits are waited for.
    Sent,
}

#[derive(Template)]
#[template(path = "again.html")]
struct Again {
    frame: Frame,
    misfits: Misfits,
    back: String,
    mail: ByMail,
    has_password: bool,
    is_demo: bool,
    letters: String,
}

impl Again {
    fn can_have_mail(&self) -> bool {
        self.mail != ByMail::No
    }

    fn is_mail_sent(&self) -> bool {
        self.mail == ByMail::Sent
    }

    async fn with(
        app: &App,
        caller: &Caller,
        asking: &Asking,
        filled: &Filled,
        misfits: Misfits,
    ) -> Result<Self, Problem> {
        let has_password = match caller.person() {
            Some(person) => app.store.address_of(caller.known.id, person).await?.is_some(),
            None => false,
        };
        let by_mail = if !app.postman.is_set() || address(app, caller).await?.is_none() {
            ByMail::No
        } else if filled.is("way", "code") || asking.parameter("mail").is_some() {
            ByMail::Sent
        } else {
            ByMail::Offered
        };
        Ok(Self {
            frame: Frame::around(app, caller, asking).await?,
            misfits,
            back: back(asking, filled),
            mail: by_mail,
            has_password,
            is_demo: persona(app, caller).await?.is_some(),
            letters: filled.get("letters").to_owned(),
        })
    }
}

/// The address that the caller has.
async fn address(app: &App, caller: &Caller) -> Result<Option<String>, Problem> {
    let Some(person) = caller.person() else { return Ok(None) };
    let said = app.store.identity(caller.known.id, person).await?.and_then(|identity| identity.email);
    match said {
        Some(said) => Ok(Some(said)),
        None => Ok(app.store.address_of(caller.known.id, person).await?),
    }
}

/// As whom of the demo the caller looks around.
async fn persona(app: &App, caller: &Caller) -> Result<Option<store::Persona>, Problem> {
    let personas = demo::personas(app, &caller.known).await?;
    Ok(personas.into_iter().find(|found| Some(found.person) == caller.person()).map(|found| found.persona))
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    page(&Again::with(&app, &caller, &asking, &Filled::default(), Misfits::default()).await?)
}

/// Sends the caller a mail with digits.
pub(crate) async fn send_mail(
    State(app): State<App>,
    caller: Caller,
    asking: Asking,
    source: Source,
    headers: HeaderMap,
    filled: Filled,
) -> Answer {
    let back = back(&asking, &filled);
    let address = address(&app, &caller).await?.filter(|_| app.postman.is_set()).ok_or_else(Problem::not_found)?;
    let cookie = mail::ask(&app, &asking, source, &headers, (&address, &back)).await?;
    let query: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    let page = format!("{}/me/again?mail=sent&back={query}", asking.place.prefix());
    match cookie {
        Some(cookie) => see_with(&page, &cookie),
        // What the network knows as an address is none.
        None => see(&format!("{}/me/again?back={query}", asking.place.prefix())),
    }
}

/// Takes what the caller shows.
pub(crate) async fn prove(
    State(app): State<App>,
    caller: Caller,
    asking: Asking,
    source: Source,
    headers: HeaderMap,
    filled: Filled,
) -> Answer {
    let back = back(&asking, &filled);
    let known = &caller.known;
    let mut misfits = Misfits::default();
    let words = crate::words::words(asking.language);
    let entered = match filled.get("way") {
        "code" => {
            let browser = BROWSER.of(&headers, &asking.place).unwrap_or_default();
            let typed = (browser, filled.get("code"));
            by_mail::enter_with_code(&app, source, known, typed, None, Coming::Again(&caller)).await?
        }
        "card" => card::enter(&app, source, known, filled.get("letters"), Coming::Again(&caller)).await?,
        "demo" => {
            let persona = persona(&app, &caller).await?.ok_or_else(Problem::not_found)?;
            Entered::In(demo::enter(&app, known, persona, device(&headers)).await?.session)
        }
        _ => match session::sign_in_again(&app, source, &caller, filled.get("password").to_owned()).await {
            Ok(()) => Entered::Again,
            Err(problem) if matches!(problem.refusal(), Refusal::SignInFailed) => Entered::DoesNotWork,
            Err(problem) => return Err(problem),
        },
    };
    match entered {
        Entered::In(session) => return enter(&asking, &session, &back),
        Entered::Again => return see(&format!("{}{back}", asking.place.prefix())),
        Entered::Who(_) | Entered::DoesNotWork => {}
    }
    let (field, sentence) = match filled.get("way") {
        "code" => ("code", "sign-in-code-wrong"),
        "card" => ("letters", "card-wrong"),
        _ => ("password", "again-password-wrong"),
    };
    misfits.add(field, words.say(sentence, &[]));
    again(&Again::with(&app, &caller, &asking, &filled, misfits).await?)
}
