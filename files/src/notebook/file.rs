//! A notebook's file: its cells, and what its titles say.

use std::path::Path;

use ledger::name::fold;

use super::{
    error::NotebookError,
    hints::Hints,
    lines::Reader,
    read::ReadNotebook,
    sheet::{Sheet, read_sheets},
};

/// A file's cells, and what its titles say.
#[derive(Debug)]
pub struct File {
    /// Its sheets; a text file is one.
    pub sheets: Vec<Sheet>,
    name: String,
}

impl File {
    /// Reads a file's cells.
    pub fn open(path: &Path) -> Result<Self, NotebookError> {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { sheets: read_sheets(path)?, name })
    }

    /// The texts above the tables, and the file's own name: where a notebook says whose it is, and of which year.
    fn titles(&self) -> impl Iterator<Item = String> {
        const ROWS: usize = 15;
        let rows = self.sheets.iter().flat_map(|sheet| sheet.rows.iter().take(ROWS));
        let alone =
            rows.filter_map(|row| match row.cells.iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>()[..] {
                [cell] | [cell, _] => Some(cell.text().into_owned()),
                _ => None,
            });
        alone.chain(self.sheets.iter().filter_map(|sheet| sheet.name.clone())).chain([self.name.clone()])
    }

    /// The year that the titles or the file's name tell.
    pub fn year(&self) -> Option<i32> {
        self.titles().find_map(|title| {
            fold(&title).split(' ').find_map(|word| word.parse().ok().filter(|year| (2000..2100).contains(year)))
        })
    }

    /// The name among these that the titles or the file's name tell: the longest, if several do.
    pub fn association<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        let titles: Vec<String> = self.titles().map(|title| format!(" {} ", fold(&title))).collect();
        let told = names.filter(|name| {
            let name = format!(" {} ", fold(name));
            name.len() > 4 && titles.iter().any(|title| title.contains(&name))
        });
        told.max_by_key(|name| name.chars().count())
    }

    /// Reads the lines.
    pub fn read(&self, hints: &Hints<'_>) -> Result<ReadNotebook, NotebookError> {
        Reader::new(hints, self.sheets.len() > 1).read(&self.sheets)
    }
}
