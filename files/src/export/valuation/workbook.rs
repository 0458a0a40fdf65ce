//! The same as a workbook: hours, entries, the citizen-engagement account, and what to know about them.

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{Accounts, Cell};
use crate::failure::Failure;

pub(super) fn bytes(accounts: &Accounts<'_>) -> Result<Vec<u8>, Failure> {
    build(accounts).map_err(|error| Failure::said(error.to_string(), error.to_string()))
}

fn build(accounts: &Accounts<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    fill(book.add_worksheet(), accounts.t("Heures", "Hours"), &accounts.line_header(), &accounts.line_rows())?;
    if accounts.has_rates {
        let rows = accounts.entry_rows();
        fill(book.add_worksheet(), accounts.t("Écritures", "Entries"), &accounts.entry_header(), &rows)?;
    }
    if accounts.cec.is_some() {
        fill(book.add_worksheet(), accounts.t("CEC", "CEC"), &accounts.cec_header(), &accounts.cec_rows())?;
    }
    let notes: Vec<_> = accounts.notes().into_iter().map(|note| vec![Cell::Text(note)]).collect();
    fill(book.add_worksheet(), accounts.t("À savoir", "Notes"), &[accounts.t("À savoir", "Notes")], &notes)?;
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, name: &str, header: &[&str], rows: &[Vec<Cell>]) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, title) in (0..).zip(header) {
        sheet.write_string_with_format(0, column, *title, &bold)?;
    }
    for (row, cells) in (1..).zip(rows) {
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
