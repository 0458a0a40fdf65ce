//! What is recognised in those who help, cards for whoever has no mail, and what waits for whom, as programs ask for it.

use serde_json::{Value, json};

use super::served::Served;
use crate::command::both;

/// Each thing that waits: for whom, what, and how often.
fn waiting(served: &Served, token: &str) -> Vec<(String, String, u64)> {
    let list = served.get(token, "/v1/waiting").expect(200).json();
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| (text(item, "whom"), text(item, "to_do"), item["count"].as_u64().unwrap())).collect()
}

#[test]
fn a_competence_is_recognised_accepted_and_taken_back() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let [choir, judo] = ["Chorale", "Judo"].map(|name| served.association(name));
        let (_, of_choir) = served.person("CHO", "delegate", Some(&choir));
        let (_, of_judo) = served.person("JUD", "delegate", Some(&judo));
        let (zoe, own) = served.volunteer("ZOE", Some(&choir));
        let coordinator = served.person("COO", "coordinator", None).1;
        let skill =
            served.post(&served.operator, "/v1/skills", &json!({ "name": "Comptabilité" })).expect(201).field("id");
        let help = json!({ "giver": choir, "receiver": judo, "minutes": 90, "service_date": "2026-03-14",
            "skill": skill, "contributions": [{ "person": zoe, "minutes": 90 }] });
        let exchange = served.post(&of_choir, "/v1/exchanges", &help).expect(201).field("id");
        let path = format!("/v1/exchanges/{exchange}/recognitions");
        let body = json!({ "person": zoe, "level": "independent", "context": "Clôture des comptes",
            "activities": "A tenu la caisse" });
        // What is not agreed on recognises nothing; who was helped says it, and nobody else.
        served.post(&of_judo, &path, &body).expect(409);
        assert_eq!(waiting(&served, &of_judo), [("association".to_owned(), "answer".to_owned(), 1)]);
        served.post(&of_judo, &format!("/v1/exchanges/{exchange}/confirm"), &json!({})).expect(200);
        assert_eq!(waiting(&served, &of_judo), []);
        served.post(&of_choir, &path, &body).expect(403);
        served
            .post(&of_judo, &path, &json!({ "person": zoe, "level": "expert", "context": "x", "activities": "x" }))
            .expect(400);
        let recognition = served.post(&of_judo, &path, &body).expect(201).field("id");

        // The volunteer has it on their list, and the coordinator sees for whom it waits.
        let theirs = [("person".to_owned(), "recognition".to_owned(), 1)];
        assert_eq!(waiting(&served, &own), theirs);
        assert_eq!(waiting(&served, &coordinator), theirs);
        assert_eq!(waiting(&served, &of_judo), []);
        let address = format!("/v1/recognitions/{recognition}");
        let read = served.get(&own, &address).expect(200);
        assert_eq!((read.field("state"), read.field("level")), ("offered".to_owned(), "independent".to_owned()));
        assert_eq!(read.field("activities"), "A tenu la caisse");
        served.get(&of_choir, &address).expect(403);
        assert_eq!(
            served.post(&of_judo, &format!("{address}/accept"), &json!({})).expect(403).problem(),
            "belongs-to-others"
        );
        served.post(&own, &format!("{address}/accept"), &json!({})).expect(200);
        assert_eq!(served.get(&own, &address).field("state"), "accepted");
        assert_eq!(waiting(&served, &own), []);
        let withdraw = format!("{address}/withdraw");
        served.post(&of_judo, &withdraw, &json!({ "reason": "Une erreur de personne" })).expect(200);
        assert_eq!(served.get(&of_judo, &address).field("state"), "withdrawn");
        for (token, count) in [(&of_judo, 1), (&of_choir, 0), (&coordinator, 1), (&own, 1)] {
            let list = served.get(token, "/v1/recognitions").expect(200).json();
            assert_eq!(list["items"].as_array().unwrap().len(), count);
        }
        let list = served.get(&coordinator, &format!("/v1/recognitions?person={zoe}&limit=1")).expect(200).json();
        assert_eq!(list["items"][0]["id"], recognition.as_str());
        served.assert_sound();
    }
}

#[test]
fn what_waits_is_counted_by_whom_it_waits_for() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let [choir, judo] = ["Chorale", "Judo"].map(|name| served.association(name));
        let (_, of_choir) = served.person("CHO", "delegate", Some(&choir));
        let (_, of_judo) = served.person("JUD", "delegate", Some(&judo));
        let mediator = served.person("MED", "mediator", None).1;
        let coordinator = served.person("COO", "coordinator", None).1;
        let propose = || served.propose(&of_choir, &choir, &judo, 60);
        let step = |exchange: &str, step: &str, body: Value| {
            served.post(&of_judo, &format!("/v1/exchanges/{exchange}/{step}"), &body).expect(200);
        };
        let (first, second) = (propose(), propose());
        propose();
        step(&first, "contest", json!({ "reason": "Pas nous" }));
        step(&second, "confirm", json!({}));
        let correct = format!("/v1/exchanges/{second}/request-correction");
        served.post(&of_choir, &correct, &json!({ "reason": "Une heure de trop" })).expect(200);
        let of = |whom: &str, to_do: &str| (whom.to_owned(), to_do.to_owned(), 1);
        let judos = [of("association", "answer"), of("association", "correction")];
        assert_eq!(waiting(&served, &of_judo), judos);
        assert_eq!(waiting(&served, &of_choir), []);
        assert_eq!(waiting(&served, &mediator), [of("mediator", "settle")]);
        let [answer, correction] = judos;
        assert_eq!(waiting(&served, &coordinator), [answer, correction, of("mediator", "settle")]);
    }
}

#[test]
fn a_card_is_printed_once_and_taken_back() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let choir = served.association("Chorale");
        let (_, administrator) = served.person("ADM", "administrator", Some(&choir));
        let zoe = served.enrolled("ZOE", Some(&choir));
        let path = format!("/v1/persons/{zoe}/cards");
        let print =
            || served.call("POST", &path).token(&administrator).key("card-1").json(&json!({})).send().expect(201);
        let letters = print().field("letters");
        assert_eq!(letters.len(), 14, "{letters}");
        assert!(print().json()["letters"].is_null(), "letters are told once");
        let list = served.get(&administrator, "/v1/cards").expect(200);
        assert!(!list.text.contains(&letters));
        let card = list.json()["items"][0]["id"].as_str().unwrap().to_owned();
        served.call("DELETE", &format!("/v1/cards/{card}")).token(&administrator).send().expect(204);
        assert!(!served.get(&administrator, "/v1/cards").expect(200).json()["items"][0]["ended_at"].is_null());
    }
}
