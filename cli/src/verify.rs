//! `verify`: checks files that a network handed out, without a database and without a network connection.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command};
use files::out;
use ledger::{
    Language, Minutes,
    account::PostingKind,
    clock::{Clock as _, SystemClock},
    contribution::Nature,
    quorum::Quorum,
    verify::{Check, Conclusion, FILE_MOST, Headline, Kind, Pins, Report, Stranger, Trust, Verdict, verify_with},
};
use serde_json::{Map, Value, json};

use crate::{arguments, failure::Failure, pdf::reprints, remedy, report::print_json, session::wants_json};

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
                .required_unless_present("page")
                .action(ArgAction::Append)
                .help(t("Les fichiers à vérifier", "The files to check")),
        )
        .arg(Arg::new("page").long("page").value_name(t("FICHIER", "FILE")).help(t(
            "Écrit la page qui vérifie dans un navigateur, sans connexion : un seul fichier, à garder",
            "Writes the page that checks in a browser, without a connection: one file, to keep",
        )))
        .arg(trust_argument(language))
        .arg(Arg::new("pin").long("pin").visible_alias("retenir").value_name(t("FICHIER", "FILE")).help(t(
            "Retient dans ce fichier le plus grand point de contrôle de chaque journal, et compare avec lui la prochaine fois",
            "Remembers in this file the largest checkpoint of each log, and compares with it the next time",
        )))
        .arg(Arg::new("policy").long("policy").visible_alias("politique").value_name(t("FICHIER", "FILE")).help(t(
            "Les témoins qui doivent avoir vu chaque point de contrôle, et combien (C2SP tlog-policy)",
            "The witnesses that have to have seen each checkpoint, and how many (C2SP tlog-policy)",
        )))
        .arg(arguments::format(language))
}

/// Whom the one who checks believes.
pub(crate) fn trust_argument(language: Language) -> Arg {
    Arg::new("trust").long("trust").visible_alias("confiance").action(ArgAction::Append).value_name("DID").help(
        language.pick(
            "Qui vous croyez : did:…, une clé de journal, ou un fichier qui les contient (did.json)",
            "Whom you believe: did:…, a log's key, or a file that holds them (did.json)",
        ),
    )
}

/// What was given holds, and was signed by somebody of whom nobody said that they are trusted.
const SIGNED_BY_A_STRANGER: u8 = 3;

pub(crate) fn run(args: &ArgMatches, language: Language) -> Result<bool, Failure> {
    if let Some(name) = args.get_one::<String>("page") {
        out::write(Path::new(name), verifier::page())?;
        if !wants_json(args) {
            say_line!(
                "{}",
                language.pick(
                    format!(
                        "La page qui vérifie est dans « {name} » : ouvrez-la dans un navigateur, même sans réseau."
                    ),
                    format!("The page that checks is in “{name}”: open it in a browser, without a network too."),
                )
            );
        }
    }
    let mut trust = trust(args)?;
    let given = args.get_many::<String>("files").into_iter().flatten();
    let given = given.map(|name| Ok((name, read(name)?))).collect::<Result<Vec<_>, Failure>>()?;
    // It lies beside statements, is no document, and says nothing of them.
    let is_document = |(_, bytes): &(&String, Vec<u8>)| bytes != verifier::page().as_bytes();
    let (names, files): (Vec<&String>, Vec<Vec<u8>>) = given.into_iter().filter(is_document).unzip();
    if names.is_empty() && !args.contains_id("page") {
        return Err(Failure::said(
            "rien à vérifier : ce fichier est la page qui vérifie ; donnez un relevé, un badge, un passeport, un PDF ou un point de contrôle",
            "nothing to check: this file is the page that checks; give a statement, badge, passport, PDF or checkpoint",
        ));
    }
    let now = SystemClock.now();
    for file in &files {
        trust.with_other(file.clone());
    }
    if let Some(name) = args.get_one::<String>("policy") {
        trust.demand(policy(name)?);
    }
    trust.follow_successors();
    let mut pinned = args.get_one::<String>("pin").map(|name| Pinned::read(name)).transpose()?;
    for head in pinned.iter().flat_map(|pinned| pinned.pins.notes()) {
        trust.with_pinned(head.clone());
    }
    let reports: Vec<Report> = files.iter().map(|file| verify_with(file, &trust, now, &reprints)).collect();
    if wants_json(args) {
        let reports: Vec<_> =
            names.iter().zip(&reports).map(|(name, report)| as_json(name, report, language)).collect();
        print_json(&json!(reports))?;
    } else {
        for (name, report) in names.iter().zip(&reports) {
            show(name, report, language, 0);
        }
    }
    if let Some(pinned) = &mut pinned {
        pinned.remember(&reports, &trust, language)?;
    }
    match reports.iter().map(Report::conclusion).max() {
        Some(Conclusion::Trusted) | None => Ok(true),
        Some(Conclusion::Stranger) => Err(Failure::Ended(SIGNED_BY_A_STRANGER)),
        Some(Conclusion::Fails) => Ok(false),
    }
}

/// Reads a file that says which witnesses are demanded.
pub(crate) fn policy(name: &str) -> Result<Quorum, Failure> {
    let text = String::from_utf8_lossy(&read(name)?).into_owned();
    Quorum::parse(&text).map_err(|fault| {
        Failure::said(
            format!("« {name} », {}", fault.in_words(Language::French)),
            format!("“{name}”, {}", fault.in_words(Language::English)),
        )
    })
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

/// A file of heads that are remembered.
struct Pinned {
    path: PathBuf,
    pins: Pins,
}

impl Pinned {
    /// What the file holds; nothing where there is none yet.
    fn read(name: &str) -> Result<Self, Failure> {
        let unreadable = || {
            Failure::said(
                format!("--pin : « {name} » ne contient pas des points de contrôle ; il n'a pas été touché"),
                format!("--pin: “{name}” holds no checkpoints; it was not touched"),
            )
        };
        let pins = match read_most(name) {
            Ok(bytes) => String::from_utf8(bytes).ok().and_then(|text| Pins::parse(&text)).ok_or_else(unreadable)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Pins::default(),
            Err(error) => {
                return Err(Failure::said(format!("« {name} » : {error}"), format!("“{name}”: {error}")));
            }
        };
        Ok(Self { path: PathBuf::from(name), pins })
    }

    /// Writes what is remembered from now on, and says what became of it. It is no part of what was asked about the files,
    /// and stands beside it.
    fn remember(&mut self, reports: &[Report], trust: &Trust, language: Language) -> Result<(), Failure> {
        let before = self.pins.clone();
        let told = self.pins.remember(reports, trust);
        if self.pins != before {
            out::write(&self.path, self.pins.to_text())?;
        }
        for told in told {
            warn_line!("{}", told.in_words(language));
        }
        Ok(())
    }
}

/// Each is a DID or a key, or else the name of a file that holds them.
pub(crate) fn trust(args: &ArgMatches) -> Result<Trust, Failure> {
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
    } else if let Some(headline) = report.headline() {
        say_line!("{indent}  → {}", headline.in_words(language));
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
    let Some(document) = report.document.as_ref().filter(|_| report.holds()) else { return };
    let subject = &document["credentialSubject"];
    match report.kind {
        Kind::Statement | Kind::ProvisionalStatement => {
            figures(subject, report.conclusion(), language);
            let is_to_compare = |check: &Check| check.name == "pages" && check.verdict == Verdict::Unknown;
            if report.checks.iter().any(is_to_compare) {
                printed_lines(subject, language);
            }
        }
        Kind::Credential => told(subject, report.conclusion(), (&indent, language)),
        Kind::Badge
        | Kind::StatusList
        | Kind::Checkpoint
        | Kind::InclusionProof
        | Kind::ConsistencyProof
        | Kind::Passport
        | Kind::KeyDocument
        | Kind::Act
        | Kind::Unknown => {}
    }
}

/// What a record of hours or a network's report says: the figures that are printed of it.
fn told(subject: &Value, conclusion: Conclusion, (indent, language): (&str, Language)) {
    let amount = |value: &Value| value.as_i64().map(|minutes| Minutes::new(minutes).display(language).to_string());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |name: &str| subject[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_hours = list("hours").iter().filter_map(|line| {
        let parts = [text(&line["association"]), text(&line["skill"]), nature(&line["nature"], language)];
        let told: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Some((told.join(" · "), amount(&line["minutes"])?))
    });
    let of_years =
        list("years").iter().filter_map(|year| Some((year["year"].to_string(), amount(&year["givenMinutes"])?)));
    let of_skills = list("skills").iter().filter_map(|line| Some((text(&line["name"]), amount(&line["minutes"])?)));
    let of_flows = list("flows").iter().filter_map(|line| {
        Some((format!("{} → {}", text(&line["from"]), text(&line["to"])), amount(&line["minutes"])?))
    });
    let of_natures =
        list("natures").iter().filter_map(|line| Some((nature(&line["nature"], language), amount(&line["minutes"])?)));
    let lines: Vec<_> = of_hours.chain(of_years).chain(of_skills).chain(of_flows).chain(of_natures).collect();
    if lines.is_empty() {
        return;
    }
    say_line!("{indent}  {}", said_by(conclusion, language));
    for (label, amount) in lines {
        say_line!("{indent}    {:<40} {amount:>12}", on_one_line(&label));
    }
}

/// What others wrote takes no line of its own.
fn on_one_line(text: &str) -> String {
    text.split(['\n', '\t']).collect::<Vec<_>>().join(" ")
}

/// What is to be concluded: it stands first, so that nothing that follows can cover it.
fn concluded(report: &Report, language: Language) -> String {
    let concluded = match (report.conclusion(), report.verdict()) {
        (Conclusion::Fails, _) => language.pick("À NE PAS CROIRE.", "DO NOT BELIEVE IT."),
        (Conclusion::Stranger, _) if report.checks.iter().any(|check| check.stranger == Some(Stranger::Nobody)) => language
            .pick(
                "Rien de faux, mais personne ne l'a signé : n'importe qui peut en écrire autant.",
                "Nothing is wrong, but nobody signed it: anybody can write as much.",
            ),
        (Conclusion::Stranger, _) => language.pick(
            "Rien de faux, mais signé par quelqu'un en qui vous n'avez pas dit avoir confiance : tout faussaire peut en faire autant.",
            "Nothing is wrong, but it is signed by somebody whom you have not said that you trust: any forger can do as much.",
        ),
        (Conclusion::Trusted, Verdict::Holds) => language.pick("Tout est en ordre.", "All is in order."),
        (Conclusion::Trusted, Verdict::Unknown | Verdict::Fails) => language.pick(
            "Rien de faux ; ce qui est marqué « ? » reste à savoir.",
            "Nothing is wrong; what is marked “?” remains to be known.",
        ),
    };
    match (report.headline(), report.conclusion()) {
        (Some(headline), Conclusion::Fails) => headline.in_words(language).to_owned(),
        (Some(headline), Conclusion::Trusted | Conclusion::Stranger) => {
            format!("{} {concluded}", headline.in_words(language))
        }
        (None, _) => concluded.to_owned(),
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
fn figures(subject: &Value, conclusion: Conclusion, language: Language) {
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

/// The lines that a page of a statement has below its totals: given, received, and corrected or moved otherwise.
fn printed_lines(subject: &Value, language: Language) {
    let list = |name: &str| subject[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let kind = |value: &Value| {
        let stable = text(value);
        PostingKind::try_from(stable.as_str()).map_or(stable, |kind| kind.in_words_of_several(language).to_owned())
    };
    let month = |value: &Value| format!("{} {value}", language.pick("mois", "month"));
    let no_skill = language.pick("Coup de main", "A helping hand");
    let skill = |value: &Value| value.as_str().unwrap_or(no_skill).to_owned();
    let of_months = list("months").iter().map(|line| (month(&line["month"]), line));
    let of_partners = list("partners").iter().map(|line| (text(&line["name"]), line));
    let of_skills = list("skills").iter().map(|line| (skill(&line["name"]), line));
    let of_movements = list("movements").iter().map(|line| (kind(&line["kind"]), line));
    let of_volunteers = list("volunteers").iter().map(|line| (nature(&line["nature"], language), line));
    let lines = of_months.chain(of_partners).chain(of_skills).chain(of_movements).chain(of_volunteers);
    for (label, line) in lines {
        let amounts = [
            (language.pick("donné", "given"), &line["givenMinutes"]),
            (language.pick("reçu", "received"), &line["receivedMinutes"]),
            (language.pick("annulé", "corrected"), &line["correctionMinutes"]),
            ("", &line["minutes"]),
        ];
        let told = amounts.into_iter().filter_map(|(word, minutes)| {
            let minutes = minutes.as_i64().filter(|minutes| *minutes != 0)?;
            Some(format!("{} {word}", Minutes::new(minutes).display(language)))
        });
        let told: Vec<_> = told.collect();
        if !told.is_empty() {
            say_line!("    {:<40} {}", on_one_line(&label), told.join(", ").trim_end());
        }
    }
}

/// A nature of volunteering in words, where the text is one that this program knows.
fn nature(value: &Value, language: Language) -> String {
    let stable = value.as_str().unwrap_or_default();
    Nature::try_from(stable).map_or(stable, |nature| nature.in_words(language)).to_owned()
}

fn as_json(name: &str, report: &Report, language: Language) -> Value {
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
    let facts: Map<String, Value> =
        report.facts.iter().map(|(fact, text)| (fact.as_str().to_owned(), text.as_str().into())).collect();
    let parts: Vec<_> = report.parts.iter().map(|part| as_json("", part, language)).collect();
    json!({
        "file": name, "headline": report.headline().map(Headline::as_str), "kind": report.kind.in_words(Language::English), "title": report.title, "holds": report.holds(), "verdict": report.conclusion().as_str(),
        "facts": facts, "checks": checks, "parts": parts, "document": report.document,
    })
}
