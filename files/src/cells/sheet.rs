//! A sheet, row by row, and how much of it there may be.

use serde::{Deserialize, Serialize};

use super::{cell::Cell, error::CellsError};
use crate::table::Encoding;

/// A row, its cells from the first column on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line of the file, or the row of the sheet, from 1.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A sheet of a workbook, or a whole text file.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name; a text file has none.
    pub name: Option<String>,
    /// Its rows, blank ones too.
    pub rows: Vec<Row>,
    /// Cells that reach over several rows, by column and first row.
    pub(super) merged: Vec<Merged>,
    /// How it was encoded, if it was a text.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// What stands between two cells, if it was a text.
    #[serde(default)]
    pub separator: Option<u8>,
    /// Whether days are counted from 1904 on, as Excel for Mac did.
    pub is_1904: bool,
    /// Whether nobody sees it who opens the workbook.
    pub is_hidden: bool,
}

/// A cell that reaches over several rows of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Merged {
    /// Its column, from 0.
    pub(super) column: usize,
    /// Its first row, from 1, where its value stands.
    pub(super) first: u64,
    /// Its last.
    pub(super) last: u64,
}

/// So many columns has a sheet at most, in whichever program: to XFD.
const MOST_COLUMNS: usize = 16_384;

/// How much a file may still come to, all its sheets together.
#[derive(Debug)]
pub(super) struct Room {
    cells: usize,
    text: usize,
}

impl Default for Room {
    fn default() -> Self {
        const MOST_CELLS: usize = 4_000_000;
        const MOST_TEXT: usize = 64 << 20;
        Self { cells: MOST_CELLS, text: MOST_TEXT }
    }
}

impl Room {
    /// Room for so many cells; a row takes one for itself.
    pub(super) fn take_cells(&mut self, count: usize) -> Result<(), CellsError> {
        self.cells = self.cells.checked_sub(count).ok_or(CellsError::Swollen)?;
        Ok(())
    }

    fn take_text(&mut self, bytes: usize) -> Result<(), CellsError> {
        self.text = self.text.checked_sub(bytes).ok_or(CellsError::Swollen)?;
        Ok(())
    }
}

impl Sheet {
    /// Keeps what merged cells cover, in their first column.
    pub(super) fn merge(&mut self, mut merged: Vec<Merged>, room: &mut Room) -> Result<(), CellsError> {
        room.take_cells(merged.len())?;
        merged.retain(|merged| merged.column < MOST_COLUMNS);
        merged.sort_unstable();
        self.merged = merged;
        Ok(())
    }

    /// Puts a cell where it belongs, its row and column counted from 0; cells come row by row.
    pub(super) fn put(&mut self, (row, column): (u32, u32), cell: Cell, room: &mut Room) -> Result<(), CellsError> {
        if cell.is_empty() {
            return Ok(());
        }
        let column = usize::try_from(column).ok().filter(|column| *column < MOST_COLUMNS).ok_or(CellsError::Swollen)?;
        room.take_text(cell.text().len())?;
        let number = u64::from(row) + 1;
        if self.rows.last().is_none_or(|last| last.number < number) {
            // Blank rows count: they are reported as such, a long stretch of them as its first rows.
            const MOST_BLANK: usize = 1000;
            let next = self.rows.last().map_or(1, |last| last.number + 1);
            let blank = (next..number).take(MOST_BLANK).map(|number| Row { number, cells: vec![] });
            let before = self.rows.len();
            self.rows.extend(blank);
            self.rows.push(Row { number, cells: vec![] });
            room.take_cells(self.rows.len() - before)?;
        }
        // Damaged workbooks tell an earlier row after a later one.
        let place = self.rows.binary_search_by_key(&number, |row| row.number).unwrap_or_else(|place| {
            self.rows.insert(place, Row { number, cells: vec![] });
            place
        });
        let cells = &mut self.rows[place].cells;
        if cells.len() <= column {
            room.take_cells(column + 1 - cells.len())?;
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
        Ok(())
    }

    /// As far as merged cells reach: the number of columns.
    pub(crate) fn width_of_merged(&self) -> usize {
        self.merged.last().map_or(0, |last| last.column + 1)
    }

    /// The cell in a column of a row; where a merged cell covers it, that one.
    pub fn cell_or_merged<'s>(&'s self, row: &'s Row, column: usize) -> &'s Cell {
        let own = row.cells.get(column).unwrap_or(&Cell::Empty);
        if !own.is_empty() {
            return own;
        }
        let after = self.merged.partition_point(|merged| (merged.column, merged.first) <= (column, row.number));
        let above = after.checked_sub(1).and_then(|before| self.merged.get(before));
        let Some(above) = above.filter(|above| above.column == column && row.number <= above.last) else { return own };
        let found = self.rows.binary_search_by_key(&above.first, |row| row.number).ok();
        found.and_then(|at| self.rows[at].cells.get(column)).unwrap_or(own)
    }
}
