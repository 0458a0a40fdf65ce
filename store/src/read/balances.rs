//! Balances: of every account, now or at the end of a day, and what moved one in each month.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    read::accounts::{account_from, account_heads, account_rows},
    reading::{Found, Pair, RowOf},
};
use ledger::{
    AssociationNumber, Minutes, NetworkId,
    account::{Account, AccountHead, Book, Movement, PostingKind},
    year::month_of,
};

/// An account's balance, and what it is made of: given − received + other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceLine {
    /// The account, in book exchange.
    pub account: Account,
    /// Help given.
    pub given: Minutes,
    /// Help received.
    pub received: Minutes,
    /// Everything else: gifts, dues, grants, corrections, balances brought in…
    pub other: Minutes,
    /// The balance.
    pub balance: Minutes,
}

impl BalanceLine {
    /// What an account's end says.
    pub fn of(account: Account, head: AccountHead) -> Self {
        let AccountHead { balance, given, received, .. } = head;
        let other = Minutes::new(balance.get() - given.get() + received.get());
        Self { account, given, received, other, balance }
    }
}

/// What moved an account in one month, for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthSum {
    /// The month, as 202505.
    pub month: i32,
    /// Why.
    pub kind: PostingKind,
    /// By how much in all.
    pub minutes: Minutes,
}

impl Store {
    /// Every account of book exchange that is a member's, the fund's, or that balances were brought in from; with a
    /// date, as they were at the end of that booking day. Who left and never had an hour was entered by mistake, and has
    /// none.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn balances(&self, network: NetworkId, at: Option<NaiveDate>) -> Result<Vec<BalanceLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT association FROM association AS m WHERE network_id = $1 AND (state <> 'left' OR EXISTS \
                   (SELECT 1 FROM posting AS p WHERE p.network_id = $1 AND p.book = 'exchange' \
                   AND p.account = m.association)) ORDER BY association";
        let members = select::<(i64,)>(&mut tx, network, sql).await?;
        let members = members.into_iter().map(|(number,)| Account::Association(AssociationNumber(number)));
        let accounts: Vec<_> = [Account::Opening, Account::Fund].into_iter().chain(members).collect();
        let mut heads: BTreeMap<Account, AccountHead> =
            accounts.iter().map(|account| (*account, AccountHead::default())).collect();
        match at {
            None => heads.extend(account_heads(&mut tx, network, &account_rows(&accounts)).await?),
            Some(at) => {
                for (number, kind, minutes) in kind_sums(&mut tx, network, at).await? {
                    let account = account_from(Book::Exchange.as_str(), number)?;
                    let row = RowOf("posting", Pair(Book::Exchange, number));
                    let movement = Movement { account, kind: row.word("kind", &kind)?, minutes: Minutes::new(minutes) };
                    let head = heads.entry(account).or_default();
                    *head = head.after(&movement).ok_or_else(|| row.wrong("minutes", "out of range"))?;
                }
            }
        }
        // Where no balance was brought in, there is no account that it came from.
        heads.retain(|account, head| *account != Account::Opening || head.sequence > 0);
        Ok(heads.into_iter().map(|(account, head)| BalanceLine::of(account, head)).collect())
    }

    /// What moved an account of book exchange on each booking day, all in all, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn days(&self, network: NetworkId, account: Account) -> Result<Vec<(NaiveDate, Minutes)>, StoreError> {
        let sql = "SELECT booked, cast(sum(minutes) AS bigint) FROM posting \
                   WHERE network_id = $1 AND book = 'exchange' AND account = $2 GROUP BY booked ORDER BY booked";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(Found<NaiveDate>, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(account.number()).fetch_all(connection).await?
        });
        let row = RowOf("posting", Pair(Book::Exchange, account.number()));
        rows.into_iter().map(|(booked, minutes)| Ok((row.found("booked", booked)?, Minutes::new(minutes)))).collect()
    }

    /// What moved an account of book exchange in each month, by kind, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn months(&self, network: NetworkId, account: Account) -> Result<Vec<MonthSum>, StoreError> {
        let sql = "SELECT booked, kind, cast(sum(minutes) AS bigint) FROM posting \
                   WHERE network_id = $1 AND book = 'exchange' AND account = $2 GROUP BY booked, kind";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(Found<NaiveDate>, String, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(account.number()).fetch_all(connection).await?
        });
        let row = RowOf("posting", Pair(Book::Exchange, account.number()));
        // In the order of the words, not of their list.
        let mut sums: BTreeMap<(i32, &'static str), MonthSum> = BTreeMap::new();
        for (booked, kind, minutes) in rows {
            let month = month_of(row.found("booked", booked)?);
            let kind: PostingKind = row.word("kind", &kind)?;
            let sum = sums.entry((month, kind.as_str()));
            let sum = sum.or_insert(MonthSum { month, kind, minutes: Minutes::ZERO });
            let total = sum.minutes.checked_add(Minutes::new(minutes));
            sum.minutes = total.ok_or_else(|| row.wrong("minutes", "out of range"))?;
        }
        Ok(sums.into_values().collect())
    }
}

/// What moved each account of book exchange up to the end of a day, by kind.
async fn kind_sums(tx: &mut Tx, network: NetworkId, at: NaiveDate) -> Result<Vec<(i64, String, i64)>, StoreError> {
    let sql = "SELECT account, kind, cast(sum(minutes) AS bigint) FROM posting \
               WHERE network_id = $1 AND book = 'exchange' AND booked <= $2 GROUP BY account, kind";
    Ok(on_tx!(tx, connection => sqlx::query_as(sql).bind(network.0).bind(at).fetch_all(connection).await?))
}
