//! Tables and columns: both databases have the same, in the order in which the program writes them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::GzDecoder;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::ledger_on::{Database, Ledger};

type Columns = BTreeMap<String, Vec<String>>;

#[tokio::test]
async fn both_databases_have_the_tables_and_columns_of_a_backup() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let mut catalogue = in_the_catalogue(&ledger).await;
        // What somebody laid on a page for an hour is in no backup, and this is the only table of which that is so.
        assert!(catalogue.remove("notebook").is_some(), "{database:?}");
        assert_eq!(in_a_backup(&ledger).await, catalogue, "{database:?}");
    }
}

async fn in_the_catalogue(ledger: &Ledger) -> Columns {
    let columns: Vec<(String, String)> = match ledger.place.database {
        Database::Sqlite => {
            let options: SqliteConnectOptions = ledger.place.url.parse().unwrap();
            let sql = "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
                       WHERE t.type = 'table' ORDER BY t.name, c.cid";
            sqlx::query_as(sql).fetch_all(&mut options.connect().await.unwrap()).await.unwrap()
        }
        Database::Postgres => {
            let mut connection = PgConnection::connect(&ledger.place.url).await.unwrap();
            let sql = "SELECT c.relname::text, a.attname::text FROM pg_class AS c \
                       JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') \
                       AND NOT c.relispartition ORDER BY c.relname, a.attnum";
            sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap()
        }
    };
    let mut tables = Columns::new();
    for (table, column) in columns {
        tables.entry(table).or_default().push(column);
    }
    tables.remove("_sqlx_migrations");
    tables
}

/// The tables that are the instance's, and no network's own.
const INSTANCE: [&str; 3] = ["_sqlx_migrations", "directory", "sign_in"];

#[tokio::test]
async fn every_key_begins_with_the_network() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let mut indexes = first_columns_of_indexes(&ledger).await;
        indexes.retain(|(table, column)| !INSTANCE.contains(&table.as_str()) && column != "network_id");
        assert_eq!(indexes, [], "{database:?}");
    }
}

/// Every index, unique or not, as its table and its first column.
async fn first_columns_of_indexes(ledger: &Ledger) -> Vec<(String, String)> {
    match ledger.place.database {
        Database::Sqlite => {
            let options: SqliteConnectOptions = ledger.place.url.parse().unwrap();
            let sql = "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_index_list(t.name) AS i, \
                       pragma_index_info(i.name) AS c WHERE t.type = 'table' AND c.seqno = 0";
            sqlx::query_as(sql).fetch_all(&mut options.connect().await.unwrap()).await.unwrap()
        }
        Database::Postgres => {
            let mut connection = PgConnection::connect(&ledger.place.url).await.unwrap();
            let sql = "SELECT c.relname::text, a.attname::text FROM pg_index AS i \
                       JOIN pg_class AS c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace \
                       JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
                       WHERE NOT c.relispartition";
            sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap()
        }
    }
}

async fn in_a_backup(ledger: &Ledger) -> Columns {
    let mut backup = Vec::new();
    ledger.store.backup(&mut backup).await.unwrap();
    let mut lines = String::new();
    GzDecoder::new(backup.as_slice()).read_to_string(&mut lines).unwrap();
    let tables = lines.lines().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let table = line.get("table")?.clone();
        Some((table["name"].as_str()?.to_owned(), serde_json::from_value(table["columns"].clone()).ok()?))
    });
    tables.collect()
}
