//! What the HTTP service keeps beside the ledger: who may call, what was offered, whom to tell.
//!
//! Nothing here is an act. Each change is written together with the answer that it was given, so that a repeat with
//! the same key gets the same answer, also when the first is still under way.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    principal::principal_text,
};
use ledger::{
    AssociationNumber, Digest, NetworkId, PersonNumber, SkillNumber, association::Contact, command::Principal,
};

/// Says that a write is this one and no other.
#[derive(Debug, Clone)]
pub struct Once {
    /// Whose keys these are.
    pub scope: String,
    /// The key.
    pub key: String,
    /// A digest of what is asked.
    pub request: Digest,
    /// What a repeat is answered: a status and a body without secrets.
    pub status: u16,
    /// The body, JSON.
    pub body: String,
}

/// A change of what is kept.
#[derive(Debug, Clone)]
pub enum Change {
    /// Hands out a token or opens a session.
    AddToken(NewToken),
    /// Takes a token back.
    RevokeToken(Uuid),
    /// Invites a person to choose a password.
    AddInvitation(NewInvitation),
    /// Follows an invitation: the password's hash is kept, the link no longer works.
    UseInvitation {
        /// SHA-256 of what stood in the link.
        secret: Digest,
        /// The address to sign in with.
        email: String,
        /// The password's hash.
        hash: String,
    },
    /// Says what an association offers or needs.
    AddNotice(Notice),
    /// Changes or closes what was said, if it is still at the version before.
    ChangeNotice(Notice),
    /// Says whom to tell of acts.
    AddWebhook(NewWebhook),
    /// Lets a webhook go on or rest, if it is still at that version.
    SetWebhook {
        /// Which.
        webhook: Uuid,
        /// Whether it is told of acts.
        is_active: bool,
        /// The version before.
        version: i64,
    },
    /// Forgets a webhook and what was sent.
    RemoveWebhook(Uuid),
    /// Says how to reach a member.
    SetContact(AssociationNumber, Contact),
}

/// A token to keep.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its name.
    pub token: Uuid,
    /// SHA-256 of the token.
    pub secret: Digest,
    /// Whether it is a person's session, which signing out ends.
    pub is_session: bool,
    /// Who acts with it.
    pub principal: Principal,
    /// What it is good for, words between spaces.
    pub scopes: String,
    /// The one capacity in which it acts, if it has only one.
    pub acting_for: Option<String>,
    /// What its owner calls it.
    pub label: String,
    /// Until when it holds.
    pub expires_at: Option<DateTime<Utc>>,
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

/// What an association offers or needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its name.
    pub notice: Uuid,
    /// Whether it is a need and not an offer.
    pub is_need: bool,
    /// Whose it is.
    pub association: AssociationNumber,
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// In words.
    pub description: String,
    /// Its last day.
    pub until: Option<NaiveDate>,
    /// Whether it still stands.
    pub is_open: bool,
    /// How often it was written: 1 at first.
    pub version: i64,
    /// When it was first said.
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
    /// The kinds of acts, between spaces; empty for all.
    pub kinds: String,
    /// The association whose acts it sees; `None` for all of the network's.
    pub association: Option<AssociationNumber>,
    /// Who made it.
    pub principal: Principal,
    /// The first act it is told of.
    pub next_act: i64,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is written.
    Done,
    /// It was written before, and answered so.
    Repeated {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
    /// The key was used for something else.
    OtherRequest,
    /// There is nothing of that name, or no longer at that version.
    Stale,
}

impl Store {
    /// Writes a change, once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep(
        &self,
        network: NetworkId,
        once: &Once,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<Kept, StoreError> {
        match self.try_keep(network, once, change, now).await {
            // Another process wrote the same key meanwhile: its answer is there now.
            Err(StoreError::Database(sqlx::Error::Database(error))) if error.is_unique_violation() => {
                self.try_keep(network, once, change, now).await
            }
            kept => kept,
        }
    }

    async fn try_keep(
        &self,
        network: NetworkId,
        once: &Once,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<Kept, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "SELECT request, status, body FROM answer WHERE network_id = $1 AND scope = $2 AND key = $3";
        let before: Option<(Vec<u8>, i64, String)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(&once.scope).bind(&once.key).fetch_optional(connection).await?
        });
        if let Some((request, status, body)) = before {
            if request != once.request.0 {
                return Ok(Kept::OtherRequest);
            }
            return Ok(Kept::Repeated { status: u16::try_from(status).unwrap_or(500), body });
        }
        if apply(&mut tx, network, change, now.timestamp_micros()).await? == 0 {
            return Ok(Kept::Stale);
        }
        let sql = "INSERT INTO answer (network_id, scope, key, request, status, body, recorded_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(&once.scope)
            .bind(&once.key)
            .bind(once.request.0.to_vec())
            .bind(i64::from(once.status))
            .bind(&once.body)
            .bind(now.timestamp_micros())
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await?;
        Ok(Kept::Done)
    }

    /// What was answered to a write with that key, and the digest of what was asked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kept_answer(
        &self,
        network: NetworkId,
        scope: &str,
        key: &str,
    ) -> Result<Option<(Vec<u8>, i64, String)>, StoreError> {
        let sql = "SELECT request, status, body FROM answer WHERE network_id = $1 AND scope = $2 AND key = $3";
        let mut tx = self.db().begin_read().await?;
        Ok(on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(scope).bind(key).fetch_optional(connection).await?
        }))
    }

    /// Keeps a token that needs no key: one made on the command line, or a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_token(&self, network: NetworkId, token: &NewToken, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        add_token(&mut tx, network, token, now.timestamp_micros()).await?;
        tx.commit().await
    }

    /// Takes a token back. `false` when there is none of that name, or it was taken back before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_token(&self, network: NetworkId, token: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let count = apply(&mut tx, network, &Change::RevokeToken(token), now.timestamp_micros()).await?;
        tx.commit().await?;
        Ok(count > 0)
    }

    /// Notes when tokens were last used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_use(&self, network: NetworkId, token: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE access_token SET last_used_at = $3 WHERE network_id = $1 AND token = $2";
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0).bind(token).bind(at.timestamp_micros()).execute(connection).await.map(|_| ())?);
        tx.commit().await
    }
}

/// Carries a change out; returns how many rows it found.
async fn apply(tx: &mut Tx, network: NetworkId, change: &Change, now: i64) -> Result<u64, StoreError> {
    match change {
        Change::AddToken(token) => add_token(tx, network, token, now).await,
        Change::RevokeToken(token) => {
            let sql = "UPDATE access_token SET revoked_at = $3 \
                       WHERE network_id = $1 AND token = $2 AND revoked_at IS NULL";
            Ok(on_tx!(tx, connection => sqlx::query(sql)
                .bind(network.0).bind(*token).bind(now).execute(connection).await?.rows_affected()))
        }
        Change::AddInvitation(invitation) => add_invitation(tx, network, invitation, now).await,
        Change::UseInvitation { secret, email, hash } => use_invitation(tx, network, *secret, email, hash, now).await,
        Change::AddNotice(notice) => add_notice(tx, network, notice, now).await,
        Change::ChangeNotice(notice) => change_notice(tx, network, notice, now).await,
        Change::AddWebhook(webhook) => add_webhook(tx, network, webhook, now).await,
        Change::SetWebhook { webhook, is_active, version } => {
            let state = if *is_active { "active" } else { "paused" };
            let sql = "UPDATE webhook SET state = $3, failures = 0, retry_at = 0, version = version + 1 \
                       WHERE network_id = $1 AND webhook = $2 AND version = $4";
            Ok(on_tx!(tx, connection => sqlx::query(sql)
                .bind(network.0).bind(*webhook).bind(state).bind(*version).execute(connection).await?.rows_affected()))
        }
        Change::RemoveWebhook(webhook) => {
            let sql = "DELETE FROM webhook_delivery WHERE network_id = $1 AND webhook = $2";
            on_tx!(tx, connection => {
                sqlx::query(sql).bind(network.0).bind(*webhook).execute(connection).await.map(|_| ())?;
            });
            let sql = "DELETE FROM webhook WHERE network_id = $1 AND webhook = $2";
            Ok(on_tx!(tx, connection => {
                sqlx::query(sql).bind(network.0).bind(*webhook).execute(connection).await?.rows_affected()
            }))
        }
        Change::SetContact(association, contact) => set_contact(tx, network, *association, contact).await,
    }
}

async fn add_token(tx: &mut Tx, network: NetworkId, token: &NewToken, now: i64) -> Result<u64, StoreError> {
    let sql = "INSERT INTO access_token (network_id, token, secret, kind, principal, scopes, acting_for, label, \
               created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(token.token)
        .bind(token.secret.0.to_vec())
        .bind(if token.is_session { "session" } else { "token" })
        .bind(principal_text(token.principal))
        .bind(&token.scopes)
        .bind(token.acting_for.as_deref())
        .bind(&token.label)
        .bind(now)
        .bind(token.expires_at.map(|at| at.timestamp_micros()))
        .execute(connection)
        .await?
        .rows_affected()))
}

async fn add_invitation(
    tx: &mut Tx,
    network: NetworkId,
    invitation: &NewInvitation,
    now: i64,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO invitation (network_id, invitation, secret, person, principal, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(invitation.invitation)
        .bind(invitation.secret.0.to_vec())
        .bind(invitation.person.0)
        .bind(principal_text(invitation.principal))
        .bind(now)
        .bind(invitation.expires_at.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected()))
}

/// The link works once; whoever follows another one later chooses another password.
async fn use_invitation(
    tx: &mut Tx,
    network: NetworkId,
    secret: Digest,
    email: &str,
    hash: &str,
    now: i64,
) -> Result<u64, StoreError> {
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
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(person)
        .bind(email)
        .bind(hash)
        .bind(now)
        .execute(connection)
        .await?
        .rows_affected()))
}

async fn add_notice(tx: &mut Tx, network: NetworkId, notice: &Notice, now: i64) -> Result<u64, StoreError> {
    let sql = "INSERT INTO notice (network_id, notice, kind, association, skill, description, until, is_open, version, \
               created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 1, $8, $8)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(notice.notice)
        .bind(if notice.is_need { "need" } else { "offer" })
        .bind(notice.association.0)
        .bind(notice.skill.map(|skill| skill.0))
        .bind(&notice.description)
        .bind(notice.until)
        .bind(now)
        .execute(connection)
        .await?
        .rows_affected()))
}

async fn change_notice(tx: &mut Tx, network: NetworkId, notice: &Notice, now: i64) -> Result<u64, StoreError> {
    let sql = "UPDATE notice SET skill = $3, description = $4, until = $5, is_open = $6, version = version + 1, \
               changed_at = $7 WHERE network_id = $1 AND notice = $2 AND version = $8";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(notice.notice)
        .bind(notice.skill.map(|skill| skill.0))
        .bind(&notice.description)
        .bind(notice.until)
        .bind(i64::from(notice.is_open))
        .bind(now)
        .bind(notice.version)
        .execute(connection)
        .await?
        .rows_affected()))
}

async fn add_webhook(tx: &mut Tx, network: NetworkId, webhook: &NewWebhook, now: i64) -> Result<u64, StoreError> {
    let sql = "INSERT INTO webhook (network_id, webhook, url, secret, kinds, association, principal, state, next_act, \
               failures, retry_at, leased_until, version, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, 0, 0, 0, 1, $9)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(webhook.webhook)
        .bind(&webhook.url)
        .bind(&webhook.secret)
        .bind(&webhook.kinds)
        .bind(webhook.association.map_or(0, |association| association.0))
        .bind(principal_text(webhook.principal))
        .bind(webhook.next_act)
        .bind(now)
        .execute(connection)
        .await?
        .rows_affected()))
}

async fn set_contact(
    tx: &mut Tx,
    network: NetworkId,
    association: AssociationNumber,
    contact: &Contact,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO association_contact (network_id, association, name, email, phone, paper_only) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (network_id, association) DO UPDATE \
               SET name = excluded.name, email = excluded.email, phone = excluded.phone, \
               paper_only = excluded.paper_only";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(association.0)
        .bind(contact.name.as_deref())
        .bind(contact.email.as_deref())
        .bind(contact.phone.as_deref())
        .bind(i64::from(contact.paper_only))
        .execute(connection)
        .await?
        .rows_affected()))
}
