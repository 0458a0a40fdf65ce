//! Who writes one network: a task that takes what is queued for it, in batches, and sees to it that each is answered.
//!
//! Where many wait, the next batch is decided while the database writes one. What the database turns back, because memory
//! was behind, is decided again under the network's lock. What goes wrong here, and who waits here for a lock, is of no
//! concern to other networks.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use futures_util::FutureExt;

use crate::{
    Gauges, Store, StoreError,
    db::Tx,
    gauges,
    reading::RowOf,
    secrets::SharedSecrets,
    write::{
        asking::{Answer, Group, PIECE_MOST, Work},
        commit::{self, Ahead, Prepared},
        desks::Desks,
        memory::Warm,
        pieces,
        queue::{Batch, Queue},
    },
};
use ledger::{
    NetworkId,
    clock::{Clock, Secrets},
};

/// How much a writer takes on.
#[derive(Debug, Clone, Copy)]
pub struct WriterOptions {
    /// How many requests may wait, in all networks; past that callers are told to come back. One network leaves an
    /// eighth to the others. A larger group is let in where hardly anything waits.
    pub queue_most: u32,
    /// How many requests share a commit at most; a group is never split.
    pub batch_most: usize,
    /// How many requests of a group are decided and written at a time, at least 1: a larger group shares its commit with
    /// nobody, and stands in memory piece by piece.
    pub piece_most: usize,
    /// How often a batch is tried again after a passing fault.
    pub retries: u32,
    /// After a batch was decided on another ledger than there is, because somebody else has written, or with a request
    /// that had been accepted before, so many batches are decided under the lock, with their keys looked up: that costs
    /// less than to decide many of them twice.
    pub careful_batches: u32,
    /// A network that nobody has asked to write for so long is forgotten: its memory, its queue and its task go, and
    /// come back when somebody asks.
    pub idle_most: Duration,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self {
            queue_most: 16_384,
            batch_most: 1_000,
            piece_most: PIECE_MOST,
            retries: 6,
            careful_batches: 32,
            idle_most: Duration::from_mins(10),
        }
    }
}

/// The next batch is decided ahead when so many items wait for it, and twice as many are written in two halves: fewer
/// do better to wait for others and to share one commit.
const AHEAD_LEAST: usize = 64;
/// When batches have left so much in memory, the next one is not decided ahead, and memory is let go of.
const REMEMBERED_MOST: usize = 8_192;

/// What the writers of all networks share.
pub(crate) struct Means {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) secrets: Mutex<Box<dyn Secrets>>,
    pub(crate) options: WriterOptions,
    pub(crate) gauges: Gauges,
}

/// Who writes one network: its memory, and what waits for it.
pub(crate) struct NetworkWriter {
    network: NetworkId,
    means: Arc<Means>,
    queue: Queue,
    /// What the last batch left.
    warm: Option<Warm>,
    /// How many batches are still decided under the lock.
    careful: u32,
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
    async fn finish(self, store: &Store, network: NetworkId) -> Result<Option<Vec<Answer>>, StoreError> {
        match self {
            Self::Locked(tx, decided) => commit::carry_out(tx, network, decided).await.map(Some),
            Self::Ahead(ahead) => commit::carry_out_ahead(store, network, ahead).await,
        }
    }
}

impl NetworkWriter {
    /// A writer that has nothing in memory.
    pub(crate) const fn new(network: NetworkId, means: Arc<Means>, queue: Queue) -> Self {
        Self { network, means, queue, warm: None, careful: 0 }
    }

    /// Writes whatever is queued, until nothing can be queued any more, or nobody has asked for so long that the desk is
    /// closed. With that the memory goes.
    pub(crate) async fn run(mut self, desks: Weak<Desks>) {
        let WriterOptions { batch_most, idle_most, .. } = self.means.options;
        loop {
            let mut batch = match tokio::time::timeout(idle_most, self.queue.batch(batch_most)).await {
                Ok(Some(batch)) => batch,
                Ok(None) => return,
                Err(_) => match desks.upgrade() {
                    Some(desks) if desks.close_idle(self.network, &mut self.queue) => return,
                    // Something has just come, or the writer was dropped, which the queue will tell.
                    _ => continue,
                },
            };
            // Whoever all wait for one commit all come back after it: in two halves, one is decided while the other is
            // written.
            if batch.works.len() >= 2 * AHEAD_LEAST {
                let half = batch.works.len() / 2;
                self.queue.put_back(&mut batch, half);
            }
            let mut next = Some((batch, None));
            while let Some((batch, decided)) = next {
                let written = AssertUnwindSafe(self.write(batch, decided)).catch_unwind().await;
                // After a panic, which has been reported, the batch's callers are told that nobody answers them.
                // Whatever was in memory counts no more.
                next = written
                    .unwrap_or_else(|_| {
                        self.warm = None;
                        None
                    })
                    .map(|(batch, decided)| (batch, Some(decided)));
            }
            // Those who were answered may have more to ask: once they have run, their requests share the next commit.
            tokio::task::yield_now().await;
        }
    }

    /// Writes a batch and answers it. Meanwhile the next one is decided, where there is one.
    async fn write(&mut self, batch: Batch, ahead: Option<Ahead>) -> Option<(Batch, Ahead)> {
        let began = gauges::instant();
        if let [Work::GroupInPieces(_)] = batch.works.as_slice() {
            let written = self.once(&batch.works).await;
            self.settle(batch, written, began).await;
            return None;
        }
        let turn = match ahead {
            Some(ahead) => Turn::Ahead(ahead),
            None => match self.turn(&batch.works).await {
                Ok(turn) => turn,
                Err(error) => {
                    self.settle(batch, Err(error), began).await;
                    return None;
                }
            },
        };
        let is_everyday = turn.is_everyday();
        let is_small = batch.works.len() + self.queue.len() < self.ahead_least();
        let (network, means) = (self.network, Arc::clone(&self.means));
        let writing = async move {
            match turn.finish(&means.store, network).await {
                Ok(Some(answers)) => {
                    means.gauges.batch(batch.weight(), began.elapsed(), true);
                    batch.answer(answers.into_iter().map(Ok));
                    Ok(())
                }
                unwritten => Err((batch, unwritten)),
            }
        };
        let (written, next) = if is_everyday && !is_small {
            // A task of its own: while this one decides, the other goes on with the database.
            let (written, next) = tokio::join!(tokio::spawn(writing), self.think());
            (written.ok(), next)
        } else {
            (Some(writing.await), None)
        };
        if let Some(Ok(())) = written {
            if let (None, Some(warm)) = (&next, &mut self.warm) {
                warm.forget_batches();
            }
            return next;
        }
        // What was decided next was decided for another ledger.
        if let Some((mut next, _)) = next {
            self.queue.put_back(&mut next, 0);
        }
        self.warm = None;
        if let Some(Err((batch, unwritten))) = written {
            let written = match unwritten {
                Err(error) => Err(error),
                Ok(_) => {
                    self.careful = self.means.options.careful_batches;
                    self.once(&batch.works).await
                }
            };
            self.settle(batch, written, began).await;
        }
        None
    }

    /// Sees to it that a batch is answered, with nothing beside it, after a first attempt.
    async fn settle(&mut self, batch: Batch, first: Result<Vec<Answer>, StoreError>, began: Instant) {
        let answers = self.insist(&batch.works, first).await;
        self.means.gauges.batch(batch.weight(), began.elapsed(), answers.is_ok());
        match answers {
            Ok(answers) => batch.answer(answers.into_iter().map(Ok)),
            Err(error) if batch.works.len() == 1 || error.is_passing() => {
                let error = Arc::new(error);
                batch.answer(std::iter::repeat_with(|| Err(Arc::clone(&error))));
            }
            Err(_) => {
                let answers = self.one_by_one(&batch.works).await;
                batch.answer(answers);
            }
        }
    }

    /// The next batch is decided ahead when so many items wait for it: [`AHEAD_LEAST`], or a whole batch.
    fn ahead_least(&self) -> usize {
        AHEAD_LEAST.min(self.means.options.batch_most)
    }

    /// Decides what is queued by now, before the batch that is being written is there.
    async fn think(&mut self) -> Option<(Batch, Ahead)> {
        // Those who were answered last may have more to ask.
        tokio::task::yield_now().await;
        self.warm.as_ref().filter(|warm| warm.len_of_batches() < REMEMBERED_MOST)?;
        if self.careful > 0 || self.queue.len() < self.ahead_least() {
            return None;
        }
        let mut batch = self.queue.batch_beside(self.means.options.batch_most)?;
        let decided = self.decide_ahead(&batch.works).await;
        if decided.is_none() {
            // In its turn the batch will be told what is wrong.
            self.queue.put_back(&mut batch, 0);
        }
        decided.map(|decided| (batch, decided))
    }

    /// Decides a batch: on what is in memory if that can be, else under the network's lock.
    async fn turn(&mut self, works: &[Work]) -> Result<Turn, StoreError> {
        if self.careful == 0
            && !works.iter().any(Work::is_solitary)
            && let Some(ahead) = self.decide_ahead(works).await
        {
            return Ok(Turn::Ahead(ahead));
        }
        self.careful = self.careful.saturating_sub(1);
        let (tx, decided) = self.decide_locked(works).await?;
        Ok(Turn::Locked(tx, decided))
    }

    /// Decides a batch on what is in memory; `None` when there is nothing, or when that fails.
    async fn decide_ahead(&mut self, works: &[Work]) -> Option<Ahead> {
        let Means { store, clock, secrets, .. } = &*self.means;
        let (warm, secrets) = (self.warm.as_mut()?, &mut SharedSecrets(secrets));
        let decided = commit::decide_ahead(store, self.network, works, warm, &**clock, secrets).await;
        if decided.is_err() {
            self.warm = None;
        }
        decided.ok()
    }

    /// Decides a batch under the network's lock.
    async fn decide_locked(&mut self, works: &[Work]) -> Result<(Tx, Prepared), StoreError> {
        let Means { store, clock, secrets, .. } = &*self.means;
        let mut tx = store.db().begin_batch().await?;
        let (warm, secrets) = (&mut self.warm, &mut SharedSecrets(secrets));
        let decided = commit::decide_locked(&mut tx, self.network, works, warm, &**clock, secrets).await?;
        Ok((tx, decided))
    }

    /// One attempt at a batch, with nothing beside it.
    async fn once(&mut self, works: &[Work]) -> Result<Vec<Answer>, StoreError> {
        let answers = match works {
            [Work::GroupInPieces(group)] => self.in_pieces(group).await.map(|answer| vec![answer]),
            works => {
                let (tx, decided) = self.decide_locked(works).await?;
                commit::carry_out(tx, self.network, decided).await
            }
        };
        match (&answers, &mut self.warm) {
            (Ok(_), Some(warm)) => warm.forget_batches(),
            _ => self.warm = None,
        }
        answers
    }

    /// One attempt at a large group: in pieces, or, where that cannot be, in one piece.
    async fn in_pieces(&mut self, group: &Group) -> Result<Answer, StoreError> {
        let Means { store, clock, secrets, gauges, options } = &*self.means;
        for piece_len in [options.piece_most, usize::MAX] {
            let tx = store.db().begin_batch().await?;
            let (warm, secrets) = (&mut self.warm, &mut SharedSecrets(secrets));
            match pieces::carry_out(tx, self.network, (group, piece_len), warm, (&**clock, secrets), gauges).await {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => {}
                Err(error) if error.is_known_key() && piece_len < group.requests.len() => {}
                Err(error) => return Err(error),
            }
        }
        Err(RowOf("head", self.network).wrong("next_act", "the same requests came to something else"))
    }

    /// Tries again after passing faults.
    async fn insist(
        &mut self,
        works: &[Work],
        mut result: Result<Vec<Answer>, StoreError>,
    ) -> Result<Vec<Answer>, StoreError> {
        for tried in 0..self.means.options.retries {
            match result {
                Err(error) if error.is_passing() && !error.is_out_of_reach() => {
                    // After a lost connection the commit may have happened: the keys will tell.
                    tokio::time::sleep(Duration::from_millis(10 << tried)).await;
                    result = self.once(works).await;
                }
                result => return result,
            }
        }
        result
    }

    /// A fault that is not passing comes from one of the works: alone, only the culprit fails.
    async fn one_by_one(&mut self, works: &[Work]) -> Vec<Result<Answer, Arc<StoreError>>> {
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            let work = std::slice::from_ref(work);
            let first = self.once(work).await;
            answers.push(match self.insist(work, first).await {
                Ok(mut answers) => answers.pop().ok_or_else(|| Arc::new(StoreError::NoNetwork)),
                Err(error) => Err(Arc::new(error)),
            });
        }
        answers
    }
}
