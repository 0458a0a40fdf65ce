//! What every request passes, whatever its route.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
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
    app::App,
    config::Origins,
    doors::{ACTING_FOR, Door, LONG_AGO},
    guard::Taken,
    operation::{logs, moment::instant},
    place::Place,
    problem::{Problem, Refusal},
    route::{Face, Route, Told, Voice},
    sent::Sent,
};
use ledger::Language;

/// The router of the faces, behind the layers that every request passes. What is nobody's address is answered by the last
/// of them.
pub fn router(app: &App, faces: Vec<Face>) -> Router {
    let voices: Arc<[Voice]> = faces.iter().map(|face| face.voice).collect();
    let routes = faces.into_iter().flat_map(|Face { routes, door, .. }| routes.into_iter().map(move |it| (it, door)));
    let mount = |router, (index, (route, door)): (usize, (Route, Door))| route.mount(index, door, router, app);
    let router = routes.enumerate().fold(Router::new(), mount);
    let is_worth_it = SizeAbove::new(1_024).and(NotForContentType::const_new("text/event-stream"));
    router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::new(Refusal::MethodNotAllowed) })
        .layer(from_fn_with_state((app.clone(), voices), finish))
        .layer(CompressionLayer::new().gzip(true).compress_when(is_worth_it))
        .layer(cors(&app.config.cors_origins))
        .with_state(app.clone())
}

fn cors(origins: &Origins) -> CorsLayer {
    let allowed = match origins {
        Origins::Named(origins) if origins.is_empty() => return CorsLayer::new(),
        Origins::Named(origins) => AllowOrigin::list(origins.clone()),
        Origins::Any => AllowOrigin::any(),
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods(Any)
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::HeaderName::from_static("idempotency-key"),
            header::HeaderName::from_static(ACTING_FOR),
            header::HeaderName::from_static(LONG_AGO),
        ])
        .expose_headers(Any)
}

/// The first to see a request and the last to see its answer: gives it an id and an end in time, has problems told in
/// the reader's language, counts and tells.
async fn finish(State((app, voices)): State<(App, Arc<[Voice]>)>, mut request: Request, next: Next) -> Response {
    let began = instant();
    let asked = Asked::of(&mut request, &voices);
    let id = request_id(&app, request.headers());
    let method = request.method().clone();
    let known_tag = request.headers().get(header::IF_NONE_MATCH).cloned();
    let answered = tokio::time::timeout(app.config.request_timeout, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Problem::new(Refusal::TookTooLong).into_response());
    let taken = response.extensions_mut().remove::<Taken>();
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        let allow = response.headers().get(header::ALLOW);
        response = asked.tell(problem, &id, allow);
    } else if known_tag.is_some() && response.headers().get(header::ETAG) == known_tag.as_ref() {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    app.metrics.answered(taken.as_ref().map(|taken| taken.index), status, micros);
    if app.config.tells_requests || status >= 500 {
        let route = taken.as_ref().and_then(|taken| app.operations.get(taken.index)).copied();
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

/// What of a request has to be known once it was not answered as asked.
struct Asked {
    voice: Option<Voice>,
    language: Language,
    place: Place,
    method: Method,
    address: String,
    sent: Sent,
}

impl Asked {
    fn of(request: &mut Request, voices: &[Voice]) -> Self {
        let sent = Sent::default();
        request.extensions_mut().insert(sent.clone());
        let path = request.uri().path();
        let voice = voices.iter().find(|voice| (voice.is_for)(path)).or(voices.last()).copied();
        Self {
            voice,
            language: voice.map_or(Language::French, |voice| (voice.language)(request.headers())),
            place: request.extensions().get().cloned().unwrap_or_default(),
            method: request.method().clone(),
            address: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            sent,
        }
    }

    fn tell(&self, problem: &Problem, request_id: &str, allow: Option<&HeaderValue>) -> Response {
        let Self { voice, language, place, method, address, sent } = self;
        let form = sent.form();
        let told = Told { method, problem, language: *language, request_id, place, address, allow, form };
        voice.map_or_else(|| problem.status().into_response(), |voice| (voice.tell)(&told))
    }
}

/// The caller's own id for the request if it is harmless, else a new one.
fn request_id(app: &App, headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let is_harmless = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    given.filter(is_harmless).map_or_else(|| app.next_request_id(), str::to_owned)
}
