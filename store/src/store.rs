//! The store itself: what everybody holds who reads or writes.

use std::sync::Arc;

use async_recursion::async_recursion as boxed;

use crate::{Db, StoreError, Swept, rehearsal::Rehearsal};

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

    /// Takes away what erased rows leave behind in the bytes of the database; what stays where is told.
    ///
    /// A file is written anew, which takes as long as copying it.
    ///
    /// # Errors
    /// When the database does not answer, or there is no room for its copy.
    #[boxed]
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        self.db().sweep().await
    }

    /// Puts what was written lately into the file itself, where the database is one: a plain copy of it then lacks little.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn settle(&self) -> Result<(), StoreError> {
        self.db().settle().await
    }

    /// Closes every connection.
    #[boxed]
    pub async fn close(self) {
        self.db.close().await;
    }
}
