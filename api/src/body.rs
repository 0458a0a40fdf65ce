//! Bodies, and what is read in them: JSON within bounds, of the form that is asked for.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use http_body_util::BodyExt as _;
use ledger::printable::is_unreadable;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::{
    App, bodies,
    misfit::{Found, Misfit},
    operation::moment::instant,
    problem::{Problem, Refusal},
};

use crate::{
    bounds, reading,
    strict::{self, NotRead},
};

/// A body that arrives, up to so many bytes and for so long.
#[derive(Debug)]
pub(crate) struct Arriving {
    body: Body,
    bytes_most: usize,
    bytes: usize,
    /// What is left of the time in which it has to arrive. What we do with it meanwhile does not count.
    patience: Duration,
}

impl Arriving {
    /// Looks at what the body says of itself, before any of it is read.
    pub(crate) fn new(app: &App, headers: &HeaderMap, body: Body, bytes_most: usize) -> Result<Self, Problem> {
        if said_bytes(headers).is_some_and(|said| said > bytes_most) {
            return Err(Problem::new(Refusal::BodyIsTooLarge(bytes_most)));
        }
        Ok(Self { body, bytes_most, bytes: 0, patience: app.config.arrival_timeout })
    }

    /// What arrives next; nothing at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let began = instant();
        let arrived = tokio::time::timeout(self.patience, self.body.frame()).await;
        self.patience = self.patience.saturating_sub(began.elapsed());
        match arrived {
            Ok(None) => Ok(None),
            Ok(Some(Ok(frame))) => {
                // What is no data are trailers, which nobody asks for.
                let data = frame.into_data().unwrap_or_default();
                self.bytes = self.bytes.saturating_add(data.len());
                let fits = self.bytes <= self.bytes_most;
                if fits { Ok(Some(data)) } else { Err(Problem::new(Refusal::BodyIsTooLarge(self.bytes_most))) }
            }
            Ok(Some(Err(_))) => Err(Problem::new(Refusal::BodyDoesNotFit(Misfit::BodyBreaksOff))),
            Err(_) => Err(Problem::new(Refusal::BodyIsTooSlow)),
        }
    }

    /// How much has arrived.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// How long the body is, where the request says so.
pub(crate) fn said_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a body as JSON. One that is not small takes room while it arrives, and is read beside the workers.
pub(crate) async fn read_json(app: &App, headers: &HeaderMap, body: Body) -> Result<Value, Problem> {
    let mut arriving = Arriving::new(app, headers, body, app.config.body_most)?;
    let mut text = Vec::new();
    let mut room = None;
    while let Some(data) = arriving.next().await? {
        if room.is_none() && arriving.bytes() > bodies::SMALL {
            room = Some(app.bodies.take_room(app.config.body_most).await?);
        }
        text.extend_from_slice(&data);
    }
    if text.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") && !media_type.ends_with("+json") {
        return Err(Problem::new(Refusal::MediaTypeDoesNotFit).at("Content-Type").fits(["application/json"]));
    }
    if text.len() <= bodies::SMALL { json(&text) } else { app.bodies.aside(move || json(&text)).await? }
}

/// Reads JSON in which no field stands twice. Characters that steer machines or that nobody sees are refused in every text, since databases, terminals
/// and printed pages stumble over them. A carriage return is let through: whoever has the text knows what it is for.
pub(crate) fn json(text: &[u8]) -> Result<Value, Problem> {
    let value = strict::parse(text).map_err(|error| match error {
        NotRead::NoJson(error) => Problem::new(Refusal::BodyDoesNotFit(reading::not_json(&error))),
        NotRead::Twice { name, field } => Problem::new(Refusal::BodyDoesNotFit(Misfit::DuplicateField(name))).at(field),
    })?;
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
