//! Time and secrets, which the ledger is handed and never fetches: the same commands at the same instants
//! with the same secrets give the same log, on any database.

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// The present instant, to the microsecond.
    fn now(&self) -> DateTime<Utc>;

    /// Whether somebody answers for it, however far it is past what was written last.
    fn is_confirmed(&self) -> bool {
        false
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is the clock's one home")]
        let now = std::time::SystemTime::now();
        DateTime::<Utc>::from(now).trunc_subsecs(6)
    }
}

/// The machine's clock, by the word of whoever runs the program: it is right, even where it seems to be ahead.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConfirmedClock;

impl Clock for ConfirmedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    fn is_confirmed(&self) -> bool {
        true
    }
}

/// A clock that stands still until it is set: for tests and simulations, which may leap.
#[derive(Debug)]
pub struct SetClock(std::sync::Mutex<DateTime<Utc>>);

impl SetClock {
    /// A clock that shows `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(std::sync::Mutex::new(now))
    }

    /// Sets the clock, forwards or backwards.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn is_confirmed(&self) -> bool {
        true
    }
}

/// Hands out fresh keys for the commitments that stand in a leaf for what is personal.
pub trait Secrets: Send {
    /// A key that was never handed out before, 32 bytes.
    fn key(&mut self) -> SecretKey;
}

/// The key of one commitment. Without it, the commitment says nothing about what it hides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretKey(pub [u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Keys counted up from a seed: for tests and simulations only, since anyone can foretell them.
#[derive(Debug, Clone)]
pub struct CountedSecrets(pub u64);

impl Secrets for CountedSecrets {
    fn key(&mut self) -> SecretKey {
        self.0 = self.0.wrapping_add(1);
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.0.to_be_bytes());
        SecretKey(key)
    }
}
