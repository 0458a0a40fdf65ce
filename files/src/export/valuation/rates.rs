//! The rates that hours are valued at: none, one, the legal minimum wage, or a file.

use std::path::Path;

use chrono::NaiveDate;
use clap::ArgMatches;
use ledger::{
    Language,
    valuation::{Rate, Rates},
};
use rust_decimal::Decimal;

use crate::{
    failure::Failure,
    input::{
        column::{self, Column},
        date,
        table::Table,
    },
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

/// The rates that the command line names; none for hours alone.
pub(super) fn of(args: &ArgMatches) -> Result<Rates, Failure> {
    let factor = args.get_one::<String>("smic").map(|factor| decimal(factor, "--smic")).transpose()?;
    if let Some(factor) = factor {
        return Ok(Rates::new(SMIC.iter().filter_map(|(since, cents)| legal(since, *cents, factor)).collect()));
    }
    if let Some(rate) = args.get_one::<String>("rate") {
        let method = args.get_one::<String>("method").cloned().unwrap_or_default();
        let rate = Rate {
            since: NaiveDate::MIN,
            territory: String::new(),
            hourly: positive(decimal(rate, "--rate")?)?,
            method,
        };
        return Ok(Rates::new(vec![rate]));
    }
    match args.get_one::<String>("rates") {
        Some(path) => file(Path::new(path)),
        None => Ok(Rates::default()),
    }
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

fn file(path: &Path) -> Result<Rates, Failure> {
    let name = path.display().to_string();
    let wrong = |words: &dyn Fn(Language) -> String| {
        Failure::said(format!("{name} : {}", words(Language::French)), format!("{name}: {}", words(Language::English)))
    };
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
        let rate = decimal(row.cell(columns.get("rate")), &format!("{name}, {line}"))?;
        rates.push(Rate {
            since,
            territory: row.cell(columns.get("territory")).to_owned(),
            hourly: positive(rate)?,
            method: row.cell(columns.get("method")).to_owned(),
        });
    }
    Ok(Rates::new(rates))
}

fn decimal(text: &str, place: &str) -> Result<Decimal, Failure> {
    let plain = text.trim().trim_end_matches('€').trim().replace(',', ".");
    plain.parse().map_err(|_| {
        Failure::said(
            format!("{place} : « {text} » n'est pas un nombre ; 12,02 conviendrait"),
            format!("{place}: “{text}” is no number; 12.02 would fit"),
        )
    })
}

fn positive(rate: Decimal) -> Result<Decimal, Failure> {
    if rate > Decimal::ZERO {
        return Ok(rate);
    }
    Err(Failure::said(
        format!("un taux de {rate} € ? Il en faut un positif"),
        format!("a rate of {rate} €? It takes a positive one"),
    ))
}
