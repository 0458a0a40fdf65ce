//! What letters say, in both languages.

use std::sync::LazyLock;

use chrono::NaiveDate;
use ledger::{Language, Minutes};

use crate::{dates, mail::Part, words::Words};

const FRENCH: &str = include_str!("../../words/fr/mail.ftl");
const ENGLISH: &str = include_str!("../../words/en/mail.ftl");

static WORDS: LazyLock<[Words; 2]> =
    LazyLock::new(|| [Words::new(Language::French, &[FRENCH]), Words::new(Language::English, &[ENGLISH])]);

/// The sentences of letters to one person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sentences {
    words: &'static Words,
    today: NaiveDate,
}

impl Sentences {
    /// In that language, on that day.
    pub(super) fn new(language: Language, today: NaiveDate) -> Self {
        let [french, english] = &*WORDS;
        Self { words: language.pick(french, english), today }
    }

    pub(super) fn language(&self) -> Language {
        self.words.language()
    }

    /// A sentence, with texts to put in.
    pub(super) fn say(&self, key: &str, with: &[(&str, &str)]) -> String {
        let with: Vec<_> = with.iter().map(|(name, text)| (*name, (*text).into())).collect();
        self.words.say(key, &with)
    }

    /// A sentence whose plural goes by a number.
    pub(super) fn count(&self, key: &str, count: usize) -> String {
        self.words.say(key, &[("count", count.into())])
    }

    /// The same about somebody.
    pub(super) fn count_of(&self, key: &str, count: usize, name: &str) -> String {
        self.words.say(key, &[("count", count.into()), ("name", name.into())])
    }

    /// The same as a paragraph.
    pub(super) fn text(&self, key: &str, with: &[(&str, &str)]) -> Part {
        Part::Text(self.say(key, with))
    }

    /// The same as small print.
    pub(super) fn small(&self, key: &str, with: &[(&str, &str)]) -> Part {
        Part::Small(self.say(key, with))
    }

    /// So many of them at most, a line each, and whether there are more.
    pub(super) fn list(&self, lines: impl ExactSizeIterator<Item = String>, most: usize) -> Part {
        let more = (lines.len() > most).then(|| self.say("mail-digest-more", &[]));
        Part::List(lines.take(most).chain(more).collect())
    }

    /// How a letter begins.
    pub(super) fn hello(&self, name: Option<&str>) -> Part {
        match name {
            Some(name) => self.text("mail-hello", &[("name", name)]),
            None => self.text("mail-hello-nobody", &[]),
        }
    }

    pub(super) fn hours(&self, minutes: Minutes) -> String {
        minutes.display(self.language()).to_string()
    }

    pub(super) fn day(&self, date: NaiveDate) -> String {
        dates::long(date, self.today, self.language())
    }
}

#[cfg(test)]
mod tests;
