//! Lines whose reference or name the ledger knows with other content: what it has, and what the line says.

use std::collections::HashMap;

use ledger::{
    ActNumber, AssociationNumber, Language, Minutes,
    command::{Command, NewExchange, Request},
    name,
    skill::SkillRef,
};
use store::{ExchangeLine, StoreError};

use super::{
    plan::{Asked, show_date},
    summary::BadLine,
};
use crate::{network::OpenNetwork, remedy::Remedy};

/// A line that the ledger knows with other content.
pub(super) struct Conflict {
    pub(super) asked: Asked,
    /// The act that recorded it.
    pub(super) recorded_by: ActNumber,
    /// Whether it came in as the same line, to be confirmed.
    pub(super) was_proposed: bool,
}

/// Says of each line what is recorded already. A line that came in to be confirmed, and was, is no conflict any more.
pub(super) async fn name_all(network: &OpenNetwork, conflicts: &[Conflict]) -> Result<Vec<BadLine>, StoreError> {
    let mut recorded: HashMap<ActNumber, ExchangeLine> = HashMap::new();
    if conflicts.iter().any(|conflict| exchange_of(&conflict.asked.request.command).is_some()) {
        let lines = network.store.exchanges(network.network_id, false).await?;
        // An exchange has the number of the act that began it.
        recorded.extend(lines.into_iter().map(|line| (ActNumber(line.exchange.0), line)));
    }
    let told = |Conflict { asked: Asked { line, request, .. }, recorded_by, was_proposed }: &Conflict| {
        let exchange = exchange_of(&request.command);
        let known = recorded.get(recorded_by);
        if *was_proposed && known.is_some_and(|known| known.state.is_posted()) {
            return None;
        }
        let words = match exchange.zip(known) {
            Some((exchange, known)) => exchanges_differ(network, exchange, known, &request.command),
            None => other_content(&named(network, request), "", network.language),
        };
        Some(BadLine { line: *line, why: words })
    };
    Ok(conflicts.iter().filter_map(told).collect())
}

/// The exchange that a request asks for, if it asks for one.
pub(super) fn exchange_of(command: &Command) -> Option<&NewExchange> {
    match command {
        Command::Record { exchange, .. } | Command::Propose { exchange, .. } => Some(exchange),
        _ => None,
    }
}

/// What people call that which a request is about.
fn named(network: &OpenNetwork, request: &Request) -> String {
    let language = network.language;
    match &request.command {
        Command::AddAssociation(new) => quoted(&new.name, language),
        Command::BringInBalance { association, .. } => {
            let name = quoted(&network.name_of(*association), language);
            language.pick(format!("le solde repris de {name}"), format!("the balance brought in for {name}"))
        }
        Command::AddSkill { name } => quoted(name, language),
        _ => language.pick("cette ligne", "this line").to_owned(),
    }
}

fn quoted(text: &str, language: Language) -> String {
    language.pick(format!("« {text} »"), format!("“{text}”"))
}

/// Says that somebody of that code is known with another name or address.
pub(super) fn other_identity(code: &str, language: Language) -> String {
    other_content(&quoted(code, language), "", language)
}

fn other_content(what: &str, how: &str, language: Language) -> String {
    language.pick(
        format!(
            "{what} est déjà enregistré avec un autre contenu{how} ; corrigez le fichier, ou demandez une correction"
        ),
        format!("{what} is recorded already with other content{how}; mend the file, or ask for a correction"),
    )
}

/// The fields in which a line and the ledger differ; where there are none, how the exchange was brought in.
fn exchanges_differ(network: &OpenNetwork, line: &NewExchange, known: &ExchangeLine, command: &Command) -> String {
    let language = network.language;
    let what = quoted(known.reference.as_deref().unwrap_or_default(), language);
    let association = |number: AssociationNumber| network.name_of(number);
    let minutes = |minutes: Minutes| minutes.display(language).to_string();
    let skill = match &line.skill {
        Some(SkillRef::Name(name)) => name.clone(),
        Some(SkillRef::Number(number)) => {
            let mut skills = network.registry.skills().iter();
            skills.find(|skill| skill.number == *number).map(|skill| skill.name.clone()).unwrap_or_default()
        }
        None => String::new(),
    };
    let known_skill = known.skill.clone().unwrap_or_default();
    let skill = if name::fold(&skill) == name::fold(&known_skill) { known_skill.clone() } else { skill };
    let fields = [
        ("date", "date", show_date(known.service_date, language), show_date(line.service_date, language)),
        ("a aidé", "giver", association(known.giver), association(line.giver)),
        ("a été aidée", "receiver", association(known.receiver), association(line.receiver)),
        ("durée", "duration", minutes(known.minutes), minutes(line.minutes)),
        ("compétence", "skill", known_skill, skill),
        ("remarque", "memo", known.memo.clone().unwrap_or_default(), line.memo.clone().unwrap_or_default()),
    ];
    let differences: Vec<_> = fields
        .into_iter()
        .filter(|(_, _, known, said)| known != said)
        .map(|(french, english, known, said)| {
            language.pick(
                format!("{french} : {} enregistré, {} ici", shown(&known, language), shown(&said, language)),
                format!("{english}: {} recorded, {} here", shown(&known, language), shown(&said, language)),
            )
        })
        .collect();
    if !differences.is_empty() {
        return other_content(&what, &format!(" ({})", differences.join(", ")), language);
    }
    let is_posted = known.state.is_posted();
    match command {
        Command::Record { .. } if !is_posted => language.pick(
            format!("{what} est déjà proposé et attend d'être confirmé ; c'est à l'association aidée de répondre"),
            format!("{what} is proposed already and waits to be confirmed; it is for the association that was helped to answer"),
        ),
        Command::Propose { .. } if is_posted => {
            let remedy = (network.remedies)(Remedy::BringInAsConfirmed, language);
            language.pick(
                format!("{what} est déjà confirmé ; {remedy}"),
                format!("{what} is confirmed already; {remedy}"),
            )
        }
        _ => other_content(
            &what,
            language.pick(" (la fiche, ou la façon dont il est entré)", " (the slip, or the way it came in)"),
            language,
        ),
    }
}

fn shown(text: &str, language: Language) -> &str {
    if text.is_empty() { language.pick("rien", "nothing") } else { text }
}
