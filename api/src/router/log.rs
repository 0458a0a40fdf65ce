//! The sealed log, which is public but for what its acts say.

use service::Scope::Read;

use super::callers::WATCHERS;
use crate::{
    route::{Described, get},
    v1::{log, tiles},
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
    [proofs(), published(), tiles_and_entries()].into_iter().flatten().collect()
}

/// The signed head, and what leads to it.
fn proofs() -> Vec<Described> {
    vec![
        get("/v1/networks/{network}/log", "log_head", "The last signed head of the sealed log", log::head)
            .open()
            .answers::<log::LogHead>(),
        get("/v1/networks/{network}/log/inclusion", "log_inclusion", "Proof that an act is in the log", log::inclusion)
            .open()
            .query::<log::WhichAct>()
            .answers::<log::Proof>(),
        get(
            "/v1/networks/{network}/log/consistency",
            "log_consistency",
            "Proof that an earlier log is the beginning of this one",
            log::consistency,
        )
        .open()
        .query::<log::WhichSize>()
        .answers::<log::Proof>(),
        get("/v1/networks/{network}/log/checkpoint", "log_checkpoint", "The last signed head", log::checkpoint)
            .open()
            .answers_text("text/plain"),
    ]
}

/// What the network publishes about what it signs.
fn published() -> Vec<Described> {
    vec![
        get("/v1/networks/{network}/did.json", "network_keys", "The network's public keys", log::keys)
            .open()
            .answers::<serde_json::Map<String, serde_json::Value>>(),
        get("/.well-known/did.json", "domain_keys", "The keys of the network of this domain", log::keys_of_domain)
            .open()
            .absent_sometimes()
            .answers::<serde_json::Map<String, serde_json::Value>>(),
    ]
}

/// C2SP tlog-tiles: an index past 999 has several groups of digits, and a tile that is not full its width.
fn tiles_and_entries() -> Vec<Described> {
    vec![
        tile("/v1/networks/{network}/log/tile/{level}/{end}", "log_tile", "A tile of the log's hashes"),
        tile(
            "/v1/networks/{network}/log/tile/{level}/{first}/{end}",
            "log_tile_2",
            "A tile with one more group in its address",
        ),
        tile(
            "/v1/networks/{network}/log/tile/{level}/{first}/{second}/{end}",
            "log_tile_3",
            "A tile with two more groups in its address",
        ),
        entries("/v1/networks/{network}/log/tile/entries/{end}", "log_entries", "The sealed acts under a tile"),
        entries(
            "/v1/networks/{network}/log/tile/entries/{first}/{end}",
            "log_entries_2",
            "The sealed acts under a tile with one more group in its address",
        ),
        entries(
            "/v1/networks/{network}/log/tile/entries/{first}/{second}/{end}",
            "log_entries_3",
            "The sealed acts under a tile with two more groups in its address",
        ),
    ]
}

fn tile(path: &'static str, operation: &'static str, summary: &'static str) -> Described {
    get(path, operation, summary, tiles::hashes).open().answers_text("application/octet-stream")
}

fn entries(path: &'static str, operation: &'static str, summary: &'static str) -> Described {
    get(path, operation, summary, tiles::entries).only(Read, WATCHERS).answers_text("application/octet-stream")
}
