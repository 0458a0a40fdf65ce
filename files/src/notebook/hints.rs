//! What helps to read a notebook.

use ledger::Language;

use super::{
    dates::Dating,
    era::Era,
    field::{Mapping, Unit},
};
use crate::remedy::Remedies;

/// What helps to read a notebook.
pub struct Hints<'a> {
    /// The year it is about: completes dates that tell none, where no title does.
    pub year: Option<i32>,
    /// The names of the association that keeps it.
    pub own_names: &'a [String],
    /// Whether a text is the name of a member.
    pub is_member: &'a dyn Fn(&str) -> bool,
    /// The names of all members, folded.
    pub members: &'a [String],
    /// What somebody said about columns.
    pub mappings: &'a [Mapping],
    /// The sheets that somebody said to read; all, where none is said.
    pub sheets: &'a [String],
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

/// What helps to read a part of a notebook: its titles say more than what is known of the whole.
#[derive(Clone, Copy)]
pub(super) struct Under<'a> {
    pub(super) hints: &'a Hints<'a>,
    /// Of which year dates are that tell none.
    pub(super) era: Option<Era>,
    /// What bare numbers count, where a title says it.
    pub(super) unit: Option<Unit>,
    /// Whether the workbook counts days from 1904 on.
    pub(super) is_1904: bool,
    /// What stands between two cells, in a text file.
    pub(super) separator: Option<u8>,
}

impl Under<'_> {
    pub(super) const fn dating(self) -> Dating {
        Dating { era: self.era, is_1904: self.is_1904 }
    }
}
