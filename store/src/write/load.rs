//! Reads what a batch of requests touches and memory does not hold, in a few statements.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use crate::{
    StoreError,
    bulk::{Rows, row},
    db::{Db, Tx, on_tx, select},
    directory,
    read::{
        accounts::{account_heads, account_rows, account_years, year_leaves},
        exchanges::{ExchangeRow, exchanges_of_references},
        network::reference_counters,
        recognitions::RecognitionRow,
    },
    reading::{Found, Pair, RowOf, table_row},
    schema::ColumnType::{Int, Text},
};
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, NetworkId, PersonNumber, SkillNumber,
    account::{Account, Book, Movements, PostingKind},
    act::{ActKind, Contributed},
    command::{Key, Request},
    exchange::ExchangeState,
    log,
    state::{KnownExchange, OpenExchanges, Reversible, State, numbered_reference},
    touched::Touched,
    year::{Year, YearClosing, YearToClose},
};

/// Where what a batch touches is read.
pub(crate) enum Source<'a> {
    Open(&'a mut Tx),
    /// Only opened when there is something to read.
    Ahead(&'a Db, Option<Tx>),
}

impl Source<'_> {
    pub(crate) async fn tx(&mut self) -> Result<&mut Tx, StoreError> {
        match self {
            Self::Open(tx) => Ok(tx),
            Self::Ahead(_, Some(tx)) => Ok(tx),
            Self::Ahead(db, none) => Ok(none.insert(db.begin_read_ahead().await?)),
        }
    }
}

/// Fills a state with what the requests touch. What it holds already is kept: it may be ahead of the database. What is
/// not found is noted as nothing, so that the decision can tell it from what nobody has looked for.
pub(crate) async fn load(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    requests: &[&Request],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut touched = Touched::default();
    for request in requests {
        touched.add(request);
    }
    load_references(source, network, state, &touched.references).await?;
    load_reference_counters(source, network, state, years_of_references(&touched, state, now)?).await?;
    load_exchanges(source, network, state, &touched.exchanges).await?;
    load_reversible(source, network, state, &touched.acts_to_reverse(state)?).await?;
    load_exchanges(source, network, state, &touched.exchanges_told_of(state)?).await?;
    load_recognitions(source, network, state, &touched.recognitions).await?;
    load_domains(source, network, state, &touched.domains).await?;
    load_accounts(source, network, state, touched.accounts(state)?).await?;
    if let Some(year) = touched.closing {
        let closed = state.head.closed_through;
        state.closing = Some(year_to_close(source.tx().await?, network, year, closed).await?);
    }
    if let Some(association) = touched.open_exchanges_of {
        let any = has_open_exchanges(source.tx().await?, network, association).await?;
        state.open_exchanges = Some(OpenExchanges { association, any });
    }
    Ok(())
}

/// Fills a state with those of the requests' keys that were used before.
pub(crate) async fn load_keys(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    requests: &[&Request],
) -> Result<(), StoreError> {
    if requests.is_empty() {
        return Ok(());
    }
    let tx = source.tx().await?;
    let keys = requests.iter().map(|request| row![request.key.scope.as_str(), request.key.key.as_str()]).collect();
    let sql = "SELECT a.key_scope, a.key, a.request, a.number FROM {rows} CROSS JOIN act AS a \
               WHERE a.network_id = $1 AND a.key_scope = r.c0 AND a.key = r.c1";
    let found: Vec<(String, String, Vec<u8>, i64)> = Rows::new(&[Text, Text], keys).select(tx, network.0, sql).await?;
    for (scope, key, request, number) in found {
        let request = RowOf("act", number).digest("request", &request)?;
        state.keys.insert(Key { scope, key }, (request, ActNumber(number)));
    }
    state.keys_beside.extend(keys_beside(tx, network, requests.iter().map(|request| &request.key)).await?);
    Ok(())
}

/// Those of these keys that are in use for what is no act.
pub(crate) async fn keys_beside(
    tx: &mut Tx,
    network: NetworkId,
    keys: impl IntoIterator<Item = &Key>,
) -> Result<Vec<Key>, StoreError> {
    let of_callers = keys.into_iter().filter(|key| key.is_of_caller());
    let rows: Vec<_> = of_callers.map(|key| row![key.scope.as_str(), key.key.as_str()]).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT n.scope, n.key FROM {rows} CROSS JOIN answer AS n \
               WHERE n.network_id = $1 AND n.scope = r.c0 AND n.key = r.c1";
    let found: Vec<(String, String)> = Rows::new(&[Text, Text], rows).select(tx, network.0, sql).await?;
    Ok(found.into_iter().map(|(scope, key)| Key { scope, key }).collect())
}

async fn load_references(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    wanted: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let unknown: Vec<_> = wanted.iter().filter(|reference| !state.references.is_known(*reference)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let asked: Vec<&str> = unknown.iter().map(|reference| reference.as_str()).collect();
    let found = exchanges_of_references(source.tx().await?, network, &asked).await?;
    state.references.extend(found.into_iter().map(|(reference, _)| (reference, ())));
    for reference in unknown {
        state.references.insert_nothing(reference.clone());
    }
    Ok(())
}

/// The years whose references these are, and the one in which the next ones are given.
fn years_of_references(touched: &Touched, state: &State, now: DateTime<Utc>) -> Result<BTreeSet<i32>, StoreError> {
    let brought_in = touched.references.iter().filter_map(|reference| numbered_reference(reference));
    let mut years: BTreeSet<i32> = brought_in.map(|(year, _)| year).collect();
    if touched.is_given_reference {
        years.insert(state.today(now)?.year());
    }
    Ok(years)
}

async fn load_reference_counters(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    mut wanted: BTreeSet<i32>,
) -> Result<(), StoreError> {
    wanted.retain(|year| state.reference_counter(*year).is_err());
    if wanted.is_empty() {
        return Ok(());
    }
    state.reference_counters.extend(reference_counters(source.tx().await?, network).await?);
    for year in wanted {
        state.reference_counters.insert_nothing(year);
    }
    Ok(())
}

table_row! {
    /// An exchange, and who spoke last.
    struct SpokenRow {
        principal: String,
        ..exchange: ExchangeRow,
    }
}

/// What other networks are known by no head of this one tells: where one of them is faster, the directory refuses to hold
/// a domain twice, and the batch is decided again.
async fn load_domains(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    wanted: &BTreeSet<String>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let asked: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let found = directory::domains_of_others(source.tx().await?, network, &asked).await?;
    state.domains.extend(found.into_iter().map(|domain| (domain, ())));
    for domain in wanted {
        state.domains.insert_nothing(domain.clone());
    }
    Ok(())
}

async fn load_exchanges(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    wanted: &BTreeSet<ExchangeNumber>,
) -> Result<(), StoreError> {
    let unknown: Vec<_> = wanted.iter().filter(|exchange| !state.exchanges.is_known(*exchange)).copied().collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let tx = source.tx().await?;
    let rows = Rows::new(&[Int], unknown.iter().map(|exchange| row![exchange.0]).collect());
    let sql = "SELECT e.exchange, e.giver, e.receiver, e.minutes, e.service_date, e.skill, e.state, e.spoken_by, \
               e.spoken_in, e.posted_in, e.replaces, a.principal FROM {rows} CROSS JOIN exchange AS e \
               JOIN act AS a ON a.network_id = e.network_id AND a.number = e.spoken_in \
               WHERE e.network_id = $1 AND e.exchange = r.c0";
    let mut found: BTreeMap<ExchangeNumber, KnownExchange> = BTreeMap::new();
    for SpokenRow { exchange, principal } in rows.select(tx, network.0, sql).await? {
        let exchange = exchange.read()?;
        let speaker = RowOf("act", exchange.spoken_in).principal("principal", &principal)?;
        found.insert(exchange.number, KnownExchange { exchange, speaker, told: Vec::new() });
    }
    // What is posted stands in the append-only table; what waits for the posting, in the erasable one.
    let posted = "SELECT c.exchange, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date, NULL AS key \
                  FROM {rows} CROSS JOIN contribution AS c WHERE c.network_id = $1 AND c.exchange = r.c0 \
                  ORDER BY c.act, c.line";
    let waiting = "SELECT c.exchange, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date, c.key \
                   FROM {rows} CROSS JOIN proposed_contribution AS c WHERE c.network_id = $1 AND c.exchange = r.c0 \
                   ORDER BY c.exchange, c.line";
    for (table, sql, is_posted) in [("contribution", posted, true), ("proposed_contribution", waiting, false)] {
        for told in rows.select::<ContributionRow>(tx, network.0, sql).await? {
            let told = told.read(table)?;
            let known = told.exchange.and_then(|number| found.get_mut(&number));
            let row = RowOf(table, Pair("of person", told.person));
            let wrong = || row.wrong("exchange", "it names one that is not there");
            let known = known.ok_or_else(wrong)?;
            if known.exchange.posted_in.is_some() == is_posted {
                known.told.push(told);
            }
        }
    }
    state.exchanges.extend(found);
    for exchange in unknown {
        state.exchanges.insert_nothing(exchange);
    }
    Ok(())
}

async fn load_recognitions(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    wanted: &BTreeSet<ActNumber>,
) -> Result<(), StoreError> {
    let unknown: Vec<_> = wanted.iter().filter(|number| !state.recognitions.is_known(*number)).copied().collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(&[Int], unknown.iter().map(|number| row![number.0]).collect());
    let sql = "SELECT n.recognition, n.person, n.association, n.exchange, n.skill, n.level, n.state FROM {rows} \
               CROSS JOIN recognition AS n WHERE n.network_id = $1 AND n.recognition = r.c0";
    for found in rows.select::<RecognitionRow>(source.tx().await?, network.0, sql).await? {
        let recognition = found.read()?;
        state.recognitions.insert(recognition.number, recognition);
    }
    for number in unknown {
        state.recognitions.insert_nothing(number);
    }
    Ok(())
}

table_row! {
    struct ContributionRow {
        exchange: Option<i64>,
        person: i64,
        association: i64,
        minutes: i64,
        nature: String,
        skill: Option<i64>,
        service_date: Found<NaiveDate>,
        key: Option<Vec<u8>>,
    }
}

impl ContributionRow {
    fn read(self, table: &'static str) -> Result<Contributed, StoreError> {
        let row = RowOf(table, Pair("of person", self.person));
        let key = match self.key {
            Some(key) => key,
            // What is posted needs no key any more: whoever takes it back has a new one.
            None if table == "contribution" => vec![0; 32],
            None => return Err(row.wrong("key", "it is empty")),
        };
        Ok(Contributed {
            person: PersonNumber(self.person),
            association: AssociationNumber(self.association),
            exchange: self.exchange.map(ExchangeNumber),
            minutes: Minutes::new(self.minutes),
            nature: row.word("nature", &self.nature)?,
            skill: self.skill.map(SkillNumber),
            service_date: row.found("service_date", self.service_date)?,
            key: row.secret("key", &key)?,
        })
    }
}

/// Reads what acts posted that are no exchange: a transfer, a balance brought in, hours.
async fn load_reversible(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    acts: &[ActNumber],
) -> Result<(), StoreError> {
    for act in acts {
        if !state.reversible.is_known(act) {
            match reversible(source.tx().await?, network, *act).await? {
                Some(posted) => state.reversible.insert(*act, posted),
                None => state.reversible.insert_nothing(*act),
            }
        }
    }
    Ok(())
}

async fn reversible(tx: &mut Tx, network: NetworkId, act: ActNumber) -> Result<Option<Reversible>, StoreError> {
    let rows = Rows::new(&[Int], vec![row![act.0]]);
    let sql = "SELECT a.leaf, (SELECT count(*) FROM reversal AS v WHERE v.network_id = $1 AND v.target = a.number) \
               FROM {rows} CROSS JOIN act AS a WHERE a.network_id = $1 AND a.number = r.c0";
    let Some((leaf, reversals)) = rows.select::<(String, i64)>(tx, network.0, sql).await?.into_iter().next() else {
        return Ok(None);
    };
    let row = RowOf("act", act);
    let wrong = |problem: String| row.wrong("leaf", problem);
    let leaf = row.leaf("leaf", &leaf)?;
    let kind = leaf.kind;
    if !matches!(
        kind,
        ActKind::Transferred | ActKind::BalanceBroughtIn | ActKind::OwnHoursGiven | ActKind::ContributionsTold
    ) {
        return Ok(None);
    }
    let account = |number: i64| Account::from_number(Book::Exchange, number);
    let negation = match leaf.postings.as_slice() {
        // Hours stand in book engagement alone.
        [] => Movements::default(),
        [to, from] => {
            let (Some(to_account), Some(from_account)) = (account(to.account), account(from.account)) else {
                return Err(wrong("an account that cannot be".to_owned()));
            };
            let correction = PostingKind::Correction;
            Movements::pair((to_account, correction), (from_account, correction), Minutes::new(to.minutes))
                .ok_or_else(|| wrong(format!("it posts {} minutes, which nothing negates", to.minutes)))?
        }
        others => return Err(wrong(format!("it has {} postings in book exchange", others.len()))),
    };
    let sql = "SELECT c.exchange, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date, NULL AS key \
               FROM {rows} CROSS JOIN contribution AS c WHERE c.network_id = $1 AND c.act = r.c0 ORDER BY c.line";
    let contributions = rows.select::<ContributionRow>(tx, network.0, sql).await?;
    Ok(Some(Reversible {
        negation,
        contributions: contributions.into_iter().map(|told| told.read("contribution")).collect::<Result<_, _>>()?,
        booked: leaf.booked.ok_or_else(|| wrong("it posts under no day".to_owned()))?,
        is_reversed: reversals > 0,
    }))
}

async fn load_accounts(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    mut wanted: BTreeSet<Account>,
) -> Result<(), StoreError> {
    wanted.retain(|account| !state.accounts.is_known(account));
    if !wanted.is_empty() {
        // An account without postings is found, and empty.
        state.accounts.extend(account_heads(source.tx().await?, network, &account_rows(&wanted)).await?);
    }
    Ok(())
}

async fn has_open_exchanges(
    tx: &mut Tx,
    network: NetworkId,
    association: AssociationNumber,
) -> Result<bool, StoreError> {
    let rows = Rows::new(&[Int], vec![row![association.0]]);
    let sql = "SELECT e.exchange FROM {rows} CROSS JOIN exchange AS e WHERE e.network_id = $1 \
               AND e.state IN ('proposed', 'contested', 'held') AND (e.giver = r.c0 OR e.receiver = r.c0) LIMIT 1";
    Ok(!rows.select::<(i64,)>(tx, network.0, sql).await?.is_empty())
}

async fn year_to_close(
    tx: &mut Tx,
    network: NetworkId,
    year: Year,
    closed: Option<Year>,
) -> Result<YearToClose, StoreError> {
    let years = account_years(tx, network, year).await?;
    let sql =
        "SELECT state, service_date FROM exchange WHERE network_id = $1 AND state IN ('proposed', 'contested', 'held')";
    let mut waiting: HashMap<String, u64> = HashMap::new();
    for (state, date) in select::<(String, NaiveDate)>(tx, network, sql).await? {
        let of = Year::of(date);
        if of <= year && closed.is_none_or(|closed| of > closed) {
            *waiting.entry(state).or_default() += 1;
        }
    }
    let count = |state: ExchangeState| waiting.get(state.as_str()).copied().unwrap_or_default();
    let closing = YearClosing {
        year,
        accounts: u64::try_from(years.len())
            .map_err(|_| RowOf("posting", year).wrong("account", "more accounts than can be counted"))?,
        root: log::root_of(&year_leaves(&years)?),
        proposed: count(ExchangeState::Proposed),
        contested: count(ExchangeState::Contested),
        held: count(ExchangeState::Held),
    };
    Ok(YearToClose { closing, open_before: first_booked(tx, network, year, closed).await? })
}

/// The first year before this one that is open and has something booked.
async fn first_booked(
    tx: &mut Tx,
    network: NetworkId,
    year: Year,
    closed: Option<Year>,
) -> Result<Option<Year>, StoreError> {
    let Some((before, _)) = year.days() else { return Ok(None) };
    // Before the first year that anything can be booked in.
    let since = closed.map_or(Year(1900), Year::next);
    let Some((open_since, _)) = since.days() else { return Ok(None) };
    let sql = "SELECT min(booked) FROM posting WHERE network_id = $1 AND booked >= $2 AND booked < $3";
    let first: Option<NaiveDate> = on_tx!(tx, connection => {
        sqlx::query_scalar(sql).bind(network.0).bind(open_since).bind(before).fetch_one(connection).await?
    });
    Ok(first.map(Year::of))
}
