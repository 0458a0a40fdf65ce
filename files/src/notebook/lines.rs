//! What becomes of each row of a sheet.

use std::collections::HashMap;

use ledger::{
    Language,
    name::fold,
    reconcile::{NotebookLine, WrittenName},
};

use super::{
    amounts,
    columns::Columns,
    cut::Shape,
    dates,
    era::Era,
    error::NotebookError,
    field::Field,
    header::Header,
    heading::Heading,
    hints::{Hints, Under},
    line::{Line, LineReader, NoLine, Table},
    read::{ReadNotebook, ReadRow, RowMeaning},
    recap::Recaps,
    sides,
    sums::Sums,
};
use crate::cells::{Cell, CellsError, Row, Sheet};

/// Reads sheets row by row.
pub(super) struct Reader<'a> {
    under: Under<'a>,
    has_sheets: bool,
    read: ReadNotebook,
    names: HashMap<WrittenName, u32>,
    skills: HashMap<String, u32>,
    /// What a part of the notebook says of its year, and what was completed with it.
    told_era: Option<String>,
    is_era_used: bool,
}

/// Where the tables of a sheet begin, and what they are.
struct Begun {
    first: Option<usize>,
    height: usize,
    tables: Vec<Table>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(hints: &'a Hints<'a>, has_sheets: bool) -> Self {
        let under = Under { hints, era: hints.year.map(Era::Year), unit: None, is_1904: false, separator: None };
        Self {
            under,
            has_sheets,
            read: ReadNotebook::default(),
            names: HashMap::new(),
            skills: HashMap::new(),
            told_era: None,
            is_era_used: false,
        }
    }

    /// Reads every sheet that holds a table. What holds hours and is not read is asked about, unless none is.
    pub(super) fn read(mut self, sheets: &[Sheet]) -> Result<ReadNotebook, NotebookError> {
        let sheets = self.chosen(sheets)?;
        let recaps = Recaps::of(&sheets, self.under);
        let mut failure = None;
        let mut has_table = false;
        for (at, sheet) in sheets.iter().enumerate() {
            if let Some(why) = recaps.question(at, self.under.hints) {
                self.pass_over(sheet);
                self.read.questions.push(why);
                continue;
            }
            match self.sheet(sheet) {
                Ok(()) => has_table = true,
                Err(error) => {
                    let is_blank = sheet.rows.iter().all(|row| row.cells.iter().all(Cell::is_empty));
                    if let Some(name) = sheet.name.as_ref().filter(|_| !is_blank) {
                        self.leave(name, &error, recaps.holds_hours(at));
                    }
                    if !is_blank {
                        failure.get_or_insert(error);
                    }
                }
            }
            self.note_era(sheet);
        }
        let (encodings, language) = (sheets.iter().filter_map(|sheet| sheet.encoding), self.language());
        self.read.notes.extend(encodings.filter_map(|encoding| encoding.note(language)));
        match failure {
            Some(error) if !has_table => Err(error),
            _ => Ok(self.read),
        }
    }

    /// The sheets that are to be read.
    fn chosen<'s>(&mut self, sheets: &'s [Sheet]) -> Result<Vec<&'s Sheet>, NotebookError> {
        let wanted = self.under.hints.sheets;
        let is = |sheet: &Sheet, wanted: &str| sheet.name.as_ref().is_some_and(|name| fold(name) == fold(wanted));
        if let Some(unknown) = wanted.iter().find(|wanted| !sheets.iter().any(|sheet| is(sheet, wanted))) {
            let sheets = sheets.iter().filter_map(|sheet| sheet.name.clone()).collect();
            return Err(NotebookError::NoSuchSheet { wanted: unknown.clone(), sheets });
        }
        let is_chosen = |sheet: &&Sheet| wanted.is_empty() || wanted.iter().any(|wanted| is(sheet, wanted));
        for sheet in sheets.iter().filter(|sheet| !is_chosen(sheet)) {
            let name = sheet.name.clone().unwrap_or_default();
            self.read.notes.push(self.language().pick(
                format!("feuille « {name} » laissée de côté, comme demandé"),
                format!("sheet “{name}” left aside, as asked"),
            ));
        }
        let chosen: Vec<_> = sheets.iter().filter(is_chosen).collect();
        for sheet in chosen.iter().filter(|sheet| sheet.is_hidden) {
            let name = sheet.name.clone().unwrap_or_default();
            self.read.notes.push(self.language().pick(
                format!("la feuille « {name} » est masquée dans le classeur, et lue comme les autres"),
                format!("the sheet “{name}” is hidden in the workbook, and read like the others"),
            ));
        }
        Ok(chosen)
    }

    /// Says that a sheet was not read; where it holds hours, that is a question.
    fn leave(&mut self, name: &str, error: &NotebookError, holds_hours: bool) {
        let why = error.in_words(self.language(), self.under.hints.remedies);
        let note = self
            .language()
            .pick(format!("feuille « {name} » laissée de côté : {why}"), format!("sheet “{name}” left aside: {why}"));
        if holds_hours { self.read.questions.push(note) } else { self.read.notes.push(note) }
    }

    /// Accounts for the rows of a sheet that is asked about as a whole.
    fn pass_over(&mut self, sheet: &Sheet) {
        for row in &sheet.rows {
            let what = self.under.hints.word("feuille à préciser", "a sheet to tell about");
            self.push(sheet, row, RowMeaning::Ignored(what), Vec::new());
        }
    }

    fn language(&self) -> Language {
        self.under.hints.language
    }

    fn sheet(&mut self, sheet: &Sheet) -> Result<(), NotebookError> {
        let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        self.settle(sheet);
        let Begun { first, height, mut tables } = self.first_tables(sheet, width)?;
        if let Some(first) = first {
            sides_of_titles(sheet, first, &mut tables);
        } else {
            tables.push(self.headless(sheet, width)?);
        }
        let mut shape = first.and_then(|first| shape_of(sheet, first, &tables));
        let mut names_end = first.map_or(0, |first| first + height);
        for (at, row) in sheet.rows.iter().enumerate() {
            if first.is_some_and(|first| at < first) {
                let meaning = self.above_the_names(row);
                self.push(sheet, row, meaning, Vec::new());
                continue;
            }
            if at < names_end {
                let word = if first.is_some_and(|first| at < first + height) {
                    ("titres des colonnes", "column names")
                } else {
                    ("titres répétés", "repeated column names")
                };
                self.push(sheet, row, RowMeaning::Ignored(self.under.hints.word(word.0, word.1)), Vec::new());
                continue;
            }
            let Some(header) = self.header(sheet, at) else {
                self.row(sheet, row, &mut tables, shape.as_ref());
                continue;
            };
            names_end = at + header.height;
            if tables.first().is_some_and(|table| table.columns.names == header.names) {
                repeated(sheet, at, &mut tables);
            } else {
                tables = self.another(sheet, at, &header, width);
                shape = shape_of(sheet, at, &tables);
            }
            let what = self.under.hints.word("titres répétés", "repeated column names");
            self.push(sheet, row, RowMeaning::Ignored(what), Vec::new());
        }
        Ok(())
    }

    /// What stands above the names of columns: titles, and lines that somebody wrote too early.
    fn above_the_names(&self, row: &Row) -> RowMeaning {
        let has_day = row.cells.iter().any(|cell| dates::is_day(cell, self.under.dating()));
        let has_hours =
            row.cells.iter().any(|cell| !matches!(cell, Cell::Moment { day: Some(_), .. }) && holds_hours(cell));
        if has_day && has_hours {
            return RowMeaning::Unreadable(self.under.hints.word(
                "une ligne au-dessus des titres des colonnes ; mettez-la au-dessous",
                "a line above the names of the columns; put it below them",
            ));
        }
        let word =
            if text_of(row).is_empty() { self.under.hints.blank() } else { self.under.hints.word("titre", "title") };
        RowMeaning::Ignored(word)
    }

    /// A table without names of columns: what stands in them has to tell.
    fn headless(&mut self, sheet: &Sheet, width: usize) -> Result<Table, NotebookError> {
        let columns = Columns::of_table(&[], Vec::new(), &sheet.rows, 0..width, self.under);
        let found = sheet.rows.iter().find(|row| !text_of(row).is_empty()).map(text_of).unwrap_or_default();
        let columns = columns.map_err(|error| match error {
            NotebookError::NoSuchColumn { .. } | NotebookError::TwoColumns { .. } => error,
            _ if self.under.hints.mappings.iter().all(|mapping| mapping.is_remembered) => {
                NotebookError::NoTable { found: found.chars().take(80).collect() }
            }
            error => error,
        })?;
        self.tell(&columns);
        Ok(Table::new(columns))
    }

    /// The tables under names of columns that differ from those before; if they make none, no row may pass for a line
    /// of the table before.
    fn another(&mut self, sheet: &Sheet, at: usize, header: &Header, width: usize) -> Vec<Table> {
        let rest = &sheet.rows[at + header.height..];
        match self.tables(header, rest, width) {
            Ok(mut tables) => {
                sides_of_titles(sheet, at, &mut tables);
                tables
            }
            Err(error) => {
                let (number, why) = (sheet.rows[at].number, error.in_words(self.language(), self.under.hints.remedies));
                self.read.questions.push(self.language().pick(
                    format!("ligne {number}, un autre tableau commence : {why}"),
                    format!("line {number}, another table begins: {why}"),
                ));
                Vec::new()
            }
        }
    }

    /// What the sheet says of itself: its year, its unit, its calendar.
    fn settle(&mut self, sheet: &Sheet) {
        let hints = self.under.hints;
        self.under = Under {
            hints,
            era: hints.year.map(Era::Year),
            unit: None,
            is_1904: sheet.is_1904,
            separator: sheet.separator,
        };
        (self.told_era, self.is_era_used) = (None, false);
        if let Some(name) = &sheet.name {
            self.settle_era(name);
        }
        let header = (0..sheet.rows.len()).find(|at| self.header(sheet, *at).is_some()).unwrap_or(0);
        let titles: Vec<String> = sheet.rows[..header].iter().flat_map(|row| &row.cells).filter_map(title).collect();
        for title in titles {
            self.settle_era(&title);
            if let Some(unit) = Heading::unit_of_title(&title) {
                self.under.unit = Some(unit);
                self.read.notes.push(self.language().pick(
                    format!("durées lues en minutes, comme le dit « {title} »"),
                    format!("durations read as minutes, as “{title}” says"),
                ));
            }
        }
    }

    /// Takes the year that a title says.
    fn settle_era(&mut self, title: &str) {
        if let Some(era) = era_of(title, self.under.hints) {
            if self.under.era != Some(era) {
                self.told_era = Some(title.to_owned());
            }
            self.under.era = Some(era);
        }
    }

    /// Says of which year dates were taken to be that tell none.
    fn note_era(&mut self, sheet: &Sheet) {
        let (true, Some(era)) = (self.is_era_used, self.under.era) else { return };
        let (years, language) = (era.in_words(), self.language());
        let place = sheet.name.as_ref().filter(|_| self.has_sheets);
        let place = place.map(|name| language.pick(format!("feuille « {name} », "), format!("sheet “{name}”, ")));
        let place = place.unwrap_or_default();
        let because = match &self.told_era {
            Some(title) => language.pick(format!(", comme le dit « {title} »"), format!(", as “{title}” says")),
            None => String::new(),
        };
        self.read.notes.push(language.pick(
            format!("{place}dates sans année lues en {years}{because}"),
            format!("{place}dates without a year read as of {years}{because}"),
        ));
        self.is_era_used = false;
    }

    /// The first row of column names with the tables under it. Titles side by side ("Heures données", "Heures reçues")
    /// look like names of columns, too, but make no table.
    fn first_tables(&mut self, sheet: &Sheet, width: usize) -> Result<Begun, NotebookError> {
        let mut failure = None;
        for at in 0..sheet.rows.len() {
            let Some(header) = self.header(sheet, at) else { continue };
            let height = header.height;
            let rest = &sheet.rows[at + height..];
            match self.tables(&header, rest, width) {
                Ok(tables) => return Ok(Begun { first: Some(at), height, tables }),
                Err(error) => failure.get_or_insert(error),
            };
        }
        failure.map_or(Ok(Begun { first: None, height: 0, tables: Vec::new() }), Err)
    }

    fn header(&self, sheet: &Sheet, at: usize) -> Option<Header> {
        Header::at(&sheet.rows, at, self.under.hints.mappings)
    }

    /// The tables under one header. Beside one that can be read, another that cannot is asked about, if it has hours.
    fn tables(&mut self, header: &Header, rows: &[Row], width: usize) -> Result<Vec<Table>, NotebookError> {
        let mut read = Vec::new();
        let mut failed = Vec::new();
        for (claims, span) in header.tables.iter().zip(header.spans(width)) {
            match Columns::of_table(claims, header.names.clone(), rows, span.clone(), self.under) {
                Ok(columns) => read.push(columns),
                Err(error) => failed.push((error, span)),
            }
        }
        if read.is_empty() {
            let first = failed.into_iter().next().map(|(error, _)| error);
            return Err(first.unwrap_or(NotebookError::Cells(CellsError::Empty)));
        }
        for (error, span) in failed {
            let has_hours = rows.iter().any(|row| row.cells.iter().take(span.end).skip(span.start).any(holds_hours));
            let why = error.in_words(self.language(), self.under.hints.remedies);
            if has_hours {
                self.read.questions.push(self.language().pick(
                    format!("un tableau, à côté d'un autre, n'est pas lu : {why}"),
                    format!("a table beside another one is not read: {why}"),
                ));
            }
        }
        for columns in &read {
            self.tell(columns);
        }
        Ok(read.into_iter().map(Table::new).collect())
    }

    /// Keeps what the columns of a table were taken for.
    fn tell(&mut self, columns: &Columns) {
        let language = self.language();
        self.read.columns.push(columns.told(language));
        for note in columns.notes_in_words(language) {
            if !self.read.notes.contains(&note) {
                self.read.notes.push(note);
            }
        }
    }

    fn row(&mut self, sheet: &Sheet, row: &Row, tables: &mut [Table], shape: Option<&Shape>) {
        if row.cells.iter().all(Cell::is_empty) {
            self.push(sheet, row, RowMeaning::Ignored(self.under.hints.blank()), Vec::new());
            return;
        }
        if tables.is_empty() {
            let why = self.under.hints.word("dans un tableau qui n'est pas lu", "in a table that is not read");
            let holds_hours = row.cells.iter().any(holds_hours);
            let meaning = if holds_hours { RowMeaning::Unreadable(why) } else { RowMeaning::Ignored(why) };
            self.push(sheet, row, meaning, Vec::new());
            return;
        }
        if tables.iter().any(|table| table.has_amount(row)) {
            let columns: Vec<&Columns> = tables.iter().map(|table| &table.columns).collect();
            if let Some(why) = shape.and_then(|shape| shape.fault(row, &columns, self.language())) {
                for table in tables.iter_mut() {
                    table.interrupt(false);
                }
                self.push(sheet, row, RowMeaning::Unreadable(why), Vec::new());
                return;
            }
        } else if let [title] = row.cells.iter().filter_map(title).collect::<Vec<_>>().as_slice() {
            self.section(title);
        }
        let reader = LineReader { under: self.under };
        let meanings: Vec<_> = tables.iter_mut().map(|table| reader.line(sheet, row, table)).collect();
        // Side by side, one table goes on after the other has ended.
        let has_more = meanings.iter().any(|meaning| !matches!(meaning, Err(NoLine::Ignored(_))));
        for meaning in meanings {
            match meaning {
                Ok(line) => self.push_line(sheet, row, line),
                Err(NoLine::Unreadable(why)) => self.push(sheet, row, RowMeaning::Unreadable(why), Vec::new()),
                Err(NoLine::Disagrees(why)) => self.push(sheet, row, RowMeaning::Disagrees(why), Vec::new()),
                Err(NoLine::Ignored(what)) if !has_more => {
                    self.push(sheet, row, RowMeaning::Ignored(what), Vec::new());
                    return;
                }
                Err(NoLine::Ignored(_)) => {}
            }
        }
    }

    /// A title between lines may begin another year.
    fn section(&mut self, title: &str) {
        let Some(era) = era_of(title, self.under.hints) else { return };
        if self.under.era == Some(era)
            || dates::is_month(&Cell::Text(title.into()), self.under.dating()) && self.has_year(era)
        {
            return;
        }
        let sheet = Sheet::default();
        self.note_era(&sheet);
        self.under.era = Some(era);
        self.told_era = Some(title.to_owned());
    }

    /// Whether what is known of the year already says so.
    fn has_year(&self, era: Era) -> bool {
        self.under.era.is_some_and(|known| known.first() == era.first())
    }

    fn push_line(&mut self, sheet: &Sheet, row: &Row, line: Line) {
        self.is_era_used |= line.is_completed;
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

/// The year that a title says, names of members left out of it.
pub(super) fn era_of(title: &str, hints: &Hints<'_>) -> Option<Era> {
    let own: Vec<String> = hints.own_names.iter().map(|name| fold(name)).collect();
    let mut words: Vec<&str> = own.iter().flat_map(|name| name.split(' ')).collect();
    words.extend(own.iter().map(String::as_str));
    let mut names = own.iter().chain(hints.members).map(String::as_str);
    Era::of_title(title, &mut names, &words)
}

/// What stands in a cell of a title.
fn title(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) | Cell::Number(text) => Some(text.to_string()),
        Cell::Empty | Cell::Moment { .. } | Cell::Fault(_) => None,
    }
}

/// Whether a cell may hold hours that somebody would miss.
fn holds_hours(cell: &Cell) -> bool {
    match cell {
        Cell::Moment { day: None, .. } => true,
        Cell::Number(_) | Cell::Text(_) => amounts::looks_like_duration(cell) && !amounts::is_nothing(cell),
        Cell::Empty | Cell::Moment { .. } | Cell::Fault(_) => false,
    }
}

/// The shape of the lines of a text file, under their header.
fn shape_of(sheet: &Sheet, header: usize, tables: &[Table]) -> Option<Shape> {
    let columns: Vec<&Columns> = tables.iter().map(|table| &table.columns).collect();
    let separator = sheet.separator?;
    Some(Shape::new(separator, &sheet.rows[header], &columns, &sheet.rows[header + 1..]))
}

/// A title above a table may say in which direction all its hours went, if no column does; so may the sheet's name.
fn sides_of_titles(sheet: &Sheet, header: usize, tables: &mut [Table]) {
    const ROWS_ABOVE: usize = 3;
    let starts: Vec<usize> = tables.iter().map(|table| table.columns.all().min().unwrap_or(0)).collect();
    for (index, table) in tables.iter_mut().enumerate() {
        let columns = &table.columns;
        let has_sides = columns.get(Field::Given).is_some() || columns.get(Field::Received).is_some();
        if columns.get(Field::Direction).is_some() || has_sides {
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
        table.side = titles.find_map(|title| sides::side_of_title(&title));
    }
}

/// The same column names again: a new page, or a second table for the other direction.
fn repeated(sheet: &Sheet, header: usize, tables: &mut [Table]) {
    let before: Vec<_> = tables.iter().map(|table| table.side).collect();
    sides_of_titles(sheet, header, tables);
    for (table, before) in tables.iter_mut().zip(before) {
        table.interrupt(true);
        match table.side {
            None => table.side = before,
            side if side != before => table.sums = Sums::default(),
            Some(_) => {}
        }
    }
}

/// The place of what was added last.
fn place(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
}

/// A row's cells as they stand.
fn text_of(row: &Row) -> String {
    let cells: Vec<_> = row.cells.iter().map(Cell::text).filter(|text| !text.is_empty()).collect();
    cells.join(" · ")
}
