//! A verb: the words that it takes, and what it does. Each one stands whole in a file of its own; a list of them is
//! what the command line offers, and what it runs.

use clap::{ArgMatches, Command};
use futures_util::future::LocalBoxFuture;
use ledger::Language;

use crate::failure::Failure;

/// What a verb comes to: `false` when it ran and found something wrong.
pub(crate) type Verdict<'a> = LocalBoxFuture<'a, Result<bool, Failure>>;

/// A verb of the command, or of one of its groups.
pub(crate) struct Verb {
    /// Its name, its French alias, what it takes, and its help with an example.
    pub(crate) arguments: fn(Language) -> Command,
    /// What it does.
    pub(crate) run: for<'a> fn(&'a ArgMatches, Language) -> Verdict<'a>,
}

/// The words of all these verbs, in the order of the list.
pub(crate) fn arguments(verbs: &[Verb], language: Language) -> impl Iterator<Item = Command> {
    verbs.iter().map(move |verb| (verb.arguments)(language))
}

/// A verb that only says which other verb is meant, as `key rotate`.
pub(crate) fn group(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    verbs: &[Verb],
    language: Language,
) -> Command {
    Command::new(name)
        .visible_alias(alias)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(arguments(verbs, language))
}

/// Runs the verb that was named. What was read with the same list names one of them; anything else could not run.
pub(crate) async fn run(verbs: &[Verb], matches: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let named = matches.subcommand().and_then(|(name, rest)| {
        let verb = verbs.iter().find(|verb| (verb.arguments)(language).get_name() == name)?;
        Some((verb, rest))
    });
    match named {
        Some((verb, rest)) => (verb.run)(rest, language).await,
        None => Err(Failure::said("aucune commande n'est nommée", "no command is named")),
    }
}
