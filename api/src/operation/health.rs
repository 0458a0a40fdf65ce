//! Whether the process lives, whether it can work, and what it counts.

use axum::{extract::State, response::Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    answer::{self, Answer},
    app::App,
    problem::{Problem, Refusal},
};

/// The process lives.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Health {
    status: &'static str,
}

pub(crate) async fn live() -> Answer {
    Ok(answer::json(200, &Health { status: "ok" }))
}

/// The process can work: the database answers, its schema is this program's, and the writer lives.
pub(crate) async fn ready(State(app): State<App>) -> Answer {
    if !app.store.is_current().await? || !app.writer.is_alive() {
        return Err(Problem::new(Refusal::Unavailable(5)));
    }
    Ok(answer::json(200, &Health { status: "ok" }))
}

pub(crate) async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let routes = crate::router::routes();
    let names: Vec<_> = routes.iter().map(crate::route::Route::operation).collect();
    let text = app.metrics.text(&names, &app.writer.gauges().in_prometheus());
    Ok(answer::text(200, "text/plain; version=0.0.4", text))
}
