//! The resources under `/v1`, one file each.

pub(crate) mod log;
pub(crate) mod tiles;
pub(crate) mod witness;

pub(crate) mod recognitions;
pub(crate) mod me;
pub(crate) mod sessions;
pub(crate) mod tokens;

pub(crate) mod persons;
pub(crate) mod cards;

pub(crate) mod associations;
pub(crate) mod joining;
pub(crate) mod mandates;

pub(crate) mod exchanges;
pub(crate) mod steps;
pub(crate) mod thread;
pub(crate) mod waiting;

pub(crate) mod batch;

pub(crate) mod hours;

pub(crate) mod acts;
pub(crate) mod balances;
pub(crate) mod network;
pub(crate) mod notices;
pub(crate) mod transfers;

pub(crate) mod events;
pub(crate) mod webhooks;
