//! The forms that a report is given in.

use std::io::{self, Write};

use ledger::Language;

use super::{csv, json, page, report::Report, terminal};

/// How a report is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text, for a terminal.
    Text(terminal::Style),
    /// JSON, for programs.
    Json,
    /// A table, for spreadsheets.
    Csv,
    /// A page to print.
    Page,
}

impl Form {
    /// How a file of that form is called behind the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text(_) => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Page => "html",
        }
    }

    /// Writes a report.
    pub fn write(self, report: &Report<'_>, language: Language, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text(style) => terminal::write(report, style, language, out),
            Self::Json => json::write(report, out),
            Self::Csv => csv::write(report, language, out),
            Self::Page => out.write_all(page::html(report, language).as_bytes()),
        }
    }
}
