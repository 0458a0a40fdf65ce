//! Every route, and who may take it: the tables that the router, the guard and the OpenAPI document are made of.

mod callers;

mod associations;
mod events;
mod exchanges;
mod hours;
mod log;
mod network;
mod people;

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use service::problem::{Problem, Refusal};

use crate::{
    answer::text,
    operation,
    route::{Described, get},
};

/// What describes the routes, as it is sent: whoever asks for it needs no token, so that to answer must cost nothing.
#[derive(Debug)]
pub(crate) struct Document {
    plain: Bytes,
    /// Compressed, once and for all.
    packed: Option<Bytes>,
}

impl Document {
    pub(crate) fn new(text: &str) -> Self {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        let packed = packed.write_all(text.as_bytes()).and_then(|()| packed.finish());
        Self { plain: text.to_owned().into(), packed: packed.ok().map(Bytes::from) }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let takes_packed = accepted.split(',').any(|one| one.trim() == "gzip");
        let packed = self.packed.as_ref().filter(|_| takes_packed);
        let mut response = text(200, "application/json", packed.unwrap_or(&self.plain).clone());
        if packed.is_some() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        response
    }
}

/// Every route. What describes them all is served from `document`, once it is there.
pub(crate) fn routes(document: &Arc<OnceLock<Document>>) -> Vec<Described> {
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

fn operation_routes(document: &Arc<OnceLock<Document>>) -> Vec<Described> {
    let document = Arc::clone(document);
    let serve = move |headers: HeaderMap| async move {
        let document = document.get().ok_or_else(|| Problem::new(Refusal::Fault))?;
        Ok::<_, Problem>(document.answer(&headers))
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
