//! A route with what goes in and what comes out.
//!
//! One value of [`Described`] feeds three things, so that they cannot disagree: the router, the guard that lets callers
//! in, and the OpenAPI document.

use axum::{handler::Handler, http::Method, routing::MethodFilter};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;
use service::{App, Part, Scope, route::Route};

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

/// A route and its description.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of a route")]
pub(crate) struct Described {
    pub(crate) route: Route,
    pub(crate) summary: &'static str,
    /// What else has to be known of it.
    pub(crate) notes: &'static str,
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
    /// Whether it says on which day something was, which may be long ago.
    pub(crate) is_dated: bool,
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident => $method:ident, $status:literal, $is_keyed:literal;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name<H, T>(
            path: &'static str,
            operation: &'static str,
            summary: &'static str,
            handler: H,
        ) -> Described
        where
            H: Handler<T, App>,
            T: 'static,
        {
            let route = Route::new(MethodFilter::$method, Method::$method, path, operation, handler);
            Described::new(route, summary, $status, $is_keyed)
        }
    )+};
}

methods! {
    /// A route that reads.
    get => GET, 200, false;
    /// A route that creates; with an idempotency key, unless it says otherwise.
    post => POST, 201, true;
    /// A route that does something to what is there.
    step => POST, 200, true;
    /// A route that puts something in another's place.
    put => PUT, 200, true;
    /// A route that takes something away, and has nothing to show.
    delete => DELETE, 204, true;
}

impl Described {
    fn new(route: Route, summary: &'static str, status: u16, is_keyed: bool) -> Self {
        Self {
            route,
            summary,
            notes: "",
            query: None,
            body: None,
            body_types: &["application/json"],
            example: None,
            status,
            answers: Answers::Nothing,
            is_keyed,
            may_be_absent: false,
            has_tag: false,
            is_dated: false,
        }
    }

    /// Whoever comes may take it, without a token.
    pub(crate) fn open(mut self) -> Self {
        self.route = self.route.open();
        self
    }

    /// Whoever shows a token may take it.
    pub(crate) fn for_holders(mut self) -> Self {
        self.route = self.route.for_holders();
        self
    }

    /// Whoever has signed in must have done so lately.
    pub(crate) fn grave(mut self) -> Self {
        self.route = self.route.grave();
        self
    }

    /// It tells how the service is, and is answered where there is no room for others.
    pub(crate) fn for_operation(mut self) -> Self {
        self.route.is_for_operation = true;
        self
    }

    /// Who may take it, and what for.
    pub(crate) fn only(mut self, scope: Scope, may: &'static [Part]) -> Self {
        self.route = self.route.only(scope, may);
        self
    }

    /// Its body may say for whom.
    pub(crate) fn said_in_body(mut self) -> Self {
        self.route = self.route.said_in_body();
        self
    }

    /// What else has to be known of it.
    pub(crate) fn notes(mut self, notes: &'static str) -> Self {
        self.notes = notes;
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

    /// It says on which day something was.
    pub(crate) fn dated(mut self) -> Self {
        self.is_dated = true;
        self
    }

    /// It bears or minds an `ETag`.
    pub(crate) fn tagged(mut self) -> Self {
        self.has_tag = true;
        self
    }
}
