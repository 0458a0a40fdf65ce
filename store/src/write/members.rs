//! The rows that acts about members, persons, skills and rules become: as the registry has them after the batch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use crate::{
    StoreError,
    bulk::{Deletion, Known, Rows, TableRows, Value, row},
    db::Tx,
    reading::RowOf,
    schema::{self, ColumnType::Int},
    write::access,
};
use ledger::{
    AssociationNumber, Minutes, NetworkId, PersonNumber, SkillNumber,
    act::Act,
    association::{Contact, NewAssociation},
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
    changed.skills.write(tx).await?;
    write_alignments(tx, network, registry, &changed.aligned).await?;
    changed.policies.write(tx).await?;
    // What identifies them now is written anew.
    let identified = changed.identified.iter().map(|association| association.0);
    Deletion::new(("association_identifier", "association"), network, identified).run(tx).await?;
    write_associations(tx, network, registry, &changed.associations, &changed.new_associations).await?;
    write_mandates(tx, network, registry, &changed.mandates).await?;
    write_persons(tx, network, registry, &changed.persons).await?;
    changed.identities.write(tx).await?;
    access::after(tx, network, acts).await
}

/// Whom and what acts changed; rows where the act says all of it.
struct Changed<'a> {
    network: NetworkId,
    associations: BTreeSet<AssociationNumber>,
    new_associations: BTreeMap<AssociationNumber, &'a NewAssociation>,
    identified: BTreeSet<AssociationNumber>,
    mandates: BTreeSet<(AssociationNumber, AssociationNumber)>,
    persons: BTreeSet<PersonNumber>,
    identities: TableRows,
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
            identified: BTreeSet::new(),
            mandates: BTreeSet::new(),
            persons: BTreeSet::new(),
            identities: TableRows::new(&schema::PERSON_IDENTITY, network, Known::Never),
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
            Command::AddPerson(identity) => self.note_identity(act, identity),
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

    fn note_identity(&mut self, act: &Act, identity: &Identity) {
        self.persons.insert(PersonNumber(act.number.0));
        self.identities.push(row![
            self.network.0,
            act.number.0,
            identity.code.as_str(),
            identity.first_name.as_deref(),
            identity.last_name.as_deref(),
            identity.email.as_deref(),
            identity.adult_on,
        ]);
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

async fn write_associations(
    tx: &mut Tx,
    network: NetworkId,
    registry: &Registry,
    changed: &BTreeSet<AssociationNumber>,
    new: &BTreeMap<AssociationNumber, &NewAssociation>,
) -> Result<(), StoreError> {
    // Commune, INSEE code and the day of joining are said once, when a member is added.
    let changes = &["state", "has_limits", "soft_floor", "hard_floor", "soft_ceiling", "hard_ceiling"];
    let mut rows = TableRows::new(&schema::ASSOCIATION, network, Known::Changes(changes));
    let mut names = TableRows::new(&schema::ASSOCIATION_NAME, network, Known::Changes(&["is_current"]));
    let mut identifiers = TableRows::new(&schema::ASSOCIATION_IDENTIFIER, network, Known::Stays);
    let mut contacts = TableRows::new(&schema::ASSOCIATION_CONTACT, network, Known::Never);
    for number in changed {
        let number = *number;
        let association = registry.association(number).ok_or_else(|| unknown("association", number))?;
        let said = new.get(&number);
        let mut row = row![network.0, number.0, association.kind.as_str(), association.state.as_str()];
        row.push(said.and_then(|new| new.commune.as_deref()).into());
        row.push(said.and_then(|new| new.insee.as_ref().map(|insee| insee.as_str().to_owned())).into());
        row.push(said.and_then(|new| new.member_since).into());
        row.push(association.limits.is_some().into());
        row.extend(limits(association.limits.unwrap_or_default()));
        rows.push(row);
        for (line, dated) in (0_i64..).zip(&association.names) {
            names.push(row![network.0, number.0, line, dated.name.as_str(), dated.since, dated.is_current]);
        }
        for identifier in &association.identifiers {
            identifiers.push(row![network.0, identifier.kind().as_str(), identifier.value(), number.0]);
        }
        if let Some(Contact { name, email, phone, paper_only }) =
            said.map(|new| &new.contact).filter(|contact| !contact.is_empty())
        {
            contacts.push(row![network.0, number.0, name.as_deref(), email.as_deref(), phone.as_deref(), *paper_only]);
        }
    }
    rows.write(tx).await?;
    names.write(tx).await?;
    identifiers.write(tx).await?;
    contacts.write(tx).await
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
