//! The database goes away and comes back; a process is killed; the service is stopped under load.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::json;

use super::served::{Served, eventually, serve};
use crate::command::{Sandbox, both};
use crate::postgres::private_server;

/// Callers that propose exchanges until they are told to stop, each with keys of its own. What was not acknowledged
/// is asked again with the same key until it is.
struct Load<'a> {
    served: &'a Served,
    a: String,
    b: String,
    is_over: AtomicBool,
    asked: AtomicU64,
    acknowledged: Mutex<Vec<(String, String)>>,
    unavailable: AtomicU64,
}

impl<'a> Load<'a> {
    fn new(served: &'a Served) -> Self {
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        Self {
            served,
            a,
            b,
            is_over: AtomicBool::new(false),
            asked: AtomicU64::new(0),
            acknowledged: Mutex::default(),
            unavailable: AtomicU64::new(0),
        }
    }

    fn call_on(&self, address: &str) {
        while !self.is_over.load(Ordering::Relaxed) {
            let key = format!("load-{}", self.asked.fetch_add(1, Ordering::Relaxed));
            let body = json!({ "giver": self.a, "receiver": self.b, "minutes": 15, "service_date": "2026-03-14" });
            while !self.is_over.load(Ordering::Relaxed) {
                let mut call = self.served.call("POST", "/v1/exchanges");
                call = call.token(&self.served.operator).key(&key).json(&body);
                let reply = super::served::exchange(address, &call.bytes());
                match reply {
                    Ok(reply) if reply.status == 201 => {
                        self.acknowledged.lock().unwrap().push((key, reply.field("id")));
                        break;
                    }
                    Ok(reply) if reply.status == 503 => {
                        assert!(reply.header("retry-after").is_some(), "{reply:?}");
                        self.unavailable.fetch_add(1, Ordering::Relaxed);
                        std::thread::sleep(Duration::from_millis(100));
                    }
                    Ok(reply) => {
                        self.is_over.store(true, Ordering::Relaxed);
                        panic!("{reply:?}");
                    }
                    // The process is gone.
                    Err(_) => return,
                }
            }
        }
    }

    /// Plays a scene while callers call; whatever becomes of the scene, they end with it.
    fn during(&self, addresses: &[&str], scene: impl FnOnce() + Send) {
        std::thread::scope(|scope| {
            for address in addresses {
                scope.spawn(|| self.call_on(address));
            }
            let played = scope.spawn(scene).join();
            self.is_over.store(true, Ordering::Relaxed);
            if let Err(why) = played {
                std::panic::resume_unwind(why);
            }
        });
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// What was acknowledged is there, once.
    fn assert_kept(&self) {
        let acknowledged = self.acknowledged.lock().unwrap();
        let names: BTreeSet<_> = acknowledged.iter().map(|(_, name)| name).collect();
        assert_eq!(names.len(), acknowledged.len(), "two keys became one exchange");
        for (key, name) in acknowledged.iter().step_by(7) {
            let body = json!({ "giver": self.a, "receiver": self.b, "minutes": 15, "service_date": "2026-03-14" });
            let call = self.served.call("POST", "/v1/exchanges").token(&self.served.operator).key(key).json(&body);
            let again = call.send().expect(201);
            assert_eq!((&again.field("id"), again.header("idempotency-replayed")), (name, Some("true")));
        }
    }
}

#[test]
fn the_service_outlives_its_database() {
    let mut server = private_server();
    let served = Served::fresh(Sandbox::on(server.new_database()));
    let load = Load::new(&served);
    load.during(&[served.address.as_str(); 4], || {
        eventually("the load runs", || load.count() > 50);
        server.stop_immediately();
        eventually("callers are told", || load.unavailable.load(Ordering::Relaxed) > 3);
        assert_eq!(served.call("GET", "/readyz").send().status, 503);
        served.call("GET", "/healthz").send().expect(200);
        server.start_again();
        eventually("the service recovers", || served.call("GET", "/readyz").send().status == 200);
        let before = load.count();
        eventually("the load goes on", || load.count() > before + 50);
    });
    load.assert_kept();
    served.assert_sound();
}

#[test]
fn one_of_two_processes_is_killed_and_the_other_goes_on() {
    let served = Served::fresh(Sandbox::postgres());
    let (mut second, address) = serve(&served.sandbox, "");
    let load = Load::new(&served);
    let (one, other) = (served.address.as_str(), address.as_str());
    load.during(&[one, other, one, other, one, other], || {
        eventually("the load runs", || load.count() > 100);
        second.kill().unwrap();
        let before = load.count();
        eventually("the load goes on", || load.count() > before + 100);
    });
    load.assert_kept();
    served.assert_sound();
}

#[test]
fn a_stopped_service_answers_what_it_took() {
    for sandbox in both() {
        let mut served = Served::fresh(sandbox);
        {
            let load = Load::new(&served);
            load.during(&[served.address.as_str(); 4], || {
                eventually("the load runs", || load.count() > 30);
                let id = served.process.id().to_string();
                assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
            });
            assert!(load.count() > 30);
        }
        assert_eq!(served.process.wait().unwrap().code(), Some(0));
        served.assert_sound();
    }
}
