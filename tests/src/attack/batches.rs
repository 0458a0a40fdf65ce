//! Batches that are made to exhaust the service: what they cost, and that what is wrong with them is named all the same.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::peak_mib;
use crate::api::served::{Reply, Served};
use crate::command::{Sandbox, both};

const BATCH: &str = "/v1/exchanges/batch";

fn send(served: &Served, media_type: &str, body: impl Into<Vec<u8>>) -> Reply {
    served.call("POST", BATCH).token(&served.operator).body(media_type, body).send()
}

#[test]
fn sixteen_megabytes_of_next_to_nothing_cost_next_to_nothing() {
    const BYTES: usize = 16 * 1024 * 1024 - 100;
    let served = Served::fresh(Sandbox::sqlite());
    let many = "{\"\":0},".repeat(BYTES / 7);
    let many = many.trim_end_matches(',');
    for (media_type, body, status, problem) in [
        // Each of these was parsed whole before it was counted: two gigabytes of it.
        ("application/json", format!("[{many}]"), 400, "body-does-not-fit"),
        ("application/x-ndjson", many.replace(',', "\n"), 400, "body-does-not-fit"),
        ("application/json", format!("[[{many}]]"), 200, "body-is-too-large"),
        ("application/x-ndjson", format!("[{many}]"), 200, "body-is-too-large"),
        ("application/json", format!("[{}]", "1,".repeat(BYTES / 2)), 400, "body-does-not-fit"),
        ("application/json", "[".repeat(BYTES), 400, "body-does-not-fit"),
        ("application/x-ndjson", "\n".repeat(BYTES), 400, "body-does-not-fit"),
        ("application/json", format!("[\"{}\"]", "\\\"".repeat(BYTES / 2)), 200, "body-is-too-large"),
    ] {
        let reply = send(&served, media_type, body);
        assert_eq!(reply.status, status, "{reply:?}");
        assert!(reply.text.len() < 1_000 && reply.text.contains(problem), "{reply:?}");
    }
    // The same where one exchange is asked for.
    let single = format!("{{\"a\":[{}]}}", many.get(..200_003).unwrap());
    let call = served.call("POST", "/v1/exchanges").token(&served.operator).body("application/json", single);
    assert_eq!(call.send().expect(400).field("field"), "a");
    let peak = peak_mib(&served.process);
    assert!(peak < 300, "{peak} MiB");
}

#[test]
fn a_batch_of_too_many_lines_is_refused_before_the_rest_of_it_comes() {
    let served = Served::fresh(Sandbox::sqlite());
    // A line that names nothing of this network is one that can be read.
    let name = "0d3b2f6a-7c41-8e52-8000-00000000000c";
    let line = json!({ "giver": name, "receiver": name, "minutes": 15, "service_date": "2026-03-14" });
    for (media_type, begin, between) in [("application/json", "[", ","), ("application/x-ndjson", "", "\n")] {
        let text = format!("{begin}{}", format!("{line}{between}").repeat(10_001));
        let head = format!(
            "POST {BATCH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: k\r\n\
             content-type: {media_type}\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n",
            served.operator,
            text.len()
        );
        let mut stream = TcpStream::connect(&served.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        // The array has no end, and the body has none either.
        let _ = stream.write_all(format!("{head}1\r\n{}\r\n", if begin.is_empty() { "1" } else { " " }).as_bytes());
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(std::str::from_utf8(&answer), Ok("HTTP/1.1 400"), "{media_type}");
    }
}

#[test]
fn what_is_wrong_with_a_batch_is_named() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let good = json!({ "giver": a, "receiver": b, "minutes": 15, "service_date": "2026-03-14" });
        let wrong = json!({ "giver": a, "receiver": b, "minutes": "15", "service_date": "2026-03-14" });
        let array = |elements: &[&Value]| Value::Array(elements.iter().copied().cloned().collect()).to_string();
        let lines = |lines: &[&Value]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");

        // A few lines that are wrong are answered each, beside the others.
        let reply = send(&served, "application/json", array(&[&good, &wrong, &json!(1), &good])).expect(200);
        let told = reply.json();
        let told: Vec<_> = told.as_array().unwrap().iter().collect();
        let statuses: Vec<_> = told.iter().map(|answer| answer["status"].as_i64().unwrap()).collect();
        assert_eq!(statuses, [201, 400, 400, 201]);
        assert_eq!((&told[1]["line"], &told[1]["problem"]["field"]), (&json!(2), &json!("minutes")));

        // Where hardly a line can be read, the first of them is named, and nothing is taken.
        let mut many = vec![&good; 20];
        many.extend([&wrong; 101]);
        for reply in
            [send(&served, "application/json", array(&many)), send(&served, "application/x-ndjson", lines(&many))]
        {
            let reply = reply.expect(400);
            assert_eq!(
                (reply.problem().as_str(), reply.field("field").as_str()),
                ("body-does-not-fit", "[20].minutes")
            );
        }
        many.pop();
        let reply = send(&served, "application/x-ndjson", lines(&many)).expect(200);
        assert_eq!((reply.text.lines().count(), reply.text.matches("\"status\":201").count()), (120, 20));

        // What is no array is none as a whole, and the place is told.
        let text = format!("[{good},\n {good},\n {{\"giver\": nul}}]");
        let refused = send(&served, "application/json", text).expect(400);
        assert_eq!(refused.field("detail"), "pas de JSON à partir de la ligne 3, colonne 15");
        let broken = format!("[{good},\n{good}");
        let refused = send(&served, "application/json", broken).expect(400);
        assert!(refused.field("detail").contains("ligne 2"), "{refused:?}");

        // A long name comes back by its beginning.
        let long = format!("{{\"{}\":1}}", "x".repeat(100_000));
        let reply = send(&served, "application/x-ndjson", long).expect(200);
        assert!(reply.text.len() < 2_000 && reply.text.contains("xxx…"), "{} bytes", reply.text.len());
        let listed = served.get(&served.operator, "/v1/exchanges?limit=200").expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 22);
        served.assert_sound();
    }
}

#[test]
fn a_large_batch_is_taken_as_it_was() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let line = |number: usize| {
            let memo = "é".repeat(number % 400);
            json!({ "giver": a, "receiver": b, "minutes": 15, "service_date": "2026-03-14", "memo": memo }).to_string()
        };
        let all: Vec<_> = (0..1_500).map(line).collect();
        let lines = all.join("\r\n\r\n");
        let reply = served.call("POST", BATCH).token(&served.operator).key("large");
        let reply = reply.body("application/x-ndjson", lines).send().expect(200);
        let answers: Vec<Value> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(
            answers.iter().enumerate().all(|(index, answer)| answer["line"] == index + 1 && answer["status"] == 201)
        );
        // The same lines as an array are the same requests.
        let again = served.call("POST", BATCH).token(&served.operator).key("large");
        let again = again.body("application/json", format!("[{}]", all.join(" ,\n"))).send().expect(200);
        assert_eq!(again.json().as_array().unwrap(), &answers);
        served.assert_sound();
    }
}
