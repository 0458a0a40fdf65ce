//! Holds what was signed against the acts: keys, heads of the log, statements, recognitions.

use std::collections::{BTreeMap, HashMap};

use crate::{
    Store, StoreError, YearBooks,
    bulk::{Rows, row},
    db::{Tx, select},
    error::impossible,
    read::{
        heads::{announced_keys, of_this_log, root_at, signed_heads_of_all},
        network::{load_registry, read_head, read_network},
        recognitions::{RecognitionRow, recognition_from},
        statements::{StatementRow, statements_after, year_books},
        tiles,
    },
    schema::ColumnType::Int,
};
use ledger::{
    Digest, NetworkId,
    account::{Account, PostingKind},
    audit::{Check, Findings},
    checkpoint::Checkpoint,
    integrity,
    key::{AnnouncedKey, KeyPurpose},
    keyring::LAST_CHECKPOINT,
    leaf::{Leaf, RecognitionPart, StatementsPart},
    log,
    note::{Algorithm, NoteVerdict, VerifierKey},
    registry::Registry,
    statement::{Figures, number_text},
    year::Year,
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
    // A leaf that cannot be read was told of by the replay.
    let leaves: Vec<(i64, Leaf<'_>)> =
        acts.iter().filter_map(|(number, leaf)| Some((*number, Leaf::parse(leaf).ok()?))).collect();
    let keys = announced_keys(tx, network).await?;
    check_keys(&keys, &leaves, findings);
    heads(tx, network, &keys, kept, findings).await?;
    recognitions(tx, network, &leaves, findings).await?;
    statements(tx, network, &keys, &leaves, findings).await
}

fn check_keys(keys: &[AnnouncedKey], leaves: &[(i64, Leaf<'_>)], findings: &mut Findings) {
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
    findings.checked(Check::Proofs, found.len() as u64);
    for act in expected.keys().chain(found.keys().filter(|act| !expected.contains_key(act))) {
        let row = || format!("network_key {act}");
        findings.expect(Check::Proofs, &row, &found.get(act), &expected.get(act));
    }
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
        let found = recognition_from(row)?;
        findings.checked(Check::Proofs, 1);
        let row = || format!("recognition {}", found.number);
        let part = RecognitionPart::from(&found);
        findings.expect(Check::Proofs, &row, &Some(&part), &expected.remove(&found.number.0));
    }
    for (number, part) in expected {
        findings.problem(Check::Proofs, format!("recognition {number}"), None, Some(part.state.to_string()));
    }
    Ok(())
}

/// Statements are those that the acts commit to, signed by a key of the network, and say what the rows say; those of
/// a year add up to the network's totals. They are read a page at a time: of each only its hash is kept.
async fn statements(
    tx: &mut Tx,
    network: NetworkId,
    keys: &[AnnouncedKey],
    leaves: &[(i64, Leaf<'_>)],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    const PAGE: i64 = 256;
    let network_uuid = read_network(tx, network).await?.uuid;
    let registry = load_registry(tx, network).await?;
    let mut by_act: BTreeMap<i64, (u32, Vec<Digest>)> = BTreeMap::new();
    let mut judge: Option<Judge<'_>> = None;
    let mut last = (i32::MIN, 0);
    loop {
        let page = statements_after(tx, network, last, PAGE).await?;
        for row in &page {
            let (_, hashes) = by_act.entry(row.act.0).or_insert((row.sequence, Vec::new()));
            hashes.push(log::leaf_hash(&row.bytes));
            if let Some(judge) = judge.take_if(|judge| judge.year != row.year) {
                judge.adds_up(findings);
            }
            if judge.is_none() {
                let books = year_books(tx, network, row.year).await?;
                let (registry, in_force) = (&registry, HashMap::new());
                judge = Some(Judge { keys, books, registry, network: network_uuid, year: row.year, in_force });
            }
            if let Some(judge) = &mut judge {
                judge.statement(row, findings)?;
            }
        }
        match page.last() {
            Some(row) => last = (row.year.0, row.sequence),
            None => break,
        }
    }
    judge.inspect(|judge| judge.adds_up(findings));
    for (number, part) in leaves.iter().filter_map(|(number, leaf)| Some((*number, leaf.statements.as_deref()?))) {
        let (first, hashes) = by_act.remove(&number).unwrap_or_default();
        let root = ledger::leaf::HexDigest(log::root_of(&hashes));
        let found = StatementsPart { count: hashes.len() as u64, first, root, year: part.year };
        findings.expect(Check::Proofs, &|| format!("statement, act {number}"), &&found, &part);
    }
    for (act, (_, hashes)) in by_act {
        findings.problem(Check::Proofs, format!("statement, act {act}"), Some(hashes.len().to_string()), None);
    }
    Ok(())
}

/// Holds the statements of one year against its books.
struct Judge<'a> {
    keys: &'a [AnnouncedKey],
    books: YearBooks,
    registry: &'a Registry,
    network: uuid::Uuid,
    year: Year,
    /// What each association gave, by its last statement.
    in_force: HashMap<i64, i64>,
}

impl Judge<'_> {
    fn statement(&mut self, row: &StatementRow, findings: &mut Findings) -> Result<(), StoreError> {
        findings.checked(Check::Proofs, 1);
        let place = || format!("statement {}", number_text(row.year, row.sequence));
        let Some(figures) = self.signed(row) else {
            findings.problem(Check::Proofs, place(), Some("no valid signature of the network".to_owned()), None);
            return Ok(());
        };
        let expected = self.figures(row)?;
        self.in_force.insert(row.association.0, figures.given_minutes);
        findings.expect(Check::Proofs, &place, &without_words(figures), &without_words(expected));
        Ok(())
    }

    /// The figures of a statement, if a key of the network signed them.
    fn signed(&self, row: &StatementRow) -> Option<Figures> {
        let document = ledger::json::parse(&row.bytes).ok()?;
        let key_of = |method: &str| {
            let found = self.keys.iter().find(|key| key.issuer().method() == method);
            found.filter(|key| key.purpose == KeyPurpose::Credential).map(|key| key.key)
        };
        // Whether the clock agrees is not what an audit asks.
        let proofs = integrity::verify(
            &document,
            chrono::DateTime::<chrono::Utc>::MAX_UTC - chrono::TimeDelta::days(1),
            &key_of,
        );
        let is_signed = proofs.is_ok_and(|proofs| proofs.iter().all(Result::is_ok));
        is_signed.then(|| serde_json::from_value(document["credentialSubject"].clone()).ok())?
    }

    fn figures(&self, row: &StatementRow) -> Result<Figures, StoreError> {
        let association = self.registry.association(row.association);
        let association =
            association.ok_or_else(|| impossible("statement", row.sequence, "an unknown association".to_owned()))?;
        let books = self.books.of(row.association, &|_| String::new(), &|_| String::new());
        let figures = Figures::new(self.network, association, self.year, &books);
        let mut figures = figures.ok_or_else(|| impossible("posting", row.association, "out of range".to_owned()))?;
        figures.number = Some(number_text(self.year, row.sequence));
        Ok(figures)
    }

    /// The last statement of each association, summed, against the year's totals; asked once all who moved have one.
    fn adds_up(&self, findings: &mut Findings) {
        let mut total = 0;
        for year in &self.books.years {
            if let Account::Association(association) = year.account {
                if !self.in_force.contains_key(&association.0) {
                    return;
                }
                total += year.totals.get(&PostingKind::Given).map_or(0, |minutes| minutes.get());
            }
        }
        let sum: i64 = self.in_force.values().sum();
        findings.expect(Check::Proofs, &|| format!("statement {}, sum", self.year), &sum, &total);
    }
}

/// Figures without names, which may change, and without what only the statement itself knows.
fn without_words(mut figures: Figures) -> Figures {
    figures.name.clear();
    figures.identifiers.clear();
    figures.supersedes = None;
    figures.annex = None;
    // What waited when the year was closed may have been answered since.
    figures.not_counted.clear();
    figures.partners.iter_mut().for_each(|part| part.name.clear());
    figures.partners.sort_by_key(|part| part.association);
    figures.skills.iter_mut().for_each(|part| part.name = None);
    figures.skills.sort_by_key(|part| (part.given_minutes, part.received_minutes, part.correction_minutes));
    figures
}

impl Store {
    /// The root of the log as it was when it had so many acts.
    ///
    /// # Errors
    /// When the database does not answer, or the log is shorter.
    pub async fn log_root_at(&self, network: NetworkId, size: u64) -> Result<Digest, StoreError> {
        root_at(&mut self.db().begin_read().await?, network, size).await?.ok_or_else(|| tiles::missing(network))
    }
}
