//! A database that is being put back from a backup. Nobody sees it before it is committed: whatever has to be done first,
//! since it was lost with what came after the backup, is done until then, or nothing is.

use std::io::Read;
use std::sync::Arc;

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};

use crate::{
    BackupSummary, HeadStanding, NetworkEntry, Store, StoreError, SystemSecrets, WriteError,
    backup::fill,
    db::Tx,
    read::{
        heads::{log_name, signed_heads, standing_of},
        keys::announced_keys,
        network::{entry, read_head},
        persons::{named_persons, who_came_back},
    },
    write::{asking::Work, commit},
};
use ledger::{
    NetworkId, PersonNumber, checkpoint::Checkpoint, clock::Clock, command::Request, decide::RejectedRequest,
    key::AnnouncedKey, keyring::ErasedPerson,
};

/// A database with a backup's rows in it that are not committed yet. Where it is let go, nothing was restored.
pub struct Restoring {
    tx: Tx,
    /// What the backup held.
    pub summary: BackupSummary,
    networks: Vec<NetworkId>,
}

/// A network as a backup has it.
#[derive(Debug, Clone)]
pub struct RestoredNetwork {
    /// The network.
    pub entry: NetworkEntry,
    /// The log as it goes on from here, signed or not.
    pub head: Checkpoint,
    /// The last signed head that the backup knows of.
    pub signed: Option<Checkpoint>,
    /// The keys that it knows of.
    pub keys: Vec<AnnouncedKey>,
    /// When its last act was recorded.
    pub last_act_at: DateTime<Utc>,
    /// How many persons it names.
    pub persons: u64,
}

impl Store {
    /// Restores a backup into this database, which has to be empty: all of it or nothing.
    ///
    /// # Errors
    /// As [`begin_restoring`](Self::begin_restoring).
    #[boxed]
    pub async fn restore(
        &self,
        input: &mut (dyn Read + Send),
        now: DateTime<Utc>,
    ) -> Result<BackupSummary, StoreError> {
        let restoring = self.begin_restoring(input, now).await?;
        let summary = restoring.summary.clone();
        restoring.commit().await.map(|()| summary)
    }

    /// Puts a backup's rows into this database, which has to be empty, without committing them. Whatever opened the network
    /// then may have been taken back since: tokens, sessions and links end, webhooks rest.
    ///
    /// # Errors
    /// When the file is no backup, is damaged or incomplete, or the database is not empty.
    #[boxed]
    pub async fn begin_restoring(
        &self,
        input: &mut (dyn Read + Send),
        now: DateTime<Utc>,
    ) -> Result<Restoring, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let (summary, networks) = fill(&mut tx, input, now).await?;
        Ok(Restoring { tx, summary, networks })
    }
}

impl Restoring {
    /// The networks, as the backup has them.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn networks(&mut self) -> Result<Vec<RestoredNetwork>, StoreError> {
        let mut found = Vec::with_capacity(self.networks.len());
        for &network in &self.networks {
            let tx = &mut self.tx;
            let (head, root) = read_head(tx, network).await?;
            found.push(RestoredNetwork {
                entry: entry(tx, network).await?.ok_or(StoreError::NoNetwork)?,
                head: Checkpoint { origin: log_name(tx, network).await?, size: head.log_size(), root },
                signed: signed_heads(tx, network, 1).await?.into_iter().next().map(|signed| signed.head),
                keys: announced_keys(tx, network).await?,
                last_act_at: head.last_at,
                persons: named_persons(tx, network).await?,
            });
        }
        Ok(found)
    }

    /// What a signed head says of the log as it is here.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn standing_of(&mut self, network: NetworkId, head: &Checkpoint) -> Result<HeadStanding, StoreError> {
        standing_of(&mut self.tx, network, head).await
    }

    /// Those who are listed as erased and not erased here.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn who_came_back(
        &mut self,
        network: NetworkId,
        listed: &[ErasedPerson],
    ) -> Result<Vec<PersonNumber>, StoreError> {
        who_came_back(&mut self.tx, network, listed).await
    }

    /// Carries out a request, to be committed with the rest.
    ///
    /// # Errors
    /// Where the rules forbid it, nothing was done; after any other error nothing can be restored.
    #[boxed]
    pub async fn carry_out(
        &mut self,
        network: NetworkId,
        request: Request,
        clock: &dyn Clock,
    ) -> Result<(), WriteError> {
        let unavailable = |error| WriteError::Unavailable(Arc::new(error));
        let works = [Work::One(Box::new(request))];
        let secrets = &mut SystemSecrets::new();
        let prepared = commit::decide_locked(&mut self.tx, network, &works, &mut None, clock, secrets).await;
        let prepared = prepared.map_err(unavailable)?;
        let answers = commit::write_within(&mut self.tx, network, prepared).await;
        match answers.map_err(unavailable)?.pop() {
            Some(Err(RejectedRequest { rejection, .. })) => Err(WriteError::Rejected(rejection)),
            Some(Ok(_)) => Ok(()),
            None => Err(WriteError::Stopped),
        }
    }

    /// Makes all of it stand.
    ///
    /// # Errors
    /// When the database does not answer: then nothing was restored.
    #[boxed]
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}
