//! The rates that hours are valued at: none, one, the legal minimum wage, or a file.

use std::path::Path;

use chrono::NaiveDate;
use ledger::{
    Language,
    valuation::{Rate, Rates},
};
use rust_decimal::Decimal;

use crate::{
    column::{self, Column},
    date,
    error::FileError,
    table::Table,
};

/// Gross hourly SMIC in metropolitan France, from its first day. Lower in Mayotte, which takes a file of rates.
/// In cents.
const SMIC: [(&str, i64); 2] = [("2024-11-01", 1188), ("2026-01-01", 1202)];

const COLUMNS: &[Column] = &[
    Column { field: "since", names: &["depuis", "à partir du", "date", "du", "from"], required: true },
    Column { field: "territory", names: &["territoire", "département", "code", "insee"], required: false },
    Column {
        field: "rate",
        names: &["taux", "taux horaire", "euros", "euros par heure", "hourly", "hourly rate"],
        required: true,
    },
    Column { field: "method", names: &["méthode", "libellé", "label"], required: false },
];

/// Why a rate is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RateError {
    /// A text that is no number.
    NoNumber {
        /// That text.
        found: String,
    },
    /// A rate of zero, or below.
    NotPositive(Decimal),
}

impl RateError {
    /// What was found and what would fit.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::NoNumber { found } => language.pick(
                format!("« {found} » n'est pas un nombre ; 12,02 conviendrait"),
                format!("“{found}” is no number; 12.02 would fit"),
            ),
            Self::NotPositive(rate) => language.pick(
                format!("un taux de {rate} € ? Il en faut un positif"),
                format!("a rate of {rate} €? It takes a positive one"),
            ),
        }
    }
}

/// The legal minimum wage, so many times.
pub fn minimum_wage(times: Decimal) -> Rates {
    Rates::new(SMIC.iter().filter_map(|(since, cents)| legal(since, *cents, times)).collect())
}

/// The legal minimum wage on a day, as far as it is known here.
pub fn minimum_wage_on(day: NaiveDate) -> Option<Rate> {
    minimum_wage(Decimal::ONE).find(day, "").cloned()
}

/// One rate for all that was done, and how it was found.
pub fn one(hourly: Decimal, method: String) -> Result<Rates, RateError> {
    let hourly = positive(hourly)?;
    Ok(Rates::new(vec![Rate { since: NaiveDate::MIN, territory: String::new(), hourly, method }]))
}

/// The dated rates of a file.
pub fn of_file(path: &Path) -> Result<Rates, FileError> {
    let wrong = |words: &dyn Fn(Language) -> String| FileError::about(path, words);
    let (_, table) = Table::read(path).map_err(|error| wrong(&|language| error.in_words(language)))?;
    if let Some(row) = table.ragged.first() {
        let line = row.line;
        return Err(wrong(&|language| {
            let why = table.why_ragged(row, language);
            language.pick(format!("ligne {line} : {why}"), format!("line {line}: {why}"))
        }));
    }
    let columns =
        column::match_header(&table.header, COLUMNS).map_err(|error| wrong(&|language| error.in_words(language)))?;
    let mut rates = Vec::new();
    for row in &table.rows {
        let line = row.line;
        let place = |language: Language| language.pick(format!("ligne {line} : "), format!("line {line}: "));
        let since = date::parse(row.cell(columns.get("since")))
            .map_err(|error| wrong(&|language| place(language) + &error.in_words(language)))?;
        let rate = decimal(row.cell(columns.get("rate"))).and_then(positive);
        rates.push(Rate {
            since,
            territory: row.cell(columns.get("territory")).to_owned(),
            hourly: rate.map_err(|error| wrong(&|language| place(language) + &error.in_words(language)))?,
            method: row.cell(columns.get("method")).to_owned(),
        });
    }
    Ok(Rates::new(rates))
}

/// Reads a number as people write it: with a comma or a point, with or without the sign of the euro.
pub fn decimal(text: &str) -> Result<Decimal, RateError> {
    let plain = text.trim().trim_end_matches('€').trim().replace(',', ".");
    plain.parse().map_err(|_| RateError::NoNumber { found: text.to_owned() })
}

fn positive(rate: Decimal) -> Result<Decimal, RateError> {
    if rate > Decimal::ZERO { Ok(rate) } else { Err(RateError::NotPositive(rate)) }
}

fn legal(since: &str, cents: i64, factor: Decimal) -> Option<Rate> {
    let times = if factor == Decimal::ONE { String::new() } else { format!(" × {factor}") };
    Some(Rate {
        since: since.parse().ok()?,
        territory: String::new(),
        hourly: Decimal::new(cents, 2).checked_mul(factor)?,
        method: format!("SMIC horaire brut{times}"),
    })
}
