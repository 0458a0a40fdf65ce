//! Finds the columns of a table by the names that people give them.
//!
//! Case, accents and punctuation do not count (`Bénéficiaire`, `BENEFICIAIRE :`). A column that nothing here knows is
//! told, not refused: people keep columns of their own.

use ledger::{Language, name::fold};

pub use forms::{ANSWERS, ASSOCIATIONS, BALANCES, CONTRIBUTIONS, EXCHANGES, PERSONS, SKILLS};

/// A column that an import form knows.
#[derive(Debug)]
pub struct Column {
    /// Our own name for it, which a header may always use.
    pub field: &'static str,
    /// What people call it besides: the usual French name first, English ones last.
    pub names: &'static [&'static str],
    /// Whether the form means nothing without it.
    pub required: bool,
}

impl Column {
    /// Whether a header means it.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let folded = fold(name);
        folded == fold(self.field) || bears(&folded, self.names)
    }

    /// The name that people usually give it.
    pub fn name(&self, language: Language) -> String {
        let french = self.names.first().copied().unwrap_or(self.field);
        language.pick(french.to_owned(), self.field.replace('_', " "))
    }
}

/// Where the columns of a form stand in one table.
#[derive(Debug)]
pub struct Columns {
    positions: Vec<(&'static str, usize)>,
    unknown: Vec<String>,
}

impl Columns {
    /// The position of a field's column, from 0, if the table has it.
    pub fn get(&self, field: &str) -> Option<usize> {
        self.positions.iter().find(|(known, _)| *known == field).map(|(_, position)| *position)
    }

    /// The positions of all columns that the form knows.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        self.positions.iter().map(|(_, position)| *position)
    }

    /// The names in the header that the form does not know.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }
}

/// Why a header does not fit a form.
#[derive(Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// Columns are missing that the form means nothing without.
    Missing {
        /// Each of them: our own name for it, and what people call it.
        columns: Vec<(&'static str, &'static [&'static str])>,
        /// What the header says.
        found: Vec<String>,
    },
    /// Two columns say the same.
    Twice {
        /// Our own name for what they say.
        field: &'static str,
        /// Theirs.
        names: [String; 2],
    },
}

impl HeaderError {
    /// What was found and what would fit: a clause to put after the file's name.
    pub fn in_words(&self, language: Language) -> String {
        const SHOWN: usize = 3;
        let (french, english) = match self {
            Self::Missing { columns, found } => {
                let french = columns.iter().map(|(field, names)| {
                    let (usual, others) = names.split_first().unwrap_or((field, &[]));
                    format!("« {usual} » (ou : {}…)", listed(others.iter().take(SHOWN)))
                });
                let english = columns
                    .iter()
                    .map(|(field, names)| (field.replace('_', " "), listed(names.iter().rev().take(SHOWN))));
                let (french, english) = (french.collect::<Vec<_>>(), english.collect::<Vec<_>>());
                let found = listed(found);
                let english = match english.as_slice() {
                    [(field, others)] => format!("a column “{field}” is missing (or: {others}…)"),
                    several => {
                        let told = several.iter().map(|(field, others)| format!("“{field}” (or: {others}…)"));
                        format!("columns are missing: {}", told.collect::<Vec<_>>().join(", "))
                    }
                };
                (
                    format!(
                        "il manque {} {} ; la ligne de titres dit : {found}",
                        if columns.len() > 1 { "les colonnes" } else { "une colonne" },
                        french.join(", ")
                    ),
                    format!("{english}; the header line says: {found}"),
                )
            }
            Self::Twice { names: [first, second], .. } => (
                format!(
                    "les colonnes « {first} » et « {second} » disent la même chose ; gardez-en une, renommez l'autre"
                ),
                format!("the columns “{first}” and “{second}” say the same thing; keep one, rename the other"),
            ),
        };
        language.pick(french, english)
    }
}

fn listed(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    names.into_iter().map(|name| name.as_ref().to_owned()).collect::<Vec<_>>().join(", ")
}

/// Matches a header with a form.
pub fn match_header(header: &[String], columns: &[Column]) -> Result<Columns, HeaderError> {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    let (mut positions, mut missing) = (Vec::new(), Vec::new());
    for &Column { field, names, required } in columns {
        let mut bearing = (0..header.len()).filter(|&at| folded[at] == fold(field) || bears(&folded[at], names));
        match (bearing.next(), bearing.next()) {
            (Some(first), Some(second)) => {
                return Err(HeaderError::Twice { field, names: [first, second].map(|at| header[at].clone()) });
            }
            (Some(position), None) => positions.push((field, position)),
            (None, _) if required => missing.push((field, names)),
            (None, _) => {}
        }
    }
    if !missing.is_empty() {
        return Err(HeaderError::Missing { columns: missing, found: header.to_vec() });
    }
    let known = |at: usize| folded[at].is_empty() || positions.iter().any(|(_, position)| *position == at);
    let unknown = (0..header.len()).filter(|&at| !known(at)).map(|at| header[at].clone()).collect();
    Ok(Columns { positions, unknown })
}

/// How well a header fits a form: the number of its columns that the form knows; 0 where it does not fit.
pub fn rate(header: &[String], columns: &[Column]) -> usize {
    match match_header(header, columns) {
        Ok(columns) => columns.positions.len(),
        // Two columns of one name are a fault of the header, and it is one.
        Err(HeaderError::Twice { .. }) => 1,
        Err(HeaderError::Missing { .. }) => 0,
    }
}

fn bears(folded: &str, names: &[&str]) -> bool {
    names.iter().any(|name| fold(name) == folded)
}

const fn required(field: &'static str, names: &'static [&'static str]) -> Column {
    Column { field, names, required: true }
}

const fn optional(field: &'static str, names: &'static [&'static str]) -> Column {
    Column { field, names, required: false }
}

/// The six import forms. The names of two columns of a form never meet, and none is so wide that a table of someone's
/// own would often have two of them (a telephone and a mobile, a contact and a president).
#[rustfmt::skip] // One name a line would be three hundred lines.
mod forms {
    use super::{Column, optional, required};

    const ASSOCIATION: &[&str] = &[
        "association", "nom de l'association", "adhérent", "structure", "membre", "asso", "organisme", "compte",
        "member", "organization", "organisation", "association name",
    ];
    const DATE: &[&str] = &[
        "date", "date de l'échange", "jour", "quand", "date du service", "date de service", "date de l'aide",
        "date d'intervention", "le", "when", "day", "service date",
    ];
    /// Never "minutes": a bare number is read as hours.
    const DURATION: &[&str] = &[
        "durée", "heures", "temps", "nombre d'heures", "nb d'heures", "nb heures", "nbre d'heures", "nbre heures",
        "total heures", "temps passé", "durée (h)", "durée en heures", "durée (heures)", "heures (h)", "durée totale",
        "h", "time", "hours",
    ];
    const SKILL: &[&str] = &[
        "compétence", "savoir-faire", "domaine", "activité", "type d'aide", "coup de main", "activity", "competence",
    ];
    const MEMO: &[&str] = &[
        "mémo", "commentaire", "remarque", "note", "commentaires", "remarques", "notes", "observation",
        "observations", "objet", "description", "libellé", "détail", "détails", "précisions", "remark", "comments",
        "comment",
    ];
    const EMAIL: &[&str] = &[
        "courriel", "e-mail", "mail", "adresse mail", "adresse e-mail", "adresse électronique", "mèl",
        "adresse courriel", "e-mail address", "email address",
    ];

    const ANSWER: &[&str] = &["réponse", "réponses", "décision", "answers", "decision", "reply"];

    /// What somebody answers to questions about lines.
    pub const ANSWERS: &[Column] = &[
        required("line", &["ligne", "n° de ligne", "numéro de ligne", "row", "line number"]),
        optional("question", &["demande", "asked"]),
        required("answer", ANSWER),
    ];

    /// The members of a network.
    pub const ASSOCIATIONS: &[Column] = &[
        required("name", &[
            "nom", "association", "nom de l'association", "dénomination", "raison sociale", "structure", "adhérent",
            "intitulé", "organisme", "asso", "nom de la structure", "organization", "organisation",
            "association name",
        ]),
        optional("rna", &[
            "RNA", "n° RNA", "numéro RNA", "no RNA", "code RNA", "identifiant RNA", "Waldec", "n° Waldec",
            "numéro Waldec", "RNA number",
        ]),
        optional("court_register", &[
            "registre du tribunal", "registre", "registre des associations", "tribunal", "inscription au tribunal",
            "tribunal volume folio", "volume et folio", "registre local", "court",
        ]),
        optional("siren", &["SIREN", "n° SIREN", "numéro SIREN", "no SIREN", "code SIREN", "SIREN number"]),
        optional("siret", &["SIRET", "n° SIRET", "numéro SIRET", "no SIRET", "code SIRET", "SIRET number"]),
        optional("commune", &["commune", "ville", "localité", "municipality", "city", "town"]),
        optional("insee", &[
            "code INSEE", "INSEE", "code commune", "code INSEE de la commune", "code officiel géographique", "COG",
            "INSEE code",
        ]),
        optional("kind", &[
            "type", "catégorie", "forme juridique", "statut juridique", "type de structure", "type d'adhérent",
            "category", "legal form",
        ]),
        optional("former_names", &[
            "anciens noms", "ancien nom", "anciennement", "nom précédent", "noms précédents", "ex", "autrefois",
            "formerly", "previous name", "previous names", "former name",
        ]),
        optional("contact_name", &[
            "contact", "nom du contact", "correspondant", "référent", "délégué", "interlocuteur",
            "personne à contacter", "correspondante", "référente", "déléguée", "delegate", "contact person",
        ]),
        optional("email", EMAIL),
        optional("phone", &[
            "téléphone", "tél", "numéro de téléphone", "n° de téléphone", "telephone number", "phone number",
            "telephone",
        ]),
        optional("paper_only", &[
            "papier", "papier seulement", "papier uniquement", "sans ordinateur", "sans informatique",
            "sans internet", "fiche papier", "hors ligne", "offline", "no computer", "paper",
        ]),
        optional("member_since", &[
            "adhérent depuis", "membre depuis", "adhésion", "date d'adhésion", "depuis", "date d'entrée", "entrée",
            "arrivée", "since", "joined", "joined on",
        ]),
        optional("answer", ANSWER),
    ];

    /// The catalogue of skills, one line for each public list that has the skill.
    pub const SKILLS: &[Column] = &[
        required("skill", &[
            "compétence", "savoir-faire", "domaine", "activité", "nom", "intitulé", "name", "competence",
        ]),
        optional("framework", &["liste", "référentiel", "cadre", "nomenclature", "list", "taxonomy"]),
        optional("code", &["code de la liste", "URI", "identifiant", "code ROME", "code ESCO", "identifier"]),
        optional("label", &["libellé", "libellé de la liste", "intitulé officiel", "official name", "title"]),
        optional("url", &["adresse", "lien", "page", "link", "address"]),
        optional("version", &["version de la liste", "édition", "edition", "list version"]),
        optional("answer", ANSWER),
    ];

    /// The persons of a network, one line for each association they belong to.
    pub const PERSONS: &[Column] = &[
        optional("code", &[
            "code personne", "identifiant", "id", "n°", "no", "numéro", "matricule", "référence", "identifier",
            "person code",
        ]),
        optional("first_name", &["prénom", "prénoms", "petit nom", "given name", "forename"]),
        optional("last_name", &[
            "nom", "nom de famille", "patronyme", "nom d'usage", "surname", "family name",
        ]),
        optional("email", EMAIL),
        optional("birth_date", &["date de naissance", "né le", "née le", "né(e) le", "naissance", "born", "born on"]),
        required("association", ASSOCIATION),
        optional("answer", ANSWER),
    ];

    /// The hours that associations bring along when they join.
    pub const BALANCES: &[Column] = &[
        required("association", &[
            "association", "nom de l'association", "adhérent", "structure", "membre", "asso", "organisme", "nom",
            "compte", "name", "member", "account", "organization", "organisation", "association name",
        ]),
        required("balance", &[
            "solde", "heures", "report", "report à nouveau", "solde en heures", "solde (h)", "solde d'heures",
            "solde initial", "solde d'ouverture", "à nouveau", "durée", "hours", "opening balance",
        ]),
        optional("date", DATE),
        optional("memo", MEMO),
        optional("answer", ANSWER),
    ];

    /// Help given by one association to another.
    pub const EXCHANGES: &[Column] = &[
        optional("reference", &[
            "référence", "réf", "n°", "numéro", "no", "identifiant", "id", "référence de l'échange", "n° d'échange",
            "numéro d'échange", "code", "number", "ref", "exchange reference",
        ]),
        required("date", DATE),
        required("giver", &[
            "donneur", "association qui aide", "qui aide", "aidant", "a aidé", "association qui a aidé", "qui a aidé",
            "donneuse", "aidante", "association aidante", "association donneuse", "prestataire", "offreur",
            "donné par", "fait par", "de", "by", "from", "provider", "helper", "given by",
        ]),
        required("receiver", &[
            "receveur", "association aidée", "qui est aidé", "bénéficiaire", "a été aidé", "association bénéficiaire",
            "association qui est aidée", "qui est aidée", "qui a été aidé", "qui a été aidée", "a été aidée", "aidé",
            "aidée", "receveuse", "association receveuse", "association qui reçoit", "qui reçoit", "demandeur",
            "destinataire", "reçu par", "pour", "vers", "à", "to", "for", "recipient", "beneficiary", "received by",
        ]),
        required("duration", DURATION),
        optional("people", &[
            "personnes", "nombre de personnes", "nb de personnes", "nb personnes", "nbre de personnes", "nb pers",
            "bénévoles", "nombre de bénévoles", "nb de bénévoles", "nb bénévoles", "effectif", "participants",
            "combien", "headcount", "volunteers", "persons", "number of people",
        ]),
        optional("skill", SKILL),
        optional("memo", MEMO),
        optional("evidence", &[
            "preuve", "justificatif", "pièce", "pièce justificative", "source", "proof",
        ]),
        optional("slip", &[
            "bordereau", "n° de bordereau", "fiche", "n° de fiche", "bon", "n° de bon", "numéro de bordereau",
            "numéro de fiche", "carnet à souche", "paper slip", "slip number",
        ]),
        optional("answer", ANSWER),
    ];

    /// The hours of each person, in an exchange or for their own association.
    pub const CONTRIBUTIONS: &[Column] = &[
        optional("exchange", &[
            "échange", "référence", "réf", "référence de l'échange", "n° d'échange", "numéro d'échange", "ref",
            "reference", "exchange reference",
        ]),
        optional("date", DATE),
        optional("association", ASSOCIATION),
        required("person", &[
            "personne", "bénévole", "volontaire", "code personne", "code", "qui", "participant", "identifiant",
            "nom du bénévole", "nom et prénom", "prénom et nom", "name", "who", "volunteer",
        ]),
        required("duration", DURATION),
        optional("nature", &[
            "nature", "nature des heures", "type", "qualité", "type d'heures", "catégorie", "à quel titre", "rôle",
            "role", "category", "capacity", "kind",
        ]),
        optional("skill", SKILL),
        optional("answer", ANSWER),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMS: [&[Column]; 5] = [ASSOCIATIONS, PERSONS, BALANCES, EXCHANGES, CONTRIBUTIONS];

    fn header(line: &str) -> Vec<String> {
        line.split(';').map(str::to_owned).collect()
    }

    /// Which field each cell of a header is taken for, or why it does not fit.
    fn told(line: &str, form: &[Column]) -> String {
        match match_header(&header(line), form) {
            Err(error) => error.in_words(Language::French),
            Ok(columns) => {
                let mut told: Vec<&str> = vec!["?"; header(line).len()];
                for column in form {
                    if let Some(position) = columns.get(column.field) {
                        told[position] = column.field;
                    }
                }
                format!("{} {:?}", told.join(" "), columns.unknown())
            }
        }
    }

    #[test]
    fn knows_the_names_people_give() {
        let cases = [
            (ASSOCIATIONS, "name;rna;siren;commune;insee", "name rna siren commune insee []"),
            (ASSOCIATIONS, "ASSOCIATION;N° RNA;Ville;Code INSEE;Tél.", "name rna commune insee phone []"),
            (ASSOCIATIONS, "Nom;former_names;Adhérent depuis;Logo", "name former_names member_since ? [\"Logo\"]"),
            (PERSONS, "code;first_name;last_name;email;association", "code first_name last_name email association []"),
            (PERSONS, "Nom;PRENOM;E-mail;Asso", "last_name first_name email association []"),
            (BALANCES, "Adhérent;Solde (h)", "association balance []"),
            (
                EXCHANGES,
                "reference;date;giver;receiver;duration;skill;memo",
                "reference date giver receiver duration skill memo []",
            ),
            (
                EXCHANGES,
                "Date;De;À;Durée (h);Nb. personnes;;Météo",
                "date giver receiver duration people ? ? [\"Météo\"]",
            ),
            (EXCHANGES, "a_été_aidé;a_aidé;Le;Heures", "receiver giver date duration []"),
            (
                CONTRIBUTIONS,
                "exchange;date;association;person;duration;nature;skill",
                "exchange date association person duration nature skill []",
            ),
            (
                EXCHANGES,
                "Date;Aidant;Heures",
                "il manque une colonne « receveur » (ou : association aidée, qui est aidé, bénéficiaire…) ; \
                 la ligne de titres dit : Date, Aidant, Heures",
            ),
            (
                EXCHANGES,
                "Date;De;À;Minutes",
                "il manque une colonne « durée » (ou : heures, temps, nombre d'heures…) ; \
                 la ligne de titres dit : Date, De, À, Minutes",
            ),
            (
                EXCHANGES,
                "Date;De;Pour;À;Heures",
                "les colonnes « Pour » et « À » disent la même chose ; gardez-en une, renommez l'autre",
            ),
        ];
        for (form, line, expected) in cases {
            assert_eq!(told(line, form), expected);
        }
    }

    #[test]
    fn speaks_english() {
        let error = match_header(&header("Name"), PERSONS).unwrap_err();
        let expected = "a column “association” is missing (or: association name, organisation, organization…); \
                        the header line says: Name";
        assert_eq!(error.in_words(Language::English), expected);
    }

    #[test]
    fn no_name_means_two_columns_of_a_form() {
        for form in FORMS {
            let mut seen = std::collections::HashMap::new();
            for column in form {
                assert!(column.names.len() > 1, "{}", column.field);
                for name in column.names.iter().chain([&column.field]) {
                    let other = seen.insert(fold(name), column.field).unwrap_or(column.field);
                    assert_eq!(other, column.field, "{name}");
                }
            }
        }
    }
}
