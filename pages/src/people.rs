//! Persons to choose among, by what they are called.

use ledger::{PersonNumber, registry::Registry};
use service::{App, directory::Known, problem::Problem};

use crate::frame::full_name;

/// A person to choose.
#[derive(Debug, Clone)]
pub(crate) struct Someone {
    /// What the form sends.
    pub(crate) value: String,
    /// What they are called.
    pub(crate) name: String,
}

/// These persons, by name.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn named(app: &App, known: &Known, persons: &[PersonNumber]) -> Result<Vec<Someone>, Problem> {
    let registry = known.registry(&app.store).await?;
    let ids = known.fingerprint.ids(registry.generations());
    let identities = app.store.identities_of(known.id, persons).await?;
    let someone = |(number, identity)| (full_name(&identity), PersonNumber::clone(&number));
    let mut named: Vec<_> = identities.into_iter().map(someone).collect();
    named.sort_by_cached_key(|(name, _)| ledger::name::fold(name));
    Ok(named.into_iter().map(|(name, number)| Someone { value: ids.shown(number.0).to_string(), name }).collect())
}

/// The person whom a form names, if it names one of this network.
pub(crate) fn chosen(known: &Known, registry: &Registry, value: &str) -> Option<PersonNumber> {
    let ids = known.fingerprint.ids(registry.generations());
    ids.number(value.parse().ok()?).ok().map(PersonNumber)
}
