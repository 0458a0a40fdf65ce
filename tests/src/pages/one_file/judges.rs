//! The two judges of what a network hands out: the page in its one file, in a real browser, and the command; and whether
//! the one says better of a file than the other.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ledger::clock::{Clock as _, SystemClock};
use ledger::verify::{Conclusion, Report, Trust, Verdict, verify};
use serde_json::{Value, json};

use crate::pages::tab::{Eyes, Tab};

/// A file that somebody gives.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Whether they say that they have it from the network itself.
    pub(super) is_trusted: bool,
}

impl Given {
    pub(super) fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        Self { name: name.to_owned(), bytes: bytes.as_ref().to_vec(), is_trusted: false }
    }

    pub(super) fn trusted(self) -> Self {
        Self { is_trusted: true, ..self }
    }
}

/// What a judge says of a file, and what does not hold or was not judged.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) verdict: String,
    pub(super) headline: String,
    failing: Vec<String>,
    holding: BTreeSet<String>,
    beyond: Vec<String>,
    /// All that was said.
    pub(super) words: String,
}

/// The page as a file, opened without a network; its service is nowhere.
pub(super) fn opened(page: &Path, eyes: Eyes) -> Tab {
    let mut tab = Tab::of_file("the_page_in_one_file", eyes);
    tab.tell_cut_off(true);
    tab.open(page.to_str().unwrap());
    tab
}

/// The files as the page takes them.
fn in_page(files: &[Given]) -> String {
    let files = files
        .iter()
        .map(|it| json!({ "name": it.name, "base64": BASE64.encode(&it.bytes), "isTrusted": it.is_trusted }));
    let given: Value = files.collect();
    format!("{given}.map((it) => ({{ ...it, bytes: Uint8Array.from(atob(it.base64), (one) => one.charCodeAt(0)) }}))")
}

/// How long the page takes to judge them.
pub(super) fn time_of_page(tab: &Tab, files: &[Given]) -> Duration {
    let files = in_page(files);
    let took = tab.eval(&format!(
        "(async () => {{
            const files = {files}, begun = performance.now();
            await verifier.check(files);
            return performance.now() - begun;
        }})()"
    ));
    Duration::from_secs_f64(took.as_f64().expect("The page tells how long it took.") / 1000.0)
}

/// What the page says of files that are given together.
pub(super) fn page_says(tab: &Tab, files: &[Given]) -> Vec<Said> {
    page_says_at(tab, files, "Date.now()")
}

/// The same at another instant, in milliseconds since 1970.
pub(super) fn page_says_at(tab: &Tab, files: &[Given], now: &str) -> Vec<Said> {
    let reports = tab.eval(&format!("verifier.check({}, {now})", in_page(files)));
    reports.as_array().expect("The page tells what it found.").iter().map(said_by_page).collect()
}

fn said_by_page(report: &Value) -> Said {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = checks_of(report);
    let failing = checks.iter().filter(|check| check["verdict"] == "fails").map(|check| text(&check["check"]));
    let holding = checks.iter().filter(|check| check["verdict"] == "holds").map(|check| text(&check["check"]));
    let words = checks
        .iter()
        .map(|check| format!("  {} {}: {}\n", text(&check["verdict"]), text(&check["check"]), text(&check["en"])));
    Said {
        verdict: text(&report["verdict"]),
        headline: text(&report["headline"]),
        failing: failing.collect(),
        holding: holding.collect(),
        beyond: report["beyond"].as_array().unwrap().iter().map(text).collect(),
        words: words.collect(),
    }
}

fn checks_of(report: &Value) -> Vec<Value> {
    let own = report["checks"].as_array().cloned().unwrap_or_default();
    let parts = report["parts"].as_array().cloned().unwrap_or_default();
    own.into_iter().chain(parts.iter().flat_map(checks_of)).collect()
}

/// What the command says of them: the same judge, without a process of its own for each case. `None` where it cannot
/// run, because what is to be trusted cannot be read.
pub(super) fn command_says(files: &[Given]) -> Option<Vec<Said>> {
    let mut trust = Trust::default();
    for file in files {
        if file.is_trusted {
            trust.add(std::str::from_utf8(&file.bytes).ok()?)?;
        }
        trust.with_other(file.bytes.clone());
    }
    trust.follow_successors();
    let now = SystemClock.now();
    Some(files.iter().map(|file| said_by_command(&verify(&file.bytes, &trust, now))).collect())
}

fn said_by_command(report: &Report) -> Said {
    let mut said = Said {
        verdict: report.conclusion().as_str().to_owned(),
        headline: report.headline().map(|headline| headline.as_str().to_owned()).unwrap_or_default(),
        failing: Vec::new(),
        holding: BTreeSet::new(),
        beyond: Vec::new(),
        words: String::new(),
    };
    let mut todo = vec![report];
    while let Some(report) = todo.pop() {
        for check in &report.checks {
            match check.verdict {
                Verdict::Fails => said.failing.push(check.name.to_owned()),
                Verdict::Holds => drop(said.holding.insert(check.name.to_owned())),
                Verdict::Unknown => {}
            }
            let told = check.in_words(ledger::Language::English);
            said.words.push_str(&format!("  {:?} {}: {told}\n", check.verdict, check.name));
        }
        todo.extend(&report.parts);
    }
    assert_eq!(said.verdict == Conclusion::Fails.as_str(), !said.failing.is_empty());
    said
}

/// How what the page says relates to what the command says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    Same,
    /// It says less: that it cannot judge, or does not know the signer.
    Less,
    /// It says that something is wrong which is not.
    FalseAlarm,
    Better,
}

/// What a command may find wrong in what the page said that it does not judge.
fn may_fail(beyond: &str) -> &'static [&'static str] {
    match beyond {
        "second signature" => &["signature", "entangled"],
        "act" => &["form", "signature"],
        _ => &[],
    }
}

pub(super) fn relation(page: &Said, command: &Said) -> Relation {
    let is_beyond = |name: &String| page.beyond.iter().any(|beyond| may_fail(beyond).contains(&name.as_str()));
    // Nothing holds on the page that does not hold to the command.
    if page.verdict != "fails" && !page.holding.is_subset(&command.holding) {
        return Relation::Better;
    }
    match (page.verdict.as_str(), command.verdict.as_str()) {
        (one, other) if one == other => Relation::Same,
        ("unjudged", _) | ("stranger", "trusted") => Relation::Less,
        ("trusted" | "stranger", "fails") if command.failing.iter().all(is_beyond) => Relation::Less,
        ("fails", _) => Relation::FalseAlarm,
        _ => Relation::Better,
    }
}

/// Both at once, shown where they differ.
pub(super) fn shown(page: &Said, command: &Said) -> String {
    format!(
        "page: {} {:?} not judged: {:?}, failing: {:?}\n{}command: {} {:?} failing: {:?}\n{}",
        page.verdict,
        page.headline,
        page.beyond,
        page.failing,
        page.words,
        command.verdict,
        command.headline,
        command.failing,
        command.words
    )
}
