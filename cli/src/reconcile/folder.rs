//! Every notebook of a folder, one report each.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use ledger::{Language, reconcile::Finding};
use serde_json::json;

use super::{
    Format, about_file,
    compare::{Wish, compare},
    habits::Habits,
    page, put,
    report::Report,
    show,
    source::Source,
};
use crate::{
    failure::Failure,
    report::{Align, Progress, Table, print_json},
    session::text,
};

const KINDS: [&str; 6] = ["csv", "tsv", "txt", "xlsx", "xls", "ods"];

/// Compares them all; `false` when anything was found, or a notebook could not be read.
pub(super) async fn run(
    args: &ArgMatches,
    source: &Source,
    folder: &Path,
    language: Language,
) -> Result<bool, Failure> {
    let notebooks = notebooks(folder)?;
    let out = args
        .get_one::<String>("out")
        .map_or_else(|| folder.join(language.pick("rapprochements", "reconciliations")), PathBuf::from);
    std::fs::create_dir_all(&out).map_err(|error| about_file(&out, |_| error.to_string()))?;
    let wish = Wish { association: None, ..Wish::of(args, Habits::of_arguments(args, language)?) };
    let format = Format::of(args);
    let progress = Progress::new(language.pick("Carnets :", "Notebooks:"));
    let mut reports = Vec::new();
    let mut failures = Vec::new();
    for (done, path) in notebooks.iter().enumerate() {
        progress.at(done, notebooks.len());
        match compare(source, path, &wish, language).await {
            Ok(compared) => {
                let report = Report::new(&compared, path, language);
                let (extension, shown) = match format {
                    Format::Json => ("json", show::json(&report)?),
                    Format::Csv => ("csv", show::csv(&report, language)?),
                    Format::Table | Format::Html => ("html", page::html(&report, language)),
                };
                let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                put(&out.join(format!("{name}.{extension}")), &shown)?;
                reports.push(report);
            }
            Err(Failure::Said { french, english }) => failures.push((path, language.pick(french, english))),
            Err(failure) => return Err(failure),
        }
    }
    progress.end();
    if text(args, "format") == "json" {
        let failed: Vec<_> =
            failures.iter().map(|(path, why)| json!({ "file": path.display().to_string(), "problem": why })).collect();
        print_json(
            &json!({ "reports": reports.iter().map(show::value).collect::<Vec<_>>(), "failures": failed, "folder": out.display().to_string() }),
        )?;
    } else {
        print!("{}", overview(&reports, language));
        let folder = out.display();
        println!(
            "{}",
            language.pick(
                format!("Un compte rendu par carnet, dans « {folder} »."),
                format!("One report per notebook, in “{folder}”.")
            )
        );
    }
    for (_, why) in &failures {
        eprintln!("{why}");
    }
    if reports.is_empty() {
        return Err(about_file(folder, |language| {
            language.pick("aucun carnet n'a pu être comparé", "no notebook could be compared").to_owned()
        }));
    }
    Ok(failures.is_empty() && reports.iter().all(Report::is_clean))
}

/// The files of a folder that may be notebooks, in the order of their names.
fn notebooks(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let wrong = |error: std::io::Error| about_file(folder, |_| error.to_string());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~']));
        if !is_hidden && extension.is_some_and(|extension| KINDS.contains(&extension.as_str())) {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(about_file(folder, |language| {
            language
                .pick(
                    "aucun carnet dans ce dossier (.csv, .tsv, .xlsx, .xls, .ods)",
                    "no notebook in this folder (.csv, .tsv, .xlsx, .xls, .ods)",
                )
                .to_owned()
        }));
    }
    Ok(paths)
}

fn overview(reports: &[Report], language: Language) -> String {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let mut table = Table::new(&[
        ("Association", Align::Left),
        (t("Lignes", "Lines"), Align::Right),
        (t("Concordent", "Agree"), Align::Right),
        (t("Diffèrent", "Differ"), Align::Right),
        (t("En double", "Twice"), Align::Right),
        (t("Pas au registre", "Not in ledger"), Align::Right),
        (t("Pas au carnet", "Not in notebook"), Align::Right),
        (t("À éclaircir", "Unclear"), Align::Right),
    ]);
    for report in reports {
        let totals = &report.totals;
        let sum =
            |findings: &[Finding]| findings.iter().map(|finding| totals.count(*finding)).sum::<usize>().to_string();
        table.row(vec![
            report.association.clone(),
            totals.lines.to_string(),
            sum(&[Finding::Matched]),
            sum(&[Finding::AmountDiffers, Finding::DateDiffers, Finding::DirectionDiffers]),
            sum(&[Finding::Duplicate]),
            sum(&[Finding::MissingInLedger]),
            totals.missing_in_file.to_string(),
            sum(&[Finding::AmbiguousPartner, Finding::Unreadable]),
        ]);
    }
    table.to_string()
}
