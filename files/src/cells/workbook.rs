//! Reads a workbook, in the process that is there for it.

use std::collections::HashSet;
use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Ods, OdsError, Reader as _, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use super::{
    cell::{Cell, NO_RESULT},
    error::CellsError,
    sheet::{Merged, Room, Sheet},
    value::of_data,
};
use crate::table::BinaryKind;

/// The sheets of a workbook, whatever program saved it.
pub(super) fn sheets(bytes: Vec<u8>) -> Result<Vec<Sheet>, CellsError> {
    match BinaryKind::of(&bytes) {
        Some(BinaryKind::Xlsx) => xlsx(bytes),
        Some(BinaryKind::Ods) => ods(bytes),
        Some(BinaryKind::Xls) => xls(bytes),
        Some(BinaryKind::Zip | BinaryKind::Gzip | BinaryKind::Pdf | BinaryKind::Image | BinaryKind::Unknown { .. })
        | None => Err(CellsError::Damaged("format".to_owned())),
    }
}

fn xlsx(bytes: Vec<u8>) -> Result<Vec<Sheet>, CellsError> {
    let wrong = |error: XlsxError| match error {
        XlsxError::Password => CellsError::Locked,
        error => CellsError::Damaged(error.to_string()),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let (hidden, is_1904) = (hidden(book.sheets_metadata()), book.has_1904_epoch());
    let (mut sheets, mut room) = (Vec::new(), Room::default());
    for name in book.sheet_names() {
        let is_hidden = hidden.contains(&name);
        let mut sheet = Sheet { name: Some(name.clone()), is_1904, is_hidden, ..Sheet::default() };
        sheet.merge(over_rows(&book.merge_cells_by_sheet_name(&name).unwrap_or_default()), &mut room)?;
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet of one diagram holds no cells; any other that cannot be read would be missed.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(wrong(error)),
        };
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(wrong)? {
            let value = match &cell.value {
                DataRef::SharedString(text) => Cell::of_text(text),
                DataRef::Empty if cell.formula.is_some() => Cell::fault(NO_RESULT),
                other => of_data(&Data::from(other.clone())),
            };
            sheet.put(cell.pos, value, &mut room)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The names of the sheets that nobody sees who opens the workbook.
fn hidden(sheets: &[calamine::Sheet]) -> HashSet<String> {
    let hidden = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    hidden.map(|sheet| sheet.name.clone()).collect()
}

fn ods(bytes: Vec<u8>) -> Result<Vec<Sheet>, CellsError> {
    let wrong = |error: OdsError| match error {
        OdsError::Password => CellsError::Locked,
        error => CellsError::Damaged(error.to_string()),
    };
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(wrong)?;
    let hidden = hidden(book.sheets_metadata());
    let (mut sheets, mut room) = (Vec::new(), Room::default());
    // In the order of the workbook: the library's own list of sheets is in that of their names.
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(wrong)?;
        let formulas = book.worksheet_formula(&name).unwrap_or_default();
        let is_hidden = hidden.contains(&name);
        sheets.push(Sheet { is_hidden, ..of_range(name, &range, Some(&formulas), &mut room)? });
    }
    Ok(sheets)
}

/// An old workbook; a new one that a password locks wears the same clothes.
fn xls(bytes: Vec<u8>) -> Result<Vec<Sheet>, CellsError> {
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        return Err(CellsError::Locked);
    }
    if let Err(XlsxError::Password) = Xlsx::new(Cursor::new(&bytes)) {
        return Err(CellsError::Locked);
    }
    let wrong = |error: XlsError| match error {
        XlsError::Password => CellsError::Locked,
        error => CellsError::Damaged(error.to_string()),
    };
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(wrong)?;
    let (hidden, is_1904) = (hidden(book.sheets_metadata()), book.has_1904_epoch());
    let (mut sheets, mut room) = (Vec::new(), Room::default());
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(wrong)?;
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let is_hidden = hidden.contains(&name);
        let mut sheet = Sheet { is_1904, is_hidden, ..of_range(name, &range, None, &mut room)? };
        sheet.merge(over_rows(&merged), &mut room)?;
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Of merged cells, those that reach over several rows.
fn over_rows(merged: &[Dimensions]) -> Vec<Merged> {
    let over_rows = merged.iter().filter(|Dimensions { start, end }| start.0 < end.0);
    let told = over_rows.map(|Dimensions { start, end }| Merged {
        column: usize::try_from(start.1).unwrap_or(usize::MAX),
        first: u64::from(start.0) + 1,
        last: u64::from(end.0) + 1,
    });
    told.collect()
}

/// The cells of a sheet; where formulas are told, those without a result are not taken for empty.
fn of_range(
    name: String,
    range: &calamine::Range<Data>,
    formulas: Option<&calamine::Range<String>>,
    room: &mut Room,
) -> Result<Sheet, CellsError> {
    let mut sheet = Sheet { name: Some(name), ..Sheet::default() };
    let without_result = formulas.into_iter().flat_map(used).filter(|(_, formula)| !formula.is_empty());
    let without_result =
        without_result.filter(|(place, _)| range.get_value(*place).is_none_or(|it| *it == Data::Empty));
    let mut without_result = without_result.map(|(place, _)| place).peekable();
    for (place, value) in used(range) {
        while let Some(earlier) = without_result.next_if(|other| *other < place) {
            sheet.put(earlier, Cell::fault(NO_RESULT), room)?;
        }
        sheet.put(place, of_data(value), room)?;
    }
    for place in without_result {
        sheet.put(place, Cell::fault(NO_RESULT), room)?;
    }
    Ok(sheet)
}

/// What a range holds, each with its place in the sheet.
fn used<T: calamine::CellType>(range: &calamine::Range<T>) -> impl Iterator<Item = ((u32, u32), &T)> {
    let (row, column) = range.start().unwrap_or_default();
    range.used_cells().map(move |(down, right, value)| {
        let down = u32::try_from(down).unwrap_or(u32::MAX);
        let right = u32::try_from(right).unwrap_or(u32::MAX);
        ((row.saturating_add(down), column.saturating_add(right)), value)
    })
}
