//! Who writes takes turns, on as many connections as there are: on SQLite all who write share one, on PostgreSQL the
//! process's writers share several.
//!
//! Turns are had in the order in which they were asked for, so that nobody who writes without a pause keeps the others
//! waiting for more than the transaction before them.
//!
//! Whatever comes back to a pool is first asked, in a task of its own, whether it is still there: whoever writes alone
//! would wait for that. So who sends a transaction whole leaves the connection to the next one. Only who opens one first
//! gives it back, since the transaction takes its own from the pool.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Database, Pool, Sqlite, pool::PoolConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{StoreError, file::DatabaseFile, gauges};

/// A connection that nobody has used for longer may be dead without anybody knowing: its pool asks it.
const IDLE_MOST: Duration = Duration::from_mins(1);

/// Where those who write wait for their turn.
#[derive(Debug)]
pub(crate) struct Turns<DB: Database> {
    pool: Pool<DB>,
    /// One for each connection that the pool may have: what is written on and what was left are never more.
    rights: Arc<Semaphore>,
    left: Arc<Mutex<VecDeque<Left<DB>>>>,
    /// Where the connections lead to a file.
    file: Option<Arc<DatabaseFile>>,
}

/// A connection that somebody left, and when. The last one is the first to be used again: where few write, the same few
/// stay warm.
#[derive(Debug)]
struct Left<DB: Database> {
    connection: PoolConnection<DB>,
    since: Instant,
}

/// The right to write, as long as it is kept.
pub(crate) struct Right {
    _permit: OwnedSemaphorePermit,
    file: Option<Arc<DatabaseFile>>,
    is_confirmed: bool,
}

impl Right {
    /// To be asked after the commit and before anybody is told of it: whether it is kept where it will be looked for.
    pub(crate) fn confirm(&mut self) -> Result<(), StoreError> {
        self.is_confirmed = true;
        self.file.as_ref().map_or(Ok(()), |file| file.confirm())
    }
}

impl Drop for Right {
    fn drop(&mut self) {
        if let (false, Some(file)) = (self.is_confirmed, &self.file) {
            file.doubt();
        }
    }
}

/// A transaction, with the right to write in it.
pub(crate) type InTurn<DB> = (sqlx::Transaction<'static, DB>, Right);

/// A turn, with the connection to write on.
pub(crate) struct Turn<DB: Database> {
    pub(crate) connection: PoolConnection<DB>,
    turns: Turns<DB>,
    /// Given up last: whoever comes next finds the connection left.
    right: Right,
}

impl<DB: Database> Clone for Turns<DB> {
    fn clone(&self) -> Self {
        let (rights, left) = (Arc::clone(&self.rights), Arc::clone(&self.left));
        Self { pool: self.pool.clone(), rights, left, file: self.file.clone() }
    }
}

impl<DB: Database> Turns<DB> {
    pub(crate) fn new(pool: Pool<DB>, file: Option<Arc<DatabaseFile>>) -> Self {
        let most = usize::try_from(pool.options().get_max_connections()).unwrap_or(Semaphore::MAX_PERMITS);
        Self { pool, rights: Arc::new(Semaphore::new(most)), left: Arc::default(), file }
    }

    /// Waits for one's turn, however long the others take.
    pub(crate) async fn next(&self) -> Result<Turn<DB>, StoreError> {
        let right = self.right().await?;
        let last = self.left().pop_back();
        let connection = match last {
            Some(Left { connection, since }) if since.elapsed() < IDLE_MOST => connection,
            idle => {
                // Those that were left before have been idle for longer.
                drop(idle);
                self.give_back_all();
                self.pool.acquire().await?
            }
        };
        Ok(Turn { connection, turns: self.clone(), right })
    }

    /// Waits for one's turn, however long the others take, for a transaction that begins with this statement.
    pub(crate) async fn begin(&self, statement: &'static str) -> Result<InTurn<DB>, StoreError> {
        let right = self.right().await?;
        self.begin_with(statement, right).await
    }

    /// The same for who does not wait longer than for a connection.
    pub(crate) async fn begin_in_time(&self, statement: &'static str) -> Result<InTurn<DB>, StoreError> {
        let right = tokio::time::timeout(self.pool.options().get_acquire_timeout(), self.right()).await;
        let right = right.map_err(|_| StoreError::Database(sqlx::Error::PoolTimedOut))?;
        self.begin_with(statement, right?).await
    }

    async fn begin_with(&self, statement: &'static str, right: Right) -> Result<InTurn<DB>, StoreError> {
        let longest = self.left().pop_front();
        drop(longest);
        Ok((self.pool.begin_with(statement).await?, right))
    }

    async fn right(&self) -> Result<Right, StoreError> {
        let permit = Arc::clone(&self.rights).acquire_owned().await;
        let permit = permit.map_err(|_| StoreError::Database(sqlx::Error::PoolClosed))?;
        if let Some(file) = &self.file {
            file.check()?;
        }
        Ok(Right { _permit: permit, file: self.file.clone(), is_confirmed: false })
    }

    fn left(&self) -> MutexGuard<'_, VecDeque<Left<DB>>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pool closes what it finds dead, and what nobody uses.
    fn give_back_all(&self) {
        let all = std::mem::take(&mut *self.left());
        drop(all);
    }

    /// Closes the connections, once nobody is writing.
    pub(crate) async fn close(&self) {
        let most = self.pool.options().get_max_connections();
        let _all = self.rights.acquire_many(most).await;
        self.rights.close();
        self.give_back_all();
        self.pool.close().await;
    }
}

impl Turns<Sqlite> {
    /// Puts what stands in the write-ahead log into the file, as only whoever has it open can once it was taken away.
    pub(crate) async fn empty_log(&self) {
        self.give_back_all();
        if let Ok(mut connection) = self.pool.acquire().await {
            // Whoever closes the database is not told; what cannot be saved here was lost before.
            let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await;
        }
    }
}

impl Turns<Sqlite> {
    /// Writes the whole file anew, so that no byte of rows that were erased stands in it or in the log beside it any more.
    /// Returns whether that is so: not while somebody else still reads what was.
    pub(crate) async fn rewrite(&self) -> Result<bool, StoreError> {
        let mut turn = self.next().await?;
        let connection = &mut *turn.connection;
        // Beside a large file there may not be as much memory.
        for statement in ["PRAGMA temp_store = FILE", "VACUUM", "PRAGMA temp_store = MEMORY"] {
            sqlx::raw_sql(statement).execute(&mut *connection).await?;
        }
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let (is_busy, _, _): (i64, i64, i64) = sqlx::query_as(sql).fetch_one(&mut *connection).await?;
        turn.leave();
        Ok(is_busy == 0)
    }

    /// Puts what stands in the write-ahead log into the file, and empties the log: what was deleted stands there, too. Where
    /// somebody still reads what was before, as much as can be; nobody is waited for.
    pub(crate) async fn shorten_log(&self) -> Result<(), StoreError> {
        let mut turn = self.next().await?;
        let connection = &mut *turn.connection;
        let patience: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut *connection).await?;
        sqlx::raw_sql("PRAGMA busy_timeout = 0").execute(&mut *connection).await?;
        let shortened = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await;
        let patience = format!("PRAGMA busy_timeout = {patience}");
        sqlx::raw_sql(AssertSqlSafe(patience)).execute(&mut *connection).await?;
        shortened?;
        turn.leave();
        Ok(())
    }
}

impl<DB: Database> Turn<DB> {
    /// Leaves the connection to the next one.
    pub(crate) fn leave(self) {
        let now = gauges::instant();
        let mut left = self.turns.left();
        left.push_back(Left { connection: self.connection, since: now });
        // So many have not been needed for a while.
        let is_idle = |left: &mut Left<DB>| now.duration_since(left.since) >= IDLE_MOST;
        let idle = left.pop_front_if(is_idle);
        drop(left);
        drop(idle);
    }

    /// As [`Right::confirm`].
    pub(crate) fn confirm(&mut self) -> Result<(), StoreError> {
        self.right.confirm()
    }

    /// Closes a connection that is lost, and gives back all that were left: what broke the one has broken the others.
    pub(crate) fn lose(mut self) {
        self.connection.close_on_drop();
        self.turns.give_back_all();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use sqlx::sqlite::SqlitePoolOptions;

    use super::*;

    /// A setting of the connection alone, by which it is known.
    async fn mark(turn: &mut Turn<Sqlite>) -> i64 {
        sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut *turn.connection).await.unwrap()
    }

    #[tokio::test]
    async fn turns_are_had_in_order_and_the_connection_left_last_is_used_first() {
        let turns =
            Turns::new(SqlitePoolOptions::new().max_connections(2).connect_lazy("sqlite::memory:").unwrap(), None);
        let [mut one, mut two] = [turns.next().await.unwrap(), turns.next().await.unwrap()];
        sqlx::raw_sql("PRAGMA busy_timeout = 1").execute(&mut *one.connection).await.unwrap();
        sqlx::raw_sql("PRAGMA busy_timeout = 2").execute(&mut *two.connection).await.unwrap();
        let [mut third, mut fourth] = [Box::pin(turns.next()), Box::pin(turns.next())];
        assert!(third.as_mut().now_or_never().is_none());
        assert!(fourth.as_mut().now_or_never().is_none());
        one.leave();
        assert!(fourth.as_mut().now_or_never().is_none());
        let mut third = third.now_or_never().unwrap().unwrap();
        assert_eq!(mark(&mut third).await, 1);
        two.leave();
        let mut fourth = fourth.now_or_never().unwrap().unwrap();
        assert_eq!(mark(&mut fourth).await, 2);
        third.leave();
        fourth.leave();
        assert_eq!(mark(&mut turns.next().await.unwrap()).await, 2);
    }

    #[tokio::test]
    async fn a_connection_that_is_lost_takes_those_that_were_left_with_it() {
        let turns =
            Turns::new(SqlitePoolOptions::new().max_connections(3).connect_lazy("sqlite::memory:").unwrap(), None);
        let [one, two, three] = [turns.next().await, turns.next().await, turns.next().await].map(Result::unwrap);
        one.leave();
        two.leave();
        assert_eq!(turns.left().len(), 2);
        three.lose();
        assert_eq!(turns.left().len(), 0);
        assert_eq!(turns.rights.available_permits(), 3);
    }
}
