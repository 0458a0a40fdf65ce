//! The command line as a whole: every verb under one command, in the language of whoever types, and what is said of
//! words that do not fit.

use std::error::Error as _;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{
    Arg, ArgAction, Command,
    builder::PossibleValuesParser,
    error::{ContextKind, ContextValue, ErrorKind},
};
use ledger::Language;

use crate::{import, screen::COULD_NOT_RUN, verb, verbs::VERBS};

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
        .subcommands(verb::arguments(&VERBS, language))
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
            return ExitCode::from(COULD_NOT_RUN);
        }
        ErrorKind::InvalidSubcommand => {
            let found = context(ContextKind::InvalidSubcommand);
            let is_import = words.get(1).is_some_and(|verb| verb == "import" || verb == "importer");
            if let Some(sentence) = import::how_to_bring_in(&found, language).filter(|_| is_import) {
                warn_line!("{sentence}");
                return ExitCode::from(COULD_NOT_RUN);
            }
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
    ExitCode::from(COULD_NOT_RUN)
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
