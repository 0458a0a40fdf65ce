//! Whether the process lives, whether it can work, and what it counts.

use axum::{extract::State, http::HeaderMap};
use schemars::JsonSchema;
use serde::Serialize;
use service::{App, language::preferred};

use crate::answer::{self, Answer};

/// The process lives.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Health {
    status: &'static str,
    /// What whoever runs the service should look at: it works, and so stays in rotation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    complaints: Vec<String>,
}

pub(crate) async fn live() -> Answer {
    Ok(answer::json(200, &Health { status: "ok", complaints: Vec::new() }))
}

/// The process can work.
pub(crate) async fn ready(State(app): State<App>, headers: HeaderMap) -> Answer {
    app.check_ready().await?;
    Ok(answer::json(200, &Health { status: "ok", complaints: app.complaints(preferred(&headers)) }))
}

pub(crate) async fn metrics(State(app): State<App>) -> Answer {
    Ok(answer::text(200, "text/plain; version=0.0.4", app.counters()))
}
