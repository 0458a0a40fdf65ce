//! Reads what associations offer and need.

use chrono::{DateTime, NaiveDate};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{Notice, Store, StoreError, db::on_tx, error::impossible};
use ledger::{AssociationNumber, NetworkId, SkillNumber};

#[derive(FromRow)]
struct NoticeRow {
    notice: Uuid,
    kind: String,
    association: i64,
    skill: Option<i64>,
    description: String,
    until: Option<NaiveDate>,
    is_open: i64,
    version: i64,
    created_at: i64,
}

const COLUMNS: &str = "notice, kind, association, skill, description, until, is_open, version, created_at";

impl TryFrom<NoticeRow> for Notice {
    type Error = StoreError;

    fn try_from(row: NoticeRow) -> Result<Self, StoreError> {
        let created_at = DateTime::from_timestamp_micros(row.created_at);
        Ok(Self {
            notice: row.notice,
            is_need: row.kind == "need",
            association: AssociationNumber(row.association),
            skill: row.skill.map(SkillNumber),
            description: row.description,
            until: row.until,
            is_open: row.is_open != 0,
            version: row.version,
            created_at: created_at
                .ok_or_else(|| impossible("notice", row.notice, "an instant out of range".to_owned()))?,
        })
    }
}

impl Store {
    /// Offers and needs that stand, newest first, older than a given one.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn notices(
        &self,
        network: NetworkId,
        kind: Option<bool>,
        before: Option<Uuid>,
        most: u32,
    ) -> Result<Vec<Notice>, StoreError> {
        let kind = match kind {
            None => "",
            Some(false) => " AND kind = 'offer'",
            Some(true) => " AND kind = 'need'",
        };
        // Names of notices grow with time.
        let sql = format!(
            "SELECT {COLUMNS} FROM notice WHERE network_id = $1 AND notice < $2 AND is_open = 1{kind} \
             ORDER BY notice DESC LIMIT {most}"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<NoticeRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(before.unwrap_or(Uuid::max())).fetch_all(connection).await?);
        rows.into_iter().map(Notice::try_from).collect()
    }

    /// One offer or need, open or not.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be true.
    pub async fn notice(&self, network: NetworkId, notice: Uuid) -> Result<Option<Notice>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM notice WHERE network_id = $1 AND notice = $2");
        let mut tx = self.db().begin_read().await?;
        let row: Option<NoticeRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(notice).fetch_optional(connection).await?
        });
        row.map(Notice::try_from).transpose()
    }
}
