//! A notebook's file: its cells, and what its titles say.

use std::path::Path;

use ledger::name::fold;

use super::{
    era::{Era, only_year},
    error::NotebookError,
    field::Mapping,
    header::Header,
    hints::Hints,
    lines::Reader,
    preview::Preview,
    read::ReadNotebook,
};
use crate::{
    cells::{Cell, Sheet, WorkbookReader, read_sheets},
    date,
};

/// A file's cells, and what its titles say.
#[derive(Debug)]
pub struct File {
    /// Its sheets; a text file is one.
    pub sheets: Vec<Sheet>,
    name: String,
}

impl File {
    /// A file whose cells are had already, by its name.
    pub fn of(name: &str, sheets: Vec<Sheet>) -> Self {
        let name = Path::new(name).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { sheets, name }
    }

    /// Reads a file's cells.
    pub fn open(path: &Path, workbooks: &WorkbookReader) -> Result<Self, NotebookError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self::of(&name, read_sheets(path, workbooks).map_err(NotebookError::Cells)?))
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

    /// The year that the titles or the file's name tell; `members` are the folded names of everybody who may be named in
    /// them, `own` those of the association itself. Of a season, none: its lines are of two years.
    pub fn year(&self, own: &[String], members: &[String]) -> Option<i32> {
        let own: Vec<String> = own.iter().map(|name| fold(name)).collect();
        let mut words: Vec<&str> = own.iter().flat_map(|name| name.split(' ')).collect();
        words.extend(own.iter().map(String::as_str));
        let told = self.titles().find_map(|title| {
            let mut names = own.iter().chain(members).map(String::as_str);
            Era::of_title(&title, &mut names, &words)
        })?;
        match told {
            Era::Year(year) => Some(year),
            Era::Season { .. } => None,
        }
    }

    /// The year of all dates that tell theirs, if it is one.
    pub fn only_year(&self) -> Option<i32> {
        let cells = self.sheets.iter().flat_map(|sheet| &sheet.rows).flat_map(|row| &row.cells);
        only_year(cells.filter_map(|cell| match cell {
            Cell::Moment { day: Some(day), .. } => Some(*day),
            Cell::Text(text) => date::parse(text).ok(),
            Cell::Empty | Cell::Number(_) | Cell::Moment { day: None, .. } | Cell::Fault(_) => None,
        }))
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

    /// Whether there is a column that a mapping may mean.
    pub fn has_column(&self, mapping: &Mapping) -> bool {
        let mut rows = self.sheets.iter().flat_map(|sheet| &sheet.rows);
        rows.any(|row| row.cells.iter().any(|cell| mapping.names(&cell.text())))
            || mapping.position().is_some_and(|_| !self.has_names())
    }

    /// Whether any row names columns.
    fn has_names(&self) -> bool {
        self.sheets.iter().any(|sheet| (0..sheet.rows.len()).any(|at| Header::at(&sheet.rows, at, &[]).is_some()))
    }

    /// Each sheet as somebody may look it over: its first lines, and what its columns are taken for.
    pub fn previews(&self, hints: &Hints<'_>) -> Vec<Preview> {
        self.sheets.iter().filter_map(|sheet| Preview::of(sheet, hints)).collect()
    }

    /// Reads the lines.
    pub fn read(&self, hints: &Hints<'_>) -> Result<ReadNotebook, NotebookError> {
        Reader::new(hints, self.sheets.len() > 1).read(&self.sheets)
    }
}
