//! What a token opens, remembered for a moment.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use ledger::{AssociationNumber, Digest, NetworkId, PersonNumber, command::Principal};
use store::{AccessToken, HandedOutFor, Store, StoreError};
use uuid::Uuid;

use crate::{
    acting::Acting,
    operation::moment::instant,
    rule::Scope,
    secret::{digest, network_of},
};

/// So long a token is remembered: taken back by another process, it holds no longer than that.
const REMEMBERED: Duration = Duration::from_secs(1);
/// Past so many, all are forgotten and looked up again.
const REMEMBERED_MOST: usize = 50_000;
/// So many seconds pass before a token's use is noted again.
const NOTED_EVERY_SECONDS: i64 = 60;

/// What a token opens.
#[derive(Debug)]
pub struct Access {
    /// In which network.
    pub network: NetworkId,
    /// The token's name, which is no secret.
    pub token: Uuid,
    /// Whether it is a person's session.
    pub is_session: bool,
    /// Who acts with it.
    pub principal: Principal,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// The one name in which it acts, if it has only one.
    pub only_for: Option<Acting>,
    /// Until when it holds.
    pub expires_at: Option<DateTime<Utc>>,
    /// When whoever holds a session last signed in with it.
    signed_in_at: DateTime<Utc>,
    /// For whom whoever printed the card acted with which a session was opened.
    handed_out_for: Option<HandedOutFor>,
    /// When its use was last noted, in seconds.
    noted: AtomicI64,
}

/// The one name in which a token acts, if it has only one. A name that cannot be read is an error: taken for none, it
/// would open every role of the token's owner.
///
/// # Errors
/// When what stands there is no name.
pub fn only_for(token: &AccessToken) -> Result<Option<Acting>, StoreError> {
    let read = |text: &String| {
        Acting::from_stored(text).ok_or_else(|| StoreError::ImpossibleRow {
            table: "access_token",
            column: "acting_for",
            key: token.token.to_string(),
            problem: format!("“{text}” is no name to act in"),
        })
    };
    token.acting_for.as_ref().map(read).transpose()
}

impl Access {
    fn of(network: NetworkId, token: &AccessToken) -> Result<Self, StoreError> {
        Ok(Self {
            network,
            token: token.token,
            is_session: token.is_session,
            principal: token.principal,
            scopes: Scope::read(&token.scopes),
            only_for: only_for(token)?,
            expires_at: token.expires_at,
            signed_in_at: token.signed_in_at.unwrap_or(token.created_at),
            handed_out_for: token.handed_out_for,
            noted: AtomicI64::new(token.last_used_at.map_or(0, |at| at.timestamp())),
        })
    }

    /// What a link in a letter opens: it is no session, and acts for that association alone. Whoever handles it says for what.
    pub(crate) fn by_link(network: NetworkId, person: PersonNumber, association: AssociationNumber) -> Self {
        Self {
            network,
            token: Uuid::nil(),
            is_session: false,
            principal: Principal::Person(person),
            scopes: Scope::ALL.to_vec(),
            only_for: Some(Acting::Association(association)),
            expires_at: None,
            signed_in_at: DateTime::UNIX_EPOCH,
            handed_out_for: None,
            noted: AtomicI64::new(i64::MAX),
        }
    }

    /// Whether it has not run out.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|until| now < until)
    }

    /// Whether what is made with it is good for as long as its owner is: what a token makes ends with that token, and so
    /// does what is made in a session that an association's card opened.
    pub fn makes_what_lasts(&self) -> bool {
        self.is_session && matches!(self.handed_out_for, None | Some(HandedOutFor::Network))
    }

    /// Whether a grave step needs no password at this instant: a token was made for a program, which has none; whoever
    /// holds a session gave theirs so many minutes ago at most.
    pub fn is_fresh_at(&self, now: DateTime<Utc>, minutes: u32) -> bool {
        !self.is_session || now - self.signed_in_at < TimeDelta::minutes(i64::from(minutes))
    }

    /// Whether its use at this instant is to be noted: once a minute at most, and only one caller is told to.
    pub fn is_to_be_noted(&self, now: DateTime<Utc>) -> bool {
        let seconds = now.timestamp();
        let noted = self.noted.load(Relaxed);
        seconds - noted >= NOTED_EVERY_SECONDS && self.noted.compare_exchange(noted, seconds, Relaxed, Relaxed).is_ok()
    }
}

/// Tokens, remembered for a moment.
#[derive(Debug, Default)]
pub struct Tokens(RwLock<HashMap<Digest, (Instant, Arc<Access>)>>);

impl Tokens {
    /// What a token opens; nothing when it is unknown or was taken back.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn find(&self, store: &Store, text: &str) -> Result<Option<Arc<Access>>, StoreError> {
        let digest = digest(text);
        if let Some((read, access)) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&digest)
            && instant().saturating_duration_since(*read) < REMEMBERED
        {
            return Ok(Some(Arc::clone(access)));
        }
        let Some(network) = network_of(text) else { return Ok(None) };
        let read = instant();
        let found = store.token(network, digest).await?.filter(|token| token.revoked_at.is_none());
        let found = found.map(|token| Access::of(network, &token)).transpose()?.map(Arc::new);
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(access) = found else {
            tokens.remove(&digest);
            return Ok(None);
        };
        if tokens.len() > REMEMBERED_MOST {
            tokens.clear();
        }
        tokens.insert(digest, (read, Arc::clone(&access)));
        Ok(Some(access))
    }

    /// Forgets all: one was taken back.
    pub fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
