//! Which line belongs to which exchange, all of them looked at together.
//!
//! 1. What agrees in everything is paired: with the same skill first, then where one side tells no skill.
//! 2. Lines that add up several exchanges are given all of them.
//! 3. The rest is paired one to one at the least total cost.
//! 4. What is left is a duplicate, if the notebook says the same elsewhere, or missing in the ledger.
//!
//! Lines are taken in the order of what they say, never in the order of the file.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};

use super::{
    accounts::{Accounts, Known, Standing, index},
    assignment::{Wish, assign},
    cost::{ALONE, CLEARLY_BETTER, DUPLICATE, Difference, Said, WAITING, mistyped_forms},
    findings::{Finding, LineFinding},
    names::{Certainty, DOUBTFUL, ResolvedName},
    notebook::{LineDate, Notebook, NotebookLine, Options},
};
use crate::{Minutes, exchange::Side, year::Year};

/// Work in progress.
pub(super) struct Matching<'a> {
    pub(super) accounts: &'a Accounts,
    notebook: &'a Notebook,
    options: &'a Options,
    pub(super) names: &'a [ResolvedName],
    skills: &'a [Option<u32>],
    /// The places of the lines, in the order of what they say.
    pub(super) order: Vec<u32>,
    /// Exchanges by partner, then date, then as the ledger has them: partner and day in one number, and the place.
    by_partner: Vec<(u64, u32)>,
    /// The line that an exchange belongs to.
    pub(super) line_of: Vec<Option<u32>>,
    /// The exchanges that a line stands for.
    pub(super) exchanges_of: Vec<Vec<u32>>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(
        accounts: &'a Accounts,
        notebook: &'a Notebook,
        options: &'a Options,
        names: &'a [ResolvedName],
        skills: &'a [Option<u32>],
    ) -> Self {
        let places = |count: usize| 0..u32::try_from(count).unwrap_or(u32::MAX);
        let mut by_partner: Vec<_> = places(accounts.exchanges.len())
            .zip(&accounts.exchanges)
            .map(|(place, known)| (key(known.partner, known.date), place))
            .collect();
        by_partner.sort_unstable();
        let mut order: Vec<u32> = places(notebook.lines.len()).collect();
        // Sure names before unsure ones, then by what the line says; only equal lines go by their place in the file.
        order.sort_by_cached_key(|place| {
            let line = &notebook.lines[index(*place)];
            let name = &notebook.names[index(line.name)];
            let cost = names[index(line.name)].candidates.first().map_or(u32::MAX, |(_, cost)| *cost);
            let skill = line.skill.and_then(|skill| notebook.skills.get(index(skill)));
            (
                !names[index(line.name)].certainty.is_certain(),
                cost,
                line.date,
                line.minutes,
                line.side,
                (name, skill),
                line.row,
            )
        });
        Self {
            accounts,
            notebook,
            options,
            names,
            skills,
            order,
            by_partner,
            line_of: vec![None; accounts.exchanges.len()],
            exchanges_of: vec![Vec::new(); notebook.lines.len()],
        }
    }

    pub(super) fn line(&self, line: u32) -> &NotebookLine {
        &self.notebook.lines[index(line)]
    }

    pub(super) fn name(&self, line: u32) -> &ResolvedName {
        &self.names[index(self.line(line).name)]
    }

    /// The members that a line may mean; none when the name is like no member's.
    pub(super) fn candidates(&self, line: u32) -> &[(u32, u32)] {
        let name = self.name(line);
        if name.certainty == Certainty::Unknown { &[] } else { &name.candidates }
    }

    pub(super) fn said(&self, line: u32) -> Said {
        let NotebookLine { date, side, minutes, skill, .. } = *self.line(line);
        let skill = skill.and_then(|skill| self.skills[index(skill)]);
        Said { date, side, minutes, skill }
    }

    pub(super) fn is_alone(&self, line: u32) -> bool {
        self.exchanges_of[index(line)].is_empty()
    }

    pub(super) fn take(&mut self, line: u32, exchange: u32) {
        self.line_of[index(exchange)] = Some(line);
        self.exchanges_of[index(line)].push(exchange);
    }

    /// Exchanges with a partner from one day to another that no line has yet.
    pub(super) fn free(&self, partner: u32, days: (NaiveDate, NaiveDate)) -> impl Iterator<Item = u32> {
        let from = self.by_partner.partition_point(|(known, _)| *known < key(partner, days.0));
        let last = key(partner, days.1);
        let within = self.by_partner[from..].iter().take_while(move |(known, _)| *known <= last);
        within.map(|(_, place)| *place).filter(|place| self.line_of[index(*place)].is_none())
    }

    fn known(&self, exchange: u32) -> &Known {
        &self.accounts.exchanges[index(exchange)]
    }

    /// Pairs what agrees in everything, where only one member can be meant: with what stands in the accounts first, then
    /// with what waits, then with what was reversed and has nothing in its place.
    pub(super) fn pair_equals(&mut self) {
        let replaced: HashSet<i64> = self.accounts.exchanges.iter().filter_map(|known| known.replaces).collect();
        self.pair_equals_that(&|known| known.standing == Standing::Confirmed);
        self.pair_equals_that(&|known| known.standing.is_open());
        self.pair_equals_that(&|known| {
            matches!(known.standing, Standing::Reversed(_)) && !replaced.contains(&known.exchange)
        });
    }

    fn pair_equals_that(&mut self, is_wanted: &dyn Fn(&Known) -> bool) {
        for is_skill_needed in [true, false] {
            for at in 0..self.order.len() {
                let line = self.order[at];
                let (LineDate::Day(day), true) = (self.line(line).date, self.is_alone(line)) else { continue };
                let said = self.said(line);
                let mut equal: Vec<(u32, u32)> = Vec::new();
                for (partner, name) in self.candidates(line) {
                    let is_equal = |exchange: &u32| {
                        let known = self.known(*exchange);
                        let difference = Difference::between(&said, known);
                        let is_skill_right = match difference.is_same_skill {
                            Some(is_same) => is_same,
                            None => !is_skill_needed && *name < DOUBTFUL,
                        };
                        is_wanted(known) && difference.count() == 0 && is_skill_right
                    };
                    equal.extend(self.free(*partner, (day, day)).find(is_equal).map(|exchange| (exchange, *name)));
                }
                // Where several members fit, the whole picture decides.
                if let [(exchange, _)] = equal[..] {
                    self.take(line, exchange);
                }
            }
        }
    }

    /// Pairs what is left at the least cost. Returns the lines where two members fit equally well.
    pub(super) fn pair_nearest(&mut self) -> HashMap<u32, Vec<(u32, Option<u32>)>> {
        let lines: Vec<u32> = self.order.iter().copied().filter(|line| self.is_alone(*line)).collect();
        let twins = Twins::new(self);
        let wishes: Vec<_> = lines
            .iter()
            .map(|line| {
                let alone = if twins.earlier(self, *line).is_some() { DUPLICATE } else { ALONE };
                Wish { alone, edges: self.edges(*line) }
            })
            .collect();
        let given = assign(&wishes);
        for (line, exchange) in lines.iter().zip(&given) {
            if let Some(exchange) = exchange {
                self.take(*line, *exchange);
            }
        }
        let mut ambiguous = HashMap::new();
        for ((line, wish), exchange) in lines.iter().zip(&wishes).zip(&given) {
            if let Some(rivals) = exchange.and_then(|exchange| self.rivals(*line, wish, exchange)) {
                ambiguous.insert(*line, rivals);
            }
        }
        for line in ambiguous.keys() {
            for exchange in std::mem::take(&mut self.exchanges_of[index(*line)]) {
                self.line_of[index(exchange)] = None;
            }
        }
        ambiguous
    }

    fn edges(&self, line: u32) -> Vec<(u32, i64)> {
        let (said, window) = (self.said(line), self.options.days);
        let mut edges: Vec<(u32, i64)> = Vec::new();
        for (partner, name) in self.candidates(line) {
            for days in days_around(said.date, window) {
                for exchange in self.free(*partner, days) {
                    let known = self.known(exchange);
                    // Of two that fit as well, the one that stands in the accounts.
                    let wait = match known.standing {
                        Standing::Confirmed => 0,
                        Standing::Proposed | Standing::Contested | Standing::Held => WAITING,
                        Standing::Reversed(_) => continue,
                    };
                    let cost = Difference::between(&said, known).cost(*name, window);
                    edges.extend(cost.map(|cost| (exchange, cost.saturating_add(wait))));
                }
            }
        }
        edges.sort_unstable();
        edges.dedup_by_key(|(exchange, _)| *exchange);
        edges
    }

    /// Exchanges with other members that would do as well, when the name does not tell which is meant.
    fn rivals(&self, line: u32, wish: &Wish, exchange: u32) -> Option<Vec<(u32, Option<u32>)>> {
        let partner = |exchange: u32| self.accounts.exchanges[index(exchange)].partner;
        let cost = |wanted: u32| wish.edges.iter().find(|(known, _)| *known == wanted).map(|(_, cost)| *cost);
        let own = cost(exchange)?;
        let is_rival = |(other, cost): &&(u32, i64)| {
            self.line_of[index(*other)].is_none()
                && partner(*other) != partner(exchange)
                && *cost <= own.saturating_add(CLEARLY_BETTER)
        };
        if self.name(line).certainty.is_certain() {
            return None;
        }
        let mut rivals: Vec<_> =
            wish.edges.iter().filter(is_rival).map(|(other, _)| (partner(*other), Some(*other))).collect();
        if rivals.is_empty() {
            return None;
        }
        rivals.insert(0, (partner(exchange), Some(exchange)));
        rivals.dedup_by_key(|(partner, _)| *partner);
        Some(rivals)
    }

    /// Of two lines that say the same, the exchange goes to the one that comes first in the notebook: people expect the
    /// second to be called the duplicate.
    pub(super) fn keep_first_twins(&mut self) {
        let twins = Twins::new(self);
        for at in 0..self.order.len() {
            let line = self.order[at];
            let twin = if self.is_alone(line) { twins.earlier(self, line) } else { None };
            if let Some(twin) = twin.filter(|twin| self.line(line).row < self.line(*twin).row && !self.is_alone(*twin))
            {
                let exchanges = std::mem::take(&mut self.exchanges_of[index(twin)]);
                for exchange in exchanges {
                    self.take(line, exchange);
                }
            }
        }
    }

    pub(super) fn findings(&self, ambiguous: &HashMap<u32, Vec<(u32, Option<u32>)>>) -> Vec<LineFinding> {
        let twins = Twins::new(self);
        (0..u32::try_from(self.exchanges_of.len()).unwrap_or(u32::MAX))
            .map(|line| self.finding(line, ambiguous.get(&line), &twins))
            .collect()
    }

    fn finding(&self, line: u32, rivals: Option<&Vec<(u32, Option<u32>)>>, twins: &Twins) -> LineFinding {
        let plain = |finding| LineFinding { finding, exchange: None, others: vec![], twin: None, candidates: vec![] };
        match self.exchanges_of[index(line)].as_slice() {
            [exchange] => {
                let known = self.known(*exchange);
                let finding = match known.standing {
                    Standing::Confirmed => Difference::between(&self.said(line), known).finding(),
                    Standing::Proposed | Standing::Contested | Standing::Held => Finding::Waiting,
                    Standing::Reversed(_) => Finding::Reversed,
                };
                return LineFinding { exchange: Some(*exchange), ..plain(finding) };
            }
            [first, others @ ..] => {
                return LineFinding { exchange: Some(*first), others: others.to_vec(), ..plain(Finding::Matched) };
            }
            [] => {}
        }
        if let Some(rivals) = rivals {
            return LineFinding { candidates: rivals.clone(), ..plain(Finding::AmbiguousPartner) };
        }
        if let Some(twin) = twins.earlier(self, line) {
            let exchange = self.exchanges_of[index(twin)].first().copied();
            return LineFinding { exchange, twin: Some(twin), ..plain(Finding::Duplicate) };
        }
        let name = self.name(line);
        let is_doubtful = name.candidates.first().is_none_or(|(_, cost)| *cost >= DOUBTFUL);
        let candidates =
            || name.candidates.iter().map(|(partner, _)| (*partner, self.evidence(line, *partner))).collect();
        if name.certainty == Certainty::Unknown || is_doubtful {
            LineFinding { candidates: candidates(), ..plain(Finding::AmbiguousPartner) }
        } else {
            let several = name.candidates.len() > 1;
            let candidates = if several { candidates() } else { vec![] };
            LineFinding { candidates, ..plain(Finding::MissingInLedger) }
        }
    }

    /// An exchange with a member that agrees with the line in all but the name.
    fn evidence(&self, line: u32, partner: u32) -> Option<u32> {
        let (LineDate::Day(day), said) = (self.line(line).date, self.said(line)) else { return None };
        self.free(partner, (day, day))
            .find(|exchange| Difference::between(&said, &self.accounts.exchanges[index(*exchange)]).count() == 0)
    }

    /// The year's exchanges that no line stands for, by date.
    pub(super) fn missing(&self) -> Vec<u32> {
        let known = |place: &u32| &self.accounts.exchanges[index(*place)];
        let places = 0..u32::try_from(self.line_of.len()).unwrap_or(u32::MAX);
        let mut missing: Vec<u32> = places
            .filter(|place| self.line_of[index(*place)].is_none() && known(place).standing == Standing::Confirmed)
            .filter(|place| Year::of(known(place).date) == self.options.year)
            .collect();
        missing.sort_unstable_by_key(|place| (known(place).date, known(place).exchange));
        missing
    }
}

/// Partner and day in one number that sorts by partner, then day.
fn key(partner: u32, date: NaiveDate) -> u64 {
    use chrono::Datelike;
    u64::from(partner) << 32 | u64::from(u32::try_from(date.num_days_from_ce()).unwrap_or_default())
}

/// The stretches of days where a line's exchange may lie.
fn days_around(date: LineDate, window: u16) -> Vec<(NaiveDate, NaiveDate)> {
    match date {
        LineDate::Day(day) => {
            let window = Days::new(u64::from(window));
            let first = day.checked_sub_days(window).unwrap_or(day);
            let last = day.checked_add_days(window).unwrap_or(day);
            let mistyped = mistyped_forms(day).map(|form| (form, form));
            std::iter::once((first, last)).chain(mistyped).collect()
        }
        LineDate::Month(first) => vec![(first, last_of_month(first))],
    }
}

/// The last day of the month that begins on a day.
pub(super) fn last_of_month(first: NaiveDate) -> NaiveDate {
    let next = first.checked_add_months(chrono::Months::new(1)).and_then(|next| next.pred_opt());
    next.unwrap_or(first)
}

/// Lines that say the same: the same day, minutes and direction, a partner that may be the same, no other skill.
struct Twins(HashMap<(LineDate, Minutes, Option<Side>), Vec<u32>>);

/// How many lines of one day, duration and direction are compared: beyond that, a file is not a notebook.
const MOST_TWINS: usize = 200;

impl Twins {
    fn new(matching: &Matching<'_>) -> Self {
        let mut groups: HashMap<_, Vec<u32>> = HashMap::new();
        for line in &matching.order {
            let NotebookLine { date, minutes, side, .. } = *matching.line(*line);
            groups.entry((date, minutes, side)).or_default().push(*line);
        }
        Self(groups)
    }

    /// A line that says the same and has an exchange, or comes before this one.
    fn earlier(&self, matching: &Matching<'_>, line: u32) -> Option<u32> {
        let NotebookLine { date, minutes, side, row, .. } = *matching.line(line);
        if matches!(date, LineDate::Month(_)) {
            return None;
        }
        let group = self.0.get(&(date, minutes, side))?;
        let is_twin = |other: &&u32| {
            let comes_first = !matching.is_alone(**other) || matching.line(**other).row < row;
            **other != line && comes_first && is_same(matching, line, **other)
        };
        let mut twins = group.iter().take(MOST_TWINS).filter(is_twin);
        let with_exchange = twins.clone().find(|other| !matching.is_alone(**other));
        with_exchange.or_else(|| twins.next()).copied()
    }
}

fn is_same(matching: &Matching<'_>, line: u32, other: u32) -> bool {
    let (one, two) = (matching.line(line), matching.line(other));
    let is_skill_same = matching.said(line).skill.zip(matching.said(other).skill).is_none_or(|(a, b)| a == b);
    let partner = matching.exchanges_of[index(other)]
        .first()
        .map(|exchange| matching.accounts.exchanges[index(*exchange)].partner);
    let is_partner_same = match partner {
        Some(partner) => matching.candidates(line).iter().any(|(candidate, _)| *candidate == partner),
        None if one.name == two.name => true,
        None => {
            let others = matching.candidates(other);
            matching.candidates(line).iter().any(|(candidate, _)| others.iter().any(|(known, _)| known == candidate))
        }
    };
    is_skill_same && is_partner_same
}
