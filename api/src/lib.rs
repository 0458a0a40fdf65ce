//! The Coudemain HTTP service. It has no routes yet: the ledger came first.
