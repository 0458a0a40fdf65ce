//! What every parser of foreign bytes has to hold, whatever it is given. The targets of cargo-fuzz call these, and so do
//! the tests, on seeds that are spoilt by a fixed sequence of chances.

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate};
use files::{
    cells::WorkbookReader,
    date,
    notebook::{File, Hints, RowMeaning},
    remedy::Remedy,
    table::Table,
};
use ledger::{
    Language, Minutes, json,
    note::Note,
    verify::{Conclusion, Trust, Verdict, verify},
};

/// A table: every row has the cells of its header, and what is written out comes back the same.
pub(crate) fn table(bytes: &[u8]) {
    let Ok(table) = Table::from_bytes(bytes) else { return };
    let width = table.header.len();
    let cells = |table: &Table| -> Vec<Vec<String>> {
        let row = |row: &files::table::Row| (0..width).map(|at| row.cell(Some(at)).trim().to_owned()).collect();
        table.rows.iter().map(row).collect()
    };
    assert!(table.rows.is_sorted_by_key(|row| row.line), "lines are told in their order");
    let mut written = Vec::new();
    table.write_rows(table.rows.iter(), None, &mut written).expect("memory takes everything");
    if let Ok(again) = Table::from_bytes(&written)
        && again.header == table.header
    {
        assert_eq!(cells(&again), cells(&table), "what is written out comes back the same");
    }
}

/// A notebook: every row of the file becomes something, and each line stands in one row.
pub(crate) fn notebook(bytes: &[u8]) {
    let path = scratch();
    fs::write(&path, bytes).expect("the folder for temporary files can be written");
    // A workbook is read by a process of the program's own, which has its own tests; there is none here.
    let workbooks = WorkbookReader { program: PathBuf::from("/nonexistent"), word: "none".into() };
    let opened = File::open(&path, &workbooks);
    let _ = fs::remove_file(&path);
    let Ok(file) = opened else { return };
    let own = ["Fanfare de Vitré".to_owned()];
    let members = ["amis du velo".to_owned(), "fanfare de vitre".to_owned(), "ecole de musique".to_owned()];
    let hints = Hints {
        year: Some(2025),
        own_names: &own,
        is_member: &|name| members.iter().any(|member| *member == ledger::name::fold(name)),
        members: &members,
        mappings: &[],
        sheets: &[],
        language: Language::French,
        remedies: |_: Remedy, _| "",
    };
    let Ok(read) = file.read(&hints) else { return };
    let rows: usize = file.sheets.iter().map(|sheet| sheet.rows.len()).sum();
    assert!(read.rows.len() <= rows, "no row is told twice");
    let mut said: Vec<usize> = read
        .rows
        .iter()
        .filter_map(|row| if let RowMeaning::Said(line) = row.meaning { Some(line) } else { None })
        .collect();
    said.sort_unstable();
    assert_eq!(said, (0..read.notebook.lines.len()).collect::<Vec<_>>(), "each line stands in one row");
}

/// Durations and dates: what is understood is shown so that it is understood the same.
pub(crate) fn words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for language in [Language::French, Language::English] {
        for minutes in [Minutes::parse(text), Minutes::parse_signed(text)].into_iter().flatten() {
            assert_eq!(Minutes::parse_signed(&minutes.display(language).to_string()), Ok(minutes), "{text:?}");
        }
    }
    if let Ok(day) = date::parse(text) {
        assert!(day > NaiveDate::MIN, "{text:?}");
        assert_eq!(date::parse(&day.format("%Y-%m-%d").to_string()), Ok(day), "{text:?}");
    }
}

/// Signed documents: nothing is trusted where nobody is, and canonical forms are their own.
pub(crate) fn document(bytes: &[u8]) {
    let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default();
    let report = verify(bytes, &Trust::default(), now);
    let is_believed = report.conclusion() == Conclusion::Trusted && report.verdict() == Verdict::Holds;
    assert!(!is_believed, "nobody is trusted");
    if let Ok(value) = json::parse(bytes)
        && let Ok(canonical) = json::canonical(&value)
    {
        let again = json::parse(&canonical).map(|value| json::canonical(&value));
        assert!(matches!(again, Ok(Ok(again)) if again == canonical), "a canonical form is its own");
    }
    if let Some(note) = std::str::from_utf8(bytes).ok().and_then(Note::parse) {
        let shown = note.to_string();
        assert_eq!(Note::parse(&shown).map(|note| note.to_string()), Some(shown));
    }
}

/// A file of this process's own, so that several may run beside each other.
fn scratch() -> PathBuf {
    let thread = std::thread::current().id();
    std::env::temp_dir().join(format!("coudemain-parsers-{}-{thread:?}.csv", std::process::id()))
}
