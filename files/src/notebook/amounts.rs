//! What a cell says of a stretch of time: hours, nothing at all, or a time of day.

use ledger::{Language, Minutes, MinutesError, name::fold};

use super::field::Unit;
use crate::cells::{Cell, NO_RESULT};

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;

/// Reads a duration, with a note where that took a liberty. Decimals that are no whole minutes are read as the nearest.
pub(super) fn minutes(cell: &Cell, unit: Unit, language: Language) -> Result<(Minutes, Option<String>), String> {
    match cell {
        Cell::Moment { day: None, milliseconds } => of_milliseconds(*milliseconds, &cell.text(), language),
        // An amount over a day that the spreadsheet shows as a date all the same.
        Cell::Moment { day: Some(_), milliseconds } if (0..60 * DAY).contains(milliseconds) => {
            of_milliseconds(*milliseconds, &cell.text(), language)
        }
        Cell::Moment { day: Some(_), .. } => {
            let found = cell.text();
            Err(language.pick(
                format!("« {found} » est une date, pas une durée"),
                format!("“{found}” is a date, not a duration"),
            ))
        }
        Cell::Fault(fault) => Err(faulty(fault, language)),
        Cell::Number(number) => of_bare(number, number, unit, language),
        Cell::Text(text) => match bare_number(text) {
            Some(number) => of_bare(&number, text, unit, language),
            None => of_text(text, text, language),
        },
        Cell::Empty => Err(MinutesError::Empty.in_words(language)),
    }
}

/// The figures of a text that holds nothing else: "120", "1 440", "120,00".
fn bare_number(text: &str) -> Option<String> {
    let is_blank = |letter: char| letter.is_whitespace();
    let is_bare =
        text.chars().all(|letter| letter.is_ascii_digit() || letter == ',' || letter == '.' || is_blank(letter));
    let has_figures = text.bytes().any(|byte| byte.is_ascii_digit());
    (is_bare && has_figures).then(|| text.chars().map(|letter| if is_blank(letter) { ' ' } else { letter }).collect())
}

/// From here on a bare number is hardly hours.
const HARDLY_HOURS: i64 = 30;

/// A bare number counts what its column does.
fn of_bare(number: &str, found: &str, unit: Unit, language: Language) -> Result<(Minutes, Option<String>), String> {
    let whole = whole_number(number);
    match unit {
        Unit::Minutes => of_text(&format!("{number} min"), found, language),
        Unit::Clock if whole.is_none() => Err(language.pick(
            format!(
                "« {found} » : des heures et des minutes, ou une fraction d'heure ? écrivez par exemple 2h30 ou 2,5 h"
            ),
            format!("“{found}”: hours and minutes, or a fraction of an hour? write for instance 2h30 or 2.5 h"),
        )),
        Unit::Doubtful if whole.is_some_and(|number| number != 0) => Err(hours_or_minutes(found, language)),
        Unit::Unsaid if whole.is_some_and(|number| number >= HARDLY_HOURS) => Err(hours_or_minutes(found, language)),
        Unit::Hours | Unit::Clock | Unit::Unsaid | Unit::Doubtful => of_number(number, language),
    }
}

fn hours_or_minutes(found: &str, language: Language) -> String {
    language.pick(
        format!("« {found} » : des heures ou des minutes ? rien ne le dit ; écrivez {found} h ou {found} min"),
        format!("“{found}”: hours or minutes? nothing says so; write {found} h or {found} min"),
    )
}

/// The hours of a total, which may be many, and less than none where it is a balance.
pub(super) fn total(cell: &Cell, unit: Unit, language: Language) -> Option<Minutes> {
    match cell {
        Cell::Moment { day: None, milliseconds } => Some(Minutes::new((milliseconds.abs() + 30_000) / 60_000)),
        Cell::Moment { day: Some(_), .. } => minutes(cell, unit, language).ok().map(|(minutes, _)| minutes),
        Cell::Number(text) | Cell::Text(text) => {
            let unsigned = Cell::Text(text.trim_start_matches(['-', '−', '–', ' ', '+']).into());
            match minutes(&unsigned, unit, language) {
                Ok((minutes, _)) => Some(minutes),
                Err(_) => is_zero(text).then_some(Minutes::ZERO),
            }
        }
        Cell::Fault(_) | Cell::Empty => None,
    }
}

/// Whether a cell holds a number without decimals.
pub(super) fn is_whole(cell: &Cell) -> bool {
    whole_number(&cell.text()).is_some()
}

/// A number without decimals, or with zeros alone.
fn whole_number(number: &str) -> Option<i64> {
    let compact: String = number.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (whole, decimals) = compact.split_once(['.', ',']).unwrap_or((&compact, ""));
    decimals.bytes().all(|byte| byte == b'0').then(|| whole.parse().ok()).flatten()
}

/// What the bare numbers of a column count, where its name does not say: half of them like "45" and "120" are hardly
/// hours.
pub(super) fn unit_of_numbers<'c>(cells: impl Iterator<Item = &'c Cell>) -> Unit {
    let (mut all, mut like_minutes) = (0_usize, 0_usize);
    for cell in cells {
        let number = match cell {
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => match bare_number(text) {
                Some(number) => number,
                None => continue,
            },
            Cell::Empty | Cell::Moment { .. } | Cell::Fault(_) => continue,
        };
        all += 1;
        like_minutes += usize::from(whole_number(&number).is_some_and(|number| number >= 15 && number % 5 == 0));
    }
    if like_minutes > 0 && like_minutes * 2 >= all { Unit::Doubtful } else { Unit::Unsaid }
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
            let (minutes, _) = of_milliseconds(milliseconds, number, language)?;
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
        Ok(minutes) if minutes.is_zero() => Err(no_duration(found, language)),
        Ok(minutes) => Ok((minutes, None)),
        Err(MinutesError::NotWholeMinutes { nearest, .. }) if nearest.is_positive() => {
            let read = nearest.display(language);
            let note = language.pick(
                format!("« {found} » ne tombe pas sur une minute entière, lu comme {read}"),
                format!("“{found}” is not a whole number of minutes, read as {read}"),
            );
            Ok((nearest, Some(note)))
        }
        Err(_) if is_zero(text) => Err(no_duration(found, language)),
        Err(error) => Err(error.in_words(language)),
    }
}

fn no_duration(found: &str, language: Language) -> String {
    language.pick(format!("durée nulle : « {found} »"), format!("no duration: “{found}”"))
}

fn of_milliseconds(milliseconds: i64, found: &str, language: Language) -> Result<(Minutes, Option<String>), String> {
    if milliseconds < 0 {
        return Err(MinutesError::Negative(found.to_owned()).in_words(language));
    }
    let minutes = Minutes::new(milliseconds.saturating_add(30_000).div_euclid(60_000));
    if minutes.is_zero() {
        return Err(no_duration(found, language));
    }
    // A tenth of a second is the spreadsheet's own rounding.
    let rest = (milliseconds - minutes.get() * 60_000).abs();
    let note = (rest > 100).then(|| {
        let read = minutes.display(language);
        language.pick(format!("secondes arrondies, lu comme {read}"), format!("seconds rounded, read as {read}"))
    });
    Ok((minutes, note))
}

/// Says what became of a formula.
pub(super) fn faulty(fault: &str, language: Language) -> String {
    if fault == NO_RESULT {
        return language.pick(
            "la formule de cette cellule n'a pas de résultat ; ouvrez le classeur dans un tableur et enregistrez-le"
                .to_owned(),
            "this cell's formula has no result; open the workbook in a spreadsheet program and save it".to_owned(),
        );
    }
    language.pick(
        format!("la formule de cette cellule a échoué ({fault}) ; corrigez-la"),
        format!("this cell's formula failed ({fault}); mend it"),
    )
}

/// Whether a cell says that there is nothing: it is empty, or holds a dash, "néant", or a zero however it is written.
pub(super) fn is_nothing(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Number(number) => is_zero(number),
        Cell::Moment { day, milliseconds } => day.is_none() && *milliseconds == 0,
        Cell::Fault(_) => false,
        Cell::Text(text) => {
            const WORDS: [&str; 14] = [
                "neant",
                "rien",
                "aucun",
                "aucune",
                "nul",
                "nulle",
                "zero",
                "nil",
                "none",
                "nothing",
                "n a",
                "sans objet",
                "s o",
                "non",
            ];
            let is_signs = text.chars().all(|letter| !letter.is_alphanumeric() && !matches!(letter, '?' | '+' | '!'));
            is_signs || WORDS.contains(&fold(text).as_str()) || is_zero(text)
        }
    }
}

/// Whether a text is a zero: "0", "0,00 h", "00:00:00", "0 h 00 min".
fn is_zero(text: &str) -> bool {
    const UNITS: [&str; 12] =
        ["h", "hr", "hrs", "heure", "heures", "hours", "m", "min", "mn", "minute", "minutes", "s"];
    let folded = fold(text);
    let mut words = folded.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let figures: Vec<char> = text.chars().filter(|letter| letter.is_numeric()).collect();
    !figures.is_empty() && figures.iter().all(|figure| *figure == '0') && words.all(|word| UNITS.contains(&word))
}

/// A time of day, in minutes after midnight.
pub(super) fn clock(cell: &Cell, language: Language) -> Result<i64, String> {
    let unreadable = || {
        let found = cell.text();
        language.pick(
            format!("« {found} » n'est pas une heure de la journée ; écrivez par exemple 14h30"),
            format!("“{found}” is not a time of day; write for instance 14:30"),
        )
    };
    let minutes = match cell {
        Cell::Moment { milliseconds, .. } if *milliseconds >= 0 => (milliseconds % DAY + 30_000) / 60_000,
        Cell::Fault(fault) => return Err(faulty(fault, language)),
        Cell::Number(number) => match whole_number(number) {
            Some(hours) => hours.saturating_mul(60),
            None => of_day_fraction(number).ok_or_else(unreadable)?,
        },
        Cell::Text(text) if is_zero(text) => 0,
        Cell::Text(text) => {
            // "14.30" may be 14 h 18; what is no whole hour has to say so.
            let is_told =
                text.contains([':', 'h', 'H']) || bare_number(text).is_some_and(|it| whole_number(&it).is_some());
            let parsed = Minutes::parse(text).ok().filter(|_| is_told);
            parsed.ok_or_else(unreadable)?.get()
        }
        Cell::Moment { .. } | Cell::Empty => return Err(unreadable()),
    };
    (0..=24 * 60).contains(&minutes).then_some(minutes).ok_or_else(unreadable)
}

/// A time of day whose format was lost: 0.5 is noon.
fn of_day_fraction(number: &str) -> Option<i64> {
    let days: f64 = number.parse().ok().filter(|days| (0.0..1.0).contains(days))?;
    let minutes = days * 1440.0;
    #[expect(clippy::cast_possible_truncation, reason = "less than a day")]
    let whole = minutes.round() as i64;
    ((minutes - minutes.round()).abs() < 1e-3).then_some(whole)
}

/// Whether a cell may be a duration.
pub(super) fn looks_like_duration(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => Minutes::parse(text).is_ok_and(|minutes| minutes < Minutes::new(60 * 1000)),
        Cell::Number(number) => number.parse::<f64>().is_ok_and(|hours| (0.0..1000.0).contains(&hours)),
        Cell::Moment { milliseconds, .. } => *milliseconds < 60 * DAY,
        Cell::Empty | Cell::Fault(_) => false,
    }
}

/// Whether a cell is a duration and nothing else: one that tells its unit.
pub(super) fn is_duration_for_certain(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text)
        if text.contains(|letter: char| letter.is_alphabetic() || letter == '\'') && looks_like_duration(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_in_many_ways() {
        for text in [
            "0",
            "0,0",
            "0.00",
            "0h",
            "0 h",
            "00h00",
            "0 h 00",
            "0:00",
            "00:00:00",
            "0:00:00",
            "0 min",
            "0,00 h",
            "néant",
            "-",
            "—",
            "/",
            "…",
            "Rien",
            "aucune",
            "0'",
            "0\u{a0}h\u{a0}00\u{a0}min",
        ] {
            assert!(is_nothing(&Cell::Text(text.into())), "{text}");
        }
        for text in ["2h", "0h30", "?", "x", "00:01:00", "0,5", "10"] {
            assert!(!is_nothing(&Cell::Text(text.into())), "{text}");
        }
        assert!(is_nothing(&Cell::Number("0".into())));
        assert!(is_nothing(&Cell::Moment { day: None, milliseconds: 0 }));
    }

    #[test]
    fn bare_numbers_count_what_their_column_does() {
        let read = |text: &str, unit| {
            let cells = [Cell::Text(text.into())];
            match minutes(&cells[0], unit, Language::French) {
                Ok((minutes, _)) => minutes.get().to_string(),
                Err(error) => error.replace('\u{a0}', " "),
            }
        };
        for text in ["120", "120.0", "120,00", "120,0"] {
            assert_eq!(read(text, Unit::Minutes), "120", "{text}");
        }
        for text in ["1 440", "1\u{202f}440", "1\u{a0}440", "1\u{2009}440"] {
            assert_eq!(read(text, Unit::Minutes), "1440", "{text}");
        }
        assert_eq!(read("2h", Unit::Minutes), "120");
        assert_eq!(read("2", Unit::Clock), "120");
        assert_eq!(read("2:30", Unit::Clock), "150");
        assert!(read("2,30", Unit::Clock).contains("ou une fraction d'heure ?"));
        assert_eq!(read("2", Unit::Unsaid), "120");
        assert!(read("120", Unit::Unsaid).contains("des heures ou des minutes ?"));
        assert!(read("20", Unit::Doubtful).contains("des heures ou des minutes ?"));
        assert_eq!(read("120", Unit::Hours), "7200");
        let cells = |numbers: &[&str]| {
            let cells: Vec<_> = numbers.iter().map(|number| Cell::Number((*number).into())).collect();
            unit_of_numbers(cells.iter())
        };
        assert_eq!(cells(&["2", "3,5", "15"]), Unit::Unsaid);
        assert_eq!(cells(&["45", "120", "7"]), Unit::Doubtful);
    }

    #[test]
    fn times_of_day_are_read() {
        let read = |text: &str| clock(&Cell::Text(text.into()), Language::French).ok();
        assert_eq!(read("14:00"), Some(840));
        assert_eq!(read("14h"), Some(840));
        assert_eq!(read("9h05"), Some(545));
        assert_eq!(read("14"), Some(840));
        assert_eq!(read("00:00"), Some(0));
        assert_eq!(read("14.30"), None);
        assert_eq!(read("après-midi"), None);
        assert_eq!(clock(&Cell::Number("0.5".into()), Language::French), Ok(720));
        assert_eq!(clock(&Cell::Moment { day: None, milliseconds: 50_400_000 }, Language::French), Ok(840));
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
            (Cell::Fault("#REF!".into()), "la formule de cette cellule a échoué (#REF!) ; corrigez-la"),
            (text("-2h"), "durée négative : « -2h » ; écrivez-la sans signe"),
            (text("0h"), "durée nulle : « 0h »"),
            (text("00h0"), "durée nulle : « 00h0 »"),
            (Cell::Moment { day: None, milliseconds: 0 }, "durée nulle : « 0:00 »"),
            (
                Cell::Moment { day: None, milliseconds: -5_400_000 },
                "durée négative : « -1:30 » ; écrivez-la sans signe",
            ),
            (number("-1.5"), "durée négative : « -1.5 » ; écrivez-la sans signe"),
            (number("0"), "durée nulle : « 0 »"),
            (
                Cell::Fault(NO_RESULT.into()),
                "la formule de cette cellule n'a pas de résultat ; ouvrez le classeur dans un tableur et enregistrez-le",
            ),
        ];
        for (cell, expected) in cases {
            let read = match minutes(&cell, Unit::Unsaid, Language::French) {
                Ok((minutes, note)) => format!("{} {}", minutes.get(), note.unwrap_or_default()),
                Err(error) => error,
            };
            assert_eq!(read.replace('\u{a0}', " ").trim_end(), expected);
        }
        assert_eq!(minutes(&number("90"), Unit::Minutes, Language::French), Ok((Minutes::new(90), None)));
    }
}
