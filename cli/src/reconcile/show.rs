//! Where a report is shown: on the screen, or in the file that is asked for.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use clap::ArgMatches;
use files::{
    error::FileError,
    out,
    reconcile::{form::Form, report::Report},
};
use ledger::Language;
use serde_json::Value;

use super::arguments::form;
use crate::{
    failure::Failure,
    screen::{hand_out, steer},
};

/// Shows a report where it is wanted.
pub(super) fn report(report: &Report<'_>, args: &ArgMatches, language: Language) -> Result<(), Failure> {
    if let Some(path) = args.get_one::<String>("out") {
        return to_file(report, form(args, false), Path::new(path), language);
    }
    let form = form(args, true);
    let mut text = Vec::new();
    form.write(report, language, &mut text)?;
    match form {
        // Its colours steer the terminal, and nothing else in it does.
        Form::Text(_) => steer(&text)?,
        Form::Json | Form::Csv | Form::Page => hand_out(&text),
    }
    Ok(())
}

/// Writes a report to a file, over an older one of the same name: a report is made anew each time.
pub(super) fn to_file(report: &Report<'_>, form: Form, path: &Path, language: Language) -> Result<(), Failure> {
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        form.write(report, language, &mut out)?;
        out.flush()
    });
    Ok(written.map_err(|error| FileError::system(path, &error))?)
}

/// Shows a text where it is wanted.
pub(super) fn text(shown: &str, args: &ArgMatches) -> Result<(), Failure> {
    match args.get_one::<String>("out") {
        Some(path) => out::write(Path::new(path), shown)?,
        None => hand_out(shown.as_bytes()),
    }
    Ok(())
}

/// JSON as people can read it, too.
pub(super) fn indented(value: &Value) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    Ok(text.map_err(|error| Failure::said(error.to_string(), error.to_string()))? + "\n")
}
