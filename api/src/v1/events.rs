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
use futures_util::{Stream, stream};
use schemars::JsonSchema;
use serde::Deserialize;
use service::{App, caller::Caller, events::stream::Listener, guard::Admission};

use crate::{answer::Answer, extract::Query};

/// So often an idle stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where the stream begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    /// After the act of that number; after the newest one unless said. The header `Last-Event-ID` says it too.
    #[schemars(range(min = -1, max = 9_007_199_254_740_991_i64))]
    after: Option<i64>,
}

pub(crate) async fn stream(
    State(app): State<App>,
    caller: Caller,
    Extension(admission): Extension<Admission>,
    headers: HeaderMap,
    Query(query): Query<Since>,
) -> Answer {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    let listener = Listener::new(app, caller, admission, last.or(query.after)).await?;
    Ok(Sse::new(told(listener)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

fn told(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, |mut listener| async move {
        let happened = listener.next().await?;
        let event = Event::default().id(happened.number.to_string()).event(happened.kind.as_str());
        Some((Ok(event.data(happened.event.to_string())), listener))
    })
}
