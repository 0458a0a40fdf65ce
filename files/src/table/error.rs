//! Why a file is not a table.

use encoding_rs::WINDOWS_1252;
use ledger::Language;

use super::kind::BinaryKind;

/// Why a file is not a table.
#[derive(Debug, PartialEq, Eq)]
pub enum TableError {
    /// There is no such file.
    NotFound,
    /// It is a folder.
    IsADirectory,
    /// It does not let itself be read, in the system's own words.
    Unreadable(String),
    /// Nothing is in it.
    Empty,
    /// It holds no text.
    Binary {
        /// What it is instead.
        kind: BinaryKind,
    },
    /// It holds text up to a line that is damaged.
    HalfBinary {
        /// That line.
        line: u64,
    },
    /// It holds one cell and nothing else.
    NoHeader {
        /// That cell.
        found: String,
    },
    /// A file in UTF-8 holds a byte that is none.
    StrayByte {
        /// The line of the first one.
        line: u64,
        /// The byte.
        byte: u8,
    },
    /// Its accents make sense in no encoding, or in several.
    UnknownAccents,
    /// A line has more cells than any spreadsheet has columns.
    TooWide {
        /// That line.
        line: u64,
        /// How many there may be.
        most: usize,
    },
    /// A quote is opened and not closed.
    UnclosedQuote {
        /// The line where it opens.
        line: u64,
    },
}

impl TableError {
    /// What was found and what would fit: a clause to put after the file's name.
    pub fn in_words(&self, language: Language) -> String {
        let (french, english) = match self {
            Self::NotFound => (
                "ce fichier n'existe pas ; vérifiez son nom et son dossier".to_owned(),
                "there is no such file; check its name and its folder".to_owned(),
            ),
            Self::IsADirectory => {
                ("c'est un dossier ; donnez un fichier CSV".to_owned(), "this is a folder; give a CSV file".to_owned())
            }
            Self::Unreadable(why) => (
                format!("ce fichier ne se laisse pas lire ({why}) ; vérifiez que vous y avez accès"),
                format!("this file cannot be read ({why}); check that you have access to it"),
            ),
            Self::Empty => (
                "ce fichier est vide ; il faut une ligne de titres, puis une ligne par entrée".to_owned(),
                "this file is empty; it needs a line of column names, then one line per entry".to_owned(),
            ),
            Self::Binary { kind } => kind.in_words(),
            Self::HalfBinary { line } => (
                format!("la ligne {line} n'est pas du texte, le fichier est abîmé ; enregistrez-le de nouveau en CSV"),
                format!("line {line} is not text, the file is damaged; save it as CSV again"),
            ),
            Self::NoHeader { found } => (
                format!("ce fichier ne contient que « {found} » ; il faut une ligne de titres, puis des lignes"),
                format!("this file holds only “{found}”; it needs a line of column names, then lines below"),
            ),
            Self::StrayByte { line, byte } => {
                let (letter, _, _) = WINDOWS_1252.decode(std::slice::from_ref(byte));
                (
                    format!(
                        "la ligne {line} contient un « {letter} » écrit autrement (octet {byte:02X}) que le reste du fichier, qui est en UTF-8 ; corrigez-le, puis enregistrez le fichier de nouveau en UTF-8"
                    ),
                    format!(
                        "line {line} holds a “{letter}” that is written otherwise (byte {byte:02X}) than the rest of the file, which is UTF-8; mend it, then save the file again as UTF-8"
                    ),
                )
            }
            Self::UnknownAccents => (
                "les accents de ce fichier ne disent pas en quel encodage il est (Windows-1252, MacRoman ou CP850 ?) ; enregistrez-le de nouveau en « CSV UTF-8 »".to_owned(),
                "the accents of this file do not tell its encoding (Windows-1252, MacRoman or CP850?); save it again as “CSV UTF-8”".to_owned(),
            ),
            Self::TooWide { line, most } => (
                format!("la ligne {line} a plus de {most} cellules, plus qu'un tableur n'a de colonnes ; enregistrez de nouveau la feuille en CSV"),
                format!("line {line} has more than {most} cells, more than a spreadsheet has columns; save the sheet as CSV again"),
            ),
            Self::UnclosedQuote { line } => (
                format!("la ligne {line} ouvre un guillemet (\") qui n'est pas refermé ; refermez-le ou enlevez-le"),
                format!("line {line} opens a quote (\") that is not closed; close it or take it away"),
            ),
        };
        language.pick(french, english)
    }
}
