//! What a row of a table says.

use ledger::{
    Identifier, IdentifierKind, Language, Minutes,
    exchange::Side,
    name::fold,
    reconcile::{LineDate, WrittenName},
};

use super::{
    amounts,
    columns::Columns,
    dates,
    field::Field,
    here::{Here, PARTNERS},
    hints::Under,
    hours::HoursReader,
    sides,
    sums::{self, Added, Place, Sums},
};
use crate::{
    cells::{Cell, Row, Sheet},
    table::with_first_zero,
};

/// A table of a sheet, while its rows pass.
pub(super) struct Table {
    pub(super) columns: Columns,
    /// The direction that a title above it tells.
    pub(super) side: Option<Side>,
    /// What rows below may leave out.
    above: Above,
    pub(super) sums: Sums,
}

/// What stands in the rows above, for rows that leave it out.
#[derive(Debug, Default)]
struct Above {
    date: DateAbove,
    /// The line in the row just above.
    line: Option<LineAbove>,
}

#[derive(Debug, Clone, Copy, Default)]
enum DateAbove {
    #[default]
    Nothing,
    Known(LineDate, u64),
    /// A date stands there that cannot be read: nobody shall take an older one in its place.
    Unreadable(u64),
}

#[derive(Debug, Clone)]
struct LineAbove {
    row: u64,
    name: WrittenName,
    side: Option<Side>,
}

/// Why a row is no line: a sentence for a person to mend it, or a word for what it is instead.
pub(super) enum NoLine {
    Unreadable(String),
    /// A total that the lines above do not reach.
    Disagrees(String),
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
    /// Whether its year is not its own.
    pub(super) is_completed: bool,
}

impl Table {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns, side: None, above: Above::default(), sums: Sums::default() }
    }

    /// A title, or a blank stretch: what follows leaves nothing out that stands before it.
    pub(super) fn interrupt(&mut self, is_title: bool) {
        self.above.line = None;
        if is_title {
            self.above.date = DateAbove::Nothing;
        }
    }

    /// Whether a row has anything in the columns of hours.
    pub(super) fn has_amount(&self, row: &Row) -> bool {
        let cell = |at: Option<usize>| at.and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Empty);
        self.columns.amounts().any(|at| !cell(Some(at)).is_empty())
    }
}

/// Reads rows, one by one.
#[derive(Clone, Copy)]
pub(super) struct LineReader<'a> {
    pub(super) under: Under<'a>,
}

impl LineReader<'_> {
    /// Reads a row of a table.
    pub(super) fn line(self, sheet: &Sheet, row: &Row, table: &mut Table) -> Result<Line, NoLine> {
        if let Some(other) = self.no_line(sheet, row, table) {
            let is_beside = table.columns.all().all(|at| row.cells.get(at).is_none_or(Cell::is_empty));
            table.interrupt(!is_beside && !matches!(other, NoLine::Unreadable(_)));
            return Err(other);
        }
        let above = std::mem::take(&mut table.above);
        let here = Here { sheet, row, columns: &table.columns };
        let (read, date) = self.read(here, table.side, &above);
        table.above = Above { date: date.unwrap_or(above.date), line: None };
        let (line, added) = match read {
            Ok(read) => read,
            Err(why) => {
                // A line that is asked about counts in its total all the same.
                let added = self.hours().amount(here).ok().and_then(|amount| self.hours().added(here, &amount));
                if let Some(added) = added {
                    table.sums.add(added);
                }
                return Err(NoLine::Unreadable(why));
            }
        };
        table.above.line = Some(LineAbove { row: row.number, name: line.name.clone(), side: line.side });
        table.sums.add(added);
        Ok(line)
    }

    /// Reads a row that is a line, and what its date is for those below.
    fn read(
        self,
        here: Here<'_>,
        title_side: Option<Side>,
        above: &Above,
    ) -> (Result<(Line, Added), String>, Option<DateAbove>) {
        let mut notes = Vec::new();
        let repeated = above.line.as_ref().filter(|_| !here.has_partner() && here.cell(Field::Date).is_empty());
        let (date, is_completed, is_own) = match self.date(here, above, &mut notes) {
            Ok(read) => read,
            Err(why) => {
                let is_own = !here.cell(Field::Date).is_empty();
                return (Err(why), is_own.then_some(DateAbove::Unreadable(here.row.number)));
            }
        };
        let read = self.rest(here, title_side, repeated, &mut notes).map(|(mut line, added)| {
            line.date = date;
            line.is_completed = is_completed;
            line.notes = notes;
            (line, added)
        });
        (read, is_own.then_some(DateAbove::Known(date, here.row.number)))
    }

    /// The date of a row, whether its year is another's, and whether it is the row's own.
    fn date(self, here: Here<'_>, above: &Above, notes: &mut Vec<String>) -> Result<(LineDate, bool, bool), String> {
        let language = self.language();
        let cell = here.cell(Field::Date);
        if !cell.is_empty() {
            let dated = dates::date(cell, self.under.dating(), language)?;
            return Ok((dated.date, dated.is_completed, true));
        }
        match above.date {
            // People leave the date out where it is that of the row above.
            DateAbove::Known(date, row) => {
                notes.push(
                    language
                        .pick(format!("sans date : celle de la ligne {row}"), format!("no date: that of line {row}")),
                );
                Ok((date, false, false))
            }
            DateAbove::Unreadable(row) => Err(language.pick(
                format!("sans date, et celle de la ligne {row} ne se lit pas"),
                format!("no date, and that of line {row} cannot be read"),
            )),
            DateAbove::Nothing => dates::date(cell, self.under.dating(), language).map(|it| (it.date, false, true)),
        }
    }

    /// All but the date.
    fn rest(
        self,
        here: Here<'_>,
        title_side: Option<Side>,
        repeated: Option<&LineAbove>,
        notes: &mut Vec<String>,
    ) -> Result<(Line, Added), String> {
        let language = self.language();
        let amount = self.hours().amount(here)?;
        let minutes = self.hours().times_people(amount.minutes, amount.cell, here.cell(Field::People))?;
        let added = self.hours().added(here, &amount);
        notes.extend(amount.notes);
        let (name, partner_side) = match repeated {
            Some(LineAbove { row, name, .. }) => {
                notes.push(language.pick(
                    format!("sans partenaire : celui de la ligne {row}"),
                    format!("no partner: that of line {row}"),
                ));
                (name.clone(), None)
            }
            None => self.name(here)?,
        };
        let said = here.cell(Field::Direction).text();
        let side = if said.is_empty() { None } else { sides::side(&said) };
        if !said.is_empty() && side.is_none() {
            return Err(language.pick(
                format!("sens inconnu : « {said} » ; « donné » ou « reçu » conviendrait"),
                format!("unknown direction: “{said}”; “given” or “received” would fit"),
            ));
        }
        let repeated_side = repeated.and_then(|line| line.side);
        let side = amount.place.side().or(partner_side).or(side).or(repeated_side).or(title_side);
        let skill = Some(here.cell(Field::Skill).text().into_owned()).filter(|skill| !skill.is_empty());
        let added = Added { side, ..added.unwrap_or(Added::one(amount.place, minutes)) };
        // The date is put in by whoever has read it.
        let date = LineDate::Day(chrono::NaiveDate::MIN);
        Ok((Line { date, name, side, minutes, skill, notes: Vec::new(), is_completed: false }, added))
    }

    /// Why a row is no line of the table at all: nothing in its columns, a total, a title between lines. A row that has
    /// hours is one of these only if a word for a total stands alone in its cell, and no partner beside it.
    fn no_line(self, sheet: &Sheet, row: &Row, table: &mut Table) -> Option<NoLine> {
        let here = Here { sheet, row, columns: &table.columns };
        let has_amount = table.has_amount(row);
        let date = here.cell(Field::Date);
        let has_date = !date.is_empty() && dates::looks_like_date(date, self.under.dating());
        if self.is_total(here, has_date, has_amount) {
            return Some(self.total(sheet, row, table));
        }
        if let Some(total) = self.total_in_a_cell(here, table) {
            return Some(total);
        }
        let filled = here.columns.all().filter(|at| !here.at(Some(*at)).is_empty()).count();
        if filled == 0 {
            return Some(NoLine::Ignored(self.under.hints.blank()));
        }
        if !has_amount {
            // A title between lines stands alone in its row; a month may be one.
            let is_alone = row.cells.iter().filter(|cell| !cell.is_empty()).count() == 1;
            let is_month = dates::is_month(date, self.under.dating());
            let is_title = filled == 1 && is_alone && (!has_date || is_month);
            return is_title.then(|| NoLine::Ignored(self.under.hints.word("titre", "title")));
        }
        if here.has_partner() || !date.is_empty() {
            return None;
        }
        self.nameless(sheet, row, table)
    }

    /// Whether the word for a total stands alone in its cell, before the hours, and no partner beside it.
    fn is_total(self, here: Here<'_>, has_date: bool, has_amount: bool) -> bool {
        let label = |cell: &Cell| match cell {
            Cell::Text(text) => Some(fold(text)).filter(|folded| sums::is_total(folded)),
            Cell::Empty | Cell::Number(_) | Cell::Moment { .. } | Cell::Fault(_) => None,
        };
        let is_direction_said = !here.own(Field::Direction).is_empty();
        // "Ensemble" may be how somebody calls a choir: with a date, a direction, or a member of that name it is one.
        let is_partner = |field: &Field| {
            let cell = here.cell(*field);
            let Some(label) = label(cell) else { return !cell.is_empty() };
            let is_member = self.under.hints.members.iter().any(|member| {
                member.strip_prefix(label.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            });
            is_direction_said || is_member || (has_date && !is_plain_total(&label))
        };
        if PARTNERS.iter().any(is_partner) {
            return false;
        }
        let first_amount = here.columns.amounts().filter(|at| !here.at(Some(*at)).is_empty()).min();
        let named = [Field::Date, Field::Partner].map(|field| here.columns.get(field));
        let is_before = |at: usize| !has_amount || named.contains(&Some(at)) || first_amount.is_none_or(|it| at < it);
        here.row.cells.iter().enumerate().any(|(at, cell)| label(cell).is_some() && is_before(at))
    }

    /// "Total général : 5h" in one cell, alone in its row: held against the lines like any other total.
    fn total_in_a_cell(self, here: Here<'_>, table: &Table) -> Option<NoLine> {
        let mut filled = here.row.cells.iter().filter(|cell| !cell.is_empty());
        let (Some(Cell::Text(text)), None) = (filled.next(), filled.next()) else { return None };
        let written = sums::total_of_text(text)?;
        let language = self.language();
        let reached = [Place::One, Place::Given, Place::Received].map(|place| table.sums.beside(place, written));
        let is_reached = reached.iter().any(|(_, is_same)| *is_same);
        let (word, colon) = (self.under.hints.word("total", "total"), language.pick(" : ", ": "));
        let said = format!("{word}{colon}{}", sums::in_words(written, reached[0].0, is_reached, language));
        Some(if is_reached { NoLine::Ignored(said) } else { NoLine::Disagrees(said) })
    }

    /// A row with hours alone: below a line it leaves out what that says, unless it is what the lines make together.
    fn nameless(self, sheet: &Sheet, row: &Row, table: &Table) -> Option<NoLine> {
        let language = self.language();
        let is_below = table.above.line.as_ref().is_some_and(|line| line.row + 1 == row.number);
        let is_sum = !table.sums.is_empty()
            && self
                .hours()
                .written(Here { sheet, row, columns: &table.columns })
                .iter()
                .any(|(place, minutes)| table.sums.beside(*place, *minutes).1);
        if is_below && !is_sum {
            return None;
        }
        Some(NoLine::Unreadable(if is_sum {
            language.pick(
                "ni date ni partenaire, et autant que les lignes au-dessus : si c'est leur total, écrivez « Total » devant ; sinon, complétez la ligne".to_owned(),
                "neither date nor partner, and as much as the lines above: if it is their total, write “Total” before it; else complete the line".to_owned(),
            )
        } else {
            language.pick(
                "ni date ni partenaire ; complétez la ligne, ou écrivez « Total » devant si c'en est un".to_owned(),
                "neither date nor partner; complete the line, or write “Total” before it if it is one".to_owned(),
            )
        }))
    }

    /// Says what a total adds up to, and what the lines above it do.
    fn total(self, sheet: &Sheet, row: &Row, table: &mut Table) -> NoLine {
        let language = self.language();
        let written = self.hours().written(Here { sheet, row, columns: &table.columns });
        let unread = table.columns.amounts().filter_map(|at| row.cells.get(at)).find(|cell| !amounts::is_nothing(cell));
        if let Some(cell) = unread.filter(|_| written.is_empty()) {
            let found = cell.text();
            return NoLine::Disagrees(
                language.pick(format!("total illisible : « {found} »"), format!("unreadable total: “{found}”")),
            );
        }
        let mut is_reached = true;
        let said: Vec<String> = written
            .into_iter()
            .map(|(place, written)| {
                let (made, is_same) = table.sums.beside(place, written);
                is_reached &= is_same;
                sums::in_words(written, made, is_same, language)
            })
            .collect();
        table.sums.restart();
        let (word, colon) = (self.under.hints.word("total", "total"), language.pick(" : ", ": "));
        let said = if said.is_empty() { word } else { format!("{word}{colon}{}", said.join(" ; ")) };
        if is_reached { NoLine::Ignored(said) } else { NoLine::Disagrees(said) }
    }

    /// The partner, and the direction where giver and receiver have columns of their own.
    fn name(self, here: Here<'_>) -> Result<(WrittenName, Option<Side>), String> {
        let written = here.cell(Field::Identifier).text();
        // Numbers that a spreadsheet took the first zero of, too.
        let kinds = [(IdentifierKind::Rna, 10), (IdentifierKind::Siren, 9), (IdentifierKind::Siret, 14)];
        let whole = kinds.into_iter().find_map(|(kind, _)| Identifier::from_parts(kind, &written).ok());
        let identifier = whole.or_else(|| {
            let restored = |(kind, digits)| Identifier::from_parts(kind, &with_first_zero(&written, digits)?).ok();
            kinds.into_iter().find_map(restored)
        });
        let named = |text: &str| WrittenName { text: text.trim().to_owned(), identifier: identifier.clone() };
        let partner = here.cell(Field::Partner);
        for field in PARTNERS {
            if let Cell::Fault(fault) = here.cell(field) {
                return Err(amounts::faulty(fault, self.language()));
            }
        }
        let (giver, receiver) = (here.cell(Field::Giver).text(), here.cell(Field::Receiver).text());
        let is_own = |text: &str| self.under.hints.own_names.iter().any(|own| fold(own) == fold(text));
        if !partner.is_empty() || identifier.is_some() {
            Ok((named(&partner.text()), None))
        } else if is_own(&giver) && !receiver.is_empty() {
            Ok((named(&receiver), Some(Side::Giver)))
        } else if is_own(&receiver) && !giver.is_empty() {
            Ok((named(&giver), Some(Side::Receiver)))
        } else if giver.is_empty() || receiver.is_empty() {
            Err(self.under.hints.word("il manque le partenaire", "the partner is missing"))
        } else {
            Err(self.under.hints.word(
                "ni l'association qui aide ni celle qui est aidée n'est la vôtre",
                "neither the association that helps nor the one that is helped is yours",
            ))
        }
    }

    fn hours(self) -> HoursReader {
        HoursReader { language: self.language() }
    }

    fn language(self) -> Language {
        self.under.hints.language
    }
}

/// "Total" is nobody's name; "Ensemble" and "Solde" may be the beginning of one.
fn is_plain_total(folded: &str) -> bool {
    ["total", "totaux", "sous", "soustotal", "subtotal"].iter().any(|word| folded.split(' ').any(|it| it == *word))
}
