//! Files that other programs export, by their headers: `TimeOverflow`, Komunitin, `HelloAsso`, Paheko and its Tāima,
//! Bénévalibre. `docs/imports.md` says what was seen of each, and what was not.
//!
//! Such a file becomes a table under our own names before anything else looks at it.

mod form;
mod tools;

use ledger::{Language, name::fold};

use self::form::{Form, cell, is_of_unknown_unit};
use super::kind::Kind;
use crate::{
    column,
    table::{Row, Table},
};

/// A file of another program, in our own columns.
#[derive(Debug)]
pub(super) struct Translated {
    /// Its table.
    pub(super) table: Table,
    /// What is to be said of it.
    pub(super) notes: Vec<String>,
}

/// How well a header fits a kind of file, as our own or as a program's; 0 where it does not.
pub(super) fn rate(header: &[String], kind: Kind) -> usize {
    rate_of_theirs(header, kind).max(column::rate(header, kind.columns()))
}

fn rate_of_theirs(header: &[String], kind: Kind) -> usize {
    form_of(header, kind).map_or(0, |form| form.columns.len())
}

/// The kinds that a header fits best: those of the program that wrote it, where it is one that is known.
pub(super) fn kinds(header: &[String]) -> Vec<Kind> {
    let theirs: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| rate_of_theirs(header, *kind) > 0).collect();
    if !theirs.is_empty() {
        return theirs;
    }
    let rated = Kind::ALL.map(|kind| (kind, column::rate(header, kind.columns())));
    let best = rated.iter().map(|(_, rate)| *rate).max().unwrap_or(0);
    rated.into_iter().filter(|(_, rate)| *rate == best && best > 0).map(|(kind, _)| kind).collect()
}

fn form_of(header: &[String], kind: Kind) -> Option<Form> {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    tools::ALL.iter().find_map(|form| form(&folded, kind))
}

/// Takes a program's export for what it is; `Err` gives back the table that is none.
pub(super) fn translate(table: Table, kind: Kind, language: Language) -> Result<Translated, Table> {
    let Some(form) = form_of(&table.header, kind) else { return Err(table) };
    let mut notes = vec![
        language.pick(format!("export de {} reconnu", form.tool), format!("recognised as an export of {}", form.tool)),
    ];
    let (left, counted): (Vec<&Row>, Vec<&Row>) = match &form.only_where {
        None => (Vec::new(), table.rows.iter().collect()),
        Some(wanted) => {
            table.rows.iter().partition(|row| !wanted.values.contains(&&*fold(row.cell(Some(wanted.column)))))
        }
    };
    if let Some(wanted) = form.only_where.as_ref().filter(|_| !left.is_empty()) {
        let (column, values) = (&table.header[wanted.column], wanted.values.join(", "));
        let lines: Vec<String> = left.iter().map(|row| row.line.to_string()).collect();
        let lines = lines.join(", ");
        notes.push(language.pick(
            format!("laissé de côté, parce que « {column} » ne dit pas {values} : ligne {lines}"),
            format!("left aside, because “{column}” does not say {values}: line {lines}"),
        ));
    }
    if form.columns.iter().any(|(_, source)| counted.iter().any(|row| is_of_unknown_unit(row, source))) {
        notes.push(
            language
                .pick(
                    "les montants sans décimales sont d'un export d'avant février 2026, dont rien ne dit l'unité ; exportez de nouveau",
                    "amounts without decimals are of an export from before February 2026, whose unit nothing tells; export again",
                )
                .to_owned(),
        );
    }
    let header = form.columns.iter().map(|(field, _)| (*field).to_owned()).collect();
    let cells = |row: &Row| form.columns.iter().map(|(_, source)| cell(row, source)).collect();
    let rows = counted.into_iter().map(|row| Row::new(row.line, cells(row))).collect();
    Ok(Translated { table: Table { header, rows, ..table }, notes })
}
