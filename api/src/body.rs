//! Bodies, and what is read in them: JSON within bounds, of the form that is asked for.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use ledger::printable::is_unreadable;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::{
    App,
    misfit::{Found, Misfit},
    problem::{Problem, Refusal},
};

use crate::{bounds, reading};

/// Reads a body, up to so many bytes and for so long.
pub(crate) async fn read_body(app: &App, headers: &HeaderMap, body: Body, most: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Refusal::BodyIsTooLarge(most));
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|said| said > most) {
        return Err(too_large());
    }
    let read = tokio::time::timeout(app.config.arrival_timeout, Limited::new(body, most).collect()).await;
    match read {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new(Refusal::BodyDoesNotFit(Misfit::BodyBreaksOff))),
        Err(_) => Err(Problem::new(Refusal::BodyIsTooSlow)),
    }
}

pub(crate) fn json_in(headers: &HeaderMap, text: &[u8]) -> Result<Value, Problem> {
    if text.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") && !media_type.ends_with("+json") {
        return Err(Problem::new(Refusal::MediaTypeDoesNotFit).at("Content-Type").fits(["application/json"]));
    }
    json(text)
}

/// Reads JSON. Characters that steer machines or that nobody sees are refused in every text, since databases, terminals
/// and printed pages stumble over them. A carriage return is let through: whoever has the text knows what it is for.
pub(crate) fn json(text: &[u8]) -> Result<Value, Problem> {
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| Problem::new(Refusal::BodyDoesNotFit(reading::not_json(&error))))?;
    match unreadable(&value, &mut String::new()) {
        Some((field, found)) => {
            let why = Misfit::Value { found: Found::ControlCharacter(found), fits: None };
            Err(Problem::new(Refusal::BodyDoesNotFit(why)).at(field))
        }
        None => Ok(value),
    }
}

/// The field with a character in it that is not to be read, if there is one. JSON nests 127 deep at most.
fn unreadable(value: &Value, field: &mut String) -> Option<(String, char)> {
    let refused = |text: &str| text.chars().find(|letter| *letter != '\r' && is_unreadable(*letter));
    match value {
        Value::String(text) => refused(text).map(|found| (field.clone(), found)),
        Value::Array(values) => values.iter().enumerate().find_map(|(index, value)| {
            let length = field.len();
            field.push_str(&format!("[{index}]"));
            let found = unreadable(value, field);
            field.truncate(length);
            found
        }),
        Value::Object(values) => values.iter().find_map(|(name, value)| {
            if let Some(found) = refused(name) {
                return Some((field.clone(), found));
            }
            let length = field.len();
            if length > 0 {
                field.push('.');
            }
            field.push_str(name);
            let found = unreadable(value, field);
            field.truncate(length);
            found
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Gives JSON the form that is asked for, within the bounds that are promised; what does not fit is named.
pub(crate) fn form<T: DeserializeOwned + JsonSchema + 'static>(value: &Value) -> Result<T, Problem> {
    let read = serde_path_to_error::deserialize(reading::Json(value)).map_err(|error| {
        let path = error.path().to_string();
        let why = error.into_inner().0;
        // An unknown or missing field stands below the path.
        let parent = if path == "." { "" } else { path.as_str() };
        let field = match (parent, why.field().unwrap_or_default()) {
            (parent, "") => parent.to_owned(),
            ("", named) => named.to_owned(),
            (parent, named) if parent.ends_with(named) => parent.to_owned(),
            (parent, named) => format!("{parent}.{named}"),
        };
        Problem::new(Refusal::BodyDoesNotFit(why)).at(field)
    })?;
    bounds::check_body::<T>(value).map_err(|out| Problem::new(Refusal::BodyDoesNotFit(out.why)).at(out.field))?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_to_be_read_is_found_wherever_it_is() {
        let value = serde_json::json!({"a": [{"b": "x"}, {"b": "\u{feff}"}]});
        assert_eq!(unreadable(&value, &mut String::new()), Some(("a[1].b".to_owned(), '\u{feff}')));
        assert_eq!(unreadable(&serde_json::json!({"a": "x\r\ny\tz"}), &mut String::new()), None);
    }
}
