//! The numbers by which associations and communes are known outside the network.
//!
//! An association may have none of them yet: that is an absent [`Identifier`], never a made-up one.
//! Each type holds only what its own rule accepts, in one written form, so that equal means equal.

#[cfg(test)]
mod tests;

use std::{error, fmt};

use crate::{Language, text_enum::text_enum};

/// One identifier of an association, of any kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    /// A number of the national directory of associations.
    Rna(Rna),
    /// An entry in the register of a court of Alsace or Moselle.
    CourtRegister(CourtRegister),
    /// The number of a legal unit.
    Siren(Siren),
    /// The number of an establishment.
    Siret(Siret),
}

impl Identifier {
    /// Reads the value of an identifier of a known kind.
    ///
    /// ```
    /// use ledger::{Identifier, IdentifierKind};
    /// let identifier = Identifier::from_parts(IdentifierKind::Siren, "732 829 320")?;
    /// assert_eq!(identifier.value(), "732829320");
    /// # Ok::<(), ledger::IdentifierError>(())
    /// ```
    pub fn from_parts(kind: IdentifierKind, value: &str) -> Result<Self, IdentifierError> {
        match kind {
            IdentifierKind::Rna => Rna::parse(value).map(Self::Rna),
            IdentifierKind::CourtRegister => CourtRegister::parse(value).map(Self::CourtRegister),
            IdentifierKind::Siren => Siren::parse(value).map(Self::Siren),
            IdentifierKind::Siret => Siret::parse(value).map(Self::Siret),
        }
    }

    /// Which kind of identifier this is.
    pub fn kind(&self) -> IdentifierKind {
        match self {
            Self::Rna(_) => IdentifierKind::Rna,
            Self::CourtRegister(_) => IdentifierKind::CourtRegister,
            Self::Siren(_) => IdentifierKind::Siren,
            Self::Siret(_) => IdentifierKind::Siret,
        }
    }

    /// The identifier in its one written form, which [`from_parts`](Self::from_parts) reads back.
    pub fn value(&self) -> String {
        match self {
            Self::Rna(rna) => rna.to_string(),
            Self::CourtRegister(entry) => entry.to_string(),
            Self::Siren(siren) => siren.to_string(),
            Self::Siret(siret) => siret.to_string(),
        }
    }
}

text_enum! {
    /// The kinds of identifiers that an association may have.
    pub enum IdentifierKind {
        /// See [`Rna`].
        Rna => "rna",
        /// See [`CourtRegister`].
        CourtRegister => "court_register",
        /// See [`Siren`].
        Siren => "siren",
        /// See [`Siret`].
        Siret => "siret",
    }
}

impl IdentifierKind {
    /// What it is called, and one that is well formed.
    fn described(self, language: Language) -> (&'static str, &'static str) {
        let (french, english, example) = match self {
            Self::Rna => ("un numéro RNA", "an RNA number", "W353012345"),
            Self::CourtRegister => (
                "une inscription au registre d'un tribunal",
                "an entry in a court's register",
                "Strasbourg vol. 92 folio 15",
            ),
            Self::Siren => ("un SIREN", "a SIREN", "732829320"),
            Self::Siret => ("un SIRET", "a SIRET", "73282932000074"),
        };
        (language.pick(french, english), example)
    }
}

/// A number of the *répertoire national des associations*: `W`, then nine digits.
///
/// The directory was created by the order (*arrêté*) of 14 October 2009, in force since 2010. Some
/// overseas numbers have letters among the nine (`W9R…`): they are taken too, as
/// [unusual](Self::is_unusual).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rna(String);

impl Rna {
    /// Reads an RNA number, in any case and with any spaces.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let rna = compact(text);
        let is_rna = rna
            .strip_prefix('W')
            .is_some_and(|rest| rest.len() == 9 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if is_rna { Ok(Self(rna)) } else { Err(misshapen(IdentifierKind::Rna, text)) }
    }

    /// Whether letters stand where nearly every number has digits: worth a second look.
    pub fn is_unusual(&self) -> bool {
        !self.0.bytes().skip(1).all(|byte| byte.is_ascii_digit())
    }
}

/// The number of a legal unit in the Sirene register: nine digits, the last a check digit.
///
/// INSEE gives these numbers out (articles R123-220 and following of the *Code de commerce*) to
/// associations that employ, pay taxes or receive public money. The check digit is Luhn's
/// (ISO/IEC 7812-1, annex B).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siren(String);

impl Siren {
    /// Reads a SIREN, with any spaces.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let siren = digits(IdentifierKind::Siren, text, 9)?;
        check(IdentifierKind::Siren, &siren, luhn_excess(&siren))?;
        Ok(Self(siren))
    }
}

/// The number of an establishment in the Sirene register: its SIREN and five digits.
///
/// The last digit is Luhn's over all fourteen. La Poste (SIREN 356000000) has more post offices
/// than that leaves numbers for: INSEE also gives it numbers whose digits add up to a multiple of
/// five.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siret(String);

impl Siret {
    /// Reads a SIRET, with any spaces. The SIREN that it begins with has to be right too.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let siret = digits(IdentifierKind::Siret, text, 14)?;
        let siren = Siren::parse(siret.split_at(9).0)?;
        let mut excess = luhn_excess(&siret);
        if siren.as_str() == "356000000" {
            excess = excess.min(values(&siret).sum::<u32>() % 5);
        }
        check(IdentifierKind::Siret, &siret, excess)?;
        Ok(Self(siret))
    }
}

/// An entry in the register of associations of a court of Bas-Rhin, Haut-Rhin or Moselle, where
/// associations have no RNA number (articles 21 to 79 of the local civil code).
///
/// Volumes are numbered in digits or, in some courts, in Roman numerals. The list of courts is
/// left open: it has changed with every reform, and old entries keep the name of their court.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CourtRegister {
    court: String,
    volume: String,
    folio: String,
}

impl CourtRegister {
    /// Reads forms like `Strasbourg vol. 92 folio 15`, `TJ Strasbourg 92/15` or
    /// `Tribunal judiciaire de Strasbourg, volume 92, folio n° 15`.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let entry = || {
            let separates = |c: char| c.is_whitespace() || ".,;:/°º".contains(c);
            let mut words: Vec<&str> = text.split(separates).filter(|w| !w.is_empty()).collect();
            let folio = words.pop().and_then(in_digits)?;
            drop_last(&mut words, &["folio", "fol", "f", "n", "no", "numéro"]);
            let volume = words.pop()?;
            let volume = in_digits(volume).or_else(|| in_roman(volume))?;
            drop_last(&mut words, &["volume", "vol", "v", "n", "no", "numéro"]);
            let court = court_name(&words)?;
            Some(Self { court, volume, folio })
        };
        entry().ok_or_else(|| misshapen(IdentifierKind::CourtRegister, text))
    }

    /// The town of the court, like `Strasbourg`.
    pub fn court(&self) -> &str {
        &self.court
    }

    /// The volume of the register, in digits or capital Roman numerals.
    pub fn volume(&self) -> &str {
        &self.volume
    }

    /// The folio in that volume, in digits.
    pub fn folio(&self) -> &str {
        &self.folio
    }
}

impl fmt::Display for CourtRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (court, volume, folio) = (&self.court, &self.volume, &self.folio);
        f.pad(&format!("{court} vol. {volume} folio {folio}"))
    }
}

/// The code of a commune in INSEE's *Code officiel géographique*: five characters, the first two
/// the department (`2A` and `2B` in Corsica, 97 and 98 overseas). It is not a postcode.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InseeCode(String);

impl InseeCode {
    /// Reads the code of a commune, in any case and with any spaces.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let code = compact(text);
        let parts = code.split_at_checked(2);
        let is_commune = parts.is_some_and(|(department, commune)| {
            let is_number = commune.len() == 3 && all_digits(commune) && commune != "000";
            is_number && is_department(department)
        });
        if is_commune { Ok(Self(code)) } else { Err(IdentifierError::NotACommune(text.trim().to_owned())) }
    }
}

/// Identifiers that are one text print as that text.
macro_rules! printed_as_text {
    ($($identifier:ty),*) => {$(
        impl $identifier {
            /// The identifier in its one written form, without spaces.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $identifier {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

printed_as_text!(Rna, Siren, Siret, InseeCode);

/// Why an identifier was not read, with what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentifierError {
    /// It does not look like an identifier of this kind.
    Shape {
        /// The kind that was wanted.
        kind: IdentifierKind,
        /// What was written.
        found: String,
    },
    /// One of its digits is wrong.
    CheckDigit {
        /// The kind that was wanted.
        kind: IdentifierKind,
        /// What was written, without spaces.
        found: String,
        /// The last digit that would have gone with the others.
        expected_digit: u32,
    },
    /// No commune has such a code.
    NotACommune(String),
}

impl IdentifierError {
    /// Says what was found and what would have fitted.
    pub fn in_words(&self, language: Language) -> String {
        let like = language.pick("écrivez par exemple", "write for instance");
        let (found, wanted, remedy) = match self {
            Self::Shape { kind, found } => {
                let (name, example) = kind.described(language);
                (found, name, format!("{like} {example}"))
            }
            Self::CheckDigit { kind, found, expected_digit } => {
                let (name, _) = kind.described(language);
                let wrong = language.pick(
                    "un chiffre est faux : après les autres, le dernier serait",
                    "one digit is wrong: after the others, the last would be",
                );
                (found, name, format!("{wrong} {expected_digit}"))
            }
            Self::NotACommune(found) => {
                let name = language.pick("le code INSEE d'une commune", "a commune's INSEE code");
                (found, name, format!("{like} 35360"))
            }
        };
        language
            .pick(format!("« {found} » n'est pas {wanted} ; {remedy}"), format!("“{found}” is not {wanted}; {remedy}"))
    }
}

impl fmt::Display for IdentifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Language::English))
    }
}

impl error::Error for IdentifierError {}

fn misshapen(kind: IdentifierKind, text: &str) -> IdentifierError {
    let found = text.trim().to_owned();
    IdentifierError::Shape { kind, found }
}

/// Without any spaces, in capitals.
fn compact(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_uppercase()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Exactly so many digits, not all zero: a row of zeros is what forms are filled up with.
fn digits(kind: IdentifierKind, text: &str, length: usize) -> Result<String, IdentifierError> {
    let digits = compact(text);
    let fits = digits.len() == length && all_digits(&digits) && digits.contains(|c| c != '0');
    if fits { Ok(digits) } else { Err(misshapen(kind, text)) }
}

fn values(digits: &str) -> impl DoubleEndedIterator<Item = u32> {
    digits.chars().filter_map(|c| c.to_digit(10))
}

/// By how much Luhn's sum, in which every second digit from the right is doubled and its own
/// digits added, passes a multiple of ten.
fn luhn_excess(digits: &str) -> u32 {
    let weighted = values(digits).rev().zip([1_u32, 2].into_iter().cycle());
    let products = weighted.map(|(value, weight)| value.saturating_mul(weight));
    let sums = products.map(|product| (product / 10).saturating_add(product % 10));
    sums.sum::<u32>() % 10
}

/// Refuses a sum in excess. The last digit counts once in every rule, so taking the excess off it
/// gives the digit that would have fitted.
fn check(kind: IdentifierKind, digits: &str, excess: u32) -> Result<(), IdentifierError> {
    if excess == 0 {
        return Ok(());
    }
    let last = values(digits).next_back().unwrap_or_default();
    let expected_digit = last.saturating_add(10).saturating_sub(excess) % 10;
    let found = digits.to_owned();
    Err(IdentifierError::CheckDigit { kind, found, expected_digit })
}

/// Corsica has been `2A` and `2B` since 1976, and no longer 20.
fn is_department(code: &str) -> bool {
    let numbered = || matches!(code.parse(), Ok(1..=19 | 21..=95 | 97..=98));
    matches!(code, "2A" | "2B") || (all_digits(code) && numbered())
}

fn in_digits(word: &str) -> Option<String> {
    let number = word.trim_start_matches('0');
    (!number.is_empty() && all_digits(number)).then(|| number.to_owned())
}

fn in_roman(word: &str) -> Option<String> {
    let capitals = word.to_uppercase();
    let is_roman = capitals.chars().all(|c| "IVXLCDM".contains(c));
    is_roman.then_some(capitals)
}

fn drop_last(words: &mut Vec<&str>, droppable: &[&str]) {
    let drops = |word: &mut &str| droppable.contains(&word.to_lowercase().as_str());
    while words.pop_if(drops).is_some() {}
}

/// The town alone, with capitals where a name has them: `TJ de SAINT-AVOLD` is `Saint-Avold`.
fn court_name(words: &[&str]) -> Option<String> {
    let titles = "registre des associations du tribunal judiciaire d'instance de grande instance \
                  proximité tj ti tgi tprx";
    let is_title = |word: &&str| titles.split(' ').any(|title| title == *word);
    let lower = words.join(" ").replace('’', "'").to_lowercase();
    let town: Vec<&str> = lower.split(' ').skip_while(is_title).collect();
    let town = town.join(" ");
    let mut name = String::new();
    for c in town.strip_prefix("d'").unwrap_or(&town).chars() {
        match c {
            ' ' | '-' | '\'' => name.push(c),
            _ if !c.is_alphabetic() => return None,
            _ if name.ends_with(char::is_alphabetic) => name.push(c),
            _ => name.extend(c.to_uppercase()),
        }
    }
    (!name.is_empty()).then_some(name)
}
