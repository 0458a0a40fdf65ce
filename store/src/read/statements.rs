//! What a year's statements are made of, and those that were handed out.

use std::collections::HashMap;

use chrono::NaiveDate;
use futures_util::TryStreamExt as _;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    error::impossible,
    read::accounts::{account_years, year_leaves},
};
use ledger::{
    ActNumber, AssociationNumber, Digest, NetworkId,
    account::Account,
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
pub struct StatementRow {
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
    pub async fn year_books(&self, network: NetworkId, year: Year) -> Result<YearBooks, StoreError> {
        year_books(&mut self.db().begin_read().await?, network, year).await
    }

    /// The act that closed a year, with its leaf; `None` while the year is open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn closing_act(&self, network: NetworkId, year: Year) -> Result<Option<(ActNumber, String)>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT c.act, a.leaf FROM year_closing AS c \
                   JOIN act AS a ON a.network_id = c.network_id AND a.number = c.act \
                   WHERE c.network_id = $1 AND c.year = $2";
        let found: Option<(i64, String)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(i64::from(year.0)).fetch_optional(connection).await?
        });
        Ok(found.map(|(act, leaf)| (ActNumber(act), leaf)))
    }

    /// The statements of a year, in the order in which they were handed out, from one place on.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn statements(
        &self,
        network: NetworkId,
        year: Year,
        from: u32,
        most: i64,
    ) -> Result<Vec<StatementRow>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT year, sequence, association, supersedes, act, bytes FROM statement \
                   WHERE network_id = $1 AND year = $2 AND sequence >= $3 ORDER BY sequence LIMIT $4";
        let rows: Vec<Row> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(i64::from(year.0)).bind(i64::from(from)).bind(most)
                .fetch_all(connection).await?
        });
        rows.into_iter().map(statement_from).collect()
    }

    /// The last statement of each association in a year: association and place.
    ///
    /// # Errors
    /// When the database does not answer.
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
        rows.into_iter().map(|(association, sequence)| Ok((AssociationNumber(association), small(sequence)?))).collect()
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
                .map_err(|error| impossible("act", number, error.to_string()))?;
        }
    });
    let sql = "SELECT state, giver, receiver, minutes, service_date FROM exchange WHERE network_id = $1 \
               AND state IN ('proposed', 'contested', 'held')";
    for (state, giver, receiver, minutes, date) in
        select::<(String, i64, i64, i64, NaiveDate)>(tx, network, sql).await?
    {
        if Year::of(date) == year {
            for side in [giver, receiver] {
                let breakdown = breakdowns.entry(AssociationNumber(side)).or_default();
                breakdown
                    .add_waiting(&state, minutes)
                    .map_err(|error| impossible("exchange", side, error.to_string()))?;
            }
        }
    }
    Ok(YearBooks { years, leaves, breakdowns, nothing: Breakdown::default() })
}

type Row = (i64, i64, i64, Option<i64>, i64, Vec<u8>);

fn small(sequence: i64) -> Result<u32, StoreError> {
    u32::try_from(sequence).map_err(|_| impossible("statement", sequence, "a place out of range".to_owned()))
}

fn statement_from((year, sequence, association, supersedes, act, bytes): Row) -> Result<StatementRow, StoreError> {
    let year = i32::try_from(year).map_err(|_| impossible("statement", sequence, "a year out of range".to_owned()))?;
    Ok(StatementRow {
        year: Year(year),
        sequence: small(sequence)?,
        association: AssociationNumber(association),
        supersedes: supersedes.map(small).transpose()?,
        act: ActNumber(act),
        bytes,
    })
}

/// The next statements of the network after a place, in the order of years and numbers.
pub(crate) async fn statements_after(
    tx: &mut Tx,
    network: NetworkId,
    (year, sequence): (i32, u32),
    most: i64,
) -> Result<Vec<StatementRow>, StoreError> {
    let sql = "SELECT year, sequence, association, supersedes, act, bytes FROM statement \
               WHERE network_id = $1 AND (year, sequence) > ($2, $3) ORDER BY year, sequence LIMIT $4";
    let rows: Vec<Row> = on_tx!(tx, connection => {
        sqlx::query_as(sql)
            .bind(network.0)
            .bind(i64::from(year))
            .bind(i64::from(sequence))
            .bind(most)
            .fetch_all(connection)
            .await?
    });
    rows.into_iter().map(statement_from).collect()
}
