//! Time and secrets, which the ledger is handed and never fetches: the same commands at the same instants
//! with the same secrets give the same log, on any database.

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant, to the microsecond.
    fn now(&self) -> DateTime<Utc>;
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

/// A clock that stands still until it is set: for tests and simulations.
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
