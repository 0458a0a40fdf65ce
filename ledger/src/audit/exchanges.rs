//! What the acts say that tables `exchange` and `exchange_step` should hold.

use std::num::NonZeroI64;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    findings::{Check, Disagreement, Findings},
    rows::ExchangeRow,
    said::{Column, Members, Said},
};
use crate::{
    Language,
    exchange::{ExchangeState, Side},
    state::reference_of,
};

/// The exchanges as the acts have them. Rows come in the order of their numbers.
#[derive(Debug)]
pub struct ExpectedExchanges {
    findings: Findings,
    members: Arc<Members>,
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
    pub(super) fn new(exchanges: Vec<ExpectedExchange>, mut steps: Vec<(i64, i64)>, members: Arc<Members>) -> Self {
        steps.sort_unstable();
        Self { findings: Findings::default(), members, exchanges, seen: 0, steps, steps_seen: 0 }
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
            let expected = *expected;
            self.name_columns(row, &expected, reference);
        }
    }

    fn name_columns(&mut self, row: &ExchangeRow<'_>, expected: &ExpectedExchange, reference: String) {
        let text = |text: &str| Said::from(text.to_owned());
        let number = |number: Option<i64>| Said::from(number.map_or("-".to_owned(), |number| number.to_string()));
        let nonzero = |it: Option<NonZeroI64>| number(it.map(NonZeroI64::get));
        let state = |state: &str| {
            ExchangeState::try_from(state).map_or_else(
                |_| text(state),
                |state| Said::new(state.in_words(Language::French), state.in_words(Language::English)),
            )
        };
        let member = |number: i64| Said::from(self.members.name(number));
        let columns = [
            (Column::Giver, member(row.giver), member(expected.giver)),
            (Column::Receiver, member(row.receiver), member(expected.receiver)),
            (Column::Minutes, Said::minutes(row.minutes), Said::minutes(expected.minutes)),
            (Column::ServiceDate, Said::from(row.service_date.to_string()), Said::from(expected.date.to_string())),
            (Column::Skill, number(row.skill), nonzero(expected.skill)),
            (Column::State, state(row.state), state(expected.state.as_str())),
            (Column::SpokenBy, text(row.spoken_by), text(expected.spoken_by.as_str())),
            (Column::SpokenIn, number(Some(row.spoken_in)), number(Some(expected.spoken_in))),
            (Column::PostedIn, number(row.posted_in), nonzero(expected.posted_in)),
            (Column::Replaces, number(row.replaces), nonzero(expected.replaces)),
            (Column::Reference, text(row.given_reference), Said::from(reference)),
        ];
        let place = self.place(expected);
        self.findings.expect_columns(Check::Exchanges, &place, Some(expected.number), &columns);
    }

    /// The exchange as people know it: who helped whom.
    fn place(&self, exchange: &ExpectedExchange) -> Said {
        let (number, giver, receiver) =
            (exchange.number, self.members.name(exchange.giver), self.members.name(exchange.receiver));
        Said::new(
            format!("exchange {number} ({giver} a aidé {receiver})"),
            format!("exchange {number} ({giver} helped {receiver})"),
        )
    }

    /// Holds the row of a step, its exchange and its act, against the acts.
    pub fn step(&mut self, row: (i64, i64)) {
        self.findings.checked(Check::Exchanges, 1);
        self.miss_steps(|step| step < row);
        if self.steps.get(self.steps_seen) == Some(&row) {
            self.steps_seen = self.steps_seen.saturating_add(1);
        } else {
            self.findings.told(Check::Exchanges, step_row(row), Some(Said::new("une ligne", "a row")), None);
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
        while let Some(missing) = self.exchanges.get(self.seen).copied().filter(|next| should_have_come(next.number)) {
            let expected = Said::minutes(missing.minutes);
            let told = Disagreement::new(self.place(&missing), None, Some(expected));
            self.findings.disagrees(Check::Exchanges, Disagreement { exchange: Some(missing.number), ..told });
            self.seen = self.seen.saturating_add(1);
        }
    }
}

fn step_row((exchange, act): (i64, i64)) -> String {
    format!("exchange_step {exchange} {act}")
}
