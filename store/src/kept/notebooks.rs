//! Notebooks that somebody laid on a page to have them compared. Each belongs to one session and one association; it is
//! forgotten at their wish, with the session, or after an hour, and no backup holds it.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    reading::{Pair, RowOf, table_row},
};
use ledger::{AssociationNumber, NetworkId};

/// A notebook that lies on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidNotebook {
    /// What tells this one from the one that lay there before.
    pub reading: String,
    /// The name of the file.
    pub name: String,
    /// What was read of it.
    pub cells: Vec<u8>,
    /// What somebody said of it.
    pub said: String,
    /// When it was laid there.
    pub laid_at: DateTime<Utc>,
}

/// On whose page a notebook lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageOf {
    /// The session.
    pub session: Uuid,
    /// For whom they act in it.
    pub association: AssociationNumber,
}

impl Store {
    /// Lays a notebook on a page, in the place of the one that lay there.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn lay_notebook(
        &self,
        network: NetworkId,
        page: PageOf,
        notebook: &LaidNotebook,
    ) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        forget(&mut tx, network, page).await?;
        let sql = "INSERT INTO notebook (network_id, session, association, reading, name, cells, said, laid_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                   ON CONFLICT (network_id, session, association) DO UPDATE SET reading = excluded.reading, \
                   name = excluded.name, cells = excluded.cells, said = excluded.said, laid_at = excluded.laid_at";
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(page.session)
            .bind(page.association.0)
            .bind(&notebook.reading)
            .bind(&notebook.name)
            .bind(&notebook.cells)
            .bind(&notebook.said)
            .bind(notebook.laid_at.timestamp_micros())
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await
    }

    /// The notebook on a page, if it was laid there after an instant.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn laid_notebook(
        &self,
        network: NetworkId,
        page: PageOf,
        after: DateTime<Utc>,
    ) -> Result<Option<LaidNotebook>, StoreError> {
        let sql = "SELECT reading, name, cells, said, laid_at FROM notebook \
                   WHERE network_id = $1 AND session = $2 AND association = $3 AND laid_at > $4";
        let mut tx = self.db().begin_read().await?;
        let row: Option<NotebookRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0)
            .bind(page.session)
            .bind(page.association.0)
            .bind(after.timestamp_micros())
            .fetch_optional(connection)
            .await?);
        row.map(|row| row.read(page)).transpose()
    }

    /// Keeps what somebody says of the notebook on a page. `false` where another one lies there, or none.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn say_of_notebook(
        &self,
        network: NetworkId,
        page: PageOf,
        reading: &str,
        said: &str,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE notebook SET said = $5 \
                   WHERE network_id = $1 AND session = $2 AND association = $3 AND reading = $4";
        let mut tx = self.db().begin_write().await?;
        // The row is written anew, cells and all.
        overwrite(&mut tx, true).await?;
        let found = on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(page.session)
            .bind(page.association.0)
            .bind(reading)
            .bind(said)
            .execute(connection)
            .await?
            .rows_affected());
        overwrite(&mut tx, false).await?;
        tx.commit().await?;
        Ok(found > 0)
    }

    /// Forgets the notebook on a page.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn forget_notebook(&self, network: NetworkId, page: PageOf) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        forget(&mut tx, network, page).await?;
        tx.commit().await
    }

    /// Forgets the notebooks that were laid on a page by an instant, and those whose session has ended. Returns how many
    /// those were.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn sweep_notebooks(
        &self,
        network: NetworkId,
        by: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        // Most of the time there is none, and nobody who writes has to wait for that.
        let sql = format!("SELECT laid_at FROM notebook WHERE network_id = $1 AND {IS_OVER} LIMIT 1");
        let found: Option<(i64,)> = on_tx!(&mut self.db().begin_read().await?, connection => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(network.0)
                .bind(by.timestamp_micros())
                .bind(now.timestamp_micros())
                .fetch_optional(connection)
                .await?
        });
        if found.is_none() {
            return Ok(0);
        }
        let mut tx = self.db().begin_write().await?;
        overwrite(&mut tx, true).await?;
        let sql = format!("DELETE FROM notebook WHERE network_id = $1 AND {IS_OVER}");
        let swept = on_tx!(&mut tx, connection => sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(network.0)
            .bind(by.timestamp_micros())
            .bind(now.timestamp_micros())
            .execute(connection)
            .await?
            .rows_affected());
        overwrite(&mut tx, false).await?;
        tx.commit().await?;
        Ok(swept)
    }
}

/// Whose hour, or whose session, is over: `$2` is an hour ago, `$3` now.
const IS_OVER: &str = "(laid_at <= $2 OR NOT EXISTS (SELECT 1 FROM access_token AS t WHERE t.network_id = $1 \
                       AND t.token = notebook.session AND t.revoked_at IS NULL \
                       AND (t.expires_at IS NULL OR t.expires_at > $3)))";

/// Forgets the notebooks of sessions that were ended at this instant, in the transaction that ends them.
pub(crate) async fn forget_ended(tx: &mut Tx, network: NetworkId, now: DateTime<Utc>) -> Result<(), StoreError> {
    overwrite(tx, true).await?;
    let sql = "DELETE FROM notebook WHERE network_id = $1 AND session IN \
               (SELECT t.token FROM access_token AS t WHERE t.network_id = $1 AND t.revoked_at = $2)";
    on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0).bind(now.timestamp_micros()).execute(connection).await.map(|_| ())?);
    overwrite(tx, false).await
}

async fn forget(tx: &mut Tx, network: NetworkId, page: PageOf) -> Result<(), StoreError> {
    overwrite(tx, true).await?;
    let sql = "DELETE FROM notebook WHERE network_id = $1 AND session = $2 AND association = $3";
    on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0).bind(page.session).bind(page.association.0).execute(connection).await.map(|_| ())?);
    overwrite(tx, false).await
}

/// What SQLite deletes it leaves in its file until the place is needed, unless it is told to write over it. A server
/// clears up after itself.
async fn overwrite(tx: &mut Tx, is_wanted: bool) -> Result<(), StoreError> {
    if let Tx::Sqlite(transaction) = tx {
        let sql = if is_wanted { "PRAGMA secure_delete = 1" } else { "PRAGMA secure_delete = 0" };
        sqlx::query(sql).execute(&mut **transaction).await?;
    }
    Ok(())
}

table_row! {
    struct NotebookRow {
        reading: String,
        name: String,
        cells: Vec<u8>,
        said: String,
        laid_at: i64,
    }
}

impl NotebookRow {
    fn read(self, page: PageOf) -> Result<LaidNotebook, StoreError> {
        let laid_at = RowOf("notebook", Pair(page.session, page.association)).instant("laid_at", self.laid_at)?;
        let Self { reading, name, cells, said, .. } = self;
        Ok(LaidNotebook { reading, name, cells, said, laid_at })
    }
}
