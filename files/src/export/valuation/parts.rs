//! The tables of the accounts: hours, entries, heads, the citizen-engagement account; each as a text or as a sheet.

use ledger::{
    Minutes,
    headcount::{Headed, full_time_equivalents},
    valuation::{CEC_IN_ALL, CEC_IN_ONE, CecLine},
};

use super::accounts::{Accounts, Whose};
use crate::{error::FileError, table::harmless};

/// A part of the accounts: names of columns, and rows.
pub(super) struct Part<'a> {
    pub(super) header: Vec<&'a str>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Accounts {
    /// The hours, line by line, for a spreadsheet.
    pub fn lines(&self) -> Result<Vec<u8>, FileError> {
        csv(&self.line_part())
    }

    /// Accounting entries, for a spreadsheet; `None` without a rate.
    pub fn entries(&self) -> Result<Option<Vec<u8>>, FileError> {
        self.entry_part().map(|part| csv(&part)).transpose()
    }

    /// What the citizen-engagement account asks for; `None` unless the days are those of a calendar year.
    pub fn cec(&self) -> Result<Option<Vec<u8>>, FileError> {
        self.cec_part().map(|part| csv(&part)).transpose()
    }

    /// Persons, hours and full-time equivalents, for a spreadsheet.
    pub fn figures(&self) -> Result<Vec<u8>, FileError> {
        csv(&self.figure_part())
    }

    pub(super) fn line_part(&self) -> Part<'_> {
        Part { header: self.line_header(), rows: self.line_rows() }
    }

    /// Entries need a rate.
    pub(super) fn entry_part(&self) -> Option<Part<'_>> {
        self.has_rates().then(|| Part { header: self.entry_header(), rows: self.entry_rows() })
    }

    pub(super) fn cec_part(&self) -> Option<Part<'_>> {
        let lines = self.engaged()?;
        Some(Part { header: self.cec_header(), rows: self.cec_rows(lines) })
    }

    fn line_header(&self) -> Vec<&str> {
        let mut header =
            vec!["Association", "Nature", self.t("Compétence", "Skill"), "Minutes", self.t("Heures", "Hours")];
        if self.has_rates() {
            header.extend([self.t("Taux horaire", "Hourly rate"), self.t("Méthode", "Method"), "Euros"]);
        }
        header
    }

    /// A row for each printed line; totals by association follow their lines.
    fn line_rows(&self) -> Vec<Vec<Cell>> {
        let totals = self.valuation().totals();
        let mut rows = Vec::new();
        let mut lines = self.valuation().lines.iter().peekable();
        while let Some(line) = lines.next() {
            let mut row = vec![
                words(self.name(line.association)),
                words(line.nature.in_words(self.language)),
                words(self.skill(line.skill)),
                Cell::Number(line.minutes.get().into()),
                hours(line.minutes),
            ];
            if let Some((rate, euros)) = &line.value {
                row.extend([Cell::Number(rate.hourly), words(rate.method.clone()), Cell::Number(*euros)]);
            }
            rows.push(row);
            let is_last = lines.peek().is_none_or(|next| next.association != line.association);
            if let Some((minutes, euros)) = totals.get(&line.association).filter(|_| is_last) {
                let total = self.t("Total", "Total");
                let mut row = vec![
                    words(self.name(line.association)),
                    words(total),
                    words(""),
                    Cell::Number(minutes.get().into()),
                    hours(*minutes),
                ];
                if self.has_rates() {
                    row.extend([words(""), words(""), Cell::Number(*euros)]);
                }
                rows.push(row);
            }
        }
        rows
    }

    fn entry_header(&self) -> Vec<&str> {
        vec![
            "Association",
            self.t("Compte", "Account"),
            self.t("Débit", "Debit"),
            self.t("Crédit", "Credit"),
            self.t("Libellé", "Label"),
        ]
    }

    fn entry_rows(&self) -> Vec<Vec<Cell>> {
        let label = |account: &str| {
            let (from, to) = (self.day(self.days.0), self.day(self.days.1));
            let what = if account == ledger::valuation::VOLUNTEERS_DEBIT {
                self.t("Personnel bénévole", "Volunteers' work")
            } else {
                self.t("Bénévolat", "Volunteering")
            };
            self.language.pick(format!("{what}, du {from} au {to}"), format!("{what}, {from} to {to}"))
        };
        let entries = self.valuation().entries();
        entries
            .iter()
            .map(|line| {
                vec![
                    words(self.name(line.association)),
                    words(line.account),
                    Cell::Number(line.debit),
                    Cell::Number(line.credit),
                    words(label(line.account)),
                ]
            })
            .collect()
    }

    pub(super) fn figure_part(&self) -> Part<'_> {
        let header = vec![
            "Association",
            self.t("Qui", "Who"),
            self.t("Personnes", "Persons"),
            self.t("Heures", "Hours"),
            self.t("Équivalents temps plein (1 607 h)", "Full-time equivalents (1,607 h)"),
        ];
        let mut rows = Vec::new();
        for (association, count) in self.headcount() {
            let row = |who: &str, headed: &Headed| {
                vec![
                    words(self.name(*association)),
                    words(who),
                    Cell::Number(headed.persons.into()),
                    hours(headed.minutes),
                    Cell::Number(full_time_equivalents(headed.minutes)),
                ]
            };
            rows.push(row(self.t("bénévoles en tout", "volunteers in all"), &count.volunteers));
            rows.extend(count.by_nature.iter().map(|(nature, headed)| row(nature.in_words(self.language), headed)));
        }
        Part { header, rows }
    }

    fn cec_header(&self) -> Vec<&str> {
        if matches!(self.whose, Whose::Own(_)) {
            return vec![
                "Association",
                "Code",
                self.t("Nom", "Name"),
                self.t("Heures ici", "Hours here"),
                self.t("100 h ici", "100 h here"),
                self.t("200 h ici", "200 h here"),
            ];
        }
        vec![
            "Association",
            "Code",
            self.t("Nom", "Name"),
            self.t("Heures ici", "Hours here"),
            self.t("Heures en tout", "Hours in all"),
            self.t("Le plus dans une association", "Most in one association"),
            self.t("Seuils de 200 h et 100 h", "Thresholds of 200 h and 100 h"),
        ]
    }

    fn cec_rows(&self, lines: &[CecLine]) -> Vec<Vec<Cell>> {
        lines
            .iter()
            .map(|line| {
                let (code, name) = self.person(line.person);
                let whether = |is: bool| words(if is { self.t("oui", "yes") } else { self.t("non", "no") });
                if matches!(self.whose, Whose::Own(_)) {
                    let (one, all) = (whether(line.here >= CEC_IN_ONE), whether(line.here >= CEC_IN_ALL));
                    return vec![
                        words(self.name(line.association)),
                        words(code),
                        words(name),
                        hours(line.here),
                        one,
                        all,
                    ];
                }
                let reached =
                    if line.reaches_thresholds() { self.t("atteints", "reached") } else { self.t("non", "no") };
                vec![
                    words(self.name(line.association)),
                    words(code),
                    words(name),
                    hours(line.here),
                    hours(line.in_all),
                    hours(line.most_in_one),
                    words(reached),
                ]
            })
            .collect()
    }
}

/// Cells of a row: text, or a number that a spreadsheet can add up.
pub(super) enum Cell {
    Text(String),
    Number(rust_decimal::Decimal),
}

impl Cell {
    fn csv(&self) -> String {
        match self {
            Self::Text(text) => harmless(text).into_owned(),
            // A French spreadsheet reads a comma.
            Self::Number(number) => number.to_string().replace('.', ","),
        }
    }
}

fn words(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn hours(minutes: Minutes) -> Cell {
    Cell::Number(minutes.to_hours())
}

pub(super) fn csv(part: &Part<'_>) -> Result<Vec<u8>, FileError> {
    let wrong = |error: csv::Error| FileError::said(error.to_string(), error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&part.header).map_err(wrong)?;
    for row in &part.rows {
        writer.write_record(row.iter().map(Cell::csv)).map_err(wrong)?;
    }
    writer.into_inner().map_err(|error| FileError::said(error.to_string(), error.to_string()))
}
