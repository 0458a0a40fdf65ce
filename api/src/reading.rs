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
        Self(Misfit::DuplicateField(name.to_owned()))
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
    Between(i64, i64),
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
mod tests;
