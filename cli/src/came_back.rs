//! Who was erased and would come back with an older backup: the lists that tell, and what came of them.

use std::collections::BTreeMap;
use std::fs;

use clap::ArgMatches;
use ledger::{Language, PersonNumber, Rejection, keyring::ErasedPerson};
use store::erased_in;
use uuid::Uuid;

use crate::{failure::Failure, remedy, report::count, screen};

/// A compressed file begins so, and a backup is one.
const COMPRESSED: [u8; 2] = [0x1f, 0x8b];

/// Who was erased, as somebody brings it.
pub(crate) enum Listed {
    /// Nothing was brought.
    Nothing,
    /// A list from beside the keys of some network.
    Of(Vec<ErasedPerson>),
    /// A later backup.
    ByNetwork(BTreeMap<Uuid, Vec<ErasedPerson>>),
}

/// Reads the file that the command line names.
pub(crate) fn read(args: &ArgMatches) -> Result<Listed, Failure> {
    args.get_one::<String>("erased").map_or(Ok(Listed::Nothing), |name| listed_in(name))
}

/// Asks on a terminal; elsewhere nobody answers.
pub(crate) fn ask(network: &str, language: Language) -> Result<Option<Listed>, Failure> {
    let question = language.pick(
            format!(
                "Des personnes de « {network} » ont-elles été effacées depuis cette sauvegarde ? Tapez le nom de la liste \
                 (erased.txt) ou d'une sauvegarde plus récente ; rien, si vous n'avez ni l'une ni l'autre."
            ),
            format!(
                "Were persons of “{network}” erased since this backup? Type the name of the list (erased.txt) or of a later \
                 backup; nothing where you have neither."
            ),
        );
    let Some(name) = screen::ask(&question)? else { return Ok(None) };
    if name.is_empty() { Ok(None) } else { listed_in(&name).map(Some) }
}

fn listed_in(name: &str) -> Result<Listed, Failure> {
    let bytes = fs::read(name).map_err(|error| Failure::of_file(name, &error))?;
    if bytes.starts_with(&COMPRESSED) {
        let listed = erased_in(&mut bytes.as_slice()).map_err(|error| {
            let said = |language| remedy::of_store(&error, language);
            Failure::said(
                format!("« {name} » : {}", said(Language::French)),
                format!("“{name}”: {}", said(Language::English)),
            )
        })?;
        return Ok(Listed::ByNetwork(listed));
    }
    let text = String::from_utf8_lossy(&bytes);
    let listed = ErasedPerson::list(&text).map_err(|line| {
        Failure::said(
            format!(
                "« {name} », ligne {line} : ni une liste de personnes effacées (erased.txt, près des clés), ni une sauvegarde"
            ),
            format!("“{name}”, line {line}: neither a list of erased persons (erased.txt, beside the keys) nor a backup"),
        )
    })?;
    Ok(Listed::Of(listed))
}

impl Listed {
    pub(crate) const fn is_given(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Of(_) | Self::ByNetwork(_) => true,
        }
    }

    /// Who was erased in a network. A list does not say of which network it is: a number without a leaf names somebody only
    /// where there is no other network.
    pub(crate) fn of(&self, network: Uuid, is_alone: bool) -> Vec<ErasedPerson> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Of(listed) => listed.iter().filter(|person| is_alone || person.leaf.is_some()).copied().collect(),
            Self::ByNetwork(listed) => listed.get(&network).cloned().unwrap_or_default(),
        }
    }
}

/// What came of the lists in one network.
#[derive(Default)]
pub(crate) struct Erased {
    /// Who is listed.
    pub(crate) listed: Vec<ErasedPerson>,
    /// Whether there was a list, with somebody on it or not.
    pub(crate) has_list: bool,
    /// How many came back and are erased again.
    pub(crate) count: usize,
    /// Who came back and stays, and why.
    pub(crate) refused: Vec<(PersonNumber, Rejection)>,
}

impl Erased {
    /// Whether nobody on the list is back.
    pub(crate) const fn is_whole(&self) -> bool {
        self.refused.is_empty()
    }

    /// What is told of it, where that many persons have a name in the backup.
    pub(crate) fn told(&self, named: u64, language: Language) -> Vec<String> {
        let mut told = Vec::new();
        if !self.has_list && named > 0 {
            let persons = count(named, language, ("personne", "personnes"), ("person", "persons"));
            told.push(language.pick(
                format!("Aucune liste de personnes effacées (erased.txt) n'est près des clés : qui a été effacé depuis cette sauvegarde, qui nomme {persons}, est de nouveau là. Si vous avez cette liste ou une sauvegarde plus récente, restaurez encore, dans une base vide, avec --effaces FICHIER."),
                format!("No list of erased persons (erased.txt) is beside the keys: whoever was erased since this backup, which names {persons}, is there again. If you have that list or a later backup, restore once more, into an empty database, with --erased FILE."),
            ));
        }
        if self.count > 0 {
            told.push(count(
                self.count,
                language,
                (
                    "personne effacée depuis cette sauvegarde l'est de nouveau.",
                    "personnes effacées depuis cette sauvegarde le sont de nouveau.",
                ),
                (
                    "person erased since that backup is erased again.",
                    "persons erased since that backup are erased again.",
                ),
            ));
        }
        for (person, rejection) in &self.refused {
            let why = remedy::of_rejection(rejection, language, &|number| number.to_string());
            told.push(language.pick(
                format!("La personne n° {person}, effacée depuis cette sauvegarde, est de nouveau là : {why}."),
                format!("Person {person}, erased since that backup, is there again: {why}."),
            ));
        }
        told
    }
}
