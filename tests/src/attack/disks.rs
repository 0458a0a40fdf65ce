//! Disks that fill, fail, or lose the database's file while the service runs. Nothing that was acknowledged is lost,
//! what cannot be kept is refused, `/readyz` says so, and the service goes on by itself once it can.

use std::fs;
use std::io::Read as _;
use std::process::Command;

use serde_json::{Value, json};

use crate::api::served::{Reply, Served, eventually, new_key, serve};
use crate::command::Sandbox;
use crate::postgres::private_server;
use crate::small_disk::SmallDisk;

/// A served network in which somebody writes, in each of the ways that there are.
struct Writing {
    served: Served,
    a: String,
    b: String,
    /// What was acknowledged: keys, and the exchanges that they became.
    acknowledged: Vec<(String, String)>,
}

impl Writing {
    fn on(sandbox: Sandbox) -> Self {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let mut writing = Self { served, a, b, acknowledged: Vec::new() };
        for _ in 0..20 {
            writing.everyday(1).expect(201);
        }
        writing
    }

    fn exchange(&self) -> Value {
        json!({ "giver": self.a, "receiver": self.b, "minutes": 15, "service_date": "2026-03-14" })
    }

    /// Exchanges, decided in memory: one, or a batch.
    fn everyday(&mut self, count: usize) -> Reply {
        let key = new_key();
        let call = if count == 1 {
            self.served.call("POST", "/v1/exchanges").json(&self.exchange())
        } else {
            let lines = vec![self.exchange(); count];
            self.served.call("POST", "/v1/exchanges/batch").json(&Value::Array(lines))
        };
        let reply = call.token(&self.served.operator).key(&key).send();
        if count == 1 && reply.status == 201 {
            self.acknowledged.push((key, reply.field("id")));
        }
        reply
    }

    /// A member, decided under the lock.
    fn member(&self) -> Reply {
        let body = json!({ "name": format!("Amis {}", new_key()) });
        self.served.post(&self.served.operator, "/v1/associations", &body)
    }

    /// A token, kept beside the ledger.
    fn token(&self) -> Reply {
        self.served.post(&self.served.operator, "/v1/tokens", &json!({ "label": new_key(), "scopes": ["read"] }))
    }

    fn is_ready(&self) -> bool {
        let reply = self.served.call("GET", "/readyz").send();
        assert!(matches!(reply.status, 200 | 503), "{reply:?}");
        reply.status == 200
    }

    /// Writes in each way until there is no room for it; what is refused is refused in a way that asks to come again.
    fn write_until_refused(&mut self) {
        let refused = |reply: &Reply| match reply.status {
            201 => false,
            503 => {
                assert!(reply.header("retry-after").is_some(), "{reply:?}");
                true
            }
            _ => panic!("{reply:?}"),
        };
        for _ in 0..3 {
            eventually("an exchange is refused", || refused(&self.everyday(1)));
            eventually("a member is refused", || refused(&self.member()));
            eventually("a token is refused", || refused(&self.token()));
        }
    }

    fn assert_all_is_written(&mut self) {
        eventually("the service is ready", || self.is_ready());
        self.everyday(1).expect(201);
        self.member().expect(201);
        self.token().expect(201);
    }

    /// What was acknowledged is there, once.
    fn assert_kept(&self) {
        for (key, name) in &self.acknowledged {
            let call = self.served.call("POST", "/v1/exchanges").token(&self.served.operator).key(key);
            let again = call.json(&self.exchange()).send().expect(201);
            assert_eq!((&again.field("id"), again.header("idempotency-replayed")), (name, Some("true")));
        }
        self.served.assert_sound();
    }

    /// Asks the service to stop; returns what it said in its log.
    fn stop(&mut self) -> String {
        let process = &mut self.served.process;
        let told = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
        assert!(told.unwrap().success());
        let mut log = String::new();
        process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        process.wait().unwrap();
        log
    }

    fn start_again(&mut self) {
        (self.served.process, self.served.address) = serve(&self.served.sandbox, "");
    }
}

#[test]
fn a_full_disk_is_said_and_the_service_goes_on_once_there_is_room() {
    let sandbox = Sandbox::sqlite();
    let Some(disk) = SmallDisk::mount(sandbox.path("disk"), 16) else { return };
    let mut writing = Writing::on(Sandbox::on(disk.database()));
    for _ in 0..2 {
        assert!(writing.is_ready());
        disk.fill();
        writing.write_until_refused();
        eventually("it is said", || !writing.is_ready());
        writing.served.call("GET", "/healthz").send().expect(200);
        writing.served.balance(&writing.a);
        disk.clear();
        writing.assert_all_is_written();
    }
    writing.assert_kept();
    assert!(writing.stop().contains("the disk is full"));
}

#[test]
fn room_for_a_row_is_not_enough_to_be_ready() {
    let sandbox = Sandbox::sqlite();
    let Some(disk) = SmallDisk::mount(sandbox.path("disk"), 16) else { return };
    let mut writing = Writing::on(Sandbox::on(disk.database()));
    // What is already taken from the disk is written over, after the log was emptied into the file.
    assert_eq!(writing.everyday(1_000).status, 200);
    writing.stop();
    writing.start_again();
    disk.fill();
    eventually("it is said", || !writing.is_ready());
    disk.clear();
    writing.assert_all_is_written();
}

#[test]
fn what_is_opened_while_the_disk_is_read_only_does_not_stay_so() {
    let sandbox = Sandbox::sqlite();
    let Some(disk) = SmallDisk::mount(sandbox.path("disk"), 16) else { return };
    let mut writing = Writing::on(Sandbox::on(disk.database()));
    disk.fill();
    // The connections that fail are closed, and those that take their place can only read.
    let covered = disk.cover_read_only();
    writing.write_until_refused();
    eventually("it is said", || !writing.is_ready());
    drop(covered);
    disk.clear();
    writing.assert_all_is_written();
    writing.assert_kept();
}

#[test]
fn a_disk_that_fails_is_said_and_what_was_acknowledged_is_on_it() {
    let sandbox = Sandbox::sqlite();
    let Some(disk) = SmallDisk::mount_fragile(&sandbox, 32) else { return };
    let mut writing = Writing::on(Sandbox::on(disk.database()));
    disk.break_down();
    writing.write_until_refused();
    eventually("it is said", || !writing.is_ready());
    writing.served.call("GET", "/healthz").send().expect(200);
    writing.served.balance(&writing.a);
    let _ = writing.stop();
    for name in ["coudemain.db", "coudemain.db-wal"] {
        // The file is elsewhere from now on, as it would be after a repair.
        let _ = fs::copy(disk.path().join(name), writing.served.sandbox.path(name));
    }
    let elsewhere = writing.served.sandbox.path("coudemain.db");
    writing.served.sandbox.database = format!("sqlite://{}", elsewhere.display());
    writing.start_again();
    writing.assert_all_is_written();
    writing.assert_kept();
}

#[test]
fn a_file_that_was_taken_away_or_replaced_takes_no_writes() {
    let mut writing = Writing::on(Sandbox::sqlite());
    let [file, aside] = ["coudemain.db", "aside.db"].map(|name| writing.served.sandbox.path(name));
    fs::rename(&file, &aside).unwrap();
    writing.everyday(1).expect(503);
    writing.write_until_refused();
    writing.served.get(&writing.served.operator, &format!("/v1/associations/{}/balance", writing.a)).expect(503);
    eventually("it is said", || !writing.is_ready());
    writing.served.call("GET", "/healthz").send().expect(200);

    // The file itself: all is as before.
    fs::rename(&aside, &file).unwrap();
    writing.assert_all_is_written();
    writing.assert_kept();

    // Another one in its place is left as it is, when the service stops too.
    let other = Sandbox::sqlite();
    crate::twins::done(&other.run("init 'Un autre réseau'"));
    fs::rename(&file, &aside).unwrap();
    fs::copy(other.path("coudemain.db"), &file).unwrap();
    let before = fs::read(&file).unwrap();
    writing.write_until_refused();
    eventually("it is said", || !writing.is_ready());
    let log = writing.stop();
    assert!(log.contains("was deleted, moved or replaced while the database was open"), "{log}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_file_that_was_deleted_swallows_nothing() {
    let mut writing = Writing::on(Sandbox::sqlite());
    let file = writing.served.sandbox.path("coudemain.db");
    for name in ["coudemain.db", "coudemain.db-wal", "coudemain.db-shm"] {
        fs::remove_file(file.with_file_name(name)).unwrap();
    }
    writing.write_until_refused();
    eventually("it is said", || !writing.is_ready());
    // Nor is another one made in its place.
    let _ = writing.stop();
    assert!(!file.exists());
}

#[test]
fn a_log_that_was_deleted_is_noticed_and_what_stood_in_it_is_saved() {
    let mut writing = Writing::on(Sandbox::sqlite());
    fs::remove_file(writing.served.sandbox.path("coudemain.db-wal")).unwrap();
    writing.everyday(1).expect(503);
    writing.write_until_refused();
    eventually("it is said", || !writing.is_ready());
    let log = writing.stop();
    assert!(log.contains("coudemain.db-wal” was deleted"), "{log}");
    writing.start_again();
    writing.assert_all_is_written();
    writing.assert_kept();
}

#[test]
fn a_server_whose_disk_is_full_is_said_and_the_service_goes_on_once_there_is_room() {
    let server = private_server();
    let Some(disk) = SmallDisk::mount(server.place_for_a_disk(), 64) else { return };
    let mut writing = Writing::on(Sandbox::on(server.new_database_on_the_disk()));
    for _ in 0..2 {
        assert!(writing.is_ready());
        disk.fill();
        eventually("it is said", || !writing.is_ready());
        writing.write_until_refused();
        writing.served.call("GET", "/healthz").send().expect(200);
        writing.served.balance(&writing.a);
        disk.clear();
        writing.assert_all_is_written();
    }
    writing.assert_kept();
}
