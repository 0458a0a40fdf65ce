//! Holds postings, exchanges and their steps against what the acts say of them.

use crate::{
    StoreError,
    db::Tx,
    inspect::packed::{Column, PAGE, PackedTable, Range, Value, each_page},
};
use ledger::{
    NetworkId,
    account::Book,
    audit::{ExchangeRow, ExpectedExchanges, ExpectedPostings, Findings, PostingRow},
};

/// Holds postings and exchanges against the acts, half of the rows over each connection where there are two.
pub(crate) async fn movements(
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
    let ends = expected.ends(PAGE.into()).into_iter().map(Some).chain([last]);
    let ranges = Range::up_to(after.map(values), ends.map(|end| end.map(values)));
    each_page(tx, network, &POSTINGS, ranges, |mut fields| {
        while !fields.is_empty() {
            expected.posting(&PostingRow {
                account: fields.number()?,
                book: fields.word()?,
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
    let ends = expected.ends(PAGE.into()).into_iter().map(|end| Some([Value::Number(end)])).chain([None]);
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
    let ends = expected.step_ends(PAGE.into()).into_iter().map(|(exchange, act)| Some([exchange, act])).chain([None]);
    let ranges = Range::up_to(None, ends.map(|end| end.map(|key| key.map(Value::Number))));
    each_page(tx, network, &STEPS, ranges, |mut fields| {
        while !fields.is_empty() {
            expected.step((fields.number()?, fields.number()?));
        }
        Ok(())
    })
    .await?;
    Ok(expected.finish())
}

const POSTINGS: PackedTable = PackedTable {
    name: "posting",
    source: "posting AS t",
    columns: &[
        Column::number("account"),
        Column::text("book"),
        Column::number("sequence"),
        Column::number("act"),
        Column::number("cause"),
        Column::text("kind"),
        Column::number("minutes"),
        Column::number("balance"),
        Column::text("booked"),
        Column::number("given"),
        Column::number("received"),
    ],
    key: &["t.account", "t.book", "t.sequence"],
};
const EXCHANGES: PackedTable = PackedTable {
    name: "exchange",
    source: "exchange AS t",
    columns: &[
        Column::number("exchange"),
        Column::number("giver"),
        Column::number("receiver"),
        Column::number("minutes"),
        Column::text("service_date"),
        Column::maybe_number("skill"),
        Column::text("state"),
        Column::text("spoken_by"),
        Column::number("spoken_in"),
        Column::maybe_number("posted_in"),
        Column::maybe_number("replaces"),
        Column::text("given_reference").by("coalesce(t.given_reference, '')"),
    ],
    key: &["t.exchange"],
};
const STEPS: PackedTable = PackedTable {
    name: "exchange_step",
    source: "exchange_step AS t",
    columns: &[Column::number("exchange"), Column::number("act")],
    key: &["t.exchange", "t.act"],
};
