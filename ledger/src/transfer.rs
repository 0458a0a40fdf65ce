//! Hours passed on without help.

use crate::{account::PostingKind, text_enum::text_enum};

text_enum! {
    /// Why hours change hands without help.
    pub enum TransferReason {
        /// A gift to another association or to the fund.
        Gift => "gift",
        /// What the members owe to the solidarity fund.
        Dues => "dues",
        /// What the solidarity fund grants, with the decision behind it.
        Grant => "grant",
        /// What a member leaves behind.
        Departure => "departure",
        /// What a member brings into the one that it merges with.
        Merger => "merger",
        /// A balance brought in from before the ledger.
        Opening => "opening",
    }
}

impl TransferReason {
    /// The kinds of posting on the side that gives away, and on the side that receives.
    pub const fn posting_kinds(self) -> (PostingKind, PostingKind) {
        match self {
            Self::Gift => (PostingKind::GiftOut, PostingKind::GiftIn),
            Self::Dues => (PostingKind::DuesOut, PostingKind::DuesIn),
            Self::Grant => (PostingKind::GrantOut, PostingKind::GrantIn),
            Self::Departure => (PostingKind::Departure, PostingKind::Departure),
            Self::Merger => (PostingKind::Merger, PostingKind::Merger),
            Self::Opening => (PostingKind::Opening, PostingKind::Opening),
        }
    }
}
