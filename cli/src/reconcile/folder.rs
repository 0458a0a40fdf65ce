//! `reconcile --all`: every notebook of a folder, one report each.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use files::{
    error::FileError,
    reconcile::{
        against::Against,
        compare::{Wish, compare},
        folder::{NotCompared, Overview, notebooks, write_all},
        form::Form,
        json,
        report::Report,
    },
};
use ledger::Language;

use super::{
    arguments::{failure, form, wish},
    show::to_file,
};
use crate::{failure::Failure, remedy, report::Progress, screen::Screen};

/// Compares them all; `false` when anything was found, or a notebook could not be read.
pub(super) async fn run(
    args: &ArgMatches,
    against: &Against,
    folder: &Path,
    language: Language,
) -> Result<bool, Failure> {
    let notebooks = notebooks(folder)?;
    let out = args
        .get_one::<String>("out")
        .map_or_else(|| folder.join(language.pick("rapprochements", "reconciliations")), PathBuf::from);
    std::fs::create_dir_all(&out).map_err(|error| FileError::system(&out, &error))?;
    let wish = Wish { association: None, ..wish(args)? };
    let form = form(args, false);
    let progress = Progress::new(language.pick("Carnets :", "Notebooks:"));
    let mut overview = Overview::new(language);
    let mut reports = Vec::new();
    let mut failures = Vec::new();
    let mut is_clean = true;
    for (done, path) in notebooks.iter().enumerate() {
        progress.at(done, notebooks.len());
        match compare(against, path, &wish, language).await.map_err(failure) {
            Ok(compared) => {
                let report = Report::new(&compared, path, language, remedy::say_which_with(language));
                is_clean &= report.is_clean();
                overview.add(&report);
                to_file(&report, to_send(form), &file_of(path, &out, to_send(form)), language)?;
                if form == Form::Json {
                    let mut text = Vec::new();
                    json::write(&report, &mut text)?;
                    reports.push(text);
                }
            }
            Err(Failure::Said { french, english }) => {
                failures.push(NotCompared { path: path.clone(), why: language.pick(french, english) });
            }
            Err(failure) => return Err(failure),
        }
    }
    progress.end();
    if failures.len() == notebooks.len() {
        let why = failures.into_iter().map(|failed| failed.why).collect::<Vec<_>>().join("\n");
        return Err(Failure::said(why.clone(), why));
    }
    if form == Form::Json {
        write_all(&reports, &failures, &out, &mut BufWriter::new(Screen))?;
    } else {
        let folder = out.display();
        say!("{overview}");
        say_line!(
            "{}",
            language.pick(
                format!("Un compte rendu par carnet, dans « {folder} »."),
                format!("One report per notebook, in “{folder}”.")
            )
        );
    }
    for failed in &failures {
        warn_line!("{}", failed.why);
    }
    Ok(failures.is_empty() && is_clean)
}

/// What a terminal would show is no report to send.
fn to_send(form: Form) -> Form {
    match form {
        Form::Text(_) => Form::Page,
        Form::Json | Form::Csv | Form::Page => form,
    }
}

/// The report beside the others, under the notebook's own name.
fn file_of(notebook: &Path, out: &Path, form: Form) -> PathBuf {
    let name = notebook.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    out.join(format!("{name}.{}", form.extension()))
}
