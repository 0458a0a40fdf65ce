//! Bodies, and what is read in them: JSON within bounds, of the form that is asked for.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::{
    App,
    misfit::{Found, Misfit},
    problem::{Problem, Refusal},
};

use crate::reading;

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

/// Reads JSON. Characters that steer machines are refused in every text, since databases and terminals stumble
/// over them.
pub(crate) fn json(text: &[u8]) -> Result<Value, Problem> {
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| Problem::new(Refusal::BodyDoesNotFit(reading::not_json(&error))))?;
    match control_character(&value, &mut String::new()) {
        Some(field) => {
            let why = Misfit::Value { found: Found::ControlCharacter, fits: None };
            Err(Problem::new(Refusal::BodyDoesNotFit(why)).at(field))
        }
        None => Ok(value),
    }
}

/// The field with a control character in it, if there is one. JSON nests 127 deep at most.
fn control_character(value: &Value, field: &mut String) -> Option<String> {
    let is_refused = |text: &str| text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r'));
    match value {
        Value::String(text) => is_refused(text).then(|| field.clone()),
        Value::Array(values) => values.iter().enumerate().find_map(|(index, value)| {
            let length = field.len();
            field.push_str(&format!("[{index}]"));
            let found = control_character(value, field);
            field.truncate(length);
            found
        }),
        Value::Object(values) => values.iter().find_map(|(name, value)| {
            if is_refused(name) {
                return Some(field.clone());
            }
            let length = field.len();
            if length > 0 {
                field.push('.');
            }
            field.push_str(name);
            let found = control_character(value, field);
            field.truncate(length);
            found
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Gives JSON the form that is asked for; what does not fit is named.
pub(crate) fn form<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(reading::Json(value)).map_err(|error| {
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
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_character_is_found_wherever_it_is() {
        let value = serde_json::json!({"a": [{"b": "x"}, {"b": "\u{0}"}]});
        assert_eq!(control_character(&value, &mut String::new()).as_deref(), Some("a[1].b"));
        assert_eq!(control_character(&serde_json::json!({"a": "x\ny\tz"}), &mut String::new()), None);
    }
}
