//! The house is in order: crates use only those below them, no file stands in a circle, and what a table of contents
//! says of the order is true.
//!
//! Read from the manifests, the `use` lines and the paths that code names; tests are left aside.

mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use reading::{Crate, Names};

/// The crates, each with those of the workspace that it may use.
const LAYOUT: [(&str, &[&str]); 9] = [
    ("ledger", &[]),
    ("store", &["ledger"]),
    ("files", &["ledger", "store"]),
    ("print", &["ledger"]),
    ("verifier", &[]),
    ("service", &["ledger", "store", "files"]),
    ("api", &["ledger", "store", "files", "service"]),
    ("pages", &["ledger", "store", "files", "verifier", "service"]),
    ("cli", &["ledger", "store", "files", "print", "verifier", "service", "api", "pages"]),
];

/// What only some crates may use: the domain is pure, SQL has one home, and a terminal is the command's.
const OUTSIDE: [(&str, &[&str]); 6] = [
    ("sqlx", &["store"]),
    ("tokio", &["store", "service", "api", "pages", "cli"]),
    ("axum", &["service", "api", "pages"]),
    ("hyper", &["service"]),
    ("clap", &["cli"]),
    ("typst", &["print"]),
];

#[test]
fn crates_use_only_those_below_them() {
    let mut found = Vec::new();
    for (name, may_use) in LAYOUT {
        for used in dependencies(name) {
            let is_ours = LAYOUT.iter().any(|(other, _)| *other == used);
            if is_ours && !may_use.contains(&used.as_str()) {
                found.push(format!("{name} uses {used}"));
            }
            if OUTSIDE.iter().any(|(other, homes)| *other == used && !homes.contains(&name)) {
                found.push(format!("{name} uses {used}"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_crate_has_its_place() {
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap();
    let members: BTreeSet<_> = members.iter().filter_map(toml::Value::as_str).filter(|name| *name != "tests").collect();
    assert_eq!(members, LAYOUT.iter().map(|(name, _)| *name).collect());
}

#[test]
fn no_file_stands_in_a_circle() {
    let mut found = String::new();
    for (name, _) in LAYOUT {
        let house = Crate::read(&root().join(name));
        for circle in circles(&house) {
            writeln!(found, "{name}: {} files in a circle", circle.len()).unwrap();
            for ((from, to), names) in house.arrows() {
                if circle.contains(&from) && circle.contains(&to) {
                    let names: Vec<_> = names.into_iter().collect();
                    writeln!(found, "  {} -> {}: {}", shown(&from), shown(&to), names.join(", ")).unwrap();
                }
            }
        }
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn tables_of_contents_are_in_a_true_order() {
    let mut found = String::new();
    for (name, _) in LAYOUT {
        let house = Crate::read(&root().join(name));
        let mut broken: BTreeMap<(Names, String, String), String> = BTreeMap::new();
        for ((from, to), names) in house.arrows() {
            // The first module in which the two paths part has them both in its table.
            let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
            let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) else { continue };
            let parent = &house.rooms[&from[..shared]];
            let place = |name: &String| parent.modules.iter().position(|module| module == name);
            if place(one) < place(other) {
                let key = (from[..shared].to_vec(), one.clone(), other.clone());
                let names: Vec<_> = names.into_iter().collect();
                broken.entry(key).or_insert_with(|| names.join(", "));
            }
        }
        for ((parent, one, other), names) in broken {
            let file = house.rooms[&parent].file.strip_prefix(root()).unwrap().display().to_string();
            writeln!(found, "{file}: {one} stands before {other}, of which it uses {names}").unwrap();
        }
    }
    assert!(found.is_empty(), "{found}");
}

/// The groups of files that import each other, directly or by way of others.
fn circles(house: &Crate) -> Vec<BTreeSet<Names>> {
    let mut reached: BTreeMap<Names, BTreeSet<Names>> = BTreeMap::new();
    for (from, to) in house.arrows().into_keys() {
        reached.entry(from).or_default().insert(to);
    }
    let direct = reached.clone();
    for seen in reached.values_mut() {
        let mut todo: Vec<Names> = seen.iter().cloned().collect();
        while let Some(next) = todo.pop() {
            for further in direct.get(&next).into_iter().flatten() {
                if seen.insert(further.clone()) {
                    todo.push(further.clone());
                }
            }
        }
    }
    let mut circles: Vec<BTreeSet<Names>> = Vec::new();
    for (room, seen) in &reached {
        if seen.contains(room) && !circles.iter().any(|circle| circle.contains(room)) {
            let back = seen.iter().filter(|other| reached.get(*other).is_some_and(|seen| seen.contains(room)));
            circles.push(back.cloned().collect());
        }
    }
    circles
}

fn dependencies(name: &str) -> Vec<String> {
    let manifest: toml::Table = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap().parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().cloned().collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn shown(module: &[String]) -> String {
    if module.is_empty() { "the root".to_owned() } else { module.join("/") }
}
