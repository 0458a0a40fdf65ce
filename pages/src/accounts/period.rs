//! The days that are meant: a year, or from one day to another.

use chrono::{Datelike as _, NaiveDate};
use files::date;
use ledger::{AssociationNumber, year::Year};
use service::{App, accounts, caller::Caller, problem::Problem};

use crate::{
    form::{Filled, Misfits, as_sentence},
    frame::Frame,
};

/// So many years are offered.
const YEARS_MOST: usize = 8;

/// A year that can be chosen with one tap.
#[derive(Debug)]
pub(super) struct Offered {
    pub(super) year: i32,
    pub(super) address: String,
    pub(super) is_current: bool,
}

/// The days that are meant.
#[derive(Debug)]
pub(super) struct Period {
    /// The first and the last; none where what was typed does not fit.
    pub(super) days: Option<(NaiveDate, NaiveDate)>,
    /// What stands in the fields.
    pub(super) from: String,
    pub(super) to: String,
    /// The years in which there is something to tell.
    pub(super) years: Vec<Offered>,
}

impl Period {
    /// What the address asks for; else the last year that has ended, where there is something to tell of it.
    ///
    /// `page` is the address of the page; what else was chosen on it stays chosen where another year is.
    pub(super) async fn read(
        app: &App,
        caller: &Caller,
        own: AssociationNumber,
        (frame, page): (&Frame, &str),
        filled: &Filled,
        misfits: &mut Misfits,
    ) -> Result<Self, Problem> {
        let known = accounts::years(app, caller, own, YEARS_MOST).await?;
        let days = match (filled.said("from"), filled.said("to")) {
            (None, None) => {
                let typed = filled.said("year").and_then(|year| year.parse().ok()).map(Year);
                let last = Year(frame.today.year() - 1);
                let usual =
                    if known.contains(&last) { last } else { known.first().copied().unwrap_or(Year::of(frame.today)) };
                typed.and_then(Year::days).or_else(|| usual.days())
            }
            _ => between(frame, filled, misfits),
        };
        let year = days.filter(|days| Year::of(days.0).days() == Some(*days)).map(|(first, _)| Year::of(first));
        let offered = |other: &Year| Offered {
            year: other.0,
            address: frame.under(&format!("{page}?{}", rest(filled, *other))),
            is_current: Some(*other) == year,
        };
        let shown = |typed: &str, day: Option<NaiveDate>| day.map_or_else(|| typed.to_owned(), |day| day.to_string());
        Ok(Self {
            from: shown(filled.get("from"), days.map(|(first, _)| first)),
            to: shown(filled.get("to"), days.map(|(_, last)| last)),
            years: known.iter().map(offered).collect(),
            days,
        })
    }

    /// The calendar year that these days are.
    pub(super) fn year(&self) -> Option<Year> {
        self.days.filter(|days| Year::of(days.0).days() == Some(*days)).map(|(first, _)| Year::of(first))
    }
}

/// From one day to another, as both were typed.
fn between(frame: &Frame, filled: &Filled, misfits: &mut Misfits) -> Option<(NaiveDate, NaiveDate)> {
    let mut day = |field: &str| match date::parse(filled.get(field)) {
        Ok(day) => Some(day),
        Err(error) => {
            misfits.add(field, as_sentence(&error.in_words(frame.language())));
            None
        }
    };
    let (first, last) = (day("from"), day("to"));
    let days = first.zip(last)?;
    if days.0 > days.1 {
        misfits.add("to", frame.t("accounts-to-before-from"));
        return None;
    }
    Some(days)
}

/// What was chosen beside the days, and another year.
fn rest(filled: &Filled, year: Year) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let others = filled.beginning_with("").filter(|(name, _)| !["from", "to", "year"].contains(name));
    query.append_pair("year", &year.to_string()).extend_pairs(others).finish()
}
