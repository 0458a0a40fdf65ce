//! Where keys for commitments come from.

use std::sync::{Mutex, PoisonError};

use ledger::clock::{SecretKey, Secrets};

/// The operating system's random numbers, fetched a few kilobytes at a time.
#[derive(Debug)]
pub struct SystemSecrets {
    pool: Vec<u8>,
}

impl SystemSecrets {
    /// A source that has fetched nothing yet.
    pub const fn new() -> Self {
        Self { pool: Vec::new() }
    }
}

impl Default for SystemSecrets {
    fn default() -> Self {
        Self::new()
    }
}

impl Secrets for SystemSecrets {
    #[expect(
        clippy::expect_used,
        reason = "without random numbers nothing personal can be protected: stopping is right"
    )]
    fn key(&mut self) -> SecretKey {
        let mut key = [0; 32];
        if self.pool.len() < key.len() {
            self.pool.resize(4_096, 0);
            #[expect(clippy::disallowed_methods, reason = "this is randomness's one home")]
            getrandom::fill(&mut self.pool).expect("the operating system has random numbers");
        }
        let rest = self.pool.len() - key.len();
        key.copy_from_slice(&self.pool[rest..]);
        self.pool.truncate(rest);
        SecretKey(key)
    }
}

/// Keys from one source for all who write.
pub(crate) struct SharedSecrets<'a>(pub(crate) &'a Mutex<Box<dyn Secrets>>);

impl Secrets for SharedSecrets<'_> {
    fn key(&mut self) -> SecretKey {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).key()
    }
}
