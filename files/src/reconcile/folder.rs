//! Every notebook of a folder, one report each.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use ledger::{Language, reconcile::Finding};
use serde_json::json;

use super::{
    Format,
    compare::{Wish, compare},
    habits::Habits,
    report::Report,
    show,
    source::Source,
    write_to_file,
};
use crate::{
    failure::Failure,
    file,
    report::{Align, Progress, Table},
    screen::Screen,
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
    std::fs::create_dir_all(&out).map_err(|error| file::about(&out, |language| file::in_words(&error, language)))?;
    let wish = Wish { association: None, ..Wish::of(args, Habits::of_arguments(args, language)?) };
    let format = Format::of(args);
    let progress = Progress::new(language.pick("Carnets :", "Notebooks:"));
    let mut overview = overview(language);
    let mut reports = Vec::new();
    let mut failures = Vec::new();
    let mut is_clean = true;
    for (done, path) in notebooks.iter().enumerate() {
        progress.at(done, notebooks.len());
        match compare(source, path, &wish, language).await {
            Ok(compared) => {
                let report = Report::new(&compared, path, language);
                is_clean &= report.is_clean();
                add(&mut overview, &report);
                let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                // What a terminal would show is no report to send.
                let format = if format == Format::Table { Format::Html } else { format };
                let file = out.join(format!("{name}.{}", format.extension()));
                write_to_file(&report, format, &file, language)?;
                if format == Format::Json {
                    let mut text = Vec::new();
                    show::json(&report, &mut text)?;
                    reports.push(text);
                }
            }
            Err(Failure::Said { french, english }) => failures.push((path, language.pick(french, english))),
            Err(failure) => return Err(failure),
        }
    }
    progress.end();
    if failures.len() == notebooks.len() {
        let why: Vec<_> = failures.into_iter().map(|(_, why)| why).collect();
        return Err(Failure::said(why.join("\n"), why.join("\n")));
    }
    if format == Format::Json {
        print_all(&reports, &failures, &out)?;
    } else {
        say!("{overview}");
        let folder = out.display();
        say_line!(
            "{}",
            language.pick(
                format!("Un compte rendu par carnet, dans « {folder} »."),
                format!("One report per notebook, in “{folder}”.")
            )
        );
    }
    for (_, why) in &failures {
        warn_line!("{why}");
    }
    Ok(failures.is_empty() && is_clean)
}

/// All reports as one JSON document, with what could not be read.
fn print_all(reports: &[Vec<u8>], failures: &[(&PathBuf, String)], folder: &Path) -> std::io::Result<()> {
    let failed: Vec<_> =
        failures.iter().map(|(path, why)| json!({ "file": path.display().to_string(), "problem": why })).collect();
    let folder = json!(folder.display().to_string());
    let mut out = BufWriter::new(Screen);
    writeln!(out, "{{\n\"folder\": {folder},\n\"failures\": {},\n\"reports\": [", json!(failed))?;
    for (place, report) in reports.iter().enumerate() {
        if place > 0 {
            writeln!(out, ",")?;
        }
        out.write_all(report)?;
    }
    writeln!(out, "]\n}}")?;
    out.flush()
}

/// The files of a folder that may be notebooks, in the order of their names.
fn notebooks(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let wrong = |error: std::io::Error| file::about(folder, |language| file::in_words(&error, language));
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
        return Err(file::about(folder, |language| {
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

fn overview(language: Language) -> Table {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    Table::new(&[
        ("Association", Align::Left),
        (t("Lignes", "Lines"), Align::Right),
        (t("Concordent", "Agree"), Align::Right),
        (t("Diffèrent", "Differ"), Align::Right),
        (t("En double", "Twice"), Align::Right),
        (t("Pas au registre", "Not in ledger"), Align::Right),
        (t("Pas au carnet", "Not in notebook"), Align::Right),
        (t("À éclaircir", "Unclear"), Align::Right),
    ])
}

/// A notebook's row of the overview.
fn add(overview: &mut Table, report: &Report<'_>) {
    let totals = &report.totals;
    let sum = |findings: &[Finding]| findings.iter().map(|finding| totals.count(*finding)).sum::<usize>().to_string();
    overview.row(vec![
        report.association.to_owned(),
        totals.lines.to_string(),
        sum(&[Finding::Matched]),
        sum(&[Finding::AmountDiffers, Finding::DateDiffers, Finding::DirectionDiffers]),
        sum(&[Finding::Duplicate]),
        sum(&[Finding::MissingInLedger]),
        totals.missing_in_file.to_string(),
        sum(&[Finding::AmbiguousPartner, Finding::Unreadable]),
    ]);
}
