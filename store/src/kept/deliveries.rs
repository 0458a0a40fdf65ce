//! What was sent to webhooks, and what came of it.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::on_tx,
    kept::webhooks::{self, Webhook, WebhookState},
    read::page::Page,
    reading::{Pair, RowOf, table_row},
};
use ledger::{ActNumber, NetworkId};

/// What was sent to a webhook, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which act it told of.
    pub act: ActNumber,
    /// How often it was tried.
    pub attempts: i64,
    /// Whether it was received.
    pub is_delivered: bool,
    /// The last status that was answered.
    pub status: Option<u16>,
    /// What went wrong the last time.
    pub problem: Option<String>,
    /// When it was last tried.
    pub tried_at: DateTime<Utc>,
}

impl Store {
    /// What was sent to a webhook, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn deliveries(
        &self,
        network: NetworkId,
        webhook: Uuid,
        page: Page<ActNumber>,
    ) -> Result<Vec<Delivery>, StoreError> {
        let sql = "SELECT act, attempts, is_delivered, status, problem, tried_at FROM webhook_delivery \
                   WHERE network_id = $1 AND webhook = $2 AND act < $3 ORDER BY act DESC LIMIT $4";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<DeliveryRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0)
            .bind(webhook)
            .bind(page.before_number(|act| act.0))
            .bind(i64::from(page.most))
            .fetch_all(connection)
            .await?);
        rows.into_iter().map(|row| row.read(webhook)).collect()
    }

    /// Notes how far a webhook was told, what was sent, and gives the lease back. Where the lease is somebody else's by
    /// now, or was taken back because the log was lost, what was told counts for nothing: it is told again.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn note_deliveries(
        &self,
        webhook: &Webhook,
        deliveries: &[Delivery],
        retry_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        // Its owner may have paused it meanwhile: that stands.
        let sql = "UPDATE webhook SET next_act = $3, failures = $4, retry_at = $5, leased_until = 0, \
                   state = CASE WHEN state = 'active' THEN $6 ELSE state END \
                   WHERE network_id = $1 AND webhook = $2 AND leased_until = $7";
        let noted = on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(webhook.network.0)
            .bind(webhook.webhook)
            .bind(webhook.next_act.0)
            .bind(webhook.failures)
            .bind(retry_at.timestamp_micros())
            .bind(webhook.state.as_str())
            .bind(webhook.leased_until.timestamp_micros())
            .execute(connection)
            .await?
            .rows_affected());
        if noted == 0 {
            return Ok(());
        }
        for delivery in deliveries {
            let sql = "INSERT INTO webhook_delivery (network_id, webhook, act, attempts, is_delivered, status, problem, \
                       tried_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (network_id, webhook, act) \
                       DO UPDATE SET attempts = webhook_delivery.attempts + excluded.attempts, \
                       is_delivered = excluded.is_delivered, status = excluded.status, problem = excluded.problem, \
                       tried_at = excluded.tried_at";
            on_tx!(&mut tx, connection => sqlx::query(sql)
                .bind(webhook.network.0)
                .bind(webhook.webhook)
                .bind(delivery.act.0)
                .bind(delivery.attempts)
                .bind(i64::from(delivery.is_delivered))
                .bind(delivery.status.map(i64::from))
                .bind(delivery.problem.as_deref())
                .bind(delivery.tried_at.timestamp_micros())
                .execute(connection)
                .await
                .map(|_| ())?);
        }
        if webhook.state == WebhookState::Failing {
            webhooks::note_changed(&mut tx, webhook.network).await?;
        }
        tx.commit().await
    }
}

table_row! {
    struct DeliveryRow {
        act: i64,
        attempts: i64,
        is_delivered: i64,
        status: Option<i64>,
        problem: Option<String>,
        tried_at: i64,
    }
}

impl DeliveryRow {
    fn read(self, webhook: Uuid) -> Result<Delivery, StoreError> {
        let row = RowOf("webhook_delivery", Pair(webhook, self.act));
        Ok(Delivery {
            act: ActNumber(self.act),
            attempts: self.attempts,
            is_delivered: row.flag("is_delivered", self.is_delivered)?,
            status: self.status.map(|status| row.number("status", status)).transpose()?,
            problem: self.problem,
            tried_at: row.instant("tried_at", self.tried_at)?,
        })
    }
}
