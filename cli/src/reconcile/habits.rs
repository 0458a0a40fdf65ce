//! What somebody said once about an association's notebooks: which column means what, and whom a name stands for.
//!
//! With a database it is kept there, by association. Without one, in a small file beside the notebook, named in the
//! report.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use ledger::{Language, name::fold};
use serde_json::{Value, json};
use store::{HabitKind, NotebookHabit};

use super::{compare::Compared, source::Source};
use crate::{failure::Failure, file, notebook::Mapping, report::count};

/// The file beside the notebook.
const FILE: &str = "coudemain-carnets.json";

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Habits {
    pub(super) mappings: Vec<Mapping>,
    /// A name as it is written, and the member it stands for.
    pub(super) aliases: Vec<(String, String)>,
    /// How many of them were remembered rather than said now.
    remembered: usize,
}

impl Habits {
    /// What the command line says.
    pub(super) fn of_arguments(args: &ArgMatches, language: Language) -> Result<Self, Failure> {
        let _ = language;
        let said = |name: &str| args.get_many::<String>(name).unwrap_or_default().cloned().collect::<Vec<_>>();
        let mappings = said("map").into_iter().map(|text| Mapping::parse(&text).ok_or_else(|| not_a_mapping(&text)));
        let aliases = said("alias").into_iter().map(|text| match text.split_once('=') {
            Some((written, meant)) if !written.trim().is_empty() && !meant.trim().is_empty() => {
                Ok((written.trim().to_owned(), meant.trim().to_owned()))
            }
            _ => Err(Failure::said(
                format!("--alias : « {text} » ; « ce qui est écrit=nom de l'association » conviendrait"),
                format!("--alias: “{text}”; “what is written=name of the association” would fit"),
            )),
        });
        Ok(Self {
            mappings: mappings.collect::<Result<_, _>>()?,
            aliases: aliases.collect::<Result<_, _>>()?,
            remembered: 0,
        })
    }

    /// Adds what was said before; what is said now comes first.
    pub(super) async fn with_remembered(mut self, source: &Source, owner: &str, path: &Path) -> Result<Self, Failure> {
        let rows = match source.session() {
            Some(session) => {
                let number = session.association(owner)?.number;
                session.store.notebook_habits(session.network_id, number).await?
            }
            None => read_file(&beside(path), owner)?,
        };
        for NotebookHabit { kind, written, meaning: meant } in rows {
            let is_new = match kind {
                HabitKind::Map => {
                    let mapping = Mapping::parse(&format!("{written}={meant}"));
                    let is_said = self.mappings.iter().any(|known| fold(&known.column) == fold(&written));
                    mapping.filter(|_| !is_said).map(|mapping| self.mappings.push(mapping)).is_some()
                }
                HabitKind::Alias => {
                    let is_said = self.aliases.iter().any(|(known, _)| fold(known) == fold(&written));
                    if !is_said {
                        self.aliases.push((written, meant));
                    }
                    !is_said
                }
            };
            self.remembered += usize::from(is_new);
        }
        Ok(self)
    }

    /// Says that something remembered was used.
    pub(super) fn note(&self, language: Language) -> Option<String> {
        let number = self.remembered;
        (number > 0).then(|| {
            count(
                number,
                language,
                ("réglage retenu pour cette association", "réglages retenus pour cette association"),
                ("remembered setting for this association", "remembered settings for this association"),
            )
        })
    }

    fn rows(&self) -> Vec<NotebookHabit> {
        let maps = self.mappings.iter().map(|mapping| NotebookHabit {
            kind: HabitKind::Map,
            written: mapping.column.clone(),
            meaning: mapping.field.words().0.to_owned(),
        });
        let aliases = self.aliases.iter().map(|(written, meant)| NotebookHabit {
            kind: HabitKind::Alias,
            written: written.clone(),
            meaning: meant.clone(),
        });
        maps.chain(aliases).collect()
    }
}

/// Keeps what the command line said, once the notebook could be read with it.
pub(super) async fn remember(
    source: &mut Source,
    compared: &Compared,
    said: &Habits,
    path: &Path,
    language: Language,
) -> Result<(), Failure> {
    if *said == Habits::default() {
        return Ok(());
    }
    let owner = &compared.ours.accounts.association.name;
    let place = match (source.session(), compared.ours.own) {
        (Some(session), Some(own)) => {
            session.store.keep_notebook_habits(session.network_id, own, &said.rows()).await?;
            language.pick("la base".to_owned(), "the database".to_owned())
        }
        _ => {
            let file = beside(path);
            write_file(&file, owner, said)?;
            file.display().to_string()
        }
    };
    warn_line!(
        "{}",
        language
            .pick(format!("Retenu pour « {owner} » dans {place}."), format!("Remembered for “{owner}” in {place}."),)
    );
    Ok(())
}

fn beside(path: &Path) -> PathBuf {
    path.with_file_name(FILE)
}

/// Maps, then aliases, of one association.
fn read_file(file: &Path, owner: &str) -> Result<Vec<NotebookHabit>, Failure> {
    let Ok(text) = std::fs::read_to_string(file) else { return Ok(Vec::new()) };
    let all: Value = serde_json::from_str(&text).map_err(|error| file::about(file, |_| error.to_string()))?;
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

fn write_file(file: &Path, owner: &str, said: &Habits) -> Result<(), Failure> {
    let mut all: Value = match std::fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| file::about(file, |_| error.to_string()))?,
        Err(_) => json!({}),
    };
    for NotebookHabit { kind, written, meaning: meant } in said.rows() {
        all[fold(owner)][kind.as_str()][written] = Value::String(meant);
    }
    let text = serde_json::to_string_pretty(&all).map_err(|error| file::about(file, |_| error.to_string()))?;
    file::write(file, &(text + "\n"))
}

fn not_a_mapping(text: &str) -> Failure {
    Failure::said(
        format!(
            "--map : « {text} » ; COLONNE=CHAMP conviendrait, avec date, partenaire, duree, sens, donne, recu, personnes, competence, identifiant, donneur, receveur ou ignorer"
        ),
        format!(
            "--map: “{text}”; COLUMN=FIELD would fit, with date, partner, duration, direction, given, received, people, skill, identifier, giver, receiver or ignore"
        ),
    )
}
