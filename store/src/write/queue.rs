//! What waits to be written, and what of it shares a commit.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use crate::{
    StoreError,
    write::asking::{Answer, Work},
};
use ledger::NetworkId;

/// Where the answer to a piece of work goes.
type Caller = oneshot::Sender<Result<Answer, Arc<StoreError>>>;

/// A piece of work, and who waits for it.
pub(crate) struct Item {
    pub(crate) network: NetworkId,
    pub(crate) work: Work,
    pub(crate) answer: Caller,
    /// Room in the queue, given back when it is answered.
    pub(crate) room: OwnedSemaphorePermit,
}

/// Items that share a commit.
pub(crate) struct Batch {
    pub(crate) network: NetworkId,
    pub(crate) works: Vec<Work>,
    /// Each with its room in the queue.
    callers: Vec<(Caller, OwnedSemaphorePermit)>,
}

impl Batch {
    fn push(&mut self, Item { work, answer, room, .. }: Item) {
        self.works.push(work);
        self.callers.push((answer, room));
    }

    /// How many requests it has.
    pub(crate) fn weight(&self) -> usize {
        self.works.iter().map(|work| work.requests().len()).sum()
    }

    pub(crate) fn answer(self, answers: impl IntoIterator<Item = Result<Answer, Arc<StoreError>>>) {
        for ((caller, room), answer) in self.callers.into_iter().zip(answers) {
            drop(room);
            // Whoever no longer waits does not need the answer.
            let _ = caller.send(answer);
        }
    }
}

/// What waits to be written.
pub(crate) struct Queue {
    /// What was taken from the queue, and has to wait for a later batch.
    waiting: VecDeque<Item>,
    items: mpsc::UnboundedReceiver<Item>,
}

impl Queue {
    pub(crate) fn new(items: mpsc::UnboundedReceiver<Item>) -> Self {
        Self { waiting: VecDeque::new(), items }
    }

    /// A batch of what is queued, as soon as there is something; `None` when nothing can come any more.
    pub(crate) async fn batch(&mut self, most: usize) -> Option<Batch> {
        if self.waiting.is_empty() {
            let first = self.items.recv().await?;
            self.waiting.push_back(first);
        }
        self.batch_now(most, None)
    }

    /// What is queued for one network, up to a bound, without waiting; with a network, only what may be decided while
    /// another batch of it is written.
    pub(crate) fn batch_now(&mut self, most: usize, beside: Option<NetworkId>) -> Option<Batch> {
        self.take_in();
        let first = self.waiting.front()?;
        let (network, is_solitary) = (first.network, first.work.is_solitary());
        if beside.is_some_and(|beside| network != beside || is_solitary) {
            return None;
        }
        let mut batch = Batch { network, works: Vec::new(), callers: Vec::new() };
        let mut weight = 0;
        // What waits for other networks keeps its place, and its order.
        let mut others = Vec::new();
        while let Some(item) = self.waiting.pop_front() {
            if item.network != network {
                others.push(item);
                continue;
            }
            weight += item.work.requests().len();
            let fits = !is_solitary && !item.work.is_solitary() && weight <= most;
            if !batch.works.is_empty() && !fits {
                self.waiting.push_front(item);
                break;
            }
            batch.push(item);
        }
        others.into_iter().rev().for_each(|item| self.waiting.push_front(item));
        Some(batch)
    }

    /// How many items wait.
    pub(crate) fn len(&mut self) -> usize {
        self.take_in();
        self.waiting.len()
    }

    fn take_in(&mut self) {
        while let Ok(item) = self.items.try_recv() {
            self.waiting.push_back(item);
        }
    }

    /// Puts items of a batch back, from one on.
    pub(crate) fn put_back(&mut self, batch: &mut Batch, from: usize) {
        let works = batch.works.drain(from..).rev();
        for (work, (answer, room)) in works.zip(batch.callers.drain(from..).rev()) {
            self.waiting.push_front(Item { network: batch.network, work, answer, room });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;
    use ledger::{
        Digest,
        command::{By, Command, Key, Request},
    };

    fn item(network: i64, name: &str) -> Item {
        let request = Request {
            key: Key { scope: "test".to_owned(), key: name.to_owned() },
            digest: Digest([0; 32]),
            by: By::OPERATOR,
            seen: None,
            generation: None,
            command: Command::AddSkill { name: name.to_owned() },
        };
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        Item { network: NetworkId(network), work: Work::One(Box::new(request)), answer: oneshot::channel().0, room }
    }

    #[test]
    fn each_network_has_batches_of_its_own_in_its_order() {
        let (sender, items) = mpsc::unbounded_channel();
        for (network, name) in [(1, "a"), (2, "b"), (1, "c"), (2, "d"), (1, "e"), (3, "f"), (2, "g")] {
            assert!(sender.send(item(network, name)).is_ok());
        }
        let mut queue = Queue::new(items);
        let mut batches = Vec::new();
        while let Some(batch) = queue.batch_now(2, None) {
            let keys = batch.works.iter().flat_map(Work::requests).map(|request| request.key.key.clone());
            batches.push((batch.network.0, keys.collect::<String>()));
        }
        let expected = [(1, "ac"), (2, "bd"), (1, "e"), (3, "f"), (2, "g")];
        assert_eq!(batches, expected.map(|(network, keys)| (network, keys.to_owned())));
    }
}
