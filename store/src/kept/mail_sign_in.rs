//! Mails to sign in with: a link that works once, and a code for the browser that asked.
//!
//! Rows are kept for a day, so that it is known how many mails went to an address and how often codes were guessed.

use std::collections::{HashMap, HashSet};

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::on_tx,
    kept::tokens::{self, Opens},
    reading::{Found, RowOf},
};
use ledger::{Digest, NetworkId, PersonNumber};

const TABLE: &str = "mail_sign_in";
/// So often a code may be typed.
const TRIES_MOST: i64 = 5;
/// So long a row is kept.
const KEPT_HOURS: i64 = 24;

/// A mail to keep.
#[derive(Debug, Clone)]
pub struct NewMailSignIn {
    /// Its name.
    pub mail: Uuid,
    /// Who has the address: one at least.
    pub persons: Vec<PersonNumber>,
    /// SHA-256 of the link's secret.
    pub secret: Digest,
    /// SHA-256 of the secret of the browser that asked.
    pub browser: Digest,
    /// A digest of the code, if the mail has one.
    pub code: Option<Digest>,
    /// Until when link and code work.
    pub expires_at: DateTime<Utc>,
}

/// A mail whose link or code works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSignIn {
    /// Its name.
    pub mail: Uuid,
    /// Who has the address, by number.
    pub persons: Vec<PersonNumber>,
}

/// What was sent lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailsLately {
    /// Mails of the network in the last hour.
    pub of_network: usize,
    /// Mails to one of these persons in the last hour.
    pub of_persons: usize,
    /// Codes that were typed for one of these persons in the last day, and were wrong.
    pub wrong_codes: i64,
}

impl Store {
    /// Who has that address: the network said so when it added them, or they sign in with it. By number.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn persons_at_address(&self, network: NetworkId, address: &str) -> Result<Vec<PersonNumber>, StoreError> {
        let sql = "SELECT person FROM person_identity WHERE network_id = $1 AND lower(email) = lower(cast($2 AS text)) \
                   UNION SELECT person FROM credential WHERE network_id = $1 AND email = $2 ORDER BY 1";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(i64,)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(address).fetch_all(connection).await?
        });
        Ok(rows.into_iter().map(|(person,)| PersonNumber(person)).collect())
    }

    /// What was sent lately, in the network and to these persons.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn mails_lately(
        &self,
        network: NetworkId,
        persons: &[PersonNumber],
        now: DateTime<Utc>,
    ) -> Result<MailsLately, StoreError> {
        let sql = "SELECT mail, person, created_at, tries FROM mail_sign_in WHERE network_id = $1 AND created_at > $2";
        let day_ago = (now - TimeDelta::hours(KEPT_HOURS)).timestamp_micros();
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(Found<Uuid>, i64, i64, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(day_ago).fetch_all(connection).await?
        });
        let hour_ago = (now - TimeDelta::hours(1)).timestamp_micros();
        let (mut of_network, mut of_persons, mut tries) = (HashSet::new(), HashSet::new(), HashMap::new());
        for (mail, person, created_at, wrong) in rows {
            let mail = RowOf(TABLE, "without a name").found("mail", mail)?;
            let is_theirs = persons.contains(&PersonNumber(person));
            if created_at > hour_ago {
                of_network.insert(mail);
            }
            if created_at > hour_ago && is_theirs {
                of_persons.insert(mail);
            }
            if is_theirs {
                tries.insert(mail, wrong);
            }
        }
        let wrong_codes = tries.values().sum();
        Ok(MailsLately { of_network: of_network.len(), of_persons: of_persons.len(), wrong_codes })
    }

    /// Keeps a mail that is about to be sent, and forgets those of long ago.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn add_mail_sign_in(
        &self,
        network: NetworkId,
        new: &NewMailSignIn,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        let day_ago = (now - TimeDelta::hours(KEPT_HOURS)).timestamp_micros();
        let sql = "DELETE FROM mail_sign_in WHERE network_id = $1 AND created_at <= $2";
        on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(day_ago).execute(connection).await.map(|_| ())?;
        });
        let sql = "INSERT INTO mail_sign_in (network_id, mail, person, secret, browser, code, tries, created_at, \
                   expires_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)";
        for person in &new.persons {
            on_tx!(&mut tx, connection => sqlx::query(sql)
                .bind(network.0)
                .bind(new.mail)
                .bind(person.0)
                .bind(new.secret.0.to_vec())
                .bind(new.browser.0.to_vec())
                .bind(new.code.map(|code| code.0.to_vec()))
                .bind(now.timestamp_micros())
                .bind(new.expires_at.timestamp_micros())
                .execute(connection)
                .await
                .map(|_| ())?);
        }
        tx.commit().await
    }

    /// The mail whose link has that SHA-256, if it still works.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn mail_of_link(
        &self,
        network: NetworkId,
        secret: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<MailSignIn>, StoreError> {
        let sql = "SELECT mail, person FROM mail_sign_in WHERE network_id = $1 AND secret = $2 AND used_at IS NULL \
                   AND expires_at > $3 ORDER BY mail, person";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(Found<Uuid>, i64)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(secret.0.to_vec()).bind(now.timestamp_micros()).fetch_all(connection).await?);
        gathered(rows)
    }

    /// The mail with that code that the browser asked for. A wrong code counts as a try at every mail that it asked for;
    /// a mail whose code was tried too often has none any more.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn try_mail_code(
        &self,
        network: NetworkId,
        browser: Digest,
        code: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<MailSignIn>, StoreError> {
        let mut tx = self.db().begin_write().await?;
        // Counted before it is looked at: whoever tries many at once waits for each other here.
        let sql = "UPDATE mail_sign_in SET tries = tries + 1 WHERE network_id = $1 AND browser = $2 \
                   AND code IS NOT NULL AND used_at IS NULL AND expires_at > $3 AND tries < $4 \
                   RETURNING mail, person, code";
        let rows: Vec<(Found<Uuid>, i64, Vec<u8>)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0)
            .bind(browser.0.to_vec())
            .bind(now.timestamp_micros())
            .bind(TRIES_MOST)
            .fetch_all(connection)
            .await?);
        let right = rows.into_iter().filter(|(.., found)| found.as_slice() == code.0);
        let found = gathered(right.map(|(mail, person, _)| (mail, person)).collect())?;
        if found.is_some() {
            let sql = "UPDATE mail_sign_in SET tries = tries - 1 WHERE network_id = $1 AND browser = $2 AND tries > 0 \
                       AND code IS NOT NULL AND used_at IS NULL AND expires_at > $3";
            on_tx!(&mut tx, connection => sqlx::query(sql)
                .bind(network.0)
                .bind(browser.0.to_vec())
                .bind(now.timestamp_micros())
                .execute(connection)
                .await
                .map(|_| ())?);
        }
        tx.commit().await?;
        Ok(found)
    }

    /// Uses a mail, which works once, for one of the persons who have its address. `false` when it works no longer, or the
    /// address is not that person's.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn use_mail(
        &self,
        network: NetworkId,
        mail: Uuid,
        person: PersonNumber,
        opens: &Opens,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db().begin_write().await?;
        let sql = "UPDATE mail_sign_in SET used_at = $3 WHERE network_id = $1 AND mail = $2 AND used_at IS NULL \
                   AND expires_at > $3 RETURNING person";
        let used: Vec<(i64,)> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(mail).bind(now.timestamp_micros()).fetch_all(connection).await?);
        if !used.contains(&(person.0,)) || tokens::open(&mut tx, network, opens, now).await? == 0 {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// The first mail of rows that are in order, with all whom it is for.
fn gathered(rows: Vec<(Found<Uuid>, i64)>) -> Result<Option<MailSignIn>, StoreError> {
    let mut found: Option<MailSignIn> = None;
    for (mail, person) in rows {
        let mail = RowOf(TABLE, "without a name").found("mail", mail)?;
        let found = found.get_or_insert_with(|| MailSignIn { mail, persons: Vec::new() });
        if found.mail == mail {
            found.persons.push(PersonNumber(person));
        }
    }
    if let Some(found) = &mut found {
        found.persons.sort_unstable();
    }
    Ok(found)
}
