//! Reads JSON in which no object names a field twice, at whatever depth. Which of two values is meant, readers do not agree
//! about: a proxy, a log and this service would each have read another request.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text was not read.
#[derive(Debug)]
pub(crate) enum NotRead {
    /// It is no JSON.
    NoJson(serde_json::Error),
    /// A field stands twice in one object.
    Twice {
        /// Its name.
        name: String,
        /// Where: the names and places above it, and its own.
        field: String,
    },
}

/// Reads a text.
///
/// # Errors
/// When it is no JSON, or names a field twice.
pub(crate) fn parse(text: &[u8]) -> Result<Value, NotRead> {
    let place = Place::default();
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = Once(&place).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| match place.twice.into_inner() {
        Some(name) => NotRead::Twice { name, field: place.path.into_inner() },
        None => NotRead::NoJson(error),
    })
}

/// Where the reader is.
#[derive(Debug, Default)]
struct Place {
    path: RefCell<String>,
    twice: RefCell<Option<String>>,
}

impl Place {
    /// Goes one step down, and tells how to come back.
    fn enter(&self, step: fmt::Arguments<'_>) -> usize {
        let mut path = self.path.borrow_mut();
        let above = path.len();
        path.push_str(&step.to_string());
        above
    }

    fn leave(&self, above: usize) {
        self.path.borrow_mut().truncate(above);
    }

    fn enter_field(&self, name: &str) -> usize {
        let dot = if self.path.borrow().is_empty() { "" } else { "." };
        self.enter(format_args!("{dot}{name}"))
    }
}

/// Reads a value.
#[derive(Clone, Copy)]
struct Once<'a>(&'a Place);

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, is_true: bool) -> Result<Value, E> {
        Ok(is_true.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let above = self.0.enter(format_args!("[{}]", list.len()));
            let Some(item) = items.next_element_seed(self)? else {
                self.0.leave(above);
                return Ok(Value::Array(list));
            };
            self.0.leave(above);
            list.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let above = self.0.enter_field(&name);
            if object.contains_key(&name) {
                *self.0.twice.borrow_mut() = Some(name);
                return Err(A::Error::custom("a field stands twice"));
            }
            let value = members.next_value_seed(self)?;
            self.0.leave(above);
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_stands_twice_is_named_at_every_depth() {
        for (text, told) in [
            (r#"{"a":1,"b":2}"#, "read"),
            (r#"[{"a":1},{"a":1}]"#, "read"),
            (r#"{"a":{"a":1}}"#, "read"),
            (r#"{"a":1,"a":1}"#, "a in a"),
            (r#"{"a":1,"\u0061":2}"#, "a in a"),
            (r#"{"a":[{"b":1},{"b":1,"c":{"d":1,"e":2,"d":3}}]}"#, "d in a[1].c.d"),
            (r#"[[],[{"x":null,"x":null}]]"#, "x in [1][0].x"),
            (r#"{"a":1,"a":1"#, "a in a"),
            (r#"{"a":1,,"a":1}"#, "no JSON"),
            (r#"{"a":1} {}"#, "no JSON"),
            (r#"{"a":1e999}"#, "no JSON"),
        ] {
            let found = match parse(text.as_bytes()) {
                Ok(_) => "read".to_owned(),
                Err(NotRead::NoJson(_)) => "no JSON".to_owned(),
                Err(NotRead::Twice { name, field }) => format!("{name} in {field}"),
            };
            assert_eq!(found, told, "{text}");
        }
    }

    #[test]
    fn what_is_read_is_what_the_library_reads() {
        let text = br#"{"n":null,"t":true,"i":-3,"u":18446744073709551615,"f":0.5,"s":"\u00e9\n","l":[1,[],{}]}"#;
        assert_eq!(parse(text).unwrap(), serde_json::from_slice::<Value>(text).unwrap());
    }
}
