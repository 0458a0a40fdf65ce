//! The words of the exports that are about one year.

use clap::{Arg, Command, value_parser};
use ledger::Language;

use crate::args::ledger_args;

/// What `export` offers besides the whole ledger.
pub(crate) fn subcommands(language: Language) -> [Command; 1] {
    [lines(language)]
}

fn lines(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    Command::new("lines")
        .visible_alias("lignes")
        .about(t(
            "Les lignes d'une association pour un exercice : ce que « reconcile --against » compare à son carnet",
            "An association's lines of a year: what “reconcile --against” compares its notebook with",
        ))
        .after_help(t(
            "Exemple : coudemain export lines --association \"Chorale de Janzé\" --year 2025 --out chorale-2025.csv",
            "Example: coudemain export lines --association \"Village choir\" --year 2025 --out choir-2025.csv",
        ))
        .args(ledger_args(language))
        .arg(association(language).required(true))
        .arg(year(language).required(true))
        .arg(out(language))
}

/// Which association, by name or identifier.
pub(crate) fn association(language: Language) -> Arg {
    Arg::new("association")
        .long("association")
        .value_name("ASSOCIATION")
        .help(language.pick("L'association, par son nom ou son identifiant", "The association, by name or identifier"))
}

/// Which year.
pub(crate) fn year(language: Language) -> Arg {
    Arg::new("year")
        .long("year")
        .visible_alias("annee")
        .value_name(language.pick("ANNÉE", "YEAR"))
        .value_parser(value_parser!(i32).range(1900..=9999))
        .help(language.pick("L'exercice", "The year"))
}

fn out(language: Language) -> Arg {
    Arg::new("out")
        .long("out")
        .value_name(language.pick("FICHIER", "FILE"))
        .help(language.pick("Le fichier à écrire (sinon l'écran)", "The file to write (else the screen)"))
}
