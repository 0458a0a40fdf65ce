//! A row that cannot be true is never passed over or shown raw: whoever reads it is told its table, column and key.

use std::fmt::Debug;
use std::pin::Pin;

use ledger::account::Account;
use ledger::act::ActKind;
use ledger::command::{By, Command, NewExchange};
use ledger::evidence::Evidence;
use ledger::{ActNumber, AssociationNumber, ExchangeNumber};
use store::{ExchangeFilter, Page, StoreError};

use crate::damage::without_triggers;
use crate::ledger_on::{Database, Ledger, contribution, day, exchange};

type Reading<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>>;

/// What is wrong in the database, who reads it, and what they are told.
struct Case {
    /// SQL for both databases, or for SQLite alone where PostgreSQL's types refuse it.
    sql: &'static str,
    sqlite_alone: bool,
    read: for<'a> fn(&'a Ledger) -> Reading<'a>,
    names: &'static str,
}

fn read<'a, T: Debug>(reading: impl Future<Output = Result<T, StoreError>> + 'a) -> Reading<'a> {
    Box::pin(async move { reading.await.map(|_| ()) })
}

const PAGE: Page<ActNumber> = Page::newest(10);

const CASES: &[Case] = &[
    Case {
        sql: "UPDATE act SET kind = 'danced' WHERE number = 1",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.acts_before(ledger.network, PAGE)),
        names: "table act, row 1, column kind",
    },
    Case {
        sql: "UPDATE act SET principal = 'nobody' WHERE number = 1",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.acts_from(ledger.network, ActNumber(0), 10)),
        names: "table act, row 1, column principal",
    },
    Case {
        sql: "UPDATE act SET leaf = 'torn' WHERE number = 5",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.history(ledger.network, Account::Association(AssociationNumber(1)))),
        names: "table act, row 5, column leaf",
    },
    Case {
        sql: "UPDATE posting SET kind = 'lost' WHERE account = 1 AND book = 'exchange'",
        sqlite_alone: false,
        read: |ledger| {
            let account = Account::Association(AssociationNumber(1));
            read(ledger.store.entries(ledger.network, account, Page::newest(5)))
        },
        names: "table posting, row exchange 1 1, column kind",
    },
    Case {
        sql: "UPDATE posting SET kind = 'lost' WHERE account = 1 AND book = 'exchange'",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.months(ledger.network, Account::Association(AssociationNumber(1)))),
        names: "table posting, row exchange 1, column kind",
    },
    Case {
        sql: "UPDATE posting SET booked = 'spring' WHERE account = 1 AND book = 'exchange'",
        sqlite_alone: true,
        read: |ledger| read(ledger.store.months(ledger.network, Account::Association(AssociationNumber(1)))),
        names: "table posting, row exchange 1, column booked",
    },
    Case {
        sql: "UPDATE exchange SET service_date = '2025-02-30'",
        sqlite_alone: true,
        read: |ledger| read(ledger.store.exchanges(ledger.network, false)),
        names: "table exchange, row 5, column service_date",
    },
    Case {
        sql: "UPDATE exchange SET service_date = '2025-02-30'",
        sqlite_alone: true,
        read: |ledger| {
            read(async {
                let filter = ExchangeFilter { page: Page::newest(5), ..ExchangeFilter::default() };
                ledger.store.exchange_views(ledger.network, &filter).await
            })
        },
        names: "table exchange, row 5, column service_date",
    },
    Case {
        sql: "INSERT INTO exchange_step (network_id, exchange, act) SELECT network_id, 5, 1 FROM head",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.thread(ledger.network, ExchangeNumber(5))),
        names: "table exchange_step, row 5 1, column act: an act that is not about the exchange",
    },
    Case {
        sql: "INSERT INTO exchange_step (network_id, exchange, act) SELECT network_id, 5, 99 FROM head",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.thread(ledger.network, ExchangeNumber(5))),
        names: "table exchange_step, row 5 99, column act: an act that is not there",
    },
    Case {
        sql: "INSERT INTO exchange_step (network_id, exchange, act) SELECT network_id, 5, 5 FROM head",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.thread(ledger.network, ExchangeNumber(5))),
        names: "table exchange_step, row 5 5, column act: an act that the exchange names already",
    },
    Case {
        sql: "UPDATE exchange SET posted_in = 99",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.thread(ledger.network, ExchangeNumber(5))),
        names: "table exchange, row 5, column posted_in",
    },
    Case {
        sql: "UPDATE act SET leaf = 'torn' WHERE number = 5",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.thread(ledger.network, ExchangeNumber(5))),
        names: "table act, row 5, column leaf",
    },
    Case {
        sql: "UPDATE contribution SET nature = 'forced'",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.work_done(ledger.network, (day(2025, 1, 1), day(2025, 12, 31)), None)),
        names: "table contribution, row 5 0, column nature",
    },
    Case {
        sql: "UPDATE person_key SET key = x'00' WHERE act = 5",
        sqlite_alone: true,
        read: |ledger| read(ledger.store.hours_of(ledger.network, ledger::PersonNumber(3))),
        names: "table person_key, row 5 0, column key",
    },
    Case {
        sql: "UPDATE association SET kind = 'club' WHERE association = 2",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.registry(ledger.network)),
        names: "table association, row 2, column kind",
    },
    Case {
        sql: "UPDATE association SET has_limits = 7 WHERE association = 2",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.registry(ledger.network)),
        names: "table association, row 2, column has_limits",
    },
    Case {
        sql: "UPDATE network SET time_zone = 'Mars/Olympus'",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.network(None)),
        names: "column time_zone",
    },
    Case {
        sql: "UPDATE act_text SET field = 'whisper' WHERE act = 5 AND field = 'memo'",
        sqlite_alone: false,
        read: |ledger| read(ledger.store.texts_of(ledger.network, ActNumber(5))),
        names: "table act_text, row 5, column field",
    },
    Case {
        sql: "UPDATE act SET recorded_at = 9223372036854775807 WHERE number = 1",
        sqlite_alone: true,
        read: |ledger| read(ledger.store.seldom_acts(ledger.network, ActKind::AssociationAdded, PAGE)),
        names: "table act, row 1, column recorded_at",
    },
    Case {
        sql: "UPDATE posting SET booked = 'spring' WHERE account = 1 AND book = 'exchange'",
        sqlite_alone: true,
        read: |ledger| read(ledger.store.audit(ledger.network, None)),
        names: "table posting, row 1 exchange 1, column booked",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_row_is_named_by_table_column_and_key() {
    let mut missed = Vec::new();
    for database in Database::tried() {
        for case in CASES.iter().filter(|case| !case.sqlite_alone || matches!(database, Database::Sqlite)) {
            let ledger = small_ledger(database).await;
            let sql = format!("{}; {}", without_triggers(database), case.sql);
            ledger.place.sql(&sql).await.unwrap_or_else(|error| panic!("{}: {error}", case.sql));
            let told = (case.read)(&ledger).await.err().map(|error| error.to_string());
            if !told.as_ref().is_some_and(|told| told.contains(case.names)) {
                missed.push(format!("{database:?}, {}: {told:?} does not name {}", case.sql, case.names));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// Associations 1 and 2, person 3 of the first, and exchange 5 between them with that person's hours.
async fn small_ledger(database: Database) -> Ledger {
    let ledger = Ledger::fresh(database).await;
    let (choir, band) = (ledger.association("Chorale").await, ledger.association("Fanfare").await);
    let anne = ledger.person("A1", &[choir]).await;
    assert_eq!((choir.0, band.0, anne.0), (1, 2, 3));
    let exchange = NewExchange {
        memo: Some("affiches".to_owned()),
        contributions: vec![contribution(anne, 60)],
        ..exchange(choir, band, 60, day(2025, 3, 1))
    };
    let recorded = Command::Record { exchange, evidence: Evidence::COORDINATOR };
    assert_eq!(ledger.done_by(By::OPERATOR, recorded).await.0, 5);
    ledger
}
