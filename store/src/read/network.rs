//! Networks of a database, and their registries.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store, StoreError,
    db::{Tx, on_tx, select},
    error::impossible,
};
use ledger::{
    ActNumber, AssociationNumber, Digest, Identifier, Minutes, NetworkId, PersonNumber, SkillNumber,
    association::{Association, AssociationKind, DatedName, MembershipState},
    mandate::Mandate,
    person::{Person, Role},
    policy::{Limits, Policy},
    registry::Registry,
    skill::{Alignment, Framework, Skill},
    state::{Head, Network},
    year::Year,
};

/// A network of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkEntry {
    /// Its number in this database.
    pub id: NetworkId,
    /// What it is called, and where its days begin.
    pub network: Network,
}

#[derive(FromRow)]
struct NetworkRow {
    network_id: i64,
    uuid: Uuid,
    name: String,
    time_zone: String,
}

impl TryFrom<NetworkRow> for NetworkEntry {
    type Error = StoreError;

    fn try_from(row: NetworkRow) -> Result<Self, StoreError> {
        let time_zone = row
            .time_zone
            .parse()
            .map_err(|_| impossible("network", row.network_id, format!("time zone {}", row.time_zone)))?;
        Ok(Self { id: NetworkId(row.network_id), network: Network { uuid: row.uuid, name: row.name, time_zone } })
    }
}

#[derive(FromRow)]
struct HeadRow {
    next_act: i64,
    last_at: i64,
    registry_act: i64,
    reference_year: i64,
    reference_last: i64,
    first_year: Option<i64>,
    closed_through: Option<i64>,
    root: Vec<u8>,
}

impl HeadRow {
    fn read(self, network: NetworkId) -> Result<(Head, Digest), StoreError> {
        let wrong = |what: &str| impossible("head", network.0, what.to_owned());
        let year = |year: i64| i32::try_from(year).map_err(|_| wrong("a year out of range"));
        let head = Head {
            next: ActNumber(self.next_act),
            last_at: DateTime::from_timestamp_micros(self.last_at).ok_or_else(|| wrong("last_at out of range"))?,
            registry_act: ActNumber(self.registry_act),
            reference: (year(self.reference_year)?, self.reference_last),
            first_year: self.first_year.map(year).transpose()?.map(Year),
            closed_through: self.closed_through.map(year).transpose()?.map(Year),
        };
        let root = self.root.try_into().map_err(|_| wrong("root is not 32 bytes"))?;
        Ok((head, Digest(root)))
    }
}

const HEAD_COLUMNS: &str =
    "next_act, last_at, registry_act, reference_year, reference_last, first_year, closed_through, root";

impl Store {
    /// The networks of this database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn networks(&self) -> Result<Vec<NetworkEntry>, StoreError> {
        let sql = "SELECT network_id, uuid, name, time_zone FROM network ORDER BY network_id";
        let mut tx = self.db().begin_read().await?;
        let rows: Vec<NetworkRow> = on_tx!(&mut tx, connection => sqlx::query_as(sql).fetch_all(connection).await?);
        rows.into_iter().map(NetworkEntry::try_from).collect()
    }

    /// The network of that name or UUID; without a name, the only one.
    ///
    /// # Errors
    /// When there is none, or several and none was named.
    pub async fn network(&self, wanted: Option<&str>) -> Result<NetworkEntry, StoreError> {
        let mut networks = self.networks().await?;
        if let Some(wanted) = wanted {
            let position = networks.iter().position(|entry| {
                ledger::name::fold(&entry.network.name) == ledger::name::fold(wanted)
                    || entry.network.uuid.to_string() == wanted
            });
            return position
                .map(|position| networks.swap_remove(position))
                .ok_or_else(|| StoreError::UnknownNetwork(wanted.to_owned()));
        }
        match networks.len() {
            0 => Err(StoreError::NoNetwork),
            1 => Ok(networks.remove(0)),
            _ => Err(StoreError::SeveralNetworks(networks.into_iter().map(|entry| entry.network.name).collect())),
        }
    }

    /// Members, persons, skills and rules as they are now.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn registry(&self, network: NetworkId) -> Result<Registry, StoreError> {
        let mut tx = self.db().begin_read().await?;
        load_registry(&mut tx, network).await
    }

    /// Where a network's acts have got to, and the root of its log.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn head(&self, network: NetworkId) -> Result<(Head, Digest), StoreError> {
        let mut tx = self.db().begin_read().await?;
        read_head(&mut tx, network).await
    }
}

/// Takes the network's lock, so that nobody else decides until the transaction ends, and reads its head.
pub(crate) async fn lock_head(tx: &mut Tx, network: NetworkId) -> Result<(Head, Digest), StoreError> {
    // On SQLite `BEGIN IMMEDIATE` has taken the lock already.
    let row: Option<HeadRow> = match tx {
        Tx::Sqlite(transaction) => {
            let sql = format!("SELECT {HEAD_COLUMNS} FROM head WHERE network_id = $1");
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(network.0).fetch_optional(&mut **transaction).await?
        }
        Tx::Postgres(transaction) => {
            let sql = format!("SELECT {HEAD_COLUMNS} FROM head WHERE network_id = $1 FOR UPDATE");
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(network.0).fetch_optional(&mut **transaction).await?
        }
    };
    row.ok_or(StoreError::NoNetwork)?.read(network)
}

pub(crate) async fn read_head(tx: &mut Tx, network: NetworkId) -> Result<(Head, Digest), StoreError> {
    let sql = format!("SELECT {HEAD_COLUMNS} FROM head WHERE network_id = $1");
    let row: Option<HeadRow> = on_tx!(tx, connection => {
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(network.0).fetch_optional(connection).await?
    });
    row.ok_or(StoreError::NoNetwork)?.read(network)
}

pub(crate) async fn read_network(tx: &mut Tx, network: NetworkId) -> Result<Network, StoreError> {
    let sql = "SELECT network_id, uuid, name, time_zone FROM network WHERE network_id = $1";
    let row: Option<NetworkRow> = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.0).fetch_optional(connection).await?
    });
    Ok(NetworkEntry::try_from(row.ok_or(StoreError::NoNetwork)?)?.network)
}

#[derive(FromRow)]
struct AssociationRow {
    association: i64,
    kind: String,
    state: String,
    has_limits: i64,
    #[sqlx(flatten)]
    limits: LimitsRow,
}

#[derive(FromRow)]
struct LimitsRow {
    soft_floor: Option<i64>,
    hard_floor: Option<i64>,
    soft_ceiling: Option<i64>,
    hard_ceiling: Option<i64>,
}

impl From<LimitsRow> for Limits {
    fn from(row: LimitsRow) -> Self {
        Self {
            soft_floor: row.soft_floor.map(Minutes::new),
            hard_floor: row.hard_floor.map(Minutes::new),
            soft_ceiling: row.soft_ceiling.map(Minutes::new),
            hard_ceiling: row.hard_ceiling.map(Minutes::new),
        }
    }
}

#[derive(FromRow)]
struct PolicyRow {
    step_minutes: i64,
    answer_within_days: i64,
    #[sqlx(flatten)]
    limits: LimitsRow,
}

async fn load_alignments(
    tx: &mut Tx,
    network: NetworkId,
) -> Result<HashMap<i64, BTreeMap<Framework, Alignment>>, StoreError> {
    let sql = "SELECT skill, framework, code, name, url, version FROM skill_alignment WHERE network_id = $1";
    let mut alignments: HashMap<i64, BTreeMap<Framework, Alignment>> = HashMap::new();
    type Row = (i64, String, String, String, String, String);
    for (skill, framework, code, name, url, version) in select::<Row>(tx, network, sql).await? {
        let framework = Framework::try_from(framework.as_str());
        let framework = framework.map_err(|error| impossible("skill_alignment", skill, error.to_string()))?;
        alignments.entry(skill).or_default().insert(framework, Alignment { code, name, url, version });
    }
    Ok(alignments)
}

/// Reads the whole registry.
pub(crate) async fn load_registry(tx: &mut Tx, network: NetworkId) -> Result<Registry, StoreError> {
    let associations = load_associations(tx, network).await?;
    let (persons, codes) = load_persons(tx, network).await?;
    let skills: Vec<(i64, String)> =
        select(tx, network, "SELECT skill, name FROM skill WHERE network_id = $1 ORDER BY skill").await?;
    let mut alignments = load_alignments(tx, network).await?;
    let skills = skills.into_iter().map(|(number, name)| {
        let alignments = alignments.remove(&number).unwrap_or_default();
        Skill { number: SkillNumber(number), name, alignments }
    });
    let skills = skills.collect();
    let sql = "SELECT step_minutes, answer_within_days, soft_floor, hard_floor, soft_ceiling, hard_ceiling \
               FROM policy WHERE network_id = $1 ORDER BY act DESC LIMIT 1";
    let policy: Vec<PolicyRow> = select(tx, network, sql).await?;
    let policy = match policy.into_iter().next() {
        None => Policy::default(),
        Some(row) => {
            let small =
                |value: i64| u32::try_from(value).map_err(|_| impossible("policy", network.0, format!("{value}")));
            Policy {
                step_minutes: small(row.step_minutes)?,
                answer_within_days: small(row.answer_within_days)?,
                limits: row.limits.into(),
            }
        }
    };
    Ok(Registry::new(associations, persons, codes, skills, policy))
}

async fn load_associations(tx: &mut Tx, network: NetworkId) -> Result<Vec<Association>, StoreError> {
    let sql = "SELECT association, kind, state, has_limits, soft_floor, hard_floor, soft_ceiling, hard_ceiling \
               FROM association WHERE network_id = $1 ORDER BY association";
    let rows: Vec<AssociationRow> = select(tx, network, sql).await?;
    let sql = "SELECT association, name, since, is_current FROM association_name \
               WHERE network_id = $1 ORDER BY association, line";
    let mut names: HashMap<i64, Vec<DatedName>> = HashMap::new();
    for (association, name, since, is_current) in
        select::<(i64, String, Option<NaiveDate>, i64)>(tx, network, sql).await?
    {
        names.entry(association).or_default().push(DatedName { name, since, is_current: is_current != 0 });
    }
    let sql = "SELECT association, kind, value FROM association_identifier WHERE network_id = $1";
    let mut identifiers: HashMap<i64, Vec<Identifier>> = HashMap::new();
    for (association, kind, value) in select::<(i64, String, String)>(tx, network, sql).await? {
        let wrong = |problem: String| impossible("association_identifier", association, problem);
        let kind = kind.as_str().try_into().map_err(|error: ledger::UnknownWord| wrong(error.to_string()))?;
        let identifier =
            Identifier::from_parts(kind, &value).map_err(|error| wrong(error.in_words(ledger::Language::English)))?;
        identifiers.entry(association).or_default().push(identifier);
    }
    let sql = "SELECT association, partner, minutes_most, until FROM mandate WHERE network_id = $1";
    let mut mandates: HashMap<i64, BTreeMap<AssociationNumber, Mandate>> = HashMap::new();
    for (association, partner, minutes_most, until) in select::<(i64, i64, i64, NaiveDate)>(tx, network, sql).await? {
        let mandate = Mandate { minutes_most: Minutes::new(minutes_most), until };
        mandates.entry(association).or_default().insert(AssociationNumber(partner), mandate);
    }
    rows.into_iter()
        .map(|row| {
            let wrong = |error: ledger::UnknownWord| impossible("association", row.association, error.to_string());
            Ok(Association {
                number: AssociationNumber(row.association),
                kind: AssociationKind::try_from(row.kind.as_str()).map_err(wrong)?,
                state: MembershipState::try_from(row.state.as_str()).map_err(wrong)?,
                names: names.remove(&row.association).unwrap_or_default(),
                identifiers: identifiers.remove(&row.association).unwrap_or_default(),
                limits: (row.has_limits != 0).then(|| row.limits.into()),
                mandates: mandates.remove(&row.association).unwrap_or_default(),
            })
        })
        .collect()
}

async fn load_persons(
    tx: &mut Tx,
    network: NetworkId,
) -> Result<(Vec<Person>, HashMap<String, PersonNumber>), StoreError> {
    let mut associations: HashMap<i64, Vec<AssociationNumber>> = HashMap::new();
    let sql = "SELECT person, association FROM membership WHERE network_id = $1 ORDER BY person, association";
    for (person, association) in select::<(i64, i64)>(tx, network, sql).await? {
        associations.entry(person).or_default().push(AssociationNumber(association));
    }
    let mut roles: HashMap<i64, Vec<Role>> = HashMap::new();
    let sql = "SELECT person, role, association FROM role WHERE network_id = $1 ORDER BY person, role, association";
    for (person, role, association) in select::<(i64, String, i64)>(tx, network, sql).await? {
        let about = (association != 0).then_some(AssociationNumber(association));
        let role = Role::from_parts(&role, about).ok_or_else(|| impossible("role", person, format!("role {role}")))?;
        roles.entry(person).or_default().push(role);
    }
    let sql = "SELECT code, person, adult_on FROM person_identity WHERE network_id = $1";
    let mut codes = HashMap::new();
    let mut majorities = HashMap::new();
    for (code, person, adult_on) in select::<(String, i64, Option<NaiveDate>)>(tx, network, sql).await? {
        codes.insert(code, PersonNumber(person));
        majorities.extend(adult_on.map(|adult_on| (person, adult_on)));
    }
    let sql = "SELECT person FROM person WHERE network_id = $1 ORDER BY person";
    let persons = select::<(i64,)>(tx, network, sql).await?.into_iter().map(|(number,)| Person {
        number: PersonNumber(number),
        associations: associations.remove(&number).unwrap_or_default(),
        roles: roles.remove(&number).unwrap_or_default(),
        adult_on: majorities.remove(&number),
    });
    Ok((persons.collect(), codes))
}
