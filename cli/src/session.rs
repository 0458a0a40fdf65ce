//! What every verb needs: the database, the network in it, and who acts.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use clap::ArgMatches;
use files::network::OpenNetwork;
use ledger::{
    Language, PersonNumber, SkillNumber,
    clock::{Clock, ConfirmedClock, SystemClock},
    command::{By, Capacity, Principal},
    skill::SkillRef,
};
use store::{ExchangeView, NetworkEntry, Store, StoreError, SystemSecrets, Writer, WriterOptions};

use crate::{failure::Failure, remedy};

/// What this process has opened. A SQLite file holds everything by itself only once all its connections are closed.
static OPEN: Mutex<Vec<Store>> = Mutex::new(Vec::new());

/// Opens a database, which [`close_stores`] closes.
pub(crate) async fn open_store(url: &str, create: bool) -> Result<Store, StoreError> {
    let store = Store::open(url, create).await?;
    OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(store.clone());
    Ok(store)
}

/// Closes what was opened, at the end of every verb.
pub(crate) async fn close_stores() {
    let stores = std::mem::take(&mut *OPEN.lock().unwrap_or_else(PoisonError::into_inner));
    for store in stores {
        store.close().await;
    }
}

/// The network that the command line names, open.
#[derive(Debug)]
pub(crate) struct Session(OpenNetwork);

impl Session {
    /// Opens the database and the network that the command line names.
    pub(crate) async fn open(args: &ArgMatches, language: Language) -> Result<Self, Failure> {
        let store = open_store(text(args, "db"), false).await?;
        let entry = store.network(args.get_one::<String>("network").map(String::as_str)).await?;
        let mut session = Self::new(store, entry, language).await?;
        session.0.clock = clock(args);
        if let Some(code) = args.get_one::<String>("as") {
            session.0.by = By { principal: Principal::Person(session.person(code)?), capacity: Capacity::Coordinator };
        }
        Ok(session)
    }

    /// A network that was just founded, seen by whoever founded it.
    pub(crate) async fn new(store: Store, entry: NetworkEntry, language: Language) -> Result<Self, Failure> {
        let registry = Arc::new(store.registry(entry.id).await?);
        let secrets = store.secrets(entry.id).await?;
        let (network_id, network) = (entry.id, entry.network);
        Ok(Self(OpenNetwork {
            store,
            network_id,
            network,
            registry,
            language,
            secrets,
            by: By::OPERATOR,
            remedies: remedy::for_file,
            clock: Arc::new(SystemClock),
        }))
    }

    /// What is open, for those who keep it.
    pub(crate) fn into_open(self) -> OpenNetwork {
        self.0
    }

    /// A writer on this database.
    pub(crate) fn writer(&self) -> Writer {
        writer(&self.store, Arc::clone(&self.clock))
    }

    /// The exchange of that reference.
    pub(crate) async fn exchange(&self, reference: &str) -> Result<ExchangeView, Failure> {
        let found = self.store.exchanges_of_references(self.network_id, &[reference]).await?;
        let found = match found.get(reference) {
            Some(number) => self.store.exchange(self.network_id, *number).await?,
            None => None,
        };
        found.ok_or_else(|| {
            Failure::said(format!("échange inconnu : « {reference} »"), format!("unknown exchange: “{reference}”"))
        })
    }

    /// The skill of that name.
    pub(crate) fn skill(&self, name: &str) -> Result<SkillNumber, Failure> {
        SkillRef::Name(name.to_owned()).find(self.registry.skills()).ok_or_else(|| {
            let near = ledger::name::nearest(name, self.registry.skills().iter().map(|skill| skill.name.as_str()), 3);
            let near = near.join(", ");
            Failure::said(
                format!("compétence inconnue : « {name} » ; les plus proches : {near}"),
                format!("unknown skill: “{name}”; the nearest: {near}"),
            )
        })
    }

    /// The person of that code.
    pub(crate) fn person(&self, code: &str) -> Result<PersonNumber, Failure> {
        let person = self.registry.person_with_code(code).map(|person| person.number);
        person.ok_or_else(|| {
            Failure::said(format!("personne inconnue : « {code} »"), format!("unknown person: “{code}”"))
        })
    }
}

impl Deref for Session {
    type Target = OpenNetwork;

    fn deref(&self) -> &OpenNetwork {
        &self.0
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut OpenNetwork {
        &mut self.0
    }
}

/// A text argument that has a default.
pub(crate) fn text<'a>(args: &'a ArgMatches, name: &str) -> &'a str {
    args.get_one::<String>(name).map(String::as_str).unwrap_or_default()
}

/// Whether the verb is asked for JSON.
pub(crate) fn wants_json(args: &ArgMatches) -> bool {
    text(args, "format") == "json"
}

/// The machine's clock, which the command line may answer for.
pub(crate) fn clock(args: &ArgMatches) -> Arc<dyn Clock> {
    if args.get_flag("accept-clock") { Arc::new(ConfirmedClock) } else { Arc::new(SystemClock) }
}

/// A writer with random secrets.
pub(crate) fn writer(store: &Store, clock: Arc<dyn Clock>) -> Writer {
    Writer::start(store.clone(), clock, Box::new(SystemSecrets::new()), WriterOptions::default())
}
