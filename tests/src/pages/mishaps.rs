//! What goes wrong with forms: sent twice, from yesterday, from elsewhere, by machines, with nonsense in them; each has
//! its sentence, nothing is lost and nothing is done twice.

use super::answering::note;
use super::village::Village;
use crate::api::served::exchange;
use crate::command::{Sandbox, both};

/// How many exchanges the choir has.
fn count(village: &Village) -> usize {
    let path = format!("/v1/exchanges?association={}", village.chorale);
    let listed = village.served.get(&village.served.operator, &path).expect(200).json();
    listed["items"].as_array().unwrap().len()
}

#[test]
fn a_form_that_is_sent_twice_does_nothing_twice() {
    for village in both().into_iter().map(Village::on) {
        let mut alice = village.browser("Alice", "fr");
        alice.open(&format!("/a/{}/note", village.chorale));
        alice.choose("Judo-club de Vitré").write("Temps chacune", "2h30");
        let page = alice.page.clone();
        alice.press("Envoyer").expect(200).reads("C’est noté");
        let first = alice.path.clone();
        // The second tap, and the back button.
        alice.page = page.clone();
        alice.press("Envoyer").expect(200);
        assert_eq!((alice.path.as_str(), count(&village)), (first.as_str(), 1));
        // The same form with something else in it is another request, and is told so.
        alice.page = page;
        alice
            .write("Temps chacune", "3h")
            .press("Envoyer")
            .expect(422)
            .reads("déjà été envoyé, avec autre chose dedans");
        assert_eq!(count(&village), 1);
        // A fresh form with the same in it is asked about.
        alice.open(&format!("/a/{}/note", village.chorale));
        alice.choose("Judo-club de Vitré").write("Temps chacune", "2h30").press("Envoyer").expect(422);
        alice.reads("vous avez déjà noté 2 h 30 avec Judo-club de Vitré. Est-ce la même aide ?");
        assert_eq!(count(&village), 1);
        alice.press("Oui, c’était une autre fois").expect(200).reads("C’est noté");
        assert_eq!(count(&village), 2);

        // An answer is given once as well.
        let mut bruno = village.browser("Bruno", "fr");
        bruno.open(&format!("/a/{}/answer", village.judo));
        let page = bruno.page.clone();
        bruno.press("Confirmer ceux qui sont cochés").expect(200);
        bruno.page = page;
        bruno.press("Confirmer ceux qui sont cochés");
        assert_eq!(village.served.balance(&village.chorale), 300);
        village.served.assert_sound();
    }
}

#[test]
fn two_tabs_for_two_associations_never_mix() {
    let village = Village::on(Sandbox::sqlite());
    let (mut one, mut other) = (village.browser("Chloé", "fr"), village.browser("Chloé", "fr"));
    one.open(&format!("/a/{}/note", village.chorale)).reads("Envoyer : Chorale de Janzé a aidé");
    other.open(&format!("/a/{}/note", village.judo)).reads("Envoyer : Judo-club de Vitré a aidé");
    one.choose("Fanfare de Retiers").write("Temps chacune", "1h").press("Envoyer").expect(200);
    other.choose("Fanfare de Retiers").write("Temps chacune", "2h").press("Envoyer").expect(200);
    for (browser, path, own) in [(&mut one, &village.chorale, "1 h"), (&mut other, &village.judo, "2 h")] {
        browser.open(&format!("/a/{path}/exchanges")).reads(&format!("donné {own}"));
        assert_eq!(browser.page.text.matches("donné").count(), 1, "{}", browser.page.text);
    }
    // What one of them notes for the judo club with the choir, they may not answer for the choir.
    other.open(&format!("/a/{}/note", village.judo)).write("Une autre", "chorale janze");
    other.write("Temps chacune", "4h");
    other.press("Envoyer").expect(200);
    one.open(&format!("/a/{}", village.chorale)).press("Oui");
    assert_eq!(village.served.balance(&village.chorale), 0);
}

#[test]
fn what_was_changed_meanwhile_is_shown_before_it_is_answered() {
    let village = Village::on(Sandbox::sqlite());
    let (mut alice, mut bruno, mut second) =
        (village.browser("Alice", "fr"), village.browser("Bruno", "fr"), village.browser("Chloé", "fr"));
    note(&mut alice, &village, "Nous avons aidé", "5h");
    bruno.open("/");
    let old = bruno.page.clone();
    // Somebody else of the judo club answers first, and the choir takes the new terms back up.
    second.open(&format!("/a/{}", village.judo)).follow("Pas tout à fait").write("Combien de temps en tout", "4h");
    second.press("Proposer cela").expect(200);
    alice
        .open("/")
        .follow("Pas tout à fait")
        .write("Combien de temps en tout", "4h30")
        .press("Proposer cela")
        .expect(200);
    bruno.page = old;
    bruno.press("Oui").expect(200).reads("Entre-temps l’échange a changé : rien n’a été fait").reads("4 h 30");
    assert_eq!(village.served.balance(&village.chorale), 0);
}

#[test]
fn machines_and_strangers_do_nothing() {
    let village = Village::on(Sandbox::sqlite());
    let mut alice = village.browser("Alice", "fr");
    let path = note(&mut alice, &village, "Nous avons aidé", "2h30").path.clone();
    let (path, _) = path.split_once('?').unwrap();
    let path = path.replace(&village.chorale, &village.judo);
    let mut bruno = village.browser("Bruno", "fr");
    // What opens every link presses nothing.
    for method in ["GET", "HEAD"] {
        assert_eq!(bruno.ask(method, &format!("{path}/yes"), None).status, 405);
        assert_eq!(bruno.ask(method, &path, None).status, 200);
    }
    // A form of another site, one of nowhere, and one without its key.
    let cookie = &village.person("Bruno").cookie;
    let key = "once=by-machine";
    for (headers, body, status) in [
        ("sec-fetch-site: cross-site\r\norigin: https://evil.example\r\n", key, 403),
        ("sec-fetch-site: same-site\r\n", key, 403),
        ("origin: null\r\n", key, 403),
        ("", key, 403),
        ("sec-fetch-site: same-origin\r\n", "x=y", 400),
    ] {
        let request = format!(
            "POST {path}/yes HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {cookie}\r\n{headers}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            village.served.address,
            body.len()
        );
        let reply = exchange(&village.served.address, request.as_bytes()).unwrap();
        assert_eq!(reply.status, status, "{headers}{body}: {reply:?}");
    }
    assert_eq!(village.served.balance(&village.chorale), 0);
    assert_eq!(count(&village), 1);
}

#[test]
fn what_does_not_fit_is_said_at_its_field_and_all_values_are_kept() {
    for village in both().into_iter().map(Village::on) {
        let mut alice = village.browser("Alice", "fr");
        let long = "é".repeat(10_000);
        for (field, value, said) in [
            ("Temps chacune", "", "Dites combien de temps"),
            (
                "Temps chacune",
                "2h07",
                "8 h 28 n'est pas un multiple du pas du réseau ; les plus proches : 8 h 15 ou 8 h 30",
            ),
            ("Temps chacune", "deux", "durée illisible"),
            ("Temps chacune", "0", "Dites combien de temps"),
            ("Personnes", "beaucoup", "n’est pas un nombre de personnes"),
            ("Remarque", long.as_str(), "La remarque a 10000 caractères"),
            ("Remarque", "a\u{0}b", "un signe qui ne se voit pas"),
            ("Remarque", "a\u{202e}b", "un signe qui ne se voit pas"),
            ("Une autre", "Personne de ce nom", "Aucun membre du réseau ne s’appelle"),
        ] {
            alice.open(&format!("/a/{}/note", village.chorale));
            alice.choose("On nous a aidés").choose("Judo-club de Vitré").write("Temps chacune", "2h30");
            alice.write("Personnes", "4").write(field, value).press("Envoyer");
            assert!((400..500).contains(&alice.reply.status), "{field} {value}: {}", alice.page.text);
            let text = alice.page.text.to_lowercase();
            assert!(text.contains(&super::looking::plain(&said.to_lowercase())), "{field} {value}:\n{text}");
            alice.reads("(•) On nous a aidés").reads("[x] Judo-club de Vitré");
            let kept = alice
                .page
                .forms
                .iter()
                .flat_map(|form| &form.fields)
                .any(|it| it.value == value.replace('\0', "\u{fffd}"));
            assert!(kept, "{field} {value} is lost:\n{}", alice.page.text);
        }
        assert_eq!(count(&village), 0);
        // Markup is a remark like any other.
        alice.open(&format!("/a/{}/note", village.chorale));
        alice.choose("Judo-club de Vitré").write("Temps chacune", "2h30");
        alice.write("Remarque", "<script>alert(1)</script> & <b>gras</b>").press("Envoyer").expect(200);
        alice.reads("<script>alert(1)</script> & <b>gras</b>");
        assert_eq!(alice.page.faults, Vec::<String>::new());
    }
}
