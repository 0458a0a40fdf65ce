//! What every page looks like: whole for those who see little, at 320 pixels, in the dark, under a finger; and how much
//! it weighs.
//!
//! With `COUDEMAIN_TEST_PICTURES` set, a picture of each stays in the build's folder, to be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::every_page::table;
use super::looking::{barriers, overflowing, small_targets};
use super::tab::{Eyes, Tab};
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
        if line.kind != "file" && line.lets_in.contains(&letter) {
            found.insert((village.named(exchange, route.path), ""));
        }
    }
    let more = MORE.iter().filter(|(path, _)| letter == 'a' || !path.starts_with("/a/"));
    found.extend(more.map(|(path, pressed)| (village.named(exchange, path), *pressed)));
    found.into_iter().collect()
}

/// What is wrong with the page that is open.
fn faults(tab: &Tab, eyes: Eyes) -> Vec<String> {
    let mut found = overflowing(tab);
    if !found.is_empty() {
        found.insert(0, "wider than the screen".to_owned());
    }
    if eyes.width < 1_000 {
        found.extend(small_targets(tab));
    }
    if eyes.width != NARROW.width {
        found.extend(barriers(tab));
    }
    found
}

#[test]
fn every_page_is_for_everybody() {
    let village = Village::on(Sandbox::sqlite());
    let exchange = village.served.propose(village.token("Bruno"), &village.chorale, &village.judo, 90);
    village.served.propose(village.token("Bruno"), &village.judo, &village.chorale, 150);
    village.served.propose(village.token("Alice"), &village.chorale, &village.fanfare, 45);
    let wants_pictures = std::env::var_os("COUDEMAIN_TEST_PICTURES").is_some();
    // What is wrong in the same way on many pages is told once, with the first of them.
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for (letter, name) in LOOKING {
        for eyes in [Eyes::PHONE, Eyes::PHONE.in_the_dark(), NARROW, Eyes::DESK] {
            let mut tab = if name.is_empty() {
                Tab::before(&village.served.address, "every_page_is_for_everybody", eyes)
            } else {
                village.tab(name, eyes)
            };
            for (address, pressed) in addresses(&village, &exchange, letter) {
                tab.open(&address);
                if !pressed.is_empty() {
                    tab.follow(pressed);
                }
                let place = format!("{address} {pressed} ({letter}, {eyes:?})");
                for fault in tab.seeing_all(|tab| faults(tab, eyes)) {
                    wrong.entry(fault).or_insert_with(|| place.clone());
                }
                if wants_pictures {
                    let page: String = address.replace('/', "_").replace(&village.chorale, "A");
                    let page = page.replace(&exchange, "E").replace(&village.judo, "B");
                    let dark = if eyes.in_the_dark { "-dark" } else { "" };
                    tab.picture(&format!("{letter}{page}{pressed}-{}{dark}", eyes.width));
                }
            }
            tab.close();
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
    let village = Village::on(Sandbox::sqlite());
    let exchange = village.served.propose(village.token("Bruno"), &village.chorale, &village.judo, 90);
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
