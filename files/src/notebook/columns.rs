//! Which column means what: by its name, else by what stands in it, or as somebody said.

use ledger::{Language, name::fold};

use super::{
    sheet::{Cell, NotebookError, Row},
    values,
};

/// What a column may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Date,
    Partner,
    /// Hours, in whichever direction.
    Duration,
    Direction,
    /// Hours that the association gave.
    Given,
    /// Hours that it received.
    Received,
    /// How many people; the duration is each one's.
    People,
    Skill,
    Identifier,
    /// The association that helped, and the one that was helped: one of them keeps the notebook.
    Giver,
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
    fn of_header(name: &str) -> Option<Self> {
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
    pub field: Field,
}

impl Mapping {
    /// Reads `COLUMN=FIELD`.
    pub fn parse(text: &str) -> Option<Self> {
        let (column, field) = text.rsplit_once('=')?;
        Some(Self { column: column.trim().to_owned(), field: Field::named(field)? })
    }

    /// The position that the mapping's letter or number means.
    fn position(&self) -> Option<usize> {
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

/// A table in a sheet: some columns, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    positions: Vec<(Field, usize)>,
    /// Whether bare numbers in the duration column are minutes.
    pub is_minutes: bool,
    /// The names in the header, for whoever has to choose among them.
    pub names: Vec<String>,
}

impl Columns {
    pub fn get(&self, field: Field) -> Option<usize> {
        self.positions.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    fn has_amounts(&self) -> bool {
        self.has(Field::Duration) || self.has(Field::Given) || self.has(Field::Received)
    }

    /// Whether partners can be told: in one column or in two.
    fn has_partner(&self) -> bool {
        self.has(Field::Partner) || self.has(Field::Identifier) || (self.has(Field::Giver) && self.has(Field::Receiver))
    }

    /// Every column that means something, as "Date: date, Asso: partner".
    pub fn told(&self, language: Language) -> String {
        let mut positions = self.positions.clone();
        positions.sort_by_key(|(_, at)| *at);
        let told = positions.iter().map(|(field, at)| {
            let name = self.names.get(*at).filter(|name| !name.is_empty()).cloned();
            format!("{} = {}", name.unwrap_or_else(|| letter(*at)), field.word(language))
        });
        told.collect::<Vec<_>>().join(", ")
    }

    /// The tables whose header a row is: none, one, or several side by side.
    pub fn of_header(row: &Row, mappings: &[Mapping]) -> Vec<Self> {
        // Names of columns hold no figures, but for one now and then: this spares looking at each of a thousand lines.
        let has_figures = |cell: &&Cell| match cell {
            Cell::Empty => false,
            Cell::Text(text) => text.bytes().any(|byte| byte.is_ascii_digit()),
            Cell::Number(_) | Cell::Moment { .. } | Cell::Fault(_) => true,
        };
        if row.cells.iter().filter(has_figures).count() > 1 {
            return Vec::new();
        }
        let names: Vec<String> = row.cells.iter().map(|cell| cell.text().trim().to_owned()).collect();
        let mut tables: Vec<Self> = vec![Self { names: names.clone(), ..Self::default() }];
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let mapped =
                mappings.iter().find(|mapping| fold(&mapping.column) == fold(name)).map(|mapping| mapping.field);
            let Some(field) = mapped.or_else(|| Field::of_header(name)) else { continue };
            let Some(table) = tables.last_mut() else { continue };
            // A second date begins a second table; a second partner or duration is a column of somebody's own.
            if field == Field::Date && table.has(Field::Date) && table.has_amounts() {
                tables.push(Self { names: names.clone(), ..Self::default() });
            }
            if let Some(table) = tables.last_mut().filter(|table| field != Field::Ignored && !table.has(field)) {
                table.positions.push((field, at));
                let folded = fold(name);
                table.is_minutes |= matches!(field, Field::Duration | Field::Given | Field::Received)
                    && folded.split(' ').any(|word| matches!(word, "min" | "mn" | "minutes"));
            }
        }
        // Two telling names make a header; one alone is a title.
        tables.retain(|table| {
            let telling = [Field::Date, Field::Partner, Field::Duration, Field::Given, Field::Received, Field::Giver];
            telling.iter().filter(|field| table.has(**field)).count() >= 2
        });
        tables
    }

    /// Adds the columns that letters and numbers in the mappings mean.
    pub fn with_mappings(mut self, mappings: &[Mapping], width: usize) -> Result<Self, NotebookError> {
        for mapping in mappings {
            let by_name = self.names.iter().position(|name| fold(name) == fold(&mapping.column));
            let at = by_name.or_else(|| mapping.position()).filter(|at| *at < width);
            let Some(at) = at else {
                let columns = self.shown_names(width);
                return Err(NotebookError::NoSuchColumn { wanted: mapping.column.clone(), columns });
            };
            self.positions.retain(|(field, known)| *known != at && *field != mapping.field);
            if mapping.field != Field::Ignored {
                self.positions.push((mapping.field, at));
            }
        }
        Ok(self)
    }

    fn shown_names(&self, width: usize) -> Vec<String> {
        (0..width.max(self.names.len()))
            .map(|at| self.names.get(at).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| letter(at)))
            .collect()
    }

    /// Finds the columns that the header does not tell by what stands in them.
    pub fn completed(mut self, rows: &[Row], hints: &super::Hints<'_>) -> Self {
        const SAMPLE: usize = 200;
        let sample: Vec<&Row> =
            rows.iter().filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).take(SAMPLE).collect();
        let width = sample.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        // More than half of what is filled says so, and not just a cell or two.
        let share = |at: usize, is_so: &dyn Fn(&Cell) -> bool| {
            let filled: Vec<&Cell> =
                sample.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty()).collect();
            let so = filled.iter().filter(|cell| is_so(cell)).count();
            (so * 2 > filled.len() && (so > 2 || so == filled.len())).then_some(so)
        };
        let taken = |columns: &Self, at: usize| {
            columns.positions.iter().any(|(_, known)| *known == at)
                || columns.names.get(at).is_some_and(|name| Field::of_header(name) == Some(Field::Ignored))
        };
        let best = |columns: &Self, is_so: &dyn Fn(&Cell) -> bool| {
            let open = (0..width).filter(|at| !taken(columns, *at));
            let shares = open.filter_map(|at| share(at, is_so).map(|so| (so, std::cmp::Reverse(at))));
            shares.max().map(|(_, std::cmp::Reverse(at))| at)
        };
        if !self.has(Field::Date)
            && let Some(at) = best(&self, &|cell| values::looks_like_date(cell, hints.year))
        {
            self.positions.push((Field::Date, at));
        }
        if !self.has_partner()
            && let Some(at) = best(&self, &|cell| matches!(cell, Cell::Text(text) if (hints.is_member)(text)))
        {
            self.positions.push((Field::Partner, at));
        }
        let has_direction = self.has(Field::Direction) || self.has(Field::Giver);
        if !self.has_amounts()
            && let Some(at) = best(&self, &values::looks_like_duration)
        {
            self.positions.push((Field::Duration, at));
            // Two columns that are never both filled: given first, as people think of it.
            let second = best(&self, &values::looks_like_duration).filter(|_| !has_direction);
            let both = |other: usize| {
                let filled = |row: &Row, at: usize| row.cells.get(at).is_some_and(|cell| !cell.is_empty());
                sample.iter().any(|row| filled(row, at) && filled(row, other))
            };
            if let Some(other) = second.filter(|other| !both(*other)) {
                self.positions.pop();
                self.positions.extend([(Field::Given, at.min(other)), (Field::Received, at.max(other))]);
            }
        }
        let is_one_amount = self.has(Field::Duration) && !self.has(Field::Given);
        if is_one_amount
            && !has_direction
            && let Some(at) = best(&self, &|cell| matches!(cell, Cell::Text(text) if values::side(text).is_some()))
        {
            self.positions.push((Field::Direction, at));
        }
        self
    }

    /// Whether a notebook can be read with these columns.
    pub fn check(&self, width: usize) -> Result<(), NotebookError> {
        let columns = || self.shown_names(width);
        if !self.has_amounts() {
            Err(NotebookError::NoDuration { columns: columns() })
        } else if !self.has_partner() {
            Err(NotebookError::NoPartner { columns: columns() })
        } else if !self.has(Field::Date) {
            Err(NotebookError::NoDate { columns: columns() })
        } else {
            Ok(())
        }
    }
}

fn letter(at: usize) -> String {
    match u8::try_from(at) {
        Ok(at @ 0..26) => char::from(b'A' + at).to_string(),
        _ => (at + 1).to_string(),
    }
}
