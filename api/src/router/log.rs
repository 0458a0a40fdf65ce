//! The sealed log, which is public.

use crate::{
    route::{Described, get},
    v1::log,
};

/// Their routes.
pub(super) fn routes() -> Vec<Described> {
    vec![
        get("/v1/networks/{network}/log", "log_head", "The head of the sealed log", log::head)
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
        get("/v1/networks/{network}/did.json", "network_keys", "The network's public keys", log::keys)
            .open()
            .answers::<serde_json::Map<String, serde_json::Value>>(),
        get("/.well-known/did.json", "domain_keys", "The keys of the network of this domain", log::keys_of_domain)
            .open()
            .absent_sometimes()
            .answers::<serde_json::Map<String, serde_json::Value>>(),
        // C2SP tlog-tiles: an index past 999 has several groups of digits, and a tile that is not full its width.
        get("/v1/networks/{network}/log/tile/{level}/{end}", "log_tile", "A tile of the log's hashes", log::tile)
            .open()
            .answers_text("application/octet-stream"),
        get(
            "/v1/networks/{network}/log/tile/{level}/{first}/{end}",
            "log_tile_2",
            "A tile with one more group in its address",
            log::tile_of_two,
        )
        .open()
        .answers_text("application/octet-stream"),
        get(
            "/v1/networks/{network}/log/tile/{level}/{first}/{second}/{end}",
            "log_tile_3",
            "A tile with two more groups in its address",
            log::tile_of_three,
        )
        .open()
        .answers_text("application/octet-stream"),
    ]
}
