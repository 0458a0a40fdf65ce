//! The rules that a network's members vote: the step of exchanges, how far a balance may go, when silence
//! becomes somebody's concern. Every version is an act, so that the rules are sealed like the hours.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Minutes;

/// How far an account may go. `None` means no limit on that side.
///
/// A soft limit warns. A hard one holds an exchange for the coordinator and refuses a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Below this balance a movement downwards is warned of.
    pub soft_floor: Option<Minutes>,
    /// Below this balance no movement downwards is posted.
    pub hard_floor: Option<Minutes>,
    /// Above this balance a movement upwards is warned of.
    pub soft_ceiling: Option<Minutes>,
    /// Above this balance no movement upwards is posted.
    pub hard_ceiling: Option<Minutes>,
}

/// What a movement meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitVerdict {
    /// No limit is passed, or the movement leads away from it.
    Within,
    /// A soft limit is passed.
    PastSoft,
    /// A hard limit is passed.
    PastHard,
}

/// A limit beyond which a balance stands, whatever led there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// So much was received beyond what was given that it stands below this floor.
    Floor(Minutes),
    /// So much was given beyond what was received that it stands above this ceiling.
    Ceiling(Minutes),
}

impl Limits {
    /// No limit at all.
    pub const NONE: Self = Self { soft_floor: None, hard_floor: None, soft_ceiling: None, hard_ceiling: None };

    /// The solidarity fund's: it never goes below zero.
    pub const FUND: Self = Self { hard_floor: Some(Minutes::ZERO), ..Self::NONE };

    /// Judges the movement that leads from `before` to `after`. Limits act only on movements towards them.
    pub fn judge(&self, before: Minutes, after: Minutes) -> LimitVerdict {
        let below = |floor: Option<Minutes>| after < before && floor.is_some_and(|floor| after < floor);
        let above = |ceiling: Option<Minutes>| after > before && ceiling.is_some_and(|ceiling| after > ceiling);
        if below(self.hard_floor) || above(self.hard_ceiling) {
            LimitVerdict::PastHard
        } else if below(self.soft_floor) || above(self.soft_ceiling) {
            LimitVerdict::PastSoft
        } else {
            LimitVerdict::Within
        }
    }

    /// The furthest limit beyond which a balance stands, soft or hard.
    pub fn passed_by(&self, balance: Minutes) -> Option<Passed> {
        let floors = [self.hard_floor, self.soft_floor].into_iter().flatten();
        let ceilings = [self.hard_ceiling, self.soft_ceiling].into_iter().flatten();
        let below = floors.filter(|floor| balance < *floor).map(Passed::Floor).next();
        below.or_else(|| ceilings.filter(|ceiling| balance > *ceiling).map(Passed::Ceiling).next())
    }

    /// Whether each floor lies at or below each ceiling, and each soft limit inside its hard one.
    pub fn is_coherent(&self) -> bool {
        let ordered =
            |low: Option<Minutes>, high: Option<Minutes>| low.is_none_or(|low| high.is_none_or(|high| low <= high));
        ordered(self.hard_floor, self.soft_floor)
            && ordered(self.soft_floor, self.soft_ceiling)
            && ordered(self.soft_ceiling, self.hard_ceiling)
            && ordered(self.hard_floor, self.hard_ceiling)
            && ordered(self.hard_floor, self.soft_ceiling)
            && ordered(self.soft_floor, self.hard_ceiling)
    }
}

/// One version of a network's rules, in force from the act that adopts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Exchanges are whole multiples of this many minutes. Contributions are not bound by it.
    pub step_minutes: u32,
    /// Limits of every association that has none of its own.
    pub limits: Limits,
    /// After this many days without an answer a proposal is on the coordinator's list. It is never confirmed by silence.
    pub answer_within_days: u32,
}

impl Policy {
    /// A proposal made before that instant should have been answered by now. Where days without end are given, none is
    /// ever late.
    pub fn overdue_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let allowed = TimeDelta::days(i64::from(self.answer_within_days));
        now.checked_sub_signed(allowed).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl Default for Policy {
    /// A quarter of an hour, a warning below −40 h, no hard limit until the members decide one, thirty days to answer.
    fn default() -> Self {
        Self {
            step_minutes: 15,
            limits: Limits { soft_floor: Some(Minutes::new(-2_400)), ..Limits::NONE },
            answer_within_days: 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_act_only_on_movements_towards_them() {
        let limits = Limits {
            soft_floor: Some(Minutes::new(-100)),
            hard_floor: Some(Minutes::new(-200)),
            soft_ceiling: Some(Minutes::new(100)),
            hard_ceiling: Some(Minutes::new(200)),
        };
        for (before, after, verdict) in [
            (0, -100, LimitVerdict::Within),
            (0, -101, LimitVerdict::PastSoft),
            (0, -200, LimitVerdict::PastSoft),
            (0, -201, LimitVerdict::PastHard),
            (-300, -250, LimitVerdict::Within),
            (-250, -300, LimitVerdict::PastHard),
            (0, 100, LimitVerdict::Within),
            (0, 101, LimitVerdict::PastSoft),
            (0, 201, LimitVerdict::PastHard),
            (300, 250, LimitVerdict::Within),
            (-300, -300, LimitVerdict::Within),
        ] {
            assert_eq!(limits.judge(Minutes::new(before), Minutes::new(after)), verdict, "{before} to {after}");
        }
        for (balance, passed) in [
            (-100, None),
            (-101, Some(Passed::Floor(Minutes::new(-100)))),
            (-201, Some(Passed::Floor(Minutes::new(-200)))),
            (100, None),
            (101, Some(Passed::Ceiling(Minutes::new(100)))),
            (201, Some(Passed::Ceiling(Minutes::new(200)))),
        ] {
            assert_eq!(limits.passed_by(Minutes::new(balance)), passed, "{balance}");
        }
        assert_eq!(Limits::NONE.passed_by(Minutes::new(-1_000_000)), None);
        assert!(limits.is_coherent());
        assert!(!Limits { soft_floor: Some(Minutes::new(-300)), ..limits }.is_coherent());
    }
}
