//! The annual statements of an association, on the screen and to take away.

use std::fs;

use serde_json::{Value, json};

use super::village::Village;
use crate::command::{Sandbox, both};
use crate::twins::done;

fn village(sandbox: Sandbox) -> Village {
    let village = Village::on(sandbox);
    let served = &village.served;
    let alice = village.person("Alice").id.clone();
    for (reference, giver, receiver, minutes, given) in [
        ("V-1", &village.chorale, &village.judo, 150, json!([{ "person": alice, "minutes": 90 }])),
        ("V-2", &village.fanfare, &village.chorale, 60, json!([])),
    ] {
        let record = json!({
            "giver": giver, "receiver": receiver, "minutes": minutes, "service_date": "2025-06-14",
            "reference": reference, "evidence": { "kind": "paper_slip", "reference": reference },
            "contributions": given,
        });
        served.post(&served.operator, "/v1/exchanges", &record).expect(201);
    }
    village
}

#[test]
fn a_treasurer_reads_the_statements_and_takes_them_away() {
    both().into_iter().for_each(reads_and_takes_away);
}

fn reads_and_takes_away(sandbox: Sandbox) {
    let village = village(sandbox);
    let sandbox = &village.served.sandbox;
    let mut denis = village.browser("Denis", "fr");
    denis.open(&format!("/a/{}/standing", village.chorale)).follow("Relevés annuels").expect(200);
    denis.reads("Le réseau n’en a encore remis aucun.");
    village.hand_out("");
    denis.open(&format!("/a/{}/statements", village.chorale)).expect(200);
    denis.reads("n° 2025-0001 · 2 h 30 données, 1 h reçues");
    denis.reads("Au 31 décembre : Vous avez donné 1 h 30 de plus");
    denis.follow("Relevé annuel 2025").expect(200);
    for words in [
        "n° 2025-0001 · signé le",
        "Solde au 1er janvier0 min",
        "Heures données+2 h 30",
        "Heures reçues−1 h",
        "Solde au 31 décembre1 h 30",
        "Judo-club de Vitré 2 h 30 données, 0 min reçues.",
        "Fanfare de Retiers 0 min données, 1 h reçues.",
        "Juin 2 h 30 données, 1 h reçues.",
        "Opérationnel1 h 30",
        "2 échanges, 3 h 30",
    ] {
        denis.reads(words);
    }
    assert!(!denis.page.text.contains("Janvier 0"), "a month without hours is told: {}", denis.page.text);

    // The file is the document that was handed out, and the command trusts it.
    let take = format!("/a/{}/statements/2025-0001/file", village.chorale);
    let reply = denis.ask("GET", &take, None);
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"releve-2025-0001.json\""));
    assert_eq!(reply.bytes, fs::read(sandbox.path("handed-out/2025-0001-chorale-de-janze.json")).unwrap());
    sandbox.write("taken.json", &reply.bytes);
    done(&sandbox.run("verify taken.json --trust handed-out/did.json"));
    let leads = denis.page.links.iter().find_map(|link| link.address.strip_prefix("/verify#sha256="));
    let digest = leads.expect("The page leads to the verifier.").to_owned();
    denis.reads(&digest);

    // Another one takes its place; that one is taken back.
    done(&sandbox.run("statement issue --year 2025 --association 'Chorale de Janzé' --again --out again --no-pdf"));
    let later: Value =
        serde_json::from_slice(&fs::read(sandbox.path("again/2025-0004-chorale-de-janze.json")).unwrap()).unwrap();
    assert_eq!(later["credentialSubject"]["supersedes"]["sha256"], digest.as_str());
    denis.open(&format!("/a/{}/statements", village.chorale)).reads("Remplacé par le n° 2025-0004");
    denis.open(&format!("/a/{}/statements/2025-0001", village.chorale)).reads("Remplacé par le n° 2025-0004");
    denis.open(&format!("/a/{}/statements/2025-0004", village.chorale)).reads("Il remplace le n° 2025-0001.");
    done(&sandbox.run("statement withdraw 2025-0004"));
    denis.open(&format!("/a/{}/statements/2025-0004", village.chorale)).reads("Repris par le réseau : il ne vaut plus");
    denis.open(&format!("/a/{}/statements/2025-0001", village.chorale)).reads("Remplacé par le n° 2025-0004");
}

#[test]
fn a_statement_is_its_own_associations_alone() {
    let village = village(Sandbox::sqlite());
    village.hand_out("");
    let mut chloe = village.browser("Chloé", "fr");
    // She speaks for both: each has its own.
    chloe.open(&format!("/a/{}/statements/2025-0001", village.chorale)).expect(200);
    for number in ["2025-0001", "2025-0003", "2025-9999", "2025-1", "2024-0001", "x", "2025-0002%20"] {
        for end in ["", "/file"] {
            let reply = chloe.ask("GET", &format!("/a/{}/statements/{number}{end}", village.judo), None);
            assert_eq!(reply.status, 404, "{number}{end}: {reply:?}");
        }
    }
    chloe.open(&format!("/a/{}/statements/2025-0002", village.judo)).expect(200);
    let mut vera = village.browser("Véra", "fr");
    assert_eq!(vera.ask("GET", &format!("/a/{}/statements", village.chorale), None).status, 403);
}
