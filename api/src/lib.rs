//! The Coudemain HTTP service: a JSON API over the ledger.
//!
//! Read [`router`] first: every route in one list, with who may take it. A request passes `layers::finish`, then the
//! guard of its route (`who`), then its handler (`v1/…`), which asks the ledger's one writer or reads the store.

mod answer;
#[path = "../../service/src/app.rs"]
mod app;
#[path = "../../service/src/directory.rs"]
mod directory;
#[path = "../../service/src/events.rs"]
mod events;
mod extract;
#[path = "../../service/src/id.rs"]
mod id;
#[path = "../../service/src/layers.rs"]
mod layers;
#[path = "../../service/src/misfit.rs"]
mod misfit;
mod openapi;
mod operation;
#[path = "../../service/src/problem.rs"]
mod problem;
mod reading;
#[path = "../../service/src/route.rs"]
mod route;
pub mod router;
#[path = "../../service/src/server.rs"]
mod server;
#[path = "../../service/src/standings.rs"]
mod standings;
mod v1;
#[path = "../../service/src/who.rs"]
mod who;

pub use app::{App, Config};
pub use id::Ids;
pub use route::{Part, Route, Rule, Scope};
pub use server::Server;

/// A new token's text, and what is kept of it.
pub fn new_token(network: ledger::NetworkId, random: [u8; 32]) -> (String, ledger::Digest) {
    let text = who::Tokens::text(network, random);
    let digest = who::Tokens::digest(&text);
    (text, digest)
}
