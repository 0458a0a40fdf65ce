//! What every file needs that is about one network: the database, who acts, and in which language they are answered.

use std::sync::Arc;

use ledger::{
    AssociationNumber, Language, NetworkId, SkillNumber, account::Account, account_name, association::Association,
    clock::Clock, command::By, keyed::NetworkSecrets, name, registry::Registry, skill::SkillRef, state::Network,
};
use store::{Store, StoreError, WriteError};

use crate::{
    error::FileError,
    remedy::{Remedies, Remedy},
};

/// A network that is open, who acts in it, and the language in which they are answered.
#[derive(Debug)]
pub struct OpenNetwork {
    /// The database.
    pub store: Store,
    /// Which of its networks.
    pub network_id: NetworkId,
    /// That network.
    pub network: Network,
    /// Its members, persons and skills, as they were when it was last read.
    pub registry: Arc<Registry>,
    /// The language of what is said line by line.
    pub language: Language,
    /// What hides its keys and digests.
    pub secrets: NetworkSecrets,
    /// Who acts.
    pub by: By,
    /// The words of what would help.
    pub remedies: Remedies,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl OpenNetwork {
    /// Reads the registry again, after something was written.
    pub async fn refresh(&mut self) -> Result<(), StoreError> {
        self.registry = Arc::new(self.store.registry(self.network_id).await?);
        self.secrets = self.store.secrets(self.network_id).await?;
        Ok(())
    }

    /// Today in the network's time zone.
    pub fn today(&self) -> chrono::NaiveDate {
        self.network.day_of(self.clock.now())
    }

    /// An association's present name.
    pub fn name_of(&self, number: AssociationNumber) -> String {
        name_in(&self.registry, number)
    }

    /// A skill's name.
    pub fn skill_name(&self, number: SkillNumber) -> String {
        let found = self.registry.skills().iter().find(|skill| skill.number == number);
        found.map_or_else(|| format!("n° {number}"), |skill| skill.name.clone())
    }

    /// The name of a skill, however somebody told it.
    pub fn named_skill(&self, skill: &SkillRef) -> String {
        match skill {
            SkillRef::Name(name) => name.clone(),
            SkillRef::Number(number) => self.skill_name(*number),
        }
    }

    /// An account's name.
    pub fn account_name(&self, account: Account) -> String {
        account_name(account, self.language, &|number| self.name_of(number))
    }

    /// Why something was not written, with the associations' names.
    pub fn said(&self, error: WriteError) -> FileError {
        match error {
            WriteError::Rejected(rejection) => {
                let names = |number| self.name_of(number);
                let (french, english) =
                    (rejection.in_words(Language::French, &names), rejection.in_words(Language::English, &names));
                FileError::Rejected { rejection, french, english }
            }
            other => FileError::from(other),
        }
    }

    /// The association of that name or identifier, or the nearest names.
    pub fn association(&self, wanted: &str) -> Result<&Association, FileError> {
        find_association(&self.registry, wanted)
            .ok_or_else(|| FileError::in_both(|language| self.unknown_association(wanted, language)))
    }

    /// Says that nobody is called so, and who is called almost so.
    pub fn unknown_association(&self, wanted: &str, language: Language) -> String {
        let near = nearest_names(&self.registry, wanted);
        let quoted = |open: &str, close: &str| {
            near.iter().map(|name| format!("{open}{name}{close}")).collect::<Vec<_>>().join(", ")
        };
        let remedy = (self.remedies)(Remedy::AllAssociations, language);
        match (language, near.is_empty()) {
            (Language::French, true) => format!("association inconnue : « {wanted} » ; {remedy}"),
            (Language::French, false) => {
                format!("association inconnue : « {wanted} » ; les noms les plus proches : {}", quoted("« ", " »"))
            }
            (Language::English, true) => format!("unknown association: “{wanted}”; {remedy}"),
            (Language::English, false) => {
                format!("unknown association: “{wanted}”; the nearest names: {}", quoted("“", "”"))
            }
        }
    }
}

/// An association's present name among those of a network.
pub fn name_in(registry: &Registry, number: AssociationNumber) -> String {
    let found = registry.association(number);
    found.map_or_else(|| format!("n° {number}"), |association| association.name().to_owned())
}

/// The member that is called so, was called so, or has that registration.
pub fn find_association<'a>(registry: &'a Registry, wanted: &str) -> Option<&'a Association> {
    registry.association_named(wanted).or_else(|| {
        let wanted: String = wanted.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
        registry
            .associations()
            .find(|association| association.identifiers.iter().any(|identifier| identifier.value() == wanted))
    })
}

/// The members' names that look most like this one.
fn nearest_names(registry: &Registry, wanted: &str) -> Vec<String> {
    let names = registry.associations().map(Association::name);
    name::nearest(wanted, names, 3).into_iter().map(str::to_owned).collect()
}
