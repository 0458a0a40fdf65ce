//! Many callers at once: no limit is passed, no minute lost, nothing done twice, whatever breaks meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use ledger::clock::SystemClock;
use ledger::command::{By, Command, Request, Seen};
use ledger::evidence::Evidence;
use ledger::policy::{Limits, Policy};
use ledger::state::Network;
use ledger::transfer::TransferReason;
use ledger::year::Year;
use ledger::{AssociationNumber, Minutes, Rejection};
use store::{Group, Receipt, Store, SystemSecrets, WriteError, WriterOptions};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::ledger_on::{Database, Ledger, Place, day, exchange, request};
use crate::postgres::private_server;

/// So few requests share a commit that most are decided while others are written, and hardly any under the lock.
fn few_a_commit() -> WriterOptions {
    WriterOptions { batch_most: 3, careful_batches: 1, ..WriterOptions::default() }
}

/// What each recorded exchange has.
const MINUTES: i64 = 15;

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_floor_holds_against_many_gifts_at_once() {
    for database in Database::tried() {
        let ledger = Arc::new(Ledger::fresh(database).await);
        let [from, to] = two(&ledger).await;
        let limits = Limits { hard_floor: Some(Minutes::new(-600)), ..Limits::NONE };
        ledger.done(Command::SetLimits { association: from, limits: Some(limits), decision: "AG".to_owned() }).await;
        let gift = Command::Transfer {
            from: Some(from),
            to: Some(to),
            minutes: Minutes::new(30),
            reason: TransferReason::Gift,
            decision: None,
        };
        let answers =
            at_once(&ledger, (0..64).map(|n| request(&format!("gift {n}"), By::OPERATOR, gift.clone()))).await;
        let (mut accepted, mut refused) = (0, 0);
        for answer in answers {
            match answer {
                Ok(_) => accepted += 1,
                Err(WriteError::Rejected(Rejection::HardLimitIsPassed(_))) => refused += 1,
                Err(error) => panic!("{database:?}: {error:?}"),
            }
        }
        assert_eq!((accepted, refused), (20, 44), "{database:?}");
        assert_eq!(ledger.balances().await, [(0, 0), (from.0, -600), (to.0, 600)], "{database:?}");
        ledger.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_at_once_from_everywhere_is_one_act() {
    for database in Database::tried() {
        let ledger = Arc::new(Ledger::fresh_with(database, few_a_commit()).await);
        let pair = two(&ledger).await;
        let (before, _) = ledger.head().await;
        let answers = at_once(&ledger, (0..32).map(|_| record("once", pair))).await;
        let receipts: Vec<Receipt> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(receipts.iter().filter(|receipt| !receipt.is_repeat).count(), 1, "{database:?}");
        for receipt in &receipts {
            assert_eq!(plain(receipt), plain(&receipts[0]), "{database:?}");
        }
        assert_eq!(ledger.head().await.0, before + 1, "{database:?}");
        // The same key with another request is a conflict, and changes nothing.
        let other = request("once", By::OPERATOR, Command::AddSkill { name: "Autre".to_owned() });
        let refused = ledger.submit(other).await.unwrap_err();
        assert!(
            matches!(refused, WriteError::Rejected(Rejection::KeyWasUsedForAnotherRequest { act }) if act == receipts[0].act),
            "{database:?}: {refused:?}"
        );
        assert_eq!(ledger.head().await.0, before + 1, "{database:?}");
        ledger.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_all_who_build_on_what_they_saw_one_is_first() {
    for database in Database::tried() {
        let one = Arc::new(Ledger::fresh_with(database, few_a_commit()).await);
        let other = Arc::new(one.beside(2_000_000, few_a_commit()).await);
        let adopt = |days: u32| {
            let policy = Policy { answer_within_days: 100 + days, ..Policy::default() };
            let command = Command::AdoptPolicy { policy, decision: "AG".to_owned() };
            let seen = Some(Seen::Policy(Box::default()));
            Request { seen, ..request(&format!("rules {days}"), By::OPERATOR, command) }
        };
        let tasks = (0..32).map(|n| {
            let ledger = Arc::clone(if n % 2 == 0 { &one } else { &other });
            tokio::spawn(async move { ledger.submit(adopt(n)).await })
        });
        let answers: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        let late = |answer: &Result<_, _>| matches!(answer, Err(WriteError::Rejected(Rejection::ChangedMeanwhile)));
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{database:?}: {answers:?}");
        assert_eq!(answers.iter().filter(|answer| late(answer)).count(), 31, "{database:?}: {answers:?}");
        one.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_one_network() {
    for database in Database::tried() {
        let one = Arc::new(Ledger::fresh_with(database, few_a_commit()).await);
        let pair = two(&one).await;
        let other = Arc::new(one.beside(2_000_000, few_a_commit()).await);
        let (before, _) = one.head().await;
        let tasks = (0..200).map(|n| {
            // Every tenth key is sent to both.
            let ledger = Arc::clone(if n % 2 == 0 { &one } else { &other });
            let key = if n % 10 < 2 { format!("both {}", n / 2 * 2) } else { format!("{n}") };
            tokio::spawn(async move { ledger.submit(record(&key, pair)).await.unwrap() })
        });
        let receipts: Vec<Receipt> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        let acts: BTreeSet<i64> = receipts.iter().map(|receipt| receipt.act.0).collect();
        assert!(acts.iter().copied().eq(before..before + 180), "{database:?}: {acts:?}");
        assert_eq!(receipts.iter().filter(|receipt| receipt.is_repeat).count(), 20, "{database:?}");
        assert_recorded(&one, pair, 180).await;
        assert_eq!(one.head().await, other.head().await, "{database:?}");
        // Rules that one process changes hold in the other.
        let limits = Limits { hard_floor: Some(Minutes::ZERO), ..Limits::NONE };
        let decision = "AG".to_owned();
        one.done(Command::SetLimits { association: pair[1], limits: Some(limits), decision }).await;
        let held = other.submit(record("held", pair)).await.unwrap();
        assert_eq!(held.state, Some(ledger::exchange::ExchangeState::Held), "{database:?}");
        one.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_built_on_another_log_than_the_one_in_memory() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let pair = two(&ledger).await;
        // Decided on what is in memory, under the lock, and with its key looked up.
        let single = vec![record("single", pair)];
        let alone = vec![request("alone", By::OPERATOR, Command::CloseYear { year: Year(2024) })];
        let several = vec![record("one of two", pair), record("the other", pair)];
        for (requests, count) in [single, alone, several].into_iter().zip(1..) {
            ledger.submit(record(&format!("before {count}"), pair)).await.unwrap();
            let (before, root) = ledger.head().await;
            let set_root = |root: &str| match database {
                Database::Sqlite => format!("UPDATE head SET root = x'{root}'"),
                Database::Postgres => format!("UPDATE head SET root = '\\x{root}'"),
            };
            // As many acts, but not the same: an older state of the database that has gone on, for instance.
            ledger.place.sql(&set_root(&"00".repeat(32))).await.unwrap();
            let group = Group { requests: requests.into(), override_reason: None };
            let refused = match group.requests.as_slice() {
                [one] => ledger.submit(one.clone()).await.map(|receipt| vec![receipt]),
                _ => ledger.writer.submit_group(ledger.network, group).await,
            };
            assert!(matches!(refused, Err(WriteError::Unavailable(_))), "{database:?}: {refused:?}");

            ledger.place.sql(&set_root(&root.to_string())).await.unwrap();
            assert_eq!(ledger.head().await, (before, root), "{database:?}");
            assert_recorded(&ledger, pair, count).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_founded_at_once_have_numbers_of_their_own() {
    for database in Database::tried() {
        let place = Place::fresh(database);
        let store = Store::open(&place.url, true).await.unwrap();
        let tasks = (0..6_u128).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let uuid = Uuid::from_u128(number + 1);
                let network = Network { uuid, name: format!("Réseau {number}"), time_zone: chrono_tz::UTC };
                store.found(&network, &SystemClock, &mut SystemSecrets::new()).await.unwrap().0
            })
        });
        let numbers: BTreeSet<i64> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(numbers, (1..=6).collect(), "{database:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_sends_callers_away_and_loses_nothing() {
    for database in Database::tried() {
        let options = WriterOptions { queue_most: 4, batch_most: 2, ..WriterOptions::default() };
        let ledger = Arc::new(Ledger::fresh_with(database, options).await);
        let pair = two(&ledger).await;
        let mut waiting: Vec<usize> = (0..64).collect();
        let mut sent_away = 0;
        while !waiting.is_empty() {
            let requests = waiting.iter().map(|n| record(&format!("{n}"), pair));
            let answers = ledger.submit_all(requests).await;
            let mut later = Vec::new();
            for (n, answer) in waiting.into_iter().zip(answers) {
                match answer {
                    // Whoever was sent away had not been queued: none of them is a repeat.
                    Ok(receipt) => assert!(!receipt.is_repeat, "{database:?}"),
                    Err(WriteError::Busy { .. }) => later.push(n),
                    Err(error) => panic!("{database:?}: {error:?}"),
                }
            }
            sent_away += later.len();
            waiting = later;
        }
        assert!(sent_away > 0, "{database:?}");
        assert_recorded(&ledger, pair, 64).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashes_under_load_loses_and_doubles_nothing() {
    const CALLERS: usize = 8;
    const EACH: usize = 40;
    let mut server = private_server();
    let place = Arc::new(Place::postgres(server.new_database()));
    let ledger = Arc::new(Ledger::founded(place, few_a_commit()).await);
    let pair = two(&ledger).await;
    let (before, _) = ledger.head().await;
    let key = |caller: usize, n: usize| format!("{caller} {n}");

    let (tell, mut told) = mpsc::unbounded_channel();
    let callers = (0..CALLERS).map(|caller| {
        let (ledger, tell) = (Arc::clone(&ledger), tell.clone());
        tokio::spawn(async move {
            let mut receipts = Vec::new();
            for n in 0..EACH {
                match ledger.submit(record(&key(caller, n), pair)).await {
                    Ok(receipt) => receipts.push((key(caller, n), receipt)),
                    Err(WriteError::Unavailable(_)) => {}
                    Err(error) => panic!("{error:?}"),
                }
                let _ = tell.send(());
            }
            receipts
        })
    });
    let callers: Vec<_> = callers.collect();
    for _ in 0..CALLERS * EACH / 4 {
        told.recv().await.unwrap();
    }
    tokio::task::block_in_place(|| server.stop_immediately());
    tokio::time::sleep(Duration::from_millis(300)).await;
    tokio::task::block_in_place(|| server.start_again());
    let answered: Vec<(String, Receipt)> = join_all(callers).await.into_iter().flat_map(Result::unwrap).collect();

    // Everybody asks again for everything: what was answered is answered again, the same.
    let all = (0..CALLERS).flat_map(|caller| (0..EACH).map(move |n| key(caller, n)));
    let again = ledger.submit_all(all.map(|key| record(&key, pair))).await;
    let acts: BTreeSet<i64> = again.into_iter().map(|answer| answer.unwrap().act.0).collect();
    let count = i64::try_from(CALLERS * EACH).unwrap();
    assert!(acts.into_iter().eq(before..before + count));
    for (key, receipt) in answered {
        let repeat = ledger.submit(record(&key, pair)).await.unwrap();
        assert!(repeat.is_repeat, "{key}");
        assert_eq!(plain(&repeat), plain(&receipt), "{key}");
    }
    assert_recorded(&ledger, pair, count).await;
}

async fn two(ledger: &Ledger) -> [AssociationNumber; 2] {
    [ledger.association("Chorale").await, ledger.association("Fanfare").await]
}

fn record(key: &str, [giver, receiver]: [AssociationNumber; 2]) -> Request {
    let exchange = exchange(giver, receiver, MINUTES, day(2025, 2, 1));
    request(key, By::OPERATOR, Command::Record { exchange, evidence: Evidence::COORDINATOR })
}

/// Each request from a task of its own.
async fn at_once(ledger: &Arc<Ledger>, requests: impl Iterator<Item = Request>) -> Vec<Result<Receipt, WriteError>> {
    let tasks: Vec<_> = requests
        .map(|request| {
            let ledger = Arc::clone(ledger);
            tokio::spawn(async move { ledger.submit(request).await })
        })
        .collect();
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

/// The answer itself, whether given for the first time or again.
fn plain(receipt: &Receipt) -> Receipt {
    Receipt { is_repeat: false, ..receipt.clone() }
}

/// So many exchanges were recorded, and nothing else moved.
async fn assert_recorded(ledger: &Ledger, [giver, receiver]: [AssociationNumber; 2], count: i64) {
    let minutes = count * MINUTES;
    assert_eq!(ledger.balances().await, [(0, 0), (giver.0, minutes), (receiver.0, -minutes)], "{ledger:?}");
    let exchanges = ledger.store.exchanges(ledger.network, false).await.unwrap();
    let references: BTreeSet<_> = exchanges.iter().filter_map(|exchange| exchange.reference.as_ref()).collect();
    assert_eq!(i64::try_from(references.len()).unwrap(), count, "{ledger:?}");
    ledger.assert_sound().await;
}
