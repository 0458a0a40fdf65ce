//! The eight sample notebooks, spoilt at random as people and spreadsheets spoil them.
//!
//! Whatever happens to a notebook, each of its lines that carries an amount is read with the right one, or asked about;
//! none vanishes, and nothing that was planted passes for what the ledger says. A seed makes each case again:
//! `COUDEMAIN_TEST_MUTATIONS` says how many to try, `COUDEMAIN_TEST_SEED` where to begin.

mod spoil;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use files::cells::WorkbookReader;
use files::notebook::{File, Hints, Mapping, ReadNotebook, RowMeaning};
use files::remedy::Remedy;
use ledger::Language;
use ledger::name::fold;
use ledger::reconcile::{Accounts, Finding, Options, reconcile};
use ledger::year::Year;

use crate::command::{Sandbox, binary};
use crate::notebooks::Random;
use crate::twins::done;
use spoil::{Doc, Written};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
const YEAR: i32 = 2025;

/// How many cases are tried where nobody says so.
const USUAL: u64 = 1000;

/// A sample notebook and what the ledger says about its association.
struct Base {
    doc: Doc,
    accounts: Accounts,
    own: Vec<String>,
    members: Vec<String>,
}

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn no_spoilt_notebook_is_silently_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let bases = bases();
    let first = number("COUDEMAIN_TEST_SEED", 1);
    let (mut read, mut asked, mut refused) = (0, 0, 0);
    for seed in first..first + number("COUDEMAIN_TEST_MUTATIONS", USUAL) {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let base = &bases[random.below(bases.len())];
        let mut doc = base.doc.clone();
        let spoilt = doc.spoil(&mut random);
        let written = doc.write(&mut random);
        let path = folder.path().join(format!("carnet.{}", written.extension));
        fs::write(&path, &written.bytes).unwrap();
        let label = format!("seed {seed}: {} ({})", spoilt.join(", "), written.extension);
        match opened(base, &path) {
            // A file that is refused as a whole says why, and no hour of it passes for anything.
            Err(_) => refused += written.lines.len(),
            Ok(notebook) => {
                let (one, other) = check(base, &notebook, &written, &label);
                read += one;
                asked += other;
            }
        }
    }
    println!("{read} lines read, {asked} asked about, {refused} in files that were refused");
    assert!(read > 10 * asked, "most of what people bring is read: {read} read, {asked} asked");
}

fn opened(base: &Base, path: &Path) -> Result<ReadNotebook, String> {
    let is_member = |text: &str| base.members.contains(&fold(text));
    let remedies = |_: Remedy, _: Language| "";
    let mappings: [Mapping; 0] = [];
    let hints = Hints {
        year: Some(YEAR),
        own_names: &base.own,
        is_member: &is_member,
        members: &base.members,
        mappings: &mappings,
        sheets: &[],
        language: Language::French,
        remedies,
    };
    let why = |error: files::notebook::NotebookError| error.in_words(Language::French, remedies);
    let workbooks = WorkbookReader { program: binary().to_owned(), word: "read-workbook".into() };
    File::open(path, &workbooks).map_err(why)?.read(&hints).map_err(why)
}

/// How many lines were read, and how many asked about; each of them once.
fn check(base: &Base, notebook: &ReadNotebook, written: &Written, label: &str) -> (usize, usize) {
    let options = Options { days: 7, year: Year(YEAR), aliases: Vec::new() };
    let result = reconcile(&base.accounts, &notebook.notebook, &options);
    let (mut read, mut asked) = (0, 0);
    for (line, number) in &written.lines {
        let rows: Vec<_> = notebook.rows.iter().filter(|row| row.number == *number).collect();
        let [row] = rows.as_slice() else { panic!("{label}: line {number} is there {} times", rows.len()) };
        match &row.meaning {
            RowMeaning::Said(place) => {
                read += 1;
                let said = &notebook.notebook.lines[*place];
                let minutes = said.minutes.get();
                assert_eq!(Some(minutes), line.minutes, "{label}: line {number}, {}", row.text);
                let finding = result.lines[*place].finding;
                assert!(!line.is_planted || finding != Finding::Matched, "{label}: line {number} passes, {}", row.text);
            }
            RowMeaning::Unreadable(_) => asked += 1,
            RowMeaning::Disagrees(why) | RowMeaning::Ignored(why) => {
                panic!("{label}: line {number} vanished ({why}): {}", row.text)
            }
        }
    }
    for number in &written.wrong_totals {
        let row = notebook.rows.iter().find(|row| row.number == *number);
        let is_told =
            row.is_some_and(|row| matches!(row.meaning, RowMeaning::Disagrees(_) | RowMeaning::Unreadable(_)));
        assert!(is_told, "{label}: the wrong total on line {number} passes: {row:?}");
    }
    (read, asked)
}

/// The sample notebooks, each with its association's own lines of the year.
fn bases() -> Vec<Base> {
    let sandbox = Sandbox::sqlite();
    done(&sandbox.run("init 'Entraide du pays'"));
    for kind in ["associations", "exchanges"] {
        let name = format!("{kind}.csv");
        sandbox.write(&name, fs::read(Path::new(SAMPLES).join(&name)).unwrap());
        done(&sandbox.run(&format!("import {kind} {name}")));
    }
    let mut paths: Vec<PathBuf> =
        fs::read_dir(Path::new(SAMPLES).join("notebooks")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 8);
    let names = names(&sandbox);
    let base = |(at, path): (usize, &PathBuf)| {
        let slug = path.file_stem().unwrap().to_string_lossy().into_owned();
        let own = names.iter().find(|name| ledger_slug(name) == slug).unwrap_or_else(|| panic!("{slug} is whose?"));
        let file = format!("lines-{at}.csv");
        let quoted = own.replace('\'', "’");
        done(&sandbox.run(&format!("export lines --association '{quoted}' --year {YEAR} --out {file}")));
        let lines = fs::read_to_string(sandbox.path(&file)).unwrap();
        let (_, accounts) = Accounts::from_lines_file(&lines).unwrap();
        let members = names.iter().filter(|name| *name != own).map(|name| fold(name)).collect();
        let mut base = Base { doc: Doc::of(&fs::read(path).unwrap()), accounts, own: vec![own.clone()], members };
        base.doc.learn(&opened(&base, path).unwrap());
        base
    };
    paths.iter().enumerate().map(base).collect()
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    let text = fs::read_to_string(sandbox.path("associations.csv")).unwrap();
    text.lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .map(|name| name.trim_matches('"').to_owned())
        .collect()
}

/// The name of a sample's file.
fn ledger_slug(name: &str) -> String {
    fold(name).replace(' ', "-")
}
