//! What somebody types becomes one request, and what is told of it afterwards.

use chrono::NaiveDate;
use clap::{Arg, ArgMatches};
use files::{
    date::{self, DateError},
    limits::soft_limits_passed,
};
use ledger::{
    Language, Minutes, MinutesError,
    command::{By, Command, Seen},
    occasion::Occasion,
};
use store::{Receipt, SystemSecrets, network_uuid};

use crate::{failure::Failure, session::Session};

/// Hands a request in under a key of its own, and tells of limits that it passed.
pub(crate) async fn submit(
    session: &Session,
    by: By,
    seen: Option<Seen>,
    command: Command,
) -> Result<Receipt, Failure> {
    let name = network_uuid(session.clock.now(), &mut SystemSecrets::new());
    let request = ledger::command::Request { seen, ..Occasion::Typed(name).request(by, command) };
    let writer = session.writer();
    let receipt = writer.submit(session.network_id, request).await.map_err(|error| session.said(error));
    writer.stop().await;
    let receipt = receipt?;
    if let Some(note) = soft_limits_passed(session, &receipt.limits_met).await? {
        say_line!("{} {note}", session.language.pick("Note :", "Note:"));
    }
    Ok(receipt)
}

/// Why.
pub(crate) fn reason(language: Language) -> Arg {
    said("reason", "motif", language.pick("Pourquoi", "Why"), language)
}

/// The decision behind it.
pub(crate) fn decision(language: Language) -> Arg {
    let help =
        language.pick("La décision, par exemple « AG du 12 mars »", "The decision, for instance “AGM of 12 March”");
    said("decision", "decision-prise", help, language)
}

fn said(name: &'static str, alias: &'static str, help: &'static str, language: Language) -> Arg {
    Arg::new(name).long(name).visible_alias(alias).value_name(language.pick("TEXTE", "TEXT")).help(help)
}

/// How long.
pub(crate) fn duration(language: Language) -> Arg {
    Arg::new("duration").long("duration").visible_alias("duree").value_name(language.pick("DURÉE", "DURATION")).help(
        language.pick(
            "Combien de temps en tout : 2h30, 2,5, 150 min, 4 x 2h",
            "How long in all: 2h30, 2.5, 150 min, 4 x 2h",
        ),
    )
}

/// When.
pub(crate) fn day(language: Language) -> Arg {
    Arg::new("date")
        .long("date")
        .visible_alias("jour")
        .value_name("DATE")
        .help(language.pick("Quand (2025-06-30 ou 30/06/2025)", "When (2025-06-30 or 30/06/2025)"))
}

/// A text that is there, or nothing; not every verb takes every word.
pub(crate) fn optional(args: &ArgMatches, name: &str) -> Option<String> {
    args.try_get_one::<String>(name).ok().flatten().cloned()
}

/// A duration as people write it.
pub(crate) fn read_minutes(args: &ArgMatches, name: &str) -> Result<Option<Minutes>, Failure> {
    read(args, name, Minutes::parse, MinutesError::in_words)
}

/// The same with a sign before it, or none.
pub(crate) fn read_signed_minutes(args: &ArgMatches, name: &str) -> Result<Option<Minutes>, Failure> {
    read(args, name, Minutes::parse_signed, MinutesError::in_words)
}

/// A day as people write it.
pub(crate) fn read_day(args: &ArgMatches, name: &str) -> Result<Option<NaiveDate>, Failure> {
    read(args, name, date::parse, DateError::in_words)
}

/// What somebody typed, read; what is wrong with it is said with the name of where it stands.
fn read<T, E>(
    args: &ArgMatches,
    name: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    in_words: impl Fn(&E, Language) -> String,
) -> Result<Option<T>, Failure> {
    let wrong = |error: E| {
        Failure::said(
            format!("--{name} : {}", in_words(&error, Language::French)),
            format!("--{name}: {}", in_words(&error, Language::English)),
        )
    };
    args.get_one::<String>(name).map(|text| parse(text).map_err(wrong)).transpose()
}
