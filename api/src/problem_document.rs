//! Problems as programs read them: documents of RFC 9457.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use ledger::Language;
use schemars::JsonSchema;
use serde_json::{Value, json};
use service::{problem::Problem, route::Told};

use crate::remedy;

/// Why a request is not answered as asked (RFC 9457).
#[derive(Debug, serde::Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct ProblemDocument {
    /// Which problem: stable, and the same in every language.
    r#type: String,
    /// The problem in a few words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What was found, and what would have fitted.
    detail: String,
    /// The field at fault, as in `contributions[1].minutes`.
    field: Option<String>,
    /// Values that would have fitted.
    fits: Option<Vec<String>>,
    /// To be given to whoever runs the service.
    request_id: Option<String>,
}

/// The document.
pub(crate) fn document(problem: &Problem, language: Language, request_id: Option<&str>) -> Value {
    let mut document = json!({
        "type": format!("/problems/{}", problem.slug()),
        "title": problem.title(language),
        "status": problem.status().as_u16(),
        "detail": remedy::detail(problem, language),
    });
    if let Some(field) = problem.field() {
        document["field"] = json!(field);
    }
    if !problem.fitting().is_empty() {
        document["fits"] = json!(problem.fitting());
    }
    if let Some(id) = request_id {
        document["request_id"] = json!(id);
    }
    document
}

/// Writes a problem's document over an answer that was without a body.
pub(crate) fn tell(told: &Told<'_>) -> Response {
    let problem = told.problem;
    let document = document(problem, told.language, Some(told.request_id));
    let mut response = Response::new(format!("{document}\n").into());
    *response.status_mut() = problem.status();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(allow) = told.allow {
        headers.insert(header::ALLOW, allow.clone());
    }
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(told.language.as_str()));
    if problem.status() == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = problem.retry_after_seconds() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

#[cfg(test)]
mod tests {
    use ledger::{Rejection, registry::Registry};
    use service::{misfit::Misfit, problem::Refusal};

    use super::*;

    #[test]
    fn a_refusal_says_what_is_wrong_in_both_languages() {
        let problem =
            Problem::new(Refusal::BodyDoesNotFit(Misfit::UnknownField { name: "x".to_owned(), fits: &["minutes"] }))
                .at("x");
        insta::assert_snapshot!(document(&problem, Language::French, Some("r1")), @r#"{"detail":"champ inconnu : `x` ; conviendrait : `minutes`","field":"x","request_id":"r1","status":400,"title":"Contenu illisible","type":"/problems/body-does-not-fit"}"#);
        let problem = Problem::rejected(
            Rejection::StepIsNotFitted {
                minutes: ledger::Minutes::new(50),
                below: ledger::Minutes::new(45),
                above: ledger::Minutes::new(60),
            },
            &Registry::default(),
        );
        insta::assert_snapshot!(document(&problem, Language::English, None), @r#"{"detail":"50 min is no multiple of the network's step; the nearest: 45 min or 1 h","field":"minutes","fits":["45","60"],"status":422,"title":"Refused by the ledger's rules","type":"/problems/step-is-not-fitted"}"#);
    }
}
