//! How long a row says that help was: in one column or in one for each direction, with minutes beside, from one time of
//! day to another, for so many people.

use ledger::{Language, Minutes};

use super::{
    amounts,
    field::{Field, Unit},
    here::Here,
    sums::{Added, Place},
};
use crate::cells::Cell;

/// A duration, where it stands, and what there is to say of it.
pub(super) struct Amount<'c> {
    pub(super) place: Place,
    pub(super) minutes: Minutes,
    pub(super) notes: Vec<String>,
    /// The cell that tells it, if one alone does.
    pub(super) cell: Option<&'c Cell>,
}

/// Reads the hours of rows.
#[derive(Clone, Copy)]
pub(super) struct HoursReader {
    pub(super) language: Language,
}

impl HoursReader {
    /// How long it was, and in which column that stands.
    pub(super) fn amount(self, here: Here<'_>) -> Result<Amount<'_>, String> {
        let is_nothing = |field: Field| amounts::is_nothing(here.own(field)) && amounts::is_nothing(here.beside(field));
        let has = |field: Field| here.columns.get(field).is_some();
        let has_times = [Field::Start, Field::End].iter().all(|field| has(*field) && !here.own(*field).is_empty());
        let (place, field) = match (is_nothing(Field::Given), is_nothing(Field::Received)) {
            (false, false) => {
                return Err(self.language.pick(
                    "des heures données et des heures reçues sur la même ligne ; faites-en deux".to_owned(),
                    "hours given and hours received on one line; make two of it".to_owned(),
                ));
            }
            (false, true) => (Place::Given, Field::Given),
            (true, false) => (Place::Received, Field::Received),
            (true, true) if is_nothing(Field::Duration) && has_times => return self.between(here),
            (true, true) if !has(Field::Duration) && !here.own(Field::Given).is_empty() => (Place::Given, Field::Given),
            (true, true) if !has(Field::Duration) && has(Field::Received) => (Place::Received, Field::Received),
            (true, true) => (Place::One, Field::Duration),
        };
        let amount = self.hours_of(here, field, place)?;
        if place != Place::One && !is_nothing(Field::Duration) {
            let other = self.hours_of(here, Field::Duration, Place::One)?;
            if other.minutes != amount.minutes {
                let [one, other] = [amount.minutes, other.minutes].map(|it| it.display(self.language).to_string());
                return Err(self.language.pick(
                    format!("deux durées sur la même ligne : {one} et {other}"),
                    format!("two durations on one line: {one} and {other}"),
                ));
            }
        }
        Ok(amount)
    }

    /// The hours of a field, with the minutes that stand beside them.
    fn hours_of(self, here: Here<'_>, field: Field, place: Place) -> Result<Amount<'_>, String> {
        let language = self.language;
        let (main, beside) = (here.own(field), here.beside(field));
        let unit = here.columns.unit(field);
        if amounts::is_nothing(beside) {
            let (minutes, note) = amounts::minutes(main, unit, language)?;
            return Ok(Amount { place, minutes, notes: note.into_iter().collect(), cell: Some(main) });
        }
        let (rest, note) = amounts::minutes(beside, Unit::Minutes, language)?;
        if amounts::is_nothing(main) {
            return Ok(Amount { place, minutes: rest, notes: note.into_iter().collect(), cell: Some(beside) });
        }
        let (hours, other) = amounts::minutes(main, unit, language)?;
        let all = hours.checked_add(rest).filter(|_| hours.get() % 60 == 0 && rest.get() < 60);
        match all {
            Some(minutes) => Ok(Amount { place, minutes, notes: note.into_iter().chain(other).collect(), cell: None }),
            None => Err(language.pick(
                format!("« {} » heures et « {} » minutes ne vont pas ensemble", main.text(), beside.text()),
                format!("“{}” hours and “{}” minutes do not go together", main.text(), beside.text()),
            )),
        }
    }

    /// From one time of day to another.
    fn between(self, here: Here<'_>) -> Result<Amount<'_>, String> {
        let language = self.language;
        let pause = here.at(here.columns.pause);
        if !amounts::is_nothing(pause) {
            let pause = pause.text();
            return Err(language.pick(
                format!("une pause est notée (« {pause} ») ; écrivez la durée de l'aide"),
                format!("a break is noted (“{pause}”); write the duration of the help"),
            ));
        }
        let start = amounts::clock(here.own(Field::Start), language)?;
        let end = match amounts::clock(here.own(Field::End), language)? {
            0 => 24 * 60,
            end => end,
        };
        if end <= start {
            let [start, end] = [Field::Start, Field::End].map(|field| here.own(field).text());
            return Err(language.pick(
                format!("de « {start} » à « {end} » : la fin vient avant le début ; écrivez la durée"),
                format!("from “{start}” to “{end}”: the end comes before the beginning; write the duration"),
            ));
        }
        Ok(Amount { place: Place::One, minutes: Minutes::new(end - start), notes: Vec::new(), cell: None })
    }

    /// Person-minutes, where a column of its own says how many people.
    pub(super) fn times_people(
        self,
        minutes: Minutes,
        amount: Option<&Cell>,
        people: &Cell,
    ) -> Result<Minutes, String> {
        let text = people.text();
        if text.is_empty() {
            return Ok(minutes);
        }
        let within =
            amount.and_then(|amount| Minutes::parse_people(&amount.text()).ok()).and_then(|(people, _)| people);
        match (count_of(&text), within) {
            (Some(count), None) => minutes.of_people(count).map_err(|error| error.in_words(self.language)),
            (Some(count), Some(within)) if count == within => Ok(minutes),
            _ => Err(self.language.pick(
                format!("nombre de personnes illisible : « {text} »"),
                format!("unreadable number of persons: “{text}”"),
            )),
        }
    }

    /// What a line adds to a total below it.
    pub(super) fn added(self, here: Here<'_>, amount: &Amount<'_>) -> Option<Added> {
        let minutes = self.times_people(amount.minutes, amount.cell, here.cell(Field::People)).ok()?;
        let is_rounded = !amount.notes.is_empty();
        Some(Added { each: amount.minutes, is_rounded, ..Added::one(amount.place, minutes) })
    }

    /// The hours that stand in a row, column by column, without a question.
    pub(super) fn written(self, here: Here<'_>) -> Vec<(Place, Minutes)> {
        let places = [(Field::Duration, Place::One), (Field::Given, Place::Given), (Field::Received, Place::Received)];
        let read = |field: Field| {
            let (main, beside) = (here.own(field), here.beside(field));
            let unit = match here.columns.unit(field) {
                unit @ (Unit::Minutes | Unit::Doubtful) => unit,
                Unit::Unsaid | Unit::Hours | Unit::Clock => Unit::Hours,
            };
            let hours = amounts::total(main, unit, self.language);
            let minutes = amounts::total(beside, Unit::Minutes, self.language);
            match (hours, minutes) {
                (Some(hours), Some(minutes)) => hours.checked_add(minutes),
                (hours, minutes) => hours.or(minutes),
            }
        };
        places.into_iter().filter_map(|(field, place)| Some((place, read(field)?))).collect()
    }
}

/// "4", "4.0", "4,00" or "4 pers."
fn count_of(text: &str) -> Option<u32> {
    let figures = text.trim_end_matches(|letter: char| letter.is_alphabetic() || letter == '.' && !text.ends_with('0'));
    let (whole, decimals) = figures.trim().split_once(['.', ',']).unwrap_or((figures.trim(), ""));
    let is_whole = decimals.bytes().all(|byte| byte == b'0');
    whole.parse().ok().filter(|count| *count > 0 && is_whole)
}
