//! The links with which an association takes people in: made for a message or for a poster, shown once, taken back.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
};
use chrono::{DateTime, Utc};
use service::{
    App,
    caller::Caller,
    problem::{Problem, Refusal},
    sign_in::joining::{self, HandedOut, Lasting, link_that_works},
    writing::AnswerToKeep,
};
use store::Change;
use uuid::Uuid;

use crate::{
    answer::{Answer, page, see, see_with},
    door::SHOWN_LINK,
    form::Filled,
    frame::{Asking, Frame},
    home::own,
    square::{base, square},
};

/// A link that was made.
struct Line {
    about: String,
    end: Option<String>,
}

#[derive(Template)]
#[template(path = "links.html")]
struct Links {
    frame: Frame,
    name: String,
    lines: Vec<Line>,
    /// Those who wait for the coordinator to add them.
    waiting: usize,
}

/// The page.
pub(crate) async fn show(State(app): State<App>, caller: Caller, asking: Asking) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let day = |at: DateTime<Utc>| frame.date(caller.known.network.day_of(at));
    let mut lines: Vec<Line> = Vec::new();
    for link in app.store.joining_links(caller.known.id, own).await? {
        let made = ("made", day(link.created_at).into());
        let (key, at) = match link.ended_at {
            Some(at) => ("links-ended", at),
            None if link.works_at(app.now()) => ("links-works", link.expires_at),
            None => ("links-ran-out", link.expires_at),
        };
        let end = link.works_at(app.now()).then(|| format!("/sign-ups/{}/end", link.joining));
        lines.push(Line { about: frame.say(key, &[made, ("day", day(at).into())]), end });
    }
    lines.reverse();
    let waiting = app.store.waiting_sign_ups(caller.known.id, app.now()).await?;
    page(&Links {
        name: caller.name_of(own),
        lines,
        waiting: waiting.iter().filter(|waiting| waiting.asked.association == own).count(),
        frame,
    })
}

/// Makes one, and leads to where it is shown.
pub(crate) async fn make(State(app): State<App>, caller: Caller, asking: Asking, filled: Filled) -> Answer {
    let asked = filled.asked()?;
    let lasting = if filled.is("lasting", "poster") { Lasting::Poster } else { Lasting::Link };
    let HandedOut { joining, secret } = joining::link(&app, &caller, own(&caller)?, lasting);
    let answer = AnswerToKeep { status: 201, body: &serde_json::Value::Null };
    let earlier = app.keep(&caller, &asked, &Change::AddJoining(joining), answer).await?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let shown = frame.under("/sign-ups/poster");
    match earlier {
        None => see_with(&shown, &SHOWN_LINK.keep(&secret, &asking.place)),
        // Sent twice: the browser still has what the first one brought.
        Some(_) => see(&shown),
    }
}

/// Takes one back.
pub(crate) async fn end(
    State(app): State<App>,
    caller: Caller,
    asking: Asking,
    Path((_, link)): Path<(String, Uuid)>,
    filled: Filled,
) -> Answer {
    let own = own(&caller)?;
    let links = app.store.joining_links(caller.known.id, own).await?;
    if !links.iter().any(|found| found.joining == link) {
        return Err(Problem::not_found());
    }
    let answer = AnswerToKeep { status: 204, body: &serde_json::Value::Null };
    app.keep(&caller, &filled.asked()?, &Change::EndJoining(link), answer).await?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    see(&frame.under("/sign-ups?said=said-link-ended"))
}

#[derive(Template)]
#[template(path = "poster.html")]
struct Poster {
    frame: Frame,
    name: String,
    shown: Option<Shown>,
}

/// A link that was just made.
struct Shown {
    address: String,
    until: String,
    size: i32,
    path: String,
}

/// The link that was just made, to be sent or to hang on a wall.
pub(crate) async fn poster(State(app): State<App>, caller: Caller, asking: Asking, headers: HeaderMap) -> Answer {
    let own = own(&caller)?;
    let frame = Frame::around(&app, &caller, &asking).await?;
    let secret = SHOWN_LINK.of(&headers, &asking.place).unwrap_or_default();
    let found = link_that_works(&app, &caller.known, secret).await?;
    let shown = match found.filter(|link| link.association == own) {
        None => None,
        Some(link) => {
            let address = format!("{}/sign-up/{secret}", base(&app, &asking, &headers));
            let (size, path) = square(&address).ok_or_else(|| Problem::new(Refusal::Fault))?;
            let until = caller.known.network.day_of(link.expires_at);
            Some(Shown { until: frame.say("poster-until", &[("day", frame.date(until).into())]), address, size, path })
        }
    };
    page(&Poster { name: caller.name_of(own), shown, frame })
}
