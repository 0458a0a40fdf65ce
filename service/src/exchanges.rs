//! What every face must agree on about exchanges: who may see one, and what waits for whom.

use chrono::{DateTime, Utc};
use ledger::{
    AssociationNumber, ExchangeNumber, NetworkId,
    exchange::{Exchange, ExchangeState},
};
use store::{ExchangeFilter, ExchangeView, Store, StoreError};
use uuid::Uuid;

use crate::{acting::Acting, app::App, caller::Caller, problem::Problem};

/// The exchange of that name, if the caller may see it: one of its sides, and the network's roles.
///
/// # Errors
/// When there is none, it is others', or the database does not answer.
pub async fn find(app: &App, caller: &Caller, name: Uuid) -> Result<ExchangeView, Problem> {
    let number = ExchangeNumber(caller.found(name)?);
    let view = one(&app.store, caller.known.id, number).await?.ok_or_else(Problem::not_found)?;
    caller.check_concerns_one_of(&sides(&view.exchange))?;
    Ok(view)
}

/// The two associations of an exchange.
pub fn sides(exchange: &Exchange) -> [AssociationNumber; 2] {
    [exchange.terms.giver, exchange.terms.receiver]
}

/// An exchange, whoever asks.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub async fn one(
    store: &Store,
    network: NetworkId,
    number: ExchangeNumber,
) -> Result<Option<ExchangeView>, StoreError> {
    store.exchange(network, number).await
}

/// Leaves what waits for the caller: an association, its partner's proposals; a mediator, what is contested; the
/// coordinator, what is held or overdue.
pub fn only_waiting(filter: &mut ExchangeFilter, caller: &Caller, now: DateTime<Utc>) {
    match caller.acting {
        Acting::Association(own) => filter.waiting_for = Some(own),
        Acting::Mediator => {
            let contested = ExchangeState::ALL.iter().copied().filter(|state| state.waits_for_a_mediator());
            filter.states = contested.collect();
        }
        Acting::Coordinator | Acting::Auditor => {
            filter.held_or_proposed_before = Some(caller.registry.policy().overdue_before(now));
        }
        // Nothing waits for somebody who speaks for nobody.
        Acting::Oneself => filter.page.most = 0,
    }
}

/// Whether a proposal waits for longer than the network's rules want.
pub fn is_overdue(view: &ExchangeView, caller: &Caller, now: DateTime<Utc>) -> bool {
    view.exchange.is_overdue(view.spoken_at, caller.registry.policy(), now)
}
