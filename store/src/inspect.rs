//! What feeds the audit.

pub(crate) mod packed;
pub(crate) mod proofs;
pub(crate) mod ledger;
