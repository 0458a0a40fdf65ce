//! What handlers take in. Whatever does not fit becomes a problem document that names the field.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use ledger::AssociationNumber;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::{
    App,
    asked::{self, Asked, SeenTags},
    caller::Caller,
    choice::Choice,
    id::Unnamed,
    misfit::{Found, Misfit},
    problem::{Problem, Refusal},
};
use uuid::Uuid;

use crate::{
    body::{form, read_json},
    bounds, reading,
};

/// The longest idempotency key, in characters.
const KEY_MOST: usize = 128;

/// A query, read strictly.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        // A database does not take a NUL, not even to compare with.
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            let why = Misfit::Value { found: Found::ControlCharacter('\0'), fits: None };
            return Err(Problem::new(Refusal::QueryDoesNotFit(why)));
        }
        let parameters = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let parameters = parameters.map(|parameters| parameters.0).unwrap_or_default();
        let bounds = bounds::check_query::<T>(&parameters);
        let read = serde_path_to_error::deserialize(reading::query(parameters)).map_err(|error| {
            let path = error.path().to_string();
            let why = error.into_inner().0;
            let field = why.field().map_or(path, str::to_owned);
            Problem::new(Refusal::QueryDoesNotFit(why)).at(field)
        })?;
        bounds.map_err(|out| Problem::new(Refusal::QueryDoesNotFit(out.why)).at(out.field))?;
        Ok(Self(read))
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

/// What a caller has seen of what they want changed, in `If-Match`.
#[derive(Debug)]
pub(crate) struct IfMatch(pub(crate) SeenTags);

impl FromRequestParts<App> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let Some(text) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(SeenTags::Unsaid)) };
        // Tags that cannot be read are none of ours: they match nothing.
        let mut tags = text.to_str().unwrap_or_default().split(',').map(str::trim);
        let is_anything = tags.clone().any(|tag| tag == "*");
        Ok(Self(if is_anything {
            SeenTags::Anything
        } else {
            SeenTags::OneOf(tags.by_ref().map(|tag| tag.trim_matches('"').to_owned()).collect())
        }))
    }
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

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequest<App> for Keyed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let written = Written::read(request, app).await?;
        let asked = written.asked(written.parts.extensions.get::<Caller>());
        Ok(Self { asked, body: form(&written.value)? })
    }
}

/// A write as it came: its key, and its body as JSON.
struct Written {
    key: String,
    parts: Parts,
    value: Value,
}

impl Written {
    async fn read(request: Request, app: &App) -> Result<Self, Problem> {
        let key = key_in(request.headers())?;
        let (parts, body) = request.into_parts();
        let value = read_json(app, &parts.headers, body).await?;
        Ok(Self { key, parts, value })
    }

    fn asked(&self, caller: Option<&Caller>) -> Asked {
        let acting = caller.map(|caller| caller.acting);
        let digest = asked::digest(&self.parts.method, &self.parts.uri, acting, &self.value.to_string());
        Asked { key: self.key.clone(), digest, long_ago: says_long_ago(&self.parts.headers) }
    }
}

/// Whether a caller says that a date of long ago is meant.
pub(crate) fn says_long_ago(headers: &HeaderMap) -> bool {
    headers.get(service::doors::LONG_AGO).is_some_and(|said| said.as_bytes().eq_ignore_ascii_case(b"true"))
}

/// A write whose body may say for whom it is: a caller who speaks for several associations need not say it twice.
#[derive(Debug)]
pub(crate) struct ForWhom<T> {
    pub(crate) caller: Caller,
    pub(crate) asked: Asked,
    pub(crate) body: T,
}

/// A body that names the associations of which one asks.
pub(crate) trait NamesAssociations {
    /// Their names.
    fn associations(&self) -> Vec<Uuid>;
}

impl<T: DeserializeOwned + JsonSchema + NamesAssociations + 'static> FromRequest<App> for ForWhom<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let mut written = Written::read(request, app).await?;
        let body: T = form(&written.value)?;
        let caller = match written.parts.extensions.remove::<Choice>() {
            Some(choice) => chosen(choice, &body.associations())?,
            None => written.parts.extensions.remove::<Caller>().ok_or_else(|| Problem::new(Refusal::TokenIsMissing))?,
        };
        let asked = written.asked(Some(&caller));
        Ok(Self { caller, asked, body })
    }
}

fn chosen(choice: Choice, names: &[Uuid]) -> Result<Caller, Problem> {
    let mut named = Vec::new();
    for name in names {
        match choice.ids().number(*name) {
            Ok(number) => named.push(AssociationNumber(number)),
            // The handler knows in which field it stands.
            Err(Unnamed::Unknown) => {}
            Err(lost @ Unnamed::WasLost) => return Err(Problem::of_unnamed(lost, Problem::not_found)),
        }
    }
    let choice = if named.is_empty() { choice } else { choice.about(&named)? };
    choice.made()
}

/// A body without a key.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        Ok(Self(form(&read_json(app, &parts.headers, body).await?)?))
    }
}

/// The idempotency key: visible ASCII, quoted or not.
pub(crate) fn key_in(headers: &HeaderMap) -> Result<String, Problem> {
    let missing = || Problem::new(Refusal::KeyIsMissing).at("Idempotency-Key");
    let key = headers.get("idempotency-key").ok_or_else(missing)?.to_str().map_err(|_| missing())?.trim();
    let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if key.is_empty() || key.len() > KEY_MOST || !is_visible { Err(missing()) } else { Ok(key.to_owned()) }
}
