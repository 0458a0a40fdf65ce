//! An association's own notebook against the ledger, line by line.
//!
//! Three questions, in this order: whose name is this (`names`), how far is this line from that exchange
//! (`cost`), and which lines belong to which exchanges when all are looked at together (`matching`). Nothing here
//! reads a file or a database: lines come in as values, findings go out as values, and `words` says them.
//!
//! What agrees in everything is paired first. The rest is paired one to one at the least total cost, so that no line
//! takes an exchange that another line needs more. The result does not depend on the order of the lines.

mod assignment;
mod cost;
mod matching;
mod names;
mod sums;
mod words;

use std::collections::HashMap;

use chrono::NaiveDate;

pub use matching::reconcile;
pub use names::{Certainty, ResolvedName, Resolver};
pub use words::{Wording, date_in_words};

use crate::{
    Identifier, Minutes,
    account::PostingKind,
    exchange::Side,
    lines::{self, LinesError, Party},
    text_enum::text_enum,
    year::Year,
};

/// What the ledger says about one association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Whose accounts these are.
    pub association: Party,
    /// Everybody else in the network.
    pub members: Vec<Party>,
    /// The catalogue of skills, as far as these exchanges use it.
    pub skills: Vec<String>,
    /// The exchanges that stand in its accounts.
    pub exchanges: Vec<Confirmed>,
}

/// An exchange that both sides agreed on, seen from one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// What people call it.
    pub reference: Box<str>,
    /// The ledger's number for it.
    pub exchange: i64,
    /// The other association: its place in [`Accounts::members`].
    pub partner: u32,
    /// The side of the association whose accounts these are.
    pub side: Side,
    /// When help was given.
    pub date: NaiveDate,
    /// Person-minutes.
    pub minutes: Minutes,
    /// Its place in [`Accounts::skills`].
    pub skill: Option<u32>,
}

impl Accounts {
    /// Reads an association's own file of a year.
    ///
    /// # Errors
    /// When the file is another one, damaged or cut short.
    pub fn from_lines_file(text: &str) -> Result<(Year, Self), LinesError> {
        let mut reader = FileReader::default();
        for record in lines::records(text)? {
            reader.take(&record?)?;
        }
        reader.finish()
    }
}

/// Puts accounts together from the records of a file. Members come after the lines that name them.
#[derive(Debug, Default)]
struct FileReader {
    year: Option<Year>,
    association: Option<Party>,
    is_closed: bool,
    members: Vec<Party>,
    /// Partners by name, in the order in which the lines first name them.
    partners: HashMap<String, u32>,
    skills: HashMap<String, u32>,
    exchanges: Vec<Confirmed>,
    reversed: Vec<i64>,
}

impl FileReader {
    fn take(&mut self, record: &lines::Record<'_>) -> Result<(), LinesError> {
        match record.record() {
            "year" => {
                let year = record.cells[1].parse().map_err(|_| record.damaged(1))?;
                self.year = Some(Year(year));
            }
            "association" => self.association = Some(record.party()?),
            "line" => self.line(record)?,
            "closing" => self.is_closed = true,
            "member" => self.members.push(record.party()?),
            "network" | "opening" => {}
            _ => return Err(record.damaged(0)),
        }
        Ok(())
    }

    fn line(&mut self, record: &lines::Record<'_>) -> Result<(), LinesError> {
        let kind = PostingKind::try_from(record.cells[9].as_ref()).map_err(|_| record.damaged(9))?;
        let side = match kind {
            PostingKind::Given => Side::Giver,
            PostingKind::Received => Side::Receiver,
            PostingKind::Correction if !record.cells[5].is_empty() => {
                self.reversed.push(record.number(5)?);
                return Ok(());
            }
            PostingKind::Correction
            | PostingKind::GiftIn
            | PostingKind::GiftOut
            | PostingKind::DuesIn
            | PostingKind::DuesOut
            | PostingKind::GrantIn
            | PostingKind::GrantOut
            | PostingKind::Opening
            | PostingKind::Departure
            | PostingKind::Merger
            | PostingKind::Operational
            | PostingKind::Governance
            | PostingKind::Supervision
            | PostingKind::Employee
            | PostingKind::SkillsSponsorship
            | PostingKind::CivicService => return Ok(()),
        };
        let exchange = record.number(5)?;
        let reference = match record.cells[6].as_ref() {
            "" => exchange.to_string().into(),
            reference => reference.into(),
        };
        let skill = Some(record.cells[12].as_ref()).filter(|skill| !skill.is_empty());
        let minutes = Minutes::new(record.number(10)?);
        let minutes = if minutes.is_negative() { minutes.checked_neg() } else { Some(minutes) };
        self.exchanges.push(Confirmed {
            reference,
            exchange,
            partner: place_of(&mut self.partners, &record.cells[1]),
            side,
            date: record.date(7)?,
            minutes: minutes.ok_or_else(|| record.damaged(10))?,
            skill: skill.map(|skill| place_of(&mut self.skills, skill)),
        });
        Ok(())
    }

    fn finish(mut self) -> Result<(Year, Accounts), LinesError> {
        let (Some(year), Some(association), true) = (self.year, self.association, self.is_closed) else {
            return Err(LinesError::Truncated);
        };
        if !self.reversed.is_empty() {
            self.reversed.sort_unstable();
            let reversed = &self.reversed;
            self.exchanges.retain(|exchange| reversed.binary_search(&exchange.exchange).is_err());
        }
        // Partners first, under the numbers that the lines know them by; then those that no line names.
        let mut members =
            vec![Party { name: String::new(), former_names: vec![], identifiers: vec![] }; self.partners.len()];
        let mut others = Vec::new();
        for member in self.members {
            match self.partners.get(&member.name) {
                Some(place) => members[index(*place)] = member,
                None => others.push(member),
            }
        }
        for (name, place) in &self.partners {
            members[index(*place)].name.clone_from(name);
        }
        members.extend(others);
        let mut skills = vec![String::new(); self.skills.len()];
        for (skill, place) in self.skills {
            skills[index(place)] = skill;
        }
        Ok((year, Accounts { association, members, skills, exchanges: self.exchanges }))
    }
}

/// A place as an index. Places are kept in 32 bits, since a notebook and its ledger may have millions of them.
pub(crate) fn index(place: u32) -> usize {
    usize::try_from(place).expect("memory that holds a notebook is addressed with more than 16 bits")
}

fn place_of(places: &mut HashMap<String, u32>, name: &str) -> u32 {
    if let Some(place) = places.get(name) {
        return *place;
    }
    let place = u32::try_from(places.len()).unwrap_or(u32::MAX);
    places.insert(name.to_owned(), place);
    place
}

/// A notebook, read into values. Names and skills stand once each, since a notebook repeats them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notebook {
    /// Its lines, in any order.
    pub lines: Vec<NotebookLine>,
    /// The partners as it writes them.
    pub names: Vec<WrittenName>,
    /// The skills as it writes them.
    pub skills: Vec<String>,
}

/// What a line of a notebook says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotebookLine {
    /// Where it stands in the notebook; explanations name it.
    pub row: u64,
    /// The partner: its place in [`Notebook::names`].
    pub name: u32,
    /// When.
    pub date: LineDate,
    /// Given or received, if the notebook says so.
    pub side: Option<Side>,
    /// Person-minutes.
    pub minutes: Minutes,
    /// Its place in [`Notebook::skills`].
    pub skill: Option<u32>,
}

/// When a line says that help was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineDate {
    /// On a day.
    Day(NaiveDate),
    /// Some time in the month that begins on this day.
    Month(NaiveDate),
}

impl LineDate {
    /// The day, or the first day of the month.
    pub const fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(day) | Self::Month(day) => day,
        }
    }
}

/// A partner as a notebook writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WrittenName {
    /// The name.
    pub text: String,
    /// The identifier in a column of its own.
    pub identifier: Option<Identifier>,
}

/// How a notebook is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many days a line may be away from its exchange.
    pub days: u16,
    /// The exchanges of this year ought to be in the notebook.
    pub year: Year,
    /// Names that somebody has confirmed, and the member each stands for.
    pub aliases: Vec<(String, u32)>,
}

text_enum! {
    /// What became of a line.
    pub enum Finding {
        /// The ledger says the same.
        Matched => "matched",
        /// The ledger has other minutes.
        AmountDiffers => "amount_differs",
        /// The ledger has another day.
        DateDiffers => "date_differs",
        /// What one says was given, the other says was received.
        DirectionDiffers => "direction_differs",
        /// The notebook has it twice, the ledger once.
        Duplicate => "duplicate",
        /// The ledger has nothing like it.
        MissingInLedger => "missing_in_ledger",
        /// Nobody can tell which association is meant.
        AmbiguousPartner => "ambiguous_partner",
        /// The line cannot be read.
        Unreadable => "unreadable",
        /// A title, a header, a total or a blank line.
        Ignored => "ignored",
    }
}

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFinding {
    /// What it is.
    pub finding: Finding,
    /// The exchange it belongs to, or that its twin belongs to: its place in [`Accounts::exchanges`].
    pub exchange: Option<u32>,
    /// The other exchanges that a line adds up, when it stands for several.
    pub others: Vec<u32>,
    /// For a duplicate, the place of the line that says the same.
    pub twin: Option<u32>,
    /// The members that may be meant when that matters, with an exchange that would fit.
    pub candidates: Vec<(u32, Option<u32>)>,
}

/// What became of a notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// One finding for each line of the notebook, in its order.
    pub lines: Vec<LineFinding>,
    /// The year's exchanges that no line stands for, by date.
    pub missing_in_file: Vec<u32>,
    /// Who each written name is taken for.
    pub names: Vec<ResolvedName>,
    /// Which skill of the ledger each written skill is.
    pub skills: Vec<Option<u32>>,
}

#[cfg(test)]
mod tests;
