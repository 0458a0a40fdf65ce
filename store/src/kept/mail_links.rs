//! Links in letters: each does one thing for one person, for as long as there is something to do.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Store, StoreError,
    db::on_tx,
    reading::{RowOf, table_row},
};
use ledger::{AssociationNumber, Digest, ExchangeNumber, NetworkId, PersonNumber, UnknownWord};

/// A link that stops letters works for so long; each letter has a new one.
const UNSUBSCRIBE_DAYS: i64 = 400;

/// What a link in a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailLinkPurpose {
    /// To answer what waits, for an association.
    Answer {
        /// For which association.
        association: AssociationNumber,
        /// What waits.
        exchange: ExchangeNumber,
    },
    /// To say that an answer given by a link was not the association's.
    Disown {
        /// Which association.
        association: AssociationNumber,
        /// What was answered.
        exchange: ExchangeNumber,
    },
    /// To get no more digests.
    Unsubscribe,
}

impl MailLinkPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Answer { .. } => "answer",
            Self::Disown { .. } => "disown",
            Self::Unsubscribe => "unsubscribe",
        }
    }

    const fn about(self) -> Option<(AssociationNumber, ExchangeNumber)> {
        match self {
            Self::Answer { association, exchange } | Self::Disown { association, exchange } => {
                Some((association, exchange))
            }
            Self::Unsubscribe => None,
        }
    }
}

/// A link in a letter, as it is kept: all but its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailLink {
    /// Whose it is.
    pub person: PersonNumber,
    /// What it is for.
    pub purpose: MailLinkPurpose,
    /// When the letter was written.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Keeps a link whose secret has that SHA-256.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn add_mail_link(&self, network: NetworkId, secret: Digest, link: &MailLink) -> Result<(), StoreError> {
        let mut tx = self.db().begin_write().await?;
        if link.purpose == MailLinkPurpose::Unsubscribe {
            let sql = "DELETE FROM mail_link WHERE network_id = $1 AND person = $2 AND purpose = 'unsubscribe' \
                       AND created_at < $3";
            let old = (link.created_at - TimeDelta::days(UNSUBSCRIBE_DAYS)).timestamp_micros();
            on_tx!(&mut tx, connection => sqlx::query(sql)
                .bind(network.0).bind(link.person.0).bind(old).execute(connection).await.map(|_| ())?);
        }
        let sql = "INSERT INTO mail_link (network_id, secret, purpose, person, association, exchange, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let about = link.purpose.about();
        on_tx!(&mut tx, connection => sqlx::query(sql)
            .bind(network.0)
            .bind(secret.0.to_vec())
            .bind(link.purpose.as_str())
            .bind(link.person.0)
            .bind(about.map(|(association, _)| association.0))
            .bind(about.map(|(_, exchange)| exchange.0))
            .bind(link.created_at.timestamp_micros())
            .execute(connection)
            .await
            .map(|_| ())?);
        tx.commit().await
    }

    /// The link whose secret has that SHA-256.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn mail_link(&self, network: NetworkId, secret: Digest) -> Result<Option<MailLink>, StoreError> {
        let sql = "SELECT purpose, person, association, exchange, created_at FROM mail_link \
                   WHERE network_id = $1 AND secret = $2";
        let mut tx = self.db().begin_read().await?;
        let row: Option<LinkRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0).bind(secret.0.to_vec()).fetch_optional(connection).await?);
        row.map(LinkRow::read).transpose()
    }
}

table_row! {
    struct LinkRow {
        purpose: String,
        person: i64,
        association: Option<i64>,
        exchange: Option<i64>,
        created_at: i64,
    }
}

impl LinkRow {
    fn read(self) -> Result<MailLink, StoreError> {
        let row = RowOf("mail_link", self.person);
        let association = self.association.map(AssociationNumber);
        let exchange = self.exchange.map(ExchangeNumber);
        let purpose = match (self.purpose.as_str(), association, exchange) {
            ("answer", Some(association), Some(exchange)) => MailLinkPurpose::Answer { association, exchange },
            ("disown", Some(association), Some(exchange)) => MailLinkPurpose::Disown { association, exchange },
            ("unsubscribe", None, None) => MailLinkPurpose::Unsubscribe,
            (found, ..) => {
                let found = found.to_owned();
                let unknown = UnknownWord { found, expected: &["answer", "disown", "unsubscribe"] };
                return Err(row.wrong("purpose", unknown));
            }
        };
        let created_at = row.instant("created_at", self.created_at)?;
        Ok(MailLink { person: PersonNumber(self.person), purpose, created_at })
    }
}
