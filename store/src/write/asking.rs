//! What callers ask of the writer, and what they get.

use std::sync::Arc;

use crate::StoreError;
use ledger::{
    ActNumber, ExchangeNumber, Language, Names, Rejection, account::Account, act::Act, command::Request,
    decide::RejectedRequest, exchange::ExchangeState,
};

/// Requests that stand or fall together.
#[derive(Debug, Clone)]
pub struct Group {
    /// The requests, in order. Whoever asks may keep them, for when they are rejected; a million of them stand in memory
    /// once.
    pub requests: Arc<Vec<Request>>,
    /// With it, hard limits that the group passes are noted with this reason instead of rejecting it.
    pub override_reason: Option<String>,
}

/// So many requests of a group are decided and written at a time, unless somebody says otherwise.
pub(crate) const PIECE_MOST: usize = 2_048;

/// What stands or falls together.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    One(Box<Request>),
    Group(Group),
    /// One that is too large to stand in memory with all that becomes of it.
    GroupInPieces(Group),
}

impl Work {
    /// A group, to go in pieces where it has more requests than one.
    pub(crate) fn of(group: Group, piece_most: usize) -> Self {
        let stands_alone = group.requests.iter().any(|request| request.command.stands_alone());
        if group.requests.len() > piece_most && !stands_alone { Self::GroupInPieces(group) } else { Self::Group(group) }
    }

    pub(crate) fn requests(&self) -> &[Request] {
        match self {
            Self::One(request) => std::slice::from_ref(&**request),
            Self::Group(group) | Self::GroupInPieces(group) => &group.requests,
        }
    }

    /// Whether all that came before has to be written.
    pub(crate) fn is_solitary(&self) -> bool {
        match self {
            Self::GroupInPieces(_) => true,
            Self::One(_) | Self::Group(_) => self.requests().iter().any(|request| request.command.stands_alone()),
        }
    }
}

/// The answer to an accepted request; a repeat gets the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The act that it became.
    pub act: ActNumber,
    /// The exchange that it is about.
    pub exchange: Option<ExchangeNumber>,
    /// That exchange's state after the act.
    pub state: Option<ExchangeState>,
    /// A new exchange's reference.
    pub reference: Option<String>,
    /// Accounts past a soft limit, or, for a held exchange, past a hard one.
    pub limits_met: Vec<Account>,
    /// Whether it was accepted before.
    pub is_repeat: bool,
}

impl Receipt {
    pub(crate) fn of(act: &Act) -> Self {
        Self {
            act: act.number,
            exchange: act.outcome.exchange.map(|exchange| exchange.number),
            state: act.outcome.exchange.map(|exchange| exchange.state),
            reference: act.outcome.reference.as_ref().map(|reference| reference.text.clone()),
            limits_met: act.outcome.limits_met.clone(),
            is_repeat: false,
        }
    }
}

/// What became of a piece of work: a receipt for each request, or the first rejection.
pub(crate) type Answer = Result<Vec<Receipt>, RejectedRequest>;

/// Why a request was not carried out.
#[derive(Debug, Clone)]
pub enum WriteError {
    /// The ledger's rules forbid it.
    Rejected(Rejection),
    /// The rules forbid the request at that index of a group, and so the group.
    GroupRejected {
        /// Which request.
        index: usize,
        /// Why.
        rejection: Rejection,
    },
    /// Too much is waiting: nothing was queued, and the same request may come again.
    Busy {
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// The database did not do it: nothing is known to have been written, and the same key finds out.
    Unavailable(Arc<StoreError>),
    /// The writer has been stopped.
    Stopped,
}

impl WriteError {
    /// The error in a sentence.
    pub fn in_words(&self, language: Language, names: Names<'_>) -> String {
        match self {
            Self::Rejected(rejection) | Self::GroupRejected { rejection, .. } => rejection.in_words(language, names),
            Self::Busy { retry_after_seconds } => language.pick(
                format!("trop de demandes en attente ; réessayez dans {retry_after_seconds} s"),
                format!("too many requests are waiting; try again in {retry_after_seconds} s"),
            ),
            Self::Unavailable(error) => error.in_words(language),
            Self::Stopped => language.pick("l'écriture est arrêtée", "the writer has been stopped").to_owned(),
        }
    }
}
