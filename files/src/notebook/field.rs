//! What a column may mean, and what people call it.

use ledger::{Language, name::fold};

/// What a column may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// When help was given.
    Date,
    /// The other association.
    Partner,
    /// Hours, in whichever direction.
    Duration,
    /// Whether hours were given or received.
    Direction,
    /// Hours that the association gave.
    Given,
    /// Hours that it received.
    Received,
    /// How many people; the duration is each one's.
    People,
    /// What the help was.
    Skill,
    /// The other association's registration.
    Identifier,
    /// The association that helped; this one or [`Field::Receiver`] keeps the notebook.
    Giver,
    /// The one that was helped.
    Receiver,
    /// The time of day at which help began.
    Start,
    /// The time of day at which it ended.
    End,
    /// What the comparison does not need.
    Ignored,
}

impl Field {
    /// Every meaning.
    pub const ALL: [Self; 14] = [
        Self::Date,
        Self::Partner,
        Self::Duration,
        Self::Direction,
        Self::Given,
        Self::Received,
        Self::People,
        Self::Skill,
        Self::Identifier,
        Self::Giver,
        Self::Receiver,
        Self::Start,
        Self::End,
        Self::Ignored,
    ];

    /// The columns that may hold hours, those of one direction first.
    pub const AMOUNTS: [Self; 3] = [Self::Given, Self::Received, Self::Duration];

    /// Our words for it: English, as in JSON, and French.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Date => ("date", "date"),
            Self::Partner => ("partner", "partenaire"),
            Self::Duration => ("duration", "duree"),
            Self::Direction => ("direction", "sens"),
            Self::Given => ("given", "donne"),
            Self::Received => ("received", "recu"),
            Self::People => ("people", "personnes"),
            Self::Skill => ("skill", "competence"),
            Self::Identifier => ("identifier", "identifiant"),
            Self::Giver => ("giver", "donneur"),
            Self::Receiver => ("receiver", "receveur"),
            Self::Start => ("start", "debut"),
            Self::End => ("end", "fin"),
            Self::Ignored => ("ignore", "ignorer"),
        }
    }

    /// What it is called in a language.
    pub fn word(self, language: Language) -> &'static str {
        let (english, french) = self.words();
        language.pick(french, english)
    }

    /// The field that a word of ours names.
    pub fn named(word: &str) -> Option<Self> {
        let folded = fold(word);
        Self::ALL.into_iter().find(|field| {
            let (english, french) = field.words();
            folded == english || folded == french
        })
    }
}

/// What a bare number in a column of hours counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Unit {
    /// Nothing says so: hours, as people write them, unless the numbers look like minutes.
    #[default]
    Unsaid,
    /// Hours.
    Hours,
    /// Minutes.
    Minutes,
    /// Hours and minutes in one: "h:min".
    Clock,
    /// Nothing says so, and the numbers look like minutes: somebody has to say.
    Doubtful,
}

/// A column that somebody said the meaning of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Its name, its letter (`B`) or its number (`2`).
    pub column: String,
    /// What it means.
    pub field: Field,
    /// What its bare numbers count.
    pub unit: Unit,
    /// Whether it was said of another notebook: then it is a hint, and where it does not fit, no harm is done.
    pub is_remembered: bool,
}

impl Mapping {
    /// Reads `COLUMN=FIELD`, where a field of hours may have its unit: `minutes`, `duree en heures`, `given minutes`.
    pub fn parse(text: &str) -> Option<Self> {
        let (column, meaning) = text.rsplit_once('=')?;
        let folded = fold(meaning);
        let (mut unit, mut rest) = (Unit::Unsaid, Vec::new());
        for word in folded.split(' ') {
            match word {
                "minutes" | "minute" | "min" | "mn" => unit = Unit::Minutes,
                "heures" | "heure" | "hours" | "hour" | "h" => unit = Unit::Hours,
                "en" | "in" => {}
                word => rest.push(word),
            }
        }
        let field =
            if rest.is_empty() && unit != Unit::Unsaid { Field::Duration } else { Field::named(&rest.join(" "))? };
        (unit == Unit::Unsaid || Field::AMOUNTS.contains(&field)).then(|| Self {
            column: column.trim().to_owned(),
            field,
            unit,
            is_remembered: false,
        })
    }

    /// What it means, as [`parse`](Self::parse) reads it.
    pub fn meaning(&self) -> String {
        let field = self.field.words().0;
        match self.unit {
            Unit::Minutes => format!("{field} minutes"),
            Unit::Hours => format!("{field} hours"),
            Unit::Unsaid | Unit::Clock | Unit::Doubtful => field.to_owned(),
        }
    }

    /// Whether a column's heading is meant.
    pub(super) fn names(&self, heading: &str) -> bool {
        let (said, heading) = (fold(&self.column), fold(heading));
        !said.is_empty() && said == heading
    }

    /// The position that the mapping's letter or number means.
    pub(super) fn position(&self) -> Option<usize> {
        if let Ok(number) = self.column.parse::<usize>() {
            return number.checked_sub(1);
        }
        let letters = self.column.as_bytes();
        match letters {
            [letter @ b'A'..=b'Z'] => Some(usize::from(letter - b'A')),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_may_say_the_unit() {
        let cases = [
            ("Combien=duree", "duration"),
            ("Combien=minutes", "duration minutes"),
            ("Durée (h:min)=durée", "duration"),
            ("Temps=durée en heures", "duration hours"),
            ("a=b=Donné minutes", "given minutes"),
            ("Chez=partenaire", "partner"),
            ("Récap=ignorer", "ignore"),
        ];
        for (text, meaning) in cases {
            let mapping = Mapping::parse(text).unwrap();
            assert_eq!(mapping.meaning(), meaning, "{text}");
            assert_eq!(Mapping::parse(&format!("x={meaning}")).map(|again| again.meaning()), Some(meaning.to_owned()));
        }
        for text in ["Combien", "Combien=", "Chez=partenaire minutes", "x=y"] {
            assert_eq!(Mapping::parse(text), None, "{text}");
        }
    }
}
