//! Acts as they happen: a stream of server-sent events.

use std::convert::Infallible;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

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
use ledger::ActNumber;
use schemars::JsonSchema;
use serde::Deserialize;
use store::ActRow;

use crate::{
    answer::Answer,
    app::App,
    extract::Query,
    operation::metrics::instant,
    route::Rule,
    who::{self, Caller},
};

/// So often it is looked for acts that another process wrote.
const LOOK: Duration = Duration::from_secs(1);
/// So often it is asked again whether the one who listens still may.
const RECHECK: Duration = Duration::from_secs(5);

/// Where the stream begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    /// After the act of that number; after the newest one unless said. The header `Last-Event-ID` says it too.
    #[schemars(range(min = -1, max = 9_007_199_254_740_991_i64))]
    after: Option<i64>,
}

/// Somebody who listens.
struct Listener {
    app: App,
    caller: Caller,
    headers: HeaderMap,
    rule: Rule,
    next: i64,
    read: std::collections::VecDeque<ActRow>,
    checked: Instant,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.app.metrics.streams.fetch_sub(1, Relaxed);
    }
}

pub(crate) async fn events(
    State(app): State<App>,
    caller: Caller,
    Extension(rule): Extension<Rule>,
    headers: HeaderMap,
    Query(query): Query<Since>,
) -> Answer {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    let next = match last.or(query.after) {
        Some(after) => after.saturating_add(1).max(0),
        None => app.store.head(caller.known.id).await?.0.next.0,
    };
    app.metrics.streams.fetch_add(1, Relaxed);
    let listener =
        Listener { app, caller, headers, rule, next, read: std::collections::VecDeque::new(), checked: instant() };
    Ok(Sse::new(told(listener)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

fn told(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, |mut listener| async move {
        let event = listener.next_event().await?;
        Some((Ok(event), listener))
    })
}

impl Listener {
    /// The next event; nothing when the stream is to end.
    async fn next_event(&mut self) -> Option<Event> {
        let mut news = self.app.news.subscribe();
        let mut stopping = self.app.stopping.subscribe();
        loop {
            if *stopping.borrow_and_update() || !self.still_may().await {
                return None;
            }
            while let Some(act) = self.read.pop_front() {
                self.next = act.number + 1;
                if let Some(event) = super::event(&self.caller.known, &act, self.caller.association()) {
                    let id = act.number.to_string();
                    return Some(Event::default().id(id).event(act.kind).data(event.to_string()));
                }
            }
            news.mark_unchanged();
            // A database that is away for a moment ends no stream.
            let acts = self.app.store.acts_from(self.caller.known.id, ActNumber(self.next), 100).await;
            self.read.extend(acts.unwrap_or_default());
            if self.read.is_empty() {
                tokio::select! {
                    _ = tokio::time::timeout(LOOK, news.changed()) => {}
                    _ = stopping.changed() => {}
                }
            }
        }
    }

    async fn still_may(&mut self) -> bool {
        if self.checked.elapsed() < RECHECK {
            return true;
        }
        self.checked = instant();
        match who::admit(&self.app, &self.headers, &self.rule).await {
            Ok(caller) => {
                self.caller = caller;
                true
            }
            Err(problem) => problem.status().is_server_error() || problem.status().as_u16() == 429,
        }
    }
}
