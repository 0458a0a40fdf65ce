//! Holds statements against the acts that handed them out, and against the books of their year.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    StoreError,
    db::Tx,
    read::{
        network::read_network,
        registry::load_registry,
        statements::{SignedStatement, YearBooks, statements_after, year_books},
    },
    reading::{Pair, RowOf},
};
use ledger::{
    AssociationNumber, Digest, NetworkId,
    account::{Account, PostingKind},
    audit::{Check, Column, Disagreement, Findings, Said},
    integrity,
    key::{AnnouncedKey, KeyPurpose},
    leaf::{HexDigest, Leaf, StatementsPart},
    log,
    registry::Registry,
    statement::{Figures, number_text},
    year::Year,
};

/// Statements are those that the acts commit to, signed by a key of the network, and say what the rows say; those of
/// a year add up to the network's totals. They are read a page at a time: of each only its hash is kept.
pub(crate) async fn statements(
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
        let root = HexDigest(log::root_of(&hashes));
        let count = u64::try_from(hashes.len());
        let count = count.map_err(|_| RowOf("statement", number).wrong("sequence", "more than can be counted"))?;
        let found = StatementsPart { count, first, root, year: part.year };
        findings.expect_columns(
            Check::Proofs,
            &Said::new(format!("relevés, acte {number}"), format!("statement, act {number}")),
            None,
            &columns(&found, part),
        );
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
    network: Uuid,
    year: Year,
    /// What each association gave, by its last statement.
    in_force: HashMap<i64, i64>,
}

impl Judge<'_> {
    fn statement(&mut self, row: &SignedStatement, findings: &mut Findings) -> Result<(), StoreError> {
        findings.checked(Check::Proofs, 1);
        let number = number_text(row.year, row.sequence);
        let name = self.name(row.association);
        let place = Said::new(format!("relevé {number} ({name})"), format!("statement {number} ({name})"));
        let (is_signed, figures) = self.signed(row);
        if !is_signed {
            let found = Said::new("pas de signature valable du réseau", "no valid signature of the network");
            findings.disagrees(Check::Proofs, Disagreement::new(place.clone(), Some(found), None));
        }
        let Some(figures) = figures else { return Ok(()) };
        let expected = self.figures(row)?;
        if is_signed {
            self.in_force.insert(row.association.0, figures.given_minutes);
        }
        findings.expect_figures(&place, &figures, &expected, &|association| self.name(association));
        Ok(())
    }

    fn name(&self, association: AssociationNumber) -> String {
        let known = self.registry.association(association);
        known.map_or_else(|| format!("n° {association}"), |association| association.name().to_owned())
    }

    /// Whether a key of the network signed a statement, and its figures, if it has any.
    fn signed(&self, row: &SignedStatement) -> (bool, Option<Figures>) {
        let Ok(document) = ledger::json::parse(&row.bytes) else { return (false, None) };
        let key_of = |method: &str| {
            let found = self.keys.iter().find(|key| key.issuer().method() == method);
            found.filter(|key| key.purpose == KeyPurpose::Credential).map(|key| key.key)
        };
        // Whether the clock agrees is not what an audit asks.
        let proofs = integrity::verify(&document, DateTime::<Utc>::MAX_UTC - TimeDelta::days(1), &key_of);
        let figures: Option<Figures> = serde_json::from_value(document["credentialSubject"].clone()).ok();
        // What has no figures is no statement, whoever signed it.
        let is_signed = proofs.is_ok_and(|proofs| proofs.iter().all(Result::is_ok)) && figures.is_some();
        (is_signed, figures)
    }

    fn figures(&self, row: &SignedStatement) -> Result<Figures, StoreError> {
        let association = self.registry.association(row.association);
        let unknown =
            || RowOf("statement", Pair(row.year, row.sequence)).wrong("association", "an unknown association");
        let association = association.ok_or_else(unknown)?;
        let books = self.books.of(row.association, &|_| String::new(), &|_| String::new());
        let figures = Figures::new(self.network, association, self.year, &books);
        let out_of_range = || RowOf("posting", row.association).wrong("minutes", "a figure is out of range");
        let mut figures = figures.ok_or_else(out_of_range)?;
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
        if sum != total {
            let year = self.year;
            let row = Said::new(
                format!("relevés {year}, somme des heures données"),
                format!("statement {year}, sum of the hours given"),
            );
            let problem = Disagreement::new(row, Some(Said::minutes(sum)), Some(Said::minutes(total)));
            findings.disagrees(Check::Proofs, problem);
        }
    }
}

/// What an act says of the statements that it handed out, beside what is there.
fn columns(found: &StatementsPart, expected: &StatementsPart) -> [(Column, Said, Said); 4] {
    [
        (Column::Count, found.count.to_string(), expected.count.to_string()),
        (Column::First, found.first.to_string(), expected.first.to_string()),
        (Column::Year, found.year.to_string(), expected.year.to_string()),
        (Column::Root, found.root.0.to_string(), expected.root.0.to_string()),
    ]
    .map(|(column, found, expected)| (column, found.into(), expected.into()))
}
