//! `import`: brings in a file, after saying what it would do.
//!
//! What a file's lines ask for, and what becomes of them, is `files`' to say: here stand the words of the command line,
//! and what is shown.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches};
use files::{
    advance::Advance,
    error::FileError,
    import::{self, BadLine, BroughtFile, Kind, Options, Summary},
    out, table,
};
use ledger::Language;
use serde_json::json;

use crate::{
    arguments,
    failure::Failure,
    report::{Progress, count, more, print_json},
    session::{Session, text, wants_json},
    verb::{self, Verb},
};

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
    let rejects = verb.get_one::<String>("rejects").map(PathBuf::from);
    let options = Options {
        dry_run: flag("dry-run"),
        lets_good_lines_enter: rejects.is_some(),
        add_skills: flag("add-skills"),
        new_persons: flag("new-persons"),
        as_proposals: flag("as-proposals"),
        late: flag("late"),
    };
    if let Some(rejects) = &rejects {
        out::is_free(rejects)?;
    }
    let path = PathBuf::from(text(verb, "file"));
    let mut session = Session::open(verb, language).await?;
    let summary = bring_in(&mut session, kind, &path, &options, rejects.as_deref()).await?;
    if wants_json(verb) {
        print_json(&as_json(&summary, &options))?;
    } else {
        print(kind, &summary, &options, rejects.as_deref(), language);
    }
    if summary.is_clean() {
        return Ok(summary.questions.is_empty() || !options.dry_run);
    }
    if options.lets_good_lines_enter {
        return Ok(false);
    }
    Err(refused(&summary, &path, &options, language))
}

/// Brings a file in, as far as the options let it; bad lines come back in a file of that name.
pub(crate) async fn bring_in(
    session: &mut Session,
    kind: Kind,
    path: &Path,
    options: &Options,
    rejects: Option<&Path>,
) -> Result<Summary, Failure> {
    let bytes = table::read_bytes(path).map_err(|error| FileError::about(path, |language| error.in_words(language)))?;
    let progress = Progress::new(session.language.pick("Écriture :", "Writing:"));
    let told = |Advance { done, all }| progress.at(done, all);
    let writer = session.writer();
    let file = BroughtFile { path, bytes: &bytes };
    let brought = import::bring_in(session, kind, file, options, &writer, &told).await;
    writer.stop().await;
    progress.end();
    let brought = brought?;
    if let (Some(path), Some(bytes)) = (rejects, &brought.rejects) {
        out::create(path, bytes)?;
    }
    Ok(brought.summary)
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
    let new_persons = Arg::new("new-persons").long("new-persons").visible_alias("personnes-nouvelles");
    file_verb("persons", "personnes", about, columns, language).arg(new_persons.action(ArgAction::SetTrue).help(
        language.pick(
            "Quand des personnes ont été effacées : aucune de ce fichier n'en est une",
            "When persons were erased: none in this file is one of them",
        ),
    ))
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

fn print(kind: Kind, summary: &Summary, options: &Options, rejects: Option<&Path>, language: Language) {
    for note in &summary.notes {
        say_line!("{} {note}", language.pick("Note :", "Note:"));
    }
    for question in &summary.questions {
        say_line!("{} {question}", language.pick("Question :", "Question:"));
    }
    let is_done = !options.dry_run && (summary.is_clean() || options.lets_good_lines_enter);
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
    if let (Some(rejects), true) = (rejects, is_done && !summary.bad_lines.is_empty()) {
        let bad = count(
            summary.count_bad_lines(),
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
    let bad = match summary.count_bad_lines() {
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

/// Every bad line, and what to do about them.
fn refused(summary: &Summary, path: &Path, options: &Options, language: Language) -> Failure {
    const SHOWN: usize = 50;
    let name = path.display();
    let mut text = String::new();
    for BadLine { line, why } in summary.bad_lines.iter().take(SHOWN) {
        let place = match line {
            0 => name.to_string(),
            line => language.pick(format!("{name}, ligne {line}"), format!("{name}, line {line}")),
        };
        text.push_str(&language.pick(format!("{place} : {why}\n"), format!("{place}: {why}\n")));
    }
    if summary.bad_lines.len() > SHOWN {
        let more = more(summary.bad_lines.len() - SHOWN, language);
        text.push_str(&language.pick(format!("… et {more}\n"), format!("… and {more}\n")));
    }
    if !options.dry_run {
        text.push_str(language.pick("Rien n'a été écrit. ", "Nothing was written. "));
    }
    let remedy = if summary.bad_lines.is_empty() {
        language.pick(
            "Répondez aux questions ci-dessus, ou corrigez le fichier.",
            "Answer the questions above, or mend the file.",
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
        summary.bad_lines.iter().map(|BadLine { line, why }| json!({ "line": line, "problem": why })).collect();
    json!({
        "dry_run": options.dry_run,
        "entered": summary.entered,
        "known": summary.known,
        "problems": problems,
        "questions": summary.questions,
        "notes": summary.notes,
    })
}
