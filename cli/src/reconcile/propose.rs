//! Acting on a report: what is missing is proposed to the other association, what differs is asked to be corrected.
//!
//! Nothing is posted: a proposal waits for the other side, a correction for the other side or the coordinator. Keys
//! are made of what the line says, so that the same notebook twice asks for nothing twice.

use std::collections::HashMap;
use std::io::BufRead;

use clap::ArgMatches;
use ledger::{
    AssociationNumber, ExchangeNumber, Language, SkillNumber,
    command::{By, Capacity, Command, NewExchange, Request},
    exchange::Side,
    occasion::Occasion,
    reconcile::{Finding, LineDate, Wording},
    skill::SkillRef,
};
use store::WriteError;

use super::{compare::Compared, source::Source};
use crate::{failure::Failure, report::count, session::Session};

/// What would be asked, and how it is shown.
struct Ask {
    request: Request,
    shown: String,
}

/// Shows what would be asked, asks whether to go on, and does it.
pub(super) async fn run(
    args: &ArgMatches,
    source: &Source,
    compared: &Compared,
    language: Language,
) -> Result<(), Failure> {
    let (Some(session), Some(own)) = (source.session(), compared.ours.own) else { return Ok(()) };
    let (asks, passed_over) = asks(session, compared, own, language);
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
    submit(session, asks, language).await
}

fn agreed(number: usize, language: Language) -> Result<bool, Failure> {
    say!(
        "{}",
        language.pick(
            format!("Envoyer ces {number} demandes ? L'autre côté confirmera. (oui/non) "),
            format!("Send these {number} requests? The other side will confirm. (yes/no) "),
        )
    );
    crate::screen::flush();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    say_line!();
    Ok(matches!(answer.trim().to_lowercase().as_str(), "o" | "oui" | "y" | "yes"))
}

/// What the lines ask for, and how many say too little to ask anything.
fn asks(session: &Session, compared: &Compared, own: AssociationNumber, language: Language) -> (Vec<Ask>, usize) {
    let wording = Wording {
        accounts: &compared.ours.accounts,
        notebook: &compared.read.notebook,
        result: &compared.result,
        language,
        say_which_with: crate::remedy::say_which_with(language),
    };
    let by = By { principal: session.by.principal, capacity: session.by.capacity };
    let for_own = By { capacity: Capacity::Association(own), ..by };
    let mut asks = Vec::new();
    let mut passed_over = 0;
    let mut occurrences: HashMap<String, u32> = HashMap::new();
    for (place, found) in compared.result.lines.iter().enumerate() {
        match found.finding {
            Finding::MissingInLedger => match proposal(compared, place, own) {
                Some(exchange) => {
                    let side = if exchange.giver == own { Side::Giver } else { Side::Receiver };
                    let content = format!(
                        "{}:{}:{}:{}:{}",
                        exchange.service_date,
                        exchange.giver,
                        exchange.receiver,
                        exchange.minutes.get(),
                        skill_of(&exchange),
                    );
                    let occurrence = occurrences.entry(content.clone()).or_default();
                    *occurrence += 1;
                    let (service_date, occurrence) = (exchange.service_date, *occurrence);
                    let occasion = Occasion::NotebookProposal { service_date, content: &content, occurrence };
                    let shown = shown_proposal(session, &exchange, own, language);
                    asks.push(Ask { request: occasion.request(by, Command::Propose { side, exchange }), shown });
                }
                None => passed_over += 1,
            },
            Finding::AmountDiffers | Finding::DateDiffers | Finding::DirectionDiffers => {
                let Some(exchange) = found.exchange else { continue };
                let known = &compared.ours.accounts.exchanges[exchange as usize];
                let reason = reason(compared, place, language);
                let exchange = ExchangeNumber(known.exchange);
                let command = Command::RequestCorrection { exchange, reason: reason.clone() };
                let occasion = Occasion::NotebookCorrection { exchange, reason: &reason };
                let explanation = wording.explanation(place);
                let shown = language.pick(format!("Correction : {explanation}"), format!("Correction: {explanation}"));
                asks.push(Ask { request: occasion.request(for_own, command), shown });
            }
            Finding::AmbiguousPartner => passed_over += 1,
            Finding::Matched | Finding::Duplicate | Finding::Unreadable | Finding::Ignored => {}
        }
    }
    (asks, passed_over)
}

/// The exchange that a line is about, when the line leaves nothing open.
fn proposal(compared: &Compared, place: usize, own: AssociationNumber) -> Option<NewExchange> {
    let said = &compared.read.notebook.lines[place];
    let name = &compared.result.names[said.name as usize];
    let [(partner, _)] = name.candidates[..] else { return None };
    let partner = *compared.ours.numbers.get(partner as usize)?;
    let LineDate::Day(service_date) = said.date else { return None };
    let (giver, receiver) = match said.side? {
        Side::Giver => (own, partner),
        Side::Receiver => (partner, own),
    };
    let skill = said.skill.and_then(|skill| compared.result.skills[skill as usize]);
    let skill = skill.map(|skill| SkillRef::Name(compared.ours.accounts.skills[skill as usize].clone()));
    Some(NewExchange {
        giver,
        receiver,
        minutes: said.minutes,
        service_date,
        skill,
        reference: None,
        memo: None,
        contributions: Vec::new(),
        replaces: None,
    })
}

fn skill_of(exchange: &NewExchange) -> String {
    match &exchange.skill {
        Some(SkillRef::Name(name)) => name.clone(),
        Some(SkillRef::Number(SkillNumber(number))) => number.to_string(),
        None => String::new(),
    }
}

/// What the notebook says instead, in the words that the other side will read.
fn reason(compared: &Compared, place: usize, language: Language) -> String {
    let said = &compared.read.notebook.lines[place];
    let day = match said.date {
        LineDate::Day(day) | LineDate::Month(day) => day,
    };
    let side = match said.side {
        Some(side) => side.in_words(language),
        None => "",
    };
    let (date, minutes) = (ledger::reconcile::date_in_words(day, language), said.minutes.display(language));
    language.pick(
        format!("Notre carnet dit : {minutes} {side} le {date}."),
        format!("Our notebook says: {minutes} {side} on {date}."),
    )
}

fn shown_proposal(session: &Session, exchange: &NewExchange, own: AssociationNumber, language: Language) -> String {
    let other = if exchange.giver == own { exchange.receiver } else { exchange.giver };
    let date = ledger::reconcile::date_in_words(exchange.service_date, language);
    let (other, minutes) = (session.name_of(other), exchange.minutes.display(language));
    match (language, exchange.giver == own) {
        (Language::French, true) => format!("Proposition : le {date}, {minutes} données ({other})."),
        (Language::French, false) => format!("Proposition : le {date}, {minutes} reçues ({other})."),
        (Language::English, true) => format!("Proposal: {date}, {minutes} given to {other}."),
        (Language::English, false) => format!("Proposal: {date}, {minutes} received from {other}."),
    }
}

/// Sends them one by one: what the rules refuse is told, the rest goes on.
async fn submit(session: &Session, asks: Vec<Ask>, language: Language) -> Result<(), Failure> {
    let writer = session.writer();
    let (mut asked, mut known) = (0_usize, 0_usize);
    let mut refused = Vec::new();
    for ask in asks {
        match writer.submit(session.network_id, ask.request).await {
            Ok(receipt) if receipt.is_repeat => known += 1,
            Ok(_) => asked += 1,
            Err(WriteError::Rejected(rejection)) => {
                refused.push((ask.shown, rejection.in_words(language, &|number| session.name_of(number))));
            }
            Err(error) => {
                writer.stop().await;
                return Err(error.into());
            }
        }
    }
    writer.stop().await;
    let known = match known {
        0 => String::new(),
        known => language.pick(format!(", {known} déjà demandées"), format!(", {known} asked before")),
    };
    say_line!("{}", language.pick(format!("Demandé : {asked}{known}."), format!("Asked: {asked}{known}.")));
    for (shown, why) in refused {
        say_line!("{shown}\n        {why}");
    }
    Ok(())
}
