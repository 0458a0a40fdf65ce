//! How much may wait to be written in a process, and how much of it in one network.
//!
//! One network that asks without a pause would fill the room, and the others would find it full whenever they come. So
//! each has at most seven times as much waiting as it leaves free. Alone, that is seven eighths of the room. Where several
//! want more than there is, those that have less get in and those that have more do not, until they have the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A network may have so many times as much waiting as it leaves free.
const TIMES_WHAT_IS_FREE: usize = 7;

/// Room for so many requests.
#[derive(Debug)]
pub(crate) struct Room {
    most: usize,
    taken: AtomicUsize,
}

/// What one network has of it.
#[derive(Debug)]
pub(crate) struct Share {
    room: Arc<Room>,
    taken: AtomicUsize,
}

/// Room that was taken. It is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    share: Arc<Share>,
    weight: usize,
}

impl Room {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, taken: AtomicUsize::new(0) }
    }

    /// How many requests wait or are being carried out.
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Relaxed)
    }

    /// What a network may have at most, and what a larger group counts for.
    const fn share_most(&self) -> usize {
        self.most - self.most / (TIMES_WHAT_IS_FREE + 1)
    }
}

impl Share {
    pub(crate) fn of(room: Arc<Room>) -> Self {
        Self { room, taken: AtomicUsize::new(0) }
    }

    /// Takes room for so many requests of the network, where there is some for it.
    pub(crate) fn take(self: &Arc<Self>, requests: usize) -> Option<Taken> {
        let weight = requests.min(self.room.share_most()).max(1);
        let own = self.taken.load(Relaxed);
        let take = |taken: usize| {
            let taken = taken + weight;
            let free = self.room.most.checked_sub(taken)?;
            (own == 0 || own + weight <= TIMES_WHAT_IS_FREE * free).then_some(taken)
        };
        self.room.taken.fetch_update(Relaxed, Relaxed, take).ok()?;
        self.taken.fetch_add(weight, Relaxed);
        Some(Taken { share: Arc::clone(self), weight })
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.share.taken.fetch_sub(self.weight, Relaxed);
        self.share.room.taken.fetch_sub(self.weight, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many single requests a network gets in.
    fn fill(share: &Arc<Share>) -> Vec<Taken> {
        std::iter::from_fn(|| share.take(1)).collect()
    }

    #[test]
    fn a_network_that_fills_the_room_leaves_some_for_the_others() {
        for (most, expected) in [(1, [1, 0, 0]), (4, [3, 1, 0]), (64, [56, 7, 1]), (16_384, [14_336, 1_792, 224])] {
            let room = Arc::new(Room::new(most));
            let shares = [(); 3].map(|()| Arc::new(Share::of(Arc::clone(&room))));
            let taken = shares.each_ref().map(fill);
            assert_eq!(taken.each_ref().map(Vec::len), expected, "{most}");
            assert_eq!(room.taken(), expected.iter().sum::<usize>(), "{most}");
            drop(taken);
            assert_eq!(room.taken(), 0, "{most}");
        }
    }

    #[test]
    fn whoever_has_too_much_waits_until_the_others_have_as_much() {
        let room = Arc::new(Room::new(1_000));
        let [greedy, late] = [(); 2].map(|()| Arc::new(Share::of(Arc::clone(&room))));
        let mut theirs = fill(&greedy);
        let mut others = fill(&late);
        for _ in 0..1_000 {
            // One is written, and both come back for more: the greedy one first.
            theirs.pop();
            theirs.extend(greedy.take(1));
            others.extend(late.take(1));
            assert!(room.taken() <= 1_000);
        }
        let difference = theirs.len().abs_diff(others.len());
        assert!(difference < 16 && room.taken() > 900, "{} and {}", theirs.len(), others.len());
    }

    #[test]
    fn a_group_larger_than_all_is_let_in_where_hardly_anything_waits() {
        let room = Arc::new(Room::new(80));
        let [large, small] = [(); 2].map(|()| Arc::new(Share::of(Arc::clone(&room))));
        let before: Vec<Taken> = (0..11).map_while(|_| small.take(1)).collect();
        assert!(large.take(100_000).is_none());
        drop(before);
        let before = small.take(10);
        let group = large.take(100_000).unwrap();
        assert_eq!(room.taken(), 80);
        assert!(large.take(1).is_none());
        drop((before, group));
        assert!(small.take(1).is_some());
    }
}
