//! One notebook: read it, find out whose it is and of which year, compare it.

use std::collections::HashMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use clap::ArgMatches;
use ledger::{
    Language,
    name::fold,
    reconcile::{Notebook, Options, Reconciliation, reconcile},
    year::Year,
};

use super::{
    habits::Habits,
    source::{Ours, Source},
};
use crate::{
    failure::Failure,
    file,
    notebook::{File, Hints, NotebookError, ReadNotebook},
};

/// What is asked of a comparison.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    pub(super) association: Option<String>,
    pub(super) year: Option<i32>,
    pub(super) days: u16,
    /// What was said on the command line.
    pub(super) habits: Habits,
}

impl Wish {
    pub(super) fn of(args: &ArgMatches, habits: Habits) -> Self {
        Self {
            association: args.get_one::<String>("association").cloned(),
            year: args.get_one::<i32>("year").copied(),
            days: args.get_one::<u16>("days").copied().unwrap_or(7),
            habits,
        }
    }
}

/// A notebook, compared.
pub(super) struct Compared {
    pub(super) year: Year,
    pub(super) ours: Ours,
    pub(super) read: ReadNotebook,
    pub(super) result: Reconciliation,
    pub(super) notes: Vec<String>,
}

/// Compares a notebook with the ledger.
pub(super) async fn compare(
    source: &Source,
    path: &Path,
    wish: &Wish,
    language: Language,
) -> Result<Compared, Failure> {
    let wrong = |error: &NotebookError| file::about(path, |language| error.in_words(language));
    let file = File::open(path).map_err(|error| wrong(&error))?;
    let owner = owner(source, &file, wish, path)?;
    let told_year = wish.year.or(source.year()).or_else(|| file.year());
    let habits = wish.habits.clone().with_remembered(source, &owner, path).await?;
    let own_names = own_names(source, &owner);
    let members = source.folded_members(&owner);
    let is_member = |text: &str| members.contains(&fold(text));
    let hints =
        Hints { year: told_year, own_names: &own_names, is_member: &is_member, mappings: &habits.mappings, language };
    let read = file.read(&hints).map_err(|error| wrong(&error))?;
    let year = year(told_year, &read.notebook, source, path)?;
    let ours = source.accounts(&owner, year, span(&read.notebook)).await?;
    let aliases = aliases(&habits, &ours)?;
    let options = Options { days: wish.days, year, aliases };
    let result = reconcile(&ours.accounts, &read.notebook, &options);
    let mut notes = read.notes.clone();
    notes.extend(habits.note(language));
    Ok(Compared { year, ours, read, result, notes })
}

/// Whose notebook it is: as somebody said, else as its titles or its name tell.
fn owner(source: &Source, file: &File, wish: &Wish, path: &Path) -> Result<String, Failure> {
    if let Some(wanted) = &wish.association {
        return source.owner(wanted);
    }
    if let Source::File { accounts, .. } = source {
        return Ok(accounts.association.name.clone());
    }
    let owners = source.owners();
    let told = file.association(owners.iter().map(String::as_str));
    told.ok_or_else(|| {
        file::about(path, |language| {
            language
                .pick(
                    "rien ne dit à quelle association est ce carnet ; ajoutez --association NOM",
                    "nothing says which association this notebook belongs to; add --association NAME",
                )
                .to_owned()
        })
    })
    .and_then(|name| source.owner(name))
}

fn own_names(source: &Source, owner: &str) -> Vec<String> {
    let of_session = source.session().and_then(|session| session.registry.association_named(owner));
    match (of_session, source) {
        (Some(association), _) => association.names.iter().map(|dated| dated.name.clone()).collect(),
        (None, Source::File { accounts, .. }) => {
            accounts.association.former_names.iter().chain([&accounts.association.name]).cloned().collect()
        }
        (None, Source::Database(_)) => vec![owner.to_owned()],
    }
}

/// The year: as somebody said, else the one that most lines are in. A notebook of quite another year is refused.
fn year(told: Option<i32>, notebook: &Notebook, source: &Source, path: &Path) -> Result<Year, Failure> {
    let mut years: HashMap<i32, usize> = HashMap::new();
    for line in &notebook.lines {
        *years.entry(line.date.first_day().year()).or_default() += 1;
    }
    let most = years.iter().max_by_key(|(year, lines)| (**lines, **year)).map(|(year, _)| *year);
    let year = told.or(most).or_else(|| source.session().map(|session| session.today().year()));
    let year = year.ok_or_else(|| file::about(path, |language| no_lines(language).to_owned()))?;
    if let Some(most) = most.filter(|_| !years.contains_key(&year)) {
        return Err(file::about(path, |language| {
            language.pick(
                format!("ce carnet est de {most}, aucune de ses lignes n'est de {year} ; essayez --year {most}"),
                format!("this notebook is of {most}, none of its lines is of {year}; try --year {most}"),
            )
        }));
    }
    Ok(Year(year))
}

fn no_lines(language: Language) -> &'static str {
    language.pick("aucune ligne lisible ; dites l'exercice avec --year", "no readable line; say the year with --year")
}

/// The first and last day that the lines speak of.
fn span(notebook: &Notebook) -> Option<(NaiveDate, NaiveDate)> {
    let days = || notebook.lines.iter().map(|line| line.date.first_day());
    Some((days().min()?, days().max()?))
}

fn aliases(habits: &Habits, ours: &Ours) -> Result<Vec<(String, u32)>, Failure> {
    let place = |meant: &str| {
        let bears = |name: &String| fold(name) == fold(meant);
        let members = (0_u32..).zip(&ours.accounts.members);
        let mut named = members.filter(|(_, party)| bears(&party.name) || party.former_names.iter().any(bears));
        named.next().map(|(place, _)| place)
    };
    let aliases = habits.aliases.iter().map(|(written, meant)| match place(meant) {
        Some(place) => Ok((written.clone(), place)),
        None => Err(Failure::said(
            format!("--alias : personne ne s'appelle « {meant} » dans le réseau"),
            format!("--alias: nobody in the network is called “{meant}”"),
        )),
    });
    aliases.collect()
}
