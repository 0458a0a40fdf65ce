//! How persons come to belong to an association without the coordinator: with a code that a person gives to it, or a link
//! that it gives to persons.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    principal::principal_text,
    reading::{Found, RowOf, table_row},
};
use ledger::{AssociationNumber, Digest, NetworkId, PersonNumber, command::Principal};

/// A code or a link as it is kept: all but its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joining {
    /// Its name.
    pub joining: Uuid,
    /// The association that is to be belonged to.
    pub association: AssociationNumber,
    /// Whose code it is; `None` for a link, which is good for anybody.
    pub person: Option<PersonNumber>,
    /// Who handed it out.
    pub principal: Principal,
    /// When it was handed out.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was used, if it is a code, or taken back.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Joining {
    /// Whether it works at this instant.
    pub fn works_at(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// A code or a link to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewJoining {
    /// Its name.
    pub joining: Uuid,
    /// SHA-256 of its secret.
    pub secret: Digest,
    /// The association that is to be belonged to.
    pub association: AssociationNumber,
    /// Whose code it is; `None` for a link.
    pub person: Option<PersonNumber>,
    /// Who hands it out.
    pub principal: Principal,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// The code or link whose secret has that SHA-256, whether it works or not.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn joining(&self, network: NetworkId, secret: Digest) -> Result<Option<Joining>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM joining WHERE network_id = $1 AND secret = $2");
        let mut tx = self.db().begin_read().await?;
        let row: Option<JoiningRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(secret.0.to_vec()).fetch_optional(connection).await?);
        row.map(JoiningRow::read).transpose()
    }

    /// The links of an association, oldest first, whether they work or not.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn joining_links(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Vec<Joining>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM joining WHERE network_id = $1 AND association = $2 AND person IS NULL ORDER BY joining"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<JoiningRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(association.0).fetch_all(connection).await?);
        rows.into_iter().map(JoiningRow::read).collect()
    }
}

pub(crate) async fn add(
    tx: &mut Tx,
    network: NetworkId,
    new: &NewJoining,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO joining (network_id, joining, secret, association, person, principal, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(new.joining)
        .bind(new.secret.0.to_vec())
        .bind(new.association.0)
        .bind(new.person.map(|person| person.0))
        .bind(principal_text(new.principal))
        .bind(now.timestamp_micros())
        .bind(new.expires_at.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected()))
}

/// Returns how many of that name there are; one that has ended stays ended since then.
pub(crate) async fn end(tx: &mut Tx, network: NetworkId, joining: Uuid, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let sql = "UPDATE joining SET ended_at = coalesce(ended_at, $3) WHERE network_id = $1 AND joining = $2";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0).bind(joining).bind(now.timestamp_micros()).execute(connection).await?.rows_affected()))
}

const COLUMNS: &str = "joining, association, person, principal, created_at, expires_at, ended_at";

table_row! {
    struct JoiningRow {
        joining: Found<Uuid>,
        association: i64,
        person: Option<i64>,
        principal: String,
        created_at: i64,
        expires_at: i64,
        ended_at: Option<i64>,
    }
}

impl JoiningRow {
    fn read(self) -> Result<Joining, StoreError> {
        let joining = RowOf("joining", "without a name").found("joining", self.joining)?;
        let row = RowOf("joining", joining);
        Ok(Joining {
            joining,
            association: AssociationNumber(self.association),
            person: self.person.map(PersonNumber),
            principal: row.principal("principal", &self.principal)?,
            created_at: row.instant("created_at", self.created_at)?,
            expires_at: row.instant("expires_at", self.expires_at)?,
            ended_at: row.maybe_instant("ended_at", self.ended_at)?,
        })
    }
}
