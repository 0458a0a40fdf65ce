//! Every sentence is there in both languages, told with the same things, and asked for somewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::{ENGLISH, FRENCH};

/// What a letter's writer asks for with a word put together.
const TOLD: [&str; 14] = [
    "noted-for-you",
    "held",
    "confirmed-by-mandate",
    "confirmed",
    "confirmed-by-network",
    "contested",
    "withdrawn",
    "dismissed",
    "settled",
    "released",
    "kept",
    "kept-by-network",
    "reversed",
    "reversed-by-network",
];

#[test]
fn both_languages_say_the_same_things() {
    assert_eq!(messages(FRENCH), messages(ENGLISH));
}

#[test]
fn what_is_asked_for_is_there_and_what_is_there_is_asked_for() {
    let code = concat!(
        include_str!("../letters.rs"),
        include_str!("../digest.rs"),
        include_str!("../gathering.rs"),
        include_str!("../role.rs"),
        include_str!("../sentences.rs")
    );
    let mut asked: BTreeSet<String> = code
        .split('"')
        .filter(|text| text.starts_with("mail-") && !text.contains(['{', ' ']))
        .map(str::to_owned)
        .collect();
    for key in TOLD {
        assert!(code.contains(&format!("\"{key}\"")), "{key}");
        asked.extend([format!("mail-{key}"), format!("mail-{key}-subject")]);
    }
    assert_eq!(messages(FRENCH).into_keys().collect::<BTreeSet<_>>(), asked);
}

#[test]
fn nothing_says_what_we_do_not_say() {
    for words in
        ["transaction", "débit", "crédit", "utilisateur", "payer", "Erreur", "erreur", "'", " :", " ?", " ;", " !"]
    {
        assert!(!FRENCH.contains(words), "{words}");
    }
}

/// The messages of a language, each with what it is told with.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let mut last = String::new();
    for line in source.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let pattern = match line.split_once(" = ") {
            Some((key, pattern)) if !line.starts_with(' ') => {
                assert!(found.insert(key.to_owned(), BTreeSet::new()).is_none(), "{key} is said twice");
                last = key.to_owned();
                pattern
            }
            _ => line,
        };
        let told = pattern.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next()).map(str::to_owned);
        found.entry(last.clone()).or_default().extend(told);
    }
    found
}
