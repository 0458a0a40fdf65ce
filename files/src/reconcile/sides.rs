//! Two associations' notebooks and the ledger: what each of the three says about the exchanges between the two.

use ledger::{
    Language, Minutes,
    exchange::Side,
    name::fold,
    reconcile::{Accounts, Certainty, Finding, Known, LineDate, Notebook, Options, Standing, date_in_words, reconcile},
};
use serde_json::{Value, json};

use super::{compare::Compared, words::direction};
use crate::{
    error::FileError,
    table::harmless,
    text::{Align, Table},
};

/// What one side says: its line, the day and the hours as the first association sees them.
#[derive(Debug, Clone)]
struct Says {
    line: Option<u64>,
    date: LineDate,
    side: Option<Side>,
    minutes: Minutes,
}

/// An exchange between the two, as three sides know it.
#[derive(Debug, Clone)]
struct Three {
    reference: Option<String>,
    first: Option<Says>,
    second: Option<Says>,
    ledger: Option<Says>,
}

impl Three {
    /// Whether everybody says the same.
    fn is_agreed(&self) -> bool {
        let (Some(first), Some(second), Some(ledger)) = (&self.first, &self.second, &self.ledger) else { return false };
        let says = |says: &Says| (says.date, says.minutes);
        let is_side = |says: &Says| says.side.is_none_or(|side| ledger.side == Some(side));
        says(first) == says(ledger) && says(second) == says(ledger) && is_side(first) && is_side(second)
    }
}

/// What the three say of a year.
#[derive(Debug)]
pub struct Sides {
    names: [String; 2],
    year: i32,
    threes: Vec<Three>,
}

impl Sides {
    /// Puts two compared notebooks side by side; dates may be so many days apart.
    pub fn new(first: &Compared, second: &Compared, days: u16) -> Result<Self, FileError> {
        let names = [first, second].map(|compared| compared.ours.accounts.association.name.clone());
        if names[0] == names[1] {
            let name = &names[0];
            return Err(FileError::said(
                format!("les deux carnets sont de « {name} » ; il en faut un de chaque association"),
                format!("both notebooks are of “{name}”; it takes one of each association"),
            ));
        }
        Ok(Self { names, year: first.year.0, threes: threes(first, second, days) })
    }

    /// Whether everybody says the same of everything.
    pub fn is_agreed(&self) -> bool {
        self.threes.iter().all(Three::is_agreed)
    }

    /// As text.
    pub fn text(&self, language: Language) -> String {
        as_table(&self.names, self.year, &self.threes, language)
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        as_json(&self.names, self.year, &self.threes)
    }

    /// As a table for spreadsheets.
    pub fn csv(&self, language: Language) -> Result<String, FileError> {
        as_csv(&self.names, &self.threes, language)
    }
}

/// The place of an association among another's members.
fn place_of(accounts: &Accounts, name: &str) -> Option<u32> {
    let found = accounts.members.iter().position(|party| fold(&party.name) == fold(name));
    found.and_then(|place| u32::try_from(place).ok())
}

fn threes(first: &Compared, second: &Compared, days: u16) -> Vec<Three> {
    let name = |compared: &Compared| compared.ours.accounts.association.name.clone();
    let (second_in_first, first_in_second) =
        (place_of(&first.ours.accounts, &name(second)), place_of(&second.ours.accounts, &name(first)));
    let mut threes = Vec::new();
    for known in first.ours.accounts.exchanges.iter().filter(|known| Some(known.partner) == second_in_first) {
        let says = Three {
            reference: Some(known.reference.to_string()),
            first: line_of(first, known.exchange).map(|place| says(first, place, false)),
            second: line_of(second, known.exchange).map(|place| says(second, place, true)),
            // What waits, or was reversed, does not stand in the ledger: it is shown where a notebook has it.
            ledger: (known.standing == Standing::Confirmed).then_some(Says {
                line: None,
                date: LineDate::Day(known.date),
                side: Some(known.side),
                minutes: known.minutes,
            }),
        };
        let is_of_year = says.ledger.is_some() && ledger::year::Year::of(known.date) == first.year;
        if is_of_year || says.first.is_some() || says.second.is_some() {
            threes.push(says);
        }
    }
    threes.extend(without_ledger(first, second, (second_in_first, first_in_second), days));
    threes.sort_by_key(|three| {
        let says = three.ledger.as_ref().or(three.first.as_ref()).or(three.second.as_ref());
        (says.map(|says| says.date.first_day()), three.reference.clone())
    });
    threes
}

/// The line that stands for an exchange of the ledger.
fn line_of(compared: &Compared, exchange: i64) -> Option<usize> {
    let is_it = |place: &u32| compared.ours.accounts.exchanges[*place as usize].exchange == exchange;
    compared
        .result
        .lines
        .iter()
        .position(|found| found.finding != Finding::Duplicate && found.exchange.iter().chain(&found.others).any(is_it))
}

/// What a line says, its direction turned round if asked.
fn says(compared: &Compared, place: usize, is_turned: bool) -> Says {
    let said = &compared.read.notebook.lines[place];
    let side = if is_turned { said.side.map(Side::other) } else { said.side };
    Says { line: Some(said.row), date: said.date, side, minutes: said.minutes }
}

/// The lines about each other that the ledger knows nothing of: paired with one another as a notebook with a ledger.
fn without_ledger(first: &Compared, second: &Compared, places: (Option<u32>, Option<u32>), days: u16) -> Vec<Three> {
    let of_first = about(first, places.0);
    let of_second = about(second, places.1);
    let partner = second.ours.accounts.association.clone();
    let exchanges = of_second.iter().map(|place| {
        let said = &second.read.notebook.lines[*place];
        let (row, side) = (said.row, said.side.map_or(Side::Giver, Side::other));
        Known {
            standing: Standing::Confirmed,
            replaces: None,
            reference: row.to_string().into(),
            exchange: i64::try_from(*place).unwrap_or(i64::MAX),
            partner: 0,
            side,
            date: said.date.first_day(),
            minutes: said.minutes,
            skill: None,
        }
    });
    let accounts = Accounts {
        association: first.ours.accounts.association.clone(),
        members: vec![partner.clone()],
        skills: Vec::new(),
        exchanges: exchanges.collect(),
    };
    let written = ledger::reconcile::WrittenName { text: partner.name, identifier: None };
    let lines = of_first.iter().map(|place| ledger::reconcile::NotebookLine {
        name: 0,
        skill: None,
        ..first.read.notebook.lines[*place]
    });
    let notebook = Notebook { lines: lines.collect(), names: vec![written], skills: Vec::new() };
    let result = reconcile(&accounts, &notebook, &Options { days, year: first.year, aliases: Vec::new() });
    let mut taken = vec![false; of_second.len()];
    let mut threes = Vec::new();
    for (place, found) in of_first.iter().zip(&result.lines) {
        let other = found.exchange.filter(|_| found.finding != Finding::Duplicate);
        let second = other.map(|other| {
            taken[other as usize] = true;
            says(second, of_second[other as usize], true)
        });
        threes.push(Three { reference: None, first: Some(says(first, *place, false)), second, ledger: None });
    }
    for (place, _) in of_second.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        threes.push(Three { reference: None, first: None, second: Some(says(second, *place, true)), ledger: None });
    }
    threes
}

/// The lines without an exchange that are about one partner.
fn about(compared: &Compared, partner: Option<u32>) -> Vec<usize> {
    let is_about = |place: &usize| {
        let said = &compared.read.notebook.lines[*place];
        let name = &compared.result.names[said.name as usize];
        let is_meant =
            name.certainty != Certainty::Unknown && matches!(name.candidates[..], [(only, _)] if Some(only) == partner);
        is_meant && compared.result.lines[*place].exchange.is_none()
    };
    (0..compared.result.lines.len()).filter(is_about).collect()
}

fn in_words(says: Option<&Says>, language: Language) -> String {
    let Some(says) = says else { return "—".to_owned() };
    let side = match says.side {
        Some(Side::Giver) => "→",
        Some(Side::Receiver) => "←",
        None => "?",
    };
    let day = match says.date {
        LineDate::Day(day) => date_in_words(day, language),
        LineDate::Month(first) => first.format("%m/%Y").to_string(),
    };
    let line = says.line.map(|line| format!(" (l. {line})")).unwrap_or_default();
    format!("{day} {side} {}{line}", says.minutes.display(language))
}

fn as_table(names: &[String; 2], year: i32, threes: &[Three], language: Language) -> String {
    let [first, second] = names;
    let mut text = language.pick(
        format!("{first} et {second}, {year}. → : {first} a aidé ; ← : {first} a été aidée.\n\n"),
        format!("{first} and {second}, {year}. →: {first} helped; ←: {first} was helped.\n\n"),
    );
    let mut table = Table::new(&[
        ("", Align::Left),
        (language.pick("Référence", "Reference"), Align::Left),
        (first, Align::Left),
        (second, Align::Left),
        (language.pick("Registre", "Ledger"), Align::Left),
    ]);
    for three in threes {
        table.row(vec![
            if three.is_agreed() { "=" } else { "≠" }.to_owned(),
            three.reference.clone().unwrap_or_default(),
            in_words(three.first.as_ref(), language),
            in_words(three.second.as_ref(), language),
            in_words(three.ledger.as_ref(), language),
        ]);
    }
    text.push_str(&table.to_string());
    let agreed = threes.iter().filter(|three| three.is_agreed()).count();
    let all = threes.len();
    text.push_str(&language.pick(
        format!("\n{agreed} sur {all} : les trois disent de même.\n"),
        format!("\n{agreed} of {all}: all three say the same.\n"),
    ));
    text
}

fn says_value(says: Option<&Says>) -> Value {
    let Some(says) = says else { return Value::Null };
    json!({
        "line": says.line,
        "date": match says.date {
            LineDate::Day(day) => day.to_string(),
            LineDate::Month(first) => first.format("%Y-%m").to_string(),
        },
        "minutes": says.minutes.get(),
        "direction": says.side.map(direction),
    })
}

fn as_json(names: &[String; 2], year: i32, threes: &[Three]) -> Value {
    let exchanges: Vec<_> = threes
        .iter()
        .map(|three| {
            json!({
                "reference": three.reference,
                "agreed": three.is_agreed(),
                "first": says_value(three.first.as_ref()),
                "second": says_value(three.second.as_ref()),
                "ledger": says_value(three.ledger.as_ref()),
            })
        })
        .collect();
    json!({ "associations": names, "year": year, "direction_of": names[0], "exchanges": exchanges })
}

fn as_csv(names: &[String; 2], threes: &[Three], language: Language) -> Result<String, FileError> {
    let wrong = |error: csv::Error| FileError::said(error.to_string(), error.to_string());
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let header = ["reference", &names[0], &names[1], "ledger", "agreed"];
    writer.write_record(header.map(|name| harmless(name).into_owned())).map_err(wrong)?;
    for three in threes {
        let shown = |says: Option<&Says>| in_words(says, language);
        let agreed = if three.is_agreed() { "1" } else { "0" };
        let reference = three.reference.as_deref().unwrap_or_default();
        let cells = [
            harmless(reference).into_owned(),
            shown(three.first.as_ref()),
            shown(three.second.as_ref()),
            shown(three.ledger.as_ref()),
            agreed.to_owned(),
        ];
        writer.write_record(cells).map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(|error| FileError::said(error.to_string(), error.to_string()))?;
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}
