//! A notebook, read: its lines, and what became of every row.

use ledger::reconcile::Notebook;

/// A notebook, read.
#[derive(Debug, Default)]
pub struct ReadNotebook {
    /// The lines that could be read, as values. Their `row` is their place in `rows`.
    pub notebook: Notebook,
    /// Every row of the file, in its order.
    pub rows: Vec<ReadRow>,
    /// What is worth knowing about the file as a whole.
    pub notes: Vec<String>,
    /// What somebody has to answer before all hours of the file are told: as long as there is one, nothing agrees.
    pub questions: Vec<String>,
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
    /// A total that the lines above it do not reach, and what they make.
    Disagrees(String),
    /// No line, and what it is instead.
    Ignored(String),
}
