//! Whom an act concerns, and how. Whoever did it knows it already.

use ledger::{
    AssociationNumber, PersonNumber,
    act::ActKind,
    command::Principal,
    evidence::EvidenceKind,
    exchange::Side,
    leaf::Leaf,
    person::{Person, Role},
    registry::Registry,
};

/// How an act concerns somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Their association has to answer.
    Answers(AssociationNumber),
    /// Somebody answered for their association by a link, perhaps none of theirs.
    AnsweredByLink(AssociationNumber),
    /// Their association is told.
    IsTold(AssociationNumber),
    /// They may settle it.
    Mediates,
}

/// What an act is to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Concern {
    pub(super) person: PersonNumber,
    pub(super) standing: Standing,
}

/// What happened to an exchange, as far as letters tell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    /// Something was said that the other side has to answer.
    Asked,
    /// It was agreed to.
    Confirmed,
    /// It was not.
    Contested,
    /// It was taken back.
    Withdrawn,
    /// It was closed by the network.
    Dismissed,
    /// A mediator decided that it happened.
    Settled,
    /// What a limit held back was posted.
    Released,
    /// It stays as it was posted.
    Kept,
    /// It was negated.
    Reversed,
}

/// The acts of which letters tell.
const TOLD: [(ActKind, Happening); 11] = [
    (ActKind::ExchangeProposed, Happening::Asked),
    (ActKind::ExchangeAmended, Happening::Asked),
    (ActKind::CorrectionRequested, Happening::Asked),
    (ActKind::ExchangeConfirmed, Happening::Confirmed),
    (ActKind::ExchangeContested, Happening::Contested),
    (ActKind::ExchangeWithdrawn, Happening::Withdrawn),
    (ActKind::ExchangeDismissed, Happening::Dismissed),
    (ActKind::ExchangeSettled, Happening::Settled),
    (ActKind::ExchangeReleased, Happening::Released),
    (ActKind::CorrectionRefused, Happening::Kept),
    (ActKind::Reversed, Happening::Reversed),
];

impl Happening {
    /// What an act of that kind is; nothing where no letters tell of it.
    pub(super) fn of(kind: ActKind) -> Option<Self> {
        TOLD.iter().find(|(told, _)| *told == kind).map(|(_, happening)| *happening)
    }
}

/// The persons whom an act concerns, each once: as somebody who has to answer rather than as somebody who is told.
pub(super) fn concerns(leaf: &Leaf<'_>, by: Principal, registry: &Registry) -> Vec<Concern> {
    let mut found: Vec<Concern> = Vec::new();
    for standing in standings(leaf) {
        for person in registry.persons().filter(|person| is_meant(person, standing, leaf)) {
            let did_it = by == Principal::Person(person.number);
            // A link may have been passed on: its owner is told what was done in their name.
            let is_owner_told = matches!(standing, Standing::AnsweredByLink(_));
            let is_listed = found.iter().any(|concern| concern.person == person.number);
            if !is_listed && (!did_it || is_owner_told) {
                found.push(Concern { person: person.number, standing });
            }
        }
    }
    found
}

/// In what ways an act concerns people, what they have to do first.
fn standings(leaf: &Leaf<'_>) -> Vec<Standing> {
    let (Some(exchange), Some(happening)) = (&leaf.exchange, Happening::of(leaf.kind)) else { return Vec::new() };
    let [giver, receiver] = [exchange.giver, exchange.receiver].map(AssociationNumber);
    let speaker = if exchange.proposed_by == Side::Giver.as_str() { giver } else { receiver };
    let answering = if speaker == giver { receiver } else { giver };
    let did_it = leaf.by.strip_prefix("association:").and_then(|number| number.parse().ok()).map(AssociationNumber);
    let mut standings = Vec::new();
    if happening == Happening::Asked {
        standings.push(Standing::Answers(answering));
        if did_it != Some(speaker) {
            standings.push(Standing::IsTold(speaker));
        }
        return standings;
    }
    let by_link = leaf.evidence.as_ref().is_some_and(|proof| proof.kind == EvidenceKind::EmailLink.as_str());
    standings.extend(did_it.filter(|_| by_link).map(Standing::AnsweredByLink));
    standings.extend([giver, receiver].into_iter().filter(|side| did_it != Some(*side)).map(Standing::IsTold));
    if happening == Happening::Contested {
        standings.push(Standing::Mediates);
    }
    standings
}

fn is_meant(person: &Person, standing: Standing, leaf: &Leaf<'_>) -> bool {
    match standing {
        Standing::Answers(own) | Standing::AnsweredByLink(own) | Standing::IsTold(own) => speaks_for(person, own),
        Standing::Mediates => {
            let sides = leaf.exchange.as_ref().map_or([0; 2], |exchange| [exchange.giver, exchange.receiver]);
            let belongs = sides.iter().any(|side| person.concerns(AssociationNumber(*side)));
            person.roles.contains(&Role::Mediator) && !belongs
        }
    }
}

/// Whether somebody answers for an association.
pub(super) fn speaks_for(person: &Person, own: AssociationNumber) -> bool {
    person.roles.iter().any(|role| match role {
        Role::Delegate(association) | Role::Administrator(association) => *association == own,
        Role::Coordinator | Role::Mediator | Role::Auditor => false,
    })
}
