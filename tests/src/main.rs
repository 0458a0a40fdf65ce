//! Whole-system tests: the real command, on both databases.
//!
//! [`command`] runs `coudemain` and [`postgres`] lends databases; the tests
//! here say that the two keep their word.

#![expect(clippy::unwrap_used, reason = "a test stops where its ground gives way")]

mod packages;

mod api;
mod pages;
mod attack;
mod command;
mod postgres;
mod small_disk;
mod twins;

mod bad_input;
mod brought;
mod daily;
mod crashes;
mod imports;
mod lines;
mod mirrors;
mod mutations;
mod notebook_faults;
mod parsers;
mod notebooks;
mod others;
mod proofs;
mod successors;
mod reconcile;
mod restoring;
mod screen;
mod unreadable;
mod witnesses;
mod year;
mod erasing;
mod forgeries;

mod ledger_on;
mod mail;

mod house;
mod advisories;
mod licences;
mod notices;

mod model;
mod steps;
mod waiting;
mod threads;

mod damage;
mod impossible_rows;
mod histories;
mod clocks;
mod directory;
mod migrations;
mod networks;
mod races;
mod schema;
mod sentences;
mod shards;
mod ways_in;

use std::collections::BTreeSet;
use std::fs;

use sqlx::{Connection as _, PgConnection};

use crate::command::{Sandbox, both, coudemain};
use crate::postgres::{private_server, server};

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let [one, other] = [server().new_database(), server().new_database()];
    assert_ne!(one, other);
    let mut one = PgConnection::connect(&one).await.unwrap();
    sqlx::raw_sql("CREATE TABLE here (number BIGINT)").execute(&mut one).await.unwrap();
    let mut other = PgConnection::connect(&other).await.unwrap();
    sqlx::raw_sql("SELECT number FROM here").execute(&mut other).await.unwrap_err();
}

#[test]
fn threads_take_databases_at_the_same_time() {
    let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(|| server().new_database())).collect();
    let urls: BTreeSet<String> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(urls.len(), 8);
}

#[tokio::test]
async fn a_private_server_keeps_what_was_committed_before_it_crashed() {
    let mut server = private_server();
    let database = server.new_database();
    let mut connection = PgConnection::connect(&database).await.unwrap();
    let create = "CREATE TABLE kept AS SELECT cast(7 AS bigint) AS number";
    sqlx::raw_sql(create).execute(&mut connection).await.unwrap();

    server.stop_immediately();
    sqlx::raw_sql("SELECT 1").execute(&mut connection).await.unwrap_err();
    PgConnection::connect(&database).await.unwrap_err();

    server.start_again();
    let mut connection = PgConnection::connect(&database).await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT number FROM kept").fetch_one(&mut connection).await.unwrap();
    assert_eq!(kept, 7);

    drop(server);
    PgConnection::connect(&database).await.unwrap_err();
}

#[test]
fn the_command_runs_on_both_databases() {
    for sandbox in both() {
        let run = sandbox.run("--help");
        assert_eq!(run.code, Some(0), "{run}");
        assert_eq!(run.shown, "$ coudemain --help");
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn the_command_runs_without_a_database() {
    let run = coudemain(&["--help"]).env("LANG", "en_GB.UTF-8").input("yes\n").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.to_string().starts_with("$ LANG=en_GB.UTF-8 coudemain --help\n< yes\n"), "{run}");
}

#[test]
fn a_command_can_be_killed() {
    let sandbox = Sandbox::on("sqlite::memory:".to_owned());
    let mut running = sandbox.spawn("--help");
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn a_sandbox_goes_away_with_its_files() {
    let sandbox = Sandbox::sqlite();
    let path = sandbox.write("exchanges.csv", "giver;receiver;duration\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), "giver;receiver;duration\n");
    drop(sandbox);
    assert!(!path.exists());
}
