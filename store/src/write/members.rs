//! The rows that acts about members, persons, skills and rules become: as the registry has them after the batch.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    StoreError,
    bulk::{Deletion, Known, Rows, TableRows, Value, row},
    db::Tx,
    error::impossible,
    schema::{self, ColumnType::Int},
};
use ledger::{
    AssociationNumber, Minutes, NetworkId, PersonNumber, SkillNumber,
    act::Act,
    association::{Contact, NewAssociation},
    command::Command,
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
    let mut associations = BTreeSet::new();
    let mut persons = BTreeSet::new();
    let mut new_associations = BTreeMap::new();
    let mut skills = TableRows::new(&schema::SKILL, Known::Never);
    let mut policies = TableRows::new(&schema::POLICY, Known::Never);
    let mut identities = TableRows::new(&schema::PERSON_IDENTITY, Known::Never);
    let mut mandates = BTreeSet::new();
    let mut aligned = BTreeSet::new();
    let mut identified = BTreeSet::new();
    for act in acts {
        match &act.command {
            Command::AddAssociation(new) => {
                associations.insert(AssociationNumber(act.number.0));
                new_associations.insert(AssociationNumber(act.number.0), new);
            }
            Command::IdentifyAssociation { association, .. } => {
                associations.insert(*association);
                identified.insert(*association);
            }
            Command::RenameAssociation { association, .. }
            | Command::SetMembership { association, .. }
            | Command::Leave { association, .. }
            | Command::SetLimits { association, .. } => {
                associations.insert(*association);
            }
            Command::SetMandate { association, partner, .. } => {
                mandates.insert((*association, *partner));
            }
            Command::AddPerson(identity) => {
                persons.insert(PersonNumber(act.number.0));
                let (first, last) = (identity.first_name.as_deref(), identity.last_name.as_deref());
                identities.push(row![
                    network.0,
                    act.number.0,
                    identity.code.as_str(),
                    first,
                    last,
                    identity.email.as_deref(),
                    identity.adult_on,
                ]);
            }
            Command::Enrol { .. } | Command::GrantRole { .. } | Command::RevokeRole { .. } => {
                let said = act.outcome.person;
                let (person, _) =
                    said.ok_or_else(|| impossible("person", act.number, "an act about nobody".to_owned()))?;
                persons.insert(person);
            }
            Command::AddSkill { name } => skills.push(row![network.0, act.number.0, name.as_str()]),
            Command::AlignSkill { .. } => {
                let said = act.outcome.skill;
                aligned
                    .insert(said.ok_or_else(|| impossible("skill", act.number, "an act about no skill".to_owned()))?);
            }
            Command::AdoptPolicy { policy, .. } => {
                let mut row = row![network.0, act.number.0, policy.step_minutes, policy.answer_within_days];
                row.extend(limits(policy.limits));
                policies.push(row);
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
    }
    skills.write(tx).await?;
    write_alignments(tx, network, registry, &aligned).await?;
    policies.write(tx).await?;
    // What identifies them now is written anew.
    let identified = identified.iter().map(|association: &AssociationNumber| association.0);
    Deletion::new(("association_identifier", "association"), network, identified).run(tx).await?;
    write_associations(tx, network, registry, &associations, &new_associations).await?;
    write_mandates(tx, network, registry, &mandates).await?;
    write_persons(tx, network, registry, &persons).await?;
    identities.write(tx).await
}

/// Whom an accepted act is about, and the registry after it does not hold.
fn unknown(table: &'static str, number: impl ToString) -> StoreError {
    impossible(table, number, "changed by an act, and not in the registry".to_owned())
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
    let mut rows = TableRows::new(&schema::ASSOCIATION, Known::Changes(changes));
    let mut names = TableRows::new(&schema::ASSOCIATION_NAME, Known::Changes(&["is_current"]));
    let mut identifiers = TableRows::new(&schema::ASSOCIATION_IDENTIFIER, Known::Stays);
    let mut contacts = TableRows::new(&schema::ASSOCIATION_CONTACT, Known::Never);
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
    let mut given = TableRows::new(&schema::MANDATE, Known::Changes(&["minutes_most", "until"]));
    let mut taken_back = Vec::new();
    for (association, partner) in changed {
        let member = registry.association(*association).ok_or_else(|| unknown("mandate", association))?;
        match member.mandates.get(partner) {
            Some(mandate) => {
                given.push(row![network.0, association.0, partner.0, mandate.minutes_most.get(), mandate.until]);
            }
            None => taken_back.push(row![association.0, partner.0, network.0]),
        }
    }
    given.write(tx).await?;
    if taken_back.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM mandate WHERE (association, partner, network_id) IN (SELECT r.c0, r.c1, r.c2 FROM {rows})";
    Rows::new(&[Int, Int, Int], taken_back).execute(tx, sql).await
}

async fn write_alignments(
    tx: &mut Tx,
    network: NetworkId,
    registry: &Registry,
    changed: &BTreeSet<SkillNumber>,
) -> Result<(), StoreError> {
    let mut rows = TableRows::new(&schema::SKILL_ALIGNMENT, Known::Never);
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
    let mut rows = TableRows::new(&schema::PERSON, Known::Stays);
    let mut memberships = TableRows::new(&schema::MEMBERSHIP, Known::Stays);
    let mut roles = TableRows::new(&schema::ROLE, Known::Never);
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
