//! An association's own lines of a year: every movement of its account, in the order of recording, in a file that it
//! can take home.
//!
//! The file is what `reconcile` compares a notebook with where there is no database, and what a statement seals with
//! a digest. So its bytes depend on the acts alone, and on the members as they were when the year was closed: asked
//! for again later, it is the same file. It leaves out remarks and states, which can be erased or change.
//!
//! UTF-8 with a byte order mark, `;` between cells, lines ended by CR LF: what spreadsheets open without a question.
//! The first cell of a line says what it is: `network`, `year`, `association`, `opening`, `line`, `closing`,
//! `member`. Minutes are signed as they move the account: help given adds, help received takes away.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    ActNumber, ExchangeNumber, Identifier, IdentifierKind, Language, Minutes, account::PostingKind,
    association::Association, year::Year,
};

/// The names of the columns: the file's first line.
pub const HEADER: [&str; 13] = [
    "record",
    "name",
    "identifiers",
    "former_names",
    "act",
    "exchange",
    "reference",
    "date",
    "booked",
    "kind",
    "minutes",
    "balance",
    "skill",
];

/// What stands between several names or identifiers in one cell.
const BETWEEN: &str = " | ";

/// An association as others know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// Names that it bore before.
    pub former_names: Vec<String>,
    /// Its registrations.
    pub identifiers: Vec<Identifier>,
}

impl Party {
    /// An association with all the names it ever had.
    pub fn now(association: &Association) -> Self {
        Self {
            name: association.name().to_owned(),
            former_names: association.former_names().map(str::to_owned).collect(),
            identifiers: association.identifiers.clone(),
        }
    }

    /// An association under the name that it bore at the end of a year; later names are left out.
    pub fn at_the_end_of(association: &Association, year: Year) -> Self {
        let names = &association.names;
        let is_later = |since: Option<NaiveDate>| since.is_some_and(|since| Year::of(since) > year);
        let later = names.iter().rev().take_while(|dated| is_later(dated.since)).count();
        // Somebody who joined later has no earlier name that counted.
        let known = names.len().saturating_sub(later).max(1).min(names.len());
        let (former, current) = match names.get(..known).unwrap_or_default() {
            [former @ .., current] => (former, current.name.clone()),
            [] => (&[][..], String::new()),
        };
        Self {
            name: current,
            former_names: former.iter().map(|dated| dated.name.clone()).collect(),
            identifiers: association.identifiers.clone(),
        }
    }
}

/// A movement of the association's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The act that posted it.
    pub act: ActNumber,
    /// The exchange it belongs to, if it is help or its reversal.
    pub exchange: Option<ExchangeNumber>,
    /// What people call that exchange.
    pub reference: Option<String>,
    /// When help was given.
    pub service_date: Option<NaiveDate>,
    /// The day it counts under.
    pub booked: NaiveDate,
    /// Why the account moved.
    pub kind: PostingKind,
    /// The association on the other side; none for the fund and for balances brought in.
    pub partner: Option<String>,
    /// By how much.
    pub minutes: Minutes,
    /// The exchange's skill.
    pub skill: Option<String>,
}

/// All that the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociationLines {
    /// The network's name.
    pub network: String,
    /// The network's name outside of any database.
    pub network_uuid: Uuid,
    /// The year, by booking date.
    pub year: Year,
    /// Whose lines these are.
    pub association: Party,
    /// The balance before the year.
    pub opening: Minutes,
    /// The year's movements, in the order of recording.
    pub lines: Vec<Line>,
    /// The other members, in the order in which they joined.
    pub members: Vec<Party>,
}

impl AssociationLines {
    /// The balance at the end of the year; `None` if it leaves the range of [`Minutes`] on the way.
    pub fn closing(&self) -> Option<Minutes> {
        self.lines.iter().try_fold(self.opening, |balance, line| balance.checked_add(line.minutes))
    }

    /// The file's bytes: the same for the same acts. `None` where a balance leaves the range of [`Minutes`].
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let mut file = String::from("\u{feff}");
        row(&mut file, HEADER);
        about(&mut file, "network", &self.network, &self.network_uuid.to_string());
        about(&mut file, "year", &self.year.to_string(), "");
        party(&mut file, "association", &self.association);
        balance(&mut file, "opening", self.opening);
        let mut running = self.opening;
        for line in &self.lines {
            running = running.checked_add(line.minutes)?;
            line.write(&mut file, running);
        }
        balance(&mut file, "closing", running);
        for member in &self.members {
            party(&mut file, "member", member);
        }
        Some(file.into_bytes())
    }
}

impl Line {
    fn write(&self, file: &mut String, balance: Minutes) {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        fn text(text: Option<&String>) -> &str {
            text.map_or("", String::as_str)
        }
        row(
            file,
            [
                "line",
                text(self.partner.as_ref()),
                "",
                "",
                &self.act.to_string(),
                &number(self.exchange.map(|exchange| exchange.0)),
                text(self.reference.as_ref()),
                &date(self.service_date),
                &self.booked.to_string(),
                self.kind.as_str(),
                &self.minutes.get().to_string(),
                &balance.get().to_string(),
                text(self.skill.as_ref()),
            ],
        );
    }
}

fn about(file: &mut String, record: &str, name: &str, identifiers: &str) {
    row(file, [record, name, identifiers, "", "", "", "", "", "", "", "", "", ""]);
}

fn party(file: &mut String, record: &str, party: &Party) {
    let identifiers: Vec<_> =
        party.identifiers.iter().map(|identifier| format!("{} {}", identifier.kind(), identifier.value())).collect();
    let (identifiers, former) = (identifiers.join(BETWEEN), party.former_names.join(BETWEEN));
    row(file, [record, &party.name, &identifiers, &former, "", "", "", "", "", "", "", "", ""]);
}

fn balance(file: &mut String, record: &str, minutes: Minutes) {
    row(file, [record, "", "", "", "", "", "", "", "", "", "", &minutes.get().to_string(), ""]);
}

fn row(file: &mut String, cells: [&str; 13]) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            file.push(';');
        }
        let needs_quotes = cell.contains([';', '"', '\r', '\n']) || cell.trim() != cell;
        if needs_quotes {
            let _ = write!(file, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            file.push_str(cell);
        }
    }
    file.push_str("\r\n");
}

/// One record of a file, its cells borrowed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// The line of the file, from 1, where it starts.
    pub line: u64,
    /// As many cells as [`HEADER`] has.
    pub cells: [Cow<'a, str>; 13],
}

/// Why a file is not an association's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinesError {
    /// It does not begin as such a file does.
    AnotherFile,
    /// A line is damaged, or was changed by hand.
    Damaged {
        /// Which line of the file.
        line: u64,
        /// The column that cannot be read.
        column: &'static str,
    },
    /// It ends before its closing balance.
    Truncated,
}

impl LinesError {
    /// What was found and what would fit: a clause to put after the file's name.
    pub fn in_words(&self, language: Language) -> String {
        let (french, english) = match self {
            Self::AnotherFile => (
                "ce n'est pas un export des lignes d'une association".to_owned(),
                "this is no export of an association's lines".to_owned(),
            ),
            Self::Damaged { line, column } => (
                format!("la ligne {line} est abîmée, colonne « {column} » ; demandez le fichier de nouveau au réseau"),
                format!("line {line} is damaged, column “{column}”; ask the network for the file again"),
            ),
            Self::Truncated => (
                "le fichier s'arrête trop tôt ; demandez-le de nouveau au réseau".to_owned(),
                "the file ends too early; ask the network for it again".to_owned(),
            ),
        };
        language.pick(french, english)
    }
}

/// Reads a file's records, its header left out, one after the other.
///
/// # Errors
/// [`LinesError::AnotherFile`] when the header is another one.
pub fn records(text: &str) -> Result<Records<'_>, LinesError> {
    let mut records = Records { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    match records.next() {
        Some(Ok(header)) if header.cells.iter().map(AsRef::as_ref).eq(HEADER) => Ok(records),
        _ => Err(LinesError::AnotherFile),
    }
}

/// The records of a file.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    rest: &'a str,
    line: u64,
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, LinesError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut cells = [const { Cow::Borrowed("") }; 13];
        let last = cells.len().saturating_sub(1);
        for (index, (cell, column)) in cells.iter_mut().zip(HEADER).enumerate() {
            let end = if index == last { '\n' } else { ';' };
            match self.cell(end) {
                Some(read) => *cell = read,
                None => {
                    self.rest = "";
                    return Some(Err(LinesError::Damaged { line, column }));
                }
            }
        }
        self.line = self.line.saturating_add(1);
        Some(Ok(Record { line, cells }))
    }
}

impl<'a> Records<'a> {
    /// Takes the next cell and the sign that must end it.
    fn cell(&mut self, end: char) -> Option<Cow<'a, str>> {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let at = self.rest.bytes().position(|byte| byte == b';' || byte == b'\n');
            let (cell, rest) = match at {
                Some(at) => (self.rest.get(..at)?, self.rest.get(at..)?.strip_prefix(end)?),
                None if end == '\n' => (self.rest, ""),
                None => return None,
            };
            self.rest = rest;
            return Some(Cow::Borrowed(if end == '\n' { cell.strip_suffix('\r').unwrap_or(cell) } else { cell }));
        };
        let mut from = 0_usize;
        let close = loop {
            let quote = quoted.get(from..)?.find('"')?.checked_add(from)?;
            if quoted.get(quote..)?.starts_with("\"\"") {
                from = quote.checked_add(2)?;
            } else {
                break quote;
            }
        };
        let (inside, after) = (quoted.get(..close)?, quoted.get(close..)?.strip_prefix('"')?);
        let after = if end == '\n' { after.strip_prefix('\r').unwrap_or(after) } else { after };
        self.rest = after.strip_prefix(end).or((end == '\n' && after.is_empty()).then_some(""))?;
        let newlines = inside.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self.line.saturating_add(u64::try_from(newlines).unwrap_or_default());
        Some(if inside.contains('"') { inside.replace("\"\"", "\"").into() } else { inside.into() })
    }
}

impl Record<'_> {
    /// What kind of record it is.
    pub fn record(&self) -> &str {
        &self.cells[0]
    }

    /// The association or member that it describes.
    ///
    /// # Errors
    /// When an identifier is not one.
    pub fn party(&self) -> Result<Party, LinesError> {
        let listed = |cell: usize| self.cells[cell].split(BETWEEN).filter(|item| !item.is_empty());
        let identifier = |text: &str| {
            let (kind, value) = text.split_once(' ')?;
            Identifier::from_parts(IdentifierKind::try_from(kind).ok()?, value).ok()
        };
        Ok(Party {
            name: self.cells[1].to_string(),
            former_names: listed(3).map(str::to_owned).collect(),
            identifiers: listed(2).map(identifier).collect::<Option<_>>().ok_or_else(|| self.damaged(2))?,
        })
    }

    /// A cell that holds a whole number.
    ///
    /// # Errors
    /// When it does not.
    pub fn number(&self, cell: usize) -> Result<i64, LinesError> {
        self.cells[cell].parse().map_err(|_| self.damaged(cell))
    }

    /// A cell that holds a date.
    ///
    /// # Errors
    /// When it does not.
    pub fn date(&self, cell: usize) -> Result<NaiveDate, LinesError> {
        self.cells[cell].parse().map_err(|_| self.damaged(cell))
    }

    /// Says that a cell cannot be read.
    pub fn damaged(&self, cell: usize) -> LinesError {
        LinesError::Damaged { line: self.line, column: HEADER.get(cell).copied().unwrap_or("record") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AssociationNumber,
        association::{AssociationKind, DatedName, MembershipState},
    };

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn lines() -> AssociationLines {
        AssociationLines {
            network: "Entraide ; du pays".to_owned(),
            network_uuid: Uuid::from_u128(7),
            year: Year(2025),
            association: Party { name: "Chorale".to_owned(), former_names: vec![], identifiers: vec![] },
            opening: Minutes::new(-30),
            lines: vec![Line {
                act: ActNumber(9),
                exchange: Some(ExchangeNumber(9)),
                reference: Some("A-1".to_owned()),
                service_date: Some(day(2025, 3, 1)),
                booked: day(2025, 3, 2),
                kind: PostingKind::Given,
                partner: Some("Les \"Amis\"".to_owned()),
                minutes: Minutes::new(120),
                skill: Some("Couture".to_owned()),
            }],
            members: vec![Party {
                name: "Les \"Amis\"".to_owned(),
                former_names: vec!["Les Copains".to_owned(), "La Bande".to_owned()],
                identifiers: vec![Identifier::from_parts(IdentifierKind::Siren, "116979006").unwrap()],
            }],
        }
    }

    #[test]
    fn the_bytes_of_a_file_are_fixed() {
        let bytes = lines().to_bytes().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"));
        insta::assert_snapshot!(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"), @r#"
        record;name;identifiers;former_names;act;exchange;reference;date;booked;kind;minutes;balance;skill
        network;"Entraide ; du pays";00000000-0000-0000-0000-000000000007;;;;;;;;;;
        year;2025;;;;;;;;;;;
        association;Chorale;;;;;;;;;;;
        opening;;;;;;;;;;;-30;
        line;"Les ""Amis""";;;9;9;A-1;2025-03-01;2025-03-02;given;120;90;Couture
        closing;;;;;;;;;;;90;
        member;"Les ""Amis""";siren 116979006;Les Copains | La Bande;;;;;;;;;
        "#);
    }

    #[test]
    fn a_file_reads_back() {
        let text = String::from_utf8(lines().to_bytes().unwrap()).unwrap();
        let read: Vec<_> = records(&text).unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(
            read.iter().map(Record::record).collect::<Vec<_>>(),
            ["network", "year", "association", "opening", "line", "closing", "member"]
        );
        assert_eq!(read[6].party().unwrap(), lines().members[0]);
        assert_eq!((read[4].line, read[4].number(10), read[4].date(7)), (6, Ok(120), Ok(day(2025, 3, 1))));
        assert_eq!(records("date;heures\n").unwrap_err(), LinesError::AnotherFile);
        let cut = text.split_once(";given").unwrap().0;
        let last = records(cut).unwrap().last().unwrap();
        assert_eq!(last, Err(LinesError::Damaged { line: 6, column: "booked" }));
    }

    #[test]
    fn a_later_name_does_not_change_an_earlier_year() {
        let dated = |name: &str, since, is_current| DatedName { name: name.to_owned(), since, is_current };
        let association = Association {
            number: AssociationNumber(3),
            kind: AssociationKind::Association,
            state: MembershipState::Active,
            names: vec![
                dated("Premier", None, false),
                dated("Deuxième", Some(day(2025, 3, 1)), false),
                dated("Troisième", Some(day(2026, 1, 1)), true),
            ],
            identifiers: vec![],
            limits: None,
            mandates: std::collections::BTreeMap::new(),
        };
        let name = |year| {
            let party = Party::at_the_end_of(&association, Year(year));
            (party.name, party.former_names.len())
        };
        assert_eq!(name(2024), ("Premier".to_owned(), 0));
        assert_eq!(name(2025), ("Deuxième".to_owned(), 1));
        assert_eq!(name(2026), ("Troisième".to_owned(), 2));
    }
}
