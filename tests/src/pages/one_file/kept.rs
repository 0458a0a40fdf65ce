//! The forgeries that are kept as files, before the page; and the sample year's, which are kept with them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::forged::{self, Case};
use super::issued::Issued;
use super::judges::{Given, Relation, command_says, opened, page_says, relation, shown};
use super::spoilt;
use crate::forgeries::{folder, kept};
use crate::pages::tab::Eyes;

#[test]
fn the_page_says_no_better_of_kept_forgeries() {
    let tab = opened(&super::written(&Issued::founded()), Eyes::DESK);
    let mut wrong = Vec::new();
    for forgery in &kept() {
        let given = |name: &str| Given::new(name, fs::read(forgery.folder.join(name)).unwrap());
        let mut files = vec![given(forgery.says("given"))];
        files.extend(forgery.several("beside").into_iter().map(given));
        // The page takes keys from files alone.
        let trusted = forgery.several("trusted").into_iter().filter(|name| forgery.folder.join(name).exists());
        files.extend(trusted.map(|name| given(name).trusted()));
        let (page, command) = (page_says(&tab, &files), command_says(&files).unwrap());
        if relation(&page[0], &command[0]) > Relation::Less {
            wrong.push(format!("{}\n{}", forgery.says("what"), shown(&page[0], &command[0])));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    tab.close();
}

/// Writes those of the cases here that no chance had a hand in. What is there already stays.
#[test]
#[ignore = "it writes `tests/forgeries`"]
fn forgeries_of_the_sample_year_are_kept_as_files() {
    let issued = Issued::sample_year();
    for case in [forged::named(&issued), spoilt::named(&issued)].concat() {
        if is_as_issued(&issued, &case.files[0]) {
            continue;
        }
        let told = folder().join(called(&case.what));
        if !told.exists() {
            fs::create_dir_all(&told).unwrap();
            keep(&issued, &case, &told);
        }
    }
}

/// Whether a document was changed into what it was: two statements of one second have the same date.
fn is_as_issued(issued: &Issued, file: &Given) -> bool {
    let documents = [issued.statements(), issued.named("passport", "badge", ".json")].concat();
    let changed: Option<Value> = serde_json::from_slice(&file.bytes).ok();
    let is_same = |name: &String| *name != file.name && changed.as_ref() == Some(&issued.json(name));
    documents.iter().any(is_same)
}

fn called(what: &str) -> String {
    let letters = what.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' });
    let words: String = letters.collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(90).collect()
}

fn keep(issued: &Issued, case: &Case, told: &Path) {
    let said = command_says(&case.files).unwrap().remove(0);
    let first = |verdict| said.words.lines().find_map(|line| line.trim().strip_prefix(verdict)?.split_once(": "));
    let sentence = first("Fails ").or_else(|| first("Unknown "));
    let name = |file: &Given| {
        let own = issued.sandbox.path(&file.name);
        if fs::read(own).is_ok_and(|bytes| bytes == file.bytes) {
            let shared = file.name.replace('/', "-");
            fs::create_dir_all(folder().join("issued")).unwrap();
            fs::write(folder().join("issued").join(&shared), &file.bytes).unwrap();
            return format!("../issued/{shared}");
        }
        fs::write(told.join(&file.name), &file.bytes).unwrap();
        file.name.clone()
    };
    let names = |is_trusted: bool| {
        let rest = case.files.iter().skip(1).filter(|file| file.is_trusted == is_trusted);
        rest.map(name).collect::<Vec<_>>()
    };
    let written = json!({
        "what": case.what,
        "given": name(&case.files[0]),
        "trusted": names(true),
        "beside": names(false),
        "remembered": null,
        "verdict": said.verdict,
        "sentence": sentence.map(|(_, sentence)| sentence).unwrap_or_default(),
    });
    fs::write(told.join("case.json"), format!("{written:#}\n")).unwrap();
}
