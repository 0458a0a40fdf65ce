//! Noting without a network: on a phone that was on the page once, for one person and one association.

use ledger::Minutes;
use serde_json::{Value, json};

use super::cable::Cable;
use super::tab::{Eyes, Tab};
use super::village::Village;
use crate::command::Sandbox;

/// A phone's line to the service.
struct Phone(Cable);

impl Phone {
    /// Cuts it off, or brings the network back, which the browser notices.
    fn cut_off(&self, tab: &Tab, is_cut_off: bool) {
        self.0.pull(is_cut_off);
        tab.tell_cut_off(is_cut_off);
    }
}

fn village_and_phone() -> (Village, Phone) {
    let village = Village::on(Sandbox::sqlite());
    let cable = Cable::to(&village.served.address);
    (village, Phone(cable))
}

/// Opens the page for noting, and waits until the phone keeps it.
pub(super) fn keep(tab: &mut Tab, village: &Village) -> String {
    let path = format!("/a/{}/note", village.chorale);
    tab.open(&path);
    let kept = format!("caches.match('{path}', {{ cacheName: 'noting' }}).then((page) => Boolean(page))");
    tab.eventually("the page is kept", |tab| tab.eval(&kept) == true);
    tab.eventually("the worker looks after the page", |tab| {
        tab.eval("Boolean(navigator.serviceWorker.controller)") == true
    });
    path
}

pub(super) fn note(tab: &mut Tab, time: &str) {
    tab.tap("Judo-club de Vitré");
    tab.write("Temps chacune", time);
    tab.tap("Hier");
}

/// The minutes of what the association noted, the first one first.
fn noted(village: &Village) -> Vec<i64> {
    let path = format!("/v1/exchanges?association={}", village.chorale);
    let found = village.served.get(&village.served.operator, &path).expect(200).json();
    let mut minutes: Vec<_> =
        found["items"].as_array().unwrap().iter().map(|it| it["minutes"].as_i64().unwrap()).collect();
    minutes.sort_unstable();
    minutes
}

#[test]
fn what_is_noted_without_a_network_waits_and_is_sent_once() {
    let (village, phone) = village_and_phone();
    let mut tab = village.tab_at(&phone.0.address, "Alice", Eyes::PHONE);
    let path = keep(&mut tab, &village);
    phone.cut_off(&tab, true);
    tab.open(&path);
    tab.reads("Pas de réseau en ce moment");
    note(&mut tab, "2h30");
    tab.follow("Envoyer");
    tab.eventually("one thing waits", |tab| tab.text().contains("Une aide à envoyer"));
    note(&mut tab, "1h45");
    tab.follow("Envoyer");
    tab.eventually("two things wait", |tab| tab.text().contains("2 à envoyer"));
    tab.reads("Judo-club de Vitré, 2h30");

    // What looks like a repeat is asked about by the phone.
    note(&mut tab, "150 min");
    tab.tap("Envoyer");
    tab.eventually("the phone asks", |tab| tab.text().contains("Est-ce la même aide ?"));
    tab.follow("Oui, c’était une autre fois");
    tab.eventually("three things wait", |tab| tab.text().contains("3 à envoyer"));
    assert_eq!(noted(&village), [] as [i64; 0]);

    // Signing out asks first.
    tab.tap("Alice");
    tab.tap("Se déconnecter");
    tab.eventually("it is asked", |tab| tab.text().contains("3 aides notées attendent encore le réseau"));
    tab.tap("Rester connecté");

    phone.cut_off(&tab, false);
    tab.eventually("all is sent", |_| noted(&village) == [105, 150, 150]);
    tab.eventually("nothing waits", |tab| !tab.text().contains("à envoyer"));
    tab.open(&path);
    assert!(!tab.text().contains("Pas de réseau"));
    tab.close();
    assert_eq!(noted(&village), [105, 150, 150]);
}

#[test]
fn what_does_not_fit_is_kept_with_the_reason() {
    let (village, phone) = village_and_phone();
    let mut tab = village.tab_at(&phone.0.address, "Alice", Eyes::PHONE);
    let path = keep(&mut tab, &village);
    phone.cut_off(&tab, true);
    tab.open(&path);
    note(&mut tab, "2h07");
    tab.follow("Envoyer");
    tab.eventually("it waits", |tab| tab.text().contains("Une aide à envoyer"));
    phone.cut_off(&tab, false);
    tab.eventually("it is told why", |tab| tab.has("Corriger"));
    tab.reads("les plus proches : 2 h ou 2 h 15");
    assert_eq!(noted(&village), [] as [i64; 0]);
    tab.follow("Corriger");
    tab.write("Temps chacune", "2h");
    tab.follow("Envoyer");
    tab.reads("C’est noté");
    assert_eq!(noted(&village), [120]);
    tab.open(&path);
    tab.eventually("nothing waits", |tab| !tab.text().contains("à envoyer"));
    tab.close();
}

#[test]
fn a_phone_that_two_people_share_keeps_them_apart() {
    let (village, phone) = village_and_phone();
    let mut tab = village.tab_at(&phone.0.address, "Alice", Eyes::PHONE);
    let path = keep(&mut tab, &village);
    phone.cut_off(&tab, true);
    tab.open(&path);
    note(&mut tab, "2h30");
    tab.follow("Envoyer");
    tab.eventually("it waits", |tab| tab.text().contains("Une aide à envoyer"));

    // Chloé speaks for the same association: she neither sees nor sends what Alice noted, and Alice's page is gone.
    tab.bring(&village.person("Chloé").cookie);
    phone.cut_off(&tab, false);
    tab.open(&format!("/a/{}", village.chorale));
    tab.eventually("Alice's page is dropped", |tab| {
        tab.eval(&format!("caches.match('{path}').then((page) => !page)")) == true
    });
    tab.open(&path);
    tab.eventually("the page has come to rest", |tab| tab.eval("document.getElementById('waiting').hidden") == true);
    assert!(!tab.text().contains("à envoyer"));
    assert_eq!(noted(&village), [] as [i64; 0]);

    // What Alice noted goes when she is there again.
    tab.bring(&village.person("Alice").cookie);
    tab.open(&format!("/a/{}", village.chorale));
    tab.eventually("it is sent", |_| noted(&village) == [150]);
    tab.close();

    // Even a page of hers that is still open notes nothing in another's name.
    let mut browser = village.browser("Alice", "fr");
    browser.open(&path).choose("Judo-club de Vitré").write("Temps chacune", "4h");
    browser.bring(&village.person("Chloé").cookie);
    browser.press("Envoyer").expect(422).reads("noté par quelqu’un d’autre sur cet appareil");
    assert_eq!(noted(&village), [150]);
    browser.press("Envoyer").expect(200).reads("C’est noté");
    assert_eq!(noted(&village), [150, 240]);
}

#[test]
fn the_icon_leads_to_noting_with_and_without_a_network() {
    let (village, phone) = village_and_phone();
    let mut tab = village.tab_at(&phone.0.address, "Alice", Eyes::PHONE);
    let path = keep(&mut tab, &village);
    let manifest = tab.eval("fetch(document.querySelector('link[rel=manifest]').href).then((it) => it.json())");
    assert_eq!(manifest["start_url"], "/note");
    tab.open("/note");
    assert_eq!(tab.path(), path);
    phone.cut_off(&tab, true);
    tab.open("/note");
    assert_eq!(tab.path(), path);
    tab.reads("Pas de réseau en ce moment");
    tab.close();
    // Whoever speaks for two chooses.
    let mut browser = village.browser("Chloé", "fr");
    browser.open("/note").expect(200).follow("Judo-club de Vitré").expect(200);
    assert_eq!(browser.path, format!("/a/{}/note", village.judo));
}

#[test]
fn the_phone_reads_durations_as_the_ledger_does_or_not_at_all() {
    let village = Village::on(Sandbox::sqlite());
    let mut tab = village.tab("Alice", Eyes::PHONE);
    tab.open(&format!("/a/{}/note", village.chorale));
    let mut texts: Vec<String> = Vec::new();
    for text in [
        "",
        "0",
        "4",
        "2h30",
        "2 h 30",
        "2H30",
        "2:30",
        "2,5",
        "2.5",
        "2,50 h",
        "2,500",
        "0,33",
        "1,25",
        "1.20 heures",
        "150 min",
        "45'",
        "45 minutes",
        "90 mn",
        "2h5",
        "2h75",
        "2h",
        "2 heures 30",
        "3 hours",
        "PT2H30M",
        "4 x 2h",
        "2\u{a0}h\u{a0}30",
        "-2",
        "deux",
        "12345",
        "999",
        "2h30min",
        "2h60",
        "١h",
        "1e3",
        "0x10",
        " 7 ",
        "1 000 h",
    ] {
        texts.push(text.to_owned());
    }
    for hours in 0..4 {
        for rest in ["", "h", "h00", "h07", "h 30", ":15", ":5", ",1", ",05", ",25", ".333", " min", "min", " h 2 min"]
        {
            texts.push(format!("{hours}{rest}"));
        }
    }
    let script = format!(
        "import(document.querySelector('script[type=module]').src).then((it) => {}.map(it.minutesOf))",
        json!(texts)
    );
    let read = tab.eval(&script);
    let mut claimed = 0;
    for (text, found) in texts.iter().zip(read.as_array().unwrap()) {
        if *found != Value::Null {
            claimed += 1;
            assert_eq!(Minutes::parse(text).map(Minutes::get).ok(), found.as_i64(), "{text:?}");
        }
    }
    assert!(claimed > 40, "{claimed} of {} are read", texts.len());
    tab.close();
}

#[test]
fn a_few_letters_find_a_partner_and_the_button_says_what_it_will_do() {
    let village = Village::on(Sandbox::sqlite());
    for number in 0..7 {
        village.served.association(&format!("Amicale laïque n° {number}"));
    }
    let mut tab = village.tab("Alice", Eyes::PHONE);
    tab.open(&format!("/a/{}/note", village.chorale));
    for typed in ["vitre", "JUDO", "jcv", "club vi"] {
        tab.write("Une autre", typed);
        assert!(tab.things().iter().any(|thing| thing.name.starts_with("Judo-club de Vitré")), "{typed}");
    }
    tab.tap("Judo-club de Vitré");
    tab.write("Personnes", "4");
    tab.write("Temps chacune", "2h30");
    tab.reads("4 × 2 h 30 = 10 h");
    assert!(tab.has("Envoyer : Chorale de Janzé a aidé Judo-club de Vitré, 10 h"), "{:?}", tab.things());
    tab.follow("Envoyer");
    tab.reads("C’est noté");
    tab.close();
}
