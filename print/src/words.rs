//! The words of printed documents, in both languages.

use ledger::{Language, Minutes};

/// Minutes as people read them.
pub(crate) fn minutes(minutes: i64, language: Language) -> String {
    Minutes::new(minutes).display(language).to_string()
}

/// Minutes with a sign in front even when they are more than nothing.
pub(crate) fn signed(minutes: i64, language: Language) -> String {
    let plus = if minutes > 0 { "+" } else { "" };
    format!("{plus}{}", self::minutes(minutes, language))
}

/// An amount that is nothing is shown as a dash, so that the others stand out.
pub(crate) fn or_dash(minutes: i64, language: Language) -> String {
    if minutes == 0 { "–".to_owned() } else { self::minutes(minutes, language) }
}

/// What a kind of posting is called.
pub(crate) fn kind(kind: &str, language: Language) -> String {
    let (french, english) = match kind {
        "gift_in" => ("Dons reçus", "Gifts received"),
        "gift_out" => ("Dons faits", "Gifts made"),
        "dues_in" => ("Cotisations reçues", "Dues received"),
        "dues_out" => ("Cotisations au fonds de solidarité", "Dues to the solidarity fund"),
        "grant_in" => ("Reçu du fonds de solidarité", "Granted by the solidarity fund"),
        "grant_out" => ("Accordé par le fonds", "Granted"),
        "opening" => ("Solde repris", "Balance brought in"),
        "correction" => ("Corrections", "Corrections"),
        "departure" => ("Départ d'un adhérent", "A member's departure"),
        "merger" => ("Fusion", "Merger"),
        other => (other, other),
    };
    language.pick(french, english).to_owned()
}

/// What a nature of volunteering is called.
pub(crate) fn nature(nature: &str, language: Language) -> String {
    let (french, english) = match nature {
        "operational" => ("Bénévolat de terrain", "Volunteering"),
        "governance" => ("Gouvernance (bureau, conseil)", "Governing"),
        "supervision" => ("Encadrement de bénévoles", "Leading volunteers"),
        "employee" => ("Salariés", "Employees"),
        "skills_sponsorship" => ("Mécénat de compétences", "Skills sponsorship"),
        "civic_service" => ("Service civique", "Civic service"),
        other => (other, other),
    };
    language.pick(french, english).to_owned()
}

/// How the network knows of an exchange.
pub(crate) fn evidence(kind: &str, language: Language) -> String {
    let (french, english) = match kind {
        "both_sides" => ("confirmés par les deux associations", "confirmed by both associations"),
        "email_link" => ("confirmés par un lien reçu par courriel", "confirmed by a link sent by e-mail"),
        "paper_slip" => ("fiche papier signée", "a signed paper slip"),
        "file" => ("fichier de la coordination", "the coordinator's file"),
        "mandate" => ("mandat permanent", "a standing mandate"),
        "coordinator" => ("attestés par la coordination", "vouched for by the coordinator"),
        "exchange_settled" => ("tranchés par la médiation", "settled by a mediator"),
        "exchange_released" => ("libérés par la coordination", "released by the coordinator"),
        other => (other, other),
    };
    language.pick(french, english).to_owned()
}

/// What waits, and for whom.
pub(crate) fn waiting(state: &str, language: Language) -> String {
    let (french, english) = match state {
        "proposed" => ("sans réponse", "without an answer"),
        "contested" => ("contestés", "contested"),
        "held" => ("en attente de la coordination", "held for the coordinator"),
        other => (other, other),
    };
    language.pick(french, english).to_owned()
}

/// What a registration is called.
pub(crate) fn identifier(kind: &str) -> &str {
    match kind {
        "rna" => "RNA",
        "siren" => "SIREN",
        "siret" => "SIRET",
        "court_register" => "Registre du tribunal",
        other => other,
    }
}

/// The months, as they stand under a chart.
pub(crate) fn months(language: Language) -> [&'static str; 12] {
    language.pick(
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    )
}
