//! What became of a person's ways in, for them to be told.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    kept::{mail, webhooks},
    reading::{Pair, RowOf, table_row},
    write::access::AccessChange,
};
use ledger::{NetworkId, PersonNumber, command::Principal};

/// Something that became of a person's ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub change: AccessChange,
    /// Who gave or took the role, or the link.
    pub by: Principal,
}

/// How much of what opened a network was ended by restoring it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ended {
    /// Tokens.
    pub tokens: u64,
    /// Sessions.
    pub sessions: u64,
    /// Links to choose a password, links and codes to belong to an association; mails and cards to sign in with; links in
    /// letters.
    pub links: u64,
    /// Webhooks that rest until somebody lets them go on.
    pub webhooks: u64,
}

impl Ended {
    pub(crate) fn add(&mut self, other: Self) {
        let Self { tokens, sessions, links, webhooks } = other;
        self.tokens += tokens;
        self.sessions += sessions;
        self.links += links;
        self.webhooks += webhooks;
    }
}

/// Ends whatever opened a network that was restored.
pub(crate) async fn end_restored(tx: &mut Tx, network: NetworkId, now: DateTime<Utc>) -> Result<Ended, StoreError> {
    const END_TOKENS: &str = "UPDATE access_token SET revoked_at = $2 WHERE network_id = $1 AND revoked_at IS NULL \
                              AND (expires_at IS NULL OR expires_at > $2) AND kind = ";
    let mut counts = [0; 7];
    let statements = [
        format!("{END_TOKENS}'token'"),
        format!("{END_TOKENS}'session'"),
        "UPDATE invitation SET used_at = $2 WHERE network_id = $1 AND used_at IS NULL AND expires_at > $2".to_owned(),
        "UPDATE joining SET ended_at = $2 WHERE network_id = $1 AND ended_at IS NULL AND expires_at > $2".to_owned(),
        "UPDATE mail_sign_in SET used_at = $2 WHERE network_id = $1 AND used_at IS NULL AND expires_at > $2".to_owned(),
        "UPDATE card SET ended_at = $2 WHERE network_id = $1 AND used_at IS NULL AND ended_at IS NULL \
         AND expires_at > $2"
            .to_owned(),
        "UPDATE founding_link SET ended_at = $2 WHERE network_id = $1 AND ended_at IS NULL AND expires_at > $2"
            .to_owned(),
    ];
    for (count, sql) in counts.iter_mut().zip(statements) {
        *count = on_tx!(&mut *tx, connection => sqlx::query(AssertSqlSafe(sql))
            .bind(network.0).bind(now.timestamp_micros()).execute(connection).await?.rows_affected());
    }
    // Who restores a demo goes on with it: it is one no longer.
    let sql = "DELETE FROM demo_persona WHERE network_id = $1";
    on_tx!(&mut *tx, connection => sqlx::query(sql).bind(network.0).execute(connection).await.map(|_| ())?);
    let sql = "UPDATE webhook SET state = 'paused', version = version + 1, leased_until = 0 WHERE network_id = $1 \
               AND state <> 'paused'";
    let webhooks =
        on_tx!(&mut *tx, connection => sqlx::query(sql).bind(network.0).execute(connection).await?.rows_affected());
    webhooks::note_changed(tx, network).await?;
    let letters = mail::end_restored(tx, network, now).await?;
    let [tokens, sessions, links @ ..] = counts;
    Ok(Ended { tokens, sessions, links: links.iter().sum::<u64>() + letters, webhooks })
}

impl Store {
    /// What became of a person's ways in, the newest first; so much at most.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn access_events(
        &self,
        network: NetworkId,
        person: PersonNumber,
        most: u32,
    ) -> Result<Vec<AccessEvent>, StoreError> {
        let sql = "SELECT happened_at, kind, principal FROM access_event WHERE network_id = $1 AND person = $2 \
                   ORDER BY happened_at DESC, kind LIMIT $3";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<AccessEventRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(person.0).bind(i64::from(most)).fetch_all(connection).await?);
        rows.into_iter().map(|row| row.read(person)).collect()
    }
}

table_row! {
    struct AccessEventRow {
        happened_at: i64,
        kind: String,
        principal: String,
    }
}

impl AccessEventRow {
    fn read(self, person: PersonNumber) -> Result<AccessEvent, StoreError> {
        let row = RowOf("access_event", Pair(person, self.happened_at));
        Ok(AccessEvent {
            at: row.instant("happened_at", self.happened_at)?,
            change: row.word("kind", &self.kind)?,
            by: row.principal("principal", &self.principal)?,
        })
    }
}
