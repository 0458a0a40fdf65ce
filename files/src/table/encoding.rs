//! How the bytes of a file spell its text.

use ledger::Language;
use serde::{Deserialize, Serialize};

/// How the bytes of a file spell its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// As nearly everything today.
    Utf8,
    /// As spreadsheets on Windows save it.
    Utf8WithMark,
    /// As Excel saves "Unicode text".
    Utf16,
    /// As older spreadsheets save it.
    Windows1252,
    /// As the Macs of the last century saved it, and Excel for Mac still does when asked for "CSV (Macintosh)".
    MacRoman,
    /// As MS-DOS had it, and Excel saves "CSV (MS-DOS)".
    CodePage850,
}

impl Encoding {
    /// What is worth knowing about the file: that its letters were told from each other by what they make of words.
    pub fn note(self, language: Language) -> Option<String> {
        let (name, french, english) = match self {
            Self::Utf8 | Self::Utf8WithMark | Self::Utf16 => return None,
            Self::Windows1252 => {
                ("Windows-1252", "l'encodage des anciens tableurs", "the encoding of older spreadsheets")
            }
            Self::MacRoman => ("MacRoman", "l'encodage des anciens Macintosh", "the encoding of older Macintoshes"),
            Self::CodePage850 => ("CP850", "l'encodage de MS-DOS", "the encoding of MS-DOS"),
        };
        Some(language.pick(format!("fichier lu en {name}, {french}"), format!("file read as {name}, {english}")))
    }
}
