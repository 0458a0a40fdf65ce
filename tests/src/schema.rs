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
    for database in Database::BOTH {
        let ledger = Ledger::fresh(database).await;
        assert_eq!(in_a_backup(&ledger).await, in_the_catalogue(&ledger).await, "{database:?}");
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
            let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns \
                       WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
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
