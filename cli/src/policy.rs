//! `policy`: the rules that the members voted.

use clap::{Arg, ArgMatches, Command, value_parser};
use ledger::{
    Language,
    command::{self, Seen},
    policy::Policy,
};

use crate::{
    arguments,
    capacity::{self, May, acting},
    failure::Failure,
    member::{limit_arguments, limits_in_words, read_limits},
    report::count,
    session::{Session, text},
    typed,
    verb::{self, Verb},
};

const VERBS: [Verb; 2] = [
    Verb { arguments: show_arguments, run: |args, language| Box::pin(show(args, language)) },
    Verb { arguments: adopt_arguments, run: |args, language| Box::pin(adopt(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Les règles que les adhérents ont votées", "The rules that the members voted");
    verb::group("policy", "regles", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

fn show_arguments(language: Language) -> Command {
    let about = language.pick("Les règles en vigueur", "The rules in force");
    arguments::ledger_verb("show", "montrer", about, "coudemain policy show", language)
}

async fn show(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    say_line!("{}", in_words(session.registry.policy(), language));
    Ok(true)
}

fn adopt_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Met d'autres règles en vigueur ; ce qui n'est pas dit reste",
        "Puts other rules in force; what is not said stays",
    );
    let example = t(
        "coudemain regles adopter --step 30 --soft-floor -60h --decision \"AG du 12 mars\"",
        "coudemain policy adopt --step 30 --soft-floor -60h --decision \"AGM of 12 March\"",
    );
    arguments::ledger_verb("adopt", "adopter", about, example, language)
        .arg(
            Arg::new("step")
                .long("step")
                .visible_alias("pas")
                .value_name("MINUTES")
                .value_parser(value_parser!(u32).range(1..=1440))
                .help(t("Les échanges se comptent par tant de minutes", "Exchanges are counted by so many minutes")),
        )
        .arg(
            Arg::new("answer-within")
                .long("answer-within")
                .visible_alias("repondre-sous")
                .value_name(t("JOURS", "DAYS"))
                .value_parser(value_parser!(u32).range(1..=3650))
                .help(t("Combien de jours pour répondre", "How many days there are to answer")),
        )
        .args(limit_arguments(language))
        .arg(typed::decision(language).required(true))
        .arg(capacity::argument(language))
}

async fn adopt(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let by = acting(&session, args, &[], &[May::Coordinator])?;
    let before = *session.registry.policy();
    let policy = Policy {
        step_minutes: args.get_one::<u32>("step").copied().unwrap_or(before.step_minutes),
        answer_within_days: args.get_one::<u32>("answer-within").copied().unwrap_or(before.answer_within_days),
        limits: read_limits(args, before.limits)?,
    };
    let seen = Some(Seen::Policy(Box::new(before)));
    let command = command::Command::AdoptPolicy { policy, decision: text(args, "decision").to_owned() };
    typed::submit(&session, by, seen, command).await?;
    say_line!("{}", in_words(&policy, language));
    Ok(true)
}

fn in_words(policy: &Policy, language: Language) -> String {
    let step = count(policy.step_minutes, language, ("minute", "minutes"), ("minute", "minutes"));
    let days = count(policy.answer_within_days, language, ("jour", "jours"), ("day", "days"));
    let limits = limits_in_words(policy.limits, language);
    language.pick(
        format!("Les échanges se comptent par {step}. Une réponse est attendue sous {days}.\nLimites : {limits}."),
        format!("Exchanges are counted by {step}. An answer is expected within {days}.\nLimits: {limits}."),
    )
}
