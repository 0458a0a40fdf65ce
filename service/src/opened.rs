//! A network as what makes or compares files needs it, as the command opens its own.

use std::sync::Arc;

use files::{error::FileError, network::OpenNetwork, remedy::Remedies};
use ledger::{Language, command::By, registry::Registry};
use store::StoreError;

use crate::{
    app::App,
    caller::Caller,
    directory::Known,
    operation::logs,
    problem::{Problem, Refusal},
};

/// In whose name and in which language something is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Maker {
    pub(crate) by: By,
    pub(crate) language: Language,
    /// The words of what would help.
    pub(crate) remedies: Remedies,
}

/// The network, open for whoever makes something of it.
///
/// # Errors
/// When the database does not answer or a row cannot be true.
pub(crate) async fn open(
    app: &App,
    known: &Known,
    registry: &Arc<Registry>,
    maker: Maker,
) -> Result<OpenNetwork, StoreError> {
    Ok(OpenNetwork {
        secrets: app.store.secrets(known.id).await?,
        store: app.store.clone(),
        network_id: known.id,
        network: known.network.clone(),
        registry: Arc::clone(registry),
        language: maker.language,
        by: maker.by,
        remedies: maker.remedies,
        clock: app.clock(),
    })
}

/// The network of whoever calls, in whose name they act.
///
/// # Errors
/// When nobody writes into the ledger in this name, or the database does not answer.
pub(crate) async fn network(
    app: &App,
    caller: &Caller,
    language: Language,
    remedies: Remedies,
) -> Result<OpenNetwork, Problem> {
    let maker = Maker { by: caller.by()?, language, remedies };
    Ok(open(app, &caller.known, &caller.registry, maker).await?)
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
