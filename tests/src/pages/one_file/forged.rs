//! What forgers hand in: documents changed at one place, by whom one fears and by whom one would not, in the form of
//! JSON, of text and of bytes. A seed makes each again.

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::integrity::Cryptosuite;
use ledger::key::PrivateKey;
use ledger::log::leaf_hash;
use ledger::note::Note;
use serde_json::{Value, json};

use super::issued::{BOTH, Issued, JCS, signed_by};
use super::judges::Given;
use crate::notebooks::Random;

/// Files that are given together, the one that was changed first.
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
    cases.extend(histories(issued));
    cases.extend(bytes(issued, &mut random));
    cases.extend(keys(issued, &mut random));
    cases
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

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| pointers(item, format!("{at}/{place}"), found))
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
fn change(document: &mut Value, place: &str, random: &mut Random) -> Option<&'static str> {
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

/// Two histories of a log, and heads and proofs that were touched.
fn histories(issued: &Issued) -> Vec<Case> {
    let key = issued.key("checkpoint");
    let statement = issued.given(&issued.superseded);
    let mut cases = Vec::new();
    let mut add = |what: &str, files: Vec<Given>| cases.push(Case { what: what.to_owned(), files });
    for name in ["out/checkpoint.txt", "before.txt", "last.txt"] {
        let note = Note::parse(&issued.text(name)).unwrap();
        let head = Checkpoint::parse(&note.text).unwrap();
        let other = Checkpoint { root: Digest(leaf_hash(b"another history").0), ..head.clone() };
        let forged = Note::new(other.to_text()).signed(&head.origin, &key);
        let forged = Given::new("another.txt", forged.to_string());
        add(&format!("another history of {name}"), vec![forged.clone(), issued.given(name), issued.keys()]);
        add(&format!("another history of {name}, without keys"), vec![forged.clone(), issued.given(name)]);
        add(&format!("another history than the statement's, {name}"), vec![statement.clone(), forged, issued.keys()]);
        let stranger = Note::new(other.to_text()).signed(&head.origin, &PrivateKey::from_seed([7; 32]));
        add(
            &format!("a stranger's history of {name}"),
            vec![Given::new("s.txt", stranger.to_string()), issued.given(name), issued.keys()],
        );
        let later = Checkpoint { size: head.size + 5, ..other };
        let later = Note::new(later.to_text()).signed(&head.origin, &key);
        add(
            &format!("a later head than {name} that nothing joins"),
            vec![Given::new("later.txt", later.to_string()), issued.given(name), statement.clone(), issued.keys()],
        );
    }
    let all = || {
        vec![
            issued.given("before.txt"),
            issued.given("after.txt"),
            issued.given("last.txt"),
            issued.given("goes-on.txt"),
            issued.keys(),
        ]
    };
    add("all heads", all());
    add(
        "heads without the proof that joins them",
        vec![issued.given("before.txt"), issued.given("last.txt"), issued.keys()],
    );
    add("an act with its proof", vec![issued.given("1.json"), issued.given("1.tlog-proof"), issued.keys()]);
    add("an act with its proof, without keys", vec![issued.given("1.json"), issued.given("1.tlog-proof")]);
    add("an act alone", vec![issued.given("1.json")]);
    add("a proof alone", vec![issued.given("1.tlog-proof"), issued.keys()]);
    add(
        "another act than the proof's",
        vec![
            Given::new("other.json", issued.text("1.json").replace("\"number\":1", "\"number\":2")),
            issued.given("1.tlog-proof"),
            issued.keys(),
        ],
    );
    let names = [&issued.superseded];
    let new = issued.named("new", "20", ".json").remove(0);
    add(
        "a statement and the one that takes its place",
        vec![issued.given(names[0]), issued.given(&new), issued.keys()],
    );
    add(
        "a statement and the list after it was replaced",
        vec![issued.given(names[0]), issued.given("new/status.json"), issued.keys()],
    );
    add(
        "a statement and the list before",
        vec![issued.given(names[0]), issued.given("out/status.json"), issued.keys()],
    );
    add(
        "the one that replaces, and the list before it",
        vec![issued.given(&new), issued.given("out/status.json"), issued.keys()],
    );
    add(
        "both lists",
        vec![issued.given(names[0]), issued.given("new/status.json"), issued.given("out/status.json"), issued.keys()],
    );
    cases
}

/// Files of bytes and of lines, spoilt.
fn bytes(issued: &Issued, random: &mut Random) -> Vec<Case> {
    let pdf = issued.named("new", "20", ".pdf").remove(0);
    let svg = issued.named("passport", "badge", ".svg").remove(0);
    let mut cases = Vec::new();
    for (name, times) in [
        (pdf.as_str(), 12),
        ("passport/passport.pdf", 4),
        (svg.as_str(), 24),
        ("last.txt", 16),
        ("1.tlog-proof", 20),
        ("goes-on.txt", 10),
        ("1.json", 8),
    ] {
        let whole = issued.bytes(name);
        for _ in 0..times {
            let mut spoilt = whole.clone();
            let place = random.below(whole.len());
            let how = match random.below(4) {
                0 => {
                    spoilt.truncate(place);
                    "cut"
                }
                1 => {
                    spoilt.remove(place);
                    "a byte lost"
                }
                2 => {
                    spoilt[place] ^= 1;
                    "a bit turned"
                }
                _ => {
                    spoilt[place] = b'a';
                    "a byte changed"
                }
            };
            let what = format!("{name}: {how} at {place}");
            let beside = [issued.given("1.json"), issued.given("before.txt"), issued.keys()];
            cases.push(Case { what, files: [vec![Given::new("spoilt", spoilt)], beside.to_vec()].concat() });
        }
    }
    let drawn = issued.text(&svg);
    let badge = issued.text(&issued.named("passport", "badge", ".json")[0]);
    let twice = drawn.replacen("<circle", "<openbadges:credential><![CDATA[{}]]></openbadges:credential><circle", 1);
    for (what, picture) in [
        ("two badges", twice),
        ("another word", drawn.replacen("</g>", "<text>Direction</text></g>", 1)),
        ("another word in an attribute", drawn.replacen("aria-label=\"", "aria-label=\"Direction ", 1)),
        ("names of its own", drawn.replacen("<svg", "<!DOCTYPE svg [<!ENTITY x \"y\">]><svg", 1)),
        ("a doctype", drawn.replacen("<svg", "<!DOCTYPE svg><svg", 1)),
        (
            "a badge in a comment",
            drawn.replacen("<openbadges:credential>", "<!--", 1).replacen("</openbadges:credential>", "-->", 1),
        ),
        ("another namespace", drawn.replacen("purl.imsglobal.org/ob/v3p0\"", "example.org/ob\"", 1)),
        ("a colour", drawn.replacen("#1d4f5f", "#000000", 1)),
        (
            "nothing but the badge",
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><a:credential xmlns:a=\"https://purl.imsglobal.org/ob/v3p0\"><![CDATA[{badge}]]></a:credential></svg>"
            ),
        ),
    ] {
        cases.push(Case {
            what: format!("a picture: {what}"),
            files: vec![Given::new("drawn.svg", picture), issued.keys()],
        });
    }
    let printed = issued.bytes(&pdf);
    for (what, file) in [
        ("added to", [printed.as_slice(), b"1 0 obj\n<<>>\nendobj\n%%EOF\n"].concat()),
        ("with a program", [printed.as_slice(), b"1 0 obj\n<< /OpenAction 2 0 R >>\nendobj\n%%EOF\n"].concat()),
        (
            "with a second document",
            [
                printed.as_slice(),
                b"9 0 obj\n<< /Type /EmbeddedFile /Length 2 >>\nstream\n{}\nendstream\nendobj\n%%EOF\n",
            ]
            .concat(),
        ),
        (
            "with a second file",
            [
                printed.as_slice(),
                b"9 0 obj\n<< /Type /EmbeddedFile /Length 2 >>\nstream\nxx\nendstream\nendobj\n%%EOF\n",
            ]
            .concat(),
        ),
        ("with nothing in it", b"%PDF-1.7\n%%EOF\n".to_vec()),
    ] {
        cases.push(Case { what: format!("a PDF {what}"), files: vec![Given::new("printed.pdf", file), issued.keys()] });
    }
    for (what, file) in [
        ("empty", &b""[..]),
        ("no text", b"\xff\xfe\x00"),
        ("a word", b"bonjour"),
        ("a number", b"12"),
        ("a list", b"[1]"),
        ("an object", b"{}"),
    ] {
        cases.push(Case { what: format!("a file: {what}"), files: vec![Given::new("file", file), issued.keys()] });
    }
    cases
}

/// Lists of keys that say otherwise, believed by whoever gives them.
fn keys(issued: &Issued, random: &mut Random) -> Vec<Case> {
    let statement = issued.given(&issued.statements()[0]);
    let badge = issued.given(&issued.named("passport", "badge", ".json")[0]);
    let whole = issued.json("out/did.json");
    let mut places = Vec::new();
    pointers(&whole, String::new(), &mut places);
    let mut cases = Vec::new();
    for _ in 0..30 {
        let mut document = whole.clone();
        let place = &places[random.below(places.len())];
        if let Some(how) = change(&mut document, place, random) {
            let keys = Given::new("did.json", document.to_string()).trusted();
            cases.push(Case {
                what: format!("keys: {how} at {place}"),
                files: vec![statement.clone(), badge.clone(), keys],
            });
        }
    }
    let mut retired = whole.clone();
    retired["verificationMethod"][0]["expires"] = json!("2020-01-01T00:00:00Z");
    let mut later = whole.clone();
    later["verificationMethod"][0]["expires"] = json!("2099-01-01T00:00:00Z");
    let untrusted = Given::new("did.json", whole.to_string());
    cases.push(Case {
        what: "keys: nobody said whose".to_owned(),
        files: vec![statement.clone(), badge.clone(), untrusted],
    });
    for (what, document) in [("retired long ago", retired), ("to be retired", later)] {
        let keys = Given::new("did.json", document.to_string()).trusted();
        cases.push(Case { what: format!("keys: {what}"), files: vec![statement.clone(), badge.clone(), keys] });
    }
    cases
}
