//! Lines whose reference or name the ledger knows with other content: what it has, and what the line says.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Identifier, InseeCode, Language, Minutes,
    association::{Association, AssociationKind, Contact, Description, NewAssociation},
    command::{Command, NewExchange},
    contribution::Contribution,
    evidence::{Evidence, EvidenceKind},
    exchange::ExchangeState,
    name,
};
use store::{ExchangeLine, MemberPlace, StoreError};

use super::{
    alike::Successors,
    otherwise::{Difference, Otherwise, quoted},
    plan::{Asked, Plan, show_date},
};
use crate::{network::OpenNetwork, remedy::Remedy};

/// A line that the ledger knows with other content.
pub(super) struct Conflict {
    pub(super) asked: Asked,
    /// The act that recorded it.
    pub(super) recorded_by: ActNumber,
    /// How what it recorded came in.
    pub(super) came_in: CameIn,
}

/// How something came in that a line says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CameIn {
    /// With another line's content, under the key of this one.
    AsAnother,
    /// As this same line, to be confirmed.
    AsProposal,
    /// Under another key: somebody said that it is the same.
    Otherwise,
}

/// Holds each line against what stands now: what is the same is known, the rest is told, or mended.
pub(super) async fn settle_all(plan: &mut Plan<'_>, conflicts: Vec<Conflict>) -> Result<(), StoreError> {
    let known = Known::of(plan.network, &conflicts).await?;
    for conflict in &conflicts {
        let Conflict { asked, recorded_by, .. } = conflict;
        match &asked.request.command {
            Command::Record { exchange, .. } | Command::Propose { exchange, .. } => {
                exchange_otherwise(plan, &known, conflict, exchange).await?;
            }
            Command::AddAssociation(new) => {
                association_otherwise(plan, &known, asked.line, AssociationNumber(recorded_by.0), new);
            }
            _ => {
                let what = plan.language().pick("cette ligne", "this line").to_owned();
                plan.tell_otherwise(Otherwise { line: asked.line, what, differences: Vec::new(), mends: Vec::new() });
            }
        }
    }
    Ok(())
}

/// What the ledger has of that which lines are in conflict with.
#[derive(Default)]
struct Known {
    exchanges: HashMap<ExchangeNumber, ExchangeLine>,
    successors: Successors,
    places: BTreeMap<AssociationNumber, MemberPlace>,
    contacts: BTreeMap<AssociationNumber, Contact>,
}

impl Known {
    async fn of(network: &OpenNetwork, conflicts: &[Conflict]) -> Result<Self, StoreError> {
        let mut known = Self::default();
        let (store, id) = (&network.store, network.network_id);
        if conflicts.iter().any(|conflict| exchange_of(&conflict.asked.request.command).is_some()) {
            let lines = store.exchanges(id, false).await?;
            known.successors = Successors::among(&lines);
            known.exchanges = lines.into_iter().map(|line| (line.exchange, line)).collect();
        }
        let is_member = |conflict: &&Conflict| matches!(conflict.asked.request.command, Command::AddAssociation(_));
        let members: Vec<_> =
            conflicts.iter().filter(is_member).map(|conflict| AssociationNumber(conflict.recorded_by.0)).collect();
        if !members.is_empty() {
            known.places = store.member_places(id).await?;
            known.contacts = store.contacts_of(id, &members).await?;
        }
        Ok(known)
    }

    /// What stands now of an exchange: the last that was recorded in its place.
    fn standing(&self, first: ExchangeNumber) -> Option<&ExchangeLine> {
        self.exchanges.get(&self.successors.last(first))
    }
}

/// The exchange that a request asks for, if it asks for one.
pub(super) fn exchange_of(command: &Command) -> Option<&NewExchange> {
    match command {
        Command::Record { exchange, .. } | Command::Propose { exchange, .. } => Some(exchange),
        _ => None,
    }
}

async fn exchange_otherwise(
    plan: &mut Plan<'_>,
    known: &Known,
    Conflict { asked, recorded_by, came_in }: &Conflict,
    said: &NewExchange,
) -> Result<(), StoreError> {
    let (line, language) = (asked.line, plan.language());
    // An exchange has the number of the act that began it.
    let first = ExchangeNumber(recorded_by.0);
    let Some(standing) = known.standing(first) else { return Ok(()) };
    let is_replaced = standing.exchange != first;
    // A line that came in to be confirmed, and was, is no conflict any more.
    if *came_in == CameIn::AsProposal && !is_replaced && standing.state.is_posted() {
        return Ok(());
    }
    let reference = said.reference.as_deref().or(standing.reference.as_deref()).unwrap_or_default();
    let what = quoted(reference, language);
    let differences = exchange_differences(plan.network, said, standing);
    let is_proposal = matches!(asked.request.command, Command::Propose { .. });
    if !differences.is_empty() {
        let mends = if standing.state.is_posted() && !is_proposal {
            replacement(plan, line, said, &asked.request.command, standing).await?
        } else {
            Vec::new()
        };
        plan.tell_otherwise(Otherwise { line, what, differences, mends });
        if *came_in == CameIn::Otherwise {
            plan.mend_under(&asked.request, line);
        }
        return Ok(());
    }
    if is_replaced {
        // It was mended before, and says so now.
        return Ok(());
    }
    let problem = if !is_proposal && standing.state == ExchangeState::Proposed {
        language.pick(
            format!("{what} est déjà proposé et attend d'être confirmé ; c'est à l'association aidée de répondre"),
            format!(
                "{what} is proposed already and waits to be confirmed; it is for the association that was helped to answer"
            ),
        )
    } else if is_proposal && standing.state.is_posted() {
        let remedy = plan.remedy(Remedy::BringInAsConfirmed);
        language.pick(format!("{what} est déjà confirmé ; {remedy}"), format!("{what} is confirmed already; {remedy}"))
    } else {
        language.pick(
            format!("{what} est déjà enregistré avec un autre contenu (la fiche, ou la façon dont il est entré) ; corrigez le fichier, ou demandez une correction"),
            format!("{what} is recorded already with other content (the slip, or the way it came in); mend the file, or ask for a correction"),
        )
    };
    plan.problem(line, problem);
    Ok(())
}

/// What takes an exchange back and records it as the line says. Who did it stays told, where it still fits.
async fn replacement(
    plan: &Plan<'_>,
    line: u64,
    said: &NewExchange,
    asked: &Command,
    standing: &ExchangeLine,
) -> Result<Vec<Command>, StoreError> {
    let (store, network) = (&plan.network.store, plan.network.network_id);
    let evidence = match asked {
        Command::Record { evidence, .. } => evidence.clone(),
        _ => Evidence { kind: EvidenceKind::File, reference: None, line: Some(line) },
    };
    let mut contributions = Vec::new();
    if said.giver == standing.giver
        && let Some(view) = store.exchange(network, standing.exchange).await?
    {
        for told in store.contributions_to(network, &view.exchange).await? {
            let (person, minutes, nature) = (told.person, told.minutes, told.nature);
            contributions.push(Contribution { person, minutes, nature });
        }
    }
    let sum = Minutes::sum(contributions.iter().map(|told| told.minutes));
    if sum.is_none_or(|sum| sum > said.minutes) || contributions.iter().any(|told| told.minutes <= Minutes::ZERO) {
        contributions.clear();
    }
    let exchange = NewExchange { reference: None, replaces: Some(standing.exchange), contributions, ..said.clone() };
    Ok(vec![
        Command::Reverse { target: standing.exchange.into(), reason: plan.reason(line) },
        Command::Record { exchange, evidence },
    ])
}

/// The fields in which a line and the ledger differ.
fn exchange_differences(network: &OpenNetwork, said: &NewExchange, known: &ExchangeLine) -> Vec<Difference> {
    let language = network.language;
    let name = |number: AssociationNumber| network.name_of(number);
    let minutes = |minutes: Minutes| minutes.display(language).to_string();
    let date = |date| show_date(date, language);
    let skill = said.skill.as_ref().map(|skill| network.named_skill(skill)).unwrap_or_default();
    let known_skill = known.skill.clone().unwrap_or_default();
    let skill = if name::fold(&skill) == name::fold(&known_skill) { known_skill.clone() } else { skill };
    let (memo, known_memo) = (said.memo.clone().unwrap_or_default(), known.memo.clone().unwrap_or_default());
    let fields = [
        Difference::between(("date", "date"), date(known.service_date), date(said.service_date)),
        Difference::between(("a aidé", "giver"), name(known.giver), name(said.giver)),
        Difference::between(("a été aidée", "receiver"), name(known.receiver), name(said.receiver)),
        Difference::between(("durée", "duration"), minutes(known.minutes), minutes(said.minutes)),
        Difference::between(("compétence", "skill"), known_skill, skill),
        Difference::between(("remarque", "memo"), known_memo, memo),
    ];
    fields.into_iter().flatten().collect()
}

/// What a line says of a member otherwise than the register. What it leaves empty stays as it is, and so do names.
fn association_otherwise(
    plan: &mut Plan<'_>,
    known: &Known,
    line: u64,
    number: AssociationNumber,
    said: &NewAssociation,
) {
    let Some(member) = plan.network.registry.association(number) else { return };
    let place = known.places.get(&number).cloned().unwrap_or_default();
    let contact = known.contacts.get(&number).cloned().unwrap_or_default();
    let mut differences = description_differences(plan, line, member, (&place, &contact), said);
    let mut mends = Vec::new();
    if !differences.is_empty() {
        let description = described(plan, line, member, (place, contact), said);
        mends.push(Command::DescribeAssociation { association: number, description });
    }
    for identifier in said.identifiers.iter().filter(|identifier| !member.identifiers.contains(identifier)) {
        let before = member.identifiers.iter().find(|known| known.kind() == identifier.kind());
        let field = [Language::French, Language::English].map(|language| identifier.kind().in_words(language));
        let before = before.map(Identifier::value);
        differences.extend(Difference::if_said(field.into(), before.as_deref(), Some(&identifier.value())));
        mends.push(Command::IdentifyAssociation { association: number, identifier: identifier.clone() });
    }
    if !differences.is_empty() {
        let what = quoted(member.name(), plan.language());
        plan.tell_otherwise(Otherwise { line, what, differences, mends });
    }
}

fn description_differences(
    plan: &Plan<'_>,
    line: u64,
    member: &Association,
    (place, contact): (&MemberPlace, &Contact),
    said: &NewAssociation,
) -> Vec<Difference> {
    let language = plan.language();
    let kind = |kind: AssociationKind| kind.in_words(language).to_owned();
    let insee = said.insee.as_ref().map(InseeCode::as_str);
    let day = |day: NaiveDate| show_date(day, language);
    let yes_no = |is: bool| if is { language.pick("oui", "yes") } else { language.pick("non", "no") };
    let said_kind = plan.says(line, "kind").then(|| kind(said.kind));
    let said_paper = plan.says(line, "paper_only").then(|| yes_no(said.contact.paper_only));
    let fields = [
        Difference::if_said(("type", "kind"), Some(&kind(member.kind)), said_kind.as_deref()),
        Difference::if_said(("commune", "commune"), place.commune.as_deref(), said.commune.as_deref()),
        Difference::if_said(("code INSEE", "INSEE code"), place.insee.as_deref(), insee),
        Difference::if_said(
            ("adhérent depuis", "member since"),
            place.member_since.map(day).as_deref(),
            said.member_since.map(day).as_deref(),
        ),
        Difference::if_said(("contact", "contact"), contact.name.as_deref(), said.contact.name.as_deref()),
        Difference::if_said(("e-mail", "e-mail"), contact.email.as_deref(), said.contact.email.as_deref()),
        Difference::if_said(("téléphone", "telephone"), contact.phone.as_deref(), said.contact.phone.as_deref()),
        Difference::if_said(("papier", "on paper"), Some(yes_no(contact.paper_only)), said_paper),
    ];
    fields.into_iter().flatten().collect()
}

/// What a member is, once the line is believed.
fn described(
    plan: &Plan<'_>,
    line: u64,
    member: &Association,
    (place, contact): (MemberPlace, Contact),
    said: &NewAssociation,
) -> Description {
    let insee = place.insee.and_then(|code| InseeCode::parse(&code).ok());
    let told = said.contact.clone();
    Description {
        kind: if plan.says(line, "kind") { said.kind } else { member.kind },
        commune: said.commune.clone().or(place.commune),
        insee: said.insee.clone().or(insee),
        member_since: said.member_since.or(place.member_since),
        contact: Contact {
            name: told.name.or(contact.name),
            email: told.email.or(contact.email),
            phone: told.phone.or(contact.phone),
            paper_only: if plan.says(line, "paper_only") { told.paper_only } else { contact.paper_only },
        },
    }
}
