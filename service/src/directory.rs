//! Networks and their registries, remembered for a moment.
//!
//! What is remembered may be half a second old, since another process may write. A refusal is therefore never given
//! from memory: what is not found there is looked up again first.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ledger::{ActNumber, NetworkId, registry::Registry, state::Network};
use store::{NetworkEntry, NetworkKey, Store, StoreError};
use uuid::Uuid;

use crate::{id::Fingerprint, operation::moment::instant};

/// So old a registry may be.
const REMEMBERED: Duration = Duration::from_millis(500);
/// Past so many places, which readers name as they like, all are forgotten and looked up again.
const PLACES_MOST: usize = 1_000;

/// The networks of the database that somebody has asked for. Each is looked up by itself, by its key.
#[derive(Debug, Default)]
pub struct Directory(RwLock<Networks>);

#[derive(Debug, Default)]
struct Networks {
    numbered: HashMap<NetworkId, Arc<Known>>,
    named: HashMap<Uuid, Arc<Known>>,
    /// Which one lives where, and when that was looked up.
    placed: HashMap<Spot, (Instant, Option<NetworkId>)>,
}

/// A place: the slug in an address, and the host.
type Spot = (Option<String>, Option<String>);

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
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn network(&self, store: &Store, id: NetworkId) -> Result<Option<Arc<Known>>, StoreError> {
        if let Some(known) = self.remembered(|networks| networks.numbered.get(&id)) {
            return Ok(Some(known));
        }
        Ok(store.network_numbered(id).await?.map(|entry| self.remember(entry)))
    }

    /// A network by what outsiders know it by. Slugs and domains may pass to others, and are looked up each time.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn find(&self, store: &Store, key: &NetworkKey) -> Result<Option<Arc<Known>>, StoreError> {
        let known = match key {
            NetworkKey::Uuid(uuid) => self.remembered(|networks| networks.named.get(uuid)),
            NetworkKey::Slug(_) | NetworkKey::Domain(_) => None,
        };
        if known.is_some() {
            return Ok(known);
        }
        Ok(store.find_network(key).await?.map(|entry| self.remember(entry)))
    }

    /// The network that lives at a place: the one of that slug, or of that host, or the only one there is.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn at(
        &self,
        store: &Store,
        slug: Option<&str>,
        host: Option<&str>,
    ) -> Result<Option<Arc<Known>>, StoreError> {
        let place = (slug.map(str::to_owned), host.map(str::to_owned));
        let remembered = self.0.read().unwrap_or_else(PoisonError::into_inner).placed.get(&place).copied();
        if let Some((read, found)) = remembered
            && instant().saturating_duration_since(read) < REMEMBERED
        {
            return match found {
                Some(network) => self.network(store, network).await,
                None => Ok(None),
            };
        }
        let read = instant();
        let found = match (slug, host) {
            (Some(slug), _) => self.find(store, &NetworkKey::Slug(slug.to_owned())).await?,
            (None, host) => {
                let by_domain = match host {
                    Some(host) => self.find(store, &NetworkKey::Domain(host.to_owned())).await?,
                    None => None,
                };
                match by_domain {
                    Some(known) => Some(known),
                    None => self.only(store).await?,
                }
            }
        };
        let mut networks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if networks.placed.len() >= PLACES_MOST {
            networks.placed.clear();
        }
        networks.placed.insert(place, (read, found.as_ref().map(|known| known.id)));
        Ok(found)
    }

    /// The only network there is.
    async fn only(&self, store: &Store) -> Result<Option<Arc<Known>>, StoreError> {
        match store.network(None).await {
            Ok(entry) => Ok(Some(self.remember(entry))),
            Err(StoreError::NoNetwork | StoreError::SeveralNetworks(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn remembered(&self, find: impl Fn(&Networks) -> Option<&Arc<Known>>) -> Option<Arc<Known>> {
        find(&self.0.read().unwrap_or_else(PoisonError::into_inner)).map(Arc::clone)
    }

    /// What is remembered of a network, which somebody else may have asked for meanwhile.
    fn remember(&self, entry: NetworkEntry) -> Arc<Known> {
        let mut networks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let uuid = entry.network.uuid;
        let known = networks.numbered.entry(entry.id).or_insert_with(|| Arc::new(Known::new(entry)));
        let known = Arc::clone(known);
        networks.named.insert(uuid, Arc::clone(&known));
        known
    }
}

impl Known {
    fn new(entry: NetworkEntry) -> Self {
        Self {
            id: entry.id,
            fingerprint: Fingerprint::of(entry.network.uuid),
            network: entry.network,
            remembered: RwLock::default(),
            refreshing: tokio::sync::Mutex::default(),
        }
    }

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
