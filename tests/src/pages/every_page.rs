//! Every page for everybody in both languages, in one table: who may open it, that it is whole and leads on to pages
//! that are there, and that it says nothing of another network.
//!
//! The pages come from the router's own list: one that is missing here, or here alone, fails the test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::json;

use super::browser::Browser;
use super::page::Page;
use super::village::Village;
use crate::api::served::{Reply, token};
use crate::command::Sandbox;
use crate::twins::done;

/// The letters of the table: nobody; a delegate of the choir, which the addresses are about; a delegate of the judo
/// club; one of both; the choir's administrator; a volunteer of the choir, who holds no role; the coordinator, the
/// mediator, the auditor; and the coordinator of another network on the same installation.
const CALLERS: [(char, &str); 10] = [
    ('n', ""),
    ('d', "Alice"),
    ('x', "Bruno"),
    ('t', "Chloé"),
    ('a', "Denis"),
    ('v', "Véra"),
    ('c', "Nadine"),
    ('m', "Marc"),
    ('u', "Aude"),
    ('o', "Olive"),
];

/// Operation; what comes (a page, a file, a form that is sent, nothing, or whether it leads on); who is let in.
const TABLE: &str = include_str!("every_page.txt");

/// What may not stand in a page of the village.
const ELSEWHERE: [&str; 3] = ["Réseau lointain", "Amicale d’ailleurs", "Olive"];

/// What the table says of a page.
pub(super) struct Line {
    pub(super) kind: String,
    pub(super) lets_in: BTreeSet<char>,
}

/// The village under its own name, since another network is there as well.
struct Stage {
    village: Village,
    exchange: String,
    strange: String,
}

impl Stage {
    fn set() -> Self {
        let mut village = Village::on(Sandbox::sqlite());
        village.recognise_each_other();
        let exchange = village.served.propose(village.token("Bruno"), &village.chorale, &village.judo, 90);
        village.hand_out("");
        done(&village.served.sandbox.run("init 'Réseau lointain' --another"));
        let words = "--network reseau-lointain";
        let operator = token(&village.served.sandbox, words);
        village.served.post(&operator, "/v1/associations", &json!({ "name": "Amicale d’ailleurs" })).expect(201);
        let body = json!({ "code": "Olive", "first_name": "Olive" });
        let person = village.served.post(&operator, "/v1/persons", &body).expect(201).field("id");
        let path = format!("/v1/persons/{person}/roles");
        village.served.post(&operator, &path, &json!({ "role": "coordinator" })).expect(200);
        let strange = token(&village.served.sandbox, &format!("{words} --as Olive"));
        Self { village, exchange, strange }
    }

    fn browser(&self, letter: char, name: &str, language: &'static str) -> Browser {
        let mut browser = Browser::before(&self.village.served.address, language);
        let secret = match letter {
            'n' => return browser,
            'o' => &self.strange,
            _ => self.village.token(name),
        };
        browser.bring(&format!("coudemain-entraide-du-pays={secret}"));
        browser
    }

    /// An address with names of what is there.
    fn address(&self, path: &str) -> String {
        let asset = || {
            let mut browser = self.browser('n', "", "fr");
            browser.open(&format!("{HERE}/no-such-page"));
            let assets = &browser.page.assets;
            assets.iter().find_map(|asset| asset.strip_prefix("/assets/")).expect("Pages have a style.").to_owned()
        };
        let address = self.village.named(&self.exchange, path);
        let address = if address.contains("{name}") { address.replace("{name}", &asset()) } else { address };
        assert!(!address.contains('{'), "say in the village what {path} is to be asked with");
        if path.starts_with("/assets/") { address } else { format!("{HERE}{address}") }
    }
}

/// Where the village is found.
const HERE: &str = "/n/entraide-du-pays";

/// The table, by operation.
pub(super) fn table() -> BTreeMap<String, Line> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &str| {
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let (operation, kind) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
        (operation, Line { kind, lets_in: words.flat_map(str::chars).collect() })
    };
    let mut table = BTreeMap::new();
    for (operation, line) in lines.map(read) {
        assert!(table.insert(operation.clone(), line).is_none(), "{operation} stands there twice");
    }
    table
}

#[test]
fn every_page_is_for_whom_the_table_says_and_whole() {
    let stage = Stage::set();
    let table = table();
    let routes = pages::face().routes;
    let listed: BTreeSet<_> = routes.iter().map(|route| route.operation.to_owned()).collect();
    assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), listed, "the table and the router name other pages");
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    let mut links = BTreeMap::new();
    for route in &routes {
        let line = &table[route.operation];
        for (letter, name) in CALLERS {
            for language in ["fr", "en"] {
                let mut browser = stage.browser(letter, name, language);
                let address = stage.address(route.path);
                let form = (route.method == "POST").then_some("once=every-page");
                let reply = browser.ask(route.method.as_str(), &address, form);
                // The same fault on many pages is told once.
                let mut say = |what: &str| {
                    let who = format!("{} ({letter}, {language})", route.operation);
                    wrong.entry(what.to_owned()).or_insert(who);
                };
                let is_in = line.lets_in.contains(&letter);
                if let Some(what) = misplaced(&reply, route.operation, &line.kind, letter, is_in) {
                    say(&what);
                    continue;
                }
                let is_html = reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
                // The verifier is a file for itself, with a policy of its own: see one_file.rs.
                if !is_html || line.kind == "file" {
                    continue;
                }
                let page = Page::read(&reply.text);
                for fault in faults(&page, &reply, language) {
                    say(&fault);
                }
                for address in page.links.into_iter().map(|link| link.address).chain(page.assets) {
                    links.entry((letter, address)).or_insert_with(|| route.operation.to_owned());
                }
            }
        }
    }
    let mut told = dead(&stage, &links);
    for (what, page) in wrong {
        writeln!(told, "{page}: {what}").unwrap();
    }
    assert!(told.is_empty(), "{told}");
}

/// What is wrong with an answer's status; nothing where it is as the table says.
fn misplaced(reply: &Reply, operation: &str, kind: &str, letter: char, is_in: bool) -> Option<String> {
    let location = reply.header("location").unwrap_or_default();
    let is_to_sign_in = location.starts_with(&format!("{HERE}/sign-in"));
    let leads_there = operation.starts_with("page_sign_");
    let is_known = !['n', 'o'].contains(&letter);
    let fits = match (is_in, kind) {
        (true, "page" | "file") => reply.status == 200,
        (true, "leads") => [200, 303].contains(&reply.status),
        // Only where the demo made the network; and what somebody has alone is not asked for here.
        (_, "absent") | (true, "missing") => reply.status == 404,
        // Nothing was filled in: what matters is that the handler said so, and not the guard.
        (true, "form") => {
            [200, 303, 400, 404, 409, 410, 422].contains(&reply.status) && (leads_there || !is_to_sign_in)
        }
        (false, "page" | "leads" | "file" | "missing") if !is_known => reply.status == 303 && is_to_sign_in,
        (false, "form") if !is_known => reply.status == 401,
        (false, _) => reply.status == 403,
        (true, other) => panic!("{other} is no kind of page"),
    };
    (!fits).then(|| format!("({letter}, {kind}) {} {location}", reply.status))
}

/// What is wrong with a page.
fn faults(page: &Page, reply: &Reply, language: &str) -> Vec<String> {
    let mut found = page.faults.clone();
    let mut check = |holds: bool, what: &str| {
        if !holds {
            found.push(what.to_owned());
        }
    };
    let tops: Vec<_> = page.headings.iter().filter(|(level, _)| *level == 1).collect();
    check(matches!(tops[..], [(_, text)] if !text.is_empty()), "it has not one first heading");
    let mut before = 0;
    for (level, text) in &page.headings {
        check(*level <= before + 1, &format!("“{text}” skips a level of headings"));
        before = *level;
    }
    check(page.language == language, "it is not in the language that was asked for");
    check(page.title.split(" – ").filter(|part| !part.trim().is_empty()).count() >= 2, "its title says too little");
    check(!page.text.contains('«') || language == "fr", "a sentence is missing");
    check(!reply.text.contains("«note-") && !reply.text.contains("{ $"), "a sentence is missing");
    for form in page.forms.iter().filter(|form| form.is_post) {
        // Choosing a language twice is choosing it.
        if form.action.ends_with("/language") {
            continue;
        }
        let has_key = form.fields.iter().any(|field| field.name == "once" && !field.value.is_empty());
        check(has_key, &format!("the form to {} has no key", form.action));
        check(form.action.starts_with(HERE), &format!("the form to {} leaves the network", form.action));
    }
    for elsewhere in ELSEWHERE {
        check(!reply.text.contains(elsewhere), "it speaks of another network");
    }
    for word in ["transaction", "débit", "crédit", "utilisateur", "erreur 500"] {
        check(!page.text.to_lowercase().contains(word), &format!("it says “{word}”"));
    }
    for (name, value) in [
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
    ] {
        check(reply.header(name) == Some(value), &format!("{name}: {:?}", reply.header(name)));
    }
    let policy = reply.header("content-security-policy").unwrap_or_default();
    for words in ["default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"] {
        check(policy.contains(words), &format!("its policy does not say {words}"));
    }
    found
}

/// Links that lead to nothing, or out of the network.
fn dead(stage: &Stage, links: &BTreeMap<(char, String), String>) -> String {
    let mut dead = String::new();
    for ((letter, address), page) in links {
        let is_apart = ["#", "?", "mailto:", "tel:"].iter().any(|begin| address.starts_with(begin));
        if is_apart {
            continue;
        }
        if !address.starts_with(HERE) && !address.starts_with("/assets/") {
            writeln!(dead, "{page} ({letter}) leads out of the network: {address}").unwrap();
            continue;
        }
        let (_, name) = CALLERS.iter().find(|(known, _)| known == letter).expect("They are in the table.");
        let reply = stage.browser(*letter, name, "fr").ask("GET", address.split('#').next().unwrap_or_default(), None);
        if reply.status >= 400 {
            writeln!(dead, "{page} ({letter}): {address} is {}", reply.status).unwrap();
        }
    }
    dead
}
