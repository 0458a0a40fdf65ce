//! The heads that somebody who checks remembers from one time to the next: of each log the largest one.
//!
//! Whoever signs two histories can show each of them to somebody else, and no document alone betrays it. Who remembers
//! what they were shown once is not shown another history the next time.

use super::{
    histories::{head_of, shows},
    report::{Conclusion, Headline, Report},
    trust::Trust,
};
use crate::{Language, checkpoint::Checkpoint, note::Note};

/// What stands between two heads in a file.
const BETWEEN: &str = "---\n";

/// The heads that are remembered, of each log one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins(Vec<Note>);

/// What became of the head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    /// It is the first one of its log.
    First(Checkpoint),
    /// It goes on from the one that was remembered, of that size.
    Grown(Checkpoint, u64),
    /// The one of that size stays: nothing shows that this one goes on from it.
    Kept(Checkpoint, u64),
}

impl Remembered {
    /// What became of it, in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::First(head) => language.pick(
                format!("Point retenu : {}, {} actes.", head.origin, head.size),
                format!("Head remembered: {}, {} acts.", head.origin, head.size),
            ),
            Self::Grown(head, from) => language.pick(
                format!("Point retenu : {}, {} actes, la suite des {from} d'avant.", head.origin, head.size),
                format!("Head remembered: {}, {} acts, going on from the {from} of before.", head.origin, head.size),
            ),
            Self::Kept(head, kept) => language.pick(
                format!("Le point retenu reste celui de {kept} actes : rien ne montre que celui de {} actes en est la suite.", head.size),
                format!("The head of {kept} acts stays the one remembered: nothing shows that the one of {} acts goes on from it.", head.size),
            ),
        }
    }
}

impl Pins {
    /// Reads what [`Pins::to_text`] wrote, or a single signed head; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let notes = text.split(BETWEEN).map(Note::parse).collect::<Option<Vec<_>>>()?;
        let mut origins: Vec<_> = notes.iter().map(head_of).collect::<Option<Vec<_>>>()?;
        origins.sort_by(|one, other| one.origin.cmp(&other.origin));
        let is_one_each = origins.windows(2).all(|pair| matches!(pair, [one, other] if one.origin != other.origin));
        is_one_each.then_some(Self(notes))
    }

    /// The heads as a file keeps them.
    pub fn to_text(&self) -> String {
        self.0.iter().map(Note::to_string).collect::<Vec<_>>().join(BETWEEN)
    }

    /// The signed heads.
    pub fn notes(&self) -> &[Note] {
        &self.0
    }

    /// Takes over the largest head of each log that was found to hold and whose signer is trusted, if it is shown to go
    /// on from the one that is remembered. Where two histories were found nothing is taken over.
    pub fn remember(&mut self, reports: &[Report], trust: &Trust) -> Vec<Remembered> {
        if reports.iter().any(|report| report.headline() == Some(Headline::TwoHistories)) {
            return Vec::new();
        }
        let trusted = reports.iter().filter(|report| report.conclusion() == Conclusion::Trusted);
        let notes =
            trusted.flat_map(|report| report.heads.iter().chain(report.parts.iter().flat_map(|part| &part.heads)));
        let mut found: Vec<(Checkpoint, &Note)> = notes.filter_map(|note| Some((head_of(note)?, note))).collect();
        found.sort_by(|one, other| (&one.0.origin, other.0.size).cmp(&(&other.0.origin, one.0.size)));
        let mut outcomes = Vec::new();
        for of_log in found.chunk_by(|one, other| one.0.origin == other.0.origin) {
            outcomes.extend(self.remember_of_log(of_log, trust));
        }
        outcomes
    }

    /// `found` are the heads of one log, the largest first.
    fn remember_of_log(&mut self, found: &[(Checkpoint, &Note)], trust: &Trust) -> Option<Remembered> {
        let (largest, note) = found.first()?;
        let place = self.0.iter().position(|pin| head_of(pin).is_some_and(|head| head.origin == largest.origin));
        let Some((pin, pinned)) =
            place.and_then(|place| self.0.get_mut(place)).and_then(|pin| Some((head_of(pin)?, pin)))
        else {
            self.0.push((*note).clone());
            return Some(Remembered::First(largest.clone()));
        };
        let trees: Vec<_> = found.iter().map(|(head, _)| (head.size, head.root)).collect();
        let goes_on = |head: &Checkpoint| {
            head.size > pin.size && shows((pin.size, pin.root), (head.size, head.root), &trees, trust)
        };
        match found.iter().find(|(head, _)| goes_on(head)) {
            Some((head, note)) => {
                *pinned = (*note).clone();
                Some(Remembered::Grown(head.clone(), pin.size))
            }
            None if largest.size > pin.size => Some(Remembered::Kept(largest.clone(), pin.size)),
            None => None,
        }
    }
}
