//! Reads a notebook as its association keeps it: a file from any spreadsheet, with titles above, totals below, and
//! columns under names of its own.
//!
//! From the file to lines in four steps: cells ([`sheet`]), which columns mean what ([`columns`]), what a cell says
//! ([`values`]), and what becomes of each row ([`lines`]). Every row is accounted for: read, unreadable with a
//! sentence, or passed over with a word that says why.

pub mod columns;
pub mod lines;
pub mod sheet;
pub mod values;

use std::path::Path;

use ledger::{Language, name::fold, reconcile::Notebook};

pub use columns::Mapping;
pub use sheet::NotebookError;

use self::{
    lines::Reader,
    sheet::{Sheet, read_sheets},
};

/// What helps to read a notebook.
pub struct Hints<'a> {
    /// The year it is about: completes dates that tell none.
    pub year: Option<i32>,
    /// The names of the association that keeps it.
    pub own_names: &'a [String],
    /// Whether a text is the name of a member.
    pub is_member: &'a dyn Fn(&str) -> bool,
    /// What somebody said about columns.
    pub mappings: &'a [Mapping],
    pub language: Language,
}

/// A notebook, read.
#[derive(Debug, Default)]
pub struct ReadNotebook {
    /// The lines that could be read, as values. Their `row` is their place in `rows`.
    pub notebook: Notebook,
    /// Every row of the file, in its order.
    pub rows: Vec<ReadRow>,
    /// What is worth knowing about the file as a whole.
    pub notes: Vec<String>,
    /// The columns of each table, for `--map` and for those who wonder.
    pub columns: Vec<String>,
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// The sheet, where a workbook has several.
    pub sheet: Option<String>,
    /// The line of the file, or the row of the sheet, from 1.
    pub number: u64,
    /// What it is.
    pub outcome: Outcome,
    /// How it was read, where that is not obvious.
    pub notes: Vec<String>,
    /// The cells as they stand, for a person to recognise the row.
    pub text: String,
}

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A line: its place among the notebook's.
    Said(usize),
    /// A line that cannot be read, and why.
    Unreadable(String),
    /// No line, and what it is instead.
    Ignored(String),
}

/// A file's cells, and what its titles say.
#[derive(Debug)]
pub struct File {
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
