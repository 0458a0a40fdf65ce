//! How persons sign in: invitations to choose a password, and what is kept of the password.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    directory,
    principal::principal_text,
    reading::RowOf,
    write::access::{self, AccessChange, FOR_THE_NETWORK},
};
use ledger::{AssociationNumber, Digest, NetworkId, PersonNumber, command::Principal};

/// What a person signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Who.
    pub person: PersonNumber,
    /// The password's hash.
    pub hash: String,
}

/// An invitation that was not followed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// Who is invited.
    pub person: PersonNumber,
    /// Who invited them.
    pub principal: Principal,
}

/// How a person wants to sign in, with a link that they follow.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// SHA-256 of what stood in the link.
    pub secret: Digest,
    /// The address to sign in with.
    pub email: String,
    /// The password's hash.
    pub hash: String,
    /// For whom the inviter acts as the link is followed: an association, or `None` for the network. The password is good
    /// for the roles that they could give.
    pub invited_for: Option<AssociationNumber>,
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

    /// The address that a person signs in with, if they do.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn address_of(&self, network: NetworkId, person: PersonNumber) -> Result<Option<String>, StoreError> {
        let sql = "SELECT email FROM credential WHERE network_id = $1 AND person = $2";
        let mut tx = self.db().begin_read().await?;
        let row: Option<(String,)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_optional(connection).await?
        });
        Ok(row.map(|(email,)| email))
    }

    /// The invitation whose link has that SHA-256, if it still works.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn invitation(
        &self,
        network: NetworkId,
        secret: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, StoreError> {
        let sql = "SELECT person, principal FROM invitation WHERE network_id = $1 AND secret = $2 AND used_at IS NULL \
                   AND expires_at > $3";
        let mut tx = self.db().begin_read().await?;
        let row: Option<(i64, String)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(secret.0.to_vec()).bind(now.timestamp_micros()).fetch_optional(connection).await?);
        row.map(|(person, principal)| {
            let principal = RowOf("invitation", person).principal("principal", &principal)?;
            Ok(Invitation { person: PersonNumber(person), principal })
        })
        .transpose()
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

/// The link works once; whoever follows another one later chooses another password, and the address stays. Whatever was
/// open to the person before ends. Returns how many rows it wrote: none where the link does not work, somebody else signs
/// in with the address, or the person with another one.
pub(crate) async fn accept(
    tx: &mut Tx,
    network: NetworkId,
    NewCredential { secret, email, hash, invited_for }: &NewCredential,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let micros = now.timestamp_micros();
    let sql = "UPDATE invitation SET used_at = $3 WHERE network_id = $1 AND secret = $2 AND used_at IS NULL \
               AND expires_at > $3 RETURNING person, principal";
    let invited: Option<(i64, String)> = on_tx!(&mut *tx, connection => sqlx::query_as(sql)
        .bind(network.0).bind(secret.0.to_vec()).bind(micros).fetch_optional(connection).await?);
    let Some((person, inviter)) = invited else { return Ok(0) };
    let inviter = RowOf("invitation", person).principal("principal", &inviter)?;
    let person = PersonNumber(person);
    // An address that somebody else signs in with stays theirs. PostgreSQL has to be told the types of parameters that
    // stand in a SELECT.
    let sql = "INSERT INTO credential (network_id, person, email, hash, changed_at, invited_for) \
               SELECT cast($1 AS bigint), cast($2 AS bigint), cast($3 AS text), cast($4 AS text), cast($5 AS bigint), \
               cast($6 AS bigint) WHERE NOT EXISTS \
               (SELECT 1 FROM credential AS c WHERE c.network_id = $1 AND c.email = $3 AND c.person <> $2) \
               ON CONFLICT (network_id, person) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at, \
               invited_for = excluded.invited_for WHERE credential.email = excluded.email";
    let written = on_tx!(&mut *tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(person.0)
        .bind(email)
        .bind(hash)
        .bind(micros)
        .bind(invited_for.map_or(FOR_THE_NETWORK, |association| association.0))
        .execute(connection)
        .await?
        .rows_affected());
    if written > 0 {
        directory::note_address(tx, network, person, email).await?;
        access::end_all(tx, network, person, now).await?;
        access::note(tx, network, person, AccessChange::PasswordSet, inviter, now).await?;
    }
    Ok(written)
}
