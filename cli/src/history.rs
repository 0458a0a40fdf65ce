//! `history`: all that moved an association's balance, in the order in which it was recorded or in that of days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clap::{
    Arg, ArgMatches, Command,
    builder::{PossibleValue, PossibleValuesParser},
};
use files::error::FileError;
use ledger::{Language, Minutes, account::Account};
use serde_json::json;
use store::HistoryLine;

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, day, print_json},
    session::{Session, text, wants_json},
};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "history",
        "historique",
        t("Tout ce qui a fait bouger le solde d'une association", "All that moved an association's balance"),
        t("coudemain historique \"Chorale de Janzé\"", "coudemain history \"Village choir\""),
        language,
    )
    .arg(arguments::format(language))
    .arg(
        Arg::new("order")
            .long("order")
            .visible_alias("ordre")
            .value_name(t("saisie|jours", "recording|days"))
            .value_parser(PossibleValuesParser::new([
                PossibleValue::new("recording").alias("saisie"),
                PossibleValue::new("days").alias("jours"),
            ]))
            .default_value("recording")
            .help(t(
                "Dans l'ordre de la saisie, avec le solde après chaque ligne, ou des jours, avec le solde de chaque jour",
                "In the order of recording, with the balance after each line, or of days, with each day's balance",
            )),
    )
    .arg(arguments::required("association", "ASSOCIATION", t("L'association", "The association")))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = text(args, "association");
    let is_fund = |language| {
        let fund = ledger::account_name(Account::Fund, language, &|number| session.name_of(number));
        ledger::name::fold(wanted) == ledger::name::fold(&fund)
    };
    let account = if is_fund(Language::French) || is_fund(Language::English) {
        Account::Fund
    } else {
        Account::Association(session.association(wanted)?.number)
    };
    let mut lines = session.store.history(session.network_id, account).await?;
    // A value that has another name comes as it was typed.
    let order =
        if matches!(text(args, "order"), "days" | "jours") { Order::of_days(&mut lines)? } else { Order::Recording };
    if wants_json(args) {
        print_json(&lines.iter().map(|line| as_json(&session, line, &order)).collect())?;
    } else {
        say_line!("{}", session.account_name(account));
        say_line!("{}\n", order.in_words(language));
        say!("{}", as_table(&session, &lines, &order));
        if lines.is_empty() {
            say_line!(
                "{}",
                language.pick("Rien n'a encore fait bouger ce solde.", "Nothing has moved this balance yet.")
            );
        }
    }
    Ok(true)
}

/// In which order lines stand, and so which balance stands beside each.
enum Order {
    /// As they were recorded, each with the balance after it.
    Recording,
    /// By the days on which they count, each with the balance at the end of its day.
    Days(BTreeMap<NaiveDate, Minutes>),
}

impl Order {
    /// Puts the lines into the order of days; those of one day stay as they were recorded.
    fn of_days(lines: &mut [HistoryLine]) -> Result<Self, Failure> {
        lines.sort_by_key(|line| line.booked);
        let mut days = BTreeMap::new();
        let mut balance = Minutes::ZERO;
        for line in &*lines {
            balance = balance.checked_add(line.minutes).ok_or(FileError::TooManyHours)?;
            days.insert(line.booked, balance);
        }
        Ok(Self::Days(days))
    }

    fn balance(&self, line: &HistoryLine) -> Minutes {
        match self {
            Self::Recording => line.balance,
            Self::Days(days) => days.get(&line.booked).copied().unwrap_or(line.balance),
        }
    }

    fn in_words(&self, language: Language) -> &'static str {
        match self {
            Self::Recording => language.pick(
                "Dans l'ordre de la saisie, avec le solde après chaque ligne (--order jours : dans l'ordre des jours)",
                "In the order of recording, with the balance after each line (--order days: in the order of days)",
            ),
            Self::Days(_) => language.pick(
                "Dans l'ordre des jours, avec le solde à la fin de chaque jour",
                "In the order of days, with the balance at the end of each day",
            ),
        }
    }
}

fn as_json(session: &Session, line: &HistoryLine, order: &Order) -> serde_json::Value {
    let balance = match order {
        Order::Recording => "balance_minutes",
        Order::Days(_) => "day_balance_minutes",
    };
    json!({
        "date": line.booked.to_string(),
        "service_date": line.service_date.map(|date| date.to_string()),
        "kind": line.kind.as_str(),
        "counterparty": line.counterparty.map(|account| session.account_name(account)),
        "minutes": line.minutes.get(),
        balance: order.balance(line).get(),
        "reference": line.reference,
        "skill": line.skill,
        "memo": line.memo,
        "act": line.act.0,
    })
}

fn as_table(session: &Session, lines: &[HistoryLine], order: &Order) -> String {
    let language = session.language;
    let mut table = Table::new(&[
        ("Date", Align::Left),
        (language.pick("Référence", "Reference"), Align::Left),
        (language.pick("Quoi", "What"), Align::Left),
        (language.pick("Avec", "With"), Align::Left),
        (language.pick("Compétence", "Skill"), Align::Left),
        (language.pick("Durée", "Duration"), Align::Right),
        (
            match order {
                Order::Recording => language.pick("Solde", "Balance"),
                Order::Days(_) => language.pick("Solde du jour", "Day's balance"),
            },
            Align::Right,
        ),
    ]);
    for line in lines {
        table.row(vec![
            day(line.booked, language),
            line.reference.clone().unwrap_or_default(),
            line.kind.in_words(language).to_owned(),
            line.counterparty.map(|account| session.account_name(account)).unwrap_or_default(),
            line.skill.clone().unwrap_or_default(),
            line.minutes.display(language).to_string(),
            order.balance(line).display(language).to_string(),
        ]);
    }
    table.to_string()
}
