//! Lines that look like an exchange, or like hours of a person, that the ledger has already, with more or less said of
//! them.
//!
//! A line without a reference is known by all that it says: with a remark, a skill or a slip more it is another one, and
//! would count twice. Hours of somebody who was erased are known by nothing, though they still count: where the same person
//! comes back as somebody new, so may the lines about them. Whether it is the same help is asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use ledger::{
    ActNumber, AssociationNumber, ExchangeNumber, Minutes, PersonNumber,
    command::{Command, NewExchange},
    contribution::Nature,
    state::numbered_reference,
};
use store::{ContributionView, ExchangeView, SameHelp, StoreError};

use super::{
    alike::reference_key,
    conflict::{CameIn, Conflict, exchange_of},
    otherwise::{Difference, Otherwise},
    plan::{Asked, Plan, show_date},
    question::Answer,
};
use crate::network::OpenNetwork;

/// Asks about each new line that looks like an exchange of the ledger's that no line of the file stands for; `told` are
/// the acts that lines of the file stand for. What is the same, or to be left out, is taken away; what is the same help
/// with another duration is given back.
pub(super) async fn ask(
    plan: &mut Plan<'_>,
    requests: &mut Vec<Asked>,
    told: &BTreeSet<ActNumber>,
) -> Result<Vec<Conflict>, StoreError> {
    let (store, network) = (&plan.network.store, plan.network.network_id);
    let dates = || requests.iter().filter_map(|asked| exchange_of(&asked.request.command)).map(|new| new.service_date);
    let Some((first, last)) = dates().min().zip(dates().max()) else { return Ok(Vec::new()) };
    let mut known: BTreeMap<SameHelp, Vec<ExchangeNumber>> = BTreeMap::new();
    for (exchange, help) in store.standing_help(network, first, last).await? {
        if !told.contains(&ActNumber(exchange.0)) {
            known.entry(help).or_default().push(exchange);
        }
    }
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let mut left_out = BTreeSet::new();
    for (place, asked) in requests.iter().enumerate() {
        let Some(view) = alike(plan.network, &mut known, asked).await? else { continue };
        let question = question(plan, asked, &view);
        if !plan.is_another(asked.line, question) {
            left_out.insert(place);
        }
    }
    leave_out(requests, &left_out);
    // That a file came in before shows in what the ledger knows of it. Only then may a line be one of its lines, mended.
    if told.is_empty() { Ok(Vec::new()) } else { ask_about_durations(plan, requests, known).await }
}

/// Asks whether help between the same two on the same day, of another duration, is the same help with its duration mended.
async fn ask_about_durations(
    plan: &mut Plan<'_>,
    requests: &mut Vec<Asked>,
    known: BTreeMap<SameHelp, Vec<ExchangeNumber>>,
) -> Result<Vec<Conflict>, StoreError> {
    let mut of_day: BTreeMap<_, Vec<ExchangeNumber>> = BTreeMap::new();
    for (SameHelp { service_date, giver, receiver, .. }, exchanges) in known {
        of_day.entry((service_date, giver, receiver)).or_default().extend(exchanges);
    }
    let (mut left_out, mut mended) = (BTreeSet::new(), BTreeMap::new());
    for (place, asked) in requests.iter().enumerate() {
        let Some(new) = exchange_of(&asked.request.command).filter(|new| new.reference.is_none()) else { continue };
        let Some(candidates) = of_day.get_mut(&(new.service_date, new.giver, new.receiver)) else { continue };
        let Some(view) = nameless(plan.network, candidates).await? else { continue };
        let question = question_about_duration(plan, new, &view);
        match plan.answer(asked.line, question) {
            Some(Answer::No) => {}
            Some(Answer::Yes) => drop(mended.insert(place, ActNumber(view.exchange.number.0))),
            Some(Answer::Skip) | None => drop(left_out.insert(place)),
        }
    }
    let mut places = 0..;
    let mut conflicts = Vec::new();
    let is_kept = |asked: Asked| {
        let place = places.next().unwrap_or_default();
        match mended.get(&place) {
            Some(recorded_by) => {
                conflicts.push(Conflict { asked, recorded_by: *recorded_by, came_in: CameIn::Otherwise });
                None
            }
            None => (!left_out.contains(&place)).then_some(asked),
        }
    };
    *requests = std::mem::take(requests).into_iter().filter_map(is_kept).collect();
    Ok(conflicts)
}

/// The first of them to which people gave no reference of their own, which then stands for no other line.
async fn nameless(
    network: &OpenNetwork,
    candidates: &mut Vec<ExchangeNumber>,
) -> Result<Option<ExchangeView>, StoreError> {
    while !candidates.is_empty() {
        let Some(view) = network.store.exchange(network.network_id, candidates.remove(0)).await? else { continue };
        if own_reference(&view).is_none() {
            return Ok(Some(view));
        }
    }
    Ok(None)
}

/// The reference that people gave; one that the ledger gave says nothing.
fn own_reference(view: &ExchangeView) -> Option<&str> {
    view.reference.as_deref().filter(|reference| numbered_reference(reference).is_none())
}

/// Asks the same about hours of persons, told of an exchange or given to their own association; `said` are those of lines
/// that the ledger knows.
pub(super) async fn ask_about_hours(
    plan: &mut Plan<'_>,
    requests: &mut Vec<Asked>,
    (told, said): (&BTreeSet<ActNumber>, &[SameHours]),
) -> Result<(), StoreError> {
    let persons: BTreeSet<PersonNumber> =
        requests.iter().filter_map(|asked| hours_of(&asked.request.command)).map(|hours| hours.person).collect();
    if persons.is_empty() {
        return Ok(());
    }
    let persons: Vec<PersonNumber> = persons.into_iter().collect();
    let mut known: HashMap<SameHours, Vec<ContributionView>> = HashMap::new();
    let mut unplaced: HashMap<SameHours, usize> = HashMap::new();
    for hours in said {
        *unplaced.entry(*hours).or_default() += 1;
    }
    for view in plan.network.store.standing_contributions(plan.network.network_id, &persons).await? {
        let hours = SameHours::known(&view);
        if told.contains(&view.act) {
            unplaced.entry(hours).and_modify(|count| *count = count.saturating_sub(1));
        } else {
            known.entry(hours).or_default().push(view);
        }
    }
    // What stands in the place of an exchange has its hours by another act than their line.
    for (hours, count) in unplaced {
        known.entry(hours).and_modify(|views| views.truncate(views.len().saturating_sub(count)));
    }
    let mut erased = OfErased::read(plan.network, &persons).await?;
    let mut left_out = BTreeSet::new();
    for (place, asked) in requests.iter().enumerate() {
        let hours = hours_of(&asked.request.command);
        let own = hours.and_then(|hours| Some((known.get_mut(&hours)?.pop()?, Whose::Theirs)));
        let Some((view, whose)) = own.or_else(|| Some((erased.take(hours?)?, Whose::Erased))) else { continue };
        let question = question_about_hours(plan, asked, &view, whose);
        if !plan.is_another(asked.line, question) {
            left_out.insert(place);
        }
    }
    leave_out(requests, &left_out);
    if !told.is_empty() {
        ask_about_minutes(plan, requests, known);
    }
    Ok(())
}

/// Asks whether hours of the same person for the same help, of another duration, are the same with their duration mended.
/// No file takes hours of persons back: that they differ is told.
fn ask_about_minutes(plan: &mut Plan<'_>, requests: &mut Vec<Asked>, known: HashMap<SameHours, Vec<ContributionView>>) {
    let mut of_help: HashMap<(PersonNumber, Given), Vec<ContributionView>> = HashMap::new();
    for (hours, views) in known {
        of_help.entry((hours.person, hours.given)).or_default().extend(views);
    }
    let mut left_out = BTreeSet::new();
    for (place, asked) in requests.iter().enumerate() {
        let Some(hours) = hours_of(&asked.request.command) else { continue };
        let Some(view) = of_help.get_mut(&(hours.person, hours.given)).and_then(Vec::pop) else { continue };
        let (language, name) = (plan.language(), plan.network.name_of(view.association));
        let [known, said] = [view.minutes, hours.minutes].map(|minutes| minutes.display(language).to_string());
        let date = show_date(view.service_date, language);
        let question = language.pick(
            format!(
                "le registre a déjà {known} de cette personne, le {date}, pour « {name} », qu'aucune ligne du fichier ne dit plus ; celle-ci dit {said}. Est-ce la même participation, corrigée ?"
            ),
            format!(
                "the ledger has {known} of this person on {date} already, for “{name}”, which no line of the file says any more; this one says {said}. Is it the same contribution, mended?"
            ),
        );
        let answer = plan.answer(asked.line, question);
        if answer == Some(Answer::No) {
            continue;
        }
        left_out.insert(place);
        if answer == Some(Answer::Yes) {
            let what = language.pick("cette participation", "this contribution").to_owned();
            let differences = Difference::between(("durée", "duration"), known, said).into_iter().collect();
            plan.tell_otherwise(Otherwise { line: asked.line, what, differences, mends: Vec::new() });
        }
    }
    leave_out(requests, &left_out);
}

fn leave_out(requests: &mut Vec<Asked>, left_out: &BTreeSet<usize>) {
    let mut places = 0..;
    requests.retain(|_| places.next().is_none_or(|place| !left_out.contains(&place)));
}

/// Whose hours a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The same person's.
    Theirs,
    /// Somebody's who was erased before that person came.
    Erased,
}

/// Hours of those who were erased, each with the act that erased whose they were.
struct OfErased(HashMap<(Minutes, Given), Vec<(ActNumber, ContributionView)>>);

impl OfErased {
    async fn read(network: &OpenNetwork, persons: &[PersonNumber]) -> Result<Self, StoreError> {
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        for (erased_in, view) in network.store.contributions_of_erased(network.network_id, persons).await? {
            let SameHours { person: _, minutes, given } = SameHours::known(&view);
            known.entry((minutes, given)).or_default().push((erased_in, view));
        }
        Ok(Self(known))
    }

    /// Some that look like these and may be the same person's, which then stand for no other line.
    fn take(&mut self, hours: SameHours) -> Option<ContributionView> {
        let alike = self.0.get_mut(&(hours.minutes, hours.given))?;
        // Who was there before somebody was erased is somebody else.
        let at = alike.iter().position(|(erased_in, _)| erased_in.0 < hours.person.0)?;
        Some(alike.remove(at).1)
    }
}

/// What hours are about, as far as others may look like them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SameHours {
    person: PersonNumber,
    minutes: Minutes,
    given: Given,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Given {
    In(ExchangeNumber),
    To(AssociationNumber, NaiveDate),
}

impl SameHours {
    fn known(view: &ContributionView) -> Self {
        let given = view.exchange.map_or(Given::To(view.association, view.service_date), Given::In);
        Self { person: view.person, minutes: view.minutes, given }
    }
}

/// The hours that a line tells, if it tells any.
pub(super) fn hours_of(command: &Command) -> Option<SameHours> {
    let (contribution, given) = match command {
        Command::TellContributions { exchange, contributions } => (contributions.first()?, Given::In(*exchange)),
        Command::GiveOwnHours { association, service_date, contribution, .. } => {
            (contribution, Given::To(*association, *service_date))
        }
        _ => return None,
    };
    Some(SameHours { person: contribution.person, minutes: contribution.minutes, given })
}

/// Both, side by side.
fn question_about_hours(plan: &Plan<'_>, asked: &Asked, view: &ContributionView, whose: Whose) -> String {
    let (language, network) = (plan.language(), plan.network);
    let told = |nature: Nature, skill: Option<String>| {
        let parts = [Some(nature.in_words(language).to_owned()), skill];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let known = told(view.nature, view.skill.map(|number| network.skill_name(number)));
    let said = match &asked.request.command {
        Command::TellContributions { contributions, .. } => contributions.first().map(|one| told(one.nature, None)),
        Command::GiveOwnHours { skill, contribution, .. } => {
            Some(told(contribution.nature, skill.as_ref().map(|skill| network.named_skill(skill))))
        }
        _ => None,
    };
    let (said, minutes) = (said.unwrap_or_default(), view.minutes.display(language));
    let (date, name) = (show_date(view.service_date, language), network.name_of(view.association));
    let whose = match whose {
        Whose::Theirs => language.pick("de cette personne", "of this person"),
        Whose::Erased => language.pick("d'une personne effacée depuis", "of somebody who was erased since"),
    };
    language.pick(
        format!(
            "le registre a déjà {minutes} {whose}, le {date}, pour « {name} » ({known}) ; la ligne dit : {said}. Est-ce la même participation ?"
        ),
        format!(
            "the ledger has {minutes} {whose} on {date} already, for “{name}” ({known}); the line says: {said}. Is it the same contribution?"
        ),
    )
}

/// The exchange that a line looks like, which then stands for no other line.
async fn alike(
    network: &OpenNetwork,
    known: &mut BTreeMap<SameHelp, Vec<ExchangeNumber>>,
    asked: &Asked,
) -> Result<Option<ExchangeView>, StoreError> {
    let Some(new) = exchange_of(&asked.request.command) else { return Ok(None) };
    let NewExchange { service_date, giver, receiver, minutes, .. } = *new;
    let Some(candidates) = known.get_mut(&SameHelp { service_date, giver, receiver, minutes }) else { return Ok(None) };
    for at in 0..candidates.len() {
        let Some(view) = network.store.exchange(network.network_id, candidates[at]).await? else { continue };
        // Two references of people's own that differ are two exchanges.
        let differ = own_reference(&view).zip(new.reference.as_deref());
        if differ.is_none_or(|(one, other)| reference_key(one) == reference_key(other)) {
            candidates.remove(at);
            return Ok(Some(view));
        }
    }
    Ok(None)
}

/// Both durations, side by side.
fn question_about_duration(plan: &Plan<'_>, new: &NewExchange, view: &ExchangeView) -> String {
    let (language, network, terms) = (plan.language(), plan.network, &view.exchange.terms);
    let [known, said] = [terms.minutes, new.minutes].map(|minutes| minutes.display(language).to_string());
    let (giver, receiver) = (network.name_of(terms.giver), network.name_of(terms.receiver));
    let (date, state) = (show_date(terms.service_date, language), view.exchange.state.in_words(language));
    let reference = view.reference.as_deref().unwrap_or_default();
    language.pick(
        format!(
            "le registre a déjà {known} du {date}, de « {giver} » à « {receiver} » ({state} : {reference}), qu'aucune ligne du fichier ne dit plus ; celle-ci dit {said}. Est-ce le même échange, corrigé ?"
        ),
        format!(
            "the ledger has {known} of {date} already, from “{giver}” to “{receiver}” ({state}: {reference}), which no line of the file says any more; this one says {said}. Is it the same exchange, mended?"
        ),
    )
}

/// Both, side by side.
fn question(plan: &Plan<'_>, asked: &Asked, view: &ExchangeView) -> String {
    let language = plan.language();
    let network = plan.network;
    let told = |reference: Option<&str>, skill: Option<String>, memo: Option<&str>| {
        let parts = [
            reference.map(str::to_owned),
            skill,
            memo.map(|memo| language.pick(format!("« {memo} »"), format!("“{memo}”"))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { language.pick("rien de plus", "nothing more").to_owned() } else { parts.join(", ") }
    };
    let known_skill = view.exchange.terms.skill.map(|number| network.skill_name(number));
    let known = told(view.reference.as_deref(), known_skill, view.memo.as_deref());
    let line = exchange_of(&asked.request.command).map_or_else(String::new, |new| {
        let skill = new.skill.as_ref().map(|skill| network.named_skill(skill));
        told(new.reference.as_deref(), skill, new.memo.as_deref())
    });
    let terms = &view.exchange.terms;
    let (giver, receiver) = (network.name_of(terms.giver), network.name_of(terms.receiver));
    let minutes = terms.minutes.display(language);
    let (date, state) = (show_date(terms.service_date, language), view.exchange.state.in_words(language));
    language.pick(
        format!(
            "le registre a déjà {minutes} du {date}, de « {giver} » à « {receiver} » ({state} : {known}) ; la ligne dit : {line}. Est-ce le même échange ?"
        ),
        format!(
            "the ledger has {minutes} of {date} already, from “{giver}” to “{receiver}” ({state}: {known}); the line says: {line}. Is it the same exchange?"
        ),
    )
}
