//! Forms: what was filled in, kept to be shown again, and what of it does not fit.

use std::fmt::Display;

use axum::extract::{FromRequest, Request};
use chrono::NaiveDate;
use files::date::{self, DateError};
use ledger::{log, printable::unreadable_in, words::capitalised};
use service::{
    App,
    asked::Asked,
    problem::{Problem, Refusal},
    sent,
};

use crate::frame::{Asking, Frame};

/// What was filled in, field by field, in the order of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filled {
    fields: Vec<(String, String)>,
    /// Where it was sent.
    address: String,
}

impl Filled {
    /// What a form without consequences put into the address.
    pub(crate) fn in_address(asking: &Asking) -> Self {
        let (address, query) = asking.address.split_once('?').unwrap_or((&asking.address, ""));
        Self { fields: fields_of(query.as_bytes()), address: address.to_owned() }
    }

    /// The first value of a field without blanks around it; empty where it was not filled in.
    pub(crate) fn get(&self, field: &str) -> &str {
        self.all(field).next().unwrap_or_default()
    }

    /// All values of a field.
    pub(crate) fn all<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.trim())
    }

    /// The fields whose names begin so, with their values; those that were filled in.
    pub(crate) fn beginning_with<'a>(&'a self, beginning: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let filled = self.fields.iter().map(|(name, value)| (name.as_str(), value.trim()));
        filled.filter(move |(name, value)| name.starts_with(beginning) && !value.is_empty())
    }

    /// A value, unless the field is empty.
    pub(crate) fn said(&self, field: &str) -> Option<&str> {
        Some(self.get(field)).filter(|value| !value.is_empty())
    }

    /// Whether a choice was made.
    pub(crate) fn is(&self, field: &str, value: &str) -> bool {
        self.all(field).any(|found| found == value)
    }

    /// Fills a field in, as somebody would have done.
    pub(crate) fn set(&mut self, field: &str, value: impl Into<String>) {
        self.fields.retain(|(name, _)| name != field);
        self.fields.push((field.to_owned(), value.into()));
    }

    /// Adds a value to a field.
    pub(crate) fn add(&mut self, field: &str, value: impl Into<String>) {
        self.fields.push((field.to_owned(), value.into()));
    }

    /// That this is one request and no other: its key was hidden in the form.
    ///
    /// # Errors
    /// When the form has none.
    pub(crate) fn asked(&self) -> Result<Asked, Problem> {
        let key = self.get("once");
        let fits = (1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(Problem::new(Refusal::KeyIsMissing).at("once"));
        }
        let mut text = self.address.clone();
        for (name, value) in &self.fields {
            text.push_str(&format!("\0{name}\0{value}"));
        }
        Ok(Asked { key: key.to_owned(), digest: log::leaf_hash(text.as_bytes()), long_ago: false })
    }
}

impl FromRequest<App> for Filled {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !sent::is_form(request.headers()) {
            return Err(Problem::new(Refusal::MediaTypeDoesNotFit));
        }
        let address = request.uri().path().to_owned();
        let fields = fields_of(&sent::whole(app, request.into_body()).await?);
        Ok(Self { fields, address })
    }
}

/// The fields of a form, in the order of the page, as they were sent.
pub(crate) fn fields_of(form: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = form_urlencoded::parse(form).into_owned().collect();
    for (_, value) in &mut fields {
        // Browsers end lines as on a typewriter.
        *value = value.replace("\r\n", "\n");
    }
    fields
}

/// Why the ledger or the service did not do something, as a sentence beside a form whose values are kept.
pub(crate) fn sentence_of(frame: &Frame, problem: &Problem) -> String {
    match problem.refusal() {
        Refusal::KeyWasUsedForAnotherRequest => frame.t("problem-sent-before"),
        Refusal::Busy(_) | Refusal::Unavailable(_) | Refusal::NoRoom(_) | Refusal::TookTooLong => {
            frame.t("problem-later-more")
        }
        _ => as_sentence(&problem.detail(frame.language())),
    }
}

/// A clause as a sentence of its own.
pub(crate) fn as_sentence(clause: &str) -> String {
    let sentence = capitalised(clause);
    if sentence.ends_with(['.', '?', '!']) { sentence } else { format!("{sentence}.") }
}

/// A line of a form, of so many characters at most; `None` where nothing was filled in, or it does not fit.
pub(crate) fn line(
    frame: &Frame,
    filled: &Filled,
    (field, most): (&str, usize),
    misfits: &mut Misfits,
) -> Option<String> {
    let text = filled.said(field)?;
    if let Some(sentence) = text_misfit(frame, (text, most), ["field-too-long", "field-unreadable"]) {
        misfits.add(field, sentence);
        return None;
    }
    Some(text.to_owned())
}

/// What is wrong with a remark of so many characters at most, if anything is.
pub(crate) fn memo_misfit(frame: &Frame, memo: &str, most: usize) -> Option<String> {
    text_misfit(frame, (memo, most), ["note-memo-too-long", "note-memo-unreadable"])
}

fn text_misfit(
    frame: &Frame,
    (text, most): (&str, usize),
    [too_long, unreadable]: [&'static str; 2],
) -> Option<String> {
    let length = text.chars().count();
    if length > most {
        return Some(frame.say(too_long, &[("found", length.into()), ("most", most.into())]));
    }
    let letter = unreadable_in(text)?;
    Some(frame.say(unreadable, &[("sign", letter.escape_unicode().to_string().into())]))
}

/// A day on which help was given, as it was typed; else what is wrong with it.
pub(crate) fn past_day(frame: &Frame, typed: &str) -> Result<NaiveDate, String> {
    match date::parse(typed) {
        Ok(day) if day > frame.today => Err(frame.say("note-future", &[("day", frame.date(day).into())])),
        Ok(day) => Ok(day),
        Err(DateError::Empty) => Err(frame.t("note-day-missing")),
        Err(error) => Err(as_sentence(&error.in_words(frame.language()))),
    }
}

/// Something to choose from a list.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// What the form sends.
    pub(crate) value: String,
    /// In words.
    pub(crate) label: String,
    /// Whether it is chosen.
    pub(crate) is_chosen: bool,
}

impl Choice {
    /// One that is chosen where it is what was.
    pub(crate) fn of(value: &dyn Display, label: &dyn Display, chosen: &str) -> Self {
        let value = value.to_string();
        Self { is_chosen: value == chosen, value, label: label.to_string() }
    }
}

/// What does not fit, each at its field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Misfits(Vec<(String, String)>);

impl Misfits {
    /// Adds a sentence about a field.
    pub(crate) fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.push((field.to_owned(), sentence.into()));
    }

    /// Whether all fits.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field.
    pub(crate) fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.as_str())
    }

    /// All of it, for the summary above the form: fields and sentences.
    pub(crate) fn all(&self) -> &[(String, String)] {
        &self.0
    }
}
