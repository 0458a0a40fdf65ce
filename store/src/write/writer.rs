//! The one way in: whoever writes hands a request to the writer, which queues it for its network.
//!
//! Each network has a queue and a task of its own, so that none waits while another one's head is locked, its batch is
//! long, or its task has failed. Many callers of one network share a commit: one caller alone pays for one, two hundred
//! share one. When too much waits a caller is told to come back instead of being kept.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_recursion::async_recursion as boxed;
use tokio::runtime::Handle;

use crate::{
    Gauges, Store,
    write::{
        asking::{Answer, Group, Receipt, Work, WriteError},
        desks::Desks,
        network_writer::{Means, NetworkWriter, WriterOptions},
    },
};
use ledger::{
    NetworkId,
    clock::{Clock, Secrets},
    command::Request,
    decide::RejectedRequest,
};

/// The writer of a process: cheap to clone, the same queues and tasks behind all clones.
#[derive(Clone)]
pub struct Writer {
    desks: Arc<Desks>,
    means: Arc<Means>,
    /// Where the tasks run.
    runtime: Handle,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("desks", &self.desks).finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the writer. Its tasks run where this is called.
    pub fn start(store: Store, clock: Arc<dyn Clock>, secrets: Box<dyn Secrets>, options: WriterOptions) -> Self {
        let room_most = usize::try_from(options.queue_most).unwrap_or(usize::MAX);
        let means = Means { store, clock, secrets: Mutex::new(secrets), options, gauges: Gauges::default() };
        Self { desks: Arc::new(Desks::new(room_most)), means: Arc::new(means), runtime: Handle::current() }
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
        let answer = self.queue(network, Work::of(group, self.means.options.piece_most)).await?;
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
        let answered = self.desks.hand_in(network, work, |queue| {
            let writer = NetworkWriter::new(network, Arc::clone(&self.means), queue);
            self.runtime.spawn(writer.run(Arc::downgrade(&self.desks)))
        })?;
        answered.await.map_err(|_| WriteError::Stopped)?.map_err(WriteError::Unavailable)
    }

    /// Whether the writer takes requests.
    pub fn is_alive(&self) -> bool {
        self.desks.are_open()
    }

    /// What the writer does, counted over all networks.
    pub fn gauges(&self) -> &Gauges {
        let gauges = &self.means.gauges;
        gauges.waiting(self.desks.waiting());
        gauges.networks(self.desks.len());
        gauges
    }

    /// Waits until everything queued is answered, and stops. What clones of the writer ask from now on is answered with
    /// [`WriteError::Stopped`].
    #[boxed]
    pub async fn stop(self) {
        self.desks.close().await;
    }
}
