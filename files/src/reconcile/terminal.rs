//! A report as text, for a terminal or a file: a line per finding, a sentence below.

use std::io::{self, Write};

use ledger::{Language, Minutes, printable::shown, reconcile::Finding};

use super::{
    report::{Missing, Report, ReportLine},
    words::{called, listed, sign, summary},
};

/// How the table looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether a terminal's colours say it, too.
    pub is_coloured: bool,
    /// Whether lines that agree are shown, too.
    pub is_complete: bool,
}

/// How wide a terminal is taken to be.
const WIDTH: usize = 96;
/// Where explanations begin.
const INDENT: usize = 8;

/// How many exchanges that the notebook lacks are shown one by one in a terminal.
const MOST_MISSING: usize = 500;

/// The report for a terminal: a line per finding and its sentence below, the signs telling what the colours do. Nothing
/// of what others wrote steers it.
pub fn write(report: &Report<'_>, style: Style, language: Language, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(shown(&heading(report, language)).as_bytes())?;
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
        let more = crate::text::more(more, language);
        let more = language.pick(
            format!("−        et {more} ; --format csv les donne tous\n"),
            format!("−        and {more}; --format csv gives them all\n"),
        );
        out.write_all(more.as_bytes())?;
    }
    if report.is_clean() {
        writeln!(out, "{}", language.pick("Tout concorde.", "Everything agrees."))
    } else {
        out.write_all(shown(&to_settle(report, language)).as_bytes())
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
    for question in report.questions {
        text.push_str(&language.pick(format!("Question : {question}\n"), format!("Question: {question}\n")));
    }
    text.push('\n');
    text
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

fn colour(finding: Finding) -> &'static str {
    match finding {
        Finding::Matched => "32",
        Finding::AmountDiffers | Finding::DateDiffers | Finding::DirectionDiffers | Finding::TotalDiffers => "33",
        Finding::Duplicate | Finding::MissingInLedger | Finding::Waiting | Finding::Reversed => "36",
        Finding::AmbiguousPartner | Finding::Unreadable => "31",
        Finding::Ignored => "2",
    }
}

fn painted(text: &str, colour: &str, style: Style) -> String {
    let text = shown(text);
    if style.is_coloured { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text }
}

/// A sentence over as many lines as it needs, each indented.
fn wrapped(sentence: &str) -> String {
    let mut text = String::new();
    let mut width = WIDTH;
    // A quotation mark stays with what it quotes.
    let sentence = shown(sentence).replace("« ", "«\u{a0}").replace(" »", "\u{a0}»").replace(" :", "\u{a0}:");
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
