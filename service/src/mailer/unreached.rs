//! Who has to answer and gets no letters: for the coordinator, who tells them on paper or by telephone.

use std::collections::BTreeMap;

use ledger::{AssociationNumber, Language, PersonNumber, exchange::ExchangeState};
use store::{ExchangeFilter, ExchangeView, Page, StoreError};

use super::{
    letters::Desk,
    occasion::speaks_for,
    recipient::{Correspondent, Reach},
};
use crate::{app::App, directory::Known, mail::Part};

/// Something that waits for an association none of whose people get letters.
#[derive(Debug, Clone)]
pub struct Unreached {
    /// Whose answer is waited for.
    pub association: AssociationNumber,
    /// What waits.
    pub view: ExchangeView,
    /// Who answers for the association; nobody may.
    pub people: Vec<(PersonNumber, Correspondent)>,
    /// What a letter would say, to print or to tell.
    pub words: Vec<Part>,
}

/// What waits for associations that letters do not reach: none of their people has an address that takes them, or no mail
/// is sent at all. Newest first, among the newest `most` that wait.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn unreached(app: &App, known: &Known, language: Language, most: u32) -> Result<Vec<Unreached>, StoreError> {
    let registry = known.registry(&app.store).await?;
    let filter = ExchangeFilter {
        states: vec![ExchangeState::Proposed, ExchangeState::CorrectionRequested],
        page: Page::newest(most),
        ..ExchangeFilter::default()
    };
    let waiting = app.store.exchange_views(known.id, &filter).await?;
    let desk = Desk { app, known, registry, prefix: String::new() };
    let mut found = Vec::new();
    let mut of_association: BTreeMap<AssociationNumber, Vec<(PersonNumber, Correspondent)>> = BTreeMap::new();
    for view in waiting {
        let sides = [view.exchange.terms.giver, view.exchange.terms.receiver];
        let Some(association) = sides.into_iter().find(|side| view.exchange.waits_for_association(*side)) else {
            continue;
        };
        if let std::collections::btree_map::Entry::Vacant(place) = of_association.entry(association) {
            let mut people = Vec::new();
            for person in desk.registry.persons().filter(|person| speaks_for(person, association)) {
                people.push((person.number, Correspondent::find(&app.store, known.id, person.number).await?));
            }
            place.insert(people);
        }
        let people = &of_association[&association];
        let is_reached = people.iter().any(|(_, person)| matches!(person.reach, Reach::At(_)));
        if !app.postman.is_set() || !is_reached {
            let words = desk.told_by_hand(language, &view, association);
            found.push(Unreached { association, view, people: people.clone(), words });
        }
    }
    Ok(found)
}

/// Somebody whose address takes no letters.
#[derive(Debug, Clone)]
pub struct Bounced {
    /// Who.
    pub person: PersonNumber,
    /// Who they are, the address, and who said so.
    pub correspondent: Correspondent,
}

/// Those whose address takes no letters: a server said so, or a coordinator.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn bounced(app: &App, known: &Known) -> Result<Vec<Bounced>, StoreError> {
    let mut found = Vec::new();
    for person in app.store.bounces(known.id).await?.into_keys() {
        let correspondent = Correspondent::find(&app.store, known.id, person).await?;
        // Whoever has another address since is reached there.
        if matches!(correspondent.reach, Reach::Bounces { .. }) {
            found.push(Bounced { person, correspondent });
        }
    }
    Ok(found)
}
