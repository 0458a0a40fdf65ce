//! Acts as they stand in the log, and the words that belong to them.

use std::collections::{BTreeMap, HashMap};

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    read::page::Page,
    reading::{RowOf, table_row},
    schema::{ColumnType::Text, IS_SELDOM},
};
use ledger::{
    ActNumber, Digest, NetworkId,
    act::{ActKind, TextField},
    command::{Key, Principal},
    leaf::Leaf,
    year::Year,
};

/// An act as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAct {
    /// Its number: its place in the log.
    pub number: ActNumber,
    /// What kind of act it is.
    pub kind: ActKind,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who asked for it.
    pub principal: Principal,
    /// The text whose hash stands in the log.
    pub text: String,
}

impl SealedAct {
    /// What the text says.
    ///
    /// # Errors
    /// When it is no leaf.
    pub fn leaf(&self) -> Result<Leaf<'_>, StoreError> {
        RowOf("act", self.number).leaf("leaf", &self.text)
    }

    /// The error that the text says something that cannot be, for whoever reads more out of it.
    pub fn wrong(&self, problem: &str) -> StoreError {
        RowOf("act", self.number).wrong("leaf", problem)
    }
}

/// The act that an idempotency key was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUse {
    /// The digest of what was asked.
    pub request: Digest,
    /// What it became.
    pub act: ActNumber,
}

/// A year that was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedYear {
    /// The year.
    pub year: Year,
    /// The act that closed it.
    pub act: ActNumber,
}

impl Store {
    /// One act.
    ///
    /// # Errors
    /// When the database does not answer or its row cannot be true.
    #[boxed]
    pub async fn act(&self, network: NetworkId, act: ActNumber) -> Result<Option<SealedAct>, StoreError> {
        let found = self.acts_from(network, act, 1).await?.pop();
        Ok(found.filter(|found| found.number == act))
    }

    /// Acts from a number on, in order.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn acts_from(
        &self,
        network: NetworkId,
        from: ActNumber,
        most: u32,
    ) -> Result<Vec<SealedAct>, StoreError> {
        self.acts(network, "number >= $2 ORDER BY number", from.0, most).await
    }

    /// Acts, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn acts_before(&self, network: NetworkId, page: Page<ActNumber>) -> Result<Vec<SealedAct>, StoreError> {
        let before = page.before_number(|act| act.0);
        self.acts(network, "number < $2 ORDER BY number DESC", before, page.most).await
    }

    /// Acts of a seldom kind (see the index `act_seldom`), newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn seldom_acts(
        &self,
        network: NetworkId,
        kind: ActKind,
        page: Page<ActNumber>,
    ) -> Result<Vec<SealedAct>, StoreError> {
        let which = format!("kind = '{kind}' AND {IS_SELDOM} AND number < $2 ORDER BY number DESC");
        self.acts(network, &which, page.before_number(|act| act.0), page.most).await
    }

    #[boxed]
    async fn acts(&self, network: NetworkId, which: &str, bound: i64, most: u32) -> Result<Vec<SealedAct>, StoreError> {
        let sql = format!(
            "SELECT number, kind, recorded_at, principal, leaf FROM act WHERE network_id = $1 AND {which} LIMIT $3"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ActRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0).bind(bound).bind(i64::from(most)).fetch_all(connection).await?);
        rows.into_iter().map(ActRow::read).collect()
    }

    /// Which of these keys are in use, and by which act.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn acts_of_keys(&self, network: NetworkId, keys: &[Key]) -> Result<HashMap<Key, KeyUse>, StoreError> {
        Ok(acts_of_keys(&mut self.db().begin_read().await?, network, keys.iter()).await?.into_iter().collect())
    }

    /// The texts of an act that are not erased; who a person is stands elsewhere.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn texts_of(
        &self,
        network: NetworkId,
        act: ActNumber,
    ) -> Result<BTreeMap<TextField, String>, StoreError> {
        let sql = "SELECT field, text FROM act_text WHERE network_id = $1 AND act = $2 AND field <> 'identity'";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(String, String)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(act.0).fetch_all(connection).await?
        });
        let row = RowOf("act_text", act);
        rows.into_iter().map(|(field, text)| Ok((row.word("field", &field)?, text))).collect()
    }

    /// Years that were closed, and the acts that closed them.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn closed_years(&self, network: NetworkId) -> Result<Vec<ClosedYear>, StoreError> {
        let sql = "SELECT year, act FROM year_closing WHERE network_id = $1 ORDER BY year";
        let mut tx = self.db().begin_read().await?;
        let rows = select::<(i64, i64)>(&mut tx, network, sql).await?;
        let read =
            |(year, act)| Ok(ClosedYear { year: RowOf("year_closing", year).year("year", year)?, act: ActNumber(act) });
        rows.into_iter().map(read).collect()
    }

    /// The act that closed a year; `None` while the year is open.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn closing_act(&self, network: NetworkId, year: Year) -> Result<Option<SealedAct>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT a.number, a.kind, a.recorded_at, a.principal, a.leaf FROM year_closing AS c \
                   JOIN act AS a ON a.network_id = c.network_id AND a.number = c.act \
                   WHERE c.network_id = $1 AND c.year = $2";
        let found: Option<ActRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(i64::from(year.0)).fetch_optional(connection).await?
        });
        found.map(ActRow::read).transpose()
    }
}

/// Which of these keys are in use, and by which act.
pub(crate) async fn acts_of_keys(
    tx: &mut Tx,
    network: NetworkId,
    keys: impl Iterator<Item = &Key>,
) -> Result<Vec<(Key, KeyUse)>, StoreError> {
    let keys = keys.map(|key| row![key.scope.as_str(), key.key.as_str()]).collect();
    let sql = "SELECT a.key_scope, a.key, a.request, a.number FROM {rows} CROSS JOIN act AS a \
               WHERE a.network_id = $1 AND a.key_scope = r.c0 AND a.key = r.c1";
    let found: Vec<(String, String, Vec<u8>, i64)> = Rows::new(&[Text, Text], keys).select(tx, network.0, sql).await?;
    let read = |(scope, key, request, number): (String, String, Vec<u8>, i64)| {
        let request = RowOf("act", number).digest("request", &request)?;
        Ok((Key { scope, key }, KeyUse { request, act: ActNumber(number) }))
    };
    found.into_iter().map(read).collect()
}

/// The act that closed a year; `None` while the year is open.
pub(crate) async fn closed_in(tx: &mut Tx, network: NetworkId, year: Year) -> Result<Option<ActNumber>, StoreError> {
    let sql = "SELECT act FROM year_closing WHERE network_id = $1 AND year = $2";
    let act: Option<(i64,)> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(i64::from(year.0)).fetch_optional(connection).await?
    });
    Ok(act.map(|(act,)| ActNumber(act)))
}

table_row! {
    struct ActRow {
        number: i64,
        kind: String,
        recorded_at: i64,
        principal: String,
        leaf: String,
    }
}

impl ActRow {
    fn read(self) -> Result<SealedAct, StoreError> {
        let row = RowOf("act", self.number);
        Ok(SealedAct {
            number: ActNumber(self.number),
            kind: row.word("kind", &self.kind)?,
            recorded_at: row.instant("recorded_at", self.recorded_at)?,
            principal: row.principal("principal", &self.principal)?,
            text: self.leaf,
        })
    }
}
