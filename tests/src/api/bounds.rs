//! What the OpenAPI document promises of a body is held, bound by bound: the bounds come from the document, so that one
//! that is added there and not held fails here.

use serde_json::{Value, json};

use super::served::Served;
use crate::command::both;

/// A bound of a body, and a body that breaks it and nothing else.
struct Broken {
    field: String,
    bound: String,
    body: Value,
}

/// The bodies that break one bound each.
fn broken(document: &Value, schema: &Value) -> Vec<Broken> {
    let Some(reference) = schema["$ref"].as_str() else { return of_schema(document, schema) };
    broken(document, document.pointer(reference.trim_start_matches('#')).unwrap())
}

fn of_schema(document: &Value, schema: &Value) -> Vec<Broken> {
    let mut all = Vec::new();
    let mut at_once = |bound: &str, body: Value| {
        all.push(Broken { field: String::new(), bound: format!("{bound} {}", schema[bound]), body });
    };
    let number = |bound: &str| schema[bound].as_i64();
    let length = |bound: &str| usize::try_from(schema[bound].as_i64()?).ok();
    if let Some(most) = length("maxLength") {
        at_once("maxLength", json!("é".repeat(most + 1)));
    }
    if let Some(least) = length("minLength") {
        at_once("minLength", json!("é".repeat(least - 1)));
    }
    if schema["pattern"].is_string() {
        at_once("pattern", json!("one two three four"));
    }
    if let Some(most) = number("maximum") {
        at_once("maximum", json!(most + 1));
    }
    if let Some(least) = number("minimum") {
        at_once("minimum", json!(least - 1));
    }
    let items = || fitting(document, &schema["items"]);
    if let Some(most) = length("maxItems") {
        at_once("maxItems", Value::Array(vec![items(); most + 1]));
    }
    if let Some(least) = length("minItems") {
        at_once("minItems", Value::Array(vec![items(); least - 1]));
    }
    for one in schema["anyOf"].as_array().into_iter().flatten() {
        all.extend(broken(document, one));
    }
    for inner in if schema["items"].is_null() { Vec::new() } else { broken(document, &schema["items"]) } {
        all.push(Broken { field: format!("[0]{}", dotted(&inner.field)), body: json!([inner.body]), ..inner });
    }
    for (name, of_field) in schema["properties"].as_object().into_iter().flatten() {
        for inner in broken(document, of_field) {
            let mut body = fitting(document, schema);
            body[name] = inner.body;
            let separator = if inner.field.starts_with('[') { "" } else { "." };
            let field = format!("{name}{separator}{}", inner.field).trim_end_matches('.').to_owned();
            all.push(Broken { field, bound: inner.bound, body });
        }
    }
    all
}

fn dotted(field: &str) -> String {
    if field.is_empty() || field.starts_with('[') { field.to_owned() } else { format!(".{field}") }
}

/// The least that fits a schema.
fn fitting(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return fitting(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    if let Some(first) = schema["anyOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return fitting(document, first);
    }
    if let Some(word) = schema["enum"].get(0) {
        return word.clone();
    }
    if let Some(word) = schema["oneOf"].get(0).map(|one| &one["const"]) {
        return word.clone();
    }
    let of_type = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match (of_type, schema["format"].as_str()) {
        ("string", Some("uuid")) => json!("00000000-0000-8000-8000-000000000001"),
        ("string", Some("date")) => json!("2026-03-14"),
        ("string", _) if schema["pattern"].is_string() => json!("a@b.org"),
        ("string", _) => json!("x".repeat(usize::try_from(schema["minLength"].as_i64().unwrap_or(1)).unwrap())),
        ("integer", _) => json!(schema["minimum"].as_i64().unwrap_or(1).max(1)),
        ("boolean", _) => json!(true),
        ("array", _) => {
            let least = usize::try_from(schema["minItems"].as_i64().unwrap_or(0)).unwrap();
            Value::Array(vec![fitting(document, &schema["items"]); least])
        }
        ("object", _) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|name| (name.to_owned(), fitting(document, &schema["properties"][name]))).collect()
        }
        other => panic!("{other:?}: {schema}"),
    }
}

#[test]
fn every_bound_of_every_body_is_held() {
    for sandbox in both() {
        let served = Served::fresh(sandbox);
        let association = served.association("Chorale");
        let (_, administrator) = served.person("ANNE", "administrator", Some(&association));
        let document = served.call("GET", "/openapi.json").send().expect(200).json();
        let mut held = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                if schema.is_null() {
                    continue;
                }
                let method: &'static str =
                    ["POST", "PUT"].into_iter().find(|it| it.eq_ignore_ascii_case(method)).unwrap();
                let mut address = path.replace("{year}", "2025").replace("{level}", "0").replace("{index}", "0");
                while let Some((before, rest)) = address.split_once('{') {
                    let after = rest.split_once('}').unwrap().1;
                    address = format!("{before}{association}{after}");
                }
                if schema["type"] == "array" {
                    address.push_str("?all_or_nothing=true");
                }
                for Broken { field, bound, body } in broken(&document, schema) {
                    let send = |token: &str| served.call(method, &address).token(token).json(&body).send();
                    let mut reply = send(&served.operator);
                    if reply.status == 403 {
                        reply = send(&administrator);
                    }
                    let said = format!("{method} {path}: {bound}: {body}\n{reply:?}");
                    assert!((400..500).contains(&reply.status), "{said}");
                    assert_eq!(reply.field("field"), field, "{said}");
                    held += 1;
                }
            }
        }
        assert!(held > 100, "only {held} bounds were found");
        served.assert_sound();
    }
}
