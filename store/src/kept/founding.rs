//! Links for a network's first coordinator: they stand on the terminal of whoever sets it up.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};

use crate::{
    Store, StoreError,
    db::on_tx,
    kept::tokens::{self, Opens},
};
use ledger::{Digest, NetworkId};

impl Store {
    /// Whether somebody who acts for the network can sign in: with a password, a card, a session that holds or, where the
    /// service sends mail, an address.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn can_a_coordinator_sign_in(
        &self,
        network: NetworkId,
        sends_mail: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT r.person FROM role AS r WHERE r.network_id = $1 AND r.role = 'coordinator' AND (\
                   EXISTS (SELECT 1 FROM credential AS c WHERE c.network_id = $1 AND c.person = r.person) \
                   OR EXISTS (SELECT 1 FROM access_token AS t WHERE t.network_id = $1 AND t.kind = 'session' \
                   AND t.principal = 'person:' || cast(r.person AS text) AND t.revoked_at IS NULL \
                   AND (t.expires_at IS NULL OR t.expires_at > $2)) \
                   OR EXISTS (SELECT 1 FROM card AS d WHERE d.network_id = $1 AND d.person = r.person \
                   AND d.used_at IS NULL AND d.ended_at IS NULL AND d.expires_at > $2) \
                   OR ($3 = 1 AND EXISTS (SELECT 1 FROM person_identity AS i WHERE i.network_id = $1 \
                   AND i.person = r.person AND i.email IS NOT NULL))) LIMIT 1";
        let mut tx = self.db().begin_read().await?;
        let found: Option<(i64,)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0)
            .bind(now.timestamp_micros())
            .bind(i64::from(sends_mail))
            .fetch_optional(connection)
            .await?);
        Ok(found.is_some())
    }

    /// Keeps a new link, and forgets those of long ago.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn add_founding_link(
        &self,
        network: NetworkId,
        secret: Digest,
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let now = now.timestamp_micros();
        let mut tx = self.db().begin_write().await?;
        let sql = "DELETE FROM founding_link WHERE network_id = $1 AND expires_at <= $2";
        on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(now).execute(connection).await.map(|_| ())?;
        });
        let sql = "INSERT INTO founding_link (network_id, secret, created_at, expires_at) VALUES ($1, $2, $3, $4)";
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(secret.0.to_vec())
            .bind(now)
            .bind(expires_at.timestamp_micros())
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await
    }

    /// Whether a link works.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn founding_link_works(
        &self,
        network: NetworkId,
        secret: Digest,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT created_at FROM founding_link WHERE network_id = $1 AND secret = $2 AND ended_at IS NULL \
                   AND expires_at > $3";
        let mut tx = self.db().begin_read().await?;
        let found: Option<(i64,)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(secret.0.to_vec()).bind(now.timestamp_micros()).fetch_optional(connection).await?);
        Ok(found.is_some())
    }

    /// Uses a link, after which none works. `false` when it works no longer.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn use_founding_link(
        &self,
        network: NetworkId,
        secret: Digest,
        opens: &Opens,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE founding_link SET ended_at = $3 WHERE network_id = $1 AND secret = $2 AND ended_at IS NULL \
                   AND expires_at > $3";
        let used = on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(secret.0.to_vec())
            .bind(now.timestamp_micros())
            .execute(connection)
            .await?
            .rows_affected());
        if used == 0 || tokens::open(&mut tx, network, opens, now).await? == 0 {
            return Ok(false);
        }
        let sql = "UPDATE founding_link SET ended_at = $2 WHERE network_id = $1 AND ended_at IS NULL";
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0).bind(now.timestamp_micros()).execute(connection).await.map(|_| ())?);
        tx.commit().await?;
        Ok(true)
    }
}
