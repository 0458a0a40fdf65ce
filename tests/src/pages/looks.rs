//! What every page looks like: whole for those who see little, at 320 pixels, at twice its size or with letters of twice
//! theirs, in the dark, under a finger; and how much it weighs.
//!
//! With `COUDEMAIN_TEST_PICTURES` set, a picture of each stays in the build's folder, to be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::every_page::table;
use super::looking::{barriers, crowded, overflowing, pale, small_targets};
use super::tab::{Eyes, Magnified, Tab};
use super::village::Village;
use crate::command::Sandbox;

/// Who looks: their letter in the table of pages, and their name.
const LOOKING: [(char, &str); 6] =
    [('n', ""), ('a', "Denis"), ('t', "Chloé"), ('v', "Véra"), ('c', "Nadine"), ('m', "Marc")];

const NARROW: Eyes = Eyes { width: 320, ..Eyes::PHONE };

/// Pages that answer to what was done, beside those of the table: what is opened, and what is pressed there.
const MORE: [(&str, &str); 3] =
    [("/no-such-page", ""), ("/a/{association}/note", "Envoyer"), ("/a/{association}/exchanges/{exchange}", "Non")];

/// The addresses that somebody may open.
fn addresses(village: &Village, exchange: &str, letter: char) -> Vec<(String, &'static str)> {
    let table = table();
    let mut found = BTreeSet::new();
    for route in pages::face().routes.iter().filter(|route| route.method == "GET") {
        let line = &table[route.operation];
        if !["file", "missing"].contains(&line.kind.as_str()) && line.lets_in.contains(&letter) {
            found.insert((village.named(exchange, route.path), ""));
        }
    }
    let more = MORE.iter().filter(|(path, _)| letter == 'a' || !path.starts_with("/a/"));
    found.extend(more.map(|(path, pressed)| (village.named(exchange, path), *pressed)));
    found.into_iter().collect()
}

/// How each page is looked at: on a phone, in the dark, on a narrow one, at a desk, and by those who need larger letters.
pub(super) const WAYS: [Eyes; 6] = [
    Eyes::PHONE,
    Eyes { in_the_dark: true, ..Eyes::PHONE },
    NARROW,
    Eyes { magnified: Magnified::Letters, ..Eyes::PHONE },
    Eyes { magnified: Magnified::Page, ..Eyes::DESK },
    Eyes::DESK,
];

/// What is wrong with the page that is open.
pub(super) fn faults(tab: &Tab, eyes: Eyes) -> Vec<String> {
    // In the dark the colours alone are others.
    if eyes.in_the_dark {
        return pale(tab);
    }
    let mut found = overflowing(tab);
    if !found.is_empty() {
        found.insert(0, "wider than the screen".to_owned());
    }
    found.extend(crowded(tab));
    if eyes.width < 1_000 {
        found.extend(small_targets(tab));
    }
    if eyes.width != NARROW.width && eyes.magnified == Magnified::Not {
        found.extend(barriers(tab));
    }
    found
}

/// Who looks, their letter in the table of pages, and what is wrong with what they see.
fn look_at_all(village: &Village, exchange: &str, (letter, name): (char, &str)) -> Vec<(String, String)> {
    let wants_pictures = std::env::var_os("COUDEMAIN_TEST_PICTURES").is_some();
    let mut wrong = Vec::new();
    let mut tab = if name.is_empty() {
        Tab::before(&village.served.address, "every_page_is_for_everybody", Eyes::PHONE)
    } else {
        village.tab(name, Eyes::PHONE)
    };
    for (address, pressed) in addresses(village, exchange, letter) {
        tab.open(&address);
        if !pressed.is_empty() {
            tab.follow(pressed);
        }
        // What unfolds is looked at unfolded.
        tab.eval("document.querySelectorAll('main details').forEach((it) => { it.open = true; })");
        for eyes in WAYS {
            tab.look_with(eyes);
            let place = format!("{address} {pressed} ({letter}, {eyes:?})");
            wrong.extend(tab.seeing_all(|tab| faults(tab, eyes)).into_iter().map(|fault| (fault, place.clone())));
            if wants_pictures {
                let page: String = address.replace('/', "_").replace(&village.chorale, "A");
                let page = page.replace(exchange, "E").replace(&village.judo, "B");
                let dark = if eyes.in_the_dark { "-dark" } else { "" };
                let larger = if eyes.magnified == Magnified::Not { "" } else { "-larger" };
                tab.picture(&format!("{letter}{page}{pressed}-{}{dark}{larger}", eyes.width));
            }
        }
        tab.look_with(Eyes::PHONE);
    }
    tab.close();
    wrong
}

#[test]
fn every_page_is_for_everybody() {
    let mut village = Village::on(Sandbox::sqlite());
    village.recognise_each_other();
    let exchange = village.served.propose(village.token("Bruno"), &village.chorale, &village.judo, 90);
    village.hand_out("");
    village.served.propose(village.token("Bruno"), &village.judo, &village.chorale, 150);
    village.served.propose(village.token("Alice"), &village.chorale, &village.fanfare, 45);
    // What is wrong in the same way on many pages is told once, with the first of them.
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for looking in LOOKING {
        for (fault, place) in look_at_all(&village, &exchange, looking) {
            wrong.entry(fault).or_insert(place);
        }
    }
    let told = wrong.iter().fold(String::new(), |mut told, (fault, place)| {
        writeln!(told, "{place}\n    {fault}").unwrap();
        told
    });
    assert!(told.is_empty(), "{told}");
}

#[test]
fn pages_are_light() {
    let mut village = Village::on(Sandbox::sqlite());
    village.recognise_each_other();
    let exchange = village.served.propose(village.token("Bruno"), &village.chorale, &village.judo, 90);
    village.hand_out("");
    for number in 0..35 {
        village.served.association(&format!("Association d’entraide rurale n° {number}"));
    }
    let mut browser = village.browser("Denis", "fr");
    for (address, _) in addresses(&village, &exchange, 'a') {
        browser.open(&address);
        let mut bytes = browser.reply.bytes.len();
        let assets: BTreeSet<_> = browser.page.assets.iter().cloned().collect();
        for asset in assets {
            bytes += browser.ask("GET", &asset, None).bytes.len();
        }
        let most = if address.ends_with("/note") { 60_000 } else { 150_000 };
        println!("{address}: {bytes} bytes");
        assert!(bytes < most, "{address} weighs {bytes} bytes");
    }
}
