//! What the annual accounts need: volunteer hours, valued or not, and the figures for the citizen-engagement account.

mod rates;
mod workbook;

use std::collections::BTreeMap;
use std::io::Write;

use chrono::NaiveDate;
use clap::ArgMatches;
use ledger::{
    AssociationNumber, Language, Minutes, PersonNumber, SkillNumber,
    valuation::{CecLine, Valuation, cec_lines},
    year::Year,
};
use store::WorkDone;

use crate::{
    failure::Failure,
    input::date,
    session::{Session, text},
};

/// Everything that is told, in any form.
struct Accounts<'a> {
    session: &'a Session,
    days: (NaiveDate, NaiveDate),
    valuation: Valuation,
    /// Only for a calendar year.
    cec: Option<Vec<CecLine>>,
    done: WorkDone,
    has_rates: bool,
}

pub(super) async fn write(session: &Session, args: &ArgMatches, out: &mut impl Write) -> Result<(), Failure> {
    let days = days(args)?;
    let rates = rates::of(args)?;
    let mut done = session.store.work_done(session.network_id, days).await?;
    let is_year = Year::of(days.0).days() == Some(days);
    // The citizen-engagement account adds up a person's associations before one of them is picked.
    let cec = if is_year { cec_lines(&done.works) } else { None };
    let mut cec = cec.filter(|_| is_year);
    if let Some(wanted) = args.get_one::<String>("association") {
        let number = session.association(wanted)?.number;
        done.works.retain(|work| work.association == number);
        done.untold.retain(|association, _| *association == number);
        cec = cec.map(|lines| lines.into_iter().filter(|line| line.association == number).collect());
    }
    let insee = |association| done.insee.get(&association).cloned().unwrap_or_default();
    let valuation = Valuation::of(&done.works, &rates, insee, args.get_flag("with-governance"));
    let valuation = valuation.ok_or_else(|| {
        Failure::said("ces heures dépassent ce qu'un nombre peut contenir", "these hours are more than a number holds")
    })?;
    let accounts = Accounts { session, days, valuation, cec, done, has_rates: !rates.is_empty() };
    let bytes = match text(args, "format") {
        "xlsx" => workbook::bytes(&accounts)?,
        "entries" => accounts.entries()?,
        "cec" => accounts.cec()?,
        _ => accounts.lines()?,
    };
    out.write_all(&bytes)?;
    // Where a file is written, what is worth knowing goes to the screen; a workbook has a sheet for it.
    if text(args, "format") != "xlsx" {
        accounts.notes().iter().for_each(|note| warn_line!("{note}"));
    }
    Ok(())
}

/// The period: a year, or from one service date to another.
fn days(args: &ArgMatches) -> Result<(NaiveDate, NaiveDate), Failure> {
    if let Some(days) = args.get_one::<i32>("year").and_then(|year| Year(*year).days()) {
        return Ok(days);
    }
    let day = |name: &str| {
        let text = args.get_one::<String>(name).map(String::as_str).unwrap_or_default();
        date::parse(text).map_err(|error| {
            let words = |language| format!("--{name} : {}", error.in_words(language));
            Failure::said(words(Language::French), words(Language::English))
        })
    };
    let (from, to) = (day("from")?, day("to")?);
    if from > to {
        return Err(Failure::said("--from est après --to", "--from is after --to"));
    }
    Ok((from, to))
}

/// Cells of a row: text, or a number that a spreadsheet can add up.
enum Cell {
    Text(String),
    Number(rust_decimal::Decimal),
}

impl Cell {
    fn csv(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
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

impl Accounts<'_> {
    fn t<'t>(&self, french: &'t str, english: &'t str) -> &'t str {
        self.session.language.pick(french, english)
    }

    fn name(&self, association: AssociationNumber) -> String {
        self.session.name_of(association)
    }

    fn skill(&self, skill: Option<SkillNumber>) -> String {
        let known = self.session.registry.skills().iter().find(|known| Some(known.number) == skill);
        known.map_or_else(|| self.t("coup de main", "helping hand").to_owned(), |skill| skill.name.clone())
    }

    fn person(&self, person: PersonNumber) -> (String, String) {
        self.done.persons.get(&person).cloned().unwrap_or_else(|| (person.to_string(), String::new()))
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
                words(line.nature.in_words(self.session.language)),
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
            self.session.language.pick(format!("{what}, du {from} au {to}"), format!("{what}, {from} to {to}"))
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

    fn cec_rows(&self) -> Vec<Vec<Cell>> {
        let lines = self.cec.iter().flatten();
        lines
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

    fn lines(&self) -> Result<Vec<u8>, Failure> {
        csv(&self.line_header(), &self.line_rows())
    }

    fn entries(&self) -> Result<Vec<u8>, Failure> {
        if !self.has_rates {
            return Err(Failure::said(
                "des écritures demandent un taux : --rate, --rates ou --smic",
                "entries need a rate: --rate, --rates or --smic",
            ));
        }
        csv(&self.entry_header(), &self.entry_rows())
    }

    fn cec(&self) -> Result<Vec<u8>, Failure> {
        if self.cec.is_none() {
            return Err(Failure::said(
                "le compte d'engagement citoyen se compte par année civile : --year",
                "the citizen-engagement account goes by calendar year: --year",
            ));
        }
        csv(&self.cec_header(), &self.cec_rows())
    }

    fn day(&self, date: NaiveDate) -> String {
        ledger::reconcile::date_in_words(date, self.session.language)
    }

    /// What whoever signs the accounts should know.
    fn notes(&self) -> Vec<String> {
        let t = |french: String, english: String| self.session.language.pick(french, english);
        let shown = |minutes: &Minutes| minutes.display(self.session.language).to_string();
        let (from, to, acts) = (self.day(self.days.0), self.day(self.days.1), self.done.acts);
        let mut notes = vec![t(
            format!("Par date de service, du {from} au {to} ; calculé après {acts} actes du registre."),
            format!("By service date, {from} to {to}; computed after {acts} acts of the ledger."),
        )];
        for ((association, nature), minutes) in self.valuation.left_out.iter().filter(|(_, minutes)| !minutes.is_zero())
        {
            let (name, nature, shown) =
                (self.name(*association), nature.in_words(self.session.language), shown(minutes));
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
}

fn csv(header: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, Failure> {
    let wrong = |error: csv::Error| Failure::said(error.to_string(), error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(header).map_err(wrong)?;
    for row in rows {
        writer.write_record(row.iter().map(Cell::csv)).map_err(wrong)?;
    }
    writer.into_inner().map_err(|error| Failure::said(error.to_string(), error.to_string()))
}
