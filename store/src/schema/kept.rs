//! The tables of what is no act.

use crate::schema::table::{
    ColumnType::{Bytes, Date, Int, Text, Uuid},
    Table,
};

/// What the `reconcile` command remembers.
pub(crate) const NOTEBOOK_HABIT: Table = Table {
    name: "notebook_habit",
    columns: &[("network_id", Int), ("association", Int), ("kind", Text), ("written", Text), ("meaning", Text)],
    key: "network_id, association, kind, written",
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
        ("made_with", Uuid),
        ("signed_in_at", Int),
        ("idle_seconds", Int),
        ("handed_out_for", Int),
    ],
    key: "network_id, token",
};

pub(crate) const CREDENTIAL: Table = Table {
    name: "credential",
    columns: &[
        ("network_id", Int),
        ("person", Int),
        ("email", Text),
        ("hash", Text),
        ("changed_at", Int),
        ("invited_for", Int),
    ],
    key: "network_id, person",
};

pub(crate) const SIGN_IN: Table = Table {
    name: "sign_in",
    columns: &[("network_id", Int), ("person", Int), ("address", Bytes)],
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

pub(crate) const JOINING: Table = Table {
    name: "joining",
    columns: &[
        ("network_id", Int),
        ("joining", Uuid),
        ("secret", Bytes),
        ("association", Int),
        ("person", Int),
        ("principal", Text),
        ("created_at", Int),
        ("expires_at", Int),
        ("ended_at", Int),
    ],
    key: "network_id, joining",
};

pub(crate) const ACCESS_EVENT: Table = Table {
    name: "access_event",
    columns: &[("network_id", Int), ("person", Int), ("happened_at", Int), ("kind", Text), ("principal", Text)],
    key: "network_id, person, happened_at, kind",
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

pub(crate) const MAIL_SIGN_IN: Table = Table {
    name: "mail_sign_in",
    columns: &[
        ("network_id", Int),
        ("mail", Uuid),
        ("person", Int),
        ("secret", Bytes),
        ("browser", Bytes),
        ("code", Bytes),
        ("tries", Int),
        ("created_at", Int),
        ("expires_at", Int),
        ("used_at", Int),
    ],
    key: "network_id, mail, person",
};

pub(crate) const CARD: Table = Table {
    name: "card",
    columns: &[
        ("network_id", Int),
        ("card", Uuid),
        ("secret", Bytes),
        ("person", Int),
        ("principal", Text),
        ("created_at", Int),
        ("expires_at", Int),
        ("used_at", Int),
        ("ended_at", Int),
    ],
    key: "network_id, card",
};

pub(crate) const FOUNDING_LINK: Table = Table {
    name: "founding_link",
    columns: &[("network_id", Int), ("secret", Bytes), ("created_at", Int), ("expires_at", Int), ("ended_at", Int)],
    key: "network_id, secret",
};

pub(crate) const DEMO_PERSONA: Table = Table {
    name: "demo_persona",
    columns: &[("network_id", Int), ("person", Int), ("persona", Text)],
    key: "network_id, person",
};

/// How far acts were read for letters.
pub(crate) const MAILER: Table = Table {
    name: "mailer",
    columns: &[("network_id", Int), ("next_act", Int), ("looked_at", Int), ("leased_until", Int)],
    key: "network_id",
};

pub(crate) const MAIL: Table = Table {
    name: "mail",
    columns: &[
        ("network_id", Int),
        ("kind", Text),
        ("about", Int),
        ("person", Int),
        ("state", Text),
        ("attempts", Int),
        ("retry_at", Int),
        ("problem", Text),
        ("written_at", Int),
        ("ended_at", Int),
    ],
    key: "network_id, kind, about, person",
};

pub(crate) const MAIL_LINK: Table = Table {
    name: "mail_link",
    columns: &[
        ("network_id", Int),
        ("secret", Bytes),
        ("purpose", Text),
        ("person", Int),
        ("association", Int),
        ("exchange", Int),
        ("created_at", Int),
    ],
    key: "network_id, secret",
};

pub(crate) const MAIL_SETTING: Table = Table {
    name: "mail_setting",
    columns: &[
        ("network_id", Int),
        ("person", Int),
        ("language", Text),
        ("digest", Text),
        ("digest_day", Int),
        ("changed_at", Int),
    ],
    key: "network_id, person",
};

pub(crate) const MAIL_BOUNCE: Table = Table {
    name: "mail_bounce",
    columns: &[
        ("network_id", Int),
        ("person", Int),
        ("address", Bytes),
        ("principal", Text),
        ("reason", Text),
        ("noted_at", Int),
    ],
    key: "network_id, person",
};

pub(crate) const APPLICATION: Table = Table {
    name: "application",
    columns: &[
        ("network_id", Int),
        ("application", Uuid),
        ("name", Text),
        ("rna", Text),
        ("commune", Text),
        ("first_name", Text),
        ("last_name", Text),
        ("email", Text),
        ("phone", Text),
        ("remark", Text),
        ("language", Text),
        ("asked_at", Int),
        ("state", Text),
        ("reason", Text),
        ("principal", Text),
        ("decided_at", Int),
    ],
    key: "network_id, application",
};

pub(crate) const SIGN_UP: Table = Table {
    name: "sign_up",
    columns: &[
        ("network_id", Int),
        ("sign_up", Uuid),
        ("secret", Bytes),
        ("joining", Uuid),
        ("association", Int),
        ("first_name", Text),
        ("last_name", Text),
        ("email", Text),
        ("phone", Text),
        ("adult_on", Date),
        ("language", Text),
        ("asked_at", Int),
        ("expires_at", Int),
    ],
    key: "network_id, sign_up",
};

pub(crate) const BACKUP_MADE: Table =
    Table { name: "backup_made", columns: &[("network_id", Int), ("made_at", Int)], key: "network_id" };
