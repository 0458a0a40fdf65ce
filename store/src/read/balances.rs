//! What people ask: balances, histories, what waits.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    error::impossible,
    read::{
        accounts::{account_from, account_heads, account_rows, account_years},
        exchanges::exchanges_of_references,
    },
    schema::ColumnType::Text,
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, NetworkId,
    account::{Account, AccountHead, Book, Movement, PostingKind},
    command::Key,
    exchange::ExchangeState,
    leaf::Leaf,
    year::{AccountYear, Year},
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

/// A line of an account's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
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
    /// The exchange's reference.
    pub reference: Option<String>,
    /// The exchange's skill.
    pub skill: Option<String>,
    /// The exchange's remark.
    pub memo: Option<String>,
}

/// An exchange with the words that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "as in `Exchange`")]
pub struct ExchangeLine {
    pub exchange: i64,
    pub reference: Option<String>,
    pub giver: i64,
    pub receiver: i64,
    pub minutes: i64,
    pub service_date: NaiveDate,
    pub skill: Option<String>,
    pub memo: Option<String>,
    pub state: String,
    pub recorded_at: i64,
}

/// What waits for somebody, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Proposals without an answer.
    pub proposed: u64,
    /// Contested exchanges.
    pub contested: u64,
    /// Exchanges held because of a hard limit.
    pub held: u64,
}

const EXCHANGE_LINES: &str = "SELECT e.exchange, coalesce(e.given_reference, n.reference) AS reference, \
     e.giver, e.receiver, e.minutes, e.service_date, s.name AS skill, t.text AS memo, e.state, a.recorded_at \
     FROM exchange AS e JOIN act AS a ON a.network_id = e.network_id AND a.number = e.exchange \
     LEFT JOIN exchange_reference AS n ON n.network_id = e.network_id AND n.exchange = e.exchange \
     LEFT JOIN act_text AS t ON t.network_id = e.network_id AND t.act = e.exchange AND t.field = 'memo' \
     LEFT JOIN skill AS s ON s.network_id = e.network_id AND s.skill = e.skill WHERE e.network_id = $1";

impl Store {
    /// Every account of book exchange that is a member's, the fund's, or that balances were brought in from; with a
    /// date, as they were at the end of that booking day.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn balances(&self, network: NetworkId, at: Option<NaiveDate>) -> Result<Vec<BalanceLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT association FROM association WHERE network_id = $1 ORDER BY association";
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
                    let wrong = |problem: String| impossible("posting", number, problem);
                    let kind = PostingKind::try_from(kind.as_str()).map_err(|error| wrong(error.to_string()))?;
                    let movement = Movement { account, kind, minutes: Minutes::new(minutes) };
                    let head = heads.entry(account).or_default();
                    *head = head.after(&movement).ok_or_else(|| wrong("out of range".to_owned()))?;
                }
            }
        }
        // Where no balance was brought in, there is no account that it came from.
        heads.retain(|account, head| *account != Account::Opening || head.sequence > 0);
        Ok(heads.into_iter().map(|(account, head)| BalanceLine::of(account, head)).collect())
    }

    /// An account's postings in book exchange, in the order in which they were recorded.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn history(&self, network: NetworkId, account: Account) -> Result<Vec<HistoryLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT p.act, p.booked, p.kind, p.minutes, p.balance, a.leaf, s.name AS skill, \
                   coalesce(e.given_reference, n.reference) AS reference, \
                   t.text AS memo, e.service_date FROM {rows} CROSS JOIN posting AS p \
                   JOIN act AS a ON a.network_id = p.network_id AND a.number = p.act \
                   LEFT JOIN exchange AS e ON e.network_id = p.network_id AND e.exchange = p.cause \
                   LEFT JOIN exchange_reference AS n ON n.network_id = p.network_id AND n.exchange = p.cause \
                   LEFT JOIN act_text AS t ON t.network_id = p.network_id AND t.act = p.cause AND t.field = 'memo' \
                   LEFT JOIN skill AS s ON s.network_id = e.network_id AND s.skill = e.skill \
                   WHERE p.network_id = $1 AND p.book = r.c0 AND p.account = r.c1 ORDER BY p.sequence";
        let found = account_rows(&[account]).select::<HistoryRow>(&mut tx, network.0, sql).await?;
        found.into_iter().map(|row| row.read(account)).collect()
    }

    /// Every exchange, in the order in which they were first recorded; only open ones when asked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn exchanges(&self, network: NetworkId, only_open: bool) -> Result<Vec<ExchangeLine>, StoreError> {
        let open = if only_open { "AND e.state IN ('proposed', 'contested', 'held')" } else { "" };
        let sql = format!("{EXCHANGE_LINES} {open} ORDER BY e.exchange");
        let mut tx = self.db().begin_read().await?;
        Ok(on_tx!(&mut tx, connection => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        }))
    }

    /// How many exchanges wait for somebody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting(&self, network: NetworkId) -> Result<Waiting, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT state, count(*) FROM exchange WHERE network_id = $1 \
                   AND state IN ('proposed', 'contested', 'held') GROUP BY state";
        let counts: HashMap<String, i64> = select::<(String, i64)>(&mut tx, network, sql).await?.into_iter().collect();
        let count = |state: ExchangeState| {
            counts.get(state.as_str()).and_then(|count| u64::try_from(*count).ok()).unwrap_or_default()
        };
        Ok(Waiting {
            proposed: count(ExchangeState::Proposed),
            contested: count(ExchangeState::Contested),
            held: count(ExchangeState::Held),
        })
    }

    /// What every account did in a year; persons' records are left out.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn account_years(&self, network: NetworkId, year: Year) -> Result<Vec<AccountYear>, StoreError> {
        account_years(&mut self.db().begin_read().await?, network, year).await
    }

    /// Which of these keys are in use, and by which act.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn acts_of_keys(
        &self,
        network: NetworkId,
        keys: &[Key],
    ) -> Result<HashMap<Key, (ledger::Digest, ActNumber)>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let rows = keys.iter().map(|key| row![key.scope.as_str(), key.key.as_str()]).collect();
        let sql = "SELECT a.key_scope, a.key, a.request, a.number FROM {rows} CROSS JOIN act AS a \
                   WHERE a.network_id = $1 AND a.key_scope = r.c0 AND a.key = r.c1";
        let found =
            Rows::new(&[Text, Text], rows).select::<(String, String, Vec<u8>, i64)>(&mut tx, network.0, sql).await?;
        found
            .into_iter()
            .map(|(scope, key, request, number)| {
                let digest =
                    request.try_into().map_err(|_| impossible("act", number, "request is not 32 bytes".to_owned()))?;
                Ok((Key { scope, key }, (ledger::Digest(digest), ActNumber(number))))
            })
            .collect()
    }

    /// The exchanges that bear these references.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn exchanges_of_references<'a>(
        &self,
        network: NetworkId,
        references: impl Iterator<Item = &'a str>,
    ) -> Result<HashMap<String, ExchangeNumber>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let found = exchanges_of_references(&mut tx, network, references.collect()).await?;
        Ok(found.into_iter().map(|(reference, number)| (reference, ExchangeNumber(number))).collect())
    }

    /// The leaves of acts, from one number on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leaves(
        &self,
        network: NetworkId,
        from: ActNumber,
        most: i64,
    ) -> Result<Vec<(ActNumber, String)>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT number, leaf FROM act WHERE network_id = $1 AND number >= $2 ORDER BY number LIMIT $3";
        let rows: Vec<(i64, String)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(from.0).bind(most).fetch_all(connection).await?
        });
        Ok(rows.into_iter().map(|(number, leaf)| (ActNumber(number), leaf)).collect())
    }
}

/// What moved each account of book exchange up to the end of a day, by kind.
async fn kind_sums(tx: &mut Tx, network: NetworkId, at: NaiveDate) -> Result<Vec<(i64, String, i64)>, StoreError> {
    let sql = "SELECT account, kind, cast(sum(minutes) AS bigint) FROM posting \
               WHERE network_id = $1 AND book = 'exchange' AND booked <= $2 GROUP BY account, kind";
    Ok(on_tx!(tx, connection => sqlx::query_as(sql).bind(network.0).bind(at).fetch_all(connection).await?))
}

#[derive(FromRow)]
struct HistoryRow {
    act: i64,
    booked: NaiveDate,
    kind: String,
    minutes: i64,
    balance: i64,
    leaf: String,
    reference: Option<String>,
    skill: Option<String>,
    memo: Option<String>,
    service_date: Option<NaiveDate>,
}

impl HistoryRow {
    fn read(self, account: Account) -> Result<HistoryLine, StoreError> {
        let wrong = |problem: String| impossible("posting", self.act, problem);
        let leaf = Leaf::parse(&self.leaf).map_err(|error| impossible("act", self.act, error.to_string()))?;
        let other = leaf.postings.iter().map(|posting| posting.account).find(|other| *other != account.number());
        Ok(HistoryLine {
            act: ActNumber(self.act),
            booked: self.booked,
            service_date: self.service_date,
            kind: PostingKind::try_from(self.kind.as_str()).map_err(|error| wrong(error.to_string()))?,
            counterparty: other.and_then(|number| Account::from_number(Book::Exchange, number)),
            minutes: Minutes::new(self.minutes),
            balance: Minutes::new(self.balance),
            reference: self.reference,
            skill: self.skill,
            memo: self.memo,
        })
    }
}
