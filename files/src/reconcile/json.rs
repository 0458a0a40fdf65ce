//! A report as JSON.

use std::io::{self, Write};
use std::num::NonZero;
use std::ops::Range;
use std::thread::{self, ScopedJoinHandle};

use ledger::{
    Minutes,
    reconcile::{Certainty, Finding},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    report::{Missing, Report, ReportLine, Totals},
    words::direction,
};

/// The report in its fixed form, a line of the file for each line and for each missing exchange.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{{\n  \"association\": {},\n  \"year\": {},", json!(report.association), report.year)?;
    writeln!(out, "  \"file\": {},\n  \"lines\": [", json!(report.file))?;
    items(out, report.line_count(), |at, out| serde_json::to_writer(out, &LineJson::of(&report.line(at))))?;
    writeln!(out, "  ],\n  \"missing_in_file\": [")?;
    let missing = report.totals.missing_in_file;
    items(out, missing, |at, out| serde_json::to_writer(out, report.missing_reference(at)))?;
    writeln!(out, "  ],\n  \"missing_in_file_details\": [")?;
    items(out, missing, |at, out| serde_json::to_writer(out, &MissingJson::of(&report.missing_at(at))))?;
    let totals = totals_value(&report.totals);
    writeln!(out, "  ],\n  \"totals\": {totals},\n  \"questions\": {},", json!(report.questions))?;
    writeln!(out, "  \"notes\": {}\n}}", json!(report.notes))
}

/// The items of a list, one a line. What takes time in a long one is to put the sentences together: every core takes
/// its part of a block.
fn items(
    out: &mut dyn Write,
    count: usize,
    write: impl Fn(usize, &mut Vec<u8>) -> serde_json::Result<()> + Sync,
) -> io::Result<()> {
    const BLOCK: usize = 4_096;
    let part = &|places: Range<usize>| {
        let mut text = Vec::new();
        for at in places {
            text.extend_from_slice(if at == 0 { b"    " } else { b",\n    " });
            write(at, &mut text)?;
        }
        io::Result::Ok(text)
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    for first in (0..count).step_by(BLOCK * cores) {
        let parts = (first..count).step_by(BLOCK).take(cores).map(|first| first..count.min(first + BLOCK));
        let texts: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = parts.map(|places| scope.spawn(move || part(places))).collect();
            threads.into_iter().map(ScopedJoinHandle::join).collect()
        });
        for text in texts {
            out.write_all(&text.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?)?;
        }
    }
    if count == 0 { Ok(()) } else { writeln!(out) }
}

/// A line of the report as JSON.
#[derive(Serialize)]
struct LineJson<'a> {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    finding: &'static str,
    reference: Option<&'a str>,
    explanation: &'a str,
    /// Of all exchanges that the line adds up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    candidates: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_known_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger_minutes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger_date: Option<&'a str>,
}

impl<'a> LineJson<'a> {
    fn of(line: &'a ReportLine) -> Self {
        let others = &line.references;
        let all = line.reference.iter().chain(others).map(String::as_str);
        Self {
            line: line.line,
            sheet: line.sheet.as_deref(),
            finding: line.finding.as_str(),
            reference: line.reference.as_deref(),
            explanation: &line.explanation,
            references: if others.is_empty() { Vec::new() } else { all.collect() },
            candidates: &line.candidates,
            date: line.date.as_deref(),
            partner: line.partner.as_deref(),
            partner_known_by: line.certainty.map(Certainty::as_str),
            direction: line.side.map(direction),
            minutes: line.minutes.map(Minutes::get),
            ledger_minutes: line.ledger_minutes.map(Minutes::get),
            ledger_date: line.ledger_date.as_deref(),
        }
    }
}

/// An exchange that no line stands for, as JSON.
#[derive(Serialize)]
struct MissingJson<'a> {
    reference: &'a str,
    date: &'a str,
    partner: &'a str,
    direction: &'static str,
    minutes: i64,
    explanation: &'a str,
}

impl<'a> MissingJson<'a> {
    fn of(missing: &'a Missing) -> Self {
        Self {
            reference: &missing.reference,
            date: &missing.date,
            partner: &missing.partner,
            direction: direction(missing.side),
            minutes: missing.minutes.get(),
            explanation: &missing.explanation,
        }
    }
}

fn totals_value(totals: &Totals) -> Value {
    let mut object = Map::new();
    object.insert("lines".to_owned(), json!(totals.lines));
    for finding in Finding::ALL {
        object.insert(finding.as_str().to_owned(), json!(totals.count(*finding)));
    }
    object.insert("missing_in_file".to_owned(), json!(totals.missing_in_file));
    let sides = |[given, received]: [i64; 2]| json!({ "given_minutes": given, "received_minutes": received });
    object.insert("notebook".to_owned(), sides(totals.notebook));
    object.insert("ledger".to_owned(), sides(totals.ledger));
    Value::Object(object)
}
