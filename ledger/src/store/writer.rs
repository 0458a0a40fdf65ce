//! The one way in: a queue, and a writer that shares each commit among all who wait.
//!
//! The writer takes what is queued, up to a bound, without waiting for more: one caller alone pays for one commit,
//! two hundred callers share one. When the queue is full a caller is told to come back instead of being kept.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::{
    Gauges, Store, StoreError, gauges,
    write::{self, Answer, Warm, Work},
};
use crate::{
    ActNumber, ExchangeNumber, Language, NetworkId, Rejection,
    account::Account,
    act::Act,
    clock::{Clock, Secrets},
    command::Request,
    exchange::ExchangeState,
    rejection::Names,
};

/// Requests that stand or fall together.
#[derive(Debug, Clone)]
pub struct Group {
    /// The requests, in order.
    pub requests: Vec<Request>,
    /// With it, hard limits that the group passes are noted with this reason instead of rejecting it.
    pub override_reason: Option<String>,
}

/// The answer to an accepted request; a repeat gets the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The act that it became.
    pub act: ActNumber,
    /// The exchange that it is about.
    pub exchange: Option<ExchangeNumber>,
    /// That exchange's state after the act.
    pub state: Option<ExchangeState>,
    /// A new exchange's reference.
    pub reference: Option<String>,
    /// Accounts past a soft limit, or, for a held exchange, past a hard one.
    pub limits_met: Vec<Account>,
    /// Whether it was accepted before.
    pub is_repeat: bool,
}

impl Receipt {
    pub(super) fn of(act: &Act) -> Self {
        Self {
            act: act.number,
            exchange: act.outcome.exchange.map(|exchange| exchange.number),
            state: act.outcome.exchange.map(|exchange| exchange.state),
            reference: act.outcome.reference.as_ref().map(|reference| reference.text.clone()),
            limits_met: act.outcome.limits_met.clone(),
            is_repeat: false,
        }
    }
}

/// Why a request was not carried out.
#[derive(Debug, Clone)]
pub enum WriteError {
    /// The ledger's rules forbid it.
    Rejected(Rejection),
    /// The rules forbid the request at that index of a group, and so the group.
    GroupRejected {
        /// Which request.
        index: usize,
        /// Why.
        rejection: Rejection,
    },
    /// Too much is waiting: nothing was queued, and the same request may come again.
    Busy {
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// The database did not do it: nothing is known to have been written, and the same key finds out.
    Unavailable(Arc<StoreError>),
    /// The writer has been stopped.
    Stopped,
}

impl WriteError {
    /// The error in a sentence.
    pub fn in_words(&self, language: Language, names: Names<'_>) -> String {
        match self {
            Self::Rejected(rejection) | Self::GroupRejected { rejection, .. } => rejection.in_words(language, names),
            Self::Busy { retry_after_seconds } => language.pick(
                format!("trop de demandes en attente ; réessayez dans {retry_after_seconds} s"),
                format!("too many requests are waiting; try again in {retry_after_seconds} s"),
            ),
            Self::Unavailable(error) => error.in_words(language),
            Self::Stopped => language.pick("l'écriture est arrêtée", "the writer has been stopped").to_owned(),
        }
    }
}

/// How much a writer takes on.
#[derive(Debug, Clone, Copy)]
pub struct WriterOptions {
    /// How many requests may wait; past that callers are told to come back. A larger group waits for an empty queue.
    pub queue_most: u32,
    /// How many requests share a commit at most; a group is never split.
    pub batch_most: usize,
    /// How often a batch is tried again after a passing fault.
    pub retries: u32,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self { queue_most: 16_384, batch_most: 1_000, retries: 6 }
    }
}

struct Item {
    network: NetworkId,
    work: Work,
    answer: oneshot::Sender<Result<Answer, Arc<StoreError>>>,
    /// Room in the queue, given back when it is answered.
    room: OwnedSemaphorePermit,
}

/// The writer of a process: cheap to clone, one task behind all clones.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::UnboundedSender<Item>,
    room: Arc<Semaphore>,
    queue_most: u32,
    gauges: Arc<Gauges>,
    task: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Starts the writer.
    pub fn start(store: Store, clock: Arc<dyn Clock>, secrets: Box<dyn Secrets>, options: WriterOptions) -> Self {
        // The semaphore bounds the queue by the weight of what waits, not by the number of items.
        let (queue, items) = mpsc::unbounded_channel();
        let gauges = Arc::new(Gauges::default());
        let counted = Arc::clone(&gauges);
        let task = tokio::spawn(Task { store, clock, secrets, options, warm: HashMap::new(), gauges }.run(items));
        Self {
            gauges: counted,
            queue,
            room: Arc::new(Semaphore::new(options.queue_most as usize)),
            queue_most: options.queue_most,
            task: Arc::new(tokio::sync::Mutex::new(Some(task))),
        }
    }

    /// Carries out one request.
    ///
    /// # Errors
    /// As [`WriteError`] says.
    pub async fn submit(&self, network: NetworkId, request: Request) -> Result<Receipt, WriteError> {
        let answer = self.queue(network, Work::One(Box::new(request))).await?;
        let mut receipts = answer.map_err(|(_, rejection)| WriteError::Rejected(rejection))?;
        receipts.pop().ok_or(WriteError::Stopped)
    }

    /// Carries out a group: all of it or nothing.
    ///
    /// # Errors
    /// As [`WriteError`] says.
    pub async fn submit_group(&self, network: NetworkId, group: Group) -> Result<Vec<Receipt>, WriteError> {
        let answer = self.queue(network, Work::Group(group)).await?;
        answer.map_err(|(index, rejection)| WriteError::GroupRejected { index, rejection })
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
        self.gauges.waiting(self.queue_most as usize - self.room.available_permits().min(self.queue_most as usize));
        &self.gauges
    }

    /// Waits until everything queued is answered, and stops. Clones of the writer may still queue until they are
    /// dropped.
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

struct Task {
    store: Store,
    clock: Arc<dyn Clock>,
    secrets: Box<dyn Secrets>,
    options: WriterOptions,
    warm: HashMap<NetworkId, Warm>,
    gauges: Arc<Gauges>,
}

impl Task {
    async fn run(mut self, mut items: mpsc::UnboundedReceiver<Item>) {
        let mut next = None;
        loop {
            let first = match next.take() {
                Some(item) => item,
                None => match items.recv().await {
                    Some(item) => item,
                    None => return,
                },
            };
            let (batch, left_over) = self.gather(first, &mut items);
            next = left_over;
            self.carry_out(batch).await;
            // Those who were answered may have more to ask: once they have run, their requests share the next commit.
            tokio::task::yield_now().await;
        }
    }

    /// What is queued for the same network, up to a bound, and the first item that has to wait for the next batch.
    fn gather(&self, first: Item, items: &mut mpsc::UnboundedReceiver<Item>) -> (Vec<Item>, Option<Item>) {
        let network = first.network;
        let mut weight = first.work.requests().len();
        let is_solitary = first.work.is_solitary();
        let mut batch = vec![first];
        while !is_solitary && weight < self.options.batch_most {
            let Ok(item) = items.try_recv() else { break };
            weight += item.work.requests().len();
            if item.network != network || item.work.is_solitary() || weight > self.options.batch_most {
                return (batch, Some(item));
            }
            batch.push(item);
        }
        (batch, None)
    }

    async fn carry_out(&mut self, batch: Vec<Item>) {
        let network = batch[0].network;
        let (works, callers): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|item| (item.work, (item.answer, item.room))).unzip();
        let began = gauges::instant();
        let tried = self.try_batch(network, &works).await;
        let requests = works.iter().map(|work| work.requests().len()).sum();
        self.gauges.batch(requests, began.elapsed(), tried.is_ok());
        let answers = match tried {
            Ok(answers) => answers.into_iter().map(Ok).collect(),
            Err(error) if works.len() == 1 || error.is_passing() => {
                let error = Arc::new(error);
                works.iter().map(|_| Err(Arc::clone(&error))).collect()
            }
            Err(_) => self.one_by_one(network, &works).await,
        };
        for ((caller, room), answer) in callers.into_iter().zip(answers) {
            drop(room);
            // Whoever no longer waits does not need the answer.
            let _ = caller.send(answer);
        }
    }

    /// A fault that is not passing comes from one of the works: alone, only the culprit fails.
    async fn one_by_one(&mut self, network: NetworkId, works: &[Work]) -> Vec<Result<Answer, Arc<StoreError>>> {
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            let answer = self.try_batch(network, std::slice::from_ref(work)).await;
            answers.push(match answer {
                Ok(mut answers) => answers.pop().ok_or_else(|| Arc::new(StoreError::NoNetwork)),
                Err(error) => Err(Arc::new(error)),
            });
        }
        answers
    }

    async fn try_batch(&mut self, network: NetworkId, works: &[Work]) -> Result<Vec<Answer>, StoreError> {
        let mut tried = 0;
        loop {
            let mut warm = self.warm.remove(&network);
            let result = write::run(&self.store, network, works, &mut warm, &*self.clock, &mut *self.secrets).await;
            if let Some(warm) = warm {
                self.warm.insert(network, warm);
            }
            match result {
                Err(error) if error.is_passing() && !error.is_out_of_reach() && tried < self.options.retries => {
                    // After a lost connection the commit may have happened: the keys will tell.
                    tokio::time::sleep(Duration::from_millis(10 << tried)).await;
                    tried += 1;
                }
                result => return result,
            }
        }
    }
}
