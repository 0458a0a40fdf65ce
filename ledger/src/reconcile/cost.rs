//! How far a line is from an exchange, in whole numbers: 0 when they say the same, about 100 for each thing that
//! differs, `None` when nobody would take one for the other.

use chrono::{Datelike, NaiveDate};

use super::{accounts::Known, findings::Finding, names::DOUBTFUL, notebook::LineDate};
use crate::{Minutes, exchange::Side};

/// What leaving a line without an exchange costs, unless the notebook says the same elsewhere.
pub(super) const ALONE: i64 = 400;
/// What calling a line a duplicate costs: more than one difference, less than two.
pub(super) const DUPLICATE: i64 = 240;
/// What it costs that an exchange waits, beside one that stands in the accounts.
pub(super) const WAITING: i64 = 5;
/// How much better the best candidate must be than the next, when a name may stand for both.
pub(super) const CLEARLY_BETTER: i64 = 20;

/// What believing in another skill costs, and in a skill that is not said.
const OTHER_SKILL: i64 = 150;
const NO_SKILL: i64 = 15;
/// What a date costs that was mistyped rather than remembered wrongly.
const MISTYPED_DATE: i64 = 170;

/// What a line says, with its name and skill looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub(super) date: LineDate,
    pub(super) side: Option<Side>,
    pub(super) minutes: Minutes,
    pub(super) skill: Option<u32>,
}

/// In what a line and an exchange differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Difference {
    /// In days; a mistyped date counts as one.
    pub(super) days: i64,
    pub(super) is_mistyped: bool,
    /// Whether the line tells no day: then all else must agree.
    pub(super) is_month: bool,
    pub(super) minutes: i64,
    pub(super) is_other_side: bool,
    /// `None` when one of them does not say.
    pub(super) is_same_skill: Option<bool>,
}

impl Difference {
    pub(super) fn between(said: &Said, exchange: &Known) -> Self {
        let days = match said.date {
            LineDate::Day(day) => exchange.date.signed_duration_since(day).num_days().abs(),
            LineDate::Month(first) => {
                if (first.year(), first.month()) == (exchange.date.year(), exchange.date.month()) { 0 } else { 366 }
            }
        };
        Self {
            days,
            is_mistyped: matches!(said.date, LineDate::Day(day) if days > 3 && is_mistyped(day, exchange.date)),
            is_month: matches!(said.date, LineDate::Month(_)),
            minutes: said.minutes.get().saturating_sub(exchange.minutes.get()).abs(),
            is_other_side: said.side.is_some_and(|side| side != exchange.side),
            is_same_skill: said.skill.zip(exchange.skill).map(|(said, known)| said == known),
        }
    }

    /// How many of date, minutes and direction differ.
    pub(super) fn count(self) -> u32 {
        let differs = [self.days > 0, self.minutes > 0, self.is_other_side];
        differs.into_iter().map(u32::from).sum()
    }

    /// The cost of taking the line for the exchange.
    pub(super) fn cost(self, name: u32, window: u16) -> Option<i64> {
        let skill = match self.is_same_skill {
            Some(true) => 0,
            None => NO_SKILL,
            Some(false) => OTHER_SKILL,
        };
        let (count, window) = (self.count(), i64::from(window));
        if count > 0 && (name >= DOUBTFUL || self.is_month) || self.days > window && !self.is_mistyped {
            return None;
        }
        let date = match self.days {
            0 => 0,
            _ if self.is_mistyped => MISTYPED_DATE,
            // 100 + 10 days + days²
            days => days.saturating_add(10).saturating_mul(days).saturating_add(100),
        };
        let minutes = if self.minutes == 0 { 0 } else { (self.minutes.min(600) / 6).saturating_add(110) };
        let side = if self.is_other_side { 130 } else { 0 };
        let is_believable = match count {
            0 => true,
            1 => self.is_same_skill != Some(false) || self.is_one_believable(),
            2 => !self.is_mistyped && self.is_two_believable(),
            _ => false,
        };
        let parts = [date, minutes, side, skill, i64::from(name)];
        let cost = parts.into_iter().fold(0_i64, i64::saturating_add);
        is_believable.then_some(cost).filter(|cost| *cost < ALONE)
    }

    /// With another skill, only a small difference is believable.
    fn is_one_believable(self) -> bool {
        !self.is_mistyped && self.days <= 3 && self.minutes <= 60
    }

    /// Two differences are one slip too many unless all else speaks for it.
    fn is_two_believable(self) -> bool {
        match self.is_same_skill {
            Some(true) => self.days <= 3 && self.minutes <= 120,
            None => self.days <= 2 && self.minutes <= 60 && !self.is_other_side,
            Some(false) => false,
        }
    }

    /// What a line with these differences is.
    pub(super) fn finding(self) -> Finding {
        if self.is_other_side {
            Finding::DirectionDiffers
        } else if self.minutes > 0 {
            Finding::AmountDiffers
        } else if self.days > 0 {
            Finding::DateDiffers
        } else {
            Finding::Matched
        }
    }
}

/// Whether one date is the other with day and month swapped, or in the year before or after.
pub(super) fn is_mistyped(written: NaiveDate, true_date: NaiveDate) -> bool {
    mistyped_forms(written).any(|form| form == true_date)
}

/// The dates that a mistyped one may stand for.
pub(super) fn mistyped_forms(written: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let swapped = NaiveDate::from_ymd_opt(written.year(), written.day(), written.month());
    let year = |by: i32| written.with_year(written.year().saturating_add(by));
    [swapped, year(1), year(-1)].into_iter().flatten().filter(move |form| *form != written)
}
