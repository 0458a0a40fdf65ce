//! The postings of one account: by the page, or all of them with what stands on the other side.

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::on_tx,
    read::page::Page,
    reading::{Found, Pair, RowOf, table_row},
};
use ledger::{
    ActNumber, ExchangeNumber, Minutes, NetworkId,
    account::{Account, Book, PostingKind},
};

/// A line of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the account: 1, 2, 3…
    pub sequence: i64,
    /// The act that posted it.
    pub act: ActNumber,
    /// The act that it belongs to: an exchange, a transfer.
    pub cause: ActNumber,
    /// Why.
    pub kind: PostingKind,
    /// By how much.
    pub minutes: Minutes,
    /// The balance after it.
    pub balance: Minutes,
    /// The day it counts under.
    pub booked: NaiveDate,
    /// What people call the exchange.
    pub reference: Option<String>,
}

/// A line of an account's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Its place in the account: 1, 2, 3…
    pub sequence: i64,
    /// The act that posted it.
    pub act: ActNumber,
    /// The day it counts under.
    pub booked: NaiveDate,
    /// When help was given, where the line is about an exchange.
    pub service_date: Option<NaiveDate>,
    /// Why.
    pub kind: PostingKind,
    /// The account on the other side.
    pub counterparty: Option<Account>,
    /// By how much.
    pub minutes: Minutes,
    /// The balance after it.
    pub balance: Minutes,
    /// The exchange that it is about.
    pub exchange: Option<ExchangeNumber>,
    /// The exchange's reference.
    pub reference: Option<String>,
    /// The exchange's skill.
    pub skill: Option<String>,
    /// The exchange's remark.
    pub memo: Option<String>,
}

impl Store {
    /// The lines of an account of book exchange, newest first, from before a place on.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn entries(
        &self,
        network: NetworkId,
        account: Account,
        page: Page<i64>,
    ) -> Result<Vec<Entry>, StoreError> {
        let sql = "SELECT p.sequence, p.act, p.cause, p.kind, p.minutes, p.balance, p.booked, \
                   coalesce(e.given_reference, n.reference) AS reference FROM (SELECT * FROM posting \
                   WHERE network_id = $1 AND book = 'exchange' AND account = $2 AND sequence < $3 \
                   ORDER BY sequence DESC LIMIT $4) AS p \
                   LEFT JOIN exchange AS e ON e.network_id = $1 AND e.exchange = p.cause \
                   LEFT JOIN exchange_reference AS n ON n.network_id = $1 AND n.exchange = p.cause \
                   ORDER BY p.sequence DESC";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<EntryRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql)
            .bind(network.0)
            .bind(account.number())
            .bind(page.before_number(|sequence| sequence))
            .bind(i64::from(page.most))
            .fetch_all(connection)
            .await?);
        rows.into_iter().map(|row| row.read(account)).collect()
    }

    /// An account's postings in book exchange, in the order in which they were recorded.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn history(&self, network: NetworkId, account: Account) -> Result<Vec<HistoryLine>, StoreError> {
        self.lines(network, account, "", "ORDER BY p.sequence").await
    }

    /// The newest of them first, from before a place on.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn history_page(
        &self,
        network: NetworkId,
        account: Account,
        page: Page<i64>,
    ) -> Result<Vec<HistoryLine>, StoreError> {
        let before = page.before_number(|sequence| sequence);
        // Numbers alone enter the text.
        let which = format!("AND sequence < {before} ORDER BY sequence DESC LIMIT {}", page.most);
        self.lines(network, account, &which, "ORDER BY p.sequence DESC").await
    }

    async fn lines(
        &self,
        network: NetworkId,
        account: Account,
        which: &str,
        order: &str,
    ) -> Result<Vec<HistoryLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        // One account, named in the text, whose postings are chosen before anything is joined to them: so any planner
        // reads them in their order, stops at the last one that is wanted, and looks up what belongs to these alone.
        let sql = format!(
            "SELECT p.act, p.sequence, p.booked, p.kind, p.minutes, p.balance, a.leaf, s.name AS skill, \
             coalesce(e.given_reference, n.reference) AS reference, \
             t.text AS memo, e.exchange, e.service_date FROM (SELECT * FROM posting \
             WHERE network_id = $1 AND book = '{}' AND account = {} {which}) AS p \
             JOIN act AS a ON a.network_id = $1 AND a.number = p.act \
             LEFT JOIN exchange AS e ON e.network_id = $1 AND e.exchange = p.cause \
             LEFT JOIN exchange_reference AS n ON n.network_id = $1 AND n.exchange = p.cause \
             LEFT JOIN act_text AS t ON t.network_id = $1 AND t.act = p.cause AND t.field = 'memo' \
             LEFT JOIN skill AS s ON s.network_id = $1 AND s.skill = e.skill {order}",
            account.book().as_str(),
            account.number(),
        );
        let found: Vec<HistoryRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        found.into_iter().map(|row| row.read(account)).collect()
    }
}

/// The key of a posting in book exchange, but for the book.
fn posting(account: Account, sequence: i64) -> RowOf<Pair<Pair<Book, i64>, i64>> {
    RowOf("posting", Pair(Pair(Book::Exchange, account.number()), sequence))
}

table_row! {
    struct EntryRow {
        sequence: i64,
        act: i64,
        cause: i64,
        kind: String,
        minutes: i64,
        balance: i64,
        booked: Found<NaiveDate>,
        reference: Option<String>,
    }
}

impl EntryRow {
    fn read(self, account: Account) -> Result<Entry, StoreError> {
        let row = posting(account, self.sequence);
        Ok(Entry {
            sequence: self.sequence,
            act: ActNumber(self.act),
            cause: ActNumber(self.cause),
            kind: row.word("kind", &self.kind)?,
            minutes: Minutes::new(self.minutes),
            balance: Minutes::new(self.balance),
            booked: row.found("booked", self.booked)?,
            reference: self.reference,
        })
    }
}

table_row! {
    struct HistoryRow {
        act: i64,
        sequence: i64,
        booked: Found<NaiveDate>,
        kind: String,
        minutes: i64,
        balance: i64,
        leaf: String,
        reference: Option<String>,
        skill: Option<String>,
        memo: Option<String>,
        exchange: Option<i64>,
        service_date: Option<Found<NaiveDate>>,
    }
}

impl HistoryRow {
    fn read(self, account: Account) -> Result<HistoryLine, StoreError> {
        let row = posting(account, self.sequence);
        let leaf = RowOf("act", self.act).leaf("leaf", &self.leaf)?;
        let other = leaf.postings.iter().map(|posting| posting.account).find(|other| *other != account.number());
        let counterparty = other.map(|number| RowOf("act", self.act).account("leaf", Book::Exchange, number));
        let exchange = RowOf("exchange", self.exchange.unwrap_or(self.act));
        Ok(HistoryLine {
            sequence: self.sequence,
            exchange: self.exchange.map(ExchangeNumber),
            act: ActNumber(self.act),
            booked: row.found("booked", self.booked)?,
            service_date: exchange.maybe_found("service_date", self.service_date)?,
            kind: row.word("kind", &self.kind)?,
            counterparty: counterparty.transpose()?,
            minutes: Minutes::new(self.minutes),
            balance: Minutes::new(self.balance),
            reference: self.reference,
            skill: self.skill,
            memo: self.memo,
        })
    }
}
