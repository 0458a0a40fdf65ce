//! `reconcile`: an association's own notebook against the ledger, line by line.
//!
//! The ledger's side comes from the database, or from the association's own file of the year ([`source`]). A notebook
//! is read and compared ([`mod@compare`]) into one report, which is shown as a table, JSON, CSV or a page to print.

mod arguments;
mod compare;
mod folder;
mod habits;
mod page;
mod propose;
mod report;
mod show;
mod sides;
mod source;
mod statement;

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use ledger::Language;

use self::{
    compare::{Wish, compare},
    habits::Habits,
    report::Report,
    source::Source,
};
use crate::{failure::Failure, file, screen::Screen, session::text};

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Table,
    Json,
    Csv,
    Html,
}

impl Format {
    fn of(args: &ArgMatches) -> Self {
        match text(args, "format") {
            "json" => Self::Json,
            "csv" => Self::Csv,
            "html" => Self::Html,
            _ => Self::Table,
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

pub(crate) fn arguments(language: Language) -> Command {
    arguments::command(language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let mut source = Source::open(args, language).await?;
    if let Some(folder) = args.get_one::<String>("all") {
        return folder::run(args, &source, Path::new(folder), language).await;
    }
    if let Some(path) = args.get_one::<String>("statement") {
        return statement::run(args, &source, Path::new(path), language).await;
    }
    let notebooks: Vec<PathBuf> = args.get_many::<String>("notebook").unwrap_or_default().map(PathBuf::from).collect();
    match notebooks.as_slice() {
        [] => Err(Failure::said(
            "il manque le carnet : coudemain reconcile CARNET --association A --year Y",
            "the notebook is missing: coudemain reconcile NOTEBOOK --association A --year Y",
        )),
        [one, other] => sides::run(args, &source, [one, other], language).await,
        [notebook] => {
            let habits = Habits::of_arguments(args, language)?;
            let wish = Wish::of(args, habits);
            let compared = compare(&source, notebook, &wish, language).await?;
            habits::remember(&mut source, &compared, &wish.habits, notebook, language).await?;
            let report = Report::new(&compared, notebook, language);
            write(&report, Format::of(args), args, language)?;
            if args.get_flag("propose") {
                propose::run(args, &source, &compared, language).await?;
            }
            Ok(report.is_clean())
        }
        _ => Err(Failure::said(
            "deux carnets au plus ; pour un dossier entier : --all DOSSIER",
            "two notebooks at most; for a whole folder: --all FOLDER",
        )),
    }
}

/// Shows a report where it is wanted.
fn write(report: &Report<'_>, format: Format, args: &ArgMatches, language: Language) -> Result<(), Failure> {
    if let Some(path) = args.get_one::<String>("out") {
        return write_to_file(report, format, Path::new(path), language);
    }
    let style = show::Style { is_coloured: is_coloured(), is_complete: args.get_flag("complete") };
    let mut out = BufWriter::new(Screen);
    print(report, format, style, language, &mut out)?;
    Ok(out.flush()?)
}

/// Writes a report to a file, over an older one of the same name: a report is made anew each time.
fn write_to_file(report: &Report<'_>, format: Format, path: &Path, language: Language) -> Result<(), Failure> {
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        let style = show::Style { is_coloured: false, is_complete: false };
        print(report, format, style, language, &mut out)?;
        out.flush()
    });
    written.map_err(|error| file::about(path, |language| file::in_words(&error, language)))
}

fn print(
    report: &Report<'_>,
    format: Format,
    style: show::Style,
    language: Language,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    match format {
        Format::Table => show::table(report, style, language, out),
        Format::Json => show::json(report, out),
        Format::Csv => show::csv(report, language, out),
        Format::Html => out.write_all(page::html(report, language).as_bytes()),
    }
}

/// Colours only where somebody looks, and not where they asked for none (<https://no-color.org>).
fn is_coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
