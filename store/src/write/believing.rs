//! Whether the clock can be believed. What is recorded under one that is years ahead stays, and is dated years ahead for
//! ever: better to ask once too often.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{ClockDoubt, Store, StoreError, db::Tx, directory, read::network::read_head, write::load::Source};
use ledger::clock::Clock;

/// No network that is used is silent for longer: past its last act by more than this, the clock is believed only where
/// another network of the database was written meanwhile, or by somebody's word.
const SILENCE_MOST: TimeDelta = TimeDelta::days(366);
/// No two machines that keep time at all are further apart.
const APART_MOST: TimeDelta = TimeDelta::days(1);
/// Processes that share a database may be so far apart without a word.
const IN_STEP_MOST: TimeDelta = TimeDelta::minutes(5);

impl Store {
    /// Whether the clock can be believed, by all that the database tells.
    ///
    /// # Errors
    /// [`StoreError::ClockIsAhead`] when it cannot, or when the database does not answer.
    #[boxed]
    pub async fn check_clock(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        let mut tx = self.db().begin_read().await?;
        believed(&mut Source::Open(&mut tx), DateTime::UNIX_EPOCH, clock).await.map(|_| ())
    }

    /// What speaks against the clock, confirmed or not, in any network.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn clock_doubts(&self, now: DateTime<Utc>) -> Result<Vec<ClockDoubt>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let mut last = None;
        for network in directory::all(&mut tx).await? {
            last = last.max(Some(read_head(&mut tx, network).await?.0.last_at));
        }
        let behind = last.filter(|last_act| last_act.signed_duration_since(now) > IN_STEP_MOST);
        let mut doubts: Vec<_> = behind.map(|last_act| ClockDoubt::Behind { now, last_act }).into_iter().collect();
        match check_beside_database(&mut tx, now).await {
            Ok(()) => {}
            Err(StoreError::ClockIsAhead(doubt)) => doubts.push(doubt),
            Err(error) => return Err(error),
        }
        Ok(doubts)
    }
}

/// The present instant, where the clock can be believed. `last_at` is when the network's last act was recorded: within a
/// day of it nothing is looked up.
///
/// # Errors
/// [`StoreError::ClockIsAhead`] when it cannot.
pub(crate) async fn believed(
    source: &mut Source<'_>,
    last_at: DateTime<Utc>,
    clock: &dyn Clock,
) -> Result<DateTime<Utc>, StoreError> {
    let now = clock.now();
    let is_near = |then: DateTime<Utc>, most: TimeDelta| now.signed_duration_since(then) <= most;
    if clock.is_confirmed() || is_near(last_at, APART_MOST) {
        return Ok(now);
    }
    let tx = source.tx().await?;
    check_beside_database(tx, now).await?;
    if !is_near(last_at, SILENCE_MOST)
        && let Some(last_act) = last_before(tx, now).await?
        && !is_near(last_act, SILENCE_MOST)
    {
        return Err(StoreError::ClockIsAhead(ClockDoubt::LastAct { now, last_act }));
    }
    Ok(now)
}

/// A server has a clock of its own, which is not further behind than two machines' clocks are.
async fn check_beside_database(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    let database = match tx {
        // The same machine's clock.
        Tx::Sqlite(_) => return Ok(()),
        Tx::Postgres(transaction) => {
            let (at,): (DateTime<Utc>,) =
                sqlx::query_as("SELECT clock_timestamp()").fetch_one(&mut **transaction).await?;
            at
        }
    };
    if now.signed_duration_since(database) > APART_MOST {
        return Err(StoreError::ClockIsAhead(ClockDoubt::Database { now, database }));
    }
    Ok(())
}

/// When something was last recorded in any network, as far as that is not in the future; `None` where nothing ever was.
/// It stops at the first that was written within [`SILENCE_MOST`].
async fn last_before(tx: &mut Tx, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut last = None;
    for network in directory::all(tx).await? {
        let last_at = read_head(tx, network).await?.0.last_at;
        last = last.max(Some(last_at).filter(|last_at| *last_at <= now));
        if last.is_some_and(|last| now.signed_duration_since(last) <= SILENCE_MOST) {
            break;
        }
    }
    Ok(last)
}
