//! The tables and the types of their columns, for whatever treats all tables alike: bulk writes and backups.
//!
//! `tests/src/schema.rs` holds this list against both databases' own catalogues.

mod table;
mod acts;
mod members;
mod proofs;
mod kept;

pub(crate) use acts::{
    ACT, ACT_TEXT, CONTRIBUTION, DIRECTORY, EXCHANGE, EXCHANGE_REFERENCE, EXCHANGE_STEP, HEAD, LOG_TILE, NETWORK,
    NETWORK_SECRET, PERSON_KEY, POSTING, PROPOSED_CONTRIBUTION, REFERENCE_COUNTER, REVERSAL, YEAR_CLOSING,
};
pub(crate) use kept::{
    ACCESS_EVENT, ACCESS_TOKEN, ANSWER, APPLICATION, BACKUP_MADE, CARD, CREDENTIAL, DEMO_PERSONA, FOUNDING_LINK,
    INVITATION, JOINING, MAIL, MAIL_BOUNCE, MAIL_LINK, MAIL_SETTING, MAIL_SIGN_IN, MAILER, NOTEBOOK_HABIT, NOTICE,
    SIGN_IN, SIGN_UP, WEBHOOK, WEBHOOK_DELIVERY,
};
pub(crate) use members::{
    ASSOCIATION, ASSOCIATION_CONTACT, ASSOCIATION_IDENTIFIER, ASSOCIATION_NAME, MANDATE, MEMBERSHIP, PERSON,
    PERSON_IDENTITY, POLICY, ROLE, SKILL, SKILL_ALIGNMENT,
};
pub(crate) use proofs::{
    BADGE, CREDENTIAL_STATUS, ERASURE, LOG_CHECKPOINT, LOG_GENERATION, NETWORK_KEY, RECOGNITION, STATEMENT,
    VOLUNTEER_RECORD,
};
pub(crate) use table::{ColumnType, Table};

use ColumnType::{Int, Text};

/// The condition of the index `act_seldom`, to stand beside the kinds that are wanted: SQLite does not see that one of
/// them implies it.
pub(crate) const IS_SELDOM: &str = "kind in ('limits_set', 'transferred', 'balance_brought_in', 'association_left', \
                                    'association_added', 'association_renamed', 'association_identified')";

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
    ("directory", "keys_hidden"),
    ("person_identity", "adult_on"),
    ("posting", "given"),
    ("posting", "received"),
    ("exchange", "given_reference"),
    ("access_token", "made_with"),
    ("access_token", "signed_in_at"),
    ("access_token", "idle_seconds"),
    ("access_token", "handed_out_for"),
    ("credential", "invited_for"),
];

/// All tables, in the order in which a backup holds them. `notebook` is left out on purpose: what somebody laid on a page
/// for an hour is nobody's to keep.
pub(crate) const TABLES: &[Table] = &[
    NETWORK,
    DIRECTORY,
    NETWORK_SECRET,
    HEAD,
    REFERENCE_COUNTER,
    ACT,
    POSTING,
    CONTRIBUTION,
    REVERSAL,
    YEAR_CLOSING,
    LOG_TILE,
    EXCHANGE,
    EXCHANGE_STEP,
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
    VOLUNTEER_RECORD,
    CREDENTIAL_STATUS,
    ERASURE,
    NOTEBOOK_HABIT,
    ACCESS_TOKEN,
    CREDENTIAL,
    SIGN_IN,
    INVITATION,
    JOINING,
    ACCESS_EVENT,
    ANSWER,
    NOTICE,
    WEBHOOK,
    WEBHOOK_DELIVERY,
    MAIL_SIGN_IN,
    CARD,
    FOUNDING_LINK,
    DEMO_PERSONA,
    MAILER,
    MAIL,
    MAIL_LINK,
    MAIL_SETTING,
    MAIL_BOUNCE,
    APPLICATION,
    SIGN_UP,
    BACKUP_MADE,
];
