//! `import`: brings in a file, after saying what it would do.
//!
//! A file is read, each line becomes requests, and the requests enter as one group: all of them, or, with
//! `--rejects`, all the good ones. Every request has a key made of what the line says, so that the same lines twice
//! add nothing, and a known reference with other content is a conflict that is named.

mod balances;
mod contributions;
mod exchanges;
mod members;
mod plan;

use std::io;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use ledger::{
    Digest, Language,
    account::Account,
    clock::SystemClock,
    command::{Command, Key, Request},
    store::{Group, WriteError},
};
use plan::{Plan, SCOPE, digest_of};
use serde_json::json;

use crate::{
    failure::Failure,
    input::{
        column::{self, Column},
        table::{Row, Table},
    },
    report::{Progress, count, print_json},
    session::{Session, text, wants_json},
};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Associations,
    Persons,
    Balances,
    Exchanges,
    Contributions,
}

/// How a file is brought in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Say what would happen, write nothing.
    pub(crate) dry_run: bool,
    /// Where bad lines go, so that good ones may enter.
    pub(crate) rejects: Option<PathBuf>,
    /// Add skills even when they are close to a known one.
    pub(crate) add_skills: bool,
    /// Leave exchanges to be confirmed.
    pub(crate) as_proposals: bool,
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
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "associations" => Self::Associations,
            "persons" => Self::Persons,
            "balances" => Self::Balances,
            "exchanges" => Self::Exchanges,
            "contributions" => Self::Contributions,
            _ => return None,
        })
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::Associations => column::ASSOCIATIONS,
            Self::Persons => column::PERSONS,
            Self::Balances => column::BALANCES,
            Self::Exchanges => column::EXCHANGES,
            Self::Contributions => column::CONTRIBUTIONS,
        }
    }

    fn counted(self, number: usize, language: Language) -> String {
        match self {
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

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let Some((name, verb)) = args.subcommand() else { return Ok(true) };
    let Some(kind) = Kind::of(name) else { return Ok(true) };
    let flag = |name: &str| verb.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or_default();
    let options = Options {
        dry_run: flag("dry-run"),
        rejects: verb.get_one::<String>("rejects").map(PathBuf::from),
        add_skills: flag("add-skills"),
        as_proposals: flag("as-proposals"),
    };
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
    Err(refused(&summary, &path, language))
}

/// Brings a file in, as far as the options let it.
pub(crate) async fn bring_in(
    session: &mut Session,
    kind: Kind,
    path: &Path,
    options: &Options,
) -> Result<Summary, Failure> {
    let (bytes, table) = Table::read(path).map_err(|error| about_file(path, |language| error.in_words(language)))?;
    let columns = column::match_header(&table.header, kind.columns())
        .map_err(|error| about_file(path, |language| error.in_words(language)))?;
    let mut plan = Plan::new(&table, &columns, session, options);
    match kind {
        Kind::Associations => members::associations(&mut plan),
        Kind::Persons => members::persons(&mut plan),
        Kind::Balances => balances::read(&mut plan),
        Kind::Exchanges => exchanges::read(&mut plan),
        Kind::Contributions => contributions::read(&mut plan).await?,
    }
    let file = Source { name: file_name(path), digest: digest_of(&bytes) };
    let mut outcome = sift(plan).await?;
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
async fn sift(plan: Plan<'_>) -> Result<Outcome, Failure> {
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
    let mut requests = Vec::new();
    let (mut new_lines, mut lines) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for (line, request) in plan.requests {
        lines.insert(line);
        match known.get(&request.key) {
            None => {
                new_lines.insert(line);
                requests.push((line, request));
            }
            Some((digest, _)) if *digest == request.digest => {}
            Some(_) => {
                let named = request.key.key.split_once(':').map_or("", |(_, named)| named);
                summary.problems.push((line, session.language.pick(
                    format!("« {named} » est déjà enregistré avec un autre contenu ; corrigez le fichier, ou demandez une correction"),
                    format!("“{named}” is recorded already with other content; mend the file, or ask for a correction"),
                )));
            }
        }
    }
    let bad: std::collections::BTreeSet<u64> = summary.problems.iter().map(|(line, _)| *line).collect();
    requests.retain(|(line, _)| !bad.contains(line));
    summary.entered = new_lines.difference(&bad).count();
    summary.known =
        plan.known_lines + lines.iter().filter(|line| !new_lines.contains(line) && !bad.contains(line)).count();
    summary.problems.sort();
    if !plan.added_skills.is_empty() {
        let skills = count(
            plan.added_skills.len(),
            session.language,
            ("compétence ajoutée", "compétences ajoutées"),
            ("skill added", "skills added"),
        );
        summary.notes.push(format!("{skills}{} {}", session.language.pick(" :", ":"), plan.added_skills.join(", ")));
    }
    let preparations = if requests.is_empty() { Vec::new() } else { plan.preparations };
    Ok(Outcome { summary, preparations, requests })
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
    let left: std::collections::BTreeSet<u64> = outcome.requests.iter().map(|(line, _)| *line).collect();
    outcome.summary.entered = left.len();
    note_limits(session, &mut outcome.summary, &rehearsal.past_hard, &rehearsal.past_soft);
    Ok(())
}

/// Submits the group; when the rules refuse a line, all bad lines are found and named.
async fn enter(session: &Session, outcome: &mut Outcome, file: &Source, options: &Options) -> Result<(), Failure> {
    let language = session.language;
    let progress = Progress::new(language.pick("Écriture :", "Writing:"));
    progress.at(0, outcome.requests.len());
    let writer = session.writer();
    let first = writer.submit_group(session.network_id, group(outcome, file, session)).await;
    let result = match first {
        Err(WriteError::GroupRejected { .. }) => {
            rehearse(session, outcome).await?;
            if options.rejects.is_some() && !outcome.requests.is_empty() {
                writer.submit_group(session.network_id, group(outcome, file, session)).await
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

fn group(outcome: &Outcome, file: &Source, session: &Session) -> Group {
    let lines = outcome.requests.len() as u64;
    let name = file.name.clone();
    // The same file may come again for what its first time left out: what is new in it tells the two apart.
    let first = outcome.requests.first().map_or("", |(_, request)| request.key.key.as_str());
    let received = Request {
        key: Key { scope: SCOPE.to_owned(), key: format!("file:{}:{lines}:{first}", file.digest) },
        digest: file.digest,
        by: session.by,
        command: Command::ReceiveFile { name, digest: file.digest, lines },
    };
    let requests = std::iter::once(received)
        .chain(outcome.preparations.iter().cloned())
        .chain(outcome.requests.iter().map(|(_, request)| request.clone()));
    Group { requests: requests.collect(), override_reason: Some(file.name.clone()) }
}

fn note_limits(session: &Session, summary: &mut Summary, past_hard: &[Account], past_soft: &[Account]) {
    let names = |accounts: &[Account]| {
        accounts.iter().map(|account| session.account_name(*account)).collect::<Vec<_>>().join(", ")
    };
    if !past_hard.is_empty() {
        summary.notes.push(session.language.pick(
            format!("limite dure dépassée, ce qui sera noté comme décision de la coordination : {}", names(past_hard)),
            format!("hard limit passed, which is noted as the coordinator's decision: {}", names(past_hard)),
        ));
    }
    if !past_soft.is_empty() {
        summary.notes.push(session.language.pick(
            format!("limite souple dépassée : {}", names(past_soft)),
            format!("soft limit passed: {}", names(past_soft)),
        ));
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
    let bad = table.rows.iter().filter(|row| summary.problems.iter().any(|(line, _)| *line == row.line));
    let name = language.pick("problème", "problem");
    let mut file =
        io::BufWriter::new(std::fs::File::create(path).map_err(|error| about_file(path, |_| error.to_string()))?);
    table.write_rows(bad, Some((name, &why)), &mut file)?;
    io::Write::flush(&mut file)?;
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn about_file(path: &Path, words: impl Fn(Language) -> String) -> Failure {
    let name = path.display();
    Failure::said(format!("{name} : {}", words(Language::French)), format!("{name}: {}", words(Language::English)))
}

fn print(kind: Kind, summary: &Summary, options: &Options, language: Language) {
    for note in &summary.notes {
        println!("{} {note}", language.pick("Note :", "Note:"));
    }
    for question in &summary.questions {
        println!("{} {question}", language.pick("Question :", "Question:"));
    }
    let is_done = !options.dry_run && (summary.is_clean() || options.rejects.is_some());
    if options.dry_run {
        println!("{}", understood(kind, summary, language));
        println!("{}", language.pick("Essai : rien n'a été écrit.", "Dry run: nothing was written."));
    } else if is_done {
        let entered = kind.counted(summary.entered, language);
        let known = match summary.known {
            0 => String::new(),
            known => language.pick(format!(", {known} déjà là"), format!(", {known} there already")),
        };
        println!("{}", language.pick(format!("Entré : {entered}{known}."), format!("Entered: {entered}{known}.")));
    }
    if let (Some(rejects), true) = (&options.rejects, is_done && !summary.problems.is_empty()) {
        let bad = count(
            bad_lines(summary),
            language,
            ("ligne à corriger", "lignes à corriger"),
            ("line to mend", "lines to mend"),
        );
        println!(
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
fn refused(summary: &Summary, path: &Path, language: Language) -> Failure {
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
    let remedy = if summary.problems.is_empty() {
        language.pick(
            "Rien n'a été écrit. Répondez aux questions ci-dessus : corrigez le fichier, ou --add-skills.",
            "Nothing was written. Answer the questions above: mend the file, or --add-skills.",
        )
    } else {
        language.pick(
            "Rien n'a été écrit. Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.",
            "Nothing was written. Mend these lines, or --rejects FILE to let the others enter.",
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
