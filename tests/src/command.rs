//! Running the real `coudemain` command, as a person at a terminal would.
//!
//! A [`Run`] shows on one screen what was typed, what came out and how it
//! ended, so that a snapshot of it can be read without the test:
//!
//! ```text
//! $ coudemain balance --at 2026-12-31
//! (standard output)
//! ! (standard error)
//! => exit 0
//! ```

use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{Seek as _, Write as _};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::{env, iter};

use tempfile::TempDir;

use crate::postgres;

/// Names a command to run instead of one that is built.
const VARIABLE: &str = "COUDEMAIN_TEST_COMMAND";

/// A sandbox on each database, for the tests that hold on both; on tables cut up there is only PostgreSQL to try.
pub(crate) fn both() -> Vec<Sandbox> {
    if postgres::is_cut_up() { vec![Sandbox::postgres()] } else { vec![Sandbox::sqlite(), Sandbox::postgres()] }
}

/// An empty folder to work in, and an empty database.
pub(crate) struct Sandbox {
    folder: TempDir,
    /// The URL that the commands find in `COUDEMAIN_DB`.
    pub(crate) database: String,
}

impl Sandbox {
    /// On an SQLite file, not there yet, in the folder.
    pub(crate) fn sqlite() -> Self {
        let folder = folder();
        let database = format!("sqlite://{}", folder.path().join("coudemain.db").display());
        Self { folder, database }
    }

    /// On a new database of the shared PostgreSQL server.
    pub(crate) fn postgres() -> Self {
        Self::on(postgres::server().new_database())
    }

    /// On a database that the test brings along.
    pub(crate) fn on(database: String) -> Self {
        Self { folder: folder(), database }
    }

    /// Another one with the same files and the same database.
    pub(crate) fn copy(&self) -> Self {
        let copy = self.copy_with_empty_database();
        if let Some((from, to)) = self.file().zip(copy.file()) {
            if from.exists() {
                fs::copy(from, to).expect("A database that nobody uses can be copied.");
            }
            return copy;
        }
        Self { database: postgres::server().copy(&self.database), ..copy }
    }

    /// Another one with the same files, and an empty database.
    pub(crate) fn copy_with_empty_database(&self) -> Self {
        let folder = folder();
        let copied = Command::new("cp").arg("-a").arg(self.folder.path().join(".")).arg(folder.path()).status();
        assert!(copied.is_ok_and(|status| status.success()), "The folder can be copied.");
        if self.file().is_none() {
            return Self { folder, database: postgres::server().new_database() };
        }
        let file = folder.path().join("coudemain.db");
        let _ = fs::remove_file(&file);
        Self { database: format!("sqlite://{}", file.display()), folder }
    }

    /// The database's file, where it is one.
    fn file(&self) -> Option<PathBuf> {
        self.database.strip_prefix("sqlite://").map(PathBuf::from)
    }

    /// The path of a file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file into the folder.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, contents).expect("A file in the sandbox can be written.");
        path
    }

    /// Runs what follows the program's name on a command line: words between
    /// spaces, and `'single quotes'` around a word that has spaces itself.
    pub(crate) fn run(&self, line: &str) -> Run {
        self.command(line).run()
    }

    /// Starts a command line, for a test that kills it.
    pub(crate) fn spawn(&self, line: &str) -> Running {
        self.command(line).spawn()
    }

    /// A command line that is not run yet, to say more about it first.
    pub(crate) fn command(&self, line: &str) -> Invocation {
        coudemain(&words(line)).inside(self.folder.path()).db(&self.database)
    }
}

fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("coudemain-test-").tempdir();
    folder.expect("A temporary folder can be made.")
}

/// The command with these arguments, without a database, in an arbitrary folder.
pub(crate) fn coudemain(arguments: &[impl AsRef<str>]) -> Invocation {
    Invocation {
        arguments: arguments.iter().map(|word| word.as_ref().to_owned()).collect(),
        folder: PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
        database: None,
        variables: Vec::new(),
        input: String::new(),
        memory_kilobytes: None,
    }
}

/// How the command is to be run.
pub(crate) struct Invocation {
    arguments: Vec<String>,
    folder: PathBuf,
    database: Option<String>,
    variables: Vec<(String, String)>,
    input: String,
    memory_kilobytes: Option<u64>,
}

impl Invocation {
    /// Names the database in `COUDEMAIN_DB`.
    pub(crate) fn db(self, url: &str) -> Self {
        Self { database: Some(url.to_owned()), ..self }
    }

    /// Sets an environment variable, which is shown before the command.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Types this once the command has started; each line is shown after `< `.
    pub(crate) fn input(self, text: &str) -> Self {
        Self { input: text.to_owned(), ..self }
    }

    /// Gives the command no more memory than so many kilobytes, where the shell can see to that.
    pub(crate) fn within(self, kilobytes: u64) -> Self {
        Self { memory_kilobytes: Some(kilobytes), ..self }
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self) -> Run {
        self.run_onto(Stdio::piped())
    }

    /// Runs the command with its standard output going elsewhere than into the [`Run`].
    pub(crate) fn run_onto(&self, stdout: impl Into<Stdio>) -> Run {
        let output = self.command().stdout(stdout).output().expect("The coudemain command can be run.");
        Run {
            shown: self.shown(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code(),
            placeholders: self.placeholders(),
        }
    }

    /// Starts the command. Both of its outputs are pipes: a test that lets it
    /// write much must read them.
    pub(crate) fn spawn(&self) -> Running {
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().expect("The coudemain command can be started."))
    }

    pub(crate) fn inside(self, folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..self }
    }

    fn command(&self) -> Command {
        let mut command = match self.memory_kilobytes {
            None => Command::new(binary()),
            Some(kilobytes) => {
                let mut command = Command::new("sh");
                command.args(["-c", &format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"")]).arg(binary());
                command
            }
        };
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            // No LANG, so it speaks French; and nothing of the person who runs the tests.
            .env_clear()
            .envs(env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOME", &self.folder)
            .env("NO_COLOR", "1")
            .env("TZ", "UTC")
            .envs(self.database.as_ref().map(|url| ("COUDEMAIN_DB", url)))
            .envs(self.variables.iter().cloned())
            .stdin(file(&self.input));
        command
    }

    /// The command line and what was typed, the way a terminal would show them.
    fn shown(&self) -> String {
        let variables = self.variables.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
        let arguments = self.arguments.iter().map(|word| quoted(word));
        let line: Vec<String> = variables.chain(iter::once("coudemain".to_owned())).chain(arguments).collect();
        let mut shown = format!("$ {}", line.join(" "));
        for typed in self.input.lines() {
            shown.push_str("\n< ");
            shown.push_str(typed);
        }
        shown
    }

    /// What differs from one run of the tests to the next, and what to show in
    /// its place. The database comes first, as its URL may contain the folder.
    fn placeholders(&self) -> Vec<(String, &'static str)> {
        let folder = self.folder.display().to_string();
        let database = self.database.clone().map(|url| (url, "[DB]"));
        database.into_iter().chain([(folder, "[DIR]")]).collect()
    }
}

/// What a command said, and how it ended.
pub(crate) struct Run {
    /// The command line and what was typed.
    pub(crate) shown: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// None if a signal ended it.
    pub(crate) code: Option<i32>,
    placeholders: Vec<(String, &'static str)>,
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut screen = format!("{}\n", self.shown);
        for line in self.stdout.lines() {
            writeln!(screen, "{line}")?;
        }
        for line in self.stderr.lines() {
            writeln!(screen, "! {line}")?;
        }
        for (text, placeholder) in &self.placeholders {
            screen = screen.replace(text, placeholder);
        }
        match self.code {
            Some(code) => write!(formatter, "{screen}=> exit {code}"),
            None => write!(formatter, "{screen}=> killed"),
        }
    }
}

/// A command that has not ended yet. It is killed at the latest when the test
/// ends, so that a test that panics leaves no server behind.
pub(crate) struct Running(Child);

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The words of a command line.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    assert!(!is_quoted, "A quote is not closed in: {line}");
    words.extend(word);
    words
}

/// A word as it has to be typed.
fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(' ') { format!("'{word}'") } else { word.to_owned() }
}

/// A file to read `text` from: unlike a pipe, it cannot fill up or break.
fn file(text: &str) -> File {
    let mut file = tempfile::tempfile().expect("A temporary file can be made.");
    file.write_all(text.as_bytes()).and_then(|()| file.rewind()).expect("It can be written.");
    file
}

/// The program, built once by each process that runs tests. Cargo sets
/// `CARGO_BIN_EXE_…` only for tests in the program's own package.
/// The program itself.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let named = || env::var_os(VARIABLE).map(|path| Ok(PathBuf::from(path)));
    BINARY.get_or_init(|| named().unwrap_or_else(build)).as_deref().unwrap_or_else(|why| panic!("{why}"))
}

fn build() -> Result<PathBuf, String> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Cargo describes this package to us in variables that build scripts watch:
    // handed on, they would have half of the dependencies compiled again.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    // Named with the test, the command is made of what the workspace's tests were already compiled with.
    let run = command
        .args(["build", "--quiet", "--workspace", "--bin", "coudemain", "--test", "system"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("Cargo could not be started: {error}"))?;
    if !run.status.success() {
        let why = String::from_utf8_lossy(&run.stderr);
        return Err(format!("The coudemain command could not be built:\n{why}"));
    }
    String::from_utf8_lossy(&run.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "coudemain")
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
        .ok_or_else(|| "Cargo built the coudemain command but does not say where.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_into_words() {
        assert_eq!(
            words("  import  exchanges 'mes échanges.csv' '' a' 'b "),
            ["import", "exchanges", "mes échanges.csv", "", "a b",]
        );
    }

    #[test]
    fn a_run_shows_on_one_screen() {
        let invocation = coudemain(&["init", "--name", "Les Tilleuls"])
            .inside(Path::new("/tmp/sandbox"))
            .db("sqlite:///tmp/sandbox/coudemain.db")
            .env("LANG", "en_GB.UTF-8")
            .input("oui\nnon\n");
        let run = Run {
            shown: invocation.shown(),
            stdout: "Read /tmp/sandbox/members.csv\n\nDone.\n".to_owned(),
            stderr: "sqlite:///tmp/sandbox/coudemain.db\nis new.\n".to_owned(),
            code: Some(1),
            placeholders: invocation.placeholders(),
        };
        insta::assert_snapshot!(run, @r"
        $ LANG=en_GB.UTF-8 coudemain init --name 'Les Tilleuls'
        < oui
        < non
        Read [DIR]/members.csv

        Done.
        ! [DB]
        ! is new.
        => exit 1
        ");
        insta::assert_snapshot!(Run { stdout: String::new(), stderr: String::new(), code: None, ..run }, @r"
        $ LANG=en_GB.UTF-8 coudemain init --name 'Les Tilleuls'
        < oui
        < non
        => killed
        ");
    }
}
