//! Which column means what, where somebody says it: what they say goes before what the names seem to say.

use std::path::Path;

use ledger::{Language, name::fold};

use super::kind::Kind;
use crate::{column::Column, error::FileError};

/// What somebody says of the columns of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(Vec<(String, String)>);

/// What a column is to be taken for.
#[derive(Clone, Copy)]
enum Meaning {
    Field(&'static Column),
    Nothing,
}

impl Mapping {
    /// Reads what somebody typed, `COLUMN=FIELD` each; the first text that is none is the error.
    pub fn parse<'t>(typed: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let read = |text: &'t str| {
            let (column, field) = text.rsplit_once('=').map(|(one, other)| (one.trim(), other.trim()))?;
            (!column.is_empty() && !field.is_empty()).then(|| (column.to_owned(), field.to_owned()))
        };
        let all: Result<_, _> = typed.into_iter().map(|text| read(text).ok_or_else(|| text.to_owned())).collect();
        all.map(Self)
    }

    /// The names of columns as the kind of file has them. Names that are not there are passed over: another row may be
    /// the header.
    pub(super) fn applied(&self, names: &[String], kind: Kind) -> Vec<String> {
        let mut applied = names.to_vec();
        for (column, field) in &self.0 {
            let (Some(at), Some(meaning)) = (place_of(names, column), meaning(field, kind)) else { continue };
            if let Meaning::Field(field) = meaning {
                let others = applied.iter_mut().enumerate().filter(|(other, _)| *other != at);
                others.filter(|(_, name)| field.is_called(name)).for_each(|(_, name)| *name = aside(name));
            }
            applied[at] = match meaning {
                Meaning::Field(field) => field.field.to_owned(),
                Meaning::Nothing => aside(&names[at]),
            };
        }
        applied
    }

    /// Whether all that was said fits this header.
    pub(super) fn check(&self, path: &Path, names: &[String], kind: Kind) -> Result<(), FileError> {
        for (place, (column, field)) in self.0.iter().enumerate() {
            if meaning(field, kind).is_none() {
                return Err(FileError::about(path, |language| no_such_field(field, kind, language)));
            }
            let Some(at) = place_of(names, column) else {
                return Err(FileError::about(path, |language| no_such_column(column, names, language)));
            };
            if self.0.iter().take(place).any(|(before, _)| place_of(names, before) == Some(at)) {
                return Err(FileError::about(path, |language| {
                    language.pick(
                        format!("--map dit deux fois ce qu'est la colonne « {column} » ; une fois suffit"),
                        format!("--map tells twice what the column “{column}” is; once is enough"),
                    )
                }));
            }
        }
        Ok(())
    }
}

/// A name that means nothing any more, and still tells which column it was.
fn aside(name: &str) -> String {
    format!("{name} (--map)")
}

fn meaning(field: &str, kind: Kind) -> Option<Meaning> {
    if matches!(fold(field).as_str(), "ignorer" | "ignore") {
        return Some(Meaning::Nothing);
    }
    kind.columns().iter().find(|column| column.is_called(field)).map(Meaning::Field)
}

/// Where a column stands, by its name or, where none has it, by its letter in a spreadsheet.
fn place_of(names: &[String], column: &str) -> Option<usize> {
    let by_name = names.iter().position(|name| name.trim() == column);
    let by_fold = || names.iter().position(|name| !fold(name).is_empty() && fold(name) == fold(column));
    by_name.or_else(by_fold).or_else(|| letter(column).filter(|at| *at < names.len()))
}

/// `A` is the first column, `AA` the one after `Z`.
fn letter(column: &str) -> Option<usize> {
    if column.is_empty() || column.len() > 3 {
        return None;
    }
    let place = column.bytes().try_fold(0_usize, |place, letter| {
        letter.is_ascii_alphabetic().then(|| place * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    place.map(|place| place - 1)
}

fn no_such_field(field: &str, kind: Kind, language: Language) -> String {
    let fields: Vec<String> = kind.columns().iter().map(|column| column.name(language)).collect();
    let fields = fields.join(", ");
    language.pick(
        format!("--map : « {field} » n'est pas ce qu'une colonne peut dire ici ; conviendrait : {fields}, ignorer"),
        format!("--map: “{field}” is nothing that a column may say here; would fit: {fields}, ignore"),
    )
}

fn no_such_column(column: &str, names: &[String], language: Language) -> String {
    let names = names.join(", ");
    language.pick(
        format!("--map : il n'y a pas de colonne « {column} » ; il y a : {names}"),
        format!("--map: there is no column “{column}”; there are: {names}"),
    )
}
