//! An association's lines of a year as a workbook to read: what the canonical file of lines says, in the order of days,
//! in hours and in the reader's words. The canonical file alone is what statements have the digest of.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use ledger::{
    Language, Minutes,
    lines::{AssociationLines, Line},
    words::capitalised,
};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::error::FileError;

/// Two decimals are shown; the number itself is as exact as a spreadsheet can have it.
const HOURS: &str = "0.00";

/// The workbook's bytes.
///
/// # Errors
/// When a balance leaves the range of [`Minutes`].
pub fn workbook(lines: &AssociationLines, language: Language) -> Result<Vec<u8>, FileError> {
    let rows = rows(lines).ok_or(FileError::TooManyHours)?;
    build(lines, &rows, language).map_err(|error| FileError::said(error.to_string(), error.to_string()))
}

/// A line with the balance at the end of its day.
struct Row<'a> {
    line: &'a Line,
    balance: Minutes,
}

/// The lines in the order of the days on which they count.
fn rows(lines: &AssociationLines) -> Option<Vec<Row<'_>>> {
    let mut days: BTreeMap<NaiveDate, Vec<&Line>> = BTreeMap::new();
    for line in &lines.lines {
        days.entry(line.booked).or_default().push(line);
    }
    let mut balance = lines.opening;
    let mut rows = Vec::with_capacity(lines.lines.len());
    for of_a_day in days.into_values() {
        balance = of_a_day.iter().try_fold(balance, |sum, line| sum.checked_add(line.minutes))?;
        rows.extend(of_a_day.into_iter().map(|line| Row { line, balance }));
    }
    Some(rows)
}

fn build(lines: &AssociationLines, rows: &[Row<'_>], language: Language) -> Result<Vec<u8>, XlsxError> {
    const TITLES: u32 = 5;
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (bold, number) = (Format::new().set_bold(), Format::new().set_num_format(HOURS));
    sheet.set_name(format!("{} {}", t("Lignes", "Lines"), lines.year))?;
    sheet.write_string_with_format(0, 0, &lines.association.name, &bold)?;
    sheet.write_string(1, 0, format!("{}, {} {}", lines.network, t("exercice", "year"), lines.year))?;
    sheet.write_string(2, 0, t("Solde avant l'exercice", "Balance before the year"))?;
    sheet.write_number_with_format(2, 1, hours(lines.opening), &number)?;
    sheet.write_string(3, 0, t("Solde à la fin", "Balance at its end"))?;
    let closing = rows.last().map_or(lines.opening, |row| row.balance);
    sheet.write_number_with_format(3, 1, hours(closing), &number)?;
    let headings = [
        t("Date de l'aide", "Date of help"),
        t("Compté le", "Counted on"),
        t("Référence", "Reference"),
        t("Quoi", "What"),
        t("Avec", "With"),
        t("Compétence", "Skill"),
        t("Heures", "Hours"),
        t("Solde du jour", "Day's balance"),
    ];
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(TITLES, column, heading, &bold)?;
    }
    let date = Format::new().set_num_format(t("dd/mm/yyyy", "yyyy-mm-dd"));
    for (at, row) in (TITLES + 1..).zip(rows) {
        write_row(sheet, at, row, [&date, &number], language)?;
    }
    sheet.set_freeze_panes(TITLES + 1, 0)?;
    sheet.autofit();
    book.save_to_buffer()
}

fn write_row(
    sheet: &mut Worksheet,
    at: u32,
    Row { line, balance }: &Row<'_>,
    [date, number]: [&Format; 2],
    language: Language,
) -> Result<(), XlsxError> {
    if let Some(day) = line.service_date {
        sheet.write_datetime_with_format(at, 0, excel_day(day)?, date)?;
    }
    sheet.write_datetime_with_format(at, 1, excel_day(line.booked)?, date)?;
    sheet.write_string(at, 2, line.reference.as_deref().unwrap_or_default())?;
    sheet.write_string(at, 3, capitalised(line.kind.in_words(language)))?;
    sheet.write_string(at, 4, line.partner.as_deref().unwrap_or_default())?;
    sheet.write_string(at, 5, line.skill.as_deref().unwrap_or_default())?;
    sheet.write_number_with_format(at, 6, hours(line.minutes), number)?;
    sheet.write_number_with_format(at, 7, hours(*balance), number)?;
    Ok(())
}

fn excel_day(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or_default();
    let part = |part: u32| u8::try_from(part).unwrap_or_default();
    ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))
}

/// For a spreadsheet's cell alone, which knows no other numbers.
fn hours(minutes: Minutes) -> f64 {
    (Decimal::from(minutes.get()) / Decimal::from(60)).to_f64().unwrap_or_default()
}
