//! Brings in a file, after saying what it would do.
//!
//! A file is read, each line becomes requests (`plan`), what the ledger knows already is taken out (`sift`), and
//! the rest enters as one group (`enter`): all of it, or, where that is wished, all the good lines. Every request has
//! a key made of what the line says, so that the same lines twice add nothing, and a known reference with other content
//! is a conflict that is named.

mod kind;
mod options;
mod summary;

mod plan;
mod alike;
mod conflict;
mod members;
mod balances;
mod skills;
mod exchanges;
mod contributions;

mod sift;
mod enter;

use std::path::Path;

use ledger::{Digest, Language};
use sha2::{Digest as _, Sha256};
use store::Writer;

pub use kind::Kind;
pub use options::Options;
pub use summary::{BadLine, Summary};

use self::{enter::Source, plan::Plan};
use crate::{
    advance::OnAdvance,
    column,
    error::FileError,
    network::OpenNetwork,
    table::{Row, Table},
};

/// A file as somebody brings it.
#[derive(Debug, Clone, Copy)]
pub struct BroughtFile<'a> {
    /// Where it comes from, or how it is called: its last part is kept with what enters.
    pub path: &'a Path,
    /// What it holds.
    pub bytes: &'a [u8],
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
    let table = Table::from_bytes(file.bytes)
        .map_err(|error| FileError::about(file.path, |language| error.in_words(language)))?;
    let columns = column::match_header(&table.header, kind.columns())
        .map_err(|error| FileError::about(file.path, |language| error.in_words(language)))?;
    let mut plan = Plan::new(&table, &columns, network, options);
    match kind {
        Kind::Skills => skills::read(&mut plan).await?,
        Kind::Associations => members::associations(&mut plan),
        Kind::Persons => members::persons(&mut plan).await?,
        Kind::Balances => balances::read(&mut plan),
        Kind::Exchanges => exchanges::read(&mut plan).await?,
        Kind::Contributions => contributions::read(&mut plan).await?,
    }
    let mut sifted = sift::sift(plan).await?;
    let first_notes = sifted.summary.notes.len();
    let has_obstacle = !sifted.summary.bad_lines.is_empty() && !options.lets_good_lines_enter;
    if options.dry_run || has_obstacle || sifted.summary.is_blocked {
        enter::rehearse(network, &mut sifted).await?;
        if !options.dry_run {
            sifted.summary.entered = 0;
        }
    } else if !sifted.requests.is_empty() {
        let source = Source { name: name_of(file.path), digest: Digest(Sha256::digest(file.bytes).into()) };
        enter::enter(network, &mut sifted, &source, options.lets_good_lines_enter, writer, on_advance).await?;
        network.refresh().await?;
    }
    if options.dry_run || sifted.summary.entered > 0 {
        let notes = enter::what_comes_with(network, &sifted).await?;
        sifted.summary.notes.splice(first_notes..first_notes, notes);
    }
    let summary = sifted.summary;
    let gives_back = options.lets_good_lines_enter && !options.dry_run && !summary.bad_lines.is_empty();
    let rejects = gives_back.then(|| rejects(&table, &summary, network.language)).transpose()?;
    Ok(Brought { summary, rejects })
}

/// The bad lines as they were, with what is wrong in a last column.
fn rejects(table: &Table, summary: &Summary, language: Language) -> std::io::Result<Vec<u8>> {
    let why = |row: &Row| {
        let reasons = summary.bad_lines.iter().filter(|bad| bad.line == row.line);
        reasons.map(|bad| bad.why.as_str()).collect::<Vec<_>>().join(" ; ")
    };
    let numbers = summary.numbers_of_bad_lines();
    let mut bad: Vec<&Row> = table.rows.iter().chain(&table.ragged).filter(|row| numbers.contains(&row.line)).collect();
    bad.sort_by_key(|row| row.line);
    let mut bytes = Vec::new();
    table.write_rows(bad.into_iter(), Some((language.pick("problème", "problem"), &why)), &mut bytes)?;
    Ok(bytes)
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
