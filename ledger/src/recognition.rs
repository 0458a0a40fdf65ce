//! A competence that the association which was helped recognises in a volunteer.
//!
//! Recognising is an act of its own, not a by-product of hours: the association says it, the volunteer accepts it, and
//! only then can it be taken away as a badge. Whoever said it can take it back, with a reason.

use crate::{ActNumber, AssociationNumber, ExchangeNumber, PersonNumber, SkillNumber, text_enum::text_enum};

text_enum! {
    /// How far the competence goes, as the association saw it.
    pub enum Level {
        /// With somebody's support.
        Supported => "supported",
        /// On one's own.
        Independent => "independent",
        /// Others can turn to them.
        Reference => "reference",
    }
}

text_enum! {
    /// Where a recognition stands.
    pub enum RecognitionState {
        /// Said by the association; the volunteer has not answered.
        Offered => "offered",
        /// Accepted by the volunteer.
        Accepted => "accepted",
        /// Taken back, or declined.
        Withdrawn => "withdrawn",
    }
}

/// A recognition in one of its states. What was said in free words stands where it can be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognition {
    /// The act that said it.
    pub number: ActNumber,
    /// Whose competence.
    pub person: PersonNumber,
    /// Who recognises it: the association that was helped.
    pub association: AssociationNumber,
    /// The exchange that it was seen in. A training would have none.
    pub exchange: Option<ExchangeNumber>,
    /// Which competence.
    pub skill: SkillNumber,
    /// How far it goes.
    pub level: Level,
    /// Where it stands.
    pub state: RecognitionState,
}

/// The recognition's state does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOpenToThat {
    /// Which recognition.
    pub recognition: ActNumber,
    /// Its state.
    pub state: RecognitionState,
}

impl Recognition {
    /// The volunteer accepts.
    ///
    /// # Errors
    /// Unless it is offered.
    pub fn accepted(self) -> Result<Self, NotOpenToThat> {
        match self.state {
            RecognitionState::Offered => Ok(Self { state: RecognitionState::Accepted, ..self }),
            state @ (RecognitionState::Accepted | RecognitionState::Withdrawn) => {
                Err(NotOpenToThat { recognition: self.number, state })
            }
        }
    }

    /// The association takes it back, or the volunteer declines.
    ///
    /// # Errors
    /// When that happened before.
    pub fn withdrawn(self) -> Result<Self, NotOpenToThat> {
        match self.state {
            RecognitionState::Offered | RecognitionState::Accepted => {
                Ok(Self { state: RecognitionState::Withdrawn, ..self })
            }
            state @ RecognitionState::Withdrawn => Err(NotOpenToThat { recognition: self.number, state }),
        }
    }
}
