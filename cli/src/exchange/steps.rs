//! What can be done about an exchange that is noted, from the answer to the last correction.

use clap::ArgMatches;
use ledger::{
    ActNumber, Language, Minutes,
    command::{Capacity, Command, Seen},
    evidence::{Evidence, Witness},
    exchange::{Exchange, ExchangeState},
};

use super::show;
use crate::{
    arguments,
    capacity::{self, May, acting},
    failure::Failure,
    session::{Session, text},
    typed,
};

/// A step in an exchange's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Confirm,
    Amend,
    Contest,
    Withdraw,
    Settle,
    Dismiss,
    Release,
    Correct,
    Keep,
    Reverse,
}

pub(super) fn confirm(language: Language) -> clap::Command {
    let about = language.pick("L'autre côté est d'accord", "The other side agrees");
    verb("confirm", "confirmer", about, "coudemain exchange confirm 2026-000123 --as BOB", language).arg(
        typed::reason(language).help(language.pick(
            "Pourquoi, quand la coordination confirme à la place d'une association",
            "Why, where the coordinator confirms in an association's stead",
        )),
    )
}

pub(super) fn amend(language: Language) -> clap::Command {
    let about = language
        .pick("L'autre côté propose une autre durée ou date", "The other side proposes other hours or another date");
    verb("amend", "modifier", about, "coudemain exchange amend 2026-000123 --duration 2h --as BOB", language)
        .arg(typed::duration(language))
        .arg(typed::day(language))
}

pub(super) fn contest(language: Language) -> clap::Command {
    let about = language.pick("L'autre côté n'est pas d'accord", "The other side disagrees");
    with_reason(
        "contest",
        "contester",
        about,
        "coudemain exchange contest 2026-000123 --reason \"…\" --as BOB",
        language,
    )
}

pub(super) fn withdraw(language: Language) -> clap::Command {
    let about = language.pick("Retire ce que l'on a proposé", "Takes back what one proposed");
    verb("withdraw", "retirer", about, "coudemain exchange withdraw 2026-000123 --as ALI", language)
}

pub(super) fn settle(language: Language) -> clap::Command {
    let about = language.pick("La médiation tranche : l'aide a eu lieu", "A mediator settles that the help was given");
    let example = "coudemain exchange settle 2026-000123 --duration 2h --reason \"…\"";
    with_reason("settle", "trancher", about, example, language).arg(typed::duration(language))
}

pub(super) fn dismiss(language: Language) -> clap::Command {
    let about = language.pick("Classe sans suite, sans rien compter", "Closes without counting anything");
    with_reason("dismiss", "classer", about, "coudemain exchange dismiss 2026-000123 --reason \"…\"", language)
}

pub(super) fn release(language: Language) -> clap::Command {
    let about = language.pick("Compte un échange retenu par une limite", "Counts an exchange that a limit held");
    with_reason("release", "liberer", about, "coudemain exchange release 2026-000123 --reason \"…\"", language)
}

pub(super) fn correct(language: Language) -> clap::Command {
    let about = language.pick("Demande de corriger ce qui est compté", "Asks to correct what is counted");
    let example = "coudemain exchange request-correction 2026-000123 --reason \"…\" --as ALI";
    with_reason("request-correction", "demander-correction", about, example, language)
}

pub(super) fn keep(language: Language) -> clap::Command {
    let about = language.pick("Refuse la correction demandée", "Refuses the correction that was asked for");
    with_reason("keep", "maintenir", about, "coudemain exchange keep 2026-000123 --reason \"…\" --as BOB", language)
}

pub(super) fn reverse(language: Language) -> clap::Command {
    let about = language.pick("Annule ce qui a été compté", "Reverses what was counted");
    with_reason("reverse", "annuler", about, "coudemain exchange reverse 2026-000123 --reason \"…\"", language)
}

fn verb(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> clap::Command {
    arguments::ledger_verb(name, alias, about, example, language)
        .arg(show::reference(language))
        .arg(capacity::argument(language))
}

fn with_reason(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    example: &'static str,
    language: Language,
) -> clap::Command {
    verb(name, alias, about, example, language).arg(typed::reason(language).required(true))
}

/// Takes a step, and says where the exchange stands then.
pub(super) async fn run(step: Step, args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let before = session.exchange(text(args, "exchange")).await?.exchange;
    let sides = [before.terms.giver, before.terms.receiver];
    let by = acting(&session, args, &sides, who_may(step, before.state))?;
    let wanted = Wanted {
        reason: typed::optional(args, "reason"),
        minutes: said_minutes(step, args)?,
        date: said_date(step, args)?,
    };
    let command = command(step, &before, by.capacity, wanted);
    // Meant is the exchange as it was read: of two who answer at once, the second one is told.
    let seen = Some(Seen::Exchange(Box::new(before)));
    let receipt = typed::submit(&session, by, seen, command).await?;
    let number = receipt.exchange.unwrap_or(before.number);
    if let Some(after) = session.store.exchange(session.network_id, number).await? {
        say_line!("{}", show::in_words(&session, &after));
    }
    Ok(true)
}

/// What was said besides the reference.
struct Wanted {
    reason: Option<String>,
    minutes: Option<Minutes>,
    date: Option<chrono::NaiveDate>,
}

fn said_minutes(step: Step, args: &ArgMatches) -> Result<Option<Minutes>, Failure> {
    match step {
        Step::Amend | Step::Settle => typed::read_minutes(args, "duration"),
        Step::Confirm
        | Step::Contest
        | Step::Withdraw
        | Step::Dismiss
        | Step::Release
        | Step::Correct
        | Step::Keep
        | Step::Reverse => Ok(None),
    }
}

fn said_date(step: Step, args: &ArgMatches) -> Result<Option<chrono::NaiveDate>, Failure> {
    if step == Step::Amend { typed::read_day(args, "date") } else { Ok(None) }
}

fn who_may(step: Step, state: ExchangeState) -> &'static [May] {
    match step {
        // The other side of a request for correction may agree to it, and so reverse.
        Step::Confirm | Step::Keep | Step::Reverse => &[May::Side, May::Coordinator],
        Step::Amend | Step::Contest | Step::Withdraw | Step::Correct => &[May::Side],
        Step::Settle => &[May::Mediator],
        Step::Dismiss if state == ExchangeState::Contested => &[May::Mediator],
        Step::Dismiss | Step::Release => &[May::Coordinator],
    }
}

fn command(step: Step, before: &Exchange, capacity: Capacity, wanted: Wanted) -> Command {
    let exchange = before.number;
    let Wanted { reason, minutes, date } = wanted;
    let minutes = minutes.unwrap_or(before.terms.minutes);
    let said = reason.clone().unwrap_or_default();
    match step {
        Step::Confirm => {
            let witness = match capacity {
                Capacity::Association(_) | Capacity::Oneself => Witness::Side,
                Capacity::Coordinator | Capacity::Mediator => Witness::Coordinator,
            };
            let evidence = Evidence { kind: witness.usual(), reference: None, line: None };
            Command::Confirm { exchange, evidence, reason }
        }
        Step::Amend => Command::Amend { exchange, minutes, service_date: date.unwrap_or(before.terms.service_date) },
        Step::Contest => Command::Contest { exchange, reason: said },
        Step::Withdraw => Command::Withdraw { exchange },
        Step::Settle => Command::Settle { exchange, minutes, reason: said },
        Step::Dismiss => Command::Dismiss { exchange, reason: said },
        Step::Release => Command::Release { exchange, reason: said },
        Step::Correct => Command::RequestCorrection { exchange, reason: said },
        Step::Keep => Command::Keep { exchange, reason: said },
        Step::Reverse => Command::Reverse { target: ActNumber(exchange.0), reason: said },
    }
}
