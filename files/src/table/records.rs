//! Cuts a text into records and cells.

use std::borrow::Cow;

use super::{cell::said, error::TableError};

/// The cells of a row: their texts one after the other, and where each ends. A million rows stand in memory at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at a place, if there is one.
    pub(crate) fn get(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or_default());
        self.text.get(start..*self.ends.get(at)?)
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// Gives it that many cells, and lets go of the room for more.
    fn fit(&mut self, expected: usize) {
        self.ends.truncate(expected);
        self.text.truncate(self.ends.last().copied().unwrap_or_default());
        self.ends.resize(expected, self.text.len());
        self.ends.shrink_to_fit();
        self.text.shrink_to_fit();
    }
}

impl<S: AsRef<str>> FromIterator<S> for Cells {
    fn from_iter<I: IntoIterator<Item = S>>(cells: I) -> Self {
        let mut all = Self::default();
        cells.into_iter().for_each(|cell| all.push(cell.as_ref()));
        all
    }
}

/// One row, with exactly one cell for each column of the header.
#[derive(Debug)]
pub struct Row {
    /// The line of the file where the row starts, from 1, as a text editor shows it.
    pub line: u64,
    pub(super) cells: Cells,
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
    pub(crate) fn new(line: u64, cells: Cells) -> Self {
        Self { line, cells }
    }

    /// The same row with a cell more.
    pub(crate) fn with(mut self, cell: &str) -> Self {
        self.cells.push(cell);
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
        let is_filled = |width: &usize| self.cells.get(width - 1).is_some_and(|cell| !cell.trim().is_empty());
        (1..=self.cells.len()).rev().find(is_filled).unwrap_or(0)
    }

    /// Gives the row as many cells as the header has. Blank cells beyond it are what spreadsheets leave behind.
    pub(super) fn fit(mut self, expected: usize) -> Self {
        self.cells.fit(expected);
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
        let cells = Cells { text: String::with_capacity(length), ends: Vec::with_capacity(8) };
        let mut row = Row { line: self.line, cells };
        loop {
            match self.cell() {
                Ok(_) if row.cells.len() == MOST_CELLS => {
                    self.rest = "";
                    return Some(Err(TableError::TooWide { line: row.line, most: MOST_CELLS }));
                }
                Ok(cell) => row.cells.push(&said(&cell)),
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
