//! The ledger on disk: the only place that knows SQL.

// What is stored is minutes, rights and proofs: none is rounded or cut off on its way, and a variant that falls under `_`
// is one that nobody has thought of. Tests may count as they like.
#![cfg_attr(not(test), warn(clippy::as_conversions, clippy::float_arithmetic, clippy::wildcard_enum_match_arm))]

// SQLite takes its memory from this allocator, where `.cargo/config.toml` says so.
extern crate libmimalloc_sys as _;

mod error;
mod seal_error;
mod gauges;
mod file;

// Two databases behind one, and how rows go in and come out.
mod turn;
mod migrations;
mod db;
mod schema;
mod bulk;
mod principal;
mod reading;
mod secrets;
mod rehearsal;
mod store;
mod directory;

// What is asked, a subject a file; the write path asks the same.
mod read;
// The way of a batch.
mod write;
// What is no act.
mod kept;
// What feeds the audit.
mod inspect;
// What earlier versions left in plain text.
mod hiding;
mod backup;
mod erased_in;
mod restoring;
mod opening;

pub use backup::BackupSummary;
pub use db::{Db, Swept};
pub use directory::{DirectoryEntry, NetworkKey};
pub use erased_in::erased_in;
pub use error::{BackupProblem, ClockDoubt, StoreError, Trouble};
pub use gauges::Gauges;
pub use inspect::audit::AuditReport;
pub use kept::{
    access::{AccessEvent, Ended},
    applications::{Application, ApplicationState, NewApplication},
    askers::Asker,
    badges::SignedBadge,
    cards::{Card, NewCard},
    changes::{Change, Kept, KeptAnswer, Once},
    deliveries::Delivery,
    demo::{DemoPersona, Persona},
    habits::{HabitKind, NotebookHabit},
    joining::{Joining, NewJoining},
    mail::{Mail, MailEnd, MailKey, MailKind, MailerLease, NewMail},
    mail_links::{MailLink, MailLinkPurpose},
    mail_settings::{Bounce, DigestRhythm, MailSetting},
    mail_sign_in::{MailSignIn, MailsLately, NewMailSignIn},
    notebooks::{LaidNotebook, PageOf},
    notices::{Notice, NoticeKind},
    sign_in::{Credential, Invitation, NewCredential, NewInvitation},
    sign_ups::{NewSignUp, SignUp, SignUpsLately},
    tokens::{AccessToken, HandedOutFor, NewToken, Opens},
    webhooks::{ASSOCIATION_WEBHOOKS_MOST, NETWORK_WEBHOOKS_MOST, NewWebhook, Turns, Webhook, WebhookState},
};
pub use read::{
    accounts::BalanceBroughtIn,
    acts::{ClosedYear, KeyUse, SealedAct},
    alike::SameHelp,
    balances::{BalanceLine, MonthSum},
    exchanges::{ExchangeFilter, ExchangeLine, ExchangeView, OpenBetween, Position, Waiting},
    heads::{HeadProof, HeadStanding},
    history::{Entry, HistoryLine},
    hours::{ContributionView, HoursLine, NatureSum, Volunteers, WorkDone},
    lines::{ClosedLines, KnownLine},
    members::{MemberPlace, PolicyVersion},
    mentions::{Mention, MentionPlace},
    morning::HeardOf,
    network::NetworkEntry,
    page::Page,
    persons::Erasable,
    recognitions::{RecognitionFilter, RecognitionLine},
    statements::{SignedStatement, YearBooks},
    thread::ThreadLine,
};
pub use restoring::{RestoredNetwork, Restoring};
pub use seal_error::SealError;
pub use secrets::SystemSecrets;
pub use store::Store;
pub use write::{
    access::AccessChange,
    asking::{Group, Receipt, WriteError},
    found::network_uuid,
    network_writer::WriterOptions,
    writer::Writer,
};
