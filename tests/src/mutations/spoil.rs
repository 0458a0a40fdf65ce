//! A notebook in cells, what is done to it, and how it is saved.

use encoding_rs::{UTF_16LE, WINDOWS_1252};
use files::notebook::{ReadNotebook, RowMeaning};
use unicode_normalization::UnicodeNormalization as _;

use crate::brought::grid;
use crate::notebooks::Random;

/// A line of a notebook that carries an amount.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    cells: Vec<String>,
    /// What it has to be read as; `None` where it has to be asked about.
    pub(crate) minutes: Option<i64>,
    /// Whether the ledger has nothing like it.
    pub(crate) is_planted: bool,
}

/// What stands in a row.
#[derive(Debug, Clone)]
enum Row {
    Line(Line),
    Other(Vec<String>),
    WrongTotal(Vec<String>),
}

impl Row {
    fn cells(&self) -> &Vec<String> {
        match self {
            Self::Line(line) => &line.cells,
            Self::Other(cells) | Self::WrongTotal(cells) => cells,
        }
    }

    fn cells_mut(&mut self) -> &mut Vec<String> {
        match self {
            Self::Line(line) => &mut line.cells,
            Self::Other(cells) | Self::WrongTotal(cells) => cells,
        }
    }
}

/// A notebook in cells.
#[derive(Debug, Clone)]
pub(crate) struct Doc {
    rows: Vec<Row>,
    header: usize,
    separator: char,
    date: usize,
    partner: usize,
    /// The columns of hours: one, or given and received.
    hours: Vec<usize>,
    skill: usize,
    /// Whether commas in cells are left unquoted.
    is_cut: bool,
    /// Whether minutes stand in a column of their own.
    is_paired: bool,
}

/// Something that happens to a notebook.
type Spoil = fn(&mut Doc, &mut Random);

/// A notebook as it was saved.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) extension: &'static str,
    /// Each line with its number in the file.
    pub(crate) lines: Vec<(Line, u64)>,
    pub(crate) wrong_totals: Vec<u64>,
}

impl Doc {
    /// Cuts a sample into cells.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| WINDOWS_1252.decode(bytes).0.into_owned());
        let text = text.trim_start_matches('\u{feff}');
        let separator = [';', '\t', ','].into_iter().max_by_key(|sign| text.matches(*sign).count()).unwrap();
        let rows: Vec<Vec<String>> = text.lines().map(|line| cut(line, separator)).collect();
        let header = rows.iter().position(|row| row.first().is_some_and(|cell| cell == "Date")).unwrap();
        let column = |names: &[&str]| rows[header].iter().position(|cell| names.contains(&cell.as_str()));
        let hours = [["Durée"], ["Heures données"], ["Heures reçues"]].iter().filter_map(|name| column(name)).collect();
        Self {
            header,
            separator,
            date: column(&["Date"]).unwrap(),
            partner: column(&["Association", "Partenaire"]).unwrap(),
            hours,
            skill: column(&["Compétence"]).unwrap(),
            rows: rows.into_iter().map(Row::Other).collect(),
            is_cut: false,
            is_paired: false,
        }
    }

    /// Takes over what each line says, from the notebook as it was before anything was done to it.
    pub(crate) fn learn(&mut self, read: &ReadNotebook) {
        for row in &read.rows {
            let RowMeaning::Said(place) = row.meaning else { continue };
            let at = usize::try_from(row.number).unwrap() - 1;
            let minutes = Some(read.notebook.lines[place].minutes.get());
            let cells = self.rows[at].cells().clone();
            self.rows[at] = Row::Line(Line { cells, minutes, is_planted: false });
        }
    }

    /// Does up to three things to it, and tells which.
    pub(crate) fn spoil(&mut self, random: &mut Random) -> Vec<&'static str> {
        let mut done = Vec::new();
        for _ in 0..=random.below(3) {
            let spoils: [(&str, Spoil); 19] = [
                ("a date left out", Self::leave_out_date),
                ("date and partner left out", Self::leave_out_both),
                ("a date mistyped", Self::mistype_date),
                ("a partner like a total", Self::name_like_total),
                ("a remark like a total", Self::remark_like_total),
                ("a wrong total", Self::wrong_total),
                ("a line planted", Self::plant),
                ("an amount of nothing", Self::nothing),
                ("an amount below nothing", Self::negative),
                ("all in minutes", Self::in_minutes),
                ("zeros on the empty side", Self::zeros),
                ("marks that nobody sees", Self::marks),
                ("accents apart", Self::apart),
                ("as a spreadsheet's text", Self::wrapped),
                ("other quantities", Self::quantities),
                ("hours and minutes in two columns", Self::two_columns),
                ("the duration twice", Self::twice),
                ("blank rows", Self::blanks),
                ("unquoted commas", Self::cut_commas),
            ];
            let (name, spoil) = spoils[random.below(spoils.len())];
            spoil(self, random);
            done.push(name);
        }
        done
    }

    fn lines(&mut self) -> impl Iterator<Item = &mut Line> {
        self.rows.iter_mut().filter_map(|row| match row {
            Row::Line(line) => Some(line),
            Row::Other(_) | Row::WrongTotal(_) => None,
        })
    }

    fn some_line(&mut self, random: &mut Random) -> &mut Line {
        let count = self.lines().count();
        let at = random.below(count);
        self.lines().nth(at).unwrap()
    }

    fn set(&mut self, random: &mut Random, column: usize, text: &str) {
        text.clone_into(&mut self.some_line(random).cells[column]);
    }

    fn leave_out_date(&mut self, random: &mut Random) {
        let date = self.date;
        self.set(random, date, "");
    }

    fn leave_out_both(&mut self, random: &mut Random) {
        let (date, partner) = (self.date, self.partner);
        let line = self.some_line(random);
        line.cells[date].clear();
        line.cells[partner].clear();
    }

    fn mistype_date(&mut self, random: &mut Random) {
        let date = self.date;
        let text = *random.pick(&["31/02/2025", "hier", "32/01/2025", "mars 25", "2025", "??"]);
        self.set(random, date, text);
    }

    fn name_like_total(&mut self, random: &mut Random) {
        let (partner, date) = (self.partner, self.date);
        let is_dateless = random.per_mille(500);
        let name =
            *random.pick(&["Ensemble vocal de Retiers", "Total Danse", "Solde Sud", "Cumul Théâtre", "Somme Nature"]);
        let line = self.some_line(random);
        name.clone_into(&mut line.cells[partner]);
        if is_dateless {
            line.cells[date].clear();
        }
    }

    fn remark_like_total(&mut self, random: &mut Random) {
        let (skill, date) = (self.skill, self.date);
        let is_dateless = random.per_mille(500);
        let remark = *random.pick(&["total", "solde", "total du jour", "ensemble avec Paul", "cumul"]);
        let line = self.some_line(random);
        remark.clone_into(&mut line.cells[skill]);
        if is_dateless {
            line.cells[date].clear();
        }
    }

    fn wrong_total(&mut self, random: &mut Random) {
        let mut cells = vec![String::new(); self.rows[self.header].cells().len()];
        (*random.pick(&["Total", "TOTAL :", "Sous-total", "Total général"])).clone_into(&mut cells[0]);
        // No sum of quarters of an hour is this.
        let last = *self.hours.last().unwrap();
        "4321h07".clone_into(&mut cells[last]);
        self.rows.push(Row::WrongTotal(cells));
    }

    fn plant(&mut self, random: &mut Random) {
        let hours = self.hours.clone();
        let mut line = self.some_line(random).clone();
        let filled = hours.iter().copied().find(|at| !line.cells[*at].is_empty()).unwrap_or(hours[0]);
        "7h17".clone_into(&mut line.cells[filled]);
        let (minutes, is_planted) = (Some(437), true);
        let after = self.header + 1 + random.below(self.rows.len() - self.header);
        self.rows.insert(after.min(self.rows.len()), Row::Line(Line { minutes, is_planted, ..line }));
    }

    fn amount(&mut self, random: &mut Random, text: &str) {
        // Nothing in the column of hours is something where minutes stand beside.
        if self.is_paired {
            return;
        }
        let hours = self.hours.clone();
        let line = self.some_line(random);
        for at in hours {
            if !line.cells[at].is_empty() {
                text.clone_into(&mut line.cells[at]);
            }
        }
        line.minutes = None;
    }

    fn nothing(&mut self, random: &mut Random) {
        let text = *random.pick(&["0", "0h", "00:00:00", "0,00", "néant", "-", "0 min"]);
        self.amount(random, text);
    }

    fn negative(&mut self, random: &mut Random) {
        let text = *random.pick(&["-2h", "-1:30", "−2", "-0,5"]);
        self.amount(random, text);
    }

    /// Writes every duration anew, if none of them has been spoilt.
    fn write_hours(&mut self, text: impl Fn(i64) -> String) -> bool {
        let hours = self.hours.clone();
        if self.lines().any(|line| line.minutes.is_none()) {
            return false;
        }
        for line in self.lines() {
            let minutes = line.minutes.unwrap_or_default();
            for at in &hours {
                if line.cells[*at].chars().any(|letter| ('1'..='9').contains(&letter)) {
                    line.cells[*at] = text(minutes);
                }
            }
        }
        true
    }

    fn in_minutes(&mut self, random: &mut Random) {
        let style = random.below(4);
        let text = |minutes: i64| match style {
            0 => minutes.to_string(),
            1 => format!("{minutes}.0"),
            2 => format!("{minutes},00"),
            _ => format!("{minutes} "),
        };
        if !self.write_hours(text) {
            return;
        }
        let unit = *random.pick(&["(min)", "(mn)", "en minutes", "[minutes]", "en mn"]);
        for at in self.hours.clone() {
            let name = match self.rows[self.header].cells()[at].as_str() {
                "Heures données" => "Donné",
                "Heures reçues" => "Reçu",
                _ => "Durée",
            };
            self.rows[self.header].cells_mut()[at] = format!("{name} {unit}");
        }
        // The old total is in hours, and says so no more.
        self.rows.retain(|row| !matches!(row, Row::Other(cells) if cells.first().is_some_and(|cell| cell == "TOTAL")));
    }

    fn zeros(&mut self, random: &mut Random) {
        if self.hours.len() < 2 {
            return;
        }
        let zero = *random.pick(&["0", "0 h", "00:00:00", "0,00", "-", "néant", "0 h 00 min", "0.00"]);
        let hours = self.hours.clone();
        for line in self.lines() {
            for at in &hours {
                if line.cells[*at].is_empty() {
                    zero.clone_into(&mut line.cells[*at]);
                }
            }
        }
    }

    fn marks(&mut self, random: &mut Random) {
        for _ in 0..20 {
            let mark =
                *random.pick(&['\u{ad}', '\u{200b}', '\u{200e}', '\u{202a}', '\u{feff}', '\u{2060}', '\u{200d}']);
            let row = random.below(self.rows.len());
            let cells = self.rows[row].cells_mut();
            if cells.is_empty() {
                continue;
            }
            let cell = random.below(cells.len());
            let places: Vec<usize> = cells[cell].char_indices().map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = places[random.below(places.len())];
                cells[cell].insert(at, mark);
            }
        }
    }

    fn apart(&mut self, _: &mut Random) {
        for row in &mut self.rows {
            for cell in row.cells_mut() {
                *cell = cell.nfd().collect();
            }
        }
    }

    fn wrapped(&mut self, random: &mut Random) {
        let is_formula = random.per_mille(500);
        // A text that a spreadsheet was told to leave as it is keeps its comma.
        if self.is_cut {
            return;
        }
        for line in self.lines() {
            for cell in line.cells.iter_mut().filter(|cell| !cell.is_empty() && !cell.contains('"')) {
                *cell = if is_formula { format!("=\"{cell}\"") } else { format!("'{cell}") };
            }
        }
    }

    fn add_column(&mut self, name: &str, cell: impl Fn(&mut Line) -> String) {
        let width = self.rows.iter().map(|row| row.cells().len()).max().unwrap_or(0);
        let header = self.header;
        for (at, row) in self.rows.iter_mut().enumerate() {
            let text = match row {
                Row::Line(line) => cell(line),
                Row::Other(_) | Row::WrongTotal(_) if at == header => name.to_owned(),
                Row::Other(_) | Row::WrongTotal(_) => continue,
            };
            row.cells_mut().resize(width, String::new());
            row.cells_mut().push(text);
        }
    }

    fn quantities(&mut self, random: &mut Random) {
        let name = *random.pick(&["Km", "Prix", "Âge moyen", "N° de bon", "Code postal", "Repas"]);
        self.add_column(name, |line| (line.minutes.unwrap_or(7) % 60 + 3).to_string());
    }

    fn two_columns(&mut self, _: &mut Random) {
        if self.hours.len() > 1 || !self.write_hours(|minutes| (minutes / 60).to_string()) {
            return;
        }
        self.is_paired = true;
        let hours = self.hours[0];
        for line in self.lines() {
            // What was less than an hour has "0" in the column of hours.
            line.cells[hours] = (line.minutes.unwrap_or_default() / 60).to_string();
        }
        "Heures".clone_into(&mut self.rows[self.header].cells_mut()[hours]);
        self.add_column("Minutes", |line| (line.minutes.unwrap_or_default() % 60).to_string());
    }

    fn twice(&mut self, random: &mut Random) {
        if self.hours.len() > 1 {
            return;
        }
        let is_other = random.per_mille(300);
        self.add_column("Durée totale", |line| match line.minutes {
            Some(minutes) if is_other => format!("{}h{:02}", minutes / 60 + 1, minutes % 60),
            Some(minutes) => format!("{}h{:02}", minutes / 60, minutes % 60),
            None => String::new(),
        });
    }

    fn blanks(&mut self, random: &mut Random) {
        for _ in 0..5 {
            let at = self.header + 1 + random.below(self.rows.len() - self.header);
            self.rows.insert(at.min(self.rows.len()), Row::Other(Vec::new()));
        }
    }

    /// Only where commas part the cells: what they cut cannot be read.
    fn cut_commas(&mut self, _: &mut Random) {
        if self.separator != ',' {
            return;
        }
        self.is_cut = true;
        let hours = self.hours.clone();
        for line in self.lines() {
            if hours.iter().any(|at| line.cells[*at].contains(',') && !line.cells[*at].starts_with("=\"")) {
                line.minutes = None;
            }
        }
    }

    /// Saves it as people do: as text in some encoding, or as a workbook.
    pub(crate) fn write(&self, random: &mut Random) -> Written {
        let numbered = || self.rows.iter().zip(1_u64..);
        let lines = numbered().filter_map(|(row, number)| match row {
            Row::Line(line) => Some((line.clone(), number)),
            Row::Other(_) | Row::WrongTotal(_) => None,
        });
        let wrong_totals = numbered().filter(|(row, _)| matches!(row, Row::WrongTotal(_))).map(|(_, number)| number);
        let (mut lines, mut wrong_totals): (Vec<_>, Vec<_>) = (lines.collect(), wrong_totals.collect());
        let kind = if self.is_cut { 0 } else { random.below(5) };
        let (bytes, extension) = match kind {
            3 => (grid::xlsx(&[self.sheet()]), "xlsx"),
            4 => (grid::ods(&[self.sheet()]), "ods"),
            _ => {
                let is_declared = random.per_mille(150);
                if is_declared {
                    for (_, number) in &mut lines {
                        *number += 1;
                    }
                    for number in &mut wrong_totals {
                        *number += 1;
                    }
                }
                (self.text(random, is_declared), "csv")
            }
        };
        Written { bytes, extension, lines, wrong_totals }
    }

    fn sheet(&self) -> grid::Sheet {
        let cells = |row: &Row| row.cells().iter().map(|cell| grid::Cell::Text(cell.clone())).collect();
        grid::Sheet { name: "Feuille1".to_owned(), rows: self.rows.iter().map(cells).collect() }
    }

    fn text(&self, random: &mut Random, is_declared: bool) -> Vec<u8> {
        let quoted = |cell: &String| {
            let has_sign = cell.contains(self.separator) || cell.contains('"') && !cell.starts_with("=\"");
            if has_sign && !self.is_cut { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let separator = self.separator.to_string();
        let line = |row: &Row| row.cells().iter().map(quoted).collect::<Vec<_>>().join(&separator) + "\r\n";
        let mut text: String = self.rows.iter().map(line).collect();
        if is_declared {
            text = format!("sep={separator}\r\n{text}");
        }
        match random.below(5) {
            0 => text.into_bytes(),
            1 => format!("\u{feff}\u{feff}{text}").into_bytes(),
            2 => {
                let marked = format!("\u{feff}{text}");
                assert_eq!(UTF_16LE.name(), "UTF-16LE");
                marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            3 => format!("\u{feff}{text}").into_bytes(),
            _ => {
                let (bytes, _, has_failed) = WINDOWS_1252.encode(&text);
                // What Windows-1252 has no letter for would be written as a number.
                if has_failed { text.into_bytes() } else { bytes.into_owned() }
            }
        }
    }
}

/// The cells of a line, of which some stand in quotes.
fn cut(line: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            letter if letter == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            letter => cell.push(letter),
        }
    }
    cells.push(cell);
    cells
}
