//! A ledger on a database of its own: a store, its writer and one founded network.
//!
//! Nothing in it is left to chance. The network's name outside of the database is fixed, the clock stands still until
//! it is set and the secrets are counted: the same requests in the same order must end in the same log, whatever the
//! database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::join_all;
use ledger::association::{AssociationKind, Contact, MembershipState, NewAssociation};
use ledger::clock::{CountedSecrets, Secrets, SetClock};
use ledger::command::{By, Capacity, Command, Key, NewExchange, Principal, Request};
use ledger::contribution::{Contribution, Nature};
use ledger::person::{Identity, PersonRef, Role};
use ledger::state::Network;
use ledger::{ActNumber, AssociationNumber, Digest, Minutes, NetworkId, PersonNumber, log};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use store::{Receipt, Store, WriteError, Writer, WriterOptions};
use tempfile::TempDir;
use uuid::Uuid;

use crate::postgres::{is_cut_up, server};

/// One of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    pub(crate) const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// Those on which something is tried that holds on both; on tables cut up there is only PostgreSQL to try.
    pub(crate) fn tried() -> Vec<Self> {
        if is_cut_up() { vec![Self::Postgres] } else { Self::BOTH.to_vec() }
    }

    /// Picks what is written for this database.
    pub(crate) fn pick<T>(self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// Where a database stands. A file goes away with this value.
pub(crate) struct Place {
    pub(crate) database: Database,
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

impl Place {
    /// An empty database.
    pub(crate) fn fresh(database: Database) -> Self {
        match database {
            Database::Sqlite => {
                let folder = TempDir::new().unwrap();
                let url = format!("sqlite://{}", folder.path().join("ledger.db").display());
                Self { database, url, _folder: Some(folder) }
            }
            Database::Postgres => Self::postgres(server().new_database()),
        }
    }

    /// A database that somebody else has, and takes away.
    pub(crate) fn lent(url: &str) -> Self {
        let database = if url.starts_with("sqlite") { Database::Sqlite } else { Database::Postgres };
        Self { database, url: url.to_owned(), _folder: None }
    }

    /// A database of some PostgreSQL server.
    pub(crate) fn postgres(url: String) -> Self {
        Self { database: Database::Postgres, url, _folder: None }
    }

    /// Runs SQL as somebody who has the database and not the program, with the program's own settings.
    pub(crate) async fn sql(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.database {
            Database::Sqlite => {
                let options: sqlx::sqlite::SqliteConnectOptions = self.url.parse()?;
                let mut connection = options.pragma("recursive_triggers", "ON").connect().await?;
                sqlx::raw_sql(sql).execute(&mut connection).await?;
                connection.close().await
            }
            Database::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await?;
                sqlx::raw_sql(sql).execute(&mut connection).await?;
                connection.close().await
            }
        }
    }
}

/// A store with a writer and a network.
pub(crate) struct Ledger {
    pub(crate) place: Arc<Place>,
    pub(crate) store: Store,
    pub(crate) writer: Writer,
    pub(crate) network: NetworkId,
    pub(crate) clock: Arc<SetClock>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ledger on {}", self.place.url)
    }
}

impl Ledger {
    /// A network in a fresh database.
    pub(crate) async fn fresh(database: Database) -> Self {
        Self::fresh_with(database, WriterOptions::default()).await
    }

    /// A network in a fresh database, whose writer takes on so much.
    pub(crate) async fn fresh_with(database: Database, options: WriterOptions) -> Self {
        Self::founded(Arc::new(Place::fresh(database)), options).await
    }

    /// A network in an empty database.
    pub(crate) async fn founded(place: Arc<Place>, options: WriterOptions) -> Self {
        Self::founded_with(place, options, Box::new(CountedSecrets(1_000_000))).await
    }

    /// A network in an empty database, whose writer has its keys from there.
    pub(crate) async fn founded_with(place: Arc<Place>, options: WriterOptions, secrets: Box<dyn Secrets>) -> Self {
        let store = Store::open(&place.url, true).await.unwrap();
        let clock = Arc::new(SetClock::new(noon(2025, 3, 1)));
        let network = Network {
            uuid: Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0001),
            name: "Entraide du pays".to_owned(),
            time_zone: chrono_tz::Europe::Paris,
        };
        let network = store.found(&network, &*clock, &mut CountedSecrets(0)).await.unwrap();
        let writer = Writer::start(store.clone(), Arc::<SetClock>::clone(&clock), secrets, options);
        Self { place, store, writer, network, clock }
    }

    /// Another network of the same database, by the same writer.
    pub(crate) async fn another(&self, number: u128) -> Self {
        let uuid = Uuid::from_u128(0x0195_0000_0000_7000_8000_0001_0000_0000 + number);
        let network = Network { uuid, name: format!("Réseau {number}"), time_zone: chrono_tz::Europe::Paris };
        let network = self.store.found(&network, &*self.clock, &mut CountedSecrets(0)).await.unwrap();
        let (store, writer) = (self.store.clone(), self.writer.clone());
        Self { place: Arc::clone(&self.place), store, writer, network, clock: Arc::clone(&self.clock) }
    }

    /// The same network by another process: a store and a writer of their own.
    pub(crate) async fn beside(&self, secrets: u64, options: WriterOptions) -> Self {
        let store = Store::open(&self.place.url, false).await.unwrap();
        let clock = Arc::clone(&self.clock);
        let secrets = Box::new(CountedSecrets(secrets));
        let writer = Writer::start(store.clone(), Arc::<SetClock>::clone(&clock), secrets, options);
        Self { place: Arc::clone(&self.place), store, writer, network: self.network, clock }
    }

    pub(crate) async fn submit(&self, request: Request) -> Result<Receipt, WriteError> {
        self.writer.submit(self.network, request).await
    }

    /// Submits requests at once, in order, so that many share a commit.
    pub(crate) async fn submit_all(
        &self,
        requests: impl IntoIterator<Item = Request>,
    ) -> Vec<Result<Receipt, WriteError>> {
        join_all(requests.into_iter().map(|request| self.submit(request))).await
    }

    /// Carries out what must be accepted, as the operator. The command itself makes the key: it can be asked once.
    pub(crate) async fn done(&self, command: Command) -> ActNumber {
        self.done_by(By::OPERATOR, command).await
    }

    /// Carries out what must be accepted.
    pub(crate) async fn done_by(&self, by: By, command: Command) -> ActNumber {
        let key = format!("{command:?}");
        let receipt = self.submit(request(&key, by, command)).await;
        let receipt = receipt.unwrap_or_else(|error| panic!("{self:?}: {key}: {error:?}"));
        assert!(!receipt.is_repeat, "{key}");
        receipt.act
    }

    pub(crate) async fn association(&self, name: &str) -> AssociationNumber {
        AssociationNumber(self.done(add_association(name)).await.0)
    }

    /// A person who belongs to these associations.
    pub(crate) async fn person(&self, code: &str, associations: &[AssociationNumber]) -> PersonNumber {
        let person = PersonNumber(self.done(add_person(code)).await.0);
        for association in associations {
            self.done(Command::Enrol { person: PersonRef::Number(person), association: *association }).await;
        }
        person
    }

    pub(crate) async fn grant(&self, person: PersonNumber, role: Role) {
        self.done(Command::GrantRole { person, role }).await;
    }

    /// How many acts there are, and the root of the log over them.
    pub(crate) async fn head(&self) -> (i64, Digest) {
        let (head, root) = self.store.head(self.network).await.unwrap();
        (head.next.0, root)
    }

    /// The balance of every account of book exchange, by number.
    pub(crate) async fn balances(&self) -> Vec<(i64, i64)> {
        let lines = self.store.balances(self.network, None).await.unwrap();
        lines.into_iter().map(|line| (line.account.number(), line.balance.get())).collect()
    }

    /// What an audit finds wrong: each problem with its check, in a sentence.
    pub(crate) async fn problems(&self) -> Vec<(ledger::audit::Check, String)> {
        let report = self.store.audit(self.network, None).await.unwrap();
        let results = ledger::audit::Check::ALL.map(|check| (check, report.findings.result(check)));
        let problems = results.into_iter().flat_map(|(check, result)| {
            let sentence =
                move |problem: ledger::audit::Disagreement| (check, problem.in_words(ledger::Language::English));
            result.problems.into_iter().map(sentence)
        });
        problems.collect()
    }

    /// Holds everything against the acts: nothing may be wrong.
    pub(crate) async fn assert_sound(&self) {
        assert_eq!(self.problems().await, [], "{self:?}");
    }
}

/// A request whose digest is that of its own text.
pub(crate) fn request(key: &str, by: By, command: Command) -> Request {
    let scope = match by.principal {
        Principal::Operator => "operator".to_owned(),
        Principal::Person(person) => format!("person:{person}"),
    };
    let digest = log::leaf_hash(format!("{by:?} {command:?}").as_bytes());
    Request {
        key: Key { scope, key: key.to_owned() },
        digest,
        by,
        seen: None,
        generation: None,
        long_ago: false,
        command,
    }
}

/// A person in the name of an association.
pub(crate) fn delegate(person: PersonNumber, association: AssociationNumber) -> By {
    By { principal: Principal::Person(person), capacity: Capacity::Association(association) }
}

pub(crate) fn add_association(name: &str) -> Command {
    Command::AddAssociation(NewAssociation {
        name: name.to_owned(),
        former_names: Vec::new(),
        kind: AssociationKind::Association,
        state: MembershipState::Active,
        identifiers: Vec::new(),
        commune: None,
        insee: None,
        member_since: None,
        contact: Contact::default(),
    })
}

pub(crate) fn add_person(code: &str) -> Command {
    let identity = Identity { code: code.to_owned(), first_name: None, last_name: None, email: None, adult_on: None };
    Command::AddPerson(identity)
}

/// An exchange without a word more than needed.
pub(crate) fn exchange(
    giver: AssociationNumber,
    receiver: AssociationNumber,
    minutes: i64,
    service_date: NaiveDate,
) -> NewExchange {
    NewExchange {
        giver,
        receiver,
        minutes: Minutes::new(minutes),
        service_date,
        skill: None,
        reference: None,
        memo: None,
        contributions: Vec::new(),
        replaces: None,
    }
}

pub(crate) fn contribution(person: PersonNumber, minutes: i64) -> Contribution {
    Contribution { person, minutes: Minutes::new(minutes), nature: Nature::Operational }
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Noon of a day, in universal time.
pub(crate) fn noon(year: i32, month: u32, of_month: u32) -> DateTime<Utc> {
    day(year, month, of_month).and_hms_opt(12, 0, 0).unwrap().and_utc()
}
