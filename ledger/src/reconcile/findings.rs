//! What became of a notebook and of each of its lines.

use super::names::ResolvedName;
use crate::text_enum::text_enum;

text_enum! {
    /// What became of a line.
    pub enum Finding {
        /// The ledger says the same.
        Matched => "matched",
        /// The ledger has other minutes.
        AmountDiffers => "amount_differs",
        /// The ledger has another day.
        DateDiffers => "date_differs",
        /// What one says was given, the other says was received.
        DirectionDiffers => "direction_differs",
        /// The notebook has it twice, the ledger once.
        Duplicate => "duplicate",
        /// The ledger has nothing like it.
        MissingInLedger => "missing_in_ledger",
        /// The ledger has it as a proposal that nobody has answered, or that is not settled.
        Waiting => "waiting",
        /// The ledger had it, and it was reversed.
        Reversed => "reversed",
        /// Nobody can tell which association is meant.
        AmbiguousPartner => "ambiguous_partner",
        /// The line cannot be read.
        Unreadable => "unreadable",
        /// A total that the lines above it do not reach.
        TotalDiffers => "total_differs",
        /// A title, a header, a total or a blank line.
        Ignored => "ignored",
    }
}

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFinding {
    /// What it is.
    pub finding: Finding,
    /// The exchange it belongs to, or that its twin belongs to: its place in [`Accounts::exchanges`](super::Accounts::exchanges).
    pub exchange: Option<u32>,
    /// The other exchanges that a line adds up, when it stands for several.
    pub others: Vec<u32>,
    /// For a duplicate, the place of the line that says the same.
    pub twin: Option<u32>,
    /// The members that may be meant when that matters, with an exchange that would fit.
    pub candidates: Vec<(u32, Option<u32>)>,
}

/// What became of a notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// One finding for each line of the notebook, in its order.
    pub lines: Vec<LineFinding>,
    /// The year's exchanges that no line stands for, by date.
    pub missing_in_file: Vec<u32>,
    /// Who each written name is taken for.
    pub names: Vec<ResolvedName>,
    /// Which skill of the ledger each written skill is.
    pub skills: Vec<Option<u32>>,
}
