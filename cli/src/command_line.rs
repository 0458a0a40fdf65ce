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
    let whole = Command::new("coudemain")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t(
            "Les heures que des associations se donnent : un registre qui ne perd pas une minute.",
            "The hours that associations give each other: a ledger that does not lose a minute.",
        ))
        .after_help(t(
            "Pour commencer : « coudemain essayer » montre un réseau imaginaire ; « coudemain creer » crée le vôtre.",
            "To begin: “coudemain demo” shows an invented network; “coudemain init” makes yours.",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands(verb::arguments(&VERBS, language));
    let tree = whole.clone();
    whole
        .mut_subcommands(|verb| in_language(verb, &tree, language))
        .subcommand_value_name(t("COMMANDE", "COMMAND"))
        .subcommand_help_heading(t("Commandes\u{a0}", "Commands"))
        .help_template(template(language))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(common_flags(language))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help_heading(options_heading(language))
                .help(t("La version du programme", "The program's version")),
        )
}

fn template(language: Language) -> &'static str {
    language.pick(
        "{about}\n\nUsage\u{a0}: {usage}\n\n{all-args}{after-help}",
        "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}",
    )
}

/// What clap writes of its own accord, in our language; nested verbs too.
fn in_language(verb: Command, tree: &Command, language: Language) -> Command {
    let example = example_of_group(&verb).or_else(|| verb.get_after_help().map(ToString::to_string));
    let spoken = example.map(|example| match language {
        Language::French => with_french_verbs(&example, tree),
        Language::English => example,
    });
    let verb = if let Some(spoken) = spoken { verb.after_help(spoken) } else { verb };
    let accents: Vec<_> = verb.get_visible_aliases().filter_map(accented).collect();
    verb.aliases(accents)
        .help_template(template(language))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(language.pick("Commandes\u{a0}", "Commands"))
        .subcommand_value_name(language.pick("COMMANDE", "COMMAND"))
        .args(common_flags(language))
        .mut_args(move |arg| {
            let heading = if arg.is_positional() {
                language.pick("Arguments\u{a0}", "Arguments")
            } else {
                options_heading(language)
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
        .mut_subcommands(|inner| in_language(inner, tree, language))
}

/// A text with the verbs of its command lines as they are typed in French: `coudemain key list` is `coudemain cle lister`.
fn with_french_verbs(text: &str, tree: &Command) -> String {
    const PROGRAM: &str = "coudemain ";
    let mut lines = text.split(PROGRAM);
    let mut spoken = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        spoken.push_str(PROGRAM);
        let (mut verb, mut rest) = (tree, line);
        while let Some(inner) =
            rest.split(|letter: char| !letter.is_alphanumeric() && letter != '-').next().and_then(|word| {
                let inner = verb.find_subcommand(word)?;
                rest = &rest[word.len()..];
                Some(inner)
            })
        {
            spoken.push_str(inner.get_visible_aliases().next().unwrap_or(inner.get_name()));
            verb = inner;
            let Some(after) = rest.strip_prefix(' ') else { break };
            spoken.push(' ');
            rest = after;
        }
        spoken.push_str(rest);
    }
    spoken
}

/// What stands under the help of a verb that has verbs of its own: the first one's example.
fn example_of_group(verb: &Command) -> Option<String> {
    let first = verb.get_subcommands().next().filter(|_| verb.get_after_help().is_none())?;
    first.get_after_help()?.to_string().lines().last().map(str::to_owned)
}

/// A French word with its accents, as it is written elsewhere than in a terminal: it is understood, too.
fn accented(plain: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 36] = [
        ("a-confirmer", "à-confirmer"),
        ("a-faire", "à-faire"),
        ("adherent", "adhérent"),
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
        ("demettre", "démettre"),
        ("du-reseau", "du-réseau"),
        ("duree", "durée"),
        ("echange", "échange"),
        ("echanges", "échanges"),
        ("effaces", "effacés"),
        ("emettre", "émettre"),
        ("etat", "état"),
        ("liberer", "libérer"),
        ("methode", "méthode"),
        ("numero", "numéro"),
        ("reconnaitre", "reconnaître"),
        ("regles", "règles"),
        ("releve", "relevé"),
        ("repondre-sous", "répondre-sous"),
        ("reseau", "réseau"),
        ("revocations", "révocations"),
        ("revoquer", "révoquer"),
        ("telephone", "téléphone"),
        ("temoin", "témoin"),
        ("verifier", "vérifier"),
    ];
    WORDS.iter().find(|(word, _)| *word == plain).map(|(_, accented)| *accented)
}

fn common_flags(language: Language) -> [Arg; 2] {
    let heading = options_heading(language);
    [
        Arg::new("lang")
            .long("lang")
            .value_name("fr|en")
            .value_parser(PossibleValuesParser::new(["fr", "en"]))
            .hide_possible_values(true)
            .help(language.pick("La langue : fr (par défaut) ou en", "The language: fr or en")),
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help(language.pick("Cette aide", "This help")),
    ]
    .map(|flag| flag.help_heading(heading))
}

/// The parser sets a colon behind a heading, before which French has a space.
fn options_heading(language: Language) -> &'static str {
    language.pick("Options\u{a0}", "Options")
}

/// Says what is wrong with the words of the command line; help and version are no faults.
pub(crate) fn explain(error: &clap::Error, words: &[OsString], language: Language) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            say!("{}", help_in_words(error, language));
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            crate::screen::warn(format_args!("{}", help_in_words(error, language)));
            return ExitCode::from(COULD_NOT_RUN);
        }
        // A file where its kind belongs: its columns tell it.
        ErrorKind::InvalidSubcommand if words.get(1).is_some_and(|verb| verb == "import" || verb == "importer") => {
            let found = context(error, ContextKind::InvalidSubcommand);
            if let Some(sentence) = import::how_to_bring_in(&found, language) {
                warn_line!("{sentence}");
                return ExitCode::from(COULD_NOT_RUN);
            }
        }
        _ => {}
    }
    let sentence = sentence(error, words, language);
    let help = language.pick("« --help » montre ce qui est possible.", "“--help” shows what is possible.");
    warn_line!("{sentence}\n{help}");
    ExitCode::from(COULD_NOT_RUN)
}

/// The help, with our own words where clap has English ones that cannot be set.
fn help_in_words(help: &clap::Error, language: Language) -> String {
    // Behind the colon there may be a space, or the end of a line.
    let also = language.pick("[aussi\u{a0}:", "[also:");
    help.to_string().replace("[aliases:", also).replace("[alias:", also)
}

/// What is wrong, in a sentence.
fn sentence(error: &clap::Error, words: &[OsString], language: Language) -> String {
    let context = |kind: ContextKind| context(error, kind);
    let (invalid, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let found = context(ContextKind::InvalidSubcommand);
            let near = perhaps(&context(ContextKind::SuggestedSubcommand), language);
            let near = near.unwrap_or_else(|| would_fit(&known_verbs(words, language), language));
            language.pick(format!("commande inconnue : « {found} »{near}"), format!("unknown command: “{found}”{near}"))
        }
        ErrorKind::MissingSubcommand => {
            let fits = would_fit(&known_verbs(words, language), language);
            language.pick(format!("il manque une commande{fits}"), format!("a command is missing{fits}"))
        }
        ErrorKind::MissingRequiredArgument => {
            language.pick(format!("il manque : {invalid}"), format!("missing: {invalid}"))
        }
        ErrorKind::UnknownArgument => {
            let near = perhaps(&context(ContextKind::SuggestedArg), language).unwrap_or_default();
            language
                .pick(format!("argument inconnu : « {invalid} »{near}"), format!("unknown argument: “{invalid}”{near}"))
        }
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg);
            if prior == invalid {
                language.pick(format!("{invalid} : une seule fois suffit"), format!("{invalid}: once is enough"))
            } else {
                language.pick(
                    format!("{invalid} et {prior} ne vont pas ensemble"),
                    format!("{invalid} and {prior} do not go together"),
                )
            }
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            language.pick(format!("{invalid} : il manque une valeur"), format!("{invalid}: a value is missing"))
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            language.pick(format!("{invalid} : il manque une valeur"), format!("{invalid}: a value is missing"))
        }
        ErrorKind::TooManyValues => language
            .pick(format!("{invalid} : « {value} » est de trop"), format!("{invalid}: “{value}” is one too many")),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let fits = error.source().and_then(|source| fitting_number(source, language));
            let fits = fits.unwrap_or_else(|| context(ContextKind::ValidValue));
            let fits = if fits.is_empty() { fits } else { would_fit(&fits, language) };
            language.pick(
                format!("{invalid} : « {value} » ne convient pas{fits}"),
                format!("{invalid}: “{value}” does not fit{fits}"),
            )
        }
        ErrorKind::InvalidUtf8 => {
            language.pick("un mot de la commande n'est pas en UTF-8", "a word of the command is not UTF-8").to_owned()
        }
        // The rest of this list is the parser's, which adds to it.
        _ => error.to_string(),
    }
}

/// What the parser knows of it.
fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        // Of suggestions the likeliest comes last.
        Some(ContextValue::Strings(texts)) if kind == ContextKind::SuggestedSubcommand => {
            texts.iter().rev().cloned().collect::<Vec<_>>().join(", ")
        }
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

fn would_fit(fits: &str, language: Language) -> String {
    language.pick(format!(" ; conviendrait : {fits}"), format!("; would fit: {fits}"))
}

fn perhaps(near: &str, language: Language) -> Option<String> {
    (!near.is_empty()).then(|| language.pick(format!(" ; peut-être : {near}"), format!("; perhaps: {near}")))
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
    let name = |verb: &Command| match language {
        Language::French => verb.get_visible_aliases().next().unwrap_or(verb.get_name()).to_owned(),
        Language::English => verb.get_name().to_owned(),
    };
    verb.get_subcommands().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed_in_both_languages() {
        command(Language::French).debug_assert();
        command(Language::English).debug_assert();
    }

    #[test]
    fn command_lines_have_the_verbs_of_their_language() {
        let tree = command(Language::French);
        for (english, french) in [
            ("coudemain balance", "coudemain soldes"),
            ("Example: coudemain key list --lang fr", "Example: coudemain cle lister --lang fr"),
            ("“coudemain log reopen”, then coudemain audit.", "“coudemain journal rouvrir”, then coudemain controler."),
            ("coudemain clore --year 2025", "coudemain clore --year 2025"),
            ("coudemain history history", "coudemain historique history"),
        ] {
            assert_eq!(with_french_verbs(english, &tree), french);
        }
    }
}
