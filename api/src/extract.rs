//! What handlers take in. Whatever does not fit becomes a problem document that names the field.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Uri, header, request::Parts},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use ledger::{Digest, Language, log};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    app::App,
    misfit::{Found, Misfit},
    problem::{Problem, Refusal},
    reading,
    who::Caller,
};

/// The longest idempotency key, in characters.
const KEY_MOST: usize = 128;

/// A query, read strictly.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        // A database does not take a NUL, not even to compare with.
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            let why = Misfit::Value { found: Found::ControlCharacter, fits: None };
            return Err(Problem::new(Refusal::QueryDoesNotFit(why)));
        }
        let parameters = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let parameters = parameters.map(|parameters| parameters.0).unwrap_or_default();
        serde_path_to_error::deserialize(reading::query(parameters)).map(Self).map_err(|error| {
            let path = error.path().to_string();
            let why = error.into_inner().0;
            let field = why.field().map_or(path, str::to_owned);
            Problem::new(Refusal::QueryDoesNotFit(why)).at(field)
        })
    }
}

/// The names in an address. What is no name leads nowhere.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        path.map(|path| Self(path.0)).map_err(|_| Problem::not_found())
    }
}

/// The tag that a caller expects, in `If-Match`.
#[derive(Debug)]
pub(crate) struct IfMatch(Option<String>);

impl IfMatch {
    /// Whether the caller expects a version.
    pub(crate) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// The tag is still this one, or the caller does not mind.
    pub(crate) fn check(&self, tag: &str) -> Result<(), Problem> {
        let Some(wanted) = &self.0 else { return Ok(()) };
        let fits = wanted.split(',').map(str::trim).any(|one| one == "*" || one.trim_matches('"') == tag);
        if fits { Ok(()) } else { Err(Problem::new(Refusal::ChangedMeanwhile).at("If-Match")) }
    }
}

impl FromRequestParts<App> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let text = parts.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        Ok(Self(text.map(str::to_owned)))
    }
}

/// That a write is this one and no other.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The caller's key.
    pub(crate) key: String,
    /// A digest of what is asked, in whose name.
    pub(crate) digest: Digest,
}

/// The body of a write that bears a key.
#[derive(Debug)]
pub(crate) struct Keyed<T> {
    pub(crate) asked: Asked,
    pub(crate) body: T,
}

/// A body without anything in it.
#[derive(Debug, Clone, Copy, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<T: DeserializeOwned> FromRequest<App> for Keyed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let key = key_in(request.headers())?;
        let (parts, body) = request.into_parts();
        let text = read_body(app, &parts.headers, body, app.config.body_most).await?;
        let value = json_in(&parts.headers, &text)?;
        let caller = parts.extensions.get::<Caller>();
        let asked = Asked { key, digest: digest(&parts, caller, &value.to_string()) };
        Ok(Self { asked, body: form(&value)? })
    }
}

/// A body without a key.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let text = read_body(app, &parts.headers, body, app.config.body_most).await?;
        Ok(Self(form(&json_in(&parts.headers, &text)?)?))
    }
}

/// The idempotency key: visible ASCII, quoted or not.
pub(crate) fn key_in(headers: &HeaderMap) -> Result<String, Problem> {
    let missing = || Problem::new(Refusal::KeyIsMissing).at("Idempotency-Key");
    let key = headers.get("idempotency-key").ok_or_else(missing)?.to_str().map_err(|_| missing())?.trim();
    let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if key.is_empty() || key.len() > KEY_MOST || !is_visible { Err(missing()) } else { Ok(key.to_owned()) }
}

/// What is asked: the address, in whose name, and the body without its blanks.
pub(crate) fn digest(parts: &Parts, caller: Option<&Caller>, body: &str) -> Digest {
    let acting = caller.map(|caller| caller.acting.kept()).unwrap_or_default();
    log::leaf_hash(format!("{}\0{}\0{acting}\0{body}", parts.method, parts.uri).as_bytes())
}

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

fn json_in(headers: &HeaderMap, text: &[u8]) -> Result<Value, Problem> {
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

/// The language that a reader prefers: French unless they would rather have English.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Language::French, 0);
    for part in wanted.split(',') {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let tag = tag.trim().to_ascii_lowercase();
        let language = match tag.split('-').next() {
            Some("fr") => Language::French,
            Some("en") => Language::English,
            _ => continue,
        };
        // Weights have three decimals at most.
        let weight = weight.trim().parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1,000")]
        let weight = (weight * 1_000.0) as u32;
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

/// The same address with another cursor.
pub(crate) fn with_cursor(uri: &Uri, cursor: &str) -> String {
    let rest =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<_> = rest.map(str::to_owned).chain([format!("cursor={cursor}")]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_chooses_the_language() {
        for (header, expected) in [
            ("", Language::French),
            ("en", Language::English),
            ("en-GB,en;q=0.9,fr;q=0.8", Language::English),
            ("fr;q=0.9,en;q=0.8", Language::French),
            ("de,en;q=0.5", Language::English),
            ("de", Language::French),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, header.parse().unwrap());
            assert_eq!(language(&headers), expected, "{header}");
        }
    }

    #[test]
    fn a_control_character_is_found_wherever_it_is() {
        let value = serde_json::json!({"a": [{"b": "x"}, {"b": "\u{0}"}]});
        assert_eq!(control_character(&value, &mut String::new()).as_deref(), Some("a[1].b"));
        assert_eq!(control_character(&serde_json::json!({"a": "x\ny\tz"}), &mut String::new()), None);
    }

    #[test]
    fn the_next_page_keeps_the_question() {
        let uri: Uri = "/v1/exchanges?state=proposed&cursor=a&limit=5".parse().unwrap();
        assert_eq!(with_cursor(&uri, "b"), "/v1/exchanges?state=proposed&limit=5&cursor=b");
    }
}
