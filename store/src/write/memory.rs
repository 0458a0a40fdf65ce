//! What a process keeps of a network between batches, so that most of them are decided without reading.

use std::sync::Arc;

use crate::{
    StoreError,
    db::Tx,
    read::{
        network::{lock_head, read_network, read_secrets},
        registry::load_registry,
        tiles,
    },
    reading::RowOf,
};
use ledger::{ActNumber, Digest, NetworkId, log::Edge, state::State};

/// What the last batch left in memory.
#[derive(Debug)]
pub(crate) struct Warm {
    pub(crate) state: State,
    /// The right edge of the log, from which its root is known and it grows.
    pub(crate) edge: Edge,
}

impl Warm {
    /// How many keys and exchanges it holds that only batches not written yet need.
    pub(crate) fn len_of_batches(&self) -> usize {
        self.state.keys.len() + self.state.exchanges.len()
    }

    /// Keeps what any batch can use, and lets go of the rest.
    pub(crate) fn forget_batches(&mut self) {
        let state = &mut self.state;
        state.exchanges.clear();
        state.reversible.clear();
        state.keys.clear();
        state.keys_beside.clear();
        state.references.clear();
        state.reference_counters.clear();
        state.recognitions.clear();
        state.domains.clear();
        state.closing = None;
        state.open_exchanges = None;
    }
}

/// The state that the head tells: what is in memory where it still holds, otherwise read anew.
pub(crate) async fn current(tx: &mut Tx, network: NetworkId, last: Option<Warm>) -> Result<Warm, StoreError> {
    let (head, root) = lock_head(tx, network).await?;
    if let Some(mut warm) = last {
        if warm.edge.root() == root {
            return Ok(warm);
        }
        // Where the log has not grown since, it is another one.
        if warm.state.head.registry_act == head.registry_act && warm.state.head.next < head.next {
            warm.forget_batches();
            warm.state.accounts.clear();
            warm.state.head = head;
            warm.edge = load_edge(tx, network, warm.state.head.next, root).await?;
            return Ok(warm);
        }
    }
    let edge = load_edge(tx, network, head.next, root).await?;
    let state = State {
        network: Some(read_network(tx, network).await?),
        registry: Arc::new(load_registry(tx, network).await?),
        secrets: Some(read_secrets(tx, network).await?),
        head,
        ..State::default()
    };
    Ok(Warm { state, edge })
}

async fn load_edge(tx: &mut Tx, network: NetworkId, next: ActNumber, root: Digest) -> Result<Edge, StoreError> {
    let size = u64::try_from(next.0)
        .map_err(|_| RowOf("head", network).wrong("next_act", format_args!("{}, which no log can have", next.0)))?;
    let places = Edge::places(size);
    let tiles = tiles::load(tx, network, &places).await?;
    let edge = Edge::new(size, &tiles).ok_or_else(|| tiles::missing(network))?;
    // Refusing to build on a log that does not have its own root costs one hash a tile.
    if edge.root() != root {
        return Err(RowOf("head", network).wrong("root", "the log's tiles do not have it"));
    }
    Ok(edge)
}
