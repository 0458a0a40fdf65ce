//! Kills at any moment of whatever takes a while. What was acknowledged is there, once; what was not left nothing, or all
//! of it; and the same command, run again, comes to the same end.
//!
//! The moments are spread over the time that the command takes undisturbed. They differ from run to run, and what is
//! asserted holds at any of them. `COUDEMAIN_KILLS` says how many there are in all:
//! `COUDEMAIN_KILLS=2000 cargo test --workspace --locked kills::`.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::api::served::{Reply, Served, serve};
use crate::command::{Sandbox, both};
use crate::crashes::exchanges_file;
use crate::twins::{audited_exchanges, done};

/// In all, unless said.
const KILLS: u32 = 64;
const LINES: u64 = 400;

/// Something that takes a while.
struct Phase {
    /// What has to have been done before.
    prepare: &'static [fn(&Sandbox)],
    command: &'static str,
    /// What holds after a kill, whenever it came.
    holds: fn(&Sandbox),
    /// Runs it again, and looks whether all is as it has to be.
    complete: fn(&Sandbox),
}

const PHASES: [Phase; 7] = [
    Phase {
        prepare: &[],
        command: "init 'Entraide du pays'",
        holds: |_| {},
        complete: |sandbox| {
            // One that was done before says that there is such a network.
            sandbox.run("init 'Entraide du pays'");
            assert_sound(sandbox);
            assert_eq!(sandbox.run("token list").code, Some(0), "one network, and not two");
            done(&sandbox.run("log checkpoint"));
        },
    },
    Phase {
        prepare: &[found],
        command: "import exchanges exchanges.csv",
        holds: |sandbox| {
            let found = audited_exchanges(sandbox);
            assert!(found == 0 || found == LINES, "{found} of {LINES}");
        },
        complete: |sandbox| {
            done(&sandbox.run("import exchanges exchanges.csv"));
            assert_eq!(audited_exchanges(sandbox), LINES);
        },
    },
    Phase {
        prepare: &[found, exchange],
        command: "close --year 2024",
        holds: assert_sound,
        complete: |sandbox| {
            // The second time it may be closed already, and its head signed or not.
            sandbox.run("close --year 2024");
            let run = sandbox.run("close --year 2024");
            assert!(run.code != Some(0) || run.stdout.contains("2024"), "{run}");
            assert_sound(sandbox);
            done(&sandbox.run("statement issue --year 2024 --out statements --no-pdf"));
        },
    },
    Phase {
        prepare: &[found, exchange, close],
        command: "statement issue --year 2024 --out statements --no-pdf",
        holds: assert_sound,
        complete: |sandbox| {
            done(&sandbox.run("statement issue --year 2024 --out statements --no-pdf"));
            let files = std::fs::read_dir(sandbox.path("statements")).unwrap();
            let mut statements: Vec<_> = files.map(|file| file.unwrap().path().display().to_string()).collect();
            statements.retain(|path| {
                let is_beside = path.ends_with("did.json") || path.ends_with("status.json");
                path.ends_with("json") && !is_beside
            });
            assert_eq!(statements.len(), 2, "{statements:?}");
            let trust = sandbox.path("statements/did.json").display().to_string();
            done(&sandbox.run(&format!("verify {} --trust {trust}", statements.join(" "))));
            assert_sound(sandbox);
        },
    },
    Phase {
        prepare: &[found, exchange, back_up],
        command: "person erase --person V1 --yes",
        holds: assert_sound,
        complete: |sandbox| {
            // Who is erased already is nobody.
            sandbox.run("person erase --person V1 --yes");
            assert_ne!(sandbox.run("person export --person V1 --out v1.json").code, Some(0));
            assert_sound(sandbox);
            // An older backup knows of them, and the list beside the keys has them go again.
            let elsewhere = sandbox.path("elsewhere.db").display().to_string();
            let restore = sandbox.command("restore old.backup --keys coudemain.keys --head unknown");
            done(&restore.db(&format!("sqlite://{elsewhere}")).run());
            let export =
                sandbox.command("person export --person V1 --out v1.json").db(&format!("sqlite://{elsewhere}"));
            assert_ne!(export.run().code, Some(0));
        },
    },
    Phase {
        prepare: &[found, exchange],
        command: "backup new.backup",
        holds: |sandbox| {
            // A name never holds half a backup.
            if sandbox.path("new.backup").exists() {
                restores(sandbox, "new.backup");
                std::fs::remove_file(sandbox.path("new.backup")).unwrap();
            }
            assert_sound(sandbox);
        },
        complete: |sandbox| {
            done(&sandbox.run("backup new.backup"));
            restores(sandbox, "new.backup");
        },
    },
    Phase {
        prepare: &[found, exchange, back_up, empty],
        command: "restore old.backup --head unknown",
        holds: |_| {},
        complete: |sandbox| {
            // One that was done before finds the database no longer empty.
            sandbox.run("restore old.backup --head unknown");
            assert_eq!(audited_exchanges(sandbox), LINES);
        },
    },
];

fn found(sandbox: &Sandbox) {
    done(&sandbox.run("init 'Entraide du pays'"));
    sandbox.write("associations.csv", "name\nChorale\nFanfare\n");
    done(&sandbox.run("import associations associations.csv"));
    sandbox.write("persons.csv", "code;first_name;association\nV1;Vera;Chorale\nV2;Victor;Fanfare\n");
    done(&sandbox.run("import persons persons.csv"));
    sandbox.write("exchanges.csv", exchanges_file(LINES));
}

fn exchange(sandbox: &Sandbox) {
    done(&sandbox.run("import exchanges exchanges.csv"));
}

fn close(sandbox: &Sandbox) {
    done(&sandbox.run("close --year 2024"));
}

fn back_up(sandbox: &Sandbox) {
    done(&sandbox.run("backup old.backup"));
}

/// Goes on without the database that was backed up.
fn empty(sandbox: &Sandbox) {
    if let Some(path) = sandbox.database.strip_prefix("sqlite://") {
        std::fs::remove_file(path).unwrap();
    }
}

fn restores(sandbox: &Sandbox, backup: &str) {
    let elsewhere = Sandbox::sqlite();
    done(&elsewhere.run(&format!("restore {} --keys nowhere --head unknown", sandbox.path(backup).display())));
    assert_eq!(audited_exchanges(&elsewhere), LINES);
}

fn assert_sound(sandbox: &Sandbox) {
    let audit = sandbox.run("audit");
    assert_eq!(audit.code, Some(0), "{audit}");
}

/// So many in each of so many places.
fn kills_in_each(places: usize) -> u32 {
    let all = std::env::var("COUDEMAIN_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    (all / u32::try_from(places).unwrap()).max(1)
}

#[test]
fn whatever_is_killed_is_done_wholly_or_not_at_all_and_can_be_done_again() {
    for phase in &PHASES {
        for prepared in both() {
            phase.prepare.iter().for_each(|prepare| prepare(&prepared));
            let starts_empty = phase.prepare.is_empty() || phase.command.starts_with("restore");
            let copy = || if starts_empty { prepared.copy_with_empty_database() } else { prepared.copy() };
            #[expect(clippy::disallowed_methods, reason = "moments are spread over the time that it takes")]
            let began = std::time::Instant::now();
            done(&copy().run(phase.command));
            let takes = began.elapsed();
            let kills = kills_in_each(2 * PHASES.len() + 2);
            for kill in 0..kills {
                let sandbox = copy();
                let mut running = sandbox.spawn(phase.command);
                thread::sleep(takes.mul_f64((f64::from(kill) + 0.5) / f64::from(kills)));
                // On Unix this is kill -9.
                running.kill().unwrap();
                running.wait().unwrap();
                (phase.holds)(&sandbox);
                (phase.complete)(&sandbox);
            }
        }
    }
}

#[test]
fn whatever_a_killed_service_acknowledged_is_there_once() {
    for sandbox in both() {
        let mut served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, delegate) = served.person("DEL", "delegate", Some(&a));
        let help = json!({ "giver": a, "receiver": b, "minutes": 60, "service_date": "2026-03-14" });
        let notice = json!({ "kind": "offer", "description": "Un barnum" });
        for kill in 0..kills_in_each(2 * PHASES.len() + 2) {
            let ask = |served: &Served, kind: &str, key: &str| {
                let (path, body) = if kind == "exchange" { ("/v1/exchanges", &help) } else { ("/v1/notices", &notice) };
                let call = served.call("POST", path).token(&delegate).key(key).json(body);
                // An answer that breaks off acknowledges nothing.
                let reply = call.try_send().ok();
                reply.filter(|reply| serde_json::from_str::<Value>(&reply.text).is_ok())
            };
            let acknowledged: Vec<(&str, String, Option<Reply>)> = thread::scope(|scope| {
                let callers: Vec<_> = (0..4)
                    .map(|caller| {
                        let (served, ask) = (&served, &ask);
                        scope.spawn(move || {
                            let mut answered = Vec::new();
                            for asked in 0.. {
                                let kind = if (asked + caller) % 4 == 0 { "notice" } else { "exchange" };
                                let key = format!("{kill}-{caller}-{asked}");
                                let reply = ask(served, kind, &key);
                                let is_over = reply.is_none();
                                answered.push((kind, key, reply));
                                if is_over {
                                    return answered;
                                }
                            }
                            answered
                        })
                    })
                    .collect();
                thread::sleep(Duration::from_millis(40 + 97 * u64::from(kill)));
                kill_minus_nine(&served);
                callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
            });
            served.process.wait().unwrap();
            (served.process, served.address) = serve(&served.sandbox, "");
            for (kind, key, first) in acknowledged {
                let again = ask(&served, kind, &key).unwrap().expect(201);
                // What was answered is answered again; what was not is done now, or was done, and is told.
                if let Some(first) = first {
                    assert_eq!(first.expect(201).field("id"), again.field("id"), "{key}");
                    assert_eq!(again.header("idempotency-replayed"), Some("true"), "{key}");
                }
            }
            served.assert_sound();
        }
    }
}

fn kill_minus_nine(served: &Served) {
    let id = served.process.id().to_string();
    let killed = std::process::Command::new("kill").args(["-9", &id]).status().unwrap();
    assert!(killed.success());
}
