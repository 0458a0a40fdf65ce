//! An association's own lines: what it takes home, and what its notebook is compared with.

use std::{borrow::Cow, collections::BTreeMap};

use async_recursion::async_recursion as boxed;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx},
    read::{acts::closed_in, network::read_network, registry::load_registry},
    reading::{Found, Pair, RowOf, table_row},
    schema::IS_SELDOM,
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Identifier, Minutes, NetworkId, SkillNumber,
    account::{Account, Book},
    exchange::ExchangeState,
    lines::{AssociationLines, Line, Party},
    registry::Registry,
    state::Network,
    year::Year,
};

/// An exchange that stands in the accounts of one association, waits to, or stood there and was reversed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLine {
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
    /// With which skill.
    pub skill: Option<SkillNumber>,
    /// What has become of it.
    pub state: ExchangeState,
    /// The exchange in whose place it was recorded.
    pub replaces: Option<ExchangeNumber>,
    /// When it was reversed, if it was.
    pub reversed_at: Option<DateTime<Utc>>,
}

impl Store {
    /// The bytes of an association's lines of a year, by booking date: what `export lines` writes, and what its
    /// statement carries the digest of. Once the year is closed they never change.
    ///
    /// # Errors
    /// When the database does not answer, or holds no such association.
    #[boxed]
    pub async fn lines_file(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        year: Year,
    ) -> Result<Vec<u8>, StoreError> {
        let lines = self.association_lines(network, association, year).await?;
        lines.to_bytes().ok_or_else(|| RowOf("posting", association).wrong("minutes", "sums out of range"))
    }

    /// An association's lines of a year, by booking date.
    ///
    /// # Errors
    /// When the database does not answer, or holds no such association.
    #[boxed]
    pub async fn association_lines(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        year: Year,
    ) -> Result<AssociationLines, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let shared = Shared::read(&mut tx, network, year).await?;
        shared.lines_of(&mut tx, association).await
    }

    /// The lines of a closed year, association by association: what they have in common is read once.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn closed_lines(&self, network: NetworkId, year: Year) -> Result<ClosedLines, StoreError> {
        let shared = Shared::read(&mut self.db().begin_read().await?, network, year).await?;
        Ok(ClosedLines { store: self.clone(), shared })
    }

    /// The exchanges of an association with service dates from one day to another, both included: those that stand in
    /// its accounts or were reversed, in the order in which they were posted, then those that wait to be.
    ///
    /// # Errors
    /// When the database does not answer.
    #[boxed]
    pub async fn known_lines(
        &self,
        network: NetworkId,
        association: AssociationNumber,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Vec<KnownLine>, StoreError> {
        let columns = "e.exchange, coalesce(e.given_reference, n.reference) AS reference, e.giver, e.receiver, \
                       e.minutes, e.service_date, e.skill, e.state, e.replaces";
        let named = "LEFT JOIN exchange_reference AS n ON n.network_id = e.network_id AND n.exchange = e.exchange";
        let posted = format!(
            "SELECT {columns}, a.recorded_at AS reversed_at \
             FROM posting AS p CROSS JOIN exchange AS e {named} \
             LEFT JOIN reversal AS r ON r.network_id = e.network_id AND r.target = e.exchange \
             LEFT JOIN act AS a ON a.network_id = r.network_id AND a.number = r.act \
             WHERE p.network_id = $1 AND p.book = 'exchange' AND p.account = $2 \
             AND p.kind IN ('given', 'received') AND e.network_id = p.network_id AND e.exchange = p.cause \
             AND e.state IN ('confirmed', 'correction_requested', 'reversed') \
             AND e.service_date >= $3 AND e.service_date <= $4 ORDER BY p.sequence"
        );
        // Each side of what is open is found by an index of its own.
        let open = |side: &str| {
            format!(
                "SELECT {columns}, cast(NULL AS bigint) AS reversed_at FROM exchange AS e {named} \
                 WHERE e.network_id = $1 AND e.{side} = $2 AND e.state IN ('proposed', 'contested', 'held') \
                 AND e.service_date >= $3 AND e.service_date <= $4"
            )
        };
        let open = format!("{} UNION ALL {} ORDER BY 1", open("giver"), open("receiver"));
        let mut tx = self.db().begin_read().await?;
        let mut lines = Vec::new();
        for sql in [posted, open] {
            let rows: Vec<KnownRow> = on_tx!(&mut tx, connection => sqlx::query_as(AssertSqlSafe(sql))
                .bind(network.0)
                .bind(association.0)
                .bind(days.0)
                .bind(days.1)
                .fetch_all(connection)
                .await?);
            for row in rows {
                lines.push(row.read()?);
            }
        }
        Ok(lines)
    }
}

/// The lines of a closed year, which never change.
#[derive(Debug)]
pub struct ClosedLines {
    store: Store,
    shared: Shared,
}

impl ClosedLines {
    /// The bytes of an association's lines, as [`Store::lines_file`] has them.
    ///
    /// # Errors
    /// When the database does not answer, or holds no such association.
    #[boxed]
    pub async fn file(&self, association: AssociationNumber) -> Result<Vec<u8>, StoreError> {
        let mut tx = self.store.db().begin_read().await?;
        let lines = self.shared.lines_of(&mut tx, association).await?;
        lines.to_bytes().ok_or_else(|| RowOf("posting", association).wrong("minutes", "sums out of range"))
    }
}

/// What the lines of all associations have in common.
#[derive(Debug)]
struct Shared {
    network: NetworkId,
    year: Year,
    about: Network,
    registry: Registry,
    closed_in: Option<ActNumber>,
}

impl Shared {
    async fn read(tx: &mut Tx, network: NetworkId, year: Year) -> Result<Self, StoreError> {
        let mut registry = load_registry(tx, network).await?;
        let closed_in = closed_in(tx, network, year).await?;
        if let Some(closed_in) = closed_in {
            put_back(tx, network, &mut registry, closed_in).await?;
        }
        Ok(Self { network, year, about: read_network(tx, network).await?, registry, closed_in })
    }

    async fn lines_of(&self, tx: &mut Tx, association: AssociationNumber) -> Result<AssociationLines, StoreError> {
        let Self { network, year, registry, .. } = self;
        let own = registry.association(association);
        let own = own.ok_or_else(|| RowOf("association", association).wrong("association", "no such association"))?;
        let was_there = |number: AssociationNumber| self.closed_in.is_none_or(|act| number.0 < act.0);
        let others = registry.associations().filter(|other| other.number != association && was_there(other.number));
        Ok(AssociationLines {
            network: self.about.name.clone(),
            network_uuid: self.about.uuid,
            year: *year,
            association: Party::at_the_end_of(own, *year),
            opening: opening(tx, *network, association, *year).await?,
            lines: lines(tx, *network, association, *year, registry).await?,
            members: others.map(|other| Party::at_the_end_of(other, *year)).collect(),
        })
    }
}

/// Takes back the names and identifiers that were told after a year was closed, whatever day a name counts from: the
/// bytes of its lines never change.
async fn put_back(
    tx: &mut Tx,
    network: NetworkId,
    registry: &mut Registry,
    closed_in: ActNumber,
) -> Result<(), StoreError> {
    for renamed in told(tx, network, "number > $2 AND kind = 'association_renamed'", closed_in).await? {
        registry.forget_last_name(renamed.association);
    }
    let later = "number > $2 AND kind = 'association_identified'";
    let later = told(tx, network, later, closed_in).await?;
    let mut then: BTreeMap<AssociationNumber, Vec<Identifier>> =
        later.into_iter().map(|identified| (identified.association, Vec::new())).collect();
    if then.is_empty() {
        return Ok(());
    }
    let earlier = "number < $2 AND kind IN ('association_added', 'association_identified')";
    for told in told(tx, network, earlier, closed_in).await? {
        let Some(known) = then.get_mut(&told.association) else { continue };
        known.retain(|old| told.identifiers.iter().all(|new| new.kind() != old.kind()));
        known.extend(told.identifiers);
    }
    for (association, mut identifiers) in then {
        // In the order in which a registry is read.
        identifiers.sort_by_key(|identifier| (identifier.kind().as_str(), identifier.value()));
        registry.set_identifiers(association, identifiers);
    }
    Ok(())
}

/// What an act tells of an association.
struct Told {
    association: AssociationNumber,
    identifiers: Vec<Identifier>,
}

/// What acts on one side of another one tell.
async fn told(tx: &mut Tx, network: NetworkId, which: &str, act: ActNumber) -> Result<Vec<Told>, StoreError> {
    let sql = format!("SELECT number, leaf FROM act WHERE network_id = $1 AND {which} AND {IS_SELDOM} ORDER BY number");
    let rows: Vec<(i64, String)> = on_tx!(tx, connection => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(network.0).bind(act.0).fetch_all(connection).await?
    });
    let read = |(number, leaf): (i64, String)| {
        let row = RowOf("act", number);
        let leaf = row.leaf("leaf", &leaf)?;
        let member = leaf.member.ok_or_else(|| row.wrong("leaf", "it tells of no member"))?;
        let identifier = |(kind, value): &(Cow<'_, str>, Cow<'_, str>)| {
            Identifier::from_parts(row.word("leaf", kind)?, value).map_err(|error| row.wrong("leaf", error))
        };
        let identifiers = member.identifiers.iter().map(identifier).collect::<Result<_, _>>()?;
        Ok(Told { association: AssociationNumber(member.number), identifiers })
    };
    rows.into_iter().map(read).collect()
}

async fn lines(
    tx: &mut Tx,
    network: NetworkId,
    association: AssociationNumber,
    year: Year,
    registry: &Registry,
) -> Result<Vec<Line>, StoreError> {
    let sql = "SELECT p.act, p.sequence, e.exchange, coalesce(e.given_reference, n.reference) AS reference, \
               e.service_date, p.booked, p.kind, e.giver, e.receiver, \
               p.minutes, s.name AS skill, CASE WHEN e.exchange IS NULL THEN \
               (SELECT a.leaf FROM act AS a WHERE a.network_id = p.network_id AND a.number = p.act) END AS leaf \
               FROM posting AS p \
               LEFT JOIN exchange AS e ON e.network_id = p.network_id AND e.exchange = p.cause \
               LEFT JOIN exchange_reference AS n ON n.network_id = e.network_id AND n.exchange = e.exchange \
               LEFT JOIN skill AS s ON s.network_id = e.network_id AND s.skill = e.skill \
               WHERE p.network_id = $1 AND p.book = 'exchange' AND p.account = $2 \
               AND p.booked >= $3 AND p.booked <= $4 ORDER BY p.sequence";
    let Some((first, last)) = year.days() else { return Ok(Vec::new()) };
    let rows: Vec<LineRow> = on_tx!(tx, connection => {
        sqlx::query_as(sql)
            .bind(network.0)
            .bind(association.0)
            .bind(first)
            .bind(last)
            .fetch_all(connection)
            .await?
    });
    rows.into_iter().map(|row| row.read(association, year, registry)).collect()
}

table_row! {
    struct KnownRow {
        exchange: i64,
        reference: Option<String>,
        giver: i64,
        receiver: i64,
        minutes: i64,
        service_date: Found<NaiveDate>,
        skill: Option<i64>,
        state: String,
        replaces: Option<i64>,
        reversed_at: Option<i64>,
    }
}

impl KnownRow {
    fn read(self) -> Result<KnownLine, StoreError> {
        let row = RowOf("exchange", self.exchange);
        Ok(KnownLine {
            exchange: ExchangeNumber(self.exchange),
            reference: self.reference,
            giver: AssociationNumber(self.giver),
            receiver: AssociationNumber(self.receiver),
            minutes: Minutes::new(self.minutes),
            service_date: row.found("service_date", self.service_date)?,
            skill: self.skill.map(SkillNumber),
            state: row.word("state", &self.state)?,
            replaces: self.replaces.map(ExchangeNumber),
            reversed_at: row.maybe_instant("reversed_at", self.reversed_at)?,
        })
    }
}

table_row! {
    struct LineRow {
        act: i64,
        sequence: i64,
        exchange: Option<i64>,
        reference: Option<String>,
        service_date: Option<Found<NaiveDate>>,
        booked: Found<NaiveDate>,
        kind: String,
        giver: Option<i64>,
        receiver: Option<i64>,
        minutes: i64,
        skill: Option<String>,
        /// Of what is no exchange.
        leaf: Option<String>,
    }
}

impl LineRow {
    fn read(self, association: AssociationNumber, year: Year, registry: &Registry) -> Result<Line, StoreError> {
        let partner = self.partner(association)?.map(|partner| {
            let known = registry.association(partner);
            known.ok_or_else(|| RowOf("act", self.act).wrong("leaf", format_args!("{partner} is no association")))
        });
        let row = RowOf("posting", Pair(Pair(Book::Exchange, association), self.sequence));
        let exchange = RowOf("exchange", self.exchange.unwrap_or(self.act));
        Ok(Line {
            act: ActNumber(self.act),
            exchange: self.exchange.map(ExchangeNumber),
            reference: self.reference,
            service_date: exchange.maybe_found("service_date", self.service_date)?,
            booked: row.found("booked", self.booked)?,
            kind: row.word("kind", &self.kind)?,
            partner: partner.transpose()?.map(|partner| Party::at_the_end_of(partner, year).name),
            minutes: Minutes::new(self.minutes),
            skill: self.skill,
        })
    }

    /// The association on the other side, where it is one.
    fn partner(&self, association: AssociationNumber) -> Result<Option<AssociationNumber>, StoreError> {
        if let Some((giver, receiver)) = self.giver.zip(self.receiver) {
            return Ok(Some(AssociationNumber(if giver == association.0 { receiver } else { giver })));
        }
        let row = RowOf("act", self.act);
        let leaf = self.leaf.as_deref().ok_or_else(|| row.wrong("leaf", "a posting of an act that is not there"))?;
        let leaf = row.leaf("leaf", leaf)?;
        let other = leaf.postings.iter().map(|posting| posting.account).find(|other| *other != association.0);
        let other = other.map(|number| row.account("leaf", Book::Exchange, number)).transpose()?;
        Ok(other.and_then(|other| match other {
            Account::Association(number) => Some(number),
            Account::Fund | Account::Opening | Account::Person(_) | Account::Engaged(_) => None,
        }))
    }
}

/// An account's balance before a year.
async fn opening(
    tx: &mut Tx,
    network: NetworkId,
    association: AssociationNumber,
    year: Year,
) -> Result<Minutes, StoreError> {
    let sql = "SELECT cast(coalesce(sum(minutes), 0) AS bigint) FROM posting \
               WHERE network_id = $1 AND book = 'exchange' AND account = $2 AND booked < $3";
    let Some((first, _)) = year.days() else { return Ok(Minutes::ZERO) };
    let (minutes,): (i64,) = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).bind(association.0).bind(first).fetch_one(connection).await?
    });
    Ok(Minutes::new(minutes))
}
