//! The sealed log, which is public but for what its acts say.

use service::Scope::Read;

use super::callers::WATCHERS;
use crate::{
    route::{Described, get, post},
    v1::{log, tiles, witness},
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
    [proofs(), published(), tiles_and_entries(), witnessing()].into_iter().flatten().collect()
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
        get("/v1/networks/{network}/status/1", "status_list", "The list of what the network revoked", log::status_list)
            .open()
            .answers_text("application/vc"),
        get(
            "/credentials/status/1",
            "domain_status_list",
            "The list of what the network of this domain revoked",
            log::status_list_of_domain,
        )
        .open()
        .absent_sometimes()
        .answers_text("application/vc"),
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

/// What the network does for others' logs.
fn witnessing() -> Vec<Described> {
    vec![
        post(
            "/v1/networks/{network}/witness/add-checkpoint",
            "cosign_head",
            "Ask the network to witness a head of another log",
            witness::cosign,
        )
        .open()
        .unkeyed()
        .status(200)
        .notes(witness::NOTES)
        .answers_text("text/plain"),
        get(
            "/v1/networks/{network}/witness/{origin}/checkpoint",
            "cosigned_head",
            "The head of another log that the network witnessed last",
            witness::cosigned,
        )
        .open()
        .answers_text("text/plain"),
    ]
}

fn tile(path: &'static str, operation: &'static str, summary: &'static str) -> Described {
    get(path, operation, summary, tiles::hashes).open().answers_text("application/octet-stream")
}

fn entries(path: &'static str, operation: &'static str, summary: &'static str) -> Described {
    get(path, operation, summary, tiles::entries).only(Read, WATCHERS).answers_text("application/octet-stream")
}
