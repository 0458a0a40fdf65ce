//! What became of a file, or would.

use std::collections::BTreeSet;

use super::question::Question;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Lines that entered, or would enter.
    pub entered: usize,
    /// Lines after which something in the ledger was corrected, or would be.
    pub corrected: usize,
    /// What is corrected, a line each.
    pub changes: Vec<String>,
    /// Lines that were there already.
    pub known: usize,
    /// Lines that were left out, as somebody answered.
    pub left_out: usize,
    /// Lines that cannot enter, in the order of the file.
    pub bad_lines: Vec<BadLine>,
    /// What somebody has to answer: nothing enters before.
    pub questions: Vec<Question>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

/// A line that cannot enter. One line may have several reasons.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadLine {
    /// Which line, from 1; 0 where it is the file as a whole.
    pub line: u64,
    /// Why not, and what would fit.
    pub why: String,
}

impl Summary {
    /// Whether every line is understood and no question is in the way.
    pub fn is_clean(&self) -> bool {
        self.bad_lines.is_empty() && self.questions.is_empty()
    }

    /// How many lines cannot enter.
    pub fn count_bad_lines(&self) -> usize {
        self.numbers_of_bad_lines().len()
    }

    pub(super) fn numbers_of_bad_lines(&self) -> BTreeSet<u64> {
        self.bad_lines.iter().map(|bad| bad.line).collect()
    }
}
