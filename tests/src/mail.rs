//! Letters: to whom, what they say, and what becomes of them with servers that work and servers that do not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod smtp;
mod bad_servers;
mod occasions;
mod links;
mod waits;
mod faults;
mod served;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use ledger::clock::Clock as _;
use ledger::command::{By, Capacity, Command, Principal};
use ledger::evidence::Evidence;
use ledger::exchange::Side;
use ledger::person::{Identity, Role};
use ledger::{AssociationNumber, ExchangeNumber, PersonNumber};
use serde_json::Value;
use service::mail::Route;
use service::{App, Config, mailer};
use tempfile::TempDir;

use crate::ledger_on::{Database, Ledger, day, delegate, exchange};

/// Two associations and their people: Alice and Anne speak for the club, Bob for the school.
pub(crate) struct Village {
    pub(crate) ledger: Ledger,
    pub(crate) app: App,
    pub(crate) club: AssociationNumber,
    pub(crate) school: AssociationNumber,
    pub(crate) alice: PersonNumber,
    pub(crate) anne: PersonNumber,
    pub(crate) bob: PersonNumber,
    pub(crate) cora: PersonNumber,
    pub(crate) medi: PersonNumber,
    told: std::sync::Mutex<usize>,
}

impl Village {
    /// Whose letters go into that folder.
    pub(crate) async fn with_folder(database: Database, folder: &Path) -> Self {
        Self::on_route(database, &format!("folder:{}", folder.display())).await
    }

    pub(crate) async fn on_route(database: Database, way: &str) -> Self {
        let ledger = Ledger::fresh(database).await;
        let club = ledger.association("Judo-club").await;
        let school = ledger.association("École de musique").await;
        let alice = person(&ledger, "Alice", "alice@example.org").await;
        let anne = person(&ledger, "Anne", "anne@example.org").await;
        let bob = person(&ledger, "Bob", "bob@example.org").await;
        let cora = person(&ledger, "Cora", "cora@example.org").await;
        let medi = person(&ledger, "Medi", "medi@example.org").await;
        for (person, role) in [
            (alice, Role::Delegate(club)),
            (anne, Role::Administrator(club)),
            (bob, Role::Delegate(school)),
            (cora, Role::Coordinator),
            (medi, Role::Mediator),
        ] {
            ledger.grant(person, role).await;
        }
        let app = app(&ledger, way);
        let told = std::sync::Mutex::default();
        Self { ledger, app, club, school, alice, anne, bob, cora, medi, told }
    }

    pub(crate) fn alice(&self) -> By {
        delegate(self.alice, self.club)
    }

    pub(crate) fn bob(&self) -> By {
        delegate(self.bob, self.school)
    }

    pub(crate) fn cora(&self) -> By {
        By { principal: Principal::Person(self.cora), capacity: Capacity::Coordinator }
    }

    pub(crate) fn medi(&self) -> By {
        By { principal: Principal::Person(self.medi), capacity: Capacity::Mediator }
    }

    /// The club says that it helped the school for so long.
    pub(crate) async fn proposed(&self, minutes: i64) -> ExchangeNumber {
        let exchange = exchange(self.club, self.school, minutes, day(2025, 2, 22));
        let act =
            self.ledger.done_by(self.alice(), Command::Propose { side: Side::Giver, exchange, evidence: None }).await;
        ExchangeNumber(act.0)
    }

    pub(crate) async fn confirmed(&self, minutes: i64) -> ExchangeNumber {
        let exchange = self.proposed(minutes).await;
        self.ledger.done_by(self.bob(), confirm(exchange)).await;
        exchange
    }

    /// All that is due leaves.
    pub(crate) async fn see_to_mail(&self) {
        mailer::see_to_all(&self.app).await.unwrap();
    }

    /// Time goes by.
    pub(crate) fn later(&self, by: TimeDelta) {
        self.ledger.clock.set(self.ledger.clock.now() + by);
    }

    /// The letters that came since this was asked last.
    pub(crate) fn new_letters(&self, folder: &Path) -> Vec<Letter> {
        let mut told = self.told.lock().unwrap();
        let letters = letters(folder);
        let new = letters[*told..].to_vec();
        *told = letters.len();
        new
    }
}

/// The service on that ledger, whose letters leave so.
pub(crate) fn app(ledger: &Ledger, way: &str) -> App {
    let patience = Duration::from_secs(5);
    app_of_patience(ledger, way, patience)
}

pub(crate) fn app_of_patience(ledger: &Ledger, way: &str, patience: Duration) -> App {
    let route = Route::parse(way, "Entraide du pays <heures@example.org>", patience).unwrap();
    let config =
        Config { mail: Some(route), public_url: Some("https://heures.example.org/".to_owned()), ..Config::default() };
    let clock = Arc::clone(&ledger.clock);
    App::new(ledger.store.clone(), ledger.writer.clone(), clock, config, Vec::new())
}

pub(crate) async fn person(ledger: &Ledger, name: &str, email: &str) -> PersonNumber {
    let identity = Identity {
        code: name.to_uppercase(),
        first_name: Some(name.to_owned()),
        last_name: None,
        email: Some(email.to_owned()).filter(|email| !email.is_empty()),
        adult_on: None,
    };
    PersonNumber(ledger.done(Command::AddPerson(identity)).await.0)
}

pub(crate) fn confirm(exchange: ExchangeNumber) -> Command {
    Command::Confirm { exchange, evidence: Evidence::BOTH_SIDES, reason: None }
}

/// A letter as its reader's program shows it.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) headers: Value,
}

impl Letter {
    /// The path of the first link that begins so.
    pub(crate) fn link(&self, beginning: &str) -> Option<String> {
        let start = self.text.find(&format!("https://heures.example.org{beginning}"))?;
        let address = self.text[start..].split_whitespace().next().unwrap();
        // What a link opens stands in both forms.
        assert!(self.html.contains(address), "{address}: {}", self.html);
        Some(address.trim_start_matches("https://heures.example.org").to_owned())
    }
}

/// The letters in a folder, as they were laid down, read by a program that is not ours.
pub(crate) fn letters(folder: &Path) -> Vec<Letter> {
    let read = smtp::python(READER, &[folder.to_str().unwrap()]);
    let letters: Vec<Value> = serde_json::from_str(&read).unwrap();
    let text = |letter: &Value, name: &str| letter[name].as_str().unwrap().to_owned();
    let read = |letter: Value| Letter {
        id: text(&letter, "id"),
        to: text(&letter, "to"),
        subject: text(&letter, "subject"),
        text: text(&letter, "text"),
        html: text(&letter, "html"),
        headers: letter["headers"].clone(),
    };
    letters.into_iter().map(read).collect()
}

const READER: &str = r#"
import email, email.policy, json, pathlib, sys
letters = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml")):
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    part = lambda kind: letter.get_body((kind,)).get_content()
    letters.append({
        "id": letter["Message-ID"], "to": letter["To"].addresses[0].addr_spec, "subject": letter["Subject"],
        "text": part("plain"), "html": part("html"), "headers": {name: str(value) for name, value in letter.items()},
    })
    assert not letter.defects and len(letter["To"].addresses) == 1, path
print(json.dumps(letters))
"#;

/// Who got which letters, a line each, without blanks that do not break.
pub(crate) fn shown(letters: &[Letter]) -> String {
    let mut lines: Vec<_> =
        letters.iter().map(|letter| format!("  {}: {}", letter.to, letter.subject).replace('\u{a0}', " ")).collect();
    lines.sort();
    lines.join("\n")
}

/// A folder for letters.
pub(crate) fn folder() -> TempDir {
    TempDir::new().unwrap()
}
