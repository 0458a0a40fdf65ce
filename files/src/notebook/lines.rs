//! What becomes of each row of a sheet.

use std::collections::HashMap;

use ledger::{
    Language,
    reconcile::{NotebookLine, WrittenName},
};

use super::{
    columns::Columns,
    error::NotebookError,
    field::Field,
    hints::Hints,
    line::{Line, LineReader, NoLine, Table, columns_of},
    read::{ReadNotebook, ReadRow, RowMeaning},
    sheet::{Cell, Row, Sheet},
    values,
};

/// Reads sheets row by row.
pub(super) struct Reader<'a> {
    hints: &'a Hints<'a>,
    has_sheets: bool,
    read: ReadNotebook,
    names: HashMap<WrittenName, u32>,
    skills: HashMap<String, u32>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(hints: &'a Hints<'a>, has_sheets: bool) -> Self {
        Self { hints, has_sheets, read: ReadNotebook::default(), names: HashMap::new(), skills: HashMap::new() }
    }

    /// Reads every sheet that holds a table; a sheet without one is told, unless none does.
    pub(super) fn read(mut self, sheets: &[Sheet]) -> Result<ReadNotebook, NotebookError> {
        let mut failure = None;
        let mut has_table = false;
        for sheet in sheets {
            match self.sheet(sheet) {
                Ok(()) => has_table = true,
                Err(error) => {
                    let is_blank = sheet.rows.iter().all(|row| row.cells.iter().all(Cell::is_empty));
                    if let Some(name) = sheet.name.as_ref().filter(|_| !is_blank) {
                        let why = error.in_words(self.language(), self.hints.remedies);
                        self.read.notes.push(self.language().pick(
                            format!("feuille « {name} » laissée de côté : {why}"),
                            format!("sheet “{name}” left aside: {why}"),
                        ));
                    }
                    if !is_blank {
                        failure.get_or_insert(error);
                    }
                }
            }
        }
        if sheets.iter().any(|sheet| sheet.is_old_encoding) {
            self.read.notes.push(self.language().pick(
                "fichier lu en Windows-1252, l'encodage des anciens tableurs".to_owned(),
                "file read as Windows-1252, the encoding of older spreadsheets".to_owned(),
            ));
        }
        match failure {
            Some(error) if !has_table => Err(error),
            _ => Ok(self.read),
        }
    }

    fn language(&self) -> Language {
        self.hints.language
    }

    fn sheet(&mut self, sheet: &Sheet) -> Result<(), NotebookError> {
        let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let (first, mut tables) = self.first_tables(sheet, width)?;
        if let Some(first) = first {
            sides_of_titles(sheet, first, &mut tables);
        } else {
            let columns = Columns::default();
            let table = self.table(columns, &sheet.rows, width);
            let found = sheet.rows.iter().find(|row| !text_of(row).is_empty()).map(text_of).unwrap_or_default();
            tables.push(table.map_err(|error| match error {
                NotebookError::NoSuchColumn { .. } => error,
                _ if self.hints.mappings.is_empty() => {
                    NotebookError::NoTable { found: found.chars().take(80).collect() }
                }
                error => error,
            })?);
        }
        for (at, row) in sheet.rows.iter().enumerate() {
            let header = self.header(row);
            if first.is_some_and(|first| at < first) {
                let title =
                    if text_of(row).is_empty() { self.hints.blank() } else { self.hints.word("titre", "title") };
                self.push(sheet, row, RowMeaning::Ignored(title), Vec::new());
            } else if header.is_empty() {
                self.row(sheet, row, &mut tables);
            } else {
                let is_same =
                    header.iter().map(|columns| &columns.names).eq(tables.iter().map(|table| &table.columns.names));
                if is_same && Some(at) != first {
                    repeated(sheet, at, &mut tables);
                } else if Some(at) != first {
                    let rest = &sheet.rows[at + 1..];
                    if let Ok(second) = self.tables(header, rest, width) {
                        tables = second;
                        sides_of_titles(sheet, at, &mut tables);
                    }
                }
                let word = if Some(at) == first {
                    ("titres des colonnes", "column names")
                } else {
                    ("titres répétés", "repeated column names")
                };
                self.push(sheet, row, RowMeaning::Ignored(self.hints.word(word.0, word.1)), Vec::new());
            }
        }
        Ok(())
    }

    /// The first row of column names with the tables under it. Titles side by side ("Heures données", "Heures reçues")
    /// look like names of columns, too, but make no table.
    fn first_tables(&mut self, sheet: &Sheet, width: usize) -> Result<(Option<usize>, Vec<Table>), NotebookError> {
        let mut failure = None;
        for (at, row) in sheet.rows.iter().enumerate() {
            let header = self.header(row);
            if header.is_empty() {
                continue;
            }
            let rest = &sheet.rows[at + 1..];
            match self.tables(header, rest, width) {
                Ok(tables) => return Ok((Some(at), tables)),
                Err(error) => failure.get_or_insert(error),
            };
        }
        failure.map_or(Ok((None, Vec::new())), Err)
    }

    fn header(&self, row: &Row) -> Vec<Columns> {
        Columns::of_header(row, self.hints.mappings)
    }

    /// The tables under one header, all of them or none.
    fn tables(&mut self, header: Vec<Columns>, rows: &[Row], width: usize) -> Result<Vec<Table>, NotebookError> {
        let told = self.read.columns.len();
        let tables = header.into_iter().map(|columns| self.table(columns, rows, width)).collect();
        if Result::is_err(&tables) {
            self.read.columns.truncate(told);
        }
        tables
    }

    fn table(&mut self, columns: Columns, rows: &[Row], width: usize) -> Result<Table, NotebookError> {
        let columns = columns.with_mappings(self.hints.mappings, width)?.completed(rows, self.hints);
        columns.check(width)?;
        self.read.columns.push(columns.told(self.language()));
        Ok(Table { columns, side: None, last_date: None, sums: [0; 3] })
    }

    fn row(&mut self, sheet: &Sheet, row: &Row, tables: &mut [Table]) {
        if row.cells.iter().all(Cell::is_empty) {
            self.push(sheet, row, RowMeaning::Ignored(self.hints.blank()), Vec::new());
            return;
        }
        let mut meanings = Vec::new();
        let reader = LineReader { hints: self.hints };
        for table in tables.iter_mut() {
            let read = reader.line(sheet, row, table);
            meanings.push(read);
        }
        // Side by side, one table goes on after the other has ended.
        let has_more = meanings.iter().any(|meaning| !matches!(meaning, Err(NoLine::Ignored(_))));
        for meaning in meanings {
            match meaning {
                Ok(line) => self.push_line(sheet, row, line),
                Err(NoLine::Unreadable(why)) => self.push(sheet, row, RowMeaning::Unreadable(why), Vec::new()),
                Err(NoLine::Ignored(what)) if !has_more => {
                    self.push(sheet, row, RowMeaning::Ignored(what), Vec::new());
                    return;
                }
                Err(NoLine::Ignored(_)) => {}
            }
        }
    }

    fn push_line(&mut self, sheet: &Sheet, row: &Row, line: Line) {
        let notebook = &mut self.read.notebook;
        let name = *self.names.entry(line.name).or_insert_with_key(|name| {
            notebook.names.push(name.clone());
            place(notebook.names.len())
        });
        let skill = line.skill.map(|skill| {
            *self.skills.entry(skill).or_insert_with_key(|skill| {
                notebook.skills.push(skill.clone());
                place(notebook.skills.len())
            })
        });
        let said = notebook.lines.len();
        notebook.lines.push(NotebookLine {
            row: row.number,
            name,
            date: line.date,
            side: line.side,
            minutes: line.minutes,
            skill,
        });
        self.push(sheet, row, RowMeaning::Said(said), line.notes);
    }

    fn push(&mut self, sheet: &Sheet, row: &Row, meaning: RowMeaning, notes: Vec<String>) {
        let sheet = sheet.name.clone().filter(|_| self.has_sheets);
        self.read.rows.push(ReadRow { sheet, number: row.number, meaning, notes, text: text_of(row) });
    }
}

/// A title above a table may say in which direction all its hours went, if no column does; so may the sheet's name.
fn sides_of_titles(sheet: &Sheet, header: usize, tables: &mut [Table]) {
    const ROWS_ABOVE: usize = 3;
    let starts: Vec<usize> = tables.iter().map(|table| first_column(&table.columns)).collect();
    for (index, table) in tables.iter_mut().enumerate() {
        let columns = &table.columns;
        if columns.get(Field::Direction).is_some() || columns.get(Field::Duration).is_none() {
            continue;
        }
        let span = if index == 0 { 0 } else { starts[index] }..starts.get(index + 1).copied().unwrap_or(usize::MAX);
        let above = sheet.rows[..header].iter().rev().take(ROWS_ABOVE);
        let titles = above.filter_map(|row| {
            let cells = row.cells.iter().enumerate().filter(|(at, cell)| span.contains(at) && !cell.is_empty());
            match cells.map(|(_, cell)| cell).collect::<Vec<_>>()[..] {
                [cell] => Some(cell.text().into_owned()),
                _ => None,
            }
        });
        let mut titles = titles.chain(sheet.name.clone());
        table.side = titles.find_map(|title| values::side_of_title(&title));
    }
}

/// The same column names again: a new page, or a second table for the other direction.
fn repeated(sheet: &Sheet, header: usize, tables: &mut [Table]) {
    let before: Vec<_> = tables.iter().map(|table| table.side).collect();
    sides_of_titles(sheet, header, tables);
    for (table, before) in tables.iter_mut().zip(before) {
        match table.side {
            None => table.side = before,
            side if side != before => table.sums = [0; 3],
            Some(_) => {}
        }
    }
}

/// The place of what was added last.
fn place(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
}

fn first_column(columns: &Columns) -> usize {
    columns_of(columns).min().unwrap_or(0)
}

/// A row's cells as they stand.
fn text_of(row: &Row) -> String {
    let cells: Vec<_> = row.cells.iter().map(Cell::text).filter(|text| !text.is_empty()).collect();
    cells.join(" · ")
}
