//! Takes letters to where they leave.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use ledger::clock::Clock;
use tokio::sync::Semaphore;

use super::{
    letter::Letter,
    transport::{NotSent, Route},
};
use crate::operation::logs;

/// So many letters wait to be sent beside their requests; they are held in memory alone.
const WAITING_MOST: usize = 256;
/// So many are under way at once.
const AT_ONCE: usize = 4;
/// After so long a letter that could not be sent is tried again; after the last of them it is let go.
const PAUSES: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30), Duration::from_mins(2)];

/// Takes letters to where they leave. Cheap to clone.
#[derive(Clone)]
pub struct Postman {
    route: Option<Arc<Route>>,
    /// What the addresses in letters begin with.
    base: Arc<str>,
    clock: Arc<dyn Clock>,
    /// Room for letters that are sent beside their requests.
    room: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    counts: Arc<Counts>,
}

/// What became of tries to send a letter, since the service began.
#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    /// That were refused or have to be tried again.
    failed: AtomicU64,
}

impl std::fmt::Debug for Postman {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postman").field("route", &self.route).finish_non_exhaustive()
    }
}

impl Postman {
    /// On that route, if there is one. Addresses in letters begin with `base`.
    pub fn new(route: Option<Route>, base: &str, clock: Arc<dyn Clock>) -> Self {
        Self {
            route: route.map(Arc::new),
            base: base.trim_end_matches('/').into(),
            clock,
            room: Arc::new(Semaphore::new(WAITING_MOST)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            counts: Arc::default(),
        }
    }

    /// What became of letters, in Prometheus' text form; nothing where none leave.
    pub fn in_prometheus(&self) -> String {
        let mut text = String::new();
        if self.is_set() {
            for (name, count) in [("sent", &self.counts.sent), ("failed", &self.counts.failed)] {
                let count = count.load(Relaxed);
                let _ =
                    writeln!(text, "# TYPE coudemain_mail_{name}_total counter\ncoudemain_mail_{name}_total {count}");
            }
        }
        text
    }

    /// Whether letters leave at all.
    pub fn is_set(&self) -> bool {
        self.route.is_some()
    }

    /// How long a server may take to be connected to, and then to take a letter.
    pub fn patience(&self) -> Duration {
        self.route.as_ref().map_or(Duration::ZERO, |route| route.patience())
    }

    /// The whole address of a page, for letters: `/r/…` is where the service is reached, and then that.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Sends a letter beside the request that it belongs to, which does not wait for it: how long an answer takes says
    /// nothing of whether a letter was sent. It is tried a few times and kept nowhere. Returns whether it will be tried:
    /// not where no mail is configured, or more letters wait than there is room for.
    pub fn send(&self, letter: Letter) -> bool {
        let Some(route) = self.route.clone() else { return false };
        let Ok(place) = Arc::clone(&self.room).try_acquire_owned() else { return false };
        let way = Way { route, clock: Arc::clone(&self.clock), counts: Arc::clone(&self.counts) };
        let turns = Arc::clone(&self.turns);
        tokio::spawn(async move {
            carry(&way, &letter, &turns).await;
            drop(place);
        });
        true
    }

    /// The same, for who goes on beside the request as well: waits until the letter has left or never will, and says why
    /// its address takes none, where that is so.
    pub async fn send_and_hear(&self, letter: Letter) -> Option<String> {
        let route = self.route.clone()?;
        let _place = Arc::clone(&self.room).try_acquire_owned().ok()?;
        let way = Way { route, clock: Arc::clone(&self.clock), counts: Arc::clone(&self.counts) };
        carry(&way, &letter, &self.turns).await
    }

    /// Sends a letter once, and says what became of it.
    ///
    /// # Errors
    /// Why it did not leave.
    pub async fn deliver(&self, letter: &Letter) -> Result<(), NotSent> {
        let Some(route) = self.route.clone() else { return Err(NotSent::NoMail) };
        Way { route, clock: Arc::clone(&self.clock), counts: Arc::clone(&self.counts) }.send(letter).await
    }
}

/// Where letters leave.
struct Way {
    route: Arc<Route>,
    clock: Arc<dyn Clock>,
    counts: Arc<Counts>,
}

impl Way {
    async fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        let sent = self.route.send(letter, self.clock.now()).await;
        let count = if sent.is_ok() { &self.counts.sent } else { &self.counts.failed };
        count.fetch_add(1, Relaxed);
        sent
    }
}

/// Tries until a letter has left, or never will; why its address takes none, where that is so. What is told of it names
/// nobody.
async fn carry(way: &Way, letter: &Letter, turns: &Semaphore) -> Option<String> {
    for pause in PAUSES.into_iter().map(Some).chain([None]) {
        let turn = turns.acquire().await;
        let sent = way.send(letter).await;
        // Whoever waits for another try lets others have theirs.
        drop(turn);
        match (sent, pause) {
            (Err(NotSent::NotNow(_)), Some(pause)) => tokio::time::sleep(pause).await,
            (Err(NotSent::NotNow(why)), None) => logs::fault(&format!("a letter was not sent: {why}")),
            (Err(NotSent::LetterRefused(why)), _) => {
                logs::fault(&format!("a letter was refused: {why}"));
                return None;
            }
            // That somebody's address does not work is no fault of the service, and whose it is belongs in no log.
            (Err(NotSent::AddressRefused(why)), _) => return Some(why),
            (Ok(()) | Err(NotSent::NoMail), _) => return None,
        }
    }
    None
}
