//! What the HTTP service shows: exchanges, entries, months, acts. Lists are read a page at a time, by key.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{AssertSqlSafe, FromRow};

use crate::{
    Store, StoreError,
    db::{on_tx, select},
    error::impossible,
    read::{
        accounts::{account_heads, account_rows},
        exchanges::ExchangeRow,
        tiles,
    },
    schema::IS_SELDOM,
};
use ledger::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, Minutes, NetworkId, PersonNumber, SkillNumber,
    account::{Account, AccountHead, PostingKind},
    contribution::Nature,
    exchange::{Exchange, ExchangeState},
    log::TilePlace,
    year::{Year, month_of},
};

/// An exchange with what people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeView {
    /// The exchange.
    pub exchange: Exchange,
    /// What people call it; `None` once that is erased.
    pub reference: Option<String>,
    /// The remark that it came with.
    pub memo: Option<String>,
    /// When it was first recorded.
    pub recorded_at: DateTime<Utc>,
    /// When the side spoke that waits for an answer.
    pub spoken_at: DateTime<Utc>,
}

/// Which exchanges to show.
#[derive(Debug, Clone, Default)]
pub struct ExchangeFilter {
    /// With this association on one side.
    pub association: Option<AssociationNumber>,
    /// In one of these states; empty for all.
    pub states: Vec<ExchangeState>,
    /// With a service date of this year.
    pub year: Option<Year>,
    /// With this skill.
    pub skill: Option<SkillNumber>,
    /// With this reference.
    pub reference: Option<String>,
    /// That wait for this association's answer.
    pub waiting_for: Option<AssociationNumber>,
    /// That are held, or were proposed before this instant and not answered since.
    pub held_or_proposed_before: Option<DateTime<Utc>>,
    /// Only this one.
    pub exchange: Option<ExchangeNumber>,
    /// Older than this one.
    pub before: Option<ExchangeNumber>,
    /// So many at most.
    pub most: u32,
}

impl ExchangeFilter {
    /// Only numbers, dates and words of closed lists enter the text; a reference is bound.
    fn conditions(&self) -> String {
        let mut sql = String::new();
        if let Some(exchange) = self.exchange {
            let _ = write!(sql, " AND e.exchange = {exchange}");
        }
        if let Some(before) = self.before {
            let _ = write!(sql, " AND e.exchange < {before}");
        }
        if let Some(association) = self.association {
            let _ = write!(sql, " AND (e.giver = {association} OR e.receiver = {association})");
        }
        if !self.states.is_empty() {
            let states: Vec<_> = self.states.iter().map(|state| format!("'{state}'")).collect();
            let _ = write!(sql, " AND e.state IN ({})", states.join(", "));
        }
        if let Some(year) = self.year {
            let _ = write!(sql, " AND e.service_date >= '{0:04}-01-01' AND e.service_date <= '{0:04}-12-31'", year.0);
        }
        if let Some(skill) = self.skill {
            let _ = write!(sql, " AND e.skill = {skill}");
        }
        if let Some(association) = self.waiting_for {
            let _ = write!(
                sql,
                " AND e.state IN ('proposed', 'correction_requested') AND ((e.spoken_by = 'giver' AND e.receiver = \
                 {association}) OR (e.spoken_by = 'receiver' AND e.giver = {association}))"
            );
        }
        if let Some(instant) = self.held_or_proposed_before {
            let _ = write!(
                sql,
                " AND e.state IN ('proposed', 'held') AND (e.state = 'held' OR w.recorded_at < {})",
                instant.timestamp_micros()
            );
        }
        if self.reference.is_some() {
            sql.push_str(
                " AND e.exchange IN (SELECT g.exchange FROM exchange AS g \
                 WHERE g.network_id = $1 AND g.given_reference = $2 UNION ALL \
                 SELECT b.exchange FROM exchange_reference AS b WHERE b.network_id = $1 AND b.reference = $2)",
            );
        }
        sql
    }
}

#[derive(FromRow)]
struct ViewRow {
    #[sqlx(flatten)]
    exchange: ExchangeRow,
    reference: Option<String>,
    memo: Option<String>,
    recorded_at: i64,
    spoken_at: i64,
}

impl TryFrom<ViewRow> for ExchangeView {
    type Error = StoreError;

    fn try_from(row: ViewRow) -> Result<Self, StoreError> {
        let exchange = Exchange::try_from(row.exchange)?;
        let number = exchange.number.0;
        Ok(Self {
            exchange,
            reference: row.reference,
            memo: row.memo,
            recorded_at: instant(row.recorded_at, number)?,
            spoken_at: instant(row.spoken_at, number)?,
        })
    }
}

fn instant(micros: i64, act: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| impossible("act", act, "an instant out of range".to_owned()))
}

/// Who gave how much of an exchange, or of hours for their own association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributionView {
    /// The act that posted it; for what is not posted yet, the exchange's.
    pub act: ActNumber,
    /// Who.
    pub person: PersonNumber,
    /// For which association.
    pub association: AssociationNumber,
    /// In which exchange; `None` for one's own association.
    pub exchange: Option<ExchangeNumber>,
    /// How long; negative when taken back.
    pub minutes: Minutes,
    /// In which quality.
    pub nature: Nature,
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// When.
    pub service_date: NaiveDate,
}

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

/// An act as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "as in `Act`")]
pub struct ActRow {
    pub number: i64,
    pub kind: String,
    pub recorded_at: i64,
    pub principal: String,
    pub leaf: String,
}

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// The act that adopted it.
    pub act: ActNumber,
    /// The rules.
    pub policy: ledger::policy::Policy,
}

impl Store {
    /// Exchanges, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn exchange_views(
        &self,
        network: NetworkId,
        filter: &ExchangeFilter,
    ) -> Result<Vec<ExchangeView>, StoreError> {
        let sql = format!(
            "SELECT e.exchange, e.giver, e.receiver, e.minutes, e.service_date, e.skill, e.state, e.spoken_by, \
             e.spoken_in, e.posted_in, e.replaces, coalesce(e.given_reference, n.reference) AS reference, \
             t.text AS memo, a.recorded_at, w.recorded_at AS spoken_at FROM exchange AS e \
             JOIN act AS a ON a.network_id = e.network_id AND a.number = e.exchange \
             JOIN act AS w ON w.network_id = e.network_id AND w.number = e.spoken_in \
             LEFT JOIN exchange_reference AS n ON n.network_id = e.network_id AND n.exchange = e.exchange \
             LEFT JOIN act_text AS t ON t.network_id = e.network_id AND t.act = e.exchange AND t.field = 'memo' \
             WHERE e.network_id = $1{} ORDER BY e.exchange DESC LIMIT {}",
            filter.conditions(),
            filter.most
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ViewRow> = on_tx!(&mut tx, connection => {
            let query = sqlx::query_as(AssertSqlSafe(sql)).bind(network.0);
            match &filter.reference {
                Some(reference) => query.bind(reference.as_str()).fetch_all(connection).await?,
                None => query.fetch_all(connection).await?,
            }
        });
        rows.into_iter().map(ExchangeView::try_from).collect()
    }

    /// Who gave the time of an exchange: what is posted, or what waits to be.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn contributions_to(
        &self,
        network: NetworkId,
        exchange: &Exchange,
    ) -> Result<Vec<ContributionView>, StoreError> {
        let number = exchange.number;
        let source = if exchange.posted_in.is_some() {
            format!(
                "c.act, c.exchange, c.line FROM contribution AS c WHERE c.network_id = $1 AND c.exchange = {number}"
            )
        } else {
            format!(
                "c.exchange AS act, c.exchange, c.line FROM proposed_contribution AS c \
                 WHERE c.network_id = $1 AND c.exchange = {number}"
            )
        };
        self.contributions(network, &source, "ORDER BY 1, 3").await
    }

    /// Hours that persons gave to their own association, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn own_hours(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        before: Option<ActNumber>,
        most: u32,
    ) -> Result<Vec<ContributionView>, StoreError> {
        let before = before.map_or(i64::MAX, |act| act.0);
        let source = format!(
            "c.act, c.exchange, c.line FROM contribution AS c WHERE c.network_id = $1 \
             AND c.association = {association} AND c.exchange IS NULL AND c.act < {before}"
        );
        self.contributions(network, &source, &format!("ORDER BY 1 DESC, 3 LIMIT {most}")).await
    }

    async fn contributions(
        &self,
        network: NetworkId,
        source: &str,
        order: &str,
    ) -> Result<Vec<ContributionView>, StoreError> {
        let (first, rest) = source.split_once(" FROM ").unwrap_or((source, ""));
        let sql = format!(
            "SELECT {first}, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date FROM {rest} {order}"
        );
        type Row = (i64, Option<i64>, i64, i64, i64, i64, String, Option<i64>, NaiveDate);
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<Row> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter()
            .map(|(act, exchange, _, person, association, minutes, nature, skill, service_date)| {
                Ok(ContributionView {
                    act: ActNumber(act),
                    person: PersonNumber(person),
                    association: AssociationNumber(association),
                    exchange: exchange.map(ExchangeNumber),
                    minutes: Minutes::new(minutes),
                    nature: Nature::try_from(nature.as_str())
                        .map_err(|error| impossible("contribution", act, error.to_string()))?,
                    skill: skill.map(SkillNumber),
                    service_date,
                })
            })
            .collect()
    }

    /// The lines of an account of book exchange, newest first, from before a place on.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn entries(
        &self,
        network: NetworkId,
        account: Account,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let sql = format!(
            "SELECT p.sequence, p.act, p.cause, p.kind, p.minutes, p.balance, p.booked, \
             coalesce(e.given_reference, n.reference) FROM posting AS p \
             LEFT JOIN exchange AS e ON e.network_id = p.network_id AND e.exchange = p.cause \
             LEFT JOIN exchange_reference AS n ON n.network_id = p.network_id AND n.exchange = p.cause \
             WHERE p.network_id = $1 AND p.book = 'exchange' AND p.account = $2 AND p.sequence < $3 \
             ORDER BY p.sequence DESC LIMIT {most}"
        );
        type Row = (i64, i64, i64, String, i64, i64, NaiveDate, Option<String>);
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<Row> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(account.number())
            .bind(before.unwrap_or(i64::MAX))
            .fetch_all(connection)
            .await?);
        rows.into_iter()
            .map(|(sequence, act, cause, kind, minutes, balance, booked, reference)| {
                Ok(Entry {
                    sequence,
                    act: ActNumber(act),
                    cause: ActNumber(cause),
                    kind: kind_from(&kind, act)?,
                    minutes: Minutes::new(minutes),
                    balance: Minutes::new(balance),
                    booked,
                    reference,
                })
            })
            .collect()
    }

    /// What moved an account of book exchange in each month (202505), by kind, oldest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn months(
        &self,
        network: NetworkId,
        account: Account,
    ) -> Result<Vec<(i64, PostingKind, Minutes)>, StoreError> {
        let sql = "SELECT booked, kind, cast(sum(minutes) AS bigint) FROM posting \
                   WHERE network_id = $1 AND book = 'exchange' AND account = $2 GROUP BY booked, kind";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(NaiveDate, String, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(account.number()).fetch_all(connection).await?
        });
        let mut sums: BTreeMap<(i32, String), i64> = BTreeMap::new();
        for (booked, kind, minutes) in rows {
            *sums.entry((month_of(booked), kind)).or_default() += minutes;
        }
        let read = |((month, kind), minutes): ((i32, String), i64)| {
            Ok((month.into(), kind_from(&kind, account.number())?, Minutes::new(minutes)))
        };
        sums.into_iter().map(read).collect()
    }

    /// Where accounts stand, all at one moment.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn standings(
        &self,
        network: NetworkId,
        accounts: &[Account],
    ) -> Result<HashMap<Account, AccountHead>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let heads = account_heads(&mut tx, network, &account_rows(accounts)).await?;
        Ok(heads.into_iter().collect())
    }

    /// How many acts each network has, and the last of them that changed its registry.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn heads(&self) -> Result<Vec<(NetworkId, ActNumber, ActNumber)>, StoreError> {
        let sql = "SELECT network_id, next_act, registry_act FROM head";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(i64, i64, i64)> =
            on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_all(connection).await?);
        Ok(rows.into_iter().map(|(network, next, act)| (NetworkId(network), ActNumber(next), ActNumber(act))).collect())
    }

    /// Acts from a number on, in order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn acts_from(&self, network: NetworkId, from: ActNumber, most: u32) -> Result<Vec<ActRow>, StoreError> {
        let sql = format!(
            "SELECT number, kind, recorded_at, principal, leaf FROM act WHERE network_id = $1 AND number >= $2 \
             ORDER BY number LIMIT {most}"
        );
        let mut tx = self.db().begin_read().await?;
        Ok(on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(from.0).fetch_all(connection).await?
        }))
    }

    /// The newest acts before a number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn acts_before(
        &self,
        network: NetworkId,
        before: Option<ActNumber>,
        most: u32,
    ) -> Result<Vec<ActRow>, StoreError> {
        let sql = format!(
            "SELECT number, kind, recorded_at, principal, leaf FROM act WHERE network_id = $1 AND number < $2 \
             ORDER BY number DESC LIMIT {most}"
        );
        let before = before.map_or(i64::MAX, |act| act.0);
        let mut tx = self.db().begin_read().await?;
        Ok(on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(before).fetch_all(connection).await?
        }))
    }

    /// Acts of a seldom kind (see the index `act_seldom`), newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seldom_acts(
        &self,
        network: NetworkId,
        kind: ledger::act::ActKind,
        before: Option<ActNumber>,
        most: u32,
    ) -> Result<Vec<ActRow>, StoreError> {
        let sql = format!(
            "SELECT number, kind, recorded_at, principal, leaf FROM act WHERE network_id = $1 AND kind = '{kind}' \
             AND {IS_SELDOM} AND number < $2 ORDER BY number DESC LIMIT {most}"
        );
        let before = before.map_or(i64::MAX, |act| act.0);
        let mut tx = self.db().begin_read().await?;
        Ok(on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(before).fetch_all(connection).await?
        }))
    }

    /// The texts of an act that are not erased: field and text.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn texts_of(&self, network: NetworkId, act: ActNumber) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT field, text FROM act_text WHERE network_id = $1 AND act = $2 AND field <> 'identity' \
                   ORDER BY field";
        let mut tx = self.db().begin_read().await?;
        Ok(on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(act.0).fetch_all(connection).await?
        }))
    }

    /// Every version of the rules that was adopted, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn policy_versions(&self, network: NetworkId) -> Result<Vec<PolicyVersion>, StoreError> {
        let sql = "SELECT act, step_minutes, answer_within_days, soft_floor, hard_floor, soft_ceiling, hard_ceiling \
                   FROM policy WHERE network_id = $1 ORDER BY act DESC";
        type Row = (i64, i64, i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
        let mut tx = self.db().begin_read().await?;
        let rows = select::<Row>(&mut tx, network, sql).await?;
        rows.into_iter()
            .map(|(act, step, days, soft_floor, hard_floor, soft_ceiling, hard_ceiling)| {
                let small = |value: i64| u32::try_from(value).map_err(|_| impossible("policy", act, value.to_string()));
                let limits = ledger::policy::Limits {
                    soft_floor: soft_floor.map(Minutes::new),
                    hard_floor: hard_floor.map(Minutes::new),
                    soft_ceiling: soft_ceiling.map(Minutes::new),
                    hard_ceiling: hard_ceiling.map(Minutes::new),
                };
                let policy =
                    ledger::policy::Policy { step_minutes: small(step)?, limits, answer_within_days: small(days)? };
                Ok(PolicyVersion { act: ActNumber(act), policy })
            })
            .collect()
    }

    /// What a member says of itself beside the log: commune, INSEE code, member since.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn association_places(
        &self,
        network: NetworkId,
    ) -> Result<BTreeMap<i64, (Option<String>, Option<String>, Option<NaiveDate>)>, StoreError> {
        let sql = "SELECT association, commune, insee, member_since FROM association WHERE network_id = $1";
        type Row = (i64, Option<String>, Option<String>, Option<NaiveDate>);
        let mut tx = self.db().begin_read().await?;
        let rows = select::<Row>(&mut tx, network, sql).await?;
        Ok(rows.into_iter().map(|(number, commune, insee, since)| (number, (commune, insee, since))).collect())
    }

    /// How to reach a member, if it said so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn contact(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Option<ledger::association::Contact>, StoreError> {
        let sql = "SELECT name, email, phone, paper_only FROM association_contact \
                   WHERE network_id = $1 AND association = $2";
        type Row = (Option<String>, Option<String>, Option<String>, i64);
        let mut tx = self.db().begin_read().await?;
        let row: Option<Row> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(association.0).fetch_optional(connection).await?
        });
        Ok(row.map(|(name, email, phone, paper_only)| ledger::association::Contact {
            name,
            email,
            phone,
            paper_only: paper_only != 0,
        }))
    }

    /// A tile of the log: up to 256 hashes.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn log_tile(&self, network: NetworkId, place: TilePlace) -> Result<Option<Vec<Digest>>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        Ok(tiles::load(&mut tx, network, &[place]).await?.remove(&place))
    }

    /// Years that were closed, and the acts that closed them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn closed_years(&self, network: NetworkId) -> Result<Vec<(i64, ActNumber)>, StoreError> {
        let sql = "SELECT year, act FROM year_closing WHERE network_id = $1 ORDER BY year";
        let mut tx = self.db().begin_read().await?;
        let rows = select::<(i64, i64)>(&mut tx, network, sql).await?;
        Ok(rows.into_iter().map(|(year, act)| (year, ActNumber(act))).collect())
    }

    /// Whether the schema is the one that this program knows: another process may have brought it further.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_current(&self) -> Result<bool, StoreError> {
        let sql = "SELECT cast(max(version) AS bigint) FROM _sqlx_migrations";
        let mut tx = self.db().begin_read().await?;
        let (version,): (i64,) = on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_one(connection).await?);
        Ok(version == crate::Db::newest_migration())
    }
}

fn kind_from(text: &str, row: i64) -> Result<PostingKind, StoreError> {
    PostingKind::try_from(text).map_err(|error| impossible("posting", row, error.to_string()))
}
