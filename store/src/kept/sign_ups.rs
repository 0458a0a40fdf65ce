//! People who ask, by an association's link, to belong to it. What they say of themselves stands here until they have proved
//! who they are or somebody adds them, and nowhere else.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    kept::{
        askers::{Asker, AskerRow, too_many},
        tokens::{self, Opens},
    },
    reading::{Found, RowOf, table_row},
};
use ledger::{AssociationNumber, Digest, NetworkId};

/// Somebody who asks to belong to an association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSignUp {
    /// Their request's name.
    pub sign_up: Uuid,
    /// SHA-256 of the secret in the letter with which they prove their address; `None` where somebody has to add them.
    pub secret: Option<Digest>,
    /// The link that they followed.
    pub joining: Uuid,
    /// The association.
    pub association: AssociationNumber,
    /// Who they are.
    pub asker: Asker,
    /// The day on which they come of age, where it is to come.
    pub adult_on: Option<NaiveDate>,
    /// Until when they may prove it, or be added.
    pub expires_at: DateTime<Utc>,
}

/// A request to belong to an association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// What was asked.
    pub asked: NewSignUp,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// What was asked by people lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignUpsLately {
    /// In the network, in the last hour.
    pub of_network: i64,
    /// With the same address, in the last hour.
    pub of_address: i64,
}

impl Store {
    /// The people who wait for somebody to add them, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn waiting_sign_ups(&self, network: NetworkId, now: DateTime<Utc>) -> Result<Vec<SignUp>, StoreError> {
        let sql = format!(
            "SELECT {SIGN_UP} FROM sign_up WHERE network_id = $1 AND secret IS NULL AND expires_at > $2 ORDER BY sign_up"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<SignUpRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(now.timestamp_micros()).fetch_all(connection).await?);
        rows.into_iter().map(SignUpRow::read).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn waiting_sign_up(&self, network: NetworkId, name: Uuid) -> Result<Option<SignUp>, StoreError> {
        let sql = format!("SELECT {SIGN_UP} FROM sign_up WHERE network_id = $1 AND sign_up = $2 AND secret IS NULL");
        let mut tx = self.db().begin_read().await?;
        let row: Option<SignUpRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(name).fetch_optional(connection).await?
        });
        row.map(SignUpRow::read).transpose()
    }

    /// Whoever proves their address with the letter whose secret has that SHA-256, if it still works.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn sign_up_of_letter(
        &self,
        network: NetworkId,
        secret: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<SignUp>, StoreError> {
        let sql = format!("SELECT {SIGN_UP} FROM sign_up WHERE network_id = $1 AND secret = $2 AND expires_at > $3");
        let mut tx = self.db().begin_read().await?;
        let row: Option<SignUpRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(secret.0.to_vec()).bind(now.timestamp_micros()).fetch_optional(connection).await?);
        row.map(SignUpRow::read).transpose()
    }

    /// What people asked lately, in the network and with that address.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn sign_ups_lately(
        &self,
        network: NetworkId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<SignUpsLately, StoreError> {
        let sql = "SELECT count(*), count(CASE WHEN email = $2 THEN 1 END) FROM sign_up \
                   WHERE network_id = $1 AND asked_at > $3";
        let hour_ago = (now - TimeDelta::hours(1)).timestamp_micros();
        let mut tx = self.db().begin_read().await?;
        let (of_network, of_address): (i64, i64) = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(address).bind(hour_ago).fetch_one(connection).await?
        });
        Ok(SignUpsLately { of_network, of_address })
    }

    /// Somebody is in: what they asked is kept no longer, and a session is opened where they proved who they are. `false`
    /// where it was done before.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn end_sign_up(
        &self,
        network: NetworkId,
        sign_up: Uuid,
        opens: Option<&Opens>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "DELETE FROM sign_up WHERE network_id = $1 AND sign_up = $2";
        let found = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(sign_up).execute(connection).await?.rows_affected()
        });
        if found == 0 {
            return Ok(false);
        }
        if let Some(opens) = opens
            && tokens::open(&mut tx, network, opens, now).await? == 0
        {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Keeps what somebody asks, and forgets those who did not come back. Returns 0 where too many wait.
pub(crate) async fn add(
    tx: &mut Tx,
    network: NetworkId,
    new: &NewSignUp,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sign_up WHERE network_id = $1 AND expires_at <= $2";
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(now.timestamp_micros()).execute(connection).await.map(|_| ())?;
    });
    let sql = "SELECT count(*) FROM sign_up WHERE network_id = $1";
    if too_many(tx, network, sql).await? {
        return Ok(0);
    }
    let sql = "INSERT INTO sign_up (network_id, sign_up, secret, joining, association, first_name, last_name, email, \
               phone, adult_on, language, asked_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(new.sign_up)
        .bind(new.secret.map(|secret| secret.0.to_vec()))
        .bind(new.joining)
        .bind(new.association.0)
        .bind(&new.asker.first_name)
        .bind(&new.asker.last_name)
        .bind(&new.asker.email)
        .bind(&new.asker.phone)
        .bind(new.adult_on)
        .bind(new.asker.language.as_str())
        .bind(now.timestamp_micros())
        .bind(new.expires_at.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected()))
}

const SIGN_UP: &str = "sign_up, secret, joining, association, first_name, last_name, email, phone, adult_on, language, \
                       asked_at, expires_at";

table_row! {
    struct SignUpRow {
        sign_up: Found<Uuid>,
        secret: Option<Vec<u8>>,
        joining: Found<Uuid>,
        association: i64,
        adult_on: Option<Found<NaiveDate>>,
        asked_at: i64,
        expires_at: i64,
        ..asker: AskerRow,
    }
}

impl SignUpRow {
    fn read(self) -> Result<SignUp, StoreError> {
        let sign_up = RowOf("sign_up", "without a name").found("sign_up", self.sign_up)?;
        let row = RowOf("sign_up", sign_up);
        let asked = NewSignUp {
            sign_up,
            secret: self.secret.map(|secret| row.digest("secret", &secret)).transpose()?,
            joining: row.found("joining", self.joining)?,
            association: AssociationNumber(self.association),
            asker: self.asker.read(&row)?,
            adult_on: row.maybe_found("adult_on", self.adult_on)?,
            expires_at: row.instant("expires_at", self.expires_at)?,
        };
        Ok(SignUp { asked, asked_at: row.instant("asked_at", self.asked_at)? })
    }
}
