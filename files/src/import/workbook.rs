//! The table of a workbook: the one sheet whose columns are those that are looked for.

use std::path::Path;

use csv::StringRecord;

use crate::{
    cells::{Cell, Sheet},
    error::FileError,
    table::{Table, TableError},
};

/// The table of the one sheet whose header fits, `rate` telling how well; where none does, the first that holds
/// something, so that what is missing can be told.
pub(super) fn table(path: &Path, sheets: &[Sheet], rate: &dyn Fn(&[String]) -> usize) -> Result<Table, FileError> {
    let wrong = |error: TableError| FileError::about(path, |language| error.in_words(language));
    // What nobody sees who opens the workbook is not brought in.
    let seen: Vec<&Sheet> = sheets.iter().filter(|sheet| !sheet.is_hidden).collect();
    let looked_at = if seen.is_empty() { sheets.iter().collect() } else { seen };
    let (mut fitting, mut first) = (Vec::new(), None);
    for sheet in looked_at {
        match Table::of_sheet(records(sheet), rate) {
            Ok(table) if rate(&table.header) > 0 => fitting.push((sheet, table)),
            Ok(table) => first = first.or(Some(Ok(table))),
            Err(TableError::Empty) => {}
            Err(error) => first = first.or(Some(Err(error))),
        }
    }
    if let [(one, _), (other, _), ..] = fitting.as_slice() {
        let [one, other] = [one, other].map(|sheet| sheet.name.clone().unwrap_or_default());
        return Err(FileError::about(path, |language| {
            language.pick(
                format!(
                    "les feuilles « {one} » et « {other} » ont toutes deux ces colonnes ; gardez-en une par classeur"
                ),
                format!("the sheets “{one}” and “{other}” both have these columns; keep one in a workbook"),
            )
        }));
    }
    match fitting.pop() {
        Some((_, table)) => Ok(table),
        None => first.unwrap_or(Err(TableError::Empty)).map_err(wrong),
    }
}

/// The rows as a text would have them; what a merged cell covers says the same as it.
fn records(sheet: &Sheet) -> impl Iterator<Item = (u64, StringRecord)> {
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    sheet.rows.iter().map(move |row| {
        // A row of nothing but covered cells is a merged title.
        let is_blank = row.cells.iter().all(Cell::is_empty);
        let cells = (0..if is_blank { 0 } else { width }).map(|column| sheet.cell_or_merged(row, column).text());
        (row.number, cells.collect())
    })
}
