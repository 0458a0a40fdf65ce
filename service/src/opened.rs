//! The caller's network, open for what `files` does with it, as the command opens its own.

use std::sync::Arc;

use files::{error::FileError, network::OpenNetwork, remedy::Remedies};
use ledger::Language;

use crate::{
    app::App,
    caller::Caller,
    operation::logs,
    problem::{Problem, Refusal},
};

/// The network of whoever calls, in whose name they act.
///
/// # Errors
/// When nobody writes into the ledger in this name, or the database does not answer.
pub async fn network(
    app: &App,
    caller: &Caller,
    language: Language,
    remedies: Remedies,
) -> Result<OpenNetwork, Problem> {
    let network_id = caller.known.id;
    Ok(OpenNetwork {
        secrets: app.store.secrets(network_id).await?,
        store: app.store.clone(),
        network_id,
        network: caller.known.network.clone(),
        registry: Arc::clone(&caller.registry),
        language,
        by: caller.by()?,
        remedies,
        clock: app.clock(),
    })
}

/// What is told of an error that no form of somebody's could have led to.
pub fn fault_of(error: &FileError) -> Problem {
    match error {
        FileError::Store(error) => Problem::of_store(error),
        error => {
            logs::fault(&error.in_words(Language::English));
            Problem::new(Refusal::Fault)
        }
    }
}
