//! How the network knows that help was given.

use crate::text_enum::text_enum;

text_enum! {
    /// The kind of proof behind an exchange.
    pub enum EvidenceKind {
        /// Each side said so itself.
        BothSides => "both_sides",
        /// The other side followed a link sent by e-mail.
        EmailLink => "email_link",
        /// A signed paper slip.
        PaperSlip => "paper_slip",
        /// A line of a file that the coordinator brought in.
        File => "file",
        /// A standing mandate: the other side had agreed beforehand.
        Mandate => "mandate",
        /// The coordinator vouches for it.
        Coordinator => "coordinator",
    }
}

/// A proof, and where to find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its kind.
    pub kind: EvidenceKind,
    /// The number of a slip, the date of a message: what a person needs to find it again.
    pub reference: Option<String>,
    /// For a file, the line that says so; the file is the one that opens the act's group.
    pub line: Option<u64>,
}

impl Evidence {
    /// Each side said so itself.
    pub const BOTH_SIDES: Self = Self { kind: EvidenceKind::BothSides, reference: None, line: None };

    /// A line of the file that opens the group.
    pub fn file(line: u64) -> Self {
        Self { kind: EvidenceKind::File, reference: None, line: Some(line) }
    }

    /// The coordinator vouches for it.
    pub const COORDINATOR: Self = Self { kind: EvidenceKind::Coordinator, reference: None, line: None };
}
