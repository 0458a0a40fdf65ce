//! The catalogue of skills: a short local list that a network edits, and what its entries are in public lists.

use std::collections::BTreeMap;

use crate::{Language, SkillNumber, name, text_enum::text_enum};

/// An entry of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// The act that added it.
    pub number: SkillNumber,
    /// Its name, as the network writes it.
    pub name: String,
    /// What it is in public lists of competences.
    pub alignments: BTreeMap<Framework, Alignment>,
}

text_enum! {
    /// A public list of competences.
    pub enum Framework {
        /// European Skills, Competences, Qualifications and Occupations: entries are named by a URI.
        Esco => "ESCO",
        /// Répertoire opérationnel des métiers et des emplois 4.0, of France Travail: entries have codes.
        Rome => "ROME",
    }
}

/// An entry of a public list. Its code is the network's word: no list is kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    /// Its code: ESCO's URI, ROME's letter and four digits of an occupation, or the digits of a competence.
    pub code: String,
    /// Its name in the list.
    pub name: String,
    /// An address that shows it.
    pub url: String,
    /// The version of the list.
    pub version: String,
}

/// Where the URIs of ESCO begin (<https://esco.ec.europa.eu>).
const ESCO_URI: &str = "http://data.europa.eu/esco/";

impl Framework {
    /// Whether a code has the form that this list gives its codes.
    pub fn takes(self, code: &str) -> bool {
        match self {
            Self::Esco => {
                let kind_and_id = code.strip_prefix(ESCO_URI).and_then(|rest| rest.split_once('/'));
                kind_and_id.is_some_and(|(kind, id)| {
                    matches!(kind, "skill" | "occupation") && uuid::Uuid::try_parse(id).is_ok() && id.len() == 36
                })
            }
            Self::Rome => {
                let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                match code.split_at_checked(1) {
                    Some((letter, rest)) if letter.as_bytes()[0].is_ascii_uppercase() => {
                        rest.len() == 4 && digits(rest)
                    }
                    _ => (3..=6).contains(&code.len()) && digits(code),
                }
            }
        }
    }

    /// What a code of this list looks like.
    pub fn example(self, language: Language) -> &'static str {
        match self {
            Self::Esco => language.pick(
                "une adresse http://data.europa.eu/esco/skill/… suivie de l'identifiant",
                "an address http://data.europa.eu/esco/skill/… with the identifier",
            ),
            Self::Rome => language.pick("M1203, ou le numéro d'une compétence", "M1203, or a competence's number"),
        }
    }

    /// The address of an entry, where its code is one.
    pub fn address(self, code: &str) -> Option<&str> {
        (self == Self::Esco).then_some(code)
    }
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

#[cfg(test)]
mod tests {
    use super::Framework;

    #[test]
    fn codes_have_the_form_of_their_list() {
        let esco = |id: &str| format!("http://data.europa.eu/esco/skill/{id}");
        let uuid = "5ab6b2ae-0a1f-4d3a-9ab0-9e5a2a8b5e1c";
        assert!(Framework::Esco.takes(&esco(uuid)));
        for wrong in [esco(""), esco("12"), uuid.to_owned(), format!("https://example.org/{uuid}"), String::new()] {
            assert!(!Framework::Esco.takes(&wrong), "{wrong}");
        }
        for right in ["M1203", "K1206", "117234", "300"] {
            assert!(Framework::Rome.takes(right), "{right}");
        }
        for wrong in ["", "M", "M120", "M12O3", "m1203", "12", "1234567", "é1203"] {
            assert!(!Framework::Rome.takes(wrong), "{wrong}");
        }
    }
}
