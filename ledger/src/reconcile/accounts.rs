//! What the ledger says about one association: what a notebook is held against.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    Minutes,
    account::PostingKind,
    exchange::Side,
    lines::{self, LinesError, Party},
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
    /// The exchanges that stand in its accounts, those that wait to, and those that stood there and were reversed.
    pub exchanges: Vec<Known>,
}

/// How an exchange stands in the accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It stands there: both sides agreed.
    Confirmed,
    /// One side has said so, and the other has not answered.
    Proposed,
    /// The other side disagrees: a mediator settles it.
    Contested,
    /// Both agree, and a limit stands against it: the network decides.
    Held,
    /// It stood there until this day.
    Reversed(NaiveDate),
}

impl Standing {
    /// Whether somebody still has to act before it stands in the accounts.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Contested | Self::Held)
    }
}

/// An exchange that the ledger knows of, seen from one of its sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// How it stands in the accounts.
    pub standing: Standing,
    /// The exchange in whose place it was recorded.
    pub replaces: Option<i64>,
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
    exchanges: Vec<Known>,
    /// What was reversed, and the day on which that was booked.
    reversed: HashMap<i64, NaiveDate>,
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
                self.reversed.insert(record.number(5)?, record.date(8)?);
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
        self.exchanges.push(Known {
            standing: Standing::Confirmed,
            replaces: None,
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
        for exchange in &mut self.exchanges {
            if let Some(day) = self.reversed.get(&exchange.exchange) {
                exchange.standing = Standing::Reversed(*day);
            }
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
pub(super) fn index(place: u32) -> usize {
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
