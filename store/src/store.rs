//! The store itself: what everybody holds who reads or writes.

use std::sync::Arc;

use async_recursion::async_recursion as boxed;

use crate::{Db, StoreError, rehearsal::Rehearsal};

/// A database that holds networks.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
    rehearsal: Arc<Rehearsal>,
}

impl Store {
    pub(crate) fn new(db: Db) -> Self {
        Self { db, rehearsal: Arc::new(Rehearsal::new()) }
    }

    /// The database itself.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Whether what is written is kept, found out by writing, once a second at most.
    ///
    /// # Errors
    /// Why it is not.
    #[boxed]
    pub async fn try_writing(&self) -> Result<(), Arc<StoreError>> {
        self.rehearsal.ask(&self.db).await
    }

    /// Closes every connection.
    #[boxed]
    pub async fn close(self) {
        self.db.close().await;
    }
}
