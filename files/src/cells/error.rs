//! Why the cells of a file cannot be had.

use ledger::Language;

use super::limits::{MOST_MEGABYTES, MOST_SECONDS};
use crate::table::TableError;

/// Why the cells of a file cannot be had.
#[derive(Debug, PartialEq, Eq)]
pub enum CellsError {
    /// It is no text that has lines and cells.
    Table(TableError),
    /// It is far too large.
    TooLarge {
        /// Its size.
        megabytes: u64,
    },
    /// It is small, and would come to more than a table of people does.
    Swollen,
    /// Reading it takes longer than any table of people does.
    Endless,
    /// A password locks it.
    Locked,
    /// It is a workbook that cannot be read, in the reader's words.
    Damaged(String),
    /// What reads workbooks did not start, in the system's words.
    NoReader(String),
    /// Nothing is in it.
    Empty,
}

impl From<TableError> for CellsError {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

impl CellsError {
    /// What was found and what would fit: a clause to put after the file's name.
    pub fn in_words(&self, language: Language) -> String {
        let (french, english) = match self {
            Self::Table(error) => return error.in_words(language),
            Self::TooLarge { megabytes } => (
                format!("ce fichier pèse {megabytes} Mo, un fichier de lignes en pèse {MOST_MEGABYTES} au plus"),
                format!("this file weighs {megabytes} MB, a file of lines weighs {MOST_MEGABYTES} at most"),
            ),
            Self::Swollen => (
                "ce fichier prétend à plus de cellules ou de texte qu'il n'est possible d'en lire ; enregistrez en CSV les seules lignes qui comptent".to_owned(),
                "this file claims more cells or text than can be read; save only the lines that matter, as CSV".to_owned(),
            ),
            Self::Endless => (
                format!("ce classeur demande plus de {MOST_SECONDS} secondes de lecture ; enregistrez en CSV les seules lignes qui comptent"),
                format!("this workbook takes more than {MOST_SECONDS} seconds to read; save only the lines that matter, as CSV"),
            ),
            Self::Locked => (
                "ce classeur est protégé par un mot de passe ; enregistrez-le sans mot de passe".to_owned(),
                "this workbook is protected by a password; save it without one".to_owned(),
            ),
            Self::Damaged(why) => (
                format!("ce classeur ne se laisse pas lire ({why}) ; enregistrez-le de nouveau, ou en CSV"),
                format!("this workbook cannot be read ({why}); save it again, or as CSV"),
            ),
            Self::NoReader(why) => (
                format!("la lecture des classeurs n'a pas pu démarrer ({why}) ; enregistrez la feuille en CSV"),
                format!("reading workbooks could not start ({why}); save the sheet as CSV"),
            ),
            Self::Empty => (
                "ce fichier ne contient rien ; il faut une ligne de titres, puis une ligne par échange".to_owned(),
                "this file holds nothing; it needs a line of column names, then a line per exchange".to_owned(),
            ),
        };
        language.pick(french, english)
    }
}
