//! Several networks in one process: what happens to one is no concern of the others, and none is forgotten for good.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use ledger::clock::{SecretKey, Secrets};
use ledger::command::{By, Command, Request};
use ledger::evidence::Evidence;
use ledger::{AssociationNumber, NetworkId};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{WriteError, WriterOptions};

use crate::ledger_on::{Database, Ledger, Place, add_association, add_person, day, exchange, request};

/// Only what never happens takes so long.
const NEVER: Duration = Duration::from_mins(1);

/// What a network is asked while its head is locked: each goes in another way.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Nothing is in memory: the lock comes first.
    Cold,
    /// Decided on what is in memory, and sent as a transaction of its own.
    Alone,
    /// The same in a transaction that takes the lock.
    Members,
}

#[tokio::test(flavor = "multi_thread")]
async fn while_one_head_is_locked_another_network_is_written() {
    for way in [Way::Cold, Way::Alone, Way::Members] {
        let locked = Arc::new(Ledger::fresh(Database::Postgres).await);
        let free = locked.another(2).await;
        let asked = match way {
            Way::Cold => request("asked", By::OPERATOR, add_association("Chorale")),
            Way::Alone => record("asked", two(&locked).await),
            Way::Members => {
                two(&locked).await;
                request("asked", By::OPERATOR, add_association("Harmonie"))
            }
        };
        let pair = two(&free).await;
        let mut lock = Lock::take(&locked.place, locked.network).await;
        let waiting = tokio::spawn({
            let locked = Arc::clone(&locked);
            async move { locked.submit(asked).await }
        });
        lock.until_somebody_waits().await;
        for key in ["one", "two", "three"] {
            let written = tokio::time::timeout(NEVER, free.submit(record(key, pair))).await;
            written.unwrap_or_else(|_| panic!("{way:?}: the other network waits too")).unwrap();
        }
        assert!(!waiting.is_finished(), "{way:?}");
        lock.release().await;
        waiting.await.unwrap().unwrap();
        locked.assert_sound().await;
        free.assert_sound().await;
    }
}

#[tokio::test]
async fn on_one_connection_each_network_has_its_turn() {
    let options = WriterOptions { batch_most: 1, ..WriterOptions::default() };
    let busy = Ledger::fresh_with(Database::Sqlite, options).await;
    let quiet = busy.another(2).await;
    let pair = two(&busy).await;
    // All of them are queued before the one is.
    let all = busy.submit_all((0..500).map(|n| record(&format!("{n}"), pair)));
    let one = quiet.submit(request("one", By::OPERATOR, add_association("Chorale")));
    tokio::pin!(all);
    tokio::select! {
        biased;
        _ = &mut all => panic!("Who came first has written all before the other one had its turn."),
        written = one => written.unwrap(),
    };
    assert!(all.await.into_iter().all(|written| written.is_ok()));
    busy.assert_sound().await;
    quiet.assert_sound().await;
}

#[tokio::test]
async fn more_networks_than_connections_are_all_written() {
    for database in Database::tried() {
        let first = Ledger::fresh(database).await;
        let mut networks = Vec::new();
        for number in 2..=40 {
            networks.push(first.another(number).await);
        }
        networks.push(first);
        let skill = |n| request(&format!("{n}"), By::OPERATOR, Command::AddSkill { name: format!("{n}") });
        for n in 0..3 {
            let written = join_all(networks.iter().map(|network| network.submit(skill(n)))).await;
            assert!(written.iter().all(Result::is_ok), "{database:?}: {written:?}");
        }
    }
}

// One thread only: until the test waits for something, nothing of what it asked has begun.
#[tokio::test]
async fn one_network_cannot_fill_the_queue_for_all() {
    for database in Database::tried() {
        let options = WriterOptions { queue_most: 16, ..WriterOptions::default() };
        let greedy = Ledger::fresh_with(database, options).await;
        let modest = greedy.another(2).await;
        let pair = two(&greedy).await;
        let mut asked: Vec<_> =
            (0..40).map(|n| greedy.writer.submit(greedy.network, record(&n.to_string(), pair))).collect();
        let mut sent_away = 0;
        asked.retain_mut(|asked| match asked.now_or_never() {
            None => true,
            Some(Err(WriteError::Busy { .. })) => {
                sent_away += 1;
                false
            }
            Some(answer) => panic!("{database:?}: {answer:?}"),
        });
        assert_eq!((asked.len(), sent_away), (14, 26), "{database:?}");
        two(&modest).await;
        assert!(join_all(asked).await.iter().all(Result::is_ok), "{database:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_is_forgotten_when_nobody_asks_and_found_again() {
    for database in Database::tried() {
        let options = WriterOptions { idle_most: Duration::ZERO, ..WriterOptions::default() };
        let one = Ledger::fresh_with(database, options).await;
        let other = one.another(2).await;
        let pairs = [two(&one).await, two(&other).await];
        for n in 0..20 {
            until_all_are_forgotten(&one).await;
            for (ledger, pair) in [&one, &other].into_iter().zip(pairs) {
                let first = ledger.submit(record(&n.to_string(), pair)).await.unwrap();
                let again = ledger.submit(record(&n.to_string(), pair)).await.unwrap();
                assert_eq!((first.act, first.is_repeat, again.is_repeat), (again.act, false, true), "{database:?}");
            }
        }
        // Many at once meet desks that are just being closed.
        let many = (0..200).map(|n| one.submit(record(&format!("many {n}"), pairs[0])));
        assert!(join_all(many).await.iter().all(Result::is_ok), "{database:?}");
        one.assert_sound().await;
        other.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_forgotten_who_has_just_asked() {
    let ledger = Ledger::fresh(Database::Sqlite).await;
    two(&ledger).await;
    assert!(ledger.writer.gauges().in_prometheus().contains("\ncoudemain_networks_in_memory 1\n"));
}

/// Has no secret for anybody.
struct NoSecrets;

impl Secrets for NoSecrets {
    fn key(&mut self) -> SecretKey {
        panic!("This panic is part of a test.");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_one_network_is_told_to_its_callers_alone() {
    for database in Database::tried() {
        let place = Arc::new(Place::fresh(database));
        let one = Ledger::founded_with(place, WriterOptions::default(), Box::new(NoSecrets)).await;
        let other = one.another(2).await;
        let pairs = [two(&one).await, two(&other).await];
        // A person's name is sealed under a secret.
        let person = one.submit(request("person", By::OPERATOR, add_person("V1"))).await;
        assert!(matches!(person, Err(WriteError::Stopped)), "{database:?}: {person:?}");
        for (ledger, pair) in [&one, &other].into_iter().zip(pairs) {
            ledger.submit(record("after", pair)).await.unwrap();
            ledger.assert_sound().await;
        }
        assert!(one.writer.is_alive(), "{database:?}");
    }
}

// One thread only: until the test waits for something, nothing of what it asked has begun.
#[tokio::test]
async fn stopping_answers_all_that_was_queued_in_every_network() {
    for database in Database::tried() {
        let one = Ledger::fresh(database).await;
        let other = one.another(2).await;
        let pairs = [two(&one).await, two(&other).await];
        let mut asked = Vec::new();
        for (ledger, pair) in [&one, &other].into_iter().zip(pairs) {
            for n in 0..40 {
                let mut answer = ledger.writer.submit(ledger.network, record(&n.to_string(), pair));
                assert!((&mut answer).now_or_never().is_none(), "{database:?}");
                asked.push(answer);
            }
        }
        one.writer.clone().stop().await;
        for answer in asked {
            answer.now_or_never().unwrap().unwrap();
        }
        let late = other.submit(record("late", pairs[1])).await;
        assert!(matches!(late, Err(WriteError::Stopped)), "{database:?}: {late:?}");
        assert!(!other.writer.is_alive(), "{database:?}");
        one.assert_sound().await;
        other.assert_sound().await;
    }
}

/// Somebody else's lock on a network's head.
struct Lock {
    holder: PgConnection,
    watch: PgConnection,
}

impl Lock {
    async fn take(place: &Place, network: NetworkId) -> Self {
        let mut holder = PgConnection::connect(&place.url).await.unwrap();
        let sql = format!("BEGIN; SELECT FROM head WHERE network_id = {} FOR UPDATE", network.0);
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut holder).await.unwrap();
        Self { holder, watch: PgConnection::connect(&place.url).await.unwrap() }
    }

    async fn until_somebody_waits(&mut self) {
        let sql =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until(async || sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut self.watch).await.unwrap() > 0).await;
    }

    async fn release(mut self) {
        sqlx::raw_sql("ROLLBACK").execute(&mut self.holder).await.unwrap();
    }
}

async fn until_all_are_forgotten(ledger: &Ledger) {
    until(async || ledger.writer.gauges().in_prometheus().contains("\ncoudemain_networks_in_memory 0\n")).await;
}

/// Looks again and again until something is so.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(NEVER, looking).await.unwrap();
}

async fn two(ledger: &Ledger) -> [AssociationNumber; 2] {
    [ledger.association("Chorale").await, ledger.association("Fanfare").await]
}

fn record(key: &str, [giver, receiver]: [AssociationNumber; 2]) -> Request {
    let exchange = exchange(giver, receiver, 15, day(2025, 2, 1));
    request(key, By::OPERATOR, Command::Record { exchange, evidence: Evidence::COORDINATOR })
}
