//! What a row of a table says.

use ledger::{
    Identifier, IdentifierKind, Language, Minutes,
    exchange::Side,
    name::fold,
    reconcile::{LineDate, WrittenName},
};

use super::{
    columns::Columns,
    field::Field,
    hints::Hints,
    sheet::{Cell, Row, Sheet},
    values,
};

/// A table of a sheet, while its rows pass.
pub(super) struct Table {
    pub(super) columns: Columns,
    /// The direction that a title above it tells.
    pub(super) side: Option<Side>,
    /// The date of the row before, for rows that leave it out.
    pub(super) last_date: Option<(LineDate, u64)>,
    /// What the lines so far add up to: in the one column, given, received.
    pub(super) sums: [i64; 3],
}

/// Why a row is no line: a sentence for a person to mend it, or a word for what it is instead.
pub(super) enum NoLine {
    Unreadable(String),
    Ignored(String),
}

/// A line.
pub(super) struct Line {
    pub(super) date: LineDate,
    pub(super) name: WrittenName,
    pub(super) side: Option<Side>,
    pub(super) minutes: Minutes,
    pub(super) skill: Option<String>,
    pub(super) notes: Vec<String>,
}

/// Reads rows, one by one.
#[derive(Clone, Copy)]
pub(super) struct LineReader<'a> {
    pub(super) hints: &'a Hints<'a>,
}

impl LineReader<'_> {
    /// Reads a row of a table.
    pub(super) fn line(self, sheet: &Sheet, row: &Row, table: &mut Table) -> Result<Line, NoLine> {
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
    fn no_line(self, row: &Row, table: &Table) -> Option<String> {
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
            return Some(self.hints.blank());
        }
        // A title between lines stands alone in its row, and is no date.
        (filled == 1 && !has_date && !has_amount && row.cells.iter().filter(|cell| !cell.is_empty()).count() == 1)
            .then(|| self.hints.word("titre", "title"))
    }

    /// Says what a total adds up to, and what the lines above it do.
    fn total(self, row: &Row, table: &Table) -> String {
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
        let (word, colon) = (self.hints.word("total", "total"), language.pick(" : ", ": "));
        if said.is_empty() { word } else { format!("{word}{colon}{}", said.join(" ; ")) }
    }

    /// The cell that holds the amount, with the direction where its column tells one.
    fn amount<'c>(
        self,
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
    fn times_people(self, minutes: Minutes, amount: &Cell, people: &Cell) -> Result<Minutes, NoLine> {
        let text = people.text();
        if text.is_empty() {
            return Ok(minutes);
        }
        let within = Minutes::parse_people(&amount.text()).ok().and_then(|(people, _)| people);
        let count: Option<u32> = text.trim_end_matches(".0").parse().ok().filter(|count| *count > 0);
        match (count, within) {
            (Some(count), None) => {
                minutes.of_people(count).map_err(|error| NoLine::Unreadable(error.in_words(self.language())))
            }
            (Some(count), Some(within)) if count == within => Ok(minutes),
            _ => Err(NoLine::Unreadable(self.language().pick(
                format!("nombre de personnes illisible : « {text} »"),
                format!("unreadable number of persons: “{text}”"),
            ))),
        }
    }

    /// The partner, and the direction where giver and receiver have columns of their own.
    fn name<'c>(self, cell: &impl Fn(Field) -> &'c Cell) -> Result<(WrittenName, Option<Side>), NoLine> {
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
            Err(NoLine::Unreadable(self.hints.word("il manque le partenaire", "the partner is missing")))
        } else {
            Err(NoLine::Unreadable(self.hints.word(
                "ni l'association qui aide ni celle qui est aidée n'est la vôtre",
                "neither the association that helps nor the one that is helped is yours",
            )))
        }
    }

    fn language(self) -> Language {
        self.hints.language
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

/// Where the table's columns stand.
pub(super) fn columns_of(columns: &Columns) -> impl Iterator<Item = usize> {
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

fn is_total(folded: &str) -> bool {
    let first = folded.split(' ').next().unwrap_or_default();
    matches!(
        first,
        "total" | "totaux" | "sous" | "somme" | "cumul" | "solde" | "ensemble" | "sum" | "subtotal" | "totals"
    ) && (first != "sous" || folded.starts_with("sous total"))
        && folded.split(' ').count() <= 5
}
