//! A recognition as people read it: which competence, how far it goes, who says so, and where that stands.

use ledger::{
    recognition::{Recognition, RecognitionState},
    words::capitalised,
};
use service::{App, badges, caller::Caller, problem::Problem};
use store::RecognitionLine;
use uuid::Uuid;

use crate::frame::Frame;

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The association that said it.
    Association,
    /// Whose competence it is.
    Volunteer,
}

/// A recognition as somebody reads it.
#[derive(Debug)]
pub(crate) struct Told {
    /// Its name in addresses.
    pub(crate) name: Uuid,
    /// The competence.
    pub(crate) skill: String,
    /// "En autonomie".
    pub(crate) level: String,
    /// The association that says it.
    pub(crate) by: String,
    /// "14 mars 2026".
    pub(crate) day: String,
    /// "acceptée ; le badge est prêt".
    pub(crate) stands: String,
    /// In which setting, where that is kept.
    pub(crate) context: Option<String>,
    /// What was done, where that is kept.
    pub(crate) activities: Option<String>,
    /// Whether a badge can be taken away.
    pub(crate) has_badge: bool,
    /// Whether the volunteer may accept it.
    pub(crate) may_be_accepted: bool,
    /// Whether it may be taken back, or declined.
    pub(crate) may_be_withdrawn: bool,
}

impl Told {
    /// As that reader reads it.
    pub(crate) fn new(
        caller: &Caller,
        frame: &Frame,
        line: &RecognitionLine,
        (reader, making): (Reader, Making),
    ) -> Self {
        let recognition = &line.recognition;
        let is_accepted = recognition.state == RecognitionState::Accepted;
        Self {
            name: caller.name(recognition.number.0),
            skill: capitalised(&skill_of(caller, recognition)),
            level: capitalised(recognition.level.in_words(frame.language())),
            by: caller.name_of(recognition.association),
            day: frame.date(caller.known.network.day_of(line.at)),
            stands: frame.t(stands(line, reader, making)),
            context: line.context.clone(),
            activities: line.activities.clone(),
            has_badge: line.has_badge && is_accepted,
            may_be_accepted: recognition.accepted().is_ok(),
            may_be_withdrawn: recognition.withdrawn().is_ok(),
        }
    }
}

fn skill_of(caller: &Caller, recognition: &Recognition) -> String {
    let known = caller.registry.skills().iter().find(|known| known.number == recognition.skill);
    known.map(|known| known.name.clone()).unwrap_or_default()
}

fn stands(line: &RecognitionLine, reader: Reader, making: Making) -> &'static str {
    match (line.recognition.state, reader) {
        (RecognitionState::Offered, Reader::Association) => "recognition-waits-for-them",
        (RecognitionState::Offered, Reader::Volunteer) => "recognition-waits-for-you",
        (RecognitionState::Accepted, _) if line.has_badge => "recognition-has-badge",
        (RecognitionState::Accepted, _) => match making {
            Making::Here => "recognition-badge-soon",
            Making::Elsewhere => "recognition-badge-waits",
        },
        (RecognitionState::Withdrawn, _) => "recognition-withdrawn",
    }
}

/// Where badges are made of what is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Making {
    /// By this service, at once.
    Here,
    /// By whoever has the network's keys.
    Elsewhere,
}

impl Making {
    /// Asks where.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn of(app: &App, caller: &Caller) -> Result<Self, Problem> {
        Ok(if badges::are_made_here(app, &caller.known).await? { Self::Here } else { Self::Elsewhere })
    }

    /// What readers are told of it, where they have to wait.
    pub(crate) fn note(self, frame: &Frame) -> Option<String> {
        (self == Self::Elsewhere).then(|| frame.t("recognition-key-elsewhere"))
    }
}
