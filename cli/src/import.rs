//! `import`: brings in a file, after saying what it would do.
//!
//! A file is read, each line becomes requests, and the requests enter as one group: all of them, or, with
//! `--rejects`, all the good ones. Every request has a key made of what the line says, so that the same lines twice
//! add nothing, and a known reference with other content is a conflict that is named.

mod balances;
mod conflict;
mod contributions;
mod exchanges;
mod members;
mod plan;
mod skills;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};
use conflict::Conflict;
use ledger::{
    Digest, Language, NetworkId,
    account::Account,
    clock::SystemClock,
    command::{Command, Key, Request},
    occasion::Occasion,
    skill::SkillRef,
    year::Year,
};
use plan::{Plan, digest_of};
use serde_json::json;
use store::{Group, Receipt, WriteError, Writer};

use crate::{
    arguments,
    failure::Failure,
    file,
    input::{
        column::{self, Column},
        table::{Row, Table},
    },
    report::{Progress, count, print_json},
    session::{Session, text, wants_json},
    verb::{self, Verb},
};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Skills,
    Associations,
    Persons,
    Balances,
    Exchanges,
    Contributions,
}

/// How a file is brought in.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one flag of the command line each")]
pub(crate) struct Options {
    /// Say what would happen, write nothing.
    pub(crate) dry_run: bool,
    /// Where bad lines go, so that good ones may enter.
    pub(crate) rejects: Option<PathBuf>,
    /// Add skills even when they are close to a known one.
    pub(crate) add_skills: bool,
    /// Leave exchanges to be confirmed.
    pub(crate) as_proposals: bool,
    /// Let help of a closed year count today.
    pub(crate) late: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Lines that entered, or would enter.
    pub(crate) entered: usize,
    /// Lines that were there already.
    pub(crate) known: usize,
    /// Lines that cannot enter, with why.
    pub(crate) problems: Vec<(u64, String)>,
    /// What somebody should look at.
    pub(crate) questions: Vec<String>,
    /// What is worth knowing.
    pub(crate) notes: Vec<String>,
    /// Whether a question has to be answered before anything enters.
    pub(crate) is_blocked: bool,
}

impl Summary {
    /// Whether every line is understood and no question is in the way.
    fn is_clean(&self) -> bool {
        self.problems.is_empty() && !self.is_blocked
    }
}

impl Kind {
    fn columns(self) -> &'static [Column] {
        match self {
            Self::Skills => column::SKILLS,
            Self::Associations => column::ASSOCIATIONS,
            Self::Persons => column::PERSONS,
            Self::Balances => column::BALANCES,
            Self::Exchanges => column::EXCHANGES,
            Self::Contributions => column::CONTRIBUTIONS,
        }
    }

    fn counted(self, number: usize, language: Language) -> String {
        match self {
            Self::Skills => count(number, language, ("ligne", "lignes"), ("line", "lines")),
            Self::Associations => {
                count(number, language, ("association", "associations"), ("association", "associations"))
            }
            Self::Persons => count(number, language, ("adhésion", "adhésions"), ("membership", "memberships")),
            Self::Balances => count(number, language, ("solde", "soldes"), ("balance", "balances")),
            Self::Exchanges => count(number, language, ("échange", "échanges"), ("exchange", "exchanges")),
            Self::Contributions => {
                count(number, language, ("participation", "participations"), ("contribution", "contributions"))
            }
        }
    }
}

const VERBS: [Verb; 6] = [
    Verb { arguments: associations, run: |args, language| Box::pin(run_for(Kind::Associations, args, language)) },
    Verb { arguments: skills, run: |args, language| Box::pin(run_for(Kind::Skills, args, language)) },
    Verb { arguments: persons, run: |args, language| Box::pin(run_for(Kind::Persons, args, language)) },
    Verb { arguments: balances, run: |args, language| Box::pin(run_for(Kind::Balances, args, language)) },
    Verb { arguments: exchanges, run: |args, language| Box::pin(run_for(Kind::Exchanges, args, language)) },
    Verb { arguments: contributions, run: |args, language| Box::pin(run_for(Kind::Contributions, args, language)) },
];

pub(crate) fn arguments(language: Language) -> clap::Command {
    verb::group(
        "import",
        "importer",
        language.pick("Fait entrer un fichier CSV", "Brings in a CSV file"),
        &VERBS,
        language,
    )
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

async fn run_for(kind: Kind, verb: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let flag = |name: &str| verb.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or_default();
    let options = Options {
        dry_run: flag("dry-run"),
        rejects: verb.get_one::<String>("rejects").map(PathBuf::from),
        add_skills: flag("add-skills"),
        as_proposals: flag("as-proposals"),
        late: flag("late"),
    };
    if let Some(rejects) = &options.rejects {
        file::is_free(rejects)?;
    }
    let path = PathBuf::from(text(verb, "file"));
    let mut session = Session::open(verb, language).await?;
    let summary = bring_in(&mut session, kind, &path, &options).await?;
    if wants_json(verb) {
        print_json(&as_json(&summary, &options))?;
    } else {
        print(kind, &summary, &options, language);
    }
    if summary.is_clean() {
        return Ok(summary.questions.is_empty() || !options.dry_run);
    }
    if options.rejects.is_some() {
        return Ok(false);
    }
    Err(refused(&summary, &path, &options, language))
}

fn associations(language: Language) -> clap::Command {
    let about = language.pick("Les adhérents du réseau", "The network's members");
    let columns = language.pick(
        "Colonnes : name, rna, siren, siret, court_register, commune, insee, kind, former_names, contact_name, email, phone, paper_only, member_since",
        "Columns: name, rna, siren, siret, court_register, commune, insee, kind, former_names, contact_name, email, phone, paper_only, member_since",
    );
    file_verb("associations", "adherents", about, columns, language)
}

fn skills(language: Language) -> clap::Command {
    let about = language
        .pick("Les compétences, et ce qu'elles sont dans ESCO ou ROME", "Skills, and what they are in ESCO or ROME");
    let columns = language.pick(
        "Colonnes : skill, framework (ESCO, ROME), code, label, url, version",
        "Columns: skill, framework (ESCO, ROME), code, label, url, version",
    );
    file_verb("skills", "competences", about, columns, language).arg(add_skills(language))
}

fn persons(language: Language) -> clap::Command {
    let about = language.pick("Les personnes, une ligne par adhésion", "Persons, a line per membership");
    let columns = language.pick(
        "Colonnes : code, first_name, last_name, email, association",
        "Columns: code, first_name, last_name, email, association",
    );
    file_verb("persons", "personnes", about, columns, language)
}

fn balances(language: Language) -> clap::Command {
    let about = language.pick("Les soldes d'avant le registre", "Balances from before the ledger");
    let columns = language.pick("Colonnes : association, balance, date", "Columns: association, balance, date");
    file_verb("balances", "soldes-repris", about, columns, language)
}

fn exchanges(language: Language) -> clap::Command {
    let about = language.pick("Les échanges, confirmés", "Exchanges, confirmed");
    let columns = language.pick(
        "Colonnes : reference, date, giver, receiver, duration, people, skill, memo, evidence, slip",
        "Columns: reference, date, giver, receiver, duration, people, skill, memo, evidence, slip",
    );
    let as_proposals = language.pick(
        "Les laisse à confirmer par l'association qui a été aidée",
        "Leaves them to be confirmed by the association that was helped",
    );
    file_verb("exchanges", "echanges", about, columns, language).arg(add_skills(language)).arg(late(language)).arg(
        Arg::new("as-proposals")
            .long("as-proposals")
            .visible_alias("a-confirmer")
            .action(ArgAction::SetTrue)
            .help(as_proposals),
    )
}

fn contributions(language: Language) -> clap::Command {
    let about = language.pick("Qui a donné de son temps", "Who gave their time");
    let columns = language.pick(
        "Colonnes : exchange, date, association, person, duration, nature, skill",
        "Columns: exchange, date, association, person, duration, nature, skill",
    );
    file_verb("contributions", "participations", about, columns, language).arg(add_skills(language)).arg(late(language))
}

/// What every file comes with; its help names its columns.
fn file_verb(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    columns: &'static str,
    language: Language,
) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    clap::Command::new(name)
        .visible_alias(alias)
        .about(about)
        .after_help(format!("{columns}\n{} coudemain import {name} {name}.csv --dry-run", t("Exemple :", "Example:")))
        .args(arguments::ledger(language))
        .arg(arguments::format(language))
        .arg(arguments::required("file", t("FICHIER", "FILE"), t("Le fichier CSV", "The CSV file")))
        .arg(
            Arg::new("dry-run")
                .long("dry-run")
                .visible_alias("essai")
                .action(ArgAction::SetTrue)
                .help(t("Montre ce qui se passerait, sans rien écrire", "Shows what would happen, and writes nothing")),
        )
        .arg(Arg::new("rejects").long("rejects").visible_alias("rejets").value_name(t("FICHIER", "FILE")).help(t(
            "Les bonnes lignes entrent ; les mauvaises reviennent dans ce fichier, à corriger ; il ne doit pas exister",
            "Good lines enter; bad ones come back in this file, to mend; it must not exist",
        )))
}

fn add_skills(language: Language) -> Arg {
    Arg::new("add-skills").long("add-skills").visible_alias("ajouter-competences").action(ArgAction::SetTrue).help(
        language.pick(
            "Ajoute aussi les compétences proches d'une compétence connue",
            "Adds skills that are close to a known one, too",
        ),
    )
}

fn late(language: Language) -> Arg {
    Arg::new("late").long("late").visible_alias("en-retard").action(ArgAction::SetTrue).help(language.pick(
        "Laisse entrer ce qui date d'un exercice clos : ces heures comptent aujourd'hui",
        "Lets in what dates from a closed year: these hours count today",
    ))
}

/// Brings a file in, as far as the options let it.
pub(crate) async fn bring_in(
    session: &mut Session,
    kind: Kind,
    path: &Path,
    options: &Options,
) -> Result<Summary, Failure> {
    let (bytes, table) = Table::read(path).map_err(|error| file::about(path, |language| error.in_words(language)))?;
    let columns = column::match_header(&table.header, kind.columns())
        .map_err(|error| file::about(path, |language| error.in_words(language)))?;
    let mut plan = Plan::new(&table, &columns, session, options);
    match kind {
        Kind::Skills => skills::read(&mut plan).await?,
        Kind::Associations => members::associations(&mut plan),
        Kind::Persons => members::persons(&mut plan),
        Kind::Balances => balances::read(&mut plan),
        Kind::Exchanges => exchanges::read(&mut plan),
        Kind::Contributions => contributions::read(&mut plan).await?,
    }
    let file = Source { name: file_name(path), digest: digest_of(&bytes) };
    let told_late = std::mem::take(&mut plan.told_late);
    let mut outcome = sift(plan, &told_late).await?;
    let first_notes = outcome.summary.notes.len();
    let is_blocked = outcome.summary.is_blocked || (!outcome.summary.problems.is_empty() && options.rejects.is_none());
    if options.dry_run || is_blocked {
        rehearse(session, &mut outcome).await?;
        if !options.dry_run {
            outcome.summary.entered = 0;
        }
    } else if !outcome.requests.is_empty() {
        enter(session, &mut outcome, &file, options).await?;
        session.refresh().await?;
    }
    if options.dry_run || outcome.summary.entered > 0 {
        let notes = what_comes_with(session, &outcome, &told_late).await?;
        outcome.summary.notes.splice(first_notes..first_notes, notes);
    }
    if let (Some(rejects), false) = (&options.rejects, options.dry_run) {
        give_back(&table, &outcome.summary, rejects, session.language)?;
    }
    Ok(outcome.summary)
}

/// The file that is brought in.
struct Source {
    name: String,
    digest: Digest,
}

/// What is left of a plan when the lines that are known are taken out.
struct Outcome {
    summary: Summary,
    /// Requests that no line stands for, such as skills to add.
    preparations: Vec<Request>,
    /// New requests, with the line each comes from.
    requests: Vec<(u64, Request)>,
}

/// Takes out what the ledger knows already, and names what it knows otherwise.
async fn sift(plan: Plan<'_>, told_late: &HashMap<u64, Year>) -> Result<Outcome, Failure> {
    let session = plan.session;
    let keys: Vec<Key> = plan.requests.iter().map(|(_, request)| request.key.clone()).collect();
    let known = session.store.acts_of_keys(session.network_id, &keys).await?;
    let mut summary = Summary {
        problems: plan.problems,
        questions: plan.questions,
        notes: plan.notes,
        is_blocked: plan.is_blocked,
        ..Summary::default()
    };
    let closed = session.store.head(session.network_id).await?.0.closed_through.filter(|_| !plan.options.late);
    let mut conflicts = Vec::new();
    let mut requests = Vec::new();
    let (mut new_lines, mut lines) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for (line, request) in plan.requests {
        lines.insert(line);
        match known.get(&request.key) {
            None => {
                new_lines.insert(line);
                let late = told_late.get(&line).copied().or_else(|| year_of_help(&request.command));
                let late = late.filter(|year| closed.is_some_and(|closed| *year <= closed));
                if let Some(objection) = plan.objections.get(&line) {
                    summary.problems.push((line, objection.clone()));
                } else if let Some(year) = late {
                    summary.problems.push((line, year_is_closed(year, session.language)));
                } else {
                    requests.push((line, request));
                }
            }
            Some((digest, _)) if *digest == request.digest => {}
            Some((_, recorded_by)) => conflicts.push(Conflict { line, request, recorded_by: *recorded_by }),
        }
    }
    summary.problems.extend(conflict::name_all(session, &conflicts).await?);
    let bad: std::collections::BTreeSet<u64> = summary.problems.iter().map(|(line, _)| *line).collect();
    requests.retain(|(line, _)| !bad.contains(line));
    summary.entered = new_lines.difference(&bad).count();
    summary.known =
        plan.known_lines + lines.iter().filter(|line| !new_lines.contains(line) && !bad.contains(line)).count();
    summary.problems.sort();
    let mut outcome = Outcome { summary, preparations: plan.preparations, requests };
    outcome.keep_what_is_used();
    Ok(outcome)
}

/// What enters besides the lines themselves, or otherwise than they say.
async fn what_comes_with(
    session: &Session,
    outcome: &Outcome,
    told_late: &HashMap<u64, Year>,
) -> Result<Vec<String>, Failure> {
    let mut notes = Vec::new();
    if !outcome.preparations.is_empty() {
        let skills = count(
            outcome.preparations.len(),
            session.language,
            ("compétence ajoutée", "compétences ajoutées"),
            ("skill added", "skills added"),
        );
        let names: Vec<_> = outcome.preparations.iter().filter_map(added_skill).collect();
        notes.push(format!("{skills}{} {}", session.language.pick(" :", ":"), names.join(", ")));
    }
    notes.extend(booked_later(session, &outcome.requests, told_late).await?);
    Ok(notes)
}

impl Outcome {
    /// A skill that only bad lines name is not added.
    fn keep_what_is_used(&mut self) {
        let used: std::collections::BTreeSet<&str> =
            self.requests.iter().filter_map(|(_, request)| named_skill(&request.command)).collect();
        self.preparations.retain(|request| added_skill(request).is_none_or(|name| used.contains(name)));
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

fn year_is_closed(year: Year, language: Language) -> String {
    language.pick(
        format!(
            "l'exercice {year} est clos ; une date d'un exercice ouvert conviendrait, ou --late pour que ces heures comptent aujourd'hui"
        ),
        format!("the year {year} is closed; a date of an open year would fit, or --late to have these hours count today"),
    )
}

/// Help of a closed year counts in the present one; whoever brings it in should know.
async fn booked_later(
    session: &Session,
    requests: &[(u64, Request)],
    told_late: &HashMap<u64, Year>,
) -> Result<Option<String>, Failure> {
    let Some(closed) = session.store.head(session.network_id).await?.0.closed_through else { return Ok(None) };
    let is_late = |line: &u64, request: &Request| {
        told_late.contains_key(line) || year_of_help(&request.command).is_some_and(|year| year <= closed)
    };
    let late = requests.iter().filter(|(line, request)| is_late(line, request)).count();
    let lines = count(late, session.language, ("ligne", "lignes"), ("line", "lines"));
    Ok((late > 0).then(|| {
        session.language.pick(
            format!("{lines} d'un exercice clos : ces heures comptent à la date d'aujourd'hui"),
            format!("{lines} of a closed year: these hours count today"),
        )
    }))
}

/// Lets the ledger's rules look at every line, so that all bad ones are named at once.
async fn rehearse(session: &Session, outcome: &mut Outcome) -> Result<(), Failure> {
    let requests: Vec<_> =
        outcome.preparations.iter().chain(outcome.requests.iter().map(|(_, request)| request)).cloned().collect();
    let rehearsal = session.store.rehearse(session.network_id, &requests, &SystemClock).await?;
    let language = session.language;
    let mut bad = std::collections::BTreeSet::new();
    for (index, rejection) in rehearsal.rejections {
        let line = index.checked_sub(outcome.preparations.len()).and_then(|index| outcome.requests.get(index));
        let line = line.map_or(0, |(line, _)| *line);
        if bad.insert(line) {
            let words = rejection.in_words(language, &|number| session.name_of(number));
            outcome.summary.problems.push((line, words));
        }
    }
    outcome.summary.problems.sort();
    outcome.requests.retain(|(line, _)| !bad.contains(line));
    outcome.keep_what_is_used();
    let left: std::collections::BTreeSet<u64> = outcome.requests.iter().map(|(line, _)| *line).collect();
    outcome.summary.entered = left.len();
    note_limits(session, &mut outcome.summary, &rehearsal.past_hard, &rehearsal.past_soft);
    Ok(())
}

/// Submits the group; when the rules refuse a line, all bad lines are found and named.
async fn enter(session: &Session, outcome: &mut Outcome, file: &Source, options: &Options) -> Result<(), Failure> {
    let language = session.language;
    let progress = Progress::new(language.pick("Écriture :", "Writing:"));
    let writer = session.writer();
    let first = submit(&writer, session.network_id, group(outcome, file, session), &progress).await;
    let result = match first {
        Err(WriteError::GroupRejected { .. }) => {
            rehearse(session, outcome).await?;
            if options.rejects.is_some() && !outcome.requests.is_empty() {
                submit(&writer, session.network_id, group(outcome, file, session), &progress).await
            } else {
                outcome.summary.entered = 0;
                Ok(Vec::new())
            }
        }
        result => result,
    };
    writer.stop().await;
    progress.end();
    let receipts = result?;
    let limits: Vec<Account> = receipts.first().map(|receipt| receipt.limits_met.clone()).unwrap_or_default();
    note_limits(session, &mut outcome.summary, &[], &limits);
    Ok(())
}

/// Submits a group, and says meanwhile how much of it the database has.
async fn submit(
    writer: &Writer,
    network: NetworkId,
    group: Group,
    progress: &Progress,
) -> Result<Vec<Receipt>, WriteError> {
    const SAID_EVERY: Duration = Duration::from_millis(100);
    let all = group.requests.len();
    progress.at(0, all);
    let mut answered = std::pin::pin!(writer.submit_group(network, group));
    loop {
        match tokio::time::timeout(SAID_EVERY, &mut answered).await {
            Ok(answer) => return answer,
            Err(_) => progress.at(writer.gauges().acts_sent().min(all), all),
        }
    }
}

fn group(outcome: &Outcome, file: &Source, session: &Session) -> Group {
    let lines = outcome.requests.len() as u64;
    let name = file.name.clone();
    // The same file may come again for what its first time left out: what is new in it tells the two apart.
    let first = outcome.requests.first().map_or("", |(_, request)| request.key.key.as_str());
    let command = Command::ReceiveFile { name, digest: file.digest, lines };
    let occasion = Occasion::File { digest: file.digest, lines, first };
    let received = occasion.request_about(file.digest, session.by, command);
    let requests = std::iter::once(received)
        .chain(outcome.preparations.iter().cloned())
        .chain(outcome.requests.iter().map(|(_, request)| request.clone()));
    Group { requests: requests.collect(), override_reason: Some(file.name.clone()) }
}

fn note_limits(session: &Session, summary: &mut Summary, past_hard: &[Account], past_soft: &[Account]) {
    const SHOWN: usize = 10;
    let names = |accounts: &[Account]| {
        let shown = accounts.iter().take(SHOWN).map(|account| session.account_name(*account));
        let names = shown.collect::<Vec<_>>().join(", ");
        match accounts.len().saturating_sub(SHOWN) {
            0 => names,
            more => session.language.pick(format!("{names} et {more} autres"), format!("{names} and {more} more")),
        }
    };
    if !past_hard.is_empty() {
        summary.notes.push(session.language.pick(
            format!("limite dure dépassée, ce qui sera noté comme décision de la coordination : {}", names(past_hard)),
            format!("hard limit passed, which is noted as the coordinator's decision: {}", names(past_hard)),
        ));
    }
    if !past_soft.is_empty() {
        let note = session.language.pick(
            format!("limite souple dépassée : {}", names(past_soft)),
            format!("soft limit passed: {}", names(past_soft)),
        );
        // A rehearsal may have said so already.
        if !summary.notes.contains(&note) {
            summary.notes.push(note);
        }
    }
}

/// Writes the bad lines back, with what is wrong in a last column.
fn give_back(table: &Table, summary: &Summary, path: &Path, language: Language) -> Result<(), Failure> {
    if summary.problems.is_empty() {
        return Ok(());
    }
    let why = |row: &Row| {
        let problems = summary.problems.iter().filter(|(line, _)| *line == row.line);
        problems.map(|(_, problem)| problem.as_str()).collect::<Vec<_>>().join(" ; ")
    };
    let is_bad = |row: &&Row| summary.problems.binary_search_by(|(line, _)| line.cmp(&row.line)).is_ok();
    let mut bad: Vec<&Row> = table.rows.iter().chain(&table.ragged).filter(is_bad).collect();
    bad.sort_by_key(|row| row.line);
    let name = language.pick("problème", "problem");
    let mut file = io::BufWriter::new(
        std::fs::File::create_new(path)
            .map_err(|error| file::about(path, |language| file::in_words(&error, language)))?,
    );
    table.write_rows(bad.into_iter(), Some((name, &why)), &mut file)?;
    io::Write::flush(&mut file)?;
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn print(kind: Kind, summary: &Summary, options: &Options, language: Language) {
    for note in &summary.notes {
        say_line!("{} {note}", language.pick("Note :", "Note:"));
    }
    for question in &summary.questions {
        say_line!("{} {question}", language.pick("Question :", "Question:"));
    }
    let is_done = !options.dry_run && (summary.is_clean() || options.rejects.is_some());
    if options.dry_run {
        say_line!("{}", understood(kind, summary, language));
        say_line!("{}", language.pick("Essai : rien n'a été écrit.", "Dry run: nothing was written."));
    } else if is_done {
        let entered = kind.counted(summary.entered, language);
        let known = match summary.known {
            0 => String::new(),
            known => language.pick(format!(", {known} déjà là"), format!(", {known} there already")),
        };
        let sentence = if options.as_proposals {
            language.pick(
                format!("Proposé : {entered}{known}, à confirmer par l'association qui a été aidée."),
                format!("Proposed: {entered}{known}, to be confirmed by the association that was helped."),
            )
        } else {
            language.pick(format!("Entré : {entered}{known}."), format!("Entered: {entered}{known}."))
        };
        say_line!("{sentence}");
    }
    if let (Some(rejects), true) = (&options.rejects, is_done && !summary.problems.is_empty()) {
        let bad = count(
            bad_lines(summary),
            language,
            ("ligne à corriger", "lignes à corriger"),
            ("line to mend", "lines to mend"),
        );
        say_line!(
            "{}",
            language
                .pick(format!("{bad}, dans « {} ».", rejects.display()), format!("{bad}, in “{}”.", rejects.display()))
        );
    }
}

/// "38 associations comprises, 2 questions".
fn understood(kind: Kind, summary: &Summary, language: Language) -> String {
    let number = summary.entered + summary.known;
    let is_feminine = kind != Kind::Exchanges && kind != Kind::Balances;
    let adjective = match (is_feminine, number > 1) {
        (true, true) => "comprises",
        (true, false) => "comprise",
        (false, _) => "compris",
    };
    let counted = kind.counted(number, language);
    let known = match summary.known {
        0 => String::new(),
        known => language.pick(format!(" (dont {known} déjà là)"), format!(" ({known} there already)")),
    };
    let questions = count(summary.questions.len(), language, ("question", "questions"), ("question", "questions"));
    let bad = match bad_lines(summary) {
        0 => String::new(),
        bad => format!(
            ", {}",
            count(bad, language, ("ligne à corriger", "lignes à corriger"), ("line to mend", "lines to mend"))
        ),
    };
    language.pick(
        format!("{counted} {adjective}{known}, {questions}{bad}."),
        format!("{counted} understood{known}, {questions}{bad}."),
    )
}

fn bad_lines(summary: &Summary) -> usize {
    summary.problems.iter().map(|(line, _)| line).collect::<std::collections::BTreeSet<_>>().len()
}

/// Every bad line, and what to do about them.
fn refused(summary: &Summary, path: &Path, options: &Options, language: Language) -> Failure {
    const SHOWN: usize = 50;
    let name = path.display();
    let mut text = String::new();
    for (line, problem) in summary.problems.iter().take(SHOWN) {
        let place = match line {
            0 => name.to_string(),
            line => language.pick(format!("{name}, ligne {line}"), format!("{name}, line {line}")),
        };
        text.push_str(&language.pick(format!("{place} : {problem}\n"), format!("{place}: {problem}\n")));
    }
    if summary.problems.len() > SHOWN {
        let more = summary.problems.len() - SHOWN;
        text.push_str(&language.pick(format!("… et {more} autres\n"), format!("… and {more} more\n")));
    }
    if !options.dry_run {
        text.push_str(language.pick("Rien n'a été écrit. ", "Nothing was written. "));
    }
    let remedy = if summary.problems.is_empty() {
        language.pick(
            "Répondez aux questions ci-dessus : corrigez le fichier, ou --add-skills.",
            "Answer the questions above: mend the file, or --add-skills.",
        )
    } else {
        language.pick(
            "Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.",
            "Mend these lines, or --rejects FILE to let the others enter.",
        )
    };
    text.push_str(remedy);
    Failure::said(text.clone(), text)
}

fn as_json(summary: &Summary, options: &Options) -> serde_json::Value {
    let problems: Vec<_> =
        summary.problems.iter().map(|(line, problem)| json!({ "line": line, "problem": problem })).collect();
    json!({
        "dry_run": options.dry_run,
        "entered": summary.entered,
        "known": summary.known,
        "problems": problems,
        "questions": summary.questions,
        "notes": summary.notes,
    })
}
