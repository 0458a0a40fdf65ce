//! One batch, one transaction.
//!
//! A batch is decided in memory, on what the last one left there, without a lock and mostly without reading. Each batch
//! builds on a root of the log: the statement that writes it does so only where the log still has that root, which says
//! that what was in memory is what is in the database. So is an idempotency key that nobody has seen left to the table's
//! own index. What the database turns back is decided again the careful way: lock the network's head row, read, decide,
//! write, commit; what is read after the lock cannot change before the commit. That is also how a process begins.
//!
//! Since only the root counts, a batch may be decided before the one that it builds on is written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::Utc;
use uuid::Uuid;

use crate::{
    Gauges, Store, StoreError,
    bulk::{Alone, Change, Known, Rows, TableRows, row},
    db::{Tx, on_tx},
    error::impossible,
    read::{
        network::{lock_head, read_head, read_network},
        registry::load_registry,
        tiles,
    },
    schema::{self, ColumnType::Int},
    write::{
        load::{self, Source},
        rows,
        writer::{Group, Receipt},
    },
};
use ledger::{
    ActNumber, Digest, ExchangeNumber, NetworkId, Rejection,
    account::{Account, Book},
    act::Act,
    clock::{Clock, CountedSecrets, Secrets},
    command::{By, Command, Request},
    decide::{Decision, Outside, Rehearsal, decide, decide_group, rehearse},
    exchange::ExchangeState,
    leaf::Leaf,
    log::{self, Edge},
    occasion::Occasion,
    registry::Registry,
    state::State,
};

/// What stands or falls together.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    One(Box<Request>),
    Group(Group),
}

impl Work {
    pub(crate) fn requests(&self) -> &[Request] {
        match self {
            Self::One(request) => std::slice::from_ref(&**request),
            Self::Group(group) => &group.requests,
        }
    }

    /// Whether all that came before has to be written.
    pub(crate) fn is_solitary(&self) -> bool {
        self.requests().iter().any(|request| request.command.stands_alone())
    }
}

/// What became of a piece of work: a receipt for each request, or the first rejection.
pub(crate) type Answer = Result<Vec<Receipt>, (usize, Rejection)>;

/// What the last batch left in memory.
#[derive(Debug)]
pub(crate) struct Warm {
    state: State,
    edge: Edge,
}

impl Warm {
    /// How many keys and exchanges it holds that only batches not written yet need.
    pub(crate) fn len_of_batches(&self) -> usize {
        self.state.keys.len() + self.state.exchanges.len()
    }

    /// Keeps what any batch can use, and lets go of the rest.
    pub(crate) fn forget_batches(&mut self) {
        let state = &mut self.state;
        state.exchanges.clear();
        state.speakers.clear();
        state.contributions.clear();
        state.reversible.clear();
        state.keys.clear();
        state.references.clear();
        state.recognitions.clear();
        state.closing = None;
        state.has_open_exchanges = false;
    }
}

/// A leaf's text and its hash.
pub(crate) type SealedLeaf = (String, Digest);

/// The rows of so many acts are made at a time.
pub(crate) const ACTS_AT_ONCE: usize = 2_048;

/// What a batch becomes, decided and not written.
pub(crate) struct Decided {
    decisions: Vec<Result<Vec<Decision>, (usize, Rejection)>>,
    /// What its acts change, where there are any: the first [`ACTS_AT_ONCE`] of them.
    change: Option<Change>,
    /// The leaves of the others. Their rows are made as they are written, so that memory need not hold them all.
    other_leaves: Vec<SealedLeaf>,
    registry: Arc<Registry>,
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
) -> Result<Decided, StoreError> {
    // Whatever fails from here on, memory may no longer agree with the database.
    let last = warm.take();
    let mut current = current(tx, network, last).await?;
    let mut source = Source::Open(tx);
    let decided = decide_batch(&mut source, network, works, &mut current, Keys::All, clock, secrets).await?;
    *warm = Some(current);
    Ok(decided)
}

/// A batch that was decided on what is in memory.
pub(crate) struct Ahead {
    /// The log's root that it was decided on.
    builds_on: Digest,
    decided: Decided,
    /// What writes it as a transaction of its own, in place of what it changes, where that can be.
    alone: Option<Alone>,
}

impl Ahead {
    pub(crate) const fn is_everyday(&self) -> bool {
        self.decided.is_everyday
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
    let mut decided = decide_batch(&mut source, network, works, warm, Keys::OfGroups, clock, secrets).await?;
    let (_, repeated) = sort_out(&decided.decisions);
    let mut alone = None;
    if decided.is_everyday
        && repeated.is_empty()
        && decided.other_leaves.is_empty()
        && let Some(change) = decided.change.take_if(|change| change.can_stand_alone(store.db()))
    {
        alone = Some(change.alone(store.db(), builds_on)?);
    }
    Ok(Ahead { builds_on, decided, alone })
}

/// Which requests' keys are looked up before they are decided.
#[derive(Debug, Clone, Copy)]
enum Keys {
    All,
    /// A file may well be brought in twice. Other requests hardly ever come twice: the table refuses to hold a key twice,
    /// and only those that are rejected are looked up, since the first time they may have been accepted.
    OfGroups,
}

impl Keys {
    const fn are_looked_up(self, work: &Work) -> bool {
        matches!((self, work), (Self::All, _) | (Self::OfGroups, Work::Group(_)))
    }
}

async fn decide_batch(
    source: &mut Source<'_>,
    network: NetworkId,
    works: &[Work],
    Warm { state, edge }: &mut Warm,
    keys: Keys,
    clock: &dyn Clock,
    secrets: &mut dyn Secrets,
) -> Result<Decided, StoreError> {
    let looked_up = works.iter().filter(|work| keys.are_looked_up(work));
    let looked_up: Vec<&Request> = looked_up.flat_map(Work::requests).collect();
    load::load_keys(source, network, state, &looked_up).await?;
    let requests: Vec<&Request> = works.iter().flat_map(Work::requests).collect();
    load::load(source, network, state, &requests).await?;
    let mut outside = Outside { now: clock.now(), secrets };
    let mut decisions: Vec<_> = works.iter().map(|work| decide_work(state, work, &mut outside)).collect();

    let mut rejected: Vec<_> = works.iter().zip(&mut decisions).collect();
    rejected.retain(|(work, decision)| decision.is_err() && !keys.are_looked_up(work));
    let requests: Vec<&Request> = rejected.iter().flat_map(|(work, _)| work.requests()).collect();
    load::load_keys(source, network, state, &requests).await?;
    for (work, decision) in rejected {
        if work.requests().iter().any(|request| state.keys.contains_key(&request.key)) {
            *decision = decide_work(state, work, &mut outside);
        }
    }

    let (acts, _) = sort_out(&decisions);
    let (change, other_leaves) = (!acts.is_empty()).then(|| change_of(network, &acts, state, edge)).unzip();
    let is_everyday = acts.iter().all(|act| !act.kind().changes_registry() && !act.kind().is_about_proofs());
    let (registry, other_leaves) = (Arc::clone(&state.registry), other_leaves.unwrap_or_default());
    Ok(Decided { decisions, change, other_leaves, registry, is_everyday })
}

/// Writes a batch that was decided ahead, and answers it; `None` when that was on another ledger than there is, or when
/// a request had been accepted before.
pub(crate) async fn carry_out_ahead(
    store: &Store,
    network: NetworkId,
    Ahead { builds_on, decided, alone }: Ahead,
    gauges: &Gauges,
) -> Result<Option<Vec<Answer>>, StoreError> {
    let answers = if let Some(alone) = alone {
        match alone.write().await {
            Ok(true) => answers(&decided.decisions, &sort_out(&decided.decisions).0, &HashMap::new()),
            Ok(false) => return Ok(None),
            Err(error) => Err(error),
        }
    } else {
        let mut tx = store.db().begin_write().await?;
        if lock_head(&mut tx, network).await?.1 != builds_on {
            return Ok(None);
        }
        carry_out(tx, network, decided, gauges).await
    };
    match answers {
        Err(error) if error.is_known_key() => Ok(None),
        answers => answers.map(Some),
    }
}

/// Writes a batch under the network's lock, and answers it.
pub(crate) async fn carry_out(
    mut tx: Tx,
    network: NetworkId,
    decided: Decided,
    gauges: &Gauges,
) -> Result<Vec<Answer>, StoreError> {
    let Decided { decisions, change, other_leaves, registry, .. } = decided;
    let (acts, repeated) = sort_out(&decisions);
    let before = repeated_receipts(&mut tx, network, repeated).await?;
    match change {
        // The lock goes with the transaction.
        None => drop(tx),
        Some(change) => {
            rows::write(&mut tx, network, &acts, change, other_leaves, &registry, gauges).await?;
            tx.commit().await?;
        }
    }
    answers(&decisions, &acts, &before)
}

/// The acts to write, and those that were written before.
fn sort_out(decisions: &[Result<Vec<Decision>, (usize, Rejection)>]) -> (Vec<&Act>, Vec<ActNumber>) {
    let (mut acts, mut repeated) = (Vec::new(), Vec::new());
    for decision in decisions.iter().flatten().flatten() {
        match decision {
            Decision::New(act) => acts.push(&**act),
            Decision::Repeated(number) => repeated.push(*number),
        }
    }
    (acts, repeated)
}

/// Founds a network: its row, its head, and act 0.
async fn found(
    store: &Store,
    network: &ledger::state::Network,
    clock: &dyn Clock,
    secrets: &mut dyn Secrets,
) -> Result<NetworkId, StoreError> {
    let mut tx = store.db().begin_write().await?;
    let id = insert_network(&mut tx, network).await?;
    let mut state = State::default();
    let command =
        Command::FoundNetwork { uuid: network.uuid, name: network.name.clone(), time_zone: network.time_zone };
    let digest = log::leaf_hash(network.uuid.as_bytes());
    let request = Occasion::Founding.request_about(digest, By::OPERATOR, command);
    let mut outside = Outside { now: clock.now(), secrets };
    let decision = decide(&mut state, &request, &mut outside)
        .map_err(|rejection| StoreError::Encoding(rejection.in_words(ledger::Language::French, &|_| String::new())))?;
    if let Decision::New(act) = &decision {
        let (change, other_leaves) = change_of(id, &[&**act], &state, &mut Edge::default());
        rows::write(&mut tx, id, &[&**act], change, other_leaves, &state.registry, &Gauges::default()).await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn insert_network(tx: &mut Tx, network: &ledger::state::Network) -> Result<NetworkId, StoreError> {
    let sql = "INSERT INTO network (network_id, uuid, name, time_zone) \
               SELECT coalesce(max(network_id), 0) + 1, $1, $2, $3 FROM network RETURNING network_id";
    let (id,): (i64,) = on_tx!(tx, connection => {
        sqlx::query_as(sql).bind(network.uuid).bind(&network.name).bind(network.time_zone.name()).fetch_one(connection).await?
    });
    let sql = "INSERT INTO head (network_id, next_act, last_at, registry_act, reference_year, reference_last, root) \
               VALUES ($1, 0, 0, 0, 0, 0, $2)";
    let empty = log::root_of(&[]).0.to_vec();
    on_tx!(tx, connection => sqlx::query(sql).bind(id).bind(empty).execute(connection).await.map(|_| ())?);
    Ok(NetworkId(id))
}

/// The state that the head tells: what is in memory where it still holds, otherwise read anew.
async fn current(tx: &mut Tx, network: NetworkId, last: Option<Warm>) -> Result<Warm, StoreError> {
    let (head, root) = lock_head(tx, network).await?;
    if let Some(mut warm) = last {
        if warm.edge.root() == root {
            return Ok(warm);
        }
        // Where the log has not grown since, it is another one.
        if warm.state.head.registry_act == head.registry_act && warm.state.head.next < head.next {
            warm.forget_batches();
            warm.state.accounts.clear();
            warm.state.head = head;
            warm.edge = load_edge(tx, network, warm.state.head.next, root).await?;
            return Ok(warm);
        }
    }
    let edge = load_edge(tx, network, head.next, root).await?;
    let state = State {
        network: Some(read_network(tx, network).await?),
        registry: Arc::new(load_registry(tx, network).await?),
        head,
        ..State::default()
    };
    Ok(Warm { state, edge })
}

async fn load_edge(tx: &mut Tx, network: NetworkId, next: ActNumber, root: Digest) -> Result<Edge, StoreError> {
    let size = u64::try_from(next.0).unwrap_or_default();
    let places = Edge::places(size);
    let tiles = tiles::load(tx, network, &places).await?;
    let edge = Edge::new(size, &tiles).ok_or_else(|| tiles::missing(network))?;
    // Refusing to build on a log that does not have its own root costs one hash a tile.
    if edge.root() != root {
        return Err(impossible("head", network.0, "the log's tiles do not have the stored root".to_owned()));
    }
    Ok(edge)
}

fn decide_work(state: &mut State, work: &Work, outside: &mut Outside<'_>) -> Result<Vec<Decision>, (usize, Rejection)> {
    match work {
        Work::One(request) => {
            decide(state, request, outside).map(|decision| vec![decision]).map_err(|rejection| (0, rejection))
        }
        Work::Group(group) => decide_group(state, &group.requests, group.override_reason.as_deref(), outside),
    }
}

/// What acts change: the rows of the first [`ACTS_AT_ONCE`], those of the log, and the head after all of them; and the
/// leaves of the others. `edge` is as it was before them.
fn change_of(network: NetworkId, acts: &[&Act], state: &State, edge: &mut Edge) -> (Change, Vec<SealedLeaf>) {
    let uuid = state.network.as_ref().map_or(Uuid::nil(), |network| network.uuid);
    let leaf_of = |act: &&Act| {
        let leaf = Leaf::of(act, uuid).to_text();
        let hash = log::leaf_hash(leaf.as_bytes());
        edge.append(hash);
        (leaf, hash)
    };
    let mut leaves: Vec<SealedLeaf> = acts.iter().map(leaf_of).collect();
    let other_leaves = leaves.split_off(leaves.len().min(ACTS_AT_ONCE));
    let first = &acts[..leaves.len()];
    let mut tiles = TableRows::new(&schema::LOG_TILE, Known::Changes(&["hashes"]));
    for ((level, index), hashes) in edge.take_changed() {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let hashes: Vec<[u8; 32]> = hashes.into_iter().map(|hash| hash.0).collect();
        tiles.push(row![network.0, i64::from(level), index, hashes.into_flattened()]);
    }
    let mut tables = rows::of(network, first, leaves);
    tables.push(tiles);
    let head = head_row(network, state, edge.root());
    (Change { head, tables, deletion: rows::forgotten(network, first) }, other_leaves)
}

fn head_row(network: NetworkId, state: &State, root: Digest) -> TableRows {
    let head = &state.head;
    let changes = &[
        "next_act",
        "last_at",
        "registry_act",
        "reference_year",
        "reference_last",
        "first_year",
        "closed_through",
        "root",
    ];
    let mut row = TableRows::new(&schema::HEAD, Known::Changes(changes));
    row.push(row![
        network.0,
        head.next.0,
        head.last_at.timestamp_micros(),
        head.registry_act.0,
        head.reference.0,
        head.reference.1,
        head.first_year.map(|year| year.0),
        head.closed_through.map(|year| year.0),
        root.0.to_vec(),
    ]);
    row
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
            let wrong = |problem: String| impossible("act", number, problem);
            let leaf = Leaf::parse(&leaf).map_err(|error| wrong(error.to_string()))?;
            let exchange = leaf.exchange.as_ref();
            let state = exchange.map(|exchange| ExchangeState::try_from(exchange.state.as_ref())).transpose();
            let limits_met = leaf.limits_met.iter().filter_map(|number| Account::from_number(Book::Exchange, *number));
            let receipt = Receipt {
                act: ActNumber(number),
                exchange: exchange.map(|exchange| ExchangeNumber(exchange.number)),
                state: state.map_err(|error| wrong(error.to_string()))?,
                reference: leaf.reference.map(Cow::into_owned).or(brought_in),
                limits_met: limits_met.collect(),
                is_repeat: true,
            };
            Ok((ActNumber(number), receipt))
        })
        .collect()
}

fn answers(
    decisions: &[Result<Vec<Decision>, (usize, Rejection)>],
    acts: &[&Act],
    before: &HashMap<ActNumber, Receipt>,
) -> Result<Vec<Answer>, StoreError> {
    let new: HashMap<ActNumber, Receipt> = acts.iter().map(|act| (act.number, Receipt::of(act))).collect();
    let receipt = |decision: &Decision| {
        let number = decision.number();
        let receipt = new.get(&number).or_else(|| before.get(&number)).cloned();
        let receipt = receipt.ok_or_else(|| impossible("act", number, "an act without a row".to_owned()))?;
        Ok(Receipt { is_repeat: matches!(decision, Decision::Repeated(_)), ..receipt })
    };
    let answer = |decisions: &Result<Vec<Decision>, (usize, Rejection)>| match decisions {
        Ok(decisions) => decisions.iter().map(receipt).collect::<Result<_, StoreError>>().map(Ok),
        Err(rejection) => Ok(Err(rejection.clone())),
    };
    decisions.iter().map(answer).collect()
}

impl Store {
    /// Says what would become of these requests as one group, and writes nothing.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be true.
    pub async fn rehearse(
        &self,
        network: NetworkId,
        requests: &[Request],
        clock: &dyn Clock,
    ) -> Result<Rehearsal, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let (head, _) = read_head(&mut tx, network).await?;
        let mut state = State {
            network: Some(read_network(&mut tx, network).await?),
            registry: Arc::new(load_registry(&mut tx, network).await?),
            head,
            ..State::default()
        };
        let requests_by_reference: Vec<&Request> = requests.iter().collect();
        let mut source = Source::Open(&mut tx);
        load::load_keys(&mut source, network, &mut state, &requests_by_reference).await?;
        load::load(&mut source, network, &mut state, &requests_by_reference).await?;
        // Nothing of a rehearsal is kept: its commitments need no secret.
        let mut secrets = CountedSecrets(0);
        Ok(rehearse(state, requests, &mut Outside { now: clock.now(), secrets: &mut secrets }))
    }

    /// Founds a network.
    ///
    /// # Errors
    /// When the database does not answer or the name is empty.
    pub async fn found(
        &self,
        network: &ledger::state::Network,
        clock: &dyn Clock,
        secrets: &mut dyn Secrets,
    ) -> Result<NetworkId, StoreError> {
        let mut tries = 20;
        loop {
            match found(self, network, clock, secrets).await {
                // Somebody else founds a network at this moment, and has taken its number.
                Err(error) if error.is_known_key() && tries > 0 => tries -= 1,
                founded => return founded,
            }
        }
    }
}

/// A version 7 UUID (RFC 9562) for a network founded at that instant.
pub fn network_uuid(now: chrono::DateTime<Utc>, secrets: &mut dyn Secrets) -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&secrets.key().0[22..]);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
