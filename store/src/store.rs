//! The store itself: what everybody holds who reads or writes.

use async_recursion::async_recursion as boxed;

use crate::Db;

/// A database that holds networks.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
}

impl Store {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
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
