//! Holds what callers send to the bounds that the OpenAPI document promises. Both come from one schema, so that none is
//! promised and not held: how long a text may be and what form it has, how large a number, how many things in a list.
//!
//! Types are not looked at: whoever reads the value says what is wrong with them, and better.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;
use service::misfit::{Fits, Found, Misfit};

/// What does not fit, and in which field.
#[derive(Debug, PartialEq)]
pub(crate) struct OutOfBounds {
    /// As in `contributions[1].minutes`.
    pub(crate) field: String,
    pub(crate) why: Misfit,
}

/// Holds a body against its type's schema.
pub(crate) fn check_body<T: JsonSchema + 'static>(value: &Value) -> Result<(), OutOfBounds> {
    let schema = schema_of::<T>();
    Bounds { root: &schema }.check(&schema, value, "")
}

/// Holds a query's parameters, which are text, against its type's schema.
pub(crate) fn check_query<T: JsonSchema + 'static>(parameters: &[(String, String)]) -> Result<(), OutOfBounds> {
    let schema = schema_of::<T>();
    let bounds = Bounds { root: &schema };
    for (name, text) in parameters {
        let Some(schema) = schema["properties"].get(name) else { continue };
        let text = Value::String(text.clone());
        // A number is one only where the schema says so.
        let number = text.as_str().and_then(|text| text.parse::<i64>().ok()).map(Value::from);
        bounds.check(schema, &text, name)?;
        number.map_or(Ok(()), |number| bounds.check(schema, &number, name))?;
    }
    Ok(())
}

/// A type's schema, made once.
fn schema_of<T: JsonSchema + 'static>() -> Arc<Value> {
    static MADE: RwLock<Option<HashMap<TypeId, Arc<Value>>>> = RwLock::new(None);
    let of_type = TypeId::of::<T>();
    let made = MADE.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(schema) = made.as_ref().and_then(|made| made.get(&of_type)) {
        return Arc::clone(schema);
    }
    drop(made);
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    let schema = Arc::new(schema.to_value());
    let mut made = MADE.write().unwrap_or_else(PoisonError::into_inner);
    made.get_or_insert_default().insert(of_type, Arc::clone(&schema));
    schema
}

/// The bounds of a schema, whose references lead into `root`.
struct Bounds<'a> {
    root: &'a Value,
}

impl Bounds<'_> {
    fn check(&self, schema: &Value, value: &Value, field: &str) -> Result<(), OutOfBounds> {
        if let Some(reference) = schema["$ref"].as_str() {
            let referred = reference.strip_prefix('#').and_then(|path| self.root.pointer(path));
            return referred.map_or(Ok(()), |schema| self.check(schema, value, field));
        }
        for alternatives in ["anyOf", "oneOf", "allOf"] {
            // Only an optional value has alternatives: what is null is held to nothing.
            let of_value = schema[alternatives].as_array().into_iter().flatten();
            of_value.filter(|one| one["type"] != "null").try_for_each(|one| self.check(one, value, field))?;
        }
        let misfit = match value {
            Value::String(text) => of_text(schema, text),
            Value::Number(number) => number.as_i64().and_then(|number| of_number(schema, number)),
            Value::Array(values) => of_list(schema, values.len()),
            Value::Null | Value::Bool(_) | Value::Object(_) => None,
        };
        if let Some(why) = misfit {
            return Err(OutOfBounds { field: field.to_owned(), why });
        }
        match value {
            Value::Array(values) => values
                .iter()
                .enumerate()
                .try_for_each(|(index, value)| self.check(&schema["items"], value, &format!("{field}[{index}]"))),
            Value::Object(values) => values.iter().try_for_each(|(name, value)| {
                let inner = if field.is_empty() { name.clone() } else { format!("{field}.{name}") };
                self.check(&schema["properties"][name], value, &inner)
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
        }
    }
}

fn bound<T: TryFrom<i64>>(schema: &Value, keyword: &str) -> Option<T> {
    schema[keyword].as_i64().and_then(|bound| T::try_from(bound).ok())
}

fn of_text(schema: &Value, text: &str) -> Option<Misfit> {
    let (least, most): (Option<usize>, Option<usize>) = (bound(schema, "minLength"), bound(schema, "maxLength"));
    let found = text.chars().count();
    if least.is_some_and(|least| found < least) || most.is_some_and(|most| found > most) {
        let fits = match (least, most) {
            (Some(least), Some(most)) => Fits::CharactersBetween(least, most),
            (Some(least), None) => Fits::CharactersAtLeast(least),
            (None, most) => Fits::CharactersAtMost(most.unwrap_or_default()),
        };
        return Some(Misfit::Length { found, fits });
    }
    let is_another = schema["pattern"].as_str().is_some_and(|pattern| !has_form(pattern, text));
    is_another.then_some(Misfit::Value { found: Found::NoAddress, fits: Some(Fits::Address) })
}

/// The forms of texts that the document knows. A test says that it knows no other.
pub(crate) const ADDRESS: &str = r"^[^@\s]+@[^@\s]+$";

fn has_form(pattern: &str, text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && !part.contains(|letter: char| letter == '@' || letter.is_whitespace());
    pattern == ADDRESS && text.split_once('@').is_some_and(|(user, host)| is_part(user) && is_part(host))
}

fn of_number(schema: &Value, number: i64) -> Option<Misfit> {
    let (least, most): (Option<i64>, Option<i64>) = (bound(schema, "minimum"), bound(schema, "maximum"));
    if least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most) {
        return None;
    }
    let fits = Fits::Between(least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX));
    Some(Misfit::Value { found: Found::Written(number.to_string()), fits: Some(fits) })
}

fn of_list(schema: &Value, found: usize) -> Option<Misfit> {
    let (least, most) = (bound(schema, "minItems"), bound(schema, "maxItems"));
    let is_out = least.is_some_and(|least| found < least) || most.is_some_and(|most| found > most);
    let fits = Fits::ThingsBetween(least.unwrap_or_default(), most.unwrap_or(usize::MAX));
    is_out.then_some(Misfit::Length { found, fits })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a schema may say that is looked at here, or that whoever reads the value sees to.
    const KNOWN: [&str; 24] = [
        "$defs",
        "$ref",
        "$schema",
        "additionalProperties",
        "anyOf",
        "default",
        "description",
        "enum",
        "const",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
        "allOf",
    ];

    fn unknown(schema: &Value, path: &str, found: &mut Vec<String>) {
        let Some(fields) = schema.as_object() else { return };
        for (keyword, value) in fields {
            match keyword.as_str() {
                "properties" | "$defs" => {
                    let inner = value.as_object().into_iter().flatten();
                    inner.for_each(|(name, schema)| unknown(schema, &format!("{path}.{name}"), found));
                }
                "items" => unknown(value, &format!("{path}[]"), found),
                "anyOf" | "oneOf" | "allOf" => {
                    value.as_array().into_iter().flatten().for_each(|schema| unknown(schema, path, found));
                }
                "pattern" if value != ADDRESS => found.push(format!("{path}: {value}")),
                keyword if KNOWN.contains(&keyword) => {}
                keyword => found.push(format!("{path}: {keyword}")),
            }
        }
    }

    #[test]
    fn no_bound_is_of_an_unknown_kind() {
        let routes = crate::router::routes(&Arc::default());
        let mut found = Vec::new();
        for described in routes {
            for describe in [described.body, described.query].into_iter().flatten() {
                let mut generator = SchemaSettings::draft2020_12().into_generator();
                let schema = describe(&mut generator);
                unknown(schema.as_value(), described.route.operation, &mut found);
                generator.definitions().iter().for_each(|(name, schema)| unknown(schema, name, &mut found));
            }
        }
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn an_address_has_one_at_sign_and_no_blank() {
        for (text, fits) in [
            ("a@b", true),
            ("é.x@b.org", true),
            ("a@b@c", false),
            ("@b", false),
            ("a@", false),
            ("a b@c", false),
            ("a", false),
        ] {
            assert_eq!(has_form(ADDRESS, text), fits, "{text}");
        }
    }
}
