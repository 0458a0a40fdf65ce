//! The Coudemain HTTP service: a JSON API over the ledger.
//!
//! Read [`router`] first: every route in one list, with who may take it. A request passes `layers::finish`, then the
//! guard of its route (`who`), then its handler (`v1/…`), which asks the ledger's one writer or reads the store.

mod answer;
mod app;
mod directory;
mod events;
mod extract;
mod id;
mod layers;
mod misfit;
mod openapi;
mod operation;
mod problem;
mod reading;
mod route;
pub mod router;
mod server;
mod standings;
mod v1;
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
