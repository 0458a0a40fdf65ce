//! JSON that is signed: read strictly, written canonically (RFC 8785).
//!
//! A duplicate name in an object would let two readers see two documents under one signature; it is refused before
//! anything else is looked at.

use std::cell::Cell;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text is not JSON that can be signed or checked: the parser's own words, with line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError(pub String);

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// No document that is signed holds more values. In memory each may take two hundred times what it takes in the file.
const VALUES_MOST: usize = 200_000;

/// Reads JSON and refuses an object with two members of one name.
///
/// # Errors
/// What is wrong, and where; also where there is too much of it.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    let left = Cell::new(VALUES_MOST);
    let mut text = serde_json::Deserializer::from_slice(bytes);
    let value = Strict(&left).deserialize(&mut text).and_then(|value| text.end().map(|()| value));
    value.map_err(|error| JsonError(error.to_string()))
}

/// The one form that a value is hashed and signed in: RFC 8785.
///
/// # Errors
/// A number that has no canonical form.
pub fn canonical(value: &Value) -> Result<Vec<u8>, JsonError> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| JsonError(error.to_string()))
}

/// Reads a value, where so many more may be read.
#[derive(Clone, Copy)]
struct Strict<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let Some(left) = self.0.get().checked_sub(1) else {
            return Err(D::Error::custom(format!("more than {VALUES_MOST} values")));
        };
        self.0.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("the name \"{name}\" stands twice in one object")));
            }
            let value = members.next_value_seed(self)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_of_rfc_8785_come_out_byte_for_byte() {
        macro_rules! case {
            ($($name:literal),+) => {[$((
                $name,
                include_bytes!(concat!("../vectors/rfc8785/input/", $name, ".json")).as_slice(),
                include_bytes!(concat!("../vectors/rfc8785/output/", $name, ".json")).as_slice(),
            )),+]};
        }
        for (name, input, output) in case!["arrays", "french", "structures", "unicode", "values", "weird"] {
            let canonical = canonical(&parse(input).unwrap()).unwrap();
            assert_eq!(String::from_utf8_lossy(&canonical), String::from_utf8_lossy(output), "{name}");
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"b":[{"a":1,"\u0061":2}]}"#] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert!(error.0.starts_with("the name \"a\" stands twice"), "{error}");
        }
        assert!(parse(br#"{"a":{"a":1}}"#).is_ok());
        assert!(parse(br#"{"a":1"#).is_err());
        assert!(parse(br#"{"a":1} x"#).is_err());
    }
}
