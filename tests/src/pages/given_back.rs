//! A form that was not taken is given back with all that was filled in, and sent again by one button: after a session that
//! ended, in a name that somebody else on the same phone has not, and never where it shows who somebody is.

use std::collections::BTreeSet;

use service::Content;

use super::browser::Browser;
use super::page::Form;
use super::tab::Eyes;
use super::village::Village;
use crate::command::{Sandbox, both};

/// The cookie of a session that has ended.
const ENDED: &str = "coudemain=cdm_1_ended";
const SEND_AGAIN: &str = "Envoyer à nouveau ce que vous aviez saisi";

/// What people and others write into forms: names and values, as they travel and as they are read.
const HOSTILE: [(&str, &str, &str, &str); 5] = [
    ("memo", "memo", "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", "\"><script>alert(1)</script>"),
    ("x%22%3E%3Cb%3E", "x\"><b>", "'%26amp;%27+%60%7B%7B", "'&amp;' `{{"),
    ("memo", "memo", "un%0D%0Adeux%0D%0A%0D%0A+trois+", "un\ndeux\n\n trois "),
    ("nom", "nom", "%C3%89lo%C3%AFse+%F0%9F%8C%BB+%E2%80%AE", "Éloïse 🌻 \u{202e}"),
    ("vide", "vide", "", ""),
];

/// The form that is given back on the page, if one is.
fn given_back(browser: &Browser) -> Option<&Form> {
    browser.page.forms.iter().find(|form| form.buttons.iter().any(|button| button.text == SEND_AGAIN))
}

fn fields(form: &Form) -> Vec<(&str, &str)> {
    form.fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect()
}

/// Sends what no page showed, as the browser of somebody who is signed out, and reads what comes.
fn send(browser: &mut Browser, path: &str, body: &str) {
    browser.reply = browser.ask("POST", path, Some(body));
    browser.page = super::page::Page::read(&browser.reply.text);
    path.clone_into(&mut browser.path);
}

#[test]
fn every_form_is_given_back_but_those_that_show_who_somebody_is() {
    let village = Village::on(Sandbox::sqlite());
    let exchange = village.served.propose(village.token("Bruno"), &village.chorale, &village.judo, 90);
    let mut browser = village.browser("Alice", "fr");
    browser.bring(ENDED);
    let sent: Vec<_> = HOSTILE.iter().map(|(name, _, value, _)| format!("{name}={value}")).collect();
    let sent = format!("once=given-back&{}", sent.join("&"));
    let expected: Vec<_> =
        [("once", "given-back")].into_iter().chain(HOSTILE.iter().map(|(_, name, _, value)| (*name, *value))).collect();
    let mut not_given_back = BTreeSet::new();
    for route in pages::face().routes.iter().filter(|route| route.method == "POST") {
        let gives_back = route.content == Content::GivenBack;
        if !gives_back {
            not_given_back.insert(route.operation);
        }
        let path = village.named(&exchange, route.path);
        send(&mut browser, &path, &sent);
        if browser.reply.status != 401 {
            continue;
        }
        assert_eq!(browser.page.faults, Vec::<String>::new(), "{path}");
        match given_back(&browser) {
            Some(form) => {
                assert!(gives_back, "{path} is given back");
                assert_eq!((form.action.as_str(), fields(form)), (path.as_str(), expected.clone()));
            }
            None => assert!(!gives_back, "{path} is lost: {}", browser.page.text),
        }
    }
    let ways_in: BTreeSet<_> = [
        "page_demo",
        "page_language",
        "page_unsubscribe_now",
        "page_sign_in_ask",
        "page_sign_in_code",
        "page_sign_in_link_use",
        "page_card_use",
        "page_first_coordinator_begin",
        "page_sign_out",
        "page_sign_up_confirm",
        "page_sign_in_again_prove",
        "page_sign_in_again_mail",
        // A file is too large to be held, and whoever sent it has it.
        "page_notebook_lay",
        "page_notebook_statement_check",
    ]
    .into();
    assert_eq!(not_given_back, ways_in);

    // As much as a body may have; more fields than anybody fills in, or a form of another site's, is not.
    let note = format!("/a/{}/note", village.chorale);
    let long = "%22".repeat(60_000);
    send(&mut browser, &note, &format!("once=long&memo={long}"));
    assert_eq!(fields(given_back(&browser).unwrap())[1].1, "\"".repeat(60_000));
    send(&mut browser, &note, &format!("once=long&memo={}", "a".repeat(300_000)));
    assert_eq!((browser.reply.status, given_back(&browser).is_some()), (413, false));
    send(&mut browser, &note, &"a&".repeat(2_001));
    assert_eq!((browser.reply.status, given_back(&browser).is_some()), (401, false));
    let request = format!(
        "POST {note} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {ENDED}\r\nsec-fetch-site: cross-site\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 13\r\n\r\nonce=1&memo=x",
        village.served.address
    );
    let reply = crate::api::served::exchange(&village.served.address, request.as_bytes()).unwrap();
    assert_eq!((reply.status, reply.text.contains("name=\"memo\"")), (403, false));
}

#[test]
fn what_was_filled_in_is_sent_again_once_one_is_signed_in() {
    for village in both().into_iter().map(Village::on) {
        let count = || {
            let path = format!("/v1/exchanges?association={}", village.chorale);
            village.served.get(&village.served.operator, &path).expect(200).json()["items"].as_array().unwrap().len()
        };
        let note = format!("/a/{}/note", village.chorale);
        let mut alice = village.browser("Alice", "fr");
        alice.open(&note).choose("Judo-club de Vitré").write("Temps chacune", "2h30");
        alice.write("Remarque", "\"Les comptes\"\nde <l’année> & du mois");
        alice.bring(ENDED);
        alice.press("Envoyer").expect(401).reads("Vous n’êtes plus connecté").reads("gardé sur cette page");
        // Still signed out; then another person on the same phone, who does not speak for the choir.
        alice.press(SEND_AGAIN).expect(401).reads("gardé sur cette page");
        alice.bring(&village.person("Bruno").cookie);
        alice.press(SEND_AGAIN).expect(403).reads("Cette page est aux délégués").reads("gardé sur cette page");
        assert_eq!(count(), 0);
        alice.bring(&village.person("Alice").cookie);
        let page = alice.page.clone();
        alice.press(SEND_AGAIN).expect(200).reads("C’est noté").reads("\"Les comptes\" de <l’année> & du mois");
        let first = alice.path.clone();
        alice.page = page;
        alice.press(SEND_AGAIN).expect(200);
        assert_eq!((alice.path.as_str(), count()), (first.as_str(), 1));
        // Who speaks for the same association is asked whether it is theirs to say as well.
        alice.open(&note).choose("Judo-club de Vitré").write("Temps chacune", "4h");
        alice.bring(ENDED);
        alice.press("Envoyer").expect(401);
        alice.bring(&village.person("Chloé").cookie);
        alice.press(SEND_AGAIN).expect(422).reads("noté par quelqu’un d’autre sur cet appareil");
        assert_eq!(count(), 1);
        // What is one's own stays one's own.
        let mut vera = village.browser("Véra", "fr");
        vera.open("/me/mail").choose("Chaque semaine");
        vera.bring(ENDED);
        vera.press("Enregistrer").expect(401);
        vera.bring(&village.person("Bruno").cookie);
        vera.press(SEND_AGAIN).expect(422).reads("celui d’une autre personne");
        vera.open("/me/mail").reads("(•) Jamais");
        village.served.assert_sound();
    }
}

#[test]
fn one_signs_in_beside_the_page_that_keeps_what_was_filled_in() {
    let village = Village::on(Sandbox::sqlite());
    let french = [
        "Temps chacune",
        "Ajouter une remarque",
        "Remarque",
        "Envoyer",
        SEND_AGAIN,
        "Se connecter (nouvel onglet)",
        "C’est noté",
    ];
    let again = "Send again what you had filled in";
    let english = ["Time each", "Add a remark", "Remark", "Send", again, "Sign in (new tab)", "Noted."];
    for (eyes, duration, words) in [
        (Eyes::PHONE, "2h30", french),
        (Eyes::PHONE.without_script(), "3h", french),
        (Eyes::DESK.reading("en"), "4h", english),
    ] {
        let [time, more, remark, send, send_again, sign_in, noted] = words;
        let mut tab = village.tab("Alice", eyes);
        tab.open(&format!("/a/{}/note", village.chorale));
        tab.tap("Judo-club de Vitré");
        tab.write(time, duration);
        tab.tap(more);
        tab.write(remark, "Les \"comptes\" <b>");
        tab.bring(ENDED);
        tab.follow(send);
        tab.follow(send_again);
        tab.tap(sign_in);
        tab.eventually("the sign-in opens beside", |tab| {
            tab.addresses_beside().iter().any(|address| address.ends_with("/sign-in"))
        });
        tab.come_back();
        tab.bring(&village.person("Alice").cookie);
        tab.follow(send_again);
        tab.reads(noted);
        tab.reads("Les \"comptes\" <b>");
        tab.close();
    }
}
