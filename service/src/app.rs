//! What every request shares: the store, the writer, and what is remembered for a moment.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use ledger::{
    Digest,
    clock::{Clock, Secrets},
};
use store::{ClockDoubt, Store, SystemSecrets, Writer};
use uuid::Uuid;

use crate::{
    bodies::Bodies,
    config::Config,
    directory::Directory,
    former::FormerDomains,
    mail::Postman,
    operation::{guesses::Guesses, metrics::Metrics, rate::Rates},
    seats::Seats,
    standings::Standings,
    status_lists::StatusLists,
    token::Tokens,
};

/// A person may use so many tokens to the full at once.
const TOKENS_AT_ONCE: u32 = 2;

/// What every request shares. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
pub struct Shared {
    /// The database.
    pub store: Store,
    /// The one way to write.
    pub writer: Writer,
    clock: Arc<dyn Clock>,
    clock_doubts: Mutex<Vec<ClockDoubt>>,
    /// How to behave.
    pub config: Config,
    /// The networks.
    pub directory: Directory,
    /// Who had a domain before.
    pub former_domains: FormerDomains,
    /// What tokens open.
    pub tokens: Tokens,
    /// Where accounts stand.
    pub standings: Standings,
    /// What networks took back.
    pub status_lists: StatusLists,
    /// What is counted.
    pub metrics: Metrics,
    /// Room for what callers send.
    pub bodies: Bodies,
    /// Places for those who listen to events.
    pub seats: Arc<Seats>,
    /// How often a token may call.
    pub rates: Rates,
    /// How often a person may call, with all of their tokens.
    pub persons: Rates,
    /// What was tried of passwords and codes, and was wrong.
    pub guesses: Guesses,
    /// Takes letters to where they leave.
    pub postman: Postman,
    /// Tells those who follow the acts that there may be new ones.
    pub news: tokio::sync::watch::Sender<u64>,
    /// Tells streams that the service stops.
    pub stopping: tokio::sync::watch::Sender<bool>,
    /// What routes are called, in the order of their indices.
    pub operations: Vec<&'static str>,
    requests: AtomicU64,
    /// Tells the ids of this process's requests from those of others.
    process: String,
    secrets: Mutex<SystemSecrets>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("config", &self.config).finish_non_exhaustive()
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// A service on that database, with routes of these names.
    pub fn new(
        store: Store,
        writer: Writer,
        clock: Arc<dyn Clock>,
        config: Config,
        operations: Vec<&'static str>,
    ) -> Self {
        let mut secrets = SystemSecrets::new();
        let process = Digest(secrets.key().0).to_hex().chars().take(12).collect();
        let base = config.public_url.as_deref().unwrap_or_default();
        Self(Arc::new(Shared {
            postman: Postman::new(config.mail.clone(), base, Arc::clone(&clock)),
            standings: Standings::start(store.clone()),
            rates: Rates::new(config.rate_per_second),
            persons: Rates::new(config.rate_per_second.saturating_mul(TOKENS_AT_ONCE)),
            guesses: Guesses::default(),
            directory: Directory::default(),
            former_domains: FormerDomains::default(),
            status_lists: StatusLists::default(),
            tokens: Tokens::default(),
            bodies: Bodies::default(),
            seats: Arc::new(Seats::of_connections(config.connections_most)),
            metrics: Metrics::new(operations.len()),
            requests: AtomicU64::new(0),
            process,
            operations,
            stopping: tokio::sync::watch::Sender::new(false),
            news: tokio::sync::watch::Sender::new(0),
            secrets: Mutex::new(secrets),
            store,
            writer,
            clock,
            clock_doubts: Mutex::default(),
            config,
        }))
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What tells the present instant.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// What speaks against the clock, as it was looked at last.
    pub fn clock_doubts(&self) -> Vec<ClockDoubt> {
        self.clock_doubts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what speaks against the clock.
    pub(crate) fn note_clock_doubts(&self, doubts: Vec<ClockDoubt>) {
        *self.clock_doubts.lock().unwrap_or_else(PoisonError::into_inner) = doubts;
    }

    /// A name for the next request.
    pub fn next_request_id(&self) -> String {
        format!("{}-{}", self.process, self.requests.fetch_add(1, Relaxed))
    }

    /// 32 random bytes.
    pub fn random(&self) -> [u8; 32] {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).key().0
    }

    /// A new name for what is no act: it grows with time.
    pub fn new_name(&self) -> Uuid {
        store::network_uuid(self.now(), &mut *self.secrets.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
