//! What a visitor may try next, and the file with mistakes in it that one of the commands is for.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use files::invented::{Invented, InventedAssociation};
use ledger::Language;

use super::screen::Paint;

/// The file with mistakes.
pub(super) const MISTAKES: &str = "a-corriger.csv";

/// Commands that work as they are printed.
#[derive(Debug)]
pub(super) struct Trial {
    folder: PathBuf,
    /// How the commands name the database.
    database: String,
    /// The association whose delegate the visitor may be.
    association: String,
    year: i32,
}

impl Trial {
    /// Writes the file with mistakes, and says what may be tried.
    pub(super) fn write(
        folder: &Path,
        database: String,
        invented: &Invented,
        year: i32,
        language: Language,
    ) -> io::Result<Self> {
        fs::write(folder.join(MISTAKES), with_mistakes(&invented.associations, year, language))?;
        let giver = invented.exchanges.first().and_then(|first| invented.associations.get(first.giver));
        let association = giver.map_or_else(String::new, |giver| giver.name.clone());
        Ok(Self { folder: folder.to_owned(), database, association, year })
    }

    pub(super) fn show(&self, paint: Paint, language: Language) -> String {
        let t = |french: &'static str, english: &'static str| language.pick(french, english);
        let steps = [
            (
                t("Déléguée : d'où vient notre solde ?", "A delegate: where does our balance come from?"),
                self.delegate(t),
            ),
            (
                t(
                    "Trésorier : les soldes au 30 juin, et l'année pour mon tableur",
                    "A treasurer: the balances on 30 June, and the year for my spreadsheet",
                ),
                self.treasurer(t),
            ),
            (
                t(
                    "Coordination : tout concorde ? clore l'année ? un fichier plein de fautes ?",
                    "A coordinator: does it all agree? close the year? a file full of mistakes?",
                ),
                self.coordinator(t),
            ),
        ];
        // Named with each command: set once for the terminal, the throw-away database would still be meant when the
        // visitor makes a network of their own.
        let database = format!(" --db {}", quoted(&self.database));
        let mut text = format!("\n  {}\n", paint.bold(t("À vous", "Your turn")));
        let (program, language) = (program(), spoken(language));
        for (question, commands) in steps {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "  {question}");
            for command in commands {
                let _ = writeln!(text, "    {}", paint.cyan(&format!("{program} {command}{database}{language}")));
            }
        }
        text
    }

    fn delegate(&self, t: impl Fn(&'static str, &'static str) -> &'static str) -> Vec<String> {
        vec![format!("{} \"{}\"", t("historique", "history"), self.association)]
    }

    fn treasurer(&self, t: impl Fn(&'static str, &'static str) -> &'static str) -> Vec<String> {
        let year = self.year;
        let out = self.file(&format!("export-{year}.csv"));
        vec![
            format!("{} --at {year}-06-30", t("soldes", "balance")),
            format!("{} csv {} --out {out}", t("exporter", "export"), t("--tableur", "--spreadsheet")),
        ]
    }

    fn coordinator(&self, t: impl Fn(&'static str, &'static str) -> &'static str) -> Vec<String> {
        let (year, mistakes) = (self.year, self.file(MISTAKES));
        vec![
            t("controler", "audit").to_owned(),
            format!("{} --year {year} {}", t("clore", "close"), t("--apercu", "--preview")),
            format!("{} {mistakes} {}", t("importer echanges", "import exchanges"), t("--essai", "--dry-run")),
        ]
    }

    fn file(&self, name: &str) -> String {
        quoted(&self.folder.join(name).display().to_string())
    }
}

/// Three exchanges: a good one, a name with a slip in it, and a duration that is no whole number of minutes.
fn with_mistakes(associations: &[InventedAssociation], year: i32, language: Language) -> String {
    let [one, two, three] = [0, 1, 2].map(|number| associations.get(number).map_or("", |found| found.name.as_str()));
    let slip: String = two.chars().enumerate().filter(|(index, _)| *index != 2).map(|(_, letter)| letter).collect();
    let header = language.pick("référence,date,a aidé,a été aidée,durée", "reference,date,giver,receiver,duration");
    let lines = [
        format!("A-1,{year}-11-08,\"{one}\",\"{two}\",2h30"),
        format!("A-2,{year}-11-09,\"{slip}\",\"{three}\",1h"),
        format!("A-3,{year}-11-10,\"{three}\",\"{one}\",\"0,33\""),
    ];
    format!("{header}\n{}\n", lines.join("\n"))
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
    let nearby = program.strip_prefix(&here).map(|nearby| Path::new(".").join(nearby));
    quoted(&nearby.unwrap_or(program).display().to_string())
}

/// The flag that asks for this language, where the environment asks for another.
fn spoken(language: Language) -> &'static str {
    if crate::arguments::language(&[]) == language { "" } else { language.pick(" --lang fr", " --lang en") }
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-:".contains(letter);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_cut_them() {
        assert_eq!(quoted("/tmp/coudemain-demo-x1/demo.db"), "/tmp/coudemain-demo-x1/demo.db");
        assert_eq!(quoted("/home/l'asso/mes essais"), r"'/home/l'\''asso/mes essais'");
    }
}
