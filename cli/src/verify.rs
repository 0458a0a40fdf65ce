//! `verify`: checks files that a network handed out, without a database and without a network connection.

use std::io::Read as _;

use clap::{Arg, ArgAction, ArgMatches, Command};
use ledger::{
    Language, Minutes,
    account::PostingKind,
    clock::{Clock as _, SystemClock},
    verify::{Conclusion, FILE_MOST, Kind, Report, Trust, Verdict, verify},
};
use serde_json::json;

use crate::{arguments, failure::Failure, remedy, report::print_json, session::wants_json};

pub(crate) fn arguments(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    Command::new("verify")
        .visible_alias("verifier")
        .about(t(
            "Vérifie un relevé, un badge, un passeport, un PDF ou un point de contrôle, hors ligne",
            "Checks a statement, badge, passport, PDF or checkpoint, offline",
        ))
        .after_help(t(
            "Exemple : coudemain verifier releve.pdf --trust did.json\nPlusieurs fichiers donnés ensemble se complètent : un badge et sa liste de révocation, un relevé et celui de l'an passé.",
            "Example: coudemain verify statement.pdf --trust did.json\nSeveral files given together complete each other: a badge and its status list, a statement and last year's.",
        ))
        .arg(
            Arg::new("files")
                .value_name(t("FICHIER", "FILE"))
                .required(true)
                .action(ArgAction::Append)
                .help(t("Les fichiers à vérifier", "The files to check")),
        )
        .arg(Arg::new("trust").long("trust").visible_alias("confiance").action(ArgAction::Append).value_name("DID").help(t(
            "Qui vous croyez : did:…, une clé de journal, ou un fichier qui les contient (did.json)",
            "Whom you believe: did:…, a log's key, or a file that holds them (did.json)",
        )))
        .arg(arguments::format(language))
}

/// What was given holds, and was signed by somebody of whom nobody said that they are trusted.
const SIGNED_BY_A_STRANGER: u8 = 3;

pub(crate) fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    let mut trust = trust(args)?;
    let names: Vec<&String> = args.get_many::<String>("files").into_iter().flatten().collect();
    let files = names.iter().map(|name| read(name)).collect::<Result<Vec<_>, _>>()?;
    let now = SystemClock.now();
    for file in &files {
        trust.with_other(file.clone());
    }
    let reports: Vec<Report> = files.iter().map(|file| verify(file, &trust, now)).collect();
    if wants_json(args) {
        let reports: Vec<_> =
            names.iter().zip(&reports).map(|(name, report)| as_json(name, report, language)).collect();
        print_json(&json!(reports))?;
    } else {
        for (name, report) in names.iter().zip(&reports) {
            show(name, report, language, 0);
        }
    }
    match reports.iter().map(Report::conclusion).max() {
        Some(Conclusion::Trusted) | None => Ok(true),
        Some(Conclusion::Stranger) => Err(Failure::Ended(SIGNED_BY_A_STRANGER)),
        Some(Conclusion::Fails) => Ok(false),
    }
}

fn read(name: &str) -> Result<Vec<u8>, Failure> {
    read_most(name).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Failure::said(format!("pas de fichier « {name} »"), format!("no file “{name}”"))
        } else {
            Failure::of_file(name, &error)
        }
    })
}

/// So much of a file as tells that it is too large.
fn read_most(name: &str) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(FILE_MOST).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(name)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Each is a DID or a key, or else the name of a file that holds them.
fn trust(args: &ArgMatches) -> Result<Trust, Failure> {
    let mut trust = Trust::default();
    for named in args.get_many::<String>("trust").into_iter().flatten() {
        let text = read_most(named).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.unwrap_or_else(|| named.clone());
        trust.add(&text).ok_or_else(|| {
            Failure::said(
                format!("--trust : « {named} » n'est ni un did:, ni une clé de journal, ni un fichier qui en contient"),
                format!("--trust: “{named}” is no did:, no key of a log, and no file that holds one"),
            )
        })?;
    }
    Ok(trust)
}

fn show(name: &str, report: &Report, language: Language, depth: usize) {
    let indent = "  ".repeat(depth);
    let title = if report.title.is_empty() { String::new() } else { format!(" — {}", report.title) };
    say_line!("{indent}{name}{} {}{title}", language.pick(" :", ":"), report.kind.in_words(language));
    if depth == 0 {
        say_line!("  → {}", concluded(report, language));
    }
    for check in &report.checks {
        let mark = match check.verdict {
            Verdict::Holds => "✓",
            Verdict::Unknown => "?",
            Verdict::Fails => "✗",
        };
        say_line!("{indent}  {mark} {}", remedy::of_check(check, language));
    }
    if report.holds() && !report.facts.is_empty() {
        say_line!("{indent}  {}", said_by(report.conclusion(), language));
        for (fact, text) in &report.facts {
            say_line!("{indent}    {:<20} {text}", fact.in_words(language));
        }
    }
    for (index, part) in report.parts.iter().enumerate() {
        show(&(index + 1).to_string(), part, language, depth + 1);
    }
    if report.holds()
        && matches!(report.kind, Kind::Statement | Kind::ProvisionalStatement)
        && let Some(document) = &report.document
    {
        figures(&document["credentialSubject"], report.conclusion(), language);
    }
}

/// What is to be concluded: it stands first, so that nothing that follows can cover it.
fn concluded(report: &Report, language: Language) -> &'static str {
    match (report.conclusion(), report.verdict()) {
        (Conclusion::Fails, _) => language.pick("À NE PAS CROIRE.", "DO NOT BELIEVE IT."),
        (Conclusion::Stranger, _) => language.pick(
            "Rien de faux, mais signé par quelqu'un en qui vous n'avez pas dit avoir confiance : tout faussaire peut en faire autant.",
            "Nothing is wrong, but it is signed by somebody whom you have not said that you trust: any forger can do as much.",
        ),
        (Conclusion::Trusted, Verdict::Holds) => language.pick("Tout est en ordre.", "All is in order."),
        (Conclusion::Trusted, Verdict::Unknown | Verdict::Fails) => language.pick(
            "Rien de faux ; ce qui est marqué « ? » reste à savoir.",
            "Nothing is wrong; what is marked “?” remains to be known.",
        ),
    }
}

/// Who says what follows.
fn said_by(conclusion: Conclusion, language: Language) -> &'static str {
    match conclusion {
        Conclusion::Trusted => language.pick("Ce que dit le document signé :", "What the signed document says:"),
        Conclusion::Stranger | Conclusion::Fails => language.pick(
            "Ce qu'annonce quelqu'un en qui vous n'avez pas dit avoir confiance :",
            "What is claimed by somebody whom you have not said that you trust:",
        ),
    }
}

/// The figures of the signed document, so that a printed one can be held against them.
fn figures(subject: &serde_json::Value, conclusion: Conclusion, language: Language) {
    let lines = [
        ("openingMinutes", language.pick("solde d'ouverture", "opening balance")),
        ("givenMinutes", language.pick("heures données", "hours given")),
        ("receivedMinutes", language.pick("heures reçues", "hours received")),
        ("correctionMinutes", PostingKind::Correction.in_words_of_several(language)),
        ("otherMinutes", language.pick("autres mouvements", "other movements")),
        ("closingMinutes", language.pick("solde de clôture", "closing balance")),
    ];
    say_line!("  {}", said_by(conclusion, language));
    for (name, label) in lines {
        let minutes = Minutes::new(subject[name].as_i64().unwrap_or_default()).display(language).to_string();
        say_line!("    {label:<20} {minutes:>12}");
    }
}

fn as_json(name: &str, report: &Report, language: Language) -> serde_json::Value {
    let checks: Vec<_> = report
        .checks
        .iter()
        .map(|check| {
            let verdict = match check.verdict {
                Verdict::Holds => "holds",
                Verdict::Unknown => "unknown",
                Verdict::Fails => "fails",
            };
            json!({ "check": check.name, "verdict": verdict, "says": remedy::of_check(check, language) })
        })
        .collect();
    let parts: Vec<_> = report.parts.iter().map(|part| as_json("", part, language)).collect();
    json!({
        "file": name, "kind": report.kind.in_words(Language::English), "title": report.title, "holds": report.holds(), "verdict": report.conclusion().as_str(),
        "checks": checks, "parts": parts, "document": report.document,
    })
}
