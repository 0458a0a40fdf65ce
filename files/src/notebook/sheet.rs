//! The cells of a file, whatever program saved it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use super::{
    bounds,
    error::{MOST_MEGABYTES, NotebookError},
};
use crate::table::{self, BinaryKind, Encoding};
use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, OdsError, Reader as _, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};
use chrono::NaiveDate;

/// What spreadsheets write in place of a result, in English and French.
const FAULTS: [&str; 11] =
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#NOM?", "#NOMBRE!", "#NUL!", "#VALEUR!"];

/// In place of what a formula would come to that no program has calculated.
pub(super) const NO_RESULT: &str = "=?";

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
        let text = table::said(text);
        if let Some(fault) = FAULTS.iter().find(|fault| ***fault == *text) {
            return Self::Fault(fault);
        }
        if text.is_empty() {
            return Self::Empty;
        }
        // A cell of several lines is one to whoever reads it.
        let text = if text.contains(['\n', '\r']) {
            text.split_whitespace().collect::<Vec<_>>().join(" ").into()
        } else {
            text
        };
        Self::Text(text.into())
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
                let minutes = (milliseconds.abs() + 30_000) / 60_000;
                let sign = if *milliseconds < 0 { "-" } else { "" };
                format!("{sign}{}:{:02}", minutes / 60, minutes % 60).into()
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
    /// How it was encoded, if it was a text.
    pub encoding: Option<Encoding>,
    /// What stands between two cells, if it was a text.
    pub separator: Option<u8>,
    /// Whether days are counted from 1904 on, as Excel for Mac did.
    pub is_1904: bool,
    /// Whether nobody sees it who opens the workbook.
    pub is_hidden: bool,
}

/// A workbook never has more cells.
const MOST_CELLS: usize = 4_000_000;

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
        Some(BinaryKind::Xlsx) => {
            bounds::check_archive(&bytes)?;
            bounds::quietly(|| xlsx(bytes))?
        }
        Some(BinaryKind::Ods) => {
            bounds::check_archive(&bytes)?;
            bounds::quietly(|| ods(bytes))?
        }
        Some(BinaryKind::Xls) => bounds::quietly(|| xls(bytes))?,
        _ => vec![text(&bytes)?],
    };
    if sheets.iter().all(|sheet| sheet.rows.iter().all(|row| row.cells.iter().all(Cell::is_empty))) {
        return Err(NotebookError::Empty);
    }
    Ok(sheets)
}

fn text(bytes: &[u8]) -> Result<Sheet, NotebookError> {
    let lines = table::all_lines(bytes).map_err(NotebookError::Table)?;
    let rows = lines
        .rows
        .into_iter()
        .map(|(number, cells)| Row { number, cells: cells.iter().map(Cell::of_text).collect() })
        .collect();
    Ok(Sheet { rows, encoding: Some(lines.encoding), separator: Some(lines.separator), ..Sheet::default() })
}

fn xlsx(bytes: Vec<u8>) -> Result<Vec<Sheet>, NotebookError> {
    let wrong = |error: XlsxError| match error {
        XlsxError::Password => NotebookError::Locked,
        error => NotebookError::Damaged(error.to_string()),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let (hidden, is_1904) = (hidden(book.sheets_metadata()), book.has_1904_epoch());
    let (mut sheets, mut count) = (Vec::new(), 0_usize);
    for name in book.sheet_names() {
        let is_hidden = hidden.contains(&name);
        let mut sheet = Sheet { name: Some(name.clone()), is_1904, is_hidden, ..Sheet::default() };
        sheet.merge(&book.merge_cells_by_sheet_name(&name).unwrap_or_default());
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet of one diagram holds no cells; any other that cannot be read would be missed.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(wrong(error)),
        };
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(wrong)? {
            count += 1;
            if count > MOST_CELLS {
                return Err(NotebookError::Swollen);
            }
            let value = match &cell.value {
                DataRef::SharedString(text) => Cell::of_text(text),
                DataRef::Empty if cell.formula.is_some() => Cell::Fault(NO_RESULT),
                other => of_data(&Data::from(other.clone())),
            };
            sheet.put(cell.pos, value);
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The names of the sheets that nobody sees who opens the workbook.
fn hidden(sheets: &[calamine::Sheet]) -> Vec<String> {
    let hidden = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    hidden.map(|sheet| sheet.name.clone()).collect()
}

fn ods(bytes: Vec<u8>) -> Result<Vec<Sheet>, NotebookError> {
    let wrong = |error: OdsError| match error {
        OdsError::Password => NotebookError::Locked,
        error => NotebookError::Damaged(error.to_string()),
    };
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(wrong)?;
    let hidden = hidden(book.sheets_metadata());
    let mut sheets = Vec::new();
    // In the order of the workbook: the library's own list of sheets is in that of their names.
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(wrong)?;
        let formulas = book.worksheet_formula(&name).unwrap_or_default();
        let is_hidden = hidden.contains(&name);
        sheets.push(Sheet { is_hidden, ..of_range(name, &range, Some(&formulas)) });
    }
    Ok(sheets)
}

/// An old workbook; a new one that a password locks wears the same clothes.
fn xls(bytes: Vec<u8>) -> Result<Vec<Sheet>, NotebookError> {
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        return Err(NotebookError::Locked);
    }
    // Looking for a password follows the same chains as reading does.
    bounds::check_old(&bytes)?;
    if let Err(XlsxError::Password) = Xlsx::new(Cursor::new(bytes.clone())) {
        return Err(NotebookError::Locked);
    }
    let wrong = |error: XlsError| match error {
        XlsError::Password => NotebookError::Locked,
        error => NotebookError::Damaged(error.to_string()),
    };
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(wrong)?;
    let (hidden, is_1904) = (hidden(book.sheets_metadata()), book.has_1904_epoch());
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(wrong)?;
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let is_hidden = hidden.contains(&name);
        let mut sheet = Sheet { is_1904, is_hidden, ..of_range(name, &range, None) };
        sheet.merge(&merged);
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The cells of a sheet; where formulas are told, those without a result are not taken for empty.
fn of_range(name: String, range: &calamine::Range<Data>, formulas: Option<&calamine::Range<String>>) -> Sheet {
    let mut sheet = Sheet { name: Some(name), ..Sheet::default() };
    let mut cells: Vec<((u32, u32), Cell)> =
        used(range).map(|(place, value)| (place, of_data(value))).filter(|(_, cell)| !cell.is_empty()).collect();
    let without_result = formulas.into_iter().flat_map(used).filter(|(_, formula)| !formula.is_empty());
    let without_result =
        without_result.filter(|(place, _)| range.get_value(*place).is_none_or(|it| *it == Data::Empty));
    cells.extend(without_result.map(|(place, _)| (place, Cell::Fault(NO_RESULT))));
    cells.sort_by_key(|(place, _)| *place);
    for (place, cell) in cells {
        sheet.put(place, cell);
    }
    sheet
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

impl Sheet {
    /// Keeps what merged cells cover: the rows below the first, in each of the columns.
    fn merge(&mut self, merged: &[Dimensions]) {
        const MOST_ROWS: usize = 1000;
        for Dimensions { start, end } in merged {
            let rows = (start.0 + 1..=end.0).take(MOST_ROWS);
            self.merged.extend(rows.map(|row| ((u64::from(row) + 1, start.1 as usize), u64::from(start.0) + 1)));
        }
    }

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
        // Damaged workbooks tell an earlier row after a later one.
        let Ok(place) = self.rows.binary_search_by_key(&number, |row| row.number) else { return };
        let last = &mut self.rows[place];
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
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let Ok(day) = date.parse::<NaiveDate>() else { return Cell::of_text(text) };
    // As Excel keeps it: days since the end of 1899, and the part of a day.
    let days = NaiveDate::from_ymd_opt(1899, 12, 30).map_or(0, |first| day.signed_duration_since(first).num_days());
    let time = time.split('.').next().unwrap_or_default();
    let of_day = chrono::NaiveTime::parse_from_str(time, "%H:%M:%S")
        .map_or(0, |time| time.signed_duration_since(chrono::NaiveTime::MIN).num_milliseconds());
    Cell::Moment { day: Some(day), milliseconds: days.saturating_mul(86_400_000).saturating_add(of_day) }
}

/// `PT02H30M00S`, as `LibreOffice` keeps a time; also with days, a sign, or seconds to the billionth. Years and months
/// have no length.
fn of_iso_duration(text: &str) -> Cell {
    match iso_milliseconds(text) {
        Some(milliseconds) => Cell::Moment { day: None, milliseconds },
        None => Cell::of_text(text),
    }
}

fn iso_milliseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (days, times) = unsigned.strip_prefix('P')?.split_once('T').unwrap_or((unsigned.strip_prefix('P')?, ""));
    let mut milliseconds = 0_f64;
    for (part, units) in [
        (days, &[('Y', None), ('M', None), ('W', Some(604_800_000.0)), ('D', Some(86_400_000.0))][..]),
        (times, &[('H', Some(3_600_000.0)), ('M', Some(60_000.0)), ('S', Some(1000.0))][..]),
    ] {
        let mut rest = part;
        while !rest.is_empty() {
            let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',')?;
            let (number, after) = rest.split_at(end);
            let number: f64 = number.replace(',', ".").parse().ok()?;
            let letter = after.chars().next()?;
            let (_, each) = units.iter().find(|(known, _)| *known == letter)?;
            match each {
                Some(each) => milliseconds += number * each,
                None if number == 0.0 => {}
                None => return None,
            }
            rest = &after[letter.len_utf8()..];
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "a number that is too large stays at the end of i64")]
    let whole = milliseconds.round() as i64;
    Some(sign * whole)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_open_documents_are_read_whole() {
        let cases = [
            ("PT02H30M00S", Some(9_000_000)),
            ("PT02H29M59.999999999S", Some(9_000_000)),
            ("P1DT2H0M0S", Some(93_600_000)),
            ("P1D", Some(86_400_000)),
            ("P0Y0M0DT2H30M0S", Some(9_000_000)),
            ("-PT1H30M", Some(-5_400_000)),
            ("PT0S", Some(0)),
            ("PT26H", Some(93_600_000)),
            ("P1Y", None),
            ("P2MT1H", None),
            ("PT", Some(0)),
            ("2h", None),
            ("PT2", None),
        ];
        for (text, expected) in cases {
            assert_eq!(iso_milliseconds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_and_time_is_kept_as_excel_keeps_it() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 1);
        assert_eq!(of_iso_date("2024-03-01"), Cell::Moment { day, milliseconds: 45_352 * 86_400_000 });
        let afternoon = Cell::Moment { day, milliseconds: 45_352 * 86_400_000 + 50_400_000 };
        assert_eq!(of_iso_date("2024-03-01T14:00:00"), afternoon);
        assert_eq!(of_iso_date("2024-03-01T14:00:00.000000000"), afternoon);
    }
}
