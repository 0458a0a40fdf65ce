//! Webhooks: who is told of acts, and how far they have been told.
//!
//! A webhook is a reader of the acts with a place of its own, moved on only after an act was received: nothing is
//! lost, and nothing is sent for what did not happen. Processes on one database take turns by a lease.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    directory,
    principal::principal_text,
    reading::{Found, RowOf, table_row},
};
use ledger::{ActNumber, AssociationNumber, NetworkId, UnknownWord, act::ActKind, command::Principal};

/// An association has so many webhooks at most, and so has the network beside them.
pub const ASSOCIATION_WEBHOOKS_MOST: usize = 10;
/// A network has so many in all.
pub const NETWORK_WEBHOOKS_MOST: usize = 200;

/// Which webhooks of a network may have their turn now; unless said, all of them. `None` among associations stands for
/// webhooks that are told of all of the network's acts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turns {
    /// Only those that did not fail the last time.
    pub only_healthy: bool,
    /// None of theirs.
    pub none_of: Vec<Option<AssociationNumber>>,
    /// Of theirs, only those that did not fail the last time.
    pub only_healthy_of: Vec<Option<AssociationNumber>>,
}

/// Whether a webhook is told of acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    /// It is.
    Active,
    /// Its owner lets it rest.
    Paused,
    /// It failed too often in a row.
    Failing,
}

impl WebhookState {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Failing => "failing",
        }
    }
}

impl TryFrom<&str> for WebhookState {
    type Error = UnknownWord;

    fn try_from(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "active" => Ok(Self::Active),
            "paused" => Ok(Self::Paused),
            "failing" => Ok(Self::Failing),
            other => Err(UnknownWord { found: other.to_owned(), expected: &["active", "paused", "failing"] }),
        }
    }
}

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
    /// The kinds of acts; empty for all.
    pub kinds: Vec<ActKind>,
    /// The association whose acts it sees; `None` for all of the network's.
    pub association: Option<AssociationNumber>,
    /// Who made it.
    pub principal: Principal,
    /// Whether it is told of acts.
    pub state: WebhookState,
    /// The first act that it has not been told of.
    pub next_act: ActNumber,
    /// Failures in a row.
    pub failures: i64,
    /// Until when one process alone tells it of acts.
    pub leased_until: DateTime<Utc>,
    /// How often it was changed: 1 at first.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A webhook to keep.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Its name.
    pub webhook: Uuid,
    /// Where to send.
    pub url: String,
    /// The key of its signatures, as its owner gets it.
    pub secret: String,
    /// The kinds of acts; empty for all.
    pub kinds: Vec<ActKind>,
    /// The association whose acts it sees; `None` for all of the network's.
    pub association: Option<AssociationNumber>,
    /// Who made it.
    pub principal: Principal,
    /// The first act it is told of.
    pub next_act: ActNumber,
}

impl Store {
    /// The webhooks of a network, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn webhooks(&self, network: NetworkId) -> Result<Vec<Webhook>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM webhook WHERE network_id = $1 ORDER BY webhook");
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<WebhookRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter().map(WebhookRow::read).collect()
    }

    /// A webhook that has acts to be told of, for this process alone until the lease ends. The directory says which
    /// networks have any; they are asked one by one, those after `last` first, so that each has its turn. `turns` says
    /// whose turn it may be in a network, or that it is nobody's.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn lease_webhook(
        &self,
        last: Option<NetworkId>,
        now: DateTime<Utc>,
        lease: TimeDelta,
        turns: &(dyn Fn(NetworkId) -> Option<Turns> + Sync),
    ) -> Result<Option<Webhook>, StoreError> {
        let micros = now.timestamp_micros();
        // Most of the time there is nothing to do, which reading alone finds out.
        let mut tx = self.db().begin_read().await?;
        let mut networks = directory::with_webhooks(&mut tx).await?;
        let heard = networks.partition_point(|network| Some(*network) <= last);
        networks.rotate_left(heard);
        let mut found = None;
        for network in networks {
            let Some(turns) = turns(network) else { continue };
            found = due(&mut tx, network, micros, &turns).await?.map(|webhook| (network.0, webhook));
            if found.is_some() {
                break;
            }
        }
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
        row.map(WebhookRow::read).transpose()
    }
}

/// The webhook of a network that is the furthest behind of those that are to be told of acts now and may have their turn;
/// of those that did not fail, if there is one.
async fn due(tx: &mut Tx, network: NetworkId, micros: i64, turns: &Turns) -> Result<Option<Uuid>, StoreError> {
    let only_healthy = if turns.only_healthy { " AND w.failures = 0" } else { "" };
    let sql = format!(
        "SELECT w.webhook FROM webhook AS w JOIN head AS h ON h.network_id = w.network_id \
         WHERE w.network_id = $1 AND w.state = 'active' AND w.next_act < h.next_act AND w.retry_at <= $2 \
         AND w.leased_until <= $2{only_healthy} AND w.association NOT IN ({}) \
         AND (w.failures = 0 OR w.association NOT IN ({})) \
         ORDER BY CASE WHEN w.failures = 0 THEN 0 ELSE 1 END, w.next_act LIMIT 1",
        owners(&turns.none_of),
        owners(&turns.only_healthy_of),
    );
    let found: Option<(Uuid,)> = on_tx!(tx, connection => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(micros).fetch_optional(connection).await?
    });
    Ok(found.map(|(webhook,)| webhook))
}

/// Numbers of associations as the table has them, in SQL; a list that is empty names nobody.
fn owners(associations: &[Option<AssociationNumber>]) -> String {
    let numbers = associations.iter().map(|association| owner(*association).to_string());
    numbers.chain(["-1".to_owned()]).collect::<Vec<_>>().join(", ")
}

fn owner(association: Option<AssociationNumber>) -> i64 {
    association.map_or(0, |association| association.0)
}

/// Tells the directory whether the network has webhooks that are told of acts, after one was changed. To say first that
/// it has none takes the row's lock: whoever changes another one counts after this change, or this change is counted.
pub(crate) async fn note_changed(tx: &mut Tx, network: NetworkId) -> Result<(), StoreError> {
    directory::note_webhooks(tx, network, false).await?;
    let sql = "SELECT count(*) FROM webhook WHERE network_id = $1 AND state = 'active'";
    let active: Vec<(i64,)> = select(tx, network, sql).await?;
    if active.iter().any(|(count,)| *count > 0) {
        directory::note_webhooks(tx, network, true).await?;
    }
    Ok(())
}

/// Adds a webhook, unless there are as many as may be. Returns how many were added.
pub(crate) async fn add(
    tx: &mut Tx,
    network: NetworkId,
    webhook: &NewWebhook,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    // Takes the row's lock: whoever adds another one counts after this one, or is counted.
    directory::note_webhooks(tx, network, true).await?;
    let association = owner(webhook.association);
    let owners: Vec<(i64,)> = select(tx, network, "SELECT association FROM webhook WHERE network_id = $1").await?;
    let own = owners.iter().filter(|(owner,)| *owner == association).count();
    if own >= ASSOCIATION_WEBHOOKS_MOST || owners.len() >= NETWORK_WEBHOOKS_MOST {
        return Ok(0);
    }
    let sql = "INSERT INTO webhook (network_id, webhook, url, secret, kinds, association, principal, state, next_act, \
               failures, retry_at, leased_until, version, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, 0, 0, 0, 1, $9)";
    let kinds: Vec<_> = webhook.kinds.iter().map(|kind| kind.as_str()).collect();
    let added = on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(webhook.webhook)
        .bind(&webhook.url)
        .bind(&webhook.secret)
        .bind(kinds.join(" "))
        .bind(association)
        .bind(principal_text(webhook.principal))
        .bind(webhook.next_act.0)
        .bind(now.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected());
    note_changed(tx, network).await?;
    Ok(added)
}

/// Lets a webhook go on or rest. Returns how many rows there were of that name and version.
pub(crate) async fn set(
    tx: &mut Tx,
    network: NetworkId,
    webhook: Uuid,
    is_active: bool,
    version: i64,
) -> Result<u64, StoreError> {
    let state = if is_active { WebhookState::Active } else { WebhookState::Paused };
    let sql = "UPDATE webhook SET state = $3, failures = 0, retry_at = 0, version = version + 1 \
               WHERE network_id = $1 AND webhook = $2 AND version = $4";
    let set = on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0).bind(webhook).bind(state.as_str()).bind(version).execute(connection).await?.rows_affected());
    note_changed(tx, network).await?;
    Ok(set)
}

/// Forgets a webhook and what was sent. Returns how many there were of that name.
pub(crate) async fn remove(tx: &mut Tx, network: NetworkId, webhook: Uuid) -> Result<u64, StoreError> {
    let sql = "DELETE FROM webhook_delivery WHERE network_id = $1 AND webhook = $2";
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(webhook).execute(connection).await.map(|_| ())?;
    });
    let sql = "DELETE FROM webhook WHERE network_id = $1 AND webhook = $2";
    let removed = on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(webhook).execute(connection).await?.rows_affected()
    });
    note_changed(tx, network).await?;
    Ok(removed)
}

const COLUMNS: &str = "network_id, webhook, url, secret, kinds, association, principal, state, next_act, failures, \
                       leased_until, version, created_at";

table_row! {
    struct WebhookRow {
        network_id: i64,
        webhook: Found<Uuid>,
        url: String,
        secret: String,
        kinds: String,
        association: i64,
        principal: String,
        state: String,
        next_act: i64,
        failures: i64,
        leased_until: i64,
        version: i64,
        created_at: i64,
    }
}

impl WebhookRow {
    fn read(self) -> Result<Webhook, StoreError> {
        let webhook = RowOf("webhook", "without a name").found("webhook", self.webhook)?;
        let row = RowOf("webhook", webhook);
        let kinds = self.kinds.split(' ').filter(|kind| !kind.is_empty()).map(|kind| row.word("kinds", kind));
        Ok(Webhook {
            network: NetworkId(self.network_id),
            webhook,
            url: self.url,
            secret: self.secret,
            kinds: kinds.collect::<Result<_, _>>()?,
            association: (self.association != 0).then_some(AssociationNumber(self.association)),
            principal: row.principal("principal", &self.principal)?,
            state: row.word("state", &self.state)?,
            next_act: ActNumber(self.next_act),
            failures: self.failures,
            leased_until: row.instant("leased_until", self.leased_until)?,
            version: self.version,
            created_at: row.instant("created_at", self.created_at)?,
        })
    }
}
