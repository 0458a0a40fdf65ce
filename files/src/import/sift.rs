//! Takes out of a plan what the ledger knows already, and names what it knows otherwise.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ledger::{
    ActNumber,
    command::{Command, Key, Request},
    keyed::Recognised,
    skill::SkillRef,
    year::Year,
};
use store::{KeyUse, StoreError};

use super::{
    conflict::{self, CameIn, Conflict},
    exchanges, mended,
    plan::{Asked, LOOKED_UP_AT_ONCE, Plan},
    summary::{BadLine, Summary},
};
use crate::{network::OpenNetwork, remedy::Remedy};

/// What is left of a plan when the lines that are known are taken out.
pub(super) struct Sifted {
    pub(super) summary: Summary,
    /// Requests that no line stands for, such as skills to add.
    pub(super) preparations: Vec<Request>,
    /// What new lines ask for.
    pub(super) requests: Vec<Request>,
    /// The line that each of them comes from.
    pub(super) lines: Vec<u64>,
    /// Lines about an exchange of a closed year.
    pub(super) told_late: HashMap<u64, Year>,
    /// Lines after which the ledger is corrected.
    updated: BTreeSet<u64>,
}

/// Takes out what the ledger knows already, and names what it knows otherwise.
pub(super) async fn sift(mut plan: Plan<'_>) -> Result<Sifted, StoreError> {
    let network = plan.network;
    let known = known(network, &plan.requests).await?;
    let closed = network.store.head(network.network_id).await?.0.closed_through.filter(|_| !plan.options.late);
    let mut known_lines: BTreeSet<u64> = known.keys().map(|place| plan.requests[*place].line).collect();
    let told: BTreeSet<ActNumber> = known.values().map(|used| used.act).collect();
    let (mut conflicts, mut said) = (Vec::new(), Vec::new());
    // There may be a million of them: they are taken out where they stand.
    let mut requests = std::mem::take(&mut plan.requests);
    let mut places = 0..;
    let is_known = |_: &mut Asked| places.next().is_some_and(|place| known.contains_key(&place));
    for (asked, used) in requests.extract_if(.., is_known).zip(known.values()) {
        said.extend(mended::hours_of(&asked.request.command));
        let is = |digest| network.secrets.requests.recognise(used.request, used.act, digest);
        match is(asked.request.digest) {
            // What was there before an erasure is known by its key alone.
            Recognised::Same | Recognised::Forgotten => {}
            Recognised::Another => {
                let as_proposal = exchanges::digest_as_proposal(&plan, &asked);
                let was_proposed = as_proposal.is_some_and(|digest| is(digest) == Recognised::Same);
                let came_in = if was_proposed { CameIn::AsProposal } else { CameIn::AsAnother };
                conflicts.push(Conflict { asked, recorded_by: used.act, came_in });
            }
        }
    }
    drop(known);
    requests.retain(|asked| {
        let line = asked.line;
        known_lines.remove(&line);
        let late = plan.told_late.get(&line).copied().or_else(|| year_of_help(&asked.request.command));
        let late = late.filter(|year| closed.is_some_and(|closed| *year <= closed));
        let why = plan.objections.get(&line).cloned().or_else(|| Some(year_is_closed(late?, network)));
        let is_good = why.is_none();
        plan.summary.bad_lines.extend(why.map(|why| BadLine { line, why }));
        is_good
    });
    conflicts.extend(mended::ask(&mut plan, &mut requests, &told).await?);
    mended::ask_about_hours(&mut plan, &mut requests, (&told, &said)).await?;
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
    known_lines.retain(|line| !bad.contains(line) && !plan.updated.contains(line));
    summary.known = plan.known_lines + known_lines.len();
    let mut sifted = Sifted {
        summary,
        preparations: plan.preparations,
        lines: requests.iter().map(|asked| asked.line).collect(),
        requests: requests.into_iter().map(|asked| asked.request).collect(),
        told_late: plan.told_late,
        updated: plan.updated,
    };
    sifted.keep_what_is_used();
    sifted.count();
    Ok(sifted)
}

/// Those of the requests, by their places, whose keys were used before, and by what.
async fn known(network: &OpenNetwork, requests: &[Asked]) -> Result<BTreeMap<usize, KeyUse>, StoreError> {
    let mut known = BTreeMap::new();
    for (piece, requests) in requests.chunks(LOOKED_UP_AT_ONCE).enumerate() {
        let keys: Vec<Key> = requests.iter().map(|asked| asked.request.key.clone()).collect();
        let used = network.store.acts_of_keys(network.network_id, &keys).await?;
        let places = piece * LOOKED_UP_AT_ONCE..;
        known.extend(places.zip(requests).filter_map(|(place, asked)| Some((place, *used.get(&asked.request.key)?))));
    }
    Ok(known)
}

impl Sifted {
    /// Counts the lines that ask for something.
    pub(super) fn count(&mut self) {
        let lines: BTreeSet<u64> = self.lines.iter().copied().collect();
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
        let used: BTreeSet<&str> = self.requests.iter().filter_map(|request| named_skill(&request.command)).collect();
        self.preparations.retain(|request| added_skill(request).is_none_or(|name| used.contains(name)));
    }

    /// Leaves out what these lines ask for.
    pub(super) fn leave_out(&mut self, left_out: &BTreeSet<u64>) {
        let mut lines = self.lines.iter();
        self.requests.retain(|_| lines.next().is_none_or(|line| !left_out.contains(line)));
        self.lines.retain(|line| !left_out.contains(line));
    }

    /// How many requests are about help of a year up to this one.
    pub(super) fn count_about(&self, closed: Year) -> usize {
        let is_late = |(line, request): &(&u64, &Request)| {
            self.told_late.contains_key(line) || year_of_help(&request.command).is_some_and(|year| year <= closed)
        };
        self.lines.iter().zip(&self.requests).filter(is_late).count()
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
