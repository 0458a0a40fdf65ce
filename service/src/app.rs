//! What every request shares: the store, the writer, and what is remembered for a moment.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ledger::{
    Digest,
    clock::{Clock, Secrets},
    command::{Command, Key, Request, Seen},
};
use store::{Change, Kept, Once, Receipt, Store, SystemSecrets, Writer};
use uuid::Uuid;

use crate::{
    directory::Directory,
    extract::{Asked, IfMatch},
    operation::{metrics::Metrics, rate::Rates},
    problem::{Problem, Refusal},
    route::Route,
    standings::Standings,
    who::{Caller, Tokens},
};

/// How the service is to behave.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address and port to listen on.
    pub listen: String,
    /// No body has more bytes, except a batch's.
    pub body_most: usize,
    /// No batch has more bytes.
    pub batch_body_most: usize,
    /// A request that takes longer is answered with 503.
    pub request_timeout: Duration,
    /// Headers and bodies have so long to arrive.
    pub arrival_timeout: Duration,
    /// How many requests a second a token may make, over ten seconds; 0 for as many as it likes.
    pub rate_per_second: u32,
    /// How many connections are open at once; the next ones wait.
    pub connections_most: usize,
    /// Web pages from these origins may call; none unless said.
    pub cors_origins: Vec<String>,
    /// Webhooks may lead to private addresses and use plain HTTP.
    pub private_webhooks: bool,
    /// How long a session lasts.
    pub session_hours: u32,
    /// Whether every request is told in the log, and not only those that fail.
    pub tells_requests: bool,
    /// Where people reach the service, for links; else links bear only a path.
    pub public_url: Option<String>,
    /// Where the networks' keys are: the logs of those whose key is there are signed every day.
    pub keys: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            body_most: 256 * 1024,
            batch_body_most: 16 * 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            arrival_timeout: Duration::from_secs(10),
            rate_per_second: 100,
            connections_most: 1_024,
            cors_origins: Vec::new(),
            private_webhooks: false,
            session_hours: 12,
            tells_requests: true,
            public_url: None,
            keys: None,
        }
    }
}

/// What every request shares. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
pub struct Shared {
    /// The database.
    pub(crate) store: Store,
    /// The one way to write.
    pub(crate) writer: Writer,
    clock: Arc<dyn Clock>,
    /// How to behave.
    pub(crate) config: Config,
    pub(crate) directory: Directory,
    pub(crate) tokens: Tokens,
    pub(crate) standings: Standings,
    pub(crate) metrics: Metrics,
    pub(crate) rates: Rates,
    /// How often a password may be tried for one address.
    pub(crate) guesses: Rates,
    /// Tells those who follow the acts that there may be new ones.
    pub(crate) news: tokio::sync::watch::Sender<u64>,
    /// Tells streams that the service stops.
    pub(crate) stopping: tokio::sync::watch::Sender<bool>,
    /// What routes are called, for the log.
    pub(crate) route_names: Vec<&'static str>,
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
    /// A service on that database.
    pub fn new(store: Store, writer: Writer, clock: Arc<dyn Clock>, config: Config) -> Self {
        let route_names: Vec<_> = crate::router::routes().iter().map(Route::operation).collect();
        let mut secrets = SystemSecrets::new();
        let process = Digest(secrets.key().0).to_hex().chars().take(12).collect();
        Self(Arc::new(Shared {
            standings: Standings::start(store.clone()),
            rates: Rates::new(config.rate_per_second),
            // Enough for a person, too little for a list of passwords.
            guesses: Rates::slow(),
            directory: Directory::default(),
            tokens: Tokens::default(),
            metrics: Metrics::new(route_names.len()),
            requests: AtomicU64::new(0),
            process,
            route_names,
            stopping: tokio::sync::watch::Sender::new(false),
            news: tokio::sync::watch::Sender::new(0),
            secrets: Mutex::new(secrets),
            store,
            writer,
            clock,
            config,
        }))
    }

    /// The present instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A name for the next request.
    pub(crate) fn next_request_id(&self) -> String {
        format!("{}-{}", self.process, self.requests.fetch_add(1, Relaxed))
    }

    /// 32 random bytes.
    pub(crate) fn random(&self) -> [u8; 32] {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).key().0
    }

    /// A new name for what is no act: it grows with time.
    pub(crate) fn new_name(&self) -> Uuid {
        store::network_uuid(self.now(), &mut *self.secrets.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks the ledger for one thing, in the caller's name.
    pub(crate) async fn write(&self, caller: &Caller, asked: &Asked, command: Command) -> Result<Receipt, Problem> {
        self.write_having_seen(caller, asked, command, None).await
    }

    /// The same, where the caller may say what they have seen: once it is another, nothing is written.
    pub(crate) async fn write_having_seen(
        &self,
        caller: &Caller,
        asked: &Asked,
        command: Command,
        seen: Option<Seen>,
    ) -> Result<Receipt, Problem> {
        let request = Request { seen, ..caller.request(asked, command)? };
        let changes_registry = ledger::act::ActKind::of(&request.command).changes_registry();
        match self.writer.submit(caller.known.id, request).await {
            Ok(receipt) => {
                if changes_registry {
                    caller.known.forget();
                }
                self.news.send_modify(|count| *count += 1);
                Ok(receipt)
            }
            Err(error) => Err(self.not_written(caller, error)),
        }
    }

    /// What the caller says they have seen, which has to be what there is: `now` gives it, with its tag. What a repeat
    /// was meant for is past.
    pub(crate) async fn seen(
        &self,
        caller: &Caller,
        asked: &Asked,
        if_match: &IfMatch,
        now: impl Future<Output = Result<(String, Seen), Problem>>,
    ) -> Result<Option<Seen>, Problem> {
        if !if_match.is_some() {
            return Ok(None);
        }
        let key = Key { scope: caller.key_scope(), key: asked.key.clone() };
        if !self.store.acts_of_keys(caller.known.id, &[key]).await?.is_empty() {
            return Ok(None);
        }
        let (tag, seen) = now.await?;
        if_match.check(&tag)?;
        Ok(Some(seen))
    }

    /// What was answered to a write with this key that is no act.
    pub(crate) async fn repeat(&self, caller: &Caller, asked: &Asked) -> Result<Option<(u16, String)>, Problem> {
        let found = self.store.kept_answer(caller.known.id, &caller.key_scope(), &asked.key).await?;
        let Some((request, status, body)) = found else { return Ok(None) };
        if request != asked.digest.0 {
            return Err(Problem::new(Refusal::KeyWasUsedForAnotherRequest).at("Idempotency-Key"));
        }
        Ok(Some((u16::try_from(status).unwrap_or(200), body)))
    }

    /// What was not written, in the words of the newest registry.
    pub(crate) fn not_written(&self, caller: &Caller, error: store::WriteError) -> Problem {
        let problem = Problem::written(error, &caller.registry);
        self.metrics.rejected(&problem.slug());
        problem
    }

    /// Writes what is no act, once, and answers a repeat as the first time.
    pub(crate) async fn keep(
        &self,
        caller: &Caller,
        asked: &Asked,
        change: &Change,
        status: u16,
        body: &serde_json::Value,
    ) -> Result<Option<(u16, String)>, Problem> {
        let once = Once {
            scope: caller.key_scope(),
            key: asked.key.clone(),
            request: asked.digest,
            status,
            body: body.to_string(),
        };
        match self.store.keep(caller.known.id, &once, change, self.now()).await? {
            Kept::Done => Ok(None),
            Kept::Repeated { status, body } => Ok(Some((status, body))),
            Kept::OtherRequest => Err(Problem::new(Refusal::KeyWasUsedForAnotherRequest).at("Idempotency-Key")),
            Kept::Stale => Err(Problem::new(Refusal::ChangedMeanwhile)),
        }
    }
}
