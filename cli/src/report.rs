//! What people see: tables, bars, JSON, and lines that say how far long work has got.

use std::io::{BufWriter, IsTerminal, Write};

use chrono::NaiveDate;
use ledger::Language;

pub(crate) use files::text::{Align, Table, bar, count, more};

use crate::screen::Screen;

/// A day as it is written: `30/06/2025` in French, `2025-06-30` in English.
pub(crate) fn day(day: NaiveDate, language: Language) -> String {
    language.pick(day.format("%d/%m/%Y"), day.format("%Y-%m-%d")).to_string()
}

/// Prints JSON, indented, with a line end.
pub(crate) fn print_json(value: &serde_json::Value) -> std::io::Result<()> {
    let mut out = BufWriter::new(Screen);
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    out.flush()
}

/// Says on a terminal how far long work has got; says nothing where nobody looks.
#[derive(Debug)]
pub(crate) struct Progress {
    label: String,
    is_shown: bool,
}

impl Progress {
    pub(crate) fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), is_shown: std::io::stderr().is_terminal() }
    }

    /// So many of so many are done.
    pub(crate) fn at(&self, done: usize, all: usize) {
        if self.is_shown {
            crate::screen::warn_over(&format!("{} {done} / {all}   ", self.label));
        }
    }

    /// Clears the line.
    pub(crate) fn end(self) {
        if self.is_shown {
            crate::screen::warn_over(&" ".repeat(self.label.chars().count() + 40));
            crate::screen::warn_over("");
        }
    }
}
