//! What a visitor may try next, and the file with mistakes in it that one of the commands is for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ledger::Language;

use super::{
    database_url,
    generate::{Invented, InventedAssociation},
    screen::Paint,
};

/// The file with mistakes.
pub(super) const MISTAKES: &str = "a-corriger.csv";

/// Commands that work as they are printed.
#[derive(Debug)]
pub(super) struct Trial {
    program: String,
    database: String,
    mistakes: String,
    /// The association whose delegate the visitor may be.
    association: String,
    year: i32,
}

/// Writes the file with mistakes, and says what may be tried.
pub(super) fn write(folder: &Path, invented: &Invented, year: i32, language: Language) -> io::Result<Trial> {
    let mistakes = folder.join(MISTAKES);
    fs::write(&mistakes, with_mistakes(&invented.associations, year, language))?;
    // Associations that give a lot come first in many exchanges; the first one's giver has a history to show.
    let association = invented.exchanges.first().map_or(0, |exchange| exchange.giver);
    Ok(Trial {
        program: program(),
        database: database_url(folder),
        mistakes: mistakes.display().to_string(),
        association: invented.associations.get(association).map_or(String::new(), |giver| giver.name.clone()),
        year,
    })
}

/// Three exchanges: a good one, a name with a slip in it, and a duration that is no whole number of minutes.
fn with_mistakes(associations: &[InventedAssociation], year: i32, language: Language) -> String {
    let name = |number: usize| associations.get(number).map_or("", |association| &association.name);
    let misspelt: String = name(1).char_indices().filter(|(index, _)| *index != 2).map(|(_, letter)| letter).collect();
    let header = language.pick("référence,date,a aidé,a été aidée,durée", "reference,date,giver,receiver,duration");
    format!(
        "{header}\nA-1,{year}-11-08,\"{}\",\"{}\",2h30\nA-2,{year}-11-09,\"{misspelt}\",\"{}\",1h\nA-3,{year}-11-10,\"{}\",\"{}\",\"0,33\"\n",
        name(0),
        name(1),
        name(2),
        name(2),
        name(0),
    )
}

impl Trial {
    pub(super) fn show(&self, paint: Paint, language: Language) -> String {
        let Self { program, database, mistakes, association, year } = self;
        let t = |french: &'static str, english: &'static str| language.pick(french, english);
        let verbs = |words: &[&str]| words.iter().map(|words| format!("{program} {words}")).collect::<Vec<_>>();
        let history = t("historique", "history");
        let steps = [
            (
                t("Une déléguée, une fois par semaine", "A delegate, once a week"),
                verbs(&[&format!("{history} \"{association}\"")]),
            ),
            (
                t("Un trésorier, une fois par an", "A treasurer, once a year"),
                verbs(&[
                    &format!("{} --at {year}-06-30", t("soldes", "balance")),
                    &format!("{} csv", t("exporter", "export")),
                ]),
            ),
            (
                t("La coordination, quand elle veut", "The coordinator, at any time"),
                verbs(&[
                    t("controler", "audit"),
                    &format!("{} --year {year} {}", t("clore", "close"), t("--apercu", "--preview")),
                    &format!(
                        "{} {} {}",
                        t("importer echanges", "import exchanges"),
                        quoted(mistakes),
                        t("--essai", "--dry-run")
                    ),
                ]),
            ),
        ];
        let mut text = format!("\n  {}\n", paint.bold(t("À vous d'essayer", "Now you")));
        text.push_str(&format!("    {}\n", paint.cyan(&format!("export COUDEMAIN_DB={}", quoted(database)))));
        for (who, commands) in steps {
            text.push_str(&format!("  {who}\n"));
            for command in commands {
                text.push_str(&format!("    {}\n", paint.cyan(&command)));
            }
        }
        text
    }
}

/// How the visitor calls this program: by its name where the shell finds it, else by its path.
fn program() -> String {
    const NAME: &str = "coudemain";
    let paths = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&paths).any(|folder| folder.join(NAME).is_file()) {
        return NAME.to_owned();
    }
    let Ok(program) = std::env::current_exe() else { return NAME.to_owned() };
    let here = std::env::current_dir().unwrap_or_default();
    let nearby = program.strip_prefix(&here).map(|nearby| PathBuf::from(".").join(nearby));
    quoted(&nearby.unwrap_or(program).display().to_string())
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-:".contains(letter);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
