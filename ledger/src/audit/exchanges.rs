//! What the acts say that tables `exchange` and `exchange_step` should hold.

use std::num::NonZeroI64;

use chrono::NaiveDate;

use super::{
    findings::{Check, Findings},
    rows::ExchangeRow,
};
use crate::{
    exchange::{ExchangeState, Side},
    state::reference_of,
};

/// The exchanges as the acts have them. Rows come in the order of their numbers.
#[derive(Debug)]
pub struct ExpectedExchanges {
    findings: Findings,
    /// By number.
    exchanges: Vec<ExpectedExchange>,
    /// How many of them have been looked at.
    seen: usize,
    /// Exchange and act of the steps that the exchange's own row does not name, in order.
    steps: Vec<(i64, i64)>,
    /// How many of them have been looked at.
    steps_seen: usize,
}

/// There may be millions, so each is kept small: no act, skill or exchange that is named has the number 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExpectedExchange {
    pub(super) number: i64,
    pub(super) giver: i64,
    pub(super) receiver: i64,
    pub(super) minutes: i64,
    pub(super) date: NaiveDate,
    pub(super) skill: Option<NonZeroI64>,
    pub(super) state: ExchangeState,
    pub(super) spoken_by: Side,
    pub(super) spoken_in: i64,
    pub(super) posted_in: Option<NonZeroI64>,
    pub(super) replaces: Option<NonZeroI64>,
    /// The year of the reference that the ledger gave, or 0, and its number.
    pub(super) reference_year: i16,
    pub(super) reference_number: i64,
}

impl ExpectedExchanges {
    pub(super) fn new(exchanges: Vec<ExpectedExchange>, mut steps: Vec<(i64, i64)>) -> Self {
        steps.sort_unstable();
        Self { findings: Findings::default(), exchanges, seen: 0, steps, steps_seen: 0 }
    }

    /// How many exchanges the acts know.
    pub const fn count(&self) -> usize {
        self.exchanges.len()
    }

    /// The number of every so manieth exchange.
    pub fn ends(&self, every: usize) -> Vec<i64> {
        self.exchanges.iter().skip(every.saturating_sub(1)).step_by(every).map(|exchange| exchange.number).collect()
    }

    /// Exchange and act of every so manieth step.
    pub fn step_ends(&self, every: usize) -> Vec<(i64, i64)> {
        self.steps.iter().skip(every.saturating_sub(1)).step_by(every).copied().collect()
    }

    /// Holds an exchange's row against the acts.
    pub fn exchange(&mut self, row: &ExchangeRow<'_>) {
        self.findings.checked(Check::Exchanges, 1);
        self.miss(|number| number < row.exchange);
        let place = || format!("exchange {}", row.exchange);
        let expected = self.exchanges.get(self.seen).filter(|expected| expected.number == row.exchange);
        let Some(expected) = expected else {
            self.findings.problem(Check::Exchanges, place(), Some(row.state.to_owned()), None);
            return;
        };
        self.seen = self.seen.saturating_add(1);
        let reference = match expected.reference_year {
            0 => String::new(),
            year => reference_of(year.into(), expected.reference_number),
        };
        let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let is_same = row.giver == expected.giver
            && row.receiver == expected.receiver
            && row.minutes == expected.minutes
            && row.service_date == expected.date
            && row.skill == expected.skill.map(NonZeroI64::get)
            && row.state == expected.state.as_str()
            && row.spoken_by == expected.spoken_by.as_str()
            && row.spoken_in == expected.spoken_in
            && row.posted_in == expected.posted_in.map(NonZeroI64::get)
            && row.replaces == expected.replaces.map(NonZeroI64::get)
            && row.given_reference == reference;
        if !is_same {
            let columns = [
                ("giver", row.giver.to_string(), expected.giver.to_string()),
                ("receiver", row.receiver.to_string(), expected.receiver.to_string()),
                ("minutes", row.minutes.to_string(), expected.minutes.to_string()),
                ("service_date", row.service_date.to_string(), expected.date.to_string()),
                ("skill", number(row.skill), number(expected.skill.map(NonZeroI64::get))),
                ("state", row.state.to_owned(), expected.state.to_string()),
                ("spoken_by", row.spoken_by.to_owned(), expected.spoken_by.to_string()),
                ("spoken_in", row.spoken_in.to_string(), expected.spoken_in.to_string()),
                ("posted_in", number(row.posted_in), number(expected.posted_in.map(NonZeroI64::get))),
                ("replaces", number(row.replaces), number(expected.replaces.map(NonZeroI64::get))),
                ("given_reference", row.given_reference.to_owned(), reference),
            ];
            self.findings.expect_columns(Check::Exchanges, &place(), &columns);
        }
    }

    /// Holds the row of a step, its exchange and its act, against the acts.
    pub fn step(&mut self, row: (i64, i64)) {
        self.findings.checked(Check::Exchanges, 1);
        self.miss_steps(|step| step < row);
        if self.steps.get(self.steps_seen) == Some(&row) {
            self.steps_seen = self.steps_seen.saturating_add(1);
        } else {
            self.findings.problem(Check::Exchanges, step_row(row), Some("a row".to_owned()), None);
        }
    }

    /// Names what was missing, and ends the looking.
    pub fn finish(mut self) -> Findings {
        self.miss(|_| true);
        self.miss_steps(|_| true);
        self.findings
    }

    /// Names the steps that should have come by now.
    fn miss_steps(&mut self, should_have_come: impl Fn((i64, i64)) -> bool) {
        while let Some(missing) = self.steps.get(self.steps_seen).copied().filter(|next| should_have_come(*next)) {
            self.findings.problem(Check::Exchanges, step_row(missing), None, None);
            self.steps_seen = self.steps_seen.saturating_add(1);
        }
    }

    /// Names the exchanges that should have come by now.
    fn miss(&mut self, should_have_come: impl Fn(i64) -> bool) {
        while let Some(missing) = self.exchanges.get(self.seen).filter(|next| should_have_come(next.number)) {
            let row = format!("exchange {}", missing.number);
            self.findings.problem(Check::Exchanges, row, None, Some(missing.state.to_string()));
            self.seen = self.seen.saturating_add(1);
        }
    }
}

fn step_row((exchange, act): (i64, i64)) -> String {
    format!("exchange_step {exchange} {act}")
}
