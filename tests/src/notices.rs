//! What others wrote and the program carries bears their notices with it: `coudemain licences` shows them.
//!
//! The file is made from the sources of the packages that `Cargo.lock` names, and has to be made anew when they change:
//! `COUDEMAIN_WRITE_NOTICES=1 cargo test --workspace --locked notices`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::command::coudemain;
use crate::licences::metadata;

/// Where licences are not looked for: what stands there is not carried.
const LEFT_OUT: [&str; 6] = ["benches", "examples", "fuzz", "sqlcipher", "target", "tests"];

/// Which files may bear one.
const NAMES: [&str; 6] = ["COPYING", "COPYRIGHT", "LICENCE", "LICENSE", "NOTICE", "UNLICENSE"];

#[test]
fn the_program_carries_the_notices_of_all_that_it_is_made_of() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/third-parties.txt");
    let notices = notices();
    if std::env::var_os("COUDEMAIN_WRITE_NOTICES").is_some() {
        fs::write(&path, &notices).unwrap();
    }
    let carried = fs::read_to_string(&path).unwrap();
    let differs = carried.lines().zip(notices.lines()).find(|(carried, made)| carried != made);
    assert!(carried == notices, "the notices are not those of Cargo.lock; the first lines that differ: {differs:?}");
    let run = coudemain(&["licences"]).run();
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("EUPL-1.2"));
    assert!(run.stdout.ends_with(&notices));
}

/// The packages with their licences, then the texts, each once.
fn notices() -> String {
    let mut list = String::new();
    let mut texts: BTreeMap<String, usize> = BTreeMap::new();
    let mut below = String::new();
    for package in carried() {
        let [name, version, licence] =
            ["name", "version", "license"].map(|key| package[key].as_str().unwrap_or("none named"));
        let mut numbers = BTreeSet::new();
        for text in texts_of(&package) {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let next = texts.len() + 1;
            let number = *texts.entry(words).or_insert_with(|| {
                write!(below, "\n---- {next} ----\n\n{text}\n").unwrap();
                next
            });
            numbers.insert(number);
        }
        let numbers: Vec<_> = numbers.iter().map(usize::to_string).collect();
        let place = package["repository"].as_str().unwrap_or_default();
        writeln!(list, "{name} {version}: {licence} [{}] {place}", numbers.join(", ")).unwrap();
    }
    format!(
        "What others wrote and this program carries: each package with its licence, and the numbers of the notices that \
         come with it.\nWhere a choice of licences includes MIT, it is taken under MIT. A package without a number comes \
         without a text of its own.\n\n{list}{below}"
    )
}

/// The packages that are built into the command, on any machine.
fn carried() -> Vec<Value> {
    let metadata = metadata();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|package| (id(&package["id"]), package)).collect();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (id(&node["id"]), node)).collect();
    let is_command = |package: &Value| package["source"].is_null() && package["name"] == "cli";
    let mut todo: Vec<String> =
        packages.iter().filter(|(_, package)| is_command(package)).map(|(id, _)| id.clone()).collect();
    let mut found = BTreeSet::new();
    while let Some(next) = todo.pop() {
        if found.insert(next.clone()) {
            let is_built_in = |used: &Value| list(&used["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let used = list(&nodes[&next]["deps"]);
            todo.extend(used.iter().filter(|used| is_built_in(used)).map(|used| id(&used["pkg"])));
        }
    }
    let mut carried: Vec<Value> = found.iter().map(|id| packages[id].clone()).collect();
    carried.retain(|package| !package["source"].is_null());
    carried.push(in_the_verifier());
    carried.sort_by_key(|package| (id(&package["name"]), id(&package["version"])));
    carried
}

/// What the page in one file has from others, in the form of a package.
fn in_the_verifier() -> Value {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verifier/vendor/noble-ed25519/index.js");
    serde_json::json!({
        "id": "@noble/ed25519", "name": "@noble/ed25519", "version": "2.1.0", "license": "MIT",
        "repository": "https://github.com/paulmillr/noble-ed25519", "manifest_path": manifest,
    })
}

/// The texts that a package brings along, those of licences that are not taken aside.
fn texts_of(package: &Value) -> Vec<String> {
    let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
    let mut files = Vec::new();
    look(folder, 0, &mut files);
    files.sort();
    let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
    let licence = package["license"].as_str().unwrap_or_default();
    let is_mit = |asked: &spdx::LicenseReq| asked.license.id().is_some_and(|id| id.name == "MIT");
    let is_under_mit = Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|it| it.evaluate(is_mit));
    if is_under_mit && files.iter().any(|file| name(file).contains("MIT")) {
        let is_another = |file: &Path| ["APACHE", "GPL", "UNLICENSE", "ZLIB"].iter().any(|it| name(file).contains(it));
        files.retain(|file| !is_another(file));
    }
    let read = |file: PathBuf| {
        let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_matches('\n').to_owned()
    };
    files.into_iter().map(read).collect()
}

fn look(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if depth < 4 && !LEFT_OUT.contains(&name.as_str()) {
                look(&path, depth + 1, files);
            }
            continue;
        }
        let is_code = [".rs", ".py", ".json", ".toml", ".h", ".c"].iter().any(|end| name.ends_with(end));
        if !is_code && NAMES.iter().any(|begin| name.to_uppercase().starts_with(begin)) {
            files.push(path);
        }
    }
}
