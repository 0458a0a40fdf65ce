//! Webhooks and streams: everything that happened, once at least, in order, and no names.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::served::{Served, eventually, serve};
use crate::command::{Sandbox, both};

/// A webhook's receiver, which refuses as long as it is told to.
pub(crate) struct Receiver {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<&'static str>>,
}

#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) id: String,
    signature: String,
    pub(super) body: Value,
    is_accepted: bool,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Received>>> = Arc::default();
        let answer = Arc::new(Mutex::new("200 OK"));
        let (kept, told) = (Arc::clone(&seen), Arc::clone(&answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let answer = *told.lock().unwrap();
                if let Some(received) = receive(stream.unwrap(), answer) {
                    kept.lock().unwrap().push(received);
                }
            }
        });
        Self { url, seen, answer }
    }

    fn answer(&self, answer: &'static str) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(super) fn seen(&self) -> Vec<Received> {
        self.seen.lock().unwrap().clone()
    }

    /// The numbers of the acts that were accepted.
    pub(crate) fn numbers(&self) -> Vec<i64> {
        let accepted = self.seen().into_iter().filter(|received| received.is_accepted);
        accepted.map(|received| received.body["data"]["number"].as_i64().unwrap()).collect()
    }
}

fn receive(mut stream: TcpStream, answer: &str) -> Option<Received> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut id, mut signature, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "webhook-id" => value.clone_into(&mut id),
            "webhook-signature" => value.clone_into(&mut signature),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    write!(stream, "HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok()?;
    let body = serde_json::from_slice(&body).ok()?;
    Some(Received { id, signature, body, is_accepted: answer.starts_with('2') })
}

#[test]
fn a_webhook_is_told_of_everything_in_order() {
    for sandbox in both() {
        let mut served = Served::with(sandbox, "--private-webhooks true");
        let receiver = Receiver::start();
        let made = served.post(&served.operator, "/v1/webhooks", &json!({ "url": receiver.url })).expect(201);
        assert!(made.field("secret").starts_with("whsec_"), "{made:?}");
        let path = format!("/v1/webhooks/{}", made.field("id"));
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, ana) = served.person("ANA", "delegate", Some(&a));
        let exchange = served.propose(&ana, &a, &b, 60);
        eventually("the webhook is told", || receiver.numbers() == [3, 4, 5, 6, 7, 8]);
        let last = receiver.seen().pop().unwrap();
        assert_eq!(
            (&last.body["type"], &last.body["data"]["exchange"]),
            (&json!("exchange_proposed"), &json!(exchange))
        );
        assert_eq!(json!(last.id), last.body["data"]["act"]);
        assert!(last.signature.starts_with("v1,"), "{last:?}");
        let told = format!("{:?}", receiver.seen());
        assert!(!told.contains("Chorale") && !told.contains("ANA"), "names were told: {told}");

        // A receiver that fails gets the same event again, and then what came after it.
        receiver.answer("500 Oops");
        served.association("Judo");
        eventually("it was tried", || receiver.seen().iter().any(|received| !received.is_accepted));
        served.association("Yoga");
        let listed = served.get(&served.operator, &format!("{path}/deliveries?limit=1")).expect(200).json();
        assert_eq!(listed["items"][0]["is_delivered"], false);
        // Killed meanwhile, another process goes on from where it was.
        served.process.kill().unwrap();
        served.process.wait().unwrap();
        receiver.answer("204 No Content");
        let (process, address) = serve(&served.sandbox, "--private-webhooks true");
        (served.process, served.address) = (process, address);
        eventually("the webhook is told the rest", || {
            let mut numbers = receiver.numbers();
            numbers.dedup();
            numbers == [3, 4, 5, 6, 7, 8, 9, 10]
        });
        let failed = receiver.seen().into_iter().find(|received| !received.is_accepted).unwrap();
        assert!(receiver.seen().iter().any(|received| received.is_accepted && received.id == failed.id));
        eventually("the outcome is listed", || {
            let listed = served.get(&served.operator, &format!("{path}/deliveries")).expect(200).json();
            listed["items"].as_array().unwrap().iter().all(|one| one["is_delivered"] == true)
        });

        // At rest it is told nothing, and afterwards all that happened.
        served.put(&served.operator, &path, &json!({ "is_active": false })).expect(200);
        served.association("Échecs");
        std::thread::sleep(Duration::from_millis(300));
        assert!(!receiver.numbers().contains(&11));
        served.put(&served.operator, &path, &json!({ "is_active": true })).expect(200);
        eventually("it goes on", || receiver.numbers().contains(&11));
        served.call("DELETE", &path).token(&served.operator).send().expect(204);
        served.get(&served.operator, &path).expect(404);
    }
}

#[test]
fn an_association_is_told_of_its_own_acts_alone() {
    let served = Served::with(Sandbox::sqlite(), "--private-webhooks true");
    let (a, b, c) = (served.association("Chorale"), served.association("Fanfare"), served.association("Judo"));
    let (_, adm) = served.person("ADM", "administrator", Some(&a));
    let receiver = Receiver::start();
    let body = json!({ "url": receiver.url, "kinds": ["exchange_proposed"] });
    served.post(&adm, "/v1/webhooks", &body).expect(201);
    served.propose(&served.operator, &b, &c, 60);
    let own = served.propose(&served.operator, &b, &a, 60);
    eventually("it is told", || !receiver.seen().is_empty());
    let seen = receiver.seen();
    assert_eq!((seen.len(), &seen[0].body["data"]["exchange"]), (1, &json!(own)));
}

#[test]
fn no_webhook_leads_inside() {
    let served = Served::fresh(Sandbox::sqlite());
    for url in ["http://example.org/", "https://127.0.0.1/", "https://[::1]:8443/", "https://10.1.2.3/", "file:///etc"]
    {
        let refused = served.post(&served.operator, "/v1/webhooks", &json!({ "url": url })).expect(422);
        assert_eq!((refused.problem().as_str(), refused.field("field").as_str()), ("url-does-not-fit", "url"));
    }
    // A host that turns out to be this machine is found out before anything is sent.
    let made = served.post(&served.operator, "/v1/webhooks", &json!({ "url": "https://localhost/" })).expect(201);
    served.association("Chorale");
    let path = format!("/v1/webhooks/{}/deliveries", made.field("id"));
    eventually("the refusal is listed", || {
        let listed = served.get(&served.operator, &path).expect(200).json();
        listed["items"][0]["problem"] == "a private address"
    });
}

/// Opens the stream of events; the connection and what was answered at first.
pub(super) fn listen(served: &Served, token: &str, after: Option<&str>) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(&served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut call = served.call("GET", "/v1/events").token(token);
    if let Some(after) = after {
        call = call.header("last-event-id", after);
    }
    (&stream).write_all(&call.bytes()).unwrap();
    BufReader::new(stream)
}

/// What the first event of a stream tells, which is of that kind and has no id.
fn first_data(stream: &mut BufReader<TcpStream>, kind: &str) -> Value {
    let mut event = Vec::new();
    let mut is_event = false;
    loop {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended after {event:?}");
        is_event |= line.starts_with("event: ");
        match line.trim_end() {
            "" if is_event => break,
            line if is_event => event.push(line.to_owned()),
            _ => {}
        }
    }
    assert_eq!(event[0], format!("event: {kind}"));
    assert!(!event.iter().any(|line| line.starts_with("id:")), "{event:?}");
    let data: String = event.iter().filter_map(|line| line.strip_prefix("data: ")).collect();
    serde_json::from_str(&data).unwrap()
}

/// The ids of the next events of a stream.
pub(super) fn ids(stream: &mut BufReader<TcpStream>, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    while ids.len() < count {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended after {ids:?}");
        ids.extend(line.strip_prefix("id: ").map(|id| id.trim().to_owned()));
    }
    ids
}

#[test]
fn a_stream_goes_on_where_it_broke_off() {
    for sandbox in both() {
        let mut served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, ana) = served.person("ANA", "delegate", Some(&a));
        let mut all = listen(&served, &served.operator, Some("-1"));
        assert_eq!(ids(&mut all, 8), (0..8).map(|number| format!("0-{number}")).collect::<Vec<_>>());
        let mut own = listen(&served, &ana, None);
        let mut line = String::new();
        own.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "HTTP/1.1 200 OK");
        served.association("Judo");
        served.propose(&served.operator, &b, &a, 15);
        assert_eq!(ids(&mut all, 2), ["0-8", "0-9"]);
        assert_eq!(ids(&mut own, 1), ["0-9"], "Judo is no concern of the choir");
        drop(all);
        served.propose(&served.operator, &a, &b, 15);
        let mut again = listen(&served, &served.operator, Some("0-9"));
        assert_eq!(ids(&mut again, 1), ["0-10"]);
        // A number alone is what cursors were before.
        assert_eq!(ids(&mut listen(&served, &served.operator, Some("9")), 1), ["0-10"]);
        let refused = served.call("GET", "/v1/events").token(&served.operator).header("last-event-id", "ten").send();
        assert_eq!(refused.expect(400).field("field"), "Last-Event-ID");
        let refused = served.get(&served.operator, "/v1/events?after=1-5").expect(400);
        assert_eq!((refused.problem().as_str(), refused.field("field").as_str()), ("query-does-not-fit", "after"));
        let refused = served.call("GET", "/v1/events").token(&served.operator).header("last-event-id", "dix é").send();
        assert_eq!(refused.expect(400).field("field"), "Last-Event-ID");
        // What asks to go on after an act that is not there yet is told so, and hears of the acts to come.
        let mut ahead = ["0-11", "0-43", "9223372036854775807"].map(|id| listen(&served, &served.operator, Some(id)));
        for ahead in &mut ahead {
            let told = first_data(ahead, "cursor_is_ahead");
            assert_eq!((&told["fits"], &told["field"]), (&json!(["0-10"]), &json!("Last-Event-ID")), "{told}");
            assert!(told["type"].as_str().unwrap().ends_with("cursor-is-ahead"), "{told}");
        }
        // What another process writes is told too, and a stream does not keep the service from stopping.
        let (_other, address) = serve(&served.sandbox, "");
        let first = std::mem::replace(&mut served.address, address);
        served.association("Yoga");
        assert_eq!(ids(&mut again, 1), ["0-11"]);
        for ahead in &mut ahead {
            assert_eq!(ids(ahead, 1), ["0-11"]);
        }
        drop(ahead);
        served.address = first;
        let id = served.process.id().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert_eq!(served.process.wait().unwrap().code(), Some(0));
    }
}
