//! What forgers hand in: documents changed at one place, by whom one fears and by whom one would not, in the form of
//! JSON, of text and of bytes. A seed makes each again.

use ledger::integrity::Cryptosuite;
use ledger::key::PrivateKey;
use serde_json::{Value, json};

use super::issued::{BOTH, Issued, JCS, signed_by};
use super::judges::Given;
use crate::notebooks::Random;

/// Files that are given together, the one that was changed first.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) what: String,
    pub(super) files: Vec<Given>,
}

/// A document that is changed, with what is given beside it.
struct Base {
    name: String,
    document: Value,
    suites: &'static [Cryptosuite],
    beside: Vec<Given>,
}

/// All cases.
pub(super) fn cases(issued: &Issued) -> Vec<Case> {
    let mut random = Random(0x5eed_0f0f);
    let mut cases = Vec::new();
    for base in &bases(issued) {
        for _ in 0..18 {
            cases.extend(changed(issued, base, &mut random, Signer::Nobody));
            cases.extend(changed(issued, base, &mut random, Signer::Network));
        }
        for _ in 0..4 {
            cases.extend(changed(issued, base, &mut random, Signer::Stranger));
        }
        cases.extend(proofs(base));
        for _ in 0..6 {
            cases.push(as_text(base, &mut random));
        }
    }
    cases.extend(spliced(issued));
    cases
}

/// Those that no chance had a hand in, of the documents that people have.
pub(super) fn named(issued: &Issued) -> Vec<Case> {
    let bases = bases(issued);
    let of_one = bases.iter().filter(|base| ["statement", "badge"].contains(&base.name.as_str())).flat_map(proofs);
    of_one.chain(spliced(issued)).collect()
}

fn bases(issued: &Issued) -> Vec<Base> {
    let statement = issued.statements().remove(0);
    let badge = issued.named("passport", "badge", ".json").remove(0);
    let passport = issued.json("passport/passport.json");
    let record = passport["coudemainPassport"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["type"].to_string().contains("VolunteerRecord"));
    let base = |name: &str, document: Value, suites: &'static [Cryptosuite], beside: Vec<Given>| Base {
        name: name.to_owned(),
        document,
        suites,
        beside,
    };
    let list = || issued.given("passport/status.json");
    let mut bases = vec![
        base("statement", issued.json(&statement), &JCS, vec![issued.keys()]),
        base(
            "statement with its list",
            issued.json(&statement),
            &JCS,
            vec![issued.keys(), issued.given("out/status.json"), issued.given("last.txt"), issued.given("goes-on.txt")],
        ),
        base("badge", issued.json(&badge), &BOTH, vec![issued.keys(), list()]),
        base("status list", issued.json("passport/status.json"), &JCS, vec![issued.keys(), issued.given(&badge)]),
        base("passport", passport.clone(), &JCS, vec![issued.keys(), list()]),
    ];
    bases.extend(record.map(|record| base("record", record.clone(), &JCS, vec![issued.keys(), list()])));
    bases
}

/// Who signs what was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signer {
    /// The proof stays what it was.
    Nobody,
    /// Whoever has the network's key.
    Network,
    /// Somebody in their own name.
    Stranger,
}

/// A document with a change at some place.
fn changed(issued: &Issued, base: &Base, random: &mut Random, signer: Signer) -> Option<Case> {
    let mut document = base.document.clone();
    let mut places = Vec::new();
    pointers(&document, String::new(), &mut places);
    if signer != Signer::Nobody {
        places.retain(|place| !place.starts_with("/proof"));
    }
    let place = places[random.below(places.len())].clone();
    let how = change(&mut document, &place, random)?;
    let document = match signer {
        Signer::Nobody => document,
        Signer::Network => issued.signed(&document, base.suites)?,
        Signer::Stranger => {
            let mut document = document;
            let key = PrivateKey::from_seed([7; 32]);
            let name = format!("did:key:{}", key.public());
            *document.pointer_mut("/issuer/id")? = name.into();
            signed_by(&key, None, &document, base.suites)?
        }
    };
    let what = format!("{}: {how} at {place}, signed by {signer:?}", base.name);
    Some(with(what, &document.to_string(), base))
}

fn with(what: String, text: &str, base: &Base) -> Case {
    let mut files = vec![Given::new("changed.json", text)];
    files.extend(base.beside.iter().cloned());
    Case { what, files }
}

pub(super) fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| pointers(item, format!("{at}/{place}"), found));
        }
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    if !at.is_empty() {
        found.push(at);
    }
}

/// Changes what stands at a place, and says how.
pub(super) fn change(document: &mut Value, place: &str, random: &mut Random) -> Option<&'static str> {
    let (parent, name) = place.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    let kind = random.below(5);
    if kind >= 3 {
        return Some(change_value(document.pointer_mut(place)?, random));
    }
    match document.pointer_mut(parent)? {
        Value::Array(items) => {
            let place: usize = name.parse().ok()?;
            if kind == 0 {
                items.remove(place);
                return Some("removed");
            }
            let twice = items.get(place)?.clone();
            items.insert(place, twice);
            Some("twice")
        }
        Value::Object(members) => match kind {
            0 => members.remove(&name).map(|_| "removed"),
            1 => {
                let value = members.remove(&name)?;
                members.insert(format!("{name}Of"), value);
                Some("renamed")
            }
            _ => {
                members.insert("more".to_owned(), json!(true));
                Some("one more beside")
            }
        },
        _ => None,
    }
}

fn change_value(value: &mut Value, random: &mut Random) -> &'static str {
    match value {
        Value::String(text) if random.below(2) == 0 => {
            let letters: Vec<char> = text.chars().collect();
            let place = random.below(letters.len().max(1));
            let other = |(at, letter): (usize, &char)| {
                if at == place { if *letter == 'a' { 'b' } else { 'a' } } else { *letter }
            };
            *text = letters.iter().enumerate().map(other).collect();
            "a letter changed"
        }
        Value::String(text) => {
            text.push('x');
            "a letter more"
        }
        Value::Number(number) => {
            *value = (number.as_i64().unwrap_or_default() + if random.below(2) == 0 { 1 } else { -60 }).into();
            "another number"
        }
        Value::Bool(truth) => {
            *value = (!*truth).into();
            "the contrary"
        }
        Value::Null => {
            *value = json!("x");
            "something in place of nothing"
        }
        Value::Array(_) | Value::Object(_) => {
            *value = json!(["x"]);
            "something else"
        }
    }
}

/// Proofs that were exchanged, emptied, doubled, or say otherwise of themselves.
fn proofs(base: &Base) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |what: &str, change: &dyn Fn(&mut Value)| {
        let mut document = base.document.clone();
        if document.get("proof").is_some() {
            change(&mut document);
            cases.push(with(format!("{}: {what}", base.name), &document.to_string(), base));
        }
    };
    fn last(document: &mut Value) -> &mut Value {
        if document["proof"].is_array() {
            return document["proof"].as_array_mut().unwrap().last_mut().unwrap();
        }
        &mut document["proof"]
    }
    add("no proof", &|document| drop(document.as_object_mut().unwrap().remove("proof")));
    add("an empty list of proofs", &|document| document["proof"] = json!([]));
    add("a proof twice", &|document| {
        let proof = last(document).clone();
        document["proof"] = json!([proof, proof]);
    });
    add("nine proofs", &|document| document["proof"] = vec![last(document).clone(); 9].into());
    add("the last proof alone", &|document| document["proof"] = last(document).clone());
    for (name, value) in [
        ("cryptosuite", json!("eddsa-2022")),
        ("cryptosuite", json!("eddsa-rdfc-2022")),
        ("type", json!("Ed25519Signature2020")),
        ("proofPurpose", json!("authentication")),
        ("created", json!("2099-01-01T00:00:00Z")),
        ("created", json!("yesterday")),
        ("expires", json!("2020-01-01T00:00:00Z")),
        ("previousProof", json!("urn:uuid:1")),
        ("@context", json!("https://www.w3.org/ns/credentials/v2")),
        ("proofValue", json!("z1111")),
        ("verificationMethod", json!("did:web:elsewhere.example#key-1")),
    ] {
        add(&format!("a proof that says {name}: {value}"), &|document| last(document)[name] = value.clone());
    }
    cases
}

/// The text of a document, spoilt as text.
fn as_text(base: &Base, random: &mut Random) -> Case {
    let text = format!("{:#}", base.document);
    let letters: Vec<char> = text.chars().collect();
    let place = random.below(letters.len());
    let (before, after): (String, String) = (letters[..place].iter().collect(), letters[place..].iter().collect());
    let (how, spoilt) = match random.below(6) {
        0 => ("cut short", before),
        1 => ("a letter lost", format!("{before}{}", after.chars().skip(1).collect::<String>())),
        2 => ("a letter more", format!("{before}7{after}")),
        3 => ("a name twice", text.replacen("\"type\":", "\"type\": \"x\", \"type\":", 1)),
        4 => (
            "a number with a point",
            text.replacen("Minutes\": 0", "Minutes\": 0.0", 1).replacen("Earned\": 1", "Earned\": 1.0", 1),
        ),
        _ => ("a mark before it", format!("\u{feff}{text}")),
    };
    with(format!("{}: {how} ({place})", base.name), &spoilt, base)
}

/// Parts of one document in another, and signatures by others.
fn spliced(issued: &Issued) -> Vec<Case> {
    let names = issued.statements();
    let (one, other) = (issued.json(&names[0]), issued.json(&names[1]));
    let beside = || vec![issued.keys(), issued.given("out/status.json")];
    let mut cases = Vec::new();
    let mut add = |what: &str, document: Value| {
        let mut files = vec![Given::new("spliced.json", document.to_string())];
        files.extend(beside());
        cases.push(Case { what: what.to_owned(), files });
    };
    for member in ["credentialSubject", "logBinding", "proof", "credentialStatus", "id", "validFrom"] {
        let mut document = one.clone();
        document[member] = other[member].clone();
        add(&format!("{member} of another statement"), document.clone());
        if member != "proof" {
            add(
                &format!("{member} of another statement, signed by the network"),
                issued.signed(&document, &JCS).unwrap(),
            );
        }
    }
    let stranger = PrivateKey::from_seed([7; 32]);
    add("a stranger's key in the network's name", signed_by(&stranger, None, &one, &JCS).unwrap());
    for domain in ["entraide.example", "elsewhere.example"] {
        let mut document = one.clone();
        document["issuer"]["id"] = format!("did:web:{domain}").into();
        add(
            &format!("a key that names itself after {domain}"),
            signed_by(&stranger, Some(domain), &document, &JCS).unwrap(),
        );
    }
    for (member, value) in [
        ("validUntil", json!("2020-01-01T00:00:00Z")),
        ("validUntil", json!("2099-01-01T00:00:00Z")),
        ("validUntil", json!("soon")),
        ("validFrom", json!("2099-01-01T00:00:00Z")),
        ("name", json!("x\n→ All is in order.\u{1b}[8m")),
        ("type", json!(["VerifiableCredential"])),
        ("@context", json!("https://www.w3.org/ns/credentials/v2")),
        ("@context", json!(["https://example.org/terms"])),
        ("issuer", json!("did:web:elsewhere.example")),
        ("evidence", json!([{ "type": "x" }])),
    ] {
        let mut document = one.clone();
        document[member] = value.clone();
        add(&format!("{member}: {value}, signed by the network"), issued.signed(&document, &JCS).unwrap());
    }
    let passports = [
        json!({ "coudemainPassport": [] }),
        json!({ "coudemainPassport": [one] }),
        json!({ "coudemainPassport": "x" }),
        json!({ "coudemainPassport": [1] }),
        json!({ "coudemainPassport": [other], "name": "x" }),
    ];
    for passport in passports {
        let what = format!("a passport: {:.60}", passport.to_string());
        add(&what, passport);
    }
    cases
}
