//! `member`: who takes part, how they are reached, how far their balance may go, and how they leave.

mod show;
mod change;
mod leave;

pub(crate) use change::{limit_arguments, read_limits};
pub(crate) use show::limits_in_words;

use clap::{ArgMatches, Command};
use ledger::Language;

use crate::{
    failure::Failure,
    verb::{self, Verb},
};

const VERBS: [Verb; 9] = [
    Verb { arguments: show::list_arguments, run: |args, language| Box::pin(show::list(args, language)) },
    Verb { arguments: show::one_arguments, run: |args, language| Box::pin(show::one(args, language)) },
    Verb { arguments: change::rename_arguments, run: |args, language| Box::pin(change::rename(args, language)) },
    Verb { arguments: change::contact_arguments, run: |args, language| Box::pin(change::contact(args, language)) },
    Verb { arguments: change::limits_arguments, run: |args, language| Box::pin(change::limits(args, language)) },
    Verb { arguments: change::suspend_arguments, run: |args, language| Box::pin(change::suspend(args, language)) },
    Verb { arguments: change::admit_arguments, run: |args, language| Box::pin(change::admit(args, language)) },
    Verb { arguments: leave::leave_arguments, run: |args, language| Box::pin(leave::leave(args, language)) },
    Verb { arguments: leave::merge_arguments, run: |args, language| Box::pin(leave::merge(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language
        .pick("Les adhérents : noms, contacts, limites, départs", "Members: names, contacts, limits, departures");
    verb::group("member", "adherent", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}
