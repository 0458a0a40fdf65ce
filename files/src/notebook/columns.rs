//! Which column means what: by its name, else by what stands in it, or as somebody said.
//!
//! What two columns may mean is not decided here: where they do not say the same, somebody is asked.

use std::ops::Range;

use ledger::Language;

use super::{
    amounts, dates,
    error::NotebookError,
    field::{Field, Unit},
    header::Claim,
    heading::Heading,
    hints::Under,
    sides,
};
use crate::cells::{Cell, Row};

/// How many cells are looked at where the content of a column has to tell.
const SAMPLE: usize = 300;

/// A table in a sheet: some columns, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Columns {
    positions: Vec<(Field, usize)>,
    units: Vec<(Field, Unit)>,
    /// The column of minutes beside one of hours.
    beside: Vec<(Field, usize)>,
    /// The column of breaks, which times of day do not tell.
    pub(super) pause: Option<usize>,
    /// The names in the header, for whoever has to choose among them.
    pub(super) names: Vec<String>,
    /// What was found out about them that their names do not say, for the reader to know.
    pub(super) notes: Vec<Found>,
}

/// What was found out about a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It was told by what stands in it.
    Guessed(Field, usize),
    /// Another one says the same.
    LeftAside(Field, usize),
    /// It holds the minutes that belong to the hours of another.
    Minutes(usize, usize),
    /// Times of day make the hours.
    Times,
}

impl Columns {
    /// Where a field's column stands.
    pub(super) fn get(&self, field: Field) -> Option<usize> {
        self.positions.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    /// Where the minutes beside a field's hours stand.
    pub(super) fn minutes_beside(&self, field: Field) -> Option<usize> {
        self.beside.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    /// What the bare numbers of a field count.
    pub(super) fn unit(&self, field: Field) -> Unit {
        self.units.iter().find(|(known, _)| *known == field).map_or(Unit::Unsaid, |(_, unit)| *unit)
    }

    /// Every position that means something.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.positions.iter().chain(&self.beside).map(|(_, at)| *at)
    }

    /// Where hours stand, or the times of day that make them.
    pub(super) fn amounts(&self) -> impl Iterator<Item = usize> {
        let is_hours = |field: &Field| Field::AMOUNTS.contains(field) || matches!(field, Field::Start | Field::End);
        self.positions.iter().chain(&self.beside).filter(move |(field, _)| is_hours(field)).map(|(_, at)| *at)
    }

    fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    fn has_amounts(&self) -> bool {
        Field::AMOUNTS.iter().any(|field| self.has(*field)) || (self.has(Field::Start) && self.has(Field::End))
    }

    /// Whether partners can be told: in one column or in two.
    fn has_partner(&self) -> bool {
        self.has(Field::Partner) || self.has(Field::Identifier) || (self.has(Field::Giver) && self.has(Field::Receiver))
    }

    /// Every column that means something, as "Date: date, Asso: partner".
    pub(super) fn told(&self, language: Language) -> String {
        let mut positions = self.positions.clone();
        positions.sort_by_key(|(_, at)| *at);
        let told = positions.iter().map(|(field, at)| format!("{} = {}", self.name(*at), field.word(language)));
        told.collect::<Vec<_>>().join(", ")
    }

    /// What the reader ought to know about the columns.
    pub(super) fn notes_in_words(&self, language: Language) -> impl Iterator<Item = String> {
        self.notes.iter().map(move |found| match *found {
            Found::Guessed(field, at) => {
                let (name, word) = (self.name(at), field.word(language));
                language.pick(
                    format!("colonne « {name} » devinée d'après son contenu : {word}"),
                    format!("column “{name}” guessed from what stands in it: {word}"),
                )
            }
            Found::LeftAside(field, at) => {
                let (name, word) = (self.name(at), field.word(language));
                language.pick(
                    format!("colonne « {name} » laissée de côté : une autre donne déjà « {word} »"),
                    format!("column “{name}” left aside: another one gives “{word}” already"),
                )
            }
            Found::Minutes(hours, minutes) => {
                let (hours, minutes) = (self.name(hours), self.name(minutes));
                language.pick(
                    format!("« {minutes} » s'ajoute aux heures de « {hours} »"),
                    format!("“{minutes}” is added to the hours of “{hours}”"),
                )
            }
            Found::Times => {
                let name = |field| self.get(field).map(|at| self.name(at)).unwrap_or_default();
                let (start, end) = (name(Field::Start), name(Field::End));
                language.pick(
                    format!("durée comptée de « {start} » à « {end} »"),
                    format!("duration counted from “{start}” to “{end}”"),
                )
            }
        })
    }

    fn name(&self, at: usize) -> String {
        self.names.get(at).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| letter(at))
    }

    /// The columns of a table: what its header claims, what mappings say, and what stands in the rest.
    pub(super) fn of_table(
        claims: &[Claim],
        names: Vec<String>,
        rows: &[Row],
        span: Range<usize>,
        under: Under<'_>,
    ) -> Result<Self, NotebookError> {
        let has_header = !claims.is_empty();
        let mut columns = Self { names, ..Self::default() };
        let width = span.end;
        let content = Content::of(rows, span);
        columns.choose_hours(claims, &content)?;
        for field in Field::ALL.iter().filter(|field| !Field::AMOUNTS.contains(field) && **field != Field::Ignored) {
            columns.choose(*field, claims, &content, under)?;
        }
        columns.apply_mappings(under, width, has_header)?;
        columns.complete(&content, under)?;
        columns.check(width)?;
        columns.settle_units(&content, under);
        columns.check_unnamed(&content, under)?;
        columns.pause = (0..columns.names.len()).find(|at| is_pause(&columns.names[*at]));
        if !Field::AMOUNTS.iter().any(|field| columns.has(*field)) {
            columns.notes.push(Found::Times);
        }
        Ok(columns)
    }

    /// The columns of hours, with those of minutes beside them.
    fn choose_hours(&mut self, claims: &[Claim], content: &Content<'_>) -> Result<(), NotebookError> {
        let mut open: Vec<Claim> =
            claims.iter().copied().filter(|claim| Field::AMOUNTS.contains(&claim.field)).collect();
        // "Heures reçues" and then "Minutes": the minutes of the column before.
        for at in 0..open.len() {
            let Some(before) = at.checked_sub(1).map(|before| open[before]) else { continue };
            let claim = open[at];
            let is_lone = claim.field == Field::Duration && claim.unit == Unit::Minutes && !claim.is_said;
            let is_beside = before.at + 1 == claim.at && before.field != Field::Duration;
            if is_lone && is_beside && matches!(before.unit, Unit::Hours | Unit::Unsaid) {
                open[at].field = before.field;
                open[at - 1].unit = Unit::Hours;
            }
        }
        for field in Field::AMOUNTS {
            let mut same: Vec<Claim> = open.iter().copied().filter(|claim| claim.field == field).collect();
            if same.iter().any(|claim| claim.is_said) {
                same.retain(|claim| claim.is_said);
            }
            if let [one, other] = same[..]
                && let (Some(hours), Some(minutes)) = by_unit(one, other)
                && self.choose_pair(field, hours, minutes, content)
            {
                continue;
            }
            self.take_one_that_all_agree_with(field, &same, content)?;
        }
        Ok(())
    }

    /// Hours and minutes side by side, or the same duration told twice.
    fn choose_pair(&mut self, field: Field, hours: Claim, minutes: Claim, content: &Content<'_>) -> bool {
        let both = || content.rows.iter().map(|row| [cell(row, hours.at), cell(row, minutes.at)]);
        let told = || both().filter(|cells| cells.iter().all(|cell| !amounts::is_nothing(cell)));
        let value = |cell: &Cell, unit| amounts::minutes(cell, unit, Language::French).ok().map(|(minutes, _)| minutes);
        let is_same =
            told().count() > 0 && told().all(|[one, other]| value(one, Unit::Hours) == value(other, Unit::Minutes));
        let is_rest = both().all(|[one, other]| {
            let rest = amounts::is_nothing(other) || value(other, Unit::Minutes).is_some_and(|it| it.get() < 60);
            rest && (amounts::is_nothing(other) || amounts::is_nothing(one) || amounts::is_whole(one))
        });
        if !is_same && !is_rest {
            return false;
        }
        self.take(field, hours);
        if is_same {
            self.notes.push(Found::LeftAside(field, minutes.at));
        } else {
            self.beside.push((field, minutes.at));
            self.notes.push(Found::Minutes(hours.at, minutes.at));
        }
        true
    }

    fn take(&mut self, field: Field, claim: Claim) {
        self.positions.push((field, claim.at));
        self.units.push((field, claim.unit));
    }

    /// Of several columns for one field the first, if the others are empty or say the same in every row.
    fn take_one_that_all_agree_with(
        &mut self,
        field: Field,
        claims: &[Claim],
        content: &Content<'_>,
    ) -> Result<(), NotebookError> {
        let filled: Vec<Claim> = claims.iter().copied().filter(|claim| content.is_filled(claim.at)).collect();
        let Some(first) = filled.first().or(claims.first()).copied() else { return Ok(()) };
        for other in filled.iter().skip(1) {
            let says = |row: &&Row, claim: &Claim| {
                let cell = cell(row, claim.at);
                match amounts::minutes(cell, claim.unit, Language::French) {
                    Ok((minutes, _)) if Field::AMOUNTS.contains(&field) => minutes.get().to_string(),
                    _ => ledger::name::fold(&cell.text()),
                }
            };
            let is_same = content.rows.iter().all(|row| says(row, &first) == says(row, other));
            if !is_same {
                let columns = [first.at, other.at].map(|at| self.name(at));
                return Err(NotebookError::TwoColumns { field, columns });
            }
            self.notes.push(Found::LeftAside(field, other.at));
        }
        self.take(field, first);
        Ok(())
    }

    /// The column of a field that is none of hours: of several, the one whose content is of its kind.
    fn choose(
        &mut self,
        field: Field,
        claims: &[Claim],
        content: &Content<'_>,
        under: Under<'_>,
    ) -> Result<(), NotebookError> {
        let mut same: Vec<Claim> = claims.iter().copied().filter(|claim| claim.field == field).collect();
        if same.iter().any(|claim| claim.is_said) {
            same.retain(|claim| claim.is_said);
        }
        if same.len() < 2 {
            return self.take_one_that_all_agree_with(field, &same, content);
        }
        let count = |claim: &Claim| content.count(claim.at, &|cell| is_of_kind(field, cell, under));
        let counts: Vec<usize> = same.iter().map(count).collect();
        let most = counts.iter().copied().max().unwrap_or_default();
        let is_clear = counts.iter().filter(|count| **count * 4 > most).count() == 1 && most > 0;
        let is_free = matches!(field, Field::Skill | Field::Identifier | Field::Direction);
        let best = counts.iter().position(|count| *count == most).filter(|_| is_clear || is_free);
        let Some(best) = best else { return self.take_one_that_all_agree_with(field, &same, content) };
        for (at, other) in same.iter().enumerate() {
            if at == best {
                self.take(field, *other);
            } else if content.is_filled(other.at) {
                self.notes.push(Found::LeftAside(field, other.at));
            }
        }
        Ok(())
    }

    /// Adds the columns that letters and numbers in the mappings mean. What was said of another notebook and does not
    /// fit this one does no harm.
    fn apply_mappings(&mut self, under: Under<'_>, width: usize, has_header: bool) -> Result<(), NotebookError> {
        for mapping in under.hints.mappings {
            let by_name = self.names.iter().position(|name| mapping.names(name));
            let by_place = mapping.position().filter(|_| !(mapping.is_remembered && has_header));
            let Some(at) = by_name.or(by_place).filter(|at| *at < width) else {
                if mapping.is_remembered {
                    continue;
                }
                let columns = self.shown_names(width);
                return Err(NotebookError::NoSuchColumn { wanted: mapping.column.clone(), columns });
            };
            if by_name.is_some() && self.all().any(|known| known == at) && self.get(mapping.field) == Some(at) {
                continue;
            }
            if by_name.is_some() && self.beside.iter().any(|(_, known)| *known == at) {
                continue;
            }
            self.positions.retain(|(field, known)| *known != at && *field != mapping.field);
            if mapping.field != Field::Ignored {
                self.positions.push((mapping.field, at));
                self.units.retain(|(field, _)| *field != mapping.field);
                self.units.push((mapping.field, mapping.unit));
            }
        }
        Ok(())
    }

    fn shown_names(&self, width: usize) -> Vec<String> {
        (0..width.max(self.names.len())).map(|at| self.name(at)).collect()
    }

    /// Finds the columns that the header does not tell by what stands in them, and says so.
    fn complete(&mut self, content: &Content<'_>, under: Under<'_>) -> Result<(), NotebookError> {
        let dating = under.dating();
        if !self.has(Field::Date) {
            self.guess(Field::Date, content, &|cell| dates::looks_like_date(cell, dating));
        }
        if !self.has_partner() {
            self.guess(Field::Partner, content, &|cell| is_of_kind(Field::Partner, cell, under));
        }
        if !self.has_amounts() {
            // Under names, a number may be of anything: only what tells its unit is taken for hours.
            let is_named = self.names.iter().any(|name| !name.is_empty());
            let is_so: &dyn Fn(&Cell) -> bool =
                if is_named { &amounts::is_duration_for_certain } else { &amounts::looks_like_duration };
            let likely = self.likely(content, is_so);
            let likely: Vec<usize> = likely.into_iter().filter(|at| !self.is_other_quantity(*at)).collect();
            match likely[..] {
                [] => {}
                [only] => {
                    self.positions.push((Field::Duration, only));
                    self.notes.push(Found::Guessed(Field::Duration, only));
                }
                [first, second, ..] => {
                    let columns = [first, second].map(|at| self.name(at));
                    return Err(NotebookError::TwoColumns { field: Field::Duration, columns });
                }
            }
        }
        let is_one_amount = self.has(Field::Duration) && !self.has(Field::Given);
        if is_one_amount && !self.has(Field::Direction) && !self.has(Field::Giver) {
            self.guess(Field::Direction, content, &|cell| is_of_kind(Field::Direction, cell, under));
        }
        Ok(())
    }

    /// Takes the column that most looks so, if one does.
    fn guess(&mut self, field: Field, content: &Content<'_>, is_so: &dyn Fn(&Cell) -> bool) {
        let likely = self.likely(content, is_so);
        let best = likely.into_iter().max_by_key(|at| (content.count(*at, is_so), std::cmp::Reverse(*at)));
        if let Some(at) = best {
            self.positions.push((field, at));
            self.notes.push(Found::Guessed(field, at));
        }
    }

    /// The open columns in which more than half of what is filled looks so, and not just a cell or two.
    fn likely(&self, content: &Content<'_>, is_so: &dyn Fn(&Cell) -> bool) -> Vec<usize> {
        let is_taken = |at: usize| {
            let is_known = self.names.get(at).and_then(|name| Heading::of(name));
            self.all().any(|known| known == at) || is_known.is_some_and(|heading| heading.field == Field::Ignored)
        };
        let is_likely = |at: &usize| {
            let (so, filled) = (content.count(*at, is_so), content.count(*at, &|_| true));
            so * 2 > filled && (so > 2 || so == filled)
        };
        content.span.clone().filter(|at| !is_taken(*at)).filter(is_likely).collect()
    }

    /// Whether a column's name says that its figures are no hours: times of day, above all.
    fn is_other_quantity(&self, at: usize) -> bool {
        const WORDS: [&str; 16] = [
            "horaire", "horaires", "rdv", "rendez", "creneau", "creneaux", "debut", "fin", "arrivee", "depart",
            "heure", "km", "prix", "age", "tarif", "cout",
        ];
        let name = self.names.get(at).map(|name| ledger::name::fold(name)).unwrap_or_default();
        name.split(' ').any(|word| WORDS.contains(&word))
    }

    /// What the bare numbers count, where neither names nor mappings say it.
    fn settle_units(&mut self, content: &Content<'_>, under: Under<'_>) {
        for field in Field::AMOUNTS {
            let (Some(at), Unit::Unsaid) = (self.get(field), self.unit(field)) else { continue };
            let named = [Field::Date, Field::Partner, Field::Identifier, Field::Giver];
            let is_line = |row: &&&Row| {
                let is_filled = |field: &Field| self.get(*field).is_some_and(|at| !cell(row, at).is_empty());
                named.iter().filter(|field| is_filled(field)).count() >= 2
            };
            let cells = content.rows.iter().filter(is_line).map(|row| cell(row, at));
            let unit = under.unit.unwrap_or_else(|| amounts::unit_of_numbers(cells));
            self.units.retain(|(known, _)| *known != field);
            self.units.push((field, unit));
        }
    }

    /// Hours may go on in a column without a name, under a name that was meant for both.
    fn check_unnamed(&self, content: &Content<'_>, under: Under<'_>) -> Result<(), NotebookError> {
        for field in Field::AMOUNTS {
            let Some(after) = self.get(field).map(|at| at + 1) else { continue };
            let is_named = self.names.get(after).is_some_and(|name| !name.is_empty());
            // In a text file, what goes beyond the header is looked at line by line.
            let is_within = match under.separator {
                None => true,
                Some(separator) => separator != b',' && after < self.names.len(),
            };
            let is_open = !self.names.is_empty() && !is_named && is_within && content.span.contains(&after);
            if !is_open || self.all().any(|known| known == after) {
                continue;
            }
            let is_line = |row: &&&Row| self.get(Field::Date).is_some_and(|at| !cell(row, at).is_empty());
            let is_hours = |cell: &Cell| amounts::looks_like_duration(cell) && !amounts::is_nothing(cell);
            if content.rows.iter().filter(is_line).any(|row| is_hours(cell(row, after))) {
                let columns = [after - 1, after].map(|at| self.name(at));
                return Err(NotebookError::TwoColumns { field, columns });
            }
        }
        Ok(())
    }

    /// Whether a notebook can be read with these columns.
    fn check(&self, width: usize) -> Result<(), NotebookError> {
        let columns = || self.shown_names(width);
        if !self.has_amounts() {
            Err(NotebookError::NoDuration { columns: columns() })
        } else if !self.has_partner() {
            Err(NotebookError::NoPartner { columns: columns() })
        } else if !self.has(Field::Date) {
            Err(NotebookError::NoDate { columns: columns() })
        } else {
            Ok(())
        }
    }
}

/// The rows under a header that hold something, and the columns of the table.
struct Content<'r> {
    rows: Vec<&'r Row>,
    span: Range<usize>,
}

impl<'r> Content<'r> {
    fn of(rows: &'r [Row], span: Range<usize>) -> Self {
        let is_filled = |row: &&Row| row.cells.iter().take(span.end).skip(span.start).any(|cell| !cell.is_empty());
        Self { rows: rows.iter().filter(is_filled).collect(), span }
    }

    fn count(&self, at: usize, is_so: &dyn Fn(&Cell) -> bool) -> usize {
        let cells = self.rows.iter().map(|row| cell(row, at)).filter(|cell| !cell.is_empty()).take(SAMPLE);
        cells.filter(|cell| is_so(cell)).count()
    }

    fn is_filled(&self, at: usize) -> bool {
        self.rows.iter().any(|row| !cell(row, at).is_empty())
    }
}

fn cell(row: &Row, at: usize) -> &Cell {
    row.cells.get(at).unwrap_or(&Cell::Empty)
}

/// Which of two columns has the hours, and which the minutes.
fn by_unit(one: Claim, other: Claim) -> (Option<Claim>, Option<Claim>) {
    match (one.unit, other.unit) {
        (Unit::Hours, Unit::Minutes) => (Some(one), Some(other)),
        (Unit::Minutes, Unit::Hours) => (Some(other), Some(one)),
        _ => (None, None),
    }
}

/// Whether what stands in a cell is what a field's column holds.
fn is_of_kind(field: Field, cell: &Cell, under: Under<'_>) -> bool {
    match (field, cell) {
        (Field::Date, cell) => {
            let dated = dates::date(cell, under.dating(), Language::French);
            dated.is_ok_and(|dated| matches!(dated.date, ledger::reconcile::LineDate::Day(_)))
        }
        (Field::Partner | Field::Giver | Field::Receiver, Cell::Text(text)) => (under.hints.is_member)(text),
        (Field::Direction, Cell::Text(text)) => sides::side(text).is_some(),
        _ => false,
    }
}

fn is_pause(name: &str) -> bool {
    let folded = ledger::name::fold(name);
    folded.split(' ').any(|word| matches!(word, "pause" | "pauses" | "break" | "breaks" | "coupure"))
}

pub(super) fn letter(at: usize) -> String {
    match u8::try_from(at) {
        Ok(at @ 0..26) => char::from(b'A' + at).to_string(),
        _ => (at + 1).to_string(),
    }
}
