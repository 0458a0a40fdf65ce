//! The same network on both databases: what a command shows must not tell which one it runs on.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Run, Sandbox};

/// A sandbox on each database, in which the same things happen.
pub(crate) struct Twins {
    pub(crate) sqlite: Sandbox,
    pub(crate) postgres: Sandbox,
}

impl Twins {
    /// Two empty databases.
    pub(crate) fn new() -> Self {
        Self { sqlite: Sandbox::sqlite(), postgres: Sandbox::postgres() }
    }

    /// Two networks of four associations and two skills.
    pub(crate) fn village() -> Self {
        let twins = Self::new();
        for sandbox in twins.each() {
            done(&sandbox.run("init 'Entraide du pays'"));
            twins.write(
                "associations.csv",
                "name,siren\nChorale de Janzé,\nFanfare de Retiers,\nAtelier vélo de Vitré,\nAmis du vélo,116979006\n",
            );
            done(&sandbox.run("import associations associations.csv"));
            twins.write(
                "begin.csv",
                "reference,date,giver,receiver,duration,skill\n\
                 A-1,2024-03-01,Chorale de Janzé,Fanfare de Retiers,2h,Comptabilité\n\
                 A-2,2024-03-02,Fanfare de Retiers,Atelier vélo de Vitré,1h,Jardinage\n",
            );
            done(&sandbox.run("import exchanges begin.csv"));
        }
        twins
    }

    pub(crate) fn each(&self) -> [&Sandbox; 2] {
        [&self.sqlite, &self.postgres]
    }

    /// Puts a file into both folders.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        for sandbox in self.each() {
            sandbox.write(name, contents.as_ref());
        }
    }

    /// Puts a file of the sample year into both folders.
    pub(crate) fn write_sample(&self, name: &str) {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/samples")).join(name);
        self.write(name, fs::read(path).expect("The sample year is in the repository."));
    }

    /// What a command shows, which is the same on both databases.
    pub(crate) fn run(&self, line: &str) -> String {
        let [sqlite, postgres] = self.each().map(|sandbox| plain(&sandbox.run(line)));
        assert_eq!(sqlite, postgres, "The first ran on SQLite, the second on PostgreSQL.");
        sqlite
    }

    /// The first lines of what a command shows, the command's own among them.
    pub(crate) fn first_lines(&self, line: &str, lines: usize) -> String {
        let screen = self.run(line);
        let first: Vec<_> = screen.lines().take(lines).collect();
        first.join("\n")
    }

    /// The file of that name, which is the same in both folders.
    pub(crate) fn read(&self, name: &str) -> String {
        let [sqlite, postgres] = self.each().map(|sandbox| read(sandbox, name));
        assert_eq!(sqlite, postgres, "The first was written on SQLite, the second on PostgreSQL.");
        sqlite
    }

    /// What a command prints as JSON, which is the same on both databases.
    pub(crate) fn json(&self, line: &str) -> Value {
        let [sqlite, postgres] = self.each().map(|sandbox| json(sandbox, line));
        assert_eq!(sqlite, postgres);
        sqlite
    }

    /// How many exchanges both have, after an audit that finds nothing wrong.
    pub(crate) fn audited_exchanges(&self) -> u64 {
        let [sqlite, postgres] = self.each().map(audited_exchanges);
        assert_eq!(sqlite, postgres);
        sqlite
    }
}

/// What a command shows, on any day: references that the ledger gave (a year and six digits) begin with `AAAA` in
/// place of the year. Spaces are plain, as nobody sees in a test which ones are not.
pub(crate) fn plain(run: &Run) -> String {
    let screen = run.to_string().replace(['\u{a0}', '\u{202f}'], " ");
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut parts = screen.split('-');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let year = shown.len().saturating_sub(4);
        if digits(part) == 6 && shown.get(year..).is_some_and(|year| digits(year) == 4) {
            shown.replace_range(year.., "AAAA");
        }
        shown.push('-');
        shown.push_str(part);
    }
    shown
}

/// A file of the sandbox, as text with plain line ends.
pub(crate) fn read(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path(name)).expect("The command wrote the file.").replace("\r\n", "\n")
}

/// What a command prints as JSON.
pub(crate) fn json(sandbox: &Sandbox, line: &str) -> Value {
    let run = sandbox.run(line);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error} in {run}"))
}

/// How many exchanges there are, after an audit that finds nothing wrong.
pub(crate) fn audited_exchanges(sandbox: &Sandbox) -> u64 {
    let run = sandbox.run("audit --format json");
    assert_eq!(run.code, Some(0), "{run}");
    let audit: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error} in {run}"));
    assert_eq!(audit["ok"], true, "{run}");
    audit["exchanges"].as_u64().expect("The audit counts exchanges.")
}

/// Holds that a run ended so, and said that.
pub(crate) fn says(run: &Run, code: i32, sentence: &str) {
    let screen = run.to_string();
    assert!(screen.contains(sentence), "{screen}\nshould say:\n{sentence}");
    assert_eq!(run.code, Some(code), "{screen}");
}

/// Asserts that a command succeeded.
pub(crate) fn done(run: &Run) {
    assert_eq!(run.code, Some(0), "{run}");
}
