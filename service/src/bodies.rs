//! How much of what callers send is in memory at once, and where it is read.
//!
//! A body of everyday size is read where it arrives. What is larger first takes room, of which there is so much in a
//! process, and is read beside the workers that answer: one caller's megabytes delay nobody else's request. Large batches
//! are taken one after the other in a network, and two at once in a process, since each is kept until it is answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ledger::NetworkId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::{
    operation::logs,
    problem::{Problem, Refusal},
};

/// A body of up to so many bytes takes no room, and is read where it arrives.
pub const SMALL: usize = 16 * 1024;
/// A batch of more bytes than these is a large one.
pub const LARGE: usize = 64 * 1024;
/// So many KiB of bodies that are not small arrive at once.
const ROOM_KIB: usize = 32 * 1024;
/// So many wait for room. Each of them has a connection's memory meanwhile, and comes again as well.
const WAITING_FOR_ROOM_MOST: usize = 64;
/// So many large batches are taken at once in a process. With the usual bounds of lines and bytes, each takes up to 50 MB
/// until it is answered.
const BATCHES: usize = 2;
/// So many large batches of a network wait for the one that is taken.
const WAITING_MOST: usize = 3;
/// So long somebody waits for room.
const PATIENCE: Duration = Duration::from_secs(10);
/// Who found none is told to come again after so many seconds.
const COME_AGAIN_SECONDS: u64 = 5;

/// Room for what callers send.
#[derive(Debug)]
pub struct Bodies {
    room: Semaphore,
    waiting_for_room: Semaphore,
    batches: Semaphore,
    /// The place of a network's one large batch, while somebody has it or waits for it.
    networks: Mutex<HashMap<NetworkId, Arc<Semaphore>>>,
    /// How many bodies are read at once beside the workers.
    readers: Arc<Semaphore>,
    /// How many notebooks are: a workbook that takes its twenty seconds keeps no batch waiting.
    notebooks: Arc<Semaphore>,
}

/// The right to a large batch. It ends when this is dropped.
#[derive(Debug)]
pub struct LargeBatch<'a> {
    _in_process: SemaphorePermit<'a>,
    _in_network: OwnedSemaphorePermit,
}

impl Default for Bodies {
    fn default() -> Self {
        // Whoever reads leaves half of the processor to those who answer.
        let readers = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1));
        Self {
            room: Semaphore::new(ROOM_KIB),
            waiting_for_room: Semaphore::new(WAITING_FOR_ROOM_MOST),
            batches: Semaphore::new(BATCHES),
            networks: Mutex::default(),
            readers: Arc::new(Semaphore::new(readers)),
            notebooks: Arc::new(Semaphore::new(readers)),
        }
    }
}

impl Bodies {
    /// Takes room for a body of at most so many bytes.
    ///
    /// # Errors
    /// When there is none for ten seconds, or many wait for it already.
    pub async fn take_room(&self, bytes_most: usize) -> Result<SemaphorePermit<'_>, Problem> {
        let kib = u32::try_from(bytes_most.div_ceil(1_024).min(ROOM_KIB)).unwrap_or(u32::MAX);
        // What is given back goes to those who wait, in their order: whoever takes some at once overtakes nobody.
        if let Ok(room) = self.room.try_acquire_many(kib) {
            return Ok(room);
        }
        let _waits = self.waiting_for_room.try_acquire().map_err(|_| busy())?;
        in_time(self.room.acquire_many(kib)).await
    }

    /// Waits until a large batch of that network may come.
    ///
    /// # Errors
    /// When several of the network wait already, or none may come for ten seconds.
    pub async fn take_large_batch(&self, network: NetworkId) -> Result<LargeBatch<'_>, Problem> {
        let place = self.place(network).ok_or_else(busy)?;
        let in_network = in_time(place.acquire_owned()).await?;
        Ok(LargeBatch { _in_process: in_time(self.batches.acquire()).await?, _in_network: in_network })
    }

    /// The place of a network's large batch; nothing where too many wait for it.
    fn place(&self, network: NetworkId) -> Option<Arc<Semaphore>> {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        networks.retain(|_, place| Arc::strong_count(place) > 1);
        let place = networks.entry(network).or_insert_with(|| Arc::new(Semaphore::new(1)));
        // One is in the table, another has the place once somebody does, and the others wait for it.
        (Arc::strong_count(place) <= 1 + WAITING_MOST).then(|| Arc::clone(place))
    }

    /// Does something beside the workers that answer.
    ///
    /// # Errors
    /// When it panics.
    pub async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let reader = Arc::clone(&self.readers).acquire_owned().await.map_err(|error| fault(&error))?;
        beside(reader, work).await
    }

    /// Does something with a notebook, beside the workers that answer.
    ///
    /// # Errors
    /// When others have theirs looked at for ten seconds, or it panics.
    pub async fn with_notebook<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        beside(in_time(Arc::clone(&self.notebooks).acquire_owned()).await?, work).await
    }
}

/// The right is given back by the work itself, which goes on where whoever asked for it is gone.
async fn beside<T: Send + 'static>(
    right: OwnedSemaphorePermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(move || {
        let _right = right;
        work()
    });
    done.await.map_err(|error| fault(&error))
}

fn fault(why: &dyn std::error::Error) -> Problem {
    logs::fault(&why.to_string());
    Problem::new(Refusal::Fault)
}

fn busy() -> Problem {
    Problem::new(Refusal::Busy(COME_AGAIN_SECONDS))
}

async fn in_time<T, E>(taken: impl Future<Output = Result<T, E>>) -> Result<T, Problem> {
    match tokio::time::timeout(PATIENCE, taken).await {
        Ok(Ok(taken)) => Ok(taken),
        Ok(Err(_)) | Err(_) => Err(busy()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_network_has_one_large_batch_at_a_time_and_few_that_wait() {
        let bodies = Arc::new(Bodies::default());
        let first = bodies.take_large_batch(NetworkId(1)).await.unwrap();
        let waiting: Vec<_> = (0..WAITING_MOST)
            .map(|_| {
                let bodies = Arc::clone(&bodies);
                tokio::spawn(async move { bodies.take_large_batch(NetworkId(1)).await.map(drop) })
            })
            .collect();
        tokio::task::yield_now().await;
        let refused = bodies.take_large_batch(NetworkId(1)).await.unwrap_err();
        assert_eq!((&*refused.slug(), refused.retry_after_seconds()), ("busy", Some(COME_AGAIN_SECONDS)));
        let other = bodies.take_large_batch(NetworkId(2)).await.unwrap();
        drop((first, other));
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        drop(bodies.take_large_batch(NetworkId(3)).await.unwrap());
        assert_eq!(bodies.networks.lock().unwrap().len(), 1, "networks that nobody waits for are forgotten");
    }

    #[tokio::test]
    async fn room_is_given_back() {
        let bodies = Bodies::default();
        for _ in 0..3 {
            let whole = bodies.take_room(usize::MAX).await.unwrap();
            assert_eq!(bodies.room.available_permits(), 0);
            drop(whole);
        }
        assert_eq!(bodies.room.available_permits(), ROOM_KIB);
    }

    #[tokio::test]
    async fn few_wait_for_room_and_nobody_overtakes_them() {
        let bodies = Arc::new(Bodies::default());
        let most = bodies.take_room((ROOM_KIB - 8) * 1_024).await.unwrap();
        let waiting: Vec<_> = (0..WAITING_FOR_ROOM_MOST)
            .map(|_| {
                let bodies = Arc::clone(&bodies);
                tokio::spawn(async move { bodies.take_room(64 * 1_024).await.map(drop) })
            })
            .collect();
        while bodies.waiting_for_room.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(&*bodies.take_room(1_024).await.unwrap_err().slug(), "busy", "there is some, for those before");
        drop(most);
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        drop(bodies.take_room(usize::MAX).await.unwrap());
    }
}
