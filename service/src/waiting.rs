//! What waits for whom: everybody who has to do something about an exchange or a recognition, counted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ledger::{
    AssociationNumber, PersonNumber,
    exchange::{ExchangeState, Side},
    recognition::RecognitionState,
};
use store::{OpenBetween, Page, RecognitionFilter};

use crate::{acting::Acting, app::App, caller::Caller, problem::Problem};

/// Of so many recognitions at most it is told whom they wait for.
const RECOGNITIONS_MOST: u32 = 10_000;

/// For whom something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    /// Whoever speaks for an association.
    Association(AssociationNumber),
    /// The network's coordinator.
    Coordinator,
    /// Its mediators.
    Mediator,
    /// A person.
    Person(PersonNumber),
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToDo {
    /// To answer what the other side proposed.
    Answer,
    /// To answer a request for correction.
    Correction,
    /// To decide what a hard limit holds.
    Release,
    /// To settle what is contested.
    Settle,
    /// To accept or decline a recognition.
    Recognition,
}

impl ToDo {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Correction => "correction",
            Self::Release => "release",
            Self::Settle => "settle",
            Self::Recognition => "recognition",
        }
    }
}

/// That something waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// For whom.
    pub whom: Whom,
    /// What they have to do.
    pub to_do: ToDo,
    /// How often.
    pub count: u64,
    /// Since when the oldest waits; not known of recognitions.
    pub since: Option<DateTime<Utc>>,
    /// Whether that is longer than the network's rules want.
    pub is_overdue: bool,
}

/// What waits, as far as the caller sees it: an association and a person their own, mediators what is contested, the
/// network's coordinator and auditors all.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn read(app: &App, caller: &Caller) -> Result<Vec<Waits>, Problem> {
    let mut counted: BTreeMap<(Whom, ToDo), Waits> = BTreeMap::new();
    let mut add = |(whom, to_do): (Whom, ToDo), count: u64, since: Option<DateTime<Utc>>| {
        if sees(caller, whom) {
            let none = Waits { whom, to_do, count: 0, since, is_overdue: false };
            let known = counted.entry((whom, to_do)).or_insert(none);
            known.count = known.count.saturating_add(count);
            known.since = known.since.min(since);
        }
    };
    let is_person = matches!(caller.acting, Acting::Oneself);
    if !is_person {
        for open in app.store.open_between(caller.known.id).await? {
            if let Some(key) = due(&open) {
                add(key, open.count, Some(open.since));
            }
        }
    }
    let asks_for_persons = matches!(caller.acting, Acting::Oneself | Acting::Coordinator | Acting::Auditor);
    if asks_for_persons {
        let person = if is_person { caller.person() } else { None };
        let filter = RecognitionFilter { person, page: Page::newest(RECOGNITIONS_MOST), ..Default::default() };
        for line in app.store.recognition_page(caller.known.id, filter).await? {
            if line.recognition.state == RecognitionState::Offered {
                add((Whom::Person(line.recognition.person), ToDo::Recognition), 1, None);
            }
        }
    }
    let overdue_before = caller.registry.policy().overdue_before(app.now());
    for waits in counted.values_mut() {
        let has_a_term = matches!(waits.to_do, ToDo::Answer | ToDo::Correction);
        waits.is_overdue = has_a_term && waits.since.is_some_and(|since| since < overdue_before);
    }
    Ok(counted.into_values().collect())
}

/// Who has to do what about exchanges in that state.
fn due(open: &OpenBetween) -> Option<(Whom, ToDo)> {
    let other = match open.spoken_by {
        Side::Giver => open.receiver,
        Side::Receiver => open.giver,
    };
    match open.state {
        ExchangeState::Proposed => Some((Whom::Association(other), ToDo::Answer)),
        ExchangeState::CorrectionRequested => Some((Whom::Association(other), ToDo::Correction)),
        ExchangeState::Held => Some((Whom::Coordinator, ToDo::Release)),
        ExchangeState::Contested => Some((Whom::Mediator, ToDo::Settle)),
        ExchangeState::Confirmed | ExchangeState::Reversed | ExchangeState::Withdrawn | ExchangeState::Dismissed => {
            None
        }
    }
}

fn sees(caller: &Caller, whom: Whom) -> bool {
    match caller.acting {
        Acting::Coordinator | Acting::Auditor => true,
        Acting::Association(own) => whom == Whom::Association(own),
        Acting::Mediator => whom == Whom::Mediator,
        Acting::Oneself => caller.person().is_some_and(|own| whom == Whom::Person(own)),
    }
}
