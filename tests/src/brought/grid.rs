//! One table in the three formats that spreadsheets save: the same cells, so that the same is read.

use std::io::Write as _;

use chrono::NaiveDate;
use flate2::Crc;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// A cell as a person fills it in.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Text(String),
    Number(f64),
    /// A day, as spreadsheets keep it.
    Day(NaiveDate),
    /// Minutes, shown as `[h]:mm`.
    Time(i64),
    /// A formula that no program has calculated.
    Formula(&'static str),
}

/// A sheet: its name and its rows.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A sheet of texts alone: cells between semicolons.
pub(crate) fn sheet(name: &str, text: &str) -> Sheet {
    let row = |line: &str| line.split(';').map(|cell| Cell::Text(cell.to_owned())).collect();
    Sheet { name: name.to_owned(), rows: text.trim_end_matches('\n').split('\n').map(row).collect() }
}

/// As a text between semicolons, the first sheet alone.
pub(crate) fn csv(sheet: &Sheet) -> Vec<u8> {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string().replace('.', ","),
        Cell::Day(day) => day.format("%d/%m/%Y").to_string(),
        Cell::Time(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
        Cell::Formula(_) => String::new(),
    };
    let line = |row: &Vec<Cell>| row.iter().map(cell).collect::<Vec<_>>().join(";") + "\r\n";
    sheet.rows.iter().map(line).collect::<String>().into_bytes()
}

/// As Excel keeps it.
pub(crate) fn xlsx(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    let (day, time) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("[h]:mm"));
    for Sheet { name, rows } in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Text(text) if text.is_empty() => continue,
                    Cell::Text(text) => sheet.write_string(row, column, text).unwrap(),
                    Cell::Number(number) => sheet.write_number(row, column, *number).unwrap(),
                    Cell::Day(date) => {
                        let text = date.format("%Y-%m-%d").to_string();
                        let date = ExcelDateTime::parse_from_str(&text).unwrap();
                        sheet.write_datetime_with_format(row, column, date, &day).unwrap()
                    }
                    Cell::Time(minutes) => sheet.write_number_with_format(row, column, days(*minutes), &time).unwrap(),
                    Cell::Formula(text) => {
                        sheet.write_formula(row, column, Formula::new(*text).set_result("")).unwrap()
                    }
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "a spreadsheet's own way of keeping minutes")]
fn days(minutes: i64) -> f64 {
    minutes as f64 / 1440.0
}

/// As `LibreOffice` keeps it.
pub(crate) fn ods(sheets: &[Sheet]) -> Vec<u8> {
    let mut tables = String::new();
    for Sheet { name, rows } in sheets {
        tables.push_str(&format!("<table:table table:name=\"{}\">", escaped(name)));
        for row in rows {
            tables.push_str("<table:table-row>");
            tables.extend(row.iter().map(ods_cell));
            tables.push_str("</table:table-row>");
        }
        tables.push_str("</table:table>");
    }
    open_document(&tables)
}

/// An open document of these tables, as XML.
pub(crate) fn open_document(tables: &str) -> Vec<u8> {
    const MANIFEST: &[u8] = b"<?xml version=\"1.0\"?><manifest:manifest \
        xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\">\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", MANIFEST),
        ("content.xml", content.as_bytes()),
    ])
}

fn ods_cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text.is_empty() => "<table:table-cell/>".to_owned(),
        Cell::Text(text) => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
            escaped(text)
        ),
        Cell::Number(number) => {
            format!("<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>")
        }
        Cell::Day(day) => format!("<table:table-cell office:value-type=\"date\" office:date-value=\"{day}\"/>"),
        Cell::Time(minutes) => {
            let (sign, minutes) = if *minutes < 0 { ("-", -minutes) } else { ("", *minutes) };
            let (hours, rest) = (minutes / 60, minutes % 60);
            format!(
                "<table:table-cell office:value-type=\"time\" office:time-value=\"{sign}PT{hours:02}H{rest:02}M00S\"/>"
            )
        }
        Cell::Formula(text) => format!("<table:table-cell table:formula=\"of:{}\"/>", escaped(text)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An archive whose files are not compressed.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let parts: Vec<_> = files.iter().map(|(name, bytes)| Part { name, bytes, unpacked: None }).collect();
    zip_of(&parts)
}

/// A file of an archive, as it is or deflated.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
    /// How long it is once it is inflated, if it is deflated.
    pub(crate) unpacked: Option<u32>,
}

/// An archive of these files.
pub(crate) fn zip_of(parts: &[Part<'_>]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for Part { name, bytes, unpacked } in parts {
        let mut crc = Crc::new();
        crc.update(bytes);
        let size = u32::try_from(bytes.len()).unwrap();
        let offset = u32::try_from(archive.len()).unwrap();
        let method = if unpacked.is_some() { 8 } else { 0 };
        let mut about = vec![20, 0, 0, 0, method, 0, 0, 0, 0x21, 0];
        about.extend(crc.sum().to_le_bytes());
        about.extend([size.to_le_bytes(), unpacked.unwrap_or(size).to_le_bytes()].concat());
        about.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        about.extend([0, 0]);
        archive.write_all(b"PK\x03\x04").unwrap();
        archive.extend(&about);
        archive.extend(name.as_bytes());
        archive.extend_from_slice(bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (u32::try_from(archive.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\x00\x00\x00\x00");
    let count = u16::try_from(parts.len()).unwrap();
    archive.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    archive.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
    archive.extend([0, 0]);
    archive
}
