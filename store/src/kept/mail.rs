//! Letters: to whom one is due, what became of it, and how far acts were read for them.
//!
//! As a webhook does, the mailer of a network reads the acts from a place of its own. What an act makes due is written
//! down together with the place behind it: nothing is left out, and nothing is due twice. A letter is marked as sent once
//! it has left. Processes on one database take turns by a lease, and whoever has lost theirs writes nothing.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Store, StoreError,
    bulk::{Known, TableRows, row},
    db::{Tx, on_tx, select},
    directory,
    reading::{Pair, RowOf, table_row},
    schema,
};
use ledger::{ActNumber, NetworkId, PersonNumber, UnknownWord};

/// What makes a letter due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailKind {
    /// An act.
    Act,
    /// That something has waited for an answer since an act, for a week.
    FirstReminder,
    /// For three weeks.
    SecondReminder,
    /// For so long that the coordinator will call.
    LastReminder,
    /// A day on which the person wants to be told where things stand.
    Digest,
}

impl MailKind {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::FirstReminder => "first_reminder",
            Self::SecondReminder => "second_reminder",
            Self::LastReminder => "last_reminder",
            Self::Digest => "digest",
        }
    }
}

impl TryFrom<&str> for MailKind {
    type Error = UnknownWord;

    fn try_from(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "act" => Ok(Self::Act),
            "first_reminder" => Ok(Self::FirstReminder),
            "second_reminder" => Ok(Self::SecondReminder),
            "last_reminder" => Ok(Self::LastReminder),
            "digest" => Ok(Self::Digest),
            other => Err(UnknownWord {
                found: other.to_owned(),
                expected: &["act", "first_reminder", "second_reminder", "last_reminder", "digest"],
            }),
        }
    }
}

/// What tells a letter from all others of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailKey {
    /// What makes it due.
    pub kind: MailKind,
    /// The number of the act that it is about; for a digest the day, counted from 1970.
    pub about: i64,
    /// To whom.
    pub person: PersonNumber,
}

/// A letter that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewMail {
    /// Which one.
    pub key: MailKey,
    /// Not before this instant.
    pub not_before: DateTime<Utc>,
}

/// A letter that has not left yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mail {
    /// Which one.
    pub key: MailKey,
    /// How often it was tried.
    pub attempts: i64,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailEnd {
    /// It has left.
    Sent,
    /// There was nothing left to say, or nobody to say it to.
    Dropped,
    /// It was not taken, and will not be tried again.
    Refused(String),
    /// It will be tried again at that instant.
    TryAgain(DateTime<Utc>, String),
}

/// The right of one process to see to a network's letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailerLease {
    /// The network.
    pub network: NetworkId,
    /// The first act that was not read for letters.
    pub next_act: ActNumber,
    /// When it was last looked for reminders and digests.
    pub looked_at: DateTime<Utc>,
    /// Until when: what is written says so, and is not written where somebody else has the right.
    until: DateTime<Utc>,
}

impl Store {
    /// A network in which acts are to be read for letters, letters are due, or it was not looked for reminders since
    /// `looked_before`; for this process alone until the lease ends. Those after `last` are asked first, so that each has
    /// its turn.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn lease_mailer(
        &self,
        last: Option<NetworkId>,
        now: DateTime<Utc>,
        lease: TimeDelta,
        looked_before: DateTime<Utc>,
    ) -> Result<Option<MailerLease>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let mut networks = directory::all(&mut tx).await?;
        let heard = networks.partition_point(|network| Some(*network) <= last);
        networks.rotate_left(heard);
        let mut found = None;
        for network in networks {
            if is_due(&mut tx, network, now, looked_before).await? {
                found = Some(network);
                break;
            }
        }
        drop(tx);
        let Some(network) = found else { return Ok(None) };
        let until = now + lease;
        let sql = "INSERT INTO mailer (network_id, next_act, looked_at, leased_until) VALUES ($1, 0, 0, $3) \
                   ON CONFLICT (network_id) DO UPDATE SET leased_until = excluded.leased_until \
                   WHERE mailer.leased_until <= $2 RETURNING next_act, looked_at";
        let mut tx = self.db().begin_write().await?;
        let row: Option<(i64, i64)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0)
            .bind(now.timestamp_micros())
            .bind(until.timestamp_micros())
            .fetch_optional(connection)
            .await?);
        tx.commit().await?;
        let read = |(next_act, looked_at)| {
            let looked_at = RowOf("mailer", network).instant("looked_at", looked_at)?;
            Ok(MailerLease { network, next_act: ActNumber(next_act), looked_at, until })
        };
        row.map(read).transpose()
    }

    /// Writes down which letters are due, with how far was read and looked for them. Returns whether the lease still
    /// holds; where it does not, nothing is written.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn write_mail(
        &self,
        lease: &MailerLease,
        letters: &[NewMail],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE mailer SET next_act = $3, looked_at = $4 WHERE network_id = $1 AND leased_until = $2";
        let held = on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(lease.network.0)
            .bind(lease.until.timestamp_micros())
            .bind(lease.next_act.0)
            .bind(lease.looked_at.timestamp_micros())
            .execute(connection)
            .await?
            .rows_affected());
        if held == 0 {
            return Ok(false);
        }
        let mut rows = TableRows::new(&schema::MAIL, lease.network, Known::Stays);
        for NewMail { key, not_before } in letters {
            rows.push(row![
                lease.network.0,
                key.kind.as_str(),
                key.about,
                key.person.0,
                "waiting",
                0_i64,
                not_before.timestamp_micros(),
                None::<String>,
                now.timestamp_micros(),
                None::<i64>,
            ]);
        }
        rows.write(&mut tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Letters that are to leave now, those that wait longest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn mail_due(&self, network: NetworkId, now: DateTime<Utc>, most: u32) -> Result<Vec<Mail>, StoreError> {
        let sql = "SELECT kind, about, person, attempts FROM mail WHERE network_id = $1 AND state = 'waiting' \
                   AND retry_at <= $2 ORDER BY retry_at, kind, about, person LIMIT $3";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<MailRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(now.timestamp_micros()).bind(i64::from(most)).fetch_all(connection).await?);
        rows.into_iter().map(MailRow::read).collect()
    }

    /// Notes what became of letters that left as one. Returns whether it was noted: not where somebody else sees to them
    /// meanwhile, or the person was erased.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn note_mails(
        &self,
        lease: &MailerLease,
        mails: &[Mail],
        end: &MailEnd,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let micros = now.timestamp_micros();
        let (state, retry_at, problem) = match end {
            MailEnd::Sent => ("sent", micros, None),
            MailEnd::Dropped => ("dropped", micros, None),
            MailEnd::Refused(problem) => ("refused", micros, Some(problem.as_str())),
            MailEnd::TryAgain(at, problem) => ("waiting", at.timestamp_micros(), Some(problem.as_str())),
        };
        let ended_at = (state != "waiting").then_some(micros);
        let sql = "UPDATE mail SET state = $6, attempts = $7, retry_at = $8, problem = $9, ended_at = $10 \
                   WHERE network_id = $1 AND kind = $3 AND about = $4 AND person = $5 AND state = 'waiting' \
                   AND EXISTS (SELECT 1 FROM mailer AS m WHERE m.network_id = $1 AND m.leased_until = $2)";
        let mut tx = self.db().begin_write().await?;
        let mut noted = 0;
        for Mail { key: MailKey { kind, about, person }, attempts } in mails {
            noted += on_tx!(&mut tx, connection => sqlx::query(sql)
                .bind(lease.network.0)
                .bind(lease.until.timestamp_micros())
                .bind(kind.as_str())
                .bind(about)
                .bind(person.0)
                .bind(state)
                .bind(attempts + 1)
                .bind(retry_at)
                .bind(problem)
                .bind(ended_at)
                .execute(connection)
                .await?
                .rows_affected());
        }
        tx.commit().await?;
        Ok(noted > 0)
    }

    /// Gives the right to see to a network's letters back.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn release_mailer(&self, lease: &MailerLease) -> Result<(), StoreError> {
        let sql = "UPDATE mailer SET leased_until = 0 WHERE network_id = $1 AND leased_until = $2";
        let mut tx = self.db().begin_write().await?;
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(lease.network.0)
            .bind(lease.until.timestamp_micros())
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await
    }
}

async fn is_due(
    tx: &mut Tx,
    network: NetworkId,
    now: DateTime<Utc>,
    looked_before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let sql = "SELECT h.next_act FROM head AS h LEFT JOIN mailer AS m ON m.network_id = h.network_id \
               WHERE h.network_id = $1 AND coalesce(m.leased_until, 0) <= $2 \
               AND (coalesce(m.next_act, 0) < h.next_act OR coalesce(m.looked_at, 0) < $3 \
               OR EXISTS (SELECT 1 FROM mail AS l WHERE l.network_id = $1 AND l.state = 'waiting' AND l.retry_at <= $2))";
    let found: Option<(i64,)> = on_tx!(tx, connection => sqlx::query_as(sql)
        .bind(network.0)
        .bind(now.timestamp_micros())
        .bind(looked_before.timestamp_micros())
        .fetch_optional(connection)
        .await?);
    Ok(found.is_some())
}

/// Nobody is written to about what a backup held: whether they had been when it was taken is not known. Links in letters
/// end. Returns how many of these there were.
pub(crate) async fn end_restored(tx: &mut Tx, network: NetworkId, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let next: Vec<(i64,)> = select(tx, network, "SELECT next_act FROM head WHERE network_id = $1").await?;
    let next = next.first().map_or(0, |(next,)| *next);
    let sql = "INSERT INTO mailer (network_id, next_act, looked_at, leased_until) VALUES ($1, $2, 0, 0) \
               ON CONFLICT (network_id) DO UPDATE SET next_act = excluded.next_act, leased_until = 0";
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(next).execute(connection).await.map(|_| ())?;
    });
    let sql = "UPDATE mail SET state = 'dropped', ended_at = $2 WHERE network_id = $1 AND state = 'waiting'";
    on_tx!(&mut *tx, connection => {
        sqlx::query(sql).bind(network.0).bind(now.timestamp_micros()).execute(connection).await.map(|_| ())?;
    });
    let sql = "DELETE FROM mail_link WHERE network_id = $1";
    Ok(on_tx!(&mut *tx, connection => sqlx::query(sql).bind(network.0).execute(connection).await?.rows_affected()))
}

table_row! {
    struct MailRow {
        kind: String,
        about: i64,
        person: i64,
        attempts: i64,
    }
}

impl MailRow {
    fn read(self) -> Result<Mail, StoreError> {
        let kind = RowOf("mail", Pair(self.about, self.person)).word("kind", &self.kind)?;
        let key = MailKey { kind, about: self.about, person: PersonNumber(self.person) };
        Ok(Mail { key, attempts: self.attempts })
    }
}
