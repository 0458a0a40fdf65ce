//! Takes out of a plan what the ledger knows already, and names what it knows otherwise.

use std::collections::{BTreeSet, HashMap};

use ledger::{
    command::{Command, Key, Request},
    keyed::Recognised,
    skill::SkillRef,
    year::Year,
};
use store::StoreError;

use super::{
    conflict::{self, Conflict},
    mended,
    plan::{Asked, Plan},
    summary::{BadLine, Summary},
};
use crate::{network::OpenNetwork, remedy::Remedy};

/// What is left of a plan when the lines that are known are taken out.
pub(super) struct Sifted {
    pub(super) summary: Summary,
    /// Requests that no line stands for, such as skills to add.
    pub(super) preparations: Vec<Request>,
    /// What new lines ask for.
    pub(super) requests: Vec<Asked>,
    /// Lines about an exchange of a closed year.
    pub(super) told_late: HashMap<u64, Year>,
    /// Lines after which the ledger is corrected.
    updated: BTreeSet<u64>,
}

/// Takes out what the ledger knows already, and names what it knows otherwise.
pub(super) async fn sift(mut plan: Plan<'_>) -> Result<Sifted, StoreError> {
    let network = plan.network;
    let keys: Vec<Key> = plan.requests.iter().map(|asked| asked.request.key.clone()).collect();
    let known = network.store.acts_of_keys(network.network_id, &keys).await?;
    let requests_of = network.secrets.requests;
    let closed = network.store.head(network.network_id).await?.0.closed_through.filter(|_| !plan.options.late);
    let mut conflicts = Vec::new();
    let mut told = BTreeSet::new();
    let mut requests = Vec::new();
    let (mut new_lines, mut lines) = (BTreeSet::new(), BTreeSet::new());
    for asked in std::mem::take(&mut plan.requests) {
        let line = asked.line;
        lines.insert(line);
        match known.get(&asked.request.key) {
            None => {
                new_lines.insert(line);
                let late = plan.told_late.get(&line).copied().or_else(|| year_of_help(&asked.request.command));
                let late = late.filter(|year| closed.is_some_and(|closed| *year <= closed));
                if let Some(objection) = plan.objections.get(&line) {
                    plan.summary.bad_lines.push(BadLine { line, why: objection.clone() });
                } else if let Some(year) = late {
                    plan.summary.bad_lines.push(BadLine { line, why: year_is_closed(year, network) });
                } else {
                    requests.push(asked);
                }
            }
            Some(used) => {
                told.insert(used.act);
                let is = |digest| requests_of.recognise(used.request, used.act, digest);
                match is(asked.request.digest) {
                    // What was there before an erasure is known by its key alone.
                    Recognised::Same | Recognised::Forgotten => {}
                    Recognised::Another => {
                        let was_proposed = asked.proposed.is_some_and(|digest| is(digest) == Recognised::Same);
                        conflicts.push(Conflict { asked, recorded_by: used.act, was_proposed });
                    }
                }
            }
        }
    }
    mended::ask(&mut plan, &mut requests, &told).await?;
    mended::ask_about_hours(&mut plan, &mut requests, &told).await?;
    // What is corrected is no new help: whether it looks like other help is not asked.
    conflict::settle_all(&mut plan, conflicts).await?;
    for asked in std::mem::take(&mut plan.requests) {
        match year_of_help(&asked.request.command).filter(|year| closed.is_some_and(|closed| *year <= closed)) {
            Some(year) => plan.problem(asked.line, year_is_closed(year, network)),
            None => requests.push(asked),
        }
    }
    let mut summary = plan.summary;
    summary.bad_lines.sort();
    let bad = summary.numbers_of_bad_lines();
    requests.retain(|asked| !bad.contains(&asked.line));
    let is_known = |line: &&u64| !bad.contains(line) && !plan.updated.contains(line);
    summary.known = plan.known_lines + lines.difference(&new_lines).filter(is_known).count();
    let mut sifted =
        Sifted { summary, preparations: plan.preparations, requests, told_late: plan.told_late, updated: plan.updated };
    sifted.keep_what_is_used();
    sifted.count();
    Ok(sifted)
}

impl Sifted {
    /// Counts the lines that ask for something.
    pub(super) fn count(&mut self) {
        let lines: BTreeSet<u64> = self.requests.iter().map(|asked| asked.line).collect();
        self.summary.corrected = lines.intersection(&self.updated).count();
        self.summary.entered = lines.len() - self.summary.corrected;
    }

    /// Nothing of it was written.
    pub(super) fn count_nothing(&mut self) {
        self.summary.entered = 0;
        self.summary.corrected = 0;
    }

    /// A skill that only bad lines name is not added.
    pub(super) fn keep_what_is_used(&mut self) {
        let used: BTreeSet<&str> =
            self.requests.iter().filter_map(|asked| named_skill(&asked.request.command)).collect();
        self.preparations.retain(|request| added_skill(request).is_none_or(|name| used.contains(name)));
    }

    /// Whether what a line asks for is about help of a year up to this one.
    pub(super) fn is_about(&self, asked: &Asked, closed: Year) -> bool {
        self.told_late.contains_key(&asked.line)
            || year_of_help(&asked.request.command).is_some_and(|year| year <= closed)
    }

    /// The skills that are to be added.
    pub(super) fn added_skills(&self) -> Vec<&str> {
        self.preparations.iter().filter_map(added_skill).collect()
    }
}

fn added_skill(request: &Request) -> Option<&str> {
    if let Command::AddSkill { name } = &request.command { Some(name) } else { None }
}

/// The skill that a command names because the catalogue does not have it yet.
fn named_skill(command: &Command) -> Option<&str> {
    let skill = match command {
        Command::Propose { exchange, .. } | Command::Record { exchange, .. } => exchange.skill.as_ref(),
        Command::GiveOwnHours { skill, .. } => skill.as_ref(),
        Command::AlignSkill { skill, .. } => Some(skill),
        _ => None,
    };
    if let Some(SkillRef::Name(name)) = skill { Some(name) } else { None }
}

/// The year of the help that a request is about.
fn year_of_help(command: &Command) -> Option<Year> {
    match command {
        Command::Record { exchange, .. } | Command::Propose { exchange, .. } => Some(Year::of(exchange.service_date)),
        Command::GiveOwnHours { service_date, .. } => Some(Year::of(*service_date)),
        _ => None,
    }
}

fn year_is_closed(year: Year, network: &OpenNetwork) -> String {
    let remedy = (network.remedies)(Remedy::LetLateHelpIn, network.language);
    network.language.pick(
        format!("l'exercice {year} est clos ; une date d'un exercice ouvert conviendrait, {remedy}"),
        format!("the year {year} is closed; a date of an open year would fit, {remedy}"),
    )
}
