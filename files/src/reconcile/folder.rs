//! Every notebook of a folder: which files they are, and what all their reports come to together.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ledger::{Language, reconcile::Finding};
use serde_json::json;

use super::report::Report;
use crate::{
    error::FileError,
    text::{Align, Table},
};

const KINDS: [&str; 6] = ["csv", "tsv", "txt", "xlsx", "xls", "ods"];

/// The files of a folder that may be notebooks, in the order of their names.
pub fn notebooks(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let wrong = |error: std::io::Error| FileError::system(folder, &error);
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
        return Err(FileError::about(folder, |language| {
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

/// A row for each notebook: what it comes to.
#[derive(Debug)]
pub struct Overview(Table);

impl Overview {
    /// An overview of nothing yet.
    pub fn new(language: Language) -> Self {
        let t = |french: &'static str, english: &'static str| language.pick(french, english);
        Self(Table::new(&[
            ("Association", Align::Left),
            (t("Lignes", "Lines"), Align::Right),
            (t("Concordent", "Agree"), Align::Right),
            (t("Diffèrent", "Differ"), Align::Right),
            (t("En double", "Twice"), Align::Right),
            (t("Pas au registre", "Not in ledger"), Align::Right),
            (t("Pas au carnet", "Not in notebook"), Align::Right),
            (t("À éclaircir", "Unclear"), Align::Right),
        ]))
    }

    /// Adds a notebook's row.
    pub fn add(&mut self, report: &Report<'_>) {
        let totals = &report.totals;
        let sum =
            |findings: &[Finding]| findings.iter().map(|finding| totals.count(*finding)).sum::<usize>().to_string();
        self.0.row(vec![
            report.association.to_owned(),
            totals.lines.to_string(),
            sum(&[Finding::Matched]),
            sum(&[Finding::AmountDiffers, Finding::DateDiffers, Finding::DirectionDiffers]),
            sum(&[Finding::Duplicate]),
            sum(&[Finding::MissingInLedger]),
            totals.missing_in_file.to_string(),
            (totals.count(Finding::AmbiguousPartner)
                + totals.count(Finding::Unreadable)
                + totals.count(Finding::TotalDiffers)
                + totals.count(Finding::Waiting)
                + totals.count(Finding::Reversed)
                + report.questions.len())
            .to_string(),
        ]);
    }
}

impl std::fmt::Display for Overview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A notebook that could not be compared.
#[derive(Debug)]
pub struct NotCompared {
    /// The notebook.
    pub path: PathBuf,
    /// Why, in a sentence.
    pub why: String,
}

/// Writes all reports as one JSON document, with what could not be compared.
pub fn write_all(reports: &[Vec<u8>], failures: &[NotCompared], folder: &Path, out: &mut dyn Write) -> io::Result<()> {
    let failed: Vec<_> = failures
        .iter()
        .map(|failed| json!({ "file": failed.path.display().to_string(), "problem": failed.why }))
        .collect();
    let folder = json!(folder.display().to_string());
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
