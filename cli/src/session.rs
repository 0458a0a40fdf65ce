//! What every verb needs: the database, the network in it, and who acts.

use std::sync::{Arc, Mutex, PoisonError};

use clap::ArgMatches;
use ledger::{
    AssociationNumber, Language, NetworkId, PersonNumber, SkillNumber,
    account::Account,
    account_name,
    association::Association,
    clock::{Clock, SystemClock},
    command::{By, Capacity, Principal},
    name,
    registry::Registry,
    state::Network,
};
use store::{NetworkEntry, Store, StoreError, SystemSecrets, WriteError, Writer, WriterOptions};

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

/// An open network.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) store: Store,
    pub(crate) network_id: NetworkId,
    pub(crate) network: Network,
    pub(crate) registry: Registry,
    pub(crate) language: Language,
    pub(crate) by: By,
}

impl Session {
    /// Opens the database and the network that the command line names.
    pub(crate) async fn open(args: &ArgMatches, language: Language) -> Result<Self, Failure> {
        let store = open_store(text(args, "db"), false).await?;
        let entry = store.network(args.get_one::<String>("network").map(String::as_str)).await?;
        let registry = store.registry(entry.id).await?;
        let by = match args.get_one::<String>("as") {
            None => By::OPERATOR,
            Some(code) => {
                By { principal: Principal::Person(person_of(code, &registry)?), capacity: Capacity::Coordinator }
            }
        };
        Ok(Self { store, network_id: entry.id, network: entry.network, registry, language, by })
    }

    /// A network that was just founded, seen by whoever founded it.
    pub(crate) async fn new(store: Store, entry: NetworkEntry, language: Language) -> Result<Self, Failure> {
        let registry = store.registry(entry.id).await?;
        Ok(Self { store, network_id: entry.id, network: entry.network, registry, language, by: By::OPERATOR })
    }

    /// A writer on this database.
    pub(crate) fn writer(&self) -> Writer {
        writer(&self.store)
    }

    /// Reads the registry again, after something was written.
    pub(crate) async fn refresh(&mut self) -> Result<(), Failure> {
        self.registry = self.store.registry(self.network_id).await?;
        Ok(())
    }

    /// Today in the network's time zone.
    pub(crate) fn today(&self) -> chrono::NaiveDate {
        SystemClock.now().with_timezone(&self.network.time_zone).date_naive()
    }

    /// An association's present name.
    pub(crate) fn name_of(&self, number: AssociationNumber) -> String {
        self.registry
            .association(number)
            .map_or_else(|| format!("n° {number}"), |association| association.name().to_owned())
    }

    /// A skill's name.
    pub(crate) fn skill_name(&self, number: SkillNumber) -> String {
        let found = self.registry.skills().iter().find(|skill| skill.number == number);
        found.map_or_else(|| format!("n° {number}"), |skill| skill.name.clone())
    }

    /// The person of that code.
    pub(crate) fn person(&self, code: &str) -> Result<PersonNumber, Failure> {
        person_of(code, &self.registry)
    }

    /// An account's name.
    pub(crate) fn account_name(&self, account: Account) -> String {
        account_name(account, self.language, &|number| self.name_of(number))
    }

    /// Why something was not written, with the associations' names.
    pub(crate) fn said(&self, error: WriteError) -> Failure {
        match error {
            WriteError::Rejected(rejection) => {
                let names = |number| self.name_of(number);
                Failure::said(
                    remedy::of_rejection(&rejection, Language::French, &names),
                    remedy::of_rejection(&rejection, Language::English, &names),
                )
            }
            other => Failure::from(other),
        }
    }

    /// The association of that name or identifier, or the nearest names.
    pub(crate) fn association(&self, wanted: &str) -> Result<&Association, Failure> {
        find_association(&self.registry, wanted).ok_or_else(|| {
            let near = nearest_names(&self.registry, wanted);
            Failure::said(
                unknown_association(wanted, &near, Language::French),
                unknown_association(wanted, &near, Language::English),
            )
        })
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

/// A writer with the machine's clock and random numbers.
pub(crate) fn writer(store: &Store) -> Writer {
    Writer::start(store.clone(), Arc::new(SystemClock), Box::new(SystemSecrets::new()), WriterOptions::default())
}

/// The member that is called so, was called so, or has that registration.
pub(crate) fn find_association<'a>(registry: &'a Registry, wanted: &str) -> Option<&'a Association> {
    registry.association_named(wanted).or_else(|| {
        let wanted: String = wanted.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
        registry
            .associations()
            .find(|association| association.identifiers.iter().any(|identifier| identifier.value() == wanted))
    })
}

/// The members' names that look most like this one.
pub(crate) fn nearest_names(registry: &Registry, wanted: &str) -> Vec<String> {
    let names = registry.associations().map(Association::name);
    name::nearest(wanted, names, 3).into_iter().map(str::to_owned).collect()
}

/// Says that nobody is called so, and who is called almost so.
pub(crate) fn unknown_association(wanted: &str, near: &[String], language: Language) -> String {
    let quoted =
        |open: &str, close: &str| near.iter().map(|name| format!("{open}{name}{close}")).collect::<Vec<_>>().join(", ");
    match (language, near.is_empty()) {
        (Language::French, true) => {
            format!("association inconnue : « {wanted} » ; « coudemain soldes » les montre toutes")
        }
        (Language::French, false) => {
            format!("association inconnue : « {wanted} » ; les noms les plus proches : {}", quoted("« ", " »"))
        }
        (Language::English, true) => format!("unknown association: “{wanted}”; “coudemain balance” shows them all"),
        (Language::English, false) => {
            format!("unknown association: “{wanted}”; the nearest names: {}", quoted("“", "”"))
        }
    }
}

fn person_of(code: &str, registry: &Registry) -> Result<PersonNumber, Failure> {
    let person = registry.person_with_code(code).map(|person| person.number);
    person.ok_or_else(|| Failure::said(format!("personne inconnue : « {code} »"), format!("unknown person: “{code}”")))
}
