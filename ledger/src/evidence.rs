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

/// Who says how the network knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// The side that answers, or its partner in its stead.
    Side,
    /// The side that answers, by a link in a letter to one of its delegates.
    Link,
    /// The network's coordinator.
    Coordinator,
    /// A file that the coordinator brings in: it may tell of what was agreed in any way.
    File,
}

impl Witness {
    /// The kinds of proof that it can have. A side knows by itself what it agrees to; of a mandate only its holder can
    /// speak, and of a file only the file.
    pub const fn evidence(self) -> &'static [EvidenceKind] {
        match self {
            Self::Side => &[EvidenceKind::BothSides, EvidenceKind::Mandate],
            Self::Link => &[EvidenceKind::EmailLink],
            Self::Coordinator => {
                &[EvidenceKind::BothSides, EvidenceKind::EmailLink, EvidenceKind::PaperSlip, EvidenceKind::Coordinator]
            }
            Self::File => EvidenceKind::ALL,
        }
    }

    /// The proof of somebody who names none.
    pub const fn usual(self) -> EvidenceKind {
        match self {
            Self::Side => EvidenceKind::BothSides,
            Self::Link => EvidenceKind::EmailLink,
            Self::Coordinator => EvidenceKind::Coordinator,
            Self::File => EvidenceKind::File,
        }
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
