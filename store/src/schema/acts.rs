//! The tables that acts become, and what is derived from them.

use crate::schema::table::{
    ColumnType::{Bytes, Date, Int, Text, Uuid},
    Table,
};

pub(crate) const NETWORK: Table = Table {
    name: "network",
    columns: &[("network_id", Int), ("uuid", Uuid), ("name", Text), ("time_zone", Text)],
    key: "network_id",
};

pub(crate) const DIRECTORY: Table = Table {
    name: "directory",
    columns: &[
        ("network_id", Int),
        ("uuid", Uuid),
        ("slug", Text),
        ("folded_name", Text),
        ("domain", Text),
        ("has_webhooks", Int),
        ("keys_hidden", Int),
    ],
    key: "network_id",
};

pub(crate) const NETWORK_SECRET: Table = Table {
    name: "network_secret",
    columns: &[("network_id", Int), ("purpose", Text), ("since", Int), ("secret", Bytes)],
    key: "network_id, purpose",
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

pub(crate) const REFERENCE_COUNTER: Table = Table {
    name: "reference_counter",
    columns: &[("network_id", Int), ("year", Int), ("last", Int)],
    key: "network_id, year",
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

pub(crate) const EXCHANGE_STEP: Table = Table {
    name: "exchange_step",
    columns: &[("network_id", Int), ("exchange", Int), ("act", Int)],
    key: "network_id, exchange, act",
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
