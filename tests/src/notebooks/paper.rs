//! A notebook as somebody might have kept it.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use encoding_rs::WINDOWS_1252;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{
    random::Random,
    world::{Exchange, SKILLS, World},
};

/// How it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Text, a column for the direction.
    Direction,
    /// Text, a column for each direction.
    TwoColumns,
    /// Text without a column for skills.
    NoSkill,
    /// Text; each month and partner is one line, adding up.
    Monthly,
    /// A workbook: real dates, durations in Excel's time format, dates of one day in one merged cell.
    Workbook,
    /// A workbook with one table for what was given and one, below it, for what was received.
    TwoTables,
}

/// A line as it will be written, and the truth about it.
#[derive(Debug, Clone)]
struct Written {
    date: NaiveDate,
    is_given: bool,
    partner: String,
    minutes: i64,
    skill: String,
    finding: &'static str,
    reference: Option<String>,
}

/// A notebook and the truth about it.
pub(crate) struct Notebook {
    pub(crate) association: String,
    pub(crate) year: i32,
    /// The file's name.
    pub(crate) file: String,
    pub(crate) bytes: Vec<u8>,
    lines: BTreeMap<u64, Written>,
    /// The exchanges that it lacks.
    pub(crate) missing: Vec<String>,
}

impl Notebook {
    pub(crate) fn new(world: &mut World, member: usize, layout: Layout) -> Self {
        let mut random = Random(world.random.next());
        let (lines, missing) = match layout {
            Layout::Monthly => (monthly(world, member, &mut random), Vec::new()),
            _ => kept(world, member, &mut random),
        };
        let name = world.members[member].name.clone();
        let year = world.year;
        let (extension, bytes, lines) = match layout {
            Layout::Workbook => ("xlsx", workbook(&lines), numbered(lines, 4)),
            Layout::TwoTables => two_tables(lines),
            _ => text(&name, year, lines, layout, &mut random),
        };
        Self { association: name, year, file: format!("carnet-{member}-{layout:?}.{extension}"), bytes, lines, missing }
    }

    pub(crate) fn text(&self, line: u64) -> String {
        format!("{:?}", self.lines.get(&line))
    }

    /// The truth, each line's finding and reference. Of two equal lines either may be called the duplicate.
    pub(crate) fn truth_as_said(
        &self,
        said: &BTreeMap<u64, (String, Option<String>, String)>,
    ) -> BTreeMap<u64, (String, Option<String>)> {
        let mut truth: BTreeMap<u64, (String, Option<String>)> = self
            .lines
            .iter()
            .map(|(number, line)| (*number, (line.finding.to_owned(), line.reference.clone())))
            .collect();
        let numbers: Vec<u64> = truth.keys().copied().collect();
        for pair in numbers.windows(2) {
            let [one, two] = [pair[0], pair[1]];
            let is_pair = truth[&one].1 == truth[&two].1 && truth[&two].0 == "duplicate";
            if is_pair && said.get(&one).is_some_and(|(finding, ..)| finding == "duplicate") {
                let (first, second) = (truth[&one].clone(), truth[&two].clone());
                truth.insert(one, second);
                truth.insert(two, first);
            }
        }
        truth
    }
}

/// The year's exchanges with the errors that people make: the same as in the sample year, about as often.
fn kept(world: &World, member: usize, random: &mut Random) -> (Vec<Written>, Vec<String>) {
    let (mut lines, mut missing) = (Vec::new(), Vec::new());
    for exchange in world.of(member) {
        if random.per_mille(45) {
            missing.push(exchange.reference);
            continue;
        }
        let mut line = truthful(world, member, &exchange, random);
        match random.below(1000) {
            0..60 => {
                let days = Days::new(1 + random.below(3) as u64);
                line.date = if random.per_mille(500) { line.date + days } else { line.date - days };
                line.finding = "date_differs";
            }
            60..110 => {
                let by = *random.pick(&[15, 30, 60]);
                let less = random.per_mille(500) && line.minutes > by;
                line.minutes = if less { line.minutes - by } else { line.minutes + by };
                line.finding = "amount_differs";
            }
            110..122 => {
                line.is_given = !line.is_given;
                line.finding = "direction_differs";
            }
            122..137 => {
                let again =
                    Written { partner: remembered(&partner_name(world, member, &exchange), random), ..line.clone() };
                lines.push(line.clone());
                line = Written { finding: "duplicate", ..again };
            }
            137..165 => {
                let invented = invented(world, member, random);
                lines.push(invented);
            }
            _ => {}
        }
        lines.push(line);
    }
    lines.sort_by_key(|line| line.date);
    (lines, missing)
}

fn truthful(world: &World, member: usize, exchange: &Exchange, random: &mut Random) -> Written {
    Written {
        date: exchange.date,
        is_given: exchange.giver == member,
        partner: remembered(&partner_name(world, member, exchange), random),
        minutes: exchange.minutes,
        skill: SKILLS[exchange.skill].to_owned(),
        finding: "matched",
        reference: Some(exchange.reference.clone()),
    }
}

/// The name that the partner bore on that day.
fn partner_name(world: &World, member: usize, exchange: &Exchange) -> String {
    let partner = &world.members[if exchange.giver == member { exchange.receiver } else { exchange.giver }];
    match &partner.former {
        Some(former) if exchange.date.month() < 3 => former.clone(),
        _ => partner.name.clone(),
    }
}

fn invented(world: &World, member: usize, random: &mut Random) -> Written {
    let other = (member + 1 + random.below(world.members.len() - 1)) % world.members.len();
    let first = NaiveDate::from_ymd_opt(world.year, 1, 1).unwrap();
    Written {
        date: first + Days::new(random.below(365) as u64),
        is_given: random.per_mille(500),
        partner: remembered(&world.members[other].name, random),
        minutes: *random.pick(&[30, 60, 90, 120, 180]),
        skill: (*random.pick(&SKILLS)).to_owned(),
        finding: "missing_in_ledger",
        reference: None,
    }
}

/// One line a month and partner and direction.
fn monthly(world: &World, member: usize, random: &mut Random) -> Vec<Written> {
    let mut groups: BTreeMap<(u32, usize, bool), Vec<Exchange>> = BTreeMap::new();
    for exchange in world.of(member) {
        let is_given = exchange.giver == member;
        let partner = if is_given { exchange.receiver } else { exchange.giver };
        groups.entry((exchange.date.month(), partner, is_given)).or_default().push(exchange);
    }
    let mut lines = Vec::new();
    for ((month, partner, is_given), exchanges) in groups {
        let next = NaiveDate::from_ymd_opt(world.year + i32::from(month == 12), month % 12 + 1, 1).unwrap();
        let last = next.pred_opt().unwrap();
        let name = &world.members[partner];
        let name = name.former.as_ref().filter(|_| month < 3).unwrap_or(&name.name);
        let (date, skill) = match exchanges.as_slice() {
            [only] => (only.date, SKILLS[only.skill]),
            _ => (last, ""),
        };
        lines.push(Written {
            date,
            is_given,
            partner: remembered(name, random),
            minutes: exchanges.iter().map(|exchange| exchange.minutes).sum(),
            skill: skill.to_owned(),
            finding: "matched",
            reference: exchanges.first().map(|exchange| exchange.reference.clone()),
        });
    }
    lines.sort_by_key(|line| line.date);
    lines
}

/// A name written from memory.
fn remembered(name: &str, random: &mut Random) -> String {
    let mut written = name.to_owned();
    if random.per_mille(120) {
        // The town left out.
        if let Some((before, _)) = written.rsplit_once(" de ").or_else(|| written.rsplit_once(" d'")) {
            written = before.to_owned();
        }
    }
    if random.per_mille(150) {
        written = written
            .chars()
            .map(|letter| match letter {
                'é' | 'è' | 'ê' => 'e',
                'É' | 'È' | 'Ê' => 'E',
                'â' => 'a',
                'î' => 'i',
                other => other,
            })
            .collect();
    }
    if random.per_mille(100) {
        let mut letters: Vec<char> = written.chars().collect();
        let at = 1 + random.below(letters.len().saturating_sub(2));
        let next = (at + 1).min(letters.len() - 1);
        letters.swap(at, next);
        written = letters.into_iter().collect();
    }
    if random.per_mille(100) {
        written = written.to_uppercase();
    }
    if random.per_mille(60) {
        written = written.replace(' ', "  ");
    }
    if random.per_mille(60) {
        written = written.strip_prefix("Les ").unwrap_or(&written).to_owned();
    }
    written
}

fn duration(minutes: i64, random: &mut Random) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let decimal = |random: &mut Random| {
        let hundredths = minutes * 100 / 60;
        let text = format!("{},{:02}", hundredths / 100, hundredths % 100);
        if random.per_mille(500) { text.trim_end_matches('0').trim_end_matches(',').to_owned() } else { text }
    };
    match random.below(8) {
        0 => format!("{hours}h{rest:02}"),
        1 => format!("{hours} h {rest:02}"),
        2 => format!("{hours}:{rest:02}"),
        3 => format!("{hours}H{rest:02}"),
        4 if rest == 0 => format!("{hours} heure{}", if hours > 1 { "s" } else { "" }),
        5 if minutes < 60 => format!("{minutes} min"),
        6 if rest == 0 => format!("{hours}h"),
        _ => decimal(random),
    }
}

fn date_text(date: NaiveDate, form: usize) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    match form {
        0 => date.format("%d/%m/%Y").to_string(),
        1 => date.format("%d/%m/%y").to_string(),
        2 => date.format("%Y-%m-%d").to_string(),
        3 => date.format("%d-%m-%Y").to_string(),
        4 => date.format("%d.%m.%Y").to_string(),
        _ => format!("{} {} {}", date.day(), MONTHS[date.month0() as usize], date.year()),
    }
}

fn numbered(lines: Vec<Written>, first: u64) -> BTreeMap<u64, Written> {
    (first..).zip(lines).collect()
}

type Made = (&'static str, Vec<u8>, BTreeMap<u64, Written>);

fn text(name: &str, year: i32, lines: Vec<Written>, layout: Layout, random: &mut Random) -> Made {
    let separator = *random.pick(&[";", ",", "\t"]);
    let ending = *random.pick(&["\n", "\r\n"]);
    let form = random.below(6);
    let is_split = layout == Layout::TwoColumns;
    let has_skill = layout != Layout::NoSkill;
    let mut rows: Vec<Vec<String>> = Vec::new();
    if random.per_mille(600) {
        rows.push(vec![format!("Carnet d'heures {year} : {name}")]);
        rows.push(vec![]);
    }
    let mut header = if is_split {
        vec!["Date", "Partenaire", "Heures données", "Heures reçues", "Compétence"]
    } else {
        vec!["Date", "Sens", "Association", "Durée", "Compétence"]
    };
    if !has_skill {
        header.pop();
    }
    rows.push(header.iter().map(|cell| (*cell).to_owned()).collect());
    let first = rows.len() as u64 + 1;
    for line in &lines {
        let hours = duration(line.minutes, random);
        let given = *random.pick(&["donné", "Donné", "don"]);
        let received = *random.pick(&["reçu", "Reçu", "recu"]);
        let date = date_text(line.date, form);
        let mut row = match (is_split, line.is_given) {
            (true, true) => vec![date, line.partner.clone(), hours, String::new()],
            (true, false) => vec![date, line.partner.clone(), String::new(), hours],
            (false, is_given) => {
                vec![date, if is_given { given } else { received }.to_owned(), line.partner.clone(), hours]
            }
        };
        if has_skill {
            row.push(line.skill.clone());
        }
        rows.push(row);
    }
    if random.per_mille(500) {
        let all: i64 = lines.iter().map(|line| line.minutes).sum();
        let total = format!("{}h{:02}", all / 60, all % 60);
        rows.push(vec!["TOTAL".to_owned(), String::new(), String::new(), total]);
    }
    let quoted = |cell: &String| if cell.contains(separator) { format!("\"{cell}\"") } else { cell.clone() };
    let text: Vec<String> = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(separator)).collect();
    let text = text.join(ending) + ending;
    let bytes = match random.below(3) {
        0 => text.into_bytes(),
        1 => format!("\u{feff}{text}").into_bytes(),
        _ => WINDOWS_1252.encode(&text).0.into_owned(),
    };
    ("csv", bytes, numbered(lines, first))
}

/// Rows from the fourth on: a merged title, a blank row, the header.
fn workbook(lines: &[Written]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (day, time) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("[h]:mm"));
    sheet.merge_range(0, 0, 0, 4, "Carnet d'heures", &Format::new()).unwrap();
    for (column, name) in (0..).zip(["Date", "Sens", "Association", "Durée", "Compétence"]) {
        sheet.write_string(2, column, name).unwrap();
    }
    let mut at = 0;
    while at < lines.len() {
        let same = lines[at..].iter().take_while(|line| line.date == lines[at].date).count();
        let (first, last) = (u32::try_from(at).unwrap() + 3, u32::try_from(at + same).unwrap() + 2);
        if same > 1 {
            sheet.merge_range(first, 0, last, 0, "", &day).unwrap();
        }
        sheet.write_datetime_with_format(first, 0, excel(lines[at].date), &day).unwrap();
        for (row, line) in (first..).zip(&lines[at..at + same]) {
            sheet.write_string(row, 1, if line.is_given { "donné" } else { "reçu" }).unwrap();
            sheet.write_string(row, 2, &line.partner).unwrap();
            sheet.write_number_with_format(row, 3, days(line.minutes), &time).unwrap();
            sheet.write_string(row, 4, &line.skill).unwrap();
        }
        at += same;
    }
    book.save_to_buffer().unwrap()
}

/// What was given from the third row on, then a total, two blank rows, a title and what was received.
fn two_tables(lines: Vec<Written>) -> Made {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let (given, received): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.is_given);
    let mut numbered = BTreeMap::new();
    let mut row = 0;
    for (title, lines) in [("Heures données", given), ("Heures reçues", received)] {
        sheet.write_string(row, 0, title).unwrap();
        for (column, name) in (0..).zip(["Date", "Avec qui", "Nb d'heures", "Compétence"]) {
            sheet.write_string(row + 1, column, name).unwrap();
        }
        row += 2;
        let total: i64 = lines.iter().map(|line| line.minutes).sum();
        for line in lines {
            sheet.write_datetime_with_format(row, 0, excel(line.date), &day).unwrap();
            sheet.write_string(row, 1, &line.partner).unwrap();
            sheet.write_number(row, 2, hours(line.minutes)).unwrap();
            sheet.write_string(row, 3, &line.skill).unwrap();
            numbered.insert(u64::from(row) + 1, line);
            row += 1;
        }
        sheet.write_string(row, 0, "Total").unwrap();
        sheet.write_number(row, 2, hours(total)).unwrap();
        row += 3;
    }
    ("xlsx", book.save_to_buffer().unwrap(), numbered)
}

fn excel(date: NaiveDate) -> ExcelDateTime {
    let year = u16::try_from(date.year()).unwrap();
    ExcelDateTime::from_ymd(year, u8::try_from(date.month()).unwrap(), u8::try_from(date.day()).unwrap()).unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "a spreadsheet's own way of keeping hours")]
fn hours(minutes: i64) -> f64 {
    minutes as f64 / 60.0
}

fn days(minutes: i64) -> f64 {
    hours(minutes) / 24.0
}
