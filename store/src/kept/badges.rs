//! Badges and records of hours that were made for persons, and which of them no longer hold. None is an act: they tell of
//! acts.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    reading::{Found, RowOf, table_row},
};
use ledger::{
    ActNumber, NetworkId, PersonNumber,
    clock::Secrets,
    status_list::{PLACES, StatusList, place_of},
};

/// A badge that was made for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBadge {
    /// The recognition that it is about.
    pub recognition: ActNumber,
    /// Its name outside of any database.
    pub id: Uuid,
    /// Its place in the status list.
    pub status: u32,
    /// The signed bytes.
    pub bytes: Vec<u8>,
}

impl Store {
    /// The badges that were made for a person.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn badges_of(&self, network: NetworkId, person: PersonNumber) -> Result<Vec<SignedBadge>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT recognition, id, status, bytes FROM badge WHERE network_id = $1 AND person = $2 \
                   ORDER BY recognition";
        let rows: Vec<BadgeRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_all(connection).await?
        });
        rows.into_iter().map(BadgeRow::read).collect()
    }

    /// Draws a place in the status list that was never given.
    ///
    /// # Errors
    /// When the database does not answer, or the list is full.
    #[boxed]
    pub async fn draw_status(
        &self,
        network: NetworkId,
        at: DateTime<Utc>,
        secrets: &mut dyn Secrets,
    ) -> Result<u32, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let place = draw(&mut tx, network, at, secrets).await?;
        tx.commit().await?;
        Ok(place)
    }

    /// Draws so many places at once.
    ///
    /// # Errors
    /// As [`draw_status`](Self::draw_status).
    #[boxed]
    pub async fn draw_statuses(
        &self,
        network: NetworkId,
        count: usize,
        at: DateTime<Utc>,
        secrets: &mut dyn Secrets,
    ) -> Result<Vec<u32>, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let mut places = Vec::with_capacity(count);
        while places.len() < count {
            places.push(draw(&mut tx, network, at, secrets).await?);
        }
        tx.commit().await?;
        Ok(places)
    }

    /// The badge that was made of a recognition.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn badge(&self, network: NetworkId, recognition: ActNumber) -> Result<Option<SignedBadge>, StoreError> {
        badge(&mut self.db().begin_read().await?, network, recognition).await
    }

    /// Keeps a badge that was signed, and gives back the one that stands: somebody else may have kept another first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn keep_badge(
        &self,
        network: NetworkId,
        person: PersonNumber,
        made: SignedBadge,
        at: DateTime<Utc>,
    ) -> Result<SignedBadge, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "INSERT INTO badge (network_id, recognition, person, id, issued_at, status, bytes) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let written = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(made.recognition.0).bind(person.0).bind(made.id)
                .bind(at.timestamp_micros()).bind(i64::from(made.status)).bind(made.bytes.clone())
                .execute(connection).await?.rows_affected()
        });
        let before = if written == 0 { badge(&mut tx, network, made.recognition).await? } else { None };
        tx.commit().await?;
        Ok(before.unwrap_or(made))
    }

    /// Draws a place in the status list for a record of hours that a person takes away.
    ///
    /// # Errors
    /// As [`draw_status`](Self::draw_status).
    #[boxed]
    pub async fn draw_record_status(
        &self,
        network: NetworkId,
        person: PersonNumber,
        at: DateTime<Utc>,
        secrets: &mut dyn Secrets,
    ) -> Result<u32, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let place = draw(&mut tx, network, at, secrets).await?;
        let sql = "INSERT INTO volunteer_record (network_id, status, person, issued_at) VALUES ($1, $2, $3, $4)";
        on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(i64::from(place)).bind(person.0).bind(at.timestamp_micros())
                .execute(connection).await.map(|_| ())?;
        });
        tx.commit().await?;
        Ok(place)
    }

    /// Revokes every record of hours that a person took away.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn revoke_records(
        &self,
        network: NetworkId,
        person: PersonNumber,
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE credential_status SET revoked_at = $3 WHERE network_id = $1 AND revoked_at IS NULL \
                   AND position IN (SELECT status FROM volunteer_record WHERE network_id = $1 AND person = $2)";
        self.revoke(network, person, at, sql).await
    }

    /// Revokes every badge that was made for a person.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn revoke_badges(
        &self,
        network: NetworkId,
        person: PersonNumber,
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE credential_status SET revoked_at = $3 WHERE network_id = $1 AND revoked_at IS NULL \
                   AND position IN (SELECT status FROM badge WHERE network_id = $1 AND person = $2)";
        self.revoke(network, person, at, sql).await
    }

    async fn revoke(
        &self,
        network: NetworkId,
        person: PersonNumber,
        at: DateTime<Utc>,
        sql: &'static str,
    ) -> Result<u64, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let revoked = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(person.0).bind(at.timestamp_micros())
                .execute(connection).await?.rows_affected()
        });
        tx.commit().await?;
        Ok(revoked)
    }

    /// Revokes what has that place in the status list; `false` where it was revoked before, or nothing has it.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn revoke_status(&self, network: NetworkId, place: u32, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE credential_status SET revoked_at = $3 WHERE network_id = $1 AND position = $2 \
                   AND revoked_at IS NULL";
        let revoked = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(i64::from(place)).bind(at.timestamp_micros())
                .execute(connection).await?.rows_affected()
        });
        tx.commit().await?;
        Ok(revoked == 1)
    }

    /// What is revoked at this moment: what was revoked by name, the badges of what was taken back, and the statements
    /// whose place another one took.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn status_list(&self, network: NetworkId) -> Result<StatusList, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT s.position FROM credential_status AS s \
                   LEFT JOIN badge AS b ON b.network_id = s.network_id AND b.status = s.position \
                   LEFT JOIN recognition AS n ON n.network_id = b.network_id AND n.recognition = b.recognition \
                   WHERE s.network_id = $1 AND (s.revoked_at IS NOT NULL OR n.state = 'withdrawn')";
        let mut list = StatusList::default();
        for (place,) in select::<(i64,)>(&mut tx, network, sql).await? {
            list.revoke(RowOf("credential_status", place).number("position", place)?);
        }
        let sql = "SELECT s.bytes FROM statement AS s WHERE s.network_id = $1 AND EXISTS (SELECT 1 FROM statement AS later \
                   WHERE later.network_id = s.network_id AND later.year = s.year AND later.supersedes = s.sequence)";
        for (bytes,) in select::<(Vec<u8>,)>(&mut tx, network, sql).await? {
            // Statements had no place there once; what is no statement is found by the audit.
            let place = ledger::json::parse(&bytes).ok().and_then(|document| place_of(&document));
            if let Some(place) = place {
                list.revoke(place);
            }
        }
        Ok(list)
    }
}

async fn badge(tx: &mut Tx, network: NetworkId, recognition: ActNumber) -> Result<Option<SignedBadge>, StoreError> {
    let sql = "SELECT recognition, id, status, bytes FROM badge WHERE network_id = $1 AND recognition = $2";
    let row: Option<BadgeRow> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(recognition.0).fetch_optional(connection).await?
    });
    row.map(BadgeRow::read).transpose()
}

async fn draw(
    tx: &mut Tx,
    network: NetworkId,
    at: DateTime<Utc>,
    secrets: &mut dyn Secrets,
) -> Result<u32, StoreError> {
    let sql = "INSERT INTO credential_status (network_id, position, issued_at) VALUES ($1, $2, $3) \
               ON CONFLICT DO NOTHING";
    for _ in 0..1_000 {
        let [a, b, c, d, ..] = secrets.key().0;
        let place = u32::from_be_bytes([a, b, c, d]) % PLACES;
        let written = on_tx!(tx, connection => {
            sqlx::query(sql).bind(network.0).bind(i64::from(place)).bind(at.timestamp_micros())
                .execute(connection).await?.rows_affected()
        });
        if written == 1 {
            return Ok(place);
        }
    }
    Err(RowOf("credential_status", network).wrong("position", "the status list is full"))
}

table_row! {
    struct BadgeRow {
        recognition: i64,
        id: Found<Uuid>,
        status: i64,
        bytes: Vec<u8>,
    }
}

impl BadgeRow {
    fn read(self) -> Result<SignedBadge, StoreError> {
        let row = RowOf("badge", self.recognition);
        Ok(SignedBadge {
            recognition: ActNumber(self.recognition),
            id: row.found("id", self.id)?,
            status: row.number("status", self.status)?,
            bytes: self.bytes,
        })
    }
}
