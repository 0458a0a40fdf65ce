//! Who had a domain before that no network has now: what was signed under that name is checked by it, for ever.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ledger::{NetworkId, key::former_domains};
use store::{Store, StoreError};
use tokio::sync::Mutex;

use crate::operation::moment::instant;

/// So few networks are looked through anew whenever somebody asks.
const FEW: usize = 16;
/// Of more, what was read is good for so long, for each of them: whoever asks for names that nobody had keeps the database
/// busy for a hundredth of the time at most.
const REMEMBERED_FOR_EACH: Duration = Duration::from_millis(50);

/// The domains that networks had.
#[derive(Debug, Default)]
pub struct FormerDomains(Mutex<Option<Read>>);

#[derive(Debug)]
struct Read {
    began: Instant,
    networks: usize,
    owners: HashMap<String, NetworkId>,
}

impl Read {
    fn is_good(&self) -> bool {
        let each = u32::try_from(self.networks).unwrap_or(u32::MAX);
        let age = instant().saturating_duration_since(self.began);
        self.networks > FEW && age < REMEMBERED_FOR_EACH.saturating_mul(each)
    }
}

impl FormerDomains {
    /// The network that had a domain; of several the one that was founded first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn find(&self, store: &Store, domain: &str) -> Result<Option<NetworkId>, StoreError> {
        let mut known = self.0.lock().await;
        if let Some(read) = known.as_ref().filter(|read| read.is_good()) {
            return Ok(read.owners.get(domain).copied());
        }
        let began = instant();
        let networks = store.networks().await?;
        let mut owners = HashMap::new();
        for network in &networks {
            let keys = store.announced_keys(network.id).await?;
            for former in former_domains(&keys) {
                owners.entry(former.to_owned()).or_insert(network.id);
            }
        }
        let read = known.insert(Read { began, networks: networks.len(), owners });
        Ok(read.owners.get(domain).copied())
    }
}
