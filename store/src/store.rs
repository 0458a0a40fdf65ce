//! The store itself: what everybody holds who reads or writes.

use async_recursion::async_recursion as boxed;

use crate::{Db, StoreError};

/// A database that holds networks.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
}

impl Store {
    /// Opens a database and brings its schema up to date.
    ///
    /// # Errors
    /// As [`Db::open`].
    // Not `Send`: whoever opens a database waits for it.
    #[boxed(?Send)]
    pub async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        Ok(Self { db: Db::open(url, create).await? })
    }

    /// The database itself.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Closes every connection.
    #[boxed]
    pub async fn close(self) {
        self.db.close().await;
    }
}
