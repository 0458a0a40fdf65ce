//! Exchanges that another one looks like: of the same day, between the same two, and as long.

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::on_tx,
    reading::{Found, RowOf, table_row},
};
use ledger::{AssociationNumber, ExchangeNumber, Minutes, NetworkId, exchange::ExchangeState};

use super::exchanges::ExchangeView;

/// What an exchange that stands is about, as far as another one may look like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SameHelp {
    /// When.
    pub service_date: NaiveDate,
    /// Who helped.
    pub giver: AssociationNumber,
    /// Who was helped.
    pub receiver: AssociationNumber,
    /// For how long, in person-minutes.
    pub minutes: Minutes,
}

/// The states of exchanges that stand, between commas.
fn standing() -> String {
    let standing = ExchangeState::ALL.iter().filter(|state| state.stands());
    standing.map(|state| format!("'{}'", state.as_str())).collect::<Vec<_>>().join(", ")
}

impl Store {
    /// The exchanges of some days that stand, the last day included, each with what it is about. In the order in which
    /// they were first recorded.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn standing_help(
        &self,
        network: NetworkId,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<(ExchangeNumber, SameHelp)>, StoreError> {
        let sql = format!(
            "SELECT exchange, giver, receiver, minutes, service_date FROM exchange WHERE network_id = $1 \
             AND service_date BETWEEN $2 AND $3 AND state IN ({}) ORDER BY exchange",
            standing()
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<HelpRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(first).bind(last).fetch_all(connection).await?
        });
        rows.into_iter().map(HelpRow::read).collect()
    }

    /// Whether anybody ever noted help: where nobody did, nothing has to be looked up.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn has_exchanges(&self, network: NetworkId) -> Result<bool, StoreError> {
        let sql = "SELECT exchange FROM exchange WHERE network_id = $1 LIMIT 1";
        let mut tx = self.db().begin_read().await?;
        let found: Option<(i64,)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).fetch_optional(connection).await?
        });
        Ok(found.is_some())
    }

    /// The newest exchange that stands and is about the same help.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn same_help(&self, network: NetworkId, help: SameHelp) -> Result<Option<ExchangeView>, StoreError> {
        let sql = format!(
            "SELECT exchange FROM exchange WHERE network_id = $1 AND giver = $2 AND receiver = $3 \
             AND service_date = $4 AND minutes = $5 AND state IN ({}) ORDER BY exchange DESC LIMIT 1",
            standing()
        );
        let mut tx = self.db().begin_read().await?;
        let found: Option<(i64,)> = on_tx!(&mut tx, connection => {
            let query = sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(help.giver.0).bind(help.receiver.0);
            query.bind(help.service_date).bind(help.minutes.get()).fetch_optional(connection).await?
        });
        drop(tx);
        match found {
            Some((exchange,)) => self.exchange(network, ExchangeNumber(exchange)).await,
            None => Ok(None),
        }
    }
}

table_row! {
    struct HelpRow {
        exchange: i64,
        giver: i64,
        receiver: i64,
        minutes: i64,
        service_date: Found<NaiveDate>,
    }
}

impl HelpRow {
    fn read(self) -> Result<(ExchangeNumber, SameHelp), StoreError> {
        let help = SameHelp {
            service_date: RowOf("exchange", self.exchange).found("service_date", self.service_date)?,
            giver: AssociationNumber(self.giver),
            receiver: AssociationNumber(self.receiver),
            minutes: Minutes::new(self.minutes),
        };
        Ok((ExchangeNumber(self.exchange), help))
    }
}
