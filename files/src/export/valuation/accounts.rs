//! Volunteer hours as the annual accounts print them: lines, entries, the figures for the citizen-engagement account,
//! and what whoever signs should know.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ledger::{
    AssociationNumber, Minutes, PersonNumber, SkillNumber,
    valuation::{CecLine, Rates, Valuation, cec_lines},
    year::Year,
};
use store::WorkDone;

use crate::{error::FileError, network::OpenNetwork, table::harmless, text::count};

/// What is asked for.
#[derive(Debug)]
pub struct Basis {
    /// The first and the last service date.
    pub days: (NaiveDate, NaiveDate),
    /// One association alone, or all of them.
    pub association: Option<AssociationNumber>,
    /// What an hour is worth; none for hours alone.
    pub rates: Rates,
    /// Whether time in governing bodies counts, too.
    pub with_governance: bool,
}

/// Everything that is told, in any form.
#[derive(Debug)]
pub struct Accounts<'a> {
    network: &'a OpenNetwork,
    days: (NaiveDate, NaiveDate),
    valuation: Valuation,
    /// Only for a calendar year.
    cec: Option<Vec<CecLine>>,
    done: WorkDone,
    has_rates: bool,
}

/// A part of the accounts: names of columns, and rows.
pub(super) struct Part<'a> {
    pub(super) header: Vec<&'a str>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl<'a> Accounts<'a> {
    /// Reads what was done, and values it.
    pub async fn read(network: &'a OpenNetwork, basis: &Basis) -> Result<Self, FileError> {
        let days = basis.days;
        let mut done = network.store.work_done(network.network_id, days).await?;
        let is_year = Year::of(days.0).days() == Some(days);
        // The citizen-engagement account adds up a person's associations before one of them is picked.
        let mut cec = if is_year { cec_lines(&done.works) } else { None };
        if let Some(number) = basis.association {
            done.works.retain(|work| work.association == number);
            done.untold.retain(|association, _| *association == number);
            cec = cec.map(|lines| lines.into_iter().filter(|line| line.association == number).collect());
        }
        let insee = |association| done.insee.get(&association).cloned().unwrap_or_default();
        let valuation = Valuation::of(&done.works, &basis.rates, insee, basis.with_governance);
        let valuation = valuation.ok_or(FileError::TooManyHours)?;
        Ok(Self { network, days, valuation, cec, done, has_rates: !basis.rates.is_empty() })
    }

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

    /// What whoever signs the accounts should know.
    pub fn notes(&self) -> Vec<String> {
        let t = |french: String, english: String| self.network.language.pick(french, english);
        let shown = |minutes: &Minutes| minutes.display(self.network.language).to_string();
        let (from, to, acts) = (self.day(self.days.0), self.day(self.days.1), self.done.acts);
        let acts = count(acts, self.network.language, ("acte", "actes"), ("act", "acts"));
        let mut notes = vec![t(
            format!("Par date de service, du {from} au {to} ; calculé après {acts} du registre."),
            format!("By service date, {from} to {to}; computed after {acts} of the ledger."),
        )];
        for ((association, nature), minutes) in self.valuation.left_out.iter().filter(|(_, minutes)| !minutes.is_zero())
        {
            let (name, nature, shown) =
                (self.name(*association), nature.in_words(self.network.language), shown(minutes));
            notes.push(t(
                format!("Hors valorisation : {name}, {nature}, {shown}."),
                format!("Not valued: {name}, {nature}, {shown}."),
            ));
        }
        for (association, minutes) in &self.valuation.without_rate {
            let (name, shown) = (self.name(*association), shown(minutes));
            notes.push(t(
                format!("Sans taux à ces dates : {name}, {shown}."),
                format!("No rate on these dates: {name}, {shown}."),
            ));
        }
        let untold: BTreeMap<_, _> = self.done.untold.iter().collect();
        for (association, minutes) in untold {
            let (name, shown) = (self.name(*association), shown(minutes));
            notes.push(t(
                format!("Aide donnée sans dire par qui, donc non valorisée : {name}, {shown}."),
                format!("Help given without saying by whom, hence not valued: {name}, {shown}."),
            ));
        }
        for (association, person) in &self.valuation.employed_volunteers {
            let (name, (code, _)) = (self.name(*association), self.person(*person));
            notes.push(t(
                format!("À vérifier : {code} est salarié et bénévole de {name}."),
                format!("To check: {code} is both employee and volunteer of {name}."),
            ));
        }
        if self.has_rates {
            notes.push(t(
                "À valider avec votre expert-comptable. Assujettis à la TVA : un échange réciproque peut être imposable.".to_owned(),
                "Have it checked by your accountant. If you are registered for VAT, an exchange in return may be taxable.".to_owned(),
            ));
        }
        notes
    }

    pub(super) fn t<'t>(&self, french: &'t str, english: &'t str) -> &'t str {
        self.network.language.pick(french, english)
    }

    fn name(&self, association: AssociationNumber) -> String {
        self.network.name_of(association)
    }

    fn skill(&self, skill: Option<SkillNumber>) -> String {
        let known = self.network.registry.skills().iter().find(|known| Some(known.number) == skill);
        known.map_or_else(|| self.t("coup de main", "helping hand").to_owned(), |skill| skill.name.clone())
    }

    fn person(&self, person: PersonNumber) -> (String, String) {
        self.done.persons.get(&person).cloned().unwrap_or_else(|| (person.to_string(), String::new()))
    }

    pub(super) fn line_part(&self) -> Part<'_> {
        Part { header: self.line_header(), rows: self.line_rows() }
    }

    /// Entries need a rate.
    pub(super) fn entry_part(&self) -> Option<Part<'_>> {
        self.has_rates.then(|| Part { header: self.entry_header(), rows: self.entry_rows() })
    }

    pub(super) fn cec_part(&self) -> Option<Part<'_>> {
        let lines = self.cec.as_ref()?;
        Some(Part { header: self.cec_header(), rows: self.cec_rows(lines) })
    }

    fn line_header(&self) -> Vec<&str> {
        let mut header =
            vec!["Association", "Nature", self.t("Compétence", "Skill"), "Minutes", self.t("Heures", "Hours")];
        if self.has_rates {
            header.extend([self.t("Taux horaire", "Hourly rate"), self.t("Méthode", "Method"), "Euros"]);
        }
        header
    }

    /// A row for each printed line; totals by association follow their lines.
    fn line_rows(&self) -> Vec<Vec<Cell>> {
        let totals = self.valuation.totals();
        let mut rows = Vec::new();
        let mut lines = self.valuation.lines.iter().peekable();
        while let Some(line) = lines.next() {
            let mut row = vec![
                words(self.name(line.association)),
                words(line.nature.in_words(self.network.language)),
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
                if self.has_rates {
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
            self.network.language.pick(format!("{what}, du {from} au {to}"), format!("{what}, {from} to {to}"))
        };
        let entries = self.valuation.entries();
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

    fn cec_header(&self) -> Vec<&str> {
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

    fn day(&self, date: NaiveDate) -> String {
        ledger::reconcile::date_in_words(date, self.network.language)
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

fn csv(part: &Part<'_>) -> Result<Vec<u8>, FileError> {
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
