//! Holds keys, the log's generations, its signed heads and recognitions against the acts.

use std::collections::BTreeMap;

use crate::{
    StoreError,
    bulk::{Rows, row},
    db::{Tx, select},
    directory,
    inspect::statements::statements,
    read::{
        heads::{of_this_log, root_at, signed_heads_of_all},
        keys::announced_keys,
        network::{read_head, read_network},
        recognitions::RecognitionRow,
    },
    reading::RowOf,
    schema::ColumnType::Int,
};
use ledger::{
    NetworkId,
    audit::{Check, Column, Findings, Said},
    checkpoint::Checkpoint,
    generation::generation_of,
    key::{AnnouncedKey, KeyPurpose},
    keyring::LAST_CHECKPOINT,
    leaf::{Leaf, RecognitionPart},
    name,
    note::{Algorithm, NoteVerdict, VerifierKey},
};

/// Adds to an audit's findings what is wrong with what was signed. `acts` are those that have to do with it, `kept` is a
/// signed head from outside of the database.
pub(crate) async fn proofs(
    tx: &mut Tx,
    network: NetworkId,
    acts: &[i64],
    kept: Option<&Checkpoint>,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let rows = Rows::new(&[Int], acts.iter().map(|act| row![*act]).collect());
    let sql = "SELECT a.number, a.leaf FROM {rows} CROSS JOIN act AS a \
               WHERE a.network_id = $1 AND a.number = r.c0 ORDER BY a.number";
    let acts: Vec<(i64, String)> = rows.select(tx, network.0, sql).await?;
    // A leaf that cannot be read is among the findings since the replay.
    let leaves: Vec<(i64, Leaf<'_>)> =
        acts.iter().filter_map(|(number, leaf)| Some((*number, Leaf::parse(leaf).ok()?))).collect();
    let keys = announced_keys(tx, network).await?;
    check_keys(network, &keys, &leaves, findings)?;
    generations(tx, network, &leaves, findings).await?;
    found_by(tx, network, &keys, findings).await?;
    heads(tx, network, &keys, kept, findings).await?;
    recognitions(tx, network, &leaves, findings).await?;
    statements(tx, network, &keys, &leaves, findings).await
}

fn check_keys(
    network: NetworkId,
    keys: &[AnnouncedKey],
    leaves: &[(i64, Leaf<'_>)],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let expected: BTreeMap<i64, (String, String, Option<String>)> = leaves
        .iter()
        .filter_map(|(number, leaf)| {
            let part = leaf.key.as_ref()?;
            let domain = part.domain.as_deref().map(str::to_owned);
            Some((*number, (part.purpose.to_string(), part.key.to_string(), domain)))
        })
        .collect();
    let found: BTreeMap<i64, (String, String, Option<String>)> = keys
        .iter()
        .map(|key| (key.act.0, (key.purpose.to_string(), key.key.to_string(), key.domain.clone())))
        .collect();
    let count = u64::try_from(found.len());
    let count = count.map_err(|_| RowOf("network_key", network).wrong("act", "more than can be counted"))?;
    findings.checked(Check::Proofs, count);
    for act in expected.keys().chain(found.keys().filter(|act| !expected.contains_key(act))) {
        let row = || format!("network_key {act}");
        findings.expect(Check::Proofs, &row, &found.get(act), &expected.get(act));
    }
    Ok(())
}

/// By the generations ids are told from those of what was lost.
async fn generations(
    tx: &mut Tx,
    network: NetworkId,
    leaves: &[(i64, Leaf<'_>)],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let lost = leaves.iter().filter_map(|(act, leaf)| Some((*act, leaf.lost_log.as_deref()?)));
    let mut expected: BTreeMap<i64, (i64, String)> =
        lost.map(|(act, lost)| (act, (i64::from(generation_of(&lost.origin)) + 1, lost.origin.to_string()))).collect();
    let sql = "SELECT act, generation, lost_origin FROM log_generation WHERE network_id = $1 ORDER BY act";
    for (act, generation, origin) in select::<(i64, i64, String)>(tx, network, sql).await? {
        findings.checked(Check::Proofs, 1);
        let row = || format!("log_generation {act}");
        findings.expect(Check::Proofs, &row, &Some((generation, origin)), &expected.remove(&act));
    }
    for (act, (generation, _)) in expected {
        findings.problem(Check::Proofs, format!("log_generation {act}"), None, Some(generation.to_string()));
    }
    Ok(())
}

/// The directory says of a network what its own rows say: whoever is led to another one believes that one's keys.
async fn found_by(
    tx: &mut Tx,
    network: NetworkId,
    keys: &[AnnouncedKey],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let known = read_network(tx, network).await?;
    let last = keys.iter().rfind(|key| key.purpose == KeyPurpose::Credential);
    let mut domain = last.and_then(|key| key.domain.clone());
    let said = directory::said_of(tx, network).await?.map(|(uuid, name, domain)| (uuid.to_string(), name, domain));
    // Of two networks that announced one domain when nothing kept them from it, the first one has it.
    if let (Some(twice), Some((_, _, None))) = (&domain, &said)
        && !directory::domains_of_others(tx, network, &[twice]).await?.is_empty()
    {
        domain = None;
    }
    let expected = Some((known.uuid.to_string(), name::fold(&known.name), domain));
    findings.expect(Check::Proofs, &|| format!("directory {network}"), &said, &expected);
    Ok(())
}

/// Every head that was ever signed is a beginning of the log, and bears the signature of a key of its time.
async fn heads(
    tx: &mut Tx,
    network: NetworkId,
    keys: &[AnnouncedKey],
    kept: Option<&Checkpoint>,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let size = read_head(tx, network).await?.0.log_size();
    if let Some(kept) = of_this_log(tx, network, kept).await? {
        findings.checked(Check::Proofs, 1);
        let root = if kept.size <= size { root_at(tx, network, kept.size).await? } else { None };
        let row = || format!("{LAST_CHECKPOINT} {}", kept.size);
        findings.expect(Check::Proofs, &row, &Some(kept.root), &root);
    }
    for signed in signed_heads_of_all(tx, network).await? {
        findings.checked(Check::Proofs, 1);
        let row = || format!("log_checkpoint {} {}", signed.head.origin, signed.head.size);
        let root = if signed.head.size <= size { root_at(tx, network, signed.head.size).await? } else { None };
        findings.expect(Check::Proofs, &row, &Some(signed.head.root), &root);
        let is_signed = keys.iter().filter(|key| key.purpose == KeyPurpose::Checkpoint).any(|key| {
            let name = signed.head.origin.clone();
            let verifier = VerifierKey { name, algorithm: Algorithm::Ed25519, key: key.key };
            signed.note.verdict(&verifier) == NoteVerdict::Signed(None)
        });
        findings.expect(Check::Proofs, &|| format!("{}, signature", row()), &is_signed, &true);
    }
    Ok(())
}

async fn recognitions(
    tx: &mut Tx,
    network: NetworkId,
    leaves: &[(i64, Leaf<'_>)],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let mut expected: BTreeMap<i64, &RecognitionPart<'_>> = BTreeMap::new();
    for (_, leaf) in leaves {
        if let Some(part) = &leaf.recognition {
            expected.insert(part.number, part);
        }
    }
    let sql = "SELECT recognition, person, association, exchange, skill, level, state FROM recognition \
               WHERE network_id = $1 ORDER BY recognition";
    for row in select::<RecognitionRow>(tx, network, sql).await? {
        let found = row.read()?;
        findings.checked(Check::Proofs, 1);
        let row = format!("recognition {}", found.number);
        let part = RecognitionPart::from(&found);
        match expected.remove(&found.number.0) {
            Some(expected) => {
                findings.expect_columns(Check::Proofs, &row.into(), part.exchange, &columns(&part, expected));
            }
            None => findings.problem(Check::Proofs, row, Some(part.state.to_string()), None),
        }
    }
    for (number, part) in expected {
        findings.problem(Check::Proofs, format!("recognition {number}"), None, Some(part.state.to_string()));
    }
    Ok(())
}

/// What is recognised, beside what the acts say.
fn columns(found: &RecognitionPart<'_>, expected: &RecognitionPart<'_>) -> [(Column, Said, Said); 5] {
    let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    [
        (Column::Association, found.association.to_string(), expected.association.to_string()),
        (Column::Exchange, number(found.exchange), number(expected.exchange)),
        (Column::Level, found.level.to_string(), expected.level.to_string()),
        (Column::Skill, found.skill.to_string(), expected.skill.to_string()),
        (Column::State, found.state.to_string(), expected.state.to_string()),
    ]
    .map(|(column, found, expected)| (column, found.into(), expected.into()))
}
