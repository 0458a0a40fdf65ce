//! Lines that add several exchanges up: "March, the choir: 12 h".
//!
//! A line stands for several exchanges when it gives a month instead of a day, or the end of one, and its minutes are
//! exactly those of all the exchanges of that month with that partner, in that direction (or of all of one skill),
//! that no other line stands for.

use chrono::{Datelike, Days, NaiveDate};

use super::{
    accounts::{Standing, index},
    matching::{Matching, last_of_month},
    names::DOUBTFUL,
    notebook::LineDate,
};
use crate::Minutes;

/// When lines are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Before lines are paired with exchanges that they differ from: only in a notebook that clearly adds up.
    BeforeDifferences,
    /// Afterwards: any line that is left.
    AfterDifferences,
}

/// A notebook clearly adds up when one in so many of its open lines does, and more than one.
const ONE_IN: usize = 4;

/// How many days after the end of a month people still write its sum.
const DAYS_AFTER: u64 = 5;

/// Gives lines that add up all their exchanges.
pub(super) fn pair_sums(matching: &mut Matching<'_>, when: When) {
    let open: Vec<u32> = matching.order.iter().copied().filter(|line| matching.is_alone(*line)).collect();
    let sums: Vec<u32> = open.iter().copied().filter(|line| sum(matching, *line).is_some()).collect();
    let is_habit = sums.len() > 1 && sums.len().saturating_mul(ONE_IN) >= open.len();
    for line in sums {
        let is_month = matches!(matching.line(line).date, LineDate::Month(_));
        if when == When::AfterDifferences || is_habit || is_month {
            // Another line may have taken some of them meanwhile.
            for exchange in sum(matching, line).unwrap_or_default() {
                matching.take(line, exchange);
            }
        }
    }
}

/// The exchanges that a line adds up; none when those of several members would do.
fn sum(matching: &Matching<'_>, line: u32) -> Option<Vec<u32>> {
    let candidates = matching.candidates(line).iter().filter(|(_, cost)| *cost < DOUBTFUL);
    let mut sums = candidates.filter_map(|(partner, _)| sum_with(matching, line, *partner));
    let first = sums.next()?;
    sums.next().is_none().then_some(first)
}

fn sum_with(matching: &Matching<'_>, line: u32, partner: u32) -> Option<Vec<u32>> {
    let said = matching.said(line);
    let months = match said.date {
        LineDate::Month(first) => vec![first],
        LineDate::Day(day) => months_ended_by(day),
    };
    let known = |exchange: &u32| &matching.accounts.exchanges[index(*exchange)];
    months.into_iter().find_map(|first| {
        let of_month = || {
            let free = matching.free(partner, (first, last_of_month(first)));
            let standing = free.filter(|exchange| known(exchange).standing == Standing::Confirmed);
            standing.filter(|exchange| said.side.is_none_or(|side| side == known(exchange).side))
        };
        let adds_up = |exchanges: Vec<u32>| {
            let minutes = Minutes::sum(exchanges.iter().map(|exchange| known(exchange).minutes));
            (exchanges.len() > 1 && minutes == Some(said.minutes)).then_some(exchanges)
        };
        let of_skill = || of_month().filter(|exchange| said.skill.is_some() && known(exchange).skill == said.skill);
        adds_up(of_month().collect()).or_else(|| adds_up(of_skill().collect()))
    })
}

/// The month whose last days these are, or that ended a few days ago.
fn months_ended_by(day: NaiveDate) -> Vec<NaiveDate> {
    let first = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    let before = day.checked_sub_days(Days::new(DAYS_AFTER)).unwrap_or(day);
    let after = day.checked_add_days(Days::new(DAYS_AFTER)).unwrap_or(day);
    let mut months = Vec::new();
    if first(before) != first(day) {
        months.push(first(before));
    }
    if first(after) != first(day) {
        months.push(first(day));
    }
    months
}
