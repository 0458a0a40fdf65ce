//! That the page is what it says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::*;

/// The contexts that a network's documents use, with the files that hold them.
const CONTEXTS: [(&str, &str); 6] = [
    ("https://www.w3.org/ns/credentials/v2", "credentials-v2.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-v3p0-context-3.0.3.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-v3p0-extensions.json"),
    ("https://w3id.org/security/data-integrity/v2", "security-data-integrity-v2.json"),
    ("https://w3id.org/security/multikey/v1", "security-multikey-v1.json"),
    ("https://w3id.org/coudemain/statement/v1", "statement-v1.json"),
];

fn context(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger/contexts").join(file)).unwrap()
}

/// The names that a context defines, also within others.
fn take(names: &mut BTreeSet<String>, context: &Value) {
    match context {
        Value::Array(items) => items.iter().for_each(|item| take(names, item)),
        Value::Object(members) => {
            for (name, member) in members {
                if !name.starts_with('@') || name == "@vocab" {
                    names.insert(name.clone());
                }
                take(names, member);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_terms_are_those_of_the_contexts() {
    let made: BTreeMap<&str, String> = CONTEXTS
        .into_iter()
        .map(|(address, file)| {
            let mut names = BTreeSet::new();
            take(&mut names, &serde_json::from_slice(&context(file)).unwrap());
            (address, names.into_iter().collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(serde_json::from_str::<BTreeMap<&str, String>>(TERMS).unwrap(), made);
    let digest = digest_of(&context("statement-v1.json"));
    assert!(page().contains(&format!("\"sha256-{digest}\"")));
}

fn digest_of(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

/// What stands between the tags, which browsers hash.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = page.split_once(begin).unwrap();
    rest.split_once(end).unwrap().0
}

#[test]
fn the_policy_names_what_stands_in_the_page_and_forbids_all_else() {
    let page = page();
    let script = between(page, "<script type=\"module\">", "</script>");
    let style = between(page, "<style>", "</style>");
    for (kind, text) in [("script-src", script), ("style-src", style)] {
        assert!(policy().contains(&format!("{kind} 'sha256-{}';", digest_of(text.as_bytes()))), "{kind}");
    }
    for words in ["default-src 'none'", "connect-src 'none'", "form-action 'none'", "base-uri 'none'"] {
        assert!(policy().contains(words), "{words}");
    }
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    assert!(page.contains(&format!("content=\"{}\"", policy())));
    assert!(!page.contains("{{"), "a place was not filled");
    assert!(!page.contains(" style=") && !page.contains("onclick="));
}

#[test]
fn what_others_wrote_is_carried_with_its_licence() {
    assert!(page().contains("Permission is hereby granted, free of charge"));
    assert!(page().contains("noble-ed25519 - MIT License (c) 2019 Paul Miller"));
    assert_eq!(digest_of(ED25519.as_bytes()), NOBLE, "the file by others was changed");
}

/// The SHA-256 of `index.js`, in base64, as the registry has it.
const NOBLE: &str = "OftwBp3WZogoMT129AIpwddxYJz/eGGS4oaLaMp7SS8=";

#[test]
fn no_text_of_the_library_is_taken_for_a_remark() {
    let codes = ED25519.lines().filter_map(|line| Some(line.split_once(REMARK)?.0));
    for code in codes {
        for quote in ['\'', '"', '`'] {
            assert_eq!(code.matches(quote).count() % 2, 0, "{code}");
        }
    }
}

#[test]
fn the_page_is_light() {
    assert!(page().len() < 120_000, "{} bytes", page().len());
}
