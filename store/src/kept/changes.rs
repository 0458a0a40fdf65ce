//! Changes of what the service keeps beside the ledger: who may call, what was offered, whom to tell.
//!
//! Nothing here is an act. Each change is written together with the answer that it was given, so that a repeat with
//! the same key gets the same answer, also when the first is still under way.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    kept::{
        applications::{self, NewApplication},
        cards::{self, NewCard},
        contacts,
        joining::{self, NewJoining},
        notices::{self, Notice},
        sign_in::{self, NewCredential, NewInvitation},
        sign_ups::{self, NewSignUp},
        tokens::{self, NewToken},
        webhooks::{self, NewWebhook},
    },
    read::network::lock_head,
    reading::{Pair, RowOf, table_row},
};
use ledger::{AssociationNumber, Digest, NetworkId, association::Contact, command::Key};

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
    UseInvitation(NewCredential),
    /// Prints paper cards.
    AddCards(Vec<NewCard>),
    /// Takes a card back.
    EndCard(Uuid),
    /// Hands out a code or a link to belong to an association.
    AddJoining(NewJoining),
    /// Ends one.
    EndJoining(Uuid),
    /// An association asks to join.
    Apply(NewApplication),
    /// Somebody asks to belong to an association.
    SignUp(NewSignUp),
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

impl Change {
    /// What it means that it found no row to change, or no place for another.
    fn without_effect(&self) -> Kept {
        match self {
            Self::AddWebhook(_) | Self::Apply(_) | Self::SignUp(_) => Kept::Full,
            Self::AddToken(_)
            | Self::RevokeToken(_)
            | Self::AddInvitation(_)
            | Self::UseInvitation(_)
            | Self::AddCards(_)
            | Self::EndCard(_)
            | Self::AddJoining(_)
            | Self::EndJoining(_)
            | Self::AddNotice(_)
            | Self::ChangeNotice(_)
            | Self::SetWebhook { .. }
            | Self::RemoveWebhook(_)
            | Self::SetContact(..) => Kept::Stale,
        }
    }
}

/// What a change was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The digest of what was asked.
    pub request: Digest,
    /// The status.
    pub status: u16,
    /// The body, JSON.
    pub body: String,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is written.
    Done,
    /// It was written before, and answered so.
    Repeated(KeptAnswer),
    /// The key was used for something else.
    OtherRequest,
    /// There is nothing of that name, or no longer at that version.
    Stale,
    /// There are as many as there may be.
    Full,
}

impl Store {
    /// Writes a change, once.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
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
        if let Some(before) = answer(&mut tx, network, &once.scope, &once.key).await? {
            return Ok(if before.request == once.request { Kept::Repeated(before) } else { Kept::OtherRequest });
        }
        if is_key_of_act(&mut tx, network, once).await? {
            return Ok(Kept::OtherRequest);
        }
        if apply(&mut tx, network, change, now).await? == 0 {
            return Ok(change.without_effect());
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

    /// What was answered to a write with that key.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn kept_answer(
        &self,
        network: NetworkId,
        scope: &str,
        key: &str,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        answer(&mut self.db().begin_read().await?, network, scope, key).await
    }
}

/// Whether the caller's key is that of an act. No act with it is written at this moment: on PostgreSQL the network's head
/// is locked as for a batch, and not waited for longer than a batch takes, since whoever holds it for long would keep
/// the connections of what is no act from other networks.
async fn is_key_of_act(tx: &mut Tx, network: NetworkId, once: &Once) -> Result<bool, StoreError> {
    let key = Key { scope: once.scope.clone(), key: once.key.clone() };
    if !key.is_of_caller() {
        return Ok(false);
    }
    if let Tx::Postgres(transaction) = tx {
        sqlx::query("SET LOCAL lock_timeout = '500ms'").execute(&mut **transaction).await?;
    }
    lock_head(tx, network).await?;
    let sql = "SELECT number FROM act WHERE network_id = $1 AND key_scope = $2 AND key = $3";
    let found: Option<(i64,)> = on_tx!(tx, connection => sqlx::query_as(sql)
        .bind(network.0).bind(&key.scope).bind(&key.key).fetch_optional(connection).await?);
    Ok(found.is_some())
}

/// Carries a change out; returns how many rows it found.
async fn apply(tx: &mut Tx, network: NetworkId, change: &Change, now: DateTime<Utc>) -> Result<u64, StoreError> {
    match change {
        Change::AddToken(token) => tokens::add(tx, network, token, now).await,
        Change::RevokeToken(token) => tokens::revoke(tx, network, *token, now).await,
        Change::AddInvitation(invitation) => sign_in::invite(tx, network, invitation, now).await,
        Change::UseInvitation(credential) => sign_in::accept(tx, network, credential, now).await,
        Change::AddCards(cards) => cards::add(tx, network, cards, now).await,
        Change::EndCard(card) => cards::end(tx, network, *card, now).await,
        Change::AddJoining(joining) => joining::add(tx, network, joining, now).await,
        Change::EndJoining(name) => joining::end(tx, network, *name, now).await,
        Change::Apply(new) => applications::add(tx, network, new, now).await,
        Change::SignUp(new) => sign_ups::add(tx, network, new, now).await,
        Change::AddNotice(notice) => notices::add(tx, network, notice, now).await,
        Change::ChangeNotice(notice) => notices::change(tx, network, notice, now).await,
        Change::AddWebhook(webhook) => webhooks::add(tx, network, webhook, now).await,
        Change::SetWebhook { webhook, is_active, version } => {
            webhooks::set(tx, network, *webhook, *is_active, *version).await
        }
        Change::RemoveWebhook(webhook) => webhooks::remove(tx, network, *webhook).await,
        Change::SetContact(association, contact) => contacts::set(tx, network, *association, contact).await,
    }
}

async fn answer(tx: &mut Tx, network: NetworkId, scope: &str, key: &str) -> Result<Option<KeptAnswer>, StoreError> {
    let sql = "SELECT request, status, body FROM answer WHERE network_id = $1 AND scope = $2 AND key = $3";
    let row: Option<AnswerRow> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(scope).bind(key).fetch_optional(connection).await?
    });
    row.map(|row| row.read(scope, key)).transpose()
}

table_row! {
    struct AnswerRow {
        request: Vec<u8>,
        status: i64,
        body: String,
    }
}

impl AnswerRow {
    fn read(self, scope: &str, key: &str) -> Result<KeptAnswer, StoreError> {
        let row = RowOf("answer", Pair(scope, key));
        let request = row.digest("request", &self.request)?;
        Ok(KeptAnswer { request, status: row.number("status", self.status)?, body: self.body })
    }
}
