//! How often a token may call: a bucket that holds ten seconds' worth.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use uuid::Uuid;

use super::metrics::instant;

/// So many seconds' worth may be used at once.
const BURST_SECONDS: u32 = 10;
/// Past so many tokens, those that are full again are forgotten.
const REMEMBERED_MOST: usize = 10_000;

/// What each token may still use.
#[derive(Debug)]
pub(crate) struct Rates {
    per_second: u32,
    buckets: Mutex<HashMap<Uuid, (f64, Instant)>>,
}

impl Rates {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second, buckets: Mutex::default() }
    }

    /// Takes one request from the token's bucket; `Err` says after how many seconds there is one again.
    pub(crate) fn take(&self, token: Uuid) -> Result<(), u64> {
        if self.per_second == 0 {
            return Ok(());
        }
        let rate = f64::from(self.per_second);
        let most = rate * f64::from(BURST_SECONDS);
        let now = instant();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > REMEMBERED_MOST {
            buckets.retain(|_, (left, then)| *left + now.duration_since(*then).as_secs_f64() * rate < most);
        }
        let (left, then) = buckets.entry(token).or_insert((most, now));
        *left = (*left + now.saturating_duration_since(*then).as_secs_f64() * rate).min(most);
        *then = now;
        if *left < 1.0 {
            return Err(1);
        }
        *left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_runs_dry_and_fills_again() {
        let rates = Rates::new(1);
        let token = Uuid::from_u128(1);
        for _ in 0..BURST_SECONDS {
            assert_eq!(rates.take(token), Ok(()));
        }
        assert_eq!(rates.take(token), Err(1));
        assert_eq!(rates.take(Uuid::from_u128(2)), Ok(()), "another token has a bucket of its own");
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        assert_eq!(rates.take(token), Ok(()));
    }
}
