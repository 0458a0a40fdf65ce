//! A network that goes back to an older backup: what was recorded after it is lost, and its ids never name what bears
//! its numbers afterwards.

use serde_json::{Value, json};

use super::events::{Receiver, ids, listen};
use super::served::{Reply, Served, by_hand, eventually, serve, token};
use crate::command::{Sandbox, both};
use crate::postgres;
use crate::twins::done;

const SERVE: &str = "--private-webhooks true";

/// The served network once more, as a backup has it, in another database; not served yet.
fn put_back(mut served: Served, backup: &str, keys: &str) -> Served {
    served.process.kill().unwrap();
    served.process.wait().unwrap();
    let sandbox = &mut served.sandbox;
    sandbox.database = if sandbox.database.starts_with("postgres") {
        postgres::server().new_database()
    } else {
        format!("sqlite://{}", sandbox.path(&format!("{backup}.db")).display())
    };
    done(&sandbox.run(&format!("restore {backup} --keys {keys}")));
    // Whatever opened it has ended.
    served.operator = token(sandbox, "");
    served
}

/// Webhooks rest after a network is restored.
fn let_webhooks_go_on(served: &Served) {
    let webhooks = served.get(&served.operator, "/v1/webhooks").expect(200).json();
    for webhook in webhooks["items"].as_array().unwrap() {
        assert_eq!(webhook["state"], "paused");
        let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
        served.put(&served.operator, &path, &json!({ "is_active": true })).expect(200);
    }
}

fn serve_again(served: &mut Served) {
    (served.process, served.address) = serve(&served.sandbox, SERVE);
}

#[track_caller]
fn is_lost(reply: Reply, field: Option<&str>) {
    let reply = reply.expect(409);
    assert_eq!((reply.problem().as_str(), reply.json()["field"].as_str()), ("was-lost", field), "{reply:?}");
}

fn number_of(reply: &Reply) -> i64 {
    reply.json()["number"].as_i64().unwrap()
}

/// Proposes an exchange; its receipt.
fn propose(served: &Served, giver: &str, receiver: &str) -> Reply {
    let body = json!({ "giver": giver, "receiver": receiver, "minutes": 60, "service_date": "2026-03-14" });
    served.post(&served.operator, "/v1/exchanges", &body).expect(201)
}

/// A network that is served again after a loss.
struct Loss {
    served: Served,
    a: String,
    b: String,
    /// Admitted after the backup.
    judo: String,
    /// A token of somebody who speaks for `a`.
    speaks: String,
    /// What was proposed before the backup, after it, and after the loss.
    kept: Reply,
    lost: Vec<Reply>,
    new: Vec<Reply>,
    /// The tags of what was kept: at the backup, and as it was confirmed after it.
    tag: String,
    tag_lost: String,
}

impl Loss {
    fn on(sandbox: Sandbox) -> Self {
        let served = Served::with(sandbox, SERVE);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        served.person("ANA", "delegate", Some(&a));
        let kept = propose(&served, &a, &b);
        let path = path_of(&kept);
        let tag_of =
            |served: &Served| served.get(&served.operator, &path).expect(200).header("etag").unwrap().to_owned();
        let tag = tag_of(&served);
        done(&served.sandbox.run("backup old.backup"));
        let lost = (0..3).map(|_| propose(&served, &a, &b)).collect();
        let judo = served.association("Judo");
        served.post(&served.operator, &format!("{path}/confirm"), &json!({ "reason": "vu" })).expect(200);
        let tag_lost = tag_of(&served);
        done(&served.sandbox.run("log checkpoint"));
        let mut served = put_back(served, "old.backup", "coudemain.keys");
        serve_again(&mut served);
        let speaks = token(&served.sandbox, "--as ANA");
        // The act that opens the log again takes the first number; what follows takes those of what was lost.
        let new = (0..3).map(|_| propose(&served, &a, &b)).collect();
        Self { served, a, b, judo, speaks, kept, lost, new, tag, tag_lost }
    }

    fn get(&self, path: &str) -> Reply {
        self.served.get(&self.served.operator, path)
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        self.served.post(&self.served.operator, path, body)
    }
}

fn path_of(exchange: &Reply) -> String {
    format!("/v1/exchanges/{}", exchange.field("id"))
}

#[test]
fn what_was_lost_is_answered_with_words_and_never_as_something_else() {
    for sandbox in both() {
        let loss = Loss::on(sandbox);
        for (lost, new) in loss.lost.iter().skip(1).zip(&loss.new) {
            assert_eq!(number_of(lost), number_of(new));
            assert_ne!(lost.field("id"), new.field("id"));
            assert_eq!((lost.field("generation").as_str(), new.field("generation").as_str()), ("0", "1"));
            loss.get(&path_of(new)).expect(200);
        }
        is_lost_wherever_it_is_named(&loss);
        what_was_kept_is_not_taken_for_its_lost_versions(&loss);
        streams_say_from_where_to_go_on(&loss);
        // Nobody has been there yet.
        let mut never = path_of(&loss.new[0]);
        never.replace_range(never.len() - 12.., &format!("{:012x}", 1));
        assert_eq!(loss.get(&never).expect(404).problem(), "not-found");
        loss.served.assert_sound();
    }
}

fn is_lost_wherever_it_is_named(loss: &Loss) {
    let Loss { served, a, b, judo, speaks, lost, .. } = loss;
    let (path, gone) = (path_of(&lost[1]), lost[1].field("id"));
    for (language, words) in
        [("fr", "après la sauvegarde à laquelle le réseau est revenu"), ("en", "after the backup that the network")]
    {
        let reply = served.call("GET", &path).token(&served.operator).header("accept-language", language).send();
        assert!(reply.field("detail").contains(words), "{reply:?}");
        is_lost(reply, None);
    }
    for lost in lost {
        is_lost(loss.get(&path_of(lost)), None);
        is_lost(loss.get(&format!("/v1/acts/{}", lost.field("act"))), None);
    }
    for (path, field) in [
        (format!("/v1/associations/{judo}/balance"), None),
        (format!("/v1/persons/{judo}"), None),
        (format!("/v1/exchanges?association={judo}"), None),
        (format!("/v1/exchanges?skill={judo}"), Some("skill")),
        (format!("/v1/exchanges?cursor={gone}"), Some("cursor")),
        (format!("/v1/acts?cursor={gone}"), Some("cursor")),
    ] {
        is_lost(loss.get(&path), field);
    }
    let reason = json!({ "reason": "vu" });
    let help = |giver: &str| json!({ "giver": giver, "receiver": b, "minutes": 60, "service_date": "2026-03-14" });
    let gift = json!({ "from": judo, "to": a, "minutes": 60, "reason": "gift" });
    is_lost(loss.post(&format!("{path}/confirm"), &reason), None);
    is_lost(loss.post(&format!("/v1/acts/{gone}/reverse"), &reason), None);
    is_lost(loss.post("/v1/exchanges", &help(judo)), Some("giver"));
    is_lost(loss.post("/v1/transfers", &gift), Some("from"));
    let batch = loss.post("/v1/exchanges/batch", &json!([help(a), help(judo)])).json();
    assert_eq!((&batch[0]["status"], &batch[1]["status"]), (&json!(201), &json!(409)), "{batch}");
    is_lost(served.get(speaks, &path), None);
    let acting = format!("association:{judo}");
    let acting = served.call("GET", "/v1/me").token(speaks).header("coudemain-acting-for", &acting).send();
    is_lost(acting, Some("Coudemain-Acting-For"));
}

fn what_was_kept_is_not_taken_for_its_lost_versions(loss: &Loss) {
    let Loss { served, kept, tag, tag_lost, .. } = loss;
    let confirm = |tag: &str| {
        let call = served.call("POST", &format!("{}/confirm", path_of(kept))).token(&served.operator);
        call.header("if-match", tag).json(&json!({ "reason": "vu" })).send()
    };
    assert_eq!(loss.get(&path_of(kept)).expect(200).field("id"), kept.field("id"));
    assert_eq!(confirm(tag_lost).expect(412).problem(), "changed-meanwhile");
    confirm(tag).expect(200);
    assert_ne!(loss.get(&path_of(kept)).expect(200).header("etag"), Some(tag_lost.as_str()));
}

fn streams_say_from_where_to_go_on(loss: &Loss) {
    let Loss { served, speaks, kept, lost, .. } = loss;
    let last = format!("0-{}", number_of(&lost[2]));
    let listening = served.call("GET", "/v1/events").token(&served.operator).header("last-event-id", &last);
    let refused = listening.send().expect(409);
    assert_eq!((refused.problem(), refused.field("field")), ("cursor-was-lost".into(), "Last-Event-ID".into()));
    let go_on = refused.json()["fits"][0].as_str().unwrap().to_owned();
    let opened = number_of(kept) + 1;
    let told: Vec<_> = (opened..opened + 4).map(|number| format!("1-{number}")).collect();
    assert_eq!(ids(&mut listen(served, &served.operator, Some(&go_on)), 4), told);
    assert_eq!(loss.get(&format!("/v1/events?after={}", opened + 1)).expect(409).problem(), "cursor-was-lost");
    // An old place is a place still. Whoever is told of something has to hear that some of it was lost.
    let before = (number_of(kept) - 1).to_string();
    for token in [&served.operator, speaks] {
        let both = [format!("0-{}", number_of(kept)), told[0].clone()];
        assert_eq!(ids(&mut listen(served, token, Some(&before)), 2), both);
    }
}

#[test]
fn a_network_may_go_back_more_than_once_and_further() {
    for sandbox in both() {
        let served = Served::with(sandbox, SERVE);
        let a = served.association("Chorale");
        done(&served.sandbox.run("backup first.backup"));
        let b = served.association("Fanfare");
        done(&served.sandbox.run("log checkpoint"));
        let mut served = put_back(served, "first.backup", "coudemain.keys");
        serve_again(&mut served);
        let c = served.association("Judo");
        done(&served.sandbox.run("log checkpoint --keys coudemain.keys"));
        // This backup is from before the log was opened again, which only what is kept outside tells.
        std::fs::copy(served.sandbox.path("first.backup"), served.sandbox.path("again.backup")).unwrap();
        let mut served = put_back(served, "again.backup", "coudemain.keys");
        serve_again(&mut served);
        let d = served.association("Yoga");
        for lost in [b, c] {
            is_lost(served.get(&served.operator, &format!("/v1/associations/{lost}")), None);
        }
        for there in [a, d] {
            served.get(&served.operator, &format!("/v1/associations/{there}")).expect(200);
        }
        let acts = served.get(&served.operator, "/v1/acts?limit=1").expect(200).json();
        assert_eq!(acts["items"][0]["generation"], 2);
        served.assert_sound();
    }
}

#[test]
fn a_service_that_runs_hears_of_the_loss_and_webhooks_go_back_to_it() {
    for sandbox in both() {
        let served = Served::with(sandbox, SERVE);
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, administers) = served.person("ADM", "administrator", Some(&a));
        let (all, own) = (Receiver::start(), Receiver::start());
        served.post(&served.operator, "/v1/webhooks", &json!({ "url": all.url })).expect(201);
        let wanted = json!({ "url": own.url, "kinds": ["exchange_proposed"] });
        served.post(&administers, "/v1/webhooks", &wanted).expect(201);
        let kept = number_of(&propose(&served, &a, &b));
        done(&served.sandbox.run("log checkpoint --out before.txt"));
        eventually("both are told", || all.numbers() == [kept] && own.numbers() == [kept]);
        done(&served.sandbox.run("backup old.backup"));
        let lost: Vec<_> = (0..3).map(|_| propose(&served, &a, &b)).collect();
        eventually("both are told of what will be lost", || all.numbers().len() == 4 && own.numbers().len() == 4);
        done(&served.sandbox.run("log checkpoint"));

        // Put back without the keys at hand, and by somebody who shows an older head than the last, so that nobody knows
        // yet that anything was lost; and a process that was at it has noted how far it had told.
        let mut served = put_back(served, "old.backup", "elsewhere.keys --head before.txt");
        by_hand(&served.sandbox.database, "UPDATE webhook SET next_act = next_act + 3");
        serve_again(&mut served);
        let_webhooks_go_on(&served);
        let mut listening = listen(&served, &served.operator, Some(&format!("0-{}", kept - 1)));
        assert_eq!(ids(&mut listening, 1), [format!("0-{kept}")]);
        let mut ahead = listen(&served, &served.operator, Some(&format!("0-{}", kept + 3)));
        let run = served.sandbox.run("log reopen --keys coudemain.keys");
        done(&run);
        // What is asked by ids of before is not done by their numbers; asked again, it is.
        let first = served.post(
            &served.operator,
            "/v1/exchanges",
            &json!({ "giver": a, "receiver": b, "minutes": 60, "service_date": "2026-03-14" }),
        );
        match first.status {
            201 => assert_eq!(first.field("generation"), "1"),
            _ => assert_eq!(first.expect(409).problem(), "log-was-reopened"),
        }
        let mut new = vec![propose(&served, &a, &b)];
        while number_of(&new[new.len() - 1]) < kept + 4 {
            new.push(propose(&served, &a, &b));
        }
        for new in &new {
            assert_eq!(new.field("generation"), "1");
            assert!(lost.iter().all(|lost| lost.field("id") != new.field("id")));
        }
        let since: Vec<i64> = (kept + 1..=kept + 4).collect();
        let cursors: Vec<_> = since.iter().map(|number| format!("1-{number}")).collect();
        assert_eq!(ids(&mut listening, 4), cursors);
        assert_eq!(ids(&mut ahead, 4), cursors, "it had been told of what is lost");
        for receiver in [&all, &own] {
            eventually("the webhook goes on from the act that tells of the loss", || {
                receiver.numbers().get(4..) == Some(since.as_slice())
            });
            let seen = receiver.seen();
            let (before, after) = seen.split_at(4);
            assert_eq!(
                (&after[0].body["type"], &after[0].body["data"]["generation"]),
                (&"log_reopened".into(), &1.into())
            );
            assert!(after.iter().all(|after| before.iter().all(|before| before.id != after.id)));
        }
        for lost in &lost {
            is_lost(served.get(&served.operator, &format!("/v1/exchanges/{}", lost.field("id"))), None);
        }
        served.assert_sound();
    }
}
