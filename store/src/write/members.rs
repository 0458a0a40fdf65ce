//! The rows that acts about members, persons, skills and rules become: as the registry has them after the batch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use chrono::NaiveDate;

use crate::{
    StoreError,
    bulk::{Deletion, Known, Rows, TableRows, Value, row},
    db::{Tx, on_tx},
    reading::RowOf,
    schema::{self, ColumnType::Int},
    write::access,
};
use ledger::{
    AssociationNumber, InseeCode, Minutes, NetworkId, PersonNumber, SkillNumber,
    act::Act,
    association::{Contact, Description, NewAssociation},
    command::Command,
    person::Identity,
    policy::Limits,
    registry::Registry,
    skill::Alignment,
};

/// Members and persons are written as the registry has them after the batch.
pub(crate) async fn write(
    tx: &mut Tx,
    network: NetworkId,
    acts: &[&Act],
    registry: &Registry,
) -> Result<(), StoreError> {
    let mut changed = Changed::new(network);
    for act in acts {
        changed.note(act)?;
    }
    write_alignments(tx, network, registry, &changed.aligned).await?;
    // What identifies them now is written anew.
    let identified = changed.identified.iter().map(|association| association.0);
    Deletion::new(("association_identifier", "association"), network, identified).run(tx).await?;
    write_associations(tx, network, registry, &changed).await?;
    write_mandates(tx, network, registry, &changed.mandates).await?;
    write_persons(tx, network, registry, &changed.persons).await?;
    write_identities(tx, network, &changed).await?;
    changed.skills.write(tx).await?;
    changed.policies.write(tx).await?;
    access::after(tx, network, acts).await
}

/// Whom and what acts changed; rows where the act says all of it.
struct Changed<'a> {
    network: NetworkId,
    associations: BTreeSet<AssociationNumber>,
    new_associations: BTreeMap<AssociationNumber, &'a NewAssociation>,
    described: BTreeMap<AssociationNumber, &'a Description>,
    identified: BTreeSet<AssociationNumber>,
    mandates: BTreeSet<(AssociationNumber, AssociationNumber)>,
    persons: BTreeSet<PersonNumber>,
    /// Who they are, as it was said last.
    identities: BTreeMap<PersonNumber, &'a Identity>,
    /// The acts that said it anew.
    corrected: BTreeMap<PersonNumber, &'a Act>,
    skills: TableRows,
    aligned: BTreeSet<SkillNumber>,
    policies: TableRows,
}

impl<'a> Changed<'a> {
    fn new(network: NetworkId) -> Self {
        Self {
            network,
            associations: BTreeSet::new(),
            new_associations: BTreeMap::new(),
            described: BTreeMap::new(),
            identified: BTreeSet::new(),
            mandates: BTreeSet::new(),
            persons: BTreeSet::new(),
            identities: BTreeMap::new(),
            corrected: BTreeMap::new(),
            skills: TableRows::new(&schema::SKILL, network, Known::Never),
            aligned: BTreeSet::new(),
            policies: TableRows::new(&schema::POLICY, network, Known::Never),
        }
    }

    fn note(&mut self, act: &'a Act) -> Result<(), StoreError> {
        match &act.command {
            Command::AddAssociation(new) => {
                self.associations.insert(AssociationNumber(act.number.0));
                self.new_associations.insert(AssociationNumber(act.number.0), new);
            }
            Command::DescribeAssociation { association, description } => {
                self.associations.insert(*association);
                self.described.insert(*association, description);
            }
            Command::IdentifyAssociation { association, .. } => {
                self.associations.insert(*association);
                self.identified.insert(*association);
            }
            Command::RenameAssociation { association, .. }
            | Command::SetMembership { association, .. }
            | Command::Leave { association, .. }
            | Command::SetLimits { association, .. } => {
                self.associations.insert(*association);
            }
            Command::SetMandate { association, partner, .. } => {
                self.mandates.insert((*association, *partner));
            }
            Command::AddPerson(identity) => self.note_identity(PersonNumber(act.number.0), identity),
            Command::CorrectPerson { person, identity } => {
                self.corrected.insert(*person, act);
                self.note_identity(*person, identity);
            }
            Command::Enrol { .. } | Command::GrantRole { .. } | Command::RevokeRole { .. } => {
                let (person, _) = act.outcome.person.ok_or_else(|| about_nothing("person", act))?;
                self.persons.insert(person);
            }
            Command::AddSkill { name } => self.skills.push(row![self.network.0, act.number.0, name.as_str()]),
            Command::AlignSkill { .. } => {
                self.aligned.insert(act.outcome.skill.ok_or_else(|| about_nothing("skill", act))?);
            }
            Command::AdoptPolicy { policy, .. } => {
                let mut row = row![self.network.0, act.number.0, policy.step_minutes, policy.answer_within_days];
                row.extend(limits(policy.limits));
                self.policies.push(row);
            }
            Command::FoundNetwork { .. }
            | Command::ReceiveFile { .. }
            | Command::Propose { .. }
            | Command::Record { .. }
            | Command::Confirm { .. }
            | Command::Amend { .. }
            | Command::Contest { .. }
            | Command::Withdraw { .. }
            | Command::Dismiss { .. }
            | Command::Settle { .. }
            | Command::Release { .. }
            | Command::RequestCorrection { .. }
            | Command::Keep { .. }
            | Command::Reverse { .. }
            | Command::TellContributions { .. }
            | Command::GiveOwnHours { .. }
            | Command::Transfer { .. }
            | Command::BringInBalance { .. }
            | Command::CloseYear { .. }
            | Command::AdoptKey { .. }
            | Command::IssueStatements { .. }
            | Command::Recognise { .. }
            | Command::AcceptRecognition { .. }
            | Command::WithdrawRecognition { .. }
            | Command::ErasePerson { .. }
            | Command::ReopenLog { .. } => {}
        }
        Ok(())
    }

    fn note_identity(&mut self, person: PersonNumber, identity: &'a Identity) {
        self.persons.insert(person);
        self.identities.insert(person, identity);
    }
}

/// An accepted act that does not say whom or what it is about: the key of a row of that table.
fn about_nothing(table: &'static str, act: &Act) -> StoreError {
    RowOf("act", act.number).wrong(table, "an act that does not say whom or what it is about")
}

/// Whom an accepted act is about, and the registry after it does not hold.
fn unknown(table: &'static str, number: impl Display) -> StoreError {
    RowOf(table, number).wrong(table, "changed by an act, and not in the registry")
}

/// What is said of an association apart from its names and registrations.
struct Said<'a> {
    commune: Option<&'a str>,
    insee: Option<&'a InseeCode>,
    member_since: Option<NaiveDate>,
    contact: &'a Contact,
}

impl Changed<'_> {
    /// What these acts say of an association last.
    fn said_of(&self, association: AssociationNumber) -> Option<Said<'_>> {
        if let Some(Description { commune, insee, member_since, contact, kind: _ }) = self.described.get(&association) {
            let (commune, insee) = (commune.as_deref(), insee.as_ref());
            return Some(Said { commune, insee, member_since: *member_since, contact });
        }
        let NewAssociation { commune, insee, member_since, contact, .. } = self.new_associations.get(&association)?;
        Some(Said { commune: commune.as_deref(), insee: insee.as_ref(), member_since: *member_since, contact })
    }
}

async fn write_associations(
    tx: &mut Tx,
    network: NetworkId,
    registry: &Registry,
    changed: &Changed<'_>,
) -> Result<(), StoreError> {
    const ALL: [&str; 10] = [
        "kind",
        "commune",
        "insee",
        "member_since",
        "state",
        "has_limits",
        "soft_floor",
        "hard_floor",
        "soft_ceiling",
        "hard_ceiling",
    ];
    // Commune, INSEE code and the day of joining stay as they were said, until they are said anew.
    let changes = ALL.get(4..).unwrap_or_default();
    let mut rows = TableRows::new(&schema::ASSOCIATION, network, Known::Changes(changes));
    let mut described = TableRows::new(&schema::ASSOCIATION, network, Known::Changes(&ALL));
    let mut names = TableRows::new(&schema::ASSOCIATION_NAME, network, Known::Changes(&["is_current"]));
    let mut identifiers = TableRows::new(&schema::ASSOCIATION_IDENTIFIER, network, Known::Stays);
    let mut contacts = TableRows::new(&schema::ASSOCIATION_CONTACT, network, Known::Never);
    let reached = Known::Changes(&["name", "email", "phone", "paper_only"]);
    let mut corrected = TableRows::new(&schema::ASSOCIATION_CONTACT, network, reached);
    for number in changed.associations.iter().copied() {
        let association = registry.association(number).ok_or_else(|| unknown("association", number))?;
        let said = changed.said_of(number);
        let is_described = changed.described.contains_key(&number);
        let mut row = row![network.0, number.0, association.kind.as_str(), association.state.as_str()];
        row.push(said.as_ref().and_then(|said| said.commune).into());
        row.push(said.as_ref().and_then(|said| said.insee).map(|insee| insee.as_str().to_owned()).into());
        row.push(said.as_ref().and_then(|said| said.member_since).into());
        row.push(association.limits.is_some().into());
        row.extend(limits(association.limits.unwrap_or_default()));
        let rows = if is_described { &mut described } else { &mut rows };
        rows.push(row);
        for (line, dated) in (0_i64..).zip(&association.names) {
            names.push(row![network.0, number.0, line, dated.name.as_str(), dated.since, dated.is_current]);
        }
        for identifier in &association.identifiers {
            identifiers.push(row![network.0, identifier.kind().as_str(), identifier.value(), number.0]);
        }
        if let Some(Contact { name, email, phone, paper_only }) =
            said.map(|said| said.contact).filter(|contact| is_described || !contact.is_empty())
        {
            let row = row![network.0, number.0, name.as_deref(), email.as_deref(), phone.as_deref(), *paper_only];
            if is_described { corrected.push(row) } else { contacts.push(row) }
        }
    }
    rows.write(tx).await?;
    described.write(tx).await?;
    names.write(tx).await?;
    identifiers.write(tx).await?;
    contacts.write(tx).await?;
    corrected.write(tx).await
}

async fn write_identities(tx: &mut Tx, network: NetworkId, changed: &Changed<'_>) -> Result<(), StoreError> {
    let columns = &["code", "first_name", "last_name", "email", "adult_on"];
    let mut new = TableRows::new(&schema::PERSON_IDENTITY, network, Known::Never);
    let mut corrected = TableRows::new(&schema::PERSON_IDENTITY, network, Known::Changes(columns));
    for (person, Identity { code, first_name, last_name, email, adult_on }) in &changed.identities {
        let rows = if changed.corrected.contains_key(person) { &mut corrected } else { &mut new };
        let (first_name, last_name) = (first_name.as_deref(), last_name.as_deref());
        rows.push(row![network.0, person.0, code.as_str(), first_name, last_name, email.as_deref(), *adult_on]);
    }
    for (person, act) in &changed.corrected {
        let email = changed.identities.get(person).and_then(|identity| identity.email.as_deref());
        forget_former(tx, network, *person, act).await?;
        access::after_correcting(tx, network, *person, email, act).await?;
    }
    new.write(tx).await?;
    corrected.write(tx).await
}

/// What was said of somebody before this act is not kept, nor what would show that it was said: they need not be known by
/// it any more.
async fn forget_former(tx: &mut Tx, network: NetworkId, person: PersonNumber, act: &Act) -> Result<(), StoreError> {
    let sql = "DELETE FROM act_text WHERE network_id = $1 AND field = 'identity' AND act <> $3 AND (act = $2 \
               OR act IN (SELECT k.act FROM person_key AS k WHERE k.network_id = $1 AND k.person = $2))";
    on_tx!(tx, connection => sqlx::query(sql)
        .bind(network.0).bind(person.0).bind(act.number.0).execute(connection).await.map(|_| ())?);
    Ok(())
}

async fn write_mandates(
    tx: &mut Tx,
    network: NetworkId,
    registry: &Registry,
    changed: &BTreeSet<(AssociationNumber, AssociationNumber)>,
) -> Result<(), StoreError> {
    let mut given = TableRows::new(&schema::MANDATE, network, Known::Changes(&["minutes_most", "until"]));
    let mut taken_back = Vec::new();
    for (association, partner) in changed {
        let member = registry.association(*association).ok_or_else(|| unknown("mandate", association))?;
        match member.mandates.get(partner) {
            Some(mandate) => {
                given.push(row![network.0, association.0, partner.0, mandate.minutes_most.get(), mandate.until]);
            }
            None => taken_back.push(row![association.0, partner.0]),
        }
    }
    given.write(tx).await?;
    if taken_back.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM mandate WHERE network_id = {network} \
               AND (association, partner) IN (SELECT r.c0, r.c1 FROM {rows})";
    Rows::new(&[Int, Int], taken_back).execute(tx, network, sql).await
}

async fn write_alignments(
    tx: &mut Tx,
    network: NetworkId,
    registry: &Registry,
    changed: &BTreeSet<SkillNumber>,
) -> Result<(), StoreError> {
    let mut rows = TableRows::new(&schema::SKILL_ALIGNMENT, network, Known::Never);
    for skill in registry.skills().iter().filter(|skill| changed.contains(&skill.number)) {
        for (framework, Alignment { code, name, url, version }) in &skill.alignments {
            let (code, name) = (code.as_str(), name.as_str());
            rows.push(row![network.0, skill.number.0, framework.as_str(), code, name, url.as_str(), version.as_str()]);
        }
    }
    Deletion::new(("skill_alignment", "skill"), network, changed.iter().map(|skill| skill.0)).run(tx).await?;
    rows.write(tx).await
}

fn limits(limits: Limits) -> [Value; 4] {
    [limits.soft_floor, limits.hard_floor, limits.soft_ceiling, limits.hard_ceiling]
        .map(|limit| limit.map(Minutes::get).into())
}

async fn write_persons(
    tx: &mut Tx,
    network: NetworkId,
    registry: &Registry,
    changed: &BTreeSet<PersonNumber>,
) -> Result<(), StoreError> {
    let mut rows = TableRows::new(&schema::PERSON, network, Known::Stays);
    let mut memberships = TableRows::new(&schema::MEMBERSHIP, network, Known::Stays);
    let mut roles = TableRows::new(&schema::ROLE, network, Known::Never);
    for number in changed {
        let person = registry.person(*number).ok_or_else(|| unknown("person", number))?;
        rows.push(row![network.0, person.number.0]);
        for association in &person.associations {
            memberships.push(row![network.0, person.number.0, association.0]);
        }
        for role in &person.roles {
            let about = role.association().map_or(0, |association| association.0);
            roles.push(row![network.0, person.number.0, role.as_str(), about]);
        }
    }
    rows.write(tx).await?;
    memberships.write(tx).await?;
    Deletion::new(("role", "person"), network, changed.iter().map(|person| person.0)).run(tx).await?;
    roles.write(tx).await
}
