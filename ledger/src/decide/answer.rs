//! What becomes of requests.

use crate::{ActNumber, Rejection, account::Account, act::Act, exchange, loaded::NotLoaded, recognition};

/// What becomes of an accepted request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is new: this act is to be written.
    New(Box<Act>),
    /// It was accepted before, as the act of that number.
    Repeated(ActNumber),
}

impl Decision {
    /// The act's number.
    pub fn number(&self) -> ActNumber {
        match self {
            Self::New(act) => act.number,
            Self::Repeated(number) => *number,
        }
    }
}

/// A request that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRequest {
    /// Its place among the requests that stand or fall together, from 0.
    pub index: usize,
    /// Why it is not accepted.
    pub rejection: Rejection,
}

/// Accounts that are taken past a limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LimitsMet {
    /// Past a hard one.
    pub hard: Vec<Account>,
    /// Past a soft one.
    pub soft: Vec<Account>,
}

/// What a group would meet, request by request, each decided as if those before it that are rejected were not there: for
/// showing before doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rehearsal {
    /// Requests that would be rejected.
    pub rejections: Vec<RejectedRequest>,
    /// The limits past which the others would take accounts.
    pub limits_met: LimitsMet,
}

/// Why nothing comes of a request, while it is being decided: a rejection is its own, what was not loaded is ours.
#[derive(Debug)]
pub(super) enum Refusal {
    Rejected(Rejection),
    NotLoaded(NotLoaded),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<NotLoaded> for Refusal {
    fn from(not_loaded: NotLoaded) -> Self {
        Self::NotLoaded(not_loaded)
    }
}

impl From<exchange::NotOpenToThat> for Refusal {
    fn from(why: exchange::NotOpenToThat) -> Self {
        Self::Rejected(why.into())
    }
}

impl From<recognition::NotOpenToThat> for Refusal {
    fn from(why: recognition::NotOpenToThat) -> Self {
        Self::Rejected(why.into())
    }
}

/// Tells what the request's asker is to be told from what is nobody's answer.
pub(super) fn told_apart<T>(decided: Result<T, Refusal>) -> Result<Result<T, Rejection>, NotLoaded> {
    match decided {
        Ok(decided) => Ok(Ok(decided)),
        Err(Refusal::Rejected(rejection)) => Ok(Err(rejection)),
        Err(Refusal::NotLoaded(not_loaded)) => Err(not_loaded),
    }
}
