//! Reads what a batch of requests touches and memory does not hold, in a few statements.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sqlx::FromRow;

use crate::{
    StoreError,
    bulk::{Rows, row},
    db::{Db, Tx, select},
    error::impossible,
    principal::principal_from,
    read::{
        accounts::{account_heads, account_rows, account_years, year_root},
        exchanges::{ExchangeRow, exchanges_of_references},
        recognitions::{RecognitionRow, recognition_from},
    },
    schema::ColumnType::{Int, Text},
};
use ledger::{
    ActNumber, AssociationNumber, Digest, ExchangeNumber, Minutes, NetworkId, PersonNumber, SkillNumber,
    account::{Account, Book, Movement, Movements, PostingKind},
    act::{ActKind, Contributed},
    clock::SecretKey,
    command::{Command, Request, Seen},
    contribution::Nature,
    exchange::{Exchange, ExchangeState},
    leaf::Leaf,
    state::{Reversible, State},
    year::{Year, YearClosing},
};

/// Where what a batch touches is read.
pub(crate) enum Source<'a> {
    Open(&'a mut Tx),
    /// Only opened when there is something to read.
    Ahead(&'a Db, Option<Tx>),
}

impl Source<'_> {
    async fn tx(&mut self) -> Result<&mut Tx, StoreError> {
        match self {
            Self::Open(tx) => Ok(tx),
            Self::Ahead(_, Some(tx)) => Ok(tx),
            Self::Ahead(db, none) => Ok(none.insert(db.begin_read_ahead().await?)),
        }
    }
}

/// Fills a state with what the requests touch. What it holds already is kept: it may be ahead of the database.
pub(crate) async fn load(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    requests: &[&Request],
) -> Result<(), StoreError> {
    load_references(source, network, state, requests).await?;
    let of_request = |request: &&Request| {
        let seen = match &request.seen {
            Some(Seen::Exchange(exchange)) => Some(exchange.number),
            _ => None,
        };
        request.command.exchange().into_iter().chain(seen)
    };
    let mut exchanges: BTreeSet<ExchangeNumber> = requests.iter().flat_map(of_request).collect();
    load_exchanges(source, network, state, &exchanges).await?;
    let targets: BTreeSet<_> = requests
        .iter()
        .filter_map(|request| match &request.command {
            Command::Reverse { target, .. } => Some(*target),
            _ => None,
        })
        .collect();
    for target in targets {
        if !state.exchanges.contains_key(&ExchangeNumber(target.0)) && !state.reversible.contains_key(&target) {
            load_reversible(source.tx().await?, network, state, target).await?;
        }
    }
    let recognitions: Vec<_> = requests
        .iter()
        .filter_map(|request| match &request.command {
            Command::AcceptRecognition { recognition, .. } | Command::WithdrawRecognition { recognition, .. } => {
                Some(*recognition)
            }
            _ => None,
        })
        .filter(|recognition| !state.recognitions.contains_key(recognition))
        .collect();
    if !recognitions.is_empty() {
        load_recognitions(source.tx().await?, network, state, &recognitions).await?;
    }
    // Hours told of an exchange may be taken back alone; the exchange is then part of the decision.
    let told = state.reversible.values().flat_map(|posted| posted.contributions.iter());
    exchanges = told.filter_map(|contributed| contributed.exchange).collect();
    load_exchanges(source, network, state, &exchanges).await?;

    let mut accounts = BTreeSet::new();
    for request in requests {
        accounts_of(state, &request.command, &mut accounts);
    }
    accounts.retain(|account| !state.accounts.contains_key(account));
    if !accounts.is_empty() {
        load_accounts(source.tx().await?, network, state, &accounts).await?;
    }
    for request in requests {
        match &request.command {
            Command::CloseYear { year } => {
                state.closing = Some(year_closing(source.tx().await?, network, *year).await?);
            }
            Command::Leave { association, .. } => {
                state.has_open_exchanges = has_open_exchanges(source.tx().await?, network, *association).await?;
            }
            _ => {}
        }
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
        let request =
            request.try_into().map_err(|_| impossible("act", number, "request is not 32 bytes".to_owned()))?;
        state.keys.insert(ledger::command::Key { scope, key }, (Digest(request), ActNumber(number)));
    }
    Ok(())
}

async fn load_references(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    requests: &[&Request],
) -> Result<(), StoreError> {
    let brought_in = requests.iter().filter_map(|request| match &request.command {
        Command::Propose { exchange, .. } | Command::Record { exchange, .. } => exchange.reference.as_deref(),
        _ => None,
    });
    let brought_in: Vec<_> = brought_in.collect();
    if brought_in.is_empty() {
        return Ok(());
    }
    let found = exchanges_of_references(source.tx().await?, network, brought_in).await?;
    state.references.extend(found.into_iter().map(|(reference, _)| reference));
    Ok(())
}

/// An exchange, and who spoke last.
#[derive(FromRow)]
struct SpokenRow {
    #[sqlx(flatten)]
    exchange: ExchangeRow,
    principal: String,
}

async fn load_exchanges(
    source: &mut Source<'_>,
    network: NetworkId,
    state: &mut State,
    wanted: &BTreeSet<ExchangeNumber>,
) -> Result<(), StoreError> {
    let unknown: Vec<_> = wanted.iter().filter(|exchange| !state.exchanges.contains_key(exchange)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let tx = source.tx().await?;
    let rows = Rows::new(&[Int], unknown.into_iter().map(|exchange| row![exchange.0]).collect());
    let sql = "SELECT e.exchange, e.giver, e.receiver, e.minutes, e.service_date, e.skill, e.state, e.spoken_by, \
               e.spoken_in, e.posted_in, e.replaces, a.principal FROM {rows} CROSS JOIN exchange AS e \
               JOIN act AS a ON a.network_id = e.network_id AND a.number = e.spoken_in \
               WHERE e.network_id = $1 AND e.exchange = r.c0";
    for SpokenRow { exchange, principal } in rows.select(tx, network.0, sql).await? {
        let exchange = Exchange::try_from(exchange)?;
        let principal = principal_from(&principal)
            .ok_or_else(|| impossible("act", exchange.spoken_in, format!("principal {principal}")))?;
        state.speakers.insert(exchange.spoken_in, principal);
        state.exchanges.insert(exchange.number, exchange);
    }
    // What is posted stands in the append-only table; what waits for the posting, in the erasable one.
    let posted = "SELECT c.exchange, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date, NULL AS key \
                  FROM {rows} CROSS JOIN contribution AS c WHERE c.network_id = $1 AND c.exchange = r.c0 \
                  ORDER BY c.act, c.line";
    let waiting = "SELECT c.exchange, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date, c.key \
                   FROM {rows} CROSS JOIN proposed_contribution AS c WHERE c.network_id = $1 AND c.exchange = r.c0 \
                   ORDER BY c.exchange, c.line";
    for (sql, is_posted) in [(posted, true), (waiting, false)] {
        for found in rows.select::<ContributionRow>(tx, network.0, sql).await? {
            let contributed = Contributed::try_from(found)?;
            let Some(number) = contributed.exchange else { continue };
            let posted_in = state.exchanges.get(&number).and_then(|exchange| exchange.posted_in);
            if posted_in.is_some() == is_posted {
                state.contributions.entry(number).or_default().push(contributed);
            }
        }
    }
    Ok(())
}

/// Reads the recognitions that these requests answer.
async fn load_recognitions(
    tx: &mut Tx,
    network: NetworkId,
    state: &mut State,
    wanted: &[ActNumber],
) -> Result<(), StoreError> {
    let rows = Rows::new(&[Int], wanted.iter().map(|number| row![number.0]).collect());
    let sql = "SELECT n.recognition, n.person, n.association, n.exchange, n.skill, n.level, n.state FROM {rows} \
               CROSS JOIN recognition AS n WHERE n.network_id = $1 AND n.recognition = r.c0";
    for found in rows.select::<RecognitionRow>(tx, network.0, sql).await? {
        let recognition = recognition_from(found)?;
        state.recognitions.insert(recognition.number, recognition);
    }
    Ok(())
}

#[derive(FromRow)]
struct ContributionRow {
    exchange: Option<i64>,
    person: i64,
    association: i64,
    minutes: i64,
    nature: String,
    skill: Option<i64>,
    service_date: NaiveDate,
    key: Option<Vec<u8>>,
}

impl TryFrom<ContributionRow> for Contributed {
    type Error = StoreError;

    fn try_from(row: ContributionRow) -> Result<Self, StoreError> {
        let wrong = |problem: String| impossible("contribution", row.exchange.unwrap_or_default(), problem);
        let key = row.key.unwrap_or_else(|| vec![0; 32]);
        Ok(Self {
            person: PersonNumber(row.person),
            association: AssociationNumber(row.association),
            exchange: row.exchange.map(ExchangeNumber),
            minutes: Minutes::new(row.minutes),
            nature: Nature::try_from(row.nature.as_str()).map_err(|error| wrong(error.to_string()))?,
            skill: row.skill.map(SkillNumber),
            service_date: row.service_date,
            key: SecretKey(key.try_into().map_err(|_| wrong("key is not 32 bytes".to_owned()))?),
        })
    }
}

/// Reads what an act posted that is no exchange: a transfer, a balance brought in, hours.
async fn load_reversible(
    tx: &mut Tx,
    network: NetworkId,
    state: &mut State,
    target: ActNumber,
) -> Result<(), StoreError> {
    let rows = Rows::new(&[Int], vec![row![target.0]]);
    let sql = "SELECT a.leaf, (SELECT count(*) FROM reversal AS v WHERE v.network_id = $1 AND v.target = a.number) \
               FROM {rows} CROSS JOIN act AS a WHERE a.network_id = $1 AND a.number = r.c0";
    let Some((leaf, reversals)) = rows.select::<(String, i64)>(tx, network.0, sql).await?.into_iter().next() else {
        return Ok(());
    };
    let wrong = |problem: String| impossible("act", target.0, problem);
    let leaf = Leaf::parse(&leaf).map_err(|error| wrong(error.to_string()))?;
    let kind = ActKind::try_from(leaf.kind.as_ref()).map_err(|error| wrong(error.to_string()))?;
    if !matches!(
        kind,
        ActKind::Transferred | ActKind::BalanceBroughtIn | ActKind::OwnHoursGiven | ActKind::ContributionsTold
    ) {
        return Ok(());
    }
    let account = |number: i64| Account::from_number(Book::Exchange, number);
    let negation = match leaf.postings.as_slice() {
        [to, from] => {
            let (Some(to_account), Some(from_account)) = (account(to.account), account(from.account)) else {
                return Err(wrong("an account that cannot be".to_owned()));
            };
            let correction = PostingKind::Correction;
            Movements::pair((to_account, correction), (from_account, correction), Minutes::new(to.minutes))
        }
        _ => None,
    };
    let sql = "SELECT c.exchange, c.person, c.association, c.minutes, c.nature, c.skill, c.service_date, NULL AS key \
               FROM {rows} CROSS JOIN contribution AS c WHERE c.network_id = $1 AND c.act = r.c0 ORDER BY c.line";
    let contributions = rows.select::<ContributionRow>(tx, network.0, sql).await?;
    state.reversible.insert(
        target,
        Reversible {
            negation: negation.unwrap_or_default(),
            contributions: contributions.into_iter().map(Contributed::try_from).collect::<Result<_, _>>()?,
            booked: leaf.booked.unwrap_or_default(),
            is_reversed: reversals > 0,
        },
    );
    Ok(())
}

/// The accounts that a command may move.
fn accounts_of(state: &State, command: &Command, accounts: &mut BTreeSet<Account>) {
    let told = |exchange: &Exchange, accounts: &mut BTreeSet<Account>| {
        accounts.insert(Account::Association(exchange.terms.giver));
        accounts.insert(Account::Association(exchange.terms.receiver));
        accounts.insert(Account::Engaged(exchange.terms.giver));
        let contributions = state.contributions.get(&exchange.number);
        accounts.extend(contributions.into_iter().flatten().map(|contributed| Account::Person(contributed.person)));
    };
    match command {
        Command::Propose { exchange, .. } | Command::Record { exchange, .. } => {
            accounts.insert(Account::Association(exchange.giver));
            accounts.insert(Account::Association(exchange.receiver));
            if !exchange.contributions.is_empty() {
                accounts.insert(Account::Engaged(exchange.giver));
            }
            accounts.extend(exchange.contributions.iter().map(|contribution| Account::Person(contribution.person)));
        }
        Command::GiveOwnHours { association, contribution, .. } => {
            accounts.insert(Account::Engaged(*association));
            accounts.insert(Account::Person(contribution.person));
        }
        Command::Transfer { from, to, .. } => {
            accounts.extend([from, to].map(|side| side.map_or(Account::Fund, Account::Association)));
        }
        Command::BringInBalance { association, .. } => {
            accounts.extend([Account::Opening, Account::Association(*association)]);
        }
        Command::Leave { association, into, .. } => {
            accounts.extend([Account::Fund, Account::Association(*association)]);
            accounts.extend(into.map(Account::Association));
        }
        Command::Reverse { target, .. } => {
            if let Some(posted) = state.reversible.get(target) {
                accounts.extend(posted.negation.iter().map(|Movement { account, .. }| *account));
                for contributed in &posted.contributions {
                    accounts.insert(Account::Person(contributed.person));
                    accounts.insert(Account::Engaged(contributed.association));
                }
            }
        }
        Command::TellContributions { contributions, .. } => {
            accounts.extend(contributions.iter().map(|contribution| Account::Person(contribution.person)));
        }
        _ => {}
    }
    if let Some(exchange) = command.exchange().and_then(|number| state.exchanges.get(&number)) {
        told(exchange, accounts);
    }
}

async fn load_accounts(
    tx: &mut Tx,
    network: NetworkId,
    state: &mut State,
    wanted: &BTreeSet<Account>,
) -> Result<(), StoreError> {
    state.accounts.extend(account_heads(tx, network, &account_rows(wanted)).await?);
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

async fn year_closing(tx: &mut Tx, network: NetworkId, year: Year) -> Result<YearClosing, StoreError> {
    let years = account_years(tx, network, year).await?;
    let sql =
        "SELECT state, service_date FROM exchange WHERE network_id = $1 AND state IN ('proposed', 'contested', 'held')";
    let mut waiting: HashMap<String, u64> = HashMap::new();
    for (state, date) in select::<(String, NaiveDate)>(tx, network, sql).await? {
        if Year::of(date) == year {
            *waiting.entry(state).or_default() += 1;
        }
    }
    let count = |state: ExchangeState| waiting.get(state.as_str()).copied().unwrap_or_default();
    Ok(YearClosing {
        year,
        accounts: years.len() as u64,
        root: year_root(&years),
        proposed: count(ExchangeState::Proposed),
        contested: count(ExchangeState::Contested),
        held: count(ExchangeState::Held),
    })
}
