//! What a file is that holds no text.

/// What a file is that holds no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryKind {
    /// An Excel workbook.
    Xlsx,
    /// An old Excel workbook.
    Xls,
    /// A `LibreOffice` workbook.
    Ods,
    /// An archive.
    Zip,
    /// A compressed file.
    Gzip,
    /// A PDF.
    Pdf,
    /// A picture.
    Image,
    /// Who knows.
    Unknown {
        /// How many bytes stand before its first NUL.
        offset: usize,
    },
}

impl BinaryKind {
    /// Whether it has sheets and cells.
    pub fn is_workbook(self) -> bool {
        match self {
            Self::Xlsx | Self::Xls | Self::Ods => true,
            Self::Zip | Self::Gzip | Self::Pdf | Self::Image | Self::Unknown { .. } => false,
        }
    }

    /// Recognises a file by its first bytes, and an archive by what is in it.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const OPENINGS: [(&[u8], BinaryKind); 7] = [
            (b"PK\x03\x04", BinaryKind::Zip),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", BinaryKind::Xls),
            (b"\x1f\x8b", BinaryKind::Gzip),
            (b"%PDF-", BinaryKind::Pdf),
            (b"\x89PNG", BinaryKind::Image),
            (b"\xff\xd8\xff", BinaryKind::Image),
            (b"GIF8", BinaryKind::Image),
        ];
        let holds = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
        match OPENINGS.iter().find(|(opening, _)| bytes.starts_with(opening))?.1 {
            Self::Zip if holds(b"xl/workbook") => Some(Self::Xlsx),
            Self::Zip if holds(b"opendocument.spreadsheet") => Some(Self::Ods),
            kind => Some(kind),
        }
    }

    /// "This is …", in French and in English.
    pub(super) fn in_words(self) -> (String, String) {
        let (french, english) = match self {
            Self::Xlsx => ("un classeur Excel (.xlsx) ; enregistrez-le", "an Excel workbook (.xlsx); save it"),
            Self::Xls => ("un ancien classeur Excel (.xls) ; enregistrez-le", "an old Excel workbook (.xls); save it"),
            Self::Ods => ("un classeur LibreOffice (.ods) ; enregistrez-le", "a LibreOffice workbook (.ods); save it"),
            Self::Zip => ("une archive (.zip) ; sortez-en le fichier", "an archive (.zip); take out the file saved"),
            Self::Gzip => {
                ("un fichier compressé (.gz) ; donnez le fichier", "a compressed file (.gz); give the file saved")
            }
            Self::Pdf => ("un PDF ; donnez le tableau", "a PDF; give the table saved"),
            Self::Image => ("une image ; donnez un tableau", "a picture; give a table saved"),
            Self::Unknown { offset } => {
                return (
                    format!("ce n'est pas du texte (octet nul en position {offset}) ; donnez un fichier CSV"),
                    format!("this is not text (a NUL byte at offset {offset}); give a CSV file"),
                );
            }
        };
        (format!("c'est {french} en CSV"), format!("this is {english} as CSV"))
    }
}
