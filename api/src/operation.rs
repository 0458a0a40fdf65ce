//! Whether the process lives, whether it can work, and what it counts.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use service::App;

use crate::answer::{self, Answer};

/// The process lives.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Health {
    status: &'static str,
}

pub(crate) async fn live() -> Answer {
    Ok(answer::json(200, &Health { status: "ok" }))
}

/// The process can work.
pub(crate) async fn ready(State(app): State<App>) -> Answer {
    app.check_ready().await?;
    Ok(answer::json(200, &Health { status: "ok" }))
}

pub(crate) async fn metrics(State(app): State<App>) -> Answer {
    Ok(answer::text(200, "text/plain; version=0.0.4", app.counters()))
}
