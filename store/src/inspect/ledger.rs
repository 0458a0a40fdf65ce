//! Feeds an audit with everything that the database holds of a network.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;

use crate::{
    Store, StoreError,
    bulk::{Rows, row},
    db::{Tx, on_tx, select},
    error::impossible,
    inspect::{
        packed::{Column, Fields, PackedTable, Range, Value, pages},
        proofs,
    },
    read::{
        network::{load_registry, read_head},
        tiles::{hashes_of, place},
    },
    schema::ColumnType::Int,
};
use ledger::{
    Digest, NetworkId,
    account::Book,
    audit::{
        ActRow, Check, ContributionRow, ExchangeRow, Expected, ExpectedExchanges, ExpectedPostings, Findings, Kept,
        Member, PostingRow, ReferenceRow, Replay, TextRow,
    },
    checkpoint::Checkpoint,
    clock::SecretKey,
    leaf::commitment,
    state::Head,
};

impl Store {
    /// Rebuilds everything from the acts and holds every row against it. The database is read as it stands at one
    /// moment. `kept` is a signed head that is kept outside of it.
    ///
    /// # Errors
    /// When the database does not answer, or holds a value that its own constraints forbid. What else is wrong with the
    /// ledger is in the findings.
    pub async fn audit(&self, network: NetworkId, kept: Option<&Checkpoint>) -> Result<AuditReport, StoreError> {
        let (mut tx, beside, (head, root)) = self.begin_reads(network).await?;
        let (mut expected, postings, exchanges) = replay(&mut tx, network).await?;
        let exchange_count = exchanges.count() as u64;
        let findings = movements(&mut tx, beside, network, postings, exchanges).await?;
        let year = |year: Option<ledger::year::Year>| year.map(|year| year.0);
        expected.head(head.next.0, root, year(head.first_year), year(head.closed_through));
        reversals(&mut tx, network, &mut expected).await?;
        closings(&mut tx, network, &mut expected).await?;
        registry(&mut tx, network, &mut expected).await?;
        people(&mut tx, network, &mut expected).await?;
        log_tiles(&mut tx, network, &mut expected).await?;
        let (log_size, log_root, about_proofs) =
            (expected.act_count(), expected.root(), expected.about_proofs().to_vec());
        let mut all = expected.finish();
        all.add(findings);
        proofs::proofs(&mut tx, network, &about_proofs, kept, &mut all).await?;
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

const ACTS: PackedTable = PackedTable {
    name: "act",
    source: "act AS t",
    columns: &[
        Column::Number("t.number"),
        Column::Text("t.kind"),
        Column::Number("t.recorded_at"),
        Column::Text("t.leaf"),
        Column::Key("t.leaf_hash"),
    ],
    key: &["t.number"],
};
const CONTRIBUTIONS: PackedTable = PackedTable {
    name: "contribution",
    source: "contribution AS t LEFT JOIN person_key AS k \
             ON k.network_id = t.network_id AND k.act = t.act AND k.line = t.line",
    columns: &[
        Column::Number("t.act"),
        Column::Number("t.line"),
        Column::Number("t.person"),
        Column::Number("t.association"),
        Column::MaybeNumber("t.exchange"),
        Column::Number("t.minutes"),
        Column::Text("t.nature"),
        Column::MaybeNumber("t.skill"),
        Column::Text("t.service_date"),
        Column::Key("k.key"),
    ],
    key: &["t.act", "t.line"],
};
/// Who a person is stands in a table of its own; the key of the commitment to it stands among the texts, and counts as
/// gone when the person was erased.
const TEXTS: PackedTable = PackedTable {
    name: "act_text",
    source: "act_text AS t LEFT JOIN person_identity AS i \
             ON t.field = 'identity' AND i.network_id = t.network_id AND i.person = t.act",
    columns: &[
        Column::Number("t.act"),
        Column::Text("t.field"),
        Column::Text(
            "CASE WHEN t.field = 'identity' THEN concat(i.code, '\n', i.first_name, '\n', i.last_name, '\n', i.email, \
             CASE WHEN i.adult_on IS NOT NULL THEN concat('\n', i.adult_on) END) ELSE t.text END",
        ),
        Column::Key("CASE WHEN t.field = 'identity' AND i.person IS NULL THEN NULL ELSE t.key END"),
    ],
    key: &["t.act", "t.field"],
};
const REFERENCES: PackedTable = PackedTable {
    name: "exchange_reference",
    source: "exchange_reference AS t",
    columns: &[Column::Number("t.exchange"), Column::Text("t.reference"), Column::Key("t.key")],
    key: &["t.exchange"],
};
const POSTINGS: PackedTable = PackedTable {
    name: "posting",
    source: "posting AS t",
    columns: &[
        Column::Number("t.account"),
        Column::Text("t.book"),
        Column::Number("t.sequence"),
        Column::Number("t.act"),
        Column::Number("t.cause"),
        Column::Text("t.kind"),
        Column::Number("t.minutes"),
        Column::Number("t.balance"),
        Column::Text("t.booked"),
        Column::Number("t.given"),
        Column::Number("t.received"),
    ],
    key: &["t.account", "t.book", "t.sequence"],
};
const EXCHANGES: PackedTable = PackedTable {
    name: "exchange",
    source: "exchange AS t",
    columns: &[
        Column::Number("t.exchange"),
        Column::Number("t.giver"),
        Column::Number("t.receiver"),
        Column::Number("t.minutes"),
        Column::Text("t.service_date"),
        Column::MaybeNumber("t.skill"),
        Column::Text("t.state"),
        Column::Text("t.spoken_by"),
        Column::Number("t.spoken_in"),
        Column::MaybeNumber("t.posted_in"),
        Column::MaybeNumber("t.replaces"),
        Column::Text("coalesce(t.given_reference, '')"),
    ],
    key: &["t.exchange"],
};
/// How many rows one text holds, unless there are more than the acts say: few enough for it to stay in the processor's
/// cache, and for the database and whoever takes it apart to seldom wait for one another.
const PAGE: u32 = 1024;

/// Reads pages of a table, and takes one apart while the database makes the next.
async fn each_page<const N: usize>(
    tx: &mut Tx,
    network: NetworkId,
    table: &PackedTable,
    ranges: impl Iterator<Item = Range<N>>,
    mut take: impl FnMut(Fields<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut take = |page: Option<String>| page.map_or(Ok(()), |page| take(table.fields(&page)));
    let mut page = None;
    for range in ranges {
        let next = pages(tx, network, [table], range);
        let (next, taken) = tokio::join!(next, async { take(page) });
        taken?;
        [page] = next?;
    }
    take(page)
}

/// The acts of a range of numbers, and what the other tables keep of them.
struct ActsPage {
    acts: Option<String>,
    contributions: Option<String>,
    texts: Option<String>,
    references: Option<String>,
    last: i64,
}

impl ActsPage {
    async fn read(tx: &mut Tx, network: NetworkId, after: i64, last: i64) -> Result<Self, StoreError> {
        let range = Range { after: Some([Value::Number(after)]), last: Some([Value::Number(last)]) };
        let tables = [&ACTS, &CONTRIBUTIONS, &TEXTS, &REFERENCES];
        let [acts, contributions, texts, references] = pages(tx, network, tables, range).await?;
        Ok(Self { acts, contributions, texts, references, last })
    }

    fn replay(&self, replay: &mut Replay) -> Result<(), StoreError> {
        let contributions = rows(&CONTRIBUTIONS, self.contributions.as_deref(), contribution_from)?;
        let texts = rows(&TEXTS, self.texts.as_deref(), text_from)?;
        let references = rows(&REFERENCES, self.references.as_deref(), reference_from)?;
        let mut contributions =
            InOrder { rows: &contributions, act: |row| row.act, of: (Check::Contributions, "contribution") };
        let mut texts = InOrder { rows: &texts, act: |row| row.act, of: (Check::Texts, "act_text") };
        let mut references =
            InOrder { rows: &references, act: |row| row.exchange, of: (Check::Texts, "exchange_reference") };
        let mut fields = ACTS.fields(self.acts.as_deref().unwrap_or_default());
        while !fields.is_empty() {
            let act = act_from(&mut fields)?;
            let kept = Kept {
                contributions: contributions.take(act.number, replay),
                texts: texts.take(act.number, replay),
                references: references.take(act.number, replay),
            };
            replay.act(&act, kept);
        }
        contributions.take(self.last, replay);
        texts.take(self.last, replay);
        references.take(self.last, replay);
        Ok(())
    }
}

/// What a table keeps of some acts, to be taken act by act.
struct InOrder<'a, Row> {
    rows: &'a [Row],
    act: fn(&Row) -> i64,
    /// What is checked, and the table.
    of: (Check, &'static str),
}

impl<'a, Row> InOrder<'a, Row> {
    /// The rows of an act. Rows that come before it belong to no act.
    fn take(&mut self, act: i64, replay: &mut Replay) -> &'a [Row] {
        let (strays, rows) = self.rows.split_at(self.rows.partition_point(|row| (self.act)(row) < act));
        for stray in strays {
            replay.stray(self.of.0, self.of.1, (self.act)(stray));
        }
        let (own, rest) = rows.split_at(rows.partition_point(|row| (self.act)(row) == act));
        self.rows = rest;
        own
    }
}

type Replayed = (Expected, ExpectedPostings, ExpectedExchanges);

async fn replay(tx: &mut Tx, network: NetworkId) -> Result<Replayed, StoreError> {
    let mut replay = Replay::new();
    let mut page = ActsPage::read(tx, network, -i64::MAX, PAGE.into()).await?;
    while page.last < i64::MAX {
        // Numbers have no gaps, but for damage; the last page holds what is kept of acts that are not there.
        let from = if page.acts.is_some() { Some(page.last) } else { first_act_after(tx, network, page.last).await? };
        let last = from.map_or(i64::MAX, |from| from.saturating_add(PAGE.into()));
        let next = ActsPage::read(tx, network, page.last, last);
        let (next, replayed) = tokio::join!(next, async { page.replay(&mut replay) });
        replayed?;
        page = next?;
    }
    page.replay(&mut replay)?;
    Ok(replay.finish())
}

async fn first_act_after(tx: &mut Tx, network: NetworkId, after: i64) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(number) FROM act WHERE network_id = $1 AND number > $2";
    Ok(on_tx!(tx, connection => {
        sqlx::query_scalar(sql).bind(network.0).bind(after).fetch_one(connection).await?
    }))
}

fn rows<'a, Row>(
    table: &PackedTable,
    page: Option<&'a str>,
    row_from: fn(&mut Fields<'a>) -> Result<Row, StoreError>,
) -> Result<Vec<Row>, StoreError> {
    let mut fields = table.fields(page.unwrap_or_default());
    let mut rows = Vec::new();
    while !fields.is_empty() {
        rows.push(row_from(&mut fields)?);
    }
    Ok(rows)
}

fn act_from<'a>(fields: &mut Fields<'a>) -> Result<ActRow<'a>, StoreError> {
    Ok(ActRow {
        number: fields.number()?,
        kind: fields.text()?,
        recorded_at: fields.number()?,
        leaf: fields.text()?,
        leaf_hash: fields.hash()?,
    })
}

fn contribution_from<'a>(fields: &mut Fields<'a>) -> Result<ContributionRow<'a>, StoreError> {
    Ok(ContributionRow {
        act: fields.number()?,
        line: fields.number()?,
        person: fields.number()?,
        association: fields.number()?,
        exchange: fields.maybe_number()?,
        minutes: fields.number()?,
        nature: fields.text()?,
        skill: fields.maybe_number()?,
        service_date: fields.date()?,
        key: fields.key()?,
    })
}

fn text_from<'a>(fields: &mut Fields<'a>) -> Result<TextRow<'a>, StoreError> {
    let (act, field, text) = (fields.number()?, fields.text()?, fields.text()?);
    let key = fields.key()?;
    Ok(TextRow { act, field, commitment: key.map(|key| commitment(SecretKey(key), field, text)) })
}

fn reference_from(fields: &mut Fields<'_>) -> Result<ReferenceRow, StoreError> {
    let (exchange, reference) = (fields.number()?, fields.text()?);
    let key = fields.key()?;
    let commitment = key.map(|key| commitment(SecretKey(key), "reference", reference));
    Ok(ReferenceRow { exchange, commitment })
}

/// Holds postings and exchanges against the acts, half of the rows over each connection where there are two.
async fn movements(
    tx: &mut Tx,
    beside: Option<Tx>,
    network: NetworkId,
    postings: ExpectedPostings,
    exchanges: ExpectedExchanges,
) -> Result<Findings, StoreError> {
    let middle = postings.middle(exchanges.count());
    let found = if let Some((mut beside, middle)) = beside.zip(middle) {
        let border = Some((middle.0, middle.1, i64::MAX));
        let (first, second) = postings.split_after(middle);
        let own = postings_of(tx, network, first, (None, border));
        let others = async {
            let postings = postings_of(&mut beside, network, second, (border, None)).await?;
            Ok((postings, exchanges_of(&mut beside, network, exchanges).await?))
        };
        let (first, (second, exchanges)) = tokio::try_join!(own, others)?;
        vec![first, second, exchanges]
    } else {
        let postings = postings_of(tx, network, postings, (None, None)).await?;
        vec![postings, exchanges_of(tx, network, exchanges).await?]
    };
    let mut findings = Findings::default();
    for found in found {
        findings.add(found);
    }
    Ok(findings)
}

/// Account, book and sequence number.
type PostingKey = (i64, Book, i64);

const fn values((account, book, sequence): PostingKey) -> [Value; 3] {
    [Value::Number(account), Value::Text(book.as_str()), Value::Number(sequence)]
}

/// Holds the postings after a key and up to another one against the acts.
async fn postings_of(
    tx: &mut Tx,
    network: NetworkId,
    mut expected: ExpectedPostings,
    (after, last): (Option<PostingKey>, Option<PostingKey>),
) -> Result<Findings, StoreError> {
    let ends = expected.ends(PAGE as usize).into_iter().map(Some).chain([last]);
    let ranges = Range::up_to(after.map(values), ends.map(|end| end.map(values)));
    each_page(tx, network, &POSTINGS, ranges, |mut fields| {
        while !fields.is_empty() {
            expected.posting(&PostingRow {
                account: fields.number()?,
                book: book_from(fields.text()?)?,
                sequence: fields.number()?,
                act: fields.number()?,
                cause: fields.number()?,
                kind: fields.text()?,
                minutes: fields.number()?,
                balance: fields.number()?,
                booked: fields.date()?,
                given: fields.number()?,
                received: fields.number()?,
            });
        }
        Ok(())
    })
    .await?;
    Ok(expected.finish())
}

async fn exchanges_of(
    tx: &mut Tx,
    network: NetworkId,
    mut expected: ExpectedExchanges,
) -> Result<Findings, StoreError> {
    let ends = expected.ends(PAGE as usize).into_iter().map(|end| Some([Value::Number(end)])).chain([None]);
    let ranges = Range::up_to(None, ends);
    each_page(tx, network, &EXCHANGES, ranges, |mut fields| {
        while !fields.is_empty() {
            expected.exchange(&ExchangeRow {
                exchange: fields.number()?,
                giver: fields.number()?,
                receiver: fields.number()?,
                minutes: fields.number()?,
                service_date: fields.date()?,
                skill: fields.maybe_number()?,
                state: fields.text()?,
                spoken_by: fields.text()?,
                spoken_in: fields.number()?,
                posted_in: fields.maybe_number()?,
                replaces: fields.maybe_number()?,
                given_reference: fields.text()?,
            });
        }
        Ok(())
    })
    .await?;
    Ok(expected.finish())
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
        let wrong = |problem: &str| impossible("year_closing", year, problem.to_owned());
        let root = Digest(root.try_into().map_err(|_| wrong("root is not 32 bytes"))?);
        expected.closing(i32::try_from(year).map_err(|_| wrong("year out of range"))?, act, root);
    }
    Ok(())
}

async fn registry(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
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

async fn people(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let acts = expected.about_persons().into_iter().map(|act| row![act]).collect();
    let sql = "SELECT k.act, k.person, k.key FROM {rows} CROSS JOIN person_key AS k \
               WHERE k.network_id = $1 AND k.act = r.c0 AND k.line = 0";
    let mut keys = BTreeMap::new();
    for (act, person, key) in Rows::new(&[Int], acts).select::<(i64, i64, Vec<u8>)>(tx, network.0, sql).await? {
        let key = key.try_into().map_err(|_| impossible("person_key", act, "key is not 32 bytes".to_owned()))?;
        keys.insert(act, (person, SecretKey(key)));
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

async fn log_tiles(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT level, tile, hashes FROM log_tile WHERE network_id = $1 ORDER BY level, tile";
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, (i64, i64, Vec<u8>)>(sql).bind(network.0).fetch(connection);
        while let Some((level, tile, hashes)) = rows.try_next().await? {
            expected.tile(place(level, tile)?, &hashes_of(&hashes));
        }
    });
    Ok(())
}

fn book_from(text: &str) -> Result<Book, StoreError> {
    Book::try_from(text).map_err(|error| impossible("posting", text, error.to_string()))
}
