//! A route: its address, who may take it, what goes in and what comes out.
//!
//! One value of [`Route`] feeds three things, so that they cannot disagree: the router, the guard that lets callers
//! in, and the OpenAPI document.

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use crate::{app::App, who};

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Reading what the caller's role shows.
    Read,
    /// Everyday writing: exchanges, hours, transfers, offers and needs.
    Write,
    /// Who takes part and under which rules: members, persons, roles, tokens, years.
    Manage,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Manage];

    /// The scope as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Manage => "manage",
        }
    }

    /// Reads scopes between spaces; words that are none are left out.
    pub(crate) fn read(text: &str) -> Vec<Self> {
        Self::ALL.into_iter().filter(|scope| text.split(' ').any(|word| word == scope.as_str())).collect()
    }
}

/// A part that a caller may play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Speaks for one association.
    Delegate,
    /// The same, and says who else may.
    Administrator,
    /// Acts for the network.
    Coordinator,
    /// Settles what is contested.
    Mediator,
    /// Reads everything.
    Auditor,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] = [Self::Delegate, Self::Administrator, Self::Coordinator, Self::Mediator, Self::Auditor];

    /// The part as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delegate => "delegate",
            Self::Administrator => "administrator",
            Self::Coordinator => "coordinator",
            Self::Mediator => "mediator",
            Self::Auditor => "auditor",
        }
    }
}

/// Who may take a route.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its place among the routes.
    pub index: usize,
    /// What the token must be good for; `None` lets everybody in, without a token.
    pub scope: Option<Scope>,
    /// The parts that may.
    pub may: &'static [Part],
}

/// Describes a type to the OpenAPI document.
pub(crate) type Describe = fn(&mut SchemaGenerator) -> Schema;

/// What a route answers when all is well.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answers {
    /// JSON.
    Json(Describe),
    /// Text of some media type.
    Text(&'static str),
    /// Nothing.
    Nothing,
}

/// A route.
pub struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) scope: Option<Scope>,
    pub(crate) may: &'static [Part],
    pub(crate) query: Option<Describe>,
    pub(crate) body: Option<Describe>,
    pub(crate) body_types: &'static [&'static str],
    pub(crate) example: Option<Value>,
    pub(crate) status: u16,
    pub(crate) answers: Answers,
    /// Whether it takes an idempotency key.
    pub(crate) is_keyed: bool,
    /// Whether there may be nothing to show, though the address names nothing.
    pub(crate) may_be_absent: bool,
    /// Whether its answer bears an `ETag` (reading) or it minds `If-Match` (writing).
    pub(crate) has_tag: bool,
    handler: MethodRouter<App>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// A route that reads.
pub(crate) fn get<H, T>(path: &'static str, operation: &'static str, summary: &'static str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route::new(Method::GET, MethodFilter::GET, path, operation, summary, handler)
}

/// A route that writes; with an idempotency key, unless it says otherwise.
pub(crate) fn post<H, T>(path: &'static str, operation: &'static str, summary: &'static str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route::new(Method::POST, MethodFilter::POST, path, operation, summary, handler)
}

/// A route that puts something in another's place.
pub(crate) fn put<H, T>(path: &'static str, operation: &'static str, summary: &'static str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route::new(Method::PUT, MethodFilter::PUT, path, operation, summary, handler)
}

/// A route that takes something away.
pub(crate) fn delete<H, T>(path: &'static str, operation: &'static str, summary: &'static str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route::new(Method::DELETE, MethodFilter::DELETE, path, operation, summary, handler)
}

impl Route {
    fn new<H, T>(
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        operation: &'static str,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let is_read = method == Method::GET;
        Self {
            path,
            operation,
            summary,
            scope: None,
            may: &[],
            query: None,
            body: None,
            body_types: &["application/json"],
            example: None,
            status: if method == Method::POST { 201 } else { 200 },
            answers: Answers::Nothing,
            is_keyed: !is_read,
            may_be_absent: false,
            has_tag: false,
            handler: on(filter, handler),
            method,
        }
    }

    /// Who may take it, and what for.
    pub(crate) fn only(mut self, scope: Scope, may: &'static [Part]) -> Self {
        (self.scope, self.may) = (Some(scope), may);
        self
    }

    /// The query's parameters.
    pub(crate) fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// The body.
    pub(crate) fn body<T: JsonSchema>(mut self) -> Self {
        self.body = Some(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// The media types that the body may have.
    pub(crate) fn body_types(mut self, types: &'static [&'static str]) -> Self {
        self.body_types = types;
        self
    }

    /// A body that works.
    pub(crate) fn example(mut self, example: Value) -> Self {
        self.example = Some(example);
        self
    }

    /// What it answers.
    pub(crate) fn answers<T: JsonSchema>(mut self) -> Self {
        self.answers = Answers::Json(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// Answers text of that media type.
    pub(crate) fn answers_text(mut self, media_type: &'static str) -> Self {
        self.answers = Answers::Text(media_type);
        self
    }

    /// The status when all is well.
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// There may be nothing to show.
    pub(crate) fn absent_sometimes(mut self) -> Self {
        self.may_be_absent = true;
        self
    }

    /// It needs no idempotency key.
    pub(crate) fn unkeyed(mut self) -> Self {
        self.is_keyed = false;
        self
    }

    /// It bears or minds an `ETag`.
    pub(crate) fn tagged(mut self) -> Self {
        self.has_tag = true;
        self
    }

    /// What it is called in metrics and documents.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Adds the route to the router, behind its guard.
    pub(crate) fn mount(self, index: usize, router: Router<App>, app: &App) -> Router<App> {
        let rule = Rule { index, scope: self.scope, may: self.may };
        let guarded = self.handler.route_layer(from_fn_with_state((app.clone(), rule), guard));
        router.route(self.path, guarded)
    }
}

/// Marks an answer with the route that gave it, and the token that asked.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) index: usize,
    pub(crate) token: Option<uuid::Uuid>,
}

/// Stands before every handler: none is reached by whom the rule does not let in.
async fn guard(State((app, rule)): State<(App, Rule)>, mut request: Request, next: Next) -> Response {
    let mut token = None;
    let admitted = match rule.scope {
        None => Ok(()),
        Some(_) => who::admit(&app, request.headers(), &rule).await.map(|caller| {
            token = Some(caller.access.token);
            request.extensions_mut().insert(rule);
            request.extensions_mut().insert(caller);
        }),
    };
    let mut response = match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    response.extensions_mut().insert(Taken { index: rule.index, token });
    response
}
