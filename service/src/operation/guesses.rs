//! Whoever guesses waits: the longer, the more they have tried. Nobody is refused for it, so that nobody keeps an owner
//! out by guessing; and whoever guesses elsewhere holds the owner up for a moment at most.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ledger::log::leaf_hash;

use super::moment::instant;
use crate::source::Source;

/// So long a try is remembered.
const REMEMBERED: Duration = Duration::from_mins(15);
/// Past so many, those that are too long ago are looked for, and again once there are twice as many as were left: to
/// forget costs a try no more than to be remembered, however many there are.
const SWEPT_FROM: usize = 20_000;

/// How tries at something are slowed down.
#[derive(Debug, Clone, Copy)]
struct Slowing {
    /// So many are free.
    free: u32,
    /// What the next one waits; twice as long each time.
    first: Duration,
    /// Nobody waits longer.
    most: Duration,
}

/// Tries at one address from one place: a person who mistypes, or somebody with a list.
const ADDRESS_FROM_SOURCE: Slowing =
    Slowing { free: 5, first: Duration::from_millis(250), most: Duration::from_secs(8) };
/// Tries at one address from anywhere: its owner waits as well, and so not long.
const ADDRESS: Slowing = Slowing { free: 20, first: Duration::from_millis(250), most: Duration::from_secs(1) };
/// Tries from one place at any address: a whole house may sign in from there.
const SOURCE: Slowing = Slowing { free: 50, first: Duration::from_millis(250), most: Duration::from_secs(4) };

impl Slowing {
    /// How long a try waits after so many that came to nothing.
    fn delay(self, tries: u32) -> Duration {
        match tries.checked_sub(self.free) {
            None => Duration::ZERO,
            Some(past) => self.first.saturating_mul(1_u32.checked_shl(past).unwrap_or(u32::MAX)).min(self.most),
        }
    }
}

/// What is tried, as it is remembered: a digest, since what people type is nobody's business.
type Tried = [u8; 32];

/// What came to nothing lately.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<Tries>);

#[derive(Debug, Default)]
struct Tries {
    counts: HashMap<Tried, (u32, Instant)>,
    /// How many were left when those too long ago were last looked for.
    left: usize,
}

impl Guesses {
    /// Notes a try, which counts as a wrong one until it turns out to be right; tells how long it has to wait.
    pub fn try_at(&self, what: &str, source: Source) -> Duration {
        let now = instant();
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Tries { counts, left } = &mut *tries;
        if counts.len() > SWEPT_FROM.max(2 * *left) {
            counts.retain(|_, (_, last)| now.saturating_duration_since(*last) < REMEMBERED);
            *left = counts.len();
        }
        let mut delay = Duration::ZERO;
        for (tried, slowing) in keys(what, source).into_iter().zip([ADDRESS_FROM_SOURCE, ADDRESS, SOURCE]) {
            let (count, last) = counts.entry(tried).or_insert((0, now));
            if now.saturating_duration_since(*last) >= REMEMBERED {
                *count = 0;
            }
            delay = delay.max(slowing.delay(*count));
            *count = count.saturating_add(1);
            *last = now;
        }
        delay
    }

    /// The try was right: it and those before it from the same place are forgotten.
    pub fn was_right(&self, what: &str, source: Source) {
        let Tries { counts, .. } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [here, anywhere, anything] = keys(what, source);
        let mine = counts.remove(&here).map_or(1, |(count, _)| count);
        for key in [anywhere, anything] {
            if let Some((count, _)) = counts.get_mut(&key) {
                *count = count.saturating_sub(mine);
            }
        }
    }
}

fn keys(what: &str, source: Source) -> [Tried; 3] {
    let source = source.text();
    [format!("{source}\0{what}"), format!("what\0{what}"), format!("source\0{source}")]
        .map(|key| leaf_hash(key.as_bytes()).0)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn source(last: u8) -> Source {
        Source::of([203, 0, 113, last].into(), &HeaderMap::new(), &[])
    }

    #[test]
    fn whoever_guesses_waits_and_the_owner_elsewhere_hardly() {
        let guesses = Guesses::default();
        let waits: Vec<_> = (0..12).map(|_| guesses.try_at("ana", source(1)).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]);
        assert_eq!(guesses.try_at("ana", source(2)), Duration::ZERO);
        for place in 3..100 {
            guesses.try_at("ana", source(place));
        }
        assert_eq!(guesses.try_at("ana", source(200)), Duration::from_secs(1), "by however many");
        guesses.was_right("ana", source(1));
        assert_eq!(guesses.try_at("ana", source(1)), Duration::from_secs(1));
    }

    #[test]
    fn a_house_whose_people_sign_in_waits_for_nothing() {
        let guesses = Guesses::default();
        for person in 0..1_000 {
            let name = format!("person {person}");
            assert_eq!(guesses.try_at(&name, source(1)), Duration::ZERO);
            guesses.was_right(&name, source(1));
        }
        for person in 0..60 {
            guesses.try_at(&format!("person {person}"), source(1));
        }
        assert_eq!(guesses.try_at("ana", source(1)), Duration::from_secs(4), "a list of addresses");
    }
}
