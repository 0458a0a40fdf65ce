//! What the service keeps beside the ledger: nothing here is an act.

pub(crate) mod changes;
pub(crate) mod access;
pub(crate) mod notices;
pub(crate) mod webhooks;
pub(crate) mod habits;
