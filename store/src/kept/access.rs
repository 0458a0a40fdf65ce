//! Reads who may call: tokens, passwords, invitations.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    error::impossible,
    principal::principal_from,
    read::persons::IdentityRow,
};
use ledger::{Digest, NetworkId, PersonNumber, command::Principal};

/// A token as it is kept: all but the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Its name.
    pub token: Uuid,
    /// Whether it is a person's session.
    pub is_session: bool,
    /// Who acts with it.
    pub principal: Principal,
    /// What it is good for, words between spaces.
    pub scopes: String,
    /// The one capacity in which it acts, if it has only one.
    pub acting_for: Option<String>,
    /// What its owner calls it.
    pub label: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it holds.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct TokenRow {
    token: Uuid,
    kind: String,
    principal: String,
    scopes: String,
    acting_for: Option<String>,
    label: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

const TOKEN_COLUMNS: &str =
    "token, kind, principal, scopes, acting_for, label, created_at, expires_at, last_used_at, revoked_at";

impl TryFrom<TokenRow> for AccessToken {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let instant = |micros: i64| {
            DateTime::from_timestamp_micros(micros)
                .ok_or_else(|| impossible("access_token", row.token, "an instant out of range".to_owned()))
        };
        Ok(Self {
            token: row.token,
            is_session: row.kind == "session",
            principal: principal_from(&row.principal)
                .ok_or_else(|| impossible("access_token", row.token, format!("principal {}", row.principal)))?,
            created_at: instant(row.created_at)?,
            expires_at: row.expires_at.map(instant).transpose()?,
            last_used_at: row.last_used_at.map(instant).transpose()?,
            revoked_at: row.revoked_at.map(instant).transpose()?,
            scopes: row.scopes,
            acting_for: row.acting_for,
            label: row.label,
        })
    }
}

impl Store {
    /// The token with that SHA-256.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn token(&self, network: NetworkId, secret: Digest) -> Result<Option<AccessToken>, StoreError> {
        let sql = format!("SELECT {TOKEN_COLUMNS} FROM access_token WHERE network_id = $1 AND secret = $2");
        let mut tx = self.db().begin_read().await?;
        let row: Option<TokenRow> = on_tx!(&mut tx, connection => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(network.0).bind(secret.0.to_vec()).fetch_optional(connection).await?);
        row.map(AccessToken::try_from).transpose()
    }

    /// Every token and session of a network, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn tokens(&self, network: NetworkId) -> Result<Vec<AccessToken>, StoreError> {
        let sql = "SELECT token, kind, principal, scopes, acting_for, label, created_at, expires_at, last_used_at, \
                   revoked_at FROM access_token WHERE network_id = $1 ORDER BY token";
        let mut tx = self.db().begin_read().await?;
        select::<TokenRow>(&mut tx, network, sql).await?.into_iter().map(AccessToken::try_from).collect()
    }

    /// Who signs in with that address, and the hash of their password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn credential(
        &self,
        network: NetworkId,
        email: &str,
    ) -> Result<Option<(PersonNumber, String)>, StoreError> {
        let sql = "SELECT person, hash FROM credential WHERE network_id = $1 AND email = $2";
        let mut tx = self.db().begin_read().await?;
        let row: Option<(i64, String)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(email).fetch_optional(connection).await?
        });
        Ok(row.map(|(person, hash)| (PersonNumber(person), hash)))
    }

    /// Whether the link with that SHA-256 still works.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invitation_works(
        &self,
        network: NetworkId,
        secret: Digest,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT person FROM invitation WHERE network_id = $1 AND secret = $2 AND used_at IS NULL \
                   AND expires_at > $3";
        let mut tx = self.db().begin_read().await?;
        let row: Option<(i64,)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(secret.0.to_vec()).bind(now.timestamp_micros()).fetch_optional(connection).await?);
        Ok(row.is_some())
    }

    /// Who persons are, by number: code, first name, last name, e-mail.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn identities(
        &self,
        network: NetworkId,
    ) -> Result<Vec<(PersonNumber, ledger::person::Identity)>, StoreError> {
        let sql = "SELECT person, code, first_name, last_name, email, adult_on FROM person_identity \
                   WHERE network_id = $1 ORDER BY person";
        let mut tx = self.db().begin_read().await?;
        let rows = select::<IdentityRow>(&mut tx, network, sql).await?;
        Ok(rows.into_iter().map(IdentityRow::read).collect())
    }
}
