//! What every request passes, whatever its route.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate as _, SizeAbove},
    },
    cors::{AllowOrigin, Any, CorsLayer},
};

use crate::{
    answer,
    app::App,
    extract,
    operation::{logs, metrics::instant},
    problem::{Problem, Refusal},
    route::Taken,
    router::routes,
};

/// The router, behind the layers that every request passes.
pub(crate) fn router(app: &App) -> Router {
    let routes = routes().into_iter().enumerate();
    let router = routes.fold(Router::new(), |router, (index, route)| route.mount(index, router, app));
    let is_worth_it = SizeAbove::new(1_024).and(NotForContentType::const_new("text/event-stream"));
    router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::new(Refusal::MethodNotAllowed) })
        .layer(from_fn_with_state(app.clone(), finish))
        .layer(CompressionLayer::new().gzip(true).compress_when(is_worth_it))
        .layer(cors(&app.config.cors_origins))
        .with_state(app.clone())
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    if origins.is_empty() {
        return CorsLayer::new();
    }
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(Any)
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::HeaderName::from_static("idempotency-key"),
            header::HeaderName::from_static(crate::who::ACTING_FOR),
        ])
        .expose_headers(Any)
}

/// The first to see a request and the last to see its answer: gives it an id and an end in time, writes the problem
/// document in the reader's language, counts and tells.
async fn finish(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = instant();
    let language = extract::language(request.headers());
    let id = request_id(&app, &request);
    let method = request.method().clone();
    let known_tag = request.headers().get(header::IF_NONE_MATCH).cloned();
    let answered = tokio::time::timeout(app.config.request_timeout, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Problem::new(Refusal::TookTooLong).into_response());
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        response = written(problem, language, &id, &response);
    } else if known_tag.is_some() && response.headers().get(header::ETAG) == known_tag.as_ref() {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let taken = response.extensions_mut().remove::<Taken>();
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    app.metrics.answered(taken.as_ref().map(|taken| taken.index), status, micros);
    if app.config.tells_requests || status >= 500 {
        let route = taken.as_ref().and_then(|taken| app.route_names.get(taken.index)).copied();
        logs::request(&logs::Line {
            request_id: &id,
            method: method.as_str(),
            route: route.unwrap_or("none"),
            status,
            micros,
            token: taken.and_then(|taken| taken.token).map(|token| token.to_string()),
            problem: problem.map(|problem| problem.slug().into_owned()),
        });
    }
    response
}

/// The caller's own id for the request if it is harmless, else a new one.
fn request_id(app: &App, request: &Request) -> String {
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    let is_harmless = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    given.filter(is_harmless).map_or_else(|| app.next_request_id(), str::to_owned)
}

/// Writes a problem's document over an answer that was without a body.
fn written(problem: &Problem, language: ledger::Language, id: &str, before: &Response) -> Response {
    let document = problem.document(language, Some(id));
    let mut response = answer::text(problem.status().as_u16(), "application/problem+json", document.to_string());
    let headers = response.headers_mut();
    if let Some(allow) = before.headers().get(header::ALLOW) {
        headers.insert(header::ALLOW, allow.clone());
    }
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.pick("fr", "en")));
    if problem.status() == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = problem.retry_after_seconds() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if let Some(taken) = before.extensions().get::<Taken>() {
        response.extensions_mut().insert(taken.clone());
    }
    response
}
