//! The rows that a batch of acts becomes: each table is written once.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Gauges, StoreError,
    bulk::{Change, Deletion, Known, Rows, TableRows, Value, row, write_all},
    db::Tx,
    principal::principal_text,
    schema::{self, ColumnType::Int},
    write::{
        decide::{ACTS_AT_ONCE, SealedLeaf},
        sealing,
    },
};
use ledger::{
    AssociationNumber, ExchangeNumber, Minutes, NetworkId, PersonNumber, SkillNumber,
    account::Posting,
    act::{Act, Reference},
    association::{Contact, NewAssociation},
    command::Command,
    exchange::Exchange,
    policy::Limits,
    registry::Registry,
    skill::Alignment,
};

/// The rows that acts become in the tables that grow with them. `leaves` are the acts' texts, with their hashes.
pub(crate) fn of(network: NetworkId, acts: &[&Act], leaves: Vec<SealedLeaf>) -> Vec<TableRows> {
    let mut tables = Vec::new();
    tables.extend(of_acts(network, acts, leaves));
    tables.push(of_postings(network, acts));
    tables.extend(of_exchanges(network, acts));
    tables.extend(of_engagement(network, acts));
    tables.push(of_texts(network, acts));
    tables
}

/// Who gave the time of an exchange is kept aside only until the exchange is answered.
pub(crate) fn forgotten(network: NetworkId, acts: &[&Act]) -> Deletion {
    Deletion::new(("proposed_contribution", "exchange"), network, answered(acts))
}

fn answered(acts: &[&Act]) -> impl Iterator<Item = i64> {
    acts.iter().filter_map(|act| {
        let exchange = act.outcome.exchange.filter(|exchange| act.number.0 != exchange.number.0)?;
        (!exchange.state.is_open()).then_some(exchange.number.0)
    })
}

/// Writes everything that a batch of acts changes: `change` what the first of them do, `other_leaves` those of the
/// others, and `registry` as it is after the last of them.
pub(crate) async fn write(
    tx: &mut Tx,
    network: NetworkId,
    acts: &[&Act],
    change: Change,
    other_leaves: Vec<SealedLeaf>,
    registry: &Registry,
    gauges: &Gauges,
) -> Result<(), StoreError> {
    gauges.begins();
    change.write(tx).await?;
    let (first, others) = acts.split_at(acts.len() - other_leaves.len());
    gauges.sent(first.len());
    let mut other_leaves = other_leaves.into_iter();
    for acts in others.chunks(ACTS_AT_ONCE) {
        write_all(tx, of(network, acts, other_leaves.by_ref().take(acts.len()).collect())).await?;
        forgotten(network, acts).run(tx).await?;
        gauges.sent(acts.len());
    }
    if acts.iter().any(|act| act.kind().changes_registry()) {
        write_registry(tx, network, acts, registry).await?;
    }
    sealing::write(tx, network, acts).await
}

fn of_acts(network: NetworkId, acts: &[&Act], leaves: Vec<SealedLeaf>) -> [TableRows; 3] {
    let mut rows = TableRows::new(&schema::ACT, Known::Never);
    let mut reversals = TableRows::new(&schema::REVERSAL, Known::Never);
    let mut closings = TableRows::new(&schema::YEAR_CLOSING, Known::Never);
    for (act, (leaf, hash)) in acts.iter().zip(leaves) {
        rows.push(row![
            network.0,
            act.number.0,
            act.kind().as_str(),
            act.at.timestamp_micros(),
            principal_text(act.by.principal),
            act.key.scope.as_str(),
            act.key.key.as_str(),
            act.digest.0.to_vec(),
            leaf,
            hash.0.to_vec(),
        ]);
        if let Command::Reverse { target, .. } = &act.command {
            reversals.push(row![network.0, target.0, act.number.0]);
        }
        if let Some(closing) = &act.outcome.closing {
            let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            closings.push(row![
                network.0,
                closing.year.0,
                act.number.0,
                count(closing.accounts),
                closing.root.0.to_vec(),
                count(closing.proposed),
                count(closing.contested),
                count(closing.held),
            ]);
        }
    }
    [rows, reversals, closings]
}

fn of_postings(network: NetworkId, acts: &[&Act]) -> TableRows {
    let mut rows = TableRows::new(&schema::POSTING, Known::Never);
    for act in acts {
        let Some(booked) = act.outcome.booked else { continue };
        for Posting { movement, after } in &act.outcome.postings {
            rows.push(row![
                network.0,
                movement.account.book().as_str(),
                movement.account.number(),
                after.sequence,
                act.number.0,
                act.cause().0,
                movement.kind.as_str(),
                movement.minutes.get(),
                after.balance.get(),
                booked,
                after.given.get(),
                after.received.get(),
            ]);
        }
    }
    rows
}

fn of_exchanges(network: NetworkId, acts: &[&Act]) -> [TableRows; 3] {
    let mut last: BTreeMap<ExchangeNumber, (Exchange, Option<&str>)> = BTreeMap::new();
    let mut brought_in = TableRows::new(&schema::EXCHANGE_REFERENCE, Known::Never);
    for act in acts {
        let Some(exchange) = act.outcome.exchange else { continue };
        let (now, given_reference) = last.entry(exchange.number).or_insert((exchange, None));
        *now = exchange;
        match &act.outcome.reference {
            Some(Reference { text, key: Some(key) }) => {
                brought_in.push(row![network.0, exchange.number.0, text.as_str(), key.0.to_vec()]);
            }
            Some(Reference { text, key: None }) => *given_reference = Some(text),
            None => {}
        }
    }
    let changes = &["minutes", "service_date", "state", "spoken_by", "spoken_in", "posted_in"];
    let first = acts.first().map_or(0, |act| act.number.0);
    let mut new = TableRows::new(&schema::EXCHANGE, Known::Never);
    let mut known = TableRows::new(&schema::EXCHANGE, Known::Changes(changes));
    for (exchange, given_reference) in last.into_values() {
        // What was proposed in this batch cannot be there yet; not to look for it is cheaper.
        let rows = if exchange.number.0 >= first { &mut new } else { &mut known };
        rows.push(row![
            network.0,
            exchange.number.0,
            exchange.terms.giver.0,
            exchange.terms.receiver.0,
            exchange.terms.minutes.get(),
            exchange.terms.service_date,
            exchange.terms.skill.map(|skill| skill.0),
            exchange.state.as_str(),
            exchange.spoken_by.as_str(),
            exchange.spoken_in.0,
            exchange.posted_in.map(|act| act.0),
            exchange.replaces.map(|replaced| replaced.0),
            given_reference,
        ]);
    }
    [new, known, brought_in]
}

fn of_engagement(network: NetworkId, acts: &[&Act]) -> [TableRows; 3] {
    let mut posted = TableRows::new(&schema::CONTRIBUTION, Known::Never);
    let mut keys = TableRows::new(&schema::PERSON_KEY, Known::Never);
    let mut waiting = TableRows::new(&schema::PROPOSED_CONTRIBUTION, Known::Never);
    let answered: BTreeSet<_> = answered(acts).collect();
    for act in acts {
        if let Some((person, key)) = act.outcome.person {
            keys.push(row![network.0, act.number.0, 0_i64, person.0, key.0.to_vec()]);
        }
        let is_posted = act.outcome.booked.is_some();
        for (line, contributed) in (0_i64..).zip(&act.outcome.contributions) {
            let person = contributed.person.0;
            let association = contributed.association.0;
            let exchange = contributed.exchange.map(|exchange| exchange.0);
            let minutes = contributed.minutes.get();
            let nature = contributed.nature.as_str();
            let skill = contributed.skill.map(|skill| skill.0);
            let key = contributed.key.0.to_vec();
            let date = contributed.service_date;
            if is_posted {
                posted.push(row![
                    network.0,
                    act.number.0,
                    line,
                    person,
                    association,
                    exchange,
                    minutes,
                    nature,
                    skill,
                    date
                ]);
                keys.push(row![network.0, act.number.0, line, person, key]);
            } else if exchange.is_none_or(|exchange| !answered.contains(&exchange)) {
                waiting.push(row![network.0, exchange, line, person, association, minutes, nature, skill, date, key]);
            }
        }
    }
    [posted, keys, waiting]
}

fn of_texts(network: NetworkId, acts: &[&Act]) -> TableRows {
    let mut rows = TableRows::new(&schema::ACT_TEXT, Known::Never);
    for act in acts {
        for text in &act.outcome.texts {
            // Who a person is stands in a table of its own; here stays only the key of the commitment to it.
            let shown = if text.field == ledger::act::TextField::Identity { "" } else { &text.text };
            rows.push(row![network.0, act.number.0, text.field.as_str(), shown, text.key.0.to_vec()]);
        }
    }
    rows
}

/// Members and persons are written as the registry has them after the batch.
async fn write_registry(tx: &mut Tx, network: NetworkId, acts: &[&Act], registry: &Registry) -> Result<(), StoreError> {
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
                persons.extend(act.outcome.person.map(|(person, _)| person));
            }
            Command::AddSkill { name } => skills.push(row![network.0, act.number.0, name.as_str()]),
            Command::AlignSkill { .. } => aligned.extend(act.outcome.skill),
            Command::AdoptPolicy { policy, .. } => {
                let mut row = row![network.0, act.number.0, policy.step_minutes, policy.answer_within_days];
                row.extend(limits(policy.limits));
                policies.push(row);
            }
            _ => {}
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
    for association in changed.iter().filter_map(|number| registry.association(*number)) {
        let number = association.number;
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
        let mandate = registry.association(*association).and_then(|association| association.mandates.get(partner));
        match mandate {
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
    for person in changed.iter().filter_map(|number| registry.person(*number)) {
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
