//! Days as people read them, in both languages.

use chrono::{Datelike, NaiveDate};
use ledger::Language;

const DAYS: [[&str; 2]; 7] = [
    ["lundi", "Monday"],
    ["mardi", "Tuesday"],
    ["mercredi", "Wednesday"],
    ["jeudi", "Thursday"],
    ["vendredi", "Friday"],
    ["samedi", "Saturday"],
    ["dimanche", "Sunday"],
];

const MONTHS: [[&str; 2]; 12] = [
    ["janvier", "January"],
    ["février", "February"],
    ["mars", "March"],
    ["avril", "April"],
    ["mai", "May"],
    ["juin", "June"],
    ["juillet", "July"],
    ["août", "August"],
    ["septembre", "September"],
    ["octobre", "October"],
    ["novembre", "November"],
    ["décembre", "December"],
];

/// A day of the week's name: 1 is Monday.
pub fn day_of_week(day: u8, language: Language) -> &'static str {
    picked(DAYS[usize::from(day).saturating_sub(1) % 7], language)
}

/// A month's name.
pub fn month(date: NaiveDate, language: Language) -> &'static str {
    picked(MONTHS[usize::try_from(date.month0()).unwrap_or_default() % 12], language)
}

/// A day as it fits a button: "sam. 21 nov.".
pub fn short(date: NaiveDate, language: Language) -> String {
    let cut = |word: &str| match (language, word.chars().count()) {
        (_, 0..=4) => word.to_owned(),
        (Language::French, _) if ["janvier", "février", "avril", "juillet"].contains(&word) => {
            format!(
                "{}.",
                word.chars().take(if word == "juillet" { 5 } else { word.chars().count().min(4) }).collect::<String>()
            )
        }
        (Language::French, _) => {
            format!("{}.", word.chars().take(if word.starts_with("sept") { 4 } else { 3 }).collect::<String>())
        }
        (Language::English, _) => word.chars().take(3).collect(),
    };
    let day = DAYS[usize::try_from(date.weekday().num_days_from_monday()).unwrap_or_default() % 7];
    format!("{} {}\u{a0}{}", cut(picked(day, language)), date.day(), cut(month(date, language)))
}

/// A month and its year: "novembre 2026".
pub fn month_and_year(date: NaiveDate, language: Language) -> String {
    format!("{} {}", month(date, language), date.year())
}

/// A day with its name, and its year where it is not this one: "samedi 21 novembre".
pub fn long(date: NaiveDate, today: NaiveDate, language: Language) -> String {
    let name = picked(DAYS[usize::try_from(date.weekday().num_days_from_monday()).unwrap_or_default() % 7], language);
    format!("{name} {}", without_name(date, today, language))
}

/// A day without its name: "21 novembre", "21 novembre 2025", "1er mai".
pub fn without_name(date: NaiveDate, today: NaiveDate, language: Language) -> String {
    if date.year() == today.year() { day_and_month(date, language) } else { with_year(date, language) }
}

/// A day that is read in other years too: "21 novembre 2026".
pub fn with_year(date: NaiveDate, language: Language) -> String {
    format!("{} {}", day_and_month(date, language), date.year())
}

fn day_and_month(date: NaiveDate, language: Language) -> String {
    let day = match (language, date.day()) {
        (Language::French, 1) => "1er".to_owned(),
        (_, day) => day.to_string(),
    };
    format!("{day}\u{a0}{}", month(date, language))
}

fn picked([french, english]: [&'static str; 2], language: Language) -> &'static str {
    language.pick(french, english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_both_languages() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let today = day(2026, 11, 30);
        for (date, french, english) in [
            (day(2026, 11, 21), "samedi 21\u{a0}novembre", "Saturday 21\u{a0}November"),
            (day(2025, 5, 1), "jeudi 1er\u{a0}mai 2025", "Thursday 1\u{a0}May 2025"),
        ] {
            assert_eq!(long(date, today, Language::French), french);
            assert_eq!(long(date, today, Language::English), english);
        }
        assert_eq!(month_and_year(today, Language::French), "novembre 2026");
    }
}
