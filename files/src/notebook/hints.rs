//! What helps to read a notebook.

use ledger::Language;

use super::field::Mapping;
use crate::remedy::Remedies;

/// What helps to read a notebook.
pub struct Hints<'a> {
    /// The year it is about: completes dates that tell none.
    pub year: Option<i32>,
    /// The names of the association that keeps it.
    pub own_names: &'a [String],
    /// Whether a text is the name of a member.
    pub is_member: &'a dyn Fn(&str) -> bool,
    /// What somebody said about columns.
    pub mappings: &'a [Mapping],
    /// The language of what is said of each row.
    pub language: Language,
    /// The words of what would help.
    pub remedies: Remedies,
}

impl Hints<'_> {
    /// What is said of a row, in the reader's language.
    pub(super) fn word(&self, french: &str, english: &str) -> String {
        self.language.pick(french, english).to_owned()
    }

    pub(super) fn blank(&self) -> String {
        self.word("ligne vide", "blank line")
    }
}
