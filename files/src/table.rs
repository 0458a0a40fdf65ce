//! Reads a table that somebody typed or exported, without asking how it was saved.
//!
//! The file itself tells its encoding (UTF-8, UTF-16 with its mark, otherwise Windows-1252) and its separator (`;`
//! `,` `|` or tab). The first line that is not blank is the header. Cells stay as they were written, and each row
//! knows its line in the file, so that whoever refuses a row can point at it and give it back.
//!
//! Not the `csv` crate: it takes an unclosed quote for the rest of the file without a word, and the lines it counts
//! are not those that a text editor shows. It does write what we give back.

mod kind;
mod error;
mod encoding;
mod accents;
mod decode;
mod cell;
mod records;
mod separator;

use std::{fs, io, path::Path};

use ledger::Language;

pub use cell::harmless;
pub(crate) use cell::{plain, said, with_first_zero};
pub use encoding::Encoding;
pub use error::TableError;
pub use kind::BinaryKind;
pub(crate) use records::Cells;
pub use records::Row;

use self::{
    decode::decode,
    records::Records,
    separator::{likely_separator, separated, usual_separator},
};

/// A table: one header, and rows of as many cells.
#[derive(Debug)]
pub struct Table {
    /// The names of the columns, trimmed; some may be empty.
    pub header: Vec<String>,
    /// The rows that hold something, in the order of the file.
    pub rows: Vec<Row>,
    /// Rows with more cells than the header: nobody knows which cell belongs where.
    pub ragged: Vec<Row>,
    /// Rows above the header: titles, as a rule.
    pub above: Vec<Row>,
    /// How the file was encoded.
    pub encoding: Encoding,
    /// What stands between two cells.
    pub separator: u8,
}

/// The name of a column that the file does not have, and its cell for each row.
pub type ExtraColumn<'a> = (&'a str, &'a dyn Fn(&Row) -> String);

impl Table {
    /// Reads a file; its bytes come along, for whoever keeps their digest as evidence.
    pub fn read(path: &Path) -> Result<(Vec<u8>, Self), TableError> {
        let bytes = read_bytes(path)?;
        let table = Self::from_bytes(&bytes)?;
        Ok((bytes, table))
    }

    /// Reads what a file holds; its first line that is not blank is the header.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TableError> {
        Self::under(bytes, &|_| 0)
    }

    /// Reads what a file holds below its titles: of its first lines, the one whose names are rated highest is the header;
    /// where none is rated above 0, the first that is not blank.
    pub fn under(bytes: &[u8], rate: &dyn Fn(&[String]) -> usize) -> Result<Self, TableError> {
        let (text, encoding) = decode(bytes)?;
        let cut = |guess: fn(&str) -> u8| {
            let (separator, line, rest) = separated(&text, guess);
            Self::of_rows(Records { rest, line, separator }, rate, (encoding, separator))
        };
        let table = cut(likely_separator);
        if table.as_ref().is_ok_and(|table| rate(&table.header) > 0) {
            return table;
        }
        // A title alone in its line says nothing of what separates the cells below.
        let below_title = cut(usual_separator).ok().filter(|table| rate(&table.header) > 0);
        below_title.map_or(table, Ok)
    }

    /// The table of a sheet's rows, as a text in UTF-8 would have it.
    pub(crate) fn of_sheet(
        rows: impl Iterator<Item = (u64, Cells)>,
        rate: &dyn Fn(&[String]) -> usize,
    ) -> Result<Self, TableError> {
        let rows = rows.map(|(line, cells)| Ok(Row::new(line, cells)));
        Self::of_rows(rows, rate, (Encoding::Utf8, b';'))
    }

    fn of_rows(
        rows: impl Iterator<Item = Result<Row, TableError>>,
        rate: &dyn Fn(&[String]) -> usize,
        (encoding, separator): (Encoding, u8),
    ) -> Result<Self, TableError> {
        /// Titles stand no deeper.
        const OPENING_ROWS: usize = 15;
        let mut filled = rows.filter(|row| row.as_ref().map_or(true, |row| row.width() > 0));
        let mut opening = filled.by_ref().take(OPENING_ROWS).collect::<Result<Vec<Row>, _>>()?;
        if opening.is_empty() {
            return Err(TableError::Empty);
        }
        // Of several that are rated alike, the first.
        let at = (0..opening.len()).rev().max_by_key(|at| rate(&opening[*at].names())).unwrap_or(0);
        let below = opening.split_off(at + 1);
        let header = opening.pop().map(|row| row.names()).unwrap_or_default();
        let (mut rows, mut ragged) = (Vec::new(), Vec::new());
        for row in below.into_iter().map(Ok).chain(filled) {
            let row = row?;
            if row.width() > header.len() {
                ragged.push(row);
            } else {
                rows.push(row.fit(header.len()));
            }
        }
        if header.len() == 1 && rows.is_empty() && ragged.is_empty() {
            return Err(TableError::NoHeader { found: header.concat().chars().take(60).collect() });
        }
        Ok(Self { header, rows, ragged, above: opening, encoding, separator })
    }

    /// The same table with a column more, in which every row says the same.
    pub(crate) fn with_column(mut self, name: &str, cell: &str) -> Self {
        self.header.push(name.to_owned());
        self.rows = self.rows.into_iter().map(|row| row.with(cell)).collect();
        self
    }

    /// Says that a row has too many cells, and what often is the cause.
    pub fn why_ragged(&self, row: &Row, language: Language) -> String {
        let (found, expected) = (row.width(), self.header.len());
        let separator = match self.separator {
            b'\t' => language.pick("tabulation", "tab").to_owned(),
            separator => char::from(separator).to_string(),
        };
        let hint = match self.separator {
            b',' => language.pick(
                "une virgule, peut-être celle de « 2,5 », a coupé une cellule en deux : écrivez \"2,5\" entre guillemets",
                "a comma, perhaps that of “2,5”, has cut a cell in two: write \"2,5\" in quotes",
            ).to_owned(),
            _ => language.pick(
                format!("le séparateur « {separator} » a coupé une cellule en deux : mettez-la entre guillemets"),
                format!("the separator “{separator}” has cut a cell in two: put it in quotes"),
            ),
        };
        language.pick(
            format!("{found} cellules pour {expected} titres ; {hint}"),
            format!("{found} cells for {expected} names in the header; {hint}"),
        )
    }

    /// Writes the header and some of the rows as they were, with one more column if wished: what was refused, and
    /// why, ready to be corrected and brought again.
    ///
    /// Always in UTF-8 with a byte order mark, whatever the file was in: without the mark, spreadsheets on Windows
    /// take it for Windows-1252 and mangle every accent.
    pub fn write_rows<'a>(
        &self,
        rows: impl Iterator<Item = &'a Row>,
        extra_column: Option<ExtraColumn<'_>>,
        out: &mut impl io::Write,
    ) -> io::Result<()> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .delimiter(self.separator)
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let extra_name = extra_column.map(|(name, _)| name);
        let header = self.header.iter().map(String::as_str).chain(extra_name);
        writer.write_record(header.map(|name| harmless(name).into_owned()))?;
        for row in rows {
            let extra_cell = extra_column.map(|(_, cell)| cell(row));
            let cells = row.cells.iter().chain(extra_cell.as_deref()).map(|cell| harmless(cell).into_owned());
            writer.write_record(cells)?;
        }
        writer.flush()
    }
}

/// A table that a French spreadsheet opens: in UTF-8 with its mark, semicolons between cells, formulas made harmless.
pub(crate) fn written<R>(rows: impl IntoIterator<Item = R>) -> io::Result<Vec<u8>>
where
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| harmless(cell.as_ref()).into_owned()))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// A file's bytes.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, TableError> {
    fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => TableError::NotFound,
        io::ErrorKind::IsADirectory => TableError::IsADirectory,
        _ => TableError::Unreadable(error.to_string()),
    })
}

/// How a text is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// How it is encoded.
    pub encoding: Encoding,
    /// What stands between two cells.
    pub separator: u8,
}

/// Hands over every line of a text, cut into cells and with its number, blank ones too; none is taken for a header, since
/// a notebook has titles above its table.
pub(crate) fn for_each_line<E: From<TableError>>(
    bytes: &[u8],
    mut take: impl FnMut(u64, &Cells) -> Result<(), E>,
) -> Result<Manner, E> {
    let (text, encoding) = decode(bytes)?;
    let (separator, line, rest) = separated(&text, usual_separator);
    for row in (Records { rest, line, separator }) {
        let row = row?;
        take(row.line, &row.cells)?;
    }
    Ok(Manner { encoding, separator })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was read, on one line: encoding, separator, header, then each row with its line.
    fn told(bytes: &[u8]) -> String {
        match Table::from_bytes(bytes) {
            Err(error) => format!("{error:?}"),
            Ok(Table { header, rows, ragged, encoding, separator, .. }) => {
                let cells = |row: &Row| row.cells.iter().collect::<Vec<_>>().join("|");
                let header = format!("{encoding:?} {:?} {}", char::from(separator), header.join("|"));
                let rows = rows.iter().map(|row| format!("{} {}", row.line, cells(row)));
                let ragged = ragged.iter().map(|row| format!("{} ! {}", row.line, cells(row)));
                std::iter::once(header).chain(rows).chain(ragged).collect::<Vec<_>>().join(" / ")
            }
        }
    }

    #[test]
    fn reads_files_as_people_make_them() {
        let utf16: Vec<u8> = "\u{feff}nom;durée\nÉlan;2h\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let cases: &[(&[u8], &str)] = &[
            (b"a;b\n1;2\n", "Utf8 ';' a|b / 2 1|2"),
            (b"a,b\r\n1,2\r\n3,4", "Utf8 ',' a|b / 2 1|2 / 3 3|4"),
            (b"a\tb\r1\t2\r", "Utf8 '\\t' a|b / 2 1|2"),
            (b"a|b\n1|2\n", "Utf8 '|' a|b / 2 1|2"),
            (b"\xef\xbb\xbfa;b\n1;2", "Utf8WithMark ';' a|b / 2 1|2"),
            (b"nom;dur\xe9e\n\xc9lan;2\x80", "Windows1252 ';' nom|durée / 2 Élan|2€"),
            (&utf16, "Utf16 ';' nom|durée / 2 Élan|2h"),
            // Decimal commas, and commas in a name, do not make a comma the separator.
            (b"date;heures\n1;2,5\n2;1,5", "Utf8 ';' date|heures / 2 1|2,5 / 3 2|1,5"),
            (b"d;h (h,mn);m\n1;2,5;\n2;1,5;x", "Utf8 ';' d|h (h,mn)|m / 2 1|2,5| / 3 2|1,5|x"),
            (b"a,b\n1,\"x;y;z\"\n2,\"x;y\"", "Utf8 ',' a|b / 2 1|x;y;z / 3 2|x;y"),
            (b"sep=|\r\na|b;c\r\n1|2\r\n", "Utf8 '|' a|b;c / 3 1|2"),
            (b"\"sep=,\"\r\na,b\r\n1,2\r\n", "Utf8 ',' a|b / 3 1|2"),
            (b"SEP=;;;\na;b\n1;2\n", "Utf8 ';' a|b / 3 1|2"),
            (b"sep=\t\na\tb\n1\t2\n", "Utf8 '\\t' a|b / 3 1|2"),
            (b"sep=\\t\na\tb\n1\t2\n", "Utf8 '\\t' a|b / 3 1|2"),
            (b"sep =\na;b\n1;2\n", "Utf8 ';' a|b / 3 1|2"),
            (b"sep=,\na;b\n1;2\n", "Utf8 ';' a|b / 3 1|2"),
            (b"separation;b\n1;2\n", "Utf8 ';' separation|b / 2 1|2"),
            (b"\xef\xbb\xbfsep=;\n\xef\xbb\xbf\"a\";b\n1;2", "Utf8WithMark ';' a|b / 3 1|2"),
            (b"\xef\xbb\xbf\xef\xbb\xbf\"a\";\"b\"\n1;2", "Utf8WithMark ';' a|b / 2 1|2"),
            (b"nom\nClub d'\x8et\x8e\n", "MacRoman ';' nom / 2 Club d'été"),
            (b"nom;n\nClub d'\x82t\x82 \x85 Jo;1\n", "CodePage850 ';' nom|n / 2 Club d'été à Jo|1"),
            // What spreadsheets put around a text to leave it as it is.
            (b"a;b\n=\"01;2\";'03\n", "Utf8 ';' a|b / 2 01;2|03"),
            // One column is a table too.
            (b"nom\nLes Amis, de Foix\nRadio", "Utf8 ';' nom / 2 Les Amis, de Foix / 3 Radio"),
            // Blank lines, blank rows, short rows, and cells that a spreadsheet left behind.
            (b"\n ;;\n a ;b;;\n\n1;2;;\n;;;\n3\n", "Utf8 ';' a|b / 5 1|2 / 7 3|"),
            // A row with too many cells is set apart, whole.
            (b"a;b\n1;2;3\n4;5\n", "Utf8 ';' a|b / 3 4|5 / 2 ! 1|2|3"),
            // Quotes: around separators, lines and quotes; after blanks; or just part of a name.
            (b"a;b\n\"1;\n2\";\"x \"\"y\"\"\"\n3;4", "Utf8 ';' a|b / 2 1;\n2|x \"y\" / 4 3|4"),
            (b"a, b\n\"1\" , \"2,3\"\n", "Utf8 ',' a|b / 2 1|2,3"),
            (b"a;b\n\"Les Amis\" de Foix;12\"\n", "Utf8 ';' a|b / 2 \"Les Amis\" de Foix|12\""),
        ];
        for (bytes, expected) in cases {
            assert_eq!(told(bytes), *expected);
        }
    }

    #[test]
    fn says_why_a_file_is_no_table() {
        let late_nul = [b"a;b\n".repeat(300).as_slice(), b"1;\0\n"].concat();
        let cases: &[(&[u8], &str, &str)] = &[
            (b"", "Empty", "ce fichier est vide"),
            (b" \n;;\n\t\n", "Empty", "ce fichier est vide"),
            (
                b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml",
                "Binary { kind: Xlsx }",
                "c'est un classeur Excel (.xlsx) ; enregistrez-le en CSV",
            ),
            (
                b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "Binary { kind: Ods }",
                "LibreOffice",
            ),
            (b"PK\x03\x04..hello.txt", "Binary { kind: Zip }", ".zip"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "Binary { kind: Xls }", "(.xls)"),
            (b"\x1f\x8b\x08", "Binary { kind: Gzip }", ".gz"),
            (b"%PDF-1.7", "Binary { kind: Pdf }", "PDF"),
            (b"\x89PNG\r\n", "Binary { kind: Image }", "image"),
            (b"abc\0def", "Binary { kind: Unknown { offset: 3 } }", "position 3"),
            (&late_nul, "HalfBinary { line: 301 }", "la ligne 301"),
            (b"a;b\n\x01\x02\x03\x04;2\n", "HalfBinary { line: 2 }", "la ligne 2"),
            (b"\xef\xbb\xbfa;b\n1;\xff\n", "HalfBinary { line: 2 }", "la ligne 2"),
            (b"bonjour\n", "NoHeader { found: \"bonjour\" }", "« bonjour »"),
            // One letter pasted from elsewhere must not have the whole file read as Windows-1252.
            (
                "nom;mémo\nÉlan;à\nJanz".as_bytes().iter().chain(b"\xe9;x\n").copied().collect::<Vec<_>>().leak(),
                "StrayByte { line: 3, byte: 233 }",
                "la ligne 3 contient un « é » écrit autrement (octet E9)",
            ),
            // Half of the file in UTF-8, half in something else.
            (b"nom\n\xc3\xa9t\xe9 \xe9\n", "UnknownAccents", "Windows-1252, MacRoman ou CP850"),
            (b"nom\n\x8ecole\n", "UnknownAccents", "Windows-1252, MacRoman ou CP850"),
            (b"a;b\n1;\"2\n3;4\n", "UnclosedQuote { line: 2 }", "la ligne 2 ouvre un guillemet"),
            // A later quote closes it by accident: the lines between must not vanish into one cell.
            (b"a;b\n1;\"x\n2;y\n3;\"z\"\n", "UnclosedQuote { line: 2 }", "la ligne 2"),
        ];
        for (bytes, expected, words) in cases {
            assert_eq!(told(bytes), *expected);
            let error = Table::from_bytes(bytes).unwrap_err();
            assert!(error.in_words(Language::French).contains(words), "{error:?}");
            assert!(!error.in_words(Language::English).is_empty());
        }
        let read = |path: &str| Table::read(Path::new(path)).unwrap_err();
        assert_eq!(read("/nowhere/at/all.csv"), TableError::NotFound);
        assert_eq!(read("/"), TableError::IsADirectory);
    }

    #[test]
    fn gives_rows_back_as_they_were() {
        let table = Table::from_bytes(b"nom;m\xe9mo\nA;\"x;y\"\nB;z\n").unwrap();
        let reason = |row: &Row| format!("ligne {} : {} ?", row.line, row.cell(Some(0)));
        let mut out = Vec::new();
        table.write_rows(table.rows.iter().take(1), Some(("motif", &reason)), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\u{feff}nom;mémo;motif\r\nA;\"x;y\";ligne 2 : A ?\r\n");
        assert_eq!(told(text.as_bytes()), "Utf8WithMark ';' nom|mémo|motif / 2 A|x;y|ligne 2 : A ?");
    }

    #[test]
    fn reads_long_files() {
        let text = "date;de;à\n".to_owned() + &"30/05/2025;Les Amis;\"Élan\"\n".repeat(100_000);
        let table = Table::from_bytes(text.as_bytes()).unwrap();
        assert_eq!(table.rows.len(), 100_000);
        assert_eq!(table.rows[99_999].line, 100_001);
        assert_eq!(table.rows[99_999].cell(Some(2)), "Élan");
        assert_eq!(table.rows[0].cell(None), "");
    }
}
