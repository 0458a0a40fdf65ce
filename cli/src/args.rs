//! The command line: one verb each, with a French alias, and help in both languages.

use std::error::Error as _;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{
    Arg, ArgAction, Command,
    builder::{PossibleValuesParser, Str},
    error::{ContextKind, ContextValue, ErrorKind},
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

/// The whole command line.
pub(crate) fn command(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    Command::new("coudemain")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t(
            "Les heures que des associations se donnent : un registre qui ne perd pas une minute.",
            "The hours that associations give each other: a ledger that does not lose a minute.",
        ))
        .after_help(t(
            "Pour commencer : « coudemain demo » montre un réseau imaginaire ; « coudemain init » crée le vôtre.",
            "To begin: “coudemain demo” shows an invented network; “coudemain init” makes yours.",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands([demo(language), init(language), import(language), balance(language), history(language)])
        .subcommands([close(language), audit(language), export(language), backup(language), restore(language)])
        .subcommands([crate::serve::serve_command(language), crate::serve::token_command(language)])
        .subcommand(bench(language))
        .subcommands([crate::keys::args(language), crate::log::args(language), crate::verify::args(language)])
        .subcommands([crate::statement::args(language), crate::passport::args(language), crate::person::args(language)])
        .subcommand(crate::reconcile::arguments::command(language))
        .mut_subcommands(move |verb| in_language(verb, language))
        .subcommand_value_name(t("COMMANDE", "COMMAND"))
        .subcommand_help_heading(t("Commandes", "Commands"))
        .help_template(template(language))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(common_flags(language))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(t("La version du programme", "The program's version")),
        )
}

fn template(language: Language) -> &'static str {
    language.pick(
        "{about}\n\nUsage : {usage}\n\n{all-args}{after-help}",
        "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}",
    )
}

/// What clap writes of its own accord, in our language; nested verbs too.
fn in_language(verb: Command, language: Language) -> Command {
    let example = example_of_group(&verb);
    let verb = if let Some(example) = example { verb.after_help(example) } else { verb };
    let accents: Vec<_> = verb.get_visible_aliases().filter_map(accented).collect();
    verb.aliases(accents)
        .help_template(template(language))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(language.pick("Commandes", "Commands"))
        .subcommand_value_name(language.pick("COMMANDE", "COMMAND"))
        .args(common_flags(language))
        .mut_args(move |arg| {
            let heading = if arg.is_positional() {
                language.pick("Arguments", "Arguments")
            } else {
                language.pick("Options", "Options")
            };
            let takes_value = arg.get_action().takes_values();
            let accents: Vec<_> =
                arg.get_visible_aliases().unwrap_or_default().into_iter().filter_map(accented).collect();
            arg.aliases(accents)
                .help_heading(heading)
                .hide_default_value(takes_value)
                .hide_possible_values(takes_value)
                .hide_env(takes_value)
        })
        .mut_subcommands(move |inner| in_language(inner, language))
}

/// What stands under the help of a verb that has verbs of its own: the first one's example.
fn example_of_group(verb: &Command) -> Option<String> {
    let first = verb.get_subcommands().next().filter(|_| verb.get_after_help().is_none())?;
    first.get_after_help()?.to_string().lines().last().map(str::to_owned)
}

/// A French word with its accents, as it is written elsewhere than in a terminal: it is understood, too.
fn accented(plain: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 23] = [
        ("a-confirmer", "à-confirmer"),
        ("adherents", "adhérents"),
        ("ajouter-competences", "ajouter-compétences"),
        ("annee", "année"),
        ("apercu", "aperçu"),
        ("avec-cles", "avec-clés"),
        ("bareme", "barème"),
        ("cle", "clé"),
        ("cle-du-temoin", "clé-du-témoin"),
        ("competence", "compétence"),
        ("competences", "compétences"),
        ("controler", "contrôler"),
        ("creer", "créer"),
        ("echanges", "échanges"),
        ("emettre", "émettre"),
        ("methode", "méthode"),
        ("reconnaitre", "reconnaître"),
        ("releve", "relevé"),
        ("reseau", "réseau"),
        ("revocations", "révocations"),
        ("revoquer", "révoquer"),
        ("temoin", "témoin"),
        ("verifier", "vérifier"),
    ];
    WORDS.iter().find(|(word, _)| *word == plain).map(|(_, accented)| *accented)
}

fn common_flags(language: Language) -> [Arg; 2] {
    [
        Arg::new("lang")
            .long("lang")
            .value_name("fr|en")
            .value_parser(PossibleValuesParser::new(["fr", "en"]))
            .hide_possible_values(true)
            .help(language.pick("La langue : fr (par défaut) ou en", "The language: fr or en")),
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help(language.pick("Cette aide", "This help")),
    ]
}

/// Where the ledger is, and as whom.
pub(crate) fn ledger_args(language: Language) -> [Arg; 3] {
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
    ]
}

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

pub(crate) fn verb(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> Command {
    let example = format!("{} {example}", language.pick("Exemple :", "Example:"));
    Command::new(name).visible_alias(alias).about(about).after_help(example).args(ledger_args(language))
}

pub(crate) fn required(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name(Str::from(value)).required(true).help(help)
}

fn demo(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about =
        t("Montre un réseau imaginaire et une année d'échanges", "Shows an invented network and a year of exchanges");
    Command::new("demo")
        .visible_alias("essayer")
        .about(about)
        .after_help(t("Exemple : coudemain demo", "Example: coudemain demo"))
        .arg(Arg::new("seed").long("seed").value_name("N").value_parser(value_parser!(u64)).default_value("1").help(t(
            "Un autre nombre donne un autre réseau (par défaut 1)",
            "Another number gives another network (default 1)",
        )))
        .arg(Arg::new("dir").long("dir").value_name(t("DOSSIER", "FOLDER")).help(t(
            "Le dossier où mettre la base et les fichiers (sinon un dossier temporaire)",
            "The folder for the database and the files (else a temporary one)",
        )))
}

fn init(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Crée un réseau (une question : son nom)", "Makes a network (one question: its name)");
    verb(
        "init",
        "creer",
        about,
        t("coudemain init \"Entraide du pays\"", "coudemain init \"Valley network\""),
        language,
    )
    .arg(
        Arg::new("name")
            .value_name(t("NOM", "NAME"))
            .help(t("Le nom du réseau ; sinon il est demandé", "The network's name; else it is asked for")),
    )
    .arg(Arg::new("time-zone").long("time-zone").value_name(t("FUSEAU", "ZONE")).default_value("Europe/Paris").help(t(
        "Le fuseau horaire qui dit quand un jour commence (par défaut Europe/Paris)",
        "The time zone that says when a day begins (default Europe/Paris)",
    )))
    .args([crate::keys::keys_arg(language), crate::keys::domain_arg(language)])
}

fn import(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Fait entrer un fichier CSV", "Brings in a CSV file");
    let file = |name: &'static str, alias: &'static str, about: &'static str, columns: &'static str| {
        let example =
            format!("{}\n{} coudemain import {name} {name}.csv --dry-run", columns, t("Exemple :", "Example:"));
        Command::new(name)
            .visible_alias(alias)
            .about(about)
            .after_help(example)
            .args(ledger_args(language))
            .arg(format(language))
            .arg(required("file", t("FICHIER", "FILE"), t("Le fichier CSV", "The CSV file")))
            .arg(
                Arg::new("dry-run").long("dry-run").visible_alias("essai").action(ArgAction::SetTrue).help(t(
                    "Montre ce qui se passerait, sans rien écrire",
                    "Shows what would happen, and writes nothing",
                )),
            )
            .arg(Arg::new("rejects").long("rejects").visible_alias("rejets").value_name(t("FICHIER", "FILE")).help(t(
                "Les bonnes lignes entrent ; les mauvaises reviennent dans ce fichier, à corriger ; il ne doit pas exister",
                "Good lines enter; bad ones come back in this file, to mend; it must not exist",
            )))
    };
    Command::new("import").visible_alias("importer").about(about).subcommand_required(true).arg_required_else_help(true).subcommands([
        file(
            "associations",
            "adherents",
            t("Les adhérents du réseau", "The network's members"),
            t(
                "Colonnes : name, rna, siren, siret, court_register, commune, insee, kind, former_names, contact_name, email, phone, paper_only, member_since",
                "Columns: name, rna, siren, siret, court_register, commune, insee, kind, former_names, contact_name, email, phone, paper_only, member_since",
            ),
        ),
        file("skills", "competences", t(
            "Les compétences, et ce qu'elles sont dans ESCO ou ROME",
            "Skills, and what they are in ESCO or ROME",
        ), t(
            "Colonnes : skill, framework (ESCO, ROME), code, label, url, version",
            "Columns: skill, framework (ESCO, ROME), code, label, url, version",
        ))
        .arg(add_skills(language)),
        file("persons", "personnes", t("Les personnes, une ligne par adhésion", "Persons, a line per membership"), t(
            "Colonnes : code, first_name, last_name, email, association",
            "Columns: code, first_name, last_name, email, association",
        )),
        file("balances", "soldes-repris", t("Les soldes d'avant le registre", "Balances from before the ledger"), t(
            "Colonnes : association, balance, date",
            "Columns: association, balance, date",
        )),
        file("exchanges", "echanges", t("Les échanges, confirmés", "Exchanges, confirmed"), t(
            "Colonnes : reference, date, giver, receiver, duration, people, skill, memo, evidence, slip",
            "Columns: reference, date, giver, receiver, duration, people, skill, memo, evidence, slip",
        ))
        .arg(add_skills(language))
        .arg(late(language))
        .arg(Arg::new("as-proposals").long("as-proposals").visible_alias("a-confirmer").action(ArgAction::SetTrue).help(t(
            "Les laisse à confirmer par l'association qui a été aidée",
            "Leaves them to be confirmed by the association that was helped",
        ))),
        file("contributions", "participations", t("Qui a donné de son temps", "Who gave their time"), t(
            "Colonnes : exchange, date, association, person, duration, nature, skill",
            "Columns: exchange, date, association, person, duration, nature, skill",
        ))
        .arg(add_skills(language))
        .arg(late(language)),
    ])
}

fn add_skills(language: Language) -> Arg {
    Arg::new("add-skills").long("add-skills").visible_alias("ajouter-competences").action(ArgAction::SetTrue).help(
        language.pick(
            "Ajoute aussi les compétences proches d'une compétence connue",
            "Adds skills that are close to a known one, too",
        ),
    )
}

fn late(language: Language) -> Arg {
    Arg::new("late").long("late").visible_alias("en-retard").action(ArgAction::SetTrue).help(language.pick(
        "Laisse entrer ce qui date d'un exercice clos : ces heures comptent aujourd'hui",
        "Lets in what dates from a closed year: these hours count today",
    ))
}

fn balance(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    verb(
        "balance",
        "soldes",
        t("Les soldes des associations", "The associations' balances"),
        t("coudemain soldes --at 2025-06-30", "coudemain balance --at 2025-06-30"),
        language,
    )
    .arg(format(language))
    .arg(Arg::new("association").value_name("ASSOCIATION").help(t("Une seule association", "One association alone")))
    .arg(
        Arg::new("at").long("at").visible_alias("au").value_name("DATE").help(t(
            "À la fin de ce jour (2025-06-30 ou 30/06/2025)",
            "At the end of that day (2025-06-30 or 30/06/2025)",
        )),
    )
}

fn history(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    verb(
        "history",
        "historique",
        t("Tout ce qui a fait bouger le solde d'une association", "All that moved an association's balance"),
        t("coudemain historique \"Chorale de Janzé\"", "coudemain history \"Village choir\""),
        language,
    )
    .arg(format(language))
    .arg(required("association", "ASSOCIATION", t("L'association", "The association")))
}

fn close(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    verb(
        "close",
        "clore",
        t("Clôt un exercice, pour de bon", "Closes a year, for good"),
        t("coudemain clore --year 2025", "coudemain close --year 2025"),
        language,
    )
    .arg(format(language))
    .arg(year(language).required(true))
    .arg(
        Arg::new("preview")
            .long("preview")
            .visible_alias("apercu")
            .action(ArgAction::SetTrue)
            .help(t("Montre seulement ce qui serait clos", "Only shows what would be closed")),
    )
    .args([
        crate::keys::keys_arg(language),
        Arg::new("out").long("out").requires("preview").value_name(t("DOSSIER", "FOLDER")).help(t(
            "Avec --preview : le dossier où écrire des relevés provisoires, à relire par les adhérents",
            "With --preview: the folder for provisional statements, for members to object to",
        )),
        Arg::new("no-pdf").long("no-pdf").visible_alias("sans-pdf").action(ArgAction::SetTrue).help(t(
            "Les documents signés seuls, sans leur version à lire",
            "The signed documents alone, without the ones to read",
        )),
    ])
}

fn audit(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    verb(
        "audit",
        "controler",
        t("Recalcule tout depuis les actes et compare", "Recomputes everything from the acts and compares"),
        "coudemain audit",
        language,
    )
    .arg(crate::keys::keys_arg(language))
    .arg(format(language))
}

fn export(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let form = |name: &'static str, about: &'static str| {
        Command::new(name)
            .about(about)
            .after_help(format!("{} coudemain export {name} --out {name}.txt", t("Exemple :", "Example:")))
            .args(ledger_args(language))
            .arg(
                Arg::new("out")
                    .long("out")
                    .value_name(t("FICHIER", "FILE"))
                    .help(t("Le fichier à écrire (sinon l'écran)", "The file to write (else the screen)")),
            )
    };
    Command::new("export")
        .visible_alias("exporter")
        .about(t("Sort le registre vers d'autres outils", "Hands the ledger to other tools"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            form(
                "hledger",
                t("Un journal pour hledger ou ledger, en minutes", "A journal for hledger or ledger, in minutes"),
            ),
            form(
                "csv",
                t("Les échanges, dans la forme que « import » relit", "The exchanges, in the form that “import” reads"),
            ),
        ])
        .subcommands(crate::export::arguments::subcommands(language))
}

fn backup(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    verb(
        "backup",
        "sauvegarder",
        t("Met toute la base dans un fichier", "Puts the whole database into a file"),
        t("coudemain sauvegarder reseau.sauvegarde", "coudemain backup network.backup"),
        language,
    )
    .arg(required(
        "file",
        t("FICHIER", "FILE"),
        t("Le fichier à écrire ; il ne doit pas exister", "The file to write; it must not exist"),
    ))
    .args(crate::vault::args(language))
}

fn restore(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    verb(
        "restore",
        "restaurer",
        t("Remplit une base vide depuis une sauvegarde", "Fills an empty database from a backup"),
        t(
            "coudemain restaurer reseau.sauvegarde --db postgres://localhost/reseau",
            "coudemain restore network.backup --db postgres://localhost/network",
        ),
        language,
    )
    .arg(required("file", t("FICHIER", "FILE"), t("La sauvegarde", "The backup")))
    .args(crate::vault::args(language))
}

fn bench(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let number = |name: &'static str, default: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(value_parser!(u64).range(1..))
            .default_value(default)
            .help(help)
    };
    verb(
        "bench",
        "mesurer",
        t(
            "Mesure l'écriture, dans un fichier jetable ou, avec --db, dans un réseau à part de cette base",
            "Measures writing, in a throw-away file or, with --db, in a network of its own in that database",
        ),
        "coudemain bench --clients 64 --seconds 10 --db sqlite://bench.db",
        language,
    )
    .arg(format(language))
    .arg(number("clients", "64", t("Combien d'appelants à la fois (64)", "How many callers at once (64)")))
    .arg(number("seconds", "10", t("Combien de secondes (10)", "How many seconds (10)")))
    .arg(number("batch", "1", t("Combien d'échanges par appel (1)", "How many exchanges a call (1)")))
    .arg(number(
        "associations",
        "1000",
        t("Entre combien d'associations (1000)", "Between how many associations (1000)"),
    ))
    .arg(
        Arg::new("hot")
            .long("hot")
            .action(ArgAction::SetTrue)
            .help(t("La moitié du trafic sur une seule association", "Half of all traffic on one association")),
    )
}

/// Says what is wrong with the words of the command line; help and version are no faults.
pub(crate) fn explain(error: &clap::Error, words: &[OsString], language: Language) -> ExitCode {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        // Of suggestions the likeliest comes last.
        Some(ContextValue::Strings(texts)) if kind == ContextKind::SuggestedSubcommand => {
            texts.iter().rev().cloned().collect::<Vec<_>>().join(", ")
        }
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let (invalid, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let sentence = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            say!("{error}");
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            crate::screen::warn(format_args!("{error}"));
            return ExitCode::from(super::COULD_NOT_RUN);
        }
        ErrorKind::InvalidSubcommand => {
            let found = context(ContextKind::InvalidSubcommand);
            let near = context(ContextKind::SuggestedSubcommand);
            let near = if near.is_empty() {
                let known = known_verbs(words, language);
                language.pick(format!(" ; conviendrait : {known}"), format!("; would fit: {known}"))
            } else {
                language.pick(format!(" ; peut-être : {near}"), format!("; perhaps: {near}"))
            };
            language.pick(format!("commande inconnue : « {found} »{near}"), format!("unknown command: “{found}”{near}"))
        }
        ErrorKind::MissingRequiredArgument => {
            language.pick(format!("il manque : {invalid}"), format!("missing: {invalid}"))
        }
        ErrorKind::UnknownArgument => {
            language.pick(format!("argument inconnu : « {invalid} »"), format!("unknown argument: “{invalid}”"))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let fits = context(ContextKind::ValidValue);
            let fits = error.source().and_then(|source| fitting_number(source, language)).unwrap_or(fits);
            let fits = if fits.is_empty() {
                String::new()
            } else {
                language.pick(format!(" ; conviendrait : {fits}"), format!("; would fit: {fits}"))
            };
            language.pick(
                format!("{invalid} : « {value} » ne convient pas{fits}"),
                format!("{invalid}: “{value}” does not fit{fits}"),
            )
        }
        _ => error.to_string(),
    };
    let help = language.pick("« --help » montre ce qui est possible.", "“--help” shows what is possible.");
    warn_line!("{sentence}\n{help}");
    ExitCode::from(super::COULD_NOT_RUN)
}

/// Which number would have fitted where one was asked for: clap ends what it says with `0 is not in 1..=10`.
fn fitting_number(source: &(dyn std::error::Error + 'static), language: Language) -> Option<String> {
    /// Beyond this, a bound is the type's and nobody's wish.
    const LARGEST_MEANT: u64 = 1_000_000_000;
    let said = source.to_string();
    let Some((_, range)) = said.split_once("is not in ") else {
        let is_no_number = source.is::<std::num::ParseIntError>();
        return is_no_number.then(|| language.pick("un nombre entier", "a whole number").to_owned());
    };
    let (least, most) = range.split_once("..").unwrap_or((range, ""));
    let most = most.trim_start_matches('=').parse::<u64>().ok().filter(|most| *most < LARGEST_MEANT);
    Some(match most {
        Some(most) => language.pick(
            format!("un nombre entier, entre {least} et {most}"),
            format!("a whole number between {least} and {most}"),
        ),
        None => {
            language.pick(format!("un nombre entier, au moins {least}"), format!("a whole number, at least {least}"))
        }
    })
}

/// The verbs that could have stood where an unknown one did.
fn known_verbs(words: &[OsString], language: Language) -> String {
    let mut verb = command(language);
    for word in words.iter().skip(1) {
        if let Some(inner) = verb.find_subcommand(word) {
            verb = inner.clone();
        }
    }
    verb.get_subcommands().map(Command::get_name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed_in_both_languages() {
        command(Language::French).debug_assert();
        command(Language::English).debug_assert();
    }
}
