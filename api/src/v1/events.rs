//! Acts as they happen, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::{
    Extension,
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse as _,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use schemars::JsonSchema;
use serde::Deserialize;
use service::{
    App,
    caller::Caller,
    events::{
        cursor::Cursor,
        stream::{Listener, take_seat},
    },
    guard::Admission,
    language,
};

use crate::{answer::Answer, extract::Query, parts::AtMost, problem_document::document};

/// So often an idle stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where the stream begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    /// After the event of that id, `generation-number`; `-1` for all acts from the first on, and the acts to come unless
    /// said. The header `Last-Event-ID` says it too. A number alone is of generation 0. Where that act was lost, because
    /// the network went back to an older backup, the answer is a 409 `cursor-was-lost`, whose `fits` is the id from
    /// which to go on: the next event is then the `log_reopened` that tells of the loss. Where no
    /// act is there yet that comes so late, the first event is `cursor_is_ahead`, a problem document without an id whose
    /// `fits` is the id of the last act; the acts to come follow.
    after: Option<AtMost<40>>,
}

pub(crate) async fn stream(
    State(app): State<App>,
    caller: Caller,
    Extension(admission): Extension<Admission>,
    headers: HeaderMap,
    Query(query): Query<Since>,
) -> Answer {
    let last = headers.get("last-event-id").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let (after, field) = match last.as_deref().filter(|last| !last.is_empty()) {
        Some(last) => (Some(last), "Last-Event-ID"),
        None => (query.after.as_deref(), "after"),
    };
    let after = after.map(Cursor::read).transpose().map_err(|problem| problem.at(field))?;
    let seat = take_seat(&app, &caller, &admission)?;
    let mut listener = Listener::new(app, caller, admission, after, seat).await.map_err(|problem| problem.at(field))?;
    let ahead = listener.ahead().map(|problem| {
        let told = document(&problem.at(field), language::preferred(&headers), None);
        Ok(Event::default().event("cursor_is_ahead").data(told.to_string()))
    });
    Ok(Sse::new(stream::iter(ahead).chain(told(listener)))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response())
}

fn told(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, |mut listener| async move {
        let happened = listener.next().await?;
        let event = Event::default().id(happened.cursor.to_string()).event(happened.kind.as_str());
        Some((Ok(event.data(happened.event.to_string())), listener))
    })
}
