//! Takes letters to where they leave.

use std::sync::Arc;
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
        }
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
        let (turns, clock) = (Arc::clone(&self.turns), Arc::clone(&self.clock));
        tokio::spawn(async move {
            carry(&route, &letter, &turns, &*clock).await;
            drop(place);
        });
        true
    }

    /// Sends a letter once, and says what became of it.
    ///
    /// # Errors
    /// Why it did not leave.
    pub async fn deliver(&self, letter: &Letter) -> Result<(), NotSent> {
        match &self.route {
            Some(route) => route.send(letter, self.clock.now()).await,
            None => Err(NotSent::NoMail),
        }
    }
}

/// Tries until a letter has left, or never will. What is told of it names nobody.
async fn carry(route: &Route, letter: &Letter, turns: &Semaphore, clock: &dyn Clock) {
    for pause in PAUSES.into_iter().map(Some).chain([None]) {
        let turn = turns.acquire().await;
        let sent = route.send(letter, clock.now()).await;
        // Whoever waits for another try lets others have theirs.
        drop(turn);
        match (sent, pause) {
            (Err(NotSent::NotNow(_)), Some(pause)) => tokio::time::sleep(pause).await,
            (Err(NotSent::NotNow(why)), None) => logs::fault(&format!("a letter was not sent: {why}")),
            (Err(NotSent::LetterRefused(why)), _) => {
                logs::fault(&format!("a letter was refused: {why}"));
                return;
            }
            // That somebody's address does not work is no fault of the service, and whose it is belongs in no log.
            (Ok(()) | Err(NotSent::AddressRefused(_) | NotSent::NoMail), _) => return,
        }
    }
}
