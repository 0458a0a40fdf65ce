//! Every sentence is there in both languages, told with the same things, and asked for somewhere; no template says
//! anything by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use super::{ENGLISH, FRENCH};

type Messages = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_languages_say_the_same_things() {
    let (french, english) = (messages(FRENCH), messages(ENGLISH));
    for (key, variables) in &french {
        assert_eq!(english.get(key), Some(variables), "{key} in English");
    }
    for key in english.keys() {
        assert!(french.contains_key(key), "{key} is said in English alone");
    }
}

#[test]
fn what_is_asked_for_is_there_and_what_is_there_is_asked_for() {
    let known = messages(FRENCH);
    let mut asked = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, text) in files(&root.join("src")).into_iter().chain(files(&root.join("templates"))) {
        asked.extend(known.keys().filter(|key| text.contains(&format!("\"{key}\""))).cloned());
        for told in [".t(\"", ".say(\""] {
            for rest in text.split(told).skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(known.contains_key(key), "{path}: {key} is said nowhere");
                asked.insert(key.to_owned());
            }
        }
    }
    let unasked: Vec<_> = known.keys().filter(|key| !asked.contains(*key)).collect();
    assert!(unasked.is_empty(), "nobody asks for {unasked:?}");
}

#[test]
fn no_template_says_anything_by_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for (path, text) in files(&root) {
        let bare = bare_words(&text);
        assert!(bare.is_empty(), "{path} says {bare:?}");
    }
}

/// The words of a template that stand outside of tags and of what is printed.
fn bare_words(text: &str) -> Vec<String> {
    let mut rest = text;
    let mut said = String::new();
    while let Some(c) = rest.chars().next() {
        let end = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<", ">")];
        match end.iter().find(|(begin, _)| rest.starts_with(begin)) {
            Some((_, end)) => {
                rest = rest.split_once(end).map_or("", |(_, rest)| rest);
                said.push(' ');
            }
            None => {
                said.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    let said = said.replace("&nbsp;", " ");
    said.split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .map(str::to_owned)
        .collect()
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.ends_with("words/tests.rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// The messages of a language, each with what it is told with.
fn messages(sources: &[&str]) -> Messages {
    let mut found = Messages::new();
    for source in sources {
        let resource = parser::parse(*source).unwrap_or_else(|(_, errors)| panic!("{errors:?} in {source}"));
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let mut variables = BTreeSet::new();
                    in_pattern(message.value.as_ref().unwrap(), &mut variables);
                    let before = found.insert(message.id.name.to_owned(), variables);
                    assert_eq!(before, None, "{} is said twice", message.id.name);
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                Entry::Term(_) | Entry::Junk { .. } => panic!("no message: {entry:?}"),
            }
        }
    }
    found
}

fn in_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => in_inline(inline, variables),
                Expression::Select { selector, variants } => {
                    in_inline(selector, variables);
                    for variant in variants {
                        in_pattern(&variant.value, variables);
                    }
                }
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        other => panic!("not used here: {other:?}"),
    }
}
