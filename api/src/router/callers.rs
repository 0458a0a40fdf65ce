//! Which parts may take which routes.

use service::Part::{self, Administrator, Auditor, Coordinator, Delegate, Mediator, Oneself};

/// Whoever the network knows. Nothing here depends on for whom they act.
pub(super) const EVERYBODY: &[Part] = &[Delegate, Administrator, Coordinator, Mediator, Auditor, Oneself];
/// Whoever holds a role.
pub(super) const ROLES: &[Part] = &[Delegate, Administrator, Coordinator, Mediator, Auditor];
/// Whoever speaks for an association.
pub(super) const SIDES: &[Part] = &[Delegate, Administrator];
/// The same, and the coordinator.
pub(super) const SIDES_OR_NETWORK: &[Part] = &[Delegate, Administrator, Coordinator];
/// Whoever says who takes part.
pub(super) const IN_CHARGE: &[Part] = &[Administrator, Coordinator];
/// The coordinator alone.
pub(super) const NETWORK: &[Part] = &[Coordinator];
/// Whoever sees every account.
pub(super) const WATCHERS: &[Part] = &[Coordinator, Auditor];
/// Whoever sees a member's own affairs.
pub(super) const SEES_MEMBERS: &[Part] = &[Delegate, Administrator, Coordinator, Auditor];
/// The same, and a person their own.
pub(super) const SEES_PERSONS: &[Part] = &[Delegate, Administrator, Coordinator, Auditor, Oneself];
/// A person, as themselves.
pub(super) const PERSONS: &[Part] = &[Oneself];
