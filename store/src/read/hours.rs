//! The time that persons gave: to an exchange, to their own association, in all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    read::{
        network::read_head,
        page::Page,
        persons::{identities, identities_among},
    },
    reading::{Found, Pair, RowOf, table_row},
    schema::ColumnType::Int,
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, NetworkId, PersonNumber, SkillNumber, clock::SecretKey,
    contribution::Nature, exchange::Exchange, valuation::Work, year::Year,
};

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

/// Minutes that a person gave, as one line of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursLine {
    /// The act that posted it.
    pub act: ActNumber,
    /// Its line among the act's contributions.
    pub line: usize,
    /// For which association.
    pub association: AssociationNumber,
    /// In which exchange; `None` for one's own association.
    pub exchange: Option<ExchangeNumber>,
    /// What people call that exchange.
    pub reference: Option<String>,
    /// Whom it helped; `None` for one's own association.
    pub helped: Option<AssociationNumber>,
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// In which quality.
    pub nature: Nature,
    /// When.
    pub service_date: NaiveDate,
    /// How long; negative when it takes something back.
    pub minutes: Minutes,
    /// The key that opens the leaf's commitment to the person, unless it was erased.
    pub key: Option<SecretKey>,
    /// The act's leaf.
    pub leaf: String,
}

impl HoursLine {
    /// The error that its act does not say what the row says, for whoever looks there.
    pub fn wrong(&self, problem: &str) -> StoreError {
        RowOf("contribution", Pair(self.act, self.line)).wrong("line", problem)
    }
}

/// How many persons gave time in a year of service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Volunteers {
    /// In all; who gave time of two natures counts once.
    pub persons: u64,
    /// By nature.
    pub by_nature: BTreeMap<Nature, NatureSum>,
}

/// Who gave time of one nature, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NatureSum {
    /// How many persons.
    pub persons: u64,
    /// How long in all.
    pub minutes: Minutes,
}

/// What a valuation is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkDone {
    /// Each person's time.
    pub works: Vec<Work>,
    /// The minutes of exchanges that nobody has said who gave, by giver.
    pub untold: HashMap<AssociationNumber, Minutes>,
    /// The INSEE codes of the associations' communes.
    pub insee: HashMap<AssociationNumber, String>,
    /// Codes and names of persons, as far as they are not erased.
    pub persons: HashMap<PersonNumber, (String, String)>,
    /// How many acts the ledger held when this was read.
    pub acts: i64,
}

impl Store {
    /// Who gave the time of an exchange: what is posted, or what waits to be.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn contributions_to(
        &self,
        network: NetworkId,
        exchange: &Exchange,
    ) -> Result<Vec<ContributionView>, StoreError> {
        let (table, act) = if exchange.posted_in.is_some() {
            ("contribution", "c.act")
        } else {
            ("proposed_contribution", "c.exchange")
        };
        let sql = format!(
            "SELECT {act} AS act, c.line, {CONTRIBUTION_COLUMNS} FROM {table} AS c \
             WHERE c.network_id = $1 AND c.exchange = $2 ORDER BY 1, 2"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ContributionRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(exchange.number.0).fetch_all(connection).await?
        });
        rows.into_iter().map(|row| row.read(table)).collect()
    }

    /// What these persons gave, as far as it is posted and was not taken back: of an exchange, or of hours for their own
    /// association.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn standing_contributions(
        &self,
        network: NetworkId,
        persons: &[PersonNumber],
    ) -> Result<Vec<ContributionView>, StoreError> {
        let sql = format!(
            "SELECT c.act, c.line, {CONTRIBUTION_COLUMNS} FROM {{rows}} CROSS JOIN contribution AS c \
             WHERE c.network_id = $1 AND c.person = r.c0 AND c.minutes > 0 AND NOT EXISTS (SELECT 1 FROM reversal AS v \
             WHERE v.network_id = $1 AND v.target IN (c.act, c.exchange)) ORDER BY c.act, c.line"
        );
        let wanted = persons.iter().map(|person| row![person.0]).collect();
        let mut tx = self.db().begin_read().await?;
        let rows = Rows::new(&[Int], wanted).select::<ContributionRow>(&mut tx, network.0, &sql).await?;
        rows.into_iter().map(|row| row.read("contribution")).collect()
    }

    /// The same of everybody who was erased, with the act that erased each: of whoever came later, some of it may be theirs.
    /// Nothing where none of these persons came after that.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn contributions_of_erased(
        &self,
        network: NetworkId,
        persons: &[PersonNumber],
    ) -> Result<Vec<(ActNumber, ContributionView)>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let first = "SELECT act FROM erasure WHERE network_id = $1 ORDER BY act LIMIT 1";
        let first = select::<(i64,)>(&mut tx, network, first).await?.into_iter().map(|(act,)| act).next();
        if !persons.iter().any(|person| first.is_some_and(|act| person.0 > act)) {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT x.act AS erased_in, c.act, c.line, {CONTRIBUTION_COLUMNS} FROM erasure AS x \
             JOIN contribution AS c ON c.network_id = x.network_id AND c.person = x.person \
             WHERE x.network_id = $1 AND c.minutes > 0 AND NOT EXISTS (SELECT 1 FROM reversal AS v \
             WHERE v.network_id = $1 AND v.target IN (c.act, c.exchange)) ORDER BY c.act, c.line"
        );
        let rows: Vec<ErasedContributionRow> = on_tx!(&mut tx, connection => {
            sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).fetch_all(connection).await?
        });
        let read = |row: ErasedContributionRow| Ok((ActNumber(row.erased_in), row.contribution.read("contribution")?));
        rows.into_iter().map(read).collect()
    }

    /// Hours that persons gave to their own association, newest first.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn own_hours(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        page: Page<ActNumber>,
    ) -> Result<Vec<ContributionView>, StoreError> {
        let sql = format!(
            "SELECT c.act, c.line, {CONTRIBUTION_COLUMNS} FROM contribution AS c WHERE c.network_id = $1 \
             AND c.association = $2 AND c.exchange IS NULL AND c.act < $3 ORDER BY c.act DESC, c.line LIMIT $4"
        );
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<ContributionRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
            .bind(network.0)
            .bind(association.0)
            .bind(page.before_number(|act| act.0))
            .bind(i64::from(page.most))
            .fetch_all(connection)
            .await?);
        rows.into_iter().map(|row| row.read("contribution")).collect()
    }

    /// All the hours that a person gave, in the order of the acts; those that were taken back stand with their
    /// opposite.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn hours_of(&self, network: NetworkId, person: PersonNumber) -> Result<Vec<HoursLine>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let rows = Rows::new(&[Int], vec![row![person.0]]);
        let sql = "SELECT c.act, c.line, c.association, c.exchange, coalesce(e.given_reference, n.reference) AS reference, \
                   e.receiver AS helped, c.skill, c.nature, c.service_date, c.minutes, k.key, a.leaf FROM {rows} CROSS JOIN contribution AS c \
                   JOIN act AS a ON a.network_id = c.network_id AND a.number = c.act \
                   LEFT JOIN exchange AS e ON e.network_id = c.network_id AND e.exchange = c.exchange \
                   LEFT JOIN exchange_reference AS n ON n.network_id = c.network_id AND n.exchange = c.exchange \
                   LEFT JOIN person_key AS k ON k.network_id = c.network_id AND k.act = c.act AND k.line = c.line \
                   WHERE c.network_id = $1 AND c.person = r.c0 ORDER BY c.act, c.line";
        rows.select::<HoursRow>(&mut tx, network.0, sql).await?.into_iter().map(HoursRow::read).collect()
    }

    /// How many persons gave time in a year of service, in all and by nature, with their minutes.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn volunteers(&self, network: NetworkId, year: Year) -> Result<Volunteers, StoreError> {
        let Some((first, last)) = year.days() else { return Ok(Volunteers::default()) };
        let mut tx = self.db().begin_read().await?;
        let all = "SELECT count(DISTINCT person) FROM contribution WHERE network_id = $1 \
                   AND service_date >= $2 AND service_date <= $3";
        let (all,): (i64,) = on_tx!(&mut tx, connection => {
            sqlx::query_as(all).bind(network.0).bind(first).bind(last).fetch_one(connection).await?
        });
        let sql = "SELECT nature, count(DISTINCT person), cast(sum(minutes) AS bigint) FROM contribution \
                   WHERE network_id = $1 AND service_date >= $2 AND service_date <= $3 GROUP BY nature";
        let rows: Vec<(String, i64, i64)> = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(first).bind(last).fetch_all(connection).await?
        });
        // What is counted is never below zero.
        let read = |(nature, persons, minutes): (String, i64, i64)| {
            let sum = NatureSum { persons: persons.unsigned_abs(), minutes: Minutes::new(minutes) };
            Ok((RowOf("contribution", year).word("nature", &nature)?, sum))
        };
        let by_nature = rows.into_iter().map(read).collect::<Result<_, StoreError>>()?;
        Ok(Volunteers { persons: all.unsigned_abs(), by_nature })
    }

    /// The time that persons gave from one service date to another, both included: for one association, or for all.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn work_done(
        &self,
        network: NetworkId,
        days: (NaiveDate, NaiveDate),
        of: Option<AssociationNumber>,
    ) -> Result<WorkDone, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let (head, _) = read_head(&mut tx, network).await?;
        let ActNumber(acts) = head.next;
        let (works, told) = works(&mut tx, network, days, of).await?;
        let sql = "SELECT association, insee FROM association WHERE network_id = $1 AND insee IS NOT NULL";
        let insee = select::<(i64, String)>(&mut tx, network, sql).await?;
        let named = match of {
            None => identities(&mut tx, network).await?,
            Some(_) => {
                let persons: BTreeSet<PersonNumber> = works.iter().map(|work| work.person).collect();
                identities_among(&mut tx, network, &persons.into_iter().collect::<Vec<_>>()).await?
            }
        };
        let persons = named.into_iter().map(|(person, identity)| {
            let names: Vec<String> = [identity.first_name, identity.last_name].into_iter().flatten().collect();
            (person, (identity.code, names.join(" ")))
        });
        Ok(WorkDone {
            untold: untold(&mut tx, network, days, of, told).await?,
            works,
            insee: insee.into_iter().map(|(association, insee)| (AssociationNumber(association), insee)).collect(),
            persons: persons.collect(),
            acts,
        })
    }

    /// The first and the last day on which somebody gave time for an association, or it helped another one; `None`
    /// before there was any.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn days_of_work(
        &self,
        network: NetworkId,
        association: AssociationNumber,
    ) -> Result<Option<(NaiveDate, NaiveDate)>, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let sql = "SELECT min(day), max(day) FROM (SELECT service_date AS day FROM contribution WHERE network_id = $1 \
                   AND association = $2 UNION ALL SELECT service_date AS day FROM exchange WHERE network_id = $1 \
                   AND giver = $2 AND state IN ('confirmed', 'correction_requested')) AS done";
        let (first, last): (Option<Found<NaiveDate>>, Option<Found<NaiveDate>>) = on_tx!(&mut tx, connection => {
            sqlx::query_as(sql).bind(network.0).bind(association.0).fetch_one(connection).await?
        });
        let row = RowOf("contribution", association);
        let day = |found| row.maybe_found("service_date", found);
        Ok(day(first)?.zip(day(last)?))
    }
}

/// Each person's time, and how much of it belongs to exchanges, by giver.
async fn works(
    tx: &mut Tx,
    network: NetworkId,
    days: (NaiveDate, NaiveDate),
    of: Option<AssociationNumber>,
) -> Result<(Vec<Work>, HashMap<AssociationNumber, Minutes>), StoreError> {
    let sql = format!(
        "SELECT c.act, c.line, {CONTRIBUTION_COLUMNS} FROM contribution AS c \
         WHERE c.network_id = $1 AND c.service_date >= $2 AND c.service_date <= $3 \
         AND c.association BETWEEN $4 AND $5"
    );
    let (first, last) = numbers(of);
    let rows: Vec<ContributionRow> = on_tx!(tx, connection => sqlx::query_as(AssertSqlSafe(sql))
        .bind(network.0)
        .bind(days.0)
        .bind(days.1)
        .bind(first)
        .bind(last)
        .fetch_all(connection)
        .await?);
    let mut told: HashMap<AssociationNumber, Minutes> = HashMap::new();
    let mut works = Vec::with_capacity(rows.len());
    for row in rows {
        let found = row.read("contribution")?;
        works.push(Work {
            person: found.person,
            association: found.association,
            nature: found.nature,
            skill: found.skill,
            date: found.service_date,
            minutes: found.minutes,
        });
        if found.exchange.is_some() {
            let sum = told.entry(found.association).or_default();
            let out_of_range = || RowOf("contribution", found.act).wrong("minutes", "their sum is out of range");
            *sum = sum.checked_add(found.minutes).ok_or_else(out_of_range)?;
        }
    }
    Ok((works, told))
}

async fn untold(
    tx: &mut Tx,
    network: NetworkId,
    days: (NaiveDate, NaiveDate),
    of: Option<AssociationNumber>,
    told: HashMap<AssociationNumber, Minutes>,
) -> Result<HashMap<AssociationNumber, Minutes>, StoreError> {
    let sql = "SELECT giver, cast(sum(minutes) AS bigint) FROM exchange WHERE network_id = $1 \
               AND state IN ('confirmed', 'correction_requested') AND service_date >= $2 AND service_date <= $3 \
               AND giver BETWEEN $4 AND $5 GROUP BY giver";
    let (first, last) = numbers(of);
    let given: Vec<(i64, i64)> = on_tx!(tx, connection => sqlx::query_as(sql)
        .bind(network.0)
        .bind(days.0)
        .bind(days.1)
        .bind(first)
        .bind(last)
        .fetch_all(connection)
        .await?);
    let mut untold = HashMap::new();
    for (giver, minutes) in given {
        let giver = AssociationNumber(giver);
        // Of an association that nobody told anything of, nothing is told.
        let told = told.get(&giver).copied().unwrap_or(Minutes::ZERO);
        let open = Minutes::new(minutes).checked_sub(told);
        let open = open.ok_or_else(|| RowOf("exchange", giver).wrong("minutes", "their sum is out of range"))?;
        if open.is_positive() {
            untold.insert(giver, open);
        }
    }
    Ok(untold)
}

/// The numbers of the associations that are meant, the first and the last.
fn numbers(of: Option<AssociationNumber>) -> (i64, i64) {
    of.map_or((i64::MIN, i64::MAX), |AssociationNumber(number)| (number, number))
}

/// What [`ContributionRow`] reads of a contribution `c`, beside its act and line.
const CONTRIBUTION_COLUMNS: &str = "c.exchange, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date";

table_row! {
    struct ContributionRow {
        act: i64,
        line: i64,
        exchange: Option<i64>,
        person: i64,
        association: i64,
        minutes: i64,
        nature: String,
        skill: Option<i64>,
        service_date: Found<NaiveDate>,
    }
}

table_row! {
    struct ErasedContributionRow {
        erased_in: i64,
        ..contribution: ContributionRow,
    }
}

impl ContributionRow {
    fn read(self, table: &'static str) -> Result<ContributionView, StoreError> {
        let row = RowOf(table, Pair(self.act, self.line));
        Ok(ContributionView {
            act: ActNumber(self.act),
            person: PersonNumber(self.person),
            association: AssociationNumber(self.association),
            exchange: self.exchange.map(ExchangeNumber),
            minutes: Minutes::new(self.minutes),
            nature: row.word("nature", &self.nature)?,
            skill: self.skill.map(SkillNumber),
            service_date: row.found("service_date", self.service_date)?,
        })
    }
}

table_row! {
    struct HoursRow {
        act: i64,
        line: i64,
        association: i64,
        exchange: Option<i64>,
        reference: Option<String>,
        helped: Option<i64>,
        skill: Option<i64>,
        nature: String,
        service_date: Found<NaiveDate>,
        minutes: i64,
        key: Option<Vec<u8>>,
        leaf: String,
    }
}

impl HoursRow {
    fn read(self) -> Result<HoursLine, StoreError> {
        let row = RowOf("contribution", Pair(self.act, self.line));
        let key = self.key.map(|key| RowOf("person_key", Pair(self.act, self.line)).secret("key", &key));
        Ok(HoursLine {
            act: ActNumber(self.act),
            line: row.number("line", self.line)?,
            association: AssociationNumber(self.association),
            exchange: self.exchange.map(ExchangeNumber),
            reference: self.reference,
            helped: self.helped.map(AssociationNumber),
            skill: self.skill.map(SkillNumber),
            nature: row.word("nature", &self.nature)?,
            service_date: row.found("service_date", self.service_date)?,
            minutes: Minutes::new(self.minutes),
            key: key.transpose()?,
            leaf: self.leaf,
        })
    }
}
