//! How a file is brought in.

use chrono::NaiveDate;

use super::{mapping::Mapping, question::Answers};

/// How a file is brought in.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one question to whoever brings the file each")]
pub struct Options {
    /// Say what would happen, write nothing.
    pub dry_run: bool,
    /// Good lines enter even where others are bad, which come back to be mended.
    pub lets_good_lines_enter: bool,
    /// Add skills even when they are close to a known one.
    pub add_skills: bool,
    /// Add persons even though somebody was erased before, whom nothing tells from them any more.
    pub new_persons: bool,
    /// Leave exchanges to be confirmed.
    pub as_proposals: bool,
    /// Let help of a closed year count today.
    pub late: bool,
    /// The association of all lines, where the file has no column for it.
    pub association: Option<String>,
    /// What somebody says of the columns.
    pub map: Mapping,
    /// Where the ledger has something otherwise than a line says, have it say the same.
    pub update: bool,
    /// The day at which balances hold whose line says none.
    pub balances_of: Option<NaiveDate>,
    /// What somebody answers to the questions about lines, beside what the file itself says.
    pub answers: Answers,
}
