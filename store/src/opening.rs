//! A database is opened: its schema is brought up to date, and what earlier versions left in it that SQL alone cannot mend.

use async_recursion::async_recursion as boxed;

use crate::{Db, Store, StoreError, directory, hiding::hide};

impl Store {
    /// Opens a database, brings its schema up to date, enters into its directory the networks that an earlier version left in
    /// it, and hides what its acts have in plain text from before keys were hidden.
    ///
    /// # Errors
    /// As [`Db::open`].
    // Not `Send`: whoever opens a database waits for it.
    #[boxed(?Send)]
    pub async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        let store = Self::new(Db::open(url, create).await?);
        // Seldom, and then once: mostly reading alone tells that there is nothing to do.
        if directory::is_any_to_enter(&mut store.db().begin_read().await?).await? {
            let mut tx = store.db().begin_write().await?;
            directory::enter_all(&mut tx).await?;
            tx.commit().await?;
        }
        if !store.db().is_read_only() {
            store.hide_former_keys().await?;
        }
        Ok(store)
    }

    /// What earlier versions left readable is hidden, a network at a time, and taken out of the bytes of the file.
    async fn hide_former_keys(&self) -> Result<(), StoreError> {
        let networks = directory::with_former_keys(&mut self.db().begin_read().await?).await?;
        let mut hidden = 0;
        for network in networks {
            let mut tx = self.db().begin_write().await?;
            hidden += hide(&mut tx, network).await?;
            tx.commit().await?;
        }
        if hidden > 0 {
            // Where there is no room for the copy, the next erasure writes the file anew, or says that it cannot.
            let _ = self.sweep().await;
        }
        Ok(())
    }
}
