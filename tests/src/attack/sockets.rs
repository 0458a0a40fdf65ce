//! Raw sockets: what becomes of those who are slow, silent, endless, ambiguous or never read, and of everybody else
//! meanwhile.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::drain;
use crate::api::served::{Reply, Served, eventually, token};
use crate::command::Sandbox;

/// A socket of somebody who means harm.
pub(super) struct Socket {
    pub(super) name: &'static str,
    /// What is sent, in one piece.
    sent: Vec<u8>,
    /// What is sent after it, over and over, until the other end has had enough.
    dripped: &'static [u8],
    /// The statuses of what is answered before the connection ends.
    pub(super) gets: &'static [u16],
}

fn socket(name: &'static str, sent: impl Into<Vec<u8>>, gets: &'static [u16]) -> Socket {
    Socket { name, sent: sent.into(), dripped: b"", gets }
}

fn drip(name: &'static str, sent: impl Into<Vec<u8>>, dripped: &'static [u8], gets: &'static [u16]) -> Socket {
    Socket { name, sent: sent.into(), dripped, gets }
}

/// The head of a write by the operator, with these headers beside the usual ones.
fn write_head(served: &Served, headers: &str) -> String {
    format!(
        "POST /v1/exchanges HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: k\r\n\
         content-type: application/json\r\n{headers}\r\n",
        served.operator
    )
}

/// The table of those who mean harm.
pub(super) fn table(served: &Served) -> Vec<Socket> {
    let write = |headers: &str, body: &str| format!("{}{body}", write_head(served, headers));
    let chunked = |body: &str| write("transfer-encoding: chunked\r\n", body);
    let get = |rest: &str| format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{rest}");
    vec![
        socket("silent", "", &[]),
        socket("silent after a line", "GET /healthz HTTP/1.1\r\n", &[]),
        drip("slow headers", "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ", b"x", &[]),
        drip("slow blank lines", "", b"\r\n", &[]),
        drip("headers without end", "GET /healthz HTTP/1.1\r\nhost: x\r\n", b"x-more: x\r\n", &[]),
        socket("a huge header", get(&format!("x-huge: {}\r\n\r\n", "x".repeat(100_000))), &[431]),
        socket("a huge address", format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(100_000)), &[431]),
        socket("many headers", get(&format!("{}\r\n", "x-many: x\r\n".repeat(1_000))), &[431]),
        socket("no body", write("content-length: 100\r\n", ""), &[408]),
        drip("a slow body", write("content-length: 100000\r\n", "{"), b" ", &[408]),
        drip("slow chunks", chunked(""), b"1\r\n \r\n", &[408]),
        socket("a huge body that is promised", write("content-length: 104857600\r\n", "{"), &[413]),
        socket("a huge body that comes", chunked(&format!("80000\r\n{}\r\n0\r\n\r\n", " ".repeat(0x80000))), &[413]),
        socket("a length past all numbers", write("content-length: 99999999999999999999999\r\n", "{}"), &[400]),
        socket("a negative length", write("content-length: -1\r\n", "{}"), &[400]),
        socket("two lengths", write("content-length: 2\r\ncontent-length: 30\r\n", "{}"), &[400]),
        // What follows one whose length is told in two ways is answered to nobody.
        socket(
            "a length and chunks",
            write(
                "content-length: 100\r\ntransfer-encoding: chunked\r\n",
                "2\r\n{}\r\n0\r\n\r\nGET /v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            ),
            &[400],
        ),
        socket("chunks of another kind", write("transfer-encoding: chunked, gzip\r\n", "0\r\n\r\n"), &[400]),
        socket("chunks of no kind", write("transfer-encoding: xchunked\r\n", "0\r\n\r\n"), &[400]),
        socket("a chunk of no size", chunked("zz\r\n{}\r\n0\r\n\r\n"), &[400]),
        socket("a chunk of a negative size", chunked("-2\r\n{}\r\n0\r\n\r\n"), &[400]),
        socket("a chunk past all numbers", chunked("fffffffffffffffff\r\n{}\r\n0\r\n\r\n"), &[400]),
        socket("a chunk without an end", chunked("2\r\n{}xx0\r\n\r\n"), &[400]),
        socket("a name with a blank", write("content-length : 2\r\n", "{}"), &[400]),
        socket("a folded header", get("x-folded: a\r\n b\r\n\r\n"), &[400]),
        socket("a header with a NUL", get("x-nul: a\0b\r\n\r\n"), &[400]),
        socket("no protocol", "GET /healthz\r\n\r\n", &[400]),
        socket("a protocol to come", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[]),
        socket("a handshake", &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], &[400]),
        socket("noise", (0..=255).cycle().take(5_000).collect::<Vec<u8>>(), &[400]),
        socket("a proxy's errand", "CONNECT example.org:443 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", &[404]),
        socket("one who waits to be asked", write("content-length: 104857600\r\nexpect: 100-continue\r\n", ""), &[413]),
        socket("several at once", format!("{0}\r\n{0}\r\n{0}connection: close\r\n\r\n", get("")), &[200, 200, 200]),
    ]
}

/// What is answered until the connection ends: the status of each answer.
pub(super) fn statuses(served: &Served, socket: &Socket) -> Vec<u16> {
    let mut stream = TcpStream::connect(&served.address).unwrap();
    // Whoever is refused early may find the connection closed while they still write.
    let _ = stream.write_all(&socket.sent);
    let mut answered = Vec::new();
    let mut piece = [0; 4_096];
    stream.set_read_timeout(Some(Duration::from_millis(if socket.dripped.is_empty() { 60_000 } else { 20 }))).unwrap();
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(bytes) => answered.extend_from_slice(&piece[..bytes]),
            Err(error) if is_late(&error) && !socket.dripped.is_empty() => drop(stream.write_all(socket.dripped)),
            // The connection does not end.
            Err(error) if is_late(&error) => return vec![0],
            Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&answered);
    let heads = text.split("HTTP/1.1 ").skip(1);
    heads.map(|head| head.get(..3).and_then(|status| status.parse().ok()).unwrap_or_default()).collect()
}

fn is_late(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

#[test]
fn every_socket_gets_what_it_deserves() {
    let mut served = Served::with(Sandbox::sqlite(), "--arrival-seconds 1");
    drain(&mut served.process);
    let mut wrong = Vec::new();
    for socket in table(&served) {
        let found = statuses(&served, &socket);
        if found != socket.gets {
            wrong.push(format!("{}: {found:?} and not {:?}", socket.name, socket.gets));
        }
        served.call("GET", "/healthz").send().expect(200);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    served.association("Chorale");
    served.assert_sound();
}

/// Connections that say this and nothing more, and read nothing.
pub(super) fn crowd(served: &Served, count: usize, sent: &[u8]) -> Vec<TcpStream> {
    let connect = || {
        let mut stream = TcpStream::connect(&served.address).ok()?;
        stream.set_nonblocking(true).unwrap();
        // They write until nobody takes it.
        let _ = stream.write_all(sent);
        Some(stream)
    };
    (0..count).filter_map(|_| connect()).collect()
}

#[test]
fn the_silent_and_the_slow_keep_nobody_out() {
    let mut served = Served::with(Sandbox::sqlite(), "--connections-most 20 --arrival-seconds 600");
    drain(&mut served.process);
    for sent in ["", "GET /healthz HTTP/1.1\r\nhost:", "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let crowd = crowd(&served, 200, sent.as_bytes());
        for _ in 0..50 {
            served.get(&served.operator, "/v1/me").expect(200);
        }
        drop(crowd);
    }
}

#[test]
fn whoever_asks_as_they_come_is_answered_however_many_they_are() {
    let mut served = Served::with(Sandbox::sqlite(), "--connections-most 20 --arrival-seconds 600");
    drain(&mut served.process);
    let silent = crowd(&served, 20, b"");
    for _ in 0..5 {
        let asking = crowd(&served, 400, b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = |mut stream: TcpStream| {
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).map(|_| answer)
        };
        let unheard: Vec<_> = asking
            .into_iter()
            .map(answer)
            .filter(|answer| !answer.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")))
            .collect();
        assert!(unheard.is_empty(), "{}: {:?}", unheard.len(), unheard.first());
    }
    drop(silent);
}

#[test]
fn those_who_never_read_are_let_go() {
    let mut served = Served::with(Sandbox::sqlite(), "--connections-most 20 --write-seconds 1");
    drain(&mut served.process);
    let a = served.association("Chorale");
    let (_, ana) = served.person("ANA", "delegate", Some(&a));
    let pipelined = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(2_000);
    let crowd = crowd(&served, 60, pipelined.as_bytes());
    for path in ["/healthz", "/readyz", "/metrics"] {
        served.call("GET", path).send().expect(200);
    }
    served.get(&served.operator, "/v1/me").expect(200);
    // What they did not take is not kept for them: there is room again though they still hold on.
    eventually("there is room again", || served.get(&ana, "/v1/me").status == 200);
    drop(crowd);
    let peak = super::peak_mib(&served.process);
    assert!(peak < 300, "{peak} MiB");
}

/// Requests that are under way until their senders send the rest.
fn under_way(served: &Served, token: &str, count: usize) -> Vec<TcpStream> {
    let path = "/v1/exchanges";
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nidempotency-key: k\r\n\
         content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n"
    );
    let mut begun = Vec::new();
    // A connection before it may not have ended yet, and then there is no room.
    eventually("they are under way", || {
        let mut stream = TcpStream::connect(&served.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        // Asked for its body, it is under way for certain.
        let mut asked = [0; 12];
        stream.read_exact(&mut asked).unwrap();
        if asked == *b"HTTP/1.1 100" {
            begun.push(stream);
        }
        begun.len() == count
    });
    begun
}

#[test]
fn where_all_connections_are_taken_operators_are_answered() {
    let words = "--connections-most 4 --arrival-seconds 600 --request-seconds 600";
    let mut served = Served::with(Sandbox::sqlite(), words);
    drain(&mut served.process);
    let a = served.association("Chorale");
    let (_, ana) = served.person("ANA", "delegate", Some(&a));
    let taken = under_way(&served, &ana, 4);
    for path in ["/healthz", "/readyz", "/metrics"] {
        let reply = served.call("GET", path).send().expect(200);
        assert_eq!(reply.header("connection"), Some("close"));
    }
    served.association("Fanfare");
    let turned_away = |reply: Reply| {
        let reply = reply.expect(503);
        assert_eq!((reply.problem().as_str(), reply.header("retry-after")), ("no-room", Some("5")), "{reply:?}");
    };
    turned_away(served.get(&ana, "/v1/me"));
    turned_away(served.call("GET", "/openapi.json").send());
    turned_away(served.post(&ana, "/v1/exchanges", &json!({})));
    let metrics = served.call("GET", "/metrics").send().expect(200);
    assert!(!metrics.text.contains("coudemain_crowded_requests_total 0"), "{}", metrics.text);
    // There is room as soon as one of them is answered.
    let mut taken = taken.into_iter();
    taken.next().unwrap().write_all(b"{}").unwrap();
    eventually("there is room again", || served.get(&ana, "/v1/me").status == 200);
}

#[test]
fn operators_have_an_address_of_their_own() {
    let words = "--connections-most 1 --arrival-seconds 600 --request-seconds 600 --health-listen 127.0.0.1:0";
    let sandbox = Sandbox::sqlite();
    let mut served = Served::with(sandbox, words);
    drain(&mut served.process);
    let a = served.association("Chorale");
    let (_, ana) = served.person("ANA", "delegate", Some(&a));
    let _taken = under_way(&served, &ana, 1);
    served.get(&ana, "/v1/me").expect(503);
    let metrics = served.call("GET", "/metrics").send().expect(200);
    assert!(!metrics.text.contains("coudemain_crowded_requests_total 0"), "{}", metrics.text);
    let everybodys = std::mem::replace(&mut served.address, served.second_address.clone().unwrap());
    served.get(&ana, "/v1/me").expect(200);
    served.call("GET", "/healthz").send().expect(200);
    served.address = everybodys;

    let taken = format!("serve --listen 127.0.0.1:0 --health-listen {}", served.address);
    let run = served.sandbox.run(&taken);
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains(&format!("impossible d'écouter sur {}", served.address)), "{run}");
}

/// Opens a stream of events, if there is a place for one.
fn listen(served: &Served, token: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(&served.address).unwrap();
    let call = served.call("GET", "/v1/events").token(token);
    stream.write_all(&call.bytes()).unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    (status == *b"HTTP/1.1 200").then_some(stream)
}

#[test]
fn a_token_and_a_network_have_so_many_streams() {
    let mut served = Served::with(Sandbox::sqlite(), "--connections-most 48");
    drain(&mut served.process);
    let full = |reply: Reply, whose: &str| {
        let reply = reply.expect(429);
        assert_eq!((reply.problem().as_str(), reply.header("retry-after")), ("too-many-streams", Some("10")));
        assert_eq!(reply.json()["field"], json!(null));
        assert!(reply.field("detail").starts_with(whose), "{reply:?}");
    };
    let mut open: Vec<_> = (0..8).map(|_| listen(&served, &served.operator).unwrap()).collect();
    full(served.get(&served.operator, "/v1/events"), "ce jeton suit déjà 8 flux");
    let other = token(&served.sandbox, "");
    open.extend((0..4).map(|_| listen(&served, &other).unwrap()));
    full(served.get(&other, "/v1/events"), "ce réseau suit déjà 12 flux");
    // Everybody else goes on as if nothing were.
    for _ in 0..50 {
        served.get(&served.operator, "/v1/me").expect(200);
    }
    drop(open.split_off(4));
    eventually("a place is free again", || listen(&served, &other).is_some());
}
