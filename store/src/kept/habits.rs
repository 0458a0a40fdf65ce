//! What somebody said about an association's notebooks, kept so that nobody has to say it twice.

use crate::{
    Store, StoreError,
    db::{on_tx, select},
};
use ledger::{AssociationNumber, NetworkId};

impl Store {
    /// What is remembered about an association's notebooks: kind, what is written, what it means; sorted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notebook_habits(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Vec<(String, String, String)>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT association, kind, written, meaning FROM notebook_habit WHERE network_id = $1";
        let all = select::<(i64, String, String, String)>(&mut tx, network, sql).await?;
        let own = all.into_iter().filter(|(of, ..)| *of == association.0);
        let mut habits: Vec<_> = own.map(|(_, kind, written, meaning)| (kind, written, meaning)).collect();
        habits.sort_unstable();
        Ok(habits)
    }

    /// Remembers something about an association's notebooks; what was said of the same before is replaced.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_notebook_habits(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        habits: &[(String, String, String)],
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO notebook_habit (network_id, association, kind, written, meaning) \
                   VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (network_id, association, kind, written) DO UPDATE SET meaning = excluded.meaning";
        let mut tx = self.db().begin_write().await?;
        for (kind, written, meaning) in habits {
            on_tx!(&mut tx, connection => {
                sqlx::query(sql)
                    .bind(network.0)
                    .bind(association.0)
                    .bind(kind)
                    .bind(written)
                    .bind(meaning)
                    .execute(connection)
                    .await?;
            });
        }
        tx.commit().await
    }
}
