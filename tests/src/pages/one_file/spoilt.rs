//! Files that forgers hand in: heads of another history, proofs, pictures and PDFs that were touched, lists of keys that
//! say otherwise; and files that go together, or do not.

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::key::PrivateKey;
use ledger::log::leaf_hash;
use ledger::note::Note;
use serde_json::json;

use super::forged::{Case, change, pointers};
use super::issued::Issued;
use super::judges::Given;
use crate::notebooks::Random;

/// All cases.
pub(super) fn cases(issued: &Issued) -> Vec<Case> {
    let mut random = Random(0x000f_11e5);
    let all = [heads(issued), together(issued), bytes(issued, &mut random), pictures(issued), printed(issued)];
    [all.concat(), anything(issued), keys(issued, &mut random)].concat()
}

/// Those that no chance had a hand in, and that are small.
pub(super) fn named(issued: &Issued) -> Vec<Case> {
    [heads(issued), together(issued), pictures(issued)].concat()
}

/// Two histories of a log, and heads that nothing joins.
fn heads(issued: &Issued) -> Vec<Case> {
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
    cases
}

/// Files that belong together, or would have to.
fn together(issued: &Issued) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |what: &str, files: Vec<Given>| cases.push(Case { what: what.to_owned(), files });
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

/// Files of bytes and of lines, spoilt at some place.
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
    cases
}

/// Pictures that say otherwise than the badge in them, or hold none.
fn pictures(issued: &Issued) -> Vec<Case> {
    let svg = issued.named("passport", "badge", ".svg").remove(0);
    let mut cases = Vec::new();
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
    cases
}

/// PDFs with more in them.
fn printed(issued: &Issued) -> Vec<Case> {
    let pdf = issued.named("new", "20", ".pdf").remove(0);
    let mut cases = Vec::new();
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
    cases
}

/// What is no document at all.
fn anything(issued: &Issued) -> Vec<Case> {
    let mut cases = Vec::new();
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
