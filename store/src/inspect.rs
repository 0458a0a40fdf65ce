//! What feeds the audit: rows, pushed into the domain's replay of the acts.

pub(crate) mod packed;
pub(crate) mod acts;
pub(crate) mod movements;
pub(crate) mod registry;
pub(crate) mod statements;
pub(crate) mod proofs;
pub(crate) mod audit;
