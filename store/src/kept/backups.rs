//! When a network was last put into a backup.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};

use crate::{Store, StoreError, db::on_tx, directory, reading::RowOf};
use ledger::NetworkId;

impl Store {
    /// All networks were put into a backup.
    ///
    /// # Errors
    /// When the database does not answer or takes no writes.
    #[boxed]
    pub async fn note_backup(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "INSERT INTO backup_made (network_id, made_at) VALUES ($1, $2) \
                   ON CONFLICT (network_id) DO UPDATE SET made_at = excluded.made_at";
        for network in directory::all(&mut tx).await? {
            on_tx!(&mut tx, connection => sqlx::query(sql)
                .bind(network.0)
                .bind(now.timestamp_micros())
                .execute(connection)
                .await
                .map(|_| ())?);
        }
        tx.commit().await
    }

    /// When a network was last put into a backup; `None` where this program never did.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn last_backup(&self, network: NetworkId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT made_at FROM backup_made WHERE network_id = $1";
        let mut tx = self.db().begin_read().await?;
        let row: Option<(i64,)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).fetch_optional(connection).await?
        });
        row.map(|(at,)| RowOf("backup_made", network).instant("made_at", at)).transpose()
    }
}
