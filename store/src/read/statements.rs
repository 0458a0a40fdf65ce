//! What a year's statements are made of, and those that were handed out.

use std::collections::{HashMap, HashSet};

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;
use futures_util::TryStreamExt as _;
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    read::accounts::{account_years, year_leaves},
    reading::{Found, Pair, RowOf, table_row},
};
use ledger::{
    ActNumber, AssociationNumber, Digest, NetworkId,
    account::Account,
    exchange::ExchangeState,
    statement::{Books, Breakdown},
    year::{AccountYear, Year},
};

/// Everything that the statements of one year are made of.
#[derive(Debug)]
pub struct YearBooks {
    /// What every account did, in the order that the year's root covers.
    pub years: Vec<AccountYear>,
    /// The hashes of their leaves.
    pub leaves: Vec<Digest>,
    breakdowns: HashMap<AssociationNumber, Breakdown>,
    nothing: Breakdown,
}

impl YearBooks {
    /// The part of one association.
    pub fn of<'a>(
        &'a self,
        association: AssociationNumber,
        name_of: &'a dyn Fn(AssociationNumber) -> String,
        skill_name_of: &'a dyn Fn(ledger::SkillNumber) -> String,
    ) -> Books<'a> {
        let find = |account: Account| {
            let place = self.years.binary_search_by_key(&account, |year| year.account).ok()?;
            self.years.get(place)
        };
        Books {
            exchange: find(Account::Association(association)),
            engaged: find(Account::Engaged(association)),
            breakdown: self.breakdowns.get(&association).unwrap_or(&self.nothing),
            name_of,
            skill_name_of,
        }
    }
}

/// A statement that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    /// Of which year.
    pub year: Year,
    /// Its place among the year's.
    pub sequence: u32,
    /// About whom.
    pub association: AssociationNumber,
    /// The statement that it takes the place of.
    pub supersedes: Option<u32>,
    /// The act that handed it out.
    pub act: ActNumber,
    /// The signed bytes.
    pub bytes: Vec<u8>,
}

impl Store {
    /// Everything that the statements of a year are made of, in one picture of the database.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn year_books(&self, network: NetworkId, year: Year) -> Result<YearBooks, StoreError> {
        year_books(&mut self.db().begin_read().await?, network, year).await
    }

    /// The statements of a year, in the order in which they were handed out, from one place on.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn statements(
        &self,
        network: NetworkId,
        year: Year,
        from: u32,
        most: i64,
    ) -> Result<Vec<SignedStatement>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT year, sequence, association, supersedes, act, bytes FROM statement \
                   WHERE network_id = $1 AND year = $2 AND sequence >= $3 ORDER BY sequence LIMIT $4";
        let rows: Vec<StatementRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(i64::from(year.0)).bind(i64::from(from)).bind(most)
                .fetch_all(connection).await?
        });
        rows.into_iter().map(StatementRow::read).collect()
    }

    /// All statements that were handed out to an association, the newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn statements_of(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Vec<SignedStatement>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT year, sequence, association, supersedes, act, bytes FROM statement \
                   WHERE network_id = $1 AND association = $2 ORDER BY year DESC, sequence DESC";
        let rows: Vec<StatementRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(association.0).fetch_all(connection).await?
        });
        rows.into_iter().map(StatementRow::read).collect()
    }

    /// Which of these places in the list of what is revoked were revoked by name.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn taken_back_among(&self, network: NetworkId, places: &[u32]) -> Result<HashSet<u32>, StoreError> {
        if places.is_empty() {
            return Ok(HashSet::new());
        }
        // Only numbers enter the text.
        let numbers: Vec<_> = places.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT position FROM credential_status WHERE network_id = $1 AND revoked_at IS NOT NULL \
             AND position IN ({})",
            numbers.join(", ")
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(i64,)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter().map(|(place,)| RowOf("credential_status", place).number("position", place)).collect()
    }

    /// The last statement of each association in a year: association and place.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn statements_in_force(
        &self,
        network: NetworkId,
        year: Year,
    ) -> Result<HashMap<AssociationNumber, u32>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT association, max(sequence) FROM statement WHERE network_id = $1 AND year = $2 \
                   GROUP BY association";
        let rows: Vec<(i64, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(i64::from(year.0)).fetch_all(connection).await?
        });
        let place = |sequence| RowOf("statement", Pair(year, sequence)).number("sequence", sequence);
        rows.into_iter().map(|(association, last)| Ok((AssociationNumber(association), place(last)?))).collect()
    }
}

/// Everything that the statements of a year are made of.
pub(crate) async fn year_books(tx: &mut Tx, network: NetworkId, year: Year) -> Result<YearBooks, StoreError> {
    let years = account_years(tx, network, year).await?;
    let leaves = year_leaves(&years)?;
    let mut breakdowns = HashMap::new();
    // What moved an account of book exchange under an exchange: everything else has no partner and no skill.
    let sql = "SELECT number, leaf FROM act WHERE network_id = $1 AND kind IN ('exchange_recorded', \
               'exchange_confirmed', 'exchange_settled', 'exchange_released', 'reversed') ORDER BY number";
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, (i64, String)>(sql).bind(network.0).fetch(connection);
        while let Some((number, leaf)) = rows.try_next().await? {
            Breakdown::add_leaf(&mut breakdowns, year, &leaf)
                .map_err(|error| RowOf("act", number).wrong("leaf", error))?;
        }
    });
    let sql = "SELECT exchange, state, giver, receiver, minutes, service_date FROM exchange WHERE network_id = $1 \
               AND state IN ('proposed', 'contested', 'held')";
    type Row = (i64, String, i64, i64, i64, Found<NaiveDate>);
    for (exchange, state, giver, receiver, minutes, date) in select::<Row>(tx, network, sql).await? {
        let row = RowOf("exchange", exchange);
        let state: ExchangeState = row.word("state", &state)?;
        if Year::of(row.found("service_date", date)?) == year {
            for side in [giver, receiver] {
                let breakdown = breakdowns.entry(AssociationNumber(side)).or_default();
                breakdown.add_waiting(state.as_str(), minutes).map_err(|error| row.wrong("minutes", error))?;
            }
        }
    }
    Ok(YearBooks { years, leaves, breakdowns, nothing: Breakdown::default() })
}

/// The next statements of the network after a place, in the order of years and numbers.
pub(crate) async fn statements_after(
    tx: &mut Tx,
    network: NetworkId,
    (year, sequence): (i32, u32),
    most: i64,
) -> Result<Vec<SignedStatement>, StoreError> {
    let sql = "SELECT year, sequence, association, supersedes, act, bytes FROM statement \
               WHERE network_id = $1 AND (year, sequence) > ($2, $3) ORDER BY year, sequence LIMIT $4";
    let rows: Vec<StatementRow> = on_tx!(tx, connection => {
        sqlx::query_as(sql)
            .bind(network.0)
            .bind(i64::from(year))
            .bind(i64::from(sequence))
            .bind(most)
            .fetch_all(connection)
            .await?
    });
    rows.into_iter().map(StatementRow::read).collect()
}

table_row! {
    struct StatementRow {
        year: i64,
        sequence: i64,
        association: i64,
        supersedes: Option<i64>,
        act: i64,
        bytes: Vec<u8>,
    }
}

impl StatementRow {
    fn read(self) -> Result<SignedStatement, StoreError> {
        let row = RowOf("statement", Pair(self.year, self.sequence));
        let place = |column, place| row.number(column, place);
        Ok(SignedStatement {
            year: row.year("year", self.year)?,
            sequence: place("sequence", self.sequence)?,
            association: AssociationNumber(self.association),
            supersedes: self.supersedes.map(|superseded| place("supersedes", superseded)).transpose()?,
            act: ActNumber(self.act),
            bytes: self.bytes,
        })
    }
}
