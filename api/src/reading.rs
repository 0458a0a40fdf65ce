//! Readers of JSON and of queries whose errors are [`Misfit`]s. The libraries' own would say what they cannot read in English,
//! of their own types, and in one text with what the caller wrote.

use std::fmt::Display;

use ledger::Language;
use serde::{
    Deserializer, de,
    de::{
        Expected, IntoDeserializer, Unexpected, Visitor,
        value::{BorrowedStrDeserializer, MapAccessDeserializer, MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Value, error::Category};
use service::misfit::{Fits, Found, Misfit, Place};

/// Reads JSON that was parsed before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<'a>(pub(crate) &'a Value);

/// Reads the value of one parameter of a query, where everything is text.
#[derive(Debug, Clone)]
pub(crate) struct Parameter(pub(crate) String);

/// Reads a query.
pub(crate) fn query(
    parameters: Vec<(String, String)>,
) -> MapDeserializer<'static, impl Iterator<Item = (String, Parameter)>, Unread> {
    MapDeserializer::new(parameters.into_iter().map(|(name, text)| (name, Parameter(text))))
}

/// Where a text stops being JSON.
pub(crate) fn not_json(error: &serde_json::Error) -> Misfit {
    let place = Place { line: error.line(), column: error.column() };
    match error.classify() {
        Category::Eof => Misfit::JsonBreaksOff(place),
        Category::Io | Category::Syntax | Category::Data => Misfit::NoJson(place),
    }
}

impl<'de> Deserializer<'de> for Json<'de> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(is_true) => visitor.visit_bool(*is_true),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text).map_err(|unread: Unread| unread.about(text)),
            Value::Array(values) => {
                let mut list = SeqDeserializer::new(values.iter().map(Json));
                let read = visitor.visit_seq(&mut list)?;
                list.end()?;
                Ok(read)
            }
            Value::Object(values) => {
                let mut object = MapDeserializer::new(values.iter().map(|(name, value)| (name.as_str(), Json(value))));
                let read = visitor.visit_map(&mut object)?;
                object.end()?;
                Ok(read)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
            Value::Object(values) => {
                let object = MapDeserializer::new(values.iter().map(|(name, value)| (name.as_str(), Json(value))));
                visitor.visit_enum(MapAccessDeserializer::new(object))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                Err(Unread(Misfit::Type { found: found_as_type(unexpected(self.0)), fits: Fits::Word }))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Unread> for Json<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Numbers are written in a query as in JSON.
macro_rules! whole_numbers {
    ($($method:ident $visit:ident $number:ty,)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            use std::num::IntErrorKind::{NegOverflow, PosOverflow};
            match self.0.parse::<$number>() {
                Ok(number) => visitor.$visit(number),
                Err(error) => {
                    let is_large = matches!(error.kind(), PosOverflow | NegOverflow);
                    let fits = if is_large { Fits::SmallerNumber } else { Fits::WholeNumber };
                    Err(Unread(Misfit::Value { found: Found::Written(self.0), fits: Some(fits) }))
                }
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Parameter {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(&self.0).map_err(|unread: Unread| unread.about(&self.0))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(Unread(Misfit::Value { found: Found::Written(self.0), fits: Some(Fits::Boolean) })),
        }
    }

    whole_numbers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_enum(StringDeserializer::new(self.0))
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

impl IntoDeserializer<'_, Unread> for Parameter {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// What could not be read, as serde carries it from the value upwards.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unread(pub(crate) Misfit);

impl de::Error for Unread {
    fn custom<T: Display>(said: T) -> Self {
        Self(Misfit::Said(said.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, fits: &dyn Expected) -> Self {
        Self(Misfit::Type { found: found_as_type(found), fits: fits_of(fits) })
    }

    fn invalid_value(found: Unexpected<'_>, fits: &dyn Expected) -> Self {
        let fits = match fits_of(fits) {
            // It is a whole number, or its type would be wrong.
            Fits::WholeNumber => Fits::SmallerNumber,
            other => other,
        };
        Self(Misfit::Value { found: found_as_value(found), fits: Some(fits) })
    }

    fn invalid_length(found: usize, fits: &dyn Expected) -> Self {
        Self(Misfit::Length { found, fits: fits_of(fits) })
    }

    fn unknown_variant(found: &str, fits: &'static [&'static str]) -> Self {
        Self(Misfit::UnknownWord { found: Some(found.to_owned()), fits: fits.to_vec() })
    }

    fn unknown_field(name: &str, fits: &'static [&'static str]) -> Self {
        Self(Misfit::UnknownField { name: name.to_owned(), fits })
    }

    fn missing_field(name: &'static str) -> Self {
        Self(Misfit::MissingField(name))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self(Misfit::DuplicateField(name))
    }
}

impl Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.in_words(Language::English))
    }
}

impl std::error::Error for Unread {}

impl Unread {
    /// Dates and UUIDs say in words of their own that they cannot be read, and neither what was found nor what would
    /// fit. Nothing that they say begins with what was found.
    fn about(self, text: &str) -> Self {
        let Misfit::Said(said) = &self.0 else { return self };
        let fits = match said.as_str() {
            "input is out of range"
            | "input is not enough for unique date and time"
            | "input contains invalid characters"
            | "no possible date and time matching input"
            | "premature end of input"
            | "trailing input" => Fits::Date,
            said if said.starts_with("UUID parsing failed") => Fits::Name,
            _ => return self,
        };
        Self(Misfit::Value { found: Found::Written(text.to_owned()), fits: Some(fits) })
    }
}

/// What a value type of ours takes, in the form in which serde carries it: it knows no type of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// A whole number from the first to the second.
    Between(u64, u64),
    /// A text of at most so many characters.
    CharactersAtMost(usize),
}

impl Expected for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Between(least, most) => write!(f, "bound:between:{least}:{most}"),
            Self::CharactersAtMost(most) => write!(f, "bound:characters:{most}"),
        }
    }
}

impl Bound {
    fn carried_by(text: &str) -> Option<Fits> {
        let parts: Vec<_> = text.strip_prefix("bound:")?.split(':').collect();
        match parts.as_slice() {
            ["between", least, most] => Some(Fits::Between(least.parse().ok()?, most.parse().ok()?)),
            ["characters", most] => Some(Fits::CharactersAtMost(most.parse().ok()?)),
            _ => None,
        }
    }
}

/// A value as serde speaks of it.
fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(is_true) => Unexpected::Bool(*is_true),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Unexpected::Unsigned(number),
            (None, Some(number)) => Unexpected::Signed(number),
            (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

/// What would fit, of what readers call it: it is their text or ours, never the caller's.
fn fits_of(expected: &dyn Expected) -> Fits {
    let said = expected.to_string();
    match said.as_str() {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => Fits::WholeNumber,
        "a string" => Fits::Text,
        "a boolean" => Fits::Boolean,
        "a sequence" => Fits::List,
        "a formatted UUID string" | "UUID string" => Fits::Name,
        "a formatted date string" => Fits::Date,
        "string or map" => Fits::Word,
        _ if said.starts_with("struct ") => Fits::Object,
        _ => Bound::carried_by(&said).unwrap_or(Fits::Other(said)),
    }
}

/// What was found where another type should be.
fn found_as_type(found: Unexpected<'_>) -> Found {
    match found {
        Unexpected::Bool(is_true) => Found::Boolean(is_true),
        Unexpected::Unsigned(number) => Found::WholeNumber(number.to_string()),
        Unexpected::Signed(number) => Found::WholeNumber(number.to_string()),
        Unexpected::Float(number) => Found::Number(number),
        Unexpected::Char(letter) => Found::Text(letter.to_string()),
        Unexpected::Str(text) => Found::Text(text.to_owned()),
        Unexpected::Unit | Unexpected::Option => Found::Null,
        Unexpected::Seq => Found::List,
        Unexpected::Map => Found::Object,
        other => Found::Other(other.to_string()),
    }
}

/// What was found where another value of its type should be.
fn found_as_value(found: Unexpected<'_>) -> Found {
    match found_as_type(found) {
        Found::Text(text) | Found::WholeNumber(text) => Found::Written(text),
        Found::Number(number) => Found::Written(number.to_string()),
        Found::Boolean(is_true) => Found::Written(is_true.to_string()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        #[expect(dead_code, reason = "only read")]
        minutes: i64,
        #[expect(dead_code, reason = "only read")]
        service_date: Option<chrono::NaiveDate>,
        #[expect(dead_code, reason = "only read")]
        giver: Option<uuid::Uuid>,
        #[expect(dead_code, reason = "only read")]
        scope: Option<Scope>,
        #[expect(dead_code, reason = "only read")]
        memo: Option<String>,
        #[expect(dead_code, reason = "only read")]
        is_open: Option<bool>,
        #[expect(dead_code, reason = "only read")]
        people: Option<Vec<i64>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Scope {
        Read,
        Write,
    }

    fn said(misfit: &Misfit) -> String {
        format!("{}\n{}\n", misfit.in_words(Language::English), misfit.in_words(Language::French))
    }

    #[test]
    fn a_sentence_says_what_was_found_and_what_would_fit() {
        let mut text = String::new();
        for value in [
            json!({ "minutes": "2h" }),
            json!({ "minutes": 60.5 }),
            json!({ "minutes": u64::MAX }),
            json!({ "minutes": true }),
            json!({ "minutes": null }),
            json!({ "minutes": [] }),
            json!({}),
            json!([]),
            json!("x"),
            json!({ "minutes": 1, "service_date": "14/03/2026" }),
            json!({ "minutes": 1, "service_date": 14 }),
            json!({ "minutes": 1, "giver": "1" }),
            json!({ "minutes": 1, "giver": 1 }),
            json!({ "minutes": 1, "scope": "all" }),
            json!({ "minutes": 1, "scope": 1 }),
            json!({ "minutes": 1, "memo": 1 }),
            json!({ "minutes": 1, "memo": {} }),
            json!({ "minutes": 1, "is_open": "yes" }),
            json!({ "minutes": 1, "people": "1" }),
        ] {
            text.push_str(&said(&Asked::deserialize(Json(&value)).unwrap_err().0));
        }
        insta::assert_snapshot!(text, @r#"
        invalid type: string "2h", expected a whole number
        type impossible : texte "2h" ; conviendrait : un nombre entier
        invalid type: floating point `60.5`, expected a whole number
        type impossible : nombre à virgule `60.5` ; conviendrait : un nombre entier
        invalid value: `18446744073709551615`, expected a smaller number
        valeur impossible : `18446744073709551615` ; conviendrait : un nombre plus petit
        invalid type: boolean `true`, expected a whole number
        type impossible : booléen `true` ; conviendrait : un nombre entier
        invalid type: null, expected a whole number
        type impossible : rien (null) ; conviendrait : un nombre entier
        invalid type: sequence, expected a whole number
        type impossible : liste ; conviendrait : un nombre entier
        missing field `minutes`
        champ manquant : `minutes`
        invalid length 0, expected an object with named fields
        longueur impossible : 0 ; conviendrait : un objet, avec ses champs nommés
        invalid type: string "x", expected an object with named fields
        type impossible : texte "x" ; conviendrait : un objet, avec ses champs nommés
        invalid value: `14/03/2026`, expected a date such as 2026-03-14
        valeur impossible : `14/03/2026` ; conviendrait : une date comme 2026-03-14
        invalid type: integer `14`, expected a date such as 2026-03-14
        type impossible : nombre entier `14` ; conviendrait : une date comme 2026-03-14
        invalid value: `1`, expected a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c
        valeur impossible : `1` ; conviendrait : un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c
        invalid type: integer `1`, expected a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c
        type impossible : nombre entier `1` ; conviendrait : un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c
        unknown variant `all`, expected `read` or `write`
        mot inconnu : `all` ; conviendrait : `read` ou `write`
        invalid type: integer `1`, expected a word
        type impossible : nombre entier `1` ; conviendrait : un mot
        invalid type: integer `1`, expected a string
        type impossible : nombre entier `1` ; conviendrait : un texte
        invalid type: map, expected a string
        type impossible : objet ; conviendrait : un texte
        invalid type: string "yes", expected `true` or `false`
        type impossible : texte "yes" ; conviendrait : `true` ou `false`
        invalid type: string "1", expected an array
        type impossible : texte "1" ; conviendrait : une liste
        "#);
    }

    #[test]
    fn a_query_is_text_and_says_the_same() {
        let mut text = String::new();
        for (name, value) in [
            ("minutes", "many"),
            ("minutes", ""),
            ("minutes", "99999999999999999999"),
            ("minutes", &"x".repeat(70)),
            ("is_open", "1"),
            ("giver", "1"),
            ("service_date", "2026-3"),
            ("scope", "all"),
        ] {
            let asked = vec![(name.to_owned(), value.to_owned())];
            text.push_str(&said(&Asked::deserialize(query(asked)).unwrap_err().0));
        }
        let twice = vec![("minutes".to_owned(), "1".to_owned()); 2];
        text.push_str(&said(&Asked::deserialize(query(twice)).unwrap_err().0));
        insta::assert_snapshot!(text, @r#"
        invalid value: `many`, expected a whole number
        valeur impossible : `many` ; conviendrait : un nombre entier
        invalid value: ``, expected a whole number
        valeur impossible : `` ; conviendrait : un nombre entier
        invalid value: `99999999999999999999`, expected a smaller number
        valeur impossible : `99999999999999999999` ; conviendrait : un nombre plus petit
        invalid value: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`, expected a whole number
        valeur impossible : `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` ; conviendrait : un nombre entier
        invalid value: `1`, expected `true` or `false`
        valeur impossible : `1` ; conviendrait : `true` ou `false`
        invalid value: `1`, expected a UUID such as 0d3b2f6a-7c41-8e52-8000-00000000000c
        valeur impossible : `1` ; conviendrait : un UUID comme 0d3b2f6a-7c41-8e52-8000-00000000000c
        invalid value: `2026-3`, expected a date such as 2026-03-14
        valeur impossible : `2026-3` ; conviendrait : une date comme 2026-03-14
        unknown variant `all`, expected `read` or `write`
        mot inconnu : `all` ; conviendrait : `read` ou `write`
        duplicate field `minutes`
        champ en double : `minutes`
        "#);
    }

    #[test]
    fn what_the_caller_wrote_is_shown_as_it_is() {
        for written in [
            "unknown field `x`, expected one of `y`",
            "UUID parsing failed",
            "bound:between:1:2",
            "a \"b\" é, column 3",
        ] {
            let words = |value: Value| {
                let misfit = Asked::deserialize(Json(&value)).unwrap_err().0;
                [Language::French, Language::English].map(|language| misfit.in_words(language))
            };
            let [french, english] = words(json!({ "minutes": written }));
            assert_eq!(french, format!("type impossible : texte \"{written}\" ; conviendrait : un nombre entier"));
            assert_eq!(english, format!("invalid type: string \"{written}\", expected a whole number"));
            let [french, english] = words(json!({ "minutes": 1, "service_date": written }));
            assert_eq!(french, format!("valeur impossible : `{written}` ; conviendrait : une date comme 2026-03-14"));
            assert_eq!(english, format!("invalid value: `{written}`, expected a date such as 2026-03-14"));
            let [french, english] = words(json!({ "minutes": 1, "scope": written }));
            assert_eq!(french, format!("mot inconnu : `{written}` ; conviendrait : `read` ou `write`"));
            assert_eq!(english, format!("unknown variant `{written}`, expected `read` or `write`"));
            let [french, _] = words(json!({ written: 1 }));
            assert!(
                french.starts_with(&format!("champ inconnu : `{written}` ; conviendrait : `minutes`, ")),
                "{french}"
            );
        }
    }

    #[test]
    fn where_json_ends_is_said() {
        let said = |text: &str| said(&not_json(&serde_json::from_str::<Value>(text).unwrap_err()));
        insta::assert_snapshot!(said("{\"giver\":12,"), @r"
        the JSON breaks off at line 1, column 12
        le JSON s'arrête trop tôt, ligne 1, colonne 12
        ");
        insta::assert_snapshot!(said("[1,\n2} "), @r"
        no JSON from line 2, column 2 on
        pas de JSON à partir de la ligne 2, colonne 2
        ");
    }
}
