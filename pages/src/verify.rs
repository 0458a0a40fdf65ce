//! The page that checks what a network hands out: the same file that people keep, for everybody. It asks nothing of us.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};

use crate::answer::Answer;

/// The page. Its policy stands in it as well, for whoever keeps it; that nobody frames it can only be said here.
pub(crate) async fn show() -> Answer {
    let mut response: Response = Html(verifier::page()).into_response();
    let policy = format!("{}; frame-ancestors 'none'", verifier::policy());
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
