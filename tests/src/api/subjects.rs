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
const SUBJECTS: [(&str, &[&str]); 10] = [
    ("person", &["own", "others", "both", "stranger", "coordinator", "self"]),
    ("association", &["own", "others"]),
    ("exchange", &["own", "others"]),
    ("act", &["own", "others"]),
    ("token", &["self", "own", "others"]),
    ("webhook", &["own", "others", "network"]),
    ("notice", &["own", "others"]),
    ("joining", &["own", "others"]),
    ("card", &["own", "others"]),
    ("recognition", &["own", "others"]),
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

/// What changes who somebody is: each has a world and persons of its own.
const USE_UP: [&str; 2] = ["enrol_person", "set_role"];

/// Where every network's things are.
struct World {
    served: Served,
    a: String,
    b: String,
    c: String,
    callers: BTreeMap<&'static str, (String, String)>,
    /// By parameter and whose it is.
    fixed: BTreeMap<(&'static str, &'static str), String>,
    /// Another administrator of A, and one of B.
    of_a: String,
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
        let (_, of_a) = served.person("AD2", "administrator", Some(&a));
        let (_, of_b) = served.person("BAD", "administrator", Some(&b));
        let (_, of_c) = served.person("CDE", "delegate", Some(&c));
        let mut fixed = BTreeMap::new();
        fixed.insert(("association", "own"), a.clone());
        fixed.insert(("association", "others"), b.clone());
        fixed.insert(("act", "own"), served.propose(&of_b, &b, &a, 15));
        fixed.insert(("act", "others"), served.propose(&of_c, &c, &b, 15));

        done(&served.sandbox.run("init 'Autre pays' --another"));
        let there = token(&served.sandbox, "--network 'Autre pays'");
        let add = |path: &str, body: Value| served.post(&there, path, &body).expect(201).field("id");
        let [circus, dance] = ["Cirque", "Danse"].map(|name| add("/v1/associations", json!({ "name": name })));
        let help = json!({ "giver": circus, "receiver": dance, "minutes": 15, "service_date": "2026-03-14" });
        let links = format!("/v1/associations/{circus}/joining-links");
        let person = add("/v1/persons", json!({ "code": "THE" }));
        let path = format!("/v1/persons/{person}/memberships");
        served.post(&there, &path, &json!({ "association": circus })).expect(200);
        let foreign = [
            ("exchange", add("/v1/exchanges", help.clone())),
            ("act", add("/v1/exchanges", help)),
            ("person", person.clone()),
            ("token", add("/v1/tokens", json!({ "label": "x", "scopes": ["read"] }))),
            ("webhook", add("/v1/webhooks", json!({ "url": "https://example.org/x" }))),
            ("notice", add("/v1/notices", json!({ "kind": "offer", "association": circus, "description": "x" }))),
            ("joining", add(&links, json!({}))),
            ("card", card(&served, &there, &person)),
            ("recognition", recognition(&served, &there, (&circus, &person), &dance)),
            ("association", circus),
        ];
        let mut world =
            Self { a, b, c, callers, fixed, of_a, of_b, foreign: foreign.into(), count: RefCell::new(0), served };
        for whose in ["own", "others", "both", "stranger", "coordinator"] {
            let person = world.person(whose);
            world.fixed.insert(("person", whose), person);
        }
        world
    }

    /// The name of something that is there, made anew where being named may use it up.
    fn name(&self, operation: &str, kind: &'static str, whose: &'static str, caller: &'static str) -> String {
        let served = &self.served;
        let administrators = if whose == "own" { &self.callers["a"].1 } else { &self.of_b };
        let add = |token: &str, path: &str, body: Value| served.post(token, path, &body).expect(201).field("id");
        match (kind, whose) {
            (_, "foreign") => self.foreign[kind].clone(),
            ("person", "own" | "others" | "both" | "stranger" | "coordinator") if USE_UP.contains(&operation) => {
                self.person(whose)
            }
            ("person", "self") => self.callers[caller].0.clone(),
            ("exchange", "own") => match operation {
                "withdraw_exchange" => served.propose(&self.callers["d"].1, &self.a, &self.b, 15),
                "tell_contributions" => {
                    let exchange = served.propose(&self.of_b, &self.a, &self.b, 15);
                    let confirm = format!("/v1/exchanges/{exchange}/confirm");
                    served.post(&self.callers["d"].1, &confirm, &json!({})).expect(200);
                    exchange
                }
                _ => served.propose(&self.of_b, &self.b, &self.a, 15),
            },
            ("exchange", _) => served.propose(&self.of_b, &self.b, &self.c, 15),
            ("token", _) => {
                let owner = match whose {
                    "self" => &self.callers[caller].1,
                    "own" => &self.of_a,
                    _ => &self.of_b,
                };
                add(owner, "/v1/tokens", json!({ "label": "x", "scopes": ["read"] }))
            }
            ("webhook", "network") => {
                served.only_webhook(&self.callers["c"].1, &json!({ "url": "https://example.org/x" }))
            }
            ("webhook", _) => served.only_webhook(administrators, &json!({ "url": "https://example.org/x" })),
            ("notice", _) => add(administrators, "/v1/notices", json!({ "kind": "offer", "description": "x" })),
            ("card", _) => card(served, &self.callers["c"].1, &self.fixed[&("person", whose)]),
            // Who helped is of the other side.
            ("recognition", "own") => {
                recognition(served, &served.operator, (&self.b, &self.fixed[&("person", "others")]), &self.a)
            }
            ("recognition", _) => {
                recognition(served, &served.operator, (&self.a, &self.fixed[&("person", "own")]), &self.b)
            }
            ("joining", _) => {
                let association = &self.fixed[&("association", whose)];
                add(administrators, &format!("/v1/associations/{association}/joining-links"), json!({}))
            }
            _ => self.fixed[&(kind, whose)].clone(),
        }
    }

    /// A new person of that kind.
    fn person(&self, whose: &str) -> String {
        let (served, code) = (&self.served, format!("P{}", self.next()));
        match whose {
            "own" => served.enrolled(&code, Some(&self.a)),
            "others" => served.enrolled(&code, Some(&self.b)),
            "both" => {
                let both = served.enrolled(&code, Some(&self.a));
                let body = json!({ "association": self.b });
                served.post(&served.operator, &format!("/v1/persons/{both}/memberships"), &body).expect(200);
                both
            }
            "stranger" => served.enrolled(&code, None),
            _ => {
                let person = served.enrolled(&code, None);
                served.give_role(&person, "coordinator", None);
                person
            }
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
            Named::Path(_) => path = path.replace(&format!("{{{kind}}}"), &name),
            Named::Query(field, _) => path = format!("{path}?{field}={name}"),
            Named::Body(field, _) => set(&mut body, field, &name),
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
        let (status, problem) = match serde_json::from_str::<Value>(&reply.text).unwrap_or_default() {
            // Of many at once each has its own.
            Value::Array(lines) => (lines[0]["status"].clone(), lines[0]["problem"]["type"].clone()),
            answer => (json!(reply.status), answer["type"].clone()),
        };
        let problem = problem.as_str().unwrap_or_default().trim_start_matches("/problems/");
        let is_unknown =
            ["name-is-unknown", "person-is-not-enrolled", "say-for-whom", "query-does-not-fit"].contains(&problem);
        !is_unknown && !["401", "403", "404"].contains(&status.to_string().as_str())
    }

    fn body(&self, operation: &str) -> Value {
        let own = &self.fixed[&("person", "own")];
        let names = [("\"A\"", &self.a), ("\"B\"", &self.b), ("\"P\"", own), ("\"V\"", own)];
        if operation == "propose_exchanges" {
            return json!([self.body("propose_exchange")]);
        }
        let text = body_of(operation);
        let text = names.iter().fold(text, |text, (letter, name)| text.replace(letter, &format!("\"{name}\"")));
        serde_json::from_str(if text.is_empty() { "{}" } else { &text }).unwrap()
    }
}

/// A card that was printed for somebody and works.
fn card(served: &Served, token: &str, person: &str) -> String {
    served.post(token, &format!("/v1/persons/{person}/cards"), &json!({})).expect(201);
    let cards = served.get(token, "/v1/cards").expect(200).json();
    let mut cards = cards["items"].as_array().unwrap().iter();
    let works = |card: &&Value| card["person"] == person && card["ended_at"].is_null();
    cards.find(works).unwrap()["id"].as_str().unwrap().to_owned()
}

/// A competence of somebody who helped, recognised by the association that was helped.
fn recognition(served: &Served, token: &str, (giver, person): (&str, &str), receiver: &str) -> String {
    let skills = served.get(token, "/v1/skills").expect(200).json();
    let skill = match skills["items"].as_array().and_then(|skills| skills.first()) {
        Some(skill) => skill["id"].as_str().unwrap().to_owned(),
        None => served.post(token, "/v1/skills", &json!({ "name": "Chant" })).expect(201).field("id"),
    };
    let help = json!({ "giver": giver, "receiver": receiver, "minutes": 15, "service_date": "2026-03-14", "skill": skill,
        "contributions": [{ "person": person, "minutes": 15 }] });
    let exchange = served.post(token, "/v1/exchanges", &help).expect(201).field("id");
    let confirm = json!({ "reason": "x" });
    served.post(token, &format!("/v1/exchanges/{exchange}/confirm"), &confirm).expect(200);
    let body = json!({ "person": person, "level": "independent", "context": "x", "activities": "x" });
    served.post(token, &format!("/v1/exchanges/{exchange}/recognitions"), &body).expect(201).field("id")
}

/// Puts a name where a field of that name stands, however deep. Where it stands nowhere, it is one at the top, or who took
/// part.
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
    if replace(body, field, name) {
        return;
    }
    let body = if body.is_array() { &mut body[0] } else { body };
    if field == "person" {
        body["contributions"] = json!([{ "person": name, "minutes": 5 }]);
    } else {
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
    Path(&'static str),
    Query(&'static str, &'static str),
    Body(&'static str, &'static str),
}

impl Named {
    fn kind(&self) -> &'static str {
        match self {
            Self::Path(kind) | Self::Query(_, kind) | Self::Body(_, kind) => kind,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Path(kind) => format!("{{{kind}}}"),
            Self::Query(field, _) => format!("?{field}"),
            Self::Body(field, _) => format!(".{field}"),
        }
    }
}

/// What a route names, as the document says.
fn named_by(document: &Value, route: &Route) -> Vec<Named> {
    let mut named = Vec::new();
    for (kind, _) in SUBJECTS {
        if route.documented.path.contains(&format!("{{{kind}}}")) {
            named.push(Named::Path(kind));
        }
    }
    let operation = &document["paths"][&route.documented.path][route.documented.method().to_lowercase()];
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let mut fields = BTreeSet::new();
    collect(document, body, &mut fields);
    for (field, kind) in FIELDS {
        let is_here = |parameter: &Value| {
            parameter["in"] == "query" && parameter["name"] == field && parameter["schema"]["format"] == "uuid"
        };
        if parameters.iter().any(is_here) {
            named.push(Named::Query(field, kind));
        }
        if fields.contains(field) {
            named.push(Named::Body(field, kind));
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
    if !schema["items"].is_null() {
        collect(document, &schema["items"], fields);
    }
    for part in ["anyOf", "oneOf", "allOf"] {
        schema[part].as_array().into_iter().flatten().for_each(|part| collect(document, part, fields));
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn each_role_may_do_to_each_subject_what_the_table_says() {
    let world = World::new();
    let document = world.served.call("GET", "/openapi.json").send().expect(200).json();
    let (mut table, mut wrong) = (String::new(), String::new());
    for (operation, documented) in documented(&world.served) {
        // A stream does not end; who is let in is told by the table of access.
        if operation == "stream_events" {
            continue;
        }
        let route = Route { operation, documented };
        for named in named_by(&document, &route) {
            let another = USE_UP.contains(&route.operation.as_str()).then(World::new);
            let world = another.as_ref().unwrap_or(&world);
            let (_, subjects) = SUBJECTS.into_iter().find(|(kind, _)| *kind == named.kind()).unwrap();
            let mut line = format!("{:<24}{:<14}", route.operation, named.shown());
            for whose in subjects.iter().copied().chain(["foreign"]) {
                let let_in: String =
                    CALLERS.into_iter().filter(|caller| world.lets_in(&route, &named, whose, caller)).collect();
                if whose == "foreign" {
                    // What is another network's is nobody's here, whoever asks.
                    if !let_in.is_empty() {
                        wrong += &format!("{} {}: {let_in}\n", route.operation, named.shown());
                    }
                } else {
                    line += &format!(" {whose}:{}", if let_in.is_empty() { "-" } else { &let_in });
                }
            }
            table += line.trim_end();
            table.push('\n');
        }
    }
    assert_eq!(wrong, "", "what is another network's");
    insta::assert_snapshot!(table, @r"
    accept_recognition      {recognition}  own:c others:c
    add_notice              .association   own:dac others:c
    add_webhook             .association   own:ac others:c
    amend_exchange          {exchange}     own:da others:-
    bring_in_balance        {association}  own:c others:c
    change_notice           {notice}       own:dac others:c
    confirm_exchange        {exchange}     own:dac others:c
    contest_exchange        {exchange}     own:da others:-
    correct_person          {person}       own:c others:c both:c stranger:c coordinator:c self:c
    describe_association    {association}  own:c others:c
    dismiss_exchange        {exchange}     own:c others:c
    end_card                {card}         own:ac others:c
    end_joining_link        {association}  own:ac others:-
    end_joining_link        {joining}      own:ac others:c
    enrol_person            {person}       own:c others:c both:c stranger:c coordinator:c self:c
    enrol_person            .association   own:c others:c
    enrol_with_code         {association}  own:ac others:c
    get_act                 {act}          own:dacmu others:cmu
    get_association         {association}  own:davcmu others:davcmu
    get_balance             {association}  own:dacmu others:cmu
    get_exchange            {exchange}     own:dacmu others:cmu
    get_notice              {notice}       own:davcmu others:davcmu
    get_person              {person}       own:dacu others:cu both:dacu stranger:cu coordinator:cu self:davcmu
    get_recognition         {recognition}  own:dacu others:cu
    get_thread              {exchange}     own:dacmu others:cmu
    get_webhook             {webhook}      own:ac others:c network:c
    give_hours              {association}  own:dac others:-
    give_hours              .person        own:dac others:- both:dac stranger:- coordinator:- self:da
    identify_association    {association}  own:c others:c
    invite_person           {person}       own:ac others:c both:c stranger:c coordinator:c self:ac
    keep_exchange           {exchange}     own:dac others:c
    leave                   {association}  own:c others:c
    leave                   .into          own:c others:c
    list_deliveries         {webhook}      own:ac others:c network:c
    list_entries            {association}  own:dacmu others:cmu
    list_exchanges          ?association   own:dacmu others:cmu
    list_hours              {association}  own:dacu others:cu
    list_joining_links      {association}  own:ac others:c
    list_limits             {association}  own:dacu others:cu
    list_mandates           {association}  own:dacu others:cu
    list_months             {association}  own:dacmu others:cmu
    list_persons            ?association   own:dacu others:cu
    list_positions          {association}  own:dacmu others:cmu
    list_recognitions       ?person        own:davcmu others:davcmu both:davcmu stranger:davcmu coordinator:davcmu self:davcmu
    make_joining_code       .association   own:davcmu others:davcmu
    make_joining_link       {association}  own:ac others:c
    print_card              {person}       own:ac others:c both:c stranger:c coordinator:c self:ac
    propose_exchange        .person        own:dac others:- both:dac stranger:- coordinator:- self:da
    propose_exchange        .giver         own:dac others:c
    propose_exchange        .receiver      own:dac others:dac
    propose_exchanges       .person        own:dac others:- both:dac stranger:- coordinator:- self:da
    propose_exchanges       .giver         own:dac others:c
    propose_exchanges       .receiver      own:dac others:dac
    recognise               {exchange}     own:dac others:c
    recognise               .person        own:dac others:dac both:dac stranger:dac coordinator:dac self:dac
    release_exchange        {exchange}     own:c others:c
    remove_webhook          {webhook}      own:ac others:c network:c
    rename_association      {association}  own:c others:c
    request_correction      {exchange}     own:da others:-
    reverse_act             {act}          own:c others:c
    reverse_exchange        {exchange}     own:c others:c
    revoke_token            {token}        self:davcmu own:c others:c
    set_association_state   {association}  own:c others:c
    set_contact             {association}  own:ac others:c
    set_limits              {association}  own:c others:c
    set_mandate             {association}  own:ac others:c
    set_mandate             .partner       own:ac others:ac
    set_role                {person}       own:ac others:c both:ac stranger:c coordinator:c self:ac
    set_role                .association   own:ac others:c
    set_webhook             {webhook}      own:ac others:c network:c
    settle_exchange         {exchange}     own:m others:m
    tell_contributions      {exchange}     own:dac others:c
    tell_contributions      .person        own:dac others:- both:dac stranger:- coordinator:- self:da
    transfer                .from          own:dac others:c
    transfer                .to            own:dac others:dac
    withdraw_exchange       {exchange}     own:da others:-
    withdraw_recognition    {recognition}  own:dac others:c
    ");
    let audit = world.served.sandbox.run("audit --network 'Entraide du pays'");
    assert_eq!(audit.code, Some(0), "{audit}");
}
