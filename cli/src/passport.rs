//! `passport`: what associations recognise in volunteers, and what these take away of it.

mod issue;
mod recognition;
mod revoke;
mod status;

use clap::{ArgMatches, Command};
use ledger::Language;

use crate::{
    failure::Failure,
    verb::{self, Verb},
};

const VERBS: [Verb; 7] = [
    Verb {
        arguments: recognition::recognise_arguments,
        run: |args, language| Box::pin(recognition::recognise(args, language)),
    },
    Verb {
        arguments: recognition::accept_arguments,
        run: |args, language| Box::pin(recognition::accept(args, language)),
    },
    Verb {
        arguments: recognition::withdraw_arguments,
        run: |args, language| Box::pin(recognition::withdraw(args, language)),
    },
    Verb { arguments: recognition::list_arguments, run: |args, language| Box::pin(recognition::list(args, language)) },
    Verb { arguments: issue::arguments, run: |args, language| Box::pin(issue::run(args, language)) },
    Verb { arguments: revoke::arguments, run: |args, language| Box::pin(revoke::run(args, language)) },
    Verb { arguments: status::arguments, run: |args, language| Box::pin(status::run(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Le passeport d'engagement des bénévoles", "The volunteers' passports");
    verb::group("passport", "passeport", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}
