//! What the name of a column says: which field it is, and what its bare numbers count.
//!
//! Hours have too many names for a list ("Temps passé (mn)", "Nb d'heures que nous avons données"): they are read word by
//! word, and a name with a word that means something else is none of theirs.

use ledger::name::fold;

use super::field::{Field, Unit};

/// What the name of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) field: Field,
    pub(super) unit: Unit,
}

impl Heading {
    /// What a column's name says, if it is one that people give.
    pub(super) fn of(name: &str) -> Option<Self> {
        let folded = fold(name);
        let words: Vec<&str> = folded.split(' ').collect();
        let unit = unit_of(&words);
        let bears = |field: &Field| names(*field).contains(&folded.as_str());
        let field = Field::ALL.into_iter().find(bears).or_else(|| hours_of(&words))?;
        Some(Self { field, unit: if Field::AMOUNTS.contains(&field) { unit } else { Unit::Unsaid } })
    }

    /// What the unit in a name counts, whatever else it says.
    pub(super) fn unit_in(name: &str) -> Unit {
        let folded = fold(name);
        unit_of(&folded.split(' ').collect::<Vec<_>>())
    }

    /// What is said below the name of a column, of its unit alone: "(h)", "min".
    pub(super) fn unit_alone(name: &str) -> Option<Unit> {
        let folded = fold(name);
        let words: Vec<&str> = folded.split(' ').collect();
        let is_unit = |word: &&str| is_minutes(word) || is_hours(word) || matches!(*word, "en" | "in" | "mm" | "hhmm");
        (!folded.is_empty() && words.iter().all(is_unit)).then(|| unit_of(&words))
    }

    /// The unit that a title above a table tells for all of it: "Toutes les durées sont en minutes".
    pub(super) fn unit_of_title(title: &str) -> Option<Unit> {
        let folded = fold(title);
        let words: Vec<&str> = folded.split(' ').collect();
        let is_told = words.windows(2).any(|pair| matches!(pair[0], "en" | "in") && is_minutes(pair[1]));
        let is_both = words.iter().any(|word| matches!(*word, "heures" | "hours" | "h"))
            && words.windows(2).any(|pair| matches!(pair[0], "et" | "and"));
        (is_told && !is_both).then_some(Unit::Minutes)
    }
}

fn is_minutes(word: &str) -> bool {
    matches!(word, "min" | "mn" | "mins" | "mns" | "minute" | "minutes" | "minut")
}

fn is_hours(word: &str) -> bool {
    matches!(word, "h" | "hr" | "hrs" | "hh" | "heure" | "heures" | "hour" | "hours")
}

fn unit_of(words: &[&str]) -> Unit {
    let has = |is: fn(&str) -> bool| words.iter().any(|word| is(word));
    let is_clock = words.iter().any(|word| matches!(*word, "hhmm" | "hmm" | "mm"));
    match (has(is_hours), has(is_minutes)) {
        _ if is_clock => Unit::Clock,
        (true, true) => Unit::Clock,
        (true, false) => Unit::Hours,
        (false, true) => Unit::Minutes,
        (false, false) => Unit::Unsaid,
    }
}

/// Words that say nothing of a column of hours but that it is one, or nothing at all.
#[rustfmt::skip] // One word a line would be sixty lines.
const BESIDE: [&str; 56] = [
    "en", "de", "d", "des", "du", "le", "la", "les", "l", "nb", "nbre", "nombre", "n", "total", "totale", "totales",
    "totaux", "duree", "durees", "temps", "passe", "passes", "passee", "passees", "reel", "reelle", "reels", "reelles",
    "effectif", "effective", "effectives", "effectue", "effectuee", "effectues", "effectuees", "par", "personne", "pers",
    "benevole", "chacun", "chacune", "time", "duration", "of", "in", "the", "number", "spent", "per", "person", "each",
    "actual", "mm", "hhmm", "hmm", "nets",
];

/// Words around what was given or received: "ce que nous avons donné".
const AROUND: [&str; 19] = [
    "nous", "on", "avons", "avait", "a", "ete", "j", "ai", "que", "qu", "qui", "ce", "we", "us", "were", "have",
    "aide", "aides", "aidees",
];

const GIVEN: [&str; 15] = [
    "donne", "donnee", "donnees", "donnes", "offert", "offerte", "offertes", "offerts", "rendu", "rendue", "rendues",
    "rendus", "fournies", "given", "gave",
];

const RECEIVED: [&str; 11] = [
    "recu",
    "recue",
    "recues",
    "recus",
    "received",
    "beneficie",
    "beneficiees",
    "obtenu",
    "obtenue",
    "obtenues",
    "obtenus",
];

/// The field of hours that a name tells word by word.
fn hours_of(words: &[&str]) -> Option<Field> {
    let is_any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let is_known = |word: &str| {
        is_minutes(word)
            || is_hours(word)
            || BESIDE.contains(&word)
            || AROUND.contains(&word)
            || GIVEN.contains(&word)
            || RECEIVED.contains(&word)
    };
    // "Donné à" and "reçu de" name a partner.
    let is_partner = matches!(words.last(), Some(&("a" | "de" | "par" | "of")));
    if is_partner || !words.iter().all(|word| is_known(word)) {
        return None;
    }
    match (is_any(&GIVEN), is_any(&RECEIVED)) {
        (true, true) => None,
        (true, false) => Some(Field::Given),
        (false, true) => Some(Field::Received),
        (false, false) if is_any(&["aide", "aides", "aidees"]) => {
            let is_told = is_any(&["avons", "a", "ai", "have"]);
            match (is_any(&["ete", "were"]), is_told) {
                (true, _) => Some(Field::Received),
                (false, true) => Some(Field::Given),
                (false, false) => None,
            }
        }
        (false, false) => {
            // "Heure" alone is a time of day; "personne" alone counts heads.
            let is_counted = is_any(&["nb", "nbre", "nombre", "total"]) && is_any(&["heure", "hour", "h"]);
            let is_time = is_any(&["duree", "durees", "temps", "time", "duration", "heures", "hours", "h", "hhmm"])
                || words.iter().any(|word| is_minutes(word));
            let is_bare = !is_any(&AROUND);
            (is_bare && (is_time || is_counted)).then_some(Field::Duration)
        }
    }
}

/// The names that people give to such a column, folded.
#[rustfmt::skip] // One name a line would be two hundred lines.
#[expect(clippy::too_many_lines, reason = "a list, and nothing else")]
const fn names(field: Field) -> &'static [&'static str] {
    match field {
        Field::Date => &[
            "date", "jour", "quand", "le", "date de l echange", "date du service", "date de service", "date de l aide",
            "date d intervention", "date intervention", "dates", "day", "when", "service date", "mois", "month",
        ],
        Field::Partner => &[
            "partenaire", "association", "asso", "avec", "avec qui", "structure", "adherent", "membre", "organisme",
            "nom", "qui", "nom de l association", "association partenaire", "autre association", "l autre association",
            "partner", "with", "organisation", "organization", "association name", "name", "member", "partenaires",
            "associations", "tiers", "contrepartie",
        ],
        Field::Duration => &[
            "duree", "heures", "temps", "nombre d heures", "nb d heures", "nb heures", "nbre d heures", "nbre heures",
            "total heures", "temps passe", "duree h", "duree en heures", "duree heures", "heures h", "duree totale",
            "h", "nb h", "time", "hours", "duration", "minutes", "duree min", "duree en minutes", "duree minutes",
            "nb minutes", "nombre de minutes", "temps total",
        ],
        Field::Direction => &[
            "sens", "direction", "donne recu", "donne ou recu", "don ou recu", "don recu", "recu donne", "type",
            "type d echange", "mouvement", "d r", "nature", "nous avons", "given received", "given or received",
        ],
        Field::Given => &[
            "heures donnees", "donne", "donnees", "donnes", "nous avons donne", "aide donnee", "temps donne",
            "h donnees", "heures offertes", "nous avons aide", "duree donnee", "hours given", "given",
            "nb heures donnees", "rendu", "heures rendues", "heures faites", "we gave", "we helped",
        ],
        Field::Received => &[
            "heures recues", "recu", "recues", "recus", "nous avons recu", "aide recue", "temps recu", "h recues",
            "nous avons ete aides", "duree recue", "hours received", "received", "nb heures recues", "we received",
            "we were helped", "heures obtenues",
        ],
        Field::People => &[
            "personnes", "nombre de personnes", "nb de personnes", "nb personnes", "nbre de personnes", "nb pers",
            "benevoles", "nombre de benevoles", "nb de benevoles", "nb benevoles", "effectif", "participants",
            "people", "volunteers", "persons", "number of people", "headcount", "intervenants",
            "nombre d intervenants", "nb intervenants", "nombre de participants", "nb participants",
            "participants presents", "nombre d adherents", "nb adherents", "nb de pers", "nombre de pers",
            "personnes presentes",
        ],
        Field::Skill => &[
            "competence", "savoir faire", "domaine", "activite", "type d aide", "coup de main", "competences", "skill",
            "activity", "competency", "action", "mission",
        ],
        Field::Identifier => &[
            "identifiant", "rna", "n rna", "numero rna", "siren", "n siren", "siret", "n siret", "identifier",
            "identifiant du partenaire", "rna siren", "siren rna", "rna number", "code rna", "numero siren",
        ],
        Field::Giver => &[
            "donneur", "association qui aide", "qui aide", "aidant", "giver", "donne par", "from",
            "association donneuse", "helper", "given by", "association qui a aide", "qui a aide",
        ],
        Field::Receiver => &[
            "receveur", "association aidee", "qui est aide", "beneficiaire", "receiver", "recu par", "to",
            "association beneficiaire", "recipient", "received by", "qui a ete aide", "association qui recoit",
        ],
        Field::Start => &[
            "debut", "heure debut", "heure de debut", "h debut", "hre debut", "heure d arrivee", "heure arrivee",
            "arrivee", "commence a", "heure du debut", "debut h", "horaire de debut", "horaire debut", "start",
            "start time", "begin", "began", "started at", "time in",
        ],
        Field::End => &[
            "fin", "heure fin", "heure de fin", "h fin", "hre fin", "heure de depart", "heure depart", "depart",
            "termine a", "heure de la fin", "fin h", "horaire de fin", "horaire fin", "end", "end time", "finish",
            "ended", "ended at", "time out",
        ],
        Field::Ignored => &[
            "memo", "commentaire", "commentaires", "remarque", "remarques", "note", "notes", "observation",
            "observations", "objet", "description", "libelle", "detail", "details", "reference", "ref", "n", "no",
            "numero", "total", "solde", "comment", "comments", "id", "signature", "ligne", "cumul", "balance",
            "commune", "ville", "lieu", "heure",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_tell_the_field_and_the_unit() {
        let cases = [
            ("Durée", "Duration Unsaid"),
            ("Heures", "Duration Hours"),
            ("Temps (min)", "Duration Minutes"),
            ("Durée (mn)", "Duration Minutes"),
            ("Nb min", "Duration Minutes"),
            ("Durée en mn", "Duration Minutes"),
            ("min", "Duration Minutes"),
            ("mn", "Duration Minutes"),
            ("MINUTES", "Duration Minutes"),
            ("Temps en minutes", "Duration Minutes"),
            ("Nombre de min", "Duration Minutes"),
            ("Total minutes", "Duration Minutes"),
            ("Minutes données", "Given Minutes"),
            ("Temps passé (min)", "Duration Minutes"),
            ("Temps passé (en min.)", "Duration Minutes"),
            ("Donné (min)", "Given Minutes"),
            ("Reçu (min)", "Received Minutes"),
            ("Minutes reçues", "Received Minutes"),
            ("Durée (h:min)", "Duration Clock"),
            ("Durée hh:mm", "Duration Clock"),
            ("Durée h/mn", "Duration Clock"),
            ("On a donné (h)", "Given Hours"),
            ("On a reçu (h)", "Received Hours"),
            ("Ce que nous avons donné", "Given Unsaid"),
            ("Nous avons aidé (h)", "Given Hours"),
            ("Nous avons été aidés (h)", "Received Hours"),
            ("Nb d'heures données", "Given Hours"),
            ("Durée réelle", "Duration Unsaid"),
            ("Durée par personne", "Duration Unsaid"),
            ("Nb heure", "Duration Hours"),
            ("Heure", "Ignored Unsaid"),
            ("Heure début", "Start Unsaid"),
            ("Fin", "End Unsaid"),
            ("Donné/Reçu", "Direction Unsaid"),
            ("Donné à", "none"),
            ("Reçu de", "none"),
            ("Reçu par", "Receiver Unsaid"),
            ("Nb personnes", "People Unsaid"),
            ("Km", "none"),
            ("Prix", "none"),
            ("Durée en jours", "none"),
            ("Temps (s)", "none"),
            ("Association aidée", "Receiver Unsaid"),
            ("Date du don", "none"),
        ];
        for (name, expected) in cases {
            let told = Heading::of(name).map_or("none".to_owned(), |it| format!("{:?} {:?}", it.field, it.unit));
            assert_eq!(told, expected, "{name}");
        }
        assert_eq!(Heading::unit_alone("(h)"), Some(Unit::Hours));
        assert_eq!(Heading::unit_alone("min."), Some(Unit::Minutes));
        assert_eq!(Heading::unit_alone("données"), None);
        assert_eq!(Heading::unit_of_title("Carnet 2024 (durées en minutes)"), Some(Unit::Minutes));
        assert_eq!(Heading::unit_of_title("Minutes des réunions"), None);
    }
}
