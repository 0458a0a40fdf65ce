//! Feeds an audit with everything that the database holds of a network.

use std::collections::HashMap;

use chrono::NaiveDate;
use futures_util::TryStreamExt;

use super::{
    Store, StoreError,
    db::{Tx, on_tx},
    network::{impossible, load_registry, read_head, select},
    write::{hashes_of, place},
};
use crate::{
    Digest, NetworkId,
    account::{Book, PostingKind},
    audit::{ActRow, ContributionRow, ExchangeRow, Expected, Findings, PostingRow, Replay, replay::Member},
    clock::SecretKey,
    leaf::commitment,
};

impl Store {
    /// Rebuilds everything from the acts and holds every row against it. The database is read as it stands at one
    /// moment.
    ///
    /// # Errors
    /// When the database does not answer. What is wrong with the ledger is in the findings, not here.
    pub async fn audit(&self, network: NetworkId) -> Result<AuditReport, StoreError> {
        let mut tx = self.db().begin_read().await?;
        let mut expected = replay(&mut tx, network).await?;
        postings(&mut tx, network, &mut expected).await?;
        exchanges(&mut tx, network, &mut expected).await?;
        derived(&mut tx, network, &mut expected).await?;
        registry(&mut tx, network, &mut expected).await?;
        texts(&mut tx, network, &mut expected).await?;
        log_tiles(&mut tx, network, &mut expected).await?;
        let (head, root) = read_head(&mut tx, network).await?;
        let year = |year: Option<crate::year::Year>| year.map(|year| year.0);
        expected.head(head.next.0, root, year(head.first_year), year(head.closed_through));
        let exchanges = expected.exchange_count;
        let size = expected.act_count;
        let root = expected.root;
        Ok(AuditReport { findings: expected.finish(), exchanges, log_size: size, log_root: root })
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

async fn replay(tx: &mut Tx, network: NetworkId) -> Result<Expected, StoreError> {
    let mut contributions = contributions(tx, network).await?;
    let mut replay = Replay::new();
    let sql = "SELECT number, kind, recorded_at, leaf FROM act WHERE network_id = $1 ORDER BY number";
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, (i64, String, i64, String)>(sql).bind(network.0).fetch(connection);
        while let Some((number, kind, recorded_at, leaf)) = rows.try_next().await? {
            let row = ActRow { number, kind: &kind, recorded_at, leaf: &leaf };
            replay.act(&row, &contributions.remove(&number).unwrap_or_default());
        }
    });
    let mut expected = replay.finish();
    let mut strays: Vec<_> = contributions.into_keys().collect();
    strays.sort_unstable();
    for act in strays {
        let row = format!("contribution, act {act}");
        expected.findings.problem(crate::audit::Check::Contributions, row, Some("contributions".to_owned()), None);
    }
    Ok(expected)
}

async fn contributions(tx: &mut Tx, network: NetworkId) -> Result<HashMap<i64, Vec<ContributionRow>>, StoreError> {
    let sql = "SELECT c.act, c.line, c.person, c.association, c.exchange, c.minutes, c.nature, c.skill, \
               c.service_date, k.key FROM contribution AS c \
               LEFT JOIN person_key AS k ON k.network_id = c.network_id AND k.act = c.act AND k.line = c.line \
               WHERE c.network_id = $1 ORDER BY c.act, c.line";
    type Row = (i64, i64, i64, i64, Option<i64>, i64, String, Option<i64>, NaiveDate, Option<Vec<u8>>);
    let mut by_act: HashMap<i64, Vec<ContributionRow>> = HashMap::new();
    for row in select::<Row>(tx, network, sql).await? {
        let (act, line, person, association, exchange, minutes, nature, skill, service_date, key) = row;
        let key = key.and_then(|key| key.try_into().ok());
        by_act.entry(act).or_default().push(ContributionRow {
            act,
            line,
            person,
            association,
            exchange,
            minutes,
            nature,
            skill,
            service_date,
            key,
        });
    }
    Ok(by_act)
}

async fn postings(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT book, account, sequence, act, cause, kind, minutes, balance, booked FROM posting \
               WHERE network_id = $1 ORDER BY book, account, sequence";
    type Row = (String, i64, i64, i64, i64, String, i64, i64, NaiveDate);
    let (mut account_before, mut running) = (None, 0);
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, Row>(sql).bind(network.0).fetch(connection);
        while let Some((book, account, sequence, act, cause, kind, minutes, balance, booked)) = rows.try_next().await? {
            let book = book_from(&book)?;
            if account_before != Some((book, account)) {
                (account_before, running) = (Some((book, account)), 0);
            }
            let row = PostingRow { book, account, sequence, act, cause, kind: &kind, minutes, balance, booked };
            expected.posting(&row, &mut running);
        }
    });
    Ok(())
}

async fn exchanges(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT exchange, giver, receiver, minutes, service_date, skill, state, spoken_by, spoken_in, \
               posted_in, replaces FROM exchange WHERE network_id = $1";
    type Row = (i64, i64, i64, i64, NaiveDate, Option<i64>, String, String, i64, Option<i64>, Option<i64>);
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, Row>(sql).bind(network.0).fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let (exchange, giver, receiver, minutes, service_date, skill, state, spoken_by, spoken_in, posted_in, replaces) = row;
            expected.exchange(&ExchangeRow {
                exchange,
                giver,
                receiver,
                minutes,
                service_date,
                skill,
                state: &state,
                spoken_by: &spoken_by,
                spoken_in,
                posted_in,
                replaces,
            });
        }
    });
    let sql = "SELECT target, act FROM reversal WHERE network_id = $1";
    for (target, act) in select::<(i64, i64)>(tx, network, sql).await? {
        expected.reversal(target, act);
    }
    Ok(())
}

async fn derived(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT book, account, sequence, minutes FROM balance WHERE network_id = $1";
    for (book, account, sequence, minutes) in select::<(String, i64, i64, i64)>(tx, network, sql).await? {
        expected.balance(book_from(&book)?, account, sequence, minutes);
    }
    let sql = "SELECT book, account, month, kind, minutes FROM total WHERE network_id = $1";
    for (book, account, month, kind, minutes) in select::<(String, i64, i64, String, i64)>(tx, network, sql).await? {
        let wrong = |problem: String| impossible("total", format!("{book} {account} {month}"), problem);
        let kind = PostingKind::try_from(kind.as_str()).map_err(|error| wrong(error.to_string()))?;
        let month = i32::try_from(month).map_err(|error| wrong(error.to_string()))?;
        expected.total(book_from(&book)?, account, month, kind, minutes);
    }
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
        };
        expected.member(association.number.0, &found);
    }
    for skill in registry.skills() {
        expected.skill(skill.number.0, skill.name.clone());
    }
    let sql = "SELECT act FROM policy WHERE network_id = $1 LIMIT 1";
    let has_policy = !select::<(i64,)>(tx, network, sql).await?.is_empty();
    let policy = registry.policy();
    expected.policy(has_policy.then_some((policy.step_minutes, policy.answer_within_days, policy.limits)));
    Ok(())
}

async fn texts(tx: &mut Tx, network: NetworkId, expected: &mut Expected) -> Result<(), StoreError> {
    let sql = "SELECT act, field, text, key FROM act_text WHERE network_id = $1 AND field <> 'identity'";
    for (act, field, text, key) in select::<(i64, String, String, Vec<u8>)>(tx, network, sql).await? {
        let key = key.try_into().map_err(|_| impossible("act_text", act, "key is not 32 bytes".to_owned()))?;
        expected.text(act, &field, commitment(SecretKey(key), &field, &text));
    }
    let sql = "SELECT t.act, t.key, i.code, i.first_name, i.last_name, i.email FROM act_text AS t \
               JOIN person_identity AS i ON i.network_id = t.network_id AND i.person = t.act \
               WHERE t.network_id = $1 AND t.field = 'identity'";
    type Identity = (i64, Vec<u8>, String, Option<String>, Option<String>, Option<String>);
    for (act, key, code, first, last, email) in select::<Identity>(tx, network, sql).await? {
        let key = key.try_into().map_err(|_| impossible("act_text", act, "key is not 32 bytes".to_owned()))?;
        let parts = [first, last, email].map(Option::unwrap_or_default);
        let text = format!("{code}\n{}", parts.join("\n"));
        expected.text(act, "identity", commitment(SecretKey(key), "identity", &text));
    }
    let sql = "SELECT exchange, reference, key FROM exchange_reference WHERE network_id = $1 AND key IS NOT NULL";
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, (i64, String, Vec<u8>)>(sql).bind(network.0).fetch(connection);
        while let Some((exchange, reference, key)) = rows.try_next().await? {
            let key = key.try_into();
            let key = key.map_err(|_| impossible("exchange_reference", exchange, "key is not 32 bytes".to_owned()))?;
            expected.text(exchange, "reference", commitment(SecretKey(key), "reference", &reference));
        }
    });
    let sql = "SELECT exchange, reference FROM exchange_reference WHERE network_id = $1 AND key IS NULL";
    on_tx!(tx, connection => {
        let mut rows = sqlx::query_as::<_, (i64, String)>(sql).bind(network.0).fetch(connection);
        while let Some((exchange, reference)) = rows.try_next().await? {
            expected.reference(exchange, &reference);
        }
    });
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
