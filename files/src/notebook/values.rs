//! What a cell says: a day, a duration, a direction.

use chrono::{Days, NaiveDate};
use ledger::{Language, Minutes, MinutesError, exchange::Side, name::fold, reconcile::LineDate};

use super::sheet::Cell;
use crate::date::{self, DateError};

/// The days that a spreadsheet's bare number may mean: 1954 to 2119.
const SERIALS: std::ops::Range<i64> = 20_000..80_000;

/// Reads a date: a day, or a whole month. `year` completes one that tells none.
pub(super) fn date(cell: &Cell, year: Option<i32>, language: Language) -> Result<LineDate, String> {
    let unreadable = |found: &str| DateError::Unreadable { found: found.to_owned() }.in_words(language);
    match cell {
        Cell::Empty => Err(DateError::Empty.in_words(language)),
        Cell::Moment { day: Some(day), .. } => Ok(LineDate::Day(*day)),
        Cell::Moment { day: None, .. } => Err(unreadable(&cell.text())),
        Cell::Fault(fault) => Err(faulty(fault, language)),
        Cell::Number(number) => serial(number).map(LineDate::Day).ok_or_else(|| unreadable(number)),
        Cell::Text(text) => date_of_text(text, year).map_err(|error| error.in_words(language)),
    }
}

fn date_of_text(text: &str, year: Option<i32>) -> Result<LineDate, DateError> {
    let error = match date::parse(text) {
        Ok(day) => return Ok(LineDate::Day(day)),
        Err(error) => error,
    };
    let bare = bare_date(text);
    if let Ok(day) = date::parse(bare) {
        return Ok(LineDate::Day(day));
    }
    if let Some(day) = serial(bare) {
        return Ok(LineDate::Day(day));
    }
    if let Some(first) = month(bare, year) {
        return Ok(LineDate::Month(first));
    }
    // A day and a month: "12/03", "12 mars".
    let completed = |separator: &str| date::parse(&format!("{bare}{separator}{}", year?)).ok();
    let is_two = |separators: &[char]| bare.split(separators).filter(|part| !part.trim().is_empty()).count() == 2;
    let day = [("/", '/'), ("-", '-'), (".", '.')]
        .iter()
        .find_map(|(text, sign)| is_two(&[*sign]).then(|| completed(text)).flatten())
        .or_else(|| is_two(&[' ', '.']).then(|| completed(" ")).flatten());
    day.map(LineDate::Day).ok_or(error)
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
        if word.len() >= 2 && DAYS.iter().any(|day| day.starts_with(word.as_str())) {
            bare = rest.trim();
        }
    }
    let before_time = bare.split_once('T').or_else(|| bare.rsplit_once(' ')).filter(|(date, time)| {
        let is_clock = time.contains(':') && time.bytes().all(|byte| byte.is_ascii_digit() || b":.Z+".contains(&byte));
        is_clock && date.bytes().any(|byte| byte.is_ascii_digit())
    });
    before_time.map_or(bare, |(date, _)| date.trim())
}

/// "mars 2025", "03/2025", "2025-03", or "mars" when the year is known.
fn month(text: &str, year: Option<i32>) -> Option<NaiveDate> {
    let first = |text: String| date::parse(&text).ok();
    if let Some((one, two)) = text.split_once(['/', '-', '.']) {
        let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        return match (is_year(one.trim()), is_year(two.trim())) {
            (true, false) => first(format!("{}-{}-01", one.trim(), two.trim())),
            (false, true) => {
                first(format!("01/{}/{}", one.trim(), two.trim())).or_else(|| first(format!("1 {one} {two}")))
            }
            _ => None,
        };
    }
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        let (name, digits) = text.rsplit_once(' ')?;
        let is_year = digits.len() == 4 && name.chars().all(|letter| !letter.is_ascii_digit());
        return is_year.then(|| first(format!("1 {text}"))).flatten();
    }
    first(format!("1 {text} {}", year?))
}

/// The day that a spreadsheet's bare number means: days after 30 December 1899.
fn serial(number: &str) -> Option<NaiveDate> {
    let whole = number.split(['.', ',']).next()?;
    let days = whole.parse::<i64>().ok().filter(|days| SERIALS.contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

/// Reads a duration, with a note where that took a liberty. Decimals that are no whole minutes are read as the nearest.
pub(super) fn minutes(cell: &Cell, is_minutes: bool, language: Language) -> Result<(Minutes, Option<String>), String> {
    match cell {
        Cell::Moment { day: None, milliseconds } => Ok(of_milliseconds(*milliseconds, language)),
        // An amount over a day that the spreadsheet shows as a date all the same.
        Cell::Moment { day: Some(_), milliseconds } if *milliseconds < 60 * 86_400_000 => {
            Ok(of_milliseconds(*milliseconds, language))
        }
        Cell::Moment { day: Some(_), .. } => {
            let found = cell.text();
            Err(language.pick(
                format!("« {found} » est une date, pas une durée"),
                format!("“{found}” is a date, not a duration"),
            ))
        }
        Cell::Fault(fault) => Err(faulty(fault, language)),
        Cell::Number(number) if is_minutes => of_text(&format!("{number} min"), number, language),
        Cell::Text(text) if is_minutes && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            of_text(&format!("{text} min"), text, language)
        }
        Cell::Number(number) => of_number(number, language),
        Cell::Text(text) => of_text(text, text, language),
        Cell::Empty => Err(MinutesError::Empty.in_words(language)),
    }
}

/// The spreadsheet's decimals. What is a fraction of an hour in no sense, but whole minutes as a fraction of a day, is
/// a time whose format was lost.
fn of_number(number: &str, language: Language) -> Result<(Minutes, Option<String>), String> {
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let fraction: Option<f64> =
        (decimals > 4).then(|| number.parse().ok()).flatten().filter(|days| (0.0..3.0).contains(days));
    if let Some(days) = fraction {
        let whole = |value: f64| (value - value.round()).abs() < 1e-4;
        if whole(days * 1440.0) && !whole(days * 60.0) {
            #[expect(clippy::cast_possible_truncation, reason = "less than three days")]
            let milliseconds = (days * 86_400_000.0).round() as i64;
            let (minutes, _) = of_milliseconds(milliseconds, language);
            let read = minutes.display(language);
            let note = language.pick(
                format!("{number} est un temps de tableur, lu comme {read}"),
                format!("{number} is a spreadsheet's time, read as {read}"),
            );
            return Ok((minutes, Some(note)));
        }
    }
    of_text(number, number, language)
}

fn of_text(text: &str, found: &str, language: Language) -> Result<(Minutes, Option<String>), String> {
    match Minutes::parse(text) {
        Ok(minutes) if minutes.is_zero() => {
            Err(language.pick(format!("durée nulle : « {found} »"), format!("no duration: “{found}”")))
        }
        Ok(minutes) => Ok((minutes, None)),
        Err(MinutesError::NotWholeMinutes { nearest, .. }) if nearest.is_positive() => {
            let read = nearest.display(language);
            let note = language.pick(
                format!("« {found} » ne tombe pas sur une minute entière, lu comme {read}"),
                format!("“{found}” is not a whole number of minutes, read as {read}"),
            );
            Ok((nearest, Some(note)))
        }
        Err(error) => Err(error.in_words(language)),
    }
}

fn of_milliseconds(milliseconds: i64, language: Language) -> (Minutes, Option<String>) {
    let minutes = Minutes::new((milliseconds + 30_000).div_euclid(60_000));
    // A tenth of a second is the spreadsheet's own rounding.
    let rest = (milliseconds - minutes.get() * 60_000).abs();
    let note = (rest > 100).then(|| {
        let read = minutes.display(language);
        language.pick(format!("secondes arrondies, lu comme {read}"), format!("seconds rounded, read as {read}"))
    });
    (minutes, note)
}

fn faulty(fault: &str, language: Language) -> String {
    language.pick(
        format!("la formule de cette cellule a échoué ({fault}) ; corrigez-la"),
        format!("this cell's formula failed ({fault}); mend it"),
    )
}

/// The direction that a word tells, seen from whoever keeps the notebook.
pub(super) fn side(text: &str) -> Option<Side> {
    const GIVEN: [&str; 19] = [
        "donne",
        "don",
        "donnes",
        "donnee",
        "donnees",
        "dons",
        "aide donnee",
        "nous avons donne",
        "nous avons aide",
        "on a aide",
        "fourni",
        "rendu",
        "offert",
        "d",
        "given",
        "gave",
        "we gave",
        "we helped",
        "heures donnees",
    ];
    const RECEIVED: [&str; 19] = [
        "recu",
        "recus",
        "recue",
        "recues",
        "aide recue",
        "nous avons recu",
        "nous avons ete aides",
        "on a ete aides",
        "beneficie",
        "obtenu",
        "r",
        "received",
        "got",
        "we received",
        "we were helped",
        "heures recues",
        "reception",
        "on nous a aides",
        "nous avons ete aidees",
    ];
    let folded = fold(text);
    match text.trim() {
        "+" => return Some(Side::Giver),
        "-" | "−" => return Some(Side::Receiver),
        _ => {}
    }
    if GIVEN.contains(&folded.as_str()) {
        Some(Side::Giver)
    } else if RECEIVED.contains(&folded.as_str()) {
        Some(Side::Receiver)
    } else {
        None
    }
}

/// The direction that a title above a table tells.
pub(super) fn side_of_title(text: &str) -> Option<Side> {
    let folded = fold(text);
    let has = |stems: &[&str]| folded.split(' ').any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    match (has(&["donn", "given", "offert", "rendu"]), has(&["recu", "received", "beneficie"])) {
        (true, false) => Some(Side::Giver),
        (false, true) => Some(Side::Receiver),
        _ => side(text),
    }
}

/// Whether a cell may be a date.
pub(super) fn looks_like_date(cell: &Cell, year: Option<i32>) -> bool {
    match cell {
        Cell::Text(text) => {
            date_of_text(text, year).is_ok_and(|date| matches!(date, LineDate::Day(_)) || text.len() > 5)
        }
        other => date(other, year, Language::French).is_ok(),
    }
}

/// Whether a cell may be a duration.
pub(super) fn looks_like_duration(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => Minutes::parse(text).is_ok_and(|minutes| minutes < Minutes::new(60 * 1000)),
        Cell::Number(number) => number.parse::<f64>().is_ok_and(|hours| (0.0..1000.0).contains(&hours)),
        Cell::Moment { milliseconds, .. } => *milliseconds < 60 * 86_400_000,
        Cell::Empty | Cell::Fault(_) => false,
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
            ("hier", "« hier » n'est pas une date ; écrivez par exemple 30/05/2025 ou 30 mai 2025"),
            ("31/02/2025", "« 31/02/2025 » n'existe pas dans le calendrier ; vérifiez le jour et le mois"),
            ("12", "« 12 » n'est pas une date ; écrivez par exemple 30/05/2025 ou 30 mai 2025"),
        ];
        for (text, expected) in cases {
            let read = match date(&Cell::Text(text.into()), Some(2025), Language::French) {
                Ok(LineDate::Day(day)) => day.to_string(),
                Ok(LineDate::Month(first)) => format!("month {first}"),
                Err(error) => error,
            };
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn reads_durations_as_spreadsheets_keep_them() {
        let number = |number: &str| Cell::Number(number.into());
        let text = |text: &str| Cell::Text(text.into());
        let cases = [
            (number("2.5"), "150"),
            (number("0.104166666666667"), "150 0.104166666666667 est un temps de tableur, lu comme 2 h 30"),
            (number("0.33"), "20 « 0.33 » ne tombe pas sur une minute entière, lu comme 20 min"),
            (text("0,33"), "20 « 0,33 » ne tombe pas sur une minute entière, lu comme 20 min"),
            (text("4 x 2h"), "480"),
            (Cell::Moment { day: None, milliseconds: 9_000_000 }, "150"),
            (Cell::Moment { day: None, milliseconds: 8_999_999 }, "150"),
            (Cell::Fault("#REF!"), "la formule de cette cellule a échoué (#REF!) ; corrigez-la"),
            (text("-2h"), "durée négative : « -2h » ; écrivez-la sans signe"),
            (text("0h"), "durée nulle : « 0h »"),
        ];
        for (cell, expected) in cases {
            let read = match minutes(&cell, false, Language::French) {
                Ok((minutes, note)) => format!("{} {}", minutes.get(), note.unwrap_or_default()),
                Err(error) => error,
            };
            assert_eq!(read.replace('\u{a0}', " ").trim_end(), expected);
        }
        assert_eq!(minutes(&number("90"), true, Language::French), Ok((Minutes::new(90), None)));
    }
}
