//! Which networks are written at present: each has a desk, with a queue and a task of its own.
//!
//! A desk is opened when somebody first asks for the network, and closed by its own task when nobody has asked for a
//! while. Work is handed in and desks are closed under one lock, so that nothing is handed in where nobody looks any more.

use std::collections::{HashMap, hash_map::Entry};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    StoreError,
    write::{
        asking::{Answer, Work, WriteError},
        queue::{Item, Queue},
        room::{Room, Share},
    },
};
use ledger::NetworkId;

/// Where the answer to a piece of work comes from.
type Answered = oneshot::Receiver<Result<Answer, Arc<StoreError>>>;

/// The desks of a process.
#[derive(Debug)]
pub(crate) struct Desks {
    /// What waits at all of them is bounded.
    room: Arc<Room>,
    /// Nothing once they are closed for good.
    by_network: Mutex<Option<HashMap<NetworkId, Desk>>>,
}

#[derive(Debug)]
struct Desk {
    items: mpsc::UnboundedSender<Item>,
    share: Arc<Share>,
    task: JoinHandle<()>,
}

impl Desks {
    /// Desks at which so many requests may wait.
    pub(crate) fn new(room_most: usize) -> Self {
        Self { room: Arc::new(Room::new(room_most)), by_network: Mutex::new(Some(HashMap::new())) }
    }

    /// Queues a piece of work. Where the network has no desk, `open` starts the task that works off its queue.
    ///
    /// # Errors
    /// When there is no room, or when the desks are closed.
    pub(crate) fn hand_in(
        &self,
        network: NetworkId,
        work: Work,
        open: impl FnOnce(Queue) -> JoinHandle<()>,
    ) -> Result<Answered, WriteError> {
        let (answer, answered) = oneshot::channel();
        let mut desks = self.lock();
        let desk = match desks.as_mut().ok_or(WriteError::Stopped)?.entry(network) {
            Entry::Occupied(desk) if !desk.get().items.is_closed() => desk.into_mut(),
            // Nobody is there, or a task that has ended when it should not.
            none @ (Entry::Occupied(_) | Entry::Vacant(_)) => {
                none.insert_entry(Desk::open(&self.room, open)).into_mut()
            }
        };
        let room = desk.share.take(work.requests().len()).ok_or(WriteError::Busy { retry_after_seconds: 1 })?;
        desk.items.send(Item { work, answer, room }).map_err(|_| WriteError::Stopped)?;
        Ok(answered)
    }

    /// Closes a network's desk, where nothing waits at it; tells whether it did.
    pub(crate) fn close_idle(&self, network: NetworkId, queue: &mut Queue) -> bool {
        let mut desks = self.lock();
        match desks.as_mut() {
            Some(desks) if queue.len() == 0 => {
                desks.remove(&network);
                true
            }
            _ => false,
        }
    }

    /// Closes all desks for good, and waits until everything that was handed in is answered.
    pub(crate) async fn close(&self) {
        let desks = self.lock().take();
        let tasks: Vec<_> = desks.into_iter().flatten().map(|(_, desk)| desk.task).collect();
        for task in tasks {
            // A panic in the task has been reported by its callers.
            let _ = task.await;
        }
    }

    /// Whether work can be handed in.
    pub(crate) fn are_open(&self) -> bool {
        self.lock().is_some()
    }

    /// How many networks have a desk.
    pub(crate) fn len(&self) -> usize {
        self.lock().as_ref().map_or(0, HashMap::len)
    }

    /// How many requests wait or are being carried out.
    pub(crate) fn waiting(&self) -> usize {
        self.room.taken()
    }

    fn lock(&self) -> MutexGuard<'_, Option<HashMap<NetworkId, Desk>>> {
        // A desk is whole at any time, even if a panic has left the lock poisoned.
        self.by_network.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    fn open(room: &Arc<Room>, open: impl FnOnce(Queue) -> JoinHandle<()>) -> Self {
        let (items, queue) = mpsc::unbounded_channel();
        Self { items, share: Arc::new(Share::of(Arc::clone(room))), task: open(Queue::new(queue)) }
    }
}
