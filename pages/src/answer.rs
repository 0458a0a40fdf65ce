//! How pages are answered: with their headers, or by leading elsewhere.

use askama::Template;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use service::{
    operation::logs,
    problem::{Problem, Refusal},
};

/// What a handler answers.
pub(crate) type Answer = Result<Response, Problem>;

/// Nothing of other hosts, and nothing that stands in the page itself, is run, shown or sent to.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; manifest-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "private, no-store"),
];

/// A page.
pub(crate) fn page(template: &impl Template) -> Answer {
    page_with(StatusCode::OK, template)
}

/// A page that says that something does not fit: the form again, with what was filled in.
pub(crate) fn again(template: &impl Template) -> Answer {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A page with a status.
///
/// # Errors
/// When it cannot be put together, which is a fault of ours.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Answer {
    let text = template.render().map_err(|error| {
        logs::fault(&error.to_string());
        Problem::new(Refusal::Fault)
    })?;
    let mut response = (status, text).into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A file to keep.
///
/// # Errors
/// When its name does not fit into a header, which is a fault of ours.
pub(crate) fn to_keep(bytes: impl Into<Body>, kind: &'static str, name: &str) -> Answer {
    let mut response = Response::new(bytes.into());
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_DISPOSITION, name.map_err(|_| Problem::new(Refusal::Fault))?);
    Ok(response)
}

/// Leads to another page, to which a reload does nothing again.
pub(crate) fn see(address: &str) -> Answer {
    let location = HeaderValue::from_str(address).map_err(|_| Problem::new(Refusal::Fault))?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// The same, with a cookie.
pub(crate) fn see_with(address: &str, cookie: &str) -> Answer {
    let mut response = see(address)?;
    let cookie = HeaderValue::from_str(cookie).map_err(|_| Problem::new(Refusal::Fault))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
