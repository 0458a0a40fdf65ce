//! `history`: all that moved an association's balance, in the order in which it was recorded.

use clap::{ArgMatches, Command};
use ledger::{Language, account::Account};
use serde_json::json;
use store::HistoryLine;

use crate::{
    arguments,
    failure::Failure,
    report::{Align, Table, print_json},
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
    .arg(arguments::required("association", "ASSOCIATION", t("L'association", "The association")))
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let wanted = text(args, "association");
    let fund = session.account_name(Account::Fund);
    let account = if ledger::name::fold(wanted) == ledger::name::fold(&fund) {
        Account::Fund
    } else {
        Account::Association(session.association(wanted)?.number)
    };
    let lines = session.store.history(session.network_id, account).await?;
    if wants_json(args) {
        print_json(&lines.iter().map(|line| as_json(&session, line)).collect())?;
    } else {
        say_line!("{}\n", session.account_name(account));
        say!("{}", as_table(&session, &lines));
        if lines.is_empty() {
            say_line!(
                "{}",
                language.pick("Rien n'a encore fait bouger ce solde.", "Nothing has moved this balance yet.")
            );
        }
    }
    Ok(true)
}

fn as_json(session: &Session, line: &HistoryLine) -> serde_json::Value {
    json!({
        "date": line.booked.to_string(),
        "service_date": line.service_date.map(|date| date.to_string()),
        "kind": line.kind.as_str(),
        "counterparty": line.counterparty.map(|account| session.account_name(account)),
        "minutes": line.minutes.get(),
        "balance_minutes": line.balance.get(),
        "reference": line.reference,
        "skill": line.skill,
        "memo": line.memo,
        "act": line.act.0,
    })
}

fn as_table(session: &Session, lines: &[HistoryLine]) -> String {
    let language = session.language;
    let mut table = Table::new(&[
        ("Date", Align::Left),
        (language.pick("Référence", "Reference"), Align::Left),
        (language.pick("Quoi", "What"), Align::Left),
        (language.pick("Avec", "With"), Align::Left),
        (language.pick("Compétence", "Skill"), Align::Left),
        (language.pick("Durée", "Duration"), Align::Right),
        (language.pick("Solde", "Balance"), Align::Right),
    ]);
    for line in lines {
        table.row(vec![
            language.pick(line.booked.format("%d/%m/%Y"), line.booked.format("%Y-%m-%d")).to_string(),
            line.reference.clone().unwrap_or_default(),
            line.kind.in_words(language).to_owned(),
            line.counterparty.map(|account| session.account_name(account)).unwrap_or_default(),
            line.skill.clone().unwrap_or_default(),
            line.minutes.display(language).to_string(),
            line.balance.display(language).to_string(),
        ]);
    }
    table.to_string()
}
