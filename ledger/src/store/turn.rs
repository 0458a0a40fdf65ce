//! One connection for all who write, one after the other.
//!
//! Whatever comes back to a pool is first asked, in a task of its own, whether it is still there: whoever writes alone
//! would wait for that. So the writer leaves its connection to the next one who writes, and only a connection that failed
//! goes back to the pool.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{Database, Pool, pool::PoolConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::StoreError;

/// As long as a pool lets wait for a connection.
const WAIT_MOST: Duration = Duration::from_secs(10);

/// Where those who write wait for their turn.
#[derive(Debug)]
pub(crate) struct Turns<DB: Database> {
    pool: Pool<DB>,
    /// The connection that the last one left.
    left: Arc<Mutex<Option<PoolConnection<DB>>>>,
}

impl<DB: Database> Clone for Turns<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), left: Arc::clone(&self.left) }
    }
}

/// The right to write, as long as it is kept.
pub(crate) type Right<DB> = OwnedMutexGuard<Option<PoolConnection<DB>>>;

/// A turn, with the connection to write on.
pub(crate) struct Turn<DB: Database> {
    pub(crate) connection: PoolConnection<DB>,
    right: Right<DB>,
}

impl<DB: Database> Turns<DB> {
    pub(crate) fn new(pool: Pool<DB>) -> Self {
        Self { pool, left: Arc::default() }
    }

    /// Waits for one's turn.
    pub(crate) async fn next(&self) -> Result<Turn<DB>, StoreError> {
        let mut right = self.right().await?;
        let connection = match right.take() {
            Some(left) => left,
            None => self.pool.acquire().await?,
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
        let right = tokio::time::timeout(WAIT_MOST, Arc::clone(&self.left).lock_owned()).await;
        right.map_err(|_| StoreError::Database(sqlx::Error::PoolTimedOut))
    }

    pub(crate) async fn close(&self) {
        drop(self.left.lock().await.take());
        self.pool.close().await;
    }
}

impl<DB: Database> Turn<DB> {
    /// Leaves the connection to the next one.
    pub(crate) fn leave(mut self) {
        *self.right = Some(self.connection);
    }
}
