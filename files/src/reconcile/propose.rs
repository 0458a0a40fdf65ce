//! Acting on a report: what is missing is proposed to the other association, what differs is asked to be corrected.
//!
//! Nothing is posted: a proposal waits for the other side, a correction for the other side or the coordinator. Keys
//! are made of what the line says, so that the same notebook twice asks for nothing twice.

use std::collections::HashMap;

use ledger::{
    AssociationNumber, ExchangeNumber, Language, SkillNumber,
    brought_in::BroughtIn,
    command::{By, Capacity, Command, NewExchange, Request},
    exchange::Side,
    reconcile::{Finding, LineDate, Wording},
    skill::SkillRef,
};
use store::{WriteError, Writer};

use super::compare::Compared;
use crate::{error::FileError, network::OpenNetwork};

/// What would be asked, and how it is shown.
#[derive(Debug)]
pub struct Ask {
    /// The line that asks for it: its place among the notebook's.
    pub line: usize,
    /// The request.
    pub request: Request,
    /// Where a correction is asked for, why: in the words that the other side will read.
    pub reason: Option<String>,
    /// In a sentence.
    pub shown: String,
}

/// What a report asks for.
#[derive(Debug, Default)]
pub struct Asks {
    /// What would be asked.
    pub asks: Vec<Ask>,
    /// How many lines say too little to ask anything.
    pub passed_over: usize,
}

/// What the lines of an association ask for, in the name of whoever acts.
pub fn asks(open: &OpenNetwork, compared: &Compared, own: AssociationNumber, language: Language) -> Asks {
    let wording = Wording {
        accounts: &compared.ours.accounts,
        notebook: &compared.read.notebook,
        result: &compared.result,
        language,
        say_which_with: "",
    };
    let for_own = By { capacity: Capacity::Association(own), ..open.by };
    let mut found_asks = Asks::default();
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
                    let asked = BroughtIn::Proposal { service_date, content: &content, occurrence };
                    let shown = shown_proposal(open, &exchange, own, language);
                    found_asks.asks.push(Ask {
                        line: place,
                        reason: None,
                        request: asked.request(
                            &open.secrets,
                            open.by,
                            Command::Propose { side, exchange, evidence: None },
                        ),
                        shown,
                    });
                }
                None => found_asks.passed_over += 1,
            },
            Finding::AmountDiffers | Finding::DateDiffers | Finding::DirectionDiffers => {
                let Some(exchange) = found.exchange else { continue };
                let known = &compared.ours.accounts.exchanges[exchange as usize];
                let reason = reason(compared, place, language);
                let exchange = ExchangeNumber(known.exchange);
                let command = Command::RequestCorrection { exchange, reason: reason.clone() };
                let asked = BroughtIn::Correction { exchange, reason: &reason };
                let explanation = wording.explanation(place);
                let shown = language.pick(format!("Correction : {explanation}"), format!("Correction: {explanation}"));
                let request = asked.request(&open.secrets, for_own, command);
                found_asks.asks.push(Ask { line: place, request, reason: Some(reason), shown });
            }
            Finding::AmbiguousPartner => found_asks.passed_over += 1,
            // What waits is asked already; what was reversed was taken back by people who knew why.
            Finding::Matched
            | Finding::Waiting
            | Finding::Reversed
            | Finding::Duplicate
            | Finding::Unreadable
            | Finding::TotalDiffers
            | Finding::Ignored => {}
        }
    }
    found_asks
}

/// What became of requests that were sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// How many were asked now.
    pub asked: usize,
    /// How many had been asked before.
    pub known: usize,
    /// Those that the rules refuse.
    pub refused: Vec<Refused>,
}

/// A request that the rules refuse.
#[derive(Debug)]
pub struct Refused {
    /// What would have been asked.
    pub shown: String,
    /// Why it cannot be.
    pub why: String,
}

/// Sends them one by one: what the rules refuse is told, the rest goes on.
pub async fn send(open: &OpenNetwork, writer: &Writer, asks: Vec<Ask>, language: Language) -> Result<Sent, FileError> {
    let mut sent = Sent::default();
    for Ask { request, shown, .. } in asks {
        match writer.submit(open.network_id, request).await {
            Ok(receipt) if receipt.is_repeat => sent.known += 1,
            Ok(_) => sent.asked += 1,
            Err(WriteError::Rejected(rejection)) => {
                let why = rejection.in_words(language, &|number| open.name_of(number));
                sent.refused.push(Refused { shown, why });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(sent)
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
        Some(side) => side.of_help(language),
        None => "",
    };
    let (date, minutes) = (ledger::reconcile::date_in_words(day, language), said.minutes.display(language));
    language.pick(
        format!("Notre carnet dit : {minutes} {side} le {date}."),
        format!("Our notebook says: {minutes} {side} on {date}."),
    )
}

fn shown_proposal(open: &OpenNetwork, exchange: &NewExchange, own: AssociationNumber, language: Language) -> String {
    let other = if exchange.giver == own { exchange.receiver } else { exchange.giver };
    let date = ledger::reconcile::date_in_words(exchange.service_date, language);
    let (other, minutes) = (open.name_of(other), exchange.minutes.display(language));
    match (language, exchange.giver == own) {
        (Language::French, true) => format!("Proposition : le {date}, {minutes} d'aide donnée ({other})."),
        (Language::French, false) => format!("Proposition : le {date}, {minutes} d'aide reçue ({other})."),
        (Language::English, true) => format!("Proposal: {date}, {minutes} given to {other}."),
        (Language::English, false) => format!("Proposal: {date}, {minutes} received from {other}."),
    }
}
