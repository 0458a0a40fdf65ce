//! By mail: the code that a browser types, and the link that a mail brings. Opening a link does nothing, since programs that
//! look after mail open every one: its page has a button.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use service::{
    App,
    problem::Problem,
    sign_in::{
        by_mail::{self, Asking as AskingForMail},
        coming::{Coming, Entered},
    },
    source::Source,
};

use crate::{
    answer::{Answer, again, page, page_with, see},
    door::BROWSER,
    entering::{back, back_query, device, enter},
    form::{Filled, Misfits},
    frame::{Asking, Frame},
    people::{Someone, chosen, named},
};

#[derive(Template)]
#[template(path = "mail.html")]
struct LookAtMail {
    frame: Frame,
    misfits: Misfits,
    /// The digits, as they were typed.
    code: String,
    back: String,
    /// Who it may be, where several have the address.
    persons: Vec<Someone>,
}

#[derive(Template)]
#[template(path = "link.html")]
struct Link {
    frame: Frame,
    action: String,
    back: String,
    persons: Vec<Someone>,
}

#[derive(Template)]
#[template(path = "link_spent.html")]
struct SpentLink {
    frame: Frame,
}

/// Has a mail sent; gives the cookie that its digits are bound to, or nothing where what was typed is no address.
///
/// # Errors
/// When no network lives here, or the database does not answer.
pub(super) async fn ask(
    app: &App,
    asking: &Asking,
    source: Source,
    headers: &HeaderMap,
    (address, back): (&str, &str),
) -> Result<Option<String>, Problem> {
    let known = asking.place.network(app).await?;
    let kept = BROWSER.of(headers, &asking.place).map(str::to_owned);
    let browser = kept.unwrap_or_else(|| by_mail::new_browser(app, &known));
    let asked = AskingForMail {
        known: &known,
        source,
        address,
        browser: &browser,
        query: back_query(back),
        language: asking.language,
    };
    Ok(by_mail::ask(app, asked).await.map(|_| BROWSER.keep(&browser, &asking.place)))
}

/// The page that waits for the digits.
pub(crate) async fn look_at_mail(State(app): State<App>, asking: Asking) -> Answer {
    let back = back(&asking, &Filled::default());
    if !app.postman.is_set() {
        return see(&format!("{}/sign-in{}", asking.place.prefix(), back_query(&back)));
    }
    let frame = Frame::for_anybody(&app, &asking).await?;
    page(&LookAtMail { frame, misfits: Misfits::default(), code: String::new(), back, persons: Vec::new() })
}

/// Comes in with the digits.
pub(crate) async fn type_code(
    State(app): State<App>,
    asking: Asking,
    source: Source,
    headers: HeaderMap,
    filled: Filled,
) -> Answer {
    let known = asking.place.network(&app).await?;
    let registry = known.registry(&app.store).await?;
    let person = chosen(&known, &registry, filled.get("person"));
    let browser = BROWSER.of(&headers, &asking.place).unwrap_or_default();
    let coming = Coming::In(device(&headers));
    let typed = (browser, filled.get("code"));
    let entered = by_mail::enter_with_code(&app, source, &known, typed, person, coming).await?;
    let mut misfits = Misfits::default();
    let mut persons = Vec::new();
    let frame = Frame::for_anybody(&app, &asking).await?;
    match entered {
        Entered::In(session) => return enter(&asking, &session, &back(&asking, &filled)),
        Entered::Who(several) => {
            misfits.add("person", frame.t("sign-in-who"));
            persons = named(&app, &known, &several).await?;
        }
        Entered::Again | Entered::DoesNotWork => misfits.add("code", frame.t("sign-in-code-wrong")),
    }
    let back = back(&asking, &filled);
    again(&LookAtMail { frame, misfits, code: filled.get("code").to_owned(), back, persons })
}

/// The page of a link.
pub(crate) async fn follow_link(State(app): State<App>, asking: Asking, Path(secret): Path<String>) -> Answer {
    let known = asking.place.network(&app).await?;
    let persons = by_mail::persons_of_link(&app, &known, &secret).await?;
    if persons.is_empty() {
        return spent(&app, &asking).await;
    }
    page(&Link {
        frame: Frame::for_anybody(&app, &asking).await?,
        action: format!("/sign-in/link/{secret}"),
        back: back(&asking, &Filled::default()),
        persons: named(&app, &known, &persons).await?,
    })
}

/// Comes in with a link.
pub(crate) async fn use_link(
    State(app): State<App>,
    asking: Asking,
    headers: HeaderMap,
    Path(secret): Path<String>,
    filled: Filled,
) -> Answer {
    let known = asking.place.network(&app).await?;
    let registry = known.registry(&app.store).await?;
    let person = chosen(&known, &registry, filled.get("person"));
    let coming = Coming::In(device(&headers));
    match by_mail::enter_with_link(&app, &known, &secret, person, coming).await? {
        Entered::In(session) => enter(&asking, &session, &back(&asking, &filled)),
        // The page asks who it is before it sends anything; whoever sends otherwise is asked again.
        Entered::Who(_) => follow_link(State(app), asking, Path(secret)).await,
        Entered::Again | Entered::DoesNotWork => spent(&app, &asking).await,
    }
}

async fn spent(app: &App, asking: &Asking) -> Answer {
    page_with(StatusCode::GONE, &SpentLink { frame: Frame::for_anybody(app, asking).await? })
}
