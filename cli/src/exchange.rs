//! `exchange`: every step in the life of help that was given, by the references that people read aloud.

mod show;
mod propose;
mod steps;

use clap::{ArgMatches, Command};
use ledger::Language;

pub(crate) use show::{Listed, as_table};

use self::steps::Step;
use crate::{
    failure::Failure,
    verb::{self, Verb},
};

const VERBS: [Verb; 13] = [
    Verb { arguments: show::list_arguments, run: |args, language| Box::pin(show::list(args, language)) },
    Verb { arguments: propose::arguments, run: |args, language| Box::pin(propose::run(args, language)) },
    Verb { arguments: steps::confirm, run: |args, language| Box::pin(steps::run(Step::Confirm, args, language)) },
    Verb { arguments: steps::amend, run: |args, language| Box::pin(steps::run(Step::Amend, args, language)) },
    Verb { arguments: steps::contest, run: |args, language| Box::pin(steps::run(Step::Contest, args, language)) },
    Verb { arguments: steps::withdraw, run: |args, language| Box::pin(steps::run(Step::Withdraw, args, language)) },
    Verb { arguments: steps::settle, run: |args, language| Box::pin(steps::run(Step::Settle, args, language)) },
    Verb { arguments: steps::dismiss, run: |args, language| Box::pin(steps::run(Step::Dismiss, args, language)) },
    Verb { arguments: steps::release, run: |args, language| Box::pin(steps::run(Step::Release, args, language)) },
    Verb { arguments: steps::correct, run: |args, language| Box::pin(steps::run(Step::Correct, args, language)) },
    Verb { arguments: steps::keep, run: |args, language| Box::pin(steps::run(Step::Keep, args, language)) },
    Verb { arguments: steps::reverse, run: |args, language| Box::pin(steps::run(Step::Reverse, args, language)) },
    Verb { arguments: show::one_arguments, run: |args, language| Box::pin(show::one(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language
        .pick("Note, confirme, conteste ou corrige un échange", "Notes, confirms, contests, corrects an exchange");
    verb::group("exchange", "echange", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}
