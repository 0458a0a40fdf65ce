//! What becomes of each row of a sheet.

use std::collections::HashMap;

use ledger::{
    Identifier, IdentifierKind, Language, Minutes,
    exchange::Side,
    name::fold,
    reconcile::{LineDate, NotebookLine, WrittenName},
};

use super::{
    Hints, Outcome, ReadNotebook, ReadRow,
    columns::{Columns, Field},
    sheet::{Cell, NotebookError, Row, Sheet},
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

/// A table of a sheet, while its rows pass.
struct Table {
    columns: Columns,
    /// The direction that a title above it tells.
    side: Option<Side>,
    /// The date of the row before, for rows that leave it out.
    last_date: Option<(LineDate, u64)>,
    /// What the lines so far add up to: in the one column, given, received.
    sums: [i64; 3],
}

/// Why a row is no line: a sentence for a person to mend it, or a word for what it is instead.
enum NoLine {
    Unreadable(String),
    Ignored(String),
}

struct Line {
    date: LineDate,
    name: WrittenName,
    side: Option<Side>,
    minutes: Minutes,
    skill: Option<String>,
    notes: Vec<String>,
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
                        let why = error.in_words(self.language());
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
                let title = if text_of(row).is_empty() { self.blank() } else { self.word("titre", "title") };
                self.push(sheet, row, Outcome::Ignored(title), Vec::new());
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
                self.push(sheet, row, Outcome::Ignored(self.word(word.0, word.1)), Vec::new());
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
            self.push(sheet, row, Outcome::Ignored(self.blank()), Vec::new());
            return;
        }
        let mut outcomes = Vec::new();
        for table in tables.iter_mut() {
            let read = self.line(sheet, row, table);
            outcomes.push(read);
        }
        // Side by side, one table goes on after the other has ended.
        let has_more = outcomes.iter().any(|outcome| !matches!(outcome, Err(NoLine::Ignored(_))));
        for outcome in outcomes {
            match outcome {
                Ok(line) => self.push_line(sheet, row, line),
                Err(NoLine::Unreadable(why)) => self.push(sheet, row, Outcome::Unreadable(why), Vec::new()),
                Err(NoLine::Ignored(what)) if !has_more => {
                    self.push(sheet, row, Outcome::Ignored(what), Vec::new());
                    return;
                }
                Err(NoLine::Ignored(_)) => {}
            }
        }
    }

    /// Reads a row of a table.
    fn line(&self, sheet: &Sheet, row: &Row, table: &mut Table) -> Result<Line, NoLine> {
        let language = self.language();
        let cell = |field: Field| table.columns.get(field).map_or(&Cell::Empty, |at| sheet.cell_or_merged(row, at));
        let own = |field: Field| table.columns.get(field).and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
        if let Some(ignored) = self.no_line(row, table) {
            return Err(NoLine::Ignored(ignored));
        }
        let mut notes = Vec::new();
        let (date, is_new) =
            match (cell(Field::Date), table.last_date) {
                // People leave the date out where it is that of the row above.
                (Cell::Empty, Some((date, above))) if !partner(&cell).is_empty() => {
                    notes.push(language.pick(
                        format!("sans date : celle de la ligne {above}"),
                        format!("no date: that of line {above}"),
                    ));
                    (date, false)
                }
                (cell, _) => (values::date(cell, self.hints.year, language).map_err(NoLine::Unreadable)?, true),
            };
        if is_new {
            table.last_date = Some((date, row.number));
        }
        let (column_side, amount) = self.amount(&table.columns, own)?;
        let (minutes, note) =
            values::minutes(amount, table.columns.is_minutes, language).map_err(NoLine::Unreadable)?;
        notes.extend(note);
        let minutes = self.times_people(minutes, amount, cell(Field::People))?;
        let place = match column_side {
            None => 0,
            Some(Side::Giver) => 1,
            Some(Side::Receiver) => 2,
        };
        table.sums[place] = table.sums[place].saturating_add(minutes.get());
        let (name, partner_side) = self.name(&cell)?;
        let said = cell(Field::Direction).text();
        let side = if said.is_empty() { None } else { values::side(&said) };
        if !said.is_empty() && side.is_none() {
            return Err(NoLine::Unreadable(language.pick(
                format!("sens inconnu : « {said} » ; « donné » ou « reçu » conviendrait"),
                format!("unknown direction: “{said}”; “given” or “received” would fit"),
            )));
        }
        let side = column_side.or(partner_side).or(side).or(table.side);
        let skill = Some(cell(Field::Skill).text().into_owned()).filter(|skill| !skill.is_empty());
        Ok(Line { date, name, side, minutes, skill, notes })
    }

    /// Why a row is no line of the table at all: nothing in its columns, a total, a title between lines.
    fn no_line(&self, row: &Row, table: &Table) -> Option<String> {
        let columns = &table.columns;
        let own = |field: Field| columns.get(field).and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
        let is_filled = |field: Field| !own(field).is_empty();
        let amounts = [Field::Duration, Field::Given, Field::Received];
        let has_amount = amounts.iter().any(|field| is_filled(*field));
        let has_date = is_filled(Field::Date) && values::looks_like_date(own(Field::Date), self.hints.year);
        let has_partner = [Field::Partner, Field::Identifier, Field::Giver].iter().any(|field| is_filled(*field));
        let words = row.cells.iter().filter_map(|cell| match cell {
            Cell::Text(text) => Some(fold(text)),
            _ => None,
        });
        let is_total = !has_date && words.clone().any(|text| is_total(&text));
        if is_total || (has_amount && !has_date && !has_partner) {
            return Some(self.total(row, table));
        }
        let filled = columns_of(columns).filter(|at| row.cells.get(*at).is_some_and(|cell| !cell.is_empty())).count();
        if filled == 0 {
            return Some(self.blank());
        }
        // A title between lines stands alone in its row, and is no date.
        (filled == 1 && !has_date && !has_amount && row.cells.iter().filter(|cell| !cell.is_empty()).count() == 1)
            .then(|| self.word("titre", "title"))
    }

    /// Says what a total adds up to, and what the lines above it do.
    fn total(&self, row: &Row, table: &Table) -> String {
        let language = self.language();
        let amounts = [(Field::Duration, 0), (Field::Given, 1), (Field::Received, 2)];
        let mut said = Vec::new();
        for (field, place) in amounts {
            let Some(cell) = table.columns.get(field).and_then(|at| row.cells.get(at)).filter(|cell| !cell.is_empty())
            else {
                continue;
            };
            let Ok((written, _)) = values::minutes(cell, table.columns.is_minutes, language) else { continue };
            let all: i64 = if place == 0 { table.sums.iter().sum() } else { table.sums[place] };
            // In a notebook with one column per direction, people write one grand total under the last.
            let read = if place == 2 && table.sums[1] > 0 && written.get() > table.sums[2] {
                table.sums.iter().sum()
            } else {
                all
            };
            let (shown, sum) = (written.display(language), Minutes::new(read).display(language));
            said.push(if written.get() == read {
                language.pick(format!("{shown}, comme les lignes lues"), format!("{shown}, as the lines read"))
            } else {
                language.pick(
                    format!("{shown}, mais les lignes lues font {sum}"),
                    format!("{shown}, but the lines read make {sum}"),
                )
            });
        }
        let (word, colon) = (self.word("total", "total"), language.pick(" : ", ": "));
        if said.is_empty() { word } else { format!("{word}{colon}{}", said.join(" ; ")) }
    }

    /// The cell that holds the amount, with the direction where its column tells one.
    fn amount<'c>(
        &self,
        columns: &Columns,
        own: impl Fn(Field) -> &'c Cell,
    ) -> Result<(Option<Side>, &'c Cell), NoLine> {
        let is_nothing = |cell: &Cell| {
            matches!(
                cell.text().trim(),
                "" | "-" | "–" | "—" | "/" | "0" | "0,0" | "0.0" | "0,00" | "0h" | "0h00" | "0:00" | "00:00"
            )
        };
        let (given, received) = (own(Field::Given), own(Field::Received));
        match (is_nothing(given), is_nothing(received)) {
            (false, false) => Err(NoLine::Unreadable(self.language().pick(
                "des heures données et des heures reçues sur la même ligne ; faites-en deux".to_owned(),
                "hours given and hours received on one line; make two of it".to_owned(),
            ))),
            (false, true) => Ok((Some(Side::Giver), given)),
            (true, false) => Ok((Some(Side::Receiver), received)),
            (true, true) => match own(Field::Duration) {
                Cell::Empty if columns.get(Field::Duration).is_none() && !given.is_empty() => {
                    Ok((Some(Side::Giver), given))
                }
                cell => Ok((None, cell)),
            },
        }
    }

    /// Person-minutes, where a column of its own says how many people.
    fn times_people(&self, minutes: Minutes, amount: &Cell, people: &Cell) -> Result<Minutes, NoLine> {
        let text = people.text();
        if text.is_empty() {
            return Ok(minutes);
        }
        let within = Minutes::parse_people(&amount.text()).ok().and_then(|(people, _)| people);
        let count: Option<u32> = text.trim_end_matches(".0").parse().ok().filter(|count| *count > 0);
        match (count, within) {
            (Some(count), None) => Ok(Minutes::new(minutes.get().saturating_mul(i64::from(count)))),
            (Some(count), Some(within)) if count == within => Ok(minutes),
            _ => Err(NoLine::Unreadable(self.language().pick(
                format!("nombre de personnes illisible : « {text} »"),
                format!("unreadable number of persons: “{text}”"),
            ))),
        }
    }

    /// The partner, and the direction where giver and receiver have columns of their own.
    fn name<'c>(&self, cell: &impl Fn(Field) -> &'c Cell) -> Result<(WrittenName, Option<Side>), NoLine> {
        let written = cell(Field::Identifier).text();
        let kinds = [IdentifierKind::Rna, IdentifierKind::Siren, IdentifierKind::Siret];
        let identifier = kinds.into_iter().find_map(|kind| Identifier::from_parts(kind, &written).ok());
        let named = |text: &str| WrittenName { text: text.trim().to_owned(), identifier: identifier.clone() };
        let partner = cell(Field::Partner);
        if let Cell::Fault(fault) = partner {
            return Err(NoLine::Unreadable(
                values::minutes(&Cell::Fault(fault), false, self.language()).err().unwrap_or_default(),
            ));
        }
        let (giver, receiver) = (cell(Field::Giver).text(), cell(Field::Receiver).text());
        let is_own = |text: &str| self.hints.own_names.iter().any(|own| fold(own) == fold(text));
        if !partner.is_empty() || identifier.is_some() {
            Ok((named(&partner.text()), None))
        } else if is_own(&giver) && !receiver.is_empty() {
            Ok((named(&receiver), Some(Side::Giver)))
        } else if is_own(&receiver) && !giver.is_empty() {
            Ok((named(&giver), Some(Side::Receiver)))
        } else if giver.is_empty() || receiver.is_empty() {
            Err(NoLine::Unreadable(self.word("il manque le partenaire", "the partner is missing")))
        } else {
            Err(NoLine::Unreadable(self.word(
                "ni l'association qui aide ni celle qui est aidée n'est la vôtre",
                "neither the association that helps nor the one that is helped is yours",
            )))
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
        self.push(sheet, row, Outcome::Said(said), line.notes);
    }

    fn push(&mut self, sheet: &Sheet, row: &Row, outcome: Outcome, notes: Vec<String>) {
        let sheet = sheet.name.clone().filter(|_| self.has_sheets);
        self.read.rows.push(ReadRow { sheet, number: row.number, outcome, notes, text: text_of(row) });
    }

    fn blank(&self) -> String {
        self.word("ligne vide", "blank line")
    }

    fn word(&self, french: &str, english: &str) -> String {
        self.language().pick(french, english).to_owned()
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

/// Who is named, in whichever column.
fn partner<'c>(cell: &impl Fn(Field) -> &'c Cell) -> String {
    [Field::Partner, Field::Identifier, Field::Giver, Field::Receiver]
        .iter()
        .map(|field| cell(*field).text())
        .find(|text| !text.is_empty())
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
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

fn columns_of(columns: &Columns) -> impl Iterator<Item = usize> {
    [
        Field::Date,
        Field::Partner,
        Field::Duration,
        Field::Direction,
        Field::Given,
        Field::Received,
        Field::People,
        Field::Skill,
        Field::Identifier,
        Field::Giver,
        Field::Receiver,
    ]
    .into_iter()
    .filter_map(|field| columns.get(field))
}

fn first_column(columns: &Columns) -> usize {
    columns_of(columns).min().unwrap_or(0)
}

fn is_total(folded: &str) -> bool {
    let first = folded.split(' ').next().unwrap_or_default();
    matches!(
        first,
        "total" | "totaux" | "sous" | "somme" | "cumul" | "solde" | "ensemble" | "sum" | "subtotal" | "totals"
    ) && (first != "sous" || folded.starts_with("sous total"))
        && folded.split(' ').count() <= 5
}

/// A row's cells as they stand.
fn text_of(row: &Row) -> String {
    let cells: Vec<_> = row.cells.iter().map(Cell::text).filter(|text| !text.is_empty()).collect();
    cells.join(" · ")
}
