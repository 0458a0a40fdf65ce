//! Why a file is not a notebook.

use ledger::Language;

use super::field::Field;
use crate::{
    cells::CellsError,
    remedy::{Remedies, Remedy},
};

/// Why a file is not a notebook.
#[derive(Debug, PartialEq, Eq)]
pub enum NotebookError {
    /// Its cells cannot be had.
    Cells(CellsError),
    /// No table is recognised.
    NoTable {
        /// How it begins.
        found: String,
    },
    /// No column of durations is recognised.
    NoDuration {
        /// The names of the columns.
        columns: Vec<String>,
    },
    /// No column of partners is recognised.
    NoPartner {
        /// The names of the columns.
        columns: Vec<String>,
    },
    /// No column of dates is recognised.
    NoDate {
        /// The names of the columns.
        columns: Vec<String>,
    },
    /// Two columns may be meant.
    TwoColumns {
        /// What is looked for.
        field: Field,
        /// Their names.
        columns: [String; 2],
    },
    /// None of the sheets has the name that somebody said.
    NoSuchSheet {
        /// What they called it.
        wanted: String,
        /// The names of the sheets.
        sheets: Vec<String>,
    },
    /// Somebody said what a column means that is not there.
    NoSuchColumn {
        /// What they called it.
        wanted: String,
        /// The names of the columns.
        columns: Vec<String>,
    },
}

impl NotebookError {
    /// What was found and what would fit: a clause to put after the file's name.
    pub fn in_words(&self, language: Language, remedies: Remedies) -> String {
        let remedy = |remedy| remedies(remedy, language);
        let listed = |columns: &[String]| columns.join(", ");
        let none_of = |french: &str, english: &str, columns: &[String], wanted: Remedy| {
            let (listed, remedy) = (listed(columns), remedy(wanted));
            (
                format!("aucune colonne de {french} n'y est reconnue ; les colonnes : {listed}. {remedy}"),
                format!("no column of {english} is recognised in it; the columns: {listed}. {remedy}"),
            )
        };
        let (french, english) = match self {
            Self::Cells(error) => return error.in_words(language),
            Self::NoTable { found } => (
                format!(
                    "aucun tableau n'y est reconnu ; la première ligne dit : « {found} ». {}",
                    remedy(Remedy::NameColumns)
                ),
                format!(
                    "no table is recognised in it; the first line says: “{found}”. {}",
                    remedy(Remedy::NameColumns)
                ),
            ),
            Self::NoDuration { columns } => none_of("durées", "durations", columns, Remedy::NameDurations),
            Self::NoPartner { columns } => none_of("partenaires", "partners", columns, Remedy::NamePartners),
            Self::NoDate { columns } => none_of("dates", "dates", columns, Remedy::NameDates),
            Self::TwoColumns { field, columns: [one, other] } => {
                let (word, remedy) = (field.word(language), remedy(Remedy::SayWhichColumn));
                (
                    format!("deux colonnes peuvent être « {word} » : « {one} » et « {other} ». {remedy}"),
                    format!("two columns may be “{word}”: “{one}” and “{other}”. {remedy}"),
                )
            }
            Self::NoSuchSheet { wanted, sheets } => (
                format!("pas de feuille « {wanted} » ; les feuilles : {}", listed(sheets)),
                format!("no sheet “{wanted}”; the sheets: {}", listed(sheets)),
            ),
            Self::NoSuchColumn { wanted, columns } => (
                format!("pas de colonne « {wanted} » ; les colonnes : {}", listed(columns)),
                format!("no column “{wanted}”; the columns: {}", listed(columns)),
            ),
        };
        language.pick(french, english)
    }
}
