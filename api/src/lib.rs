//! The JSON face of the service: an API over the ledger, for programs.
//!
//! Read `router` first: every route in one list, with who may take it. What every request passes before its handler
//! (`v1/…`) stands in the crate `service`; here it is JSON that is read, answered and described.

mod reading;
mod strict;
mod remedy;

mod parts;
mod problem_document;

mod answer;
mod bounds;
mod body;
mod elements;
mod extract;

mod cursor;
mod member;

mod v1;

mod operation;

mod route;
mod router;

mod openapi;

use std::sync::{Arc, OnceLock};

use service::{Face, doors, language, route::Voice};

/// The JSON face: its routes, one of which serves their own description.
pub fn face() -> Face {
    let document = Arc::new(OnceLock::new());
    let routes = router::routes(&document);
    document.get_or_init(|| router::Document::new(&openapi::document(&routes).to_string()));
    Face {
        routes: routes.into_iter().map(|described| described.route).collect(),
        door: doors::PROGRAMS,
        voice: Voice { language: language::preferred, tell: problem_document::tell, is_for: is_for_programs },
    }
}

/// Whether an address is one that programs ask for, also where there is nothing.
fn is_for_programs(path: &str) -> bool {
    const OTHERS: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/openapi.json"];
    ["/v1/", "/.well-known/", "/credentials/"].iter().any(|start| path.starts_with(start))
        || path == "/v1"
        || OTHERS.contains(&path)
}
