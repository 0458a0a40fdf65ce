//! Exchanges: which there are, what people call them, and what of them waits.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    read::page::Page,
    reading::{Found, Pair, RowOf, table_row},
    schema::ColumnType::Text,
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, NetworkId, SkillNumber,
    exchange::{Exchange, ExchangeState, Side, Terms},
    state::numbered_reference,
    year::Year,
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

/// An exchange as it stands in a file, with its skill's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeLine {
    /// The exchange.
    pub exchange: ExchangeNumber,
    /// What people call it; `None` once that is erased.
    pub reference: Option<String>,
    /// Who helped.
    pub giver: AssociationNumber,
    /// Who was helped.
    pub receiver: AssociationNumber,
    /// For how long, in person-minutes.
    pub minutes: Minutes,
    /// When.
    pub service_date: NaiveDate,
    /// The name of its skill.
    pub skill: Option<String>,
    /// The remark that it came with.
    pub memo: Option<String>,
    /// What has become of it.
    pub state: ExchangeState,
    /// When it was first recorded.
    pub recorded_at: DateTime<Utc>,
    /// The reversed exchange that it stands in for.
    pub replaces: Option<ExchangeNumber>,
}

/// How an association stands with a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The partner.
    pub partner: AssociationNumber,
    /// What the association gave them.
    pub given: Minutes,
    /// What they gave it.
    pub received: Minutes,
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

/// The exchanges between two associations that somebody has to do something about, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenBetween {
    /// Their state.
    pub state: ExchangeState,
    /// Who helped.
    pub giver: AssociationNumber,
    /// Who was helped.
    pub receiver: AssociationNumber,
    /// The side that spoke last.
    pub spoken_by: Side,
    /// How many.
    pub count: u64,
    /// When the oldest word was said that waits for an answer.
    pub since: DateTime<Utc>,
}

/// Which exchanges to show.
#[derive(Debug, Clone, Default)]
pub struct ExchangeFilter {
    /// With this association on one side.
    pub association: Option<AssociationNumber>,
    /// With this association on the other side.
    pub partner: Option<AssociationNumber>,
    /// With help given on this day.
    pub service_date: Option<NaiveDate>,
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
    /// In which the side that waits for an answer spoke at this instant or later.
    pub spoken_from: Option<DateTime<Utc>>,
    /// In which it spoke before this instant.
    pub spoken_before: Option<DateTime<Utc>>,
    /// That were posted at this instant or later.
    pub posted_from: Option<DateTime<Utc>>,
    /// That do not go on by themselves: held or contested, or waiting for an association's answer (to a proposal or to a
    /// request for correction) since before this instant.
    pub stuck_since_before: Option<DateTime<Utc>>,
    /// Only this one.
    pub exchange: Option<ExchangeNumber>,
    /// So many of them.
    pub page: Page<ExchangeNumber>,
}

impl ExchangeFilter {
    /// Only numbers, dates and words of closed lists enter the text; a reference is bound.
    fn conditions(&self) -> String {
        let mut sql = String::new();
        if let Some(exchange) = self.exchange {
            let _ = write!(sql, " AND e.exchange = {exchange}");
        }
        if let Some(association) = self.association {
            let _ = write!(sql, " AND (e.giver = {association} OR e.receiver = {association})");
        }
        if let Some(partner) = self.partner {
            let _ = write!(sql, " AND (e.giver = {partner} OR e.receiver = {partner})");
        }
        if let Some(day) = self.service_date {
            let _ = write!(sql, " AND e.service_date = '{day}'");
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
            // Each part is found by an index of what is open: those of an association are few, however many it has had.
            let _ = write!(
                sql,
                " AND e.exchange IN (SELECT o.exchange FROM exchange AS o{{by exchange_open_receiver}} \
                 WHERE o.network_id = $1 AND o.receiver = {association} \
                 AND o.state IN ('proposed', 'contested', 'held') AND o.state = 'proposed' AND o.spoken_by = 'giver' \
                 UNION ALL SELECT o.exchange FROM exchange AS o{{by exchange_open_giver}} WHERE o.network_id = $1 \
                 AND o.giver = {association} AND o.state IN ('proposed', 'contested', 'held') \
                 AND o.state = 'proposed' AND o.spoken_by = 'receiver' \
                 UNION ALL SELECT o.exchange FROM exchange AS o{{by exchange_correction}} WHERE o.network_id = $1 \
                 AND o.state = 'correction_requested' AND ((o.spoken_by = 'giver' AND o.receiver = {association}) \
                 OR (o.spoken_by = 'receiver' AND o.giver = {association})))"
            );
        }
        self.since_when(&mut sql);
        if self.reference.is_some() {
            sql.push_str(
                " AND e.exchange IN (SELECT g.exchange FROM exchange AS g \
                 WHERE g.network_id = $1 AND g.given_reference = $4 UNION ALL \
                 SELECT b.exchange FROM exchange_reference AS b WHERE b.network_id = $1 AND b.reference = $4)",
            );
        }
        sql
    }

    /// Whether its conditions are about when somebody spoke last.
    fn asks_when_spoken(&self) -> bool {
        let instants = [self.held_or_proposed_before, self.spoken_from, self.spoken_before, self.stuck_since_before];
        instants.iter().any(Option::is_some)
    }

    /// The conditions about instants.
    fn since_when(&self, sql: &mut String) {
        if let Some(instant) = self.held_or_proposed_before {
            let _ = write!(
                sql,
                " AND e.state IN ('proposed', 'held') AND (e.state = 'held' OR w.recorded_at < {})",
                instant.timestamp_micros()
            );
        }
        if let Some(instant) = self.spoken_from {
            let _ = write!(sql, " AND w.recorded_at >= {}", instant.timestamp_micros());
        }
        if let Some(instant) = self.spoken_before {
            let _ = write!(sql, " AND w.recorded_at < {}", instant.timestamp_micros());
        }
        if let Some(instant) = self.posted_from {
            let _ = write!(
                sql,
                " AND EXISTS (SELECT 1 FROM act AS p WHERE p.network_id = e.network_id AND p.number = e.posted_in \
                 AND p.recorded_at >= {})",
                instant.timestamp_micros()
            );
        }
        if let Some(instant) = self.stuck_since_before {
            let _ = write!(
                sql,
                " AND e.state IN ('proposed', 'contested', 'held', 'correction_requested') \
                 AND (e.state IN ('contested', 'held') OR w.recorded_at < {})",
                instant.timestamp_micros()
            );
        }
    }
}

/// Tells SQLite, which keeps no statistics here, by which index a part of a query is found (`{by INDEX}` after its table);
/// PostgreSQL has its own, and finds it.
fn by_index(tx: &Tx, sql: &str) -> String {
    let begin = match tx {
        Tx::Sqlite(_) => " INDEXED BY ",
        Tx::Postgres(_) => "",
    };
    let mut told = String::with_capacity(sql.len());
    for (place, part) in sql.split("{by ").enumerate() {
        match part.split_once('}').filter(|_| place > 0) {
            Some((_, rest)) if begin.is_empty() => told.push_str(rest),
            Some((index, rest)) => {
                told.push_str(begin);
                told.push_str(index);
                told.push_str(rest);
            }
            None => told.push_str(part),
        }
    }
    told
}

impl Store {
    /// Exchanges, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn exchange_views(
        &self,
        network: NetworkId,
        filter: &ExchangeFilter,
    ) -> Result<Vec<ExchangeView>, StoreError> {
        // Which ones they are is found first, and then what is told of each: asked at once, PostgreSQL sorts all that an
        // association ever had.
        let sql = format!(
            "SELECT e.exchange, e.giver, e.receiver, e.minutes, e.service_date, e.skill, e.state, e.spoken_by, \
             e.spoken_in, e.posted_in, e.replaces, coalesce(e.given_reference, n.reference) AS reference, \
             t.text AS memo, a.recorded_at, w.recorded_at AS spoken_at FROM (SELECT e.* FROM exchange AS e{} \
             WHERE e.network_id = $1 AND {}e.exchange < $2{} ORDER BY e.exchange DESC LIMIT $3) AS e \
             JOIN act AS a ON a.network_id = $1 AND a.number = e.exchange \
             JOIN act AS w ON w.network_id = $1 AND w.number = e.spoken_in \
             LEFT JOIN exchange_reference AS n ON n.network_id = $1 AND n.exchange = e.exchange \
             LEFT JOIN act_text AS t ON t.network_id = $1 AND t.act = e.exchange AND t.field = 'memo' \
             ORDER BY e.exchange DESC",
            if filter.asks_when_spoken() {
                " JOIN act AS w ON w.network_id = e.network_id AND w.number = e.spoken_in"
            } else {
                ""
            },
            // What waits is few: it is looked up one by one, and not looked for among all.
            if filter.waiting_for.is_some() { "+" } else { "" },
            filter.conditions(),
        );
        let page = filter.page;
        let mut tx = self.db().begin_read().await?;
        let sql = by_index(&tx, &sql);
        let rows: Vec<ViewRow> = on_tx!(&mut tx, connection => {
            let query = sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(page.before_number(|number| number.0));
            let query = query.bind(i64::from(page.most));
            match &filter.reference {
                Some(reference) => query.bind(reference.as_str()).fetch_all(connection).await?,
                None => query.fetch_all(connection).await?,
            }
        });
        rows.into_iter().map(ViewRow::read).collect()
    }

    /// One exchange.
    ///
    /// # Errors
    /// When the database does not answer or its row cannot be true.
    #[boxed]
    pub async fn exchange(
        &self,
        network: NetworkId,
        exchange: ExchangeNumber,
    ) -> Result<Option<ExchangeView>, StoreError> {
        let filter = ExchangeFilter { exchange: Some(exchange), page: Page::newest(1), ..ExchangeFilter::default() };
        Ok(self.exchange_views(network, &filter).await?.pop())
    }

    /// The last exchange that was recorded in the place of one that was taken back, if one was.
    ///
    /// # Errors
    /// When the database does not answer or its row cannot be true.
    #[boxed]
    pub async fn replacement_of(
        &self,
        network: NetworkId,
        exchange: &Exchange,
    ) -> Result<Option<ExchangeView>, StoreError> {
        if exchange.state != ExchangeState::Reversed {
            return Ok(None);
        }
        let sql = "SELECT max(exchange) FROM exchange WHERE network_id = $1 AND replaces = $2 AND exchange > $2";
        let mut tx = self.db().begin_read().await?;
        let mut last = exchange.number.0;
        // What was recorded in its place may have been taken back as well.
        loop {
            let (next,): (Option<i64>,) = on_tx!(&mut tx, connection => {
                sqlx::query_as(sql).bind(network.0).bind(last).fetch_one(connection).await?
            });
            let Some(next) = next else { break };
            last = next;
        }
        drop(tx);
        if last == exchange.number.0 { Ok(None) } else { self.exchange(network, ExchangeNumber(last)).await }
    }

    /// What an association has given each of its partners, and received from each, as far as it stands in the accounts.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn positions(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Vec<Position>, StoreError> {
        let sql = "SELECT giver, receiver, cast(sum(minutes) AS bigint) FROM exchange WHERE network_id = $1 \
                   AND (giver = $2 OR receiver = $2) AND state IN ('confirmed', 'correction_requested') \
                   GROUP BY giver, receiver";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<(i64, i64, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(association.0).fetch_all(connection).await?
        });
        let mut positions: BTreeMap<AssociationNumber, Position> = BTreeMap::new();
        for (giver, receiver, minutes) in rows {
            let is_given = giver == association.0;
            let partner = AssociationNumber(if is_given { receiver } else { giver });
            let position =
                positions.entry(partner).or_insert(Position { partner, given: Minutes::ZERO, received: Minutes::ZERO });
            if is_given {
                position.given = Minutes::new(minutes);
            } else {
                position.received = Minutes::new(minutes);
            }
        }
        Ok(positions.into_values().collect())
    }

    /// Every exchange, in the order in which they were first recorded; when asked, only those that are not settled:
    /// open ones, and those of which a correction is requested.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn exchanges(&self, network: NetworkId, only_unsettled: bool) -> Result<Vec<ExchangeLine>, StoreError> {
        let open = if only_unsettled {
            "AND e.state IN ('proposed', 'contested', 'held', 'correction_requested')"
        } else {
            ""
        };
        let sql = format!(
            "SELECT e.exchange, coalesce(e.given_reference, n.reference) AS reference, e.giver, e.receiver, \
             e.minutes, e.service_date, s.name AS skill, t.text AS memo, e.state, a.recorded_at, e.replaces \
             FROM exchange AS e \
             JOIN act AS a ON a.network_id = e.network_id AND a.number = e.exchange \
             LEFT JOIN exchange_reference AS n ON n.network_id = e.network_id AND n.exchange = e.exchange \
             LEFT JOIN act_text AS t ON t.network_id = e.network_id AND t.act = e.exchange AND t.field = 'memo' \
             LEFT JOIN skill AS s ON s.network_id = e.network_id AND s.skill = e.skill \
             WHERE e.network_id = $1 {open} ORDER BY e.exchange"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<LineRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter().map(LineRow::read).collect()
    }

    /// How many exchanges wait for somebody.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn waiting(&self, network: NetworkId) -> Result<Waiting, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT coalesce(sum(CASE WHEN state = 'proposed' THEN 1 END), 0), \
                   coalesce(sum(CASE WHEN state = 'contested' THEN 1 END), 0), \
                   coalesce(sum(CASE WHEN state = 'held' THEN 1 END), 0) FROM exchange \
                   WHERE network_id = $1 AND state IN ('proposed', 'contested', 'held')";
        let counts = select::<(i64, i64, i64)>(&mut tx, network, sql).await?.into_iter().next().unwrap_or_default();
        // What is counted is never below zero.
        let [proposed, contested, held] = <[i64; 3]>::from(counts).map(i64::unsigned_abs);
        Ok(Waiting { proposed, contested, held })
    }

    /// The exchanges that somebody has to do something about, by the associations between which they are.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn open_between(&self, network: NetworkId) -> Result<Vec<OpenBetween>, StoreError> {
        let counted = |which: &str| {
            format!(
                "SELECT e.state, e.giver, e.receiver, e.spoken_by, count(*) AS count, min(w.recorded_at) AS since \
                 FROM exchange AS e JOIN act AS w ON w.network_id = e.network_id AND w.number = e.spoken_in \
                 WHERE e.network_id = $1 AND {which} GROUP BY e.state, e.giver, e.receiver, e.spoken_by"
            )
        };
        // Each half is found by an index of what is open.
        let [open, corrections] = ["e.state IN ('proposed', 'contested', 'held')", "e.state = 'correction_requested'"];
        let sql = format!("{} UNION ALL {}", counted(open), counted(corrections));
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<OpenRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        rows.into_iter().map(|row| row.read(network)).collect()
    }

    /// The exchanges that bear these references.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn exchanges_of_references(
        &self,
        network: NetworkId,
        references: &[&str],
    ) -> Result<HashMap<String, ExchangeNumber>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        Ok(exchanges_of_references(&mut tx, network, references).await?.into_iter().collect())
    }
}

/// The exchanges that bear these references: those that the ledger gave stand with the exchange itself.
pub(crate) async fn exchanges_of_references(
    tx: &mut Tx,
    network: NetworkId,
    references: &[&str],
) -> Result<Vec<(String, ExchangeNumber)>, StoreError> {
    let rows = |references: &[&str]| Rows::new(&[Text], references.iter().map(|text| row![*text]).collect());
    let sql = "SELECT r.c0, n.exchange FROM {rows} CROSS JOIN exchange_reference AS n \
               WHERE n.network_id = $1 AND n.reference = r.c0";
    let mut found: Vec<(String, i64)> = rows(references).select(tx, network.0, sql).await?;
    let numbered: Vec<_> = references.iter().copied().filter(|text| numbered_reference(text).is_some()).collect();
    let sql = "SELECT r.c0, e.exchange FROM {rows} CROSS JOIN exchange AS e \
               WHERE e.network_id = $1 AND e.given_reference = r.c0";
    found.extend(rows(&numbered).select::<(String, i64)>(tx, network.0, sql).await?);
    Ok(found.into_iter().map(|(reference, exchange)| (reference, ExchangeNumber(exchange))).collect())
}

table_row! {
    struct OpenRow {
        state: String,
        giver: i64,
        receiver: i64,
        spoken_by: String,
        count: i64,
        since: i64,
    }
}

impl OpenRow {
    fn read(self, network: NetworkId) -> Result<OpenBetween, StoreError> {
        let row = RowOf("exchange", Pair(network, self.giver));
        Ok(OpenBetween {
            state: row.word("state", &self.state)?,
            giver: AssociationNumber(self.giver),
            receiver: AssociationNumber(self.receiver),
            spoken_by: row.word("spoken_by", &self.spoken_by)?,
            count: row.number("count", self.count)?,
            since: row.instant("spoken_in", self.since)?,
        })
    }
}

table_row! {
    /// A row of table `exchange`, as far as it makes an [`Exchange`].
    pub(crate) struct ExchangeRow {
        exchange: i64,
        giver: i64,
        receiver: i64,
        minutes: i64,
        service_date: Found<NaiveDate>,
        skill: Option<i64>,
        state: String,
        spoken_by: String,
        spoken_in: i64,
        posted_in: Option<i64>,
        replaces: Option<i64>,
    }
}

impl ExchangeRow {
    pub(crate) fn read(self) -> Result<Exchange, StoreError> {
        let row = RowOf("exchange", self.exchange);
        Ok(Exchange {
            number: ExchangeNumber(self.exchange),
            terms: Terms {
                giver: AssociationNumber(self.giver),
                receiver: AssociationNumber(self.receiver),
                minutes: Minutes::new(self.minutes),
                service_date: row.found("service_date", self.service_date)?,
                skill: self.skill.map(SkillNumber),
            },
            state: row.word("state", &self.state)?,
            spoken_by: row.word("spoken_by", &self.spoken_by)?,
            spoken_in: ActNumber(self.spoken_in),
            posted_in: self.posted_in.map(ActNumber),
            replaces: self.replaces.map(ExchangeNumber),
        })
    }
}

table_row! {
    struct ViewRow {
        reference: Option<String>,
        memo: Option<String>,
        recorded_at: i64,
        spoken_at: i64,
        ..exchange: ExchangeRow,
    }
}

impl ViewRow {
    fn read(self) -> Result<ExchangeView, StoreError> {
        let exchange = self.exchange.read()?;
        Ok(ExchangeView {
            exchange,
            reference: self.reference,
            memo: self.memo,
            recorded_at: RowOf("act", exchange.number).instant("recorded_at", self.recorded_at)?,
            spoken_at: RowOf("act", exchange.spoken_in).instant("recorded_at", self.spoken_at)?,
        })
    }
}

table_row! {
    struct LineRow {
        exchange: i64,
        reference: Option<String>,
        giver: i64,
        receiver: i64,
        minutes: i64,
        service_date: Found<NaiveDate>,
        skill: Option<String>,
        memo: Option<String>,
        state: String,
        recorded_at: i64,
        replaces: Option<i64>,
    }
}

impl LineRow {
    fn read(self) -> Result<ExchangeLine, StoreError> {
        let row = RowOf("exchange", self.exchange);
        Ok(ExchangeLine {
            exchange: ExchangeNumber(self.exchange),
            reference: self.reference,
            giver: AssociationNumber(self.giver),
            receiver: AssociationNumber(self.receiver),
            minutes: Minutes::new(self.minutes),
            service_date: row.found("service_date", self.service_date)?,
            skill: self.skill,
            memo: self.memo,
            state: row.word("state", &self.state)?,
            recorded_at: RowOf("act", self.exchange).instant("recorded_at", self.recorded_at)?,
            replaces: self.replaces.map(ExchangeNumber),
        })
    }
}
