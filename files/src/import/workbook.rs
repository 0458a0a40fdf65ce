//! The table of a workbook: the one sheet whose columns are those that are looked for.

use std::path::Path;

use crate::{
    cells::{Cell, Sheet},
    error::FileError,
    table::{Cells, Table, TableError},
};

/// The table of the one sheet whose header fits, `rate` telling how well; where none does, the first that holds
/// something, so that what is missing can be told. With the names of the sheets that would fit as well, and that nobody
/// sees who opens the workbook: they are not brought in.
pub(super) fn table(
    path: &Path,
    sheets: &[Sheet],
    rate: &dyn Fn(&[String]) -> usize,
) -> Result<(Table, Vec<String>), FileError> {
    let wrong = |error: TableError| FileError::about(path, |language| error.in_words(language));
    let (seen, hidden): (Vec<&Sheet>, Vec<&Sheet>) = sheets.iter().partition(|sheet| !sheet.is_hidden);
    let (looked_at, left) = if seen.is_empty() { (hidden, seen) } else { (seen, hidden) };
    let fits = |sheet: &&&Sheet| {
        Table::of_sheet(records(sheet), rate).is_ok_and(|table| rate(&table.header) > 0 && !table.rows.is_empty())
    };
    let left = left.iter().filter(fits).map(|sheet| sheet.name.clone().unwrap_or_default()).collect();
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
        Some((_, table)) => Ok((table, left)),
        None => first.unwrap_or(Err(TableError::Empty)).map_err(wrong).map(|table| (table, left)),
    }
}

/// The rows as a text would have them; what a merged cell covers says the same as it.
fn records(sheet: &Sheet) -> impl Iterator<Item = (u64, Cells)> {
    let merged = sheet.width_of_merged();
    sheet.rows.iter().map(move |row| {
        // A row of nothing but covered cells is a merged title.
        let width = if row.cells.iter().all(Cell::is_empty) { 0 } else { row.cells.len().max(merged) };
        let cells = (0..width).map(|column| sheet.cell_or_merged(row, column).text());
        (row.number, cells.collect())
    })
}
