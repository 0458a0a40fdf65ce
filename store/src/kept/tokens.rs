//! Tokens and sessions: who may call, and as whom.

use std::collections::HashSet;

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    kept::notebooks,
    principal::principal_text,
    reading::{Found, RowOf, table_row},
    write::access::FOR_THE_NETWORK,
};
use ledger::{AssociationNumber, Digest, NetworkId, PersonNumber, command::Principal};

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
    /// When whoever holds a session last signed in with it.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// For whom whoever printed the card acted with which a session was opened.
    pub handed_out_for: Option<HandedOutFor>,
}

/// For whom somebody acted who handed out a way in: whoever hands one out could take it themselves, so that it is good for
/// the roles that they could give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedOutFor {
    /// For the network.
    Network,
    /// For this association.
    Association(AssociationNumber),
}

impl HandedOutFor {
    const fn stored(self) -> i64 {
        match self {
            Self::Network => FOR_THE_NETWORK,
            Self::Association(association) => association.0,
        }
    }

    const fn from_stored(number: i64) -> Self {
        if number == FOR_THE_NETWORK { Self::Network } else { Self::Association(AssociationNumber(number)) }
    }
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
    /// The token that it was made with: it ends with that one. `None` for what was made in a session, by signing in or on
    /// the command line.
    pub made_with: Option<Uuid>,
    /// So many seconds after its last use it ends, however long it has held; `None` where it ends when it was said to.
    pub idle_seconds: Option<u32>,
    /// For whom whoever printed the card acted with which a session is opened.
    pub handed_out_for: Option<HandedOutFor>,
}

/// What a way in that is good for once opens.
#[derive(Debug, Clone)]
pub enum Opens {
    /// A session.
    Session(NewToken),
    /// Nothing new: whoever holds this session has signed in again.
    Again(Uuid),
}

impl Store {
    /// The token with that SHA-256.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn token(&self, network: NetworkId, secret: Digest) -> Result<Option<AccessToken>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM access_token WHERE network_id = $1 AND secret = $2");
        let mut tx = self.db().begin_read().await?;
        let row: Option<TokenRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(secret.0.to_vec()).fetch_optional(connection).await?);
        row.map(TokenRow::read).transpose()
    }

    /// Every token and session of a network, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn tokens(&self, network: NetworkId) -> Result<Vec<AccessToken>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM access_token WHERE network_id = $1 ORDER BY token");
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<TokenRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter().map(TokenRow::read).collect()
    }

    /// Keeps a token that needs no key: one made on the command line, or a session.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn add_token(&self, network: NetworkId, token: &NewToken, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        add(&mut tx, network, token, now).await?;
        tx.commit().await
    }

    /// The sessions of a person that hold, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn sessions_of(
        &self,
        network: NetworkId,
        person: PersonNumber,
        now: DateTime<Utc>,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM access_token WHERE network_id = $1 AND principal = $2 AND kind = 'session' \
             AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3) ORDER BY token"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<TokenRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(principal_text(Principal::Person(person)))
            .bind(now.timestamp_micros())
            .fetch_all(connection)
            .await?);
        rows.into_iter().map(TokenRow::read).collect()
    }

    /// All tokens and sessions that a person ever had, as far as they are kept.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn tokens_of(&self, network: NetworkId, person: PersonNumber) -> Result<Vec<AccessToken>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM access_token WHERE network_id = $1 AND principal = $2 ORDER BY token");
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<TokenRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(principal_text(Principal::Person(person)))
            .fetch_all(connection)
            .await?);
        rows.into_iter().map(TokenRow::read).collect()
    }

    /// Whether a person has ever signed in by themselves, or with a card of the network: with an address of theirs, or a
    /// password. What an association handed out does not tell.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn has_signed_in(&self, network: NetworkId, person: PersonNumber) -> Result<bool, StoreError> {
        let sql = "SELECT kind FROM access_token WHERE network_id = $1 AND principal = $2 AND kind = 'session' \
                   AND (handed_out_for IS NULL OR handed_out_for = $3) LIMIT 1";
        let mut tx = self.db().begin_read().await?;
        let found: Option<(String,)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0)
            .bind(principal_text(Principal::Person(person)))
            .bind(FOR_THE_NETWORK)
            .fetch_optional(connection)
            .await?);
        Ok(found.is_some())
    }

    /// Who has ever signed in so, or has a password.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn who_sign_in(&self, network: NetworkId) -> Result<HashSet<PersonNumber>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT person FROM credential WHERE network_id = $1";
        let with_password: Vec<(i64,)> = select(&mut tx, network, sql).await?;
        let sql = "SELECT DISTINCT principal FROM access_token WHERE network_id = $1 AND kind = 'session' \
                   AND (handed_out_for IS NULL OR handed_out_for = $2)";
        let once: Vec<(String,)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(FOR_THE_NETWORK).fetch_all(connection).await?
        });
        let mut persons: HashSet<_> = with_password.into_iter().map(|(person,)| PersonNumber(person)).collect();
        for (principal,) in once {
            if let Principal::Person(person) = RowOf("access_token", "a session").principal("principal", &principal)? {
                persons.insert(person);
            }
        }
        Ok(persons)
    }

    /// Takes a token back. `false` when there is none of that name, or it was taken back before.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn revoke_token(&self, network: NetworkId, token: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let count = revoke(&mut tx, network, token, now).await?;
        tx.commit().await?;
        Ok(count > 0)
    }

    /// Notes that whoever holds a session gave their password again.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn note_signed_in(&self, network: NetworkId, token: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        open(&mut tx, network, &Opens::Again(token), at).await?;
        tx.commit().await
    }

    /// Notes when a token was last used: one that ends when it rests for too long goes on.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn note_use(&self, network: NetworkId, token: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE access_token SET last_used_at = $3, \
                   expires_at = coalesce($3 + idle_seconds * 1000000, expires_at) WHERE network_id = $1 AND token = $2";
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0).bind(token).bind(at.timestamp_micros()).execute(connection).await.map(|_| ())?);
        tx.commit().await
    }
}

pub(crate) async fn add(
    tx: &mut Tx,
    network: NetworkId,
    token: &NewToken,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO access_token (network_id, token, secret, kind, principal, scopes, acting_for, label, \
               created_at, expires_at, made_with, signed_in_at, idle_seconds, handed_out_for) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let now = now.timestamp_micros();
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(token.token)
        .bind(token.secret.0.to_vec())
        .bind(if token.is_session { SESSION } else { TOKEN })
        .bind(principal_text(token.principal))
        .bind(&token.scopes)
        .bind(token.acting_for.as_deref())
        .bind(&token.label)
        .bind(now)
        .bind(token.expires_at.map(|at| at.timestamp_micros()))
        .bind(token.made_with)
        .bind(token.is_session.then_some(now))
        .bind(token.idle_seconds.map(i64::from))
        .bind(token.handed_out_for.map(HandedOutFor::stored))
        .execute(connection)
        .await?
        .rows_affected()))
}

/// Opens what a way in opens. Returns how many rows it wrote: none where the session to be signed in with again is gone.
pub(crate) async fn open(
    tx: &mut Tx,
    network: NetworkId,
    opens: &Opens,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let session = match opens {
        Opens::Session(token) => return add(tx, network, token, now).await,
        Opens::Again(session) => *session,
    };
    let sql = "UPDATE access_token SET signed_in_at = $3 WHERE network_id = $1 AND token = $2 AND kind = 'session'";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0).bind(session).bind(now.timestamp_micros()).execute(connection).await?.rows_affected()))
}

/// A token, and those that were made with it, and with those. Returns how many of them were good until now.
pub(crate) async fn revoke(
    tx: &mut Tx,
    network: NetworkId,
    token: Uuid,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "WITH RECURSIVE ended (token) AS (SELECT cast($2 AS {uuid}) UNION SELECT t.token FROM access_token AS t \
               JOIN ended AS e ON t.made_with = e.token WHERE t.network_id = $1) \
               UPDATE access_token SET revoked_at = $3 WHERE network_id = $1 AND revoked_at IS NULL \
               AND token IN (SELECT e.token FROM ended AS e)";
    let sql = sql.replace("{uuid}", if matches!(tx, Tx::Postgres(_)) { "uuid" } else { "blob" });
    let ended = on_tx!(&mut *tx, connection => sqlx::query(AssertSqlSafe(sql))
        .bind(network.0).bind(token).bind(now.timestamp_micros()).execute(connection).await?.rows_affected());
    // What lay on a page of theirs goes with them; where sessions end otherwise, within a minute.
    notebooks::forget_ended(tx, network, now).await?;
    Ok(ended)
}

const SESSION: &str = "session";
const TOKEN: &str = "token";

const COLUMNS: &str = "token, kind, principal, scopes, acting_for, label, created_at, expires_at, last_used_at, revoked_at, \
     signed_in_at, handed_out_for";

table_row! {
    struct TokenRow {
        token: Found<Uuid>,
        kind: String,
        principal: String,
        scopes: String,
        acting_for: Option<String>,
        label: String,
        created_at: i64,
        expires_at: Option<i64>,
        last_used_at: Option<i64>,
        revoked_at: Option<i64>,
        signed_in_at: Option<i64>,
        handed_out_for: Option<i64>,
    }
}

impl TokenRow {
    fn read(self) -> Result<AccessToken, StoreError> {
        let token = RowOf("access_token", "without a name").found("token", self.token)?;
        let row = RowOf("access_token", token);
        Ok(AccessToken {
            token,
            is_session: match self.kind.as_str() {
                SESSION => true,
                TOKEN => false,
                other => return Err(row.wrong("kind", format_args!("“{other}” is none of {SESSION}, {TOKEN}"))),
            },
            principal: row.principal("principal", &self.principal)?,
            created_at: row.instant("created_at", self.created_at)?,
            expires_at: row.maybe_instant("expires_at", self.expires_at)?,
            last_used_at: row.maybe_instant("last_used_at", self.last_used_at)?,
            revoked_at: row.maybe_instant("revoked_at", self.revoked_at)?,
            signed_in_at: row.maybe_instant("signed_in_at", self.signed_in_at)?,
            handed_out_for: self.handed_out_for.map(HandedOutFor::from_stored),
            scopes: self.scopes,
            acting_for: self.acting_for,
            label: self.label,
        })
    }
}
