//! Whole minutes: the only unit of the ledger, how people write them and how we print them.
//!
//! One parser reads every usual spelling, exactly or not at all. What it cannot read for certain it
//! refuses with a [`MinutesError`], which says in words what was found and what would have fitted.

use std::{error, fmt, str};

use rust_decimal::Decimal;

use crate::Language;

/// A number of whole minutes, of either sign.
///
/// ```
/// use ledger::{Language, Minutes};
/// let minutes: Minutes = "4 pers. 2h30".parse()?;
/// assert_eq!(minutes, Minutes::new(600));
/// assert_eq!(minutes.display(Language::English).to_string(), "10\u{a0}h");
/// # Ok::<(), ledger::MinutesError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Minutes(i64);

impl Minutes {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// The most that the parser accepts: nobody helps for nineteen centuries.
    const LARGEST_WRITTEN: Self = Self(1_000_000_000);

    /// Takes any number of minutes: it is the checked sums that refuse to overflow.
    pub const fn new(minutes: i64) -> Self {
        Self(minutes)
    }

    /// The number of minutes.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, unless it overflows.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it overflows.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The opposite, unless it overflows.
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// The sum of all of them, unless it overflows on the way.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether this is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The number of minutes without its sign.
    pub const fn unsigned_abs(self) -> u64 {
        self.0.unsigned_abs()
    }

    /// Reads decimal hours of either sign, exactly, or fails with
    /// [`NotWholeMinutes`](MinutesError::NotWholeMinutes) or [`TooLarge`](MinutesError::TooLarge).
    pub fn from_hours(hours: Decimal) -> Result<Self, MinutesError> {
        Self::exactly(hours, 60, &hours.to_string())
    }

    /// Decimal hours rounded to hundredths, half away from zero: for display, never to add up.
    pub fn to_hours(self) -> Decimal {
        let thirds = i128::from(self.0).saturating_mul(5);
        Decimal::from_i128_with_scale(thirds.saturating_add(thirds.signum()) / 3, 2)
    }

    /// Reads what people write: `2h30`, `2 heures`, `2:30`, `2,5`, `150 min`, `45'`, `PT2H30M`,
    /// `4 x 2h`, `4 personnes 2h30`, in French or English, any case, any spaces.
    ///
    /// A bare number is decimal hours, so `2,30` is 2 h 18. What can be read in two ways is
    /// [`Ambiguous`](MinutesError::Ambiguous): a lone digit after the hours (`2h5`), and a point
    /// or comma before exactly three digits (`2,500 h`), unless the rest of the text tells
    /// thousands from decimals (`2,500 h 30`, `2,500.0 h`, `0,500 h`).
    pub fn parse(text: &str) -> Result<Self, MinutesError> {
        Self::parse_people(text).map(|(_, minutes)| minutes)
    }

    /// Reads like [`parse`](Self::parse), and tells for how many people if that was written; the
    /// minutes are the total for all of them.
    pub fn parse_people(text: &str) -> Result<(Option<u32>, Self), MinutesError> {
        let found = text.trim();
        if found.is_empty() {
            return Err(MinutesError::Empty);
        }
        let lower = found.to_lowercase();
        let unsigned = lower.strip_prefix(['-', '−', '–']);
        let reader = Reader { found };
        let amount = tokens(unsigned.unwrap_or(&lower))
            .ok_or_else(|| reader.refuse(MinutesError::Unreadable))
            .and_then(|tokens| reader.people(&tokens));
        match amount {
            Err(MinutesError::Unreadable(_)) => amount,
            _ if unsigned.is_some() => Err(MinutesError::Negative(found.to_owned())),
            _ => amount,
        }
    }

    /// The minutes as people read them: `2 h 30` or `2 h 30 min`, with no-break spaces so that a
    /// line never ends inside an amount. Width and alignment (`{:>12}`) apply.
    ///
    /// Whole hours have no minutes part, except English thousands: `3,000 h 00 min`, because
    /// `3,000 h` is 3 hours to a French reader. [`parse`](Self::parse) reads every amount that
    /// this prints and that is not negative.
    pub fn display(self, language: Language) -> impl fmt::Display {
        fmt::from_fn(move |f| f.pad(&self.text(language)))
    }

    fn text(self, language: Language) -> String {
        let sign = if self.is_negative() { "−" } else { "" };
        let (hours, minutes) = (self.unsigned_abs() / 60, self.unsigned_abs() % 60);
        let grouped = group_thousands(hours, language.pick('\u{202f}', ','));
        let thousands_unclear = language == Language::English && hours >= 1000;
        if hours == 0 {
            format!("{sign}{minutes}\u{a0}min")
        } else if minutes == 0 && !thousands_unclear {
            format!("{sign}{grouped}\u{a0}h")
        } else {
            let unit = language.pick("", "\u{a0}min");
            format!("{sign}{grouped}\u{a0}h\u{a0}{minutes:02}{unit}")
        }
    }

    /// `amount` units of `minutes_each`, or the nearest whole minutes as an error.
    fn exactly(amount: Decimal, minutes_each: i128, found: &str) -> Result<Self, MinutesError> {
        // In integers, because Decimal rounds silently what has more than 28 digits.
        let rounded = || {
            let scaled = amount.mantissa().checked_mul(minutes_each)?;
            let one = 10_i128.checked_pow(amount.scale())?;
            let half = (one / 2).checked_mul(scaled.signum())?;
            let nearest = scaled.checked_add(half)?.checked_div(one)?;
            let is_exact = scaled.checked_rem(one)? == 0;
            Some((Self(i64::try_from(nearest).ok()?), is_exact))
        };
        let found = found.to_owned();
        match rounded() {
            Some((minutes, true)) => Ok(minutes),
            Some((nearest, false)) => Err(MinutesError::NotWholeMinutes { found, nearest }),
            None => Err(MinutesError::TooLarge(found)),
        }
    }
}

impl str::FromStr for Minutes {
    type Err = MinutesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Why a duration was not read, with what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MinutesError {
    /// Nothing was written.
    Empty,
    /// No known way of writing a duration.
    Unreadable(String),
    /// Two ways of reading it, and no way of telling which was meant.
    Ambiguous(String),
    /// Help is never negative.
    Negative(String),
    /// Sixty minutes or more after the hours, as in `2h75`.
    MinutesOverAnHour {
        /// The minutes written after the hours.
        minutes: u32,
    },
    /// Hours that do not come to whole minutes, as in `0,33`.
    NotWholeMinutes {
        /// What was written.
        found: String,
        /// The nearest whole minutes, half away from zero (each person's, times the people).
        nearest: Minutes,
    },
    /// More than anyone means: over a thousand million minutes.
    TooLarge(String),
}

impl MinutesError {
    /// Says what was found and what would have fitted.
    pub fn in_words(&self, language: Language) -> String {
        match language {
            Language::French => self.in_french(),
            Language::English => self.to_string(),
        }
    }

    fn in_french(&self) -> String {
        let example = "écrivez par exemple 2h30, 2:30, 2,5 ou 150 min";
        match self {
            Self::Empty => format!("durée manquante ; {example}"),
            Self::Unreadable(found) => format!("durée illisible : « {found} » ; {example}"),
            Self::Ambiguous(found) => format!("durée à double sens : « {found} » ; {example}"),
            Self::Negative(found) => {
                format!("durée négative : « {found} » ; écrivez-la sans signe")
            }
            Self::MinutesOverAnHour { minutes } => {
                format!("{minutes} minutes après les heures, 59 au plus ; {example}")
            }
            Self::NotWholeMinutes { found, nearest } => {
                let nearest = nearest.display(Language::French);
                format!("« {found} » ne tombe pas sur une minute entière ; au plus près : {nearest}")
            }
            Self::TooLarge(found) => {
                let most = Minutes::LARGEST_WRITTEN.display(Language::French);
                format!("durée démesurée : « {found} » ; au plus {most}")
            }
        }
    }
}

impl fmt::Display for MinutesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let example = "write for instance 2h30, 2:30, 2.5 or 150 min";
        match self {
            Self::Empty => write!(f, "missing duration; {example}"),
            Self::Unreadable(found) => write!(f, "unreadable duration: “{found}”; {example}"),
            Self::Ambiguous(found) => write!(f, "ambiguous duration: “{found}”; {example}"),
            Self::Negative(found) => {
                write!(f, "negative duration: “{found}”; write it without a sign")
            }
            Self::MinutesOverAnHour { minutes } => {
                write!(f, "{minutes} minutes after the hours, at most 59; {example}")
            }
            Self::NotWholeMinutes { found, nearest } => {
                let nearest = nearest.display(Language::English);
                write!(f, "“{found}” is not a whole number of minutes; the nearest is {nearest}")
            }
            Self::TooLarge(found) => {
                let most = Minutes::LARGEST_WRITTEN.display(Language::English);
                write!(f, "duration too large: “{found}”; at most {most}")
            }
        }
    }
}

impl error::Error for MinutesError {}

/// A piece of a written duration. A number keeps its text: what follows decides how it is read.
#[derive(Clone, Copy)]
enum Token<'a> {
    Number(&'a str),
    Hour,
    Minute,
    Person,
    Times,
    Colon,
    /// The `PT` before an ISO 8601 duration.
    Iso,
}

/// Makes sense of tokens; holds the whole text only to quote it.
struct Reader<'a> {
    found: &'a str,
}

impl Reader<'_> {
    fn people(&self, tokens: &[Token<'_>]) -> Result<(Option<u32>, Minutes), MinutesError> {
        use Token::{Number, Person, Times};
        let (people, each) = match tokens {
            [Number(people), Person, Times, each @ ..] | [Number(people), Person | Times, each @ ..] => {
                (self.integer(people)?, each)
            }
            _ => return Ok((None, self.minutes(tokens)?)),
        };
        if people == 0 {
            return Err(self.refuse(MinutesError::Unreadable));
        }
        let times = |each: Minutes| self.within(each.0.checked_mul(i64::from(people)));
        match self.minutes(each) {
            Ok(each) => Ok((Some(people), times(each)?)),
            Err(MinutesError::NotWholeMinutes { nearest, .. }) => Err(self.not_whole(times(nearest)?)),
            Err(error) => Err(error),
        }
    }

    fn minutes(&self, tokens: &[Token<'_>]) -> Result<Minutes, MinutesError> {
        use Token::{Colon, Hour, Iso, Minute, Number};
        match *tokens {
            [Number(hours)] | [Number(hours), Hour] => self.amount(hours, 60),
            [Number(minutes), Minute] => self.amount(minutes, 1),
            [Number(_), Hour | Colon, Number(minutes)] if minutes.len() == 1 => {
                Err(self.refuse(MinutesError::Ambiguous))
            }
            [Number(hours), Hour | Colon, Number(minutes)] | [Number(hours), Hour, Number(minutes), Minute] => {
                self.clock(hours, minutes)
            }
            // The rest is seconds, which spreadsheets like to add.
            [Number(hours), Colon, Number(minutes), Colon, Number(rest)] => {
                let minutes = self.clock(hours, minutes)?;
                match self.integer(rest)? {
                    0 => Ok(minutes),
                    1..30 => Err(self.not_whole(minutes)),
                    30..60 => Err(self.not_whole(self.within(minutes.0.checked_add(1))?)),
                    60.. => Err(self.refuse(MinutesError::Unreadable)),
                }
            }
            [Iso, ref rest @ ..] if matches!(rest, [Number(_), .., Hour | Minute]) => self.minutes(rest),
            _ => Err(self.refuse(MinutesError::Unreadable)),
        }
    }

    fn amount(&self, number: &str, minutes_each: i128) -> Result<Minutes, MinutesError> {
        let number = match (whole(number), decimal(number)) {
            (Some(_), Some(_)) => return Err(self.refuse(MinutesError::Ambiguous)),
            (None, None) => return Err(self.refuse(MinutesError::Unreadable)),
            (Some(number), None) | (None, Some(number)) => number,
        };
        let amount = Decimal::from_str_exact(&number).map_err(|error| {
            let is_too_fine = error == rust_decimal::Error::Underflow;
            let why = if is_too_fine { MinutesError::Unreadable } else { MinutesError::TooLarge };
            self.refuse(why)
        })?;
        let minutes = Minutes::exactly(amount, minutes_each, self.found)?;
        self.within(Some(minutes.0))
    }

    fn clock(&self, hours: &str, minutes: &str) -> Result<Minutes, MinutesError> {
        let (hours, minutes) = (self.integer(hours)?, self.integer(minutes)?);
        if minutes >= 60 {
            return Err(MinutesError::MinutesOverAnHour { minutes });
        }
        let full_hours = i64::from(hours).checked_mul(60);
        self.within(full_hours.and_then(|full| full.checked_add(i64::from(minutes))))
    }

    fn integer(&self, number: &str) -> Result<u32, MinutesError> {
        let digits = whole(number).ok_or_else(|| self.refuse(MinutesError::Unreadable))?;
        let integer = digits.parse().ok();
        integer.ok_or_else(|| self.refuse(MinutesError::TooLarge))
    }

    fn within(&self, minutes: Option<i64>) -> Result<Minutes, MinutesError> {
        let minutes = minutes.map(Minutes);
        let within = minutes.filter(|minutes| *minutes <= Minutes::LARGEST_WRITTEN);
        within.ok_or_else(|| self.refuse(MinutesError::TooLarge))
    }

    fn not_whole(&self, nearest: Minutes) -> MinutesError {
        let found = self.found.to_owned();
        MinutesError::NotWholeMinutes { found, nearest }
    }

    fn refuse(&self, why: fn(String) -> MinutesError) -> MinutesError {
        why(self.found.to_owned())
    }
}

/// Cuts lower-case text into tokens, or gives up at the first thing that no duration contains.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '0'..='9' => number(rest),
            _ => word(rest, first)?,
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

/// The word or sign at the start, with the full stop of `pers.` or `min.`, and what follows it.
fn word(text: &str, first: char) -> Option<(Token<'_>, &str)> {
    let letters = text.trim_start_matches(char::is_alphabetic);
    let after = if first.is_alphabetic() { letters } else { text.strip_prefix(first)? };
    let after_stop = after.strip_prefix('.').unwrap_or(after);
    Some(match text.strip_suffix(after)? {
        "h" | "hr" | "hrs" | "heure" | "heures" | "hour" | "hours" => (Token::Hour, after),
        "m" | "mn" | "min" | "mins" | "minute" | "minutes" => (Token::Minute, after_stop),
        "'" | "’" | "′" => (Token::Minute, after),
        "p" | "pers" | "personne" | "personnes" | "person" | "persons" | "people" => (Token::Person, after_stop),
        "x" | "×" | "*" => (Token::Times, after),
        ":" => (Token::Colon, after),
        "pt" => (Token::Iso, after),
        _ => return None,
    })
}

/// The number at the start, with the decimals or groups that belong to it, and what follows it.
fn number(text: &str) -> (Token<'_>, &str) {
    let mut rest = skip_digits(text);
    while let Some(after) = skip_group(rest) {
        rest = after;
    }
    let (number, rest) = text.split_at(text.len().saturating_sub(rest.len()));
    (Token::Number(number), rest)
}

/// Skips a point or comma and its digits, or a space of any kind and exactly three digits.
fn skip_group(text: &str) -> Option<&str> {
    let separator = text.chars().next()?;
    let group = text.strip_prefix(separator)?;
    let after = skip_digits(group);
    let digits = group.len().saturating_sub(after.len());
    let belongs = match separator {
        '.' | ',' => digits > 0,
        _ => separator.is_whitespace() && digits == 3,
    };
    belongs.then_some(after)
}

fn skip_digits(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// The digits of a number that can be read as a whole one: `3135`, `3 135`, `3,135`, `3.135`.
fn whole(number: &str) -> Option<String> {
    let Some(separator) = number.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(number.to_owned());
    };
    let (first, others) = number.split_once(separator)?;
    let is_group = |group: &str| group.len() == 3 && skip_digits(group).is_empty();
    let starts_well = first.len() <= 3 && !first.starts_with('0');
    let is_grouped = starts_well && others.split(separator).all(is_group);
    is_grouped.then(|| number.split(separator).collect())
}

/// The number with a decimal point, if it can be read as a decimal one: `2,5`, `3 135,25`.
fn decimal(number: &str) -> Option<String> {
    let separator = number.chars().rfind(|c| matches!(c, '.' | ','))?;
    let (units, decimals) = number.rsplit_once(separator)?;
    let is_decimal = !units.contains(separator) && skip_digits(decimals).is_empty();
    let units = whole(units).filter(|_| is_decimal)?;
    Some(format!("{units}.{decimals}"))
}

fn group_thousands(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in (0..digits.len()).rev().zip(digits.chars()) {
        grouped.push(digit);
        if place > 0 && place.is_multiple_of(3) {
            grouped.push(separator);
        }
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One outcome a line and the texts that lead to it; `~` is U+00A0 and `_` is U+202F.
    const CASES: &str = "
        0             | 0 | 0h | 0h00 | 0 min | 0:00 | PT0M | 0,0
        1             | 1 min | 1mn | 1' | 0h01 | 0 h 1 min | 0:01:00
        30            | 0,5 | 0.50 | 0,500 | 0.500 h | 30 min. | 0:30
        45            | 45' | 45’ | 45 ′ | 45 MIN | 45m | 0h45 | 0,75 h | PT45M | 45 mins
        65            | 1h05 | 1 h 5 min | 1 heure 5 minutes | 1:05
        120           | 2 | 2h | 2 H | 2,00 | 2.0 | 2 heures | 2 hours | 2:00 | 2hrs | PT2H
        138           | 2,3 | 2.30
        150           | 2h30 | 2 h 30 | 2H30 | 2h30min | 2 h 30 min | 2 heures 30 | 02h30 | 2h30'
        150           | 2:30 | 02:30 | 2:30:00 | 2,5 | 2.5 | 2,5 h | 2.5 hours | 2~heures_30~min
        150           | 150 min | 150 minutes | 150mn | PT2H30M | pt150m | PT2.5H | ~2,5~
        180           | 3 | 3,0 | 3 heures | 3h00
        72000         | 1200 | 1 200 | 1 200 h | 1_200 heures | 1200,0 | 1 200,00 h | 1,200.0 h
        72030         | 1,200 h 30 | 1.200 h 30 min | 1 200h30 | 1~200:30 | 1,200.5 | 1.200,5
        188115        | 3 135 h 15 | 3_135~h~15 | 3,135~h~15~min | 3 135,25 | 188 115 min
        74074020      | 1,234,567 | 1.234.567 h | 1 234 567
        1000000000    | 1000000000 min
        4 people 480  | 4 x 2h | 4x2h | 4 × 2 | 4 * 120 min | 4 pers. 2h | 4 PERS x 2h | 4 p. 2h
        4 people 480  | 4 people x 2h | 4 people 2 hours | 4 persons 2:00 | 4~pers.~2h
        4 people 600  | 4x2h30 | 4 × 2,5 | 4 personnes 2h30 | 4 PERSONNES x 2 h 30 | 4p2h30
        4 people 180  | 4 * 45 min | 4 x 45'
        1 people 60   | 1 personne 1 heure | 1 person 1 hour
        Empty         |
        Unreadable    | deux heures | h | - | abc | 2j | P1DT2H | PT | PT2,5 | 2h30 4 | 2h30min15
        Unreadable    | 2,5 h 30 | 2h30,5 | 1:2:3:4 | 2::30 | 2:30:75 | 2, | ,5 | 1,5,2 | 2 50 | 2 h 300 h
        Unreadable    | 12,34,567 h | 1 1234 | 0,33333333333333333333333333333333333 | 4 x | x 2h | 4 pers | 0 x 2h | 1,5 x 2h | 4 x x 2h | 4 x -2h
        Ambiguous     | 2,500 | 2.500 h | 2,500 min | 1,000 h | 2h5 | 2:5 | 3 x 1,250 h
        Negative      | -2h | −2 h 30 | –2,5 | -0,33 | - 4 x 2h | -2h75 | -2,500
        75 minutes    | 2h75 | 2:75 | 1 h 75 min | 4 x 2h75
        nearest 20    | 0,33 | 0.333 h | 0,33333333333333331
        nearest 80    | 4 x 0,33
        nearest 2     | 2,4 min | 0,025
        nearest 1     | 0,5 min
        nearest 150   | 2:30:29
        nearest 151   | 2:30:30
        TooLarge      | 1000000001 min | 16666667 | 99999999999999999999999999999999999 h
        TooLarge      | 9999999999h30 | 9999999999 x 1h | 1000000 x 1000000 h";

    fn visible(text: &str) -> String {
        text.replace('\u{a0}', "~").replace('\u{202f}', "_")
    }

    fn outcome(text: &str) -> String {
        match Minutes::parse_people(text) {
            Ok((None, minutes)) => minutes.get().to_string(),
            Ok((Some(people), minutes)) => format!("{people} people {}", minutes.get()),
            Err(MinutesError::MinutesOverAnHour { minutes }) => format!("{minutes} minutes"),
            Err(MinutesError::NotWholeMinutes { nearest, .. }) => format!("nearest {}", nearest.0),
            Err(error) => format!("{error:?}").split('(').next().unwrap().to_owned(),
        }
    }

    #[test]
    fn reads_what_people_write_and_nothing_else() {
        for line in CASES.trim().lines() {
            let (expected, texts) = line.split_once('|').unwrap();
            for text in texts.split('|') {
                let text = text.replace('~', "\u{a0}").replace('_', "\u{202f}");
                assert_eq!(outcome(&text), expected.trim(), "{text:?}");
            }
        }
    }

    #[test]
    fn says_what_was_found_and_what_would_fit() {
        let explain = |language| {
            let texts = "|deux heures|2,500 h|-2h|2h75|0,33|17000000 h".split('|');
            let errors = texts.map(|text| Minutes::parse(text).unwrap_err());
            let lines: Vec<_> = errors.map(|error| error.in_words(language)).collect();
            visible(&lines.join("\n"))
        };
        insta::assert_snapshot!(explain(Language::French), @"
        durée manquante ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
        durée illisible : « deux heures » ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
        durée à double sens : « 2,500 h » ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
        durée négative : « -2h » ; écrivez-la sans signe
        75 minutes après les heures, 59 au plus ; écrivez par exemple 2h30, 2:30, 2,5 ou 150 min
        « 0,33 » ne tombe pas sur une minute entière ; au plus près : 20~min
        durée démesurée : « 17000000 h » ; au plus 16_666_666~h~40
        ");
        insta::assert_snapshot!(explain(Language::English), @"
        missing duration; write for instance 2h30, 2:30, 2.5 or 150 min
        unreadable duration: “deux heures”; write for instance 2h30, 2:30, 2.5 or 150 min
        ambiguous duration: “2,500 h”; write for instance 2h30, 2:30, 2.5 or 150 min
        negative duration: “-2h”; write it without a sign
        75 minutes after the hours, at most 59; write for instance 2h30, 2:30, 2.5 or 150 min
        “0,33” is not a whole number of minutes; the nearest is 20~min
        duration too large: “17000000 h”; at most 16,666,666~h~40~min
        ");
    }

    #[test]
    fn prints_for_people() {
        let cases = "
            0                    | 0~min                              | 0~min
            -45                  | −45~min                            | −45~min
            125                  | 2~h~05                             | 2~h~05~min
            180                  | 3~h                                | 3~h
            -150                 | −2~h~30                            | −2~h~30~min
            59940                | 999~h                              | 999~h
            60000                | 1_000~h                            | 1,000~h~00~min
            188115               | 3_135~h~15                         | 3,135~h~15~min
            -9223372036854775808 | −153_722_867_280_912_930~h~08      | −153,722,867,280,912,930~h~08~min";
        for line in cases.trim().lines() {
            let [minutes, french, english] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let minutes = Minutes(minutes.parse().unwrap());
            for (language, expected) in [(Language::French, french), (Language::English, english)] {
                let printed = minutes.display(language).to_string();
                assert_eq!(visible(&printed), expected);
            }
        }
        assert_eq!(format!("{:>8}|", Minutes(180).display(Language::French)), "     3\u{a0}h|");
    }

    #[test]
    fn goes_to_decimal_hours_and_back() {
        for (minutes, hours) in [(150, "2.50"), (20, "0.33"), (-20, "-0.33"), (100, "1.67")] {
            assert_eq!(Minutes(minutes).to_hours().to_string(), hours);
        }
        let read = |hours: &str| Minutes::from_hours(Decimal::from_str_exact(hours).unwrap());
        assert_eq!(read("-2.25"), Ok(Minutes(-135)));
        let (found, nearest) = ("-0.33".to_owned(), Minutes(-20));
        assert_eq!(read("-0.33"), Err(MinutesError::NotWholeMinutes { found, nearest }));
        assert!(matches!(Minutes::from_hours(Decimal::MAX), Err(MinutesError::TooLarge(_))));
    }

    #[test]
    fn sums_never_wrap() {
        assert_eq!(Minutes::sum([Minutes(2), Minutes(-3)]), Some(Minutes(-1)));
        assert_eq!(Minutes::sum([Minutes(i64::MAX), Minutes(1), Minutes(-1)]), None);
        assert_eq!(Minutes(i64::MIN).checked_neg(), None);
        assert_eq!(Minutes(i64::MIN).checked_sub(Minutes(1)), None);
    }

    proptest! {
        #[test]
        fn reads_back_what_it_prints(minutes in 0..10_000_000_i64) {
            for language in [Language::French, Language::English] {
                let printed = Minutes(minutes).display(language).to_string();
                prop_assert_eq!(Minutes::parse(&printed), Ok(Minutes(minutes)));
            }
        }

        #[test]
        fn answers_whatever_is_written(text in r"[-0-9hHxpmin:., '\u{a0}é]{0,20}") {
            let _ = Minutes::parse(&text);
        }
    }
}
