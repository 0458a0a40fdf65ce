//! One notebook: read it, find out whose it is and of which year, compare it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use ledger::{
    Language,
    name::fold,
    reconcile::{Notebook, Options, Reconciliation, reconcile},
    year::Year,
};

use super::{
    against::{Against, Ours},
    habits::{Alias, Habits},
};
use crate::{
    cells::WorkbookReader,
    error::FileError,
    notebook::{File, Hints, Mapping, Preview, ReadNotebook},
    remedy::Remedies,
};

/// What is asked of a comparison.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Whose notebook it is, where somebody says so.
    pub association: Option<String>,
    /// Of which year, where somebody says so.
    pub year: Option<i32>,
    /// Which sheets of a workbook are to be read; all, where none is said.
    pub sheets: Vec<String>,
    /// How many days a date may be away.
    pub days: u16,
    /// What is said of its columns and names now.
    pub habits: Habits,
    /// The words of what would help.
    pub remedies: Remedies,
    /// What reads workbooks.
    pub workbooks: WorkbookReader,
}

/// A notebook, compared.
#[derive(Debug)]
pub struct Compared {
    /// The year that was compared.
    pub year: Year,
    /// What the ledger says.
    pub ours: Ours,
    /// What the notebook says.
    pub read: ReadNotebook,
    /// What stands for what.
    pub result: Reconciliation,
    /// What is worth knowing about the whole.
    pub notes: Vec<String>,
}

/// Why a notebook could not be compared.
#[derive(Debug)]
pub enum CompareError {
    /// Nothing says to which association it belongs.
    NoOwner(PathBuf),
    /// No line can be read, and nobody said which year is meant.
    NoYear(PathBuf),
    /// None of its lines is of the year that is asked for.
    OtherYear {
        /// The notebook.
        path: PathBuf,
        /// The year that most of its lines are of.
        most: i32,
        /// The year that is asked for.
        asked: i32,
    },
    /// A name was said to stand for a member that nobody knows.
    NobodyCalled(String),
    /// A file or the database.
    File(FileError),
}

impl CompareError {
    /// What is wrong, in a sentence without a stop.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::NoOwner(path) => {
                let path = path.display();
                language.pick(
                    format!("{path} : rien ne dit à quelle association est ce carnet"),
                    format!("{path}: nothing says which association this notebook belongs to"),
                )
            }
            Self::NoYear(path) => {
                let path = path.display();
                language.pick(format!("{path} : aucune ligne lisible"), format!("{path}: no readable line"))
            }
            Self::OtherYear { path, most, asked } => {
                let path = path.display();
                language.pick(
                    format!("{path} : ce carnet est de {most}, aucune de ses lignes n'est de {asked}"),
                    format!("{path}: this notebook is of {most}, none of its lines is of {asked}"),
                )
            }
            Self::NobodyCalled(name) => language.pick(
                format!("personne ne s'appelle « {name} » dans le réseau"),
                format!("nobody in the network is called “{name}”"),
            ),
            Self::File(error) => error.in_words(language),
        }
    }
}

impl From<FileError> for CompareError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// Compares a notebook with the ledger.
pub async fn compare(
    against: &Against,
    path: &Path,
    wish: &Wish,
    language: Language,
) -> Result<Compared, CompareError> {
    let file = File::open(path, &wish.workbooks);
    let file = file.map_err(|error| FileError::about(path, |language| error.in_words(language, wish.remedies)))?;
    compare_file(against, &file, path, wish, language).await
}

/// Compares a notebook whose cells are had already.
pub async fn compare_file(
    against: &Against,
    file: &File,
    path: &Path,
    wish: &Wish,
    language: Language,
) -> Result<Compared, CompareError> {
    let reader = Reader::new(against, file, path, wish, language).await?;
    let mut notes = Vec::new();
    let Taken { read, habits, is_remembered_left } = reader.read()?;
    if is_remembered_left {
        notes.push(
            language
                .pick(
                    "réglages retenus d'un autre carnet laissés de côté : ils ne vont pas avec celui-ci",
                    "settings remembered of another notebook left aside: they do not fit this one",
                )
                .to_owned(),
        );
    }
    let year = year(reader.told_year, &read.notebook, against, path)?;
    let ours = against.accounts(&reader.owner, year, span(&read.notebook)).await?;
    let aliases = aliases(&habits, &ours)?;
    let options = Options { days: wish.days, year, aliases };
    let result = reconcile(&ours.accounts, &read.notebook, &options);
    notes.splice(0..0, read.notes.clone());
    notes.extend(habits.notes(language, &|mapping| file.has_column(mapping)));
    Ok(Compared { year, ours, read, result, notes })
}

/// How a notebook is read, or would be, for somebody to look it over.
pub async fn look_over(
    against: &Against,
    file: &File,
    path: &Path,
    wish: &Wish,
    language: Language,
) -> Result<Vec<Preview>, CompareError> {
    let reader = Reader::new(against, file, path, wish, language).await?;
    let mappings = match reader.read() {
        Ok(taken) => taken.habits.mappings,
        Err(_) => reader.habits.without_remembered().mappings,
    };
    Ok(file.previews(&reader.hints(&mappings, &|text| reader.members.contains(&fold(text)))))
}

/// What a notebook is read with.
struct Reader<'a> {
    file: &'a File,
    path: &'a Path,
    wish: &'a Wish,
    language: Language,
    owner: String,
    habits: Habits,
    own_names: Vec<String>,
    members: HashSet<String>,
    member_names: Vec<String>,
    told_year: Option<i32>,
}

/// A notebook, read.
struct Taken {
    read: ReadNotebook,
    /// What was said of its columns and names, as far as it helped to read it.
    habits: Habits,
    /// Whether what is remembered was left aside.
    is_remembered_left: bool,
}

impl<'a> Reader<'a> {
    async fn new(
        against: &Against,
        file: &'a File,
        path: &'a Path,
        wish: &'a Wish,
        language: Language,
    ) -> Result<Self, CompareError> {
        let owner = owner(against, file, wish, path)?;
        let habits = wish.habits.clone().with_remembered(against, &owner, path).await?;
        let own_names = own_names(against, &owner);
        let members = against.folded_members(&owner);
        let member_names: Vec<String> = members.iter().cloned().collect();
        let told_year = wish.year.or(against.year()).or_else(|| file.year(&own_names, &member_names));
        Ok(Self { file, path, wish, language, owner, habits, own_names, members, member_names, told_year })
    }

    fn hints<'h>(&'h self, mappings: &'h [Mapping], is_member: &'h dyn Fn(&str) -> bool) -> Hints<'h> {
        Hints {
            year: self.told_year.or_else(|| self.file.only_year()),
            own_names: &self.own_names,
            is_member,
            members: &self.member_names,
            mappings,
            sheets: &self.wish.sheets,
            language: self.language,
            remedies: self.wish.remedies,
        }
    }

    fn read(&self) -> Result<Taken, CompareError> {
        let is_member = |text: &str| self.members.contains(&fold(text));
        let read = |habits: &Habits| self.file.read(&self.hints(&habits.mappings, &is_member));
        let error = match read(&self.habits) {
            Ok(read) => return Ok(Taken { read, habits: self.habits.clone(), is_remembered_left: false }),
            Err(error) => error,
        };
        // What was said of another notebook must not keep this one from being read.
        let habits = self.habits.without_remembered();
        let again = if habits == self.habits { None } else { read(&habits).ok() };
        let wrong = || FileError::about(self.path, |language| error.in_words(language, self.wish.remedies));
        Ok(Taken { read: again.ok_or_else(wrong)?, habits, is_remembered_left: true })
    }
}

/// Whose notebook it is: as somebody said, else as its titles or its name tell.
fn owner(against: &Against, file: &File, wish: &Wish, path: &Path) -> Result<String, CompareError> {
    if let Some(wanted) = &wish.association {
        return Ok(against.owner(wanted)?);
    }
    if let Against::Lines { accounts, .. } = against {
        return Ok(accounts.association.name.clone());
    }
    let owners = against.owners();
    let told = file.association(owners.iter().map(String::as_str));
    match told {
        Some(name) => Ok(against.owner(name)?),
        None => Err(CompareError::NoOwner(path.to_owned())),
    }
}

fn own_names(against: &Against, owner: &str) -> Vec<String> {
    let of_network = against.network().and_then(|open| open.registry.association_named(owner));
    match (of_network, against) {
        (Some(association), _) => association.names.iter().map(|dated| dated.name.clone()).collect(),
        (None, Against::Lines { accounts, .. }) => {
            accounts.association.former_names.iter().chain([&accounts.association.name]).cloned().collect()
        }
        (None, Against::Database(_)) => vec![owner.to_owned()],
    }
}

/// The year: as somebody said, else the one that most lines are in. A notebook of quite another year is refused.
fn year(told: Option<i32>, notebook: &Notebook, against: &Against, path: &Path) -> Result<Year, CompareError> {
    let mut years: HashMap<i32, usize> = HashMap::new();
    for line in &notebook.lines {
        *years.entry(line.date.first_day().year()).or_default() += 1;
    }
    let most = years.iter().max_by_key(|(year, lines)| (**lines, **year)).map(|(year, _)| *year);
    let year = told.or(most).or_else(|| against.network().map(|open| open.today().year()));
    let year = year.ok_or_else(|| CompareError::NoYear(path.to_owned()))?;
    match most.filter(|_| !years.contains_key(&year)) {
        Some(most) => Err(CompareError::OtherYear { path: path.to_owned(), most, asked: year }),
        None => Ok(Year(year)),
    }
}

/// The first and last day that the lines speak of.
fn span(notebook: &Notebook) -> Option<(NaiveDate, NaiveDate)> {
    let days = || notebook.lines.iter().map(|line| line.date.first_day());
    Some((days().min()?, days().max()?))
}

fn aliases(habits: &Habits, ours: &Ours) -> Result<Vec<(String, u32)>, CompareError> {
    let place = |meant: &str| {
        let bears = |name: &String| fold(name) == fold(meant);
        let members = (0_u32..).zip(&ours.accounts.members);
        let mut named = members.filter(|(_, party)| bears(&party.name) || party.former_names.iter().any(bears));
        named.next().map(|(place, _)| place)
    };
    let aliases = habits.aliases.iter().filter_map(|Alias { written, meant, is_remembered }| match place(meant) {
        Some(place) => Some(Ok((written.clone(), place))),
        None if *is_remembered => None,
        None => Some(Err(CompareError::NobodyCalled(meant.clone()))),
    });
    aliases.collect()
}
