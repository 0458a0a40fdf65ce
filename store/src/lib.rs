//! The ledger on disk: the only place that knows SQL.

mod error;
mod gauges;

// Two databases behind one, and how rows go in and come out.
mod turn;
mod db;
mod schema;
mod bulk;
mod principal;
mod secrets;
mod store;

// What is asked, a subject a file; the write path asks the same.
mod read;
// The way of a batch.
mod write;
// What is no act.
mod kept;
// What feeds the audit.
mod inspect;
mod backup;

pub use backup::BackupSummary;
pub use db::Db;
pub use error::{BackupProblem, StoreError, Trouble};
pub use gauges::Gauges;
pub use inspect::ledger::AuditReport;
pub use kept::{
    access::AccessToken,
    changes::{Change, Kept, NewInvitation, NewToken, NewWebhook, Notice, Once},
    webhooks::{Delivery, Webhook},
};
pub use read::{
    balances::{BalanceLine, ExchangeLine, HistoryLine, Waiting},
    heads::{HeadProof, SealError},
    lines::{ClosedLines, ConfirmedLine},
    lookup::{ActRow, ContributionView, Entry, ExchangeFilter, ExchangeView, PolicyVersion},
    network::NetworkEntry,
    persons::{BadgeRow, HoursLine, RecognitionLine},
    proofs::LogProof,
    statements::{StatementRow, YearBooks},
    work::WorkDone,
};
pub use secrets::SystemSecrets;
pub use store::Store;
pub use write::{
    asking::{Group, Receipt, WriteError},
    found::network_uuid,
    writer::{Writer, WriterOptions},
};
