//! Takes a batch from what memory holds to what the database holds, ahead or under the lock, and answers it.
//!
//! [`super`] draws the ways.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::{
    Store, StoreError,
    bulk::{Alone, BatchChange, Rows, row},
    db::Tx,
    read::network::lock_head,
    reading::RowOf,
    schema::ColumnType::Int,
    write::{
        asking::{Answer, Receipt, Work},
        decide::{Decided, Keys, WorkDecided, decide_batch},
        load::{self, Source},
        memory::{Warm, current},
        rows,
    },
};
use ledger::{
    ActNumber, Digest, ExchangeNumber, NetworkId,
    account::{Account, Book},
    act::Act,
    clock::{Clock, Secrets},
    decide::Decision,
    exchange::ExchangeState,
};

/// A batch that is decided, with the rows that its acts become, where there are any.
pub(crate) struct Prepared {
    decided: Decided,
    rows: Option<BatchChange>,
    /// Whether the next batch can be decided before this one is written: members, rules and what can be erased stay
    /// as they are.
    pub(crate) is_everyday: bool,
}

/// Decides a batch under the network's lock. `warm` is what the last batch left, and becomes what this one leaves.
pub(crate) async fn decide_locked(
    tx: &mut Tx,
    network: NetworkId,
    works: &[Work],
    warm: &mut Option<Warm>,
    clock: &dyn Clock,
    secrets: &mut dyn Secrets,
) -> Result<Prepared, StoreError> {
    // Whatever fails from here on, memory may no longer agree with the database.
    let last = warm.take();
    let mut current = current(tx, network, last).await?;
    let mut source = Source::Open(tx);
    let decided = decide_batch(&mut source, network, works, &mut current.state, Keys::All, clock, secrets).await?;
    let prepared = prepare(network, decided, &mut current)?;
    *warm = Some(current);
    Ok(prepared)
}

/// A batch that was decided on what is in memory.
pub(crate) struct Ahead {
    /// The log's root that it was decided on.
    builds_on: Digest,
    prepared: Prepared,
    /// What writes it as a transaction of its own, in place of its rows, where that can be.
    alone: Option<Alone>,
}

impl Ahead {
    pub(crate) const fn is_everyday(&self) -> bool {
        self.prepared.is_everyday
    }
}

/// Decides a batch without a lock, on what the one before it left in memory, whether that is written by now or not. When
/// it is this one's turn, the log's root tells whether nobody else has written meanwhile: then what is read here,
/// whenever that was, is what the lock would have shown.
pub(crate) async fn decide_ahead(
    store: &Store,
    network: NetworkId,
    works: &[Work],
    warm: &mut Warm,
    clock: &dyn Clock,
    secrets: &mut dyn Secrets,
) -> Result<Ahead, StoreError> {
    let builds_on = warm.edge.root();
    let mut source = Source::Ahead(store.db(), None);
    let decided = decide_batch(&mut source, network, works, &mut warm.state, Keys::OfGroups, clock, secrets).await?;
    // Other networks may wait for what it reads on.
    drop(source);
    let mut prepared = prepare(network, decided, warm)?;
    let mut alone = None;
    if prepared.is_everyday
        && prepared.decided.repeated().is_empty()
        && let Some(rows) = prepared.rows.take_if(|rows| rows.can_stand_alone(store.db()))
    {
        alone = Some(rows.alone(store.db(), builds_on)?);
    }
    Ok(Ahead { builds_on, prepared, alone })
}

/// The rows of a batch are made at once, so that a batch decided ahead has nothing left to do but to be sent.
pub(crate) fn prepare(network: NetworkId, decided: Decided, warm: &mut Warm) -> Result<Prepared, StoreError> {
    let acts = decided.acts();
    let is_everyday = acts.iter().all(|act| !act.kind().changes_registry() && !act.kind().is_about_proofs());
    let rows = match acts.as_slice() {
        [] => None,
        acts => Some(rows::of_batch(network, acts, warm)?),
    };
    Ok(Prepared { decided, rows, is_everyday })
}

/// Writes a batch that was decided ahead, and answers it; `None` when that was on another ledger than there is, or when
/// a request had been accepted before.
pub(crate) async fn carry_out_ahead(
    store: &Store,
    network: NetworkId,
    Ahead { builds_on, prepared, alone }: Ahead,
) -> Result<Option<Vec<Answer>>, StoreError> {
    let answers = if let Some(alone) = alone {
        match alone.write().await {
            Ok(true) => answers(&prepared.decided.works, &prepared.decided.acts(), &HashMap::new()),
            Ok(false) => return Ok(None),
            Err(error) => Err(error),
        }
    } else {
        let mut tx = store.db().begin_batch().await?;
        if lock_head(&mut tx, network).await?.1 != builds_on {
            return Ok(None);
        }
        let acts = prepared.decided.acts();
        if !load::keys_beside(&mut tx, network, acts.iter().map(|act| &act.key)).await?.is_empty() {
            return Ok(None);
        }
        carry_out(tx, network, prepared).await
    };
    match answers {
        Err(error) if error.is_known_key() => Ok(None),
        answers => answers.map(Some),
    }
}

/// Writes a batch under the network's lock, and answers it.
pub(crate) async fn carry_out(mut tx: Tx, network: NetworkId, prepared: Prepared) -> Result<Vec<Answer>, StoreError> {
    let is_written = prepared.rows.is_some();
    let answers = write_within(&mut tx, network, prepared).await?;
    if is_written {
        tx.commit().await?;
    }
    // Otherwise the lock goes with the transaction.
    Ok(answers)
}

/// The same within a transaction that somebody else ends.
pub(crate) async fn write_within(
    tx: &mut Tx,
    network: NetworkId,
    Prepared { decided, rows, .. }: Prepared,
) -> Result<Vec<Answer>, StoreError> {
    let acts = decided.acts();
    let before = repeated_receipts(tx, network, decided.repeated()).await?;
    if let Some(rows) = rows {
        rows::write(rows, tx, network, &acts, &decided.registry).await?;
    }
    answers(&decided.works, &acts, &before)
}

/// What was answered the first time, read from the acts.
async fn repeated_receipts(
    tx: &mut Tx,
    network: NetworkId,
    repeated: Vec<ActNumber>,
) -> Result<HashMap<ActNumber, Receipt>, StoreError> {
    if repeated.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Rows::new(&[Int], repeated.iter().map(|number| row![number.0]).collect());
    let sql = "SELECT a.number, a.leaf, n.reference FROM {rows} CROSS JOIN act AS a \
               LEFT JOIN exchange_reference AS n ON n.network_id = a.network_id AND n.exchange = a.number \
               WHERE a.network_id = $1 AND a.number = r.c0";
    let found: Vec<(i64, String, Option<String>)> = rows.select(tx, network.0, sql).await?;
    found
        .into_iter()
        .map(|(number, leaf, brought_in)| {
            let row = RowOf("act", number);
            let wrong = |problem: String| row.wrong("leaf", problem);
            let leaf = row.leaf("leaf", &leaf)?;
            let exchange = leaf.exchange.as_ref();
            let state = exchange.map(|exchange| ExchangeState::try_from(exchange.state.as_ref())).transpose();
            let account = |number: &i64| {
                Account::from_number(Book::Exchange, *number)
                    .ok_or_else(|| wrong(format!("leaf says that account {number} met a limit, which no account is")))
            };
            let limits_met = leaf.limits_met.iter().map(account).collect::<Result<_, _>>()?;
            let receipt = Receipt {
                act: ActNumber(number),
                exchange: exchange.map(|exchange| ExchangeNumber(exchange.number)),
                state: state.map_err(|error| wrong(error.to_string()))?,
                reference: leaf.reference.map(Cow::into_owned).or(brought_in),
                limits_met,
                is_repeat: true,
            };
            Ok((ActNumber(number), receipt))
        })
        .collect()
}

fn answers(
    works: &[WorkDecided],
    acts: &[&Act],
    before: &HashMap<ActNumber, Receipt>,
) -> Result<Vec<Answer>, StoreError> {
    let new: HashMap<ActNumber, Receipt> = acts.iter().map(|act| (act.number, Receipt::of(act))).collect();
    let receipt = |decision: &Decision| {
        let number = decision.number();
        let receipt = new.get(&number).or_else(|| before.get(&number)).cloned();
        let receipt = receipt.ok_or_else(|| RowOf("act", number).wrong("number", "an act without a row"))?;
        Ok(Receipt { is_repeat: matches!(decision, Decision::Repeated(_)), ..receipt })
    };
    let answer = |decided: &WorkDecided| match decided {
        Ok(decisions) => decisions.iter().map(receipt).collect::<Result<_, StoreError>>().map(Ok),
        Err(rejection) => Ok(Err(rejection.clone())),
    };
    works.iter().map(answer).collect()
}
