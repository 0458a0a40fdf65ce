//! Webhooks: who is told of acts, how far they have been told, and what came of it.
//!
//! A webhook is a reader of the acts with a place of its own, moved on only after an act was received: nothing is
//! lost, and nothing is sent for what did not happen. Processes on one database take turns by a lease.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    error::impossible,
    principal::principal_from,
};
use ledger::{ActNumber, AssociationNumber, NetworkId, command::Principal};

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its network.
    pub network: NetworkId,
    /// Its name.
    pub webhook: Uuid,
    /// Where to send.
    pub url: String,
    /// The key of its signatures.
    pub secret: String,
    /// The kinds of acts, between spaces; empty for all.
    pub kinds: String,
    /// The association whose acts it sees; `None` for all of the network's.
    pub association: Option<AssociationNumber>,
    /// Who made it.
    pub principal: Principal,
    /// `active`, `paused`, or `failing` after too many failures in a row.
    pub state: String,
    /// The first act that it has not been told of.
    pub next_act: ActNumber,
    /// Failures in a row.
    pub failures: i64,
    /// How often it was changed: 1 at first.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

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
    pub status: Option<i64>,
    /// What went wrong the last time.
    pub problem: Option<String>,
    /// When it was last tried.
    pub tried_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct WebhookRow {
    network_id: i64,
    webhook: Uuid,
    url: String,
    secret: String,
    kinds: String,
    association: i64,
    principal: String,
    state: String,
    next_act: i64,
    failures: i64,
    version: i64,
    created_at: i64,
}

const COLUMNS: &str =
    "network_id, webhook, url, secret, kinds, association, principal, state, next_act, failures, version, created_at";

impl TryFrom<WebhookRow> for Webhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let wrong = |problem: &str| impossible("webhook", row.webhook, problem.to_owned());
        Ok(Self {
            network: NetworkId(row.network_id),
            webhook: row.webhook,
            principal: principal_from(&row.principal).ok_or_else(|| wrong("a principal that cannot be"))?,
            created_at: DateTime::from_timestamp_micros(row.created_at)
                .ok_or_else(|| wrong("an instant out of range"))?,
            url: row.url,
            secret: row.secret,
            kinds: row.kinds,
            association: (row.association != 0).then_some(AssociationNumber(row.association)),
            state: row.state,
            next_act: ActNumber(row.next_act),
            failures: row.failures,
            version: row.version,
        })
    }
}

impl Store {
    /// The webhooks of a network, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn webhooks(&self, network: NetworkId) -> Result<Vec<Webhook>, StoreError> {
        let sql = "SELECT network_id, webhook, url, secret, kinds, association, principal, state, next_act, failures, \
                   version, created_at FROM webhook WHERE network_id = $1 ORDER BY webhook";
        let mut tx = self.db().begin_read().await?;
        select::<WebhookRow>(&mut tx, network, sql).await?.into_iter().map(Webhook::try_from).collect()
    }

    /// What was sent to a webhook, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn deliveries(
        &self,
        network: NetworkId,
        webhook: Uuid,
        before: Option<ActNumber>,
        most: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let sql = format!(
            "SELECT act, attempts, is_delivered, status, problem, tried_at FROM webhook_delivery \
             WHERE network_id = $1 AND webhook = $2 AND act < $3 ORDER BY act DESC LIMIT {most}"
        );
        type Row = (i64, i64, i64, Option<i64>, Option<String>, i64);
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<Row> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(webhook)
            .bind(before.map_or(i64::MAX, |act| act.0))
            .fetch_all(connection)
            .await?);
        rows.into_iter()
            .map(|(act, attempts, is_delivered, status, problem, tried_at)| {
                Ok(Delivery {
                    act: ActNumber(act),
                    attempts,
                    is_delivered: is_delivered != 0,
                    status,
                    problem,
                    tried_at: DateTime::from_timestamp_micros(tried_at)
                        .ok_or_else(|| impossible("webhook_delivery", act, "an instant out of range".to_owned()))?,
                })
            })
            .collect()
    }

    /// A webhook that has acts to be told of, for this process alone until the lease ends.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn lease_webhook(&self, now: DateTime<Utc>, lease: TimeDelta) -> Result<Option<Webhook>, StoreError> {
        // Most of the time there is nothing to do, which reading alone finds out.
        let due = "SELECT w.network_id, w.webhook FROM webhook AS w JOIN head AS h ON h.network_id = w.network_id \
                   WHERE w.state = 'active' AND w.next_act < h.next_act AND w.retry_at <= $1 AND w.leased_until <= $1 \
                   ORDER BY w.leased_until LIMIT 1";
        let micros = now.timestamp_micros();
        let mut tx = self.db().begin_read().await?;
        let found: Option<(i64, Uuid)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(due).bind(micros).fetch_optional(connection).await?
        });
        drop(tx);
        let Some((network, webhook)) = found else { return Ok(None) };
        let sql = format!(
            "UPDATE webhook SET leased_until = $4 WHERE network_id = $1 AND webhook = $2 AND leased_until <= $3 \
             AND state = 'active' RETURNING {COLUMNS}"
        );
        let mut tx = self.db().begin_write().await?;
        let row: Option<WebhookRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network)
            .bind(webhook)
            .bind(micros)
            .bind((now + lease).timestamp_micros())
            .fetch_optional(connection)
            .await?);
        tx.commit().await?;
        row.map(Webhook::try_from).transpose()
    }

    /// Notes how far a webhook was told, what was sent, and gives the lease back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_deliveries(
        &self,
        webhook: &Webhook,
        deliveries: &[Delivery],
        retry_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
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
                .bind(delivery.status)
                .bind(delivery.problem.as_deref())
                .bind(delivery.tried_at.timestamp_micros())
                .execute(connection)
                .await
                .map(|_| ())?);
        }
        // Its owner may have paused it meanwhile: that stands.
        let sql = "UPDATE webhook SET next_act = $3, failures = $4, retry_at = $5, leased_until = 0, \
                   state = CASE WHEN state = 'active' THEN $6 ELSE state END WHERE network_id = $1 AND webhook = $2";
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(webhook.network.0)
            .bind(webhook.webhook)
            .bind(webhook.next_act.0)
            .bind(webhook.failures)
            .bind(retry_at.timestamp_micros())
            .bind(&webhook.state)
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await
    }
}
