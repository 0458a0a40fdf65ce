//! An association's own notebook, read into values, and how it is to be compared.

use chrono::NaiveDate;

use crate::{Identifier, Minutes, exchange::Side, year::Year};

/// A notebook, read into values. Names and skills stand once each, since a notebook repeats them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notebook {
    /// Its lines, in any order.
    pub lines: Vec<NotebookLine>,
    /// The partners as it writes them.
    pub names: Vec<WrittenName>,
    /// The skills as it writes them.
    pub skills: Vec<String>,
}

/// What a line of a notebook says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotebookLine {
    /// Where it stands in the notebook; explanations name it.
    pub row: u64,
    /// The partner: its place in [`Notebook::names`].
    pub name: u32,
    /// When.
    pub date: LineDate,
    /// Given or received, if the notebook says so.
    pub side: Option<Side>,
    /// Person-minutes.
    pub minutes: Minutes,
    /// Its place in [`Notebook::skills`].
    pub skill: Option<u32>,
}

/// When a line says that help was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineDate {
    /// On a day.
    Day(NaiveDate),
    /// Some time in the month that begins on this day.
    Month(NaiveDate),
}

impl LineDate {
    /// The day, or the first day of the month.
    pub const fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(day) | Self::Month(day) => day,
        }
    }
}

/// A partner as a notebook writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WrittenName {
    /// The name.
    pub text: String,
    /// The identifier in a column of its own.
    pub identifier: Option<Identifier>,
}

/// How a notebook is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many days a line may be away from its exchange.
    pub days: u16,
    /// The exchanges of this year ought to be in the notebook.
    pub year: Year,
    /// Names that somebody has confirmed, and the member each stands for.
    pub aliases: Vec<(String, u32)>,
}
