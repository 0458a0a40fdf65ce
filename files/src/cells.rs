//! The cells of a file, whatever program saved it: what notebooks and imports read alike.
//!
//! A text is cut here. A workbook is read by a process of its own (`apart`): a few hundred bytes can ask for more memory
//! than a machine has, and running out of memory cannot be caught. What comes back are plain cells.

mod limits;
mod cell;
mod value;
mod error;
mod sheet;
mod workbook;
mod apart;

use std::path::Path;

pub use apart::{WorkbookReader, confine, read_apart};
pub use cell::Cell;
pub(crate) use cell::{NO_RESULT, is_fault};
pub use error::CellsError;
pub use sheet::{Row, Sheet};

use self::{limits::MOST_MEGABYTES, sheet::Room};
use crate::table::{self, BinaryKind};

/// Reads the cells of a file: text, or a workbook by what it is rather than by its name.
pub fn read_sheets(path: &Path, workbooks: &WorkbookReader) -> Result<Vec<Sheet>, CellsError> {
    if let Ok(about) = std::fs::metadata(path)
        && about.is_file()
        && about.len() > MOST_MEGABYTES << 20
    {
        return Err(CellsError::TooLarge { megabytes: about.len() >> 20 });
    }
    sheets_in(&table::read_bytes(path).map_err(CellsError::Table)?, workbooks)
}

/// The cells of what a file holds.
pub fn sheets_in(bytes: &[u8], workbooks: &WorkbookReader) -> Result<Vec<Sheet>, CellsError> {
    let is_workbook = BinaryKind::of(bytes).is_some_and(BinaryKind::is_workbook);
    let sheets = if is_workbook { workbooks.read(bytes)? } else { vec![text(bytes)?] };
    if sheets.iter().all(|sheet| sheet.rows.iter().all(|row| row.cells.iter().all(Cell::is_empty))) {
        return Err(CellsError::Empty);
    }
    Ok(sheets)
}

/// A text is one sheet, without a name.
fn text(bytes: &[u8]) -> Result<Sheet, CellsError> {
    let (mut room, mut rows) = (Room::default(), Vec::new());
    let manner = table::for_each_line(bytes, |number, cells| {
        room.take_cells(cells.len() + 1)?;
        rows.push(Row { number, cells: cells.iter().map(Cell::of_text).collect() });
        Ok::<_, CellsError>(())
    })?;
    Ok(Sheet { rows, encoding: Some(manner.encoding), separator: Some(manner.separator), ..Sheet::default() })
}
