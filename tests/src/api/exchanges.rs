//! Exchanges through their whole life, one at a time and many at once; what they move; what repeats get.

use serde_json::{Value, json};

use super::{served::Served, story::Story};
use crate::command::both;

#[test]
fn an_exchange_lives_from_proposal_to_correction() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, ana) = served.person("ANA", "delegate", Some(&a));
        let (_, bob) = served.person("BOB", "delegate", Some(&b));

        let exchange = served.propose(&ana, &a, &b, 180);
        let path = format!("/v1/exchanges/{exchange}");
        let shown = served.get(&bob, &path).expect(200);
        assert_eq!(shown.field("reference"), "2026-000001");
        assert_eq!((shown.field("state"), shown.field("waiting_for")), ("proposed".into(), "receiver".into()));
        let waiting = served.get(&bob, "/v1/exchanges?waiting_for_me=true").expect(200).json();
        assert_eq!(waiting["items"][0]["id"], json!(exchange));
        let waiting = served.get(&ana, "/v1/exchanges?waiting_for_me=true").expect(200).json();
        assert_eq!(waiting["items"], json!([]));

        let refused = served.post(&ana, &format!("{path}/confirm"), &json!({})).expect(403);
        assert_eq!(refused.problem(), "other-side-answers");
        let amended = json!({ "minutes": 120, "service_date": "2026-03-15" });
        served.post(&bob, &format!("{path}/amend"), &amended).expect(200);
        assert_eq!(served.balance(&a), 0);

        let tag = served.get(&ana, &path).expect(200).header("etag").unwrap().to_owned();
        let stale = served.call("POST", &format!("{path}/confirm")).token(&ana).header("if-match", "\"old\"");
        assert_eq!(stale.json(&json!({})).send().expect(412).problem(), "changed-meanwhile");
        let confirm = served.call("POST", &format!("{path}/confirm")).token(&ana).header("if-match", &tag).key("k1");
        let confirmed = confirm.json(&json!({})).send().expect(200);
        assert_eq!(confirmed.field("state"), "confirmed");
        // The repeat expects what is past by now, and is answered all the same.
        let again = served.call("POST", &format!("{path}/confirm")).token(&ana).header("if-match", &tag).key("k1");
        let again = again.json(&json!({})).send().expect(200);
        assert_eq!((again.json(), again.header("idempotency-replayed")), (confirmed.json(), Some("true")));
        assert_eq!((served.balance(&a), served.balance(&b)), (120, -120));
        let known = served.call("GET", &path).token(&ana).header("if-none-match", &tag).send();
        assert_eq!(known.status, 200, "it changed");
        let tag = known.header("etag").unwrap().to_owned();
        served.call("GET", &path).token(&ana).header("if-none-match", &tag).send().expect(304);

        served.post(&bob, &format!("{path}/request-correction"), &json!({ "reason": "c'était en avril" })).expect(200);
        served.post(&ana, &format!("{path}/reverse"), &json!({ "reason": "en effet" })).expect(200);
        assert_eq!((served.balance(&a), served.balance(&b)), (0, 0));
        let body = json!({
            "giver": a, "receiver": b, "minutes": 120, "service_date": "2026-04-15", "replaces": exchange,
        });
        let replacing = served.post(&ana, "/v1/exchanges", &body).expect(201);
        assert_eq!(replacing.header("location").unwrap(), format!("/v1/exchanges/{}", replacing.field("id")));

        let thread = served.get(&bob, &format!("{path}/thread")).expect(200).json();
        let said = |step: &Value| {
            let said = ["side", "minutes", "service_date", "evidence", "reason", "state"].map(|field| &step[field]);
            said.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).join(" ")
        };
        let thread: Vec<_> = thread["items"].as_array().unwrap().iter().map(said).collect();
        insta::allow_duplicates! {
            insta::assert_snapshot!(thread.join("\n"), @r"
            giver 180 2026-03-14 null null proposed
            receiver 120 2026-03-15 null null proposed
            giver null null both_sides null confirmed
            receiver null null null c'était en avril correction_requested
            giver null null null en effet reversed
            ");
        }

        let entries = served.get(&ana, &format!("/v1/associations/{a}/entries?limit=1")).expect(200);
        assert_eq!(entries.json()["items"][0]["kind"], "correction");
        let next = entries.header("link").unwrap().trim_start_matches('<').split('>').next().unwrap().to_owned();
        let last = served.get(&ana, &next).expect(200);
        assert_eq!((last.json()["items"][0]["minutes"].clone(), last.header("link")), (json!(120), None));
        served.assert_sound();
    }
}

#[test]
fn disputes_holds_and_silence_end_with_the_network() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, ana) = served.person("ANA", "administrator", Some(&a));
        let (_, bob) = served.person("BOB", "delegate", Some(&b));
        let (mia_id, mia) = served.person("MIA", "mediator", None);
        let help = |minutes: i64| {
            json!({ "giver": a, "receiver": b, "minutes": minutes, "service_date": "2026-03-14" }).to_string()
        };
        let names = [
            ("ana", ana.as_str()),
            ("bob", bob.as_str()),
            ("mia", mia.as_str()),
            ("operator", served.operator.as_str()),
            ("MIA", mia_id.as_str()),
            ("A", a.as_str()),
            ("B", b.as_str()),
            ("help60", &help(60)),
            ("help90", &help(90)),
            ("help15", &help(15)),
            ("why", r#"{"reason":"pour voir"}"#),
        ];
        Story::with(&served, &names).play(
            r#"
            ana      POST /v1/exchanges $help60 => 201; $contested = id
            bob      POST /v1/exchanges/$contested/contest $why => 200
            mia      GET  /v1/exchanges?waiting_for_me=true => 200; items.0.state = "contested"
            mia      POST /v1/exchanges/$contested/settle {"minutes":45,"reason":"entendu les deux"} => 200
            balance $B = -45
            bob      GET  /v1/exchanges/$contested/thread => 200; items has 3; items.0.minutes = 60; items.0.side = "giver"; items.0.by = "$A"; items.0.who = null; items.1.reason = "pour voir"; items.1.state = "contested"
            operator GET  /v1/exchanges/$contested/thread => 200; items.2.minutes = 45; items.2.service_date = null; items.2.reason = "entendu les deux"; items.2.by = "mediator"; items.2.who = "$MIA"

            operator PUT  /v1/associations/$B/limits {"limits":{"hard_floor":-60},"decision":"AG du 12 mars"} => 200
            bob      GET  /v1/associations/$B/limits/history => 200; items.0.decision = "AG du 12 mars"; items.0.limits.hard_floor = -60
            bob      POST /v1/exchanges $help90 => 201; $held = id
            ana      POST /v1/exchanges/$held/confirm => 200; state = "held"; limits_met = ["$B"]
            operator GET  /v1/exchanges?waiting_for_me=true => 200; items.0.id = "$held"
            operator POST /v1/exchanges/$held/release $why => 200
            balance $B = -135

            ana      POST /v1/exchanges $help15 => 201; $withdrawn = id
            ana      POST /v1/exchanges/$withdrawn/withdraw => 200
            ana      POST /v1/exchanges $help15 => 201; $dismissed = id
            operator POST /v1/exchanges/$dismissed/dismiss $why => 200
            # Silence never confirms: the coordinator does, and says why.
            ana      POST /v1/exchanges $help15 => 201; $silent = id
            operator POST /v1/exchanges/$silent/confirm => 422; problem = "text-is-missing"
            operator POST /v1/exchanges/$silent/confirm $why => 200
            operator GET  /v1/exchanges?state=withdrawn&year=2026 => 200; items has 1
            "#,
        );
        let positions = served.get(&ana, &format!("/v1/associations/{a}/positions")).expect(200).json();
        let position = &positions["items"][0];
        assert_eq!((&position["partner"], &position["partner_name"]), (&json!(b), &json!("Fanfare")));
        let [given, received] = ["given", "received"].map(|side| position[side].as_i64().unwrap());
        assert_eq!(given - received, served.balance(&a));
        served.assert_sound();
    }
}

#[test]
fn transfers_hours_and_years_go_the_same_way_in() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (person, ana) = served.person("ANA", "delegate", Some(&a));
        let names = [
            ("ana", ana.as_str()),
            ("operator", served.operator.as_str()),
            ("A", a.as_str()),
            ("B", b.as_str()),
            ("PERSON", person.as_str()),
        ];
        Story::with(&served, &names).play(
            r#"
            operator POST /v1/associations/$A/opening {"minutes":600,"date":"2025-01-01"} => 201
            ana      POST /v1/transfers {"from":"$A","to":"$B","minutes":60,"reason":"gift"} => 201; $gift = act
            ana      POST /v1/transfers {"from":"$A","minutes":30,"reason":"dues"} => 201
            operator POST /v1/transfers {"to":"$B","minutes":15,"reason":"grant"} => 422; field = "decision"
            operator POST /v1/transfers {"to":"$B","minutes":15,"reason":"grant","decision":"CA du 3 mai"} => 201
            # Those of its own association.
            ana      GET  /v1/transfers => 200; items has 2
            balance $A = 510
            balance $B = 75
            operator POST /v1/acts/$gift/reverse {"reason":"erreur"} => 200
            balance $A = 570
            balance $B = 15
            operator GET  /v1/associations/$A/balance?at=2025-06-30 => 200; minutes = 600

            ana      POST /v1/associations/$A/hours {"contribution":{"person":"$PERSON","minutes":50,"nature":"governance"},"service_date":"2026-02-01"} => 201
            ana      GET  /v1/associations/$A/hours => 200; items.0.minutes = 50

            operator POST /v1/years/2025/close => 200
            ana      GET  /v1/years => 200; items.0.year = 2025; items.0.is_open = false
            operator GET  /v1/acts?posting=true&limit=3 => 200; items.0.kind = "reversed"; items.0.cause = "$gift"
            ana      GET  /v1/associations/$A/months => 200; items.0.month = "2025-01"
            "#,
        );
        let balances = served.get(&served.operator, "/v1/balances").expect(200).json();
        let sum: i64 = balances["items"].as_array().unwrap().iter().map(|one| one["minutes"].as_i64().unwrap()).sum();
        assert_eq!(sum, 0, "{balances}");
        served.assert_sound();
    }
}

#[test]
fn a_batch_answers_each_line_or_takes_all_or_nothing() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let line =
            |minutes: i64| json!({ "giver": a, "receiver": b, "minutes": minutes, "service_date": "2026-03-14" });
        let lines = |all: &[i64]| all.iter().map(|one| line(*one).to_string()).collect::<Vec<_>>().join("\n");
        let send = |key: &str, path: &str, body: String| {
            let call = served.call("POST", path).token(&served.operator).key(key);
            call.body("application/x-ndjson", body).send()
        };
        let answer = send("b1", "/v1/exchanges/batch", lines(&[60, 61, 75])).expect(200);
        let answers: Vec<Value> = answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let statuses: Vec<_> = answers.iter().map(|answer| answer["status"].as_i64().unwrap()).collect();
        assert_eq!(statuses, [201, 422, 201]);
        assert_eq!(answers[1]["problem"]["fits"], json!(["60", "75"]));
        let again = send("b1", "/v1/exchanges/batch", lines(&[60, 61, 75])).expect(200);
        assert_eq!(again.text, answer.text);
        let other = send("b1", "/v1/exchanges/batch", lines(&[90])).expect(200);
        assert!(other.text.contains("key-was-used-for-another-request"), "{}", other.text);

        let all = "/v1/exchanges/batch?all_or_nothing=true";
        let refused = send("b2", all, lines(&[60, 75, 61])).expect(422);
        assert_eq!(refused.field("field"), "[2].minutes");
        // A field that stands twice is named wherever it is, in each form of a batch.
        let twice = line(75).to_string().replace("\"minutes\":75", "\"minutes\":75,\"minutes\":90");
        let answer = send("b4", "/v1/exchanges/batch", format!("{}\n{twice}", line(75))).expect(200);
        let second: Value = serde_json::from_str(answer.text.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&second["status"], &second["problem"]["field"]), (&json!(400), &json!("minutes")), "{second}");
        let refused = send("b5", all, format!("{}\n{twice}", line(75))).expect(400);
        assert_eq!(refused.field("field"), "[1].minutes");
        for path in [all, "/v1/exchanges/batch"] {
            let call = served.call("POST", path).token(&served.operator).key("b6");
            let refused = call.body("application/json", format!("[{}, {twice}]", line(75))).send().expect(400);
            assert_eq!(refused.field("field"), "[1].minutes");
            assert!(refused.field("detail").contains("champ en double : `minutes`"), "{refused:?}");
        }
        let array = Value::Array((0..500).map(|_| line(15)).collect());
        let call = served.call("POST", all).token(&served.operator).key("b3");
        let taken = call.json(&array).send().expect(200);
        // At a terminal the next line begins at its left.
        let others = [served.get(&served.operator, "/v1/me"), served.get(&served.operator, "/v1/nothing")];
        assert!(
            [&taken].into_iter().chain(&others).all(|reply| reply.text.ends_with("}\n") || reply.text.ends_with("]\n"))
        );
        let taken = taken.json();
        assert_eq!(taken.as_array().unwrap().len(), 500);
        let listed = served.get(&served.operator, "/v1/exchanges?limit=200").expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 200);
        assert_eq!(listed["items"][0]["reference"], "2026-000503");
        served.assert_sound();
    }
}

#[test]
fn a_key_makes_a_write_happen_once() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let body =
            |minutes: i64| json!({ "giver": a, "receiver": b, "minutes": minutes, "service_date": "2026-03-14" });
        let send = |minutes: i64| {
            let call = served.call("POST", "/v1/exchanges").token(&served.operator).key("once");
            call.json(&body(minutes)).send()
        };
        // At once: one of them is first, the others wait for its answer.
        let replies: Vec<_> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..8).map(|_| scope.spawn(|| send(60))).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        let first = replies[0].json();
        assert!(replies.iter().all(|reply| reply.status == 201 && reply.json() == first), "{replies:?}");
        let replayed = replies.iter().filter(|reply| reply.header("idempotency-replayed").is_some()).count();
        assert_eq!(replayed, 7);
        assert_eq!(send(75).expect(422).problem(), "key-was-used-for-another-request");
        let without = format!(
            "POST /v1/exchanges HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
            served.operator
        );
        let missing = super::served::exchange(&served.address, without.as_bytes()).unwrap();
        assert_eq!((missing.status, missing.problem()), (400, "key-is-missing".to_owned()));

        // A token's secret is told once.
        let make = || {
            let call = served.call("POST", "/v1/tokens").token(&served.operator).key("token");
            call.json(&json!({ "label": "tableur", "scopes": ["read"] })).send().expect(201)
        };
        let (first, again) = (make().json(), make().json());
        assert!(first["token"].as_str().unwrap().starts_with("cdm_"), "{first}");
        assert_eq!((again["id"].clone(), again.get("token")), (first["id"].clone(), None));
        let token = first["token"].as_str().unwrap();
        assert_eq!(served.post(token, "/v1/exchanges", &body(60)).expect(403).problem(), "scope-is-missing");
        served.get(token, "/v1/balances").expect(200);
        let path = format!("/v1/tokens/{}", first["id"].as_str().unwrap());
        served.call("DELETE", &path).token(&served.operator).send().expect(204);
        assert_eq!(served.get(token, "/v1/balances").expect(401).problem(), "token-does-not-hold");
        served.assert_sound();
    }
}

#[test]
fn the_log_proves_itself_to_anybody_as_far_as_it_is_signed() {
    use ledger::{Digest, log};

    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let network = served.get(&served.operator, "/v1/me").expect(200).field("network");
        let public = |path: &str| served.call("GET", &format!("/v1/networks/{network}/log{path}")).send();
        let hash = |value: &Value| Digest(base64(value.as_str().unwrap()).try_into().unwrap());
        let sign = || crate::twins::done(&served.sandbox.run("log checkpoint"));
        sign();
        let before = public("").expect(200).json();
        served.association("Fanfare");
        let act = served.get(&served.operator, &format!("/v1/acts/{a}")).expect(200).json();
        let leaf = log::leaf_hash(act["leaf"].as_str().unwrap().as_bytes());
        let number = act["number"].as_u64().unwrap();
        // Whoever looks does not see that anything was written, before that is signed.
        let old = before["size"].as_u64().unwrap();
        assert_eq!((old, public("").expect(200).json()), (number + 1, before.clone()));
        public(&format!("/inclusion?number={old}")).expect(404);
        public(&format!("/consistency?from={}", old + 1)).expect(404);
        public(&format!("/tile/0/000.p/{}", old + 1)).expect(404);
        let entries =
            |token: &str, end: &str| served.get(token, &format!("/v1/networks/{network}/log/tile/entries/000.p/{end}"));
        entries(&served.operator, &(old + 1).to_string()).expect(404);
        sign();
        let proof = public(&format!("/inclusion?number={number}")).expect(200).json();
        let hashes: Vec<Digest> = proof["hashes"].as_array().unwrap().iter().map(hash).collect();
        let size = proof["size"].as_u64().unwrap();
        assert_eq!(size, old + 1);
        assert!(log::includes(hash(&proof["root"]), size, number, leaf, &hashes), "{proof}");
        let proof = public(&format!("/consistency?from={old}")).expect(200).json();
        let hashes: Vec<Digest> = proof["hashes"].as_array().unwrap().iter().map(hash).collect();
        assert!(log::extends((old, hash(&before["root"])), (size, hash(&proof["root"])), &hashes), "{proof}");
        let tile = public(&format!("/tile/0/000.p/{}", number + 1)).expect(200);
        assert_eq!(tile.bytes[tile.bytes.len() - 32..], leaf.0);
        assert_eq!(tile.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let checkpoint = public("/checkpoint").expect(200);
        assert_eq!(checkpoint.header("cache-control"), Some("no-cache"));
        // A tile has one address.
        for other in [
            "0/000",
            "0/001.p/1",
            "0/x001/000",
            "0/000.p/01",
            "0/000.p/+1",
            "00/000.p/1",
            "+0/000.p/1",
            "0/%30%300.p/1",
        ] {
            public(&format!("/tile/{other}")).expect(404);
        }
        let loud = network.to_uppercase();
        served.call("GET", &format!("/v1/networks/{loud}/log/tile/0/000.p/1")).send().expect(404);
        public("/inclusion?number=999").expect(404);
        let bundle = entries(&served.operator, &size.to_string()).expect(200);
        assert_eq!(bundle.header("cache-control"), Some("private, max-age=31536000, immutable"));
        let found = served.call("GET", &format!("/v1/networks/{network}/log/tile/entries/000.p/1")).send();
        assert_eq!(found.expect(401).problem(), "token-is-missing");
    }
}

/// Reads base64, as short as that can be.
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 255).unwrap());
        }
    }
    bytes
}

#[test]
fn a_date_of_long_ago_has_to_be_meant() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, ana) = served.person("ANA", "delegate", Some(&a));
        let said = |date: &str| json!({ "giver": a, "receiver": b, "minutes": 60, "service_date": date });
        let propose = || served.call("POST", "/v1/exchanges").token(&ana);
        let refused = propose().key("slip").json(&said("1925-12-31")).send().expect(422);
        let detail = refused.field("detail");
        assert!(detail.contains("Coudemain-Long-Ago"), "{detail}");
        let long_ago = ("coudemain-long-ago", "true");
        propose().key("slip").header(long_ago.0, long_ago.1).json(&said("1925-12-31")).send().expect(201);
        propose().key("older").header(long_ago.0, long_ago.1).json(&said("1900-12-31")).send().expect(422);
        let batch = |key: &str| served.call("POST", "/v1/exchanges/batch").token(&ana).key(key);
        let lines = json!([said("1925-12-30"), said("2026-03-14")]);
        let statuses = |answer: Value| [0, 1].map(|line: usize| answer[line]["status"].clone());
        assert_eq!(statuses(batch("two").json(&lines).send().expect(200).json()), [json!(422), json!(201)]);
        let meant = batch("both").header(long_ago.0, long_ago.1).json(&lines).send().expect(200).json();
        assert_eq!(statuses(meant), [json!(201), json!(201)]);
    }
}
