//! The registry: members, persons, skills and rules as they are now.

use std::collections::{BTreeMap, HashMap};

use async_recursion::async_recursion as boxed;
use chrono::NaiveDate;

use crate::{
    Store, StoreError,
    db::{Tx, select},
    reading::{Found, Pair, RowOf, table_row},
};
use ledger::{
    ActNumber, AssociationNumber, Identifier, Minutes, NetworkId, PersonNumber, SkillNumber,
    association::{Association, DatedName},
    generation::{Generation, Generations, Opening},
    mandate::Mandate,
    person::{Person, Role},
    policy::{Limits, Policy},
    registry::Registry,
    skill::{Alignment, Framework, Skill},
};

impl Store {
    /// Members, persons, skills, rules and the log's generations as they are now.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    #[boxed]
    pub async fn registry(&self, network: NetworkId) -> Result<Registry, StoreError> {
        load_registry(&mut self.db().begin_read().await?, network).await
    }
}

/// Reads the whole registry.
pub(crate) async fn load_registry(tx: &mut Tx, network: NetworkId) -> Result<Registry, StoreError> {
    let associations = load_associations(tx, network).await?;
    let (persons, codes) = load_persons(tx, network).await?;
    let skills = load_skills(tx, network).await?;
    let sql = "SELECT act, step_minutes, answer_within_days, soft_floor, hard_floor, soft_ceiling, hard_ceiling \
               FROM policy WHERE network_id = $1 ORDER BY act DESC LIMIT 1";
    let adopted = select::<PolicyRow>(tx, network, sql).await?.into_iter().next();
    // A network that has adopted no rules has the ones that hold until then.
    let policy = adopted.map(PolicyRow::read).transpose()?.map_or_else(Policy::default, |(_, policy)| policy);
    let generations = load_generations(tx, network).await?;
    Ok(Registry::new(associations, persons, codes, skills, policy, generations))
}

/// The log's generations, as they were opened.
pub(crate) async fn load_generations(tx: &mut Tx, network: NetworkId) -> Result<Generations, StoreError> {
    let sql = "SELECT generation, act FROM log_generation WHERE network_id = $1 ORDER BY generation";
    let mut generations = Generations::default();
    for (number, act) in select::<(i64, i64)>(tx, network, sql).await? {
        let row = RowOf("log_generation", number);
        let generation = Generation::of_log(row.number("generation", number)?);
        let generation = generation.ok_or_else(|| row.wrong("generation", "no id has room for it"))?;
        if !generations.open(Opening { generation, act: ActNumber(act) }) {
            return Err(row.wrong("act", "it does not come after the generation before"));
        }
    }
    Ok(generations)
}

table_row! {
    /// A row of table `policy`.
    pub(crate) struct PolicyRow {
        act: i64,
        step_minutes: i64,
        answer_within_days: i64,
        ..limits: LimitsRow,
    }
}

impl PolicyRow {
    /// The rules, with the act that adopted them.
    pub(crate) fn read(self) -> Result<(ActNumber, Policy), StoreError> {
        let row = RowOf("policy", self.act);
        let policy = Policy {
            step_minutes: row.number("step_minutes", self.step_minutes)?,
            answer_within_days: row.number("answer_within_days", self.answer_within_days)?,
            limits: self.limits.into(),
        };
        Ok((ActNumber(self.act), policy))
    }
}

table_row! {
    struct LimitsRow {
        soft_floor: Option<i64>,
        hard_floor: Option<i64>,
        soft_ceiling: Option<i64>,
        hard_ceiling: Option<i64>,
    }
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

table_row! {
    struct AssociationRow {
        association: i64,
        kind: String,
        state: String,
        has_limits: i64,
        ..limits: LimitsRow,
    }
}

async fn load_associations(tx: &mut Tx, network: NetworkId) -> Result<Vec<Association>, StoreError> {
    let sql = "SELECT association, kind, state, has_limits, soft_floor, hard_floor, soft_ceiling, hard_ceiling \
               FROM association WHERE network_id = $1 ORDER BY association";
    let rows: Vec<AssociationRow> = select(tx, network, sql).await?;
    let mut names = load_names(tx, network).await?;
    let mut identifiers = load_identifiers(tx, network).await?;
    let mut mandates = load_mandates(tx, network).await?;
    let read = |found: AssociationRow| {
        let row = RowOf("association", found.association);
        let number = AssociationNumber(found.association);
        Ok(Association {
            number,
            kind: row.word("kind", &found.kind)?,
            state: row.word("state", &found.state)?,
            names: names.remove(&number).unwrap_or_default(),
            identifiers: identifiers.remove(&number).unwrap_or_default(),
            limits: row.flag("has_limits", found.has_limits)?.then(|| found.limits.into()),
            mandates: mandates.remove(&number).unwrap_or_default(),
        })
    };
    rows.into_iter().map(read).collect()
}

/// What each member has of something.
type OfMember<T> = HashMap<AssociationNumber, T>;

async fn load_names(tx: &mut Tx, network: NetworkId) -> Result<OfMember<Vec<DatedName>>, StoreError> {
    let sql = "SELECT association, line, name, since, is_current FROM association_name \
               WHERE network_id = $1 ORDER BY association, line";
    type Row = (i64, i64, String, Option<Found<NaiveDate>>, i64);
    let mut names: OfMember<Vec<DatedName>> = HashMap::new();
    for (association, line, name, since, is_current) in select::<Row>(tx, network, sql).await? {
        let row = RowOf("association_name", Pair(association, line));
        let since = row.maybe_found("since", since)?;
        let is_current = row.flag("is_current", is_current)?;
        names.entry(AssociationNumber(association)).or_default().push(DatedName { name, since, is_current });
    }
    Ok(names)
}

async fn load_identifiers(tx: &mut Tx, network: NetworkId) -> Result<OfMember<Vec<Identifier>>, StoreError> {
    let sql = "SELECT association, kind, value FROM association_identifier WHERE network_id = $1";
    let mut identifiers: OfMember<Vec<Identifier>> = HashMap::new();
    for (association, kind, value) in select::<(i64, String, String)>(tx, network, sql).await? {
        let row = RowOf("association_identifier", Pair(&kind, &value));
        let identifier = Identifier::from_parts(row.word("kind", &kind)?, &value);
        let identifier = identifier.map_err(|error| row.wrong("value", error))?;
        identifiers.entry(AssociationNumber(association)).or_default().push(identifier);
    }
    Ok(identifiers)
}

async fn load_mandates(
    tx: &mut Tx,
    network: NetworkId,
) -> Result<OfMember<BTreeMap<AssociationNumber, Mandate>>, StoreError> {
    let sql = "SELECT association, partner, minutes_most, until FROM mandate WHERE network_id = $1";
    let mut mandates: OfMember<BTreeMap<AssociationNumber, Mandate>> = HashMap::new();
    for (association, partner, minutes_most, until) in
        select::<(i64, i64, i64, Found<NaiveDate>)>(tx, network, sql).await?
    {
        let until = RowOf("mandate", Pair(association, partner)).found("until", until)?;
        let mandate = Mandate { minutes_most: Minutes::new(minutes_most), until };
        mandates.entry(AssociationNumber(association)).or_default().insert(AssociationNumber(partner), mandate);
    }
    Ok(mandates)
}

async fn load_skills(tx: &mut Tx, network: NetworkId) -> Result<Vec<Skill>, StoreError> {
    let sql = "SELECT skill, framework, code, name, url, version FROM skill_alignment WHERE network_id = $1";
    type Row = (i64, String, String, String, String, String);
    let mut alignments: HashMap<i64, BTreeMap<Framework, Alignment>> = HashMap::new();
    for (skill, framework, code, name, url, version) in select::<Row>(tx, network, sql).await? {
        let framework = RowOf("skill_alignment", Pair(skill, &framework)).word("framework", &framework)?;
        alignments.entry(skill).or_default().insert(framework, Alignment { code, name, url, version });
    }
    let sql = "SELECT skill, name FROM skill WHERE network_id = $1 ORDER BY skill";
    let skills = select::<(i64, String)>(tx, network, sql).await?.into_iter().map(|(number, name)| Skill {
        number: SkillNumber(number),
        name,
        alignments: alignments.remove(&number).unwrap_or_default(),
    });
    Ok(skills.collect())
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
        let row = RowOf("role", Pair(person, association));
        let read = Role::from_parts(&role, about);
        let read = read.ok_or_else(|| row.wrong("role", format_args!("“{role}” is no role there")))?;
        roles.entry(person).or_default().push(read);
    }
    let sql = "SELECT code, person, adult_on FROM person_identity WHERE network_id = $1";
    let mut codes = HashMap::new();
    let mut majorities = HashMap::new();
    for (code, person, adult_on) in select::<(String, i64, Option<Found<NaiveDate>>)>(tx, network, sql).await? {
        codes.insert(code, PersonNumber(person));
        let adult_on = RowOf("person_identity", person).maybe_found("adult_on", adult_on)?;
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
