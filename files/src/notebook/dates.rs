//! What a cell says of the day.

use chrono::{Days, NaiveDate};
use ledger::{Language, name::fold, reconcile::LineDate};

use super::{amounts::faulty, era::Era};
use crate::cells::Cell;
use crate::date::{self, DateError};

/// The days that a spreadsheet's bare number may mean: 1954 to 2119.
const SERIALS: std::ops::Range<i64> = 20_000..80_000;

/// How dates are read that do not tell all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dating {
    /// Of which year a date is that tells none.
    pub(super) era: Option<Era>,
    /// Whether the workbook counts days from 1904 on.
    pub(super) is_1904: bool,
}

/// A date, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dated {
    pub(super) date: LineDate,
    /// Whether its year is not its own.
    pub(super) is_completed: bool,
}

impl Dated {
    const fn whole(date: LineDate) -> Self {
        Self { date, is_completed: false }
    }
}

/// Reads a date: a day, or a whole month.
pub(super) fn date(cell: &Cell, dating: Dating, language: Language) -> Result<Dated, String> {
    let unreadable = |found: &str| DateError::Unreadable { found: found.to_owned() }.in_words(language);
    match cell {
        Cell::Empty => Err(DateError::Empty.in_words(language)),
        Cell::Moment { day: Some(day), .. } => Ok(Dated::whole(LineDate::Day(*day))),
        Cell::Moment { day: None, .. } => Err(unreadable(&cell.text())),
        Cell::Fault(fault) => Err(faulty(fault, language)),
        Cell::Number(number) => {
            let day = serial(number, dating.is_1904);
            day.map(|day| Dated::whole(LineDate::Day(day))).ok_or_else(|| unreadable(number))
        }
        Cell::Text(text) => date_of_text(text, dating).map_err(|error| error.in_words(language)),
    }
}

fn date_of_text(text: &str, dating: Dating) -> Result<Dated, DateError> {
    let error = match date::parse(text) {
        Ok(day) => return Ok(Dated::whole(LineDate::Day(day))),
        Err(error) => error,
    };
    let bare = bare_date(text);
    if let Ok(day) = date::parse(bare) {
        return Ok(Dated::whole(LineDate::Day(day)));
    }
    if let Some(day) = serial(bare, dating.is_1904) {
        return Ok(Dated::whole(LineDate::Day(day)));
    }
    if let Some(first) = month_with_year(bare)? {
        return Ok(Dated::whole(LineDate::Month(first)));
    }
    without_year(bare, dating.era).unwrap_or(Err(error))
}

/// The text without the name of the day before it and the time of day behind it.
fn bare_date(text: &str) -> &str {
    const DAYS: [&str; 14] = [
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let text = text.trim().trim_start_matches("le ").trim_start_matches("Le ");
    let mut bare = text;
    if let Some((first, rest)) = text.split_once(' ') {
        let word = fold(first);
        // "Mar." is a Tuesday before a day, and the month of March before a year.
        let is_month = date::month(&word).is_some() && !rest.trim().contains([' ', '/', '-', '.']);
        if word.len() >= 2 && !is_month && DAYS.iter().any(|day| day.starts_with(word.as_str())) {
            bare = rest.trim();
        }
    }
    let before_time = bare.split_once('T').or_else(|| bare.rsplit_once(' ')).filter(|(date, time)| {
        let is_clock = time.contains(':') && time.bytes().all(|byte| byte.is_ascii_digit() || b":.Z+".contains(&byte));
        is_clock && date.bytes().any(|byte| byte.is_ascii_digit())
    });
    before_time.map_or(bare, |(date, _)| date.trim())
}

/// A month and its year: "mars 2025", "03/2025", "2025-03", and "mars-25" or "03/25", as spreadsheets show it.
fn month_with_year(text: &str) -> Result<Option<NaiveDate>, DateError> {
    let Some((one, two)) = in_two(text) else { return Ok(None) };
    let is_figures = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = |month: u32, year: &str| {
        let year: i32 = year.parse().ok()?;
        NaiveDate::from_ymd_opt(if year < 100 { 2000 + year } else { year }, month, 1)
    };
    let named = |part: &str| date::month(&fold(part));
    let counted = |part: &str| part.parse().ok().filter(|month| part.len() <= 2 && (1..=12).contains(month));
    Ok(match (named(one), one.len(), two.len()) {
        (Some(month), _, 4) if is_figures(two) => first(month, two),
        (Some(month), _, 2) if is_figures(two) => {
            let found = first(month, two);
            let may_be_day = two.parse().is_ok_and(|day| (1..=31).contains(&day));
            // "mars-24" is what spreadsheets make of March 2024; "mars 24" may be a day, as the English write it.
            match found.filter(|_| may_be_day && !text.contains(['-', '/', '.', '\'', '’'])) {
                Some(month) => return Err(DateError::TwoReadings { found: text.to_owned(), month }),
                None => found,
            }
        }
        (None, 4, _) if is_figures(one) => named(two).or_else(|| counted(two)).and_then(|month| first(month, one)),
        (None, 1 | 2, 4) if is_figures(one) && is_figures(two) => counted(one).and_then(|month| first(month, two)),
        // No month has more than twelve: "03/24" can only be of 2024.
        (None, 1 | 2, 2) if is_figures(one) && two.parse().is_ok_and(|year: u32| year > 12) => {
            counted(one).and_then(|month| first(month, two)).filter(|_| !is_day_and_month(one, two))
        }
        _ => None,
    })
}

/// Whether the second may be the month of the first.
fn is_day_and_month(day: &str, month: &str) -> bool {
    let is_day = day.parse().is_ok_and(|day: u32| (1..=31).contains(&day));
    is_day && month.parse().is_ok_and(|month: u32| (1..=12).contains(&month))
}

/// A text's two parts, whatever stands between them.
fn in_two(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split(['/', '-', '.', ' ', '\'', '’', '\u{a0}', '\u{202f}']).filter(|part| !part.is_empty());
    let two = (parts.next()?, parts.next()?);
    parts.next().is_none().then_some(two)
}

/// A month alone, or a day and a month: "mars", "12/03", "12 mars". Or none of these.
fn without_year(text: &str, era: Option<Era>) -> Option<Result<Dated, DateError>> {
    let folded = fold(text);
    let (day, month) = match (date::month(&folded), in_two(text)) {
        (Some(month), _) => (None, month),
        (None, Some((day, month))) => {
            let named = date::month(&fold(month));
            let counted = month.parse().ok().filter(|month| (1..=12).contains(month));
            let day_of = |text: &str| {
                let folded = fold(text);
                let figures = folded.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
                figures.parse::<u32>().ok().filter(|day| (1..=31).contains(day))
            };
            match (day_of(day), named.or(counted.filter(|_| !text.contains([' ', '\u{a0}'])))) {
                (Some(day), Some(month)) => (Some(day), month),
                // The English put the month first.
                _ => (Some(day_of(month)?), date::month(&fold(day))?),
            }
        }
        (None, None) => return None,
    };
    let no_year = || DateError::NoYear { found: text.to_owned() };
    let Some(year) = era.and_then(|era| era.year_of(month)) else { return Some(Err(no_year())) };
    let date = match day {
        None => NaiveDate::from_ymd_opt(year, month, 1).map(LineDate::Month),
        Some(day) => NaiveDate::from_ymd_opt(year, month, day).map(LineDate::Day),
    };
    let no_such_day = || DateError::NoSuchDay { found: text.to_owned() };
    Some(date.map(|date| Dated { date, is_completed: true }).ok_or_else(no_such_day))
}

/// The day that a spreadsheet's bare number means: days after 30 December 1899, or after 1 January 1904.
fn serial(number: &str, is_1904: bool) -> Option<NaiveDate> {
    let whole = number.split(['.', ',']).next()?;
    let days = whole.parse::<i64>().ok().filter(|days| SERIALS.contains(days))?;
    let first = if is_1904 { NaiveDate::from_ymd_opt(1904, 1, 1)? } else { NaiveDate::from_ymd_opt(1899, 12, 30)? };
    first.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

/// Whether a cell tells a month and no day of it.
pub(super) fn is_month(cell: &Cell, dating: Dating) -> bool {
    date(cell, dating, Language::French).is_ok_and(|dated| matches!(dated.date, LineDate::Month(_)))
}

/// Whether a cell tells a day with its year, and is no bare number.
pub(super) fn is_day(cell: &Cell, dating: Dating) -> bool {
    let dated = date(cell, dating, Language::French);
    !matches!(cell, Cell::Number(_)) && dated.is_ok_and(|it| matches!(it.date, LineDate::Day(_)) && !it.is_completed)
}

/// Whether a cell may be a date.
pub(super) fn looks_like_date(cell: &Cell, dating: Dating) -> bool {
    match cell {
        Cell::Text(text) => date_of_text(text, dating)
            .is_ok_and(|dated| matches!(dated.date, LineDate::Day(_)) || text.len() > 5 || !dated.is_completed),
        other => date(other, dating, Language::French).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_in_every_usual_form() {
        let cases = [
            ("30/05/2025", "2025-05-30"),
            ("vendredi 30 mai 2025", "2025-05-30"),
            ("ven. 30/05/2025", "2025-05-30"),
            ("le 30 mai 2025", "2025-05-30"),
            ("2025-05-30T10:00", "2025-05-30"),
            ("2025-05-30 00:00:00", "2025-05-30"),
            ("30/05/2025 14:30", "2025-05-30"),
            ("45807", "2025-05-30"),
            ("45807.5", "2025-05-30"),
            ("30/05", "2025-05-30"),
            ("30 mai", "2025-05-30"),
            ("1er mai", "2025-05-01"),
            ("mai 2025", "month 2025-05-01"),
            ("05/2025", "month 2025-05-01"),
            ("2025-05", "month 2025-05-01"),
            ("Mai", "month 2025-05-01"),
            ("mars-24", "month 2024-03-01"),
            ("mai-25", "month 2025-05-01"),
            ("janv.-24", "month 2024-01-01"),
            ("sept-24", "month 2024-09-01"),
            ("mars/24", "month 2024-03-01"),
            ("mars-99", "month 2099-03-01"),
            ("mars 2024", "month 2024-03-01"),
            ("mars-2024", "month 2024-03-01"),
            ("mar. 2024", "month 2024-03-01"),
            ("2024-mars", "month 2024-03-01"),
            ("03/24", "month 2024-03-01"),
            ("03/12", "2025-12-03"),
            ("24-mars", "2025-03-24"),
            ("31/02", "« 31/02 » n'existe pas dans le calendrier ; vérifiez le jour et le mois"),
            ("mars 24", "« mars 24 » peut être un jour ou un mois ; écrivez 03/2024, ou le jour avec son année"),
            ("mars 45", "month 2045-03-01"),
            ("hier", "« hier » n'est pas une date ; écrivez par exemple 30/05/2025 ou 30 mai 2025"),
            ("31/02/2025", "« 31/02/2025 » n'existe pas dans le calendrier ; vérifiez le jour et le mois"),
            ("12", "« 12 » n'est pas une date ; écrivez par exemple 30/05/2025 ou 30 mai 2025"),
        ];
        for (text, expected) in cases {
            let dating = Dating { era: Some(Era::Year(2025)), is_1904: false };
            let read = match date(&Cell::Text(text.into()), dating, Language::French).map(|dated| dated.date) {
                Ok(LineDate::Day(day)) => day.to_string(),
                Ok(LineDate::Month(first)) => format!("month {first}"),
                Err(error) => error,
            };
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn a_date_without_its_year_is_completed_or_asked_about() {
        let read = |text: &str, era| {
            let dating = Dating { era, is_1904: false };
            match date(&Cell::Text(text.into()), dating, Language::French) {
                Ok(Dated { date, is_completed }) => format!("{} {is_completed}", date.first_day()),
                Err(error) => error,
            }
        };
        let season = Some(Era::Season { first: 2024, begins: None });
        assert_eq!(read("15/09", season), "2024-09-15 true");
        assert_eq!(read("12 mars", season), "2025-03-12 true");
        assert_eq!(read("avril", season), "2025-04-01 true");
        assert_eq!(read("12/03/2023", season), "2023-03-12 false");
        assert!(read("14/07", season).starts_with("rien ne dit de quelle année est « 14/07 »"));
        assert!(read("12/03", None).starts_with("rien ne dit de quelle année est « 12/03 »"));
    }

    #[test]
    fn days_are_counted_from_1904_where_the_workbook_does() {
        let dating = Dating { era: None, is_1904: true };
        let read = date(&Cell::Number("43890".into()), dating, Language::French);
        assert_eq!(read.map(|dated| dated.date.first_day().to_string()), Ok("2024-03-01".to_owned()));
    }
}
