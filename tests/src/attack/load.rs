//! Everything at once, for an hour: what `/healthz` and everybody else notice of it, and how much memory it takes.
//!
//!     cargo test --workspace --locked --tests -- --ignored --nocapture attack::load
//!
//! `COUDEMAIN_LOAD_SECONDS` says how long, and `COUDEMAIN_TEST_COMMAND` names a released command to try. Some 8,000 files
//! have to be allowed (`ulimit -n`).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use serde_json::json;

use super::sockets::{crowd, statuses, table};
use super::{drain, peak_mib};
use crate::api::served::{Served, exchange, token};
use crate::command::Sandbox;

/// More than there is room for.
const CROWD: usize = 1_100;

struct Siege<'a> {
    served: &'a Served,
    a: String,
    b: String,
    delegate: String,
    /// The token of another one, who means harm.
    hostile: String,
    is_over: AtomicBool,
    /// How long `/healthz` took, in µs, on everybody's address and on the operators' own.
    probed: [Mutex<Vec<u64>>; 2],
    /// How the honest were answered: 2xx, 429, 503 `no-room`, another 503, not at all.
    honest: [AtomicU64; 5],
    wrong: Mutex<Vec<String>>,
    rounds: AtomicU64,
}

impl Siege<'_> {
    fn goes_on(&self) -> bool {
        !self.is_over.load(Relaxed)
    }

    fn pause(&self, seconds: u64) {
        for _ in 0..seconds * 10 {
            if self.goes_on() {
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }

    /// Crowds that hold on to what they have, one after the other.
    fn crowds(&self) {
        let openapi = |headers: &str| format!("GET /openapi.json HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
        let slow = format!(
            "POST /v1/exchanges HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: k\r\n\
             content-type: application/json\r\ncontent-length: 200000\r\n\r\n{}",
            self.hostile,
            " ".repeat(100_000)
        );
        let crowds = [
            String::new(),
            "GET /healthz HTTP/1.1\r\nhost:".to_owned(),
            openapi("").repeat(500),
            openapi("accept-encoding: gzip\r\n").repeat(500),
            slow,
        ];
        for sent in crowds.iter().cycle() {
            if !self.goes_on() {
                return;
            }
            let crowd = crowd(self.served, CROWD, sent.as_bytes());
            self.pause(12);
            drop(crowd);
            self.rounds.fetch_add(1, Relaxed);
        }
    }

    /// Streams that nobody reads, as many as a few tokens get.
    fn streams(&self, tokens: &[String]) {
        while self.goes_on() {
            let request = |token: &String| self.served.call("GET", "/v1/events?after=-1").token(token).bytes();
            let open: Vec<_> = tokens.iter().map(|token| crowd(self.served, 12, &request(token))).collect();
            self.pause(5);
            drop(open);
        }
    }

    /// Batches that are made to exhaust.
    fn hostile_batches(&self) {
        let many = "{\"\":0},".repeat(2_300_000);
        let many = many.trim_end_matches(',');
        for (media_type, body) in [
            ("application/json", format!("[{many}]")),
            ("application/x-ndjson", many.replace(',', "\n")),
            ("application/json", format!("[[{many}]]")),
        ]
        .iter()
        .cycle()
        {
            if !self.goes_on() {
                return;
            }
            let call = self.served.call("POST", "/v1/exchanges/batch").token(&self.hostile);
            let _ = call.body(media_type, body.as_bytes()).try_send();
        }
    }

    /// Batches that are meant.
    fn honest_batches(&self) {
        let line = self.proposal().to_string();
        let lines = format!("{line}\n").repeat(1_000);
        while self.goes_on() {
            let call = self.served.call("POST", "/v1/exchanges/batch").token(&self.delegate);
            let answered = call.body("application/x-ndjson", lines.as_bytes()).try_send();
            self.count(answered.ok().map(|reply| (reply.status, reply.text)));
            self.pause(5);
        }
    }

    fn honest(&self) {
        let body = self.proposal();
        while self.goes_on() {
            let proposed = self.served.call("POST", "/v1/exchanges").token(&self.delegate).json(&body).try_send();
            self.count(proposed.ok().map(|reply| (reply.status, reply.text)));
            let read = self.served.call("GET", "/v1/exchanges").token(&self.delegate).try_send();
            self.count(read.ok().map(|reply| (reply.status, reply.text)));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn proposal(&self) -> serde_json::Value {
        json!({ "giver": self.a, "receiver": self.b, "minutes": 15, "service_date": "2026-03-14" })
    }

    fn count(&self, answered: Option<(u16, String)>) {
        let place = match answered {
            Some((200..=299, _)) => 0,
            Some((429, _)) => 1,
            Some((503, text)) if text.contains("no-room") => 2,
            Some((503, _)) => 3,
            Some((status, text)) => return self.wrong.lock().unwrap().push(format!("{status} {text}")),
            None => 4,
        };
        self.honest[place].fetch_add(1, Relaxed);
    }

    /// The table of sockets, over and over: with others about, each gets what it deserves or finds no room.
    fn sockets(&self) {
        while self.goes_on() {
            for socket in table(self.served) {
                let found = statuses(self.served, &socket);
                if found != socket.gets && !found.is_empty() && !found.contains(&503) && self.goes_on() {
                    self.wrong.lock().unwrap().push(format!("{}: {found:?}", socket.name));
                }
            }
        }
    }

    fn probe(&self, place: usize, address: &str) {
        while self.goes_on() {
            #[expect(clippy::disallowed_methods, reason = "how long an answer takes is measured here")]
            let began = Instant::now();
            let mut answer = [0; 12];
            let asked = TcpStream::connect(address).and_then(|mut stream| {
                stream.set_read_timeout(Some(Duration::from_mins(1)))?;
                stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
                stream.read_exact(&mut answer)
            });
            let micros = u64::try_from(began.elapsed().as_micros()).unwrap();
            if asked.is_err() || answer != *b"HTTP/1.1 200" {
                self.wrong.lock().unwrap().push(format!("/healthz on {address}: {asked:?} {answer:?}"));
            }
            self.probed[place].lock().unwrap().push(micros);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The half, the ninety-nine hundredths, and the longest, in ms.
fn spread(probed: &Mutex<Vec<u64>>) -> [f64; 3] {
    let mut micros = probed.lock().unwrap().clone();
    micros.sort_unstable();
    let at = |hundredths: usize| micros[(micros.len() - 1) * hundredths / 100];
    [at(50), at(99), at(100)].map(|micros| f64::from(u32::try_from(micros).unwrap()) / 1_000.0)
}

#[test]
#[ignore = "an hour"]
fn the_service_stands_an_hour_of_this() {
    let seconds = std::env::var("COUDEMAIN_LOAD_SECONDS").map_or(3_600, |seconds| seconds.parse().unwrap());
    let words = "--rate 100 --private-webhooks true --health-listen 127.0.0.1:0";
    let mut served = Served::with(Sandbox::sqlite(), words);
    drain(&mut served.process);
    let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
    let (_, delegate) = served.person("ANA", "delegate", Some(&a));
    let (_, hostile) = served.person("BEA", "delegate", Some(&a));
    let tokens: Vec<_> = (0..6).map(|_| token(&served.sandbox, "")).collect();
    let silence = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = json!({ "url": format!("http://{}/", silence.local_addr().unwrap()) });
    for _ in 0..10 {
        served.post(&served.operator, "/v1/webhooks", &silent).expect(201);
    }
    let operators = served.second_address.clone().unwrap();
    let siege = Siege {
        served: &served,
        a,
        b,
        delegate,
        hostile,
        is_over: AtomicBool::new(false),
        probed: Default::default(),
        honest: Default::default(),
        wrong: Mutex::default(),
        rounds: AtomicU64::new(0),
    };
    std::thread::scope(|scope| {
        let siege = &siege;
        scope.spawn(|| siege.crowds());
        scope.spawn(|| siege.streams(&tokens));
        for _ in 0..3 {
            scope.spawn(|| siege.hostile_batches());
        }
        scope.spawn(|| siege.honest_batches());
        scope.spawn(|| siege.honest());
        scope.spawn(|| siege.honest());
        scope.spawn(|| siege.sockets());
        scope.spawn(|| siege.probe(0, &served.address));
        scope.spawn(|| siege.probe(1, &operators));
        std::thread::sleep(Duration::from_secs(seconds));
        siege.is_over.store(true, Relaxed);
    });
    let peak = peak_mib(&served.process);
    let [everybodys, own] = siege.probed.each_ref().map(spread);
    let honest = siege.honest.each_ref().map(|count| count.load(Relaxed));
    let count = siege.probed[0].lock().unwrap().len();
    let wrong = siege.wrong.into_inner().unwrap();
    println!("{seconds} s, {} crowds of {CROWD}; peak {peak} MiB", siege.rounds.load(Relaxed));
    println!("/healthz, {count} times: p50, p99, max {everybodys:?} ms; on the operators' address {own:?} ms");
    println!("the honest: 2xx, 429, no-room, other 503, not at all: {honest:?}; wrong: {}", wrong.len());
    println!("{:#?}", wrong.iter().take(20).collect::<Vec<_>>());
    exchange(&served.address, &served.call("GET", "/readyz").bytes()).unwrap().expect(200);
    served.assert_sound();
    assert!(peak < 300 && everybodys[1] < 100.0 && own[1] < 100.0 && wrong.is_empty());
}
