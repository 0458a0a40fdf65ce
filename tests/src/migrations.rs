//! Migrations over rows: a database as an earlier version left it, opened by this one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, sqlite::SqliteConnectOptions};
use store::Store;

use crate::command::Sandbox;
use crate::damage::without_triggers;
use crate::ledger_on::Database;
use crate::postgres::server;
use crate::threads::{Dispute, steps_in};
use crate::twins::{audited_exchanges, done, plain, says};

/// The schema of the version that wrote the backup.
const EARLIER: i64 = 5;

#[tokio::test]
async fn a_database_of_an_earlier_version_is_brought_up_to_date() {
    for sandbox in [Sandbox::sqlite(), Sandbox::on(server().empty_database())] {
        if sandbox.database.starts_with("sqlite") {
            leave_in_sqlite(&sandbox.database).await;
        } else {
            leave_in_postgres(&sandbox.database).await;
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(plain(&sandbox.run("history 'Fanfare de Retiers'")), @r"
            $ coudemain history 'Fanfare de Retiers'
            Fanfare de Retiers
            Dans l'ordre de la saisie, avec le solde après chaque ligne (--order jours : dans l'ordre des jours)

            Date        Référence    Quoi                  Avec                   Compétence     Durée    Solde
            01/03/2024  A-1          nous avons été aidés  Chorale de Janzé       Comptabilité    −2 h     −2 h
            02/04/2025  AAAA-000001  nous avons aidé       Atelier vélo de Vitré  Sonorisation  1 h 30  −30 min
            => exit 0
            ");
        }
        assert_eq!(audited_exchanges(&sandbox), 2);
        // A line that came in when keys were not hidden yet is known all the same, and tells nothing any more.
        sandbox.write(
            "again.csv",
            "reference,date,giver,receiver,duration,skill\nA-1,2024-03-01,Chorale de Janzé,Fanfare de Retiers,2h,Comptabilité\n",
        );
        says(&sandbox.run("import exchanges again.csv --accept-clock"), 0, "1 déjà là");
        // What is written now stands on what was there.
        sandbox.write("more.csv", "date,giver,receiver,duration\n2025-05-03,Chorale de Janzé,Fanfare de Retiers,1h\n");
        done(&sandbox.run("import exchanges more.csv --accept-clock"));
        assert_eq!(audited_exchanges(&sandbox), 3);
        // What the log of that version sealed stays, and is said.
        says(&sandbox.run("audit"), 0, "l'empreinte de 2 fichiers");
    }
}

#[tokio::test]
async fn the_references_of_each_year_are_counted_and_numbers_that_were_used_up_come_back() {
    // Somebody brought in a reference with the largest number that was allowed.
    const USED_UP: &str = "UPDATE exchange_reference SET reference = '2025-999999999999' WHERE reference = 'A-1'; \
                           UPDATE head SET reference_year = 2025, reference_last = 999999999999";
    const COUNTERS: &str = "SELECT year, last FROM reference_counter \
                            UNION ALL SELECT reference_year, reference_last FROM head ORDER BY 1";
    for sandbox in [Sandbox::sqlite(), Sandbox::on(server().empty_database())] {
        let counters: Vec<(i64, i64)> = if sandbox.database.starts_with("sqlite") {
            leave_in_sqlite(&sandbox.database).await;
            let options: SqliteConnectOptions = sandbox.database.parse().unwrap();
            let mut connection = options.connect().await.unwrap();
            sqlx::raw_sql(USED_UP).execute(&mut connection).await.unwrap();
            says(&sandbox.run("history 'Fanfare de Retiers'"), 0, "2025-999999999999");
            sqlx::query_as(COUNTERS).fetch_all(&mut connection).await.unwrap()
        } else {
            leave_in_postgres(&sandbox.database).await;
            let mut connection = PgConnection::connect(&sandbox.database).await.unwrap();
            sqlx::raw_sql(USED_UP).execute(&mut connection).await.unwrap();
            says(&sandbox.run("history 'Fanfare de Retiers'"), 0, "2025-999999999999");
            sqlx::query_as(COUNTERS).fetch_all(&mut connection).await.unwrap()
        };
        assert_eq!(counters, [(2025, 0), (2026, 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn which_exchange_an_act_is_about_is_read_from_its_leaf() {
    const BEFORE: &str = "DROP TABLE exchange_step; DELETE FROM _sqlx_migrations WHERE version = 18";
    for database in Database::tried() {
        let ledger = Dispute::full(database).await.ledger;
        let written = steps_in(&ledger.place).await;
        assert_eq!(written.len(), Dispute::STEPS);
        let brought_up = async || {
            let store = Store::open(&ledger.place.url, false).await.unwrap();
            let report = store.audit(ledger.network, None).await.unwrap();
            (steps_in(&ledger.place).await, report.findings.is_ok())
        };
        ledger.place.sql(BEFORE).await.unwrap();
        assert_eq!(brought_up().await, (written.clone(), true), "{database:?}");
        // A leaf that somebody damaged is the audit's to name, and in nobody's way.
        let torn = "UPDATE act SET leaf = '\"exchange\":{\"number\":99999999999999999999' \
                    WHERE number = (SELECT max(act) FROM exchange_step)";
        ledger.place.sql(&format!("{}; {torn}; {BEFORE}", without_triggers(database))).await.unwrap();
        assert_eq!(brought_up().await, (written[..written.len() - 1].to_vec(), false), "{database:?}");
    }
}

async fn leave_in_sqlite(url: &str) {
    const TYPES: &str = "SELECT t.name, c.name, c.type FROM sqlite_schema AS t, pragma_table_info(t.name) AS c";
    let options: SqliteConnectOptions = url.parse().unwrap();
    let mut connection = options.create_if_missing(true).connect().await.unwrap();
    migrator("sqlite").await.run_to(EARLIER, &mut connection).await.unwrap();
    let types = Types::of(sqlx::query_as(TYPES).fetch_all(&mut connection).await.unwrap());
    sqlx::raw_sql(AssertSqlSafe(types.rows_of_the_backup())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn leave_in_postgres(url: &str) {
    const TYPES: &str = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
                         WHERE table_schema = 'public'";
    let mut connection = PgConnection::connect(url).await.unwrap();
    migrator("postgres").await.run_to(EARLIER, &mut connection).await.unwrap();
    let types = Types::of(sqlx::query_as(TYPES).fetch_all(&mut connection).await.unwrap());
    sqlx::raw_sql(AssertSqlSafe(types.rows_of_the_backup())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn migrator(database: &str) -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(database);
    Migrator::new(folder).await.unwrap()
}

/// The type of each column of each table, as the database calls it.
struct Types(BTreeMap<(String, String), String>);

impl Types {
    fn of(columns: Vec<(String, String, String)>) -> Self {
        Self(columns.into_iter().map(|(table, column, of_type)| ((table, column), of_type)).collect())
    }

    /// Statements that insert what the backup holds.
    fn rows_of_the_backup(&self) -> String {
        let mut lines = String::new();
        let mut backup = GzDecoder::new(&include_bytes!("../backups/schema-5.backup")[..]);
        backup.read_to_string(&mut lines).unwrap();
        let (mut table, mut columns) = (String::new(), Vec::<String>::new());
        let mut sql = String::new();
        for line in lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            if let Some(begun) = line.get("table") {
                table = serde_json::from_value(begun["name"].clone()).unwrap();
                columns = serde_json::from_value(begun["columns"].clone()).unwrap();
            }
            if let Some(row) = line.get("row") {
                let values = row.as_array().unwrap().iter().zip(&columns);
                let values: Vec<_> = values.map(|(value, column)| self.literal(value, &table, column)).collect();
                let names: Vec<_> = columns.iter().map(|column| format!("\"{column}\"")).collect();
                sql += &format!("INSERT INTO {table} ({}) VALUES ({});\n", names.join(", "), values.join(", "));
            }
        }
        sql
    }

    fn literal(&self, value: &Value, table: &str, column: &str) -> String {
        let Value::String(text) = value else { return value.to_string() };
        match self.0[&(table.to_owned(), column.to_owned())].as_str() {
            "BLOB" => format!("x'{}'", text.replace('-', "")),
            "bytea" => format!("'\\x{text}'"),
            _ => format!("'{}'", text.replace('\'', "''")),
        }
    }
}
