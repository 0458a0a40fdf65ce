//! How many streams of events there may be: each keeps a connection for as long as its listener likes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ledger::NetworkId;
use uuid::Uuid;

use crate::{operation::count::one_less, refusal::Listeners};

/// A token may have so many.
const TOKEN_MOST: usize = 8;

/// Places for those who listen.
#[derive(Debug)]
pub struct Seats {
    /// So many there are.
    most: usize,
    /// So many of them a network may have.
    network_most: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    networks: HashMap<NetworkId, usize>,
    tokens: HashMap<Uuid, usize>,
}

/// A place that is taken. It is given back when this is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    network: NetworkId,
    token: Uuid,
}

/// Who has as many streams as they may have, and how many that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// Who.
    pub listeners: Listeners,
    /// How many.
    pub most: usize,
}

impl Seats {
    /// Half of so many connections for all, and a quarter for each network.
    pub fn of_connections(connections_most: usize) -> Self {
        let share = |part: usize| (connections_most / part).max(1);
        Self { most: share(2), network_most: share(4), taken: Mutex::default() }
    }

    /// Takes a place for a stream of that token.
    ///
    /// # Errors
    /// When the token, its network, or all together have as many as they may have.
    pub fn take(self: &Arc<Self>, network: NetworkId, token: Uuid) -> Result<Seat, Full> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_token = taken.tokens.get(&token).copied().unwrap_or_default();
        let of_network = taken.networks.get(&network).copied().unwrap_or_default();
        for (listeners, count, most) in [
            (Listeners::Token, of_token, TOKEN_MOST),
            (Listeners::Network, of_network, self.network_most),
            (Listeners::Everybody, taken.all, self.most),
        ] {
            if count >= most {
                return Err(Full { listeners, most });
            }
        }
        taken.all += 1;
        *taken.tokens.entry(token).or_default() += 1;
        *taken.networks.entry(network).or_default() += 1;
        Ok(Seat { seats: Arc::clone(self), network, token })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        one_less(&mut taken.tokens, &self.token);
        one_less(&mut taken.networks, &self.network);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_a_network_and_all_together_have_so_many() {
        let seats = Arc::new(Seats::of_connections(48));
        let take = |network: i64, token: u128| seats.take(NetworkId(network), Uuid::from_u128(token));
        let full = |listeners, most| Some(Full { listeners, most });
        let mut taken: Vec<_> = (0..8).map(|_| take(1, 1).unwrap()).collect();
        assert_eq!(take(1, 1).err(), full(Listeners::Token, 8));
        taken.extend((0..4).map(|_| take(1, 2).unwrap()));
        assert_eq!(take(1, 2).err(), full(Listeners::Network, 12));
        taken.extend((0..12).map(|token| take(2, 10 + token).unwrap()));
        assert_eq!(take(3, 30).err(), full(Listeners::Everybody, 24));
        drop(taken.remove(0));
        assert!(take(3, 30).is_ok());
        drop(taken);
        let left = seats.taken.lock().unwrap();
        assert!(left.all == 0 && left.tokens.is_empty() && left.networks.is_empty(), "{left:?}");
    }
}
