//! `import`: brings in a file, after saying what it would do.
//!
//! What a file's lines ask for, and what becomes of them, is `files`' to say: here stand the words of the command line,
//! and what is shown.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches};
use files::{
    advance::Advance,
    error::FileError,
    import::{self, Answers, BadLine, BroughtFile, Kind, Mapping, Options, Summary, TemplateForm},
    out,
    remedy::Remedy,
    table,
};
use ledger::Language;
use serde_json::json;

use crate::{
    arguments,
    failure::Failure,
    remedy,
    report::{Progress, count, more, print_json},
    session::{Session, text, wants_json},
    typed,
    verb::{self, Verb},
    workbooks,
};

/// So many lines, and so many questions, are shown: more than anybody reads at once.
const SHOWN: usize = 50;

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
        language.pick("Fait entrer un fichier (CSV ou classeur)", "Brings in a file (CSV or workbook)"),
        &VERBS,
        language,
    )
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

async fn run_for(kind: Kind, verb: &ArgMatches, language: Language) -> Result<bool, Failure> {
    if let Some(template) = verb.get_one::<String>("template") {
        return make_template(kind, Path::new(template), language).map(|()| true);
    }
    let flag = |name: &str| verb.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or_default();
    let rejects = verb.get_one::<String>("rejects").map(PathBuf::from);
    let answers = verb.get_one::<String>("answers").map(PathBuf::from);
    let options = Options {
        dry_run: flag("dry-run"),
        lets_good_lines_enter: rejects.is_some(),
        add_skills: flag("add-skills"),
        new_persons: flag("new-persons"),
        as_proposals: flag("as-proposals"),
        late: flag("late"),
        update: flag("update"),
        map: mapping(verb)?,
        association: verb.try_get_one::<String>("association").ok().flatten().cloned(),
        balances_of: if kind == Kind::Balances { typed::read_day(verb, "date")? } else { None },
        answers: match &answers {
            Some(path) if path.exists() => Answers::read(path, language)?,
            Some(_) | None => Answers::default(),
        },
    };
    if let Some(rejects) = &rejects {
        out::is_free(rejects)?;
    }
    let path = PathBuf::from(text(verb, "file"));
    let mut session = Session::open(verb, language).await?;
    let summary = bring_in(&mut session, kind, &path, &options, rejects.as_deref()).await?;
    if wants_json(verb) {
        print_json(&as_json(&summary, &options, language))?;
    } else {
        print(kind, &summary, &options, rejects.as_deref(), language);
    }
    if summary.is_clean() {
        return Ok(true);
    }
    if let Some(answers) = answers.filter(|path| !path.exists() && !summary.questions.is_empty()) {
        out::create(&answers, &Answers::form(&summary.questions, language)?)?;
    }
    if options.lets_good_lines_enter && summary.questions.is_empty() {
        return Ok(false);
    }
    if summary.bad_lines.is_empty() {
        // Found nothing wrong, and cannot go on by itself.
        warn_line!("{}", open_questions(&options, language));
        return Ok(false);
    }
    Err(refused(&summary, &path, &options, language))
}

/// What the columns are said to be.
fn mapping(verb: &ArgMatches) -> Result<Mapping, Failure> {
    let typed = verb.get_many::<String>("map").into_iter().flatten().map(String::as_str);
    Mapping::parse(typed).map_err(|text| {
        Failure::said(
            format!("--map : « {text} » ; COLONNE=CHAMP conviendrait, par exemple --map \"Nb h\"=durée"),
            format!("--map: “{text}”; COLUMN=FIELD would fit, for instance --map \"Time spent\"=duration"),
        )
    })
}

fn make_template(kind: Kind, path: &Path, language: Language) -> Result<(), Failure> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let form = match extension.to_lowercase().as_str() {
        "csv" => TemplateForm::Csv,
        "xlsx" => TemplateForm::Xlsx,
        _ => {
            let name = path.display();
            return Err(Failure::said(
                format!("--template : « {name} » ne dit pas sous quelle forme ; un nom en .csv ou .xlsx conviendrait"),
                format!("--template: “{name}” does not tell the form; a name in .csv or .xlsx would fit"),
            ));
        }
    };
    out::create(path, &import::template(kind, form, language)?)?;
    Ok(())
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
    let workbooks = workbooks::reader()?;
    let file = BroughtFile { path, bytes, workbooks: &workbooks };
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
    file_verb("associations", "adherents", about, Kind::Associations, language)
}

fn skills(language: Language) -> clap::Command {
    let about = language
        .pick("Les compétences, et ce qu'elles sont dans ESCO ou ROME", "Skills, and what they are in ESCO or ROME");
    file_verb("skills", "competences", about, Kind::Skills, language).arg(add_skills(language))
}

fn persons(language: Language) -> clap::Command {
    let about = language.pick("Les personnes, une ligne par adhésion", "Persons, a line per membership");
    let new_persons = Arg::new("new-persons").long("new-persons").visible_alias("personnes-nouvelles");
    let verb = file_verb("persons", "personnes", about, Kind::Persons, language).arg(association_of_all(language));
    verb.arg(new_persons.action(ArgAction::SetTrue).help(language.pick(
        "Quand des personnes ont été effacées : aucune de ce fichier n'en est une",
        "When persons were erased: none in this file is one of them",
    )))
}

fn balances(language: Language) -> clap::Command {
    let about = language.pick("Les soldes d'avant le registre", "Balances from before the ledger");
    let date = language.pick(
        "Le jour auquel valent les soldes dont la ligne n'en dit pas",
        "The day at which balances hold whose line says none",
    );
    file_verb("balances", "soldes-repris", about, Kind::Balances, language).arg(typed::day(language).help(date))
}

fn exchanges(language: Language) -> clap::Command {
    let about = language.pick("Les échanges, confirmés", "Exchanges, confirmed");
    let as_proposals = language.pick(
        "Les laisse à confirmer par l'association qui a été aidée",
        "Leaves them to be confirmed by the association that was helped",
    );
    file_verb("exchanges", "echanges", about, Kind::Exchanges, language)
        .arg(add_skills(language))
        .arg(late(language))
        .arg(
            Arg::new("as-proposals")
                .long("as-proposals")
                .visible_alias("a-confirmer")
                .action(ArgAction::SetTrue)
                .help(as_proposals),
        )
}

fn contributions(language: Language) -> clap::Command {
    let about = language.pick("Qui a donné de son temps", "Who gave their time");
    let verb = file_verb("contributions", "participations", about, Kind::Contributions, language);
    verb.arg(association_of_all(language)).arg(add_skills(language)).arg(late(language))
}

/// The columns of a kind of file, those that it needs first.
fn columns(kind: Kind, language: Language) -> String {
    let named = |is_needed: bool| {
        let columns = kind.columns().iter().filter(move |column| column.required == is_needed);
        columns.map(|column| column.name(language)).collect::<Vec<_>>().join(", ")
    };
    language.pick(
        format!("Colonnes nécessaires : {}\nColonnes possibles : {}", named(true), named(false)),
        format!("Columns needed: {}\nColumns possible: {}", named(true), named(false)),
    )
}

/// What every file comes with; its help names its columns.
fn file_verb(
    name: &'static str,
    alias: &'static str,
    about: &'static str,
    kind: Kind,
    language: Language,
) -> clap::Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    clap::Command::new(name)
        .visible_alias(alias)
        .about(about)
        .after_help(format!(
            "{}\n{} coudemain import {name} {name}.csv --dry-run",
            columns(kind, language),
            t("Exemple :", "Example:")
        ))
        .args(arguments::ledger(language))
        .arg(arguments::format(language))
        .arg(
            arguments::required(
                "file",
                t("FICHIER", "FILE"),
                t("Le fichier : CSV, .xlsx, .ods ou .xls", "The file: CSV, .xlsx, .ods or .xls"),
            )
            .required(false)
            .required_unless_present("template"),
        )
        .arg(Arg::new("template").long("template").visible_alias("modele").value_name(t("FICHIER", "FILE")).help(t(
            "Fait un fichier pour commencer (.csv ou .xlsx) : les colonnes, et deux lignes en exemple",
            "Makes a file to begin with (.csv or .xlsx): the columns, and two lines as an example",
        )))
        .arg(
            Arg::new("dry-run")
                .long("dry-run")
                .visible_alias("essai")
                .action(ArgAction::SetTrue)
                .help(t("Montre ce qui se passerait, sans rien écrire", "Shows what would happen, and writes nothing")),
        )
        .arg(Arg::new("answers").long("answers").visible_alias("reponses").value_name(t("FICHIER", "FILE")).help(t(
            "Les réponses aux questions posées sur des lignes (colonnes ligne et réponse : oui, non, ignorer) ; s'il n'existe pas, il est fait avec les questions",
            "Answers to the questions about lines (columns line and answer: yes, no, skip); where it does not exist, it is made with the questions",
        )))
        .arg(
            Arg::new("map")
                .long("map")
                .visible_alias("colonne")
                .value_name(t("COLONNE=CHAMP", "COLUMN=FIELD"))
                .action(ArgAction::Append)
                .help(t(
                    "Ce qu'est une colonne, par son nom ou sa lettre : --map C=durée ; « ignorer » la laisse de côté",
                    "What a column is, by its name or letter: --map C=duration; “ignore” leaves it aside",
                )),
        )
        .arg(
            Arg::new("update").long("update").visible_alias("corriger").action(ArgAction::SetTrue).help(t(
                "Corrige le registre là où il dit autre chose que le fichier ; avec --dry-run, montre ce qui changerait",
                "Corrects the ledger where it says otherwise than the file; with --dry-run, shows what would change",
            )),
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

fn association_of_all(language: Language) -> Arg {
    Arg::new("association").long("association").value_name(language.pick("NOM", "NAME")).help(language.pick(
        "L'association de toutes les lignes, quand le fichier n'a pas de colonne pour elle",
        "The association of all lines, where the file has no column for it",
    ))
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
    let changes = summary.changes.iter().cloned();
    say_first(language.pick("Correction :", "Correction:"), changes, language);
    let questions = summary.questions.iter().map(|question| question.in_words(language));
    say_first(language.pick("Question :", "Question:"), questions, language);
    let is_done = !options.dry_run
        && summary.questions.is_empty()
        && (summary.bad_lines.is_empty() || options.lets_good_lines_enter);
    if options.dry_run {
        say_line!("{}", understood(kind, summary, options, language));
        say_line!("{}", language.pick("Essai : rien n'a été écrit.", "Dry run: nothing was written."));
    } else if is_done {
        let entered = kind.counted(summary.entered, language);
        let known = match summary.known {
            0 => String::new(),
            known => language.pick(format!(", {known} déjà là"), format!(", {known} there already")),
        };
        let corrected = corrected(summary, options, language);
        let sentence = if options.as_proposals {
            language.pick(
                format!("Proposé : {entered}{known}{corrected}, à confirmer par l'association qui a été aidée."),
                format!("Proposed: {entered}{known}{corrected}, to be confirmed by the association that was helped."),
            )
        } else {
            language
                .pick(format!("Entré : {entered}{known}{corrected}."), format!("Entered: {entered}{known}{corrected}."))
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

/// The first of what is told, a line each, and how many more there are.
fn say_first(label: &str, told: impl ExactSizeIterator<Item = String>, language: Language) {
    let unshown = told.len().saturating_sub(SHOWN);
    told.take(SHOWN).for_each(|text| say_line!("{label} {text}"));
    if unshown > 0 {
        let more = more(unshown, language);
        say_line!("{}", language.pick(format!("… et {more}"), format!("… and {more}")));
    }
}

/// ", 2 lignes corrigées dans le registre"; where nothing is written, those that would be.
fn corrected(summary: &Summary, options: &Options, language: Language) -> String {
    let (french, english) = if options.dry_run {
        (
            ("ligne qui corrigerait le registre", "lignes qui corrigeraient le registre"),
            ("line that would correct the ledger", "lines that would correct the ledger"),
        )
    } else {
        (
            ("ligne corrigée dans le registre", "lignes corrigées dans le registre"),
            ("line corrected in the ledger", "lines corrected in the ledger"),
        )
    };
    match summary.corrected {
        0 => String::new(),
        corrected => format!(", {}", count(corrected, language, french, english)),
    }
}

/// "38 associations comprises, 2 questions".
fn understood(kind: Kind, summary: &Summary, options: &Options, language: Language) -> String {
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
    let corrected = corrected(summary, options, language);
    language.pick(
        format!("{counted} {adjective}{known}{corrected}, {questions}{bad}."),
        format!("{counted} understood{known}{corrected}, {questions}{bad}."),
    )
}

/// Every bad line, and what to do about them.
fn refused(summary: &Summary, path: &Path, options: &Options, language: Language) -> Failure {
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
    text.push_str(language.pick(
        "Corrigez ces lignes, ou --rejects FICHIER pour faire entrer les autres.",
        "Mend these lines, or --rejects FILE to let the others enter.",
    ));
    Failure::said(text.clone(), text)
}

/// What is to be done where nothing is wrong and something is asked.
fn open_questions(options: &Options, language: Language) -> String {
    let nothing = if options.dry_run { "" } else { language.pick("Rien n'a été écrit. ", "Nothing was written. ") };
    format!("{nothing}{}.", remedy::for_file(Remedy::Answer, language))
}

/// For a file that was named where a kind of file belongs: how it is brought in, by its columns.
pub(crate) fn how_to_bring_in(named: &str, language: Language) -> Option<String> {
    let path = Path::new(named);
    if !path.is_file() {
        return None;
    }
    let workbooks = workbooks::reader().ok()?;
    let bytes = table::read_bytes(path).ok()?;
    let kinds = import::kinds_of(&BroughtFile { path, bytes, workbooks: &workbooks });
    let remedies = kinds.ok()?.into_iter().map(|kind| remedy::for_file(kind.brought_in(), language));
    let remedies: Vec<_> = remedies.collect();
    if remedies.is_empty() {
        return Some(language.pick(
            format!("les colonnes de « {named} » ne disent pas ce que c'est ; nommez-le : import associations, competences, personnes, soldes-repris, echanges ou participations"),
            format!("the columns of “{named}” do not tell what it is; name it: import associations, skills, persons, balances, exchanges or contributions"),
        ));
    }
    let remedies = remedies.join(language.pick(" ou ", " or "));
    Some(language.pick(
        format!("d'après ses colonnes, « {named} » entre avec {remedies}, suivi du nom du fichier"),
        format!("by its columns, “{named}” is brought in with {remedies}, followed by the name of the file"),
    ))
}

fn as_json(summary: &Summary, options: &Options, language: Language) -> serde_json::Value {
    let problems: Vec<_> =
        summary.bad_lines.iter().map(|BadLine { line, why }| json!({ "line": line, "problem": why })).collect();
    json!({
        "dry_run": options.dry_run,
        "changes": summary.changes,
        "corrected": summary.corrected,
        "entered": summary.entered,
        "known": summary.known,
        "problems": problems,
        "left_out": summary.left_out,
        "questions": summary.questions.iter().map(|question| question.in_words(language)).collect::<Vec<_>>(),
        "notes": summary.notes,
    })
}
