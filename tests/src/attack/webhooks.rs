//! Webhooks that are made to keep the service busy.

use std::net::TcpListener;

use serde_json::json;

use crate::api::events::Receiver;
use crate::api::served::{Reply, Served, eventually};
use crate::command::{Sandbox, both};

fn add(served: &Served, token: &str, url: &str) -> Reply {
    served.post(token, "/v1/webhooks", &json!({ "url": url }))
}

#[test]
fn a_receiver_that_says_nothing_delays_its_own_queue_alone() {
    for sandbox in both() {
        let served = Served::with(sandbox, "--private-webhooks true");
        // Whoever calls is let in by the operating system, and never answered.
        let silence = TcpListener::bind("127.0.0.1:0").unwrap();
        let silent = format!("http://{}/", silence.local_addr().unwrap());
        let (a, b) = (served.association("Chorale"), served.association("Fanfare"));
        let (_, ana) = served.person("ANA", "administrator", Some(&a));
        let (_, bob) = served.person("BOB", "administrator", Some(&b));
        for _ in 0..10 {
            add(&served, &ana, &silent).expect(201);
        }
        for _ in 0..3 {
            add(&served, &served.operator, &silent).expect(201);
        }
        let receivers = [Receiver::start(), Receiver::start()];
        add(&served, &served.operator, &receivers[0].url).expect(201);
        add(&served, &bob, &receivers[1].url).expect(201);
        let exchanges: Vec<_> = (0..5).map(|_| served.propose(&ana, &a, &b, 15)).collect();
        // The silent ones take ten seconds each, one time after the other: a minute and more before two who take turns.
        eventually("the others are told", || {
            receivers.iter().all(|receiver| receiver.numbers().len() == exchanges.len())
        });
    }
}

#[test]
fn there_are_so_many_webhooks() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let (_, ana) = served.person("ANA", "administrator", Some(&a));
        let url = "https://hooks.example.org/";
        // All at once: they are counted none the less.
        let replies: Vec<_> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..16).map(|_| scope.spawn(|| add(&served, &ana, url))).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        let (added, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
        assert_eq!(added.len(), 10);
        for reply in refused {
            let reply = reply.expect(409);
            assert_eq!(reply.problem(), "too-many-webhooks");
            assert!(reply.field("detail").contains("10 webhooks au plus"), "{reply:?}");
        }
        add(&served, &served.operator, url).expect(201);
        let path = format!("/v1/webhooks/{}", added[0].field("id"));
        served.call("DELETE", &path).token(&ana).send().expect(204);
        let again = || served.call("POST", "/v1/webhooks").token(&ana).key("again").json(&json!({ "url": url })).send();
        let (first, second) = (again().expect(201), again().expect(201));
        assert_eq!(
            first.field("id"),
            second.field("id"),
            "a repeat is no other one, though there are as many as may be"
        );
    }
}

#[test]
fn a_network_has_so_many_webhooks_in_all() {
    let served = Served::fresh(Sandbox::sqlite());
    let url = "https://hooks.example.org/";
    for number in 0..20 {
        let association = served.association(&format!("Association {number}"));
        let body = json!({ "url": url, "association": association });
        for _ in 0..10 {
            served.post(&served.operator, "/v1/webhooks", &body).expect(201);
        }
    }
    assert_eq!(add(&served, &served.operator, url).expect(409).problem(), "too-many-webhooks");
}
