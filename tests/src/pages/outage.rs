//! The database is away for a while, as when a server is started anew: every page says so, what was filled in is kept and
//! sent again by one button, what a phone noted meanwhile waits, and nothing is done twice.

use std::collections::BTreeSet;

use super::answering::note;
use super::browser::Browser;
use super::cable::Cable;
use super::coordinator::send;
use super::tab::Eyes;
use super::village::Village;
use crate::api::served::eventually;
use crate::command::Sandbox;
use crate::postgres::{PrivateServer, private_server};

const SEND_AGAIN: &str = "Envoyer à nouveau ce que vous aviez saisi";

/// The village on a PostgreSQL of its own, which can be stopped and started.
fn village() -> (PrivateServer, Village) {
    let server = private_server();
    let village = Village::on(Sandbox::on(server.new_database()));
    (server, village)
}

/// The service does not answer, says so, and gives back what was filled in.
#[track_caller]
fn not_now<'a>(browser: &'a mut Browser, what: &str) -> &'a mut Browser {
    browser.expect(503).reads("Un peu de patience").reads("gardé sur cette page");
    assert!(browser.reply.header("retry-after").is_some(), "{what}: {:?}", browser.reply);
    assert_eq!(browser.page.faults, Vec::<String>::new());
    browser
}

/// Sends again what was kept, until the service answers.
#[track_caller]
fn by_and_by<'a>(browser: &'a mut Browser, what: &str) -> &'a mut Browser {
    eventually(what, || browser.reply.status != 503 || browser.press(SEND_AGAIN).reply.status != 503);
    browser.expect(200)
}

/// The minutes of the choir's exchanges, with where each stands.
fn exchanges(village: &Village) -> BTreeSet<(i64, String)> {
    let path = format!("/v1/exchanges?association={}", village.chorale);
    let listed = village.served.get(&village.served.operator, &path).expect(200).json();
    let items = listed["items"].as_array().unwrap().iter();
    let told = items.map(|it| (it["minutes"].as_i64().unwrap(), it["state"].as_str().unwrap().to_owned()));
    let all: Vec<_> = told.collect();
    let set: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!(set.len(), all.len(), "nothing is there twice: {all:?}");
    set
}

#[test]
fn what_is_sent_while_the_database_is_away_is_kept_and_done_once() {
    let (mut server, village) = village();
    let sign_in = |name| village.browser(name, "fr");
    let (mut alice, mut bruno, mut chloe) = (sign_in("Alice"), sign_in("Bruno"), sign_in("Chloé"));
    let (mut nadine, mut vera, mut stranger) =
        (sign_in("Nadine"), sign_in("Véra"), Browser::before(&village.served.address, "fr"));
    note(&mut alice, &village, "Nous avons aidé", "2h");
    note(&mut alice, &village, "Nous avons aidé", "3h");
    // Each has a form before them.
    alice.open(&format!("/a/{}/note", village.chorale)).choose("Judo-club de Vitré");
    alice.write("Temps chacune", "4h").write("Remarque", "Les « comptes »\nde l’année");
    bruno.open(&format!("/a/{}/answer", village.judo)).reads("2 h").reads("3 h").choose("Chorale de Janzé : reçu 2 h");
    chloe.open(&format!("/a/{}", village.judo));
    let two = chloe.page.links.iter().filter(|link| link.text == "Pas tout à fait");
    let two = two.map(|link| link.address.clone()).find(|address| {
        let mut beside = sign_in("Chloé");
        beside.open(address).page.text.contains("2 h,")
    });
    chloe.open(&two.unwrap()).write("Combien de temps en tout", "1h30");
    nadine.open("/c/members/new");
    vera.open("/me/mail").choose("Chaque semaine");
    nadine.open("/c/cards?q=Véra").choose("Véra Martin").press("Préparer les cartes").expect(200);
    let mut lines = nadine.page.text.lines().map(str::trim);
    let letters = lines.find(|line| line.len() == 14 && line.matches('-').count() == 2).unwrap().to_owned();
    nadine.open("/c/members/new");
    stranger.open("/carte").write("Les douze lettres", &letters);
    let card = stranger.page.clone();

    server.stop_immediately();
    not_now(alice.press("Envoyer"), "noting");
    not_now(alice.press(SEND_AGAIN), "noting once more");
    not_now(bruno.press("Confirmer ceux qui sont cochés"), "answering");
    not_now(chloe.press("Proposer cela"), "proposing other terms");
    not_now(send(&mut nadine, "/members/new", &[("name", "Repair café")]), "a new member");
    not_now(vera.press("Enregistrer"), "choosing letters");
    // What shows who somebody is is not given back, and has not been used.
    stranger.press("Entrer").expect(503).reads("Un peu de patience");
    assert!(!stranger.reply.text.contains(&letters), "{}", stranger.reply.text);
    let mut reader = sign_in("Denis");
    let home = format!("/a/{}", village.chorale);
    for path in [home.as_str(), "/", "/sign-in", "/me"] {
        reader.open(path).expect(503).reads("Un peu de patience").reads("Réessayer");
    }

    server.start_again();
    by_and_by(&mut alice, "noted").reads("C’est noté").reads("Les « comptes » de l’année");
    by_and_by(&mut bruno, "answered");
    by_and_by(&mut chloe, "proposed").reads("Votre proposition est partie.");
    by_and_by(&mut nadine, "added").reads("Repair café");
    by_and_by(&mut vera, "chosen").open("/me/mail").reads("(•) Chaque semaine");
    stranger.page = card;
    stranger.press("Entrer").expect(200).open("/me").reads("Bonjour Véra");
    reader.open("/").expect(200);
    let expected =
        [(90, "proposed"), (180, "confirmed"), (240, "proposed")].map(|(minutes, state)| (minutes, state.to_owned()));
    assert_eq!(exchanges(&village), expected.into());
    village.served.assert_sound();
}

#[test]
fn what_a_phone_noted_waits_until_the_database_is_back() {
    let (mut server, village) = village();
    let cable = Cable::to(&village.served.address);
    let mut tab = village.tab_at(&cable.address, "Alice", Eyes::PHONE);
    let path = super::offline::keep(&mut tab, &village);
    cable.pull(true);
    tab.tell_cut_off(true);
    tab.open(&path);
    super::offline::note(&mut tab, "2h30");
    tab.follow("Envoyer");
    tab.eventually("it waits", |tab| tab.text().contains("Une aide à envoyer"));

    // The network is back before the database is.
    server.stop_immediately();
    cable.pull(false);
    tab.tell_cut_off(false);
    tab.open(&path);
    tab.reads("Un peu de patience");

    server.start_again();
    tab.eventually("the page is there again", |tab| {
        tab.open(&path);
        !tab.text().contains("Un peu de patience")
    });
    tab.eventually("it is sent", |_| exchanges(&village).len() == 1);
    tab.eventually("nothing waits", |tab| !tab.text().contains("à envoyer"));

    // Somebody presses the button while it is away once more.
    super::offline::note(&mut tab, "4h");
    server.stop_immediately();
    tab.follow("Envoyer");
    tab.reads("gardé sur cette page");
    tab.follow(SEND_AGAIN);
    tab.reads("gardé sur cette page");
    server.start_again();
    tab.eventually("it is noted", |tab| {
        if tab.has(SEND_AGAIN) {
            tab.follow(SEND_AGAIN);
        }
        tab.text().contains("C’est noté")
    });
    tab.close();
    let expected = [150, 240].map(|minutes| (minutes, "proposed".to_owned()));
    assert_eq!(exchanges(&village), expected.into());
    village.served.assert_sound();
}
