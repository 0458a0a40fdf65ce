//! Reads a date as people write it in France: the day first, in figures or with the month's name.
//!
//! Also the ISO form and the English ones that cannot be mistaken. What could be read in two ways is never guessed.

use chrono::NaiveDate;
use ledger::{Language, name::fold};

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateError {
    /// Nothing stands there.
    Empty,
    /// It is no date.
    Unreadable {
        /// What it is.
        found: String,
    },
    /// No calendar has it, as 31/02/2025.
    NoSuchDay {
        /// What is written.
        found: String,
    },
    /// It may be a day, or a month of a year.
    TwoReadings {
        /// What is written.
        found: String,
        /// The first day of the month that it may mean.
        month: NaiveDate,
    },
    /// It tells a day and a month, and nothing tells the year.
    NoYear {
        /// What is written.
        found: String,
    },
    /// It is in the American order.
    MonthFirst {
        /// What is written.
        found: String,
        /// The day that it most likely means.
        likely: NaiveDate,
    },
}

impl DateError {
    /// What was found and what would fit, as a clause.
    pub fn in_words(&self, language: Language) -> String {
        let (french, english) = match self {
            Self::Empty => (
                "il manque la date ; écrivez par exemple 30/05/2025".to_owned(),
                "the date is missing; write for instance 2025-05-30".to_owned(),
            ),
            Self::Unreadable { found } => (
                format!("« {found} » n'est pas une date ; écrivez par exemple 30/05/2025 ou 30 mai 2025"),
                format!("“{found}” is not a date; write for instance 2025-05-30 or 30 May 2025"),
            ),
            Self::NoSuchDay { found } => (
                format!("« {found} » n'existe pas dans le calendrier ; vérifiez le jour et le mois"),
                format!("“{found}” is not in the calendar; check the day and the month"),
            ),
            Self::TwoReadings { found, month } => (
                format!(
                    "« {found} » peut être un jour ou un mois ; écrivez {}, ou le jour avec son année",
                    month.format("%m/%Y")
                ),
                format!("“{found}” may be a day or a month; write {}, or the day with its year", month.format("%Y-%m")),
            ),
            Self::NoYear { found } => (
                format!("rien ne dit de quelle année est « {found} » ; écrivez-la, par exemple 30/05/2025"),
                format!("nothing tells of which year “{found}” is; write it, for instance 2025-05-30"),
            ),
            Self::MonthFirst { found, likely } => (
                format!("« {found} » met le mois avant le jour ; écrivez {}", likely.format("%d/%m/%Y")),
                format!("“{found}” puts the month before the day; write {}", likely.format("%d/%m/%Y")),
            ),
        };
        language.pick(french, english)
    }
}

/// Reads one date: `2025-05-30`, `30/05/2025`, `30.05.25`, `1er mai 2025`, `30-mai-25`, `May 30, 2025`. A year of two
/// figures is in this century.
pub fn parse(text: &str) -> Result<NaiveDate, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let unreadable = || DateError::Unreadable { found: text.to_owned() };
    let no_such_day = || DateError::NoSuchDay { found: text.to_owned() };
    if let Some([first, second, third]) = figures(text) {
        if first.len() == 4 {
            let (year, month, day) = (year(first), figure(second), figure(third));
            let (Some(year), Some(month), Some(day)) = (year, month, day) else {
                return Err(unreadable());
            };
            return NaiveDate::from_ymd_opt(year, month, day).ok_or_else(no_such_day);
        }
        let (Some(day), Some(month), Some(year)) = (figure(first), figure(second), year(third)) else {
            return Err(unreadable());
        };
        return NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
            match NaiveDate::from_ymd_opt(year, day, month) {
                Some(likely) => DateError::MonthFirst { found: text.to_owned(), likely },
                None => no_such_day(),
            }
        });
    }
    let (day, month, year) = words(text).ok_or_else(unreadable)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(no_such_day)
}

/// Three groups of figures, all kept apart by the same sign.
fn figures(text: &str) -> Option<[&str; 3]> {
    ['/', '-', '.'].into_iter().find_map(|sign| {
        let mut parts = text.split(sign).map(str::trim);
        let groups = [parts.next()?, parts.next()?, parts.next()?];
        let all_figures = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
        (parts.next().is_none() && all_figures).then_some(groups)
    })
}

/// Day, month and year where the month has a name.
fn words(text: &str) -> Option<(u32, u32, i32)> {
    let folded = fold(text);
    let mut words = folded.split(' ');
    let [first, second, third] = [words.next()?, words.next()?, words.next()?];
    if words.next().is_some() {
        return None;
    }
    match (month(first), month(second)) {
        (None, Some(month)) => Some((day(first)?, month, year(third)?)),
        (Some(month), None) => Some((day(second)?, month, year(third)?)),
        _ => None,
    }
}

/// The month that a French or English name stands for, whole or cut short but not so short that it fits two.
pub(crate) fn month(word: &str) -> Option<u32> {
    const MONTHS: [(&str, &str); 12] = [
        ("janvier", "january"),
        ("fevrier", "february"),
        ("mars", "march"),
        ("avril", "april"),
        ("mai", "may"),
        ("juin", "june"),
        ("juillet", "july"),
        ("aout", "august"),
        ("septembre", "september"),
        ("octobre", "october"),
        ("novembre", "november"),
        ("decembre", "december"),
    ];
    if word.len() < 3 {
        return None;
    }
    let mut fitting = (1..)
        .zip(MONTHS)
        .filter(|(_, (french, english))| french.starts_with(word) || english.starts_with(word))
        .map(|(number, _)| number);
    fitting.next().filter(|_| fitting.next().is_none())
}

/// A day, with the ending that the first of the month has in French, and every day in English.
fn day(word: &str) -> Option<u32> {
    figure(word.trim_end_matches(|c: char| c.is_ascii_alphabetic())).filter(|day| {
        let ending = word.trim_start_matches(|c: char| c.is_ascii_digit());
        match ending {
            "" | "th" => true,
            "er" => *day == 1,
            "st" => day % 10 == 1,
            "nd" => day % 10 == 2,
            "rd" => day % 10 == 3,
            _ => false,
        }
    })
}

/// One or two figures.
fn figure(word: &str) -> Option<u32> {
    if matches!(word.len(), 1 | 2) { word.parse().ok() } else { None }
}

/// Two or four figures. Nobody helped before 1900: such a year lost its first figures in a spreadsheet.
fn year(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    match word.len() {
        2 => Some(2000 + year),
        4 if year >= 1900 => Some(year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_as_people_write_them() {
        let cases = [
            ("2025-05-30", "2025-05-30"),
            ("2025/05/30", "2025-05-30"),
            ("30/05/2025", "2025-05-30"),
            ("30-05-2025", "2025-05-30"),
            ("30.05.2025", "2025-05-30"),
            ("30/05/25", "2025-05-30"),
            (" 3/5/2025 ", "2025-05-03"),
            ("30 / 05 / 2025", "2025-05-30"),
            ("05/06/2025", "2025-06-05"),
            ("30 mai 2025", "2025-05-30"),
            ("1er mai 2025", "2025-05-01"),
            ("1ER MAI 2025", "2025-05-01"),
            ("30 mai 25", "2025-05-30"),
            ("30-mai-25", "2025-05-30"),
            ("2 janv. 2025", "2025-01-02"),
            ("2 févr. 2025", "2025-02-02"),
            ("2 fevrier 2025", "2025-02-02"),
            ("2 mars 2025", "2025-03-02"),
            ("2 avr. 2025", "2025-04-02"),
            ("2 juin 2025", "2025-06-02"),
            ("2 juil. 2025", "2025-07-02"),
            ("15 août 2025", "2025-08-15"),
            ("2 sept. 2025", "2025-09-02"),
            ("2 oct. 2025", "2025-10-02"),
            ("2 nov. 2025", "2025-11-02"),
            ("2 déc. 2025", "2025-12-02"),
            ("30 May 2025", "2025-05-30"),
            ("May 30, 2025", "2025-05-30"),
            ("2nd Feb 2025", "2025-02-02"),
            ("Jan 1st 2025", "2025-01-01"),
            ("29/02/2024", "2024-02-29"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).map(|date| date.to_string()), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn says_what_would_fit() {
        let cases = [
            ("", "il manque la date"),
            ("   ", "il manque la date"),
            ("hier", "« hier » n'est pas une date"),
            ("2025-05-30T10:00", "n'est pas une date"),
            ("30/05", "n'est pas une date"),
            ("30/05-2025", "n'est pas une date"),
            ("30/05/0025", "n'est pas une date"),
            ("30/05/202", "n'est pas une date"),
            ("//", "n'est pas une date"),
            ("45807", "n'est pas une date"),
            ("30 jui 2025", "n'est pas une date"),
            ("2er mai 2025", "n'est pas une date"),
            ("30 mai", "n'est pas une date"),
            ("mai juin 2025", "n'est pas une date"),
            ("31/02/2025", "« 31/02/2025 » n'existe pas"),
            ("29 février 2025", "n'existe pas"),
            ("2025-13-01", "n'existe pas"),
            ("00/05/2025", "n'existe pas"),
            ("32/13/2025", "n'existe pas"),
            ("05/30/2025", "« 05/30/2025 » met le mois avant le jour ; écrivez 30/05/2025"),
        ];
        for (text, expected) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.in_words(Language::French).contains(expected), "{text}: {error:?}");
            assert!(!error.in_words(Language::English).is_empty());
        }
    }
}
