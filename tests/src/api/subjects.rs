//! What each role may do to whom and what: every route that names somebody or something, for its own, another
//! association's, and another network's.
//!
//! Which routes these are, and what each names, is read from the OpenAPI document; who is let in stands in one table. A
//! route that is added changes it, and so does a field that names something.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::access::{Documented, body_of, documented};
use super::served::{Served, token};
use crate::command::Sandbox;
use crate::twins::done;

/// A delegate and an administrator of association A, a volunteer of it, the coordinator, a mediator, an auditor.
const CALLERS: [&str; 6] = ["d", "a", "v", "c", "m", "u"];

/// What may be named, by the parameter or field that names it; of each, whose it may be.
///
/// Of persons: of A; of B; of both; of none; one who coordinates the network; the caller. Of other things: A's, B's, the
/// network's; of tokens: another person's of A.
const SUBJECTS: [(&str, &[&str]); 8] = [
    ("person", &["own", "others", "both", "stranger", "coordinator", "self"]),
    ("association", &["own", "others"]),
    ("exchange", &["own", "others"]),
    ("act", &["own", "others"]),
    ("token", &["self", "own", "others"]),
    ("webhook", &["own", "others", "network"]),
    ("notice", &["own", "others"]),
    ("joining", &["own", "others"]),
];

/// Fields of bodies and queries that name an association or a person, under other names too.
const FIELDS: [(&str, &str); 8] = [
    ("person", "person"),
    ("association", "association"),
    ("giver", "association"),
    ("receiver", "association"),
    ("from", "association"),
    ("to", "association"),
    ("partner", "association"),
    ("into", "association"),
];

/// Where every network's things are.
struct World {
    served: Served,
    a: String,
    b: String,
    c: String,
    callers: BTreeMap<&'static str, (String, String)>,
    /// By parameter and whose it is.
    fixed: BTreeMap<(&'static str, &'static str), String>,
    /// An administrator of B and what else speaks for it.
    of_b: String,
    /// The same things in another network.
    foreign: BTreeMap<&'static str, String>,
    count: RefCell<u32>,
}

impl World {
    fn new() -> Self {
        let served = Served::fresh(Sandbox::sqlite());
        let [a, b, c] = ["Chorale", "Fanfare", "Judo"].map(|name| served.association(name));
        let mut callers = BTreeMap::new();
        for (letter, code, role, association) in [
            ("d", "DEL", "delegate", Some(&a)),
            ("a", "ADM", "administrator", Some(&a)),
            ("c", "COO", "coordinator", None),
            ("m", "MED", "mediator", None),
            ("u", "AUD", "auditor", None),
        ] {
            callers.insert(letter, served.person(code, role, association.map(String::as_str)));
        }
        callers.insert("v", served.volunteer("VOL", Some(&a)));
        served.person("AD2", "administrator", Some(&a));
        let (_, of_b) = served.person("BAD", "administrator", Some(&b));
        let (_, of_c) = served.person("CDE", "delegate", Some(&c));
        let both = served.enrolled("TWO", Some(&a));
        let body = json!({ "association": b });
        served.post(&served.operator, &format!("/v1/persons/{both}/memberships"), &body).expect(200);
        let persons = [
            ("own", served.enrolled("OWN", Some(&a))),
            ("others", served.enrolled("OTH", Some(&b))),
            ("both", both),
            ("stranger", served.enrolled("STR", None)),
            ("coordinator", served.person("CO2", "coordinator", None).0),
        ];
        let mut fixed: BTreeMap<_, _> = persons.into_iter().map(|(whose, name)| (("person", whose), name)).collect();
        fixed.insert(("association", "own"), a.clone());
        fixed.insert(("association", "others"), b.clone());
        fixed.insert(("act", "own"), served.propose(&of_b, &b, &a, 15));
        fixed.insert(("act", "others"), served.propose(&of_c, &c, &b, 15));

        done(&served.sandbox.run("init 'Autre pays'"));
        let there = token(&served.sandbox, "--network 'Autre pays'");
        let add = |path: &str, body: Value| served.post(&there, path, &body).expect(201).field("id");
        let [x, y] = ["Cirque", "Danse"].map(|name| add("/v1/associations", json!({ "name": name })));
        let help = json!({ "giver": x, "receiver": y, "minutes": 15, "service_date": "2026-03-14" });
        let links = format!("/v1/associations/{x}/joining-links");
        let foreign = [
            ("exchange", add("/v1/exchanges", help.clone())),
            ("act", add("/v1/exchanges", help)),
            ("person", add("/v1/persons", json!({ "code": "THE" }))),
            ("token", add("/v1/tokens", json!({ "label": "x", "scopes": ["read"] }))),
            ("webhook", add("/v1/webhooks", json!({ "url": "https://example.org/x" }))),
            ("notice", add("/v1/notices", json!({ "kind": "offer", "association": x, "description": "x" }))),
            ("joining", add(&links, json!({}))),
            ("association", x),
        ];
        Self { a, b, c, callers, fixed, of_b, foreign: foreign.into(), count: RefCell::new(0), served }
    }

    /// The name of something that is there, made anew where being named may use it up.
    fn name(&self, operation: &str, kind: &'static str, whose: &'static str, caller: &'static str) -> String {
        let served = &self.served;
        let administrators = if whose == "own" { &self.callers["a"].1 } else { &self.of_b };
        let add = |token: &str, path: &str, body: Value| served.post(token, path, &body).expect(201).field("id");
        match (kind, whose) {
            (_, "foreign") => self.foreign[kind].clone(),
            ("person", "self") => self.callers[caller].0.clone(),
            ("exchange", "own") => match operation {
                "withdraw_exchange" => served.propose(&self.callers["d"].1, &self.a, &self.b, 15),
                _ => served.propose(&self.of_b, &self.b, &self.a, 15),
            },
            ("exchange", _) => served.propose(&self.of_b, &self.b, &self.c, 15),
            ("token", _) => {
                let owner = match whose {
                    "self" => &self.callers[caller].1,
                    _ => administrators,
                };
                // The administrator's own, asked for by themselves, is told under `self`.
                add(owner, "/v1/tokens", json!({ "label": "x", "scopes": ["read"] }))
            }
            ("webhook", "network") => {
                add(&self.callers["c"].1, "/v1/webhooks", json!({ "url": "https://example.org/x" }))
            }
            ("webhook", _) => add(administrators, "/v1/webhooks", json!({ "url": "https://example.org/x" })),
            ("notice", _) => add(administrators, "/v1/notices", json!({ "kind": "offer", "description": "x" })),
            ("joining", _) => {
                let association = &self.fixed[&("association", whose)];
                add(administrators, &format!("/v1/associations/{association}/joining-links"), json!({}))
            }
            _ => self.fixed[&(kind, whose)].clone(),
        }
    }

    fn next(&self) -> u32 {
        *self.count.borrow_mut() += 1;
        *self.count.borrow()
    }

    /// Whether somebody is let in who names this.
    fn lets_in(&self, route: &Route, named: &Named, whose: &'static str, caller: &'static str) -> bool {
        let kind = named.kind();
        let mut path = route.documented.path.clone();
        let mut body = self.body(&route.operation);
        let name = self.name(&route.operation, kind, whose, caller);
        match named {
            Named::InPath(_) => path = path.replace(&format!("{{{kind}}}"), &name),
            Named::InQuery(field, _) => path = format!("{path}?{field}={name}"),
            Named::InBody(field, _) => set(&mut body, field, &name),
        }
        // What else the address names is its own, so that only this can be in the way.
        for (kind, _) in SUBJECTS {
            let placeholder = format!("{{{kind}}}");
            if path.contains(&placeholder) {
                let whose = if kind == "association" && named.kind() == "joining" { whose } else { "own" };
                path = path.replace(&placeholder, &self.name(&route.operation, kind, whose, caller));
            }
        }
        let method = route.documented.method();
        let mut call = self.served.call(method, &path).token(&self.callers[caller].1);
        if matches!(method, "POST" | "PUT") {
            if route.operation == "add_association" {
                body["name"] = json!(format!("Association {}", self.next()));
            }
            call = call.json(&body);
        }
        let reply = call.send();
        assert!(reply.status < 500, "{} {named:?} {whose} {caller}: {reply:?}", route.operation);
        let is_unknown = reply.status == 422 && reply.problem() == "name-is-unknown";
        let is_kept_out = matches!(reply.status, 401 | 403 | 404)
            || is_unknown
            || (reply.status == 400 && ["say-for-whom", "query-does-not-fit"].contains(&reply.problem().as_str()));
        !is_kept_out
    }

    fn body(&self, operation: &str) -> Value {
        let names = [("\"A\"", &self.a), ("\"B\"", &self.b), ("\"P\"", &self.fixed[&("person", "own")])];
        let text = body_of(operation);
        let text = names.iter().fold(text, |text, (letter, name)| text.replace(letter, &format!("\"{name}\"")));
        serde_json::from_str(if text.is_empty() { "{}" } else { &text }).unwrap()
    }
}

/// Puts a name where a field of that name stands, however deep; at the top where it stands nowhere.
fn set(body: &mut Value, field: &str, name: &str) {
    fn replace(value: &mut Value, field: &str, name: &str) -> bool {
        match value {
            Value::Array(items) => items.iter_mut().any(|item| replace(item, field, name)),
            Value::Object(fields) => {
                if let Some(found) = fields.get_mut(field) {
                    *found = json!(name);
                    return true;
                }
                fields.values_mut().any(|value| replace(value, field, name))
            }
            _ => false,
        }
    }
    if !replace(body, field, name) {
        body[field] = json!(name);
    }
}

struct Route {
    operation: String,
    documented: Documented,
}

/// What a route names, and where.
#[derive(Debug)]
enum Named {
    InPath(&'static str),
    InQuery(&'static str, &'static str),
    InBody(&'static str, &'static str),
}

impl Named {
    fn kind(&self) -> &'static str {
        match self {
            Self::InPath(kind) | Self::InQuery(_, kind) | Self::InBody(_, kind) => kind,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::InPath(kind) => format!("{{{kind}}}"),
            Self::InQuery(field, _) => format!("?{field}"),
            Self::InBody(field, _) => format!(".{field}"),
        }
    }
}

/// What a route names, as the document says.
fn named_by(document: &Value, route: &Route) -> Vec<Named> {
    let mut named = Vec::new();
    for (kind, _) in SUBJECTS {
        if route.documented.path.contains(&format!("{{{kind}}}")) {
            named.push(Named::InPath(kind));
        }
    }
    let operation = &document["paths"][&route.documented.path][route.documented.method().to_lowercase()];
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let mut fields = BTreeSet::new();
    collect(document, body, &mut fields);
    for (field, kind) in FIELDS {
        if parameters.iter().any(|parameter| parameter["in"] == "query" && parameter["name"] == field) {
            named.push(Named::InQuery(field, kind));
        }
        if fields.contains(field) {
            named.push(Named::InBody(field, kind));
        }
    }
    let unknown: Vec<_> = fields.iter().filter(|field| !FIELDS.iter().any(|(known, _)| known == field)).collect();
    let others = ["network", "skill", "exchange", "replaces"];
    assert!(unknown.iter().all(|field| others.contains(&field.as_str())), "{}: {unknown:?}", route.operation);
    named
}

/// The fields of a schema whose values are names.
fn collect(document: &Value, schema: &Value, fields: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return collect(document, document.pointer(reference.trim_start_matches('#')).unwrap(), fields);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if property["format"] == "uuid" {
            fields.insert(name.clone());
        }
        collect(document, property, fields);
    }
    for part in ["items"] {
        collect_if_there(document, &schema[part], fields);
    }
    for part in ["anyOf", "oneOf", "allOf"] {
        schema[part].as_array().into_iter().flatten().for_each(|part| collect(document, part, fields));
    }
}

fn collect_if_there(document: &Value, schema: &Value, fields: &mut BTreeSet<String>) {
    if !schema.is_null() {
        collect(document, schema, fields);
    }
}

#[test]
fn each_role_may_do_to_each_subject_what_the_table_says() {
    let world = World::new();
    let document = world.served.call("GET", "/openapi.json").send().expect(200).json();
    let mut table = String::new();
    for (operation, documented) in documented(&world.served) {
        // A stream does not end; who is let in is told by the table of access.
        if operation == "stream_events" {
            continue;
        }
        let route = Route { operation, documented };
        for named in named_by(&document, &route) {
            let (_, subjects) = SUBJECTS.into_iter().find(|(kind, _)| *kind == named.kind()).unwrap();
            let mut line = format!("{:<24}{:<14}", route.operation, named.shown());
            for whose in subjects.iter().copied().chain(["foreign"]) {
                let let_in: String =
                    CALLERS.into_iter().filter(|caller| world.lets_in(&route, &named, whose, caller)).collect();
                if whose == "foreign" {
                    // What is another network's is nobody's here, whoever asks.
                    assert_eq!(let_in, "", "{} {}", route.operation, named.shown());
                } else {
                    line += &format!(" {whose}:{}", if let_in.is_empty() { "-" } else { &let_in });
                }
            }
            table += line.trim_end();
            table.push('\n');
        }
    }
    insta::assert_snapshot!(table, @"");
    world.served.assert_sound();
}
