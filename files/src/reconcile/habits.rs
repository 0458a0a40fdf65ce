//! What somebody said once about an association's notebooks: which column means what, and whom a name stands for.
//!
//! With a database it is kept there, by association. Without one, in a small file beside the notebook, named in the
//! report.

use std::path::{Path, PathBuf};

use ledger::{AssociationNumber, Language, name::fold};
use serde_json::{Value, json};
use store::{HabitKind, NotebookHabit};

use super::against::Against;
use crate::{error::FileError, notebook::Mapping, out, text::count};

/// The file beside the notebook.
const FILE: &str = "coudemain-carnets.json";

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Habits {
    /// What columns mean.
    pub mappings: Vec<Mapping>,
    /// Whom names stand for.
    pub aliases: Vec<Alias>,
    /// How many of them were remembered rather than said now.
    remembered: usize,
}

/// A name as it is written, and the member it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// As it is written.
    pub written: String,
    /// The member's name.
    pub meant: String,
    /// Whether it was said of another notebook: then a member who is gone does no harm.
    pub is_remembered: bool,
}

impl Habits {
    /// What is said now.
    pub fn said(mappings: Vec<Mapping>, aliases: Vec<Alias>) -> Self {
        Self { mappings, aliases, remembered: 0 }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.mappings.is_empty() && self.aliases.is_empty()
    }

    /// Adds what was said before; what is said now comes first.
    pub async fn with_remembered(mut self, against: &Against, owner: &str, path: &Path) -> Result<Self, FileError> {
        let rows = match against.network() {
            Some(open) => {
                let number = open.association(owner)?.number;
                open.store.notebook_habits(open.network_id, number).await?
            }
            None => read_file(&beside(path), owner)?,
        };
        for NotebookHabit { kind, written, meaning: meant } in rows {
            let is_new = match kind {
                HabitKind::Map => {
                    let mapping = Mapping::parse(&format!("{written}={meant}"));
                    let is_said = self.mappings.iter().any(|known| fold(&known.column) == fold(&written));
                    let remembered = mapping.map(|mapping| Mapping { is_remembered: true, ..mapping });
                    remembered.filter(|_| !is_said).map(|mapping| self.mappings.push(mapping)).is_some()
                }
                HabitKind::Alias => {
                    let is_said = self.aliases.iter().any(|known| fold(&known.written) == fold(&written));
                    if !is_said {
                        self.aliases.push(Alias { written, meant, is_remembered: true });
                    }
                    !is_said
                }
            };
            self.remembered += usize::from(is_new);
        }
        Ok(self)
    }

    /// Only what is said now: for a notebook that what was said of others does not fit.
    #[must_use]
    pub fn without_remembered(&self) -> Self {
        let mappings = self.mappings.iter().filter(|mapping| !mapping.is_remembered).cloned().collect();
        let aliases = self.aliases.iter().filter(|alias| !alias.is_remembered).cloned().collect();
        Self { mappings, aliases, remembered: 0 }
    }

    /// Says that something remembered was used, and what of it does not fit: `is_there` tells whether the notebook has a
    /// column of that name or place.
    pub fn notes(&self, language: Language, is_there: &dyn Fn(&Mapping) -> bool) -> Vec<String> {
        let remembered = self.mappings.iter().filter(|mapping| mapping.is_remembered);
        let unused: Vec<String> = remembered
            .filter(|mapping| !is_there(mapping))
            .map(|mapping| language.pick(format!("« {} »", mapping.column), format!("“{}”", mapping.column)))
            .collect();
        let number = self.remembered.saturating_sub(unused.len());
        let used = (number > 0).then(|| {
            count(
                number,
                language,
                ("réglage retenu pour cette association", "réglages retenus pour cette association"),
                ("remembered setting for this association", "remembered settings for this association"),
            )
        });
        let listed = unused.join(", ");
        let left = (!unused.is_empty()).then(|| {
            language.pick(
                format!("réglage retenu d'un autre carnet et sans effet ici : {listed}"),
                format!("remembered of another notebook and of no effect here: {listed}"),
            )
        });
        used.into_iter().chain(left).collect()
    }

    fn rows(&self) -> Vec<NotebookHabit> {
        let maps = self.mappings.iter().map(|mapping| NotebookHabit {
            kind: HabitKind::Map,
            written: mapping.column.clone(),
            meaning: mapping.meaning(),
        });
        let aliases = self.aliases.iter().map(|alias| NotebookHabit {
            kind: HabitKind::Alias,
            written: alias.written.clone(),
            meaning: alias.meant.clone(),
        });
        maps.chain(aliases).collect()
    }
}

/// Where something was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// In the database, with the association.
    Database,
    /// In a file beside the notebook.
    File(PathBuf),
}

/// Keeps what was said of an association's notebooks, once one could be read with it: in the database, where its number
/// there is known, else beside the notebook.
pub async fn remember(
    against: &Against,
    owner: &str,
    own: Option<AssociationNumber>,
    said: &Habits,
    path: &Path,
) -> Result<Keeping, FileError> {
    match (against.network(), own) {
        (Some(open), Some(own)) => {
            open.store.keep_notebook_habits(open.network_id, own, &said.rows()).await?;
            Ok(Keeping::Database)
        }
        _ => {
            let file = beside(path);
            write_file(&file, owner, said)?;
            Ok(Keeping::File(file))
        }
    }
}

/// What is remembered of an association's notebooks, as it was said: "Combien = duree".
pub async fn remembered(against: &Against, owner: &str, path: &Path) -> Result<Vec<NotebookHabit>, FileError> {
    match against.network() {
        Some(open) => {
            let number = open.association(owner)?.number;
            Ok(open.store.notebook_habits(open.network_id, number).await?)
        }
        None => read_file(&beside(path), owner),
    }
}

/// Forgets what was said of a column or a name. Returns how much there was to forget.
pub async fn forget(against: &Against, owner: &str, written: &str, path: &Path) -> Result<usize, FileError> {
    let known = remembered(against, owner, path).await?;
    let gone: Vec<NotebookHabit> = known.into_iter().filter(|habit| fold(&habit.written) == fold(written)).collect();
    match against.network() {
        Some(open) => {
            let number = open.association(owner)?.number;
            open.store.forget_notebook_habits(open.network_id, number, &gone).await?;
        }
        None if gone.is_empty() => {}
        None => {
            let file = beside(path);
            let mut all: Value = read_json(&file)?;
            for NotebookHabit { kind, written, .. } in &gone {
                if let Some(entries) = all[fold(owner)][kind.as_str()].as_object_mut() {
                    entries.remove(written);
                }
            }
            write_json(&file, &all)?;
        }
    }
    Ok(gone.len())
}

fn beside(path: &Path) -> PathBuf {
    path.with_file_name(FILE)
}

/// Maps, then aliases, of one association.
fn read_file(file: &Path, owner: &str) -> Result<Vec<NotebookHabit>, FileError> {
    let Ok(text) = std::fs::read_to_string(file) else { return Ok(Vec::new()) };
    let all: Value = serde_json::from_str(&text).map_err(|error| FileError::about(file, |_| error.to_string()))?;
    let mut rows = Vec::new();
    for kind in [HabitKind::Map, HabitKind::Alias] {
        let entries = all.get(fold(owner)).and_then(|own| own.get(kind.as_str())).and_then(Value::as_object);
        for (written, meant) in entries.into_iter().flatten() {
            let meaning = meant.as_str().unwrap_or_default().to_owned();
            rows.push(NotebookHabit { kind, written: written.clone(), meaning });
        }
    }
    Ok(rows)
}

fn write_file(file: &Path, owner: &str, said: &Habits) -> Result<(), FileError> {
    let mut all = read_json(file)?;
    for NotebookHabit { kind, written, meaning: meant } in said.rows() {
        all[fold(owner)][kind.as_str()][written] = Value::String(meant);
    }
    write_json(file, &all)
}

fn read_json(file: &Path) -> Result<Value, FileError> {
    match std::fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| FileError::about(file, |_| error.to_string())),
        Err(_) => Ok(json!({})),
    }
}

fn write_json(file: &Path, all: &Value) -> Result<(), FileError> {
    let text = serde_json::to_string_pretty(all).map_err(|error| FileError::about(file, |_| error.to_string()))?;
    out::write(file, &(text + "\n"))
}
