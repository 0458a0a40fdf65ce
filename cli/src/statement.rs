//! `statement`: what the network signs for each association and year.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command};
use files::{
    advance::Advance,
    out,
    statements::{self, Companions, InForce, Issue, Issuing, Press, StatementFile, chosen, closing_act, companions},
};
use ledger::{Language, year::Year};

use crate::{
    arguments,
    failure::Failure,
    keys::keyring,
    log, network_report,
    pdf::Outcome,
    report::{Progress, count},
    session::{Session, text},
    verb::{self, Verb},
};

const VERBS: [Verb; 4] = [
    Verb { arguments: issue_arguments, run: |args, language| Box::pin(issue(args, language)) },
    Verb { arguments: preview_arguments, run: |args, language| Box::pin(preview(args, language)) },
    Verb { arguments: withdraw_arguments, run: |args, language| Box::pin(withdraw(args, language)) },
    Verb { arguments: network_report::arguments, run: |args, language| Box::pin(network_report::run(args, language)) },
];

pub(crate) fn arguments(language: Language) -> Command {
    let about = language.pick("Les relevés annuels signés", "The signed annual statements");
    verb::group("statement", "releve", about, &VERBS, language)
}

pub(crate) async fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    verb::run(&VERBS, args, language).await
}

fn issue_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t("Signe et écrit les relevés d'un exercice clos", "Signs and writes the statements of a closed year");
    let example = t(
        "coudemain releve emettre --year 2025 --out releves",
        "coudemain statement issue --year 2025 --out statements",
    );
    arguments::ledger_verb("issue", "emettre", about, example, language)
        .arg(
            Arg::new("again")
                .long("again")
                .visible_alias("remplacer")
                .action(ArgAction::SetTrue)
                .requires("association")
                .help(t(
                    "Émet un nouveau relevé qui remplace celui de cette association",
                    "Issues a new statement in the place of that association's",
                )),
        )
        .args(which_and_where(language))
}

fn preview_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Écrit des relevés provisoires d'un exercice ouvert, à relire par les adhérents",
        "Writes provisional statements of an open year, for members to object to",
    );
    let example = t(
        "coudemain releve apercu --year 2025 --out provisoires",
        "coudemain statement preview --year 2025 --out provisional",
    );
    arguments::ledger_verb("preview", "apercu", about, example, language).args(which_and_where(language))
}

fn withdraw_arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let about = t(
        "Reprend un relevé : la liste de révocation le dira à qui la consulte",
        "Takes a statement back: the list of what is revoked tells whoever looks into it",
    );
    let example = t("coudemain releve reprendre 2025-0007", "coudemain statement withdraw 2025-0007");
    arguments::ledger_verb("withdraw", "reprendre", about, example, language).arg(arguments::required(
        "number",
        t("NUMÉRO", "NUMBER"),
        t("Le numéro du relevé", "The statement's number"),
    ))
}

async fn withdraw(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let number = text(args, "number");
    let is_new = statements::withdraw(&session, number).await?;
    let publish = language.pick(
        "« coudemain servir » la montre, « coudemain passeport revocations » l'écrit",
        "“coudemain serve” shows it, “coudemain passport status” writes it",
    );
    let told = if is_new {
        language.pick(
            format!("Le relevé n° {number} est repris. La liste de révocation le dit désormais : {publish}."),
            format!("Statement {number} is taken back. The list of what is revoked says so from now on: {publish}."),
        )
    } else {
        language.pick(
            format!("Le relevé n° {number} était déjà repris."),
            format!("Statement {number} had been taken back already."),
        )
    };
    say_line!("{told}");
    Ok(true)
}

/// Of which year and associations, and where they are written.
fn which_and_where(language: Language) -> Vec<Arg> {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    vec![
        arguments::keys(language),
        arguments::year(language).required(true),
        Arg::new("out")
            .long("out")
            .required(true)
            .value_name(t("DOSSIER", "FOLDER"))
            .help(t("Le dossier où les écrire", "The folder to write them to")),
        Arg::new("association")
            .long("association")
            .value_name("ASSOCIATION")
            .help(t("Une seule association", "One association alone")),
        Arg::new("no-pdf").long("no-pdf").visible_alias("sans-pdf").action(ArgAction::SetTrue).help(t(
            "Le document signé seul, sans sa version à lire",
            "The signed document alone, without the one to read",
        )),
    ]
}

async fn issue(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let out = PathBuf::from(text(args, "out"));
    let wanted = chosen(&session, args.get_one::<String>("association").map(String::as_str), year).await?;
    let asked = Issue { year, wanted: &wanted, is_again: args.get_flag("again") };
    // Nothing is signed, and no witness asked, for a year that is open.
    closing_act(&session, year).await?;
    let signed = log::sign_and_ask(args, &session).await?;
    let issuing = Issuing::prepare(&session, &keyring(args, &session), &signed, asked).await?;
    // What is signed must have somewhere to go.
    fs::create_dir_all(&out)?;
    let writer = session.writer();
    let progress = Progress::new(language.pick("Relevés signés :", "Statements signed:"));
    let signed = issuing.sign(&writer, &|Advance { done, all }| progress.at(done, all)).await;
    progress.end();
    writer.stop().await;
    let signed = signed?;
    let in_force = InForce::of(&session, year, &wanted).await?;
    let Written { count: written, outcome } = write_out(args, in_force, &out, wanted.len(), language).await?;
    let Companions { keys, checkpoint, status } = companions(&session, &keyring(args, &session)).await?;
    out::write(&out.join("did.json"), keys)?;
    out::write(&out.join("checkpoint.txt"), checkpoint)?;
    out::write(&out.join("status.json"), status)?;
    out::write(&out.join(verifier::FILE_NAME), verifier::page())?;
    say_line!("{}", summary(year, signed, written, &out, language));
    Ok(outcome.say(language))
}

/// What was written.
pub(crate) struct Written {
    /// How many statements.
    pub(crate) count: usize,
    /// What became of the ones to read.
    pub(crate) outcome: Outcome,
}

/// Writes the statements in force of those that were asked for.
async fn write_out(
    args: &ArgMatches,
    mut in_force: InForce<'_>,
    out: &Path,
    all: usize,
    language: Language,
) -> Result<Written, Failure> {
    let progress = Progress::new(language.pick("Relevés écrits :", "Statements written:"));
    let mut written = Written { count: 0, outcome: Outcome::default() };
    while let Some(files) = in_force.next().await? {
        written.outcome.add(write_files(args, out, &files, language)?);
        written.count += files.len();
        progress.at(written.count, all);
    }
    progress.end();
    Ok(written)
}

/// Writes each document, and beside it the one to read. What an earlier run has made of the same document stays.
fn write_files(args: &ArgMatches, out: &Path, files: &[StatementFile], language: Language) -> Result<Outcome, Failure> {
    let mut files: Vec<_> = files.iter().map(|file| (out.join(&file.name), file.json.as_slice())).collect();
    let is_there = |(path, bytes): &(PathBuf, &[u8])| fs::read(path).is_ok_and(|there| there == *bytes);
    files.retain(|file| !is_there(file) || !file.0.with_extension("pdf").is_file());
    for (path, bytes) in &files {
        out::write(path, bytes)?;
    }
    Ok(if args.get_flag("no-pdf") { Outcome::default() } else { crate::pdf::statements(&files, language) })
}

fn summary(year: Year, new: usize, written: usize, out: &Path, language: Language) -> String {
    let out = out.display();
    let signed = count(new, language, ("relevé signé", "relevés signés"), ("statement signed", "statements signed"));
    let check = language.pick("verifier", "verify");
    language.pick(
        format!("{signed}, {written} dans « {out} », avec les clés publiques (did.json) et le point de contrôle.\nPour vérifier : ouvrez {out}/verifier.html dans un navigateur, ou coudemain {check} {out}/{year}-*.json --trust {out}/did.json"),
        format!("{signed}, {written} in “{out}”, with the public keys (did.json) and the checkpoint.\nTo check: open {out}/verifier.html in a browser, or coudemain {check} {out}/{year}-*.json --trust {out}/did.json"),
    )
}

async fn preview(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let session = Session::open(args, language).await?;
    let year = Year(args.get_one::<i32>("year").copied().unwrap_or_default());
    let Written { count: written, outcome } = provisional(
        args,
        &session,
        year,
        args.get_one::<String>("association").map(String::as_str),
        &PathBuf::from(text(args, "out")),
    )
    .await?;
    say_line!(
        "{}",
        language.pick(
            format!(
                "{} dans « {} ». Rien n'est clos.",
                count(written, language, ("relevé provisoire écrit", "relevés provisoires écrits"), ("", "")),
                text(args, "out")
            ),
            format!(
                "{} in “{}”. Nothing is closed.",
                count(written, language, ("", ""), ("provisional statement written", "provisional statements written")),
                text(args, "out")
            ),
        )
    );
    Ok(outcome.say(language))
}

/// Writes provisional statements of one association, or of all.
pub(crate) async fn provisional(
    args: &ArgMatches,
    session: &Session,
    year: Year,
    wanted: Option<&str>,
    out: &Path,
) -> Result<Written, Failure> {
    let wanted = chosen(session, wanted, year).await?;
    let press = Press::provisional(session, &keyring(args, session), year).await?;
    fs::create_dir_all(out)?;
    let mut outcome = Outcome::default();
    for association in &wanted {
        let file = press.provisional_of(association).await?;
        outcome.add(write_files(args, out, &[file], session.language)?);
    }
    Ok(Written { count: wanted.len(), outcome })
}
