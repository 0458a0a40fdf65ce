//! What a coordinator asks first in the morning: who has not been heard of, and since when nothing was sealed.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    reading::{RowOf, table_row},
};
use ledger::{AssociationNumber, NetworkId};

/// When a member was heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeardOf {
    /// Which member.
    pub association: AssociationNumber,
    /// When it was admitted, or asked to be.
    pub joined_at: DateTime<Utc>,
    /// When its account last moved, or somebody last spoke of an exchange of its that is open; when it joined, where
    /// there was neither.
    pub last_at: DateTime<Utc>,
}

impl Store {
    /// When each member that has not left was last heard of, in the order in which they joined. Of each account one end
    /// of an index is read, and the exchanges that are open.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn heard_of(&self, network: NetworkId) -> Result<Vec<HeardOf>, StoreError> {
        let sql = "SELECT m.association, j.recorded_at AS joined_at, \
                   (SELECT a.recorded_at FROM posting AS p JOIN act AS a ON a.network_id = p.network_id \
                   AND a.number = p.act WHERE p.network_id = $1 AND p.account = m.association AND p.book = 'exchange' \
                   ORDER BY p.sequence DESC LIMIT 1) AS posted_at, \
                   (SELECT max(a.recorded_at) FROM exchange AS e JOIN act AS a ON a.network_id = e.network_id \
                   AND a.number = e.spoken_in WHERE e.network_id = $1 AND e.giver = m.association \
                   AND e.state in ('proposed', 'contested', 'held')) AS giving_at, \
                   (SELECT max(a.recorded_at) FROM exchange AS e JOIN act AS a ON a.network_id = e.network_id \
                   AND a.number = e.spoken_in WHERE e.network_id = $1 AND e.receiver = m.association \
                   AND e.state in ('proposed', 'contested', 'held')) AS receiving_at \
                   FROM association AS m JOIN act AS j ON j.network_id = m.network_id AND j.number = m.association \
                   WHERE m.network_id = $1 AND m.state <> 'left' ORDER BY m.association";
        let mut tx = self.db().begin_read().await?;
        select::<HeardOfRow>(&mut tx, network, sql).await?.into_iter().map(HeardOfRow::read).collect()
    }

    /// Since when the keys are in use that have been so for longest; `None` where there is none.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn oldest_key_since(&self, network: NetworkId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT k.purpose, max(a.recorded_at) AS since FROM network_key AS k \
                   JOIN act AS a ON a.network_id = k.network_id AND a.number = k.act \
                   WHERE k.network_id = $1 GROUP BY k.purpose";
        let mut tx = self.db().begin_read().await?;
        let since = select::<(String, i64)>(&mut tx, network, sql).await?.into_iter().map(|(_, since)| since).min();
        since.map(|since| RowOf("act", network).instant("recorded_at", since)).transpose()
    }

    /// When the oldest act was recorded that no signed head covers; `None` where all are covered.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn unsealed_since(&self, network: NetworkId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT a.number, a.recorded_at FROM act AS a WHERE a.network_id = $1 AND a.number >= coalesce(\
                   (SELECT c.size FROM log_checkpoint AS c WHERE c.network_id = $1 \
                   ORDER BY c.generation DESC, c.size DESC LIMIT 1), 0) ORDER BY a.number LIMIT 1";
        let mut tx = self.db().begin_read().await?;
        let row: Option<(i64, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).fetch_optional(connection).await?
        });
        row.map(|(act, at)| RowOf("act", act).instant("recorded_at", at)).transpose()
    }
}

table_row! {
    struct HeardOfRow {
        association: i64,
        joined_at: i64,
        posted_at: Option<i64>,
        giving_at: Option<i64>,
        receiving_at: Option<i64>,
    }
}

impl HeardOfRow {
    fn read(self) -> Result<HeardOf, StoreError> {
        let row = RowOf("act", self.association);
        let joined_at = row.instant("recorded_at", self.joined_at)?;
        let mut last_at = joined_at;
        for heard in [self.posted_at, self.giving_at, self.receiving_at] {
            last_at = last_at.max(row.maybe_instant("recorded_at", heard)?.unwrap_or(joined_at));
        }
        Ok(HeardOf { association: AssociationNumber(self.association), joined_at, last_at })
    }
}
