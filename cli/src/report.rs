//! What people see: tables, bars, and lines that say how far long work has got.

use std::io::{BufWriter, IsTerminal, Write};

use ledger::Language;

use crate::screen::Screen;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table for the terminal: columns as wide as their widest cell.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    align: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        Self {
            header: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
            align: columns.iter().map(|(_, align)| *align).collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines = || std::iter::once(&self.header).chain(&self.rows);
        let width = |column: usize| {
            lines().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..self.header.len()).map(width).collect();
        for line in lines() {
            let cells = line.iter().zip(&self.align).zip(&widths).map(|((cell, align), width)| match align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
            });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// A bar of eighths of a character, `value` out of `most` over `width` characters.
pub(crate) fn bar(value: u64, most: u64, width: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = if most == 0 { 0 } else { (value.min(most) * width * 8).div_ceil(most) };
    let whole = usize::try_from(eighths / 8).unwrap_or_default();
    let rest = usize::try_from(eighths % 8).unwrap_or_default();
    format!("{}{}", "█".repeat(whole), EIGHTHS[rest])
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
            crate::screen::warn(format_args!("\r{} {done} / {all}   ", self.label));
        }
    }

    /// Clears the line.
    pub(crate) fn end(self) {
        if self.is_shown {
            crate::screen::warn(format_args!("\r{}\r", " ".repeat(self.label.chars().count() + 40)));
        }
    }
}

/// A count with its noun, in the singular or the plural.
pub(crate) fn count(number: usize, language: Language, french: (&str, &str), english: (&str, &str)) -> String {
    let noun = match (language, number) {
        (Language::French, 0 | 1) => french.0,
        (Language::French, _) => french.1,
        (Language::English, 1) => english.0,
        (Language::English, _) => english.1,
    };
    format!("{number} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_proportional() {
        assert_eq!(bar(0, 10, 10), "");
        assert_eq!(bar(5, 10, 10), "█████");
        assert_eq!(bar(10, 10, 10), "██████████");
        assert_eq!(bar(1, 16, 10), "▋");
        assert_eq!(bar(3, 0, 10), "");
    }
}
