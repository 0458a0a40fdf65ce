//! Every route, and who may take it: the tables that the router, the guard and the OpenAPI document are made of.

mod callers;

mod associations;
mod events;
mod exchanges;
mod hours;
mod log;
mod network;
mod people;

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use service::problem::{Problem, Refusal};

use crate::{
    answer::text,
    operation,
    route::{Described, get},
};

/// Every route. What describes them all is served from `document`, once it is there.
pub(crate) fn routes(document: &Arc<OnceLock<Bytes>>) -> Vec<Described> {
    let mut routes = operation_routes(document);
    routes.extend(people::routes());
    routes.extend(associations::routes());
    routes.extend(exchanges::routes());
    routes.extend(hours::routes());
    routes.extend(network::routes());
    routes.extend(events::routes());
    routes.extend(log::routes());
    routes
}

fn operation_routes(document: &Arc<OnceLock<Bytes>>) -> Vec<Described> {
    let document = Arc::clone(document);
    let serve = move || async move {
        let document = document.get().ok_or_else(|| Problem::new(Refusal::Fault))?;
        Ok::<_, Problem>(text(200, "application/json", document.clone()))
    };
    vec![
        get("/healthz", "is_alive", "Whether the process lives", operation::live)
            .open()
            .for_operation()
            .answers::<operation::Health>(),
        get("/readyz", "is_ready", "Whether the process can work", operation::ready)
            .open()
            .for_operation()
            .answers::<operation::Health>(),
        get("/metrics", "metrics", "Counters, for Prometheus", operation::metrics)
            .open()
            .for_operation()
            .answers_text("text/plain"),
        get("/openapi.json", "openapi", "This document", serve)
            .open()
            .answers::<serde_json::Map<String, serde_json::Value>>(),
    ]
}
