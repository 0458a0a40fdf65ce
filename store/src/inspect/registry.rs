//! Holds members, persons and rules against what the acts say of them.

use std::collections::BTreeMap;

use crate::{
    StoreError,
    bulk::{Rows, row},
    db::{Tx, select},
    read::registry::load_registry,
    reading::{Pair, RowOf},
    schema::ColumnType::Int,
};
use ledger::{
    NetworkId,
    audit::{Expected, Member},
};

/// Members, skills and rules.
pub(crate) async fn registry(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let registry = load_registry(tx, network).await?;
    for association in registry.associations() {
        let found = Member {
            kind: association.kind.as_str().to_owned(),
            state: association.state.as_str().to_owned(),
            name: association.name().to_owned(),
            limits: association.limits,
            identifiers: association
                .identifiers
                .iter()
                .map(|identifier| (identifier.kind().as_str().to_owned(), identifier.value()))
                .collect(),
            mandates: association
                .mandates
                .iter()
                .map(|(partner, mandate)| (partner.0, (mandate.minutes_most.get(), mandate.until)))
                .collect(),
        };
        expected.member(association.number.0, &found);
    }
    for skill in registry.skills() {
        expected.skill(skill);
    }
    let sql = "SELECT act FROM policy WHERE network_id = $1 LIMIT 1";
    let has_policy = !select::<(i64,)>(tx, network, sql).await?.is_empty();
    expected.policy(has_policy.then_some(*registry.policy()));
    Ok(())
}

/// Persons, memberships and roles.
pub(crate) async fn people(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let acts = expected.about_persons().into_iter().map(|act| row![act]).collect();
    let sql = "SELECT k.act, k.person, k.key FROM {rows} CROSS JOIN person_key AS k \
               WHERE k.network_id = $1 AND k.act = r.c0 AND k.line = 0";
    let mut keys = BTreeMap::new();
    for (act, person, key) in Rows::new(&[Int], acts).select::<(i64, i64, Vec<u8>)>(tx, network.0, sql).await? {
        let key = RowOf("person_key", Pair(act, 0)).secret("key", &key)?;
        keys.insert(act, (person, key));
    }
    expected.identify(&keys);
    let sql = "SELECT person FROM person WHERE network_id = $1";
    for (person,) in select::<(i64,)>(tx, network, sql).await? {
        expected.person(person);
    }
    let sql = "SELECT person, association FROM membership WHERE network_id = $1";
    for membership in select::<(i64, i64)>(tx, network, sql).await? {
        expected.membership(membership);
    }
    let sql = "SELECT person, role, association FROM role WHERE network_id = $1";
    for role in select::<(i64, String, i64)>(tx, network, sql).await? {
        expected.role(&role);
    }
    Ok(())
}
