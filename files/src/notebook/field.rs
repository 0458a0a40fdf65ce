//! What a column may mean, and what people call it.

use ledger::{Language, name::fold};

/// What a column may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// When help was given.
    Date,
    /// The other association.
    Partner,
    /// Hours, in whichever direction.
    Duration,
    /// Whether hours were given or received.
    Direction,
    /// Hours that the association gave.
    Given,
    /// Hours that it received.
    Received,
    /// How many people; the duration is each one's.
    People,
    /// What the help was.
    Skill,
    /// The other association's registration.
    Identifier,
    /// The association that helped; this one or [`Field::Receiver`] keeps the notebook.
    Giver,
    /// The one that was helped.
    Receiver,
    /// What the comparison does not need.
    Ignored,
}

impl Field {
    const ALL: [Self; 12] = [
        Self::Date,
        Self::Partner,
        Self::Duration,
        Self::Direction,
        Self::Given,
        Self::Received,
        Self::People,
        Self::Skill,
        Self::Identifier,
        Self::Giver,
        Self::Receiver,
        Self::Ignored,
    ];

    /// Our words for it: English, as in JSON, and French.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Date => ("date", "date"),
            Self::Partner => ("partner", "partenaire"),
            Self::Duration => ("duration", "duree"),
            Self::Direction => ("direction", "sens"),
            Self::Given => ("given", "donne"),
            Self::Received => ("received", "recu"),
            Self::People => ("people", "personnes"),
            Self::Skill => ("skill", "competence"),
            Self::Identifier => ("identifier", "identifiant"),
            Self::Giver => ("giver", "donneur"),
            Self::Receiver => ("receiver", "receveur"),
            Self::Ignored => ("ignore", "ignorer"),
        }
    }

    /// What it is called in a language.
    pub fn word(self, language: Language) -> &'static str {
        let (english, french) = self.words();
        language.pick(french, english)
    }

    /// The field that a word of ours names.
    pub fn named(word: &str) -> Option<Self> {
        let folded = fold(word);
        Self::ALL.into_iter().find(|field| {
            let (english, french) = field.words();
            folded == english || folded == french
        })
    }

    /// The names that people give to such a column, folded.
    #[rustfmt::skip] // One name a line would be two hundred lines.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Date => &[
                "date", "jour", "quand", "le", "date de l echange", "date du service", "date de service", "date de l aide",
                "date d intervention", "date intervention", "dates", "day", "when", "service date", "mois", "month",
            ],
            Self::Partner => &[
                "partenaire", "association", "asso", "avec", "avec qui", "structure", "adherent", "membre", "organisme",
                "nom", "qui", "nom de l association", "association partenaire", "autre association", "l autre association",
                "partner", "with", "organisation", "organization", "association name", "name", "member", "partenaires",
                "associations", "tiers", "contrepartie",
            ],
            Self::Duration => &[
                "duree", "heures", "temps", "nombre d heures", "nb d heures", "nb heures", "nbre d heures", "nbre heures",
                "total heures", "temps passe", "duree h", "duree en heures", "duree heures", "heures h", "duree totale", "h",
                "nb h", "time", "hours", "duration", "minutes", "duree min", "duree en minutes", "duree minutes", "nb minutes",
                "nombre de minutes", "temps total",
            ],
            Self::Direction => &[
                "sens", "direction", "donne recu", "donne ou recu", "don ou recu", "don recu", "recu donne", "type",
                "type d echange", "mouvement", "d r", "nature", "nous avons", "given received", "given or received",
            ],
            Self::Given => &[
                "heures donnees", "donne", "donnees", "donnes", "nous avons donne", "aide donnee", "temps donne", "h donnees",
                "heures offertes", "nous avons aide", "duree donnee", "hours given", "given", "nb heures donnees",
                "rendu", "heures rendues", "heures faites", "we gave", "we helped",
            ],
            Self::Received => &[
                "heures recues", "recu", "recues", "recus", "nous avons recu", "aide recue", "temps recu", "h recues",
                "nous avons ete aides", "duree recue", "hours received", "received", "nb heures recues", "we received",
                "we were helped", "heures obtenues",
            ],
            Self::People => &[
                "personnes", "nombre de personnes", "nb de personnes", "nb personnes", "nbre de personnes", "nb pers",
                "benevoles", "nombre de benevoles", "nb de benevoles", "nb benevoles", "effectif", "participants",
                "people", "volunteers", "persons", "number of people", "headcount",
            ],
            Self::Skill => &[
                "competence", "savoir faire", "domaine", "activite", "type d aide", "coup de main", "competences", "skill",
                "activity", "competency", "action", "mission",
            ],
            Self::Identifier => &[
                "identifiant", "rna", "n rna", "numero rna", "siren", "n siren", "siret", "n siret", "identifier",
                "identifiant du partenaire", "rna siren", "siren rna", "rna number", "code rna", "numero siren",
            ],
            Self::Giver => &[
                "donneur", "association qui aide", "qui aide", "aidant", "giver", "donne par", "from", "association donneuse",
                "helper", "given by", "association qui a aide", "qui a aide",
            ],
            Self::Receiver => &[
                "receveur", "association aidee", "qui est aide", "beneficiaire", "receiver", "recu par", "to",
                "association beneficiaire", "recipient", "received by", "qui a ete aide", "association qui recoit",
            ],
            Self::Ignored => &[
                "memo", "commentaire", "commentaires", "remarque", "remarques", "note", "notes", "observation",
                "observations", "objet", "description", "libelle", "detail", "details", "reference", "ref", "n", "no",
                "numero", "total", "solde", "comment", "comments", "id", "signature", "ligne", "cumul", "balance",
                "commune", "ville", "lieu", "heure", "heure de debut", "heure de fin", "debut", "fin",
            ],
        }
    }

    /// The field that a column's name tells.
    pub(super) fn of_header(name: &str) -> Option<Self> {
        let folded = fold(name);
        let bears = |field: &Self| field.names().contains(&folded.as_str());
        Self::ALL.into_iter().find(bears)
    }
}

/// A column that somebody said the meaning of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Its name, its letter (`B`) or its number (`2`).
    pub column: String,
    /// What it means.
    pub field: Field,
}

impl Mapping {
    /// Reads `COLUMN=FIELD`.
    pub fn parse(text: &str) -> Option<Self> {
        let (column, field) = text.rsplit_once('=')?;
        Some(Self { column: column.trim().to_owned(), field: Field::named(field)? })
    }

    /// The position that the mapping's letter or number means.
    pub(super) fn position(&self) -> Option<usize> {
        if let Ok(number) = self.column.parse::<usize>() {
            return number.checked_sub(1);
        }
        let letters = self.column.as_bytes();
        match letters {
            [letter @ b'A'..=b'Z'] => Some(usize::from(letter - b'A')),
            _ => None,
        }
    }
}
