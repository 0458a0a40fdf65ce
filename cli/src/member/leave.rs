//! `member leave` and `member merge`: a member goes, and its balance with it to the fund or into another member.

use std::io::{BufRead as _, IsTerminal as _};

use clap::{Arg, ArgAction, ArgMatches};
use ledger::{AssociationNumber, Language, Minutes, account::Account, association::Association, command::Command};

use super::change::{change, verb};
use crate::{
    failure::Failure,
    screen::warn,
    session::{Session, text},
    typed,
};

pub(super) fn leave_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Un adhérent part ; le fonds prend son solde", "A member leaves; the fund takes its balance");
    let example = t(
        "coudemain adherent partir \"Chorale de Janzé\" --reason \"dissoute\"",
        "coudemain member leave \"Village choir\" --reason \"dissolved\"",
    );
    verb("leave", "partir", about, example, language)
        .arg(typed::reason(language).required(true))
        .arg(past_limits(t("Même si le fonds passe sous zéro", "Even where the fund goes below zero")))
}

/// Whether it is meant past a limit too.
fn past_limits(help: &'static str) -> Arg {
    Arg::new("yes").long("yes").visible_alias("oui").action(ArgAction::SetTrue).help(help)
}

pub(super) async fn leave(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let known = session.association(text(args, "member"))?.clone();
    let (name, balance) = (known.name().to_owned(), balance(&session, Account::Association(known.number)).await?);
    let fund = balance_after(balance, self::balance(&session, Account::Fund).await?)?;
    let mut past_limits = args.get_flag("yes");
    if balance.is_negative() && fund.is_negative() && !past_limits {
        confirm_overdrawn(&name, balance, fund, language)?;
        past_limits = true;
    }
    go(&session, args, known, None, past_limits).await?;
    let (hours, fund) = (balance.display(language), fund.display(language));
    say_line!(
        "{}",
        language.pick(
            format!("« {name} » est parti. Son solde de {hours} va au fonds de solidarité, qui est à {fund}."),
            format!("“{name}” has left. Its balance of {hours} goes to the solidarity fund, which stands at {fund}."),
        )
    );
    Ok(true)
}

pub(super) fn merge_arguments(language: Language) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about =
        t("Un adhérent rejoint un autre, qui prend son solde", "A member merges into another, which takes its balance");
    let example = t(
        "coudemain adherent fusionner \"Chorale de Janzé\" --into \"Chœur du pays\" --reason \"fusion votée\"",
        "coudemain member merge \"Village choir\" --into \"Valley choir\" --reason \"merger voted\"",
    );
    verb("merge", "fusionner", about, example, language)
        .arg(
            Arg::new("into")
                .long("into")
                .visible_alias("avec")
                .required(true)
                .value_name("ASSOCIATION")
                .help(t("L'association qui reste", "The association that stays")),
        )
        .arg(typed::reason(language).required(true))
        .arg(past_limits(t(
            "Même si celle qui reste passe sa limite",
            "Even where the one that stays passes its limit",
        )))
}

pub(super) async fn merge(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let known = session.association(text(args, "member"))?.clone();
    let into = session.association(text(args, "into"))?;
    let (name, other, into) = (known.name().to_owned(), into.name().to_owned(), into.number);
    let balance = balance(&session, Account::Association(known.number)).await?;
    go(&session, args, known, Some(into), args.get_flag("yes")).await?;
    let hours = balance.display(language);
    say_line!(
        "{}",
        language.pick(
            format!("« {name} » a rejoint « {other} », qui prend son solde de {hours}."),
            format!("“{name}” has merged into “{other}”, which takes its balance of {hours}."),
        )
    );
    Ok(true)
}

async fn go(
    session: &Session,
    args: &ArgMatches,
    known: Association,
    into: Option<AssociationNumber>,
    past_limits: bool,
) -> Result<(), Failure> {
    let reason = text(args, "reason").to_owned();
    let command = Command::Leave { association: known.number, into, reason, past_limits };
    change(session, args, known, command).await
}

/// Where an account stands.
async fn balance(session: &Session, account: Account) -> Result<Minutes, Failure> {
    let lines = session.store.balances(session.network_id, None).await?;
    Ok(lines.into_iter().find(|line| line.account == account).map_or(Minutes::ZERO, |line| line.balance))
}

fn balance_after(balance: Minutes, fund: Minutes) -> Result<Minutes, Failure> {
    Ok(fund.checked_add(balance).ok_or(files::error::FileError::TooManyHours)?)
}

/// Says that the fund goes below zero, and asks; where nobody can answer, it takes a word more.
fn confirm_overdrawn(name: &str, balance: Minutes, fund: Minutes, language: Language) -> Result<(), Failure> {
    let said = |language: Language| {
        let (balance, fund) = (balance.display(language), fund.display(language));
        language.pick(
            format!(
                "« {name} » part avec un solde de {balance} : le fonds de solidarité passerait sous zéro, à {fund}"
            ),
            format!("“{name}” leaves with a balance of {balance}: the solidarity fund would go below zero, to {fund}"),
        )
    };
    if std::io::stdin().is_terminal() {
        warn(format_args!(
            "{}{}",
            said(language),
            language.pick(".\nFaut-il le faire quand même ? (oui/non) ", ".\nDo it all the same? (yes/no) ")
        ));
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if matches!(answer.trim().to_lowercase().as_str(), "o" | "oui" | "y" | "yes") {
            return Ok(());
        }
    }
    Err(Failure::said(
        format!("{} ; rien n'a été écrit. --yes le fait quand même", said(Language::French)),
        format!("{}; nothing was written. --yes does it all the same", said(Language::English)),
    ))
}
