//! How persons sign in: invitations to choose a password, and what is kept of the password.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    directory,
    principal::principal_text,
};
use ledger::{Digest, NetworkId, PersonNumber, command::Principal};

/// What a person signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Who.
    pub person: PersonNumber,
    /// The password's hash.
    pub hash: String,
}

/// An invitation to keep.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Its name.
    pub invitation: Uuid,
    /// SHA-256 of what stands in the link.
    pub secret: Digest,
    /// Who is invited.
    pub person: PersonNumber,
    /// Who invites.
    pub principal: Principal,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// Who signs in with that address, and the hash of their password.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn credential(&self, network: NetworkId, email: &str) -> Result<Option<Credential>, StoreError> {
        let sql = "SELECT person, hash FROM credential WHERE network_id = $1 AND email = $2";
        let mut tx = self.db().begin_read().await?;
        let row: Option<(i64, String)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(email).fetch_optional(connection).await?
        });
        Ok(row.map(|(person, hash)| Credential { person: PersonNumber(person), hash }))
    }

    /// Whether the link with that SHA-256 still works.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
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
}

pub(crate) async fn invite(
    tx: &mut Tx,
    network: NetworkId,
    invitation: &NewInvitation,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO invitation (network_id, invitation, secret, person, principal, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(invitation.invitation)
        .bind(invitation.secret.0.to_vec())
        .bind(invitation.person.0)
        .bind(principal_text(invitation.principal))
        .bind(now.timestamp_micros())
        .bind(invitation.expires_at.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected()))
}

/// The link works once; whoever follows another one later chooses another password. Returns how many rows it wrote:
/// none where the link does not work, or somebody else signs in with the address.
pub(crate) async fn accept(
    tx: &mut Tx,
    network: NetworkId,
    secret: Digest,
    email: &str,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let now = now.timestamp_micros();
    let sql = "UPDATE invitation SET used_at = $3 WHERE network_id = $1 AND secret = $2 AND used_at IS NULL \
               AND expires_at > $3 RETURNING person";
    let person: Option<(i64,)> = on_tx!(&mut *tx, connection => sqlx::query_as(sql)
        .bind(network.0).bind(secret.0.to_vec()).bind(now).fetch_optional(connection).await?);
    let Some((person,)) = person else { return Ok(0) };
    // An address that somebody else signs in with stays theirs. PostgreSQL has to be told the types of parameters that
    // stand in a SELECT.
    let sql = "INSERT INTO credential (network_id, person, email, hash, changed_at) \
               SELECT cast($1 AS bigint), cast($2 AS bigint), cast($3 AS text), cast($4 AS text), cast($5 AS bigint) \
               WHERE NOT EXISTS \
               (SELECT 1 FROM credential AS c WHERE c.network_id = $1 AND c.email = $3 AND c.person <> $2) \
               ON CONFLICT (network_id, person) DO UPDATE \
               SET email = excluded.email, hash = excluded.hash, changed_at = excluded.changed_at";
    let written = on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(person)
        .bind(email)
        .bind(hash)
        .bind(now)
        .execute(connection)
        .await?
        .rows_affected());
    if written > 0 {
        directory::note_address(tx, network, PersonNumber(person), email).await?;
    }
    Ok(written)
}
