//! Reads a table that somebody typed or exported, without asking how it was saved.
//!
//! The file itself tells its encoding (UTF-8, UTF-16 with its mark, otherwise Windows-1252) and its separator (`;`
//! `,` `|` or tab). The first line that is not blank is the header. Cells stay as they were written, and each row
//! knows its line in the file, so that whoever refuses a row can point at it and give it back.
//!
//! Not the `csv` crate: it takes an unclosed quote for the rest of the file without a word, and the lines it counts
//! are not those that a text editor shows. It does write what we give back.

use std::{borrow::Cow, fs, io, path::Path};

use csv::StringRecord;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use ledger::Language;

/// A table: one header, and rows of as many cells.
#[derive(Debug)]
pub struct Table {
    /// The names of the columns, trimmed; some may be empty.
    pub header: Vec<String>,
    /// The rows that hold something, in the order of the file.
    pub rows: Vec<Row>,
    /// Rows with more cells than the header: nobody knows which cell belongs where.
    pub ragged: Vec<Row>,
    /// How the file was encoded.
    pub encoding: Encoding,
    /// What stands between two cells.
    pub separator: u8,
}

/// One row, with exactly one cell for each column of the header.
#[derive(Debug)]
pub struct Row {
    /// The line of the file where the row starts, from 1, as a text editor shows it.
    pub line: u64,
    cells: StringRecord,
}

/// The name of a column that the file does not have, and its cell for each row.
pub type ExtraColumn<'a> = (&'a str, &'a dyn Fn(&Row) -> String);

/// How the bytes of a file spell its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16,
    Windows1252,
}

/// Why a file is not a table.
///
/// `Unreadable` has the system's own words, `NoHeader` the only cell there is. `UnclosedQuote` names the line where the
/// quote opens, `StrayByte` the line of the first byte that is no UTF-8 in a file that is.
#[derive(Debug, PartialEq, Eq)]
pub enum TableError {
    NotFound,
    IsADirectory,
    Unreadable(String),
    Empty,
    Binary { kind: BinaryKind },
    HalfBinary { line: u64 },
    NoHeader { found: String },
    StrayByte { line: u64, byte: u8 },
    UnclosedQuote { line: u64 },
}

/// What a file is that holds no text; where that is unknown, how many bytes before its first NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryKind {
    Xlsx,
    Xls,
    Ods,
    Zip,
    Gzip,
    Pdf,
    Image,
    Unknown { offset: usize },
}

impl Table {
    /// Reads a file; its bytes come along, for whoever keeps their digest as evidence.
    pub fn read(path: &Path) -> Result<(Vec<u8>, Self), TableError> {
        let bytes = read_bytes(path)?;
        let table = Self::from_bytes(&bytes)?;
        Ok((bytes, table))
    }

    /// Reads what a file holds.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TableError> {
        let (text, encoding) = decode(bytes)?;
        let (separator, line, rest) = match declared_separator(&text) {
            Some((separator, rest)) => (separator, 2, rest),
            None => (likely_separator(&text), 1, &*text),
        };
        let mut records = Records { rest, line, separator };

        let header = loop {
            let row = records.next().ok_or(TableError::Empty)??;
            if row.width() > 0 {
                break row.cells.iter().take(row.width()).map(|name| name.trim().to_owned()).collect::<Vec<_>>();
            }
        };
        let (mut rows, mut ragged) = (Vec::new(), Vec::new());
        for row in records {
            let row = row?;
            match row.width() {
                0 => {}
                width if width > header.len() => ragged.push(row),
                _ => rows.push(row.fit(header.len())),
            }
        }
        if header.len() == 1 && rows.is_empty() && ragged.is_empty() {
            return Err(TableError::NoHeader { found: header.concat().chars().take(60).collect() });
        }
        Ok(Self { header, rows, ragged, encoding, separator })
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
        writer.write_record(self.header.iter().map(String::as_str).chain(extra_name))?;
        for row in rows {
            let extra_cell = extra_column.map(|(_, cell)| cell(row));
            writer.write_record(row.cells.iter().chain(extra_cell.as_deref()))?;
        }
        writer.flush()
    }
}

/// A file's bytes.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, TableError> {
    fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => TableError::NotFound,
        io::ErrorKind::IsADirectory => TableError::IsADirectory,
        _ => TableError::Unreadable(error.to_string()),
    })
}

/// Every line of a file cut into cells, blank ones too, without taking any for a header: a notebook has titles above
/// its table.
pub fn all_lines(bytes: &[u8]) -> Result<(Vec<(u64, StringRecord)>, Encoding), TableError> {
    let (text, encoding) = decode(bytes)?;
    let (separator, line, rest) = match declared_separator(&text) {
        Some((separator, rest)) => (separator, 2, rest),
        None => (usual_separator(&text), 1, &*text),
    };
    let rows = Records { rest, line, separator }.map(|row| row.map(|row| (row.line, row.cells)));
    Ok((rows.collect::<Result<_, _>>()?, encoding))
}

/// The separator that cuts most lines into the same number of cells, more than one.
fn usual_separator(text: &str) -> u8 {
    const LEAST_LIKELY_FIRST: [u8; 4] = *b"|,\t;";
    const LINES: usize = 300;
    let evenness = |separator: &u8| {
        let records = Records { rest: text, line: 1, separator: *separator };
        let mut widths = std::collections::BTreeMap::new();
        for row in records.map_while(Result::ok).take(LINES).filter(|row| row.cells.len() > 1) {
            *widths.entry(row.cells.len()).or_insert(0_usize) += 1;
        }
        widths.into_iter().map(|(width, lines)| (lines, width)).max()
    };
    LEAST_LIKELY_FIRST.into_iter().max_by_key(evenness).unwrap_or(b';')
}

impl Row {
    /// The cell in a column, trimmed; empty where there is no such column.
    pub fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.cells.get(column)).unwrap_or_default().trim()
    }

    /// How many cells there are up to the last that is not blank.
    fn width(&self) -> usize {
        (1..=self.cells.len()).rev().find(|&width| !self.cells[width - 1].trim().is_empty()).unwrap_or(0)
    }

    /// Gives the row as many cells as the header has. Blank cells beyond it are what spreadsheets leave behind.
    fn fit(mut self, expected: usize) -> Self {
        self.cells.truncate(expected);
        while self.cells.len() < expected {
            self.cells.push_field("");
        }
        self
    }
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
            Self::UnclosedQuote { line } => (
                format!("la ligne {line} ouvre un guillemet (\") qui n'est pas refermé ; refermez-le ou enlevez-le"),
                format!("line {line} opens a quote (\") that is not closed; close it or take it away"),
            ),
        };
        language.pick(french, english)
    }
}

impl BinaryKind {
    fn in_words(self) -> (String, String) {
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
}

/// Up to here, in bytes, a NUL says that the file never was text; further on, that it was damaged.
const OPENING_BYTES: usize = 1024;

/// How many control characters a line may hold: old programs leave a form feed or an end-of-file mark behind.
const CONTROLS_PER_LINE: usize = 3;

/// The text of a file. Its lines end in `\n` or `\r\n`; the lone `\r` of old Macs becomes `\n`.
fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), TableError> {
    if let Some(kind) = BinaryKind::of(bytes) {
        return Err(TableError::Binary { kind });
    }
    let (decoder, encoding) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((decoder, _)) if decoder == UTF_16LE || decoder == UTF_16BE => (decoder, Encoding::Utf16),
        Some(_) => (UTF_8, Encoding::Utf8WithMark),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, Encoding::Utf8),
        None => (WINDOWS_1252, Encoding::Windows1252),
    };
    let first_nul = bytes.iter().take(OPENING_BYTES).position(|&byte| byte == 0);
    if let Some(offset) = first_nul.filter(|_| encoding != Encoding::Utf16) {
        return Err(TableError::Binary { kind: BinaryKind::Unknown { offset } });
    }
    let (mut text, malformed) = decoder.decode_with_bom_removal(bytes);
    if text.contains('\r') && !text.contains('\n') {
        text = Cow::Owned(text.replace('\r', "\n"));
    }
    match (1..).zip(text.split('\n')).find(|(_, line)| is_damaged(line, malformed)) {
        Some((line, _)) => Err(TableError::HalfBinary { line }),
        None => match stray_byte(bytes).filter(|_| encoding == Encoding::Windows1252) {
            Some((line, byte)) => Err(TableError::StrayByte { line, byte }),
            None => Ok((text, encoding)),
        },
    }
}

/// The first byte that is no UTF-8, and its line, in a file that otherwise is: in Windows-1252, letters that happen to
/// make up valid UTF-8 are as good as never seen, and each letter with an accent makes an invalid byte.
fn stray_byte(bytes: &[u8]) -> Option<(u64, u8)> {
    let (mut valid, mut invalid, mut read) = (0_usize, 0_usize, 0_usize);
    let mut first = None;
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        invalid += chunk.invalid().len();
        read += chunk.valid().len();
        if first.is_none() {
            first = chunk.invalid().first().map(|byte| (read, *byte));
        }
        read += chunk.invalid().len();
    }
    let (offset, byte) = first.filter(|_| valid >= 2 * invalid)?;
    let before = &bytes[..offset];
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let lines: u64 = before.iter().map(|byte| u64::from(*byte == end)).sum();
    Some((lines + 1, byte))
}

fn is_damaged(line: &str, malformed: bool) -> bool {
    line.as_bytes().contains(&0)
        || malformed && line.contains(char::REPLACEMENT_CHARACTER)
        || line.bytes().filter(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r')).count()
            > CONTROLS_PER_LINE
}

/// The separator that a first line `sep=;` names, as Excel reads and writes it, and what follows that line.
fn declared_separator(text: &str) -> Option<(u8, &str)> {
    let (separator, rest) = text.strip_prefix("sep=")?.split_once('\n')?;
    match separator.trim_end().as_bytes() {
        [separator] => Some((*separator, rest)),
        _ => None,
    }
}

/// The separator that cuts the first lines most evenly: into as many cells as the header, and more than one.
fn likely_separator(text: &str) -> u8 {
    const LEAST_LIKELY_FIRST: [u8; 4] = *b"|,\t;";
    const LINES: usize = 50;
    let evenness = |separator: &u8| {
        let records = Records { rest: text, line: 1, separator: *separator };
        let mut widths =
            records.map_while(Result::ok).filter(|row| row.width() > 0).map(|row| row.cells.len()).take(LINES);
        let header = widths.next().unwrap_or(0);
        (header > 1, widths.filter(|&width| width == header).count(), header.max(1))
    };
    LEAST_LIKELY_FIRST.into_iter().max_by_key(evenness).unwrap_or(b';')
}

/// Cuts a text into records, blank ones included.
struct Records<'a> {
    rest: &'a str,
    line: u64,
    separator: u8,
}

impl Iterator for Records<'_> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let length = self.rest.find('\n').unwrap_or(self.rest.len());
        let mut row = Row { line: self.line, cells: StringRecord::with_capacity(length, 8) };
        loop {
            match self.cell() {
                Ok(cell) => row.cells.push_field(&cell),
                Err(error) => {
                    self.rest = "";
                    return Some(Err(error));
                }
            }
            let Some(&end) = self.rest.as_bytes().first() else { break };
            self.rest = &self.rest[1..];
            if end == b'\n' {
                self.line += 1;
                break;
            }
        }
        Some(Ok(row))
    }
}

impl<'a> Records<'a> {
    /// Takes the next cell, and leaves what ended it.
    fn cell(&mut self) -> Result<Cow<'a, str>, TableError> {
        if let Some(cell) = self.quoted_cell()? {
            return Ok(cell);
        }
        let end = self.rest.bytes().position(|byte| byte == self.separator || byte == b'\n');
        let (cell, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Ok(Cow::Borrowed(cell.trim_end_matches('\r')))
    }

    /// Takes the next cell if it is in quotes. `"Les Amis" de la lecture` is not: those quotes belong to the name.
    /// A quote that opens on one line and does not end a cell on another was never meant to hold both.
    fn quoted_cell(&mut self) -> Result<Option<Cow<'a, str>>, TableError> {
        let Some(inside) = self.rest.trim_start_matches(' ').strip_prefix('"') else {
            return Ok(None);
        };
        let mut from = 0;
        let (cell, after) = loop {
            let Some(quote) = inside[from..].find('"').map(|at| from + at) else {
                return Err(TableError::UnclosedQuote { line: self.line });
            };
            let after = &inside[quote + 1..];
            if !after.starts_with('"') {
                break (&inside[..quote], after.trim_start_matches([' ', '\r']));
            }
            from = quote + 2;
        };
        let lines: u64 = cell.bytes().map(|byte| u64::from(byte == b'\n')).sum();
        if after.bytes().next().is_none_or(|end| end == self.separator || end == b'\n') {
            self.line += lines;
            self.rest = after;
            return Ok(Some(if cell.contains('"') { cell.replace("\"\"", "\"").into() } else { cell.into() }));
        }
        if lines > 0 {
            return Err(TableError::UnclosedQuote { line: self.line });
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was read, on one line: encoding, separator, header, then each row with its line.
    fn told(bytes: &[u8]) -> String {
        match Table::from_bytes(bytes) {
            Err(error) => format!("{error:?}"),
            Ok(Table { header, rows, ragged, encoding, separator }) => {
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
            // One column is a table too.
            (b"nom\nLes Amis, de Foix\nRadio", "Utf8 ';' nom / 2 Les Amis, de Foix / 3 Radio"),
            // Blank lines, blank rows, short rows, and cells that a spreadsheet left behind.
            (b"\n ;;\n a ;b;;\n\n1;2;;\n;;;\n3\n", "Utf8 ';' a|b / 5 1|2 / 7 3|"),
            // A row with too many cells is set apart, whole.
            (b"a;b\n1;2;3\n4;5\n", "Utf8 ';' a|b / 3 4|5 / 2 ! 1|2|3"),
            // An accent or two that happen to be valid UTF-8 do not make Windows-1252 anything else.
            (b"nom\n\xc3\xa9t\xe9 \xe9\n", "Windows1252 ';' nom / 2 Ã©té é"),
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
