//! What a finding says, in both languages: which column of which row, and what stands in it.

use std::collections::BTreeMap;

use crate::{
    AssociationNumber, Language, Minutes,
    account::{Account, Book},
    words::account_name,
};

/// What a finding says. The rows of tables, and most of what stands in them, are called the same in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    french: String,
    english: String,
}

impl Said {
    /// Words in both languages.
    pub fn new(french: impl Into<String>, english: impl Into<String>) -> Self {
        Self { french: french.into(), english: english.into() }
    }

    /// Minutes as people read them.
    pub fn minutes(minutes: i64) -> Self {
        let minutes = Minutes::new(minutes);
        Self::new(minutes.display(Language::French).to_string(), minutes.display(Language::English).to_string())
    }

    /// The words in one language.
    pub fn in_words(&self, language: Language) -> &str {
        match language {
            Language::French => &self.french,
            Language::English => &self.english,
        }
    }

    /// The same with more behind it.
    #[must_use]
    pub fn and(&self, french: &str, english: &str) -> Self {
        Self::new(format!("{}{french}", self.french), format!("{}{english}", self.english))
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self { french: text.clone(), english: text }
    }
}

/// What members are called, by number, for whoever reads a finding.
#[derive(Debug, Default)]
pub(super) struct Members(pub(super) BTreeMap<i64, String>);

impl Members {
    /// A member, by its name where the acts tell it.
    pub(super) fn name(&self, number: i64) -> String {
        self.0.get(&number).cloned().unwrap_or_else(|| format!("n° {number}"))
    }

    /// Whose an account is.
    pub(super) fn account(&self, book: Book, number: i64) -> Said {
        let name = |AssociationNumber(number)| self.name(number);
        match Account::from_number(book, number) {
            Some(account) => Said::new(
                account_name(account, Language::French, &name),
                account_name(account, Language::English, &name),
            ),
            None => Said::from(format!("n° {number}")),
        }
    }
}

/// A column of a row that is held against the acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the tables' columns")]
pub enum Column {
    Act,
    Alignments,
    Association,
    Booked,
    Cause,
    Count,
    Exchange,
    First,
    Giver,
    Identifiers,
    Kind,
    Level,
    Limits,
    Mandates,
    Minutes,
    Name,
    PostedIn,
    Receiver,
    Reference,
    Replaces,
    Root,
    ServiceDate,
    Skill,
    SpokenBy,
    SpokenIn,
    State,
    Year,
}

impl Column {
    /// What stands in the column, for people.
    pub const fn in_words(self, language: Language) -> &'static str {
        let (french, english) = match self {
            Self::Act => ("acte", "act"),
            Self::Alignments => ("correspondances", "alignments"),
            Self::Association => ("association", "association"),
            Self::Booked => ("date comptable", "booking date"),
            Self::Cause => ("acte d'origine", "cause"),
            Self::Count => ("nombre", "count"),
            Self::Exchange => ("échange", "exchange"),
            Self::First => ("premier numéro", "first number"),
            Self::Giver => ("qui a aidé", "giver"),
            Self::Identifiers => ("immatriculations", "identifiers"),
            Self::Kind => ("nature", "kind"),
            Self::Level => ("niveau", "level"),
            Self::Limits => ("limites", "limits"),
            Self::Mandates => ("mandats", "mandates"),
            Self::Minutes => ("durée", "duration"),
            Self::Name => ("nom", "name"),
            Self::PostedIn => ("acte qui l'a comptabilisé", "act that posted it"),
            Self::Receiver => ("qui a été aidé", "receiver"),
            Self::Reference => ("référence", "reference"),
            Self::Replaces => ("échange remplacé", "replaced exchange"),
            Self::Root => ("empreinte", "root"),
            Self::ServiceDate => ("date du service", "service date"),
            Self::Skill => ("compétence", "skill"),
            Self::SpokenBy => ("proposé par", "proposed by"),
            Self::SpokenIn => ("acte qui l'a proposé", "act that proposed it"),
            Self::State => ("état", "state"),
            Self::Year => ("exercice", "year"),
        };
        match language {
            Language::French => french,
            Language::English => english,
        }
    }
}
