//! What people, outsiders and the write path ask, one file a subject.

pub(crate) mod network;
pub(crate) mod accounts;
pub(crate) mod exchanges;
pub(crate) mod recognitions;
pub(crate) mod balances;
pub(crate) mod lookup;
pub(crate) mod lines;
pub(crate) mod work;
pub(crate) mod persons;
pub(crate) mod statements;
pub(crate) mod tiles;
pub(crate) mod proofs;
pub(crate) mod heads;
