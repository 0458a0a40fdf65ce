//! The words of each export.

use clap::{Arg, ArgAction, Command, builder::PossibleValuesParser};
use ledger::Language;

use crate::arguments;

pub(super) fn hledger(language: Language) -> Command {
    let about =
        language.pick("Un journal pour hledger ou ledger, en minutes", "A journal for hledger or ledger, in minutes");
    whole("hledger", about, language)
}

pub(super) fn csv(language: Language) -> Command {
    let about = language
        .pick("Les échanges, dans la forme que « import » relit", "The exchanges, in the form that “import” reads");
    whole("csv", about, language).arg(
        Arg::new("spreadsheet").long("spreadsheet").visible_alias("tableur").action(ArgAction::SetTrue).help(
            language.pick(
                "Pour un tableur français : points-virgules, titres en français, heures à virgule",
                "For an English spreadsheet: opens with its accents, with hours as numbers too",
            ),
        ),
    )
}

pub(super) fn lines(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    Command::new("lines")
        .visible_alias("lignes")
        .about(t(
            "Les lignes d'une association pour un exercice : ce que « rapprocher --against » compare à son carnet",
            "An association's lines of a year: what “reconcile --against” compares its notebook with",
        ))
        .after_help(t(
            "Exemple : coudemain exporter lignes --association \"Chorale de Janzé\" --year 2025 --out chorale-2025.csv",
            "Example: coudemain export lines --association \"Village choir\" --year 2025 --out choir-2025.csv",
        ))
        .args(arguments::ledger(language))
        .arg(arguments::association(language).required(true))
        .arg(arguments::year(language).required(true))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("csv|xlsx")
                .value_parser(PossibleValuesParser::new(["csv", "xlsx"]))
                .default_value("csv")
                .help(t(
                    "csv : le fichier que « rapprocher » relit et que les relevés scellent ; xlsx : le même, à lire",
                    "csv: the file that “reconcile” reads and statements seal; xlsx: the same, to read",
                )),
        )
        .arg(arguments::out(language))
}

pub(super) fn valuation(language: Language) -> Command {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("valuation")
        .visible_alias("valorisation")
        .about(t(
            "Les heures de bénévolat pour les comptes annuels (864/875), et pour le compte d'engagement citoyen",
            "Volunteer hours for the annual accounts (864/875), and for the citizen-engagement account",
        ))
        .after_help(t(
            "Sans taux, les heures seules. Exemple : coudemain exporter valorisation --year 2025 --smic 1 --format xlsx --out benevolat-2025.xlsx",
            "Without a rate, hours alone. Example: coudemain export valuation --year 2025 --smic 1 --format xlsx --out volunteers-2025.xlsx",
        ))
        .args(arguments::ledger(language))
        .arg(arguments::association(language))
        .arg(arguments::year(language).required_unless_present_all(["from", "to"]).conflicts_with_all(["from", "to"]))
        .arg(option("from", "DATE", t("Du (date de service)", "From (service date)")).visible_alias("du").requires("to"))
        .arg(option("to", "DATE", t("Au", "To")).visible_alias("au").requires("from"))
        .arg(option("rate", "EUROS", t("Un seul taux horaire", "One hourly rate")).visible_alias("taux").conflicts_with_all(["rates", "smic"]))
        .arg(option("method", t("LIBELLÉ", "LABEL"), t("La méthode de ce taux, pour l'annexe", "That rate's method, for the notes")).visible_alias("methode").requires("rate"))
        .arg(option("rates", t("FICHIER", "FILE"), t("Des taux datés : depuis, territoire, taux, méthode", "Dated rates: since, territory, rate, method")).visible_alias("bareme").conflicts_with("smic"))
        .arg(option("smic", t("FOIS", "TIMES"), t("Le SMIC horaire brut, tant de fois (1, ou 1,5)", "The gross hourly minimum wage, so many times (1, or 1.5)")))
        .arg(
            Arg::new("hours-only")
                .long("hours-only")
                .visible_alias("heures-seules")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["rate", "rates", "smic"])
                .help(t("Les heures, sans euros (c'est aussi le cas sans taux)", "Hours, no euros (as without a rate)")),
        )
        .arg(
            Arg::new("with-governance")
                .long("with-governance")
                .visible_alias("avec-gouvernance")
                .action(ArgAction::SetTrue)
                .help(t("Compte aussi le temps des instances", "Counts time in governing bodies, too")),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("csv|xlsx|entries|paheko|annex|figures|cec")
                .value_parser(PossibleValuesParser::new([
                    "csv", "xlsx", "entries", "paheko", "annex", "figures", "cec",
                ]))
                .default_value("csv")
                .help(t(
                    "csv : les lignes ; entries : les écritures ; paheko : l'écriture que Paheko importe ; annex : un texte pour l'annexe ; figures : bénévoles, heures, équivalents temps plein ; cec : l'engagement citoyen ; xlsx : tout",
                    "csv: the lines; entries: accounting entries; paheko: the entry that Paheko imports; annex: a text for the annex; figures: volunteers, hours, full-time equivalents; cec: citizen engagement; xlsx: everything",
                )),
        )
        .arg(arguments::out(language))
}

/// An export of the whole ledger.
fn whole(name: &'static str, about: &'static str, language: Language) -> Command {
    let example = language.pick("Exemple :", "Example:");
    Command::new(name)
        .about(about)
        .after_help(format!("{example} coudemain export {name} --out {name}.txt"))
        .args(arguments::ledger(language))
        .arg(arguments::out(language))
}
