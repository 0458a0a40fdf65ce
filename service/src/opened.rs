//! A network as what makes files needs it.

use std::sync::Arc;

use files::{network::OpenNetwork, remedy::Remedies};
use ledger::{Language, command::By, registry::Registry};
use store::StoreError;

use crate::{app::App, directory::Known};

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
