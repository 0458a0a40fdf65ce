//! The OpenAPI 3.1 document, written from the list of routes.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use service::{Part, Rule, Scope};

use crate::{
    problem_document::ProblemDocument,
    route::{Answers, Described},
};

const TEXT: &str = "The ledger of a time bank of associations. Amounts are whole minutes. A write bears an \
`Idempotency-Key`: the same request with the same key gets the same answer, once; another request with the same key is \
a 422. Errors are problem documents (RFC 9457) in French or English (`Accept-Language`). Ids are UUIDs that name what \
the network holds; of another network they mean nothing. Where the network went back to an older backup, what was \
recorded after it is lost: its ids are answered 409 `was-lost`, and never name anything else. The act `log_reopened` \
tells of it, to every stream and webhook: of the acts told before, those whose number is its own or a later one were \
lost.";

/// Writes the document.
pub(crate) fn document(routes: &[Described]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for described in routes {
        let operation = operation(described, &mut generator);
        let path = paths.entry(described.route.path).or_insert_with(|| json!({}));
        path[described.route.method.as_str().to_lowercase()] = operation;
    }
    let problem = generator.subschema_for::<ProblemDocument>();
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Coudemain", "version": env!("CARGO_PKG_VERSION"), "description": TEXT },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token, or a session's."
                }
            },
            "responses": problem_responses(&json!(problem)),
        },
    })
}

const PROBLEMS: [(&str, &str); 12] = [
    ("400", "Something is unreadable or missing; `field` says what."),
    ("401", "No token, or one that does not hold."),
    ("403", "The token or the role does not allow it."),
    ("404", "Nothing of that name."),
    ("408", "The body did not arrive in time."),
    ("409", "What there is stands against it."),
    ("412", "Somebody changed it meanwhile."),
    ("413", "The body is too large."),
    ("415", "The body has another media type."),
    ("422", "The ledger's rules refuse it, or the key was used for another request."),
    ("429", "Too many requests or streams at once; `Retry-After` says when to come again."),
    (
        "503",
        "The database is out of reach, too much is waiting, or all connections are taken; `Retry-After` says when to come again.",
    ),
];

fn problem_responses(schema: &Value) -> Value {
    let mut responses = Map::new();
    for (status, description) in PROBLEMS {
        let mut response = json!({
            "description": description,
            "content": { "application/problem+json": { "schema": schema } },
        });
        if matches!(status, "429" | "503") {
            response["headers"] = json!({ "Retry-After": { "schema": { "type": "string" } } });
        }
        responses.insert(format!("Problem{status}"), response);
    }
    Value::Object(responses)
}

fn is_open(described: &Described) -> bool {
    matches!(described.route.rule, Rule::Open)
}

/// The statuses of the problems that a route may answer.
fn problems_of(described: &Described) -> Vec<&'static str> {
    let mut statuses = vec!["503"];
    if !is_open(described) {
        // 409: the name that is acted in, or what is named, may have been lost.
        statuses.extend(["400", "401", "403", "409", "429"]);
    }
    if described.query.is_some() {
        statuses.push("400");
    }
    if described.route.path.contains('{') || described.query.is_some() || described.may_be_absent {
        statuses.push("404");
    }
    if described.is_keyed || described.body.is_some() {
        statuses.extend(["400", "404", "408", "409", "413", "415", "422"]);
    }
    if described.is_keyed {
        statuses.push("412");
    }
    if described.body.is_some() && is_open(described) {
        statuses.extend(["401", "429"]);
    }
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

fn operation(described: &Described, generator: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    responses.insert(described.status.to_string(), success(described, generator));
    if described.has_tag && !described.is_keyed {
        responses.insert("304".to_owned(), json!({ "description": "Unchanged since the tag in `If-None-Match`." }));
    }
    for status in problems_of(described) {
        responses.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/Problem{status}") }));
    }
    let mut operation = json!({
        "operationId": described.route.operation,
        "summary": described.summary,
        "tags": [tag(described.route.path)],
        "parameters": parameters(described, generator),
        "responses": responses,
    });
    match described.route.rule {
        Rule::Open => {
            operation["security"] = json!([]);
            if !described.notes.is_empty() {
                operation["description"] = json!(described.notes);
            }
        }
        Rule::Only { scope, may } => {
            operation["security"] = json!([{ "token": [] }]);
            let who = who_may(scope, may, described.route.is_grave);
            operation["description"] = json!(format!("{who} {}", described.notes).trim_end());
        }
        Rule::Holder => {
            operation["security"] = json!([{ "token": [] }]);
            operation["description"] = json!("For whoever shows a token.");
        }
    }
    if let Some(describe) = described.body {
        let mut media = json!({ "schema": describe(generator) });
        if let Some(example) = &described.example {
            media["example"] = example.clone();
        }
        let content: Map<String, Value> = described
            .body_types
            .iter()
            .map(|media_type| {
                let is_lines = media_type.contains("ndjson");
                let media = if is_lines { json!({ "schema": { "type": "string" } }) } else { media.clone() };
                ((*media_type).to_owned(), media)
            })
            .collect();
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

fn who_may(scope: Scope, may: &[Part], is_grave: bool) -> String {
    let parts: Vec<_> = may.iter().map(|part| part.as_str()).collect();
    let lately = if is_grave { " A session must be fresh: `sign_in_again` makes it so." } else { "" };
    format!("Scope `{}`; for: {}.{lately}", scope.as_str(), parts.join(", "))
}

fn success(described: &Described, generator: &mut SchemaGenerator) -> Value {
    let mut response = match described.answers {
        Answers::Nothing => json!({ "description": "Done." }),
        Answers::Text(media_type) => json!({
            "description": "Done.",
            "content": { media_type: { "schema": { "type": "string" } } },
        }),
        Answers::Json(describe) => json!({
            "description": "Done.",
            "content": { "application/json": { "schema": describe(generator) } },
        }),
    };
    let mut headers = Map::new();
    if described.has_tag && !described.is_keyed {
        headers.insert("ETag".to_owned(), json!({ "schema": { "type": "string" } }));
    }
    if described.is_keyed {
        let description = "`true` when the answer is that of an earlier request with the same key.";
        let header = json!({ "description": description, "schema": { "type": "string" } });
        headers.insert("Idempotency-Replayed".to_owned(), header);
    }
    if !headers.is_empty() {
        response["headers"] = Value::Object(headers);
    }
    response
}

/// `/v1/exchanges/{exchange}/confirm` is about exchanges.
fn tag(path: &str) -> &str {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match parts.next() {
        Some("v1") => parts.next().unwrap_or("v1"),
        _ => "operation",
    }
}

fn parameters(described: &Described, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut parameters = Vec::new();
    for name in described.route.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        let schema = match name {
            "year" => json!({ "type": "integer", "minimum": 1900, "maximum": 9999 }),
            "level" => json!({ "type": "integer", "minimum": 0, "maximum": 7 }),
            "first" | "second" | "end" | "origin" => json!({ "type": "string" }),
            "index" => json!({ "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_i64 }),
            _ => json!({ "type": "string", "format": "uuid" }),
        };
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    if let Some(describe) = described.query {
        parameters.extend(query_parameters(&describe(generator).to_value(), generator));
    }
    let header = |name: &str, description: &str, is_required: bool, schema: Value| json!({ "name": name, "in": "header", "required": is_required, "description": description, "schema": schema });
    if described.is_keyed {
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]{1,128}$" });
        parameters.push(header("Idempotency-Key", "One a request; a repeat bears the same.", true, schema));
        if described.has_tag {
            let description = "The ETag of what is to be changed: 412 when it is another by now.";
            parameters.push(header("If-Match", description, false, json!({ "type": "string" })));
        }
    } else if described.has_tag {
        let description = "The ETag that is known already: 304 when it is still the same.";
        parameters.push(header("If-None-Match", description, false, json!({ "type": "string" })));
    }
    if described.is_keyed && described.is_dated {
        let description = "`true`: a day of more than ten years ago is meant, and no slip.";
        parameters.push(header("Coudemain-Long-Ago", description, false, json!({ "type": "string" })));
    }
    if !is_open(described) {
        let description =
            "For callers with several roles: `coordinator`, `mediator`, `auditor`, `association:ID` or `oneself`.";
        parameters.push(header("Coudemain-Acting-For", description, false, json!({ "type": "string" })));
    }
    parameters.push(header("Accept-Language", "`fr` or `en`, for messages.", false, json!({ "type": "string" })));
    parameters
}

/// The fields of a query's type, each a parameter. The type itself is not part of the document.
fn query_parameters(schema: &Value, generator: &mut SchemaGenerator) -> Vec<Value> {
    let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()).map(str::to_owned) else {
        return Vec::new();
    };
    let Some(definition) = generator.definitions_mut().remove(&name) else { return Vec::new() };
    let required: Vec<_> = definition["required"].as_array().cloned().unwrap_or_default();
    let fields = definition["properties"].as_object().cloned().unwrap_or_default();
    fields
        .into_iter()
        .map(|(name, mut schema)| {
            without_null(&mut schema);
            let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            let is_required = required.iter().any(|required| *required == name);
            let mut parameter = json!({ "name": name, "in": "query", "required": is_required, "schema": schema });
            if let Some(description) = description {
                parameter["description"] = description;
            }
            parameter
        })
        .collect()
}

/// A parameter that is absent is absent: there is no null in a query.
fn without_null(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = fields.get("type")
        && let Some(one) = types.iter().find(|one| **one != "null").cloned()
    {
        fields.insert("type".to_owned(), one);
    }
    if let Some(Value::Array(choices)) = fields.get("anyOf").cloned() {
        let rest: Vec<_> = choices.into_iter().filter(|choice| choice["type"] != "null").collect();
        if let [only] = rest.as_slice()
            && let Some(only) = only.as_object()
        {
            fields.remove("anyOf");
            fields.extend(only.clone());
        }
    }
}
