//! Clocks that are wrong: what they may do, and what is left once they are set right.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use ledger::clock::{Clock, CountedSecrets, SetClock, SystemClock};
use ledger::command::{By, Command, NewExchange};
use ledger::evidence::{Evidence, EvidenceKind};
use store::{ClockDoubt, Store, StoreError, WriteError, Writer, WriterOptions};

use crate::api::served::{self, eventually};
use crate::command::{Invocation, both};
use crate::ledger_on::{Database, Ledger, Place, add_association, day, exchange, noon, request};
use crate::packages;
use crate::twins::{done, says};

/// A clock that nobody answers for.
#[derive(Debug)]
struct Unconfirmed(Arc<SetClock>);

impl Clock for Unconfirmed {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn references_go_on_where_their_year_was_left_whatever_clocks_have_shown() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let (giver, receiver) = (ledger.association("Chorale").await, ledger.association("Fanfare").await);
        let mut asked = 0;
        let mut given = async |ledger: &Ledger, now: DateTime<Utc>, brought_in: Option<&str>| {
            ledger.clock.set(now);
            asked += 1;
            let reference = brought_in.map(str::to_owned);
            let new = NewExchange { reference, ..exchange(giver, receiver, 60, day(2025, 3, 1)) };
            let evidence = Evidence { kind: EvidenceKind::PaperSlip, reference: None, line: None };
            let command = Command::Record { exchange: new, evidence };
            let receipt = ledger.submit(request(&format!("{asked}"), By::OPERATOR, command)).await.unwrap();
            receipt.reference.unwrap()
        };
        let (right, ahead) = (noon(2025, 3, 2), noon(2034, 3, 2));
        assert_eq!(given(&ledger, right, None).await, "2025-000001");
        assert_eq!(given(&ledger, ahead, None).await, "2034-000001");
        assert_eq!(given(&ledger, ahead, Some("2030-000007")).await, "2030-000007");
        assert_eq!(given(&ledger, right, None).await, "2025-000002");
        assert_eq!(given(&ledger, right, Some("2025-000010")).await, "2025-000010");
        // Another process has nothing in memory; and then the first one is behind.
        let other = ledger.beside(2_000_000, WriterOptions::default()).await;
        assert_eq!(given(&other, ahead, None).await, "2034-000002");
        assert_eq!(given(&other, right, None).await, "2025-000011");
        assert_eq!(given(&ledger, ahead, None).await, "2034-000003");
        assert_eq!(given(&ledger, noon(2030, 1, 1), None).await, "2030-000008");
        ledger.assert_sound().await;

        // A backup goes into the other database, and takes the counters with it.
        let mut backup = Vec::new();
        ledger.store.backup(&mut backup).await.unwrap();
        let place = Place::fresh(if database == Database::BOTH[0] { Database::BOTH[1] } else { Database::BOTH[0] });
        let store = Store::open(&place.url, true).await.unwrap();
        store.restore(&mut backup.as_slice(), right).await.unwrap();
        let secrets = Box::new(CountedSecrets(3_000_000));
        let writer =
            Writer::start(store.clone(), Arc::<SetClock>::clone(&ledger.clock), secrets, WriterOptions::default());
        let clock = Arc::clone(&ledger.clock);
        let restored = Ledger { place: Arc::new(place), store, writer, network: ledger.network, clock };
        assert_eq!(given(&restored, right, None).await, "2025-000012");
        assert_eq!(given(&restored, ahead, None).await, "2034-000004");
        restored.assert_sound().await;

        // Whoever turns a counter back is found out.
        restored.place.sql("UPDATE reference_counter SET last = 11 WHERE year = 2025").await.unwrap();
        let problems = restored.problems().await;
        assert!(problems.iter().any(|(_, problem)| problem.contains("reference_counter 2025")), "{problems:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_far_ahead_is_believed_where_somebody_answers_for_it() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let clock = Arc::new(Unconfirmed(Arc::clone(&ledger.clock)));
        let secrets = Box::new(CountedSecrets(2_000_000));
        let writer = Writer::start(ledger.store.clone(), Arc::clone(&clock) as _, secrets, WriterOptions::default());
        let ask = async |name: &str| {
            let asked = request(name, By::OPERATOR, add_association(name));
            writer.submit(ledger.network, asked).await.map(|receipt| receipt.act.0)
        };
        let asked = || [request("rehearsed", By::OPERATOR, add_association("Rehearsed"))];
        let doubt = |error: WriteError| match error {
            WriteError::Unavailable(error) => match *error {
                StoreError::ClockIsAhead(doubt) => doubt,
                _ => panic!("{error:?}"),
            },
            other => panic!("{other:?}"),
        };
        let last_act = noon(2025, 3, 1);
        assert!(ask("The day of founding").await.is_ok());
        ledger.clock.set(noon(2026, 3, 1));
        assert!(ledger.store.rehearse(ledger.network, &asked(), &*clock).await.is_ok(), "a year later");
        let now = noon(2026, 3, 4);
        ledger.clock.set(now);
        assert_eq!(doubt(ask("Three days more than that").await.unwrap_err()), ClockDoubt::LastAct { now, last_act });
        let refused = ledger.store.rehearse(ledger.network, &asked(), &*clock).await;
        assert!(matches!(refused, Err(StoreError::ClockIsAhead(_))), "{refused:?}");
        assert!(matches!(ledger.store.check_clock(&*clock).await, Err(StoreError::ClockIsAhead(_))));

        // Somebody answers for it, once.
        ledger.association("By somebody's word").await;
        assert!(ask("After that").await.is_ok());
        assert!(ledger.store.rehearse(ledger.network, &asked(), &*clock).await.is_ok());
        ledger.assert_sound().await;
        // The clock goes back: acts do not, and it is said.
        let right = noon(2025, 4, 1);
        let behind = ledger.store.clock_doubts(right).await.unwrap();
        assert_eq!(behind, [ClockDoubt::Behind { now: right, last_act: now }]);
        assert_eq!(ledger.store.clock_doubts(now).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_slept_is_believed_beside_one_that_did_not() {
    for database in Database::tried() {
        let ledger = Ledger::fresh(database).await;
        let other = ledger.another(2).await;
        let clock = Arc::new(Unconfirmed(Arc::clone(&ledger.clock)));
        let secrets = Box::new(CountedSecrets(2_000_000));
        let writer = Writer::start(ledger.store.clone(), clock, secrets, WriterOptions::default());
        ledger.clock.set(noon(2026, 6, 1));
        other.association("Awake").await;
        ledger.clock.set(noon(2026, 7, 1));
        let asked = request("Asleep", By::OPERATOR, add_association("Asleep"));
        writer.submit(ledger.network, asked).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_is_not_believed_against_that_of_the_databases_server() {
    for (database, is_believed) in [(Database::Sqlite, true), (Database::Postgres, false)] {
        let ledger = Ledger::fresh(database).await;
        let right = SystemClock.now();
        ledger.clock.set(right);
        ledger.association("Chorale").await;
        ledger.clock.set(right + TimeDelta::days(3));
        let clock = Unconfirmed(Arc::clone(&ledger.clock));
        let asked = [request("asked", By::OPERATOR, add_association("Fanfare"))];
        let rehearsed = ledger.store.rehearse(ledger.network, &asked, &clock).await;
        match rehearsed {
            Ok(_) => assert!(is_believed),
            Err(StoreError::ClockIsAhead(ClockDoubt::Database { .. })) => assert!(!is_believed),
            Err(error) => panic!("{error}"),
        }
    }
}

/// The same command under a clock that shows this.
fn under(invocation: Invocation, shown: &str) -> Invocation {
    invocation.env("LD_PRELOAD", &faketime().display().to_string()).env("FAKETIME", shown)
}

/// The clock shim, which is installed if need be.
fn faketime() -> PathBuf {
    let find = || {
        let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
        let mut found = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
        found.find(|file| file.is_file())
    };
    let missing = "This test needs libfaketime, which was not found (on Debian: apt-get install faketime).";
    find().unwrap_or_else(|| {
        packages::install("faketime", missing).unwrap_or_else(|why| panic!("{why}"));
        find().expect(missing)
    })
}

#[test]
fn the_command_under_a_clock_that_is_nine_years_ahead() {
    for sandbox in both() {
        done(&sandbox.run("init 'Entraide du pays'"));
        sandbox.write("associations.csv", "name\nChorale de Janzé\nFanfare de Retiers\n");
        done(&sandbox.run("import associations associations.csv"));
        let year = SystemClock.now().year();
        let future = year + 9;
        sandbox.write(
            "tomorrow.csv",
            format!("date,giver,receiver,duration\n{}-01-01,Chorale de Janzé,Fanfare de Retiers,1h\n", year + 7),
        );
        let ahead = |line: &str| under(sandbox.command(line), &format!("{future}-06-01 12:00:00")).run();
        let why = format!("01/06/{future}");
        for line in ["import exchanges tomorrow.csv", "import exchanges tomorrow.csv --dry-run", "serve"] {
            let refused = ahead(line);
            says(&refused, 2, &why);
            says(&refused, 2, "--accept-clock");
        }
        done(&ahead("import exchanges tomorrow.csv --accept-clock"));
        says(&ahead("history 'Chorale de Janzé'"), 0, &format!("{future}-000001"));

        // The clock is set right.
        says(&sandbox.run("import exchanges tomorrow.csv"), 0, "1 déjà là");
        sandbox.write(
            "again.csv",
            format!("date,giver,receiver,duration\n{}-01-02,Chorale de Janzé,Fanfare de Retiers,1h\n", year + 7),
        );
        says(&sandbox.run("import exchanges again.csv"), 2, "est dans le futur");
        sandbox.write(
            "today.csv",
            format!("date,giver,receiver,duration\n{year}-01-01,Chorale de Janzé,Fanfare de Retiers,1h\n"),
        );
        done(&sandbox.run("import exchanges today.csv"));
        says(&sandbox.run("history 'Chorale de Janzé'"), 0, &format!("{year}-000001"));
        says(&sandbox.run("audit"), 0, "tout concorde");
        let (_process, address) = served::serve(&sandbox, "");
        eventually("what is dated in the future is said", || {
            let ready = served::exchange(&address, b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let ready = ready.unwrap().expect(200);
            ready.text.contains("complaints") && ready.text.contains(&why)
        });
    }
}
