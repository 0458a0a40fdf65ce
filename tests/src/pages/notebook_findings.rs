//! The page against the command: both find the same in the sample notebooks, to the line.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::browser::Browser;
use super::notebook::{lay, timed};
use crate::api::served::{Served, eventually, token};
use crate::command::Sandbox;
use crate::twins::done;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

/// What each of a page's cards and lines says: its place in the notebook, what it is, and of which exchange.
fn found_on(html: &str) -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    for piece in html.split("id=\"c-").skip(1) {
        let (name, rest) = piece.split_once('"').unwrap();
        let finding = rest.split("data-finding=\"").nth(1).unwrap().split('"').next().unwrap();
        let until = rest.find("</article>").or_else(|| rest.find("</li>")).unwrap_or(rest.len());
        let link = rest[..until].split("/exchanges/").nth(1).and_then(|link| link.split('>').nth(1));
        let reference = link.and_then(|text| text.split('<').next()).unwrap_or_default();
        let reference = reference.rsplit([' ', '\u{a0}']).next().unwrap_or_default();
        found.insert((name.to_owned(), finding.to_owned(), reference.to_owned()));
    }
    found
}

/// All that the page tells of a notebook, its lists leafed through to their ends.
fn leafed_through(browser: &mut Browser, association: &str) -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    for (list, most) in [("from", 50), ("waiting", 50), ("ours", 50), ("agreed", 100)] {
        for part in 0.. {
            let address = format!("/a/{association}/notebook/result?{list}={}", part * most);
            browser.open(&address).expect(200);
            let before = found.len();
            found.extend(found_on(&browser.reply.text));
            if part > 0 && found.len() == before {
                break;
            }
        }
    }
    found
}

/// What the command tells of it, the same way.
fn told(report: &Value) -> BTreeSet<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = report["lines"].as_array().unwrap().iter().enumerate();
    let lines = lines.filter(|(_, line)| line["finding"] != "ignored");
    lines.map(|(at, line)| (format!("l{at}"), text(&line["finding"]), text(&line["reference"]))).collect()
}

/// The sample year, served, with somebody who speaks for all whose notebooks there are.
struct Year {
    served: Served,
    cookie: String,
    notebooks: Vec<(PathBuf, String, String)>,
}

impl Year {
    fn served() -> Self {
        let served = Served::fresh(Sandbox::sqlite());
        for kind in ["associations", "exchanges"] {
            let name = format!("{kind}.csv");
            served.sandbox.write(&name, fs::read(Path::new(SAMPLES).join(&name)).unwrap());
            done(&served.sandbox.run(&format!("import {kind} {name}")));
        }
        let mut paths: Vec<PathBuf> =
            fs::read_dir(Path::new(SAMPLES).join("notebooks")).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert_eq!(paths.len(), 8);
        let mut members: Vec<(String, String)> = Vec::new();
        eventually("the members are read", || {
            let all = served.get(&served.operator, "/v1/associations?limit=200").expect(200).json();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            members = all["items"].as_array().unwrap().iter().map(|it| (text(&it["name"]), text(&it["id"]))).collect();
            members.len() > 30
        });
        let person = served.enrolled("Tina", None);
        let mut notebooks = Vec::new();
        for path in paths {
            let slug = path.file_stem().unwrap().to_string_lossy().into_owned();
            let is_its = |(name, _): &&(String, String)| ledger::name::fold(name).replace(' ', "-") == slug;
            let (name, id) = members.iter().find(is_its).unwrap_or_else(|| panic!("{slug} is whose?")).clone();
            let membership = format!("/v1/persons/{person}/memberships");
            served.post(&served.operator, &membership, &json!({ "association": id })).expect(200);
            served.give_role(&person, "delegate", Some(&id));
            notebooks.push((path, name, id));
        }
        let cookie = format!("coudemain={}", token(&served.sandbox, "--as Tina"));
        Self { served, cookie, notebooks }
    }
}

#[test]
fn the_page_finds_what_the_command_finds() {
    let year = Year::served();
    let mut browser = Browser::before(&year.served.address, "fr");
    browser.bring(&year.cookie);
    for (path, association, id) in &year.notebooks {
        let bytes = fs::read(path).unwrap();
        year.served.sandbox.write("carnet.csv", &bytes);
        let name = association.replace('\'', "’");
        let run = format!("reconcile carnet.csv --association '{name}' --year 2025 --format json");
        let run = year.served.sandbox.run(&run);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let taken = timed(|| lay(&mut browser, id, "carnet.csv", bytes));
        println!("{association}: {taken:?}");
        browser.expect(200);
        let (absent, lines): (BTreeSet<_>, BTreeSet<_>) =
            leafed_through(&mut browser, id).into_iter().partition(|(name, ..)| name.starts_with('x'));
        assert_eq!(lines, told(&report), "{association}");
        let absent: BTreeSet<_> = absent.into_iter().map(|(_, _, reference)| reference).collect();
        let missing = report["missing_in_file"].as_array().unwrap().iter();
        let missing: BTreeSet<_> = missing.map(|reference| reference.as_str().unwrap().to_owned()).collect();
        assert_eq!(absent, missing, "{association}");
        let counted = format!("{} ligne", report["totals"]["matched"]);
        browser.open(&format!("/a/{id}/notebook/result")).reads(&counted);
    }
}
