//! The cells of a file, whatever program saved it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use super::error::{MOST_MEGABYTES, NotebookError};
use crate::table::{self, BinaryKind, Encoding};
use calamine::{Data, DataRef, ExcelDateTime, Ods, OdsError, Reader as _, Xls, XlsError, Xlsx, XlsxError};
use chrono::NaiveDate;

/// What spreadsheets write in place of a result, in English and French.
const FAULTS: [&str; 11] =
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#NOM?", "#NOMBRE!", "#NUL!", "#VALEUR!"];

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(Box<str>),
    /// A number, as the shortest decimal that stands for it.
    Number(Box<str>),
    /// What a spreadsheet shows as a date or a time of day.
    Moment {
        /// The day, if it is one.
        day: Option<NaiveDate>,
        /// The same as a stretch of time.
        milliseconds: i64,
    },
    /// A formula that failed, as the spreadsheet shows it.
    Fault(&'static str),
}

impl Cell {
    fn of_text(text: &str) -> Self {
        let text = text.trim();
        if let Some(fault) = FAULTS.iter().find(|fault| **fault == text) {
            return Self::Fault(fault);
        }
        if text.is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The cell as somebody would read it aloud.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => "".into(),
            Self::Text(text) | Self::Number(text) => Cow::Borrowed(text),
            Self::Moment { day: Some(day), .. } => day.format("%d/%m/%Y").to_string().into(),
            Self::Moment { day: None, milliseconds } => {
                let minutes = milliseconds / 60_000;
                format!("{}:{:02}", minutes / 60, minutes % 60).into()
            }
            Self::Fault(fault) => Cow::Borrowed(fault),
        }
    }
}

/// A row, its cells from the first column on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file, or the row of the sheet, from 1.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A sheet of a workbook, or a whole text file.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Its name; a text file has none.
    pub name: Option<String>,
    /// Its rows, blank ones too.
    pub rows: Vec<Row>,
    /// For a cell (row from 1, column from 0) that a merged cell above it covers, that cell's row.
    pub merged: HashMap<(u64, usize), u64>,
    /// Whether it was a text in the encoding of older spreadsheets.
    pub is_old_encoding: bool,
}

/// A sheet is never so wide; beyond that, a stray cell stands at the far end.
const MOST_COLUMNS: u32 = 200;

/// Reads the cells of a file: text, or a workbook by what it is rather than by its name.
pub(super) fn read_sheets(path: &Path) -> Result<Vec<Sheet>, NotebookError> {
    if let Ok(about) = std::fs::metadata(path)
        && about.is_file()
        && about.len() > MOST_MEGABYTES << 20
    {
        return Err(NotebookError::TooLarge { megabytes: about.len() >> 20 });
    }
    let bytes = table::read_bytes(path).map_err(NotebookError::Table)?;
    let sheets = match BinaryKind::of(&bytes) {
        Some(BinaryKind::Xlsx) => xlsx(bytes)?,
        Some(BinaryKind::Ods) => ods(bytes)?,
        Some(BinaryKind::Xls) => xls(bytes)?,
        _ => vec![text(&bytes)?],
    };
    if sheets.iter().all(|sheet| sheet.rows.iter().all(|row| row.cells.iter().all(Cell::is_empty))) {
        return Err(NotebookError::Empty);
    }
    Ok(sheets)
}

fn text(bytes: &[u8]) -> Result<Sheet, NotebookError> {
    let (lines, encoding) = table::all_lines(bytes).map_err(NotebookError::Table)?;
    let rows = lines
        .into_iter()
        .map(|(number, cells)| Row { number, cells: cells.iter().map(Cell::of_text).collect() })
        .collect();
    Ok(Sheet { rows, is_old_encoding: encoding == Encoding::Windows1252, ..Sheet::default() })
}

fn xlsx(bytes: Vec<u8>) -> Result<Vec<Sheet>, NotebookError> {
    let wrong = |error: XlsxError| match error {
        XlsxError::Password => NotebookError::Locked,
        error => NotebookError::Damaged(error.to_string()),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut sheet = Sheet { name: Some(name.clone()), ..Sheet::default() };
        for merged in book.merge_cells_by_sheet_name(&name).unwrap_or_default() {
            let (first, last) = (merged.start, merged.end);
            let rows = (first.0 + 1..=last.0).take(1000);
            sheet.merged.extend(rows.map(|row| ((u64::from(row) + 1, first.1 as usize), u64::from(first.0) + 1)));
        }
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        while let Some(cell) = cells.next_cell().map_err(wrong)? {
            let value = match cell.get_value() {
                DataRef::SharedString(text) => Cell::of_text(text),
                other => of_data(&Data::from(other.clone())),
            };
            sheet.put(cell.get_position(), value);
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn ods(bytes: Vec<u8>) -> Result<Vec<Sheet>, NotebookError> {
    let wrong = |error: OdsError| match error {
        OdsError::Password => NotebookError::Locked,
        error => NotebookError::Damaged(error.to_string()),
    };
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(wrong)?;
    Ok(book.worksheets().into_iter().map(|(name, range)| of_range(name, &range)).collect())
}

/// An old workbook; a new one that a password locks wears the same clothes.
fn xls(bytes: Vec<u8>) -> Result<Vec<Sheet>, NotebookError> {
    if let Err(XlsxError::Password) = Xlsx::new(Cursor::new(bytes.clone())) {
        return Err(NotebookError::Locked);
    }
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        return Err(NotebookError::Locked);
    }
    let wrong = |error: XlsError| match error {
        XlsError::Password => NotebookError::Locked,
        error => NotebookError::Damaged(error.to_string()),
    };
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(wrong)?;
    Ok(book.worksheets().into_iter().map(|(name, range)| of_range(name, &range)).collect())
}

fn of_range(name: String, range: &calamine::Range<Data>) -> Sheet {
    let mut sheet = Sheet { name: Some(name), ..Sheet::default() };
    let (row, column) = range.start().unwrap_or_default();
    for (down, right, value) in range.used_cells() {
        let down = u32::try_from(down).unwrap_or(u32::MAX);
        let right = u32::try_from(right).unwrap_or(u32::MAX);
        sheet.put((row.saturating_add(down), column.saturating_add(right)), of_data(value));
    }
    sheet
}

impl Sheet {
    /// Puts a cell where it belongs; cells come row by row.
    fn put(&mut self, (row, column): (u32, u32), cell: Cell) {
        if cell.is_empty() || column >= MOST_COLUMNS {
            return;
        }
        let number = u64::from(row) + 1;
        if self.rows.last().is_none_or(|last| last.number < number) {
            // Blank rows count: they are reported as such, a long stretch of them as its first rows.
            const MOST_BLANK: u64 = 1000;
            let next = self.rows.last().map_or(1, |last| last.number + 1);
            self.rows.extend(
                (next..number)
                    .take(usize::try_from(MOST_BLANK).unwrap_or(0))
                    .map(|number| Row { number, cells: vec![] }),
            );
            self.rows.push(Row { number, cells: vec![] });
        }
        let Some(last) = self.rows.last_mut() else { return };
        let column = column as usize;
        if last.cells.len() <= column {
            last.cells.resize(column + 1, Cell::Empty);
        }
        last.cells[column] = cell;
    }

    /// The cell in a column of a row; where a merged cell covers it, that one.
    pub fn cell_or_merged<'s>(&'s self, row: &'s Row, column: usize) -> &'s Cell {
        let own = row.cells.get(column).unwrap_or(&Cell::Empty);
        if !own.is_empty() || self.merged.is_empty() {
            return own;
        }
        let Some(above) = self.merged.get(&(row.number, column)) else { return own };
        let found = self.rows.binary_search_by_key(above, |row| row.number).ok();
        found.and_then(|at| self.rows[at].cells.get(column)).unwrap_or(own)
    }
}

fn of_data(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::of_text(text),
        Data::Int(number) => Cell::Number(number.to_string().into()),
        Data::Float(number) => Cell::Number(shortest(*number).into()),
        Data::Bool(is_true) => Cell::of_text(if *is_true { "VRAI" } else { "FAUX" }),
        Data::DateTime(moment) => of_moment(moment),
        Data::DateTimeIso(text) => of_iso_date(text),
        Data::DurationIso(text) => of_iso_duration(text),
        Data::Error(error) => Cell::Fault(fault(error)),
    }
}

/// The number in full: nobody writes `1e-7` hours, and what looks so is a rounding fault of the spreadsheet.
fn shortest(number: f64) -> String {
    let text = number.to_string();
    // 2.4999999999999996 is 2.5 after a spreadsheet has calculated.
    if text.len() > 15 {
        let rounded = format!("{number:.10}");
        return rounded.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

fn of_moment(moment: &ExcelDateTime) -> Cell {
    let days = moment.as_f64();
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let is_day = !moment.is_duration() && days >= 1.0;
    #[expect(clippy::cast_possible_truncation, reason = "a spreadsheet's moment is far from the end of i64")]
    let milliseconds = (days * 86_400_000.0).round() as i64;
    let day = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).filter(|_| is_day);
    Cell::Moment { day, milliseconds }
}

fn of_iso_date(text: &str) -> Cell {
    let day = text.get(..10).and_then(|day| day.parse().ok());
    match day {
        Some(day) => Cell::Moment { day: Some(day), milliseconds: 0 },
        None => Cell::of_text(text),
    }
}

/// `PT02H30M00S`, as `LibreOffice` keeps a time.
fn of_iso_duration(text: &str) -> Cell {
    let mut milliseconds = 0_i64;
    let mut number = String::new();
    for letter in text.trim_start_matches("PT").chars() {
        let each = match letter {
            'H' => 3_600_000,
            'M' => 60_000,
            'S' => 1000,
            digit if digit.is_ascii_digit() => {
                number.push(digit);
                continue;
            }
            // Fractions of a second do not matter.
            _ => break,
        };
        let Ok(count) = number.parse::<i64>() else { return Cell::of_text(text) };
        milliseconds = milliseconds.saturating_add(count.saturating_mul(each));
        number.clear();
    }
    Cell::Moment { day: None, milliseconds }
}

fn fault(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType::{Div0, GettingData, NA, Name, Null, Num, Ref, Value};
    match error {
        Div0 => "#DIV/0!",
        NA => "#N/A",
        Name => "#NAME?",
        Null => "#NULL!",
        Num => "#NUM!",
        Ref => "#REF!",
        Value => "#VALUE!",
        GettingData => "#…",
    }
}
