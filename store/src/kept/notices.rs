//! What associations offer and need.

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    read::page::Page,
    reading::{Found, RowOf, table_row},
};
use ledger::{AssociationNumber, NetworkId, SkillNumber, UnknownWord};

/// Whether something is offered or needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// It is offered.
    Offer,
    /// It is needed.
    Need,
}

impl NoticeKind {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Need => "need",
        }
    }
}

impl TryFrom<&str> for NoticeKind {
    type Error = UnknownWord;

    fn try_from(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "offer" => Ok(Self::Offer),
            "need" => Ok(Self::Need),
            other => Err(UnknownWord { found: other.to_owned(), expected: &["offer", "need"] }),
        }
    }
}

/// What an association offers or needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its name.
    pub notice: Uuid,
    /// Whether it is an offer or a need.
    pub kind: NoticeKind,
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

impl Store {
    /// Offers and needs that stand, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn notices(
        &self,
        network: NetworkId,
        kind: Option<NoticeKind>,
        page: Page<Uuid>,
    ) -> Result<Vec<Notice>, StoreError> {
        let kind = kind.map_or_else(String::new, |kind| format!(" AND kind = '{}'", kind.as_str()));
        // Names of notices grow with time.
        let sql = format!(
            "SELECT {COLUMNS} FROM notice WHERE network_id = $1 AND notice < $2 AND is_open = 1{kind} \
             ORDER BY notice DESC LIMIT $3"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<NoticeRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(page.before.unwrap_or(Uuid::max()))
            .bind(i64::from(page.most))
            .fetch_all(connection)
            .await?);
        rows.into_iter().map(NoticeRow::read).collect()
    }

    /// One offer or need, open or not.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    #[boxed]
    pub async fn notice(&self, network: NetworkId, notice: Uuid) -> Result<Option<Notice>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM notice WHERE network_id = $1 AND notice = $2");
        let mut tx = self.db().begin_read().await?;
        let row: Option<NoticeRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(notice).fetch_optional(connection).await?
        });
        row.map(NoticeRow::read).transpose()
    }
}

pub(crate) async fn add(
    tx: &mut Tx,
    network: NetworkId,
    notice: &Notice,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO notice (network_id, notice, kind, association, skill, description, until, is_open, version, \
               created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 1, $8, $8)";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(notice.notice)
        .bind(notice.kind.as_str())
        .bind(notice.association.0)
        .bind(notice.skill.map(|skill| skill.0))
        .bind(&notice.description)
        .bind(notice.until)
        .bind(now.timestamp_micros())
        .execute(connection)
        .await?
        .rows_affected()))
}

/// Returns how many rows there were of that name and version.
pub(crate) async fn change(
    tx: &mut Tx,
    network: NetworkId,
    notice: &Notice,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let sql = "UPDATE notice SET skill = $3, description = $4, until = $5, is_open = $6, version = version + 1, \
               changed_at = $7 WHERE network_id = $1 AND notice = $2 AND version = $8";
    Ok(on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0)
        .bind(notice.notice)
        .bind(notice.skill.map(|skill| skill.0))
        .bind(&notice.description)
        .bind(notice.until)
        .bind(i64::from(notice.is_open))
        .bind(now.timestamp_micros())
        .bind(notice.version)
        .execute(connection)
        .await?
        .rows_affected()))
}

const COLUMNS: &str = "notice, kind, association, skill, description, until, is_open, version, created_at";

table_row! {
    struct NoticeRow {
        notice: Found<Uuid>,
        kind: String,
        association: i64,
        skill: Option<i64>,
        description: String,
        until: Option<Found<NaiveDate>>,
        is_open: i64,
        version: i64,
        created_at: i64,
    }
}

impl NoticeRow {
    fn read(self) -> Result<Notice, StoreError> {
        let notice = RowOf("notice", "without a name").found("notice", self.notice)?;
        let row = RowOf("notice", notice);
        Ok(Notice {
            notice,
            kind: row.word("kind", &self.kind)?,
            association: AssociationNumber(self.association),
            skill: self.skill.map(SkillNumber),
            description: self.description,
            until: row.maybe_found("until", self.until)?,
            is_open: row.flag("is_open", self.is_open)?,
            version: self.version,
            created_at: row.instant("created_at", self.created_at)?,
        })
    }
}
