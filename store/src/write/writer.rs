//! The one way in: a queue, and a writer that shares each commit among all who wait.
//!
//! The writer takes what is queued, up to a bound, without waiting for more: one caller alone pays for one commit,
//! two hundred callers share one. Where many wait, the next batch is decided while the database writes one. What the
//! database turns back, because memory was behind, is decided again under the network's lock. When the queue is full a
//! caller is told to come back instead of being kept.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_recursion::async_recursion as boxed;
use futures_util::FutureExt;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::{
    Gauges, Store, StoreError,
    db::Tx,
    gauges,
    write::{
        asking::{Answer, Group, Receipt, Work, WriteError},
        commit::{self, Ahead, Prepared},
        memory::Warm,
        queue::{Batch, Item, Queue},
    },
};
use ledger::{
    NetworkId,
    clock::{Clock, Secrets},
    command::Request,
    decide::RejectedRequest,
};

/// How much a writer takes on.
#[derive(Debug, Clone, Copy)]
pub struct WriterOptions {
    /// How many requests may wait; past that callers are told to come back. A larger group is let in where none waits.
    pub queue_most: u32,
    /// How many requests share a commit at most; a group is never split.
    pub batch_most: usize,
    /// How often a batch is tried again after a passing fault.
    pub retries: u32,
    /// After a batch was decided on another ledger than there is, because somebody else has written, or with a request
    /// that had been accepted before, so many batches are decided under the lock, with their keys looked up: that costs
    /// less than to decide many of them twice.
    pub careful_batches: u32,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self { queue_most: 16_384, batch_most: 1_000, retries: 6, careful_batches: 32 }
    }
}

/// The next batch is decided ahead when so many items wait for it, and twice as many are written in two halves: fewer
/// do better to wait for others and to share one commit.
const AHEAD_LEAST: usize = 64;
/// When batches have left so much in memory, the next one is not decided ahead, and memory is let go of.
const REMEMBERED_MOST: usize = 8_192;

/// The writer of a process: cheap to clone, one task behind all clones.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::UnboundedSender<Item>,
    room: Arc<Semaphore>,
    queue_most: u32,
    /// The same, as the semaphore counts it.
    room_most: usize,
    gauges: Arc<Gauges>,
    task: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Starts the writer.
    pub fn start(store: Store, clock: Arc<dyn Clock>, secrets: Box<dyn Secrets>, options: WriterOptions) -> Self {
        // The semaphore bounds the queue by the weight of what waits, not by the number of items.
        let room_most = usize::try_from(options.queue_most).unwrap_or(Semaphore::MAX_PERMITS);
        let (queue, items) = mpsc::unbounded_channel();
        let gauges = Arc::new(Gauges::default());
        let counted = Arc::clone(&gauges);
        let task = Task { store, clock, secrets, options, warm: HashMap::new(), gauges, careful: 0 };
        let task = tokio::spawn(task.run(Queue::new(items)));
        Self {
            gauges: counted,
            queue,
            room: Arc::new(Semaphore::new(room_most)),
            queue_most: options.queue_most,
            room_most,
            task: Arc::new(tokio::sync::Mutex::new(Some(task))),
        }
    }

    /// Carries out one request.
    ///
    /// # Errors
    /// As [`WriteError`] says.
    #[boxed]
    pub async fn submit(&self, network: NetworkId, request: Request) -> Result<Receipt, WriteError> {
        let answer = self.queue(network, Work::One(Box::new(request))).await?;
        let mut receipts = answer.map_err(|rejected| WriteError::Rejected(rejected.rejection))?;
        receipts.pop().ok_or(WriteError::Stopped)
    }

    /// Carries out a group: all of it or nothing.
    ///
    /// # Errors
    /// As [`WriteError`] says.
    #[boxed]
    pub async fn submit_group(&self, network: NetworkId, group: Group) -> Result<Vec<Receipt>, WriteError> {
        let answer = self.queue(network, Work::Group(group)).await?;
        answer.map_err(|RejectedRequest { index, rejection }| WriteError::GroupRejected { index, rejection })
    }

    /// Carries out a group, and tells meanwhile how many of how many acts the database has.
    ///
    /// # Errors
    /// As [`WriteError`] says.
    #[boxed]
    pub async fn submit_group_and_tell(
        &self,
        network: NetworkId,
        group: Group,
        tell: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vec<Receipt>, WriteError> {
        const TOLD_EVERY: Duration = Duration::from_millis(100);
        let (before, all) = (self.gauges().acts_sent(), group.requests.len());
        tell(0, all);
        let mut answered = std::pin::pin!(self.submit_group(network, group));
        loop {
            match tokio::time::timeout(TOLD_EVERY, &mut answered).await {
                Ok(answer) => return answer,
                Err(_) => tell(self.gauges().acts_sent().saturating_sub(before).min(all), all),
            }
        }
    }

    async fn queue(&self, network: NetworkId, work: Work) -> Result<Answer, WriteError> {
        let weight = u32::try_from(work.requests().len()).unwrap_or(u32::MAX).clamp(1, self.queue_most);
        let room = Arc::clone(&self.room).try_acquire_many_owned(weight);
        let room = room.map_err(|_| WriteError::Busy { retry_after_seconds: 1 })?;
        let (answer, answered) = oneshot::channel();
        let item = Item { network, work, answer, room };
        self.queue.send(item).map_err(|_| WriteError::Stopped)?;
        answered.await.map_err(|_| WriteError::Stopped)?.map_err(WriteError::Unavailable)
    }

    /// Whether the writer takes requests.
    pub fn is_alive(&self) -> bool {
        !self.queue.is_closed()
    }

    /// What the writer does, counted.
    pub fn gauges(&self) -> &Gauges {
        self.gauges.waiting(self.room_most.saturating_sub(self.room.available_permits()));
        &self.gauges
    }

    /// Waits until everything queued is answered, and stops. Clones of the writer may still queue until they are
    /// dropped.
    #[boxed]
    pub async fn stop(self) {
        let Self { queue, task, .. } = self;
        drop(queue);
        let task = task.lock().await.take();
        if let Some(task) = task {
            // A panic in the task has been reported by its callers.
            let _ = task.await;
        }
    }
}

/// A batch whose turn it is.
enum Turn {
    /// Prepared under the network's lock, which is held.
    Locked(Tx, Prepared),
    /// Prepared on what is in memory.
    Ahead(Ahead),
}

impl Turn {
    /// Whether the next batch can be decided before this one is written.
    const fn is_everyday(&self) -> bool {
        match self {
            Self::Locked(_, decided) => decided.is_everyday,
            Self::Ahead(ahead) => ahead.is_everyday(),
        }
    }

    /// Writes the batch; `None` when it has to be decided again, under the lock.
    async fn finish(
        self,
        store: &Store,
        network: NetworkId,
        gauges: &Gauges,
    ) -> Result<Option<Vec<Answer>>, StoreError> {
        match self {
            Self::Locked(tx, decided) => commit::carry_out(tx, network, decided, gauges).await.map(Some),
            Self::Ahead(ahead) => commit::carry_out_ahead(store, network, ahead, gauges).await,
        }
    }
}

struct Task {
    store: Store,
    clock: Arc<dyn Clock>,
    secrets: Box<dyn Secrets>,
    options: WriterOptions,
    warm: HashMap<NetworkId, Warm>,
    gauges: Arc<Gauges>,
    /// How many batches are still decided under the lock.
    careful: u32,
}

impl Task {
    async fn run(mut self, mut queue: Queue) {
        loop {
            let Some(mut batch) = queue.batch(self.options.batch_most).await else { return };
            // Whoever all wait for one commit all come back after it: in two halves, one is decided while the other is
            // written.
            if batch.works.len() >= 2 * AHEAD_LEAST {
                let half = batch.works.len() / 2;
                queue.put_back(&mut batch, half);
            }
            let mut next = Some((batch, None));
            while let Some((batch, decided)) = next {
                let written = AssertUnwindSafe(self.write(batch, decided, &mut queue)).catch_unwind().await;
                // After a panic, which has been reported, the batch's callers are told that nobody answers them.
                // Whatever was in memory counts no more.
                next = written
                    .unwrap_or_else(|_| {
                        self.warm.clear();
                        None
                    })
                    .map(|(batch, decided)| (batch, Some(decided)));
            }
            // Those who were answered may have more to ask: once they have run, their requests share the next commit.
            tokio::task::yield_now().await;
        }
    }

    /// Writes a batch and answers it. Meanwhile the next one is decided, where there is one.
    async fn write(&mut self, batch: Batch, ahead: Option<Ahead>, queue: &mut Queue) -> Option<(Batch, Ahead)> {
        let network = batch.network;
        let began = gauges::instant();
        let turn = match ahead {
            Some(ahead) => Turn::Ahead(ahead),
            None => match self.turn(network, &batch.works).await {
                Ok(turn) => turn,
                Err(error) => {
                    self.settle(batch, Err(error), began).await;
                    return None;
                }
            },
        };
        let is_everyday = turn.is_everyday();
        let (store, gauges) = (self.store.clone(), Arc::clone(&self.gauges));
        let is_small = batch.works.len() + queue.len() < self.ahead_least();
        let writing = async move {
            match turn.finish(&store, network, &gauges).await {
                Ok(Some(answers)) => {
                    gauges.batch(batch.weight(), began.elapsed(), true);
                    batch.answer(answers.into_iter().map(Ok));
                    Ok(())
                }
                unwritten => Err((batch, unwritten)),
            }
        };
        let (written, next) = if is_everyday && !is_small {
            // A task of its own: while this one decides, the other goes on with the database.
            let (written, next) = tokio::join!(tokio::spawn(writing), self.think(network, queue));
            (written.ok(), next)
        } else {
            (Some(writing.await), None)
        };
        if let Some(Ok(())) = written {
            if let (None, Some(warm)) = (&next, self.warm.get_mut(&network)) {
                warm.forget_batches();
            }
            return next;
        }
        // What was decided next was decided for another ledger.
        if let Some((mut next, _)) = next {
            queue.put_back(&mut next, 0);
        }
        self.warm.remove(&network);
        if let Some(Err((batch, unwritten))) = written {
            let written = match unwritten {
                Err(error) => Err(error),
                Ok(_) => {
                    self.careful = self.options.careful_batches;
                    self.once(network, &batch.works).await
                }
            };
            self.settle(batch, written, began).await;
        }
        None
    }

    /// Sees to it that a batch is answered, with nothing beside it, after a first attempt.
    async fn settle(&mut self, batch: Batch, first: Result<Vec<Answer>, StoreError>, began: Instant) {
        let answers = self.insist(batch.network, &batch.works, first).await;
        self.gauges.batch(batch.weight(), began.elapsed(), answers.is_ok());
        match answers {
            Ok(answers) => batch.answer(answers.into_iter().map(Ok)),
            Err(error) if batch.works.len() == 1 || error.is_passing() => {
                let error = Arc::new(error);
                batch.answer(std::iter::repeat_with(|| Err(Arc::clone(&error))));
            }
            Err(_) => {
                let answers = self.one_by_one(batch.network, &batch.works).await;
                batch.answer(answers);
            }
        }
    }

    /// The next batch is decided ahead when so many items wait for it: [`AHEAD_LEAST`], or a whole batch.
    fn ahead_least(&self) -> usize {
        AHEAD_LEAST.min(self.options.batch_most)
    }

    /// Decides what is queued by now, before the batch that is being written is there.
    async fn think(&mut self, network: NetworkId, queue: &mut Queue) -> Option<(Batch, Ahead)> {
        // Those who were answered last may have more to ask.
        tokio::task::yield_now().await;
        self.warm.get(&network).filter(|warm| warm.len_of_batches() < REMEMBERED_MOST)?;
        if self.careful > 0 || queue.len() < self.ahead_least() {
            return None;
        }
        let mut batch = queue.batch_now(self.options.batch_most, Some(network))?;
        let decided = self.decide_ahead(network, &batch.works).await;
        if decided.is_none() {
            // In its turn the batch will be told what is wrong.
            queue.put_back(&mut batch, 0);
        }
        decided.map(|decided| (batch, decided))
    }

    /// Decides a batch: on what is in memory if that can be, else under the network's lock.
    async fn turn(&mut self, network: NetworkId, works: &[Work]) -> Result<Turn, StoreError> {
        if self.careful == 0
            && !works.iter().any(Work::is_solitary)
            && let Some(ahead) = self.decide_ahead(network, works).await
        {
            return Ok(Turn::Ahead(ahead));
        }
        self.careful = self.careful.saturating_sub(1);
        let (tx, decided) = self.decide_locked(network, works).await?;
        Ok(Turn::Locked(tx, decided))
    }

    /// Decides a batch on what is in memory; `None` when there is nothing, or when that fails.
    async fn decide_ahead(&mut self, network: NetworkId, works: &[Work]) -> Option<Ahead> {
        let warm = self.warm.get_mut(&network)?;
        let (clock, secrets) = (&*self.clock, &mut *self.secrets);
        let decided = commit::decide_ahead(&self.store, network, works, warm, clock, secrets).await;
        if decided.is_err() {
            self.warm.remove(&network);
        }
        decided.ok()
    }

    /// Decides a batch under the network's lock.
    async fn decide_locked(&mut self, network: NetworkId, works: &[Work]) -> Result<(Tx, Prepared), StoreError> {
        let mut tx = self.store.db().begin_write().await?;
        let mut warm = self.warm.remove(&network);
        let (clock, secrets) = (&*self.clock, &mut *self.secrets);
        let decided = commit::decide_locked(&mut tx, network, works, &mut warm, clock, secrets).await?;
        self.warm.extend(warm.map(|warm| (network, warm)));
        Ok((tx, decided))
    }

    /// One attempt at a batch, with nothing beside it.
    async fn once(&mut self, network: NetworkId, works: &[Work]) -> Result<Vec<Answer>, StoreError> {
        let (tx, decided) = self.decide_locked(network, works).await?;
        let answers = commit::carry_out(tx, network, decided, &self.gauges).await;
        match (&answers, self.warm.get_mut(&network)) {
            (Ok(_), Some(warm)) => warm.forget_batches(),
            _ => drop(self.warm.remove(&network)),
        }
        answers
    }

    /// Tries again after passing faults.
    async fn insist(
        &mut self,
        network: NetworkId,
        works: &[Work],
        mut result: Result<Vec<Answer>, StoreError>,
    ) -> Result<Vec<Answer>, StoreError> {
        for tried in 0..self.options.retries {
            match result {
                Err(error) if error.is_passing() && !error.is_out_of_reach() => {
                    // After a lost connection the commit may have happened: the keys will tell.
                    tokio::time::sleep(Duration::from_millis(10 << tried)).await;
                    result = self.once(network, works).await;
                }
                result => return result,
            }
        }
        result
    }

    /// A fault that is not passing comes from one of the works: alone, only the culprit fails.
    async fn one_by_one(&mut self, network: NetworkId, works: &[Work]) -> Vec<Result<Answer, Arc<StoreError>>> {
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            let work = std::slice::from_ref(work);
            let first = self.once(network, work).await;
            answers.push(match self.insist(network, work, first).await {
                Ok(mut answers) => answers.pop().ok_or_else(|| Arc::new(StoreError::NoNetwork)),
                Err(error) => Err(Arc::new(error)),
            });
        }
        answers
    }
}
