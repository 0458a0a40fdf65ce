//! Brings in a file, after saying what it would do.
//!
//! A file is read, each line becomes requests (`plan`), what the ledger knows already is taken out (`sift`), and
//! the rest enters as one group (`enter`): all of it, or, where that is wished, all the good lines. Every request has
//! a key made of what the line says, so that the same lines twice add nothing, and a known reference with other content
//! is a conflict that is named.

mod kind;
mod question;
mod mapping;
mod options;
mod summary;

mod foreign;
mod template;
mod plan;
mod workbook;
mod alike;
mod otherwise;
mod conflict;
mod members;
mod balances;
mod skills;
mod exchanges;
mod contributions;

mod mended;
mod sift;
mod enter;

use std::path::Path;

use ledger::{Digest, Language};
use sha2::{Digest as _, Sha256};
use store::Writer;

pub use kind::Kind;
pub use mapping::Mapping;
pub use options::Options;
pub use question::{Answers, Question};
pub use summary::{BadLine, Summary};
pub use template::{TemplateForm, template};

use self::{enter::Source, plan::Plan};
use crate::{
    advance::OnAdvance,
    cells::WorkbookReader,
    column::{self, Columns},
    error::FileError,
    network::OpenNetwork,
    table::{BinaryKind, Row, Table},
};

/// A file as somebody brings it.
#[derive(Debug)]
pub struct BroughtFile<'a> {
    /// Where it comes from, or how it is called: its last part is kept with what enters.
    pub path: &'a Path,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// What reads it where it is a workbook.
    pub workbooks: &'a WorkbookReader,
}

/// What became of a file.
#[derive(Debug)]
pub struct Brought {
    /// What entered, or would enter, and what did not.
    pub summary: Summary,
    /// The bad lines as a file to be mended and brought again, with what is wrong in a last column. Only where good
    /// lines entered without them.
    pub rejects: Option<Vec<u8>>,
}

/// Brings a file in, as far as the options let it.
pub async fn bring_in(
    network: &mut OpenNetwork,
    kind: Kind,
    file: BroughtFile<'_>,
    options: &Options,
    writer: &Writer,
    on_advance: OnAdvance<'_>,
) -> Result<Brought, FileError> {
    let (table, columns, notes) = table_of(kind, &file, network, options)?;
    let BroughtFile { path, bytes, .. } = file;
    let digest = Digest(Sha256::digest(&bytes).into());
    // What a large file holds stands in the table now.
    drop(bytes);
    if let Some(first) = kind.comes_after(&network.registry) {
        return Err(FileError::about(path, |language| too_early(first, network, language)));
    }
    let file_name = name_of(path);
    let mut plan = Plan::new(&table, &columns, network, options, &file_name);
    plan.summary.notes.splice(0..0, notes);
    match kind {
        Kind::Skills => skills::read(&mut plan).await?,
        Kind::Associations => members::associations(&mut plan),
        Kind::Persons => members::persons(&mut plan).await?,
        Kind::Balances => balances::read(&mut plan).await?,
        Kind::Exchanges => exchanges::read(&mut plan).await?,
        Kind::Contributions => contributions::read(&mut plan).await?,
    }
    let mut sifted = sift::sift(plan).await?;
    // Only bad lines that come back are asked for any more.
    let gives_back = options.lets_good_lines_enter && !options.dry_run;
    let table = gives_back.then_some(table);
    let first_notes = sifted.summary.notes.len();
    let has_obstacle = !sifted.summary.bad_lines.is_empty() && !options.lets_good_lines_enter;
    if options.dry_run || has_obstacle || !sifted.summary.questions.is_empty() {
        enter::rehearse(network, &mut sifted).await?;
        if !options.dry_run {
            sifted.count_nothing();
        }
    } else if !sifted.requests.is_empty() {
        let source = Source { name: file_name.clone(), digest };
        enter::enter(network, &mut sifted, &source, options.lets_good_lines_enter, writer, on_advance).await?;
        network.refresh().await?;
    }
    if options.dry_run || sifted.summary.entered + sifted.summary.corrected > 0 {
        let notes = enter::what_comes_with(network, &sifted).await?;
        sifted.summary.notes.splice(first_notes..first_notes, notes);
    }
    let summary = sifted.summary;
    let table = table.filter(|_| !summary.bad_lines.is_empty());
    let rejects = table.map(|table| rejects(&table, &summary, network.language)).transpose()?;
    Ok(Brought { summary, rejects })
}

/// Says what has to be brought in before.
fn too_early(first: Kind, network: &OpenNetwork, language: Language) -> String {
    let remedy = (network.remedies)(first.brought_in(), language);
    let none = match first {
        Kind::Persons => language.pick("personne", "nobody"),
        Kind::Skills | Kind::Associations | Kind::Balances | Kind::Exchanges | Kind::Contributions => {
            language.pick("aucun adhérent", "no member")
        }
    };
    language.pick(
        format!("le réseau n'a encore {none} ; commencez par {remedy}"),
        format!("the network has {none} yet; begin with {remedy}"),
    )
}

/// The table of a file, where its columns stand, and what is to be said of it.
fn table_of(
    kind: Kind,
    file: &BroughtFile<'_>,
    network: &OpenNetwork,
    options: &Options,
) -> Result<(Table, Columns, Vec<String>), FileError> {
    let map = &options.map;
    let (mut table, hidden) = raw_table(file, &|names| foreign::rate(&map.applied(names, kind), kind))?;
    map.check(file.path, &table.header, kind)?;
    table.header = map.applied(&table.header, kind);
    let (mut table, mut notes) = match foreign::translate(table, kind, network.language) {
        Ok(translated) => (translated.table, translated.notes),
        Err(own) => (own, Vec::new()),
    };
    notes.extend(hidden.iter().map(|name| {
        network.language.pick(
            format!("la feuille « {name} » est masquée, et n'entre pas ; affichez-la pour qu'elle compte"),
            format!("the sheet “{name}” is hidden, and does not enter; show it for it to count"),
        )
    }));
    let column = kind.columns().iter().find(|column| column.field == "association");
    if let (Some(association), Some(column)) = (&options.association, column)
        && !table.header.iter().any(|name| column.is_called(name))
    {
        table = table.with_column(column.field, association);
    }
    let columns = column::match_header(&table.header, kind.columns()).map_err(|error| {
        let others = foreign::kinds(&table.header);
        FileError::about(file.path, |language| {
            let why = error.in_words(language);
            let others: Vec<_> = others.iter().map(|other| (network.remedies)(other.brought_in(), language)).collect();
            if others.is_empty() {
                return why;
            }
            let others = others.join(language.pick(" ou ", " or "));
            language.pick(
                format!("{why}. Ces colonnes vont avec {others}"),
                format!("{why}. These columns go with {others}"),
            )
        })
    })?;
    Ok((table, columns, notes))
}

/// The table of a file, its header the row that is rated highest, and the hidden sheets that would fit as well.
fn raw_table(file: &BroughtFile<'_>, rate: &dyn Fn(&[String]) -> usize) -> Result<(Table, Vec<String>), FileError> {
    let wrong = |words: &dyn Fn(Language) -> String| FileError::about(file.path, words);
    if BinaryKind::of(&file.bytes).is_some_and(BinaryKind::is_workbook) {
        let sheets = file.workbooks.read(&file.bytes).map_err(|error| wrong(&|language| error.in_words(language)))?;
        return workbook::table(file.path, &sheets, rate);
    }
    let table = Table::under(&file.bytes, rate).map_err(|error| wrong(&|language| error.in_words(language)))?;
    Ok((table, Vec::new()))
}

/// The kinds of which a file may be, by its columns: those that it fits best.
pub fn kinds_of(file: &BroughtFile<'_>) -> Result<Vec<Kind>, FileError> {
    let best = |names: &[String]| Kind::ALL.iter().map(|kind| foreign::rate(names, *kind)).max().unwrap_or(0);
    Ok(foreign::kinds(&raw_table(file, &best)?.0.header))
}

/// The bad lines as they were, with what is wrong in a last column.
fn rejects(table: &Table, summary: &Summary, language: Language) -> std::io::Result<Vec<u8>> {
    let why = |row: &Row| {
        let reasons = summary.bad_lines.iter().filter(|bad| bad.line == row.line);
        reasons.map(|bad| bad.why.as_str()).collect::<Vec<_>>().join(" ; ")
    };
    let numbers = summary.numbers_of_bad_lines();
    let all = table.above.iter().chain(&table.rows).chain(&table.ragged);
    let mut bad: Vec<&Row> = all.filter(|row| numbers.contains(&row.line)).collect();
    bad.sort_by_key(|row| row.line);
    let mut bytes = Vec::new();
    table.write_rows(bad.into_iter(), Some((language.pick("problème", "problem"), &why)), &mut bytes)?;
    Ok(bytes)
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
