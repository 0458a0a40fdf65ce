//! A sheet for somebody to look over before they believe what was read: its first lines, and what each column is taken
//! for, under the name by which they can say otherwise.

use super::{
    columns::{Columns, letter},
    field::{Field, Mapping, Unit},
    header::Header,
    hints::{Hints, Under},
};
use crate::cells::{Cell, Row, Sheet};

/// So many lines are shown below the names of columns.
const ROWS: usize = 10;
/// So many columns are: notebooks have fewer.
const COLUMNS: usize = 24;
/// So many letters of a cell.
const LETTERS: usize = 60;

/// A sheet, to be looked over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its name; a text file has none.
    pub sheet: Option<String>,
    /// What its columns are taken for.
    pub columns: Vec<PreviewColumn>,
    /// Its first lines, those with the names of columns among them.
    pub rows: Vec<PreviewRow>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewColumn {
    /// What a mapping calls it: its name, or its letter where that name is not its own.
    pub key: String,
    /// What it is taken for; nothing where it means nothing.
    pub meaning: Option<Mapping>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// Its number in the file, or in the sheet.
    pub number: u64,
    /// Its cells, as they stand; as many as there are columns.
    pub cells: Vec<String>,
    /// Whether these are the names of columns.
    pub is_header: bool,
}

impl PreviewRow {
    /// Its cells in a line, as reports tell rows.
    pub fn text(&self) -> String {
        let cells: Vec<&str> = self.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        cells.join(" · ")
    }
}

impl Preview {
    /// A sheet as it is read with these hints; nothing where it holds nothing.
    pub(super) fn of(sheet: &Sheet, hints: &Hints<'_>) -> Option<Self> {
        let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let is_filled = |row: &&Row| row.cells.iter().any(|cell| !cell.is_empty());
        sheet.rows.iter().find(is_filled)?;
        let under = Under { hints, era: None, unit: None, is_1904: sheet.is_1904, separator: sheet.separator };
        let Begun { header, first, meanings } = Begun::of(sheet, width, under);
        let names = header.as_ref().map(|header| header.names.as_slice()).unwrap_or_default();
        let width = width.min(COLUMNS);
        let columns = (0..width).map(|at| {
            let key = key(names, at);
            let field = meanings.iter().find(|(place, ..)| *place == at).map(|(_, field, unit)| (*field, *unit));
            let ignored = || hints.mappings.iter().any(|it| it.field == Field::Ignored && it.names(&key));
            let meaning = field.or_else(|| ignored().then_some((Field::Ignored, Unit::Unsaid)));
            let meaning =
                meaning.map(|(field, unit)| Mapping { column: key.clone(), field, unit, is_remembered: false });
            PreviewColumn { key, meaning }
        });
        let height = header.as_ref().map_or(0, |header| header.height);
        let titles = sheet.rows[first..first + height].iter().map(|row| shown(row, width, true));
        let lines = sheet.rows[first + height..].iter().filter(is_filled).take(ROWS);
        Some(Self {
            sheet: sheet.name.clone(),
            columns: columns.collect(),
            rows: titles.chain(lines.map(|row| shown(row, width, false))).collect(),
        })
    }
}

/// Where the first table of a sheet begins, and what its columns are taken for.
struct Begun {
    header: Option<Header>,
    /// The place of its first row.
    first: usize,
    meanings: Vec<(usize, Field, Unit)>,
}

impl Begun {
    /// The first names of columns that make a table, as in reading; else the first ones, for what they claim; else what
    /// stands in the columns.
    fn of(sheet: &Sheet, width: usize, under: Under<'_>) -> Self {
        let mut claimed: Option<Self> = None;
        for first in 0..sheet.rows.len() {
            let Some(header) = Header::at(&sheet.rows, first, under.hints.mappings) else { continue };
            let rest = &sheet.rows[first + header.height..];
            let spans = header.tables.iter().zip(header.spans(width));
            let read = spans
                .filter_map(|(claims, span)| Columns::of_table(claims, header.names.clone(), rest, span, under).ok());
            let meanings: Vec<_> = read.flat_map(|columns| meanings(&columns)).collect();
            if !meanings.is_empty() {
                return Self { header: Some(header), first, meanings };
            }
            if claimed.is_none() {
                let claims = header.tables.iter().flatten();
                let meanings = claims.map(|claim| (claim.at, claim.field, claim.unit)).collect();
                claimed = Some(Self { header: Some(header), first, meanings });
            }
        }
        claimed.unwrap_or_else(|| {
            let columns = Columns::of_table(&[], Vec::new(), &sheet.rows, 0..width, under);
            let meanings = columns.map(|columns| meanings(&columns)).unwrap_or_default();
            Self { header: None, first: 0, meanings }
        })
    }
}

fn meanings(columns: &Columns) -> Vec<(usize, Field, Unit)> {
    let told = Field::ALL.iter().filter_map(|field| {
        let unit = if Field::AMOUNTS.contains(field) { columns.unit(*field) } else { Unit::Unsaid };
        columns.get(*field).map(|at| (at, *field, unit))
    });
    let beside =
        Field::AMOUNTS.iter().filter_map(|field| columns.minutes_beside(*field).map(|at| (at, *field, Unit::Minutes)));
    told.chain(beside).collect()
}

/// What a mapping calls a column.
fn key(names: &[String], at: usize) -> String {
    let own = names.get(at).filter(|name| !name.is_empty());
    let is_first = |name: &&String| {
        let folded = ledger::name::fold(name);
        !folded.is_empty() && names.iter().position(|other| ledger::name::fold(other) == folded) == Some(at)
    };
    own.filter(is_first).cloned().unwrap_or_else(|| letter(at))
}

fn shown(row: &Row, width: usize, is_header: bool) -> PreviewRow {
    let cell = |at: usize| row.cells.get(at).map(Cell::text).unwrap_or_default().chars().take(LETTERS).collect();
    PreviewRow { number: row.number, cells: (0..width).map(cell).collect(), is_header }
}
