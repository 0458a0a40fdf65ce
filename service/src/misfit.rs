//! What does not fit in what a caller sent, and what would have fitted: a closed list, in two languages.
//!
//! The caller's own text is a part of it like any other. It is shown and never read again, whatever it says.

use ledger::Language;

/// So much of what was found is shown, in characters.
const SHOWN_MOST: usize = 60;

/// What does not fit, and what would have.
#[derive(Debug, Clone, PartialEq)]
pub enum Misfit {
    /// A field that nothing is known of.
    UnknownField {
        /// Its name.
        name: String,
        /// The fields that there are.
        fits: &'static [&'static str],
    },
    /// A field that has to be there.
    MissingField(&'static str),
    /// A field that stands there twice.
    DuplicateField(String),
    /// A word that is none of a closed list's.
    UnknownWord {
        /// The word, where it is shown.
        found: Option<String>,
        /// The list.
        fits: Vec<&'static str>,
    },
    /// Another type than is asked for.
    Type {
        /// What is there.
        found: Found,
        /// What would fit.
        fits: Fits,
    },
    /// The type that is asked for, and a value that is impossible.
    Value {
        /// What is there.
        found: Found,
        /// What would fit, where it can be said.
        fits: Option<Fits>,
    },
    /// Too short or too long.
    Length {
        /// How long it is.
        found: usize,
        /// What would fit.
        fits: Fits,
    },
    /// The JSON ends before it is complete.
    JsonBreaksOff(Place),
    /// From there on it is no JSON.
    NoJson(Place),
    /// Not all of the body arrived.
    BodyBreaksOff,
    /// What a value's reader says in words of its own, which are English.
    Said(String),
}

/// A place in a text, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in that line.
    pub column: usize,
}

/// What stands in a place where something else should.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A text among JSON's types.
    Text(String),
    /// A whole number among JSON's types.
    WholeNumber(String),
    /// Another number among JSON's types.
    Number(f64),
    /// `true` or `false` among JSON's types.
    Boolean(bool),
    /// `null`.
    Null,
    /// An object.
    Object,
    /// A list.
    List,
    /// Anything but a list.
    NoList,
    /// A value as it was written.
    Written(String),
    /// A character that steers machines, or that nobody sees.
    ControlCharacter(char),
    /// A text that is no cursor of the list.
    NoCursor,
    /// A name that no list of this network has.
    NothingOfThisNetwork,
    /// A text that is no e-mail address.
    NoAddress,
    /// What a library calls it, in English.
    Other(String),
}

/// What would fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fits {
    /// A whole number.
    WholeNumber,
    /// A number nearer to zero.
    SmallerNumber,
    /// A whole number from the first to the second.
    Between(i64, i64),
    /// A text.
    Text,
    /// A text of so many characters.
    CharactersBetween(usize, usize),
    /// A text of at most so many characters.
    CharactersAtMost(usize),
    /// A text of at least so many characters.
    CharactersAtLeast(usize),
    /// `true` or `false`.
    Boolean,
    /// A list.
    List,
    /// A list of the first to the second number of things.
    ThingsBetween(usize, usize),
    /// A list of one to so many exchanges.
    ExchangesAtMost(usize),
    /// At least one scope.
    Scope,
    /// A word.
    Word,
    /// An object.
    Object,
    /// A day.
    Date,
    /// A name that the service gave.
    Name,
    /// A name that one of the lists shows.
    ListedName,
    /// Where another page of a list begins.
    Cursor,
    /// Where a stream of events goes on.
    EventCursor,
    /// An e-mail address.
    Address,
    /// What a library calls it, in English.
    Other(String),
}

impl Misfit {
    /// The field that it names: unknown, missing, or there twice.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::UnknownField { name, .. } | Self::DuplicateField(name) => Some(name),
            Self::MissingField(name) => Some(name),
            Self::UnknownWord { .. }
            | Self::Type { .. }
            | Self::Value { .. }
            | Self::Length { .. }
            | Self::JsonBreaksOff(_)
            | Self::NoJson(_)
            | Self::BodyBreaksOff
            | Self::Said(_) => None,
        }
    }

    /// It in a sentence.
    pub fn in_words(&self, language: Language) -> String {
        let pick = |french: &'static str, english: &'static str| language.pick(french, english);
        match self {
            Self::UnknownField { name, fits } => {
                let (said, name) = (pick("champ inconnu :", "unknown field"), shown(name));
                let none = pick(" ; il n'y a pas de champ ici", ", there are no fields");
                let fits = if fits.is_empty() { none.to_owned() } else { would_fit(&one_of(fits, language), language) };
                format!("{said} `{name}`{fits}")
            }
            Self::MissingField(name) => format!("{} `{name}`", pick("champ manquant :", "missing field")),
            Self::DuplicateField(name) => format!("{} `{}`", pick("champ en double :", "duplicate field"), shown(name)),
            Self::UnknownWord { found, fits } => {
                let fits = would_fit(&one_of(fits, language), language);
                match found {
                    Some(found) => format!("{} `{}`{fits}", pick("mot inconnu :", "unknown variant"), shown(found)),
                    None => format!("{}{fits}", pick("mot inconnu", "unknown variant")),
                }
            }
            Self::Type { found, fits } => {
                let (said, found) = (pick("type impossible :", "invalid type:"), found.in_words(language));
                format!("{said} {found}{}", would_fit(&fits.in_words(language), language))
            }
            Self::Value { found, fits } => {
                let (said, found) = (pick("valeur impossible :", "invalid value:"), found.in_words(language));
                let fits = fits.as_ref().map(|fits| would_fit(&fits.in_words(language), language));
                format!("{said} {found}{}", fits.unwrap_or_default())
            }
            Self::Length { found, fits } => {
                let said = pick("longueur impossible :", "invalid length");
                format!("{said} {found}{}", would_fit(&fits.in_words(language), language))
            }
            Self::JsonBreaksOff(Place { line, column }) => language.pick(
                format!("le JSON s'arrête trop tôt, ligne {line}, colonne {column}"),
                format!("the JSON breaks off at line {line}, column {column}"),
            ),
            Self::NoJson(Place { line, column }) => language.pick(
                format!("pas de JSON à partir de la ligne {line}, colonne {column}"),
                format!("no JSON from line {line}, column {column} on"),
            ),
            Self::BodyBreaksOff => pick("le contenu s'arrête trop tôt", "the body breaks off").to_owned(),
            Self::Said(sentence) => sentence.clone(),
        }
    }
}

impl Found {
    fn in_words(&self, language: Language) -> String {
        let pick = |french: &'static str, english: &'static str| language.pick(french, english);
        let plain = match self {
            Self::Text(text) => return format!("{} \"{}\"", pick("texte", "string"), shown(text)),
            Self::WholeNumber(number) => return format!("{} `{number}`", pick("nombre entier", "integer")),
            Self::Number(number) => return format!("{} `{number}`", pick("nombre à virgule", "floating point")),
            Self::Boolean(is_true) => return format!("{} `{is_true}`", pick("booléen", "boolean")),
            Self::Written(text) => return format!("`{}`", shown(text)),
            Self::Other(text) => return text.clone(),
            Self::Null => pick("rien (null)", "null"),
            Self::Object => pick("objet", "map"),
            Self::List => pick("liste", "sequence"),
            Self::NoList => pick("pas de liste", "no array"),
            Self::ControlCharacter(found) => {
                let said = pick("un caractère invisible ou de commande", "an invisible or control character");
                return format!("{said} (U+{:04X})", u32::from(*found));
            }
            Self::NoCursor => pick("pas un repère de cette liste", "no cursor of this list"),
            Self::NothingOfThisNetwork => pick("rien de ce réseau", "nothing of this network"),
            Self::NoAddress => pick("pas une adresse", "no address"),
        };
        plain.to_owned()
    }
}

impl Fits {
    fn in_words(&self, language: Language) -> String {
        let (french, english) = match self {
            Self::Between(least, most) => {
                return language.pick(format!("{least} à {most}"), format!("{least} to {most}"));
            }
            Self::CharactersBetween(least, most) => {
                return language.pick(format!("{least} à {most} caractères"), format!("{least} to {most} characters"));
            }
            Self::CharactersAtMost(most) => {
                return language.pick(format!("{most} caractères au plus"), format!("at most {most} characters"));
            }
            Self::CharactersAtLeast(least) => {
                return language.pick(format!("{least} caractères au moins"), format!("at least {least} characters"));
            }
            Self::ThingsBetween(least, most) => {
                return language
                    .pick(format!("une liste de {least} à {most}"), format!("an array of {least} to {most}"));
            }
            Self::ExchangesAtMost(most) => {
                return language.pick(format!("1 à {most} échanges"), format!("between 1 and {most} exchanges"));
            }
            Self::Other(text) => return text.clone(),
            Self::WholeNumber => ("un nombre entier", "a whole number"),
            Self::SmallerNumber => ("un nombre plus petit", "a smaller number"),
            Self::Text => ("un texte", "a string"),
            Self::Boolean => ("`true` ou `false`", "`true` or `false`"),
            Self::List => ("une liste", "an array"),
            Self::Word => ("un mot", "a word"),
            Self::Scope => ("au moins un droit", "at least one scope"),
            Self::Object => ("un objet, avec ses champs nommés", "an object with named fields"),
            Self::Date => ("une date comme 2026-03-14", "a date such as 2026-03-14"),
            Self::Name => (
                "un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c",
                "a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c",
            ),
            Self::ListedName => ("un nom pris dans une liste", "a name from one of the lists"),
            Self::Cursor => ("le `next` d'une page", "the `next` of a page"),
            Self::EventCursor => ("l'id d'un événement, comme `0-310`", "the id of an event, such as `0-310`"),
            Self::Address => ("nom@hote", "name@host"),
        };
        language.pick(french, english).to_owned()
    }
}

fn would_fit(fits: &str, language: Language) -> String {
    language.pick(format!(" ; conviendrait : {fits}"), format!(", expected {fits}"))
}

/// The words of a list.
fn one_of(words: &[&str], language: Language) -> String {
    match words {
        [] => language.pick("rien", "nothing").to_owned(),
        [word] => format!("`{word}`"),
        [one, other] => format!("`{one}` {} `{other}`", language.pick("ou", "or")),
        several => {
            let several: Vec<_> = several.iter().map(|word| format!("`{word}`")).collect();
            format!("{}{}", language.pick("", "one of "), several.join(", "))
        }
    }
}

/// The beginning of a text.
fn shown(text: &str) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(SHOWN_MOST).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}
