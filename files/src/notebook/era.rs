//! Which year a date is of that tells none: what a title, a sheet's name or somebody says.
//!
//! A year may be part of a name ("Club 2000"), and a season has two. What a title does not say for certain is not taken.

use chrono::Datelike as _;
use ledger::name::fold;

use crate::date;

/// What is said of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// A year from January on.
    Year(i32),
    /// A season that begins in one year and ends in the next.
    Season {
        /// The year in which it begins.
        first: i32,
        /// The month in which it begins, if that is said.
        begins: Option<u32>,
    },
}

impl Era {
    /// The year of a month, if that is certain: July and August are of either summer of a season.
    pub(super) const fn year_of(self, month: u32) -> Option<i32> {
        match self {
            Self::Year(year) => Some(year),
            Self::Season { first, begins: Some(begins) } => Some(if month >= begins { first } else { first + 1 }),
            Self::Season { first, begins: None } => match month {
                9..=12 => Some(first),
                1..=6 => Some(first + 1),
                _ => None,
            },
        }
    }

    /// "2024", "2024-2025".
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Season { first, .. } => format!("{first}-{}", first + 1),
        }
    }

    /// The year in which it begins.
    pub(super) const fn first(self) -> i32 {
        match self {
            Self::Year(year) | Self::Season { first: year, .. } => year,
        }
    }

    /// What a title says. `names` are folded: a year that is part of one of them is none; `own` are the words of the
    /// association's own names, which may well stand before a year.
    pub(super) fn of_title(title: &str, names: &mut dyn Iterator<Item = &str>, own: &[&str]) -> Option<Self> {
        let mut folded = format!(" {} ", fold(title));
        if !folded.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        for name in names.filter(|name| name.bytes().any(|byte| byte.is_ascii_digit()) || own.contains(name)) {
            folded = folded.replace(&format!(" {name} "), " ");
        }
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        if let Some(season) = season(&words) {
            return Some(season);
        }
        let mut told = words.iter().enumerate().filter_map(|(at, word)| {
            let year = whole_year(word)?;
            let is_said = match at.checked_sub(1).and_then(|before| words.get(before)) {
                None => true,
                Some(before) => is_beside_a_year(before) || own.contains(before) || whole_year(before).is_some(),
            };
            Some((year, is_said))
        });
        let (year, is_said) = told.next()?;
        // Two years are no year, and no season if they are far apart.
        let is_alone = told.all(|(other, _)| other == year);
        (is_said && is_alone).then_some(Self::Year(year))
    }
}

/// Two years that follow each other: "2024-2025", "2024/25", "saison 24-25", "du 01/09/2024 au 31/08/2025".
fn season(words: &[&str]) -> Option<Era> {
    let at_years: Vec<(usize, i32)> =
        words.iter().enumerate().filter_map(|(at, word)| Some((at, whole_year(word)?))).collect();
    let begins = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| words.get(before))?;
        date::month(before).or_else(|| before.parse().ok().filter(|month| (1..=12).contains(month)))
    };
    match at_years.as_slice() {
        [(at, first), (_, second)] if *second == first + 1 => Some(Era::Season { first: *first, begins: begins(*at) }),
        [(at, first)] => {
            let next = words.get(at + 1)?;
            let is_next = next.len() == 2 && next.parse() == Ok((first + 1) % 100);
            is_next.then_some(Era::Season { first: *first, begins: None })
        }
        [] => {
            let at = words.iter().position(|word| matches!(*word, "saison" | "saisons" | "season" | "scolaire"))?;
            let short = |at: usize| words.get(at).filter(|word| word.len() == 2)?.parse::<i32>().ok();
            let (first, second) = (short(at + 1)?, short(at + 2)?);
            (second == first + 1).then_some(Era::Season { first: 2000 + first, begins: None })
        }
        _ => None,
    }
}

fn whole_year(word: &str) -> Option<i32> {
    let is_four = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|year| is_four && (2000..2100).contains(year))
}

/// Words that stand before a year and not before a number in a name.
fn is_beside_a_year(word: &str) -> bool {
    #[rustfmt::skip] // One word a line would be fifty lines.
    const WORDS: [&str; 50] = [
        "annee", "annees", "exercice", "en", "de", "du", "au", "a", "pour", "saison", "carnet", "heures", "heure", "cahier",
        "suivi", "releve", "bilan", "echange", "echanges", "aides", "civile", "fiche", "fiches", "tableau", "registre",
        "recap", "recapitulatif", "benevolat", "journal", "trimestre", "semestre", "compte", "comptes", "agenda",
        "planning", "carnets", "an", "year", "hours", "notebook", "of", "in", "for", "exchanges", "book", "log", "total",
        "feuille", "sheet", "copie",
    ];
    WORDS.contains(&word) || date::month(word).is_some() || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The one year that all of these dates are of.
pub(super) fn only_year(dates: impl Iterator<Item = chrono::NaiveDate>) -> Option<i32> {
    let mut years = dates.map(|date| date.year());
    let first = years.next()?;
    years.all(|year| year == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_tell_years_and_seasons() {
        let names = ["club 2000", "promo 2010 du lycee", "chorale de janze"];
        let own = ["chorale", "de", "janze", "chorale de janze"];
        let cases = [
            ("Carnet d'heures 2025 : École de musique", "2025"),
            ("2024", "2024"),
            ("Chorale de Janzé 2024", "2024"),
            ("Chorale 2024", "2024"),
            ("carnet-chorale-de-janze-2024", "2024"),
            ("Mars 2024", "2024"),
            ("Du 1er janvier 2024 au 31 décembre 2024", "2024"),
            ("Club 2000", "none"),
            ("Carnet du Club 2000 pour 2024", "2024"),
            ("Promo 2010 du lycée", "none"),
            ("Amicale 2015", "none"),
            ("Carnet 2022 à 2024", "none"),
            ("Loi 1901", "none"),
            ("Saison 2024-2025", "season 2024"),
            ("Saison 2024/25", "season 2024"),
            ("saison 24-25", "season 2024"),
            ("Année scolaire 2024 - 2025", "season 2024"),
            ("Du 01/07/2024 au 30/06/2025", "season 2024 from 7"),
            ("avril 2024 à mars 2025", "season 2024 from 4"),
            ("Carnet", "none"),
        ];
        for (title, expected) in cases {
            let told = match Era::of_title(title, &mut names.into_iter(), &own) {
                None => "none".to_owned(),
                Some(Era::Year(year)) => year.to_string(),
                Some(Era::Season { first, begins: None }) => format!("season {first}"),
                Some(Era::Season { first, begins: Some(month) }) => format!("season {first} from {month}"),
            };
            assert_eq!(told, expected, "{title}");
        }
    }

    #[test]
    fn a_season_goes_on_in_the_next_year() {
        let season = Era::Season { first: 2024, begins: None };
        let years: Vec<_> = [9, 12, 1, 6, 7, 8].into_iter().map(|month| season.year_of(month)).collect();
        assert_eq!(years, [Some(2024), Some(2024), Some(2025), Some(2025), None, None]);
        let from_july = Era::Season { first: 2024, begins: Some(7) };
        assert_eq!((from_july.year_of(7), from_july.year_of(6)), (Some(2024), Some(2025)));
    }
}
