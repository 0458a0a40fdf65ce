//! The catalogue of skills: a short local list that a network edits.

use crate::{SkillNumber, name};

/// An entry of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// The act that added it.
    pub number: SkillNumber,
    /// Its name, as the network writes it.
    pub name: String,
}

/// A skill as a command names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkillRef {
    /// By its number.
    Number(SkillNumber),
    /// By its name; case, accents and punctuation do not count.
    Name(String),
}

impl SkillRef {
    /// Finds the skill in a catalogue.
    pub fn find(&self, catalogue: &[Skill]) -> Option<SkillNumber> {
        let found = match self {
            Self::Number(number) => catalogue.iter().find(|skill| skill.number == *number),
            Self::Name(wanted) => catalogue.iter().find(|skill| skill.name == *wanted).or_else(|| {
                let folded = name::fold(wanted);
                catalogue.iter().find(|skill| name::fold(&skill.name) == folded)
            }),
        };
        found.map(|skill| skill.number)
    }
}
