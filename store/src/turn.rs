//! Who writes takes turns, on one connection: on SQLite all who write do, on PostgreSQL the process's writer has a
//! connection to itself.
//!
//! Whatever comes back to a pool is first asked, in a task of its own, whether it is still there: whoever writes alone
//! would wait for that. So who sends a transaction whole leaves the connection to the next one. Only who opens one first
//! gives it back, since the transaction takes its own from the pool.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::{Database, Pool, pool::PoolConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{StoreError, gauges};

/// A connection that nobody has used for longer may be dead without anybody knowing: its pool asks it.
const IDLE_MOST: Duration = Duration::from_mins(1);

/// Where those who write wait for their turn.
#[derive(Debug)]
pub(crate) struct Turns<DB: Database> {
    pool: Pool<DB>,
    left: Arc<Mutex<Left<DB>>>,
}

/// The connection that the last one left, and when.
type Left<DB> = Option<(PoolConnection<DB>, Instant)>;

/// The right to write, as long as it is kept.
pub(crate) type Right<DB> = OwnedMutexGuard<Left<DB>>;

/// A turn, with the connection to write on.
pub(crate) struct Turn<DB: Database> {
    pub(crate) connection: PoolConnection<DB>,
    right: Right<DB>,
}

impl<DB: Database> Clone for Turns<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), left: Arc::clone(&self.left) }
    }
}

impl<DB: Database> Turns<DB> {
    pub(crate) fn new(pool: Pool<DB>) -> Self {
        Self { pool, left: Arc::new(Mutex::new(None)) }
    }

    /// Waits for one's turn, as long as the pool lets wait for a connection.
    pub(crate) async fn next(&self) -> Result<Turn<DB>, StoreError> {
        let mut right = self.right().await?;
        let connection = match right.take() {
            Some((left, since)) if since.elapsed() < IDLE_MOST => left,
            idle => {
                drop(idle);
                self.pool.acquire().await?
            }
        };
        Ok(Turn { connection, right })
    }

    /// Waits for one's turn, for a transaction that begins with this statement.
    pub(crate) async fn begin(
        &self,
        statement: &'static str,
    ) -> Result<(sqlx::Transaction<'static, DB>, Right<DB>), StoreError> {
        let mut right = self.right().await?;
        drop(right.take());
        Ok((self.pool.begin_with(statement).await?, right))
    }

    async fn right(&self) -> Result<Right<DB>, StoreError> {
        let wait_most = self.pool.options().get_acquire_timeout();
        let right = tokio::time::timeout(wait_most, Arc::clone(&self.left).lock_owned()).await;
        right.map_err(|_| StoreError::Database(sqlx::Error::PoolTimedOut))
    }

    /// Closes the connection, once nobody is writing.
    pub(crate) async fn close(&self) {
        let mut left = self.left.lock().await;
        drop(left.take());
        self.pool.close().await;
    }
}

impl<DB: Database> Turn<DB> {
    /// Leaves the connection to the next one.
    pub(crate) fn leave(mut self) {
        *self.right = Some((self.connection, gauges::instant()));
    }
}
