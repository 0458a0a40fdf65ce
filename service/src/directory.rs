//! Networks and their registries, remembered for a moment.
//!
//! What is remembered may be half a second old, since another process may write. A refusal is therefore never given
//! from memory: what is not found there is looked up again first.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ledger::{ActNumber, NetworkId, registry::Registry, state::Network};
use store::{Store, StoreError};

use crate::{id::Fingerprint, operation::moment::instant};

/// So old a registry may be.
const REMEMBERED: Duration = Duration::from_millis(500);

/// The networks of the database.
#[derive(Debug, Default)]
pub struct Directory(RwLock<HashMap<NetworkId, Arc<Known>>>);

/// A network.
#[derive(Debug)]
pub struct Known {
    /// Its number in the database.
    pub id: NetworkId,
    /// What it is called, and where its days begin.
    pub network: Network,
    /// What the names of what it holds have in common.
    pub fingerprint: Fingerprint,
    remembered: RwLock<Remembered>,
    /// One refresh at a time; whoever waits takes what it brought.
    refreshing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Remembered {
    registry: Arc<Registry>,
    /// The last act that it knows of; `None` before it was first read.
    act: Option<ActNumber>,
    checked: Option<Instant>,
}

impl Directory {
    /// A network by its number.
    pub async fn network(&self, store: &Store, id: NetworkId) -> Result<Option<Arc<Known>>, StoreError> {
        let find = |networks: &HashMap<_, _>| networks.get(&id).map(Arc::clone);
        if let Some(known) = find(&*self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(Some(known));
        }
        self.read_again(store).await?;
        Ok(find(&*self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Every network.
    pub async fn all(&self, store: &Store) -> Result<Vec<Arc<Known>>, StoreError> {
        self.read_again(store).await?;
        let networks = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = networks.values().map(Arc::clone).collect();
        all.sort_unstable_by_key(|known| known.id);
        Ok(all)
    }

    async fn read_again(&self, store: &Store) -> Result<(), StoreError> {
        let entries = store.networks().await?;
        let mut networks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            networks.entry(entry.id).or_insert_with(|| {
                Arc::new(Known {
                    id: entry.id,
                    fingerprint: Fingerprint::of(entry.network.uuid),
                    network: entry.network,
                    remembered: RwLock::default(),
                    refreshing: tokio::sync::Mutex::default(),
                })
            });
        }
        Ok(())
    }
}

impl Known {
    /// Members, persons, skills, rules and the log's generations, half a second old at most.
    pub async fn registry(&self, store: &Store) -> Result<Arc<Registry>, StoreError> {
        if let Some(registry) = self.fresh_enough(REMEMBERED) {
            return Ok(registry);
        }
        self.refreshed(store).await
    }

    /// The same, as they are now.
    pub async fn refreshed(&self, store: &Store) -> Result<Arc<Registry>, StoreError> {
        let asked = instant();
        let _turn = self.refreshing.lock().await;
        // Somebody else may have brought what is newer than the question.
        if let Some(registry) = self.fresh_enough(instant().saturating_duration_since(asked)) {
            return Ok(registry);
        }
        let checked = instant();
        let (head, _) = store.head(self.id).await?;
        let known = self.remembered.read().unwrap_or_else(PoisonError::into_inner).act;
        let registry = if known == Some(head.registry_act) { None } else { Some(store.registry(self.id).await?) };
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        remembered.checked = Some(checked);
        if let Some(registry) = registry {
            // What was read may be newer than the head, never older.
            remembered.act = Some(head.registry_act);
            remembered.registry = Arc::new(registry);
        }
        Ok(Arc::clone(&remembered.registry))
    }

    /// Something was written: the next reader looks again.
    pub fn forget(&self) {
        self.remembered.write().unwrap_or_else(PoisonError::into_inner).checked = None;
    }

    fn fresh_enough(&self, most: Duration) -> Option<Arc<Registry>> {
        let remembered = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = remembered.checked.is_some_and(|checked| instant().saturating_duration_since(checked) <= most);
        is_fresh.then(|| Arc::clone(&remembered.registry))
    }
}
