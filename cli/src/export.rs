//! `export`: the ledger in the words of other tools.

mod arguments;

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{ArgMatches, Command};
use files::{
    advance::Advance,
    date,
    export::{
        exchanges::{self, Form},
        hledger, lines,
        valuation::{Accounts, Basis, Whose, rates, workbook},
    },
    out::NewFile,
};
use ledger::{Language, valuation::Rates, year::Year};

use crate::{
    failure::Failure,
    report::Progress,
    screen::Screen,
    session::{Session, text},
    verb::{self, Verb},
};

const VERBS: [Verb; 4] = [
    Verb { arguments: arguments::hledger, run: |args, language| Box::pin(hledger(args, language)) },
    Verb { arguments: arguments::csv, run: |args, language| Box::pin(csv(args, language)) },
    Verb { arguments: arguments::lines, run: |args, language| Box::pin(lines(args, language)) },
    Verb { arguments: arguments::valuation, run: |args, language| Box::pin(valuation(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Sort le registre vers d'autres outils", "Hands the ledger to other tools");
    verb::group("export", "exporter", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

async fn hledger(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let (mut out, session) = open(args, Content::Text, language).await?;
    let progress = Progress::new(language.pick("Lecture des actes :", "Reading acts:"));
    let told = |Advance { done, all }| {
        progress.at(done, all);
    };
    let written = hledger::write(&session, &mut out, &told).await;
    progress.end();
    written?;
    out.finish()
}

async fn csv(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let (mut out, session) = open(args, Content::Text, language).await?;
    let form = if args.get_flag("spreadsheet") { Form::ForSpreadsheet(language) } else { Form::ForPrograms };
    exchanges::write(&session, form, &mut out).await?;
    out.finish()
}

/// An association's own lines of a year, for it to take home: the file that statements have the digest of, or the same
/// to read.
async fn lines(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let is_to_read = text(args, "format") == "xlsx";
    let (mut out, session) = open(args, Content::of(is_to_read), language).await?;
    let association = session.association(text(args, "association"))?.number;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let bytes = if is_to_read {
        let lines = session.store.association_lines(session.network_id, association, year).await?;
        lines::workbook(&lines, language)?
    } else {
        session.store.lines_file(session.network_id, association, year).await?
    };
    out.write_all(&bytes)?;
    out.finish()
}

async fn valuation(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let (mut out, session) = open(args, Content::of(text(args, "format") == "xlsx"), language).await?;
    let (days, rates) = (days(args)?, rates(args)?);
    let wanted = args.get_one::<String>("association");
    let association = wanted.map(|wanted| session.association(wanted)).transpose()?.map(|found| found.number);
    let whose = association.map_or(Whose::All, Whose::One);
    let basis = Basis { days, whose, rates, with_governance: args.get_flag("with-governance") };
    let accounts = Accounts::read(&session, &basis).await?;
    let bytes = valued(&accounts, text(args, "format"))?;
    out.write_all(&bytes)?;
    // Where a file is written, what is worth knowing goes to the screen; a workbook has a sheet for it.
    if text(args, "format") != "xlsx" {
        accounts.notes().iter().for_each(|note| warn_line!("{note}"));
    }
    out.finish()
}

/// What was asked for of the accounts.
fn valued(accounts: &Accounts, format: &str) -> Result<Vec<u8>, Failure> {
    Ok(match format {
        "xlsx" => workbook::bytes(accounts)?,
        "entries" => accounts.entries()?.ok_or_else(|| {
            Failure::said(
                "des écritures demandent un taux : --rate, --rates ou --smic",
                "entries need a rate: --rate, --rates or --smic",
            )
        })?,
        "paheko" => accounts.paheko()?.ok_or_else(|| {
            Failure::said(
                "l'écriture pour Paheko est celle d'une association, avec un taux : --association, et --rate, --rates ou --smic",
                "the entry for Paheko is that of one association, with a rate: --association, and --rate, --rates or --smic",
            )
        })?,
        "cec" => accounts.cec()?.ok_or_else(|| {
            Failure::said(
                "le compte d'engagement citoyen se compte par année civile : --year",
                "the citizen-engagement account goes by calendar year: --year",
            )
        })?,
        "figures" => accounts.figures()?,
        "annex" => accounts.annex().into_iter().fold(Vec::new(), |mut text, paragraph| {
            text.extend_from_slice(paragraph.as_bytes());
            text.push(b'\n');
            text
        }),
        _ => accounts.lines()?,
    })
}

/// The period: a year, or from one service date to another.
fn days(args: &ArgMatches) -> Result<(NaiveDate, NaiveDate), Failure> {
    if let Some(days) = args.get_one::<i32>("year").and_then(|year| Year(*year).days()) {
        return Ok(days);
    }
    let day = |name: &str| {
        date::parse(text(args, name)).map_err(|error| {
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

/// The rates that the command line names; none for hours alone.
fn rates(args: &ArgMatches) -> Result<Rates, Failure> {
    let number = |option: &str, written: &str| {
        rates::decimal(written).map_err(|error| {
            Failure::said(
                format!("--{option} : {}", error.in_words(Language::French)),
                format!("--{option}: {}", error.in_words(Language::English)),
            )
        })
    };
    let given = |option: &str| args.get_one::<String>(option);
    if let Some(times) = given("smic") {
        return Ok(rates::minimum_wage(number("smic", times)?));
    }
    if let Some(rate) = given("rate") {
        let method = given("method").cloned().unwrap_or_default();
        return rates::one(number("rate", rate)?, method)
            .map_err(|error| Failure::said(error.in_words(Language::French), error.in_words(Language::English)));
    }
    given("rates").map_or_else(|| Ok(Rates::default()), |path| Ok(rates::of_file(Path::new(path))?))
}

/// Where it goes, before any work is done, and what it is about.
async fn open(args: &ArgMatches, content: Content, language: Language) -> Result<(Out, Session), Failure> {
    let out = Out::open(args.get_one::<String>("out").map(PathBuf::from), content)?;
    Ok((out, Session::open(args, language).await?))
}

/// What an export is made of.
#[derive(Debug, Clone, Copy)]
enum Content {
    Text,
    /// What a terminal cannot show, and may obey.
    Workbook,
}

impl Content {
    fn of(is_workbook: bool) -> Self {
        if is_workbook { Self::Workbook } else { Self::Text }
    }
}

/// Where an export goes.
#[derive(Debug)]
enum Out {
    Screen(BufWriter<Screen>),
    File(NewFile),
}

impl Out {
    fn open(path: Option<PathBuf>, content: Content) -> Result<Self, Failure> {
        match (path, content) {
            (Some(path), Content::Text | Content::Workbook) => Ok(Self::File(NewFile::begin(path)?)),
            (None, Content::Workbook) if io::stdout().is_terminal() => Err(Failure::said(
                "un classeur ne se lit pas dans un terminal ; --out FICHIER.xlsx l'écrit",
                "a workbook cannot be read in a terminal; --out FILE.xlsx writes it",
            )),
            (None, Content::Text | Content::Workbook) => Ok(Self::Screen(BufWriter::new(Screen))),
        }
    }

    /// Says that all is written.
    fn finish(self) -> Result<bool, Failure> {
        match self {
            Self::Screen(mut screen) => screen.flush()?,
            Self::File(file) => file.finish()?,
        }
        Ok(true)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Screen(screen) => screen.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Screen(screen) => screen.flush(),
            Self::File(file) => file.flush(),
        }
    }
}
