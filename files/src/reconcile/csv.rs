//! A report as a table for spreadsheets.

use std::io::{self, Write};

use ledger::{Language, Minutes};

use super::{
    report::{Missing, Report},
    words::{direction, shown_date},
};
use crate::table::harmless;

/// The report as a table for spreadsheets, the missing exchanges after the lines.
pub fn write(report: &Report<'_>, language: Language, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record([
        "line",
        "finding",
        "reference",
        "date",
        "partner",
        "direction",
        "minutes",
        "ledger_minutes",
        "ledger_date",
        "explanation",
        "text",
    ])?;
    for question in report.questions {
        writer.write_record(["", "question", "", "", "", "", "", "", "", question, ""])?;
    }
    for line in report.lines() {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let minutes = |minutes: Option<Minutes>| minutes.map(|minutes| minutes.get().to_string()).unwrap_or_default();
        let references: Vec<_> = line.reference.iter().chain(&line.references).cloned().collect();
        let date = |date: &Option<String>| date.as_deref().map(|date| shown_date(date, language)).unwrap_or_default();
        let cells = [
            line.line.to_string(),
            line.finding.as_str().to_owned(),
            references.join(" + "),
            date(&line.date),
            text(&line.partner),
            line.side.map(direction).unwrap_or_default().to_owned(),
            minutes(line.minutes),
            minutes(line.ledger_minutes),
            date(&line.ledger_date),
            line.explanation.clone(),
            line.text.clone(),
        ]
        .map(|cell| harmless(&cell).into_owned());
        writer.write_record(cells)?;
    }
    for missing in report.missing() {
        let (date, minutes) = (shown_date(&missing.date, language), missing.minutes.get().to_string());
        let Missing { reference, partner, side, explanation, .. } = &missing;
        let side = direction(*side);
        let cells = ["", "missing_in_file", reference, "", partner, side, "", &minutes, &date, explanation, ""];
        writer.write_record(cells.map(|cell| harmless(cell).into_owned()))?;
    }
    writer.flush()
}
