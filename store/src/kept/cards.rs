//! Paper cards: each opens a session for one person, once.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    kept::tokens::{self, Opens},
    principal::principal_text,
    reading::{Found, RowOf, table_row},
    write::access::{self, AccessChange},
};
use ledger::{Digest, NetworkId, PersonNumber, command::Principal};

/// A card as it is kept: all but its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    /// Its name.
    pub card: Uuid,
    /// For whom it is.
    pub person: PersonNumber,
    /// Who printed it.
    pub principal: Principal,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was taken back, or another one was printed in its place.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Card {
    /// Whether it works at this instant.
    pub fn works_at(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.ended_at.is_none() && now < self.expires_at
    }
}

/// A card to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewCard {
    /// Its name.
    pub card: Uuid,
    /// SHA-256 of its letters.
    pub secret: Digest,
    /// For whom it is.
    pub person: PersonNumber,
    /// Who prints it.
    pub principal: Principal,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// The card whose letters have that SHA-256, whether it works or not.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn card(&self, network: NetworkId, secret: Digest) -> Result<Option<Card>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM card WHERE network_id = $1 AND secret = $2");
        let mut tx = self.db().begin_read().await?;
        let row: Option<CardRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(secret.0.to_vec()).fetch_optional(connection).await?);
        row.map(CardRow::read).transpose()
    }

    /// The cards that were printed and have not run out, oldest first, whether they were used or taken back meanwhile.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn cards(&self, network: NetworkId, now: DateTime<Utc>) -> Result<Vec<Card>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM card WHERE network_id = $1 AND expires_at > $2 ORDER BY card");
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<CardRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(now.timestamp_micros()).fetch_all(connection).await?);
        rows.into_iter().map(CardRow::read).collect()
    }

    /// Uses a card, which works once; whose it is is told of it. `false` when it works no longer.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn use_card(
        &self,
        network: NetworkId,
        card: Uuid,
        opens: &Opens,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE card SET used_at = $3 WHERE network_id = $1 AND card = $2 AND used_at IS NULL \
                   AND ended_at IS NULL AND expires_at > $3 RETURNING person, principal";
        let used: Option<(i64, String)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(card).bind(now.timestamp_micros()).fetch_optional(connection).await?);
        let Some((person, printer)) = used else { return Ok(false) };
        if tokens::open(&mut tx, network, opens, now).await? == 0 {
            return Ok(false);
        }
        let printer = RowOf("card", card).principal("principal", &printer)?;
        access::note(&mut tx, network, PersonNumber(person), AccessChange::CardUsed, printer, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Of a person's cards the last one alone works.
pub(crate) async fn add(
    tx: &mut Tx,
    network: NetworkId,
    cards: &[NewCard],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut written = 0;
    for new in cards {
        let sql = "UPDATE card SET ended_at = $3 WHERE network_id = $1 AND person = $2 AND used_at IS NULL \
                   AND ended_at IS NULL";
        on_tx!(&mut *tx, connection => sqlx::query(sql)
            .bind(network.0).bind(new.person.0).bind(now.timestamp_micros()).execute(connection).await.map(|_| ())?);
        let sql = "INSERT INTO card (network_id, card, secret, person, principal, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        written += on_tx!(&mut *tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(new.card)
            .bind(new.secret.0.to_vec())
            .bind(new.person.0)
            .bind(principal_text(new.principal))
            .bind(now.timestamp_micros())
            .bind(new.expires_at.timestamp_micros())
            .execute(connection)
            .await?
            .rows_affected());
    }
    Ok(written)
}

/// Returns how many of that name there are; one that has ended stays ended since then.
pub(crate) async fn end(tx: &mut Tx, network: NetworkId, card: Uuid, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let sql = "UPDATE card SET ended_at = coalesce(ended_at, $3) WHERE network_id = $1 AND card = $2";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0).bind(card).bind(now.timestamp_micros()).execute(connection).await?.rows_affected()))
}

const COLUMNS: &str = "card, person, principal, created_at, expires_at, used_at, ended_at";

table_row! {
    struct CardRow {
        card: Found<Uuid>,
        person: i64,
        principal: String,
        created_at: i64,
        expires_at: i64,
        used_at: Option<i64>,
        ended_at: Option<i64>,
    }
}

impl CardRow {
    fn read(self) -> Result<Card, StoreError> {
        let card = RowOf("card", "without a name").found("card", self.card)?;
        let row = RowOf("card", card);
        Ok(Card {
            card,
            person: PersonNumber(self.person),
            principal: row.principal("principal", &self.principal)?,
            created_at: row.instant("created_at", self.created_at)?,
            expires_at: row.instant("expires_at", self.expires_at)?,
            used_at: row.maybe_instant("used_at", self.used_at)?,
            ended_at: row.maybe_instant("ended_at", self.ended_at)?,
        })
    }
}
