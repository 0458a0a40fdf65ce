//! `reconcile --propose`: shows what would be asked of the other association, asks whether to go on, and does it.

use std::io::BufRead as _;
use std::sync::Arc;

use clap::ArgMatches;
use files::{
    reconcile::{
        against::Against,
        compare::Compared,
        propose::{Asks, asks, send},
    },
    text::count,
};
use ledger::Language;

use crate::{failure::Failure, session::writer};

pub(super) async fn run(
    args: &ArgMatches,
    against: &Against,
    compared: &Compared,
    language: Language,
) -> Result<(), Failure> {
    let (Some(open), Some(own)) = (against.network(), compared.ours.own) else { return Ok(()) };
    let Asks { asks, passed_over } = asks(open, compared, own, language);
    say_line!();
    for ask in &asks {
        say_line!("{}", ask.shown);
    }
    if passed_over > 0 {
        let (french, english) = (
            ("ligne à éclaircir d'abord.", "lignes à éclaircir d'abord."),
            ("line to clear up first.", "lines to clear up first."),
        );
        say_line!("{}", count(passed_over, language, french, english));
    }
    if asks.is_empty() {
        say_line!("{}", language.pick("Rien à proposer.", "Nothing to propose."));
        return Ok(());
    }
    if !args.get_flag("yes") && !agreed(asks.len(), language)? {
        say_line!("{}", language.pick("Rien n'a été demandé.", "Nothing was asked."));
        return Ok(());
    }
    let writer = writer(&open.store, Arc::clone(&open.clock));
    let sent = send(open, &writer, asks, language).await;
    writer.stop().await;
    let sent = sent?;
    let known = match sent.known {
        0 => String::new(),
        known => language.pick(format!(", {known} déjà demandées"), format!(", {known} asked before")),
    };
    let asked = sent.asked;
    say_line!("{}", language.pick(format!("Demandé : {asked}{known}."), format!("Asked: {asked}{known}.")));
    for refused in sent.refused {
        say_line!("{}\n        {}", refused.shown, refused.why);
    }
    Ok(())
}

fn agreed(number: usize, language: Language) -> Result<bool, Failure> {
    let requests = count(number, language, ("demande", "demandes"), ("request", "requests"));
    say!(
        "{}",
        language.pick(
            format!("Envoyer {requests} ? L'autre côté confirmera. (oui/non) "),
            format!("Send {requests}? The other side will confirm. (yes/no) "),
        )
    );
    crate::screen::flush();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    say_line!();
    Ok(matches!(answer.trim().to_lowercase().as_str(), "o" | "oui" | "y" | "yes"))
}
