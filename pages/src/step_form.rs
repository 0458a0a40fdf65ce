//! A step with its form: folded until it is wanted, with what it changes, what happens then, and its fields as they were
//! filled in. Several stand on a page; what did not fit is said in the one that was sent.

use std::fmt::Display;

use chrono::NaiveDate;
use files::date;
use ledger::Minutes;

use crate::{
    balance::Change,
    form::{Choice, Filled, Misfits, as_sentence},
    frame::Frame,
};

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line.
    Line,
    /// An e-mail address.
    Address,
    /// A telephone number.
    Telephone,
    /// Some sentences.
    Sentences,
    /// A day.
    Day,
    /// One of a list, or nothing.
    List,
    /// Yes or no.
    Tick,
}

/// A field.
#[derive(Debug)]
pub(crate) struct Field {
    /// What the form sends it as.
    pub(crate) name: &'static str,
    /// What it is called.
    pub(crate) label: String,
    /// What it takes.
    kind: Kind,
    /// What stands in it.
    pub(crate) value: String,
    /// What may be chosen.
    pub(crate) choices: Vec<Choice>,
    /// How to fill it in; empty where that is plain.
    pub(crate) hint: String,
    /// What a browser may fill in, as HTML names it.
    pub(crate) autocomplete: &'static str,
}

impl Field {
    pub(crate) fn is_line(&self) -> bool {
        matches!(self.kind, Kind::Line | Kind::Address | Kind::Telephone)
    }

    /// Which keys a phone shows.
    pub(crate) fn keys(&self) -> &'static str {
        match self.kind {
            Kind::Address => "email",
            Kind::Telephone => "tel",
            Kind::Line | Kind::Sentences | Kind::Day | Kind::List | Kind::Tick => "text",
        }
    }

    pub(crate) fn is_long(&self) -> bool {
        self.kind == Kind::Sentences
    }

    pub(crate) fn is_day(&self) -> bool {
        self.kind == Kind::Day
    }

    pub(crate) fn is_list(&self) -> bool {
        self.kind == Kind::List
    }

    pub(crate) fn is_ticked(&self) -> bool {
        self.value == "yes"
    }
}

/// A form.
#[derive(Debug)]
pub(crate) struct StepForm {
    /// Its name on the page.
    pub(crate) word: &'static str,
    /// Where it is sent.
    pub(crate) address: String,
    /// What the step is.
    pub(crate) title: String,
    /// What happens then, and who is told.
    pub(crate) then: String,
    /// What its button says.
    pub(crate) button: String,
    /// Whether it is unfolded.
    pub(crate) is_opened: bool,
    /// What it changes.
    pub(crate) changes: Vec<Change>,
    /// Its fields.
    pub(crate) fields: Vec<Field>,
    /// What was seen of what it changes; empty where nothing has to be.
    pub(crate) seen: String,
    misfits: Misfits,
}

/// What was sent, to be shown again in its form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent<'a> {
    /// Which form.
    pub(crate) word: &'a str,
    /// What was filled in.
    pub(crate) filled: &'a Filled,
    /// What of it does not fit.
    pub(crate) misfits: &'a Misfits,
}

impl StepForm {
    /// A form without fields. `keys` are those of its title, of what happens then, and of its button.
    pub(crate) fn new(frame: &Frame, word: &'static str, address: String, keys: [&str; 3]) -> Self {
        let [title, then, button] = keys.map(|key| frame.t(key));
        Self {
            word,
            address,
            title,
            then,
            button,
            is_opened: false,
            changes: Vec::new(),
            fields: Vec::new(),
            seen: String::new(),
            misfits: Misfits::default(),
        }
    }

    /// With a field of that kind, called by that key.
    #[must_use]
    pub(crate) fn field(mut self, kind: Kind, name: &'static str, label: String, value: &dyn Display) -> Self {
        let value = value.to_string();
        self.fields.push(Field {
            name,
            label,
            kind,
            value,
            choices: Vec::new(),
            hint: String::new(),
            autocomplete: "off",
        });
        self
    }

    /// With fields about whoever fills them in: their browser may do it for them.
    #[must_use]
    pub(crate) fn about_oneself(mut self) -> Self {
        for field in &mut self.fields {
            field.autocomplete = match field.name {
                "first_name" => "given-name",
                "last_name" => "family-name",
                "email" => "email",
                "phone" => "tel",
                _ => field.autocomplete,
            };
        }
        self
    }

    /// Unfolded from the beginning.
    #[must_use]
    pub(crate) fn opened(mut self) -> Self {
        self.is_opened = true;
        self
    }

    /// With a list to choose from.
    #[must_use]
    pub(crate) fn list(mut self, name: &'static str, label: String, choices: Vec<Choice>) -> Self {
        let value = choices.iter().find(|choice| choice.is_chosen).map(|choice| choice.value.clone());
        let value = value.unwrap_or_default();
        self.fields.push(Field {
            name,
            label,
            kind: Kind::List,
            value,
            choices,
            hint: String::new(),
            autocomplete: "off",
        });
        self
    }

    /// With a hint at its last field.
    #[must_use]
    pub(crate) fn hint(mut self, hint: String) -> Self {
        if let Some(field) = self.fields.last_mut() {
            field.hint = hint;
        }
        self
    }

    /// With the field for the reason.
    #[must_use]
    pub(crate) fn reason(self, frame: &Frame) -> Self {
        let label = frame.t("step-reason");
        self.field(Kind::Sentences, "reason", label, &"")
    }

    /// With what it changes.
    #[must_use]
    pub(crate) fn changing(mut self, changes: Vec<Change>) -> Self {
        self.changes = changes;
        self
    }

    /// As somebody has filled it in, where it is this one that was sent.
    #[must_use]
    pub(crate) fn sent(mut self, sent: Option<Sent<'_>>) -> Self {
        let Some(sent) = sent.filter(|sent| sent.word == self.word) else { return self };
        self.is_opened = true;
        self.misfits = sent.misfits.clone();
        for field in &mut self.fields {
            sent.filled.get(field.name).clone_into(&mut field.value);
            for choice in &mut field.choices {
                choice.is_chosen = choice.value == field.value;
            }
        }
        self
    }

    /// The name of a field within the page.
    pub(crate) fn id(&self, field: &Field) -> String {
        if self.is_opened { field.name.to_owned() } else { format!("{}-{}", self.word, field.name) }
    }

    /// What does not fit in a field.
    pub(crate) fn misfit(&self, field: &Field) -> Option<&str> {
        self.misfits.at(field.name)
    }
}

/// Why; it has to be said.
pub(crate) fn reason(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<String> {
    let reason = filled.said("reason").map(str::to_owned);
    if reason.is_none() {
        misfits.add("reason", frame.t("step-reason-missing"));
    }
    reason
}

/// Who decided it, and when; it has to be said.
pub(crate) fn decision(filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<String> {
    let decision = filled.said("decision").map(str::to_owned);
    if decision.is_none() {
        misfits.add("decision", frame.t("decision-missing"));
    }
    decision
}

/// A day.
pub(crate) fn day(field: &str, filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<NaiveDate> {
    let read = date::parse(filled.get(field));
    if let Err(error) = &read {
        misfits.add(field, as_sentence(&error.in_words(frame.language())));
    }
    read.ok()
}

/// A duration.
pub(crate) fn hours(field: &str, filled: &Filled, frame: &Frame, misfits: &mut Misfits) -> Option<Minutes> {
    let read = Minutes::parse(filled.get(field));
    if let Err(error) = &read {
        misfits.add(field, as_sentence(&error.in_words(frame.language())));
    }
    read.ok()
}
