//! The resources under `/v1`, one file each.

pub(crate) mod parts;

pub(crate) mod associations;
pub(crate) mod balances;
pub(crate) mod batch;
pub(crate) mod exchanges;
pub(crate) mod hours;
pub(crate) mod log;
pub(crate) mod mandates;
pub(crate) mod me;
pub(crate) mod network;
pub(crate) mod notices;
pub(crate) mod persons;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod transfers;
pub(crate) mod webhooks;
