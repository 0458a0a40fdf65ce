//! The tables of what outsiders can check, and of who is erased.

use crate::schema::table::{
    ColumnType::{Bytes, Int, Text, Uuid},
    Table,
};

pub(crate) const NETWORK_KEY: Table = Table {
    name: "network_key",
    columns: &[("network_id", Int), ("act", Int), ("purpose", Text), ("key", Bytes), ("domain", Text)],
    key: "network_id, act",
};

pub(crate) const LOG_CHECKPOINT: Table = Table {
    name: "log_checkpoint",
    columns: &[("network_id", Int), ("generation", Int), ("size", Int), ("signed_at", Int), ("note", Text)],
    key: "network_id, generation, size",
};

pub(crate) const LOG_GENERATION: Table = Table {
    name: "log_generation",
    columns: &[
        ("network_id", Int),
        ("generation", Int),
        ("act", Int),
        ("lost_origin", Text),
        ("lost_size", Int),
        ("lost_root", Bytes),
    ],
    key: "network_id, generation",
};

pub(crate) const STATEMENT: Table = Table {
    name: "statement",
    columns: &[
        ("network_id", Int),
        ("year", Int),
        ("sequence", Int),
        ("association", Int),
        ("supersedes", Int),
        ("act", Int),
        ("bytes", Bytes),
    ],
    key: "network_id, year, sequence",
};

pub(crate) const RECOGNITION: Table = Table {
    name: "recognition",
    columns: &[
        ("network_id", Int),
        ("recognition", Int),
        ("person", Int),
        ("association", Int),
        ("exchange", Int),
        ("skill", Int),
        ("level", Text),
        ("state", Text),
        ("answered_in", Int),
    ],
    key: "network_id, recognition",
};

pub(crate) const BADGE: Table = Table {
    name: "badge",
    columns: &[
        ("network_id", Int),
        ("recognition", Int),
        ("person", Int),
        ("id", Uuid),
        ("issued_at", Int),
        ("status", Int),
        ("bytes", Bytes),
    ],
    key: "network_id, recognition",
};

pub(crate) const VOLUNTEER_RECORD: Table = Table {
    name: "volunteer_record",
    columns: &[("network_id", Int), ("status", Int), ("person", Int), ("issued_at", Int)],
    key: "network_id, status",
};

pub(crate) const CREDENTIAL_STATUS: Table = Table {
    name: "credential_status",
    columns: &[("network_id", Int), ("position", Int), ("issued_at", Int), ("revoked_at", Int)],
    key: "network_id, position",
};

pub(crate) const ERASURE: Table = Table {
    name: "erasure",
    columns: &[("network_id", Int), ("person", Int), ("act", Int)],
    key: "network_id, person",
};
