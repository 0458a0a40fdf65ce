//! An association's year by month, partner, skill and evidence, summed from the sealed acts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::parts::{CountPart, MonthPart, PartnerPart, SkillPart};
use crate::{AssociationNumber, SkillNumber, leaf::parts_beside_seal, year::Year};

/// Minutes on the three lines that an exchange can move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// Help given.
    pub given: i64,
    /// Help received.
    pub received: i64,
    /// Reversals, with their sign.
    pub correction: i64,
}

impl Side {
    /// Adds a movement; `None` when a sum leaves the range of 64 bits.
    fn add(&mut self, kind: &str, minutes: i64) -> Option<()> {
        match kind {
            "given" => self.given = self.given.checked_add(minutes)?,
            "received" => self.received = self.received.checked_sub(minutes)?,
            _ => self.correction = self.correction.checked_add(minutes)?,
        }
        Some(())
    }
}

/// One association's year, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Breakdown {
    months: [Side; 12],
    partners: BTreeMap<i64, Side>,
    skills: BTreeMap<Option<i64>, Side>,
    known_by: BTreeMap<String, (u64, i64)>,
    not_counted: BTreeMap<String, (u64, i64)>,
}

/// The part of a leaf that is summed; the rest is passed over.
#[derive(Deserialize)]
struct Posted<'a> {
    booked: Option<&'a str>,
    #[serde(borrow)]
    evidence: Option<Known<'a>>,
    exchange: Option<Between>,
    kind: &'a str,
    #[serde(default, borrow)]
    postings: Vec<Moved<'a>>,
}

#[derive(Deserialize)]
struct Known<'a> {
    kind: &'a str,
}

#[derive(Deserialize)]
struct Between {
    giver: i64,
    receiver: i64,
    minutes: i64,
    skill: Option<i64>,
}

#[derive(Deserialize)]
struct Moved<'a> {
    account: i64,
    kind: &'a str,
    minutes: i64,
}

impl Breakdown {
    /// Adds what an act posted in book exchange, if it is of that year, to the associations that it moved.
    ///
    /// # Errors
    /// What is wrong with the leaf.
    pub fn add_leaf(
        all: &mut HashMap<AssociationNumber, Self>,
        year: Year,
        leaf: &str,
    ) -> Result<(), serde_json::Error> {
        // Where it was told at once who gave the time, what is sealed stands before the act.
        let act = parts_beside_seal(leaf).next().unwrap_or(leaf);
        let posted: Posted<'_> = serde_json::from_str(act)?;
        let Some((in_year, month)) = posted.booked.and_then(year_and_month) else { return Ok(()) };
        if in_year != year.0 {
            return Ok(());
        }
        for moved in posted.postings.iter().filter(|moved| moved.account > 0) {
            let Some(between) = &posted.exchange else { continue };
            let own = all.entry(AssociationNumber(moved.account)).or_default();
            let partner = if moved.account == between.giver { between.receiver } else { between.giver };
            let of_month = own.months.get_mut(month).ok_or_else(out_of_range)?;
            for side in
                [own.partners.entry(partner).or_default(), own.skills.entry(between.skill).or_default(), of_month]
            {
                side.add(moved.kind, moved.minutes).ok_or_else(out_of_range)?;
            }
            if moved.kind != "correction" {
                // What a mediator settled or the coordinator released is known by that act.
                let known_by = posted.evidence.as_ref().map_or(posted.kind, |known| known.kind);
                let count = match own.known_by.get_mut(known_by) {
                    Some(count) => count,
                    None => own.known_by.entry(known_by.to_owned()).or_default(),
                };
                one_more(count, between.minutes)?;
            }
        }
        Ok(())
    }

    /// Notes an exchange that waits for somebody.
    ///
    /// # Errors
    /// When their minutes leave the range of 64 bits.
    pub fn add_waiting(&mut self, state: &str, minutes: i64) -> Result<(), serde_json::Error> {
        one_more(self.not_counted.entry(state.to_owned()).or_default(), minutes)
    }

    pub(super) fn months(&self) -> Vec<MonthPart> {
        let part = |(month, side): (u8, &Side)| MonthPart {
            month,
            given_minutes: side.given,
            received_minutes: side.received,
        };
        (1..).zip(&self.months).map(part).collect()
    }

    /// Those with whom most hours went, first.
    pub(super) fn partners(&self, name_of: &dyn Fn(AssociationNumber) -> String) -> Vec<PartnerPart> {
        let mut parts: Vec<_> = self
            .partners
            .iter()
            .map(|(number, side)| PartnerPart {
                association: *number,
                name: name_of(AssociationNumber(*number)),
                given_minutes: side.given,
                received_minutes: side.received,
                correction_minutes: side.correction,
            })
            .collect();
        parts.sort_by_key(|part| (Reverse(part.given_minutes.saturating_add(part.received_minutes)), part.association));
        parts
    }

    /// Those that most hours went with, first.
    pub(super) fn skills(&self, name_of: &dyn Fn(SkillNumber) -> String) -> Vec<SkillPart> {
        let mut parts: Vec<_> = self
            .skills
            .iter()
            .map(|(number, side)| SkillPart {
                name: number.map(|number| name_of(SkillNumber(number))),
                given_minutes: side.given,
                received_minutes: side.received,
                correction_minutes: side.correction,
            })
            .collect();
        parts.sort_by_key(|part| Reverse(part.given_minutes.saturating_add(part.received_minutes)));
        parts
    }

    pub(super) fn known_by(&self) -> Vec<CountPart> {
        counts(&self.known_by)
    }

    pub(super) fn not_counted(&self) -> Vec<CountPart> {
        counts(&self.not_counted)
    }
}

/// Counts an exchange.
fn one_more((exchanges, minutes): &mut (u64, i64), more: i64) -> Result<(), serde_json::Error> {
    *exchanges = exchanges.saturating_add(1);
    *minutes = minutes.checked_add(more).ok_or_else(out_of_range)?;
    Ok(())
}

/// A leaf whose figures cannot be added to the others.
fn out_of_range() -> serde_json::Error {
    serde::de::Error::custom("a month or minutes out of range")
}

fn counts(of: &BTreeMap<String, (u64, i64)>) -> Vec<CountPart> {
    let part = |(kind, (exchanges, minutes)): (&String, &(u64, i64))| CountPart {
        kind: kind.clone(),
        exchanges: *exchanges,
        minutes: *minutes,
    };
    of.iter().map(part).collect()
}

/// `2025-03-01` is March, the month of index 2, of 2025.
fn year_and_month(date: &str) -> Option<(i32, usize)> {
    let (year, rest) = date.split_once('-')?;
    let (month, _) = rest.split_once('-')?;
    Some((year.parse().ok()?, month.parse::<usize>().ok()?.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_that_is_about_persons_counts_as_one_that_is_not() {
        let act = r#"{"booked":"2025-03-01","exchange":{"giver":1,"minutes":75,"receiver":2},"kind":"exchange_confirmed",
            "postings":[{"account":1,"kind":"given","minutes":75},{"account":2,"kind":"received","minutes":-75}]}"#;
        let act = act.replace('\n', "");
        let told = |leaf: &str| {
            let mut all = HashMap::new();
            Breakdown::add_leaf(&mut all, Year(2025), leaf).unwrap();
            let of_giver = &all[&AssociationNumber(1)];
            (of_giver.months().get(2).map(|month| month.given_minutes), of_giver.known_by().len(), all.len())
        };
        assert_eq!(told(&act), (Some(75), 1, 2));
        assert_eq!(told(&format!("{{\"act\":\"00\",\"v\":2}}\n{act}\n{{\"person\":\"00\"}}")), told(&act));
    }
}
