//! Cuts a text into records and cells.

use std::borrow::Cow;

use csv::StringRecord;

use super::{cell::said, error::TableError};

/// One row, with exactly one cell for each column of the header.
#[derive(Debug)]
pub struct Row {
    /// The line of the file where the row starts, from 1, as a text editor shows it.
    pub line: u64,
    pub(super) cells: StringRecord,
}

/// No spreadsheet has more columns.
const MOST_CELLS: usize = 16_384;

/// Cuts a text into records, blank ones included.
pub(super) struct Records<'a> {
    pub(super) rest: &'a str,
    pub(super) line: u64,
    pub(super) separator: u8,
}

impl Row {
    /// A row that stands for a line, its cells those of other columns.
    pub(crate) fn new(line: u64, cells: StringRecord) -> Self {
        Self { line, cells }
    }

    /// The same row with a cell more.
    pub(crate) fn with(mut self, cell: &str) -> Self {
        self.cells.push_field(cell);
        self
    }

    /// The cell in a column, trimmed; empty where there is no such column.
    pub fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.cells.get(column)).unwrap_or_default().trim()
    }

    /// The cells as names of columns.
    pub(super) fn names(&self) -> Vec<String> {
        self.cells.iter().take(self.width()).map(|name| name.trim().to_owned()).collect()
    }

    /// How many cells hold something.
    pub(crate) fn count_filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
    }

    /// How many cells there are up to the last that is not blank.
    pub(super) fn width(&self) -> usize {
        (1..=self.cells.len()).rev().find(|&width| !self.cells[width - 1].trim().is_empty()).unwrap_or(0)
    }

    /// Gives the row as many cells as the header has. Blank cells beyond it are what spreadsheets leave behind.
    pub(super) fn fit(mut self, expected: usize) -> Self {
        self.cells.truncate(expected);
        while self.cells.len() < expected {
            self.cells.push_field("");
        }
        self
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let length = self.rest.find('\n').unwrap_or(self.rest.len());
        let mut row = Row { line: self.line, cells: StringRecord::with_capacity(length, 8) };
        loop {
            match self.cell() {
                Ok(_) if row.cells.len() == MOST_CELLS => {
                    self.rest = "";
                    return Some(Err(TableError::TooWide { line: row.line, most: MOST_CELLS }));
                }
                Ok(cell) => row.cells.push_field(&said(&cell)),
                Err(error) => {
                    self.rest = "";
                    return Some(Err(error));
                }
            }
            let Some(&end) = self.rest.as_bytes().first() else { break };
            self.rest = &self.rest[1..];
            if end == b'\n' {
                self.line += 1;
                break;
            }
        }
        Some(Ok(row))
    }
}

impl<'a> Records<'a> {
    /// Takes the next cell, and leaves what ended it.
    fn cell(&mut self) -> Result<Cow<'a, str>, TableError> {
        if let Some(cell) = self.quoted_cell()? {
            return Ok(cell);
        }
        let end = self.rest.bytes().position(|byte| byte == self.separator || byte == b'\n');
        let (cell, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Ok(Cow::Borrowed(cell.trim_end_matches('\r')))
    }

    /// Takes the next cell if it is in quotes. `"Les Amis" de la lecture` is not: those quotes belong to the name.
    /// A quote that opens on one line and does not end a cell on another was never meant to hold both.
    fn quoted_cell(&mut self) -> Result<Option<Cow<'a, str>>, TableError> {
        let opening = self.rest.trim_start_matches([' ', '\u{feff}']);
        // `="0123"`, as some programs write a text that no spreadsheet shall take for a number.
        let Some(inside) = opening.strip_prefix('=').unwrap_or(opening).strip_prefix('"') else {
            return Ok(None);
        };
        let mut from = 0;
        let (cell, after) = loop {
            let Some(quote) = inside[from..].find('"').map(|at| from + at) else {
                return Err(TableError::UnclosedQuote { line: self.line });
            };
            let after = &inside[quote + 1..];
            if !after.starts_with('"') {
                break (&inside[..quote], after.trim_start_matches([' ', '\r']));
            }
            from = quote + 2;
        };
        let lines: u64 = cell.bytes().map(|byte| u64::from(byte == b'\n')).sum();
        if after.bytes().next().is_none_or(|end| end == self.separator || end == b'\n') {
            self.line += lines;
            self.rest = after;
            return Ok(Some(if cell.contains('"') { cell.replace("\"\"", "\"").into() } else { cell.into() }));
        }
        if lines > 0 {
            return Err(TableError::UnclosedQuote { line: self.line });
        }
        Ok(None)
    }
}
