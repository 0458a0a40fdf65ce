//! The same as a workbook: hours, entries, the citizen-engagement account, heads, the wording of the annex, and what to
//! know about them.

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{
    accounts::Accounts,
    parts::{Cell, Part},
};
use crate::error::FileError;

/// The workbook.
pub fn bytes(accounts: &Accounts) -> Result<Vec<u8>, FileError> {
    build(accounts).map_err(|error| FileError::said(error.to_string(), error.to_string()))
}

fn build(accounts: &Accounts) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    fill(book.add_worksheet(), accounts.t("Heures", "Hours"), &accounts.line_part())?;
    if let Some(entries) = accounts.entry_part() {
        fill(book.add_worksheet(), accounts.t("Écritures", "Entries"), &entries)?;
    }
    if let Some(cec) = accounts.cec_part() {
        fill(book.add_worksheet(), accounts.t("CEC", "CEC"), &cec)?;
    }
    fill(book.add_worksheet(), accounts.t("Chiffres", "Figures"), &accounts.figure_part())?;
    for (title, sentences) in
        [(accounts.t("Annexe", "Annex"), accounts.annex()), (accounts.t("À savoir", "Notes"), accounts.notes())]
    {
        let rows = sentences.into_iter().map(|sentence| vec![Cell::Text(sentence)]).collect();
        fill(book.add_worksheet(), title, &Part { header: vec![title], rows })?;
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, name: &str, part: &Part<'_>) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, title) in (0..).zip(&part.header) {
        sheet.write_string_with_format(0, column, *title, &bold)?;
    }
    for (row, cells) in (1..).zip(&part.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                // Two decimals at most: what a spreadsheet shows is what was printed.
                Cell::Number(number) => sheet.write_number(row, column, number.to_f64().unwrap_or_default())?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    Ok(())
}
