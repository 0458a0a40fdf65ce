//! Ends that nobody planned: the command is killed, or the disk is full. Whatever was acknowledged is there, once;
//! what was not left nothing; and the same command completes the work.
//!
//! The moments of the kills differ from run to run, and what is asserted holds at any of them.

use std::fmt::Write as _;
use std::thread;
use std::time::Duration;

use ledger::clock::{Clock as _, SystemClock};
use ledger::state::Network;
use store::{Store, SystemSecrets, network_uuid};

use crate::command::{Sandbox, both};
use crate::small_disk::SmallDisk;
use crate::twins::{audited_exchanges, done, json};

const LINES: u64 = 20_000;

/// So many exchanges of 2024 between the two associations.
pub(crate) fn exchanges_file(lines: u64) -> String {
    let mut exchanges = "reference;date;giver;receiver;duration\n".to_owned();
    for number in 1..=lines {
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        let (giver, receiver) = if number % 2 == 0 { ("Chorale", "Fanfare") } else { ("Fanfare", "Chorale") };
        writeln!(exchanges, "K-{number:05};2024-{month:02}-{day:02};{giver};{receiver};{}h", number % 4 + 1).unwrap();
    }
    exchanges
}

/// A network of two associations, and a file of exchanges to bring in.
fn prepare(sandbox: &Sandbox) {
    done(&sandbox.run("init 'Entraide du pays'"));
    sandbox.write("associations.csv", "name\nChorale\nFanfare\n");
    done(&sandbox.run("import associations associations.csv"));
    sandbox.write("exchanges.csv", exchanges_file(LINES));
}

#[test]
fn a_killed_import_leaves_all_or_nothing() {
    const MOMENTS_MILLIS: [u64; 5] = [30, 150, 500, 1_200, 2_500];
    for sandbox in both() {
        prepare(&sandbox);
        for moment in MOMENTS_MILLIS {
            let mut import = sandbox.spawn("import exchanges exchanges.csv");
            thread::sleep(Duration::from_millis(moment));
            // On Unix this is kill -9.
            import.kill().unwrap();
            import.wait().unwrap();
            let found = audited_exchanges(&sandbox);
            assert!(found == 0 || found == LINES, "{found} of {LINES} lines after {moment} ms");
        }
        done(&sandbox.run("import exchanges exchanges.csv"));
        assert_eq!(audited_exchanges(&sandbox), LINES);
        insta::allow_duplicates! {
            insta::assert_snapshot!(sandbox.run("import exchanges exchanges.csv"), @r"
            $ coudemain import exchanges exchanges.csv
            Entré : 0 échange, 20000 déjà là.
            => exit 0
            ");
        }
        let balances = json(&sandbox, "balance Chorale --format json");
        assert_eq!(balances[0]["given_minutes"], 60 * (1 + 3) * 5_000);
    }
}

/// Both of the network's keys are announced and stand in the folder, and all is in order.
fn assert_made(sandbox: &Sandbox) {
    let keys = json(sandbox, "key list --format json");
    let here = |key: &serde_json::Value| key["private_key_is_here"] == true;
    assert_eq!(keys["keys"].as_array().unwrap().iter().filter(|key| here(key)).count(), 2, "{keys}");
    done(&sandbox.run("audit"));
}

#[test]
fn a_killed_init_can_be_done_again() {
    for fresh in [Sandbox::sqlite as fn() -> Sandbox, Sandbox::postgres] {
        for moment in 0..12 {
            let sandbox = fresh();
            let mut init = sandbox.spawn("init 'Entraide du pays' --domain heures.example.org");
            thread::sleep(Duration::from_millis(50 * moment));
            init.kill().unwrap();
            let had_ended = init.wait().unwrap().success();
            let again = sandbox.run("init 'Entraide du pays'");
            let is_there = again.stderr.contains("contient déjà le réseau");
            assert!(again.code == Some(0) || is_there, "{again}");
            assert!(again.code == Some(2) || !had_ended, "{again}");
            assert_made(&sandbox);
        }
    }
}

/// Founded, and not a key announced: the longest of the moments at which `init` can be killed.
#[tokio::test]
async fn an_init_that_ended_between_its_steps_is_completed() {
    for sandbox in both() {
        let store = Store::open(&sandbox.database, true).await.unwrap();
        let mut secrets = SystemSecrets::new();
        let uuid = network_uuid(SystemClock.now(), &mut secrets);
        let network = Network { uuid, name: "Entraide du pays".to_owned(), time_zone: chrono_tz::Indian::Reunion };
        store.found(&network, &SystemClock, &mut secrets).await.unwrap();
        store.close().await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(sandbox.run("init 'Entraide du pays'"), @r"
            $ coudemain init 'Entraide du pays'
            ! la création de « Entraide du pays » a commencé sous un autre fuseau horaire : --time-zone Indian/Reunion l'achèverait
            => exit 2
            ");
        }
        done(&sandbox.run("init 'Entraide du pays' --time-zone Indian/Reunion"));
        assert_made(&sandbox);
        assert_eq!(sandbox.run("init 'Entraide du pays' --time-zone Indian/Reunion").code, Some(2));
    }
}

#[test]
fn a_killed_bench_keeps_what_it_acknowledged() {
    for sandbox in both() {
        let mut bench = sandbox.spawn("bench --clients 8 --seconds 300 --associations 10");
        // What a reader has seen was acknowledged.
        let seen = loop {
            let audit = sandbox.run("audit --format json");
            let audit: serde_json::Value = serde_json::from_str(&audit.stdout).unwrap_or_default();
            match audit["exchanges"].as_u64() {
                Some(seen) if seen >= 100 => break seen,
                _ => assert!(bench.try_wait().unwrap().is_none(), "The bench ended by itself: {audit}"),
            }
        };
        bench.kill().unwrap();
        bench.wait().unwrap();
        let kept = audited_exchanges(&sandbox);
        assert!(kept >= seen, "{seen} exchanges were there before the bench was killed, and {kept} after it");
    }
}

#[test]
fn a_full_disk_is_said_and_the_command_can_be_repeated() {
    let sandbox = Sandbox::sqlite();
    let Some(disk) = SmallDisk::mount(sandbox.path("disk"), 2) else { return };
    let sandbox = Sandbox::on(disk.database());
    prepare(&sandbox);
    let run = sandbox.run("import exchanges exchanges.csv");
    insta::assert_snapshot!(run, @r"
    $ coudemain import exchanges exchanges.csv
    ! le disque est plein : faites de la place, puis relancez la même commande ; rien n'est entré à moitié
    => exit 2
    ");
    disk.grow(200);
    assert_eq!(audited_exchanges(&sandbox), 0);
    insta::assert_snapshot!(crate::twins::plain(&sandbox.run("import exchanges exchanges.csv")), @r"
    $ coudemain import exchanges exchanges.csv
    Note : limite souple dépassée : Chorale (solde −10 000 h, limite −40 h, depuis le 04/08/2024)
    Entré : 20000 échanges.
    => exit 0
    ");
    assert_eq!(audited_exchanges(&sandbox), LINES);
}
