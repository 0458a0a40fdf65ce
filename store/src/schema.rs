//! The tables and the types of their columns, for whatever treats all tables alike: bulk writes and backups.
//!
//! `tests/src/schema.rs` holds this list against both databases' own catalogues.

/// The type of a column, the same on both databases but for its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// `BIGINT`, `INTEGER`.
    Int,
    /// `TEXT`.
    Text,
    /// `BYTEA`, `BLOB`.
    Bytes,
    /// `UUID`, `BLOB`.
    Uuid,
    /// `DATE`, `TEXT`.
    Date,
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its columns, in order.
    pub(crate) columns: &'static [(&'static str, ColumnType)],
    /// Its primary key, in order, as it stands in SQL.
    pub(crate) key: &'static str,
}

use ColumnType::{Bytes, Date, Int, Text, Uuid};

/// The condition of the index `act_seldom`, to stand beside the kinds that are wanted: SQLite does not see that one of
/// them implies it.
pub(crate) const IS_SELDOM: &str = "kind in ('limits_set', 'transferred', 'balance_brought_in', 'association_left', \
                                    'association_added', 'association_renamed', 'association_identified')";

pub(crate) const NETWORK: Table = Table {
    name: "network",
    columns: &[("network_id", Int), ("uuid", Uuid), ("name", Text), ("time_zone", Text)],
    key: "network_id",
};
pub(crate) const HEAD: Table = Table {
    name: "head",
    columns: &[
        ("network_id", Int),
        ("next_act", Int),
        ("last_at", Int),
        ("registry_act", Int),
        ("reference_year", Int),
        ("reference_last", Int),
        ("first_year", Int),
        ("closed_through", Int),
        ("root", Bytes),
    ],
    key: "network_id",
};
pub(crate) const ACT: Table = Table {
    name: "act",
    columns: &[
        ("network_id", Int),
        ("number", Int),
        ("kind", Text),
        ("recorded_at", Int),
        ("principal", Text),
        ("key_scope", Text),
        ("key", Text),
        ("request", Bytes),
        ("leaf", Text),
        ("leaf_hash", Bytes),
    ],
    key: "network_id, number",
};
pub(crate) const POSTING: Table = Table {
    name: "posting",
    columns: &[
        ("network_id", Int),
        ("book", Text),
        ("account", Int),
        ("sequence", Int),
        ("act", Int),
        ("cause", Int),
        ("kind", Text),
        ("minutes", Int),
        ("balance", Int),
        ("booked", Date),
        ("given", Int),
        ("received", Int),
    ],
    key: "network_id, account, book, sequence",
};
pub(crate) const CONTRIBUTION: Table = Table {
    name: "contribution",
    columns: &[
        ("network_id", Int),
        ("act", Int),
        ("line", Int),
        ("person", Int),
        ("association", Int),
        ("exchange", Int),
        ("minutes", Int),
        ("nature", Text),
        ("skill", Int),
        ("service_date", Date),
    ],
    key: "network_id, act, line",
};
pub(crate) const REVERSAL: Table = Table {
    name: "reversal",
    columns: &[("network_id", Int), ("target", Int), ("act", Int)],
    key: "network_id, target",
};
pub(crate) const YEAR_CLOSING: Table = Table {
    name: "year_closing",
    columns: &[
        ("network_id", Int),
        ("year", Int),
        ("act", Int),
        ("accounts", Int),
        ("root", Bytes),
        ("proposed", Int),
        ("contested", Int),
        ("held", Int),
    ],
    key: "network_id, year",
};
pub(crate) const LOG_TILE: Table = Table {
    name: "log_tile",
    columns: &[("network_id", Int), ("level", Int), ("tile", Int), ("hashes", Bytes)],
    key: "network_id, level, tile",
};
pub(crate) const EXCHANGE: Table = Table {
    name: "exchange",
    columns: &[
        ("network_id", Int),
        ("exchange", Int),
        ("giver", Int),
        ("receiver", Int),
        ("minutes", Int),
        ("service_date", Date),
        ("skill", Int),
        ("state", Text),
        ("spoken_by", Text),
        ("spoken_in", Int),
        ("posted_in", Int),
        ("replaces", Int),
        ("given_reference", Text),
    ],
    key: "network_id, exchange",
};
pub(crate) const ASSOCIATION: Table = Table {
    name: "association",
    columns: &[
        ("network_id", Int),
        ("association", Int),
        ("kind", Text),
        ("state", Text),
        ("commune", Text),
        ("insee", Text),
        ("member_since", Date),
        ("has_limits", Int),
        ("soft_floor", Int),
        ("hard_floor", Int),
        ("soft_ceiling", Int),
        ("hard_ceiling", Int),
    ],
    key: "network_id, association",
};
pub(crate) const ASSOCIATION_NAME: Table = Table {
    name: "association_name",
    columns: &[
        ("network_id", Int),
        ("association", Int),
        ("line", Int),
        ("name", Text),
        ("since", Date),
        ("is_current", Int),
    ],
    key: "network_id, association, line",
};
pub(crate) const ASSOCIATION_IDENTIFIER: Table = Table {
    name: "association_identifier",
    columns: &[("network_id", Int), ("kind", Text), ("value", Text), ("association", Int)],
    key: "network_id, kind, value",
};
pub(crate) const MANDATE: Table = Table {
    name: "mandate",
    columns: &[("network_id", Int), ("association", Int), ("partner", Int), ("minutes_most", Int), ("until", Date)],
    key: "network_id, association, partner",
};
pub(crate) const SKILL: Table =
    Table { name: "skill", columns: &[("network_id", Int), ("skill", Int), ("name", Text)], key: "network_id, skill" };
pub(crate) const SKILL_ALIGNMENT: Table = Table {
    name: "skill_alignment",
    columns: &[
        ("network_id", Int),
        ("skill", Int),
        ("framework", Text),
        ("code", Text),
        ("name", Text),
        ("url", Text),
        ("version", Text),
    ],
    key: "network_id, skill, framework",
};
pub(crate) const POLICY: Table = Table {
    name: "policy",
    columns: &[
        ("network_id", Int),
        ("act", Int),
        ("step_minutes", Int),
        ("answer_within_days", Int),
        ("soft_floor", Int),
        ("hard_floor", Int),
        ("soft_ceiling", Int),
        ("hard_ceiling", Int),
    ],
    key: "network_id, act",
};
pub(crate) const PERSON: Table =
    Table { name: "person", columns: &[("network_id", Int), ("person", Int)], key: "network_id, person" };
pub(crate) const MEMBERSHIP: Table = Table {
    name: "membership",
    columns: &[("network_id", Int), ("person", Int), ("association", Int)],
    key: "network_id, person, association",
};
pub(crate) const ROLE: Table = Table {
    name: "role",
    columns: &[("network_id", Int), ("person", Int), ("role", Text), ("association", Int)],
    key: "network_id, person, role, association",
};
pub(crate) const EXCHANGE_REFERENCE: Table = Table {
    name: "exchange_reference",
    columns: &[("network_id", Int), ("exchange", Int), ("reference", Text), ("key", Bytes)],
    key: "network_id, exchange",
};
pub(crate) const ACT_TEXT: Table = Table {
    name: "act_text",
    columns: &[("network_id", Int), ("act", Int), ("field", Text), ("text", Text), ("key", Bytes)],
    key: "network_id, act, field",
};
pub(crate) const PERSON_KEY: Table = Table {
    name: "person_key",
    columns: &[("network_id", Int), ("act", Int), ("line", Int), ("person", Int), ("key", Bytes)],
    key: "network_id, act, line",
};
pub(crate) const PROPOSED_CONTRIBUTION: Table = Table {
    name: "proposed_contribution",
    columns: &[
        ("network_id", Int),
        ("exchange", Int),
        ("line", Int),
        ("person", Int),
        ("association", Int),
        ("minutes", Int),
        ("nature", Text),
        ("skill", Int),
        ("service_date", Date),
        ("key", Bytes),
    ],
    key: "network_id, exchange, line",
};
pub(crate) const ASSOCIATION_CONTACT: Table = Table {
    name: "association_contact",
    columns: &[
        ("network_id", Int),
        ("association", Int),
        ("name", Text),
        ("email", Text),
        ("phone", Text),
        ("paper_only", Int),
    ],
    key: "network_id, association",
};
pub(crate) const PERSON_IDENTITY: Table = Table {
    name: "person_identity",
    columns: &[
        ("network_id", Int),
        ("person", Int),
        ("code", Text),
        ("first_name", Text),
        ("last_name", Text),
        ("email", Text),
        ("adult_on", Date),
    ],
    key: "network_id, person",
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
pub(crate) const ACCESS_TOKEN: Table = Table {
    name: "access_token",
    columns: &[
        ("network_id", Int),
        ("token", Uuid),
        ("secret", Bytes),
        ("kind", Text),
        ("principal", Text),
        ("scopes", Text),
        ("acting_for", Text),
        ("label", Text),
        ("created_at", Int),
        ("expires_at", Int),
        ("last_used_at", Int),
        ("revoked_at", Int),
    ],
    key: "network_id, token",
};
pub(crate) const CREDENTIAL: Table = Table {
    name: "credential",
    columns: &[("network_id", Int), ("person", Int), ("email", Text), ("hash", Text), ("changed_at", Int)],
    key: "network_id, person",
};
pub(crate) const INVITATION: Table = Table {
    name: "invitation",
    columns: &[
        ("network_id", Int),
        ("invitation", Uuid),
        ("secret", Bytes),
        ("person", Int),
        ("principal", Text),
        ("created_at", Int),
        ("expires_at", Int),
        ("used_at", Int),
    ],
    key: "network_id, invitation",
};
pub(crate) const ANSWER: Table = Table {
    name: "answer",
    columns: &[
        ("network_id", Int),
        ("scope", Text),
        ("key", Text),
        ("request", Bytes),
        ("status", Int),
        ("body", Text),
        ("recorded_at", Int),
    ],
    key: "network_id, scope, key",
};
pub(crate) const NOTICE: Table = Table {
    name: "notice",
    columns: &[
        ("network_id", Int),
        ("notice", Uuid),
        ("kind", Text),
        ("association", Int),
        ("skill", Int),
        ("description", Text),
        ("until", Date),
        ("is_open", Int),
        ("version", Int),
        ("created_at", Int),
        ("changed_at", Int),
    ],
    key: "network_id, notice",
};
pub(crate) const WEBHOOK: Table = Table {
    name: "webhook",
    columns: &[
        ("network_id", Int),
        ("webhook", Uuid),
        ("url", Text),
        ("secret", Text),
        ("kinds", Text),
        ("association", Int),
        ("principal", Text),
        ("state", Text),
        ("next_act", Int),
        ("failures", Int),
        ("retry_at", Int),
        ("leased_until", Int),
        ("version", Int),
        ("created_at", Int),
    ],
    key: "network_id, webhook",
};
pub(crate) const WEBHOOK_DELIVERY: Table = Table {
    name: "webhook_delivery",
    columns: &[
        ("network_id", Int),
        ("webhook", Uuid),
        ("act", Int),
        ("attempts", Int),
        ("is_delivered", Int),
        ("status", Int),
        ("problem", Text),
        ("tried_at", Int),
    ],
    key: "network_id, webhook, act",
};

/// What the `reconcile` command remembers.
pub(crate) const NOTEBOOK_HABIT: Table = Table {
    name: "notebook_habit",
    columns: &[("network_id", Int), ("association", Int), ("kind", Text), ("written", Text), ("meaning", Text)],
    key: "network_id, association, kind, written",
};

/// Tables that backups of earlier versions hold. What stood in them is derived: it is checked and left out.
pub(crate) const FORMER_TABLES: &[Table] = &[
    Table {
        name: "balance",
        columns: &[("network_id", Int), ("book", Text), ("account", Int), ("sequence", Int), ("minutes", Int)],
        key: "network_id, book, account",
    },
    Table {
        name: "total",
        columns: &[
            ("network_id", Int),
            ("book", Text),
            ("account", Int),
            ("month", Int),
            ("kind", Text),
            ("minutes", Int),
        ],
        key: "network_id, book, account, month, kind",
    },
];

/// The last columns of tables, which backups of earlier versions lack: there they are empty, or, where they are sums or
/// hashes, made from what comes before them.
pub(crate) const LATER_COLUMNS: &[(&str, &str)] = &[
    ("act", "leaf_hash"),
    ("person_identity", "adult_on"),
    ("posting", "given"),
    ("posting", "received"),
    ("exchange", "given_reference"),
];

/// All tables, in the order in which a backup holds them.
pub(crate) const TABLES: &[Table] = &[
    NETWORK,
    HEAD,
    ACT,
    POSTING,
    CONTRIBUTION,
    REVERSAL,
    YEAR_CLOSING,
    LOG_TILE,
    EXCHANGE,
    ASSOCIATION,
    ASSOCIATION_NAME,
    ASSOCIATION_IDENTIFIER,
    MANDATE,
    SKILL,
    SKILL_ALIGNMENT,
    POLICY,
    PERSON,
    MEMBERSHIP,
    ROLE,
    EXCHANGE_REFERENCE,
    ACT_TEXT,
    PERSON_KEY,
    PROPOSED_CONTRIBUTION,
    ASSOCIATION_CONTACT,
    PERSON_IDENTITY,
    NETWORK_KEY,
    LOG_CHECKPOINT,
    LOG_GENERATION,
    STATEMENT,
    RECOGNITION,
    BADGE,
    CREDENTIAL_STATUS,
    ERASURE,
    NOTEBOOK_HABIT,
    ACCESS_TOKEN,
    CREDENTIAL,
    INVITATION,
    ANSWER,
    NOTICE,
    WEBHOOK,
    WEBHOOK_DELIVERY,
];
