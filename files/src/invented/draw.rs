//! Draws a network and its year from a seed, which always invents the same.
//!
//! Exchanges are drawn day after day, and who has received much is more likely to help next, so that some associations
//! give a lot and others receive a lot, while nobody ever passes the usual soft floor.

use chrono::NaiveDate;
use ledger::name::fold;

use super::{
    words::{ASSOCIATIONS, FIRST_NAMES, LAST_NAMES, MEMOS, OTHERS, SKILLS, TOWNS},
    year::{Invented, InventedAssociation, InventedContribution, InventedExchange, InventedPerson},
};
use crate::random::Random;

/// How many proposals wait for confirmation.
const PROPOSALS: usize = 8;

/// Invents a network of so many associations, and so many exchanges between them. Exchanges need two associations.
pub fn invent(seed: u64, year: i32, associations: usize, exchanges: usize) -> Invented {
    let mut random = Random(seed);
    let associations = invent_associations(&mut random, associations);
    let (persons, members) = invent_persons(&mut random, associations.len());
    let (exchanges, proposals) = if associations.len() < 2 { (0, 0) } else { (exchanges, PROPOSALS) };
    let mut dates: Vec<NaiveDate> = (0..exchanges).map(|_| some_day(&mut random, year)).collect();
    dates.sort_unstable();
    let leanings = associations.iter().map(|_| 60 * random.between(-20, 20)).collect();
    let mut helping = Helping { year, count: 0, balances: vec![0; associations.len()], leanings };
    let exchanges: Vec<_> = dates.into_iter().map(|date| helping.exchange(&mut random, date)).collect();
    let proposals = (0..proposals).map(|n| helping.exchange(&mut random, day(year, 347 + 2 * n))).collect();
    let mut contributions = contributions_to_exchanges(&mut random, &exchanges, &members);
    contributions.extend(contributions_at_home(&mut random, year, &members));
    Invented { associations, persons, exchanges, contributions, proposals }
}

/// Deals out kinds and towns so that no two members bear the same name, and the first three are not associations.
fn invent_associations(random: &mut Random, count: usize) -> Vec<InventedAssociation> {
    let mut usual = ASSOCIATIONS.map(|label| (label, "association"));
    random.shuffle(&mut usual);
    let labels: Vec<_> = OTHERS.into_iter().chain(usual).collect();
    let first_towns: Vec<usize> = labels.iter().map(|_| random.below(TOWNS.len())).collect();
    let mut associations: Vec<_> = (0..count)
        .map(|n| {
            let (round, (label, kind)) = (n / labels.len(), labels[n % labels.len()]);
            let (commune, of_commune, insee) = TOWNS[(first_towns[n % labels.len()] + round) % TOWNS.len()];
            let name = match round / TOWNS.len() {
                0 => format!("{label} {of_commune}"),
                again => format!("{label} {of_commune}, section {}", again + 1),
            };
            let (rna, siren) = identifiers(random, n, kind);
            InventedAssociation { name, kind, rna, siren, commune, insee }
        })
        .collect();
    random.shuffle(&mut associations);
    associations
}

/// No prefecture gives out `W099…`, and no SIREN begins with 990 yet: whatever these resemble, they are nobody's.
fn identifiers(random: &mut Random, n: usize, kind: &str) -> (Option<String>, Option<String>) {
    let rna = format!("W099{:06}", n * 89 + random.below(89));
    let siren = with_luhn_digit(99_000_000 + n * 97 + random.below(97));
    match (kind, n % 8) {
        ("association", 0..5) => (Some(rna), None),
        ("association", 5) => (Some(rna), Some(siren)),
        ("informal_group", _) | ("association", 7) => (None, None),
        _ => (None, Some(siren)),
    }
}

/// Adds the digit that makes a number pass Luhn's check.
fn with_luhn_digit(number: usize) -> String {
    let digits = std::iter::successors(Some(number), |rest| Some(rest / 10)).take_while(|rest| *rest > 0);
    let sum: usize = digits
        .enumerate()
        .map(|(place, rest)| match (place % 2, rest % 10) {
            (0, digit) if digit > 4 => digit * 2 - 9,
            (0, digit) => digit * 2,
            (_, digit) => digit,
        })
        .sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}

/// Three to eight persons in each association, some of them known from another one; and who belongs where.
fn invent_persons(random: &mut Random, associations: usize) -> (Vec<InventedPerson>, Vec<Vec<usize>>) {
    let mut persons: Vec<InventedPerson> = Vec::new();
    let mut members = vec![Vec::new(); associations];
    for (association, here) in members.iter_mut().enumerate() {
        let known = persons.len();
        for _ in 0..3 + random.below(6) {
            let mut person = random.below(known);
            if known == 0 || persons[person].associations.len() > 1 || !random.chance(10) {
                person = persons.len();
                persons.push(invent_person(random, person + 1));
            }
            persons[person].associations.push(association);
            here.push(person);
        }
    }
    (persons, members)
}

fn invent_person(random: &mut Random, number: usize) -> InventedPerson {
    let (first_name, last_name) = (random.pick(&FIRST_NAMES), random.pick(&LAST_NAMES));
    let code = format!("P{number:03}");
    let address = fold(&format!("{first_name} {last_name} {code}")).replace(' ', ".");
    InventedPerson { code, first_name, last_name, email: format!("{address}@example.org"), associations: Vec::new() }
}

/// Two hours above the usual soft floor of −40 h.
const FLOOR_MINUTES: i64 = -38 * 60;

/// Who helps whom, knowing where everyone stands.
struct Helping {
    year: i32,
    count: usize,
    /// Minutes given less minutes received, by association.
    balances: Vec<i64>,
    /// Where each balance tends to: some like to give, some need more.
    leanings: Vec<i64>,
}

impl Helping {
    fn exchange(&mut self, random: &mut Random, date: NaiveDate) -> InventedExchange {
        let minutes = invent_minutes(random);
        let [_, mut receiver] = self.draw_two(random);
        if self.balances[receiver] - minutes < FLOOR_MINUTES {
            // Balances add up to zero: whoever has most has enough for any one exchange.
            receiver = (0..self.balances.len()).max_by_key(|&other| self.balances[other]).unwrap_or(receiver);
        }
        let neighbour = (receiver + 1) % self.balances.len();
        let giver = self.draw_two(random).into_iter().find(|&giver| giver != receiver).unwrap_or(neighbour);
        self.balances[giver] += minutes;
        self.balances[receiver] -= minutes;

        self.count += 1;
        let reference = format!("{}-{:05}", self.year, self.count);
        // An association is good at a few things, and is asked for them again and again.
        let skill = if random.chance(80) { SKILLS[(giver * 7 + random.below(4)) % SKILLS.len()] } else { "" };
        let memo = if random.chance(35) { random.pick(&MEMOS) } else { "" };
        InventedExchange { reference, date, giver, receiver, minutes, skill, memo }
    }

    /// Two associations, often of the active ones, which come first: the one that should rather give, then the other.
    fn draw_two(&self, random: &mut Random) -> [usize; 2] {
        let mut drawn = [(); 2].map(|()| {
            let (one, other) = (random.below(self.balances.len()), random.below(self.balances.len()));
            if random.chance(50) { one.min(other) } else { one }
        });
        drawn.sort_by_key(|&association| self.balances[association] - self.leanings[association]);
        drawn
    }
}

/// Mostly one person for one to six hours; sometimes a short hand, sometimes several persons for a while.
fn invent_minutes(random: &mut Random) -> i64 {
    match random.below(100) {
        0..6 => 15 * random.between(1, 3),
        6..80 => 15 * random.between(4, 24),
        _ => random.between(2, 5) * 30 * random.between(2, 6),
    }
}

/// Shares most exchanges among one to four persons of the giver; now and then some minutes stay untold.
fn contributions_to_exchanges(
    random: &mut Random,
    exchanges: &[InventedExchange],
    members: &[Vec<usize>],
) -> Vec<InventedContribution> {
    let mut contributions = Vec::new();
    for (exchange, &InventedExchange { date, giver: association, minutes, skill, .. }) in exchanges.iter().enumerate() {
        if random.chance(30) {
            continue;
        }
        let (exchange, here) = (Some(exchange), &members[association]);
        let (first, persons) = (random.below(here.len()), (1 + random.below(4)).min(here.len()));
        let told = if random.chance(85) { minutes } else { minutes - minutes / 4 };
        for (turn, minutes) in split(random, told, persons).into_iter().enumerate() {
            let person = here[(first + turn) % here.len()];
            let nature = if random.chance(88) { "operational" } else { "supervision" };
            contributions.push(InventedContribution { exchange, date, association, person, minutes, nature, skill });
        }
    }
    contributions
}

/// Cuts minutes into unlike parts, none of them empty.
fn split(random: &mut Random, minutes: i64, parts: usize) -> Vec<i64> {
    let weights: Vec<i64> = (0..parts).map(|_| random.between(3, 7)).collect();
    let whole: i64 = weights.iter().sum();
    let mut parts: Vec<i64> = weights.iter().map(|weight| minutes * weight / whole).collect();
    parts[0] += minutes - parts.iter().sum::<i64>();
    parts
}

/// What persons do for their own association: one presides, one leads the others, the rest lend a hand.
fn contributions_at_home(random: &mut Random, year: i32, members: &[Vec<usize>]) -> Vec<InventedContribution> {
    let (exchange, mut contributions) = (None, Vec::new());
    for (association, here) in members.iter().enumerate() {
        for (rank, &person) in here.iter().enumerate() {
            let (nature, times, longest_hours) = match rank {
                0 => ("governance", 12 + random.below(18), 14),
                1 => ("supervision", 2 + random.below(9), 8),
                _ => ("operational", random.below(5), 6),
            };
            for _ in 0..times {
                let (date, minutes) = (some_day(random, year), 15 * random.between(4, 4 * longest_hours));
                let skill = if nature == "operational" { random.pick(&SKILLS) } else { "" };
                contributions.push(InventedContribution {
                    exchange,
                    date,
                    association,
                    person,
                    minutes,
                    nature,
                    skill,
                });
            }
        }
    }
    contributions
}

/// A day of the year, in August only half as often as in another month.
fn some_day(random: &mut Random, year: i32) -> NaiveDate {
    const AUGUST: std::ops::Range<usize> = 213..244;
    let ordinals = [1 + random.below(365), 1 + random.below(365)];
    let ordinal = if AUGUST.contains(&ordinals[0]) { ordinals[1] } else { ordinals[0] };
    day(year, ordinal)
}

/// The day of that number in the year. Years that no calendar has are nobody's wish: they all become 1970.
fn day(year: i32, ordinal: usize) -> NaiveDate {
    u32::try_from(ordinal).ok().and_then(|ordinal| NaiveDate::from_yo_opt(year, ordinal)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fs};

    use super::*;

    #[test]
    fn a_seed_always_invents_the_same_year() {
        assert_eq!(invent(7, 2025, 24, 420), invent(7, 2025, 24, 420));
        assert_ne!(invent(7, 2025, 24, 420), invent(8, 2025, 24, 420));
    }

    #[test]
    fn a_year_is_believable() {
        for (seed, associations, exchanges) in
            [(1, 24, 420), (2, 24, 420), (3, 24, 420), (2025, 24, 420), (4, 2, 30), (5, 38, 1_200), (7, 300, 20_000)]
        {
            check(&invent(seed, 2025, associations, exchanges), associations, exchanges);
        }
        for associations in [0, 1] {
            assert!(invent(1, 2025, associations, 10).exchanges.is_empty());
        }
    }

    fn check(invented: &Invented, associations: usize, exchanges: usize) {
        let Invented { associations: members, persons, exchanges: agreed, contributions, proposals } = invented;
        assert_eq!((members.len(), agreed.len(), proposals.len()), (associations, exchanges, PROPOSALS));
        let names: HashSet<_> = members.iter().map(|association| fold(&association.name)).collect();
        let sirens: HashSet<_> = members.iter().filter_map(|association| association.siren.as_ref()).collect();
        let rnas: HashSet<_> = members.iter().filter_map(|association| association.rna.as_ref()).collect();
        assert_eq!(names.len(), associations);
        assert!(sirens.iter().all(|siren| siren.len() == 9 && passes_luhn(siren)));
        assert!(rnas.iter().all(|rna| rna.len() == 10));
        if associations >= 24 {
            assert!(rnas.len() > associations / 2 && sirens.len() > associations / 10);
            assert!(members.iter().any(|association| association.kind == "municipality"));
            assert!(persons.iter().any(|person| person.associations.len() == 2));
        }
        for association in 0..associations {
            let count = persons.iter().filter(|person| person.associations.contains(&association)).count();
            assert!((3..=8).contains(&count), "{count} persons");
        }

        let mut balances = vec![0; associations];
        for (number, exchange) in (1..).zip(agreed.iter().chain(proposals)) {
            assert_eq!(exchange.reference, format!("2025-{number:05}"));
            assert_ne!(exchange.giver, exchange.receiver);
            assert!(exchange.minutes > 0 && exchange.minutes % 15 == 0);
            balances[exchange.giver] += exchange.minutes;
            balances[exchange.receiver] -= exchange.minutes;
            assert!(balances[exchange.receiver] >= FLOOR_MINUTES);
        }
        assert!(agreed.is_sorted_by_key(|exchange| exchange.date));
        let near = balances.iter().filter(|balance| balance.abs() <= -FLOOR_MINUTES).count();
        assert!(near * 4 >= associations * 3, "{balances:?}");

        let mut untold: Vec<i64> = agreed.iter().map(|exchange| exchange.minutes).collect();
        for contribution in contributions {
            assert!(contribution.minutes > 0);
            assert!(persons[contribution.person].associations.contains(&contribution.association));
            if let Some(exchange) = contribution.exchange {
                untold[exchange] -= contribution.minutes;
                assert_eq!(contribution.association, agreed[exchange].giver);
                assert_ne!(contribution.nature, "governance");
            }
        }
        assert!(untold.iter().all(|minutes| *minutes >= 0));
    }

    fn passes_luhn(number: &str) -> bool {
        let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
        let digits = number.chars().rev().filter_map(|c| c.to_digit(10)).enumerate();
        digits.map(|(place, digit)| if place % 2 == 0 { digit } else { doubled(digit) }).sum::<u32>() % 10 == 0
    }

    #[test]
    fn skills_do_not_resemble_each_other() {
        let words = |skill: &str| fold(skill).split(' ').filter(|word| word.len() > 3).map(str::to_owned).collect();
        let words: Vec<HashSet<String>> = SKILLS.iter().map(|skill| words(skill)).collect();
        for (at, skill) in words.iter().enumerate() {
            assert!(words[..at].iter().all(|other| skill.is_disjoint(other)), "{skill:?}");
        }
    }

    #[test]
    fn writes_the_four_files() {
        let folder = tempfile::tempdir().unwrap();
        invent(7, 2025, 24, 420).write_csv(folder.path()).unwrap();
        let headers = [
            ("associations", "name,kind,rna,siren,commune,insee"),
            ("persons", "code,first_name,last_name,email,association"),
            ("exchanges", "reference,date,giver,receiver,duration,skill,memo"),
            ("contributions", "exchange,date,association,person,duration,nature,skill"),
        ];
        for (name, header) in headers {
            let text = fs::read_to_string(folder.path().join(format!("{name}.csv"))).unwrap();
            assert_eq!(text.lines().next(), Some(header));
        }
        let exchanges = fs::read_to_string(folder.path().join("exchanges.csv")).unwrap();
        assert_eq!(exchanges.lines().count(), 421);
    }
}
