//! How often somebody may call: a bucket that fills at a steady rate.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use uuid::Uuid;

use super::moment::instant;

/// So many seconds' worth of a token's requests may be used at once.
const BURST_SECONDS: f64 = 10.0;
/// Past so many tokens, those that are full again are forgotten.
const REMEMBERED_MOST: usize = 10_000;

/// What each caller may still use.
#[derive(Debug)]
pub struct Rates {
    /// How much flows in each second; nothing for no limit.
    per_second: f64,
    /// How much a bucket holds.
    most: f64,
    buckets: Mutex<HashMap<Uuid, (f64, Instant)>>,
}

impl Rates {
    /// So many a second; 0 for as many as they like.
    pub fn new(per_second: u32) -> Self {
        let per_second = f64::from(per_second);
        Self { per_second, most: per_second * BURST_SECONDS, buckets: Mutex::default() }
    }

    /// Takes one request from the bucket of that name; `Err` says after how many seconds there is one again.
    pub fn take(&self, name: Uuid) -> Result<(), u64> {
        if self.per_second <= 0.0 {
            return Ok(());
        }
        let (rate, most) = (self.per_second, self.most);
        let now = instant();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > REMEMBERED_MOST {
            buckets.retain(|_, (left, then)| *left + now.duration_since(*then).as_secs_f64() * rate < most);
        }
        let (left, then) = buckets.entry(name).or_insert((most, now));
        *left = (*left + now.saturating_duration_since(*then).as_secs_f64() * rate).min(most);
        *then = now;
        if *left < 1.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds")]
            return Err(((1.0 - *left) / rate).ceil().max(1.0) as u64);
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
        for _ in 0..10 {
            assert_eq!(rates.take(token), Ok(()));
        }
        assert_eq!(rates.take(token), Err(1));
        assert_eq!(rates.take(Uuid::from_u128(2)), Ok(()), "another token has a bucket of its own");
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        assert_eq!(rates.take(token), Ok(()));
    }
}
