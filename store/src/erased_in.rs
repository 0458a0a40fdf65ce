//! Who was erased, as a backup tells it: an earlier one is restored without bringing them back.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use uuid::Uuid;

use crate::{
    BackupProblem, StoreError,
    backup::read_rows,
    bulk::Value,
    schema::{ACT, ERASURE, NETWORK, Table},
};
use ledger::{Digest, PersonNumber, act::ActKind, generation::Generation, keyring::ErasedPerson, leaf};

/// The persons whom a backup has as erased, by network. It is read to its end, and written nowhere.
///
/// # Errors
/// When the file is no backup, or is damaged or incomplete.
pub fn erased_in(input: &mut (dyn Read + Send)) -> Result<BTreeMap<Uuid, Vec<ErasedPerson>>, StoreError> {
    let mut networks: BTreeMap<i64, Uuid> = BTreeMap::new();
    let mut added: BTreeMap<(i64, i64), Digest> = BTreeMap::new();
    let mut erased: BTreeSet<(i64, i64)> = BTreeSet::new();
    read_rows(input, &mut |table: &Table, row: &[Value]| {
        if table.name == NETWORK.name {
            if let [Value::Int(network), Value::Uuid(uuid), ..] = row {
                networks.insert(*network, *uuid);
            }
        } else if table.name == ACT.name {
            if let [Value::Int(network), Value::Int(number), Value::Text(kind), .., Value::Text(leaf), _] = row
                && *kind == ActKind::PersonAdded.as_str()
            {
                added.insert((*network, *number), leaf::hash_of(leaf));
            }
        } else if table.name == ERASURE.name
            && let [Value::Int(network), Value::Int(person), ..] = row
        {
            erased.insert((*network, *person));
        }
    })?;
    let mut by_network: BTreeMap<Uuid, Vec<ErasedPerson>> = networks.values().map(|uuid| (*uuid, Vec::new())).collect();
    for (network, person) in erased {
        let damaged = || StoreError::Backup(BackupProblem::Damaged(ERASURE.name.to_owned()));
        let uuid = networks.get(&network).ok_or_else(damaged)?;
        let leaf = Some(*added.get(&(network, person)).ok_or_else(damaged)?);
        // The leaf says whom the number named: in which generation is no matter.
        let person = ErasedPerson { generation: Generation::FIRST, number: PersonNumber(person), leaf };
        by_network.entry(*uuid).or_default().push(person);
    }
    Ok(by_network)
}
