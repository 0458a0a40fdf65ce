//! What people, outsiders and the write path ask, one file a subject.

pub(crate) mod page;
pub(crate) mod network;
pub(crate) mod registry;
pub(crate) mod members;
pub(crate) mod persons;
pub(crate) mod mentions;
pub(crate) mod accounts;
pub(crate) mod balances;
pub(crate) mod history;
pub(crate) mod exchanges;
pub(crate) mod alike;
pub(crate) mod morning;
pub(crate) mod hours;
pub(crate) mod recognitions;
pub(crate) mod acts;
pub(crate) mod thread;
pub(crate) mod lines;
pub(crate) mod statements;
pub(crate) mod tiles;
pub(crate) mod heads;
pub(crate) mod keys;
pub(crate) mod proofs;
