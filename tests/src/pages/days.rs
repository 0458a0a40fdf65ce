//! People's days, in a real browser: on a phone and at a desk, in both languages, with script and without, with a mouse
//! and with the keyboard alone.

use super::tab::{Eyes, Key, Tab};
use super::village::Village;
use crate::command::Sandbox;

/// What is tapped and filled in, in a language.
struct Words {
    language: &'static str,
    people: &'static str,
    time: &'static str,
    yesterday: &'static str,
    send: &'static str,
    noted: &'static str,
    yes: &'static str,
    thanks: &'static str,
}

const FRENCH: Words = Words {
    language: "fr",
    people: "Personnes",
    time: "Temps chacune",
    yesterday: "Hier",
    send: "Envoyer",
    noted: "C’est noté",
    yes: "Oui",
    thanks: "Merci, c’est confirmé",
};

const ENGLISH: Words = Words {
    language: "en",
    people: "People",
    time: "Time each",
    yesterday: "Yesterday",
    send: "Send",
    noted: "Noted.",
    yes: "Yes",
    thanks: "Thank you, it is confirmed",
};

const EYES: [Eyes; 4] = [
    Eyes::PHONE,
    Eyes::DESK,
    Eyes { without_script: true, ..Eyes::PHONE },
    Eyes { without_script: true, in_the_dark: true, ..Eyes::DESK },
];

/// For each of those who look on: 30 h in all, and each a different time.
const TIMES: [&str; 8] = ["2h30", "2h45", "3h15", "3h45", "4h", "4h15", "4h30", "5h"];

/// "4 personnes, 2 h 30, comptabilité, pour le Judo-club, hier."
fn note(tab: &mut Tab, words: &Words, time: &str) {
    tab.tap("Judo-club de Vitré");
    tab.write(words.people, "4");
    tab.write(words.time, time);
    tab.tap(words.yesterday);
    tab.tap("Comptabilité");
    tab.follow(words.send);
}

#[test]
fn a_stranger_notes_help_in_six_taps_and_the_other_side_says_yes() {
    let village = Village::on(Sandbox::sqlite());
    let mut given = 0;
    for words in [FRENCH, ENGLISH] {
        for eyes in EYES {
            // Another duration each time, since what looks like a repeat is asked about.
            let time = TIMES[given];
            given += 1;
            let eyes = eyes.reading(words.language);
            let mut alice = village.tab("Alice", eyes);
            alice.open(&format!("/a/{}/note", village.chorale));
            note(&mut alice, &words, time);
            let effort = alice.effort;
            println!(
                "{eyes:?}: {} taps and fields, {} keys, {} tenths of a second",
                effort.taps,
                effort.keys,
                effort.tenths_of_seconds()
            );
            assert!(effort.taps <= 6 && effort.tenths_of_seconds() < 200, "{effort:?}");
            alice.reads(words.noted);

            let mut bruno = village.tab("Bruno", eyes);
            bruno.open("/");
            bruno.follow(words.yes);
            bruno.reads(words.thanks);
            bruno.close();
            alice.close();
        }
    }
    assert_eq!(village.served.balance(&village.judo), -village.served.balance(&village.chorale));
    assert_eq!(village.served.balance(&village.chorale), 4 * 1_800);
    village.served.assert_sound();
}

#[test]
fn help_is_noted_and_answered_with_the_keyboard_alone() {
    let village = Village::on(Sandbox::sqlite());
    for (eyes, time) in [(Eyes::DESK, "2h30"), (Eyes::DESK.without_script(), "3h")] {
        let mut alice = village.tab("Alice", eyes);
        alice.open(&format!("/a/{}/note", village.chorale));
        alice.walk_to("Judo-club de Vitré");
        alice.press(Key::Space);
        for (field, text) in [("Personnes", "4"), ("Temps chacune", time)] {
            alice.walk_to(field);
            alice.clear();
            alice.type_in(text);
        }
        alice.walk_to("Hier");
        alice.walk_to("Comptabilité");
        alice.press(Key::Space);
        alice.walk_to("Envoyer");
        alice.press_and_follow(Key::Enter);
        alice.reads("C’est noté");
        alice.close();

        let mut bruno = village.tab("Bruno", eyes);
        bruno.open("/");
        bruno.walk_to("Oui");
        bruno.press_and_follow(Key::Enter);
        bruno.reads("Merci, c’est confirmé");
        bruno.close();
    }
    assert_eq!(village.served.balance(&village.chorale), 4 * (150 + 180));
}
