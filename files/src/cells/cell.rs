//! A cell, as it reads whatever program kept it.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::table;

/// What spreadsheets write in place of a result, in English and French.
const FAULTS: [&str; 11] =
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#NOM?", "#NOMBRE!", "#NUL!", "#VALEUR!"];

/// In place of what a formula would come to that no program has calculated.
pub(crate) const NO_RESULT: &str = "=?";

/// Whether a text is what a spreadsheet writes for a formula that came to nothing.
pub(crate) fn is_fault(text: &str) -> bool {
    text.starts_with(['#', '=']) && (FAULTS.contains(&text) || text == NO_RESULT)
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(Box<str>),
    /// A number, as the shortest decimal that stands for it.
    Number(Box<str>),
    /// What a spreadsheet shows as a date or a time of day.
    Moment {
        /// The day, if it is one.
        day: Option<NaiveDate>,
        /// The same as a stretch of time.
        milliseconds: i64,
    },
    /// A formula that failed, as the spreadsheet shows it.
    Fault(Box<str>),
}

impl Cell {
    /// A cell of words, as a person typed them.
    pub(super) fn of_text(text: &str) -> Self {
        let text = table::said(text);
        if let Some(fault) = FAULTS.iter().find(|fault| ***fault == *text) {
            return Self::fault(fault);
        }
        if text.is_empty() {
            return Self::Empty;
        }
        // A cell of several lines is one to whoever reads it.
        let text = if text.contains(['\n', '\r']) {
            text.split_whitespace().collect::<Vec<_>>().join(" ").into()
        } else {
            text
        };
        Self::Text(text.into())
    }

    /// A formula that failed, as the spreadsheet shows it.
    pub(super) fn fault(shown: &str) -> Self {
        Self::Fault(shown.into())
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The cell as somebody would read it aloud.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => "".into(),
            Self::Text(text) | Self::Number(text) => Cow::Borrowed(text),
            Self::Moment { day: Some(day), .. } => day.format("%d/%m/%Y").to_string().into(),
            Self::Moment { day: None, milliseconds } => {
                let minutes = (milliseconds.abs() + 30_000) / 60_000;
                let sign = if *milliseconds < 0 { "-" } else { "" };
                format!("{sign}{}:{:02}", minutes / 60, minutes % 60).into()
            }
            Self::Fault(fault) => Cow::Borrowed(fault),
        }
    }
}
