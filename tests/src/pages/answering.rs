//! Answering, over HTTP: yes, not quite, no, all at once, taking back and correcting; on both databases.

use serde_json::json;

use super::browser::Browser;
use super::village::Village;
use crate::command::{Sandbox, both};

/// Notes help with the judo club, and stays on the page of what was noted.
pub(super) fn note<'a>(browser: &'a mut Browser, village: &Village, side: &str, time: &str) -> &'a mut Browser {
    browser.open(&format!("/a/{}/note", village.chorale)).expect(200);
    browser.choose(side).choose("Judo-club de Vitré").write("Temps chacune", time);
    browser.press("Envoyer").expect(200).reads("C’est noté")
}

#[test]
fn a_newcomer_finds_neighbours_one_tap_away() {
    let village = Village::on(Sandbox::sqlite());
    for (name, commune) in [
        ("Amicale de Retiers", "Retiers"),
        ("Batucada de Janzé", "Janzé"),
        ("Cirque de Vitré", "Vitré"),
        ("Don du sang de Janzé", "Janzé"),
        ("Yoga de Janzé", "Janzé"),
    ] {
        let body = json!({ "name": name, "commune": commune });
        village.served.post(&village.served.operator, "/v1/associations", &body).expect(201);
    }
    let offered = |browser: &mut Browser| {
        browser.open(&format!("/a/{}/note", village.chorale)).expect(200);
        let fields = browser.page.forms.iter().flat_map(|form| &form.fields);
        fields.filter(|field| field.name == "partner").map(|field| field.label.clone()).collect::<Vec<_>>()
    };
    let mut alice = village.browser("Alice", "fr");
    let neighbours = ["Batucada de Janzé", "Don du sang de Janzé", "Yoga de Janzé"];
    let others = ["Amicale de Retiers", "Cirque de Vitré", "Fanfare de Retiers"];
    assert_eq!(offered(&mut alice), [neighbours, others].concat());
    // Whom one has helped comes first, and nobody is there twice.
    alice.write("Une autre", "judo vitre").write("Temps chacune", "2h").press("Envoyer").expect(200);
    let expected = [&["Judo-club de Vitré"], &neighbours[..], &others[..2]].concat();
    assert_eq!(offered(&mut alice), expected);
}

#[test]
fn what_was_noted_is_answered_in_each_way() {
    for village in both().into_iter().map(Village::on) {
        let (mut alice, mut bruno) = (village.browser("Alice", "fr"), village.browser("Bruno", "fr"));
        note(&mut alice, &village, "Nous avons aidé", "2h30");
        bruno.open("/").expect(200).reads("Chorale de Janzé dit vous avoir aidés");
        bruno.press("Oui").expect(200).reads("Merci, c’est confirmé").reads("confirmé");
        assert_eq!(village.served.balance(&village.chorale), 150);

        // Not quite: other terms, which the first side answers.
        note(&mut alice, &village, "On nous a aidés", "3h");
        bruno.open("/").follow("Pas tout à fait").write("Combien de temps en tout", "2h").press("Proposer cela");
        bruno.expect(200).reads("Votre proposition est partie");
        alice.open("/").reads("2 h").press("Oui").expect(200).reads("Merci, c’est confirmé");
        assert_eq!(village.served.balance(&village.chorale), 30);

        // No, with a reason that both sides and the mediation read.
        note(&mut alice, &village, "Nous avons aidé", "5h");
        bruno.open("/").follow("Non").press("Dire non").expect(422).reads("Dites pourquoi, en une phrase.");
        bruno.write("Pourquoi, en une phrase", "C’était la fanfare.").press("Dire non").expect(200).reads("C’est dit");
        alice.open(&format!("/a/{}/exchanges", village.chorale)).reads("désaccord, la médiation regarde");

        // Taken back before it was answered.
        note(&mut alice, &village, "Nous avons aidé", "1h").press("Retirer").expect(200).reads("C’est retiré");
        bruno.open("/");
        assert!(!bruno.page.text.contains("À vous de répondre"), "{}", bruno.page.text);
        assert_eq!(village.served.balance(&village.chorale), 30);
        village.served.assert_sound();
    }
}

#[test]
fn a_month_is_confirmed_in_one_go_and_what_is_not_right_is_unticked() {
    for village in both().into_iter().map(Village::on) {
        let (mut alice, mut bruno) = (village.browser("Alice", "fr"), village.browser("Bruno", "fr"));
        for time in ["1h", "2h", "4h"] {
            note(&mut alice, &village, "Nous avons aidé", time);
        }
        bruno.open(&format!("/a/{}/answer", village.judo)).expect(200);
        bruno.choose("Chorale de Janzé : reçu 2 h").press("Confirmer ceux qui sont cochés");
        bruno.expect(200).reads("tout ce que vous aviez coché est confirmé");
        assert_eq!(village.served.balance(&village.chorale), 5 * 60);
        bruno.open("/").reads("2 h");
        village.served.assert_sound();
    }
}

#[test]
fn what_is_counted_is_corrected_by_both_sides() {
    for village in both().into_iter().map(Village::on) {
        let (mut alice, mut bruno) = (village.browser("Alice", "fr"), village.browser("Bruno", "fr"));
        note(&mut alice, &village, "Nous avons aidé", "2h30");
        bruno.open("/").press("Oui").expect(200);
        bruno.write("Pourquoi, en une phrase", "C’était 1 h 30.").press("Envoyer la demande").expect(200);
        bruno.reads("Votre demande est partie");
        alice.open("/").reads("Judo-club de Vitré demande de corriger cet échange");
        alice.follow("Regarder et répondre").expect(200).reads("Judo-club de Vitré dit que cet échange est faux");
        assert_eq!(village.served.balance(&village.chorale), 150);
        let reverse = alice.page.forms.iter().position(|form| form.action.ends_with("/reverse")).unwrap();
        let mut form = alice.page.forms[reverse].clone();
        let reason = form.fields.iter_mut().find(|field| field.label == "Pourquoi, en une phrase").unwrap();
        "Mal compté.".clone_into(&mut reason.value);
        alice.submit(&form, 0).expect(200).reads("L’échange est annulé");
        assert_eq!(village.served.balance(&village.chorale), 0);
        // What really happened replaces it, and says so to both.
        alice.follow("Noter ce qui s’est vraiment passé").expect(200).reads("remplace un échange annulé");
        alice.write("Temps chacune", "1h30").press("Envoyer").expect(200).reads("C’est noté");
        let list = village.served.get(village.token("Bruno"), "/v1/exchanges").expect(200).json();
        assert_eq!(list["items"][0]["replaces"], list["items"][1]["id"], "{list}");
        village.served.assert_sound();
    }
}
