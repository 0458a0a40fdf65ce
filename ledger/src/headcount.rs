//! How many persons gave time to an association, how much, and what that would be at full time: the figures that forms
//! for subsidies ask for.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{AssociationNumber, Minutes, PersonNumber, contribution::Nature, valuation::Work};

/// A year of work at full time: the hours beyond which, counted by the year, the French Labour Code has overtime begin
/// (art. L. 3121-41).
pub const FULL_TIME_HOURS: i128 = 1_607;

/// Persons, and what they gave together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Headed {
    /// How many.
    pub persons: u64,
    /// How long.
    pub minutes: Minutes,
}

/// Who gave time to one association, whoever was helped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headcount {
    /// Its volunteers: doing the work, leading others, sitting on a governing body. Who did two of these is one person.
    pub volunteers: Headed,
    /// By nature, those who are no volunteers included.
    pub by_nature: BTreeMap<Nature, Headed>,
}

impl Headcount {
    /// Counts, association by association. Whose time was taken back altogether is not counted.
    ///
    /// `None` if a sum leaves the range of [`Minutes`].
    pub fn of(works: &[Work]) -> Option<BTreeMap<AssociationNumber, Self>> {
        let mut given: BTreeMap<(AssociationNumber, Nature, PersonNumber), Minutes> = BTreeMap::new();
        let mut volunteered: BTreeMap<(AssociationNumber, PersonNumber), Minutes> = BTreeMap::new();
        for work in works {
            let Work { association, nature, person, minutes, .. } = *work;
            let sum = given.entry((association, nature, person)).or_default();
            *sum = sum.checked_add(minutes)?;
            if is_voluntary(nature) {
                let sum = volunteered.entry((association, person)).or_default();
                *sum = sum.checked_add(minutes)?;
            }
        }
        let mut counts: BTreeMap<AssociationNumber, Self> = BTreeMap::new();
        for ((association, nature, _), minutes) in given {
            counts.entry(association).or_default().by_nature.entry(nature).or_default().add(minutes)?;
        }
        for ((association, _), minutes) in volunteered {
            counts.entry(association).or_default().volunteers.add(minutes)?;
        }
        for count in counts.values_mut() {
            count.by_nature.retain(|_, headed| headed.persons > 0);
        }
        counts.retain(|_, count| !count.by_nature.is_empty());
        Some(counts)
    }
}

impl Headed {
    fn add(&mut self, minutes: Minutes) -> Option<()> {
        if minutes.is_positive() {
            self.persons = self.persons.checked_add(1)?;
        }
        self.minutes = self.minutes.checked_add(minutes)?;
        Some(())
    }

    /// How many persons at full time would have given as much in a year, rounded to hundredths, half away from zero.
    pub fn full_time_equivalents(self) -> Decimal {
        full_time_equivalents(self.minutes)
    }
}

/// So much time in years of full time, rounded to hundredths, half away from zero.
pub fn full_time_equivalents(minutes: Minutes) -> Decimal {
    const YEAR: i128 = FULL_TIME_HOURS * 60;
    let hundredfold = i128::from(minutes.get()).saturating_mul(100);
    let half = hundredfold.signum().saturating_mul(YEAR / 2);
    Decimal::from_i128_with_scale(hundredfold.saturating_add(half) / YEAR, 2)
}

/// Whether who gives time in that quality is a volunteer.
pub const fn is_voluntary(nature: Nature) -> bool {
    match nature {
        Nature::Operational | Nature::Supervision | Nature::Governance => true,
        Nature::Employee | Nature::SkillsSponsorship | Nature::CivicService => false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn work(association: i64, person: i64, nature: Nature, minutes: i64) -> Work {
        let date = NaiveDate::from_ymd_opt(2025, 5, 1).unwrap();
        let (association, person) = (AssociationNumber(association), PersonNumber(person));
        Work { person, association, nature, skill: None, date, minutes: Minutes::new(minutes) }
    }

    #[test]
    fn a_person_counts_once_and_not_at_all_where_all_was_taken_back() {
        let works = [
            work(1, 7, Nature::Operational, 60),
            work(1, 7, Nature::Operational, 30),
            work(1, 7, Nature::Governance, 120),
            work(1, 8, Nature::Supervision, 45),
            work(1, 8, Nature::Supervision, -45),
            work(1, 9, Nature::Employee, 480),
            work(2, 7, Nature::Operational, 15),
            work(3, 7, Nature::Operational, 15),
            work(3, 7, Nature::Operational, -15),
        ];
        let counts = Headcount::of(&works).unwrap();
        assert_eq!(counts.len(), 2, "{counts:?}");
        let here = &counts[&AssociationNumber(1)];
        assert_eq!(here.volunteers, Headed { persons: 1, minutes: Minutes::new(210) });
        let by_nature: Vec<_> =
            here.by_nature.iter().map(|(nature, it)| (nature.as_str(), it.persons, it.minutes.get())).collect();
        assert_eq!(by_nature, [("operational", 1, 90), ("governance", 1, 120), ("employee", 1, 480)]);
        let too_much = [work(1, 7, Nature::Operational, i64::MAX), work(1, 7, Nature::Operational, 1)];
        assert_eq!(Headcount::of(&too_much), None);
    }

    #[test]
    fn full_time_is_rounded_once() {
        for (hours, expected) in
            [(0, "0.00"), (1_607, "1.00"), (803, "0.50"), (8, "0.00"), (9, "0.01"), (-1_607, "-1.00")]
        {
            let found = Headed { persons: 0, minutes: Minutes::new(hours * 60) }.full_time_equivalents();
            assert_eq!(found.to_string(), expected, "{hours} h");
        }
        // 0.005 years of full time are 482.1 minutes.
        assert_eq!(full_time_equivalents(Minutes::new(482)).to_string(), "0.00");
        assert_eq!(full_time_equivalents(Minutes::new(483)).to_string(), "0.01");
    }
}
