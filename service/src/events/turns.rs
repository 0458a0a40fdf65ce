//! Whose webhooks are told now: several at once, so that a receiver that does not answer delays nobody but itself.
//!
//! Each association, each network and all together have so many at a time. Half of these are kept for webhooks that did not
//! fail the last time: those that fail wait for each other, and not the others for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ledger::{AssociationNumber, NetworkId};
use store::{Turns, Webhook};

/// So many webhooks are told at once in a process.
const MOST: usize = 64;
/// So many of them are of one network.
const NETWORK_MOST: usize = 16;
/// So many of them are of one association, or the network's own.
const OWNER_MOST: usize = 4;

/// The turns that webhooks have now.
#[derive(Debug, Default)]
pub(super) struct Taken(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    all: Count,
    networks: HashMap<NetworkId, Count>,
    owners: HashMap<(NetworkId, Option<AssociationNumber>), Count>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    all: usize,
    failing: usize,
}

/// A webhook's turn. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    taken: Arc<Taken>,
    network: NetworkId,
    owner: Option<AssociationNumber>,
    is_failing: bool,
}

impl Taken {
    /// Whether anybody may have a turn.
    pub(super) fn has_room(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all.all < MOST
    }

    /// Whose turn it may be in a network; nothing where it is nobody's.
    pub(super) fn turns(&self, network: NetworkId) -> Option<Turns> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_network = counts.networks.get(&network).copied().unwrap_or_default();
        if of_network.all >= NETWORK_MOST {
            return None;
        }
        let owners = |is_meant: fn(&Count) -> bool| {
            let of_this = counts.owners.iter().filter(|((of, _), count)| *of == network && is_meant(count));
            of_this.map(|((_, owner), _)| *owner).collect()
        };
        Some(Turns {
            only_healthy: counts.all.failing >= MOST / 2 || of_network.failing >= NETWORK_MOST / 2,
            none_of: owners(|count| count.all >= OWNER_MOST),
            only_healthy_of: owners(|count| count.failing >= OWNER_MOST / 2),
        })
    }

    /// A webhook has its turn.
    pub(super) fn take(self: &Arc<Self>, webhook: &Webhook) -> Turn {
        let turn = Turn {
            taken: Arc::clone(self),
            network: webhook.network,
            owner: webhook.association,
            is_failing: webhook.failures > 0,
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Counts { all, networks, owners } = &mut *counts;
        for count in
            [all, networks.entry(turn.network).or_default(), owners.entry((turn.network, turn.owner)).or_default()]
        {
            count.all += 1;
            count.failing += usize::from(turn.is_failing);
        }
        drop(counts);
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut counts = self.taken.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Counts { all, networks, owners } = &mut *counts;
        let of_network = networks.get_mut(&self.network);
        let of_owner = owners.get_mut(&(self.network, self.owner));
        for count in [Some(all), of_network, of_owner].into_iter().flatten() {
            count.all -= 1;
            count.failing -= usize::from(self.is_failing);
        }
        networks.retain(|_, count| count.all > 0);
        owners.retain(|_, count| count.all > 0);
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use ledger::{ActNumber, command::Principal};
    use store::WebhookState;
    use uuid::Uuid;

    use super::*;

    fn webhook(network: i64, association: Option<i64>, failures: i64) -> Webhook {
        Webhook {
            network: NetworkId(network),
            webhook: Uuid::nil(),
            url: String::new(),
            secret: String::new(),
            kinds: Vec::new(),
            association: association.map(AssociationNumber),
            principal: Principal::Operator,
            state: WebhookState::Active,
            next_act: ActNumber(0),
            failures,
            leased_until: DateTime::UNIX_EPOCH,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn those_who_fail_leave_half_of_the_turns_to_the_others() {
        let taken = Arc::new(Taken::default());
        let take = |count: usize, webhook: &Webhook| (0..count).map(|_| taken.take(webhook)).collect::<Vec<_>>();
        let here = || taken.turns(NetworkId(1));
        assert_eq!(here(), Some(Turns::default()));
        let own = Some(AssociationNumber(5));
        let mut turns = take(2, &webhook(1, Some(5), 1));
        assert_eq!(here().unwrap(), Turns { only_healthy_of: vec![own], ..Turns::default() });
        turns.extend(take(2, &webhook(1, Some(5), 0)));
        assert_eq!(here().unwrap().none_of, [own]);
        assert_eq!(taken.turns(NetworkId(2)), Some(Turns::default()), "it is nobody's matter elsewhere");
        turns.extend(take(6, &webhook(1, None, 3)));
        assert!(here().unwrap().only_healthy && here().unwrap().none_of.contains(&None));
        turns.extend(take(6, &webhook(1, Some(6), 0)));
        assert_eq!(here(), None);
        turns.extend(take(MOST / 2 - 8, &webhook(2, None, 1)));
        assert!(taken.turns(NetworkId(3)).unwrap().only_healthy && taken.has_room());
        turns.extend(take(MOST / 2 - 8, &webhook(4, None, 0)));
        assert!(!taken.has_room());
        drop(turns);
        let counts = taken.0.lock().unwrap();
        assert!(
            counts.all.all == 0 && counts.all.failing == 0 && counts.networks.is_empty() && counts.owners.is_empty()
        );
    }
}
