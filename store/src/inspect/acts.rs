//! Hands the acts to the replay, in their order, each with what the other tables keep of it.

use crate::{
    StoreError,
    db::{Tx, on_tx},
    inspect::packed::{Column, Fields, PAGE, PackedTable, Range, Value, pages},
};
use ledger::{
    NetworkId,
    audit::{
        ActRow, BesideAct, Check, ContributionRow, Expected, ExpectedExchanges, ExpectedPostings, ReferenceRow, Replay,
        TextRow,
    },
    clock::SecretKey,
    leaf::commitment,
};

type Replayed = (Expected, ExpectedPostings, ExpectedExchanges);

/// Replays all acts.
pub(crate) async fn replay(tx: &mut Tx, network: NetworkId) -> Result<Replayed, StoreError> {
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
            let kept = BesideAct {
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

fn rows<'a, Row>(
    table: &'a PackedTable,
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

const ACTS: PackedTable = PackedTable {
    name: "act",
    source: "act AS t",
    columns: &[
        Column::number("number"),
        Column::text("kind"),
        Column::number("recorded_at"),
        Column::text("leaf"),
        Column::key("leaf_hash"),
    ],
    key: &["t.number"],
};
const CONTRIBUTIONS: PackedTable = PackedTable {
    name: "contribution",
    source: "contribution AS t LEFT JOIN person_key AS k \
             ON k.network_id = t.network_id AND k.act = t.act AND k.line = t.line",
    columns: &[
        Column::number("act"),
        Column::number("line"),
        Column::number("person"),
        Column::number("association"),
        Column::maybe_number("exchange"),
        Column::number("minutes"),
        Column::text("nature"),
        Column::maybe_number("skill"),
        Column::text("service_date"),
        Column::key("key").by("k.key"),
    ],
    key: &["t.act", "t.line"],
};
/// Who a person is stands in a table of its own, told by the act that added them or that says it anew; the key of the
/// commitment to it stands among the texts, and counts as gone when the person was erased.
const TEXTS: PackedTable = PackedTable {
    name: "act_text",
    source: "act_text AS t LEFT JOIN person_key AS k \
             ON t.field = 'identity' AND k.network_id = t.network_id AND k.act = t.act AND k.line = 0 \
             LEFT JOIN person_identity AS i \
             ON t.field = 'identity' AND i.network_id = t.network_id AND i.person = coalesce(k.person, t.act)",
    columns: &[
        Column::number("act"),
        Column::text("field"),
        Column::text("text").by(
            "CASE WHEN t.field = 'identity' THEN concat(i.code, '\n', i.first_name, '\n', i.last_name, '\n', i.email, \
             CASE WHEN i.adult_on IS NOT NULL THEN concat('\n', i.adult_on) END) ELSE t.text END",
        ),
        Column::key("key").by("CASE WHEN t.field = 'identity' AND i.person IS NULL THEN NULL ELSE t.key END"),
    ],
    key: &["t.act", "t.field"],
};
const REFERENCES: PackedTable = PackedTable {
    name: "exchange_reference",
    source: "exchange_reference AS t",
    columns: &[Column::number("exchange"), Column::text("reference"), Column::key("key")],
    key: &["t.exchange"],
};
