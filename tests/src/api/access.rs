//! Who may do what: every route for every role, in one table.
//!
//! The routes come from the OpenAPI document: one that is missing here, or here alone, fails the test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::served::Served;
use crate::command::Sandbox;

/// The callers of the table, each with its letter: nobody; a delegate and an administrator of the association that
/// the request is about; the same of another association; the coordinator, a mediator, an auditor.
const CALLERS: [(&str, &str); 8] = [
    ("n", "nobody"),
    ("d", "delegate"),
    ("a", "administrator"),
    ("x", "another association's delegate"),
    ("y", "another association's administrator"),
    ("c", "coordinator"),
    ("m", "mediator"),
    ("u", "auditor"),
];

/// Operation; who is let in; the body. `A` is the association concerned; `E` an exchange that `A` has to answer and
/// `O` one that `A` proposed, `W` something that `A` offers, `P` a person of `A`, `G` an act that concerns `A`.
///
/// Let in is who is not answered with 401 or 403: the ledger may still have other reasons to refuse.
const TABLE: &str = r#"
is_alive                ndaxycmu
is_ready                ndaxycmu
metrics                 ndaxycmu
openapi                 ndaxycmu
who_am_i                 daxycmu
sign_in                 -          {"email":"nobody@example.org","password":"x"}
sign_out                 daxycmu
accept_invitation       ndaxycmu   {"secret":"x","email":"a@example.org","password":"0123456789"}
list_tokens              daxycmu
make_token               daxycmu   {"label":"x","scopes":["read"]}
revoke_token             daxycmu
list_persons             daxyc u
get_person               da  c u
add_person                   c     {"code":"NEW"}
enrol_person              a  c     {"association":"A"}
set_role                  a  c     {"role":"delegate","association":"A"}
invite_person             a  c
list_associations        daxycmu
get_association          daxycmu
add_association              c     {"name":"Nouvelle"}
rename_association           c     {"name":"Autre nom"}
identify_association         c     {"kind":"siren","value":"116979006"}
set_association_state        c     {"state":"active","reason":"x"}
leave                        c     {"reason":"x","into":"A"}
set_contact               a  c     {}
set_limits                   c     {"limits":null,"decision":"x"}
list_limits              da  c u
list_mandates            da  c u
set_mandate               a  c     {"partner":"B","mandate":{"minutes_most":60,"until":"2027-12-31"}}
get_balance              da  cmu
list_entries             da  cmu
list_months              da  cmu
bring_in_balance             c     {"minutes":15,"date":"2026-01-01"}
list_exchanges           daxycmu
get_exchange             da  cmu
propose_exchange         da  c     {"giver":"A","receiver":"B","minutes":15,"service_date":"2026-01-01"}
propose_exchanges        daxyc     []
confirm_exchange         da  c     {"reason":"x"}
amend_exchange           da        {"minutes":15,"service_date":"2026-01-01"}
contest_exchange         da        {"reason":"x"}
withdraw_exchange        da        {}
dismiss_exchange             c     {"reason":"x"}
settle_exchange               m    {"minutes":15,"reason":"x"}
release_exchange             c     {"reason":"x"}
request_correction       da        {"reason":"x"}
keep_exchange            da  c     {"reason":"x"}
reverse_exchange             c     {"reason":"x"}
tell_contributions       da  c     {"contributions":[{"person":"P","minutes":5}]}
list_hours               da  c u
give_hours               da  c     {"contribution":{"person":"P","minutes":5},"service_date":"2026-01-01"}
list_balances                c u
list_transfers           daxyc u
transfer                 da  c     {"from":"A","to":"B","minutes":5,"reason":"gift"}
list_acts                    c u
get_act                  da  cmu
reverse_act                  c     {"reason":"x"}
list_notices             daxycmu
get_notice               daxycmu
add_notice               da  c     {"kind":"offer","association":"A","description":"x"}
change_notice            da  c     {"description":"x","is_open":true}
get_network              daxycmu
get_policy               daxycmu
list_policies            daxycmu
adopt_policy                 c     {"step_minutes":15,"answer_within_days":30,"limits":{},"decision":"x"}
list_skills              daxycmu
add_skill                    c     {"name":"Compta"}
align_skill                  c     {"framework":"ROME","entry":null}
list_years               daxycmu
close_year                   c     {}
log_head                ndaxycmu
log_inclusion           ndaxycmu
log_consistency         ndaxycmu
log_tile                ndaxycmu
log_tile_2              ndaxycmu
log_tile_3              ndaxycmu
domain_keys             ndaxycmu
log_checkpoint          ndaxycmu
network_keys            ndaxycmu
list_webhooks             a yc
add_webhook               a  c     {"url":"https://example.org/x","association":"A"}
get_webhook               a  c
set_webhook               a  c     {"is_active":true}
remove_webhook            a  c
list_deliveries           a  c
stream_events            daxycmu
"#;

/// A route as the OpenAPI document has it.
struct Documented {
    method: String,
    path: String,
}

fn documented(served: &Served) -> BTreeMap<String, Documented> {
    let document = served.call("GET", "/openapi.json").send().expect(200).json();
    let mut routes = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            routes.insert(name, Documented { method: method.to_uppercase(), path: path.clone() });
        }
    }
    routes
}

/// The stage on which the table is played.
struct Stage {
    served: Served,
    network: String,
    a: String,
    b: String,
    person: String,
    tokens: BTreeMap<&'static str, String>,
    other_side: String,
}

impl Stage {
    fn set(sandbox: Sandbox) -> Self {
        let served = Served::fresh(sandbox);
        let (a, b, c) = (served.association("Chorale"), served.association("Fanfare"), served.association("Judo"));
        let (person, d) = served.person("DEL", "delegate", Some(&a));
        let mut tokens: BTreeMap<&'static str, String> = [("n", String::new()), ("d", d)].into();
        for (letter, code, role, association) in [
            ("a", "ADM", "administrator", Some(&a)),
            ("x", "XDE", "delegate", Some(&c)),
            ("y", "YAD", "administrator", Some(&c)),
            ("c", "COO", "coordinator", None),
            ("m", "MED", "mediator", None),
            ("u", "AUD", "auditor", None),
        ] {
            tokens.insert(letter, served.person(code, role, association.map(String::as_str)).1);
        }
        let (_, other_side) = served.person("OTH", "delegate", Some(&b));
        let network = served.get(&served.operator, "/v1/me").expect(200).field("network");
        Self { served, network, a, b, person, tokens, other_side }
    }

    /// The address with names of things that are there, made anew for each request so that none is used up.
    fn address(&self, operation: &str, path: &str) -> String {
        let served = &self.served;
        let exchange = || match operation {
            "withdraw_exchange" => served.propose(&self.tokens["d"], &self.a, &self.b, 15),
            "tell_contributions" => served.propose(&self.other_side, &self.a, &self.b, 15),
            _ => served.propose(&self.other_side, &self.b, &self.a, 15),
        };
        let mut address = path.to_owned();
        for (name, make) in [
            ("{exchange}", &exchange as &dyn Fn() -> String),
            ("{association}", &|| self.a.clone()),
            ("{person}", &|| self.person.clone()),
            ("{act}", &|| self.a.clone()),
            ("{skill}", &|| self.a.clone()),
            ("{token}", &|| "00000000-0000-7000-8000-000000000000".to_owned()),
            ("{notice}", &|| {
                let body = json!({ "kind": "offer", "description": "x" });
                served.post(&self.tokens["d"], "/v1/notices", &body).expect(201).field("id")
            }),
            ("{webhook}", &|| {
                let body = json!({ "url": "https://example.org/x", "association": self.a });
                served.post(&self.tokens["a"], "/v1/webhooks", &body).expect(201).field("id")
            }),
            ("{mandate}", &|| {
                let body =
                    json!({ "association": self.a, "partner": self.b, "minutes_most": 60, "until": "2099-12-31" });
                served.post(&self.tokens["a"], "/v1/mandates", &body).expect(201).field("id")
            }),
            ("{network}", &|| self.network.clone()),
            ("{year}", &|| "2099".to_owned()),
            ("{level}", &|| "0".to_owned()),
            ("{first}", &|| "000.p".to_owned()),
            ("{second}", &|| "x000".to_owned()),
            ("{end}", &|| "1".to_owned()),
        ] {
            if address.contains(name) {
                address = address.replace(name, &make());
            }
        }
        match operation {
            "log_inclusion" => address + "?number=0",
            "log_consistency" => address + "?from=0",
            _ => address,
        }
    }

    fn body(&self, text: &str) -> Value {
        let names = [("\"A\"", &self.a), ("\"B\"", &self.b), ("\"P\"", &self.person)];
        let text =
            names.iter().fold(text.to_owned(), |text, (letter, name)| text.replace(letter, &format!("\"{name}\"")));
        serde_json::from_str(if text.is_empty() { "{}" } else { &text }).unwrap()
    }

    /// Whether the route lets the caller in.
    fn lets_in(&self, letter: &str, operation: &str, route: &Documented, body: &str) -> bool {
        let address = self.address(operation, &route.path);
        let method: &'static str = match route.method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "DELETE" => "DELETE",
            other => panic!("{other}"),
        };
        let mut call = self.served.call(method, &address);
        if !self.tokens[letter].is_empty() {
            // A session signs itself out; the token stays.
            call = call.token(&self.tokens[letter]);
        }
        if method == "POST" || method == "PUT" {
            call = call.json(&self.body(body));
        }
        if operation == "stream_events" {
            // Its answer does not end: the first line says enough.
            let mut stream = TcpStream::connect(&self.served.address).unwrap();
            stream.write_all(&call.bytes()).unwrap();
            let mut status = [0; 12];
            stream.read_exact(&mut status).unwrap();
            return status.ends_with(b"200");
        }
        let reply = call.send();
        assert!(reply.status < 500, "{letter} {operation}: {reply:?}");
        assert!(reply.status < 400 || !reply.field("detail").is_empty(), "{reply:?}");
        !matches!(reply.status, 401 | 403)
    }
}

#[test]
fn every_route_lets_in_whom_the_table_says() {
    let stage = Stage::set(Sandbox::sqlite());
    let routes = documented(&stage.served);
    let mut rows = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.is_empty()) {
        let (operation, rest) = line.split_once(' ').unwrap();
        let (letters, body) = rest
            .split_once(['{', '['])
            .map_or((rest, String::new()), |(letters, _)| (letters, rest[letters.len()..].to_owned()));
        let letters: BTreeSet<String> = letters.chars().filter(char::is_ascii_alphabetic).map(String::from).collect();
        assert!(rows.insert(operation.to_owned(), (letters, body)).is_none(), "{operation} stands there twice");
    }
    let in_table: BTreeSet<_> = rows.keys().collect();
    let in_document: BTreeSet<_> = routes.keys().collect();
    assert_eq!(in_table, in_document, "the table and the OpenAPI document name other routes");
    let mut wrong = String::new();
    for (operation, (letters, body)) in &rows {
        for (letter, who) in CALLERS {
            let found = stage.lets_in(letter, operation, &routes[operation], body);
            if found != letters.contains(letter) {
                writeln!(wrong, "{operation}: {who} is {}", if found { "let in" } else { "kept out" }).unwrap();
            }
        }
    }
    assert_eq!(wrong, "");
    stage.served.assert_sound();
}

#[test]
fn a_token_is_good_for_its_scopes_alone() {
    for sandbox in crate::command::both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let reads = super::served::token(&served.sandbox, "--scope read");
        let writes = super::served::token(&served.sandbox, "--scope write");
        served.get(&reads, "/v1/balances").expect(200);
        assert_eq!(served.get(&writes, "/v1/balances").expect(403).problem(), "scope-is-missing");
        let gift = json!({ "from": a, "minutes": 5, "reason": "gift" });
        served.post(&writes, "/v1/transfers", &gift).expect(201);
        served.post(&reads, "/v1/transfers", &gift).expect(403);
        served.post(&writes, "/v1/skills", &json!({ "name": "Compta" })).expect(403);
        // Nobody hands out more than they have.
        let more = json!({ "label": "x", "scopes": ["manage"] });
        served.post(&writes, "/v1/tokens", &more).expect(403);
    }
}
