//! What the annual accounts need of a year's hours: volunteer hours by association, nature and skill, at dated rates.
//!
//! Regulation ANC 2018-06, art. 211-1 to 211-4: volunteering is booked in class 8, debit 864, credit 875. Time in
//! governing bodies is left out unless asked for; employees, skills sponsorship and civic service never are
//! volunteering, and stand beside the total. Each line is the giver's own volunteers alone: whoever was helped may
//! tell the hours in its notes, outside the accounts.
//!
//! No law sets a rate: each has a first day, a territory and a label that says the method. Euros are rounded once a
//! printed line, half away from zero; totals add the printed lines.
//!
//! The citizen-engagement account (Labour Code, art. L. 5151-9 and D. 5151-14) counts the opposite hours: those of
//! governing and of leading volunteers, by calendar year. Only figures are given, never a right.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{AssociationNumber, Minutes, PersonNumber, SkillNumber, contribution::Nature};

/// Debit: volunteers' work.
pub const VOLUNTEERS_DEBIT: &str = "864";
/// Credit: volunteering.
pub const VOLUNTEERS_CREDIT: &str = "875";

/// Hours in a calendar year from which the citizen-engagement account may count them: in all, and in one association.
pub const CEC_IN_ALL: Minutes = Minutes::new(200 * 60);
/// See [`CEC_IN_ALL`].
pub const CEC_IN_ONE: Minutes = Minutes::new(100 * 60);

/// The time one person gave on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The person.
    pub person: PersonNumber,
    /// The association they belong to: the giver's, or their own.
    pub association: AssociationNumber,
    /// In which quality.
    pub nature: Nature,
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// When.
    pub date: NaiveDate,
    /// How long; negative when it was taken back.
    pub minutes: Minutes,
}

/// What an hour is worth, somewhere, from some day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Its first day.
    pub since: NaiveDate,
    /// The beginning of the INSEE codes of the communes where it holds (`976` for Mayotte); empty for everywhere.
    pub territory: String,
    /// Euros an hour.
    pub hourly: Decimal,
    /// The method, for the notes to the accounts: "SMIC horaire brut".
    pub method: String,
}

/// Rates, of which each hour takes the nearest: the narrowest territory, then the latest day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rates(Vec<Rate>);

impl Rates {
    /// Puts rates together, in any order.
    pub fn new(rates: Vec<Rate>) -> Self {
        Self(rates)
    }

    /// Whether hours alone are told.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rate on a day in a commune.
    pub fn find(&self, date: NaiveDate, insee: &str) -> Option<&Rate> {
        let holds = |rate: &&Rate| rate.since <= date && insee.starts_with(&rate.territory);
        self.0.iter().filter(holds).max_by_key(|rate| (rate.territory.len(), rate.since))
    }
}

/// A printed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuedLine {
    /// Whose volunteers.
    pub association: AssociationNumber,
    /// In which quality.
    pub nature: Nature,
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// How long.
    pub minutes: Minutes,
    /// At which rate, and how many euros that makes; none where hours alone are told.
    pub value: Option<(Rate, Decimal)>,
}

/// A period's hours, valued.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Valuation {
    /// The lines, by association, nature and skill.
    pub lines: Vec<ValuedLine>,
    /// Hours that are left out, by association and nature.
    pub left_out: BTreeMap<(AssociationNumber, Nature), Minutes>,
    /// Hours for which there is no rate, by association: they stand in no line.
    pub without_rate: BTreeMap<AssociationNumber, Minutes>,
    /// Who is both employee and volunteer of the same association: worth a second look.
    pub employed_volunteers: BTreeSet<(AssociationNumber, PersonNumber)>,
    /// See [`Valuation::totals`]; they are added up once, so that a valuation that cannot be added up is none.
    totals: BTreeMap<AssociationNumber, (Minutes, Decimal)>,
}

impl Valuation {
    /// Values hours. `insee` tells an association's commune; `with_governance` counts time in governing bodies, too.
    ///
    /// `None` if a sum leaves the range of [`Minutes`].
    pub fn of(
        works: &[Work],
        rates: &Rates,
        insee: impl Fn(AssociationNumber) -> String,
        with_governance: bool,
    ) -> Option<Self> {
        let mut valuation = Self::default();
        let mut groups: BTreeMap<_, (Minutes, Option<Rate>)> = BTreeMap::new();
        let mut territories: BTreeMap<AssociationNumber, String> = BTreeMap::new();
        for work in works {
            let Work { association, nature, skill, .. } = *work;
            if !is_valued(nature, with_governance) {
                add(valuation.left_out.entry((association, nature)).or_default(), work.minutes)?;
                continue;
            }
            let rate = if rates.is_empty() {
                None
            } else {
                let territory = territories.entry(association).or_insert_with(|| insee(association));
                let Some(rate) = rates.find(work.date, territory) else {
                    add(valuation.without_rate.entry(association).or_default(), work.minutes)?;
                    continue;
                };
                Some(rate)
            };
            let key = (association, nature, skill, rate.map(|rate| (rate.since, rate.territory.clone())));
            let (minutes, _) = groups.entry(key).or_insert_with(|| (Minutes::ZERO, rate.cloned()));
            add(minutes, work.minutes)?;
        }
        for ((association, nature, skill, _), (minutes, rate)) in groups {
            if minutes.is_zero() {
                continue;
            }
            let value = match rate {
                Some(rate) => {
                    let euros = euros(minutes, rate.hourly)?;
                    Some((rate, euros))
                }
                None => None,
            };
            valuation.lines.push(ValuedLine { association, nature, skill, minutes, value });
        }
        valuation.employed_volunteers = employed_volunteers(works);
        valuation.totals = totals_of(&valuation.lines)?;
        Some(valuation)
    }

    /// The printed lines' minutes and euros, added up by association; euros only where there are rates.
    pub const fn totals(&self) -> &BTreeMap<AssociationNumber, (Minutes, Decimal)> {
        &self.totals
    }
}

/// The printed lines, added up; `None` beyond what a number holds.
fn totals_of(lines: &[ValuedLine]) -> Option<BTreeMap<AssociationNumber, (Minutes, Decimal)>> {
    let mut totals: BTreeMap<AssociationNumber, (Minutes, Decimal)> = BTreeMap::new();
    for line in lines {
        let (minutes, euros) = totals.entry(line.association).or_default();
        add(minutes, line.minutes)?;
        if let Some((_, value)) = &line.value {
            *euros = euros.checked_add(*value)?;
        }
    }
    Some(totals)
}

fn is_valued(nature: Nature, with_governance: bool) -> bool {
    match nature {
        Nature::Operational | Nature::Supervision => true,
        Nature::Governance => with_governance,
        Nature::Employee | Nature::SkillsSponsorship | Nature::CivicService => false,
    }
}

fn add(sum: &mut Minutes, minutes: Minutes) -> Option<()> {
    *sum = sum.checked_add(minutes)?;
    Some(())
}

fn employed_volunteers(works: &[Work]) -> BTreeSet<(AssociationNumber, PersonNumber)> {
    let of = |is_so: fn(Nature) -> bool| -> BTreeSet<_> {
        works.iter().filter(|work| is_so(work.nature)).map(|work| (work.association, work.person)).collect()
    };
    let employed = of(|nature| nature == Nature::Employee);
    let volunteers = of(|nature| is_valued(nature, true));
    employed.intersection(&volunteers).copied().collect()
}

/// Minutes × rate / 60, rounded once to cents, half away from zero; `None` beyond what a number holds.
pub fn euros(minutes: Minutes, hourly: Decimal) -> Option<Decimal> {
    // In integers: a decimal division would round twice.
    let product = i128::from(minutes.get()).checked_mul(hourly.mantissa())?.checked_mul(100)?;
    let unit = 10_i128.checked_pow(hourly.scale())?.checked_mul(60)?;
    let half = unit.checked_div(2)?.checked_mul(product.signum())?;
    let cents = product.checked_add(half)?.checked_div(unit)?;
    Decimal::try_from_i128_with_scale(cents, 2).ok()
}

/// A line of an accounting entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    /// In whose accounts.
    pub association: AssociationNumber,
    /// The account.
    pub account: &'static str,
    /// Euros.
    pub debit: Decimal,
    /// Euros.
    pub credit: Decimal,
}

impl Valuation {
    /// The entry of each association: what it debits it credits.
    pub fn entries(&self) -> Vec<EntryLine> {
        let entry = |(association, (_, euros)): (&AssociationNumber, &(Minutes, Decimal))| {
            let line = |account, debit, credit| EntryLine { association: *association, account, debit, credit };
            [line(VOLUNTEERS_DEBIT, *euros, Decimal::ZERO), line(VOLUNTEERS_CREDIT, Decimal::ZERO, *euros)]
        };
        self.totals.iter().filter(|(_, (_, euros))| !euros.is_zero()).flat_map(entry).collect()
    }
}

/// What an association's validator of the citizen-engagement account confirms of a volunteer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CecLine {
    /// The volunteer.
    pub person: PersonNumber,
    /// The association.
    pub association: AssociationNumber,
    /// Governing and leading volunteers, in this association.
    pub here: Minutes,
    /// In all associations of the network.
    pub in_all: Minutes,
    /// In the one where it was most.
    pub most_in_one: Minutes,
}

impl CecLine {
    /// Whether the figures reach both thresholds. The association must besides be declared for a year.
    pub fn reaches_thresholds(&self) -> bool {
        self.in_all >= CEC_IN_ALL && self.most_in_one >= CEC_IN_ONE
    }
}

/// The hours of one calendar year that the citizen-engagement account may count, by association and volunteer;
/// `None` if a sum leaves the range of [`Minutes`].
pub fn cec_lines(works: &[Work]) -> Option<Vec<CecLine>> {
    let mut here: BTreeMap<(AssociationNumber, PersonNumber), Minutes> = BTreeMap::new();
    for work in works.iter().filter(|work| matches!(work.nature, Nature::Governance | Nature::Supervision)) {
        add(here.entry((work.association, work.person)).or_default(), work.minutes)?;
    }
    let mut by_person: BTreeMap<PersonNumber, (Minutes, Minutes)> = BTreeMap::new();
    for ((_, person), minutes) in &here {
        let (all, most) = by_person.entry(*person).or_default();
        add(all, *minutes)?;
        *most = (*most).max(*minutes);
    }
    let line = |((association, person), minutes): ((AssociationNumber, PersonNumber), Minutes)| {
        let (in_all, most_in_one) = by_person.get(&person).copied().unwrap_or_default();
        CecLine { person, association, here: minutes, in_all, most_in_one }
    };
    Some(here.into_iter().filter(|(_, minutes)| minutes.is_positive()).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn rate(since: NaiveDate, territory: &str, hourly: &str) -> Rate {
        let (territory, method) = (territory.to_owned(), "SMIC horaire brut".to_owned());
        Rate { since, territory, hourly: hourly.parse().unwrap(), method }
    }

    fn work(association: i64, person: i64, nature: Nature, date: NaiveDate, minutes: i64) -> Work {
        let (association, person) = (AssociationNumber(association), PersonNumber(person));
        Work { person, association, nature, skill: None, date, minutes: Minutes::new(minutes) }
    }

    #[test]
    fn euros_are_rounded_once_half_away_from_zero() {
        let cases = [
            (60, "11.88", "11.88"),
            (59, "11.88", "11.68"),
            (90, "11.88", "17.82"),
            (15, "12.02", "3.01"),
            (-15, "12.02", "-3.01"),
            (1, "0.30", "0.01"),
            (1, "0.29", "0.00"),
            (1_000_000, "12.02", "200333.33"),
        ];
        for (minutes, hourly, expected) in cases {
            let found = euros(Minutes::new(minutes), hourly.parse().unwrap()).unwrap();
            assert_eq!(found.to_string(), expected, "{minutes} × {hourly}");
        }
        assert_eq!(euros(Minutes::new(i64::MAX), Decimal::MAX), None);
    }

    #[test]
    fn rates_are_dated_and_local() {
        let rates = Rates::new(vec![
            rate(day(2024, 11, 1), "", "11.88"),
            rate(day(2026, 1, 1), "", "12.02"),
            rate(day(2025, 1, 1), "976", "8.98"),
        ]);
        let found = |date, insee| rates.find(date, insee).map(|rate| rate.hourly.to_string());
        assert_eq!(found(day(2025, 12, 31), "35360").as_deref(), Some("11.88"));
        assert_eq!(found(day(2026, 1, 1), "").as_deref(), Some("12.02"));
        assert_eq!(found(day(2026, 1, 1), "97608").as_deref(), Some("8.98"));
        assert_eq!(found(day(2024, 10, 31), "35360"), None);
    }

    #[test]
    fn governance_and_paid_work_stand_beside_the_total() {
        let works = [
            work(1, 7, Nature::Operational, day(2025, 12, 31), 61),
            work(1, 8, Nature::Supervision, day(2026, 1, 1), 60),
            work(1, 7, Nature::Governance, day(2025, 5, 1), 600),
            work(1, 8, Nature::Employee, day(2025, 5, 1), 480),
            work(2, 9, Nature::CivicService, day(2025, 5, 1), 420),
            work(2, 9, Nature::Operational, day(2020, 5, 1), 30),
        ];
        let rates = Rates::new(vec![rate(day(2024, 11, 1), "", "11.88"), rate(day(2026, 1, 1), "", "12.02")]);
        let valuation = Valuation::of(&works, &rates, |_| String::new(), false).unwrap();
        let lines: Vec<_> = valuation
            .lines
            .iter()
            .map(|line| format!("{} {} {}", line.nature, line.minutes.get(), line.value.as_ref().unwrap().1))
            .collect();
        assert_eq!(lines, ["operational 61 12.08", "supervision 60 12.02"]);
        let entries: Vec<_> = valuation
            .entries()
            .iter()
            .map(|line| format!("{} {} {} {}", line.association, line.account, line.debit, line.credit))
            .collect();
        assert_eq!(entries, ["1 864 24.10 0", "1 875 0 24.10"]);
        assert_eq!(valuation.left_out.len(), 3);
        assert_eq!(valuation.without_rate[&AssociationNumber(2)], Minutes::new(30));
        assert_eq!(valuation.employed_volunteers, [(AssociationNumber(1), PersonNumber(8))].into());
        let hours = Valuation::of(&works, &Rates::default(), |_| String::new(), true).unwrap();
        assert!(hours.lines.iter().all(|line| line.value.is_none()) && hours.entries().is_empty());
        assert_eq!(hours.totals()[&AssociationNumber(1)].0, Minutes::new(721));
    }

    #[test]
    fn the_citizen_account_adds_up_over_associations() {
        let works = [
            work(1, 7, Nature::Governance, day(2025, 5, 1), 110 * 60),
            work(2, 7, Nature::Supervision, day(2025, 5, 1), 90 * 60),
            work(2, 8, Nature::Supervision, day(2025, 5, 1), 199 * 60),
            work(2, 8, Nature::Operational, day(2025, 5, 1), 99 * 60),
        ];
        let told =
            |line: &CecLine| (line.association.0, line.person.0, line.here.get() / 60, line.reaches_thresholds());
        let lines: Vec<_> = cec_lines(&works).unwrap().iter().map(told).collect();
        assert_eq!(lines, [(1, 7, 110, true), (2, 7, 90, true), (2, 8, 199, false)]);
    }
}
