//! Whole minutes: the only unit of the ledger, how people write them and how we print them.
//!
//! One parser reads every usual spelling, exactly or not at all. What it cannot read for certain it
//! refuses with a [`MinutesError`], which says in words what was found and what would have fitted.

#[cfg(test)]
mod tests;

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

    /// The person-minutes of so many people who gave this time each.
    ///
    /// # Errors
    /// [`TooLarge`](MinutesError::TooLarge), as when it is written in one: `40 x 2h`.
    pub fn of_people(self, people: u32) -> Result<Self, MinutesError> {
        let minutes = self.0.checked_mul(i64::from(people)).map(Self);
        let within = minutes.filter(|minutes| *minutes <= Self::LARGEST_WRITTEN);
        within.ok_or_else(|| MinutesError::TooLarge(format!("{people} x {} min", self.0)))
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

    /// Reads like [`parse`](Self::parse), also what is below zero: a balance, a limit.
    pub fn parse_signed(text: &str) -> Result<Self, MinutesError> {
        let unsigned = text.trim().strip_prefix(['-', '−', '–']);
        let minutes = Self::parse(unsigned.unwrap_or(text))?;
        if unsigned.is_none() {
            return Ok(minutes);
        }
        minutes.checked_neg().ok_or_else(|| MinutesError::TooLarge(text.trim().to_owned()))
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
