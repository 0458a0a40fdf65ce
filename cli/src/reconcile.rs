//! `reconcile`: an association's own notebook against the ledger, line by line.

mod arguments;
mod propose;
mod show;
mod folder;

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use files::{
    error::FileError,
    reconcile::{
        against::Against,
        compare::{Wish, compare},
        form::Form,
        habits::{self, Habits, Keeping},
        report::Report,
        sides::Sides,
        statement,
    },
    table,
};
use ledger::{AssociationNumber, Language};
use store::HabitKind;

use self::arguments::{failure, form, wish};
use crate::{failure::Failure, remedy, session::Session};

pub(crate) fn arguments(language: Language) -> Command {
    arguments::command(language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let against = match args.get_one::<String>("against") {
        Some(path) => Against::lines(Path::new(path))?,
        None => Against::Database(Box::new(Session::open(args, language).await?.into_open())),
    };
    if let Some(folder) = args.get_one::<String>("all") {
        return folder::run(args, &against, Path::new(folder), language).await;
    }
    if let Some(path) = args.get_one::<String>("statement") {
        return run_statement(args, &against, Path::new(path), language).await;
    }
    let notebooks: Vec<PathBuf> = args.get_many::<String>("notebook").unwrap_or_default().map(PathBuf::from).collect();
    if args.get_flag("remembered") || args.contains_id("forget") {
        return remembered(args, &against, notebooks.first().map_or(Path::new("."), PathBuf::as_path), language).await;
    }
    match notebooks.as_slice() {
        [] => Err(Failure::said(
            "il manque le carnet : coudemain rapprocher CARNET --association A --year Y",
            "the notebook is missing: coudemain reconcile NOTEBOOK --association A --year Y",
        )),
        [one, other] => run_sides(args, &against, [one, other], language).await,
        [notebook] => run_notebook(args, &against, notebook, language).await,
        _ => Err(Failure::said(
            "deux carnets au plus ; pour un dossier entier : --all DOSSIER",
            "two notebooks at most; for a whole folder: --all FOLDER",
        )),
    }
}

/// One notebook against the ledger.
async fn run_notebook(
    args: &ArgMatches,
    against: &Against,
    notebook: &Path,
    language: Language,
) -> Result<bool, Failure> {
    let wish = wish(args)?;
    let compared = compare(against, notebook, &wish, language).await.map_err(failure)?;
    if !wish.habits.is_empty() {
        let owner = &compared.ours.accounts.association.name;
        remember(against, owner, compared.ours.own, &wish.habits, notebook, language).await?;
    }
    let report = Report::new(&compared, notebook, language, remedy::say_which_with(language));
    show::report(&report, args, language)?;
    if args.get_flag("propose") {
        propose::run(args, against, &compared, language).await?;
    }
    Ok(report.is_clean())
}

/// Keeps what the command line said, and says where.
async fn remember(
    against: &Against,
    owner: &str,
    own: Option<AssociationNumber>,
    said: &Habits,
    notebook: &Path,
    language: Language,
) -> Result<(), Failure> {
    let place = match habits::remember(against, owner, own, said, notebook).await? {
        Keeping::Database => language.pick("la base", "the database").to_owned(),
        Keeping::File(file) => file.display().to_string(),
    };
    warn_line!(
        "{}",
        language
            .pick(format!("Retenu pour « {owner} » dans {place}."), format!("Remembered for “{owner}” in {place}."))
    );
    Ok(())
}

/// What is remembered of an association's notebooks, after forgetting what is to be forgotten.
async fn remembered(args: &ArgMatches, against: &Against, beside: &Path, language: Language) -> Result<bool, Failure> {
    let wanted = args.get_one::<String>("association").map(String::as_str).unwrap_or_default();
    let owner = against.owner(wanted)?;
    for written in args.get_many::<String>("forget").unwrap_or_default() {
        if habits::forget(against, &owner, written, beside).await? == 0 {
            return Err(Failure::said(
                format!("rien n'est retenu de « {written} » pour « {owner} » ; --retenu montre tout"),
                format!("nothing is remembered of “{written}” for “{owner}”; --remembered shows all"),
            ));
        }
    }
    let known = habits::remembered(against, &owner, beside).await?;
    if known.is_empty() {
        say_line!("{}", language.pick("Rien n'est retenu.", "Nothing is remembered."));
    }
    for habit in known {
        let flag = match habit.kind {
            HabitKind::Map => "--map",
            HabitKind::Alias => "--alias",
        };
        say_line!("{flag} '{}={}'", habit.written, habit.meaning);
    }
    Ok(true)
}

/// Two associations' notebooks and the ledger.
async fn run_sides(
    args: &ArgMatches,
    against: &Against,
    [one, other]: [&PathBuf; 2],
    language: Language,
) -> Result<bool, Failure> {
    if against.network().is_none() {
        return Err(Failure::said(
            "avec deux carnets il faut la base : --against ne connaît qu'une association",
            "with two notebooks the database is needed: --against knows one association only",
        ));
    }
    let wish = wish(args)?;
    let first = compare(against, one, &wish, language).await.map_err(failure)?;
    let of_second = Wish { association: None, year: Some(first.year.0), ..wish };
    let second = compare(against, other, &of_second, language).await.map_err(failure)?;
    let sides = Sides::new(&first, &second, of_second.days)?;
    let shown = match form(args, true) {
        Form::Json => show::indented(&sides.json())?,
        Form::Csv => sides.csv(language)?,
        Form::Text(_) | Form::Page => sides.text(language),
    };
    show::text(&shown, args)?;
    Ok(sides.is_agreed())
}

/// A statement that a member received, against the ledger.
async fn run_statement(args: &ArgMatches, against: &Against, path: &Path, language: Language) -> Result<bool, Failure> {
    let Some(open) = against.network() else {
        return Err(Failure::said(
            "un relevé se compare à la base ; --against n'a qu'un carnet à comparer",
            "a statement is compared with the database; --against is for notebooks",
        ));
    };
    let bytes = table::read_bytes(path).map_err(|error| FileError::about(path, |language| error.in_words(language)))?;
    let compared = statement::compare(open, &bytes, path, None).await?;
    let shown =
        if form(args, true) == Form::Json { show::indented(&compared.json())? } else { compared.text(language) };
    show::text(&shown, args)?;
    Ok(compared.is_clean())
}
