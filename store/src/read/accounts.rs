//! Accounts: where they stand, and what they did in a year.

use std::collections::{BTreeMap, HashMap};

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    reading::{Found, Pair, RowOf, table_row},
    schema::ColumnType::{Int, Text},
};
use ledger::{
    ActNumber, AssociationNumber, Digest, Minutes, NetworkId,
    account::{Account, AccountHead, PostingKind},
    year::{AccountYear, Year},
};

impl Store {
    /// Where accounts stand, all at one moment.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn standings(
        &self,
        network: NetworkId,
        accounts: &[Account],
    ) -> Result<HashMap<Account, AccountHead>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let heads = account_heads(&mut tx, network, &account_rows(accounts)).await?;
        Ok(heads.into_iter().collect())
    }

    /// What every account did in a year; persons' records are left out.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn account_years(&self, network: NetworkId, year: Year) -> Result<Vec<AccountYear>, StoreError> {
        account_years(&mut self.db().begin_read().await?, network, year).await
    }
}

/// A balance from before the ledger that was brought in, and stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceBroughtIn {
    /// The act that brought it in.
    pub act: ActNumber,
    /// The balance.
    pub minutes: Minutes,
    /// The day that it holds at.
    pub date: NaiveDate,
}

impl Store {
    /// The balances from before that were brought in and not taken back, by association.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn balances_brought_in(
        &self,
        network: NetworkId,
    ) -> Result<BTreeMap<AssociationNumber, Vec<BalanceBroughtIn>>, StoreError> {
        let sql = "SELECT p.account, p.act, p.minutes, p.booked FROM posting AS p WHERE p.network_id = $1 \
                   AND p.book = 'exchange' AND p.kind = 'opening' AND p.account > 0 AND NOT EXISTS (SELECT 1 \
                   FROM reversal AS r WHERE r.network_id = $1 AND r.target = p.act) ORDER BY p.act";
        let mut tx = self.db().begin_read().await?;
        let mut found: BTreeMap<AssociationNumber, Vec<BalanceBroughtIn>> = BTreeMap::new();
        for (account, act, minutes, booked) in
            select::<(i64, i64, i64, Found<NaiveDate>)>(&mut tx, network, sql).await?
        {
            let date = RowOf("posting", Pair("exchange", account)).found("booked", booked)?;
            let brought_in = BalanceBroughtIn { act: ActNumber(act), minutes: Minutes::new(minutes), date };
            found.entry(AssociationNumber(account)).or_default().push(brought_in);
        }
        Ok(found)
    }
}

/// The books and numbers of accounts.
pub(crate) fn account_rows<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Rows {
    let rows = accounts.into_iter().map(|account| row![account.book().as_str(), account.number()]);
    Rows::new(&[Text, Int], rows.collect())
}

/// Where accounts stand: after their last postings, or at nothing. `wanted` holds books and numbers.
pub(crate) async fn account_heads(
    tx: &mut Tx,
    network: NetworkId,
    wanted: &Rows,
) -> Result<Vec<(Account, AccountHead)>, StoreError> {
    // As single values, so that any planner reads one end of the index for each.
    let last = |column: &str| {
        format!(
            "(SELECT p.{column} FROM posting AS p WHERE p.network_id = $1 AND p.book = r.c0 AND p.account = r.c1 \
             ORDER BY p.sequence DESC LIMIT 1)"
        )
    };
    let columns = ["sequence", "balance", "given", "received"].map(last).join(", ");
    let sql = format!("SELECT r.c0, r.c1, {columns} FROM {{rows}}");
    type Row = (String, i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
    let read = |(book, number, sequence, balance, given, received): Row| {
        // An account without a posting stands at nothing; one of these columns alone is never without a value.
        let head = match (sequence, balance, given, received) {
            (Some(sequence), Some(balance), Some(given), Some(received)) => AccountHead {
                sequence,
                balance: Minutes::new(balance),
                given: Minutes::new(given),
                received: Minutes::new(received),
            },
            (None, None, None, None) => AccountHead::default(),
            (_, balance, given, _) => {
                let lacks = if balance.is_none() {
                    "balance"
                } else if given.is_none() {
                    "given"
                } else {
                    "received"
                };
                return Err(RowOf("posting", Pair(&book, number)).wrong(lacks, "the account's last posting lacks it"));
            }
        };
        Ok((account_from(&book, number)?, head))
    };
    wanted.select::<Row>(tx, network.0, &sql).await?.into_iter().map(read).collect()
}

/// The account of a posting.
pub(crate) fn account_from(book: &str, number: i64) -> Result<Account, StoreError> {
    let row = RowOf("posting", Pair(book, number));
    row.account("account", row.word("book", book)?, number)
}

table_row! {
    /// What moved an account in a year and before it, by kind.
    struct YearSum {
        book: String,
        account: i64,
        kind: String,
        is_before: i32,
        minutes: i64,
    }
}

/// What every account did in a year; persons' records are left out.
pub(crate) async fn account_years(tx: &mut Tx, network: NetworkId, year: Year) -> Result<Vec<AccountYear>, StoreError> {
    let Some((first, last)) = year.days() else { return Ok(Vec::new()) };
    let sql = "SELECT book, account, kind, CASE WHEN booked < $2 THEN 1 ELSE 0 END AS is_before, \
               cast(sum(minutes) AS bigint) AS minutes FROM posting \
               WHERE network_id = $1 AND booked <= $3 AND (book = 'exchange' OR account < 0) GROUP BY 1, 2, 3, 4";
    let sums: Vec<YearSum> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(first).bind(last).fetch_all(connection).await?
    });
    let mut accounts: BTreeMap<Account, AccountYear> = BTreeMap::new();
    for sum in sums {
        let account = account_from(&sum.book, sum.account)?;
        let row = RowOf("posting", Pair(&sum.book, sum.account));
        let kind: PostingKind = row.word("kind", &sum.kind)?;
        let entry = accounts.entry(account).or_insert_with(|| AccountYear {
            account,
            opening: Minutes::ZERO,
            totals: BTreeMap::new(),
        });
        let total = if sum.is_before == 1 { &mut entry.opening } else { entry.totals.entry(kind).or_default() };
        *total = total.checked_add(Minutes::new(sum.minutes)).ok_or_else(|| row.wrong("minutes", "out of range"))?;
    }
    Ok(accounts.into_values().collect())
}

/// The hashes of the accounts' years, in the order of the accounts.
pub(crate) fn year_leaves(years: &[AccountYear]) -> Result<Vec<Digest>, StoreError> {
    let hash = |year: &AccountYear| {
        let row = RowOf("posting", Pair(year.account.book(), year.account.number()));
        year.leaf_hash().ok_or_else(|| row.wrong("minutes", "their sum is out of range"))
    };
    years.iter().map(hash).collect()
}
