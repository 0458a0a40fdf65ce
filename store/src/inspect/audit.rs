//! Feeds an audit with everything that the database holds of a network.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use futures_util::TryStreamExt as _;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    inspect::{
        acts::replay,
        movements::movements,
        proofs::proofs,
        registry::{people, registry},
    },
    read::{
        network::{read_head, reference_counters},
        tiles::{hashes_of, place},
    },
    reading::RowOf,
    schema::ColumnType::Int,
};
use ledger::{
    Digest, NetworkId,
    audit::{Expected, Findings},
    checkpoint::Checkpoint,
    state::Head,
    year::Year,
};

/// What an audit found, and how much it looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// What each check found.
    pub findings: Findings,
    /// How many exchanges there are.
    pub exchanges: u64,
    /// How many acts the log holds.
    pub log_size: i64,
    /// The root of the log, recomputed.
    pub log_root: Digest,
}

impl Store {
    /// Rebuilds everything from the acts and holds every row against it. The database is read as it stands at one
    /// moment. `kept` is a signed head that is kept outside of it.
    ///
    /// # Errors
    /// When the database does not answer, or holds a value that its own constraints forbid. What else is wrong with the
    /// ledger is in the findings.
    #[boxed]
    pub async fn audit(&self, network: NetworkId, kept: Option<&Checkpoint>) -> Result<AuditReport, StoreError> {
        let (mut tx, beside, (head, root)) = self.begin_reads(network).await?;
        let (mut expected, postings, exchanges) = replay(&mut tx, network).await?;
        let exchange_count = u64::try_from(exchanges.count())
            .map_err(|_| RowOf("exchange", network).wrong("exchange", "more than can be counted"))?;
        let findings = movements(&mut tx, beside, network, postings, exchanges).await?;
        let year = |year: Option<Year>| year.map(|year| year.0);
        expected.head(head.next.0, root, year(head.first_year), year(head.closed_through));
        let mut counters = reference_counters(&mut tx, network).await?;
        counters.extend([head.reference]);
        expected.reference_counters(&counters);
        reversals(&mut tx, network, &mut expected).await?;
        closings(&mut tx, network, &mut expected).await?;
        registry(&mut tx, network, &mut expected).await?;
        people(&mut tx, network, &mut expected).await?;
        log_tiles(&mut tx, network, &mut expected).await?;
        let (log_size, log_root, about_proofs) =
            (expected.act_count(), expected.root(), expected.about_proofs().to_vec());
        let mut all = expected.finish();
        all.add(findings);
        proofs(&mut tx, network, &about_proofs, kept, &mut all).await?;
        all.tell_references(&references(&mut tx, network, &all.exchanges()).await?);
        Ok(AuditReport { findings: all, exchanges: exchange_count, log_size, log_root })
    }

    /// Two transactions that see the same acts, where a few tries come between two writes and a second connection is to
    /// be had; else one. With the head that they see.
    async fn begin_reads(&self, network: NetworkId) -> Result<(Tx, Option<Tx>, (Head, Digest)), StoreError> {
        const TRIES: usize = 20;
        let mut tx = self.db().begin_read().await?;
        let mut seen = read_head(&mut tx, network).await?;
        for _ in 0..TRIES {
            let Ok(mut beside) = self.db().begin_read().await else { break };
            let now = read_head(&mut beside, network).await?;
            if (seen.0.next, seen.1) == (now.0.next, now.1) {
                return Ok((tx, Some(beside), seen));
            }
            (tx, seen) = (beside, now);
        }
        Ok((tx, None, seen))
    }
}

/// By which references people know these exchanges, those brought in and those that were given.
async fn references(tx: &mut Tx, network: NetworkId, exchanges: &[i64]) -> Result<BTreeMap<i64, String>, StoreError> {
    let rows = Rows::new(&[Int], exchanges.iter().map(|exchange| row![*exchange]).collect());
    let given = "SELECT e.exchange, e.given_reference FROM {rows} CROSS JOIN exchange AS e \
                 WHERE e.network_id = $1 AND e.exchange = r.c0 AND e.given_reference <> ''";
    let brought_in = "SELECT b.exchange, b.reference FROM {rows} CROSS JOIN exchange_reference AS b \
                      WHERE b.network_id = $1 AND b.exchange = r.c0";
    let mut references: BTreeMap<i64, String> =
        rows.select::<(i64, String)>(tx, network.0, given).await?.into_iter().collect();
    references.extend(rows.select::<(i64, String)>(tx, network.0, brought_in).await?);
    Ok(references)
}

async fn reversals(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT target, act FROM reversal WHERE network_id = $1";
    for (target, act) in select::<(i64, i64)>(tx, network, sql).await? {
        expected.reversal(target, act);
    }
    Ok(())
}

async fn closings(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT year, act, root FROM year_closing WHERE network_id = $1";
    for (year, act, root) in select::<(i64, i64, Vec<u8>)>(tx, network, sql).await? {
        let row = RowOf("year_closing", year);
        expected.closing(row.number("year", year)?, act, row.digest("root", &root)?);
    }
    Ok(())
}

async fn log_tiles(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT level, tile, hashes FROM log_tile WHERE network_id = $1 ORDER BY level, tile";
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, (i64, i64, Vec<u8>)>(sql).bind(network.0).fetch(connection);
        while let Some((level, tile, hashes)) = rows.try_next().await? {
            expected.tile(place(level, tile)?, &hashes_of(level, tile, &hashes)?);
        }
    });
    Ok(())
}
