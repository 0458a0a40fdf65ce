//! What a comparison comes to, in piles: what agrees, what is to be corrected, what waits for somebody, and what is a
//! mistake of the notebook's own.

use std::collections::HashSet;

use files::{
    notebook::RowMeaning,
    reconcile::{
        compare::Compared,
        report::{Missing, Report, ReportLine},
    },
};
use ledger::reconcile::Finding;

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pile {
    /// Both say the same.
    Agreed,
    /// Both do not, and nobody has done anything about it.
    ToCorrect,
    /// Somebody has to answer.
    Waiting,
    /// The notebook is wrong, its keeper says.
    Ours,
    /// No line.
    PassedOver,
}

/// A row of the notebook, or an exchange that it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    /// A row, by its place.
    Row(usize),
    /// An exchange that no line stands for, by its place.
    Absent(usize),
}

/// The same, put into words.
#[derive(Debug)]
pub(super) enum Told {
    /// A row.
    Row(Box<ReportLine>),
    /// An exchange.
    Absent(Box<Missing>),
}

impl Told {
    /// With whom it is to be settled.
    pub(super) fn partner(&self) -> Option<&str> {
        match self {
            // What is there twice is twice in the notebook alone.
            Self::Row(line) if line.finding == Finding::Duplicate => None,
            Self::Row(line) => line.partner.as_deref(),
            Self::Absent(missing) => Some(&missing.partner),
        }
    }

    /// What of it a form shows, so that nothing is asked of an exchange that its reader did not see.
    pub(super) fn seen(&self) -> String {
        match self {
            Self::Row(line) => {
                let reference = line.reference.iter().map(String::as_str);
                std::iter::once(line.finding.as_str()).chain(reference).collect::<Vec<_>>().join(" ")
            }
            Self::Absent(missing) => format!("missing_in_file {}", missing.reference),
        }
    }
}

/// A comparison with what its reader said of it.
#[derive(Debug)]
pub(super) struct Piles<'a> {
    pub(super) report: Report<'a>,
    compared: &'a Compared,
    mistakes: HashSet<&'a str>,
    /// Everything, in the order of the notebook, and after it what the notebook lacks; with where it lies.
    things: Vec<(Thing, Pile)>,
}

impl<'a> Piles<'a> {
    pub(super) fn new(report: Report<'a>, compared: &'a Compared, mistakes: &'a [String]) -> Self {
        let rows = (0..report.line_count()).map(Thing::Row);
        let absent = (0..report.totals.missing_in_file).map(Thing::Absent);
        let all: Vec<Thing> = rows.chain(absent).collect();
        let mistakes = mistakes.iter().map(String::as_str).collect();
        let mut piles = Self { report, compared, mistakes, things: Vec::new() };
        piles.things = all.into_iter().map(|thing| (thing, piles.pile(thing))).collect();
        piles
    }

    /// What lies on a pile, in the order of the notebook, and after it what the notebook lacks.
    pub(super) fn on(&self, pile: Pile) -> impl Iterator<Item = Thing> {
        self.things.iter().filter(move |(_, lies_on)| *lies_on == pile).map(|(thing, _)| *thing)
    }

    /// Where something lies.
    pub(super) fn pile(&self, thing: Thing) -> Pile {
        let pile = match thing {
            Thing::Absent(at) if self.is_corrected(self.exchange_of_absent(at)) => Pile::Waiting,
            Thing::Absent(_) => Pile::ToCorrect,
            Thing::Row(at) => match self.report.finding(at) {
                Finding::Matched => Pile::Agreed,
                Finding::Ignored => Pile::PassedOver,
                Finding::Waiting => Pile::Waiting,
                Finding::AmountDiffers | Finding::DateDiffers | Finding::DirectionDiffers => {
                    let exchange = self.exchange_of_row(at);
                    let is_asked = exchange.is_some_and(|exchange| self.is_corrected(exchange));
                    if is_asked { Pile::Waiting } else { Pile::ToCorrect }
                }
                Finding::Duplicate
                | Finding::MissingInLedger
                | Finding::AmbiguousPartner
                | Finding::Unreadable
                | Finding::Reversed
                | Finding::TotalDiffers => Pile::ToCorrect,
            },
        };
        let is_ours = pile == Pile::ToCorrect && self.mistakes.contains(self.name(thing).as_str());
        if is_ours { Pile::Ours } else { pile }
    }

    /// What something is called on the page and in its forms: a row by its place, an exchange by its number.
    pub(super) fn name(&self, thing: Thing) -> String {
        match thing {
            Thing::Row(at) => format!("l{at}"),
            Thing::Absent(at) => format!("x{}", self.exchange_of_absent(at)),
        }
    }

    /// What bears that name.
    pub(super) fn named(&self, name: &str) -> Option<Thing> {
        if let Some(at) = name.strip_prefix('l').and_then(|at| at.parse().ok()) {
            return (at < self.report.line_count()).then_some(Thing::Row(at));
        }
        let exchange: i64 = name.strip_prefix('x')?.parse().ok()?;
        let mut absent = 0..self.report.totals.missing_in_file;
        absent.find(|at| self.exchange_of_absent(*at) == exchange).map(Thing::Absent)
    }

    /// Puts it into words.
    pub(super) fn tell(&self, thing: Thing) -> Told {
        match thing {
            Thing::Row(at) => Told::Row(Box::new(self.report.line(at))),
            Thing::Absent(at) => Told::Absent(Box::new(self.report.missing_at(at))),
        }
    }

    /// The place of a row among the notebook's lines, where it is one.
    pub(super) fn line_of(&self, thing: Thing) -> Option<usize> {
        let Thing::Row(at) = thing else { return None };
        match self.compared.read.rows.get(at)?.meaning {
            RowMeaning::Said(place) => Some(place),
            RowMeaning::Unreadable(_) | RowMeaning::Disagrees(_) | RowMeaning::Ignored(_) => None,
        }
    }

    fn exchange_of_row(&self, at: usize) -> Option<i64> {
        let place = self.compared.result.lines.get(self.line_of(Thing::Row(at))?)?.exchange?;
        Some(self.compared.ours.accounts.exchanges[place as usize].exchange)
    }

    fn exchange_of_absent(&self, at: usize) -> i64 {
        let place = self.compared.result.missing_in_file[at];
        self.compared.ours.accounts.exchanges[place as usize].exchange
    }

    fn is_corrected(&self, exchange: i64) -> bool {
        self.compared.ours.corrections.contains(&exchange)
    }
}
