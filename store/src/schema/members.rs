//! The tables of who takes part, and under which rules.

use crate::schema::table::{
    ColumnType::{Date, Int, Text},
    Table,
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
