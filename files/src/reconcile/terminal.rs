//! A report in the terminal, as JSON, as CSV.

use std::io::{self, Write};
use std::num::NonZero;
use std::ops::Range;
use std::thread::{self, ScopedJoinHandle};

use ledger::{Language, Minutes, exchange::Side, reconcile::Finding};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::report::{Missing, Report, ReportLine, ToSettle, Totals, called, called_plural, shown_date, sign};
use crate::report::count;

/// How the table looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) is_coloured: bool,
    /// Whether lines that agree are shown, too.
    pub(super) is_complete: bool,
}

/// How wide a terminal is taken to be.
const WIDTH: usize = 96;
/// Where explanations begin.
const INDENT: usize = 8;

/// How many exchanges that the notebook lacks are shown one by one in a terminal.
const MOST_MISSING: usize = 500;

/// The report for a terminal: a line per finding and its sentence below, the signs telling what the colours do.
pub(super) fn table(report: &Report<'_>, style: Style, language: Language, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(heading(report, language).as_bytes())?;
    let mut block = |line: &ReportLine| out.write_all(line_block(line, style, language).as_bytes());
    if style.is_complete {
        report.lines().try_for_each(|line| block(&line))?;
    } else {
        report.open_lines().try_for_each(|line| block(&line))?;
    }
    for missing in report.missing().take(MOST_MISSING) {
        out.write_all(missing_block(&missing, style, language).as_bytes())?;
    }
    if let Some(more) = report.totals.missing_in_file.checked_sub(MOST_MISSING).filter(|more| *more > 0) {
        let more = language.pick(
            format!("−        et {more} autres ; --format csv les donne tous\n"),
            format!("−        and {more} more; --format csv gives them all\n"),
        );
        out.write_all(more.as_bytes())?;
    }
    if report.is_clean() {
        writeln!(out, "{}", language.pick("Tout concorde.", "Everything agrees."))
    } else {
        out.write_all(to_settle(report, language).as_bytes())
    }
}

fn heading(report: &Report<'_>, language: Language) -> String {
    let Report { association, year, file, totals, .. } = report;
    let mut text = language.pick(
        format!("{association}, {year} : carnet « {file} »\n"),
        format!("{association}, {year}: notebook “{file}”\n"),
    );
    text.push_str(&summary(totals, language));
    text.push('\n');
    let hours = |minutes: i64| Minutes::new(minutes).display(language).to_string();
    let [given, received] = totals.notebook.map(hours);
    let [ledger_given, ledger_received] = totals.ledger.map(hours);
    text.push_str(&language.pick(
        format!("Donné : {given} (registre : {ledger_given}). Reçu : {received} (registre : {ledger_received}).\n"),
        format!("Given: {given} (ledger: {ledger_given}). Received: {received} (ledger: {ledger_received}).\n"),
    ));
    for note in report.notes {
        text.push_str(&language.pick(format!("Note : {note}\n"), format!("Note: {note}\n")));
    }
    text.push('\n');
    text
}

/// "107 lignes : 92 concordent, 7 autre durée…".
pub(super) fn summary(totals: &Totals, language: Language) -> String {
    let matched = totals.count(Finding::Matched);
    let mut parts = vec![count(matched, language, ("concorde", "concordent"), ("agrees", "agree"))];
    for finding in Finding::ALL.iter().filter(|finding| !matches!(finding, Finding::Matched | Finding::Ignored)) {
        let count = totals.count(*finding);
        if count > 0 {
            let plural = if count > 1 { called_plural(*finding, language) } else { called(*finding, language) };
            parts.push(format!("{count} {plural}"));
        }
    }
    if totals.missing_in_file > 0 {
        let count = totals.missing_in_file;
        parts.push(language.pick(format!("{count} pas dans le carnet"), format!("{count} not in the notebook")));
    }
    let lines = count(totals.lines, language, ("ligne", "lignes"), ("line", "lines"));
    language.pick(format!("{lines} : {}", parts.join(", ")), format!("{lines}: {}", parts.join(", ")))
}

fn line_block(line: &ReportLine, style: Style, language: Language) -> String {
    let place = match &line.sheet {
        Some(sheet) => format!("{sheet}, {}", line.line),
        None => line.line.to_string(),
    };
    let reference = line.reference.as_deref().unwrap_or("");
    let head = format!("{} {:>5}  {:<16} {reference}", sign(line.finding), place, called(line.finding, language));
    let mut text = painted(head.trim_end(), colour(line.finding), style);
    text.push('\n');
    if line.finding != Finding::Matched {
        text.push_str(&wrapped(&line.text));
    }
    text.push_str(&wrapped(&line.explanation));
    text
}

fn missing_block(missing: &Missing, style: Style, language: Language) -> String {
    let word = language.pick("pas dans le carnet", "not in the notebook");
    let head = format!("− {:>5}  {word:<16} {}", "", missing.reference);
    format!("{}\n{}", painted(&head, "35", style), wrapped(&missing.explanation))
}

/// Whom to call, and about what.
fn to_settle(report: &Report<'_>, language: Language) -> String {
    let partners = report.to_settle();
    if partners.is_empty() {
        return String::new();
    }
    let mut text = language.pick("À voir avec :\n", "To settle with:\n").to_owned();
    for (partner, what) in partners {
        text.push_str(&format!("  {partner} : {}\n", listed(&what, language)));
    }
    text
}

/// The first things to settle with somebody, and how many more.
pub(super) fn listed(what: &ToSettle, language: Language) -> String {
    let mut listed = what.first.join(", ");
    let more = what.count - what.first.len();
    if more > 0 {
        listed.push_str(&language.pick(format!(" et {more} autres"), format!(" and {more} more")));
    }
    listed
}

fn colour(finding: Finding) -> &'static str {
    match finding {
        Finding::Matched => "32",
        Finding::AmountDiffers | Finding::DateDiffers | Finding::DirectionDiffers => "33",
        Finding::Duplicate | Finding::MissingInLedger => "36",
        Finding::AmbiguousPartner | Finding::Unreadable => "31",
        Finding::Ignored => "2",
    }
}

fn painted(text: &str, colour: &str, style: Style) -> String {
    if style.is_coloured { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// A sentence over as many lines as it needs, each indented.
fn wrapped(sentence: &str) -> String {
    let mut text = String::new();
    let mut width = WIDTH;
    // A quotation mark stays with what it quotes.
    let sentence = sentence.replace("« ", "«\u{a0}").replace(" »", "\u{a0}»").replace(" :", "\u{a0}:");
    for word in sentence.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if width + 1 + length > WIDTH {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&" ".repeat(INDENT));
            width = INDENT;
        } else {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
    }
    text.push('\n');
    text
}

/// The report in its fixed form, a line of the file for each line and for each missing exchange.
pub(super) fn json(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{{\n  \"association\": {},\n  \"year\": {},", json!(report.association), report.year)?;
    writeln!(out, "  \"file\": {},\n  \"lines\": [", json!(report.file))?;
    items(out, report.line_count(), |at, out| serde_json::to_writer(out, &LineJson::of(&report.line(at))))?;
    writeln!(out, "  ],\n  \"missing_in_file\": [")?;
    let missing = report.totals.missing_in_file;
    items(out, missing, |at, out| serde_json::to_writer(out, report.missing_reference(at)))?;
    writeln!(out, "  ],\n  \"missing_in_file_details\": [")?;
    items(out, missing, |at, out| serde_json::to_writer(out, &MissingJson::of(&report.missing_at(at))))?;
    let totals = totals_value(&report.totals);
    writeln!(out, "  ],\n  \"totals\": {totals},\n  \"notes\": {}\n}}", json!(report.notes))
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
            partner_known_by: line.certainty.map(ledger::reconcile::Certainty::as_str),
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

const fn direction(side: Side) -> &'static str {
    match side {
        Side::Giver => "given",
        Side::Receiver => "received",
    }
}

/// The report as a table for spreadsheets, the missing exchanges after the lines.
pub(super) fn csv(report: &Report<'_>, language: Language, out: &mut dyn Write) -> io::Result<()> {
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
    for line in report.lines() {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let minutes = |minutes: Option<Minutes>| minutes.map(|minutes| minutes.get().to_string()).unwrap_or_default();
        let references: Vec<_> = line.reference.iter().chain(&line.references).cloned().collect();
        let date = |date: &Option<String>| date.as_deref().map(|date| shown_date(date, language)).unwrap_or_default();
        writer.write_record([
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
        ])?;
    }
    for missing in report.missing() {
        let (date, minutes) = (shown_date(&missing.date, language), missing.minutes.get().to_string());
        let Missing { reference, partner, side, explanation, .. } = &missing;
        let side = direction(*side);
        writer.write_record([
            "",
            "missing_in_file",
            reference,
            "",
            partner,
            side,
            "",
            &minutes,
            &date,
            explanation,
            "",
        ])?;
    }
    writer.flush()
}
