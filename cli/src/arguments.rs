//! The words that several verbs share, and how they are read. It knows no verb.

use std::ffi::OsString;

use clap::{
    Arg, ArgAction, Command,
    builder::{PossibleValuesParser, Str},
    value_parser,
};
use ledger::Language;

/// The language to speak, found before anything else is read: `--lang`, else the environment, else French.
pub(crate) fn language(words: &[OsString]) -> Language {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let after = words.iter().position(|word| word == "--lang").and_then(|at| words.get(at + 1)).map(AsRef::as_ref);
    let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
    let environment = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let wanted = after.or(joined).map(str::to_owned).or(environment).unwrap_or_default();
    if wanted.starts_with("en") { Language::English } else { Language::French }
}

/// Where the ledger is, and as whom.
pub(crate) fn ledger(language: Language) -> [Arg; 4] {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    [
        Arg::new("db").long("db").env("COUDEMAIN_DB").value_name("URL").default_value("sqlite://coudemain.db").help(t(
            "La base : sqlite://FICHIER ou postgres://… (ou COUDEMAIN_DB ; sinon sqlite://coudemain.db)",
            "The database: sqlite://FILE or postgres://… (or COUDEMAIN_DB; else sqlite://coudemain.db)",
        )),
        Arg::new("network")
            .long("network")
            .value_name(t("RÉSEAU", "NETWORK"))
            .help(t("Le réseau, quand la base en contient plusieurs", "The network, where the database holds several")),
        Arg::new("as").long("as").value_name(t("PERSONNE", "PERSON")).help(t(
            "Le code de la personne qui agit (sinon « operator »)",
            "The code of the person who acts (else “operator”)",
        )),
        accept_clock(language),
    ]
}

/// The word of whoever runs the command for the machine's clock.
pub(crate) fn accept_clock(language: Language) -> Arg {
    Arg::new("accept-clock").long("accept-clock").visible_alias("horloge-juste").action(ArgAction::SetTrue).help(
        language.pick(
            "L'horloge est juste, même si rien n'a été écrit depuis plus d'un an",
            "The clock is right, though nothing was written for more than a year",
        ),
    )
}

/// As a table or as JSON.
pub(crate) fn format(language: Language) -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("table|json")
        .value_parser(PossibleValuesParser::new(["table", "json"]))
        .default_value("table")
        .help(language.pick("La forme de ce qui est montré", "The form of what is shown"))
}

/// Which year.
pub(crate) fn year(language: Language) -> Arg {
    Arg::new("year")
        .long("year")
        .visible_aliases(["annee", "exercice"])
        .value_name(language.pick("ANNÉE", "YEAR"))
        .value_parser(value_parser!(i32).range(1900..=9999))
        .help(language.pick("L'exercice", "The year"))
}

/// A verb on a ledger, with its French alias and an example.
pub(crate) fn ledger_verb(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> Command {
    let example = format!("{} {example}", language.pick("Exemple :", "Example:"));
    Command::new(name).visible_alias(alias).about(about).after_help(example).args(ledger(language))
}

/// What a verb cannot do without, named by its place.
pub(crate) fn required(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name(Str::from(value)).required(true).help(help)
}

/// Where the keys are: named, or beside the database.
pub(crate) fn keys(language: Language) -> Arg {
    Arg::new("keys").long("keys").env("COUDEMAIN_KEYS").value_name(language.pick("DOSSIER", "FOLDER")).help(
        language.pick(
            "Le dossier des clés (ou COUDEMAIN_KEYS ; sinon à côté de la base)",
            "The folder of keys (or COUDEMAIN_KEYS; else beside the database)",
        ),
    )
}

/// The domain that a network is known by.
pub(crate) fn domain(language: Language) -> Arg {
    Arg::new("domain").long("domain").visible_alias("domaine").value_name(language.pick("DOMAINE", "DOMAIN")).help(
        language.pick(
            "Le nom de domaine sous lequel le réseau publie ses clés (did:web)",
            "The domain name under which the network publishes its keys (did:web)",
        ),
    )
}

/// Which person, by their code.
pub(crate) fn person(language: Language) -> Arg {
    Arg::new("person")
        .long("person")
        .visible_alias("personne")
        .required(true)
        .value_name("CODE")
        .help(language.pick("Le code de la personne", "The person's code"))
}

/// Which association, by name or identifier.
pub(crate) fn association(language: Language) -> Arg {
    Arg::new("association")
        .long("association")
        .value_name("ASSOCIATION")
        .help(language.pick("L'association, par son nom ou son identifiant", "The association, by name or identifier"))
}

/// The file to write instead of the screen.
pub(crate) fn out(language: Language) -> Arg {
    Arg::new("out")
        .long("out")
        .value_name(language.pick("FICHIER", "FILE"))
        .help(language.pick("Le fichier à écrire (sinon l'écran)", "The file to write (else the screen)"))
}
