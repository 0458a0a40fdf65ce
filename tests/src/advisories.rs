//! Warnings about what the program is made of (`advisories.toml`): each was looked at, and `Cargo.lock` is as it was
//! when it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

#[test]
fn every_warning_that_is_known_was_looked_at() {
    let lock = read("Cargo.lock");
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in tables(&lock, "package") {
        versions.entry(text(package, "name")).or_default().push(text(package, "version"));
    }
    let listed = read("advisories.toml");
    let mut found = Vec::new();
    for advisory in tables(&listed, "advisory") {
        let [id, krate] = ["id", "crate"].map(|key| text(advisory, key));
        let mended = advisory.get("mended_in").and_then(Value::as_str);
        let is_concerned = |version: &&str| mended.is_none_or(|mended| numbers(version) < numbers(mended));
        let concerned: Vec<_> = versions.get(krate).into_iter().flatten().copied().filter(is_concerned).collect();
        if concerned != words(advisory, "kept") {
            found.push(format!("{id}: {krate} {concerned:?} is in Cargo.lock"));
        }
        for version in concerned {
            let users = users(&lock, krate, version, versions[krate].len());
            if users != words(advisory, "used_by") {
                found.push(format!("{id}: {krate} {version} is used by {users:?}"));
            }
        }
        assert!(text(advisory, "why").len() > 40, "{id}");
    }
    assert_eq!(found, Vec::<String>::new(), "look at these again: advisories.toml says how");
}

#[test]
fn versions_are_compared_by_their_numbers() {
    assert!(numbers("0.38.4") < numbers("0.41.0"));
    assert!(numbers("0.41.0") < numbers("0.100.0"));
    assert!(numbers("1.0.0-rc.1") < numbers("1.0.1"));
}

/// The packages that name this one, in order.
fn users<'a>(lock: &'a Table, krate: &str, version: &str, versions: usize) -> Vec<&'a str> {
    // Cargo writes the version where there are several.
    let wanted = if versions > 1 { format!("{krate} {version}") } else { krate.to_owned() };
    let uses = |package: &&Table| words(package, "dependencies").contains(&wanted.as_str());
    tables(lock, "package").filter(uses).map(|package| text(package, "name")).collect()
}

fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|number| number.parse().unwrap()).collect()
}

fn read(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn tables<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a Table> {
    table[name].as_array().unwrap().iter().map(|it| it.as_table().unwrap())
}

fn text<'a>(table: &'a Table, name: &str) -> &'a str {
    table[name].as_str().unwrap()
}

fn words<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    let list = table.get(name).and_then(Value::as_array);
    list.into_iter().flatten().map(|word| word.as_str().unwrap()).collect()
}
