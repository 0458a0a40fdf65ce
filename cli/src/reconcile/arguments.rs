//! The words of `reconcile`, and what they mean.

use std::io::IsTerminal as _;

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use files::{
    notebook::Mapping,
    reconcile::{
        compare::{CompareError, Wish},
        form::Form,
        habits::{Alias, Habits},
        terminal::Style,
    },
};
use ledger::Language;

use crate::{arguments, failure::Failure, remedy, session::text, workbooks};

/// The verb.
pub(super) fn command(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    arguments::ledger_verb(
        "reconcile",
        "rapprocher",
        t(
            "Compare le carnet d'une association au registre, ligne par ligne",
            "Compares an association's notebook with the ledger, line by line",
        ),
        t(
            "coudemain rapprocher carnet.xlsx --association \"Chorale de Janzé\" --year 2025",
            "coudemain reconcile notebook.xlsx --association \"Village choir\" --year 2025",
        ),
        language,
    )
    .arg(Arg::new("notebook").value_name(t("CARNET", "NOTEBOOK")).num_args(0..).help(t(
        "Le carnet : .csv, .tsv, .xlsx, .xls ou .ods ; deux carnets montrent les trois côtés",
        "The notebook: .csv, .tsv, .xlsx, .xls or .ods; two notebooks show all three sides",
    )))
    .arg(arguments::association(language))
    .arg(arguments::year(language))
    .args(sources(language))
    .args(readings(language))
    .args(results(language))
}

/// The form that is asked for; text as it looks in a file, unless it is for the screen.
pub(super) fn form(args: &ArgMatches, on_screen: bool) -> Form {
    match text(args, "format") {
        "json" => Form::Json,
        "csv" => Form::Csv,
        "html" => Form::Page,
        _ if on_screen => Form::Text(Style { is_coloured: is_coloured(), is_complete: args.get_flag("complete") }),
        _ => Form::Text(Style { is_coloured: false, is_complete: false }),
    }
}

/// Colours only where somebody looks, and not where they asked for none (<https://no-color.org>).
fn is_coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// What is asked of a comparison.
pub(super) fn wish(args: &ArgMatches) -> Result<Wish, Failure> {
    Ok(Wish {
        association: args.get_one::<String>("association").cloned(),
        year: args.get_one::<i32>("year").copied(),
        sheets: args.get_many::<String>("sheet").unwrap_or_default().cloned().collect(),
        days: args.get_one::<u16>("days").copied().unwrap_or(7),
        habits: habits(args)?,
        remedies: remedy::for_file,
        workbooks: workbooks::reader()?,
    })
}

fn habits(args: &ArgMatches) -> Result<Habits, Failure> {
    let said = |name: &str| args.get_many::<String>(name).unwrap_or_default().cloned().collect::<Vec<_>>();
    let mappings = said("map").into_iter().map(|text| Mapping::parse(&text).ok_or_else(|| not_a_mapping(&text)));
    let aliases = said("alias").into_iter().map(|text| match text.split_once('=') {
        Some((written, meant)) if !written.trim().is_empty() && !meant.trim().is_empty() => {
            Ok(Alias { written: written.trim().to_owned(), meant: meant.trim().to_owned(), is_remembered: false })
        }
        _ => Err(Failure::said(
            format!("--alias : « {text} » ; « ce qui est écrit=nom de l'association » conviendrait"),
            format!("--alias: “{text}”; “what is written=name of the association” would fit"),
        )),
    });
    Ok(Habits::said(mappings.collect::<Result<_, _>>()?, aliases.collect::<Result<_, _>>()?))
}

fn not_a_mapping(text: &str) -> Failure {
    Failure::said(
        format!(
            "--map : « {text} » ; COLONNE=CHAMP conviendrait, avec date, partenaire, duree, sens, donne, recu, personnes, competence, identifiant, donneur, receveur, debut, fin, minutes, heures ou ignorer"
        ),
        format!(
            "--map: “{text}”; COLUMN=FIELD would fit, with date, partner, duration, direction, given, received, people, skill, identifier, giver, receiver, start, end, minutes, hours or ignore"
        ),
    )
}

/// Why a notebook could not be compared, with the words that would help.
pub(super) fn failure(error: CompareError) -> Failure {
    let [french, english] = [Language::French, Language::English].map(|language| error.in_words(language));
    match error {
        CompareError::NoOwner(_) => {
            Failure::said(format!("{french} ; ajoutez --association NOM"), format!("{english}; add --association NAME"))
        }
        CompareError::NoYear(_) => Failure::said(
            format!("{french} ; dites l'exercice avec --year"),
            format!("{english}; say the year with --year"),
        ),
        CompareError::OtherYear { most, .. } => {
            Failure::said(format!("{french} ; essayez --year {most}"), format!("{english}; try --year {most}"))
        }
        CompareError::NobodyCalled(_) => Failure::said(format!("--alias : {french}"), format!("--alias: {english}")),
        CompareError::File(error) => error.into(),
    }
}

fn sources(language: Language) -> [Arg; 3] {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    [
        Arg::new("against").long("against").visible_alias("avec").value_name(t("LIGNES", "LINES")).help(t(
            "Sans la base : l'export des lignes de l'association (export lines)",
            "Without the database: the association's own export (export lines)",
        )),
        Arg::new("statement")
            .long("statement")
            .visible_alias("releve")
            .value_name(t("FICHIER", "FILE"))
            .conflicts_with_all(["notebook", "against", "all", "association", "year", "propose"])
            .help(t(
                "Compare un relevé annuel reçu au registre, chiffre par chiffre",
                "Compares a yearly statement that was received with the ledger, figure by figure",
            )),
        Arg::new("all")
            .long("all")
            .visible_alias("tous")
            .value_name(t("DOSSIER", "FOLDER"))
            .conflicts_with_all(["notebook", "against", "association", "propose"])
            .help(t(
                "Tous les carnets d'un dossier ; un compte rendu par association",
                "Every notebook in a folder; one report per association",
            )),
    ]
}

fn readings(language: Language) -> [Arg; 6] {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    [
        Arg::new("days").long("days").visible_alias("jours").value_name("N").value_parser(value_parser!(u16).range(0..=366)).default_value("7").help(t(
            "Une date peut s'écarter d'autant de jours (7)",
            "A date may be so many days away (7)",
        )),
        Arg::new("map").long("map").visible_alias("colonne").value_name(t("COLONNE=CHAMP", "COLUMN=FIELD")).action(ArgAction::Append).help(t(
            "Ce qu'une colonne veut dire : date, partenaire, duree, sens, donne, recu, personnes, competence, identifiant, donneur, receveur, debut, fin, minutes, heures, ignorer",
            "What a column means: date, partner, duration, direction, given, received, people, skill, identifier, giver, receiver, start, end, minutes, hours, ignore",
        )),
        Arg::new("sheet").long("sheet").visible_alias("feuille").value_name(t("NOM", "NAME")).action(ArgAction::Append).help(t(
            "La feuille du classeur à lire ; toutes si rien n'est dit",
            "The sheet of the workbook to read; all of them if nothing is said",
        )),
        Arg::new("remembered").long("remembered").visible_alias("retenu").action(ArgAction::SetTrue).requires("association").conflicts_with_all(["all", "statement", "propose"]).help(t(
            "Montre ce qui est retenu des carnets d'une association : colonnes et noms",
            "Shows what is remembered of an association's notebooks: columns and names",
        )),
        Arg::new("forget").long("forget").visible_alias("oublier").value_name(t("ÉCRIT", "WRITTEN")).action(ArgAction::Append).requires("association").conflicts_with_all(["all", "statement", "propose"]).help(t(
            "Oublie ce qui est retenu d'une colonne ou d'un nom",
            "Forgets what is remembered of a column or a name",
        )),
        Arg::new("alias").long("alias").value_name(t("ÉCRIT=NOM", "WRITTEN=NAME")).action(ArgAction::Append).help(t(
            "Le partenaire qu'un nom désigne ; retenu pour la suite",
            "The partner that a name stands for; remembered",
        )),
    ]
}

fn results(language: Language) -> [Arg; 5] {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    [
        Arg::new("format").long("format").value_name("table|json|csv|html").value_parser(PossibleValuesParser::new(["table", "json", "csv", "html"])).default_value("table").help(t(
            "La forme du compte rendu ; html s'imprime",
            "The form of the report; html is for printing",
        )),
        Arg::new("out").long("out").value_name(t("FICHIER", "FILE")).help(t(
            "Où écrire le compte rendu (avec --all : dans quel dossier)",
            "Where to write the report (with --all: in which folder)",
        )),
        Arg::new("complete").long("complete").visible_alias("complet").action(ArgAction::SetTrue).help(t(
            "Montre aussi les lignes qui concordent",
            "Shows the lines that agree, too",
        )),
        Arg::new("propose").long("propose").visible_alias("proposer").action(ArgAction::SetTrue).conflicts_with("against").help(t(
            "Propose ce qui manque à l'autre association et demande la correction de ce qui diffère, après l'avoir montré",
            "Proposes what is missing to the other association and asks for corrections of what differs, after showing it",
        )),
        Arg::new("yes").long("yes").visible_alias("oui").action(ArgAction::SetTrue).requires("propose").help(t(
            "Sans poser la question",
            "Without asking",
        )),
    ]
}
