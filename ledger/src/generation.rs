//! Which of a network's logs an act was written in.
//!
//! A database that is put back from a backup has lost what came after it, and its next acts bear numbers that lost ones
//! bore. The log then goes on under another name, and the act that says so opens its next generation. A number names one
//! thing for ever only together with the generation in which it was given.

use uuid::Uuid;

use crate::ActNumber;

/// How often a network's log had been lost when an act was written: 0 in the first log. The names of logs count from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u16);

impl Generation {
    /// The log that never was lost.
    pub const FIRST: Self = Self(0);
    /// Ids have room for no later one.
    pub const LAST: Self = Self(0x3fff);

    /// The generation after so many losses, where ids have room for it.
    pub const fn new(losses: u16) -> Option<Self> {
        if losses <= Self::LAST.0 { Some(Self(losses)) } else { None }
    }

    /// The generation whose log's name says that number.
    pub fn of_log(number: u32) -> Option<Self> {
        u16::try_from(number.saturating_sub(1)).ok().and_then(Self::new)
    }

    /// The generation that follows the log of that name.
    pub fn after(origin: &str) -> Option<Self> {
        Self::of_log(generation_of(origin).saturating_add(1))
    }

    /// How often the log had been lost.
    pub const fn losses(self) -> u16 {
        self.0
    }
}

/// The name of a network's log. A log that was lost and begun again from an older backup bears the next generation.
pub fn origin(network: Uuid, generation: u32) -> String {
    match generation {
        0 | 1 => format!("coudemain/{network}"),
        later => format!("coudemain/{network}/{later}"),
    }
}

/// The generation that a log's name says; 1 where it says none.
pub fn generation_of(origin: &str) -> u32 {
    let last = origin.split('/').nth(2);
    last.and_then(|generation| generation.parse().ok()).unwrap_or(1)
}

/// The names that a network's log has borne up to this one, the latest first.
pub fn names_up_to(origin: &str) -> Vec<String> {
    let first: Vec<_> = origin.split('/').take(2).collect();
    let first = first.join("/");
    let later = (2..=generation_of(origin)).rev().map(|generation| format!("{first}/{generation}"));
    later.chain([first.clone()]).collect()
}

/// A generation, with the act that opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The generation.
    pub generation: Generation,
    /// Its first act.
    pub act: ActNumber,
}

/// What has become of an act of some generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The log holds it, or will.
    Stands,
    /// It was lost: the log has, or will have, another act of that number.
    WasLost,
    /// There never was such an act.
    NeverWas,
}

/// The generations of a network's log that its acts tell of, from the first on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generations(Vec<Opening>);

impl Generations {
    /// The network's founding opened the first one.
    const FIRST: Opening = Opening { generation: Generation::FIRST, act: ActNumber(0) };

    /// Takes in the next one; `false`, and nothing is changed, where it does not follow those before.
    #[must_use]
    pub fn open(&mut self, next: Opening) -> bool {
        let Opening { generation, act } = self.present();
        let follows = next.generation > generation && next.act > act;
        if follows {
            self.0.push(next);
        }
        follows
    }

    /// The generation in which the log goes on.
    pub fn present(&self) -> Opening {
        self.0.last().copied().unwrap_or(Self::FIRST)
    }

    /// The generation in which the act of that number is written now.
    pub fn of(&self, act: ActNumber) -> Generation {
        self.0.iter().rev().find(|opening| opening.act <= act).map_or(Generation::FIRST, |opening| opening.generation)
    }

    /// What has become of the act that bore this number in that generation.
    pub fn standing(&self, generation: Generation, act: ActNumber) -> Standing {
        let written = self.of(act);
        // A generation that a later loss took away whole has left no act that tells of it.
        let is_told_of = self.0.iter().any(|opening| opening.generation == generation);
        if generation == written {
            Standing::Stands
        } else if generation > self.present().generation || (generation > written && is_told_of) {
            Standing::NeverWas
        } else {
            Standing::WasLost
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(losses: u16, act: i64) -> Opening {
        Opening { generation: Generation::new(losses).unwrap(), act: ActNumber(act) }
    }

    #[test]
    fn a_number_is_judged_by_the_generation_that_it_was_given_in() {
        use Standing::{NeverWas, Stands, WasLost};
        let mut log = Generations::default();
        assert_eq!(log.present(), opening(0, 0));
        assert!(log.open(opening(1, 50)));
        assert!(log.open(opening(2, 60)));
        // Another loss took generation 3 whole.
        assert!(log.open(opening(4, 70)));
        assert_eq!(log.present(), opening(4, 70));
        for (losses, act, expected) in [
            (0, 49, Stands),
            (0, 50, WasLost),
            (0, 1_000, WasLost),
            (1, 49, NeverWas),
            (1, 50, Stands),
            (1, 59, Stands),
            (1, 60, WasLost),
            (2, 69, Stands),
            (2, 70, WasLost),
            (3, 65, WasLost),
            (3, 80, WasLost),
            (4, 69, NeverWas),
            (4, 70, Stands),
            (4, 1_000, Stands),
            (5, 1_000, NeverWas),
        ] {
            let generation = Generation::new(losses).unwrap();
            assert_eq!(log.standing(generation, ActNumber(act)), expected, "act {act} of generation {losses}");
            if expected == Stands {
                assert_eq!(log.of(ActNumber(act)), generation);
            }
        }
    }

    #[test]
    fn generations_follow_each_other() {
        let mut log = Generations::default();
        assert!(!log.open(opening(0, 10)), "the first one is open");
        assert!(!log.open(opening(1, 0)), "act 0 founded the network");
        assert!(log.open(opening(2, 10)));
        for wrong in [opening(2, 20), opening(1, 20), opening(3, 10)] {
            assert!(!log.open(wrong), "{wrong:?}");
        }
        assert_eq!(log.present(), opening(2, 10));
    }

    #[test]
    fn the_names_of_logs_count_from_one() {
        let network = Uuid::from_u128(1);
        for (number, losses) in [(1, 0), (2, 1), (16_384, 16_383)] {
            assert_eq!(generation_of(&origin(network, number)), number);
            assert_eq!(Generation::of_log(number).map(Generation::losses), Some(losses));
        }
        assert_eq!(Generation::after(&origin(network, 1)), Generation::new(1));
        assert_eq!(Generation::after(&origin(network, 16_384)), None, "no id has room for it");
        assert_eq!(Generation::after(&format!("coudemain/{network}/{}", u32::MAX)), None);
    }
}
