//! What one person put into an exchange, or into their own association.

use crate::{Minutes, PersonNumber, text_enum::text_enum};

text_enum! {
    /// In which quality a person gave their time. The same hour counts differently in the accounts and for the
    /// citizen-engagement account (Regulation ANC 2018-06, art. 211-1; Labour Code, art. L. 5151-9).
    pub enum Nature {
        /// Doing the work.
        Operational => "operational",
        /// Sitting on a governing body. Never on an exchange.
        Governance => "governance",
        /// Leading other volunteers.
        Supervision => "supervision",
        /// Paid by the association.
        Employee => "employee",
        /// Lent by an employer (mécénat de compétences).
        SkillsSponsorship => "skills_sponsorship",
        /// In civic service.
        CivicService => "civic_service",
    }
}

/// The minutes of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// Who gave them.
    pub person: PersonNumber,
    /// How many, more than zero; not bound by the network's step.
    pub minutes: Minutes,
    /// In which quality.
    pub nature: Nature,
}
