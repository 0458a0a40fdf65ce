//! A route: its address, what answers there, and who may take it; and a face, which is a list of them.

use axum::{
    Router,
    body::Bytes,
    handler::Handler,
    http::{HeaderMap, HeaderValue, Method},
    middleware::from_fn_with_state,
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};
use ledger::Language;

use crate::{
    app::App,
    doors::Door,
    guard::{Post, guard},
    place::Place,
    problem::Problem,
    rule::{Content, Part, Rule, Scope},
};

/// A route.
#[derive(Clone)]
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its address, with the names of what stands in it.
    pub path: &'static str,
    /// What it is called in metrics and documents.
    pub operation: &'static str,
    /// Who may take it; nobody unless said.
    pub rule: Rule,
    /// What the guard makes of its body.
    pub content: Content,
    /// Whether whoever has signed in has to have done so lately.
    pub is_grave: bool,
    /// Whether it tells how the service is, and is answered where there is no room for others.
    pub is_for_operation: bool,
    handler: MethodRouter<App>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Route {
    /// A route that nobody may take yet.
    pub fn new<H, T>(
        filter: MethodFilter,
        method: Method,
        path: &'static str,
        operation: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let handler = on(filter, handler);
        let rule = Rule::NOBODY;
        Self {
            method,
            path,
            operation,
            rule,
            content: Content::OfItsHandler,
            is_grave: false,
            is_for_operation: false,
            handler,
        }
    }

    /// Whoever comes may take it, without a token.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.rule = Rule::Open;
        self
    }

    /// Whoever shows a token may take it.
    #[must_use]
    pub fn for_holders(mut self) -> Self {
        self.rule = Rule::Holder;
        self
    }

    /// Who may take it, and what for.
    #[must_use]
    pub fn only(mut self, scope: Scope, may: &'static [Part]) -> Self {
        self.rule = Rule::Only { scope, may };
        self
    }

    /// A grave step: whoever has signed in has to have done so lately.
    #[must_use]
    pub fn grave(mut self) -> Self {
        self.is_grave = true;
        self
    }

    /// Its body may say for whom.
    #[must_use]
    pub fn said_in_body(mut self) -> Self {
        self.content = Content::SaysForWhom;
        self
    }

    /// What is sent is given back where it is not taken: nothing in it is a secret, or shows who somebody is.
    #[must_use]
    pub fn giving_back(mut self) -> Self {
        self.content = Content::GivenBack;
        self
    }

    /// Adds the route to a router, behind its guard.
    pub fn mount(self, index: usize, door: Door, router: Router<App>, app: &App) -> Router<App> {
        let Self { rule, is_for_operation, content, is_grave, .. } = self;
        let post = Post { index, door, rule, is_for_operation, content, is_grave };
        router.route(self.path, self.handler.route_layer(from_fn_with_state((app.clone(), post), guard)))
    }
}

/// How a face speaks of what is not answered as asked.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    /// In which language a reader is answered.
    pub language: fn(&HeaderMap) -> Language,
    /// How it tells a problem.
    pub tell: fn(&Told<'_>) -> Response,
    /// Whether an address is for its callers, also where nothing is there.
    pub is_for: fn(&str) -> bool,
}

/// What a face has to tell: why a request is not answered as asked.
#[derive(Debug)]
pub struct Told<'a> {
    /// How it was asked.
    pub method: &'a Method,
    /// Why.
    pub problem: &'a Problem,
    /// In which language.
    pub language: Language,
    /// The request's name.
    pub request_id: &'a str,
    /// Where the reader is.
    pub place: &'a Place,
    /// What they asked for, with its query.
    pub address: &'a str,
    /// The methods that the address takes, where it takes none such.
    pub allow: Option<&'a HeaderValue>,
    /// The form that was sent, where it is given back.
    pub form: Option<&'a Bytes>,
}

/// A face of the service: JSON for programs, pages for people.
#[derive(Debug)]
pub struct Face {
    /// Its routes.
    pub routes: Vec<Route>,
    /// Where its callers get in.
    pub door: Door,
    /// How it tells a problem.
    pub voice: Voice,
}

impl Face {
    /// What its routes are called, in their order.
    pub fn operations(&self) -> Vec<&'static str> {
        self.routes.iter().map(|route| route.operation).collect()
    }
}
