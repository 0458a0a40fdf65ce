//! What nobody should send: refused, cheaply, with a reason.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::served::{Served, exchange};
use crate::command::{Sandbox, both};

#[test]
fn what_does_not_fit_is_named() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let good = json!({ "giver": a, "receiver": b, "minutes": 60, "service_date": "2026-03-14" });
        let with = |name: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body[name] = value;
            body.to_string()
        };
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for (body, status, problem, field) in [
            ("{".to_owned(), 400, "body-does-not-fit", "null"),
            ("[]".to_owned(), 400, "body-does-not-fit", "null"),
            ("nul".to_owned(), 400, "body-does-not-fit", "null"),
            (deep, 400, "body-does-not-fit", "null"),
            (with("wrong", json!(1)), 400, "body-does-not-fit", "wrong"),
            (with("minutes", json!("60")), 400, "body-does-not-fit", "minutes"),
            (with("minutes", json!(60.5)), 400, "body-does-not-fit", "minutes"),
            (with("minutes", json!(1e300)), 400, "body-does-not-fit", "minutes"),
            (with("minutes", json!(u64::MAX)), 400, "body-does-not-fit", "minutes"),
            (with("minutes", json!(i64::MAX)), 400, "body-does-not-fit", "minutes"),
            (with("minutes", json!(-60)), 400, "body-does-not-fit", "minutes"),
            (with("minutes", json!(0)), 400, "body-does-not-fit", "minutes"),
            (with("service_date", json!("14/03/2026")), 400, "body-does-not-fit", "service_date"),
            (with("service_date", json!("2999-01-01")), 422, "date-is-in-the-future", "service_date"),
            (with("giver", json!("Chorale")), 400, "body-does-not-fit", "giver"),
            (with("giver", json!("00000000-0000-0000-0000-000000000000")), 422, "name-is-unknown", "giver"),
            (with("memo", json!("a\u{0}b")), 400, "body-does-not-fit", "memo"),
            (with("memo", json!("x".repeat(2_001))), 400, "body-does-not-fit", "memo"),
            (
                with("contributions", json!([{ "person": a, "minutes": 1, "x": 1 }])),
                400,
                "body-does-not-fit",
                "contributions[0].x",
            ),
            (good.to_string().replace("\"minutes\":60,", ""), 400, "body-does-not-fit", "minutes"),
        ] {
            let call = served.call("POST", "/v1/exchanges").token(&served.operator);
            let reply = call.body("application/json", body.clone()).send();
            let shown: String = body.chars().take(200).collect();
            assert_eq!((reply.status, reply.problem().as_str()), (status, problem), "{shown}: {reply:?}");
            assert_eq!(reply.field("field"), field, "{shown}: {reply:?}");
            assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        }
        let call = served.call("POST", "/v1/exchanges").token(&served.operator);
        call.body("text/plain", good.to_string()).send().expect(415);
        for (path, field) in [
            ("/v1/exchanges?x=1", "x"),
            ("/v1/exchanges?limit=many", "limit"),
            ("/v1/exchanges?state=lost", "state"),
            ("/v1/exchanges?cursor=1", "cursor"),
        ] {
            let reply = served.get(&served.operator, path).expect(400);
            assert_eq!((reply.problem().as_str(), reply.field("field").as_str()), ("query-does-not-fit", field));
        }
        served.get(&served.operator, "/v1/exchanges?reference=%00").expect(400);
        served.get(&served.operator, "/v1/exchanges/%00").expect(404);
        served.get(&served.operator, "/v1/exchanges/1").expect(404);
        served.get("cdm_1_x", "/v1/me").expect(401);
        served.get("\u{e9}", "/v1/me").expect(401);
        let english = served.call("GET", "/v1/nothing").header("accept-language", "en-GB").send().expect(404);
        assert!(english.field("detail").starts_with("nothing here of that name"), "{english:?}");
        served.assert_sound();
    }
}

#[test]
fn what_was_found_and_what_would_fit_is_said_in_french() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        for (body, sentence) in [
            (
                json!({ "service_date": "14/03/2026" }).to_string(),
                "valeur impossible : `14/03/2026` ; conviendrait : une date comme 2026-03-14",
            ),
            (
                json!({ "minutes": "2h" }).to_string(),
                "type impossible : texte \"2h\" ; conviendrait : un nombre entier",
            ),
            ("{},".to_owned(), "pas de JSON à partir de la ligne 1, colonne 3"),
        ] {
            let call = served.call("POST", "/v1/exchanges").token(&served.operator);
            let reply = call.body("application/json", body).send().expect(400);
            assert_eq!(reply.field("detail"), sentence);
        }
        for (path, sentence) in [
            ("/v1/exchanges?limit=many", "valeur impossible : `many` ; conviendrait : un nombre entier"),
            (
                "/v1/transfers?cursor=1",
                "valeur impossible : pas un repère de cette liste ; conviendrait : le `next` d'une page",
            ),
        ] {
            assert_eq!(served.get(&served.operator, path).expect(400).field("detail"), sentence);
        }
    }
}

#[test]
fn what_is_too_much_is_refused_cheaply() {
    for sandbox in both() {
        let served = Served::with(sandbox, "--arrival-seconds 1");
        // A body of 100 MB is refused by what it says of itself, before it is sent.
        let head = format!(
            "POST /v1/exchanges HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: k\r\n\
             content-type: application/json\r\ncontent-length: 104857600\r\n\r\n",
            served.operator
        );
        let mut stream = TcpStream::connect(&served.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 413");
        drop(stream);

        // Or once too much of it has arrived.
        let mut chunked = format!(
            "POST /v1/exchanges HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {}\r\n\
             idempotency-key: k\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
            served.operator
        );
        for _ in 0..300 {
            chunked.push_str(&format!("400\r\n{}\r\n", " ".repeat(1_024)));
        }
        chunked.push_str("0\r\n\r\n");
        assert_eq!(exchange(&served.address, chunked.as_bytes()).unwrap().status, 413);

        // A bomb of headers.
        let mut bomb = "GET /healthz HTTP/1.1\r\nhost: x\r\n".to_owned();
        for number in 0..2_000 {
            bomb.push_str(&format!("x-{number}: {}\r\n", "y".repeat(100)));
        }
        bomb.push_str("\r\n");
        let status = exchange(&served.address, bomb.as_bytes()).map(|reply| reply.status);
        assert!(matches!(status, Ok(431) | Err(_)), "{status:?}");

        // Callers who are slow with their headers are let go, and with their body.
        let mut slow = TcpStream::connect(&served.address).unwrap();
        slow.write_all(b"GET /healthz HTTP/1.1\r\nhost:").unwrap();
        slow.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut rest = Vec::new();
        let _ = slow.read_to_end(&mut rest);
        let half = format!(
            "POST /v1/exchanges HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {}\r\n\
             idempotency-key: k\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
            served.operator
        );
        let reply = exchange(&served.address, half.as_bytes()).unwrap();
        assert_eq!((reply.status, reply.problem()), (408, "body-is-too-slow".to_owned()));
        served.call("GET", "/healthz").send().expect(200);
        served.assert_sound();
    }
}

#[test]
fn a_token_that_asks_too_often_is_told_to_wait() {
    let sandbox = crate::command::Sandbox::sqlite();
    let served = Served::with(sandbox, "--rate 1");
    let replies: Vec<_> = (0..15).map(|_| served.get(&served.operator, "/v1/me")).collect();
    let refused = replies.iter().find(|reply| reply.status == 429).unwrap();
    assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("too-many-requests", Some("1")));
    served.call("GET", "/healthz").send().expect(200);
}

#[test]
fn a_field_that_stands_twice_is_named() {
    let served = Served::fresh(Sandbox::sqlite());
    let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
    let (person, _) = served.person("ALI", "delegate", Some(&a));
    let good = json!({
        "giver": a, "receiver": b, "minutes": 60, "service_date": "2026-03-14",
        "contributions": [{ "person": person, "minutes": 45 }],
    });
    for (once, twice, field) in [
        ("\"minutes\":60", "\"minutes\":60,\"minutes\":600", "minutes"),
        ("\"minutes\":60", "\"minutes\":60,\"\\u006dinutes\":60", "minutes"),
        ("\"minutes\":45", "\"minutes\":45,\"minutes\":45", "contributions[0].minutes"),
    ] {
        let body = good.to_string();
        assert!(body.contains(once), "{body}");
        let call = served.call("POST", "/v1/exchanges").token(&served.operator);
        let refused = call.body("application/json", body.replace(once, twice)).send().expect(400);
        assert_eq!((refused.problem(), refused.field("field")), ("body-does-not-fit".to_owned(), field.to_owned()));
        assert!(refused.field("detail").starts_with("champ en double : `minutes`"), "{refused:?}");
    }
}
