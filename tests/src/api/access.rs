//! Who may do what: every route for every role, in one table.
//!
//! The routes come from the OpenAPI document: one that is missing here, or here alone, fails the test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use ledger::{NetworkId, command::Principal};
use serde_json::{Value, json};
use store::{NewToken, Store};
use uuid::Uuid;

use super::served::Served;
use crate::command::Sandbox;

/// The callers of the table, each with its letter: nobody; a delegate and an administrator of the association that
/// the request is about; the same of another association; a delegate of both who does not say for whom; a volunteer,
/// who holds no role; the coordinator, a mediator, an auditor.
const CALLERS: [(&str, &str); 10] = [
    ("n", "nobody"),
    ("d", "delegate"),
    ("a", "administrator"),
    ("x", "another association's delegate"),
    ("y", "another association's administrator"),
    ("t", "delegate of two associations"),
    ("v", "volunteer"),
    ("c", "coordinator"),
    ("m", "mediator"),
    ("u", "auditor"),
];

/// Operation; who is let in; why the others are not, where it is not what the guard says to all who do not hold the
/// role; the body. `A` is the association concerned; `E` an exchange that `A` has to answer and `O` one that `A`
/// proposed, `W` something that `A` offers, `P` a person of `A`, `G` an act that concerns `A`.
///
/// Let in is who is not answered with 401 or 403, nor asked for whom they act: the ledger may still have other reasons
/// to refuse.
const TABLE: &str = r#"
is_alive                ndaxytvcmu
is_ready                ndaxytvcmu
metrics                 ndaxytvcmu
openapi                 ndaxytvcmu
who_am_i                 daxytvcmu
my_hours                 daxytvcmu
my_recognitions          daxytvcmu
my_access_events         daxytvcmu
make_joining_code        daxytvcmu  {"association":"A"}
join                     daxytvcmu  {"secret":"x"}
sign_in                             ndaxytvcmu=sign-in-failed  {"email":"nobody@example.org","password":"x"}
sign_out                 daxytvcmu
sign_in_again                        daxytvcmu=sign-in-failed  {"password":"x"}
accept_invitation       ndaxytvcmu  {"secret":"x","email":"a@example.org","password":"0123456789"}
list_tokens              daxytvcmu
make_token               daxytvcmu  {"label":"x","scopes":["read"]}
revoke_token             daxytvcmu
list_persons             daxy  c u  t=say-for-whom
get_person               da  t c u  xyvm=belongs-to-others
add_person                     c    {"code":"NEW"}
correct_person                 c    {"code":"OTHER"}
enrol_person                   c    {"association":"A"}
enrol_with_code           a    c    y=belongs-to-others {"code":"x"}
list_joining_links        a    c    y=belongs-to-others
make_joining_link         a    c    y=belongs-to-others
end_joining_link          a    c    y=belongs-to-others
set_role                  a    c    y=belongs-to-others {"role":"delegate","association":"A"}
invite_person             a    c    y=belongs-to-others
list_cards                a y  c
print_card                a    c    y=belongs-to-others
end_card                  a y  c
list_associations        daxytvcmu
get_association          daxytvcmu
add_association                c    {"name":"Nouvelle"}
rename_association             c    {"name":"Autre nom"}
identify_association           c    {"kind":"siren","value":"116979006"}
describe_association           c    {"kind":"municipality"}
set_association_state          c    {"state":"active","reason":"x"}
leave                          c    {"reason":"x","into":"A"}
set_contact               a    c    y=belongs-to-others {}
set_limits                     c    {"limits":null,"decision":"x"}
list_limits              da  t c u  xy=belongs-to-others
list_mandates            da  t c u  xy=belongs-to-others
set_mandate               a    c    y=only-for-the-coordinator {"partner":"B","mandate":{"minutes_most":60,"until":"2027-12-31"}}
get_balance              da  t cmu  xy=belongs-to-others
list_entries             da  t cmu  xy=belongs-to-others
list_months              da  t cmu  xy=belongs-to-others
list_positions           da  t cmu  xy=belongs-to-others
bring_in_balance               c    {"minutes":15,"date":"2026-01-01"}
list_exchanges           daxy  cmu  t=say-for-whom
get_exchange             da  t cmu  xy=belongs-to-others
get_thread               da  t cmu  xy=belongs-to-others
propose_exchange         da  t c    xy=not-a-side {"giver":"A","receiver":"B","minutes":15,"service_date":"2026-01-01"}
propose_exchanges        daxy  c    t=say-for-whom []
confirm_exchange         da  t c    xy=not-a-side {"reason":"x"}
amend_exchange           da  t      xy=not-a-side {"minutes":15,"service_date":"2026-01-01"}
contest_exchange         da  t      xy=not-a-side {"reason":"x"}
withdraw_exchange        da  t      xy=not-a-side {}
dismiss_exchange               c    m=only-for-the-coordinator {"reason":"x"}
settle_exchange                 m   {"minutes":15,"reason":"x"}
release_exchange               c    {"reason":"x"}
request_correction       da  t      xy=not-a-side {"reason":"x"}
keep_exchange            da  t c    xy=not-a-side {"reason":"x"}
reverse_exchange               c    daxyt=only-for-the-coordinator {"reason":"x"}
tell_contributions       da  t c    xy=only-for-the-coordinator {"contributions":[{"person":"P","minutes":5}]}
what_waits               daxytvcmu
list_recognitions        daxytvcmu
get_recognition          da  v c u  xytm=belongs-to-others
recognise                da  t c    xy=belongs-to-others {"person":"V","level":"independent","context":"x","activities":"x"}
accept_recognition           v c    daxytmu=belongs-to-others {}
withdraw_recognition     da  v c    xytmu=belongs-to-others {"reason":"x"}
list_hours               da  t c u  xy=belongs-to-others
give_hours               da  t c    xy=belongs-to-others {"contribution":{"person":"P","minutes":5},"service_date":"2026-01-01"}
list_balances                  c u
list_transfers           daxy  c u  t=say-for-whom
transfer                 da  t c    xy=only-for-the-coordinator {"from":"A","to":"B","minutes":5,"reason":"gift"}
list_acts                      c u
get_act                  da    cmu  xy=belongs-to-others t=say-for-whom
reverse_act                    c    {"reason":"x"}
list_notices             daxytvcmu
get_notice               daxytvcmu
add_notice               da  t c    xy=belongs-to-others {"kind":"offer","association":"A","description":"x"}
change_notice            da    c    xy=belongs-to-others t=say-for-whom {"description":"x","is_open":true}
get_network              daxytvcmu
get_policy               daxytvcmu
list_policies            daxytvcmu
adopt_policy                   c    {"step_minutes":15,"answer_within_days":30,"limits":{},"decision":"x"}
list_skills              daxytvcmu
add_skill                      c    {"name":"Compta"}
align_skill                    c    {"framework":"ROME","entry":null}
list_years               daxytvcmu
close_year                     c    {}
log_head                ndaxytvcmu
log_inclusion           ndaxytvcmu
log_consistency         ndaxytvcmu
log_tile                ndaxytvcmu
log_tile_2              ndaxytvcmu
log_tile_3              ndaxytvcmu
log_entries                    c u
log_entries_2                  c u
log_entries_3                  c u
cosign_head             ndaxytvcmu
cosigned_head           ndaxytvcmu
domain_keys             ndaxytvcmu
status_list             ndaxytvcmu
domain_status_list      ndaxytvcmu
log_checkpoint          ndaxytvcmu
network_keys            ndaxytvcmu
list_webhooks             a y  c
add_webhook               a    c    y=belongs-to-others {"url":"https://example.org/x","association":"A"}
get_webhook               a    c    y=belongs-to-others
set_webhook               a    c    y=belongs-to-others {"is_active":true}
remove_webhook            a    c    y=belongs-to-others
list_deliveries           a    c    y=belongs-to-others
stream_events            daxy  cmu  t=say-for-whom
"#;

/// A line of the table.
struct Line {
    operation: String,
    lets_in: BTreeSet<char>,
    /// Problems that are not the guard's usual ones, by whom they are told to.
    problems: BTreeMap<char, String>,
    body: String,
}

impl Line {
    /// Reads `operation letters letters=problem… body`.
    fn read(line: &str) -> Self {
        let (front, body) = match line.find(['{', '[']) {
            Some(start) => line.split_at(start),
            None => (line, ""),
        };
        let mut words = front.split(' ').filter(|word| !word.is_empty());
        let operation = words.next().unwrap().to_owned();
        let (mut lets_in, mut problems) = (BTreeSet::new(), BTreeMap::new());
        for word in words {
            match word.split_once('=') {
                Some((letters, problem)) => {
                    problems.extend(letters.chars().map(|letter| (letter, problem.to_owned())));
                }
                None => lets_in.extend(word.chars().filter(char::is_ascii_alphabetic)),
            }
        }
        Self { operation, lets_in, problems, body: body.to_owned() }
    }

    /// The problem that a caller is told; nothing when they are let in.
    fn problem(&self, letter: char) -> Option<&str> {
        if self.lets_in.contains(&letter) {
            return None;
        }
        let usual = if letter == 'n' { "token-is-missing" } else { "role-does-not-allow" };
        Some(self.problems.get(&letter).map_or(usual, String::as_str))
    }
}

/// A route as the OpenAPI document has it.
pub(super) struct Documented {
    method: String,
    pub(super) path: String,
}

impl Documented {
    pub(super) fn method(&self) -> &'static str {
        ["GET", "POST", "PUT", "DELETE"].into_iter().find(|method| *method == self.method).unwrap()
    }
}

/// The body with which the table asks a route.
pub(super) fn body_of(operation: &str) -> String {
    let mut lines = TABLE.lines().filter(|line| !line.is_empty()).map(Line::read);
    lines.find(|line| line.operation == operation).map(|line| line.body).unwrap_or_default()
}

pub(super) fn documented(served: &Served) -> BTreeMap<String, Documented> {
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
    volunteer: String,
    skill: String,
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
        let (two, token) = served.person("TWO", "delegate", Some(&a));
        served.give_role(&two, "delegate", Some(&c));
        tokens.insert("t", token);
        let (volunteer, token) = served.volunteer("VOL", Some(&a));
        served
            .post(&served.operator, &format!("/v1/persons/{volunteer}/memberships"), &json!({ "association": b }))
            .expect(200);
        let skill = served.post(&served.operator, "/v1/skills", &json!({ "name": "Chant" })).expect(201).field("id");
        tokens.insert("v", token);
        let (_, other_side) = served.person("OTH", "delegate", Some(&b));
        let network = served.get(&served.operator, "/v1/me").expect(200).field("network");
        Self { served, network, a, b, person, volunteer, skill, tokens, other_side }
    }

    /// An exchange in which the volunteer helped A, of which both sides know.
    fn helped(&self) -> String {
        let served = &self.served;
        let body = json!({ "giver": self.b, "receiver": self.a, "minutes": 15, "service_date": "2026-01-01",
            "skill": self.skill, "contributions": [{ "person": self.volunteer, "minutes": 15 }] });
        let exchange = served.post(&self.other_side, "/v1/exchanges", &body).expect(201).field("id");
        let path = format!("/v1/exchanges/{exchange}/confirm");
        served.post(&self.tokens["d"], &path, &json!({})).expect(200);
        exchange
    }

    /// The address with names of things that are there, made anew for each request so that none is used up.
    fn address(&self, operation: &str, path: &str) -> String {
        let served = &self.served;
        let exchange = || match operation {
            "recognise" => self.helped(),
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
            ("{joining}", &|| {
                let path = format!("/v1/associations/{}/joining-links", self.a);
                served.post(&self.tokens["a"], &path, &json!({})).expect(201).field("id")
            }),
            ("{notice}", &|| {
                let body = json!({ "kind": "offer", "description": "x" });
                served.post(&self.tokens["d"], "/v1/notices", &body).expect(201).field("id")
            }),
            ("{card}", &|| {
                let cards = || {
                    let list = served.get(&self.tokens["c"], "/v1/cards").expect(200).json();
                    let items = list["items"].as_array().unwrap().clone();
                    items.into_iter().find(|card| card["ended_at"].is_null())
                };
                if cards().is_none() {
                    let path = format!("/v1/persons/{}/cards", self.person);
                    served.post(&self.tokens["a"], &path, &json!({})).expect(201);
                }
                cards().unwrap()["id"].as_str().unwrap().to_owned()
            }),
            ("{recognition}", &|| {
                let help = self.helped();
                let body =
                    json!({ "person": self.volunteer, "level": "independent", "context": "x", "activities": "x" });
                let path = format!("/v1/exchanges/{help}/recognitions");
                served.post(&self.tokens["d"], &path, &body).expect(201).field("id")
            }),
            ("{webhook}", &|| {
                let body = json!({ "url": "https://example.org/x", "association": self.a });
                served.only_webhook(&self.tokens["a"], &body)
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
        let names = [("\"A\"", &self.a), ("\"B\"", &self.b), ("\"P\"", &self.person), ("\"V\"", &self.volunteer)];
        let text =
            names.iter().fold(text.to_owned(), |text, (letter, name)| text.replace(letter, &format!("\"{name}\"")));
        serde_json::from_str(if text.is_empty() { "{}" } else { &text }).unwrap()
    }

    /// Why the route does not let the caller in; nothing when it does.
    fn problem(&self, letter: &str, line: &Line, route: &Documented) -> Option<String> {
        let address = self.address(&line.operation, &route.path);
        let method = route.method();
        let mut call = self.served.call(method, &address);
        if !self.tokens[letter].is_empty() {
            // A session signs itself out; the token stays.
            call = call.token(&self.tokens[letter]);
        }
        if method == "POST" || method == "PUT" {
            call = call.json(&self.body(&line.body));
        }
        if line.operation == "stream_events" {
            // Its answer does not end when it is one: the first line says enough.
            let mut stream = TcpStream::connect(&self.served.address).unwrap();
            stream.write_all(&call.bytes()).unwrap();
            let mut status = [0; 12];
            stream.read_exact(&mut status).unwrap();
            if status.ends_with(b"200") {
                return None;
            }
        }
        let reply = call.send();
        assert!(reply.status < 500, "{letter} {}: {reply:?}", line.operation);
        assert!(reply.status < 400 || !reply.field("detail").is_empty(), "{reply:?}");
        let is_kept_out =
            matches!(reply.status, 401 | 403) || (reply.status == 400 && reply.problem() == "say-for-whom");
        is_kept_out.then(|| reply.problem())
    }
}

#[test]
fn every_route_lets_in_whom_the_table_says() {
    let stage = Stage::set(Sandbox::sqlite());
    let routes = documented(&stage.served);
    let lines: Vec<Line> = TABLE.lines().filter(|line| !line.is_empty()).map(Line::read).collect();
    let in_table: BTreeSet<_> = lines.iter().map(|line| &line.operation).collect();
    assert_eq!(in_table.len(), lines.len(), "an operation stands there twice");
    let in_document: BTreeSet<_> = routes.keys().collect();
    assert_eq!(in_table, in_document, "the table and the OpenAPI document name other routes");
    let mut wrong = String::new();
    for line in &lines {
        for (letter, who) in CALLERS {
            let found = stage.problem(letter, line, &routes[&line.operation]);
            let expected = line.problem(letter.chars().next().unwrap());
            if found.as_deref() != expected {
                let [found, expected] = [found.as_deref(), expected].map(|problem| problem.unwrap_or("nothing"));
                writeln!(wrong, "{}: {who} ({letter}) is told {found}, and not {expected}", line.operation).unwrap();
            }
        }
    }
    assert_eq!(wrong, "", "{wrong}");
    stage.served.assert_sound();
}

#[test]
fn a_token_for_a_name_that_nobody_can_read_opens_nothing() {
    for sandbox in crate::command::both() {
        let served = Served::fresh(sandbox);
        let network = NetworkId(1);
        let text = format!("cdm_{network}_made-by-hand");
        let token = NewToken {
            token: Uuid::from_u128(1),
            secret: ledger::log::leaf_hash(text.as_bytes()),
            is_session: false,
            principal: Principal::Operator,
            scopes: "read write manage".to_owned(),
            acting_for: Some("everybody".to_owned()),
            label: "by hand".to_owned(),
            expires_at: None,
            made_with: None,
            idle_seconds: None,
            handed_out_for: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&served.sandbox.database, false).await.unwrap();
            store.add_token(network, &token, chrono::DateTime::UNIX_EPOCH).await.unwrap();
        });
        for path in ["/v1/me", "/v1/balances", "/v1/policy"] {
            assert_eq!(served.get(&text, path).expect(500).problem(), "fault", "{path}");
        }
    }
}

#[test]
fn a_token_is_good_for_its_scopes_alone() {
    for sandbox in crate::command::both() {
        let served = Served::fresh(sandbox);
        let a = served.association("Chorale");
        let reads = super::served::token(&served.sandbox, "--scope read");
        let writes = super::served::token(&served.sandbox, "--scope write");
        let (balances, gift) = ("/v1/balances", json!({ "from": a, "minutes": 5, "reason": "gift" }));
        // Nobody hands out more than they have.
        let more = json!({ "label": "x", "scopes": ["manage"] });
        for (token, path, body, status) in [
            (&reads, balances, None, 200),
            (&writes, balances, None, 403),
            (&writes, "/v1/transfers", Some(&gift), 201),
            (&reads, "/v1/transfers", Some(&gift), 403),
            (&writes, "/v1/skills", Some(&json!({ "name": "Compta" })), 403),
            (&writes, "/v1/tokens", Some(&more), 403),
        ] {
            let reply = match body {
                None => served.get(token, path),
                Some(body) => served.post(token, path, body),
            };
            assert_eq!(reply.status, status, "{path}: {reply:?}");
            assert!(status != 403 || reply.problem() == "scope-is-missing", "{path}: {reply:?}");
        }
    }
}
