//! A file to begin with: the columns of a kind of file, and two lines as an example.

use std::io;

use ledger::Language;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::kind::Kind;
use crate::table;

/// In which form a template is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateForm {
    /// Text with semicolons, as French spreadsheets open it.
    Csv,
    /// A workbook.
    Xlsx,
}

/// A template, in the words of a language; the examples of all kinds go together.
pub fn template(kind: Kind, form: TemplateForm, language: Language) -> io::Result<Vec<u8>> {
    let columns = kind.columns().iter().filter(|column| column.field != "answer");
    let header: Vec<String> = columns.clone().map(|column| column.name(language)).collect();
    let lines = [0, 1]
        .map(|line| columns.clone().map(|column| example(kind, column.field, language)[line]).collect::<Vec<_>>());
    match form {
        TemplateForm::Csv => {
            let header = header.iter().map(String::as_str).collect();
            table::written(std::iter::once(header).chain(lines))
        }
        TemplateForm::Xlsx => workbook(&header, &lines).map_err(io::Error::other),
    }
}

fn workbook(header: &[String], lines: &[Vec<&str>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    // As text, so that no spreadsheet takes a first zero away.
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (column, name) in (0..).zip(header) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_format(column, &text)?;
    }
    for (row, cells) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(row, column, *cell, &text)?;
        }
    }
    sheet.autofit();
    book.save_to_buffer()
}

/// What two lines say in a column.
fn example(kind: Kind, field: &str, language: Language) -> [&'static str; 2] {
    const NAMES: [&str; 2] = ["Judo-club de Foix", "Chorale de Janzé"];
    match (kind, field) {
        (Kind::Associations, "name") | (_, "association") | (Kind::Exchanges, "giver") => NAMES,
        (Kind::Exchanges, "receiver") => [NAMES[1], NAMES[0]],
        (Kind::Associations, "commune") => ["Foix", "Janzé"],
        (Kind::Associations, "contact_name") => ["Claire Martin", ""],
        (Kind::Associations, "email") => ["judo@example.org", "chorale@example.org"],
        (Kind::Associations, "member_since") | (Kind::Balances, "date") => ["01/01/2025", "01/01/2025"],
        (Kind::Persons, "code") | (Kind::Contributions, "person") => ["B-1", "B-2"],
        (Kind::Persons, "first_name") => ["Claire", "Paul"],
        (Kind::Persons, "last_name") => ["Martin", "Leroy"],
        (Kind::Balances, "balance") => ["12 h", "-3,5"],
        (Kind::Exchanges, "reference") => ["E-1", "E-2"],
        (Kind::Exchanges | Kind::Contributions, "date") => ["12/05/2025", "18/05/2025"],
        (Kind::Exchanges | Kind::Contributions, "duration") => ["2 h 30", "1,5"],
        (Kind::Exchanges, "people") => ["4", ""],
        (Kind::Exchanges | Kind::Skills, "skill") => {
            language.pick(["Comptabilité", "Sonorisation"], ["Accounting", "Sound"])
        }
        (Kind::Exchanges, "memo") => language.pick(["Bilan de fin d'année", ""], ["Annual accounts", ""]),
        _ => ["", ""],
    }
}
