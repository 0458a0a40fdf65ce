//! What reading a notebook takes, and what it gives: every row accounted for.

use ledger::{Language, reconcile::Notebook};

use super::field::Mapping;

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
    pub meaning: RowMeaning,
    /// How it was read, where that is not obvious.
    pub notes: Vec<String>,
    /// The cells as they stand, for a person to recognise the row.
    pub text: String,
}

/// What a row is, once it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowMeaning {
    /// A line: its place among the notebook's.
    Said(usize),
    /// A line that cannot be read, and why.
    Unreadable(String),
    /// No line, and what it is instead.
    Ignored(String),
}
