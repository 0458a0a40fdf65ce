//! What a comparison comes to, ready to be shown in any form.

use std::collections::BTreeMap;
use std::path::Path;

use ledger::{
    Language, Minutes,
    exchange::Side,
    reconcile::{Certainty, Finding, LineDate, LineFinding, NotebookLine, Standing, Wording},
    year::Year,
};

use super::compare::Compared;
use crate::notebook::RowMeaning;

/// A report on one notebook. Its lines are put into words one after the other, as they are shown: a ledger of a
/// million exchanges does not fit into memory a second time as sentences.
#[derive(Debug)]
pub struct Report<'a> {
    compared: &'a Compared,
    wording: Wording<'a>,
    /// Whose notebook it is.
    pub association: &'a str,
    /// Which year was compared.
    pub year: i32,
    /// The notebook's name.
    pub file: String,
    /// How much of what.
    pub totals: Totals,
    /// What is worth knowing about the whole.
    pub notes: &'a [String],
    /// What somebody has to answer before anything is certain.
    pub questions: &'a [String],
}

/// A row of the notebook.
#[derive(Debug)]
pub struct ReportLine {
    /// The sheet, where a workbook has several.
    pub sheet: Option<String>,
    /// The line of the file, or the row of the sheet.
    pub line: u64,
    /// What it is.
    pub finding: Finding,
    /// The exchange's reference, where it stands for one.
    pub reference: Option<String>,
    /// That exchange's number in the ledger.
    pub exchange: Option<i64>,
    /// The references of all exchanges that a line adds up.
    pub references: Vec<String>,
    /// What there is to say of it, in sentences.
    pub explanation: String,
    /// The associations that may be meant, where that is open.
    pub candidates: Vec<String>,
    /// The day, or the month, as ISO writes it.
    pub date: Option<String>,
    /// The member that it is about.
    pub partner: Option<String>,
    /// How the partner was recognised.
    pub certainty: Option<Certainty>,
    /// Whether the association gave or received.
    pub side: Option<Side>,
    /// How long, in person-minutes.
    pub minutes: Option<Minutes>,
    /// What the ledger has, where it differs.
    pub ledger_minutes: Option<Minutes>,
    /// The day that the ledger has, where it differs.
    pub ledger_date: Option<String>,
    /// The cells as they stand.
    pub text: String,
}

/// An exchange that no line stands for.
#[derive(Debug)]
pub struct Missing {
    /// The exchange's reference.
    pub reference: String,
    /// Its number in the ledger.
    pub exchange: i64,
    /// The other association.
    pub partner: String,
    /// The day, as ISO writes it.
    pub date: String,
    /// How long, in person-minutes.
    pub minutes: Minutes,
    /// Whether the association gave or received.
    pub side: Side,
    /// What there is to say of it, in sentences.
    pub explanation: String,
}

/// How often each finding comes, and hours on both sides.
#[derive(Debug, Default)]
pub struct Totals {
    /// How often each comes.
    pub findings: BTreeMap<Finding, usize>,
    /// Lines that say something: neither titles nor totals nor blanks.
    pub lines: usize,
    /// Exchanges that no line stands for.
    pub missing_in_file: usize,
    /// Given and received in the notebook.
    pub notebook: [i64; 2],
    /// Given and received in the ledger.
    pub ledger: [i64; 2],
}

impl Totals {
    /// How often a finding comes.
    pub fn count(&self, finding: Finding) -> usize {
        self.findings.get(&finding).copied().unwrap_or_default()
    }
}

/// What there is to settle with one partner: how many things, and the first of them.
#[derive(Debug, Default)]
pub struct ToSettle {
    /// How many things.
    pub count: usize,
    /// The first of them.
    pub first: Vec<String>,
}

impl ToSettle {
    fn add(&mut self, what: impl FnOnce() -> String) {
        const SHOWN: usize = 8;
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(what());
        }
    }
}

impl<'a> Report<'a> {
    /// A report on what a comparison of this file came to.
    pub fn new(compared: &'a Compared, path: &Path, language: Language, say_which_with: &'a str) -> Self {
        let wording = Wording {
            accounts: &compared.ours.accounts,
            notebook: &compared.read.notebook,
            result: &compared.result,
            language,
            say_which_with,
        };
        Self {
            compared,
            wording,
            association: &compared.ours.accounts.association.name,
            year: compared.year.0,
            file: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            totals: totals(compared),
            notes: &compared.notes,
            questions: &compared.read.questions,
        }
    }

    /// Every row of the notebook.
    pub fn lines(&self) -> impl Iterator<Item = ReportLine> {
        (0..self.line_count()).map(|at| self.line(at))
    }

    /// How many rows the notebook has.
    pub fn line_count(&self) -> usize {
        self.compared.read.rows.len()
    }

    /// What a row of the notebook is, without its sentence.
    pub fn finding(&self, at: usize) -> Finding {
        finding(self.compared, at)
    }

    /// A row of the notebook.
    pub fn line(&self, at: usize) -> ReportLine {
        line(self.compared, at, &self.wording)
    }

    /// The rows that there is something to say about.
    pub fn open_lines(&self) -> impl Iterator<Item = ReportLine> {
        let is_open = |at: &usize| !matches!(finding(self.compared, *at), Finding::Matched | Finding::Ignored);
        (0..self.line_count()).filter(is_open).map(|at| self.line(at))
    }

    /// The exchanges that no line stands for.
    pub fn missing(&self) -> impl Iterator<Item = Missing> {
        (0..self.totals.missing_in_file).map(|at| self.missing_at(at))
    }

    /// One of the exchanges that no line stands for.
    pub fn missing_at(&self, at: usize) -> Missing {
        missing(self.compared, self.compared.result.missing_in_file[at], &self.wording)
    }

    /// Its reference alone.
    pub fn missing_reference(&self, at: usize) -> &'a str {
        let place = self.compared.result.missing_in_file[at];
        &self.compared.ours.accounts.exchanges[place as usize].reference
    }

    /// Whether everything agrees.
    pub fn is_clean(&self) -> bool {
        let totals = &self.totals;
        let has_doubts = !self.questions.is_empty() || totals.count(Finding::TotalDiffers) > 0;
        !has_doubts && totals.missing_in_file == 0 && totals.lines == totals.count(Finding::Matched)
    }

    /// For each partner, what there is to settle with it: whom to call, those with most first.
    pub fn to_settle(&self) -> Vec<(&'a str, ToSettle)> {
        let Compared { ours, read, result, .. } = self.compared;
        let mut by_partner: BTreeMap<u32, ToSettle> = BTreeMap::new();
        let reference = |place: u32| ours.accounts.exchanges[place as usize].reference.to_string();
        for (said, found) in read.notebook.lines.iter().zip(&result.lines) {
            if matches!(found.finding, Finding::Matched | Finding::Duplicate) {
                continue;
            }
            if let Some(partner) = partner(self.compared, said, found) {
                let what = || found.exchange.map_or_else(|| format!("l. {}", said.row), reference);
                by_partner.entry(partner).or_default().add(what);
            }
        }
        for place in &result.missing_in_file {
            let partner = ours.accounts.exchanges[*place as usize].partner;
            by_partner.entry(partner).or_default().add(|| reference(*place));
        }
        let name = |place: u32| ours.accounts.members[place as usize].name.as_str();
        let mut partners: Vec<_> = by_partner.into_iter().map(|(place, what)| (name(place), what)).collect();
        partners.sort_by_key(|(partner, what)| (std::cmp::Reverse(what.count), *partner));
        partners
    }
}

/// What a row is.
fn finding(compared: &Compared, at: usize) -> Finding {
    match &compared.read.rows[at].meaning {
        RowMeaning::Ignored(_) => Finding::Ignored,
        RowMeaning::Unreadable(_) => Finding::Unreadable,
        RowMeaning::Disagrees(_) => Finding::TotalDiffers,
        RowMeaning::Said(place) => compared.result.lines[*place].finding,
    }
}

/// The member that a line is about, where that is known.
fn partner(compared: &Compared, said: &NotebookLine, found: &LineFinding) -> Option<u32> {
    let name = &compared.result.names[said.name as usize];
    match (found.exchange, name.candidates.as_slice()) {
        (Some(exchange), _) => Some(compared.ours.accounts.exchanges[exchange as usize].partner),
        (None, [(only, _)]) if name.certainty != Certainty::Unknown => Some(*only),
        _ => None,
    }
}

fn line(compared: &Compared, at: usize, wording: &Wording<'_>) -> ReportLine {
    let row = &compared.read.rows[at];
    let plain = |finding, explanation: String| ReportLine {
        sheet: row.sheet.clone(),
        line: row.number,
        finding,
        reference: None,
        exchange: None,
        references: Vec::new(),
        explanation,
        candidates: Vec::new(),
        date: None,
        partner: None,
        certainty: None,
        side: None,
        minutes: None,
        ledger_minutes: None,
        ledger_date: None,
        text: row.text.clone(),
    };
    let place = match &row.meaning {
        RowMeaning::Ignored(what) => return plain(Finding::Ignored, capitalised(what)),
        RowMeaning::Unreadable(why) => return plain(Finding::Unreadable, capitalised(why)),
        RowMeaning::Disagrees(why) => return plain(Finding::TotalDiffers, capitalised(why)),
        RowMeaning::Said(place) => *place,
    };
    let (said, found) = (&compared.read.notebook.lines[place], &compared.result.lines[place]);
    let accounts = &compared.ours.accounts;
    let exchange = |place: u32| &accounts.exchanges[place as usize];
    let member = |place: u32| accounts.members[place as usize].name.clone();
    let name = &compared.result.names[said.name as usize];
    let known = found.exchange.map(exchange);
    let mut explanation = wording.explanation(place);
    for note in &row.notes {
        explanation.push(' ');
        explanation.push_str(&capitalised(note));
    }
    let outside = beyond(said.date, compared.year, found.finding, wording.language);
    explanation.extend(outside.into_iter().flat_map(|outside| [" ".to_owned(), outside]));
    let partner = partner(compared, said, found).map(member);
    let differs =
        |is_so: bool| known.filter(|_| is_so && found.others.is_empty() && found.finding != Finding::Duplicate);
    ReportLine {
        reference: known.map(|known| known.reference.to_string()),
        exchange: known.map(|known| known.exchange),
        references: found.others.iter().map(|place| exchange(*place).reference.to_string()).collect(),
        candidates: found.candidates.iter().map(|(place, _)| member(*place)).collect(),
        date: Some(match said.date {
            LineDate::Day(day) => day.to_string(),
            LineDate::Month(first) => first.format("%Y-%m").to_string(),
        }),
        partner,
        certainty: Some(name.certainty),
        side: said.side,
        minutes: Some(said.minutes),
        ledger_minutes: differs(true).map(|known| known.minutes).filter(|minutes| *minutes != said.minutes),
        ledger_date: differs(true)
            .filter(|known| said.date != LineDate::Day(known.date))
            .map(|known| known.date.to_string()),
        ..plain(found.finding, explanation)
    }
}

/// Says that a line without an exchange is not of the year that is compared.
fn beyond(date: LineDate, year: Year, finding: Finding, language: Language) -> Option<String> {
    let day = date.first_day();
    let is_missing = matches!(finding, Finding::MissingInLedger | Finding::AmbiguousPartner);
    (is_missing && Year::of(day) != year)
        .then(|| language.pick(format!("La date n'est pas de {year}."), format!("The date is not of {year}.")))
}

fn missing(compared: &Compared, place: u32, wording: &Wording<'_>) -> Missing {
    let known = &compared.ours.accounts.exchanges[place as usize];
    Missing {
        reference: known.reference.to_string(),
        exchange: known.exchange,
        partner: compared.ours.accounts.members[known.partner as usize].name.clone(),
        date: known.date.to_string(),
        minutes: known.minutes,
        side: known.side,
        explanation: wording.missing_in_file(place),
    }
}

fn totals(compared: &Compared) -> Totals {
    let mut totals = Totals { missing_in_file: compared.result.missing_in_file.len(), ..Totals::default() };
    for at in 0..compared.read.rows.len() {
        let finding = finding(compared, at);
        *totals.findings.entry(finding).or_default() += 1;
        totals.lines += usize::from(!matches!(finding, Finding::Ignored | Finding::TotalDiffers));
    }
    for said in &compared.read.notebook.lines {
        if let Some(side) = said.side {
            totals.notebook[place(side)] += said.minutes.get();
        }
    }
    for known in &compared.ours.accounts.exchanges {
        if Year::of(known.date) == compared.year && known.standing == Standing::Confirmed {
            totals.ledger[place(known.side)] += known.minutes.get();
        }
    }
    totals
}

const fn place(side: Side) -> usize {
    match side {
        Side::Giver => 0,
        Side::Receiver => 1,
    }
}

/// A clause as a sentence.
fn capitalised(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let stop = if clause.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
