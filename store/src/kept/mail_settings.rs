//! What letters people want, and which of their addresses take none.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    principal::principal_text,
    reading::{RowOf, table_row},
};
use ledger::{Digest, Language, NetworkId, PersonNumber, UnknownWord, command::Principal};

/// How often somebody wants to be told where things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DigestRhythm {
    /// Never.
    #[default]
    None,
    /// Every week, on that day: 1 is Monday.
    Weekly(u8),
    /// Every month, on that day: 28 at most.
    Monthly(u8),
}

impl DigestRhythm {
    /// Puts it together from its stable text form and a day; `None` where they do not fit.
    pub fn from_parts(rhythm: &str, day: u8) -> Option<Self> {
        match (rhythm, day) {
            ("none", _) => Some(Self::None),
            ("weekly", 1..=7) => Some(Self::Weekly(day)),
            ("monthly", 1..=28) => Some(Self::Monthly(day)),
            _ => None,
        }
    }

    /// The stable text form, without the day.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Weekly(_) => "weekly",
            Self::Monthly(_) => "monthly",
        }
    }

    /// The day; 1 where there is none.
    pub const fn day(self) -> u8 {
        match self {
            Self::None => 1,
            Self::Weekly(day) | Self::Monthly(day) => day,
        }
    }
}

/// What letters somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailSetting {
    /// In which language.
    pub language: Language,
    /// Whether, and when, to be told where things stand.
    pub digest: DigestRhythm,
    /// Since when they want it so.
    pub changed_at: DateTime<Utc>,
}

impl Default for MailSetting {
    fn default() -> Self {
        Self { language: Language::French, digest: DigestRhythm::None, changed_at: DateTime::UNIX_EPOCH }
    }
}

/// That an address takes no letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// SHA-256 of the address, for comparing.
    pub address: Digest,
    /// Who said so; `None` for a mail server.
    pub by: Option<Principal>,
    /// Why: what the server answered, or the coordinator wrote.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Store {
    /// What letters a person wants; what everybody gets, where they said nothing.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn mail_setting(&self, network: NetworkId, person: PersonNumber) -> Result<MailSetting, StoreError> {
        let sql = "SELECT person, language, digest, digest_day, changed_at FROM mail_setting \
                   WHERE network_id = $1 AND person = $2";
        let mut tx = self.db().begin_read().await?;
        let row: Option<SettingRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_optional(connection).await?
        });
        Ok(row.map(SettingRow::read).transpose()?.map(|(_, setting)| setting).unwrap_or_default())
    }

    /// Those who want to be told where things stand.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn digests_wanted(&self, network: NetworkId) -> Result<Vec<(PersonNumber, MailSetting)>, StoreError> {
        let sql = "SELECT person, language, digest, digest_day, changed_at FROM mail_setting \
                   WHERE network_id = $1 AND digest <> 'none' ORDER BY person";
        let mut tx = self.db().begin_read().await?;
        select::<SettingRow>(&mut tx, network, sql).await?.into_iter().map(SettingRow::read).collect()
    }

    /// A person wants letters so from now on.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn set_mail_setting(
        &self,
        network: NetworkId,
        person: PersonNumber,
        setting: &MailSetting,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO mail_setting (network_id, person, language, digest, digest_day, changed_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (network_id, person) DO UPDATE \
                   SET language = excluded.language, digest = excluded.digest, digest_day = excluded.digest_day, \
                   changed_at = excluded.changed_at";
        let mut tx = self.db().begin_write().await?;
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(person.0)
            .bind(setting.language.as_str())
            .bind(setting.digest.as_str())
            .bind(i64::from(setting.digest.day()))
            .bind(setting.changed_at.timestamp_micros())
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await
    }

    /// The addresses that take no letters, by person.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn bounces(&self, network: NetworkId) -> Result<BTreeMap<PersonNumber, Bounce>, StoreError> {
        let sql = "SELECT person, address, principal, reason, noted_at FROM mail_bounce WHERE network_id = $1";
        let mut tx = self.db().begin_read().await?;
        select::<BounceRow>(&mut tx, network, sql).await?.into_iter().map(BounceRow::read).collect()
    }

    /// That an address of this person takes no letters, if it was said.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn bounce(&self, network: NetworkId, person: PersonNumber) -> Result<Option<Bounce>, StoreError> {
        let sql = "SELECT person, address, principal, reason, noted_at FROM mail_bounce \
                   WHERE network_id = $1 AND person = $2";
        let mut tx = self.db().begin_read().await?;
        let row: Option<BounceRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(person.0).fetch_optional(connection).await?
        });
        Ok(row.map(BounceRow::read).transpose()?.map(|(_, bounce)| bounce))
    }

    /// An address of a person takes no letters, from now on.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn note_bounce(
        &self,
        network: NetworkId,
        person: PersonNumber,
        bounce: &Bounce,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO mail_bounce (network_id, person, address, principal, reason, noted_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (network_id, person) DO UPDATE \
                   SET address = excluded.address, principal = excluded.principal, reason = excluded.reason, \
                   noted_at = excluded.noted_at";
        let mut tx = self.db().begin_write().await?;
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(person.0)
            .bind(bounce.address.0.to_vec())
            .bind(bounce.by.map(principal_text))
            .bind(&bounce.reason)
            .bind(bounce.at.timestamp_micros())
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await
    }

    /// A person's address takes letters again. Returns whether it had been said not to.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn clear_bounce(&self, network: NetworkId, person: PersonNumber) -> Result<bool, StoreError> {
        let sql = "DELETE FROM mail_bounce WHERE network_id = $1 AND person = $2";
        let mut tx = self.db().begin_write().await?;
        let cleared = on_tx!(&mut tx, connection => {
            sqlx::query(sql).bind(network.0).bind(person.0).execute(connection).await?.rows_affected()
        });
        tx.commit().await?;
        Ok(cleared > 0)
    }
}

table_row! {
    struct SettingRow {
        person: i64,
        language: String,
        digest: String,
        digest_day: i64,
        changed_at: i64,
    }
}

impl SettingRow {
    fn read(self) -> Result<(PersonNumber, MailSetting), StoreError> {
        let row = RowOf("mail_setting", self.person);
        let unknown = |found: &str, expected| UnknownWord { found: found.to_owned(), expected };
        let language = row.word("language", &self.language)?;
        let digest = DigestRhythm::from_parts(&self.digest, row.number("digest_day", self.digest_day)?);
        let digest =
            digest.ok_or_else(|| row.wrong("digest", unknown(&self.digest, &["none", "weekly", "monthly"])))?;
        let changed_at = row.instant("changed_at", self.changed_at)?;
        Ok((PersonNumber(self.person), MailSetting { language, digest, changed_at }))
    }
}

table_row! {
    struct BounceRow {
        person: i64,
        address: Vec<u8>,
        principal: Option<String>,
        reason: String,
        noted_at: i64,
    }
}

impl BounceRow {
    fn read(self) -> Result<(PersonNumber, Bounce), StoreError> {
        let row = RowOf("mail_bounce", self.person);
        let by = self.principal.map(|text| row.principal("principal", &text)).transpose()?;
        let address = row.digest("address", &self.address)?;
        let at = row.instant("noted_at", self.noted_at)?;
        Ok((PersonNumber(self.person), Bounce { address, by, reason: self.reason, at }))
    }
}
