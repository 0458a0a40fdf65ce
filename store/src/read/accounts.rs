//! Accounts as the database holds them: where they stand, and what they did in a year.

use std::collections::BTreeMap;

use crate::{
    StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx},
    error::impossible,
    schema::ColumnType::{Int, Text},
};
use ledger::{
    Digest, Minutes, NetworkId,
    account::{Account, AccountHead, Book, PostingKind},
    year::{AccountYear, Year},
};

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
        let minutes = |minutes: Option<i64>| Minutes::new(minutes.unwrap_or_default());
        let head = AccountHead {
            sequence: sequence.unwrap_or_default(),
            balance: minutes(balance),
            given: minutes(given),
            received: minutes(received),
        };
        Ok((account_from(&book, number)?, head))
    };
    wanted.select::<Row>(tx, network.0, &sql).await?.into_iter().map(read).collect()
}

/// The account of a row.
pub(crate) fn account_from(book: &str, number: i64) -> Result<Account, StoreError> {
    Book::try_from(book)
        .ok()
        .and_then(|book| Account::from_number(book, number))
        .ok_or_else(|| impossible("posting", format!("{book} {number}"), "no such account can be".to_owned()))
}

/// What every account did in a year; persons' records are left out.
pub(crate) async fn account_years(tx: &mut Tx, network: NetworkId, year: Year) -> Result<Vec<AccountYear>, StoreError> {
    let Some((first, last)) = year.days() else { return Ok(Vec::new()) };
    let sql = "SELECT book, account, kind, CASE WHEN booked < $2 THEN 1 ELSE 0 END, cast(sum(minutes) AS bigint) \
               FROM posting WHERE network_id = $1 AND booked <= $3 AND (book = 'exchange' OR account < 0) \
               GROUP BY 1, 2, 3, 4";
    let sums: Vec<(String, i64, String, i32, i64)> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(first).bind(last).fetch_all(connection).await?
    });
    let mut accounts: BTreeMap<Account, AccountYear> = BTreeMap::new();
    for (book, number, kind, is_before, minutes) in sums {
        let account = account_from(&book, number)?;
        let wrong = |problem: String| impossible("posting", format!("{book} {number}"), problem);
        let kind = PostingKind::try_from(kind.as_str()).map_err(|error| wrong(error.to_string()))?;
        let entry = accounts.entry(account).or_insert_with(|| AccountYear {
            account,
            opening: Minutes::ZERO,
            totals: BTreeMap::new(),
        });
        let sum = if is_before == 1 { &mut entry.opening } else { entry.totals.entry(kind).or_default() };
        *sum = sum.checked_add(Minutes::new(minutes)).ok_or_else(|| wrong("out of range".to_owned()))?;
    }
    Ok(accounts.into_values().collect())
}

/// The hashes of the accounts' years, in the order of the accounts.
pub(crate) fn year_leaves(years: &[AccountYear]) -> Result<Vec<Digest>, StoreError> {
    let hash = |year: &AccountYear| {
        let account = year.account;
        let wrong =
            || impossible("posting", format!("{} {}", account.book(), account.number()), "out of range".to_owned());
        year.leaf_hash().ok_or_else(wrong)
    };
    years.iter().map(hash).collect()
}
