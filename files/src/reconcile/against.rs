//! What a notebook is held against: the ledger in its database, or an association's own file of a year.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ledger::{
    AssociationNumber, SkillNumber,
    association::Association,
    exchange::{ExchangeState, Side},
    lines::{LinesError, Party},
    name::fold,
    reconcile::{Accounts, Known, Standing},
    year::Year,
};

use store::KnownLine;

use crate::{error::FileError, network::OpenNetwork, table};

/// How far beyond the year exchanges are looked at: a line of January may be about December.
const DAYS_BEYOND: u64 = 31;

/// What a notebook is held against.
#[derive(Debug)]
pub enum Against {
    /// The ledger, in its database.
    Database(Box<OpenNetwork>),
    /// The lines that an association took away as a file: `export lines`.
    Lines {
        /// The year that they are of.
        year: Year,
        /// What they say.
        accounts: Arc<Accounts>,
    },
}

/// The accounts of one association, and how their members are numbered in the database.
#[derive(Debug)]
pub struct Ours {
    /// What the ledger says about it.
    pub accounts: Arc<Accounts>,
    /// For each of the accounts' members its number, where there is a database.
    pub numbers: Vec<AssociationNumber>,
    /// The association's own number.
    pub own: Option<AssociationNumber>,
    /// The exchanges, by their numbers, that one side asks to have corrected already.
    pub corrections: HashSet<i64>,
}

impl Against {
    /// Reads the file of an association's lines.
    pub fn lines(path: &Path) -> Result<Self, FileError> {
        let bytes = table::read_bytes(path).map_err(|error| FileError::about(path, |lang| error.in_words(lang)))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| FileError::Lines { path: path.to_owned(), error: LinesError::AnotherFile })?;
        let (year, accounts) =
            Accounts::from_lines_file(&text).map_err(|error| FileError::Lines { path: path.to_owned(), error })?;
        Ok(Self::Lines { year, accounts: Arc::new(accounts) })
    }

    /// The open network, where there is a database.
    pub fn network(&self) -> Option<&OpenNetwork> {
        match self {
            Self::Database(open) => Some(open),
            Self::Lines { .. } => None,
        }
    }

    /// The year of the file, where there is one.
    pub fn year(&self) -> Option<i32> {
        match self {
            Self::Database(_) => None,
            Self::Lines { year, .. } => Some(year.0),
        }
    }

    /// The present and former names of everybody whose notebook this could be.
    pub fn owners(&self) -> Vec<String> {
        match self {
            Self::Database(open) => open.registry.associations().flat_map(names_of).collect(),
            Self::Lines { accounts, .. } => vec![accounts.association.name.clone()],
        }
    }

    /// The association that somebody named, by its present name.
    pub fn owner(&self, wanted: &str) -> Result<String, FileError> {
        match self {
            Self::Database(open) => Ok(open.association(wanted)?.name().to_owned()),
            Self::Lines { accounts, .. } => {
                let Party { name, former_names, identifiers } = &accounts.association;
                let is_own = former_names.iter().chain([name]).any(|name| fold(name) == fold(wanted))
                    || identifiers.iter().any(|identifier| identifier.value() == wanted.trim());
                if is_own {
                    return Ok(name.clone());
                }
                Err(FileError::said(
                    format!("ces lignes sont celles de « {name} », pas de « {wanted} »"),
                    format!("these lines are those of “{name}”, not of “{wanted}”"),
                ))
            }
        }
    }

    /// All names of the members, the owner's left out, folded.
    pub fn folded_members(&self, owner: &str) -> HashSet<String> {
        let is_other = |name: &str| fold(name) != fold(owner);
        match self {
            Self::Database(open) => {
                let others = open.registry.associations().filter(|association| is_other(association.name()));
                others.flat_map(names_of).map(|name| fold(&name)).collect()
            }
            Self::Lines { accounts, .. } => {
                let members = accounts.members.iter();
                members
                    .flat_map(|party| party.former_names.iter().chain([&party.name]))
                    .map(|name| fold(name))
                    .collect()
            }
        }
    }

    /// What the ledger says about one association, around a year and all the days that its notebook speaks of.
    pub async fn accounts(
        &self,
        owner: &str,
        year: Year,
        said: Option<(NaiveDate, NaiveDate)>,
    ) -> Result<Ours, FileError> {
        let open = match self {
            Self::Database(open) => open,
            Self::Lines { accounts, .. } => {
                return Ok(Ours {
                    accounts: Arc::clone(accounts),
                    numbers: vec![],
                    own: None,
                    corrections: HashSet::new(),
                });
            }
        };
        let own = open.association(owner)?;
        let days = days(year, said);
        let lines = open.store.known_lines(open.network_id, own.number, days).await?;
        let others = open.registry.associations().filter(|other| other.number != own.number);
        let (numbers, members): (Vec<_>, Vec<_>) = others.map(|other| (other.number, Party::now(other))).unzip();
        let places: HashMap<AssociationNumber, u32> = numbers.iter().copied().zip(0..).collect();
        let skills = open.registry.skills();
        let skill_places: HashMap<SkillNumber, u32> = skills.iter().map(|skill| skill.number).zip(0..).collect();
        let is_asked = |line: &&KnownLine| line.state == ExchangeState::CorrectionRequested;
        let corrections = lines.iter().filter(is_asked).map(|line| line.exchange.0).collect();
        let exchanges = lines.into_iter().map(|line| {
            let is_giver = line.giver == own.number;
            let partner = if is_giver { line.receiver } else { line.giver };
            // Somebody was admitted since the members were read: without this line the sums would be wrong.
            let place = places.get(&partner).ok_or_else(|| {
                FileError::said(
                    format!("l'adhérent n° {partner} vient d'arriver ; relancez la même commande"),
                    format!("member no. {partner} has just arrived; run the same command again"),
                )
            })?;
            let (standing, replaces) = (standing(&line, open)?, line.replaces.map(|replaced| replaced.0));
            Ok(Known {
                standing,
                replaces,
                reference: line.reference.unwrap_or_else(|| line.exchange.to_string()).into(),
                exchange: line.exchange.0,
                partner: *place,
                side: if is_giver { Side::Giver } else { Side::Receiver },
                date: line.service_date,
                minutes: line.minutes,
                skill: line.skill.and_then(|skill| skill_places.get(&skill).copied()),
            })
        });
        let accounts = Accounts {
            association: Party::now(own),
            members,
            skills: skills.iter().map(|skill| skill.name.clone()).collect(),
            exchanges: exchanges.collect::<Result<_, FileError>>()?,
        };
        Ok(Ours { accounts: Arc::new(accounts), numbers, own: Some(own.number), corrections })
    }
}

/// How an exchange stands in the accounts, its reversal on the day that it had here.
fn standing(line: &KnownLine, open: &OpenNetwork) -> Result<Standing, FileError> {
    Ok(match line.state {
        ExchangeState::Confirmed | ExchangeState::CorrectionRequested => Standing::Confirmed,
        ExchangeState::Proposed => Standing::Proposed,
        ExchangeState::Contested => Standing::Contested,
        ExchangeState::Held => Standing::Held,
        ExchangeState::Reversed | ExchangeState::Withdrawn | ExchangeState::Dismissed => {
            let reversed_at = line.reversed_at.ok_or_else(|| {
                let number = line.exchange;
                FileError::said(
                    format!("rien ne dit quand l'échange {number} a été annulé ; « controler » dira ce qui manque"),
                    format!("nothing tells when exchange {number} was reversed; “audit” will tell what is missing"),
                )
            })?;
            Standing::Reversed(open.network.day_of(reversed_at))
        }
    })
}

fn names_of(association: &Association) -> Vec<String> {
    association.names.iter().map(|dated| dated.name.clone()).collect()
}

fn days(year: Year, said: Option<(NaiveDate, NaiveDate)>) -> (NaiveDate, NaiveDate) {
    let (first, last) = year.days().unwrap_or((NaiveDate::MIN, NaiveDate::MAX));
    let beyond = Days::new(DAYS_BEYOND);
    let (from, to) = said.map_or((first, last), |(from, to)| (from.min(first), to.max(last)));
    (from.checked_sub_days(beyond).unwrap_or(from), to.checked_add_days(beyond).unwrap_or(to))
}
